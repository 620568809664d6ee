"""Adapted steps keep what is allowed, cost what stability or accuracy asks, and name their end."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lib.calculus import dormand_prince, tr_bdf2
from lib.calculus.adaptive_steps import DIFFERENCE, ROWS, TIMES
from tests.calculus.test_fixed_steps import (
    linear,
    logistic,
    logistic_jacobian,
    prothero_robinson,
    robertson,
    robertson_jacobian,
)

ONE = np.array([1.0])
BOTH = pytest.mark.parametrize("method", [dormand_prince, tr_bdf2], ids=["explicit", "implicit"])
LIMIT = 3.3066  # on the real axis


def run(method, f, jacobian, y, span, **options):
    """Return what a method finds, with the Jacobian if it needs one."""
    middle = (jacobian,) if method is tr_bdf2 else ()
    return method(f, *middle, y, span, **options)


def van_der_pol(mu):
    """Return f and its Jacobian for van der Pol's equation."""
    return (lambda t, y: np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]]),
            lambda t, y: np.array([[0, 1], [-2 * mu * y[0] * y[1] - 1, mu * (1 - y[0] ** 2)]]))


def heat(n):
    """Return the matrix of the heat equation on n points inside the interval (0, 1)."""
    return (n + 1) ** 2 * (np.eye(n, k=1) + np.eye(n, k=-1) - 2 * np.eye(n))


# The tableau.


def test_the_tableau_meets_the_conditions_of_order_5():
    A, c = np.zeros((7, 7)), np.array([0, *TIMES])
    for k, row in enumerate(ROWS, 1):
        A[k, : len(row)] = row
    b = A[6]
    assert np.allclose(A.sum(axis=1), c, atol=1e-15)
    for k in range(1, 6):  # quadrature
        assert b @ c ** (k - 1) == pytest.approx(1 / k, rel=1e-14, abs=0)
    for weights, value in ((b @ A @ c, 1 / 6), (b * c @ A @ c, 1 / 8), (b @ A @ c**2, 1 / 12),
                           (b @ A @ A @ c, 1 / 24), (b * c**2 @ A @ c, 1 / 10),
                           (b @ (A @ c) ** 2, 1 / 20), (b * c @ A @ c**2, 1 / 15),
                           (b @ A @ c**3, 1 / 20), (b * c @ A @ A @ c, 1 / 30),
                           (b @ A @ (c * (A @ c)), 1 / 40), (b @ A @ A @ c**2, 1 / 60),
                           (b @ A @ A @ A @ c, 1 / 120)):
        assert weights == pytest.approx(value, rel=1e-13, abs=0)


def test_the_embedded_result_has_order_4_and_not_5():
    A, c = np.zeros((7, 7)), np.array([0, *TIMES])
    for k, row in enumerate(ROWS, 1):
        A[k, : len(row)] = row
    e = np.array(DIFFERENCE)
    small = [e.sum(), e @ c, e @ c**2, e @ c**3, e @ A @ c, e * c @ A @ c, e @ A @ c**2,
             e @ A @ A @ c]
    assert np.max(np.abs(small)) < 1e-15 < 1e-4 < abs(e @ c**4)


# What is promised, and what not.


@BOTH
@pytest.mark.parametrize("tol", [1e-3, 1e-5, 1e-7])
def test_a_smooth_solution_comes_as_near_as_local_errors_let_it(method, tol):
    for f, jacobian, y, end, exact in (
            (*linear([[-1.0]]), ONE, 2.0, np.exp(-2.0)),
            (logistic, logistic_jacobian, ONE / 2, 3.0, 1 / (1 + np.exp(-4.5))),
            (lambda t, y: -y**2, lambda t, y: np.diag(-2 * y), ONE, 3.0, 0.25)):
        found = run(method, f, jacobian, y, (0.0, end), rtol=tol, atol=tol)
        # Errors of single steps, each at most 2 tol, add up where none grows.
        assert found.reached and found.t[-1] == end
        assert abs(found.y[-1, 0] - exact) <= 2 * tol * found.steps
        assert all((attempt.error <= 1) == attempt.accepted for attempt in found.attempts)


