"""Answers to the exercises on quadrature: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

from itertools import pairwise

import numpy as np
from scipy.integrate import quad

from lib.calculus import adaptive


def around(n):
    return np.linspace(0, 2 * np.pi, n, endpoint=False)


def both_ends(f, n):
    return np.mean(f(np.linspace(0, 2 * np.pi, n)))


def neither_end(f, n):
    return np.mean(f(np.linspace(0, 2 * np.pi, n + 2)[1:-1]))


def half_weights(f, n):
    values = f(np.linspace(0, 2 * np.pi, n))
    return (np.sum(values) - values[0] / 2 - values[-1] / 2) / (n - 1)


def one_more(f, n):
    return np.mean(f(np.linspace(0, 2 * np.pi, n + 1)[:-1].repeat(2)[: n + 1]))


def one_by_one(f, n):
    return np.mean([f(angle) for angle in around(n)])


def density(z):
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def weighted(g, mean, deviation):
    return lambda z: g(mean + deviation * z) * density(z)


def in_x(g, mean, deviation):
    return adaptive(lambda x: g(x) * density((x - mean) / deviation) / deviation, -np.inf,
                    np.inf).value


def by_scipy(g, mean, deviation):
    return quad(lambda x: float(g(np.array([x]))[0]) * density((x - mean) / deviation) / deviation,
                -np.inf, np.inf)[0]


def three_deviations(g, mean, deviation):
    return adaptive(weighted(g, mean, deviation), -3, 3).value


def eight_deviations(g, mean, deviation):
    z = np.linspace(-8, 8, 8001)
    return np.sum(weighted(g, mean, deviation)(z)) * (z[1] - z[0])


def by_scipy_in_z(g, mean, deviation):
    f = weighted(g, mean, deviation)
    return sum(quad(lambda z: float(f(np.array([z]))[0]), a, b, epsrel=1e-11, limit=200)[0]
               for a, b in ((-40, 0), (0, 40)))


def shares_of_x(g, mean, deviation):
    ends = mean - 40 * deviation, mean, mean + 40 * deviation
    return sum(adaptive(lambda x: g(x) * density((x - mean) / deviation) / deviation, a, b,
                        rtol=1e-11, atol=1e-300).value for a, b in pairwise(ends))


def by_hermite(g, mean, deviation):
    x, w = np.polynomial.hermite.hermgauss(20)
    return w @ g(mean + deviation * np.sqrt(2) * x) / np.sqrt(np.pi)


def by_chance(g, mean, deviation):
    return np.mean(g(mean + deviation * np.random.default_rng(3).standard_normal(20_000)))


def long_trapezoid(g, mean, deviation):
    z = np.linspace(-40, 40, 2_000_001)
    return np.sum(weighted(g, mean, deviation)(z)) * (z[1] - z[0])


def times_deviation(g, mean, deviation):
    z = np.linspace(-40, 40, 8001)
    return np.sum(weighted(g, mean, deviation)(z)) * (z[1] - z[0]) * deviation


def as_variance(g, mean, deviation):
    z = np.linspace(-40, 40, 8001)
    return np.sum(weighted(g, mean, np.sqrt(deviation))(z)) * (z[1] - z[0])


def unnormalised(g, mean, deviation):
    z = np.linspace(-40, 40, 8001)
    return np.sum(weighted(g, mean, deviation)(z)) * (z[1] - z[0]) * np.sqrt(2 * np.pi)


def log_mean(logs):
    largest = np.max(logs)
    weights = np.exp(logs - largest)
    mean = np.mean(weights)
    return largest + np.log(mean), np.std(weights, ddof=1) / np.sqrt(len(logs)) / mean


def naive(logs):
    weights = np.exp(logs)
    mean = np.mean(weights)
    return np.log(mean), np.std(weights, ddof=1) / np.sqrt(len(logs)) / mean


def with_bar(change):
    def answer(logs):
        value, bar = log_mean(logs)
        return value, change(value, bar, len(logs))
    return answer


def with_value(change):
    def answer(logs):
        value, bar = log_mean(logs)
        return change(value, logs), bar
    return answer


def with_variance(of_one_weight):
    def answer(logs):
        largest = np.max(logs)
        weights = np.exp(logs - largest)
        mean, variance = np.mean(weights), np.var(weights, ddof=1)
        root = np.sqrt(len(logs))
        return largest + np.log(mean), variance / root / (mean if of_one_weight else root * mean)
    return answer


def of_finite(logs):
    return log_mean(logs[np.isfinite(logs)])


def in_place(logs):
    value, bar = log_mean(logs)
    logs -= np.max(logs)
    return value, bar


def half_precision(logs):
    value, bar = log_mean(logs.astype(np.float32))
    return float(value), float(bar)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "take 1 off": (2, 1.25, 9.4),
        "this is the factor from line to line": (2, 2.38, 9.4),
        "the logarithm to the base 2": (2, -0.13, 9.4),
        "for a root the error falls by 2.83": (2, 0.5, 9.4),
        "for a jump the error falls by 2 a line": (2, 0.0, 9.4),
        "so a is above 0": (2, -0.25, 9.4),
        "2.83 for a root": (2, 0.25, 7.8),
        "the shortest says most": (2.5, 0.25, 9.4),
        "this is how many digits are missing": (2, 0.25, 3.5),
        "more than 2": (2, 0.25, 11.7),
        "count from the last line": (2, 0.25, 19),
        "2 given, 3 wanted": (2, 0.25),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 4e6),
        "Ada's bar alone": ("Ben", 1.067e7),
        "Ben's bar alone": ("Ben", 6.4e6),
        "opposite signs": ("Ben", 1.6e7),
        "which would add squares": ("Ben", 5.488e6),
        "not how many times too far": ("Ben", 0.0032),
    },
    "mean": {
        "two of the angles are the same point": both_ends,
        "where 8 equal steps around the circle are 0.7854": neither_end,
        "lie 3.534 apart": lambda f, n: np.mean(f(around(n) / 2)),
        "shape (62,), (61,) is wanted": lambda f, n: np.mean(f(np.arange(0, 2 * np.pi,
                                                                          2 * np.pi / n))),
        "the same point": half_weights,
        "shape (9,), (8,) is wanted": one_more,
        "f was called 8 times": one_by_one,
        "this is the integral": lambda f, n: 2 * np.pi * np.mean(f(around(n))),
        "f was called 0 times": lambda f, n: 0.0,
        "of shape (8,)": lambda f, n: f(around(n)),
        "expected 1.26607": lambda f, n: np.mean(f(around(n)).astype(np.float32)),
    },
    "blind": {
        "sees the peak": (0.5, 0.007),
        "w of 0.007 at least": (0.295, 0.001),
        "c between 0 and 1": (1.5, 0.01),
        "two finite numbers": (0.3, np.inf),
        "of the peak are missed": (0.295, 0.05),
    },
    "expectation": {
        "the mass was missed": in_x,
        "x, mean 800": by_scipy,
        "off by": three_deviations,
        "|x - 5|": by_hermite,
        "got 80": by_chance,
        "more than 20000 values of g": long_trapezoid,
        "the density lacks 1 / deviation": times_deviation,
        "the deviation was taken for a variance": as_variance,
        "max(x - 110, 0), mean 100     wrong": eight_deviations,
        "|x - 5| / 1e12                inaccurate": by_scipy_in_z,
        "neighbouring floats x lie 1.2e-07 deviations apart": shares_of_x,
        "lacks 1 / sqrt(2 pi)": unnormalised,
        "this is g at the mean": lambda g, mean, deviation: g(np.array([mean]))[0],
    },
    "bars": {
        "the root of the number of samples": (10, 5, 0.99**20, 4**12),
        "not ten digits": (1e20, 5, 0.99**20, 4**12),
        "the root of the number of copies": (100, 25, 0.99**20, 4**12),
        "above 1": (100, 0.2, 0.99**20, 4**12),
        "one hit or more": (100, 5, 0.182, 4**12),
        "the expected number of hits": (100, 5, 0.2, 4**12),
        "all twenty have to": (100, 5, 0.99, 4**12),
        "points multiply": (100, 5, 0.818, 48),
        "not the reverse": (100, 5, 0.818, 12**4),
    },
    "log": {
        "exp overflows": naive,
        "the number of weights is missing":
            with_value(lambda value, logs: value + np.log(len(logs))),
        "the mean of the logarithms is smaller":
            with_value(lambda value, logs: np.mean(logs[np.isfinite(logs)])),
        "weights of 0 count in the mean": of_finite,
        "divide by the mean": with_bar(lambda value, bar, n: bar * np.exp(value)),
        "divide by the root of n": with_bar(lambda value, bar, n: bar * np.sqrt(n)),
        "divided by n, not by its root": with_bar(lambda value, bar, n: bar / np.sqrt(n)),
        "the denominator n - 1": with_bar(lambda value, bar, n: bar * np.sqrt(1 - 1 / n)),
        "one is asked for": with_bar(lambda value, bar, n: 2 * bar),
        "its logarithm": with_bar(lambda value, bar, n: np.log(bar) if bar else -np.inf),
        "two numbers are wanted": lambda logs: log_mean(logs)[0],
        "the mean of the logarithms, -inf for a weight of 0":
            with_value(lambda value, logs: np.mean(logs)),
        "the two numbers are swapped": lambda logs: log_mean(logs)[::-1],
        "the variance in place of its root": with_variance(True),
        "the variance of the mean; its root": with_variance(False),
        "or the variance has the denominator n - 1": with_bar(
            lambda value, bar, n: bar / np.sqrt(n) if n == 2 else bar),
        "changed its argument": in_place,
        "too": half_precision,
    },
}
