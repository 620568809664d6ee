"""Wrong answers to the set on floating-point numbers; see lu_qr_cholesky for the columns."""

import math

import numpy as np

from lib.numbers import naive_sum


def by_largest(x):
    largest = np.max(np.abs(x))
    return largest * np.sqrt(np.sum((x / largest) ** 2))


def by_reciprocal(x):
    largest = np.max(np.abs(x), initial=0.0)
    if largest == 0 or np.isinf(largest):
        return float(largest)
    scaled = x * (1 / largest)
    return largest * np.sqrt(np.sum(scaled * scaled))


def by_hypot_in_float32(x):
    return float(np.hypot.reduce(x.astype(np.float32))) if len(x) else 0.0


def by_logs(x):
    sizes = np.abs(x[x != 0])
    if not len(sizes):
        return 0.0
    logs = 2 * np.log(sizes.astype(float))
    top = np.max(logs)
    return np.exp((top + np.log(np.sum(np.exp(logs - top)))) / 2)


def by_size(x, sign=1):
    return naive_sum(x[np.argsort(sign * np.abs(x), kind="stable")])


STABLE_BUT = "stable, but wrong in mild cases"
UNSTABLE_AND = "unstable, and wrong in mild cases"

WRONG = {
    "norm": [
        ("the root of the sum of squares", lambda x: np.sqrt(np.sum(x * x)), "wrong", 0.0,
         "the squares leave the range"),
        ("np.linalg.norm", lambda x: np.linalg.norm(x), "wrong", 0.0,
         "the squares leave the range"),
        ("scaled by the largest, which may be 0", by_largest, STABLE_BUT, 0.75,
         "a division by the largest, which is 0"),
        ("scaled by its reciprocal", by_reciprocal, STABLE_BUT, 0.92,
         "the reciprocal of the largest"),
        ("by logarithms", by_logs, UNSTABLE_AND, 0.5, "around 1e200"),
        ("in float32", by_hypot_in_float32, "wrong", 0.0, "around 1e200"),
        ("the 1-norm", lambda x: np.sum(np.abs(x)), "wrong", 0.0, "the 1-norm"),
    ],
    "midpoint": [
        ("(a + b) / 2", lambda a, b: (a + b) / 2, "wrong", 0.0, "a + b overflows"),
        ("a / 2 + b / 2", lambda a, b: a / 2 + b / 2, "wrong", 0.0, "rounded to 0"),
        ("a + (b - a) / 2", lambda a, b: a + (b - a) / 2, "wrong", 0.0, "b - a overflows"),
        ("np.mean", lambda a, b: np.mean([a, b]), "wrong", 0.0, "a + b overflows"),
        ("in float32", lambda a, b: float((np.float32(a) + np.float32(b)) / 2), "wrong", 0.0,
         "ordinary 1"),
    ],
    "total": [
        ("np.sum", lambda x: np.sum(x), "wrong", 0.0, "it depends on the order"),
        ("sorted by size", by_size, "wrong", 0.0, "a and -a are of one size"),
        ("sorted by size, the largest first", lambda x: by_size(x, -1), "wrong", 0.0,
         "it depends on the order"),
        ("each term rounded to six decimals", lambda x: math.fsum(np.round(x, 6)), "inaccurate",
         0.25, "the error, in units of sum(|x|)"),
        ("in float32, sorted", lambda x: float(naive_sum(np.sort(x.astype(np.float32)))),
         "inaccurate", 0.25, "the error, in units of sum(|x|)"),
        ("the mean", lambda x: math.fsum(x) / len(x), "wrong", 0.0, "the error"),
    ],
    "pairwise": [
        ("a sum without rounding", [0.25, 0.75], "wrong", 0.0, "nothing is absorbed"),
        ("one that spoils both", [1.0, 1e16, -1e16], "wrong", 0.0,
         "a sum that a loop from the left gets exactly"),
        ("another sum", [1e16, -1e16, 2.0], "wrong", 0.0, "a sum of exactly 1"),
        ("an infinity", [np.inf, 1.0], "wrong", 0.0, "2 to 8 finite numbers"),
        ("a pair that cancels first", [1e16, -1e16, 1.0, 0.0], "wrong", 0.0,
         "is the relative error"),
    ],
}
