"""Check the exercises of the chapter on floating point."""

import copy
import math
from fractions import Fraction

import numpy as np

from lib import grade
from lib.grade.calls import called
from lib.numbers import formats, measure, sums

# Of the stopwatch whose trace the chapter prints; proposed is to subtract with a hundred digits.
READING = (2, 3, 13, "no cure")
# Two naive float32 sums of 4096 terms of one sign are each within (n - 1)u of the truth.
JUDGEMENT = ("Ben", 2 * 4095 * formats.FP32.u)


def check_counters(answer):
    """Judge where counters stop in four formats, and the factor of an Adam that counts in bfloat16.

    Parameters
    ----------
    answer : tuple
        Four numbers and the factor, ``((a, b, c, d), factor)`` or all five in a row.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_counters((255, 2047)).cases[0].reason
    '2 given, 5 wanted'
    """
    if isinstance(answer, tuple | list) and len(answer) == 2 and isinstance(
            answer[0], tuple | list | np.ndarray) and getattr(answer[0], "ndim", 1):
        answer = (*answer[0], answer[1])
    four = (formats.BF16, formats.FP16, formats.E4M3, formats.E5M2)
    stops = tuple(2**fmt.precision for fmt in four)  # the next one lies half-way to an even number
    wrong = {
        "you took the largest number of a format": [..., *(fmt.max for fmt in four[1:])],
        "you forgot the bit that is not stored": [n / 2 for n in stops],
        "you counted one bit too many": [2 * n for n in stops],
        "you stopped one step early: the power of two itself is reached": [n - 1 for n in stops],
        "you went on by one: half-way goes to the even neighbour": [n + 1 for n in stops]}
    return grade.check_value(
        answer, (*stops, np.sqrt(1 - 0.999 ** stops[0])), within=(0, 0, 0, 0, 0.01), name="stops",
        parts=("bf16", "fp16", "e4m3", "e5m2", "Adam's factor in bf16"),
        known={sentence: (*numbers, ...) for sentence, numbers in wrong.items()})


def check_clock(answer, seed=1991):
    """Judge `clock_error(hours, bits)`: the lag of a clock whose tenth is chopped, to one ulp.

    Parameters
    ----------
    answer : callable
    seed : int
        Of four cases beside the four of the story: hours up to 200, 20 to 100 bits.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_clock(lambda hours, bits: 0.0343).cases[0].reason
    'got 0.0343, expected 0.3433: too small by a factor of 10'
    """
    rng = np.random.default_rng(seed)
    cases = {"Dhahran": (100, 23), "24 bits": (100, 24), "56 bits": (100, 56), "60 bits": (1, 60)}
    for few, many in ((20, 40), (40, 54), (55, 70), (70, 100)):
        hours, bits = int(rng.integers(2, 200)), int(rng.integers(few, many))
        cases[f"{hours} h, {bits} bits"] = hours, bits
    # What stands to the right of a sentence is what comes of it, for every case of the seed.
    return grade.check_accuracy(answer, _lag, cases, ulps=1, name="clock_error", shows={
        "56 bits": "the float 0.1 ends before this bit"}, known={
        "0.1 was the float, which is itself wrong in its 55th bit": lambda hours, bits: (
            (0.1 - np.floor(0.1 * 2.0**bits) / 2.0**bits) * hours * 36_000),
        "you rounded 0.1 where the clock chopped it":
            lambda hours, bits: float(_lag(hours, bits, whole=round)),
        "you counted seconds, not tenths of a second":
            lambda hours, bits: float(_lag(hours, bits) / 10),
        "you subtracted the true time from the clock's: how much it lags is above 0":
            lambda hours, bits: -float(_lag(hours, bits))})


def _lag(hours, bits, whole=math.floor):
    """Return by how many seconds a clock lags that makes a tenth whole in units of its last bit."""
    return (Fraction(1, 10) - Fraction(whole(Fraction(2**bits, 10)), 2**bits)) * hours * 36_000


