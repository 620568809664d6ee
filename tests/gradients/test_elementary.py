"""Each elementwise function has the right slope, forwards and backwards."""

import mpmath
import numpy as np
import pytest

from lib.gradients import derivative, grad
from lib.gradients.elementary import CONSTANT, ELEMENTARY
from tests.gradients.functions import ROUNDOFF

# What mpmath calls a function, and points at which it has a derivative.
WIDE, POSITIVE, INSIDE = (-30.0, -1.25, -0.1, 1e-9, 0.7, 3.0, 30.0), (1e-9, 0.3, 1.0, 7.5, 1e6), (
    -0.999, -0.5, 1e-9, 0.25, 0.9999)
UNARY = {
    np.negative: (lambda x: -x, WIDE), np.positive: (lambda x: x, WIDE),
    np.absolute: (abs, WIDE), np.fabs: (abs, WIDE),
    np.exp: (mpmath.exp, WIDE), np.exp2: (lambda x: mpmath.mpf(2) ** x, WIDE),
    np.expm1: (mpmath.expm1, WIDE), np.log: (mpmath.log, POSITIVE),
    np.log2: (lambda x: mpmath.log(x, 2), POSITIVE), np.log10: (mpmath.log10, POSITIVE),
    np.log1p: (mpmath.log1p, (-0.999, -1e-9, *POSITIVE)), np.sqrt: (mpmath.sqrt, POSITIVE),
    np.cbrt: (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), WIDE),
    np.square: (lambda x: x * x, WIDE), np.reciprocal: (lambda x: 1 / x, WIDE),
    np.sin: (mpmath.sin, WIDE), np.cos: (mpmath.cos, WIDE), np.tan: (mpmath.tan, INSIDE),
    np.arcsin: (mpmath.asin, INSIDE), np.arccos: (mpmath.acos, INSIDE),
    np.arctan: (mpmath.atan, (*WIDE, 1e200)), np.sinh: (mpmath.sinh, WIDE),
    np.cosh: (mpmath.cosh, WIDE), np.arcsinh: (mpmath.asinh, (*WIDE, 1e200)),
    np.arccosh: (mpmath.acosh, (1.0001, 1.5, 40.0, 1e200)), np.arctanh: (mpmath.atanh, INSIDE),
    np.deg2rad: (mpmath.radians, WIDE), np.radians: (mpmath.radians, WIDE),
    np.rad2deg: (mpmath.degrees, WIDE), np.degrees: (mpmath.degrees, WIDE),
}
PAIRS = ((0.3, 0.7), (2.5, 0.4), (7.0, 3.0), (1e-5, 2.0))
SIGNED = (*PAIRS, (-2.5, 0.4), (0.3, -0.7), (-7.0, -3.0))
BINARY = {
    np.add: (lambda a, b: a + b, SIGNED), np.subtract: (lambda a, b: a - b, SIGNED),
    np.multiply: (lambda a, b: a * b, SIGNED), np.divide: (lambda a, b: a / b, SIGNED),
    np.power: (lambda a, b: a**b, PAIRS), np.float_power: (lambda a, b: a**b, PAIRS),
    np.maximum: (max, SIGNED), np.minimum: (min, SIGNED), np.hypot: (mpmath.hypot, SIGNED),
    np.arctan2: (mpmath.atan2, (*SIGNED, (1e200, 2e200))),
    np.logaddexp: (lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)), SIGNED),
    np.logaddexp2: (lambda a, b: mpmath.log(mpmath.mpf(2) ** a + mpmath.mpf(2) ** b, 2), SIGNED),
    np.remainder: (lambda a, b: a - b * mpmath.floor(a / b), SIGNED),
    np.fmod: (lambda a, b: a - b * mpmath.sign(a / b) * mpmath.floor(abs(a / b)), SIGNED),
    np.copysign: (lambda a, b: abs(a) * mpmath.sign(b), SIGNED),
}
# Of more arguments, of other arguments than floats, or not known to mpmath within a few u.
APART = {np.tanh, np.clip, np.where, np.ldexp}


def exact(f, *points, place=0):
    """Return a partial derivative, computed with 60 digits."""
    with mpmath.workdps(60):
        points = [mpmath.mpf(float(x)) for x in points]

        def along(x):
            return f(*points[:place], x, *points[place + 1 :])

        h = abs(points[place]) * mpmath.mpf(10) ** -20
        x = points[place]
        return (along(x + h) - along(x - h)) / (2 * h)


def test_every_function_of_the_table_is_tried():
    ufuncs = {f for f in ELEMENTARY if getattr(np, f.__name__, None) is f}
    assert UNARY.keys() | BINARY.keys() | APART == ufuncs


@pytest.mark.parametrize("function", UNARY, ids=lambda f: f.__name__)
def test_slopes_of_one_argument(function):
    f, points = UNARY[function]
    for x in points:
        wanted = exact(f, x)
        # The slope takes five roundings, each function of NumPy in it up to 4 ulp; a cancellation
        # such as 1 - x is of exact numbers. Sines and cosines are within u of their size 1.
        floor = 2 * ROUNDOFF if function in (np.sin, np.cos) else 0
        for found in (grad(function)(x), derivative(function)(x)):
            assert abs(found - wanted) <= 16 * ROUNDOFF * abs(wanted) + floor


