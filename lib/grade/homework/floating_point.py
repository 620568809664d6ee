"""Judge the problem set on floating-point numbers."""

import math
from fractions import Fraction

import numpy as np

from lib import grade
from lib.grade.calls import fails
from lib.grade.fresh import in_two
from lib.grade.handed import on_arrays, one_argument
from lib.grade.variants import instances, own
from lib.numbers import naive_sum, pairwise_sum

U = 2.0**-53


@np.errstate(all="ignore")
def check_norm(answer, seed=1978, variant=""):
    """Judge `norm(x)`: the 2-norm to (n + 6) u of itself, wherever it is a float.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the vectors.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_norm(lambda x: np.sqrt(np.sum(x * x))).note
    'the squares leave the range of the format, though the norm does not'
    """
    # Norms that are floats; some of the squares are not.
    rng = instances(seed, variant, "norm")
    cases = {"300 ordinary numbers": rng.normal(size=300),
             "around 1e200": 1e200 * rng.normal(size=9),
             "around 1e-200": 1e-200 * rng.normal(size=9),
             "1e-170 beside 1": np.append(rng.normal(size=3), 1e-170 * rng.normal(size=5)),
             "subnormal": 1e-320 * (1 + rng.random(4)), "3e307 ten times": np.full(10, -3e307),
             "float32 around 1e30": (1e30 * rng.normal(size=20)).astype(np.float32),
             "float32 of any size": (10.0 ** rng.uniform(-30, 30) * rng.normal(size=rng.integers(
                 21, 90))).astype(np.float32),
             "any number, of any size": 10.0 ** rng.uniform(-290, 290) * rng.normal(
                 size=rng.integers(301, 900)),
             "zeros": np.zeros(4), "no numbers": np.zeros(0), "an infinity": np.array([1, -np.inf])}
    report = grade.check_accuracy(
        answer, _exact_norm, {name: (x,) for name, x in cases.items()}, name="norm",
        bound=_norm_bound, shows={
            "zeros": "a division by the largest, which is 0",
            "an infinity": "inf / inf is nan; the norm is inf",
            "subnormal": "the reciprocal of the largest overflows: divide by it",
            "float32 around 1e30": "squares in float32 end at 3e38"},
        known={"the squares leave the range of the format, though the norm does not":
               lambda x: np.sqrt(np.sum(x * x)),
               "this is the sum of sizes, the 1-norm": lambda x: np.sum(np.abs(x)),
               "this is the largest size, the infinity norm": lambda x: np.max(np.abs(x))})
    return report.with_mild("zeros", "no numbers", "an infinity", "subnormal")


def _exact_norm(x):
    """Return the 2-norm as a Fraction, right to 200 bits; inf for an infinity."""
    if np.any(np.isinf(x)):
        return np.inf
    square = sum((Fraction(float(value)) ** 2 for value in x), Fraction(0))
    return _root(square)


def _root(square):
    """Return the square root of a Fraction to 200 bits."""
    if not square:
        return square
    shift = 200 + (square.denominator.bit_length() - square.numerator.bit_length()) // 2
    return Fraction(math.isqrt(int(square * Fraction(4) ** shift))) / Fraction(2) ** shift


def _norm_bound(x):
    """Return what a scaled sum of squares promises, and half a spacing of subnormal numbers."""
    exact, info = _exact_norm(x), np.finfo(x.dtype)
    if exact == np.inf:
        return 0.0
    return Fraction(len(x) + 6) * exact * Fraction(float(info.eps) / 2) + Fraction(
        float(info.smallest_subnormal)) * (exact < float(info.tiny)) * bool(exact)


@np.errstate(all="ignore")
def check_midpoint(answer, seed=2014, variant=""):
    """Judge `midpoint(a, b)`: the float nearest to (a + b) / 2, for all finite a and b.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the ordinary pairs.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_midpoint(lambda a, b: a + (b - a) / 2).passed
    False
    """
    # Whatever is added or subtracted first, one of these leaves the range.
    rng = instances(seed, variant, "midpoint")
    pairs = rng.normal(size=(6, 2)) * 10.0 ** rng.integers(-9, 9, (6, 1))
    top, one = np.finfo(float).max, float(1 + rng.random())
    # Halfway to the next float but for less than a wider format keeps, which would round twice.
    even = math.ldexp(2 * int(rng.integers(2**50, 2**51)), -51)
    cases = {f"ordinary {i}": tuple(map(float, pair)) for i, pair in enumerate(pairs, 1)} | {
        "both near 1e308": (top / one, top), "both near -1e308": (-top, -top / one),
        "1e308 and -1e308": (-top, top / one), "nearly opposite": (-one, np.nextafter(one, 2)),
        "just above halfway": (even, 2.0**-53 * (1 + 2.0**-16)),
        "neighbours": (one, np.nextafter(one, 9)), "smallest": (5e-324, 5e-324),
        "small and odd": (5e-324, 1e-323), "equal": (one, one), "zeros": (0.0, 0.0)}
    cases = {name: (float(a), float(b)) for name, (a, b) in cases.items()}

    def exact(a, b):
        return (Fraction(a) + Fraction(b)) / 2

    report = grade.check_accuracy(
        answer, exact, cases, ulps=0.5, name="midpoint", known={
            "a + b overflows, though the midpoint does not": lambda a, b: (a + b) / 2,
            "halves of the smallest numbers are rounded to 0": lambda a, b: a / 2 + b / 2,
            "b - a overflows for numbers of opposite signs, and rounds once more":
                lambda a, b: a + (b - a) / 2,
            "this is the geometric mean": lambda a, b: math.sqrt(a * b)})
    return report.with_mild("zeros", "equal")