def check_pixels(answer, seed=11331):
    """Judge `stall(t, p)`: where t + t + ... stops in p significant bits, to the last bit.

    Parameters
    ----------
    answer : callable
    seed : int
        Of five cases beside the six of the story: a power of two, the number above one, where
        logarithms round, and three of any significand.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_pixels(lambda t, p: 2.0**p).cases[0].reason
    'got 1.678e+07, expected 4.295e+09: too small by a factor of 256'
    """
    rng = np.random.default_rng(seed)
    cases = {"pixels": (255.0, 24), "1e-8, float32": (1e-8, 24), "1e-20, float64": (1e-20, 53),
             "counter": (1.0, 24), "above 2^40": (2.0**40 + 2.0**-12, 53),
             "update, bf16": (0.003, 8), "a power of two": (2.0 ** int(rng.integers(-60, 60)), 11)}
    power = int(rng.integers(30, 200))
    cases[f"above 2^{power}"] = (1 + 2.0**-52) * 2.0**power, 53
    for bits in (8, 24, 53):
        significand = int(rng.integers(2 ** (bits - 1) + 1, 2**bits))
        t = significand * 2.0 ** int(rng.integers(-90, 30))
        cases[f"{t:.3g}, {bits} bits"] = t, bits
    # A power of two, t = 2**e / 2, is the one number whose half gap is met without a rest.
    return grade.check_accuracy(answer, _stall, cases, ulps=0, name="stall", shows={
        "above 2^40": "log2 returns 40 here"}, known={
        "you asked where the gap is t, not where half of it is": lambda t, p: _stall(t, p) / 2,
        "an exact power of two stops one earlier than the numbers above it":
            lambda t, p: 2.0 ** int(p + np.frexp(t)[1]),
        "log2 rounds just above a power of two": lambda t, p: 2.0 ** int(p + np.ceil(np.log2(t)))})


def _stall(t, p):
    """Return the smallest power of two at which half the gap is at least t, in p bits."""
    m, e = np.frexp(t)
    return 2.0 ** int(p + e - (m == 0.5))


def check_determinant(answer, seed=1821):
    """Judge `log_det(K)`: the logarithm of a determinant that is beyond the range, to 1e-12.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the sizes and scales of two cases, and of a full matrix with a known determinant.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_determinant(np.linalg.slogdet).cases[0].reason
    'returned shape (2,), expected ()'
    """
    rng = np.random.default_rng(seed)
    small, large = rng.integers(300, 500, 2)
    sizes = {"n = 3": (3, 1.0), "too small": (int(small), float(rng.uniform(0.005, 0.02))),
             "too large": (int(large), float(rng.uniform(50, 200)))}
    cases = {label: (_second_difference(n, scale),) for label, (n, scale) in sizes.items()}
    exact = [n * np.log(scale) + np.log(n + 1) for n, scale in sizes.values()]
    # L is near the identity: products and logarithms of its numbers are right to 1e-14.
    L = np.diag(rng.uniform(1.5, 3, 30)) + np.tril(rng.normal(0, 0.1, (30, 30)), -1)
    cases["any covariance"] = (L @ L.T,)
    values = [*exact, 2 * np.sum(np.log(np.diag(L)))]
    return grade.check_accuracy(answer, values, cases, bound=1e-12, name="log_det", known={
        "you forgot the 2: Cholesky's factor is a root of K": [x / 2 for x in values],
        "the logarithm was that of base 10": [x / np.log(10) for x in values],
        "you added the logarithms of K's diagonal, not of the pivots":
            lambda K: np.sum(np.log(np.diag(K)))})


def _second_difference(n, scale):
    """Return a matrix of size n whose determinant is scale**n * (n + 1)."""
    return scale * (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1))


def check_spoil(answer):
    """Judge numbers, four at most, of whose sum `kahan_sum` gets no digit right.

    Parameters
    ----------
    answer : sequence of float

    Returns
    -------
    Report

    Examples
    --------
    >>> check_spoil([1.0, 2.0])
    spoiler: does not break
      [1.0, 2.0]  does not break  15 digits are right, wanted below 1
    """
    def digits(x):
        return measure.log_relative_error(sums.kahan_sum(x), sums.exact_sum(x))

    def on_floats(condition):
        return lambda x: condition(np.array(x, float))

    # The conditions are asked in this order: a later one may take the earlier ones for granted.
    return grade.check_counterexample(
        list(answer) if isinstance(answer, tuple) else answer, on_floats(digits), below=1,
        name="spoiler", unit="digits are right", valid={
            "one row of finite numbers": on_floats(
                lambda x: x.ndim == 1 and bool(np.all(np.isfinite(x)))),
            "four numbers at most": lambda x: len(x) <= 4,
            "a sum other than 0, which has digits": on_floats(lambda x: sums.exact_sum(x) != 0),
            "a sum that compensated_sum returns exactly": on_floats(
                lambda x: sums.compensated_sum(x) == sums.exact_sum(x))})


