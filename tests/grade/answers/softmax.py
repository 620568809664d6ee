"""Answers to the exercises on softmax: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib.numbers import cross_entropy, log_softmax, logsumexp, softmax


def cut_at_30(x):
    """Nearly right: only where e**-x is small beside 1, its digits are lost."""
    if x > 30:
        return -np.exp(-x)
    if x < -30:
        return x
    return -np.log(1 + np.exp(-x))


def cut_on_the_right(x):
    """Nearly right: the series is cut after one term where the next still counts."""
    return -np.exp(-x) if x > 30 else min(x, 0.0) - np.log1p(np.exp(-abs(x)))


def cut_to_zero(x):
    return min(x, 0.0) if abs(x) > 30 else -np.log(1 + np.exp(-x))


def stream_from(start):
    def stream(z):
        m, s = start, 0.0
        for t in z:
            top = max(m, t)
            m, s = top, s * np.exp(m - top) + np.exp(t - top)
        return m + np.log(s)

    return stream


def attend_with(mask):
    """Mask by a finite number, and guard the rows that the mask itself says are empty."""
    def attend(scores, values):
        empty = np.all(scores == -np.inf, axis=-1, keepdims=True)
        weights = softmax(np.where(scores == -np.inf, mask, scores))
        return np.where(empty, 0, weights) @ values

    return attend


def attend_shifted_by(find_top):
    """Guard the empty rows, and shift by a maximum of the wrong numbers."""
    def attend(scores, values):
        terms = np.exp(scores - find_top(scores))
        total = np.sum(terms, axis=-1, keepdims=True)
        return np.where(total == 0, 0, terms / np.where(total == 0, 1, total)) @ values

    return attend


def attend_weighted_by(weigh):
    """Guard the empty rows, and take other weights than the task asks for."""
    def attend(scores, values):
        empty = np.all(scores == -np.inf, axis=-1, keepdims=True)
        return np.where(empty, 0, weigh(scores) @ values)

    return attend


def attend_unmasked(scores, values):
    return softmax(np.where(scores == -np.inf, 0, scores)) @ values


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "row": {
        "you gave how many fit": (2, 65_520, 256),
        "its digits run out": (3, 65_520, 3.39e38),
        "you stopped the sum in float16": (3, 65_520, 2048),
        "the limit of the exponent": (11.09, 65_520, 256),
        "too small": (3, 2048, 256),
        "65 504 terms fit": (3, 65_504, 256),
        "is rounded down to it": (3, 65_505, 256),
        "is rounded up to it": (3, 65_536, 256),
        "still nearer to 65 504": (3, 65_519, 256),
        "a tie goes to the even neighbour": (3, 65_520, 257),
        "2 given, 3 wanted": (3, 65_520),
        "the others not attempted": (3, ..., ...),
    },
    "sigmoid": {
        "as printed, exp(-x) overflows": lambda x: -np.log(1 + np.exp(-x)),
        "log1p is right, but": lambda x: -np.log1p(np.exp(-x)),
        "the rest wants log1p": lambda x: min(x, 0.0) - np.log(1 + np.exp(-abs(x))),
        "got -inf, expected -1000": lambda x: np.log(1 / (1 + np.exp(-x))),
        "beside a threshold": cut_at_30,
        "31    ": cut_on_the_right,
        "cancels where x is large": lambda x: x - logsumexp([x, 0.0]),
        "740      wrong": lambda x: 0.0 if x > 700 else -np.logaddexp(0, -x),
        "got 0, expected -4.248e-18": cut_to_zero,
        "the other class": lambda x: min(-x, 0.0) - np.log1p(np.exp(-abs(x))),
        "got 0, expected -0.6931": lambda x: min(x, 0.0),
        "calls lib.numbers.logsumexp": lambda x: -logsumexp([0.0, -x]),
        "calls lib.numbers.log_softmax": lambda x: log_softmax([x, 0.0])[0],
        "calls lib.numbers.cross_entropy": lambda x: -cross_entropy([x, 0.0], 0),
        "calls numpy.logaddexp": lambda x: -np.logaddexp(0, -x),
    },
    "twice": {
        "which has no floor": (0, 0),
        "the loss of a guess": (0.693, 6.908),
        "k - 1 are left": (0.5514, 5.910),
        "not its logarithm": (0.731, 0.00271),
        "too small": (0.3133, 1.4612),
        "a single one given, 2 wanted": 0.3133,
    },
    "stream": {
        "you have left the masked row as it was": stream_from(-np.inf),
        "some logits lie below this start": stream_from(-1e9),
        "at -1.7e308": stream_from(-1e300),
        "the logarithm of the sum is missing": lambda z: max(z),
        "unsupported operand": lambda z: np.max(z) + np.log(np.sum(np.exp(z - np.max(z)))),
        "not subscriptable": lambda z: z[0] + np.log(np.sum(np.exp(z - z[0]))),
        "walked a second time": lambda z: max(z) + np.log(sum(np.exp(t - max(z)) for t in z)),
        "below -1e9    wrong": lambda z: np.log(sum(np.exp(t) for t in z)),
        "calls lib.numbers.logsumexp": lambda z: logsumexp(list(z)),
        "calls numpy.logaddexp": lambda z: np.logaddexp.reduce(list(z)),
    },
    "attend": {
        "the empty row is not guarded": lambda scores, values: softmax(scores) @ values,
        "you cleaned a nan of the values too": lambda scores, values: np.nan_to_num(
            softmax(scores) @ values),
        "-1e9 is a finite score": lambda scores, values: softmax(
            np.where(scores == -np.inf, -1e9, scores)) @ values,
        "at -1e9       wrong": attend_with(-1e9),
        "below -1e9    wrong": attend_with(-1e6),
        "[0, 0]: got 3, expected 3.5": attend_with(-np.finfo(float).max),
        "one maximum for all rows": attend_shifted_by(np.max),
        "each query has a maximum of its own": attend_shifted_by(lambda scores: np.max(scores, 0)),
        "returns zeros": attend_unmasked,
        "0 * nan is nan": lambda scores, values: np.where(
            np.all(scores == -np.inf, axis=-1, keepdims=True), 0, softmax(scores)) @ values,
        "two keys      wrong": attend_weighted_by(lambda scores: np.isfinite(scores) / np.sum(
            np.isfinite(scores), axis=-1, keepdims=True)),
        "got 4.667, expected 4.924": attend_weighted_by(
            lambda scores: softmax(scores * np.log(2))),
        "got 4.49, expected 4.924": attend_weighted_by(lambda scores: softmax(scores / 2)),
        "nan value     wrong": lambda scores, values: np.where(
            np.all(np.isnan(softmax(scores) @ values), axis=-1, keepdims=True), 0,
            softmax(scores) @ values),
        "returned shape": lambda scores, values: (softmax(scores) @ values).T,
    },
    "break": {
        "a gap of at most 36": (20.0, -20.0),
        "the gap has to be near 36": (20.0, 0.0),
        "look half-way": (36.0, 0.0),
        "z1 above z2": (0.0, 35.6),
        "two finite numbers": (np.inf, 0.0),
        "digits are right, wanted below 1": (1.0, 0.0),
    },
    "read": {
        "line 3 only shows what another line has made": (3, 3, 11, "no cure"),
        "exchanged the two lines": (3, 2, 11, "no cure"),
        "'cure' is not right": (2, 3, 11, "cure"),
        "12 is too large": (2, 3, 12, "no cure"),
        "10 is too small": (2, 3, 10, "no cure"),
        "is no power of ten": (2, 3, 1e11, "no cure"),
        "3 given, 4 wanted": (2, 3, 11),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 2.0),
        "half the gap": ("Ben", 1.0),
        "the gap at 1": ("Ben", 2.0**-7),
        "three bits more": ("Ben", 0.25),
        "4 is too large": ("Ben", 4),
    },
}
