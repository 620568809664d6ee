"""Answers to the exercises on cancellation: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np

from lib import digits, problems

LEFT = (10.7, 9.7, 3.4, 5.5, 6.4)


def half(x):
    return 2 * (math.sin(x / 2) / x) ** 2


def printed_half(x):
    return (1 - math.cos(x)) / (x * x)


def taylor_half(switch, above=printed_half):
    return lambda x: 0.5 - x * x / 24 if x < switch else above(x)


def series_half(switch, terms, above=printed_half):
    def answer(x):
        if x >= switch:
            return above(x)
        return math.fsum((-1) ** k * x ** (2 * k) / math.factorial(2 * k + 2)
                         for k in range(terms))

    return answer


def of_decimals(x):
    square = Decimal(x) ** 2
    return float(sum((-square) ** k / math.factorial(2 * k + 2) for k in range(20)))


def cosine_distance(q, d):
    w = d - q
    q_norm, d_norm = np.sqrt(np.sum(q * q)), np.sqrt(np.sum(d * d))
    stretch = np.sum(w * (d + q)) / (d_norm + q_norm)
    return (np.sum(w * w) - stretch**2) / (2 * q_norm * d_norm)


def printed_distance(q, d):
    return 1 - np.sum(q * d) / np.sqrt(np.sum(q * q) * np.sum(d * d))


def of_units(q, d):
    w = d / np.sqrt(np.sum(d * d)) - q / np.sqrt(np.sum(q * q))
    return np.sum(w * w) / 2


def equal_lengths(q, d):
    w = d - q
    return np.sum(w * w) / (2 * np.sqrt(np.sum(q * q) * np.sum(d * d)))


def merge(n1, m1, M1, n2, m2, M2):
    gap, n = m2 - m1, n1 + n2
    return (n1 * m1 + n2 * m2) / n, M1 + M2 + gap * gap * (n1 * n2 / n)


def two_shifts(n1, m1, M1, n2, m2, M2):
    mean = merge(n1, m1, M1, n2, m2, M2)[0]
    return mean, M1 + M2 + n1 * (m1 - mean) ** 2 + n2 * (m2 - mean) ** 2


def rebuilt(n1, m1, M1, n2, m2, M2):
    n, mean = n1 + n2, (n1 * m1 + n2 * m2) / (n1 + n2)
    return mean, M1 + n1 * m1 * m1 + M2 + n2 * m2 * m2 - n * mean * mean


def welford_merge(n1, m1, M1, n2, m2, M2):
    mean = merge(n1, m1, M1, n2, m2, M2)[0]
    return mean, M1 + M2 + n2 * (m2 - mean) * (m2 - m1)


def from_the_first(n1, m1, M1, n2, m2, M2):
    gap, n = m2 - m1, n1 + n2
    return m1 + gap * (n2 / n), M1 + M2 + gap * gap * (n1 * n2 / n)


def from_the_last(n1, m1, M1, n2, m2, M2):
    return from_the_first(n2, m2, M2, n1, m1, M1)


def merge_of_fractions(n1, m1, M1, n2, m2, M2):
    n1, m1, M1, n2, m2, M2 = map(Fraction, (n1, m1, M1, n2, m2, M2))
    n = n1 + n2
    mean = (n1 * m1 + n2 * m2) / n
    return float(mean), float(M1 + M2 + (m2 - m1) ** 2 * n1 * n2 / n)


def of_sixty_digits(q, d):
    with mpmath.workdps(60):
        q, d = mpmath.matrix(q.tolist()), mpmath.matrix(d.tolist())
        return float(1 - (q.T * d)[0] / mpmath.sqrt((q.T * q)[0] * (d.T * d)[0]))


def traced(f):
    return lambda *args: float(digits.trace(f, *args).exact)


def by_lengths(q, d):
    q_norm, d_norm = np.sqrt(np.sum(q * q)), np.sqrt(np.sum(d * d))
    return (np.sum((d - q) ** 2) - (d_norm - q_norm) ** 2) / (2 * q_norm * d_norm)


def by_fsum(q, d):
    return 1 - math.fsum(q * d) / math.sqrt(math.fsum(q * q) * math.fsum(d * d))


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "count": {
        "the digits that are lost, not those that are left": tuple(16 - x for x in LEFT),
        "you counted no loss": (16,) * 5,
        "8 digits is too large": (10.7, 9.7, 8, 5.5, 6.4),
        "2 digits is too small": (2, 9.7, 3.4, 5.5, 6.4),
        "4 given, 5 wanted": LEFT[:4],
        "not a number": ("11", "10", "3", "5", "6"),
    },
    "read": {
        "line 5 only shows what another line has made": (5, 5, 9, "no cure"),
        "exchanged the two lines": (5, 4, 9, "no cure"),
        "line 3 is not it": (3, 5, 9, "no cure"),
        "line 2 is not it": (2, 5, 9, "no cure"),
        "line 4 makes it, but it does not show there yet": (4, 4, 9, "no cure"),
        "is no power of ten": (4, 5, 5e8, "no cure"),
        "-9 is too small": (4, 5, -9, "no cure"),
        "16 is too large": (4, 5, 16, "no cure"),
        "'cure' is not right": (4, 5, 9, "cure"),
        "so it is, but p has forgotten q before": (4, 5, 9, "cure"),
        "3 given, 4 wanted": (4, 5, 9),
    },
    "print": {
        "you counted decimals": ".17f",
        "17 significant digits at most": ".20f",
        "for: 17 significant digits at most": ".18g",
        "so few digits": ".5g",
        "the claim holds": ".16f",
        "does not break": ".6e",
        "a text with a number of digits": "",
        "the task asks for: a text with a number": "e",
        "Unknown format code": ".16x",
        "the task asks for: a text with": 16,
    },
    "half": {
        "this is the formula as printed": printed_half,
        "above it the formula as printed is not yet": taylor_half(0.01),
        "0.01 to 0.1          inaccurate": taylor_half(0.005, lambda x: 0.5 - x * x / 24),
        "0.2 to 0.5           unstable": series_half(0.2, 6),
        "chosen  unstable  at 0.40598": series_half(0.4, 7),
        "0.5 to 1             unstable": series_half(4, 6),
        "1 to 1.8             unstable": series_half(1.8, 8),
        "1.8 to 3             unstable": series_half(4, 9),
        "1e-155 to 2e-154     unstable":
            lambda x: 0.5 if x < 1e-155 else 2 * math.sin(x / 2) ** 2 / x**2,
        "(x**2 is subnormal here)":
            lambda x: 0.5 if x < 1e-160 else 2 * math.sin(x / 2) ** 2 / x**2,
        "x**2 is subnormal here": lambda x: 2 * math.sin(x / 2) ** 2 / x**2,
        "underflows for the smallest x": lambda x: 2 * math.sin(x / 2) ** 2 / x**2,
        "got 0.5, expected 0.": lambda x: 0.5,
        "inaccurate": lambda x: 0.5 if x < 1e-6 else printed_half(x),
        "unstable": lambda x: 0.5 if x < 1e-6 else half(x),
        "calls lib.digits, which the task forbids": lambda x: (
            traced(printed_half)(x) if x > 2.5 else (math.sin(x / 2) / (x / 2)) ** 2 / 2),
        "computes in Decimal, asked for is float64": of_decimals,
        "ulp, allowed 4": lambda x: (math.sin(x) / x) ** 2 / (1 + math.cos(x)),
        "returned None": lambda x: print(end=""),
        "too small by a factor of 2": lambda x: half(x) / 2,
    },
    "near_duplicates": {
        "this is the formula as printed": printed_distance,
        "formula as printed": lambda q, d: max(printed_distance(q, d), 0.0),
        "you divide by the norms first": of_units,
        "is algebra": equal_lengths,
        "the sign is wrong": lambda q, d: -cosine_distance(q, d),
        "too large by a factor of 2": lambda q, d: 2 * cosine_distance(q, d),
        "1e-6 apart  unstable": by_lengths,
        "1e-9 apart  wrong": by_fsum,
        "got 1, expected": lambda q, d: 1 - printed_distance(q, d),
        "calls lib.digits": traced(printed_distance),
        "calls mpmath, which the task forbids": of_sixty_digits,
    },
    "merge": {
        "you returned M first": lambda *parts: merge(*parts)[::-1],
        "you left out": lambda n1, m1, M1, n2, m2, M2: (
            merge(n1, m1, M1, n2, m2, M2)[0], M1 + M2),
        "you rebuilt the sums of squares": rebuilt,
        "you took both shifts from the merged mean": two_shifts,
        "you moved from m1 towards m2": from_the_first,
        "few, far, first  unstable": from_the_first,
        "you moved from m2 towards m1": from_the_last,
        "calls fractions, which the task forbids": merge_of_fractions,
        "M: ": rebuilt,
        "M: got 1.08333325, expected 1.08333333: 7 digits are right": welford_merge,
        "M: got 0.01128, expected 1.083": lambda *parts: (
            merge(*parts)[0], merge(*parts)[1] / (parts[0] + parts[3])),
        "mean: got": lambda n1, m1, M1, n2, m2, M2: (
            (m1 + m2) / 2 + 1, merge(n1, m1, M1, n2, m2, M2)[1]),
        "a single one given, 2 wanted": lambda *parts: merge(*parts)[1],
    },
    "judge": {
        "'Ada' is not right": ("Ada", 16306),
        "so x is a factor": ("Ben", 10381),
        "you divided the loss by u": ("Ben", 8500),
        "leave out u": ("Ben", 9.7e-4),
        "the digits at stake": ("Ben", 4.2),
        "none of these: Ada, Ben": ("both", 16306),
        "17000 is too large": ("Ben", 17000),
        "2 wanted": "Ben",
    },
    "hamming": {
        "1 of 28 cases stable, the others not attempted":
            {"example_3_7": math.expm1},
        "these are the expressions as printed":
            {key: plain.function for key, plain in problems.hamming_expressions().items()},
        "a dictionary from keys to functions is wanted": [math.expm1],
        "no such key": {"example_3_7": math.expm1, "example_3_77": math.expm1},
        "unstable       at 0.001: error": {
            "example_3_7": lambda x: x if x < 1e-5 else math.exp(x) - 1},
        "at 0.5: got 0.5, expected 0.6487": {"example_3_7": lambda x: x},
        "at 2.0: got 0.3536, expected 0.3178": {
            "example_3_1": lambda x: 1 / (2 * math.sqrt(x))},
        "TypeError": {"example_3_7": "expm1(x)"},
        "at 1.0, -100000000.0, 1.0": {
            "p42_positive": lambda a, b, c: -2 * c / (b + math.sqrt(b * b - 4 * a * c))},
        "example_3_1, 2.0: calls lib.digits": {
            "example_3_1": traced(problems.hamming_expressions()["example_3_1"].function)},
    },
}
