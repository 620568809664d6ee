"""Wrong answers to the set on the flow of gradients; see lu_qr_cholesky for the columns."""

import math

import numpy as np

from lib.grade.homework.gradient_flow import _formula, _late_log, _log_gain, _norm, _unit


def scaled(size):
    def clip(*given):
        with np.errstate(all="ignore"):
            factor = size(*given)
            return tuple(part * part.dtype.type(min(1.0, factor)) for part in given[:3])

    return clip


def in_own_format(*given):
    square = sum(np.sum(part * part) for part in given[:3])
    return float(given[3] / np.sqrt(square))


def with_epsilon(*given):
    return given[3] / (_norm(*given[:3]) + 1e-3)


def each(*given):
    return tuple(part * min(1, given[3] / max(_norm(part), 1e-300)) for part in given[:3])


def stretched(*given):
    return tuple(part * (given[3] / max(_norm(*given[:3]), 1e-300)) for part in given[:3])


def elements(*given):
    return tuple(np.clip(part, -given[3], given[3]) for part in given[:3])


def from_a_vector(J):
    v, total = np.ones(J.shape[1]) / J.shape[1] ** 0.5, 0.0
    for layer in J:
        v = layer @ v
        size = np.sqrt(v @ v)
        if size == 0:
            return -np.inf
        v, total = v / size, total + math.log(size)
    return total


def by_differences(x, g):
    step = 1e-6
    slopes = [(g @ _unit(x + step * e) - g @ _unit(x - step * e)) / (2 * step)
              for e in np.eye(len(x))]
    return np.array(slopes)


def with_safety(x, g):
    deviation = np.sqrt(np.var(x) + 1e-5)
    unit = (x - np.mean(x)) / deviation
    return (g - np.mean(g) - unit * np.mean(g * unit)) / deviation


WRONG = {
    "clip": [
        ("nothing", lambda a, b, c, limit: (a, b, c), "wrong", 0.0, "nothing was clipped"),
        ("each part by itself", each, "wrong", 0.0, "each part was clipped by itself"),
        ("each element", elements, "wrong", 0.0, "elements were clipped"),
        ("always to the limit", stretched, "wrong", 0.0, "stretched to it"),
        ("squares in the own format", scaled(in_own_format), "wrong", 0.0, "float32, 1e25"),
        ("1e-3 added to the norm", scaled(with_epsilon), "wrong", 0.0, "far below the limit"),
        ("the first alone", lambda a, b, c, limit: a, "wrong", 0.0, "expected 3 things"),
    ],
    "gain": [
        ("the logarithm at the end", _late_log, "wrong", 0.0, "left the range"),
        ("gains of the layers added", lambda J: np.sum(np.log(
            np.maximum(np.linalg.svd(J, compute_uv=False)[:, 0], 1e-300))), "wrong", 0.0,
         "directions differ"),
        ("the mean per layer", lambda J: _log_gain(J) / len(J), "wrong", 0.0, "not the sum"),
        ("eigenvalues of the product", lambda J: _log_gain(J, eigen=True), "wrong", 0.0,
         "12 layers"),
        ("one vector pushed through", from_a_vector, "wrong", 0.0, "12 layers"),
    ],
    "slope": [
        ("g over the deviation", lambda x, g: g / np.std(x), "wrong", 0.0,
         "taken for constants"),
        ("the mean's part alone", lambda x, g: (g - np.mean(g)) / np.std(x), "wrong", 0.0,
         "the deviation was taken for a constant"),
        ("the deviation's part alone", lambda x, g: (
            g - _unit(x) * np.mean(g * _unit(x))) / np.std(x), "wrong", 0.0,
         "the mean was taken for a constant"),
        ("n - 1 in place of n", lambda x, g: _formula(x, g, 1), "wrong", 0.0, "n - 1 in place"),
        ("an epsilon of 1e-5 in the variance", with_safety, "wrong", 0.0, "tiny features"),
        ("central differences, step 1e-6", by_differences, "wrong", 0.0, "tiny features"),
    ],
    "pair": [
        ("half the identity twice", [np.eye(2) / 2, np.eye(2) / 2], "wrong", 0.0, "they commute"),
        ("two symmetric layers", [[[0.5, 0.3], [0.3, 0.5]], [[0.9, 0.0], [0.0, 0.1]]], "wrong",
         0.0, "both are symmetric"),
        ("the same triangle twice", [[[0.9, 4.0], [0.0, 0.9]]] * 2, "wrong", 0.0, "they commute"),
        ("an eigenvalue of 2", [[[2.0, 4.0], [0.0, 1.0]], np.eye(2) / 2], "wrong", 0.0,
         "at most 0.9 in size"),
        ("elements of 100", [[[0.0, 100.0], [0.0, 0.0]], [[0.0, 0.0], [100.0, 0.0]]], "wrong", 0.0,
         "elements of at most 6 in size"),
    ],
}