@BOTH
def test_the_work_grows_as_the_order_says(method):
    f, jacobian = linear([[0.0, -1], [1, 0]])
    steps = [run(method, f, jacobian, np.array([1.0, 0]), (0.0, 20.0), rtol=tol, atol=tol).steps
             for tol in (1e-4, 1e-7)]
    order = 5 if method is dormand_prince else 3
    assert math.log(steps[1] / steps[0]) / math.log(1e3) == pytest.approx(1 / order, abs=0.03)


def test_local_is_not_global():
    growing = dormand_prince(lambda t, y: y, ONE, (0.0, 20.0), rtol=1e-3, atol=1e-6)
    assert abs(growing.y[-1, 0] / math.exp(20) - 1) > 1e-3
    backwards = dormand_prince(lambda t, y: -100 * (y - math.cos(t)), np.array([math.cos(1.0)]),
                               (1.0, 0.0), rtol=1e-8, atol=1e-8)
    assert abs(backwards.y[-1, 0]) > 1e30  # and the curve ends at about 1


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9])
def test_scipy_takes_the_same_steps(tol):
    for f, y, span in ((logistic, [0.5], (0, 3.0)), (lambda t, y: -y**2, [1.0], (0, 3.0)),
                       (lambda t, y: y, [1.0], (2.0, 0.0)),
                       (van_der_pol(10.0)[0], [2.0, 0.0], (0, 5.0))):
        mine = dormand_prince(f, np.array(y), span, rtol=tol, atol=tol)
        other = solve_ivp(f, span, y, rtol=tol, atol=tol)
        assert np.allclose(mine.t, other.t, rtol=1e-6, atol=1e-6) and mine.evaluations == other.nfev
        assert np.allclose(mine.y, other.y.T, rtol=1e-6, atol=1e-9)


# Stiffness.


