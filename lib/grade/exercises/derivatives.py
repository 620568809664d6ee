"""Check the exercises of the chapter on derivatives."""

import math

import numpy as np

from lib import grade
from lib.numbers import formats

U = formats.FP64.u
# Of the three columns of misfits that the chapter prints; the third slope is 1 % too large.
READING = ("truncation", "rounding", "gradient", 3.0)
# Five thousand sweeps against three runs.
JUDGEMENT = ("Ben", 5000)


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
    shows = {"at 0": "a step that is a share of x is nothing there"}
    return grade.check_accuracy(
        answer, lambda f, x, length: f.slope(x), _stretched(np.random.default_rng(seed)),
        bound=lambda f, x, length: 2e-10 * abs(f(x)) / length, name="slope", shows=shows, known={
            "the step has no unit: it is the same for every length": _by(lambda x, length: 6e-6),
            "that is the step of a forward difference": _by(lambda x, length: 2e-8 * length),
            "a forward difference keeps eight digits at best": lambda f, x, length: (
                f(x + 2e-8 * length) - f(x)) / (2e-8 * length)})


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


def _by(step):
    """Return central differences with a step, a function of x and the length."""
    def slope(f, x, length):
        h = step(x, length)
        return (f(x + h) - f(x - h)) / np.float64(2 * h)

    return slope


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
    "'gradient' is not right"
    """
    return grade.check_value(
        answer, READING, within=(0, 0, 0, 0.003), name="reading",
        parts=("first column", "second column", "third column", "the right third slope"), known={
            "you exchanged the first two: what falls with the step is truncation":
                ("rounding", "truncation", ..., ...),
            "a misfit that moves with the step does not come from the slope": (
                "gradient", ..., ..., ...),
            "a misfit that rises tenfold at each row does not come from the slope": (
                ..., "gradient", ..., ...),
            "a misfit that stays whatever the step is comes from the slope": (
                ..., ..., "truncation", ...),
            "rounding grows as the step falls, and this column stays": (..., ..., "rounding", ...),
            "you corrected it the wrong way: the quotient is 0.99 of the slope":
                (..., ..., ..., 3.06)})


def check_guard(answer, seed=2019):
    """Judge `entropy_term(p, log, where)` on a tape: p log p with its slope, and 0 and 0 at 0.

    Parameters
    ----------
    answer : callable
    seed : int
        Of four of the numbers.

    Returns
    -------
    Report
        Value and slope may be off by 8u.

    Examples
    --------
    >>> check_guard(lambda p, log, where: where(p > 0, p * log(p), 0.0)).cases[0].reason
    'slope: returned nan (the logarithm must not see the 0)'
    """
    drawn = 10.0 ** np.random.default_rng(seed).uniform(-250, -1, 4)
    cases = {f"p = {p:.3g}": float(p) for p in (0, 1e-300, 1e-20, 1e-12, 1e-6, 0.5, 0.9, 1, *drawn)}
    traced = (lambda p: _on_a_tape(answer, p)) if callable(answer) else answer

    def term(p, tiny=0.0):
        seen = p + tiny
        return np.array([p * math.log(seen), p / seen + math.log(seen)] if seen else [0.0, 0.0])

    return grade.check_accuracy(
        traced, term, cases, bound=8 * U, name="entropy_term", parts=("value", "slope"), shows={
            "p = 0": "the logarithm must not see the 0", "p = 1e-12": "small is not zero"}, known={
            "a small number inside has a slope of its own at 0": lambda p: term(p, 1e-12),
            "this small number inside has a slope of its own at 0": lambda p: term(p, 1e-8),
            "a masked entry got the slope of an entry of 1": lambda p: term(p) if p else np.array(
                [0.0, 1.0]),
            "the sign is that of the entropy: asked is p log p": lambda p: -term(p)})


def _on_a_tape(answer, p):
    """Return the value of answer(p, log, where), and its slope by p; None where it is a stub."""
    tape = []
    result = answer(_Number(tape, p), _log, _where)
    if result is None or result is ...:
        return None
    if not isinstance(result, _Number):
        return np.array([float(result), 0.0])
    slopes = np.zeros(len(tape))
    slopes[result.place] = 1
    for place in reversed(range(len(tape))):
        for parent, factor in tape[place]:
            slopes[parent] += factor * slopes[place]
    return np.array([result.value, slopes[0]])


class _Number:
    """A number on a tape that multiplies, whatever a choice has left out."""

    def __init__(self, tape, value, row=()):
        self.tape, self.value, self.place = tape, np.float64(value), len(tape)
        tape.append(row)

    def _lift(self, other):
        return other if isinstance(other, _Number) else _Number(self.tape, other)

    def __add__(self, other):
        other = self._lift(other)
        return _Number(self.tape, self.value + other.value, [(self.place, 1), (other.place, 1)])

    def __mul__(self, other):
        other = self._lift(other)
        return _Number(self.tape, self.value * other.value,
                       [(self.place, other.value), (other.place, self.value)])

    __radd__, __rmul__, __hash__ = __add__, __mul__, None

    def __gt__(self, other):
        return bool(self.value > getattr(other, "value", other))

    def __lt__(self, other):
        return bool(self.value < getattr(other, "value", other))

    def __ge__(self, other):
        return not self < other

    def __le__(self, other):
        return not self > other

    def __eq__(self, other):
        return bool(self.value == getattr(other, "value", other))


def _log(x):
    """Return the logarithm of a number on a tape."""
    return _Number(x.tape, np.log(x.value), [(x.place, 1 / x.value)])


def _where(condition, x, y):
    """Return one of two numbers, of which one may be a plain float."""
    if not isinstance(x, _Number):
        x = y._lift(x)
    y = x._lift(y)
    chosen = float(condition)
    return _Number(x.tape, x.value if condition else y.value,
                   [(x.place, chosen), (y.place, 1 - chosen)])


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
        answer, _pushed, _tapes(np.random.default_rng(seed)), bound=1e-12, name="push", shows={
            "a square": "the same place twice in a row: two shares", "constants":
            "an empty row further down has the slope 0"}, known={
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
             "a square": ([[], [(0, 3.0), (0, 3.0)]], np.array([1.0])),
             "a chain": ([[], [(0, 2.0)], [(1, 2.0)], [(2, 2.0)]], np.array([1.0])),
             "constants": ([[], [], [(0, 4.0), (1, 2.0)], [(2, 0.5)]], np.array([1.5]))}
    for number, inputs in enumerate((1, 2, 5), 1):
        tape = [[] for _ in range(inputs)]
        while len(tape) < 12:
            parents = rng.integers(0, len(tape), rng.integers(1, 3))
            tape.append([(int(parent), float(rng.uniform(0.5, 2))) for parent in parents])
        cases[f"random {number}"] = tape, rng.uniform(0.5, 2, inputs)
    return cases


def check_silent(answer):
    """Judge a smooth function for which a complex step gives a wrong slope, in silence.

    Parameters
    ----------
    answer : tuple of a function and a float

    Returns
    -------
    Report

    Examples
    --------
    >>> check_silent((np.exp, 1.0)).cases[0].reason
    '0 of the slope are missed, wanted above 0.5'
    """
    return grade.check_counterexample(
        answer, _missed, above=0.5, name="breaker", unit="of the slope are missed", valid={
            "a function and a float": lambda f, x: callable(f) and isinstance(
                x, float | int) and not isinstance(x, bool),
            "finite values of one real number": lambda f, x: all(
                np.ndim(f(x + h)) == 0 and np.isrealobj(f(x + h)) and bool(np.isfinite(f(x + h)))
                for h in (0.0, 0.001, -0.001)),
            "a slope that is not tiny beside the value": lambda f, x: abs(
                _central(f, x, 0.001)) > 1e-3 * abs(f(x)),
            "a function that is smooth there": _is_smooth},
        known={"it is analytic: the complex step is right there":
               lambda f, x: _missed(f, x) < 1e-5})


def _central(f, x, h):
    """Return a central difference of a function of one number."""
    return (float(f(x + h)) - float(f(x - h))) / (2 * h)


def _missed(f, x):
    """Return the share of the slope that a complex step misses."""
    found = float(np.imag(f(complex(x, 1e-20)))) / 1e-20
    return round(abs(found / _central(f, x, 0.0005) - 1), 6)


def _is_smooth(f, x):
    """Return whether differences of three kinds agree."""
    near, far = _central(f, x, 0.0005), _central(f, x, 0.001)
    one_sided = (float(f(x + 1e-5)) - float(f(x))) / 1e-5
    return abs(near - far) <= 1e-3 * abs(far) and abs(one_sided - near) <= 0.01 * abs(near)


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
        answer, JUDGEMENT, choices=("Ada", "Ben"), number="runs or sweeps of the other", known={
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
            "this accepts everything": lambda f, slope, x, length: 1.0,
            "this accepts nothing": lambda f, slope, x, length: 0.0,
            "the step is still the same for every length": _accepting(1e-6, 0.0),
            "the absolute part of the tolerance still has a unit": _accepting(None, 1e-5),
            "a tolerance that grows with the sign of the slope is negative for some":
                lambda f, slope, x, length: float(
                    abs(_by(lambda x, length: 1e-5 * length)(f, x, length) - slope)
                    <= 1e-3 * slope)})


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


def _accepting(h, absolute):
    """Return the check of the task with a step (None: a share of the length) and a tolerance."""
    def accepts(f, slope, x, length):
        step = h or 1e-5 * length
        quotient = (f(x + step) - f(x - step)) / (2 * step)
        return float(abs(quotient - slope) <= absolute + 1e-3 * abs(slope))

    return accepts


def _slopes(rng):
    """Return functions with slopes that are right or wrong, by name, and 1 or 0 for each."""
    cases, rights = {}, []
    claims = {"right": 1 + 5e-5, "1 % off": 1.01, "wrong sign": -1.0, "slope 0": 0.0}
    for sign, (size, length) in enumerate(((1e-8, 1.0), (1.0, 1e-6), (1.0, 1e8), (1e8, 1.0))):
        for claim, factor in claims.items():
            f = _Stretched("exp", length, (-1) ** sign * size)
            x = length * rng.uniform(-1, 1)
            cases[f"{claim}, size {size:g}, length {length:g}"] = f, factor * f.slope(x), x, length
            rights.append(float(claim == "right"))
    return cases, rights
