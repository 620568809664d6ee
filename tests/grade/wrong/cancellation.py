"""Wrong answers to the set on cancellation; see lu_qr_cholesky for the columns."""

import math

import numpy as np

from lib.grade.homework.cancellation import _by_cosine, _by_fft, _heron


def as_loop(r, n):
    total = 0.0
    for _ in range(n):
        total = total * (1 + r) + 1
    return total


def log_first(r, n):
    return np.expm1(n * np.log(1 + r)) / r if r else float(n)


def exp_minus_one(r, n):
    return (np.exp(n * np.log1p(r)) - 1) / r if r else float(n)


def series(r, n):
    return n + n * (n - 1) / 2 * r + n * (n - 1) * (n - 2) / 6 * r * r


def sorted_heron(a, b, c):
    return _heron(*sorted((a, b, c)))


def unsorted(a, b, c):
    product = (a + (b + c)) * (c - (a - b)) * (c + (a - b)) * (a + (b - c))
    return math.sqrt(max(product, 0.0)) / 4


def squared(a, b, c):
    inner = (a * a + b * b - c * c) / 2
    return math.sqrt(max(a * a * b * b - inner * inner, 0.0)) / 2


def unscaled(a, b, c):
    c, b, a = sorted((a, b, c))
    return math.sqrt((a + (b + c)) * (c - (a - b)) * (c + (a - b)) * (a + (b - c))) / 4


def normal(p, k):
    places = np.arange(k * (len(p) - 1) + 1)
    mean = np.sum(p * np.arange(len(p)))
    spread = k * np.sum(p * (np.arange(len(p)) - mean) ** 2) + 1e-300
    chances = np.exp(-((places - k * mean) ** 2) / (2 * spread))
    return chances / np.sum(chances)


def in_float32(p, k):
    total = np.ones(1, np.float32)
    for _ in range(k):
        total = np.convolve(total, p.astype(np.float32))
    return total.astype(float)


STABLE_BUT = "stable, but wrong in mild cases"
INACCURATE_AND = "inaccurate, and wrong in mild cases"

WRONG = {
    "growth": [
        ("the fraction as it is", lambda r, n: ((1 + r) ** n - 1) / r, INACCURATE_AND, 0.25,
         "got 0"),
        ("the fraction, n at r = 0", lambda r, n: ((1 + r) ** n - 1) / r if r else float(n),
         INACCURATE_AND, 0.25, "1 + r has rounded r"),
        ("expm1 of n log(1 + r)", log_first, INACCURATE_AND, 0.25, "r near 1e-17"),
        ("exp of n log1p(r), minus 1", exp_minus_one, INACCURATE_AND, 0.25, "r near 1e-17"),
        ("three terms of the series", series, "wrong", 0.0, "r near 0.3"),
        ("Horner's rule, n steps", as_loop, "unstable", 0.5, "r near 0.3"),
    ],
    "area": [
        ("Heron's formula", _heron, "wrong", 0.0, "Heron's formula"),
        ("Heron's formula, sorted", sorted_heron, "wrong", 0.0, "short side, some u"),
        ("the law of cosines", _by_cosine, "wrong", 0.0, "1 - cos^2 cancels"),
        ("squares of squares", squared, "wrong", 0.0, "short side"),
        ("Kahan's formula, not sorted", unsorted, "wrong", 0.0, "nearly flat"),
        ("Kahan's formula, not scaled", unscaled, STABLE_BUT, 0.88, "sides of 1e150"),
    ],
    "rolls": [
        ("a fast Fourier transform", _by_fft, "wrong", 0.0, "u times the largest"),
        ("the same, negative chances set to 0", lambda p, k: np.maximum(_by_fft(p, k), 0.0),
         "wrong", 0.0, "kept their errors"),
        ("powers of the chances", lambda p, k: p**k / np.sum(p**k), "wrong", 0.0,
         "returned shape"),
        ("the normal distribution", normal, "wrong", 0.0, "a die, 9 times"),
        ("in float32", in_float32, "wrong", 0.0, "a die, 9 times"),
    ],
    "turn": [
        ("points far from a line", [[0.5, 0.5], [1.0, 1.0], [2.0, 3.0]], "wrong", 0.0,
         "far from a line"),
        ("a turn to the right", [[0.5, 0.5], [1.0, 1.0], [3.0, 2.0]], "wrong", 0.0,
         "points that turn left"),
        ("points on a line", [[0.5, 0.5], [1.0, 1.0], [2.0, 2.0]], "wrong", 0.0,
         "points that turn left"),
        ("another first coordinate", [[0.25, 0.5], [1.0, 1.0], [2.0, 3.0]], "wrong", 0.0,
         "a first coordinate of 0.5"),
        ("two points", [[0.5, 0.5], [1.0, 1.0]], "wrong", 0.0, "2 given, 3 wanted"),
        ("coordinates of 1e20", [[0.5, 0.5], [1e20, 1.0], [1e20, 3.0]], "wrong", 0.0,
         "coordinates from 0.1 to 100"),
    ],
}