@pytest.mark.parametrize("rate", [300.0, 1e3, 1e4])
def test_an_explicit_method_pays_for_what_died_out_long_ago(rate):
    found = dormand_prince(lambda t, y: -rate * (y - np.cos(t)), np.zeros(1), (0.0, 1.0))
    assert found.reached and found.steps == pytest.approx(rate / LIMIT, rel=0.1, abs=0)
    steady = [a.step * rate for a in found.attempts[len(found.attempts) // 2:] if a.accepted]
    assert np.median(steady) == pytest.approx(LIMIT, rel=0.05, abs=0)


@pytest.mark.parametrize("rate", [1e3, 1e4, 1e6, 1e9])
def test_an_implicit_method_pays_for_the_curve_alone(rate):
    found = tr_bdf2(lambda t, y: -rate * (y - np.cos(t)), lambda t, y: np.array([[-rate]]),
                    np.zeros(1), (0.0, 1.0))
    assert found.reached and found.steps < 40 and found.rejected <= 5
    assert abs(found.y[-1, 0] - math.cos(1)) <= 2e-3
    assert found.factorisations < 6 * found.steps


def test_the_tolerance_does_not_set_the_steps_where_stability_does():
    def f(t, y):
        return -1e3 * (y - math.cos(t)) - math.sin(t)

    counts = [dormand_prince(f, ONE, (0.0, 4.0), rtol=tol, atol=tol).steps for tol in (1e-2, 1e-5)]
    assert counts[1] == pytest.approx(counts[0], rel=0.02, abs=0)
    f, jacobian = prothero_robinson(1e3)
    counts = [tr_bdf2(f, jacobian, ONE, (0.0, 4.0), rtol=tol, atol=tol).steps
              for tol in (1e-3, 1e-8)]
    assert counts[1] > 10 * counts[0]


@pytest.mark.parametrize("n", [20, 40])
def test_the_heat_equation_by_its_largest_eigenvalue(n):
    A, start = heat(n), np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    rate = 4 * (n + 1) ** 2 * math.sin(n * math.pi / (2 * n + 2)) ** 2
    slow = 4 * (n + 1) ** 2 * math.sin(math.pi / (2 * n + 2)) ** 2
    explicit = dormand_prince(lambda t, y: A @ y, start, (0.0, 0.1))
    implicit = tr_bdf2(lambda t, y: A @ y, lambda t, y: A, start, (0.0, 0.1))
    # At first, while only the slow mode is there, steps are longer.
    assert 0.5 * 0.1 * rate / LIMIT <= explicit.steps <= 1.1 * 0.1 * rate / LIMIT
    assert implicit.steps < 40
    for found in (explicit, implicit):
        assert np.max(np.abs(found.y[-1] - start * math.exp(-0.1 * slow))) <= 5e-3


@pytest.mark.parametrize("mu", [10.0, 100.0, 1000.0])
def test_van_der_pol_over_a_period(mu):
    f, jacobian = van_der_pol(mu)
    start, span = np.array([2.0, 0]), (0.0, 1.9 * mu)
    exact = solve_ivp(f, span, start, method="Radau", jac=jacobian, rtol=1e-9, atol=1e-12).y[:, -1]
    found = tr_bdf2(f, jacobian, start, span)
    assert found.reached and found.steps < 400 and found.rejected < found.steps / 8
    assert abs(found.y[-1, 0] - exact[0]) <= 2e-2


@pytest.mark.parametrize("end", [40.0, 1e5])
def test_robertson_over_many_scales(end):
    start = np.array([1.0, 0, 0])
    exact = solve_ivp(robertson, (0.0, end), start, method="Radau", rtol=1e-10, atol=1e-14,
                      jac=robertson_jacobian).y[:, -1]
    for tol in (1e-3, 1e-5):
        found = tr_bdf2(robertson, robertson_jacobian, start, (0.0, end), rtol=tol, atol=tol / 1e5)
        assert found.reached and found.steps < 120 * (1e-3 / tol) ** (1 / 3)
        assert np.max(np.abs(found.y[-1] / exact - 1)) <= 100 * tol
        assert abs(np.sum(found.y[-1]) - 1) <= 100 * tol


def test_atol_for_each_element_decides_what_counts():
    start = np.array([1.0, 0, 0])
    coarse = tr_bdf2(robertson, robertson_jacobian, start, (0.0, 40.0), atol=1e-3)
    fine = tr_bdf2(robertson, robertson_jacobian, start, (0.0, 40.0),
                   atol=np.array([1e-3, 1e-9, 1e-3]))
    assert fine.reached and fine.steps > coarse.steps


def test_a_coarse_atol_leads_to_where_the_solution_ends():
    # The second root of 0.04 y1 - 1e4 y2 y3 - 3e7 y2**2 is near -4e-5: below it y2 falls for ever.
    # Which of these runs get there, rounding decides.
    start, ended = np.array([1.0, 0, 0]), []
    for rtol in np.geomspace(1e-3, 1e-2, 6):
        coarse = dormand_prince(robertson, start, (0.0, 4.0), rtol=rtol)
        if not coarse.reached:
            ended.append(coarse)
        assert dormand_prince(robertson, start, (0.0, 1.0), rtol=rtol, atol=1e-8).reached
    assert ended and "Robertson" in dormand_prince.__doc__
    for coarse in ended:
        assert coarse.reason == "underflow" and np.min(coarse.y[:, 1]) < -4e-5
        assert "try a smaller atol" in coarse.message


def test_a_fast_mode_is_forgotten_at_once():
    f, jacobian = prothero_robinson(1e6)
    found = tr_bdf2(f, jacobian, ONE + 1, (0.0, 1.0))
    late = found.t > 1e-4
    assert np.max(np.abs(found.y[late, 0] - np.cos(found.t[late]))) <= 1e-3


def test_fast_modes_do_not_count_in_the_estimate():
    # Without the filter the estimate is that of a mode that is not there, and 40 steps are taken.
    for rate in (1e4, 1e6, 1e9):
        f, jacobian = prothero_robinson(rate)
        found = tr_bdf2(f, jacobian, ONE, (0.0, 10.0))
        assert found.reached and found.steps < 15 and found.rejected == 0
        assert np.max(np.abs(found.y[:, 0] - np.cos(found.t))) <= 1e-3


def test_a_wrong_jacobian_costs_factorisations_and_moves_nothing():
    def f(t, y):
        return -50 * y**2

    found = {wrong: tr_bdf2(f, lambda t, y, w=wrong: np.diag(-100 * w * y), ONE, (0.0, 2.0))
             for wrong in (1, 2, 4)}
    errors = {wrong: np.max(np.abs(one.y[:, 0] - 1 / (1 + 50 * one.t)))
              for wrong, one in found.items()}
    assert max(errors.values()) <= 1.3 * errors[1] <= 2e-3
    assert found[4].factorisations > 1.5 * found[1].factorisations


# What ends them.


@BOTH
@pytest.mark.parametrize(("f", "jacobian", "end", "reasons", "at"), [
    (lambda t, y: y**2, lambda t, y: np.diag(2 * y), 2.0, {"underflow", "overflow", "newton"}, 1),
    (lambda t, y: -1 / (2 * y), lambda t, y: np.diag(1 / (2 * y**2)), 2.0,
     {"underflow", "newton", "nan", "max_steps"}, 1),  # samples may leap over y = 0
    (lambda t, y: np.sqrt(1 - t) * y, lambda t, y: np.sqrt(1 - t) * np.eye(1), 2.0, {"nan"}, 1),
    (lambda t, y: y / (1 - t), lambda t, y: np.eye(1) / (1 - t), 2.0,
     {"underflow", "overflow", "singular", "newton", "nan"}, 1),
])
def test_a_solution_that_ends_is_said_to(method, f, jacobian, end, reasons, at):
    found = run(method, f, jacobian, ONE, (0.0, end), rtol=1e-4, atol=1e-6, max_steps=3000)
    assert not found.reached and found.reason in reasons
    assert abs(found.t[-1] - at) <= 1e-2 and np.isfinite(found.y).all()
    assert "not reached" in found.message


@BOTH
def test_where_f_has_no_value_nan_is_the_reason_and_not_the_small_step(method):
    def f(t, y):
        return np.sqrt(1 - t) * y

    for tol in (1e-3, 1e-4, 1e-5, 1e-6):
        found = run(method, f, lambda t, y: np.sqrt(1 - t) * np.eye(1), ONE, (0.0, 2.0), rtol=tol,
                    atol=tol / 1e3)
        assert found.reason == "nan" and abs(found.t[-1] - 1) <= 1e-12


def test_a_singularity_between_samples_is_leapt_over():
    # Samples prove nothing about what is between them: the docstring says so.
    found = dormand_prince(lambda t, y: np.array([1 / (t - 0.3) ** 2]), ONE, (0.0, 1.0))
    assert found.reached and min(attempt.step for attempt in found.attempts) < 1e-6
    assert "leapt over" in dormand_prince.__doc__


@BOTH
def test_too_many_steps_are_said_to_be(method):
    found = run(method, *linear([[-1e6]]), ONE, (0.0, 1.0), rtol=1e-9, atol=1e-12, max_steps=50)
    assert found.reason == "max_steps" and len(found.attempts) == 50
    assert "max_steps = 50" in found.message
    assert ("stiff" in found.message) == (method is dormand_prince)


@BOTH
def test_nan_at_the_start_is_said_at_once(method):
    found = run(method, lambda t, y: y * np.nan, lambda t, y: np.eye(1), ONE, (0.0, 1.0))
    assert found.reason == "nan" and found.steps == 0 == len(found.attempts)


def test_a_jacobian_that_keeps_newton_from_arriving_is_named():
    found = tr_bdf2(lambda t, y: -y, lambda t, y: np.full((1, 1), np.nan), ONE, (0.0, 1.0))
    assert not found.reached and found.reason == "nan"


@BOTH
def test_a_rejected_step_is_recorded_and_tried_again_shorter(method):
    f, jacobian = van_der_pol(30.0)
    found = run(method, f, jacobian, np.array([2.0, 0]), (0.0, 40.0))
    assert found.reached and found.rejected == sum(not a.accepted for a in found.attempts) > 0
    assert found.steps + found.rejected == len(found.attempts)
    for before, after in zip(found.attempts, found.attempts[1:], strict=False):
        if before.accepted:
            assert after.t == pytest.approx(before.t + before.step, rel=1e-12, abs=1e-300)
            assert abs(after.step) <= 10.001 * abs(before.step)
        else:
            assert after.t == before.t and 0.19 * before.step <= after.step < before.step


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_start_is_computed_in(method, dtype):
    f, jacobian = linear([[-1.0, 0], [0, -3]])
    found = run(method, f, jacobian, np.array([1, 2], dtype), (0.0, 1.0))
    assert found.y.dtype == dtype and found.t.dtype == float
    assert np.max(np.abs(found.y[-1] - [math.exp(-1), 2 * math.exp(-3)])) <= 5e-3


@BOTH
def test_calls_are_counted(method):
    calls = []
    found = run(method, lambda t, y: calls.append(t) or -y, lambda t, y: -np.eye(1), ONE,
                (0.0, 1.0))
    assert found.evaluations == len(calls)
    if method is dormand_prince:
        assert found.evaluations == 6 * len(found.attempts) + 2 and found.jacobians == 0
    else:
        assert found.factorisations == found.jacobians > 0


@BOTH
def test_a_solution_that_is_0_or_constant_is_no_trouble(method):
    for start in (np.zeros(2), np.ones(2)):
        found = run(method, lambda t, y: 0 * y, lambda t, y: np.zeros((2, 2)), start, (0.0, 1e6),
                    atol=0.0, rtol=1e-6)
        assert found.reached and np.array_equal(found.y[-1], start) and found.steps < 30


@BOTH
@pytest.mark.parametrize(("options", "said"), [
    ({"rtol": -1e-3}, "rtol = -0.001"), ({"rtol": 1e-17}, "rtol = 1e-17: give 0, or at least 10 u"),
    ({"rtol": np.nan}, "rtol = nan"), ({"rtol": 0.0, "atol": 0.0}, "some error has to be allowed"),
    ({"atol": -1.0}, "atol = -1.0"), ({"atol": np.ones(3)}, "one for each of 1 elements"),
    ({"atol": np.inf}, "atol"), ({"max_steps": 0}, "max_steps = 0")])
def test_options_out_of_range_are_refused(method, options, said):
    with pytest.raises(ValueError, match=said):
        run(method, *linear([[-1.0]]), ONE, (0.0, 1.0), **options)


def test_a_missing_jacobian_is_refused():
    with pytest.raises(TypeError, match="jacobian = None: an implicit step solves with it"):
        tr_bdf2(lambda t, y: -y, None, ONE, (0.0, 1.0))


@BOTH
def test_an_f_may_fill_one_array_again_and_again(method):
    A, start = np.array([[0.0, 1], [-1, -0.5]]), np.array([1.0, 0.0])
    slope, matrix = np.empty(2), np.empty((2, 2))
    reused = run(method, lambda t, y: np.matmul(A, y, out=slope),
                 lambda t, y: np.add(A, 0, out=matrix), start, (0.0, 3.0))
    fresh = run(method, lambda t, y: A @ y, lambda t, y: A, start, (0.0, 3.0))
    assert np.array_equal(reused.t, fresh.t) and np.array_equal(reused.y, fresh.y)
