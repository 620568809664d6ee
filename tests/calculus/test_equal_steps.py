"""Trapezoid, Simpson and Romberg: their orders, what they are exact for, and where they fail."""

import math

import mpmath
import numpy as np
import pytest

from lib.calculus import romberg, simpson, trapezoid

U = 2.0**-53


def orders(rule, f, a, b, exact, sizes=(64, 128)):
    """Return by how many powers of two the error falls when the step is halved."""
    coarse, fine = (abs(rule(f, a, b, n) - exact) for n in sizes)
    return math.log2(coarse / fine)


@pytest.mark.parametrize("rule, f, exact, order", [
    (trapezoid, np.exp, math.e - 1, 2), (simpson, np.exp, math.e - 1, 4),
    (trapezoid, np.sqrt, 2 / 3, 1.5), (simpson, np.sqrt, 2 / 3, 1.5),
    (trapezoid, lambda x: x**1.5, 0.4, 2), (simpson, lambda x: x**1.5, 0.4, 2.5)])
def test_the_orders_are_those_of_theory(rule, f, exact, order):
    assert abs(orders(rule, f, 0, 1, exact) - order) <= 0.02


def test_the_errors_have_the_constants_of_theory():
    n, h = 64, 1 / 64
    # The mean of a derivative of exp over 0..1 is e - 1.
    assert abs((trapezoid(np.exp, 0, 1, n) - (math.e - 1)) / (h**2 / 12 * (math.e - 1)) - 1) <= 1e-4
    assert abs((simpson(np.exp, 0, 1, n) - (math.e - 1)) / (h**4 / 180 * (math.e - 1)) - 1) <= 1e-3


def test_lines_and_cubics_are_exact_and_the_next_degree_is_not():
    assert trapezoid(lambda x: 3 * x - 1, -1, 3, 5) == pytest.approx(8, rel=4 * U, abs=0)
    assert simpson(lambda x: x**3 - 2 * x, 0, 1, 2) == -0.75
    assert trapezoid(lambda x: x**2, 0, 1, 1) == 0.5
    assert abs(simpson(lambda x: x**4, 0, 1, 2) - 0.2) > 1e-3


def test_the_trapezoid_is_above_a_convex_function_and_below_a_concave_one():
    rng = np.random.default_rng(1985)
    for _ in range(100):
        slopes, kinks = rng.uniform(0, 3, 5), rng.uniform(-1, 2, 5)

        def f(x, slopes=slopes, kinks=kinks):
            return np.sum(slopes * np.maximum(x[:, None] - kinks, 0), axis=1)

        exact = float(np.sum(slopes / 2 * (np.maximum(1 - kinks, 0) ** 2
                                           - np.maximum(-kinks, 0) ** 2)))
        assert trapezoid(f, 0, 1, 7) >= exact - 20 * U * 15
        assert trapezoid(lambda x, f=f: -f(x), 0, 1, 7) <= -exact + 20 * U * 15


@pytest.mark.parametrize("n", [4, 6, 8])
def test_a_period_of_an_analytic_function_has_the_error_of_aliasing(n):
    with mpmath.workdps(30):
        exact = 2 * mpmath.pi * mpmath.besseli(0, 1)
        alias = 4 * mpmath.pi * mpmath.besseli(n, 1)
        found = mpmath.mpf(trapezoid(lambda x: np.exp(np.cos(x)), 0, 2 * np.pi, n))
        assert abs((found - exact) / alias - 1) <= 1e-3


def test_romberg_removes_the_powers_of_the_step_one_by_one():
    table = []
    romberg(np.exp, 0, 1, 4, table)
    assert [len(row) for row in table] == [1, 2, 3, 4, 5]
    for level, row in enumerate(table):
        assert row[0] == pytest.approx(trapezoid(np.exp, 0, 1, 2**level), rel=4 * U, abs=0)
    for level in range(1, 5):
        assert table[level][1] == pytest.approx(simpson(np.exp, 0, 1, 2**level), rel=8 * U, abs=0)
    for j in range(3):
        off = [abs(row[j] - (math.e - 1)) for row in table[3:]]
        assert abs(math.log2(off[0] / off[1]) - 2 * (j + 1)) <= 0.1


def test_romberg_is_exact_for_the_degree_that_it_says():
    for levels in range(5):
        k = 2 * levels + 1
        assert abs(romberg(lambda x, k=k: x**k, 0, 2, levels) - 2 ** (k + 1) / (k + 1)) <= (
            40 * U * 2**k)
        assert abs(romberg(lambda x, k=k: x ** (k + 1), 0, 2, levels)
                   - 2 ** (k + 2) / (k + 2)) > 1e-6


def test_romberg_gains_nothing_at_a_root():
    off = abs(romberg(np.sqrt, 0, 1, 10) - 2 / 3)
    assert off > abs(trapezoid(np.sqrt, 0, 1, 2**10) - 2 / 3) / 20


def test_romberg_asks_no_point_twice():
    asked = []

    def f(x):
        asked.extend(x.tolist())
        return x

    romberg(f, 0, 1, 5)
    assert len(asked) == 2**5 + 1 == len(set(asked))


@pytest.mark.parametrize("rule", [trapezoid, simpson, romberg])
def test_backwards_is_the_negative_and_an_empty_range_is_zero(rule):
    assert rule(np.exp, 2, 0.5, 4) == pytest.approx(-rule(np.exp, 0.5, 2, 4), rel=4 * U, abs=0)
    assert rule(np.exp, 3, 3, 4) == 0


def test_values_of_float32_are_added_in_float64():
    n = 2**20
    found = trapezoid(lambda x: np.full(x.shape, 0.1, dtype=np.float32), 0, 1, n)
    assert abs(found - float(np.float32(0.1))) <= 4 * U


def test_an_odd_number_of_steps_is_refused():
    with pytest.raises(ValueError, match=r"n = 3: Simpson's rule takes .*so use n = 4"):
        simpson(np.exp, 0, 1, 3)


def test_too_many_levels_are_refused():
    with pytest.raises(ValueError, match="levels = 25 takes"):
        romberg(np.exp, 0, 1, 25)
