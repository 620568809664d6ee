"""Answers to the exercises on floating point: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import math
from fractions import Fraction

import numpy as np

from lib.numbers import formats

FORMATS = (formats.FP16, formats.FP32, formats.FP64)


def clock_error(hours, bits):
    chopped = Fraction(2**bits // 10, 2**bits)
    return float((Fraction(1, 10) - chopped) * hours * 3600 * 10)


def chopped_float(hours, bits):
    return (0.1 - np.floor(0.1 * 2**bits) / 2**bits) * hours * 36000


def rounded(hours, bits):
    nearest = Fraction(round(Fraction(2**bits, 10)), 2**bits)
    return float((Fraction(1, 10) - nearest) * hours * 36000)


def stall(t, p):
    m, e = np.frexp(t)
    return 2.0 ** int(p + e - (m == 0.5))


def log_det(K):
    sign, log_of_abs = np.linalg.slogdet(K)
    return log_of_abs if sign > 0 else np.nan


def round_randomly(x, gap, rng):
    return np.floor(x / gap + rng.random(x.shape)) * gap


def alternating(x, gap, rng):
    """Right on average over many equal numbers, but with no chance in it."""
    a = np.ravel(x / gap)
    up = np.floor(np.cumsum(a - np.floor(a)) + 1e-9)
    return gap * np.reshape(np.floor(a) + np.diff(up, prepend=0), np.shape(x))


def one_per_row(x, gap, rng):
    return np.floor(x / gap + rng.random(len(x))) * gap


def cheapest(kappa, tolerance):
    for fmt in FORMATS:
        if kappa * fmt.u < tolerance:
            return fmt.u
    return np.nan


RIGHT = {
    "counters": ((256, 2048, 16, 8), 0.48),
    "clock": clock_error,
    "pixels": stall,
    "determinant": log_det,
    "spoil": [1.0, 1e100, 1.0, -1e100],
    "stochastic": round_randomly,
    "read": (2, 3, 15, "no cure"),
    "judge": ("B", 2.0**-8),
    "format": cheapest,
}

# By what the report has to say of each, somewhere.
WRONG = {
    "counters": {
        "the largest number of a format": ((3.4e38, 65504, 448, 57344), 0.48),
        "stopped one step early": ((255, 2047, 15, 7), 0.48),
        "half-way goes to the even neighbour": ((257, 2049, 17, 9), 0.48),
        "the bit that is not stored": ((128, 1024, 8, 4), 0.48),
        "one bit too many": ((512, 4096, 32, 16), 0.35),
        "Adam's factor in bf16  not right  1 is too large": ((256, 2048, 16, 8), 1.0),
        "4 given, 5 wanted": (256, 2048, 16, 8),
        "a single one given, 5 wanted": 256,
        "the others not attempted": ((256, 2048, 16, 8), ...),
    },
    "clock": {
        "0.1 was the float": chopped_float,
        "you rounded 0.1": rounded,
        "too small by a factor of 10": lambda hours, bits: clock_error(hours, bits) / 10,
        "the sign is wrong": lambda hours, bits: -clock_error(hours, bits),
        "got 0.3433, expected 0.1287": lambda hours, bits: 0.34332275390625,
        "returned Fraction": lambda hours, bits: Fraction(hours, 2**bits),
        "returned None": lambda hours, bits: print(end=""),
        "got 0, expected": lambda hours, bits: (0.1 - int(0.1 * 2**bits) / 2**bits) * hours * 36000,
    },
    "pixels": {
        "where the gap is t": lambda t, p: stall(t, p) / 2,
        "log2 rounds": lambda t, p: 2.0 ** int(p + np.ceil(np.log2(t))),
        "an exact power of two": lambda t, p: 2.0 ** int(p + np.frexp(t)[1]),
        "above 2^40": lambda t, p: 2.0 ** (p + math.ceil(math.log2(t))),
        "expected 0.25": lambda t, p: 2.0**p * t,
        "returned nan": lambda t, p: np.nan,
    },
    "determinant": {
        "got -inf, expected": lambda K: np.log(np.linalg.det(K)),
        "you forgot the 2": lambda K: np.sum(np.log(np.diag(np.linalg.cholesky(K)))),
        "base 10": lambda K: log_det(K) / np.log(10),
        "K's diagonal": lambda K: np.sum(np.log(np.diag(K))),
        "returned shape (2,)": lambda K: np.array(np.linalg.slogdet(K)),
        "wrong": lambda K: np.log(np.linalg.det(K) + 1e-300),
        "too large": lambda K: np.log(np.finfo(float).tiny + np.abs(np.linalg.det(K))),
    },
    "spoil": {
        "15 digits are right, wanted below 1": [1.0, 2.0, 3.0],
        "the task asks for: four numbers at most": [1.0, 1e100, 1.0, -1e100, 1.0],
        "the task asks for: a sum other than 0": [1.0, -1.0],
        "the task asks for: one row of finite numbers": [1.0, np.inf],
        "not admitted": [[1.0, 1e100], [1.0, -1e100]],
        "returns exactly": [1.7e308, 1.7e308, -1.7e308],
        "could not convert": ["1", "two"],
        "which has digits": [],
        "does not break": [0.1, 0.2, 0.3, 0.4],
    },
    "stochastic": {
        "rounding to nearest": lambda x, gap, rng: np.rint(x / gap) * gap,
        "a fair coin": lambda x, gap, rng: gap * (
            np.floor(x / gap) + (rng.random(x.shape) < 0.5)),
        "one random number decides": lambda x, gap, rng: gap * np.floor(x / gap + rng.random()),
        "from gaps to numbers": lambda x, gap, rng: np.floor(x / gap + rng.random(x.shape)),
        "biased, in gaps: 0.5": lambda x, gap, rng: gap * np.floor(
            x / gap + rng.random(x.shape) - 0.5),
        "not random: the same from every rng": alternating,
        "not repeatable": lambda x, gap, rng: np.floor(
            x / gap + np.random.default_rng().random(x.shape)) * gap,
        "off the grid": lambda x, gap, rng: x + gap * (rng.random(x.shape) - 0.5),
        "not a neighbour": lambda x, gap, rng: gap * np.floor(
            x / gap + 4 * rng.random(x.shape) - 1.5),
        "could not be broadcast": one_per_row,
        "of shape (80000,)": lambda x, gap, rng: np.ravel(round_randomly(x, gap, rng)),
        "returned None": lambda x, gap, rng: rng.shuffle(x),
        "changed its argument": lambda x, gap, rng: np.multiply(
            np.floor(x / gap + rng.random(x.shape)), gap, out=x),
    },
    "read": {
        "line 3 only shows what another line has made": (3, 3, 15, "no cure"),
        "exchanged the two lines": (3, 2, 15, "no cure"),
        "is not a power": (2, 3, 3.4e15, "no cure"),
        "12 is too small": (2, 3, 12, "no cure"),
        "'cure' is not right": (2, 3, 15, "cure"),
        "none of these: cure, no cure": (2, 3, 15, "perhaps"),
        "line 4 is not it": (2, 4, 15, "no cure"),
        "3 given, 4 wanted": (2, 3, 15),
        "a single one given, 4 wanted": 2,
    },
    "judge": {
        "'A' is not right": ("A", 2.0**-8),
        "too large": ("B", 2.0**-7),
        "too small": ("B", 2.0**-9),
        "none of these: A, B": ("both", 2.0**-8),
        "not a number": ("B", "half a gap"),
        "a single one given, 2 wanted": "B",
    },
    "format": {
        "you used eps, not u": lambda kappa, tolerance: 2 * cheapest(2 * kappa, tolerance),
        "compared with eps": lambda kappa, tolerance: cheapest(2 * kappa, tolerance),
        "returned eps": lambda kappa, tolerance: 2 * cheapest(kappa, tolerance),
        "the dearest format": lambda kappa, tolerance: (
            2.0**-53 if kappa * 2.0**-53 < tolerance else np.nan),
        "equal is not below": lambda kappa, tolerance: next(
            (fmt.u for fmt in FORMATS if kappa * fmt.u <= tolerance), np.nan),
        "returned None": lambda kappa, tolerance: next(
            (fmt.u for fmt in FORMATS if kappa * fmt.u < tolerance), None),
        "returned a number where nan is right": lambda kappa, tolerance: next(
            (fmt.u for fmt in FORMATS if kappa * fmt.u < tolerance), 2.0**-53),
        "returned str": lambda kappa, tolerance: "float32",
    },
}
