"""Kronrod's rule is the one that orthogonality defines, and its error sees what it can."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from lib.calculus import kronrod_nodes, legendre_nodes
from lib.calculus.kronrod import panel_nodes, panels_between, seams

U = 2.0**-53
NODES, WEIGHTS, GAUSS = kronrod_nodes()


def moment(weights, k):
    """Return the sum of weights times nodes to the power k, exactly."""
    return sum(Fraction(w) * Fraction(x) ** k
               for w, x in zip(weights.tolist(), NODES.tolist(), strict=True))


@pytest.mark.parametrize("weights, degree", [(WEIGHTS, 22), (GAUSS, 13)])
def test_the_degrees_are_those_of_theory(weights, degree):
    for k in range(degree + 2):
        missed = abs(moment(weights, k) - Fraction(2 * (k % 2 == 0), k + 1))
        # Fifteen nodes and weights are rounded.
        assert missed <= 30 * U or (k > degree and k % 2 == 0)
    even = degree + 2 - degree % 2
    missed = abs(moment(weights, even) - Fraction(2, even + 1))
    assert missed > 1e-9


def test_every_second_node_is_one_of_gauss():
    nodes, weights = legendre_nodes(7)
    assert np.max(np.abs(NODES[1::2] - nodes)) <= 2 * U
    assert np.max(np.abs(GAUSS[1::2] - weights)) <= 4 * U and not np.any(GAUSS[::2])


def test_the_other_nodes_are_zeros_of_the_polynomial_of_stieltjes():
    with mpmath.workdps(40):
        new = [mpmath.mpf(x) for x in NODES[::2].tolist()]

        def product(x):
            return mpmath.fprod(x - node for node in new)

        # It is orthogonal to all polynomials of degree 7 with the weight P_7.
        for k in (1, 3, 5, 7):
            off = mpmath.quad(lambda x, k=k: mpmath.legendre(7, x) * product(x) * x**k, [-1, 1])
            assert abs(off) <= 20 * U


def test_what_comes_back_can_be_changed_without_harm():
    kronrod_nodes()[0][:] = 0
    assert np.array_equal(kronrod_nodes()[0], NODES)


def panel(f, left=0.0, right=1.0, u=U):
    """Return the panel of f between two numbers, which are x as well as t."""
    x = panel_nodes([left, right])
    return panels_between([left, right], x, f(x), np.ones_like(x), u, 0.0)[0]


def test_a_smooth_function_is_integrated_far_better_than_the_error_says():
    found = panel(np.exp, 0.0, 3.0)
    off = abs(found.value - np.expm1(3))
    assert off <= found.rounding and 100 * off < -found.priority
    assert found.size == pytest.approx(found.value, rel=4 * U, abs=0)


@pytest.mark.parametrize("c", np.linspace(0.05, 0.95, 7))
def test_the_error_covers_a_kink_and_a_step(c):
    kink, step = panel(lambda x: abs(x - c)), panel(lambda x: (x > c) * 1.0)
    assert abs(kink.value - (c**2 + (1 - c) ** 2) / 2) <= -kink.priority
    assert abs(step.value - (1 - c)) <= -step.priority


@pytest.mark.parametrize("f", [lambda x: 1 / (1 + x * x), lambda x: 1 / (1 + x * x) ** 2,
                               lambda x: (1 + x) ** -2.5])
def test_the_error_of_a_small_distance_is_that_of_quadpack(f):
    # QUADPACK maps from 0 to infinity so, and begins with these fifteen points.
    found = panel(lambda t: f((1 - t) / t) / t**2)
    value, claimed, _, *_ = quad(f, 0, np.inf, limit=1, full_output=1)
    assert found.value == pytest.approx(value, rel=20 * U, abs=0)
    # Both round fifteen terms, of a distance that is 1e-6 of them or more, and take the power 3/2.
    assert -found.priority == pytest.approx(claimed, rel=1.5 * 20 * U / 1e-6, abs=0)
    assert 1e-6 < -found.priority / value < 0.1


def test_rounding_grows_with_the_size_and_the_roundoff():
    one, two = panel(np.exp, u=U), panel(np.exp, u=2.0**-24)
    assert 40 * U < one.rounding / one.size < 60 * U
    assert two.rounding / one.rounding > 2.0**28


def test_a_constant_has_no_error_at_all():
    found = panel(lambda x: 0 * x + 3.0)
    assert -found.priority <= 10 * U and abs(found.value - 3) <= 10 * U


def test_values_at_the_ends_are_extrapolated_by_the_polynomial():
    found = panel(lambda x: x**14 - 2 * x, -1.0, 2.0)
    assert found.low == pytest.approx(3, abs=2000 * U * 2**14)
    assert found.high == pytest.approx(2**14 - 4, rel=100 * U, abs=0)


def neighbours(f):
    """Return the panels of f from 0 to 0.5 and from there to 1."""
    return [panel(f, 0.0, 0.5), panel(f, 0.5, 1.0)]


def test_a_jump_that_no_node_sees_is_seen_at_the_edge():
    c = 0.5 - 0.5 * 0.003  # the last node is 0.0043 of a panel from its edge
    left, right = neighbours(lambda x: (x > c) * 1.0)
    off = abs(left.value + right.value - (1 - c))
    assert off > 1e-3 and -left.priority - right.priority < 1e-14
    [(hidden, wide)] = seams([right, left])
    assert off <= hidden <= 2 * off and wide in (left, right)


def test_a_smooth_function_has_no_seam():
    [(hidden, _)] = seams(neighbours(np.exp))
    assert hidden <= 100 * U


def test_panels_sort_by_error():
    rough, smooth = panel(lambda x: abs(x - 0.4)), panel(np.exp)
    assert min(smooth, rough) is rough
