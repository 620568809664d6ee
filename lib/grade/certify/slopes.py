"""Certify gradients, by differences or by any other means."""

import math

import numpy as np

from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import array_of
from lib.grade.certify.systems import EASY

STEP = ("It may take the same step at every point: take one in units of the variable, such as "
        "cbrt(u) |x| for central differences.")
AT_ZERO = "It may take a step of 0 where the variable is 0: take 1 as its unit there."
VANISHES = ("Its step may vanish beside the variable, as 1e-8 does beside 1 in float32: take one "
            "in units of the variable, such as sqrt(u) |x|.")
LEFT_OUT = "It may leave variables out: each has a component of its own."
OFFSET = "It may take too small a step: the rounding of f is divided by it."


def nothing(result, bad):
    """Return whether no difference was seen at all."""
    return result.parts is not None and not np.any(result.parts)


def small(result, bad):
    """Return whether the error is one of a step, and no other formula's."""
    return result.verdict in ("unstable", "inaccurate")


PLAIN = (Fault(VANISHES, nothing), Fault(STEP, small), EASY)


def read_gradient(value, case):
    """Return the gradient."""
    return array_of(value, case["x"].shape, case)


def measure_gradient(found, case):
    """Return the largest error in units of |g_i| + |f| / l_i, and 10 sqrt(u).

    A forward difference with the step sqrt(u) l_i has about 2 sqrt(u), where l_i is the length over
    which f changes with x_i (Gill, Murray and Wright 1981, section 8.6).
    """
    g, size = np.float64(case["g"]), np.abs(case["g"])
    size = size + abs(float(case["fun"](case["x"]))) / np.float64(case["scale"])
    return {"error": (float(np.max(np.abs(found - g) / size)), 10 * math.sqrt(case.u))}


_PLAIN = ("fun = lambda x: (x[0] / {0})**2 * (x[1] / {1}) + (x[1] / {1})**3; "
          "x = rng.uniform(1, 2, 2) * [{0}, {1}]; p, q = x / [{0}, {1}]; scale = abs(x); "
          "g = np.array([2 * p * q / {0}, (p * p + 3 * q * q) / {1}])")

GRADIENT = Kind(
    "gradient", "finds the gradient of a function, right to half the digits",
    "gradient(fun, x) -> g, with x and g (n,); fun uses + - * / ** on x[0], x[1], ...",
    ("fun", "x"), ("x",), "h = np.float64({f}(fun, x))",
    {"error": "(abs(h - g) / (abs(g) + abs(fun(x)) / scale)).max()"},
    read_gradient, measure_gradient, (
        Trial("a polynomial", _PLAIN.format(1.0, 1.0), PLAIN),
        Trial("n = 1", "fun = lambda x: x[0]**3; x = rng.uniform(1, 2, 1); g = 3 * x**2; scale = x",
              PLAIN),
        Trial("n = 5", "fun = lambda x: x[0] * x[1] / x[2] + x[3]**2 / x[4]; "
              "x = rng.uniform(1, 2, 5); scale = x; g = np.array([x[1] / x[2], x[0] / x[2], "
              "-x[0] * x[1] / x[2]**2, 2 * x[3] / x[4], -x[3]**2 / x[4]**2])",
              (*PLAIN[:2], LEFT_OUT)),
        Trial("negative variables", "fun = lambda x: x[0]**3 * x[1]; x = -rng.uniform(1, 2, 2); "
              "g = np.array([3 * x[0]**2 * x[1], x[0]**3]); scale = abs(x)", STEP),
        Trial("variables near 1e9", _PLAIN.format(1e9, 1e9), STEP),
        Trial("variables near 1e-9", _PLAIN.format(1e-9, 1e-9), STEP),
        Trial("unequal units", _PLAIN.format(1e-8, 1e8), STEP),
        Trial("x = 0", "fun = lambda x: (3 + x[1]) * x[0] + x[1]; x = np.zeros(2); "
              "g = np.array([3.0, 1.0]); scale = np.ones(2)", AT_ZERO),
        Trial("a large offset", "fun = lambda x: x[0] * x[1] + 1000; x = rng.uniform(1, 2, 2); "
              "g = x[::-1]; scale = abs(x)", OFFSET),
    ), "derivatives")
