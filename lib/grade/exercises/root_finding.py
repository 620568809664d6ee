"""Check the exercises of the chapter on root finding."""

import numpy as np

from lib import grade

# The last error of the double root in the printed table, and what ten halvings leave of it.
LAST_ERROR = 1.02e-2
TEN_LATER = LAST_ERROR / 2**10
# Two points on either side, the nearest 0.5 from the border: the weight grows as 2 log(steps / 8).
LOGGED = {1000: 9.629, 10_000: 14.256, 100_000: 18.866}
AT_A_MILLION = 2 * np.log(1e6 / 8)
MOST_CALLS = 3000
TO_SPARE = 3
RATIO = 1 / 1.25
METHODS = ("double", "secant", "bisection", "Newton")
# What people add to the last point, by what is wrong with it; s are the steps, the newest last.
ADDED = {
    "this is the last point: add the steps that are to come": lambda s: 0.0,
    "this adds the last step again": lambda s: s[-1],
    "this adds one step more, and not those after it": lambda s: s[-1] ** 2 / s[-2],
    "the series begins with q times the last step, which is done already":
        lambda s: s[-1] / (1 - s[-1] / s[-2]),
    "these steps are subtracted: they lead on, not back": lambda s: -s[-1] ** 2 / (s[-2] - s[-1]),
    "sizes of steps lose the sign": lambda s: abs(s[-1] ** 2 / (s[-2] - s[-1])),
    "the ratio has to keep its sign, as with steps to and fro":
        lambda s: s[-1] * abs(s[-1] / s[-2]) / (1 - abs(s[-1] / s[-2]))}


def check_read(answer):
    """Judge how a table of errors was read: four methods, and an error that it does not show.

    Parameters
    ----------
    answer : tuple of four str and a number
        "bisection", "secant", "Newton" and "double", in the order of the columns.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read(("bisection", "secant", "double", "Newton", 1e-5)).note
    'the errors of bisection jump about: only its bracket is halved in each step'
    """
    return grade.check_value(
        answer, (*METHODS, TEN_LATER), factor=(1, 1, 1, 1, 1.1), name="reading of the table",
        parts=("column A", "column B", "column C", "column D", "A, ten steps later"), known={
            "the errors of bisection jump about: only its bracket is halved in each step":
                ("bisection", ..., "double", ..., ...),
            "B gains a factor 1.6 in digits with each step, D a factor 2":
                (..., "Newton", ..., "secant", ...),
            "the digits of column A do not double: its errors halve":
                ("Newton", ..., ..., ..., ...),
            "ten halvings make 1/1024 of it": (..., ..., ..., ..., LAST_ERROR / 10),
            "this is half of the last error, one step later": (..., ..., ..., ..., LAST_ERROR / 2),
            "this is nine steps later": (..., ..., ..., ..., LAST_ERROR / 2**9),
            "this is eleven steps later": (..., ..., ..., ..., LAST_ERROR / 2**11),
            "count from the last line, not from the first":
                (..., ..., ..., ..., 0.479 / 2**10)})


def check_working(answer, seed=1967):
    """Judge `largest(works, low, high, rtol)`: a rate that works, within rtol of the limit.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the limits.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_working(lambda works, low, high, rtol: high).cases[0].verdict
    'wrong'
    """
    # The limit behind a function is kept here, where an answer does not see it.
    cases, behind = {}, {}
    for name, (limit, low, high, rtol, why) in _limits(np.random.default_rng(seed)).items():
        works, calls = _tried(limit)
        cases[name] = works, low, high, rtol
        behind[works] = limit, calls, why

    def faults(found, works, *asked):
        return _short_of(found, *behind[works], *asked)

    return grade.check_identity(answer, faults, cases, name="largest",
                                bound=lambda works, low, high, rtol: {"below the limit by": rtol})