@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
def test_slopes_of_two_arguments(function):
    f, points = BINARY[function]
    for a, b in points:
        backwards = grad(lambda x: function(x[0], x[1]))([a, b])
        forwards = (derivative(lambda x: function(x, b))(a),  # noqa: B023
                    derivative(lambda x: function(a, x))(b))  # noqa: B023
        for place in (0, 1):
            wanted = exact(f, a, b, place=place)
            # What is subtracted in the exponents, and in powers, is magnified by its size.
            bound = 16 * ROUNDOFF * (1 + abs(a) + abs(b) if a < 1e9 else 1) * abs(wanted)
            assert abs(backwards[place] - wanted) <= bound
            assert abs(forwards[place] - wanted) <= bound


@pytest.mark.parametrize("function", [*UNARY, np.tanh], ids=lambda f: f.__name__)
def test_both_modes_and_both_precisions_agree(function):
    x = np.float32(1.25 if function is np.arccosh else 0.625)
    backwards, forwards = grad(function)(x), derivative(function)(x)
    assert backwards.dtype == forwards.dtype == np.float32 and backwards == forwards
    wide = grad(function)(float(x))
    assert abs(backwards - wide) <= 32 * ROUNDOFF * 2**29 * abs(wide)


def test_the_slope_of_tanh_is_within_u_of_its_largest():
    for x in (-3.0, 0.0, 0.3, 5.0, 18.0, 400.0):
        with mpmath.workdps(400):
            wanted = mpmath.sech(x) ** 2
            assert abs(grad(np.tanh)(x) - wanted) <= 4 * ROUNDOFF
    # Where tanh is rounded to 1, so is all of its slope.
    assert grad(np.tanh)(20.0) == 0


def test_powers_of_zero_and_to_zero():
    assert grad(lambda x: x**0)(0.0) == 0 and grad(lambda x: x**0.0)(3.0) == 0
    assert grad(lambda x: x**1)(0.0) == 1 and grad(lambda x: x**2)(0.0) == 0
    assert grad(lambda b: 0.0**b)(2.0) == 0
    exponents = np.array([0.0, 1.0, 2.0, 3.0])
    assert np.array_equal(grad(lambda x: np.sum(x**exponents))(np.zeros(4)), [0, 1, 0, 0])
    assert np.array_equal(grad(lambda x: np.sum(x ** [0, 1, 2]))(np.full(3, 3.0)), [0, 1, 6])
    assert grad(lambda x: x**-2)(0.5) == -16
    assert grad(lambda x: 2**x)(3.0) == pytest.approx(8 * np.log(2), rel=4 * ROUNDOFF, abs=0)


def test_choices_and_scalings():
    x = np.array([0.0, 0.25, 0.5, 1.0, 3.0])
    low, high = grad(lambda b: np.sum(np.clip(x, b[0], b[1])))([0.25, 1.0])
    assert (low, high) == (1, 1)
    assert np.array_equal(grad(lambda x: np.sum(np.ldexp(x, 3)))(x), np.full(5, 8.0))
    assert derivative(lambda x: np.ldexp(x, -1))(3.0) == 0.5
    a, b = grad(lambda p: np.sum(np.where(x > 0.5, p[0] * x, p[1])))([2.0, 5.0])
    assert (a, b) == (4.0, 3.0)
    assert derivative(lambda t: np.where(t > 0, np.sqrt(t), -t))(4.0) == 0.25
    assert derivative(lambda t: np.clip(t, 0.0, 1.0))(2.0) == 0


def test_the_origin_of_hypot():
    assert grad(lambda x: np.hypot(x[0], x[1]))([0.0, 0.0]) == [0, 0]
    assert grad(lambda x: np.hypot(x[0], x[1]))([0.0, -2.0]) == [0, -1]


@pytest.mark.parametrize("function", sorted(CONSTANT, key=repr), ids=lambda f: f.__name__)
def test_steps_are_constants(function):
    args = (np.array([0.5, -1.0, 2.0]),) * function.nin
    found = []

    def f(x):
        found.append(function(*(x,) * function.nin))
        return np.sum(x)

    assert np.array_equal(grad(f)(args[0]), np.ones(3))
    assert isinstance(found[0], np.ndarray) and np.array_equal(found[0], function(*args))


@pytest.mark.parametrize("call, same", [
    (lambda x: x + 1, lambda x: np.add(x, 1)), (lambda x: 1 - x, lambda x: np.subtract(1, x)),
    (lambda x: 3 * x, lambda x: np.multiply(3, x)), (lambda x: 3 / x, lambda x: np.divide(3, x)),
    (lambda x: x / 3, lambda x: np.divide(x, 3)), (lambda x: -x, np.negative),
    (lambda x: +x, np.positive), (abs, np.absolute), (lambda x: x % 0.4, lambda x: np.fmod(x, 0.4)),
    (lambda x: 7 % x, lambda x: np.remainder(7, x)), (lambda x: x**2, np.square),
    (lambda x: 2**x, np.exp2), (lambda x: x // 0.3 + x, lambda x: x), (lambda x: 2 // x + x,
                                                                      lambda x: x)])
def test_operators_are_functions(call, same):
    x = np.array([0.625, 2.5])
    one, other = (grad(lambda x, f=f: np.sum(f(x)))(x) for f in (call, same))
    assert np.max(np.abs(one - other)) <= 8 * ROUNDOFF * np.max(np.abs(other))
    assert derivative(call)(0.625) == one[0]
