"""Certify log-sum-exp and softmax against the routines of `lib.numbers`, good to a few ulps."""

import numpy as np

from lib import numbers
from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import array_of, largest, number_of
from lib.grade.certify.systems import EASY

BELOW, MASK_KEPT = "probability below 0 by", "probability of -inf"
OVERFLOW = "It may take exp of large numbers, which overflows: subtract the largest one first."
UNDERFLOW = ("It may take exp of numbers so far below 0 that all underflow: subtract the largest "
             "one first.")
CLIPPED = ("It may clip what it exponentiates, or subtract another number than the largest one: "
           "subtract that, and nothing needs clipping.")
MASK = "It may subtract -inf from -inf: where everything is masked, the answer is -inf."
NO_MASK = "It returns a number where everything is masked: the answer is -inf."
ADDED = ("It may add a small number, to divide by or to take the logarithm of: where the largest "
         "number is subtracted, the sum is 1 or more, and needs none.")
CUT = ("It may set small probabilities to 0, or compute one as 1 minus the others: divide each "
       "exponential by their sum.")
MASKED = ("It may multiply 0 by inf, or subtract -inf from -inf: subtract the largest number, and "
          "exp(-inf) is 0.")
NEGATIVE = ("It returns a probability below 0: none is, however small; divide each exponential by "
            "their sum.")
LEFT = ("It leaves a small number where -inf came in: a mask means 0, and exp(-inf) is 0. Clip "
        "nothing, and add nothing.")


def below(result, bad):
    """Return whether a probability below 0 decided."""
    return result.label == BELOW


def left(result, bad):
    """Return whether a probability of -inf decided."""
    return result.label == MASK_KEPT


def lost(result, bad):
    """Return whether what came back is no finite number."""
    return not np.isfinite(result.size)


def added(result, bad):
    """Return whether the error is small, and far smaller where the sum is a thousand times 1."""
    many, one = bad.get("equal large numbers"), bad.get("one dominates")
    return result.verdict in ("unstable", "inaccurate") and (
        many is None or (one is not None and many.size < one.size / 100))


LARGE = (Fault(OVERFLOW, lost), Fault(ADDED, added), CLIPPED)
FAR_BELOW = (Fault(UNDERFLOW, lost), Fault(ADDED, added), CLIPPED)
ADDEND = (Fault(ADDED, added), CLIPPED)
PLAIN = (Fault(ADDED, added), EASY)


def read_number(value, case):
    """Return the result as one float."""
    return number_of(value, case)


def measure_logsumexp(value, case):
    """Return the error of log(sum(exp(x))), relative to 1 + its size, and 10 (n + 1) u.

    Shifted by the largest term, it has about (n + 1 + size) u (Blanchard, Higham and Higham 2021,
    theorem 4.2).
    """
    exact = float(numbers.logsumexp(case["x"]))
    error = 0.0 if value == exact else np.inf
    if np.isfinite([value, exact]).all():
        error = abs(value - exact) / (1 + abs(exact))
    return {"error": (error, 10 * (case.n + 1) * case.u)}


def read_softmax(value, case):
    """Return the probabilities."""
    return array_of(value, case["x"].shape, case)


def measure_softmax(p, case):
    """Return the largest relative error of the probabilities, and 10 (n + spread + size) u.

    The spread, the largest x minus the smallest that does not underflow, multiplies the rounding of
    the shift; by way of log-sum-exp, exp(x - lse), it is the size of the largest x (Blanchard,
    Higham and Higham 2021, theorem 4.3 and section 4.3), where not one x alone is left. Below the
    smallest normal number everything counts as 0, but that none is negative, and that 0 is what
    comes of -inf, is asked for at any size.
    """
    x, tiny = case["x"], float(np.finfo(case.dtype).tiny)
    exact = numbers.softmax(x)
    kept = exact > tiny
    spread = np.max(x) - np.min(x[kept]) + np.max(np.abs(x[kept])) * (kept.sum() > 1)
    beyond = np.maximum(np.abs(p - exact) - tiny, 0)
    error = float(np.max(beyond / np.maximum(exact, tiny)))
    bound = 10 * (case.n + float(spread)) * case.u
    if error > bound:
        return {"error": (error, bound)}
    return {"error": (error, bound), BELOW: (largest(np.minimum(p, 0)), 0.0),
            MASK_KEPT: (largest(p[np.isneginf(x)]), 0.0)}


_LARGE = "x = rng.normal(size=6) * 10 "

LOGSUMEXP = Kind(
    "logsumexp", "computes log(sum(exp(x)))", "logsumexp(x) -> number, with x (n,)",
    ("x",), ("x",), "y = {f}(x)",
    {"error": "z = np.logaddexp.reduce(np.float64(x)); abs(y - z) / (1 + abs(z))"},
    read_number, measure_logsumexp, (
        Trial("random numbers", "x = rng.normal(size=20)", PLAIN),
        Trial("n = 1", "x = rng.normal(size=1)", PLAIN),
        Trial("large numbers", _LARGE + "+ 1000", LARGE),
        Trial("far below 0", _LARGE + "- 1000", FAR_BELOW),
        Trial("equal large numbers", "x = np.full(1000, 1000 * rng.uniform(1, 2))", LARGE),
        Trial("one dominates", "x = np.r_[rng.normal(), -800 - rng.uniform(0, 99, 4)]", ADDEND),
        Trial("logarithms of probabilities",
              "x = rng.normal(size=10); x = x - np.log(np.exp(x).sum())", ADDEND),
        Trial("some masked", "x = np.r_[-np.inf, rng.normal(size=4), -np.inf]",
              (Fault(MASK, lost), *ADDEND)),
        Trial("all masked", "x = np.full(3, -np.inf)",
              (Fault(MASK, lambda result, bad: result.number is None), NO_MASK)),
        Trial("huge numbers", "x = rng.normal(size=5) * top**0.5", LARGE),
    ), "softmax")

SOFTMAX = Kind(
    "softmax", "computes exp(x) / sum(exp(x))", "softmax(x) -> probabilities, with both (n,)",
    ("x",), ("x",), "p = np.float64({f}(x))",
    {"error": "q = np.exp(x - np.logaddexp.reduce(np.float64(x))); "
              "(abs(p - q) / np.maximum(q, np.finfo(x.dtype).tiny)).max()",
     BELOW: "-p.min()", MASK_KEPT: "abs(p[np.isneginf(x)]).max()"},
    read_softmax, measure_softmax, (
        Trial("random numbers", "x = rng.normal(size=20)", PLAIN),
        Trial("n = 1", "x = rng.normal(size=1)", PLAIN),
        Trial("large numbers", _LARGE + "+ 1000", LARGE),
        Trial("far below 0", _LARGE + "- 1000", FAR_BELOW),
        Trial("equal large numbers", "x = np.full(1000, 1000 * rng.uniform(1, 2))", LARGE),
        Trial("one dominates", "x = np.r_[rng.normal(), -800 - rng.uniform(0, 99, 4)]", ADDEND),
        Trial("probabilities of many sizes", "x = np.linspace(0, -80, 30) + rng.normal(size=30)",
              (Fault(ADDED, lambda result, bad: "one dominates" in bad), CUT)),
        Trial("some masked", "x = np.r_[-np.inf, rng.normal(size=4), -np.inf]",
              (Fault(MASKED, lost), *ADDEND)),
        Trial("huge numbers", "x = rng.normal(size=5) * top**0.5", LARGE),
    ), "softmax", faults=(Fault(NEGATIVE, below), Fault(LEFT, left)))