@np.errstate(all="ignore")
def check_total(answer, seed=2013, variant=""):
    """Judge `total(x)`: the same float in every order of x, off by n u sum(|x|) at most.

    Parameters
    ----------
    answer : callable
    seed : int
        Of numbers and orders; each vector is added in six orders.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_total(lambda x: math.fsum(x)).passed
    True
    """
    # A total that does not depend on the order has sorted, or rounded once.
    rng = instances(seed, variant, "total")
    cases = {"ordinary": rng.normal(size=90), "all sizes": rng.normal(size=60) * 10.0
             ** rng.integers(-8, 9, 60), "pairs a and -a, two left": _pairs(rng),
             "one large": np.append(rng.random(50), [1e16, -1e16]),
             "positive": rng.random(80), "small": 1e-4 * rng.normal(size=70),
             "one number": rng.normal(size=1)}
    # What is left stays or goes with the largest sum on the way, in formats of 64 and 113 bits too.
    cases |= {f"pairs of 1e{digits}": np.append(
        np.tile([1.0, -1.0], 6) * (1.5 + 0.4 * rng.random()) * 2.0 ** (bits - 2), [0.1, 0.7])
        for bits, digits in ((64, 19), (113, 34))}
    # From the largest down, from the smallest up, and four by chance.
    orders = {name: [np.argsort(-x), np.argsort(x), *(rng.permutation(len(x)) for _ in range(4))]
              for name, x in cases.items()}
    report = grade.check_identity(
        _in_orders(answer), _no_total,
        {name: (x, [x[order] for order in orders[name]]) for name, x in cases.items()},
        bound=lambda x, shuffled: {"the error, in units of sum(|x|)": len(x) * U}, name="total",
        shows={"pairs a and -a, two left": "sorted by size, a and -a stand in any order",
               "pairs of 1e19": "a wider format only rounds later"},
        known={"you sorted by size: a and -a are of one size": lambda x, shuffled: np.array(
            [naive_sum(y[np.argsort(np.abs(y), kind="stable")]) for y in shuffled])})
    return report.with_mild("one number")


def _pairs(rng):
    """Return pairs a and -a and two numbers more: a sum by size depends on the order in each draw.

    Two numbers below 2**52, of sum 0.55 to 0.7: above it they round to 1, below it to 0.5. Three
    equal pairs with an odd last bit: a + a + a rounds, so that all of one sign first leave a rest.
    """
    size = np.floor(rng.uniform(1000, 1020) * 2.0**42) * 2.0**-42 + 2.0**-43
    pairs = np.concatenate([rng.integers(1, 30, 20) / 8, np.full(3, size), [2.0**52]])
    return np.concatenate([pairs, -pairs, [0.1, rng.uniform(0.46, 0.59)]])


def _in_orders(answer):
    """Return an answer as a function that gives the sums of all orders, or what is no function."""
    if not callable(answer):
        return answer
    ask = in_two(answer)  # one process could return to an order what it has found for another

    def sums(x, shuffled):
        found = [ask(y) for y in shuffled]
        return None if any(value is None for value in found) else found

    return sums


def _no_total(found, x, shuffled):
    """Return whether sums differ, and how far they are from the exact one."""
    if found.shape != (len(shuffled),):
        fails("a total is no single number")
    exact = math.fsum(x)
    return {"it depends on the order": bool(np.any(found != found[0])),
            "the error, in units of sum(|x|)": (found[0] - exact) / np.sum(np.abs(x))}


def own_sum(variant=""):
    """Return the sum that the numbers of the break-it problem have.

    Examples
    --------
    >>> own_sum()
    1
    """
    return own(variant, [1, *range(101, 1000)], "pairwise")


@np.errstate(all="ignore")
def check_pairwise(answer, seed=0, variant=""):
    """Judge at most 8 numbers that pairwise summation gets wrong, and a loop from the left right.

    Parameters
    ----------
    answer : list of floats
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_sum`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_pairwise([1.0, 2.0]).cases[0].reason
    'the task asks for: a sum of exactly 1'
    """
    wanted = own_sum(variant)

    def error(x):
        return abs(float(pairwise_sum(x)) - wanted) / wanted

    return grade.check_counterexample(
        one_argument(answer), on_arrays(error), above=0.99, name="pairwise",
        unit="is the relative error", valid={
            "2 to 8 finite numbers": on_arrays(
                lambda x: x.ndim == 1 and 2 <= len(x) <= 8 and np.all(np.isfinite(x))),
            f"a sum of exactly {wanted}": on_arrays(
                lambda x: sum(map(Fraction, x.tolist())) == wanted),
            "a sum that a loop from the left gets exactly": on_arrays(
                lambda x: float(naive_sum(x)) == wanted)},
        known={"nothing is absorbed: all are of one size": on_arrays(
            lambda x: np.max(np.abs(x)) < 1e15)})
