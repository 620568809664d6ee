"""Hostile inputs to each function of this room: a result that is right, or a refusal by name."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import calculus
from lib.calculus import (
    bdf2,
    bisect,
    dormand_prince,
    explicit_euler,
    implicit_euler,
    implicit_trapezoid,
    interpolation_coefficients,
    newton,
    newton_system,
    rk4,
    safeguarded,
    secant,
    stability_function,
    tr_bdf2,
)
from tests.calculus import test_hostile_integrals as integrals
from tests.hostile import (
    LAYOUTS,
    NOT_NUMBERS,
    answer,
    arrays,
    exact,
    floats,
    same,
    steady,
    vectors,
)


def shifted(x):
    """Return x - 0.3."""
    return x - 0.3


def one(x):
    """Return 1, the derivative."""
    return 1.0


def eye(x):
    """Return the Jacobian of x - 0.3."""
    return np.eye(len(x))


def decay(t, y):
    """Return -y."""
    return -y


def minus_eye(t, y):
    """Return the Jacobian of -y."""
    return -np.eye(len(y), dtype=y.dtype)


ONES, UNIT = np.ones(2), (0.0, 1.0)
EXPLICIT, IMPLICIT = (explicit_euler, rk4), (implicit_euler, implicit_trapezoid, bdf2)

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
    "stability_function": [("method", stability_function)],
    "dormand_prince": [("f", lambda x: dormand_prince(x, ONES, UNIT)),
                       ("f", lambda x: dormand_prince(lambda t, y: x, ONES, UNIT)),
                       ("y", lambda x: dormand_prince(decay, x, UNIT)),
                       ("span", lambda x: dormand_prince(decay, ONES, x)),
                       ("span", lambda x: dormand_prince(decay, ONES, (0.0, x))),
                       ("rtol", lambda x: dormand_prince(decay, ONES, UNIT, x)),
                       ("atol", lambda x: dormand_prince(decay, ONES, UNIT, 1e-3, x)),
                       ("max_steps", lambda x: dormand_prince(decay, ONES, UNIT, max_steps=x))],
    "tr_bdf2": [("f", lambda x: tr_bdf2(x, minus_eye, ONES, UNIT)),
                ("jacobian", lambda x: tr_bdf2(decay, x, ONES, UNIT)),
                ("jacobian", lambda x: tr_bdf2(decay, lambda t, y: x, ONES, UNIT)),
                ("y", lambda x: tr_bdf2(decay, minus_eye, x, UNIT)),
                ("atol", lambda x: tr_bdf2(decay, minus_eye, ONES, UNIT, 1e-3, x))],
} | {method.__name__: [
        ("f", lambda x, method=method: method(x, ONES, UNIT, 3)),
        ("f", lambda x, method=method: method(lambda t, y: x, ONES, UNIT, 3)),
        ("y", lambda x, method=method: method(decay, x, UNIT, 3)),
        ("span", lambda x, method=method: method(decay, ONES, x, 3)),
        ("steps", lambda x, method=method: method(decay, ONES, UNIT, x)),
    ] for method in EXPLICIT
} | {method.__name__: [
        ("f", lambda x, method=method: method(x, minus_eye, ONES, UNIT, 3)),
        ("f", lambda x, method=method: method(lambda t, y: x, minus_eye, ONES, UNIT, 3)),
        ("jacobian", lambda x, method=method: method(decay, x, ONES, UNIT, 3)),
        ("jacobian", lambda x, method=method: method(decay, lambda t, y: x, ONES, UNIT, 3)),
        ("y", lambda x, method=method: method(decay, minus_eye, x, UNIT, 3)),
        ("span", lambda x, method=method: method(decay, minus_eye, ONES, x, 3)),
        ("steps", lambda x, method=method: method(decay, minus_eye, ONES, UNIT, x)),
    ] for method in IMPLICIT}
CALLS = [(name, argument, call) for name, slots in SLOTS.items() for argument, call in slots]
RESULTS = {"Attempt", "RootResult", "Trajectory"}


def test_no_function_of_the_door_is_left_out():
    tried = set(SLOTS) | RESULTS | set(integrals.SLOTS) | integrals.RESULTS
    assert set(calculus.__all__) == tried


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        # abs(t, y) refuses by itself, and is no mistake of kind where a function is asked for.
        if kind == "function" and argument in ("f", "derivative", "jacobian"):
            continue
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


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_a_start_changes_no_bit(layout):
    y = np.random.default_rng(5).standard_normal(4)

    def values(start):
        found = [method(decay, start, UNIT, 3).y for method in EXPLICIT]
        found += [method(decay, minus_eye, start, UNIT, 3).y for method in IMPLICIT]
        return [*found, dormand_prince(decay, start, UNIT).y, newton_system(np.sinh, lambda x:
                np.diag(np.cosh(x)), start).root, tr_bdf2(decay, minus_eye, start, UNIT).y]

    assert all(map(same, values(y), values(LAYOUTS[layout](y))))


@steady
@given(vectors(min_size=1, max_size=2), arrays((2, 2)), floats(), floats(), floats(), floats())
def test_a_trajectory_arrives_or_says_why_not(y, A, start, end, rtol, atol):
    def f(t, y):
        return A[: len(y), : len(y)] @ y

    def jacobian(t, y):
        return A[: len(y), : len(y)]

    names = ("f", "y", "span", "rtol", "atol", "steps", "jacobian")
    calls = [lambda method=method: method(f, y, (start, end), 5) for method in EXPLICIT]
    calls += [lambda method=method: method(f, jacobian, y, (start, end), 5) for method in IMPLICIT]
    calls += [lambda: dormand_prince(f, y, (start, end), rtol, atol, 20),
              lambda: tr_bdf2(f, jacobian, y, (start, end), rtol, atol, 20)]
    for call in calls:
        for found in answer(call, *names):
            assert found.reached == (found.reason == "end") == (found.t[-1] == end)
            assert np.isfinite(found.y).all() and len(found.y) == len(found.t)
            assert found.t[0] == start and same(found.y[0], y)
            assert found.reached or "not reached" in repr(found)


CURVES = st.sampled_from([
    (lambda x, c: x - c, lambda x, c: 1.0), (lambda x, c: np.tanh(x - c), lambda x, c: 0.5),
    (lambda x, c: (x - c) ** 3, lambda x, c: 3 * (x - c) ** 2),
    (lambda x, c: 1e-300 * (x - c), lambda x, c: 1e-300),
    (lambda x, c: np.sign(x - c), lambda x, c: np.nan)])


# Mostly numbers with which a search goes on, as most others are refused.
NUMBERS = st.one_of(st.floats(-9, 9), st.floats(-9, 9), st.floats(-9, 9), floats())
TOLERANCES = st.one_of(st.sampled_from([0.0, 1e-300, 1e-12, 1e-3]), floats())


@steady
@given(CURVES, NUMBERS, NUMBERS, NUMBERS, TOLERANCES, st.booleans())
def test_a_bracket_holds_its_promise_or_is_refused(curve, a, b, c, tol, around):
    f, derivative = curve
    a, b = (float(c) - abs(float(a)), float(c) + abs(float(b))) if around else (a, b)
    for method in (bisect, lambda f, a, b, tol: safeguarded(f, lambda x: derivative(x, c), a, b,
                                                           tol)):
        for found in answer(lambda method=method: method(lambda x: f(x, c), a, b, tol), "f", "a",
                            "b", "tol"):
            assert min(a, b) <= found.root <= max(a, b)
            assert found.converged or found.reason in ("leap", "nan")
            if found.converged and f(found.root, c) != 0:
                assert found.error <= max(tol, np.spacing(abs(found.root)), 5e-324)


@steady
@given(CURVES, NUMBERS, NUMBERS, NUMBERS, TOLERANCES)
def test_an_open_method_arrives_or_says_why_not(curve, x0, x1, c, tol):
    f, derivative = curve
    for call in (lambda: newton(lambda x: f(x, c), lambda x: derivative(x, c), x0, tol),
                 lambda: secant(lambda x: f(x, c), x0, x1, tol)):
        for found in answer(call, "f", "x", "x0", "x1", "tol", "derivative"):
            assert found.converged == (found.reason in ("zero", "sign change", "steps"))
            assert np.isfinite(found.root) and (found.converged or "not conv" in repr(found))
            assert np.isfinite(found.error) == (found.converged or found.reason == "leap")


@steady
@given(vectors(min_size=1, max_size=3), arrays((3, 3)), TOLERANCES)
def test_a_system_arrives_or_says_why_not(x, A, tol):
    def f(y):
        return A[: len(y), : len(y)] @ y - 1

    for found in answer(lambda: newton_system(f, lambda y: A[: len(y), : len(y)], x, tol), "f", "x",
                        "tol", "jacobian"):
        assert found.converged == (found.reason in ("zero", "steps"))
        assert not found.converged or np.isfinite(found.root).all()
