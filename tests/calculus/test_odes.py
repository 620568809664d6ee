"""What methods share: problems that refuse, stages that are solved, results that speak."""

import math

import numpy as np
import pytest

from lib.calculus import Attempt, Trajectory
from lib.calculus.odes import Problem, Stopped, time_span


def decay(t, y):
    """Return -y."""
    return -y


def jacobian(t, y):
    """Return its Jacobian."""
    return -np.eye(len(y), dtype=y.dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stage_is_solved_to_what_it_says(dtype):
    y = np.array([1.0, -3.0], dtype)
    problem = Problem(lambda t, y: -y**3, y, (0, 1), lambda t, y: np.diag(-3 * y**2))
    found = problem.stage(1.0, y, 0.5, y)
    assert found.dtype == dtype
    # The derivative of the equation is at least 1, so the error is at most the residual.
    error = np.max(np.abs(found + found.astype(dtype) ** 3 / 2 - y).astype(float))
    u = np.finfo(dtype).eps / 2
    assert error <= u ** (2 / 3) * np.max(np.abs(found)) + 8 * u * 3
    assert problem.factorisations == problem.jacobian.calls >= problem.f.calls - 1 >= 2


def test_a_slow_jacobian_moves_the_solution_of_a_stage_no_further_than_allowed():
    y, small = np.array([1.0, -3.0]), np.array([1e-3, 1e-6])
    for wrong in (3, 6, 12):
        problem = Problem(lambda t, y: -y**3, y, (0, 1), lambda t, y, w=wrong: np.diag(-w * y**2))
        found = problem.stage(1.0, y, 0.5, y, small)
        assert np.all(np.abs(found + found**3 / 2 - y) / (1 + 1.5 * found**2) <= 1.1 * small)


def test_a_stage_that_is_not_solved_stops_by_name():
    y = np.array([1.0])
    for f, slope, reason in ((lambda t, y: y**2, lambda t, y: np.diag(2 * y), "newton"),
                             (lambda t, y: y, lambda t, y: np.eye(1), "singular"),
                             (lambda t, y: y * np.nan, lambda t, y: np.eye(1), "nan"),
                             (lambda t, y: y, lambda t, y: np.eye(1) / 0.0, "nan")):
        with pytest.raises(Stopped, match="implicit step to 1") as told:
            Problem(f, y, (0, 1), slope).stage(1.0, y, 1.0, y)
        assert told.value.reason == reason


def test_states_are_read_only_and_the_start_is_copied():
    start = np.array([1.0, 2.0])
    problem = Problem(decay, start, (0, 1))
    start[0] = 7
    assert problem.y[0].tolist() == [1, 2] and not problem.y[0].flags.writeable


def test_a_state_or_a_slope_that_is_not_finite_stops():
    problem = Problem(lambda t, y: y / t, np.ones(1), (0.0, 1.0))
    with np.errstate(all="ignore"), pytest.raises(Stopped, match=r"f\(0, y\) holds inf"):
        problem.slope(0.0, np.ones(1))
    with pytest.raises(Stopped, match=r"leaves the range of float64 at 0\.5") as told:
        problem.add(0.5, np.array([np.inf]))
    assert told.value.reason == "overflow" and len(problem.t) == 1


@pytest.mark.parametrize(("span", "kind", "said"), [
    (1.0, TypeError, "span = 1.0: give the start and the end"),
    ((0, 1, 2), TypeError, "span = "), (None, TypeError, "span = None"),
    ((0.0, 0.0), ValueError, "two different times"), ((0, np.inf), ValueError, r"span\[1\] = inf"),
    ((np.nan, 1), ValueError, r"span\[0\] = nan"), ((-1.7e308, 1.7e308), ValueError, "too far")])
def test_a_span_is_refused_by_name(span, kind, said):
    with pytest.raises(kind, match=said):
        time_span(span)


def test_a_trajectory_counts_and_speaks():
    attempts = (Attempt(0.0, 0.5, 2.0, False), Attempt(0.0, 0.25, 0.5, True))
    found = Trajectory(np.array([0, 0.25]), np.ones((2, 1)), False, "max_steps", "1 not reached", 9,
                       2, 3, attempts)
    assert (found.steps, found.rejected) == (1, 1)
    assert repr(found) == ("t = 0.25 1 not reached after 1 step (1 rejected), 9 evaluations of f, "
                           "3 factorisations")
    assert math.isclose(found.attempts[1].step, 0.25) and not found.attempts[0].accepted
