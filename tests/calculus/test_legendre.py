"""Gauss-Legendre nodes and weights against 48 digits, and what their rule integrates exactly."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.calculus import gauss_legendre, golub_welsch, legendre_nodes
from lib.problems import read_integrals

U = 2.0**-53
BITS = 160
SIZES = [1, 2, 3, 4, 5, 8, 9, 16, 33, 64, 100, 257, 1000]


def exact_rule(n, starts):
    """Return the positive zeros of P_n near starts, with their weights, in numbers of mpmath.

    The recurrence runs on whole numbers, in units of 2**-160, and loses less than n**2 of these.
    """
    one, rule = 1 << BITS, []
    for x in map(mpmath.mpf, starts):
        for _ in range(3):
            whole = int(mpmath.floor(x * one))
            before, p = one, whole
            for k in range(1, n):
                before, p = p, ((2 * k + 1) * (whole * p >> BITS) - k * before) // (k + 1)
            at = mpmath.mpf(whole) / one
            slope = n * (mpmath.mpf(before) - at * p) / one / (1 - at * at)
            x = at - mpmath.mpf(p) / one / slope
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return rule


def errors(n, nodes, weights):
    """Return the largest error of the positive nodes, and relative to each that of weights."""
    half = n // 2
    with mpmath.workprec(BITS + 20):
        rule = exact_rule(n, nodes[n - half:].tolist())
        off = [abs(mpmath.mpf(x) - exact) for x, (exact, _) in
               zip(nodes[n - half:].tolist(), rule, strict=True)]
        relative = [abs(mpmath.mpf(w) - exact) / exact for w, (_, exact) in
                    zip(weights[n - half:].tolist(), rule, strict=True)]
        return float(max(off, default=0)), float(max(relative, default=0))


@pytest.mark.parametrize("n", SIZES)
def test_nodes_and_weights_keep_their_digits(n):
    nodes, weights = legendre_nodes(n)
    off, relative = errors(n, nodes, weights)
    assert off <= 2 * U
    assert relative <= 1e-13


def test_a_node_that_is_off_by_three_units_would_be_seen():
    nodes, weights = legendre_nodes(9)
    nodes[-2] += 3 * U
    weights[-1] *= 1 + 2e-13
    off, relative = errors(9, nodes, weights)
    assert off > 2 * U and relative > 1e-13


@pytest.mark.parametrize("n", SIZES)
def test_the_rule_is_symmetric_and_its_weights_sum_to_the_length(n):
    nodes, weights = legendre_nodes(n)
    assert np.array_equal(nodes, -nodes[::-1]) and np.array_equal(weights, weights[::-1])
    assert np.all(np.diff(nodes) > 0) and np.all(np.abs(nodes) < 1) and np.all(weights > 0)
    assert abs(math.fsum(weights) - 2) <= 2e-13
    assert n % 2 == 0 or nodes[n // 2] == 0


def test_the_weight_at_the_middle_is_the_exact_one():
    for n in (1, 3, 7, 101, 999):
        with mpmath.workdps(30):
            below = mpmath.mpf(1)  # P_(n-1)(0), a product of (1 - k) / k
            for k in range(2, n, 2):
                below *= mpmath.mpf(1 - k) / k
            exact = 2 / (n * below) ** 2
            assert abs(mpmath.mpf(legendre_nodes(n)[1][n // 2]) - exact) <= 1e-13 * exact


def test_two_and_three_points_are_those_of_gauss():
    nodes, weights = legendre_nodes(3)
    assert abs(nodes[2] - math.sqrt(0.6)) <= 2 * U
    assert np.max(np.abs(weights - np.array([5, 8, 5]) / 9)) <= 4 * U
    assert abs(legendre_nodes(2)[0][1] - 1 / math.sqrt(3)) <= 2 * U


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_polynomials_of_degree_2n_minus_1_are_exact_and_the_next_is_not(n):
    def power(k):
        found = gauss_legendre(lambda x: x**k, -1, 2, n)
        exact = Fraction(2 ** (k + 1) - (-1) ** (k + 1), k + 1)
        return abs(found - float(exact)) / (2**k + 1)

    assert max(power(k) for k in range(2 * n)) <= 10 * n * U
    # The error of x**(2n) is the square of the norm of the monic Legendre polynomial.
    missed = 1.5 ** (2 * n + 1) * float(Fraction(
        2 ** (2 * n + 1) * math.factorial(n) ** 4,
        (2 * n + 1) * math.factorial(2 * n) ** 2))
    assert abs(power(2 * n) * (4**n + 1) / missed - 1) <= 1e-6


@pytest.mark.parametrize("n", [1, 2, 10, 40, 100])
def test_golub_and_welsch_give_the_same_rule_less_accurately(n):
    nodes, weights = golub_welsch(n)
    better, exact = legendre_nodes(n)
    assert np.max(np.abs(nodes - better)) <= 10 * n * U
    assert np.max(np.abs(weights - exact)) <= 40 * n * U * np.max(exact)


def test_the_small_weights_of_golub_and_welsch_have_lost_digits():
    _, weights = golub_welsch(100)
    _, exact = legendre_nodes(100)
    assert np.max(np.abs(weights / exact - 1)) > 1e-14


@pytest.mark.parametrize("name", ["f01", "f05", "f08", "f10", "b01", "b03"])
def test_analytic_functions_gain_digits_with_each_point(name):
    one = read_integrals()[name]
    found = [abs(gauss_legendre(one.f, one.a, one.b, n) - one.value) for n in (4, 8, 40)]
    assert found[1] <= found[0] / 100 or found[1] <= 4 * U * abs(one.value)
    assert found[2] <= 8 * U * abs(one.value)


def test_a_root_at_an_end_leaves_the_third_order():
    n = np.array([40, 80, 160])
    off = [abs(gauss_legendre(np.sqrt, 0, 1, k) - 2 / 3) for k in n.tolist()]
    assert abs(np.mean(np.diff(np.log(off)) / np.diff(np.log(n))) + 3) <= 0.05


def test_backwards_is_the_negative_and_an_empty_range_is_zero():
    assert gauss_legendre(np.exp, 1, 0, 8) == -gauss_legendre(np.exp, 0, 1, 8)
    assert gauss_legendre(np.exp, 3, 3, 8) == 0
