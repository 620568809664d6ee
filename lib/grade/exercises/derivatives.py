"""Check the exercises of the chapter on derivatives."""

import math
from dataclasses import replace

import numpy as np

from lib import grade
from lib.numbers import formats

U = formats.FP64.u
CALLS = 6  # of a function whose slope is asked
# Of the three columns of misfits that the chapter prints; the third slope is 1 % too large.
READING = ("truncation", "rounding", "gradient", 3.0)


def check_step(answer, seed=1911):
    """Judge `slope(f, x, length)`: the slope of a function of a known length, to ten digits.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the sizes of the functions, and of where they are differentiated.

    Returns
    -------
    Report
        The error may be 2e-10 of |f| over the length.

    Examples
    --------
    >>> check_step(lambda f, x, length: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5).passed
    False
    """
    asked = []  # in each case, how far from x the answer looked

    def watched(f, x, length):
        asked.append([])
        return answer(lambda t: asked[-1].append(abs(float(t) - x)) or f(t), x, length)

    report = grade.check_accuracy(
        watched if callable(answer) else answer, lambda f, x, length: f.slope(x),
        _stretched(np.random.default_rng(seed)), name="slope",
        bound=lambda f, x, length: 2e-10 * abs(f(x)) / length, known={
            "that is the step of a forward difference": lambda f, x, length: (
                f(x + 2e-8 * length) - f(x - 2e-8 * length)) / (4e-8 * length),
            "a forward difference keeps eight digits at best": lambda f, x, length: (
                f(x + 2e-8 * length) - f(x)) / (2e-8 * length)})
    return _asked(report, asked)


def _asked(report, asked):
    """Return a report that tells too many calls, and steps of no length or of one for all."""
    most = max(map(len, asked), default=0)
    if report.passed and most > CALLS:
        row = grade.Case("calls", "another road", f"f was called {most} times, {CALLS} are allowed")
        return replace(report, cases=(*report.cases, row))
    steps = [max(far, default=0.0) for far in asked]  # the first for length 1, the third for 0.001
    note = "the step is not shorter where the length is" * (
        len(steps) > 2 and steps[2] > steps[0] / 2 > 0)
    nothing = ["f was called at x alone" if far and not max(far) else "" for far in asked]
    return _noted(report, nothing, note)


def _noted(report, notes, note=""):
    """Return a report with what was seen in each case, told where that is not stable."""
    cases = [replace(case, reason=f"{case.reason} ({seen})")
             if seen and case.verdict not in ("stable", "not attempted") else case
             for case, seen in zip(report.cases, [*notes, *[""] * len(report.cases)], strict=False)]
    return replace(report, cases=tuple(cases), note=report.note or note * (not report.passed))


class _Stretched:
    """A smooth function of t = x / length, for floats alone, with its slope."""

    def __init__(self, kind, length, size):
        self.kind, self.length, self.size = kind, length, size

    def __call__(self, x):
        t = float(x) / self.length  # of a complex number: an error
        value = math.exp(t) if self.kind == "exp" else 3 + math.sin(t)
        return self.size * value

    def slope(self, x):
        """Return the slope at x."""
        t = x / self.length
        return self.size / self.length * (math.exp(t) if self.kind == "exp" else math.cos(t))


def _stretched(rng):
    """Return functions, places and lengths, by what they are there for."""
    cases = {"length 1": (_Stretched("exp", 1.0, 1.0), 1.0, 1.0),
             "at 0": (_Stretched("exp", 1.0, 1.0), 0.0, 1.0)}
    for length in (1e-3, 0.02, 40.0, 1e3):
        for kind in ("exp", "sin"):
            f = _Stretched(kind, length, 10.0 ** rng.uniform(-4, 4))
            cases[f"{kind}, length {length:g}"] = f, length * rng.uniform(-3, 3), length
    return cases


