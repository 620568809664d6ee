"""Hostile points: coefficients that are right, or a refusal by name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import calculus
from lib.calculus import interpolation_coefficients
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, arrays, exact, floats, same, steady

SLOTS = {"interpolation_coefficients": [
    ("t", lambda x: interpolation_coefficients(x, np.ones(2))),
    ("values", lambda x: interpolation_coefficients(np.arange(2.0), x))]}


def test_no_function_of_the_door_is_left_out():
    assert set(calculus.__all__) == set(SLOTS)


@pytest.mark.parametrize("argument, call", SLOTS["interpolation_coefficients"])
def test_what_are_no_numbers_is_refused_by_name(argument, call):
    for kind, x in NOT_NUMBERS.items():
        assert answer(lambda x=x: call(x), argument) == [], kind


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_memory_and_the_byte_order_change_no_bit(layout):
    t, values = np.arange(1.0, 6), np.random.default_rng(4).standard_normal((5, 3))
    turned = interpolation_coefficients(LAYOUTS[layout](t), LAYOUTS[layout](values))
    assert same(turned, interpolation_coefficients(t, values))


@steady
@given(st.integers(1, 4).flatmap(lambda n: st.tuples(
    st.lists(st.one_of(floats(), st.integers(-4, 4).map(float)), min_size=n, max_size=n).map(
        np.array), arrays((n,)))))
def test_the_polynomial_passes_near_the_points_or_is_refused(problem):
    t, values = problem
    for c in answer(lambda: interpolation_coefficients(t, values), "t", "values", "coefficient"):
        assert np.isfinite(c).all()
        inside = np.concatenate([np.abs(np.diff(np.sort(t))), np.abs(t), np.abs(values), np.abs(c)])
        if not np.all((inside == 0) | ((inside > 1e-60) & (inside < 1e60))):
            continue  # numbers on the way may be subnormal
        for node, value in zip(t, values, strict=True):
            terms = [exact(a) * exact(node) ** k for k, a in enumerate(c)]
            # Every division by a difference of points may enlarge what rounding left.
            spread = Fraction(np.ptp(t) or 1) / Fraction(np.min(np.diff(np.sort(t)), initial=np.inf)
                                                        if len(t) > 1 else 1)
            size = sum(map(abs, terms)) + max(map(abs, map(exact, values)))
            assert abs(sum(terms) - exact(value)) <= size * (1 + spread) ** len(t) / 2**45
