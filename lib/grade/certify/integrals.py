"""Certify rules for integrals, asked for half the digits of the format."""

import math

from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import number_of, ratio
from lib.grade.certify.systems import EASY
from lib.grade.report import attempt

FIXED = "It may take a fixed number of points: halve the range where two estimates differ."
FOOLED = ("It may stop because two estimates agree that have seen the same zeros: take points "
          "that no period hits.")
PEAK = ("It may take a fixed number of points, or stop before it has seen the peak: halve the "
        "range where two estimates differ.")
ABSOLUTE = "It may stop at an absolute tolerance: measure in units of the integral."
BACKWARDS = ("It may take a for 0, or the smaller end for a: from a to b the integral is minus "
             "that from b to a.")


def saw_zeros(result, bad):
    """Return whether next to nothing was found where there is something."""
    return result.size > 0.9


WAVE = (Fault(FOOLED, saw_zeros), FIXED)


def read_integral(value, case):
    """Return the value: a number, the first of a tuple, or `.value` or `.integral` of a result."""
    if isinstance(value, tuple) and value:
        value = value[0]
    for name in ("value", "integral"):
        value = attempt(lambda name=name, value=value: getattr(value, name, value),
                        lambda problem, value=value: value)
    return number_of(value, case)


def measure_integral(value, case):
    """Return the error relative to the integral of |f|, and 2 sqrt(u)."""
    gap = abs(value - float(case["I"])) if math.isfinite(value) else math.inf
    return {"error": (ratio(gap, float(case["size"])) if case["size"] else gap,
                      2 * math.sqrt(case.u))}


_UNIT = "; a, b, size = 0.0, 1.0, I"

QUADRATURE = Kind(
    "quadrature", "integrates a function, right to half the digits",
    "integrate(fun, a, b) -> number, or a tuple that begins with it; fun takes floats and arrays",
    ("fun", "a", "b"), ("a", "b"), "q = {f}(fun, a, b); q = q[0] if isinstance(q, tuple) else q; "
    "q = getattr(q, 'value', getattr(q, 'integral', q))",
    {"error": "abs(q - I) / (size or 1)"}, read_integral, measure_integral, (
        Trial("an exponential", "fun = np.exp; a, b = 0.0, 1.5; size = I = np.expm1(1.5)", EASY),
        Trial("a cubic", "c = rng.uniform(1, 2); fun = lambda x: c * x**3; I = c / 4" + _UNIT,
              EASY),
        Trial("a cubic from a to b", "a, b = -rng.uniform(1, 2), 0.5; fun = lambda x: 4 * x**3; "
              "I = b**4 - a**4; size = b**4 + a**4", BACKWARDS),
        Trial("from b to a", "c = rng.uniform(1, 2); fun = lambda x: c / x**2; "
              "a, b = 3.0, 0.5; I = c / a - c / b; size = -I", BACKWARDS),
        Trial("a = b", "a = b = rng.uniform(1, 2); fun = lambda x: x * x; I = size = 0.0",
              BACKWARDS),
        Trial("zero", "fun = lambda x: 0 * x; I = 0.0" + _UNIT, EASY),
        Trial("a steep front", "c = rng.uniform(0.3, 0.4); fun = lambda x: np.tanh(200 * (x - c)); "
              "I = np.log(np.cosh(200 * (1 - c)) / np.cosh(200 * c)) / 200; "
              "a, b, size = 0.0, 1.0, 1.0", FIXED),
        Trial("a root", "fun = np.sqrt; I = 2 / 3" + _UNIT, FIXED),
        Trial("a narrow peak", "c = rng.uniform(0.3, 0.4); "
              "fun = lambda x: 1e-3 / ((x - c)**2 + 1e-6); "
              "I = np.arctan((1 - c) * 1e3) + np.arctan(c * 1e3)" + _UNIT, PEAK),
        Trial("a wave with zeros at 1/2, 1/4, 1/8",
              "fun = lambda x: np.sin(8 * np.pi * x)**2; I = 0.5" + _UNIT, WAVE),
        Trial("a fast wave", "k = rng.uniform(50, 60); fun = lambda x: np.cos(k * x); "
              "I = np.sin(k) / k; a, b, size = 0.0, 1.0, 0.64", FIXED),
        Trial("a tiny scale", "fun = lambda x: 1e-30 * np.exp(3 * x); "
              "I = 1e-30 * np.expm1(3.0) / 3" + _UNIT, ABSOLUTE),
        Trial("a tiny fast wave",
              "k = rng.uniform(150, 180); fun = lambda x: 1e-30 * np.cos(k * x); "
              "I = 1e-30 * np.sin(k) / k; a, b, size = 0.0, 1.0, 0.64e-30",
              (Fault(ABSOLUTE, lambda result, bad: "a fast wave" not in bad), FIXED)),
        Trial("a tiny narrow peak", "c = rng.uniform(0.3, 0.4); "
              "fun = lambda x: 1e-33 / ((x - c)**2 + 1e-6); "
              "I = 1e-30 * (np.arctan((1 - c) * 1e3) + np.arctan(c * 1e3))" + _UNIT,
              (Fault(ABSOLUTE, lambda result, bad: "a narrow peak" not in bad), PEAK)),
    ), "quadrature")
