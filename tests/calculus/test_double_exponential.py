"""Tanh-sinh quadrature meets its tolerance where f is analytic inside, and says where it cannot."""

import math

import mpmath
import numpy as np
import pytest

from lib.calculus import gauss_legendre, tanh_sinh
from lib.problems import read_integrals

U = 2.0**-53
INTEGRALS = {name: one for name, one in read_integrals().items() if math.isfinite(one.b)}


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("name", INTEGRALS)
def test_the_battery_is_right_or_not_converged(name, rtol):
    one = INTEGRALS[name]
    result = tanh_sinh(one.f, one.a, one.b, rtol)
    with mpmath.workdps(30):
        off = float(abs(mpmath.mpf(result.value) - mpmath.mpf(one.decimals)))
    assert off <= result.error
    assert result.converged == (result.error <= rtol * abs(result.value))
    assert result.converged == (not one.breaks or rtol > 2e-3)


@pytest.mark.parametrize("f, exact", [
    (lambda x: x**-0.5, 2), (lambda x: x**-0.9, 10), (lambda x: np.log(x) ** 2, 2),
    (np.sqrt, 2 / 3), (lambda x: np.log(x) / np.sqrt(x), -4)])
def test_a_singularity_at_zero_costs_a_hundred_values(f, exact):
    result = tanh_sinh(f, 0, 1)
    assert result.converged and abs(result.value - exact) <= 1e-10 * abs(exact)
    assert result.evaluations <= 160
    # Gauss with as many is nowhere near.
    assert abs(gauss_legendre(f, 0, 1, 160) - exact) > 1e-8


def test_a_singularity_at_zero_may_be_the_right_end():
    result = tanh_sinh(lambda x: (-x) ** -0.5, -1, 0)
    assert result.converged and abs(result.value - 2) <= 2e-10


def test_a_singularity_elsewhere_is_said_to_lack_floats():
    result = tanh_sinh(lambda x: (1 - x) ** -0.5, 0, 1)
    assert not result.converged and result.reason == "spacing"
    assert 1e-9 < abs(result.value - 2) <= result.error < 1e-5


@pytest.mark.parametrize("f, reason", [
    (lambda x: 0 * x, "zero"), (lambda x: (x > 0.3) * 1.0, "limit"),
    (lambda x: x - 0.5, "rounding"), (lambda x: np.float32(np.exp(x)), "rounding"),
    (lambda x: 1 / x, "spacing")])
def test_what_cannot_be_reached_is_said_with_its_reason(f, reason):
    result = tanh_sinh(f, 0, 1)
    assert not result.converged and result.reason == reason


def test_an_odd_function_converges_to_an_absolute_tolerance():
    assert tanh_sinh(lambda x: x**3, -1, 1, atol=1e-12).converged


def test_every_value_is_counted_and_none_is_asked_for_twice_or_at_an_end():
    asked = []

    def f(x):
        asked.extend(x.tolist())
        return np.log(x)

    result = tanh_sinh(f, 0, 1, 1e-12)
    assert result.evaluations == len(asked)
    assert min(asked) > 0 and max(asked) < 1
    # Near 1 neighbouring points round to the same float.
    assert len({x for x in asked if x < 0.5}) == sum(x < 0.5 for x in asked)


def test_a_peak_near_an_end_that_the_first_level_misses_is_found_by_the_next():
    place = 1 / (1 + math.exp(math.pi * math.sinh(2.25)))  # between the points of t = 2 and 2.5

    def f(x):
        return np.exp(-(((x - place) / 5e-8) ** 2)) + np.exp(-(((x - 0.9) / 0.03) ** 2))

    near, far = 5e-8 * (1 + math.erf(place / 5e-8)), 0.03 * (math.erf(30) + math.erf(0.1 / 0.03))
    exact = math.sqrt(math.pi) / 2 * (near + far)
    result = tanh_sinh(f, 0, 1, 1e-8)
    assert near > 1e-6 * far
    assert result.converged and abs(result.value - exact) <= 1e-8 * exact


def test_digits_double_with_each_level():
    off = []
    for level in range(1, 4):
        h = 2.0**-level
        t = np.arange(-int(3.5 / h), int(3.5 / h) + 1) * h
        x = np.tanh(math.pi / 2 * np.sinh(t))
        slope = math.pi / 2 * np.cosh(t) / np.cosh(math.pi / 2 * np.sinh(t)) ** 2
        off.append(abs(h * math.fsum(np.exp(x) * slope) - 2 * math.sinh(1)))
    assert off[1] <= off[0] ** 1.5 and off[2] <= max(off[1] ** 1.5, 20 * U)
    assert abs(tanh_sinh(np.exp, -1, 1).value - 2 * math.sinh(1)) <= 20 * U


def test_an_empty_range_is_zero_and_backwards_is_the_negative():
    assert tanh_sinh(lambda x: 1 / 0, 2.0, 2.0).evaluations == 0
    there, back = tanh_sinh(np.exp, 0.5, 2), tanh_sinh(np.exp, 2, 0.5)
    assert back.value == -there.value and back.converged
