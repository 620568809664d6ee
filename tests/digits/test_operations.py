"""Each operation against mathematics: its value, its rounding, its slopes."""

import math
import operator

import mpmath
import numpy as np
import pytest

from lib.digits import trace

U = mpmath.mpf(2) ** -53

# Each operation alone: an argument where it is defined, and what mpmath calls it.
UNARY = {
    "sqrt": (2.0, mpmath.sqrt), "cbrt": (-3.0, lambda x: -mpmath.cbrt(-x)),
    "exp": (1.7, mpmath.exp), "exp2": (0.3, lambda x: mpmath.power(2, x)),
    "expm1": (1e-9, mpmath.expm1),
    "log": (1.3, mpmath.log), "log2": (5.0, lambda x: mpmath.log(x, 2)),
    "log10": (7.0, mpmath.log10), "log1p": (1e-9, mpmath.log1p), "sin": (3.0, mpmath.sin),
    "cos": (1.5, mpmath.cos),
    "tan": (1.5, mpmath.tan), "arcsin": (0.99, mpmath.asin), "arccos": (0.99, mpmath.acos),
    "arctan": (0.7, mpmath.atan), "sinh": (0.7, mpmath.sinh), "cosh": (0.7, mpmath.cosh),
    "tanh": (2.0, mpmath.tanh), "arcsinh": (-0.4, mpmath.asinh), "arccosh": (1.01, mpmath.acosh),
    "arctanh": (-0.9, mpmath.atanh), "degrees": (0.1, mpmath.degrees),
    "radians": (10.0, mpmath.radians), "negative": (0.3, lambda x: -x), "absolute": (-0.3, abs),
    "square": (0.1, lambda x: x * x),
}  # fmt: skip
IN_MATH = {"erf": (0.3, mpmath.erf), "erfc": (2.0, mpmath.erfc), "gamma": (4.5, mpmath.gamma),
           "lgamma": (4.5, mpmath.loggamma)}  # fmt: skip
BINARY = {
    "add": (0.1, 0.2, operator.add), "subtract": (0.3, 0.1, operator.sub),
    "multiply": (0.1, 0.3, operator.mul), "divide": (0.1, 0.3, operator.truediv),
    "power": (0.7, 2.3, mpmath.power), "hypot": (0.1, 0.3, mpmath.hypot),
    "arctan2": (0.1, -0.3, mpmath.atan2), "fmod": (7.7, 0.3, lambda x, y: x - 25 * y),
    "remainder": (-7.7, 0.3, lambda x, y: x + 26 * y),
    "logaddexp": (0.1, 0.3, lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y))),
    "copysign": (0.1, -0.3, lambda x, y: -x),
}  # fmt: skip


def check_operation(function, arguments, reference, digits_left):
    result = trace(function, *arguments)
    xs = [mpmath.mpf(x) for x in arguments]
    exact = reference(*xs)
    assert abs(result.exact - exact) <= mpmath.mpf(10) ** -58 * abs(exact)
    assert result.value == result.plain and not result.note
    assert result.digits == pytest.approx(digits_left(result.value, exact), abs=1e-9)
    (line,) = result.lines
    rounding = abs(result.value - exact) / (U * abs(mpmath.mpf(result.value)))
    assert line.rounding == pytest.approx(float(rounding), abs=1e-9)
    orders = np.eye(len(xs), dtype=int).tolist()
    slopes = [mpmath.diff(lambda *ys: reference(*ys), xs, order) for order in orders]
    terms = sum(abs(x * slope / exact) for x, slope in zip(xs, slopes, strict=True))
    assert line.amplification == pytest.approx(float(terms), rel=1e-10)
    assert line.loss == pytest.approx(16 - result.digits)


@pytest.mark.parametrize("name", UNARY)
def test_a_numpy_function_follows_mathematics(name, digits_left):
    x, reference = UNARY[name]
    check_operation(lambda x: getattr(np, name)(x), [x], reference, digits_left)


def in_math(name):
    return getattr(math, name.replace("arc", "a").replace("absolute", "fabs"), None)


@pytest.mark.parametrize("name", [name for name in UNARY | IN_MATH if in_math(name)])
def test_a_function_of_math_follows_mathematics(name, digits_left):
    x, reference = (UNARY | IN_MATH)[name]
    function = in_math(name)
    check_operation(lambda x: function(x), [x], reference, digits_left)


@pytest.mark.parametrize("name", BINARY)
def test_an_operation_on_two_numbers_follows_mathematics(name, digits_left):
    *arguments, reference = BINARY[name]
    check_operation(lambda x, y: getattr(np, name)(x, y), arguments, reference, digits_left)
