"""Hostile inputs to each function of this room: a result that is right, or a refusal by name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import calculus
from lib.calculus import (
    bisect,
    interpolation_coefficients,
    newton,
    newton_system,
    safeguarded,
    secant,
)
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, arrays, exact, floats, same, steady, vectors


def shifted(x):
    """Return x - 0.3."""
    return x - 0.3


def one(x):
    """Return 1, the derivative."""
    return 1.0


def eye(x):
    """Return the Jacobian of x - 0.3."""
    return np.eye(len(x))


# Every argument that a mistake may reach, beside arguments that fit.
SLOTS = {
    "interpolation_coefficients": [
        ("t", lambda x: interpolation_coefficients(x, np.ones(2))),
        ("values", lambda x: interpolation_coefficients(np.arange(2.0), x))],
    "bisect": [("f", lambda x: bisect(x, 0.0, 1.0)), ("f", lambda x: bisect(lambda _: x, 0.0, 1.0)),
               ("a", lambda x: bisect(shifted, x, 1.0)), ("b", lambda x: bisect(shifted, 0.0, x)),
               ("tol", lambda x: bisect(shifted, 0.0, 1.0, x))],
    "safeguarded": [("f", lambda x: safeguarded(x, one, 0.0, 1.0)),
                    ("derivative", lambda x: safeguarded(shifted, x, 0.0, 1.0)),
                    ("derivative", lambda x: safeguarded(shifted, lambda _: x, 0.0, 1.0)),
                    ("a", lambda x: safeguarded(shifted, one, x, 1.0)),
                    ("tol", lambda x: safeguarded(shifted, one, 0.0, 1.0, x))],
    "newton": [("f", lambda x: newton(x, one, 1.0)), ("f", lambda x: newton(lambda _: x, one, 1.0)),
               ("derivative", lambda x: newton(shifted, x, 1.0)),
               ("derivative", lambda x: newton(shifted, lambda _: x, 1.0)),
               ("x", lambda x: newton(shifted, one, x)),
               ("tol", lambda x: newton(shifted, one, 1.0, x)),
               ("maxiter", lambda x: newton(shifted, one, 1.0, 1e-9, x))],
    "secant": [("f", lambda x: secant(x, 0.0, 1.0)), ("f", lambda x: secant(lambda _: x, 0.0, 1.0)),
               ("x0", lambda x: secant(shifted, x, 1.0)), ("x1", lambda x: secant(shifted, 1.0, x)),
               ("maxiter", lambda x: secant(shifted, 0.0, 1.0, 1e-9, x))],
    "newton_system": [("f", lambda x: newton_system(x, eye, np.ones(2))),
                      ("f", lambda x: newton_system(lambda _: x, eye, np.ones(2))),
                      ("jacobian", lambda x: newton_system(shifted, x, np.ones(2))),
                      ("jacobian", lambda x: newton_system(shifted, lambda _: x, np.ones(2))),
                      ("x", lambda x: newton_system(shifted, eye, x)),
                      ("tol", lambda x: newton_system(shifted, eye, np.ones(2), x)),
                      ("maxiter", lambda x: newton_system(shifted, eye, np.ones(2), 1e-9, x))],
}
CALLS = [(name, argument, call) for name, slots in SLOTS.items() for argument, call in slots]
RESULTS = {"RootResult"}


def test_no_function_of_the_door_is_left_out():
    assert set(calculus.__all__) == set(SLOTS) | RESULTS


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        if kind == "function" and argument in ("f", "derivative", "jacobian"):
            continue  # which is what is asked for
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


CURVES = st.sampled_from([
    (lambda x, c: x - c, lambda x, c: 1.0), (lambda x, c: np.tanh(x - c), lambda x, c: 0.5),
    (lambda x, c: (x - c) ** 3, lambda x, c: 3 * (x - c) ** 2),
    (lambda x, c: 1e-300 * (x - c), lambda x, c: 1e-300),
    (lambda x, c: np.sign(x - c), lambda x, c: np.nan)])


@steady
@given(CURVES, floats(), floats(), floats(), floats())
def test_a_bracket_holds_its_promise_or_is_refused(curve, a, b, c, tol):
    f, derivative = curve
    for method in (bisect, lambda f, a, b, tol: safeguarded(f, lambda x: derivative(x, c), a, b,
                                                           tol)):
        for found in answer(lambda method=method: method(lambda x: f(x, c), a, b, tol), "f", "a",
                            "b", "tol"):
            assert min(a, b) <= found.root <= max(a, b)
            assert found.converged or found.reason in ("leap", "nan")
            if found.converged and f(found.root, c) != 0:
                assert found.error <= max(tol, np.spacing(abs(found.root)), 5e-324)


@steady
@given(CURVES, floats(), floats(), floats(), floats())
def test_an_open_method_arrives_or_says_why_not(curve, x0, x1, c, tol):
    f, derivative = curve
    for call in (lambda: newton(lambda x: f(x, c), lambda x: derivative(x, c), x0, tol),
                 lambda: secant(lambda x: f(x, c), x0, x1, tol)):
        for found in answer(call, "f", "x", "x0", "x1", "tol", "derivative"):
            assert found.converged == (found.reason in ("zero", "sign change", "steps"))
            assert np.isfinite(found.root) and (found.converged or "not conv" in repr(found))
            assert np.isfinite(found.error) == (found.converged or found.reason == "leap")


@steady
@given(vectors(min_size=1, max_size=3), arrays((3, 3)), floats())
def test_a_system_arrives_or_says_why_not(x, A, tol):
    def f(y):
        return A[: len(y), : len(y)] @ y - 1

    for found in answer(lambda: newton_system(f, lambda y: A[: len(y), : len(y)], x, tol), "f", "x",
                        "tol", "jacobian"):
        assert found.converged == (found.reason in ("zero", "steps"))
        assert not found.converged or np.isfinite(found.root).all()
