"""Certify sums and variances against exact arithmetic."""

import math
from fractions import Fraction

import numpy as np

from lib.grade.calls import fails
from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import number_of
from lib.grade.certify.systems import EASY, RANGE

ABSORBED = ("It may add one term after the other, so that small ones are absorbed: add in pairs, "
            "or carry the error along.")
NAIVE = "It may add in a narrower format, or one term after the other: add in pairs."
ONE_PASS = ("It may subtract the square of the mean from the mean of the squares, which cancel: "
            "subtract the mean first.")
EITHER = ("It divides by n in some cases, and by n - 1 in others: choose one of them for all "
          "samples.")
DIVISORS = ("n", "n - 1")
LEAVES = ("It is off by more than any order of addition: it may leave terms out, or round what it "
          "adds or returns.")


def by_order(result, bad):
    """Return whether the error is one that adding term by term may have: n u."""
    return result.size <= 2 * result.case.n * result.case.u


def finite(result, bad):
    """Return whether what came back is a number."""
    return np.isfinite(result.size)


def cancels(result, bad):
    """Return whether the error is there where the mean is far above the deviation."""
    return "mean = deviation / sqrt(u)" in bad


IN_ORDER = (Fault(ABSORBED, by_order), Fault(LEAVES, finite))
CANCELS = (Fault(NAIVE, by_order), Fault(LEAVES, finite))
MEANS = (Fault(ONE_PASS, cancels), Fault(LEAVES, finite))


def either(result, bad):
    """Return whether a variance is right, with another divisor than the one before."""
    return result.label.startswith("divided by")


def read_number(value, case):
    """Return the result as one float."""
    return number_of(value, case)


def measure_sum(total, case):
    """Return the error of a sum relative to the sum of the sizes, and 10 log2(2 n) u.

    Pairwise summation has log2(n) u, and so has NumPy's, whose blocks of 128 add at most 20 more
    (Higham 2002, section 4.2); one term after the other has n u, which is more than is allowed.
    """
    x = case["x"]
    size = math.fsum(np.abs(x)) or 1.0
    gap = abs(math.fsum([*x, -total])) if math.isfinite(total) else math.inf
    return {"error": (gap / size, 10 * math.log2(2 * x.size) * case.u)}


def measure_variance(value, case):
    """Return the relative error of a variance, and 2 n u (1 + κ), κ = mean / deviation.

    Chan, Golub and LeVeque (The American Statistician 37, 1983) prove n u + (n u κ)**2 for two
    passes and n u κ for updates; the textbook's one pass has n u κ**2. Divided may be by n or by
    n - 1: the first case that tells them apart settles which, for the cases to come.
    """
    if not math.isfinite(value):
        fails(f"returned {value}")
    found = [_off(value, case, ddof) for ddof in (0, 1)]
    nearest = int(found[1] < found[0])
    within = [error <= bound for error, bound in found]
    if sum(within) == 1:
        case.settled.setdefault("divisor", within.index(True))
    ddof = case.settled.get("divisor", nearest)
    if within[1 - ddof] and not within[ddof]:
        return {f"divided by {DIVISORS[ddof]} elsewhere, error": found[ddof]}
    return {"error": found[nearest]}


def _off(value, case, ddof):
    """Return the relative error of a variance with divisor n - ddof, and its bound.

    Where the deviation is 0, errors are relative to the mean's square.
    """
    x = [Fraction(v) for v in case["x"].tolist()]
    n, mean = len(x), sum(x) / len(x)
    exact = sum((v - mean) ** 2 for v in x) / (n - ddof)
    size = exact or mean**2 or Fraction(1)
    with np.errstate(all="ignore"):
        spread, centre = math.sqrt(exact / size), math.sqrt(mean**2 / size)
    bound = 2 * n * case.u * (spread**2 + centre * spread) + (2 * n * case.u * centre) ** 2
    return float(abs(Fraction(value) - exact) / size), bound


_BY = "v, p = float(v), {}(x.astype(float).tolist()); abs(v - p) / (p or x[0]**2)"

SUM = Kind(
    "sum", "adds numbers up", "total(x) -> number, with x (n,)", ("x",), ("x",),
    "s = {f}(x)", {"error": "abs(s - math.fsum(x)) / math.fsum(abs(x))"}, read_number,
    measure_sum, (
        Trial("random numbers", "x = rng.normal(size=100)", EASY),
        Trial("n = 1", "x = rng.normal(size=1)", EASY),
        Trial("zeros", "x = np.zeros(9)", EASY),
        Trial("all but one cancel", "x = rng.normal(size=200); x = np.r_[x, -x[::-1], u]", CANCELS),
        Trial("small terms after a large one",
              "x = np.r_[1, rng.uniform(0.6, 0.9, rng.integers(1000, 3000)) * u]", IN_ORDER),
        Trial("many small terms after a large one",
              "x = np.r_[1, rng.uniform(0.6, 0.9, rng.integers(9000, 30_000)) * u]", IN_ORDER),
        Trial("many equal terms",
              "x = np.full(rng.integers(30_000, 60_000), rng.uniform(0.1, 0.2))", IN_ORDER),
        Trial("terms of many sizes", "x = rng.normal(size=300) * 2.0 ** rng.integers(-60, 60, 300)",
              CANCELS),
        Trial("huge terms", "x = rng.normal(size=50) * top**0.9", RANGE, last=True),
        Trial("subnormal terms", "x = rng.integers(-999, 999, 50) / top * u", RANGE, last=True),
    ), "floating_point", imports="math")

VARIANCE = Kind(
    "variance", "computes the variance of a sample",
    "variance(x) -> number, with x (n,), n >= 2; divided by n or by n - 1", ("x",), ("x",),
    "v = {f}(x)", {
        "error": "p, s = (f(x.astype(float).tolist()) for f in (statistics.pvariance, "
                 "statistics.variance)); min(abs(v - p), abs(v - s)) / (p or x[0]**2)",
        "divided by n elsewhere, error": _BY.format("statistics.pvariance"),
        "divided by n - 1 elsewhere, error": _BY.format("statistics.variance")},
    read_number, measure_variance, (
        Trial("random numbers", "x = rng.normal(size=100)", EASY),
        Trial("n = 2", "x = rng.normal(size=2)", EASY),
        Trial("zeros", "x = np.zeros(5)", EASY),
        Trial("mean = deviation / sqrt(u)", "x = rng.normal(size=12) + u**-0.5", MEANS),
        Trial("mean = -deviation / u**0.55", "x = rng.normal(size=10) - u**-0.55", MEANS),
        Trial("equal numbers", "x = np.full(20, rng.uniform(1, 2))", MEANS),
        Trial("one far off", "x = np.r_[rng.normal(size=30), 1000]", EASY),
        Trial("1000 numbers", "x = rng.uniform(size=1000)", MEANS),
        Trial("huge numbers", "x = rng.normal(size=20) * top**0.4",
              RANGE, "floating_point", last=True),
        Trial("tiny numbers", "x = rng.normal(size=20) * top**-0.4",
              RANGE, "floating_point", last=True),
    ), "cancellation", imports="statistics", faults=(Fault(EITHER, either),))
