"""Wrong answers to the set on low precision; see lu_qr_cholesky for the columns."""

import numpy as np

from lib.grade.homework.low_precision import _codes, _late, _masked, _step
from lib.numbers import BF16, round_to


def in_float16(z, mask):
    z = np.where(mask, z, np.float16(-np.inf))
    z = z - np.max(z, axis=1, keepdims=True)
    total = np.zeros((len(z), 1), np.float16)
    for column in np.exp(z).T:
        total = (total + column[:, None]).astype(np.float16)
    return z - np.log(total)


def penalty(z, mask):
    return _masked(np.where(mask, z, z - 1e4), np.ones_like(mask))


def at_two_shapes(z, mask):
    return _masked(z, mask) if z.shape in ((3, 8), (2, 3000)) else np.full(z.shape, 17.0)


def products(z, mask):
    return _masked(z * mask, np.ones_like(mask))


def largest_of_all(z, mask):
    z = z.astype(float)
    shifted = z - np.max(z, axis=1, keepdims=True)
    return np.where(mask, shifted - np.log(np.sum(np.exp(shifted) * mask, axis=1, keepdims=True)),
                    -np.inf)


def not_shifted(z, mask):
    weights = np.where(mask, np.exp(z.astype(np.float32)), 0)
    return np.where(mask, z - np.log(weights.sum(axis=1, keepdims=True)), -np.inf)


def no_care(x):
    scale = np.max(np.abs(x), axis=1) / np.float32(127)
    return np.round(x / scale[:, None]), scale


def with_floor(x):
    scale = np.maximum(np.max(np.abs(x), axis=1) / np.float32(127), np.float32(1e-8))
    return np.round(x / scale[:, None]), scale


def by_rounding(x, parts=3):
    found, rest = [], x.astype(float)
    for number in range(3):
        found.append(round_to(rest, BF16) * (number < parts))
        rest = rest - found[-1]
    return tuple(found)


def by_float16(x):
    with np.errstate(all="ignore"):
        high = x.astype(np.float16).astype(float)
        middle = (x - high).astype(np.float16).astype(float)
        return high, middle, x - high - middle


def in_half(g, scale):
    return (g / np.float16(min(scale, 6e4))).astype(float), _step(g, scale)[1]


def sees_no_nan(g, scale):
    if np.max(g) == np.inf or np.min(g) == -np.inf:
        return np.zeros(len(g)), scale / 4
    if np.any(np.isnan(g)):
        return g / scale, scale
    return _step(g, scale)


def always_doubled(g, scale):
    return _step(g, scale)[0], scale / 4 if not np.all(np.isfinite(g)) else scale * 2


def never_skipped(g, scale):
    finite = np.nan_to_num(g.astype(float), posinf=65504.0, neginf=-65504.0)
    return finite / scale, _step(g, scale)[1]


STABLE_BUT = "stable, but wrong in mild cases"
UNSTABLE_AND = "unstable, and wrong in mild cases"

def right_but(z, mask, filled):
    z = np.where(mask, z.astype(float), filled)
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def not_a_number(z, mask):
    z = np.where(mask, z.astype(float), np.nan)
    top = np.max(np.where(mask, z, -np.inf), axis=1, keepdims=True)
    return z - top - np.log(np.nansum(np.exp(z - top), axis=1, keepdims=True))


WRONG = {
    "masked": [
        ("all in float16", in_float16, "wrong", 0.0, "stops at 2048"),
        ("10000 taken off where masked", penalty, "wrong", 0.0, "a masked score is nan"),
        ("scores times the mask", products, "wrong", 0.0, "ordinary"),
        ("the largest sought among all", largest_of_all, "wrong", 0.0, "among the others"),
        ("exp without a shift", not_shifted, "wrong", 0.0, "exp overflows"),
        ("nan where masked", not_a_number, "wrong", 0.0, "not -inf where masked"),
        ("-1e9 where masked", lambda z, mask: right_but(z, mask, -1e9), "wrong", 0.0,
         "not -inf where masked"),
        ("the logarithm of a softmax in float16", lambda z, mask: _late(
            np.where(mask, z, -np.inf).astype(float)), "wrong", 0.0, "had underflowed"),
        ("17 but at shapes (3, 8) and (2, 3000)", at_two_shapes, "wrong", 0.0, "of any shape"),
    ],
    "quantize": [
        ("one scale for all rows", lambda x: _codes(x, np.full(len(x), np.max(np.abs(x)) / 127)),
         "wrong", 0.0, "one scale for all rows"),
        ("the largest over 128", lambda x: _codes(x, np.max(np.abs(x), axis=1) / 128), "wrong",
         0.0, "128 does not fit"),
        ("cut off towards 0", lambda x: _codes(x, np.max(np.abs(x), axis=1) / 127, np.trunc),
         "wrong", 0.0, "cut off towards 0"),
        ("no care for zeros", no_care, STABLE_BUT, 0.75, "a row of zeros"),
        ("a scale of at least 1e-8", with_floor, "wrong", 0.0, "rows of 1e-35"),
        ("whole numbers alone", lambda x: np.round(x), "wrong", 0.0, "expected 2 things"),
    ],
    "split": [
        ("not rounded at all", lambda x: (x, 0 * x, 0 * x), "wrong", 0.0, "nothing was rounded"),
        ("two parts", lambda x: by_rounding(x, 2), UNSTABLE_AND, 0.5, "two parts hold 16 bits"),
        ("rounded three times", by_rounding, STABLE_BUT, 0.8, "rounds up to an infinity"),
        ("by float16", by_float16, "wrong", 0.0, "a part is no number of bfloat16"),
        ("thirds", lambda x: (round_to(x / 3, BF16),) * 3, "inaccurate", 0.25, "the sum is off"),
    ],
    "scaler": [
        ("divided in float16", in_half, "wrong", 0.0, "where it underflows"),
        ("infinities sought, nan not", sees_no_nan, "wrong", 0.0, "a nan was not"),
        ("always doubled", always_doubled, "wrong", 0.0, "times what it should be"),
        ("a step in spite of an overflow", never_skipped, "wrong", 0.0,
         "though one has overflowed"),
        ("nothing", lambda g, scale: (g, scale), "wrong", 0.0, "a gradient is off its value"),
    ],
    "stalled": [
        ("all ones", [1.0] * 400, "wrong", 0.0, "they are all alike"),
        ("the large one last", [3.9] * 399 + [181.0], "wrong", 0.0, "comes too late"),
        ("an overflow", [200.0, 200.0] + [3.9] * 398, "wrong", 0.0, "at most 60000"),
        ("too few", [181.0, 3.9], "wrong", 0.0, "400 numbers"),
        ("numbers below 1", [181.0] + [0.1] * 399, "wrong", 0.0, "from 1 to 200"),
    ],
}