def check_read(answer):
    """Judge how three columns of misfits were read, and the slope that was meant.

    Parameters
    ----------
    answer : tuple of three words and a number

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read(("truncation", "gradient", "gradient", 3.0)).cases[1].reason
    "'gradient' is not right (this column rises tenfold a row)"
    """
    report = grade.check_value(
        answer, READING, within=(0, 0, 0, 0.003), name="reading",
        parts=("first column", "second column", "third column", "the right third slope"), known={
            "you corrected it the wrong way: the quotient is 0.99 of the slope":
                (..., ..., ..., 3.06)})
    notes = ["this column falls a hundredfold, once the step is short",
             "this column rises tenfold a row", "this column stays"]
    return _noted(report, notes if len(report.cases) == len(READING) else [])


def check_guard(answer, seed=2019):
    """Judge `entropy_term(p, log, where)` on a tape: p (log p - 1), its slope, and 0 and 0 at 0.

    Parameters
    ----------
    answer : callable
    seed : int
        Of four of the numbers.

    Returns
    -------
    Report
        Value and slope may be off by 8u, in rows of the number and of 0.25.

    Examples
    --------
    >>> check_guard(lambda p, log, where: where(p > 0, p * (log(p) - 1), 0.0)).cases[0].reason
    'slope: returned nan (the logarithm saw a 0)'
    """
    drawn = 10.0 ** np.random.default_rng(seed).uniform(-250, -1, 4)
    cases = {f"p = {p:.3g}": float(p) for p in (0, 1e-300, 1e-20, 1e-12, 1e-6, 0.3, 0.5, *drawn)}
    notes = []

    def traced(p):
        notes.append("")
        found, seen = _on_a_tape(answer, np.array([p, 0.25]))
        notes[-1] = "" if found is None else _seen(p, found, seen)
        return found

    report = grade.check_accuracy(
        traced if callable(answer) else answer, _term, cases, bound=8 * U, name="entropy_term",
        parts=("value", "slope", "value at 0.25", "slope at 0.25"), known={
            "a small number inside has a slope of its own at 0": lambda p: _term(p, 1e-12),
            "the sign is that of the entropy: asked is p (log p - 1)": lambda p: -_term(p)})
    return _noted(report, notes)


def _term(p, tiny=0.0):
    """Return the terms of p and of 0.25, each before its slope."""
    return np.ravel([[q * (math.log(q + tiny) - 1), q / (q + tiny) + math.log(q + tiny) - 1]
                     if q + tiny else [0.0, 0.0] for q in (p, 0.25)])


def _seen(p, found, seen):
    """Return what explains a wrong value or slope at p, if the logarithm or the result tells."""
    if p == 0 and 0 in seen:
        return "the logarithm saw a 0"
    if p == 0 and np.any(found[:2] != 0) and np.all(np.isfinite(found)):
        return "what stands in for the 0 is still there: choose again, after it"
    return "small is not zero" if p > 0 and found[0] == 0 else ""


def _on_a_tape(answer, p):
    """Return values and slopes of answer(p, log, where) on a row p, and all that log was given.

    Values and slopes take turns in one array; it is None where the answer is a stub.
    """
    tape, seen = [], set()

    def log(x):
        seen.update(np.ravel(getattr(x, "value", x)).tolist())
        return np.log(x)

    result = answer(_Number(tape, p), log, _where)
    if result is None or result is ...:
        return None, seen
    found = np.zeros((len(p), 2))
    found[:, 0] = getattr(result, "value", result)
    found[:, 1] = _swept(tape, getattr(result, "place", []), len(p))
    return np.ravel(found), seen


def _swept(tape, output, width):
    """Return the slopes of an output by the row of numbers at place 0."""
    slopes = np.zeros((len(tape), width))
    slopes[output] = 1
    for place in reversed(range(len(tape))):
        for parent, factor in tape[place]:
            slopes[parent] += factor * slopes[place]
    return slopes[0]


SLOPES = {np.add: lambda x, y: (1, 1), np.subtract: lambda x, y: (1, -1), np.multiply:
          lambda x, y: (y, x), np.negative: lambda x: (-1,), np.log: lambda x: (1 / x,)}