def _short_of(found, limit, calls, why, low, high, rtol):
    """Return what is wrong with a rate, or how far it is below the limit."""
    # One sentence for each way to be wrong, the plainest first.
    if np.shape(found):
        return {f"of shape {np.shape(found)}: give one number": True}
    if not found > 0:
        return {f"{found}: a rate is positive": True}
    if found > limit:
        return {f"{found:.6g} does not work, {limit:.6g} does ({why})": True}
    short = limit / float(found) - 1
    if short > rtol:
        return {f"{short:.2g} below the limit, {rtol:.0e} is allowed ({why})": True}
    enough = _bits(low, high, rtol) + TO_SPARE
    if len(calls) > enough:
        halved = high > 4 * low and np.isclose(calls[0], low / 2 + high / 2, atol=0.0)
        cure = "; take the middle of the logarithms" if halved else ""
        return {f"{len(calls)} calls of works, {enough} are enough for a tolerance of "
                f"{rtol:.0e}{cure}": True}
    return {"below the limit by": short}


def _limits(rng):
    """Return limits by what is hard about them, each with low, high, rtol, and why."""
    u = rng.uniform(2, 8, 6)
    return {"near 1": (0.1 * u[0], 1e-3, 1.0, 1e-3, "the rate has to be one that works"),
            "small": (1e-9 * u[1], 1e-12, 1e3, 1e-3,
                      "tolerance relative, middle of the logarithms"),
            "large": (1e6 * u[2], 1e-3, 1e9, 1e-3, "a rate may be large"),
            "nine digits": (1e-3 * u[3], 1e-6, 1e3, 1e-9, "rtol is below a thousandth"),
            "any size": (1e-200 * u[4], 1e-300, 1e300, 1e-3, "a product of two rates underflows"),
            "close ends": (u[5], u[5], u[5] * (1 + 1e-6), 1e-3, "low is good enough at once")}


def _bits(low, high, rtol):
    """Return how many halvings of log(high / low) bring it to rtol."""
    return max(0, int(np.ceil(np.log2((np.log(high) - np.log(low)) / rtol))))


def _tried(limit):
    """Return works(rate), which complains where a search does not end, and the list of rates."""
    calls = []

    def works(rate):
        calls.append(rate)
        if len(calls) > MOST_CALLS:
            raise RuntimeError(f"works was called {MOST_CALLS} times: the loop does not end")
        return bool(rate <= limit)

    return works, calls


def check_errors(answer):
    """Judge three predictions of errors: by slope, by ratio of steps, by multiplicity.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_errors((2e-9, 1.2e-5, 4e-3)).note
    'divide by the slope: this is the value of f'
    """
    # Each usual mistake is told by the number that it gives; ... stands for any.
    cube_root = 2.0**-8
    step, q = 3e-6, RATIO
    return grade.check_value(
        answer, (5e-4, q / (1 - q) * step, cube_root), factor=(1.02, 1.02, 2), name="errors",
        parts=("small value", "short step", "triple root"), known={
            "divide by the slope: this is the value of f": (2e-9, ..., ...),
            "divide by the slope, do not multiply": (8e-15, ..., ...),
            "the slope over the value is upside down": (2000, ..., ...),
            "this is the last step itself": (..., step, ...),
            "the series begins with q times the last step, which is done already":
                (..., step / (1 - q), ...),
            "this is the next step, without those after it": (..., q * step, ...),
            "q is the last step over the one before, and below 1":
                (..., 1.25 / (1 - 1.25) * step, ...),
            "divide by 1 - q, do not multiply": (..., q * (1 - q) * step, ...),
            "this is the square of q / (1 - q)": (..., (q / (1 - q)) ** 2 * step, ...),
            "float32 has u = 2**-24": (..., ..., (2.0**-53) ** (1 / 3)),
            "this is u: take its cube root": (..., ..., 2.0**-24),
            "this is a double root": (..., ..., 2.0**-12)})


