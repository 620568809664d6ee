"""Answers to the exercises on low precision: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import functools

import numpy as np

from lib.numbers import MXFP4_E2M1, formats, round_blocks


def capped(exponent):
    return int(min(max(exponent, -127), 127))


def by_sixth(a):
    return -127 if a == 0 else capped(np.floor(np.log2(a / 6)))


def by_log2(a):
    """Right, but for sizes a little below a power of two."""
    return -127 if a == 0 else capped(np.floor(np.log2(a)) - 2)


def power(a):
    return int(np.frexp(a)[1]) - 1


def uncapped(a):
    return -127 if a == 0 else power(a) - 2


def by_chunks(size):
    """Running sums of chunks, then of their sums."""
    def short_sum(terms, add):
        parts = [functools.reduce(add, terms[k:k + size]) for k in range(0, len(terms), size)]
        return functools.reduce(add, parts)

    return short_sum


def in_pairs(terms, add):
    while len(terms) > 1:
        half = len(terms) // 2
        terms = np.append(add(terms[:half], terms[half:2 * half]), terms[2 * half:])
    return terms[0]


def dropping(terms, add):
    """Pairs, and the odd one out is forgotten."""
    while len(terms) > 1:
        half = len(terms) // 2
        terms = add(terms[:half], terms[half:2 * half])
    return terms[0]


def odd_first(terms, add):
    """Pairs, and where their number is odd, first the first two."""
    while len(terms) > 1:
        if len(terms) % 2:
            terms = np.append(add(terms[0], terms[1]), terms[2:])
        else:
            terms = add(terms[::2], terms[1::2])
    return terms[0]


def padded(terms, add):
    """Pairs of a row that is filled with zeros, which costs additions."""
    terms = np.append(terms, np.zeros(2 ** int(np.ceil(np.log2(len(terms)))) - len(terms)))
    return in_pairs(terms, add)


def around_add(terms, add):
    """Exact, and beside the adder."""
    in_pairs(terms, add)
    return float(np.sum(terms))


def sorted_sum(terms, add):
    return functools.reduce(add, np.sort(np.abs(terms)) * np.sign(terms))


def stored(scale_of, largest=lambda x: np.max(np.abs(x))):
    def store_block(x):
        if largest(x) == 0:
            return np.zeros(32)
        scale = scale_of(largest(x))
        return formats.round_to(x / scale, formats.E2M1) * scale

    return store_block


def scale(a):
    return np.ldexp(1.0, capped(power(a) - 2))


def without_zeros(x):
    s = 2.0 ** (np.floor(np.log2(np.max(np.abs(x)))) - 2)
    return formats.round_to(x / s, formats.E2M1) * s


def rounds(count):
    def refined(A, b, coarse):
        x = np.zeros(len(b))
        for _ in range(count):
            x = x + coarse(b - A @ x)
        return x

    return refined


def by_elimination(A, b, coarse):
    """Right, and without the solver that was given."""
    A, x = A.copy(), b.copy()
    for k in range(len(b)):
        pivot = k + np.argmax(np.abs(A[k:, k]))
        A[[k, pivot]], x[[k, pivot]] = A[[pivot, k]], x[[pivot, k]]
        for i in range(len(b)):
            if i != k:
                factor = A[i, k] / A[k, k]
                A[i] -= factor * A[k]
                x[i] -= factor * x[k]
    return x / np.diag(A)


def replaced(A, b, coarse):
    x = coarse(b)
    for _ in range(40):
        x = coarse(b - A @ x)
    return x


def reversed_sign(A, b, coarse):
    x = coarse(b)
    for _ in range(40):
        x = x + coarse(A @ x - b)
    return x


def until(small):
    """Stop by an absolute residual."""
    def refined(A, b, coarse):
        x = np.zeros(len(b))
        for _ in range(250):
            missing = b - A @ x
            if np.max(np.abs(missing)) <= small:
                break
            x = x + coarse(missing)
        return x

    return refined


def endless(A, b, coarse):
    x = np.zeros(len(b))
    while np.any(b - A @ x):
        x = x + coarse(b - A @ x)
    return x


def in_float32(A, b, coarse):
    x = np.zeros(len(b))
    for _ in range(200):
        x = x + coarse((b - A @ x.astype(np.float32)).astype(np.float32))
    return x.astype(np.float32).astype(float)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "stops": {
        "it begins nearer, where it does not start": (75, 1.951, 0.02, 0),
        "only if its steps count": (100, 1.951, 0.02, 0),
        "below a whole gap; half of it is enough": (90, 1.902, 0.02, 0),
        "where it stops in bfloat16": (90, 1.61, 0.02, 0),
        "divide by the rate": (90, 2, 0.02, 0),
        "below half the gap of every number": (90, 1.951, 0, 0),
        "above half the gap of every normal number": (90, 1.951, 0.02, 1),
    },
    "scale": {
        "that is the exponent of a/6, the bug": by_sixth,
        "log2 has rounded up to a whole number": by_log2,
        "exponents end at -127 and 127": uncapped,
        "that is the rule that never clips":
            lambda a: -127 if a == 0 else capped(np.ceil(np.log2(a / 6))),
        "that rounds the logarithm": lambda a: -127 if a == 0 else capped(np.rint(np.log2(a)) - 2),
        "that is the power of two in a": lambda a: -127 if a == 0 else capped(power(a)),
        "frexp's exponent is one more":
            lambda a: -127 if a == 0 else capped(np.frexp(a)[1] - 2),
        "raised OverflowError": lambda a: int(np.floor(np.log2(a))) - 2,
    },
    "add": {
        "as it is from left to right": lambda terms, add: functools.reduce(add, terms),
        "too small, got": by_chunks(64),
        "off by more than the logarithm": by_chunks(32),
        "expected about": by_chunks(8),
        "for 7 terms, 6 are asked for": padded,
        "no sum that add has returned": around_add,
        "0 additions by add": lambda terms, add: float(np.sum(terms)),
        "6 are asked for": dropping,
        "700 of one sign": sorted_sum,
        "a large one, always last": odd_first,
    },
    "read": {
        "line 3 only shows what another line has made": (3, 3, 3, "no cure"),
        "exchanged the two lines": (3, 2, 3, "no cure"),
        "is no power of ten": (2, 3, 400, "no cure"),
        "'cure' is not right": (2, 3, 3, "cure"),
        "off by up to 1": (2, 3, 2, "cure"),
        "2 is too small": (2, 3, 2, "no cure"),
        "whole digits of 3": (2, 3, 2, "cure"),
        "2.7 is no whole number": (2, 3, 2.7, "no cure"),
        "5 is too large": (2, 3, 5, "no cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 0.125),
        "nothing is drawn, and one thread": ("Ada", 0.25),
        "that is half the gap": ("Ben", 0.0625),
        "that is the gap of float16": ("Ben", 2.0**-6),
        "gaps are powers of two": ("Ben", 0.078125),
    },
    "window": {
        "which ratio is too much": [2.0**-24, 2.0**15],
        "the claim holds": [1e-12, 1.0],
        "a very large or small scale": [1e-300, 1e-295],
        "finite numbers above 0": [0.0, 1.0],
        "one to three numbers": [2.0**k for k in range(-60, 0)],
    },
    "store": {
        "which is no power of two": stored(lambda a: a / 6),
        "the exponent of largest / 6": stored(lambda a: 2.0 ** np.floor(np.log2(a / 6))),
        "the rule that never clips": lambda x: round_blocks(
            x, MXFP4_E2M1, rule="fit"),
        "not away from 0": lambda x: round_blocks(x, MXFP4_E2M1, "away"),
        "half-way, so the even element": lambda x: round_blocks(x, MXFP4_E2M1, "zero"),
        "the largest is negative": stored(scale, largest=np.max),
        "x holds a nan": without_zeros,
        "calls lib.numbers.round_blocks": lambda x: round_blocks(x, MXFP4_E2M1),
        "32 numbers are wanted": lambda x: stored(scale)(x)[:31],
        "at the end of scales": stored(lambda a: np.ldexp(1.0, power(a) - 2)),
        "next to 8": stored(lambda a: np.ldexp(1.0, capped(np.floor(np.log2(a)) - 2))),
    },
    "refined": {
        "without a correction": lambda A, b, coarse: coarse(b),
        "not refined until": rounds(3),
        "slow": rounds(20),
        "gains a digit a round": replaced,
        "nearly exact": reversed_sign,
        "the residual has grown": reversed_sign,
        "leaves eight tenths": rounds(50),
        "coarse was not called": by_elimination,
        "b near 1e-200": until(1e-13),
        "more than 300 times": endless,
        "one of float64": in_float32,
        "calls numpy.linalg": lambda A, b, coarse: 0 * coarse(b) + np.linalg.solve(A, b),
    },
}
