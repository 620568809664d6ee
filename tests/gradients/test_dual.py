"""Numbers that carry their derivative along."""

from fractions import Fraction

import numpy as np
import pytest

from lib.gradients import Dual, derivative, grad
from tests.gradients.functions import ROUNDOFF


def test_the_rules_of_arithmetic():
    x = Dual(3.0, 1.0)
    assert repr(x * x) == "Dual(9.0, 6.0)" and repr(2 * x - 1) == "Dual(5.0, 2.0)"
    assert repr(6 / x) == f"Dual(2.0, {-2 / 3})" and repr(x**2) == "Dual(9.0, 6.0)"
    assert repr(x * Dual(5.0, 10.0)) == "Dual(15.0, 35.0)"
    assert x > 2 and x == 3 and not x < 3 and bool(x)


@pytest.mark.parametrize("f, x, wanted", [
    (lambda x: x * np.exp(-x), 0.5, lambda x: (1 - x) * np.exp(-x)),
    (lambda x: np.sin(x) / x, 0.7, lambda x: np.cos(x) / x - np.sin(x) / x**2),
    (lambda x: np.sqrt(1 + x * x), 2.0, lambda x: x / np.sqrt(1 + x * x)),
    (lambda x: np.log1p(np.exp(-x)), 0.3, lambda x: -1 / (1 + np.exp(x))),
    (lambda x: x**x, 1.5, lambda x: x**x * (np.log(x) + 1)),
    (lambda x: abs(x) * x, -2.0, lambda x: 2 * abs(x)),
])
def test_derivatives_of_formulas(f, x, wanted):
    assert derivative(f)(x) == pytest.approx(wanted(x), rel=8 * ROUNDOFF, abs=0)
    assert derivative(f)(x) == pytest.approx(grad(f)(x), rel=4 * ROUNDOFF, abs=0)


def test_loops_and_branches():
    def root(x):
        guess = 1.0
        while abs(guess * guess - x) > 1e-15 * x:
            guess = (guess + x / guess) / 2
        return guess

    assert derivative(root)(2.0) == pytest.approx(0.5 / np.sqrt(2), rel=8 * ROUNDOFF, abs=0)
    assert derivative(lambda x: x * x if x > 0 else -x)(-3.0) == -1.0


def test_a_program_is_differentiated_and_not_its_formula():
    # (1 - cos x) / x**2 has slope -x/12 near 0; the program divides what is left of 1 - cos x.
    found = derivative(lambda x: (1 - np.cos(x)) / x**2)(1e-6)
    assert abs(found) > 1e8 * 1e-6 / 12
    # Newton's method that starts at the answer takes no step, and has no derivative to follow.
    assert derivative(lambda x: np.sqrt(2.0) if x == 2 else x)(2.0) == 0


def test_derivatives_inside_derivatives_do_not_mix():
    assert derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(5.0) == 1.0
    assert derivative(lambda x: x * derivative(lambda y: x * y * y)(2.0))(5.0) == 40.0
    third = derivative(derivative(derivative(lambda x: x**5)))(2.0)
    assert third == pytest.approx(240.0, rel=8 * ROUNDOFF, abs=0)


def test_a_variable_from_outside_is_a_constant_inside():
    assert derivative(lambda x: x * derivative(lambda y: x)(2.0))(3.0) == 0


def test_higher_derivatives_are_exact():
    f = np.sin
    for wanted in (np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)):
        f = derivative(f)
        assert abs(f(0.9) - wanted(0.9)) <= 2 * ROUNDOFF


def test_float32_and_arrays():
    assert derivative(np.exp)(np.float32(1)).dtype == np.float32
    x = np.linspace(0.0, 1.0, 5)
    assert np.array_equal(derivative(np.sin)(x), np.cos(x))
    assert np.array_equal(derivative(lambda t: t * x)(2.0), x)
    assert np.array_equal(derivative(lambda t: 0 * t + x)(np.float32(2)), np.zeros(5))
    found = derivative(lambda t: t + np.ones((2, 1), np.float32))(np.ones(3, np.float32))
    assert found.shape == (2, 3) and found.dtype == np.float32 and np.all(found == 1)


def test_what_does_not_depend_on_x_has_slope_zero():
    for f in (lambda x: 3.0, lambda x: 3, lambda x: np.floor(x), lambda x: x.value):
        assert derivative(f)(2.5) == 0


def test_a_dual_of_an_outer_level_is_a_constant():
    outer = Dual(2.0, 1.0, 1)
    inner = Dual(outer, 1.0, 2)
    product = inner * inner
    assert product.level == 2 and product.value.slope == 4.0 and product.slope.slope == 2.0
    assert (outer * inner).slope.value == 2.0


@pytest.mark.parametrize("f, message", [
    (lambda x: np.sum(x), "sum is not followed forwards, only elementwise functions are: use grad"),
    (lambda x: np.stack([x, x]), "forwards"),
    (lambda x: np.array([x, x]), "lose its derivative: leave out np.array"),
    (lambda x: float(x), "lose its derivative: leave out float"),
    (lambda x: np.median(x), "np.median has no derivative here"),
    (lambda x: "x", "no number: return one"),
])
def test_what_cannot_be_followed_is_refused(f, message):
    with pytest.raises(TypeError, match=message):
        derivative(f)(2.0)


@pytest.mark.parametrize("x", [3, Fraction(1, 3), 1j, "1", None, np.arange(3)])
def test_what_is_no_float_is_refused(x):
    for make in (derivative(lambda x: x), lambda x: Dual(x, 1.0), lambda x: Dual(1.0, x)):
        with pytest.raises(TypeError, match=r"x|value|slope"):
            make(x)
    with pytest.raises(TypeError, match="f = 3 cannot be called"):
        derivative(3)