class _Number(np.lib.mixins.NDArrayOperatorsMixin):
    """A row of numbers on a tape that multiplies, whatever a choice has left out."""

    __hash__ = None

    def __init__(self, tape, value, row=()):
        self.tape, self.value, self.place = tape, value, len(tape)
        tape.append(row)

    def __array_ufunc__(self, ufunc, method, *inputs):
        values = [getattr(one, "value", one) for one in inputs]
        if ufunc in SLOPES:
            return self.noted(ufunc(*values), inputs, SLOPES[ufunc](*values))
        return ufunc(*values) if ufunc.types[0].endswith("?") else NotImplemented

    def noted(self, value, inputs, factors):
        """Return a new number on the same tape; inputs that are plain have no place there."""
        row = [(one.place, factor) for one, factor in zip(inputs, factors, strict=True)
               if isinstance(one, _Number)]
        return _Number(self.tape, value, row)


def _where(condition, *choices):
    """Return, entry by entry, one of two; each is a row of numbers on a tape, or plain."""
    chosen = np.where(condition, *(getattr(one, "value", one) for one in choices))
    shares = np.asarray(condition, float), 1 - np.asarray(condition, float)
    own = [one for one in choices if isinstance(one, _Number)]
    return own[0].noted(chosen, choices, shares) if own else chosen


def check_push(answer, seed=1964):
    """Judge `push(tape, starts)`: the slopes of all places of a tape along a direction.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three random tapes, with constants and with places that occur twice in a row.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_push(lambda tape, starts: np.zeros(len(tape))).passed
    False
    """
    return grade.check_accuracy(
        answer, _pushed, _tapes(np.random.default_rng(seed)), bound=1e-12, name="push", known={
            "shares add up: the last one has overwritten the others": lambda tape, starts: _pushed(
                tape, starts, keep=0),
            "you went from the end: no slope has arrived when it is asked for":
                lambda tape, starts: _pushed(tape, starts, backwards=True),
            "the inputs have no slopes: put starts there": lambda tape, starts: np.zeros(len(tape)),
            "that is one slope: asked are those of all places": lambda tape, starts: _pushed(
                tape, starts)[-1]})


def _pushed(tape, starts, keep=1, backwards=False):
    """Return the slopes of all places of a tape, whose inputs have the slopes starts."""
    slopes = np.zeros(len(tape))
    slopes[: len(starts)] = starts
    places = range(len(starts), len(tape))
    for place in reversed(places) if backwards else places:
        for parent, factor in tape[place]:
            slopes[place] = keep * slopes[place] + factor * slopes[parent]
    return slopes


def _tapes(rng):
    """Return tapes with the slopes of their inputs, by what they are there for."""
    cases = {"one sum": ([[], [], [(0, 1.0), (1, 1.0)]], np.array([2.0, 3.0])),
             "the chapter's": ([[], [], [(0, 2.0), (1, 3.0)], [(0, -0.99)], [(2, 1.0), (3, 1.0)]],
                               np.array([1.0, 0.5])),
             "a place twice": ([[], [(0, 3.0), (0, 3.0)]], np.array([1.0])),
             "three pairs": ([[], [], [], [(0, 2.0), (1, 3.0), (2, -0.5)]],
                             np.array([1.0, 2.0, 4.0])),
             "a chain": ([[], [(0, 2.0)], [(1, 2.0)], [(2, 2.0)]], np.array([1.0])),
             "constants": ([[], [], [(0, 4.0), (1, 2.0)], [(2, 0.5)]], np.array([1.5]))}
    for number, inputs in enumerate((1, 2, 5), 1):
        tape = [[] for _ in range(inputs)]
        while len(tape) < 12:
            parents = rng.integers(0, len(tape), rng.integers(1, 5))
            tape.append([(int(parent), float(rng.uniform(0.5, 2))) for parent in parents])
        cases[f"random {number}"] = tape, rng.uniform(0.5, 2, inputs)
    return cases


