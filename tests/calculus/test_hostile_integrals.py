"""Hostile points, ends and integrands: an answer that is right, or a refusal by name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from lib.calculus import (
    adaptive,
    chebyshev_nodes,
    clenshaw_curtis,
    gauss_legendre,
    golub_welsch,
    legendre_nodes,
    monte_carlo,
    romberg,
    simpson,
    tanh_sinh,
    trapezoid,
)
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, exact, floats, steady

POINTS = np.random.default_rng(15).random(8)
# Rules with the arguments that follow the ends, by name.
RULES = {trapezoid: {"n": 4}, simpson: {"n": 4}, romberg: {"levels": 2}, gauss_legendre: {"n": 5},
         clenshaw_curtis: {"n": 4}, tanh_sinh: {"rtol": 1e-6, "atol": 0.0},
         adaptive: {"rtol": 1e-6, "atol": 0.0, "limit": 20, "cut": 0.5},
         monte_carlo: {"points": POINTS}}


def slots(rule, options):
    """Return each argument of a rule but its integrand, with a call that needs it alone."""
    fitting = {"a": 0.0, "b": 1.0} | options
    return [(name, lambda x, name=name: rule(np.cos, **(fitting | {name: x}))) for name in fitting]


SLOTS = {rule.__name__: slots(rule, options) for rule, options in RULES.items()} | {
    "legendre_nodes": [("n", legendre_nodes)], "chebyshev_nodes": [("n", chebyshev_nodes)],
    "golub_welsch": [("n", golub_welsch)]}
RESULTS = {"MonteCarloResult", "QuadratureResult", "kronrod_nodes"}
CALLS = [(name, argument, call) for name, calls in SLOTS.items() for argument, call in calls]


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        assert answer(lambda x=x: call(x), argument) == [], kind


@pytest.mark.parametrize("argument, call", [
    one[1:] for one in CALLS if one[1] in ("n", "levels", "limit")])
def test_numbers_of_points_are_whole_and_not_negative(argument, call):
    for size in (-1, 2.5, 3.0, np.nan, np.inf, np.float64(3), True):
        assert answer(lambda size=size: call(size), argument) == [], size


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_is_no_integrand_is_refused_by_name(rule):
    for kind, f in NOT_NUMBERS.items():
        if not callable(f):
            assert answer(lambda f=f: rule(f, 0, 1, **RULES[rule]), "f") == [], kind
        assert answer(lambda f=f: rule(lambda x: f, 0, 1, **RULES[rule]), "f") == [], kind


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_values_changes_no_bit(rule, layout):
    plain = rule(np.cos, 0, 1, **RULES[rule])
    assert plain == rule(lambda x: LAYOUTS[layout](np.cos(x)), 0, 1, **RULES[rule])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_points_changes_no_bit(layout):
    points = np.random.default_rng(16).random((9, 2))
    plain = monte_carlo(lambda x: x[:, 0] * x[:, 1], [0, 1], [2, 3], points)
    assert plain == monte_carlo(lambda x: x[:, 0] * x[:, 1], LAYOUTS[layout](np.arange(2.0)),
                                [2, 3], LAYOUTS[layout](points))


def value_and_error(found):
    """Return the value of a result or a number, and the error that it admits."""
    if isinstance(found, float):
        return found, 0.0
    return found.value, found.error


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@steady
@given(floats(), floats(), floats())
def test_a_constant_is_integrated_to_a_few_roundings_or_refused(rule, a, b, c):
    for found in answer(lambda: rule(lambda x: np.full(x.shape[0], c), a, b, **RULES[rule]),
                        "a", "b", "f"):
        value, error = value_and_error(found)
        assert np.isfinite(value) and np.isfinite(error)
        if not np.isfinite(c):
            assert a == b  # f was not asked
            continue
        if not np.isfinite([a, b]).all():
            assert not found.converged  # no constant but 0 has such an integral
            continue
        right = exact(c) * (exact(b) - exact(a))
        assert abs(exact(value) - right) <= abs(right) / 2**48 + exact(error) + Fraction(1, 2**1060)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@steady
@given(floats(finite=True), floats(finite=True))
def test_a_line_is_integrated_to_a_few_roundings_or_refused(rule, a, b):
    if rule is monte_carlo:
        return  # its error is not that of rounding
    for found in answer(lambda: rule(lambda x: x, a, b, **RULES[rule]), "a", "b", "f"):
        value, error = value_and_error(found)
        length, size = abs(exact(b) - exact(a)), max(abs(exact(a)), abs(exact(b)))
        right = (exact(b) - exact(a)) * (exact(b) + exact(a)) / 2
        assert abs(exact(value) - right) <= length * size / 2**48 + Fraction(1, 2**1060)
        if error and found.converged:
            assert abs(exact(value) - right) <= exact(error) + Fraction(1, 2**1060)