def check_destination(answer, seed=1926):
    """Judge `destination(xs)`: where points go whose steps shrink by one factor.

    Parameters
    ----------
    answer : callable
    seed : int
        Of limits and first errors.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_destination(lambda xs: xs[-1]).note
    'this is the last point: add the steps that are to come'
    """
    # Rounding of the points alone moves the limit by the second term of the bound.
    cases, limits = {}, []
    for name, (limit, xs) in _sequences(np.random.default_rng(seed)).items():
        cases[name] = xs
        limits.append(limit)

    def bound(xs):
        step = abs(xs[-1] - xs[-2])
        ratio = abs(step / (xs[-2] - xs[-3])) if step else 0.0
        gap = float(np.spacing(np.max(np.abs(xs))))
        return 1e-6 * step + 20 * gap / (1 - ratio) ** 2

    return grade.check_accuracy(
        answer, limits, cases, bound=bound, name="destination", shows={
            "arrived": "the last steps are 0, and 0/0 is nan",
            "late": "only the last steps have one ratio", "to and fro": "the ratio is negative",
            "tiny": "no step is small by itself, only beside others",
            "short steps": "a step of this size is not 0 yet"},
        known={sentence: _adding(rule) for sentence, rule in ADDED.items()})


def _adding(rule):
    """Return a destination that adds to the last point what a rule makes of the steps."""
    def destination(xs):
        steps = np.diff(xs)
        return xs[-1] + rule(steps) if steps[-1] else xs[-1]

    return destination


def _sequences(rng):
    """Return sequences by name, each with its limit."""
    limits = rng.uniform(1, 3, 8)
    errors = rng.uniform(0.5, 1, 8)

    def powers(limit, error, ratio, count):
        return limit, limit + error * ratio ** np.arange(count)

    late = limits[5] + np.append([40.0, -7.0, 11.0], errors[5] * 0.8 ** np.arange(6))
    return {"q = 0.5": powers(limits[0], errors[0], 0.5, 6),
            "q = 0.9": powers(limits[1], -errors[1], 0.9, 12),
            "q = 0.99": powers(limits[2], errors[2], 0.99, 40),
            "to and fro": powers(limits[3], errors[3], -0.7, 9),
            "three points": powers(-limits[4], errors[4], 0.6, 3),
            "late": (limits[5], late), "large": powers(1e9, 1e8 * errors[6], 0.9, 20),
            "tiny": powers(1e-20 * limits[6], 1e-20 * errors[7], 0.8, 7),
            "short steps": powers(limits[6], 1e-9 * errors[7], 0.5, 5),
            "arrived": (limits[7], limits[7] + np.array([1.0, 0.0, 0.0, 0.0]))}


def check_cycle(answer):
    """Judge a cubic x**3 + a*x + b, on which Newton's method goes from 1 to 3 and back.

    Parameters
    ----------
    answer : tuple of two numbers
        a and b.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_cycle((-2, 2)).verdict
    'wrong'
    """
    answer = tuple(answer) if isinstance(answer, list) else answer

    # All in floats, where the right pair makes the cycle exactly.
    def off(a, b):
        return max(abs(_newton_step(1.0, a, b) - 3), abs(_newton_step(3.0, a, b) - 1))

    def off_with_plus(a, b):
        return max(abs(2 - _newton_step(1.0, a, b) - 3), abs(6 - _newton_step(3.0, a, b) - 1))

    def only_first(a, b):
        return abs(_newton_step(1.0, a, b) - 3) < 1e-9

    return grade.check_counterexample(
        answer, off, below=1e-9, name="cycle", unit="away from 1, 3, 1", valid={
            "two finite numbers": lambda a, b: bool(np.isfinite(float(a)) and np.isfinite(float(b)))
        }, known={
            "a stands before x, and b is the constant: you have exchanged them":
                lambda a, b: off(b, a) < 1e-9,
            "your steps are plus f over f', and they are minus f over f'":
                lambda a, b: off_with_plus(a, b) < 0.05,
            "a sign is wrong: a step is minus f over f'":
                lambda a, b: min(off(-a, b), off(a, -b), off(-a, -b)) < 1e-9,
            "it goes from 1 to 3, and from there elsewhere": only_first,
            "it goes from 3 to 1, and from 1 elsewhere":
                lambda a, b: abs(_newton_step(3.0, a, b) - 1) < 1e-9,
            "this is the cycle of 0 and 1": lambda a, b: (a, b) == (-2, 2)})