def check_stochastic(answer, seed=1958):
    """Judge `round_randomly(x, gap, rng)`: on the grid, a neighbour, right on average, repeatable.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the generators, and of eight of the numbers that are rounded.

    Returns
    -------
    Report
        An average of 10 000 roundings may be off by five of its standard deviations, each at most
        1/2 gap / 100: one right answer in a million fails.

    Examples
    --------
    >>> check_stochastic(lambda x, gap, rng: gap * np.rint(x / gap)).cases[0].reason
    'biased, in gaps: 0.38, allowed 0.025'
    """
    rng, flat = np.random.default_rng(seed), np.ones(10_000)
    several = np.outer(rng.uniform(-3, 3, 8), flat)
    cases = {"1.003 in bf16": (1.003 * flat, 2.0**-7, np.random.default_rng([seed, 1])),
             "below zero": (-0.1 * flat, 0.25, np.random.default_rng([seed, 2])),
             "a matrix": (several, 0.5, np.random.default_rng([seed, 3])),
             "on the grid": (np.arange(-2.0, 3.0), 0.5, np.random.default_rng([seed, 4]))}

    def faults(y, x, gap, rng):
        later = copy.deepcopy(rng)
        later.random(7)
        again, elsewhere = (called(answer, (x, gap, source)) for source in (rng, later))
        return _faults_in_gaps(y, x, gap) | {
            "not repeatable: another result from the same rng": np.any(again != y),
            "not random: the same from every rng": np.any(x % gap) and np.all(elsewhere == y)}

    # The wrong answers draw from generators in the same state, so that they can be recognised.
    return grade.check_identity(
        answer, faults, cases, bound={"biased, in gaps": 5 * 0.5 / np.sqrt(10_000)},
        name="round_randomly", known={
            "this is rounding to nearest, in which chance has no part":
                lambda x, gap, rng: gap * np.rint(x / gap),
            "this tosses a fair coin, however near a neighbour is":
                lambda x, gap, rng: gap * (np.floor(x / gap) + (rng.random(x.shape) < 0.5)),
            "one random number decides for all of x":
                lambda x, gap, rng: gap * np.floor(x / gap + rng.random()),
            "you forgot to go back from gaps to numbers":
                lambda x, gap, rng: np.floor(x / gap + rng.random(x.shape))})


def _faults_in_gaps(y, x, gap):
    """Return what may be wrong with x rounded to y, all 0 where nothing is; the last on average."""
    if np.shape(y) != np.shape(x):
        return {f"of shape {np.shape(y)} for an x of {np.shape(x)}": 1.0}
    off, far = np.abs(y / gap - np.rint(y / gap)), np.abs(y - x) / gap
    return {"off the grid, in gaps": off,
            "not a neighbour, gaps too far": np.where(x % gap == 0, far, np.maximum(far - 1, 0)),
            "biased, in gaps": np.abs(np.mean(y - x, axis=-1)) / gap}


def check_read(answer):
    """Judge how the printed trace was read: two lines, a power of ten, a word.

    Parameters
    ----------
    answer : tuple
        As for `check_trace_reading`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((3, 3, 15, "no cure")).cases[0].reason
    'line 3 only shows what another line has made'
    """
    return grade.check_trace_reading(answer, READING)


def check_judge(answer):
    """Judge which of two answers to ship, and the number that decides it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("B", 0.001)).cases[1].reason
    '0.001 is too large'
    """
    largest = JUDGEMENT[1]
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.03,
        number="largest relative difference", known={
            "you took one sum; both may be off, in opposite directions": largest / 2,
            "you took eps for u, which is half of it": 2 * largest})