def check_silent(answer):
    """Judge a cube for which a complex step gives a wrong slope, in silence.

    Parameters
    ----------
    answer : tuple of a function and a number

    Returns
    -------
    Report

    Examples
    --------
    >>> check_silent((lambda x: x * x * x, 1.0)).cases[0].reason
    '0 of the slope are missed, wanted above 0.5'
    """
    return grade.check_counterexample(
        answer, _missed, above=0.5, name="breaker", unit="of the slope are missed", valid={
            "a function and a number that is not 0": lambda f, x: callable(f) and isinstance(
                x, float | int) and 1e-3 <= abs(x) <= 1e3,
            "the cube of every float, one real number": lambda f, x: all(
                np.isrealobj(f(t)) and _is_cube(f(t), t) for t in (x, -x, 1.5, -1.5, 7.0, -0.01)),
            "the cube of t + 0j as well: no other answer by the type": lambda f, x: all(
                _is_cube(f(complex(t)), t) for t in (x, -x, 1.5, -7.0))},
        known={"it is analytic: the complex step is right there":
               lambda f, x: _missed(f, x) < 1e-5})


def _is_cube(value, t):
    """Return whether a value is one number, and t cubed up to rounding."""
    return np.ndim(value) == 0 and abs(value - t**3) <= 1e-12 * abs(t**3)


def _missed(f, x):
    """Return the share of the slope of a cube that a complex step misses."""
    found = float(np.imag(f(complex(x, 1e-20)))) / 1e-20
    return round(abs(found / (3 * x * x) - 1), 6)


def check_judge(answer):
    """Judge which of two ways to a Jacobian takes less work, and what the other one takes.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 3)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, ("Ben", 5000), choices=("Ada", "Ben"), number="runs or sweeps of the other", known={
            "those are the runs of the better way": 3,
            "one sweep is the gradient of one result": 1,
            "a sweep gives the slopes of one result by all parameters at once": 15_000})


def check_accepts(answer, seed=1981):
    """Judge `accepts(f, slope, x, length)`: whether a slope is right, at any size and length.

    Parameters
    ----------
    answer : callable
    seed : int
        Of where the functions are differentiated.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_accepts(lambda f, slope, x, length: True).cases[1].reason
    'got 1, expected 0'
    """
    cases, rights = _slopes(np.random.default_rng(seed))
    return grade.check_accuracy(
        _counted(answer) if callable(answer) else answer, rights, cases, bound=0.0,
        name="accepts", known={
            "this accepts everything": lambda *args: 1.0,
            "this accepts nothing": lambda *args: 0.0,
            "the step is still the same for every length": _accepting(1e-6, 0.0),
            "the absolute part of the tolerance still has a unit": _accepting(None, 1e-5),
            "a tolerance that grows with the sign of the slope is negative for some": _accepting(
                None, 0.0, float)})


def _counted(answer):
    """Return the function that counts True as 1 and False as 0, and refuses what is neither."""
    def accepts(f, slope, x, length):
        verdict = answer(f, slope, x, length)
        if verdict is None or verdict is ...:
            return None
        if not isinstance(verdict, bool | np.bool_):
            raise TypeError(f"{verdict!r:.40} is neither True nor False")
        return float(verdict)

    return accepts


def _accepting(h, absolute, size=abs):
    """Return the check of the task with a step (None: a share of the length) and a tolerance."""
    def accepts(f, slope, x, length):
        step = h or 1e-5 * length
        quotient = (f(x + step) - f(x - step)) / (2 * step)
        return float(abs(quotient - slope) <= absolute + 1e-3 * size(slope))

    return accepts


def _slopes(rng):
    """Return functions with slopes that are right or wrong, by name, and 1 or 0 for each."""
    cases, rights = {}, []
    claims = {"right": 1 + 5e-5, "1 % off": 1.01, "wrong sign": -1.0, "slope 0": 0.0}
    for sign, (size, length) in enumerate(((1e-8, 1.0), (1.0, 1e-6), (1.0, 1e8), (1e8, 1.0))):
        for claim, factor in claims.items():
            f = _Stretched("exp", length, (-1) ** sign * size)
            x = length * rng.uniform(-1, 1) * (length < 1e8)  # 0: x does not tell the length
            cases[f"{claim}, size {size:g}, length {length:g}"] = f, factor * f.slope(x), x, length
            rights.append(float(claim == "right"))
    return cases, rights
