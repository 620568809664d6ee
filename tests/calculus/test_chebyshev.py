"""Clenshaw-Curtis weights against sums of cosines in 30 digits, and what the rule is exact for."""

import math

import mpmath
import numpy as np
import pytest

from lib.calculus import chebyshev_nodes, clenshaw_curtis, gauss_legendre
from lib.problems import read_integrals

U = 2.0**-53


def exact_rule(n):
    """Return nodes and weights as the definition says, in numbers of mpmath."""
    nodes = [-mpmath.cos(mpmath.pi * j / n) for j in range(n + 1)]
    weights = []
    for j in range(n + 1):
        terms = [mpmath.mpf(2) / (1 - k * k) * mpmath.cos(mpmath.pi * j * k / n)
                 / (2 if k in (0, n) else 1) for k in range(0, n + 1, 2)]
        weights.append(mpmath.fsum(terms) * 2 / n / (2 if j in (0, n) else 1))
    return nodes, weights


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 33, 100])
def test_nodes_and_weights_keep_their_digits(n):
    nodes, weights = chebyshev_nodes(n)
    with mpmath.workdps(30):
        exact_nodes, exact_weights = exact_rule(n)
        largest = max(exact_weights)
        for x, exact in zip(nodes.tolist(), exact_nodes, strict=True):
            assert abs(mpmath.mpf(x) - exact) <= 2 * U
        for w, exact in zip(weights.tolist(), exact_weights, strict=True):
            assert abs(mpmath.mpf(w) - exact) <= 10 * U * largest


@pytest.mark.parametrize("n", [1, 2, 7, 100, 1001])
def test_the_rule_is_symmetric_positive_and_of_the_right_length(n):
    nodes, weights = chebyshev_nodes(n)
    assert (nodes[0], nodes[-1]) == (-1, 1) and np.all(np.diff(nodes) > 0)
    assert np.array_equal(nodes, -nodes[::-1]) and np.array_equal(weights, weights[::-1])
    assert np.all(weights > 0) and abs(math.fsum(weights) - 2) <= 40 * U


def test_one_and_two_steps_are_the_trapezoid_and_simpsons_rule():
    assert chebyshev_nodes(1)[1].tolist() == [1, 1]
    assert np.max(np.abs(3 * chebyshev_nodes(2)[1] - [1, 4, 1])) <= 4 * U


@pytest.mark.parametrize("n", [1, 4, 9])
def test_polynomials_of_degree_n_are_exact_and_an_even_next_one_is_not(n):
    for k in range(n + 1):
        exact = (3 ** (k + 1) - 1) / (k + 1)
        assert abs(clenshaw_curtis(lambda x, k=k: x**k, 1, 3, n) - exact) <= 20 * U * 3**k * 2
    power = n + 1 + (n + 1) % 2  # an odd one is exact by symmetry
    assert abs(clenshaw_curtis(lambda x: x**power, -1, 1, n) - 2 / (power + 1)) > 1e-6


def test_it_needs_about_as_many_points_as_gauss_for_runges_function():
    def f(x):
        return 1 / (1 + 16 * x * x)

    exact = math.atan(4) / 2
    curtis = min(n for n in range(2, 80) if abs(clenshaw_curtis(f, -1, 1, n) - exact) < 1e-10)
    gauss = min(n for n in range(2, 80) if abs(gauss_legendre(f, -1, 1, n) - exact) < 1e-10)
    assert curtis + 1 <= gauss + 2


@pytest.mark.parametrize("name", ["f01", "f05", "f09", "f18", "b03"])
def test_analytic_functions_are_integrated_to_rounding(name):
    one = read_integrals()[name]
    found = clenshaw_curtis(one.f, one.a, one.b, 400)
    # sin(10 pi x) errs by up to 10 pi u, and f18 has slopes of up to 20.
    assert abs(found - one.value) <= 100 * U * (one.b - one.a)


def test_backwards_is_the_negative():
    assert clenshaw_curtis(np.exp, 1, 0, 8) == -clenshaw_curtis(np.exp, 0, 1, 8)