def _newton_step(x, a, b):
    """Return where Newton's step leads from x; inf where the tangent is level."""
    slope = 3 * x**2 + a
    return x - (x**3 + a * x + b) / slope if slope else np.inf


def check_temperature(answer, seed=2002):
    """Judge `temperature(logits, perplexity)`: of a softmax with such a perplexity, or nan.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the logits.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_temperature(lambda logits, perplexity: 1.0).cases[0].verdict
    'wrong'
    """
    # Where no temperature exists, a residual of 0 says that nan is right.
    cases, why = {}, {}
    for name, (logits, perplexity, reason) in _softmaxes(np.random.default_rng(seed)).items():
        cases[name] = logits, perplexity
        why[name] = reason

    def faults(found, logits, perplexity):
        if np.shape(found):
            return {f"of shape {np.shape(found)}: give one number": True}
        ties = np.count_nonzero(logits == logits.max())
        if not ties < perplexity < len(logits):
            return {"relative error": 0.0} if np.isnan(found) else {
                f"no temperature has this perplexity, {found:.3g} returned: give nan": True}
        if not found > 0:
            return {f"{found}, but there is a temperature above 0": True}
        return {"relative error": perplexity_of(logits, found) / perplexity - 1}

    return grade.check_identity(answer, faults, cases, bound={"relative error": 1e-6},
                                as_it_is=True, name="temperature", shows=why, known={
            "at small T some p are 0: let 0 log 0 count as 0, or the entropy is nan":
                lambda logits, perplexity: np.nan})


def perplexity_of(logits, temperature):
    """Return exp of the entropy of softmax(logits / temperature)."""
    with np.errstate(all="ignore"):
        scaled = (logits - np.max(logits)) / temperature
        weights = np.exp(scaled)
        total = np.sum(weights)
        mean = np.sum(np.where(weights > 0, weights * scaled, 0.0)) / total
    return float(np.exp(np.log(total) - mean))


def _softmaxes(rng):
    """Return logits, a perplexity and what the case is there for, by name."""
    ten, thousand = rng.normal(size=10), rng.normal(size=1000)
    spaced = np.arange(6) + rng.uniform(0, 0.5, 6)
    tied = np.array([2.0, 2.0, 0.5, -1.0])
    return {
        "ten logits": (ten, 4.0, "an ordinary search"),
        "two logits": (np.array([0.0, 1.0]), 1.5, "a search with two classes"),
        "thousand logits": (thousand, 300.0, "perplexity is exp of the entropy in nats"),
        "small logits": (1e-6 * ten, 4.0, "the temperature has the unit of the logits"),
        "large logits": (1e6 * ten, 4.0, "the temperature has the unit of the logits"),
        "shifted by 1e5": (1e5 + ten, 4.0, "take out the maximum before exp"),
        "nearly certain": (spaced, 1.0001, "the temperature is small"),
        "nearly uniform": (ten, 9.9999, "the temperature is large"),
        "above the classes": (ten, 11.0, "ten classes have at most the perplexity 10"),
        "below 1": (ten, 0.9, "no distribution has it"),
        "below the ties": (tied, 1.5, "two equal maxima keep it at 2")}


def check_judge(answer):
    """Judge who reads a log of training rightly, and the weight at a million steps.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 18.9)).cases[0].reason
    "'Ada' is not right"
    """
    last, before = LOGGED[100_000], LOGGED[10_000]
    return grade.check_judgement(
        answer, ("Ben", AT_A_MILLION), choices=("Ada", "Ben"), factor=1.01,
        number="weight at a million steps", known={
            "this is the weight at 100 000 steps: it does not stand still": last,
            "ten times the steps add the same again, they do not multiply": last**2 / before,
            "log 10 is for a margin of 1: read the increase from the log": last + np.log(10),
            "this is ten times the weight: it grows as a logarithm": 10 * last,
            "this is two increases further": AT_A_MILLION + last - before})
