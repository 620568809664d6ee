"""Answers to the exercises on floating point: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import math
from fractions import Fraction

import numpy as np


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


RIGHT = {}

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
        "line 3 only shows what another line has made": (3, 3, 13, "no cure"),
        "exchanged the two lines": (3, 2, 13, "no cure"),
        "is no power of ten": (2, 3, 3.4e13, "no cure"),
        "10 is too small": (2, 3, 10, "no cure"),
        "'cure' is not right": (2, 3, 13, "cure"),
        "none of these: cure, no cure": (2, 3, 13, "perhaps"),
        "line 4 is not it": (2, 4, 13, "no cure"),
        "3 given, 4 wanted": (2, 3, 13),
        "a single one given, 4 wanted": 2,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 2 * 4095 * 2.0**-24),
        "too small": ("Ben", 1e-5),
        "you took one sum; both may be off": ("Ben", 4095 * 2.0**-24),
        "you took eps for u": ("Ben", 2 * 4095 * 2.0**-23),
        "none of these: Ada, Ben": ("both", 2 * 4095 * 2.0**-24),
        "not a number": ("Ben", "5e-4"),
        "a single one given, 2 wanted": "Ben",
    },
}
