"""Fixed steps have their orders, and what they damp, keep or blow up is what theory says."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lib.calculus import (
    bdf2,
    explicit_euler,
    implicit_euler,
    implicit_trapezoid,
    rk4,
    stability_function,
)

ORDERS = {explicit_euler: 1, rk4: 4, implicit_euler: 1, implicit_trapezoid: 2, bdf2: 2}
IMPLICIT = (implicit_euler, implicit_trapezoid, bdf2)
ALL = pytest.mark.parametrize("method", ORDERS, ids=lambda method: method.__name__)
ONE = np.array([1.0])


def run(method, f, jacobian, y, span, steps):
    """Return what a method finds, with the Jacobian if it needs one."""
    middle = (jacobian,) if method in IMPLICIT else ()
    return method(f, *middle, y, span, steps)


def linear(A):
    """Return f and its Jacobian for y' = A y."""
    A = np.atleast_2d(np.asarray(A, dtype=float))
    return (lambda t, y: (A.astype(y.dtype) @ y)), (lambda t, y: A.astype(y.dtype))


def logistic(t, y):
    """Return a slope with the solution 1 / (1 + exp(-t**2 / 2))."""
    return t * y * (1 - y)


def logistic_jacobian(t, y):
    """Return its Jacobian."""
    return np.diag(t * (1 - 2 * y))


def robertson(t, y):
    """Return the slope of Robertson's reactions."""
    slow, fast, back = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
    return np.array([back - slow, slow - back - fast, fast])


def robertson_jacobian(t, y):
    """Return its Jacobian."""
    return np.array([[-0.04, 1e4 * y[2], 1e4 * y[1]],
                     [0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1]], [0, 6e7 * y[1], 0]])


def prothero_robinson(rate):
    """Return f and its Jacobian for y' = -rate (y - cos t) - sin t, whose solution is cos t."""
    return (lambda t, y: -rate * (y - math.cos(t)) - math.sin(t),
            lambda t, y: np.array([[-rate]]))


# Orders.


@ALL
@pytest.mark.parametrize("problem", ["decay", "square", "logistic", "rotation", "backwards"])
def test_halving_the_step_divides_the_error_by_2_to_the_order(method, problem):
    f, jacobian, y, span, exact = {
        "decay": (*linear([[-1.0]]), ONE, (0.0, 1.0), np.exp([-1.0])),
        "square": (lambda t, y: -y**2, lambda t, y: np.diag(-2 * y), ONE, (0.0, 1.0), [0.5]),
        "logistic": (logistic, logistic_jacobian, ONE / 2, (0.0, 2.0), [1 / (1 + np.exp(-2.0))]),
        "rotation": (*linear([[0.0, -1], [1, 0]]), np.array([1.0, 0]), (0.0, 1.0),
                     [math.cos(1), math.sin(1)]),
        "backwards": (*linear([[-1.0]]), ONE, (1.0, 0.0), np.exp([1.0])),
    }[problem]
    errors = [np.max(np.abs(run(method, f, jacobian, y, span, steps).y[-1] - exact))
              for steps in (100, 200)]
    order = math.log2(errors[0] / errors[1])
    assert order == pytest.approx(ORDERS[method], abs=0.1)


@pytest.mark.parametrize("method", [explicit_euler, rk4, implicit_euler, implicit_trapezoid],
                         ids=lambda method: method.__name__)
@pytest.mark.parametrize("z", [-1.5, -0.3, 0.2])
def test_n_steps_are_the_nth_power_of_the_stability_function(method, z):
    found = run(method, *linear([[z]]), ONE, (0.0, 20.0), 20).y[:, 0]
    powers = stability_function(method.__name__)(z) ** np.arange(21.0)
    assert np.allclose(found, powers, rtol=1e-12)


# Stiff problems.


@pytest.mark.parametrize("rate", [50.0, 1e3, 1e6])
def test_explicit_euler_needs_steps_below_two_over_the_rate(rate):
    below = explicit_euler(*prothero_robinson(rate)[:1], ONE, (0.0, 200 * 1.9 / rate), 200)
    above = explicit_euler(*prothero_robinson(rate)[:1], ONE + 1e-9, (0.0, 200 * 2.1 / rate), 200)
    assert np.max(np.abs(below.y[:, 0] - np.cos(below.t))) < 1.9 / rate
    assert abs(above.y[-1, 0] - np.cos(above.t[-1])) > 1e-2  # 1e-9 times 1.1**200


@pytest.mark.parametrize("rate", [1e3, 1e6, 1e9])
def test_implicit_methods_follow_the_slow_curve_at_any_rate(rate):
    f, jacobian = prothero_robinson(rate)
    for method, bound in ((implicit_euler, 0.1 / rate), (bdf2, 0.1 / rate),
                          (implicit_trapezoid, 0.1 / rate)):
        found = method(f, jacobian, ONE, (0.0, 1.0), 10)
        error = np.max(np.abs(found.y[:, 0] - np.cos(found.t)))
        assert found.reached and error <= bound + 1e-9


def test_the_trapezoidal_rule_does_not_forget_a_fast_mode_and_implicit_euler_does():
    f, jacobian = prothero_robinson(1e4)
    far = ONE + 1
    kept = implicit_trapezoid(f, jacobian, far, (0.0, 1.0), 10)
    errors = kept.y[:, 0] - np.cos(kept.t)
    ratio = stability_function("implicit_trapezoid")(-1e3)
    assert np.allclose(errors, ratio ** np.arange(11), atol=1e-3)
    assert 0.95 < errors[-1] < 0.97 and errors[1] < -0.99
    damped = implicit_euler(f, jacobian, far, (0.0, 1.0), 10)
    assert abs(damped.y[1, 0] - np.cos(0.1)) < 1.1e-3
    assert abs(bdf2(f, jacobian, far, (0.0, 1.0), 10).y[-1, 0] - np.cos(1)) < 1e-4


def test_implicit_euler_hides_growth():
    small = implicit_euler(*linear([[2.0]]), ONE, (0.0, 12.0), 120)
    large = implicit_euler(*linear([[2.0]]), ONE, (0.0, 12.0), 8)
    assert small.y[-1, 0] > math.exp(24) and abs(large.y[-1, 0]) < 1e-2


def test_oscillations_are_kept_enlarged_or_damped():
    f, jacobian = linear([[0.0, -1], [1, 0]])
    sizes = {method: np.linalg.norm(run(method, f, jacobian, np.array([1.0, 0]), (0.0, 10.0), 100)
                                    .y[-1]) for method in ORDERS}
    assert sizes[explicit_euler] == pytest.approx(1.01**50, rel=1e-9, abs=0)
    assert sizes[implicit_euler] == pytest.approx(1.01**-50, rel=1e-9, abs=0)
    assert sizes[implicit_trapezoid] == pytest.approx(1, rel=1e-12, abs=0)


@pytest.mark.parametrize("steps", [10, 40, 160])
def test_robertson_by_implicit_methods(steps):
    start, span = np.array([1.0, 0, 0]), (0.0, 40.0)
    exact = solve_ivp(robertson, span, start, method="Radau", rtol=1e-10, atol=1e-14,
                      jac=robertson_jacobian).y[:, -1]
    for method, constant in ((implicit_euler, 0.25), (bdf2, 0.02)):
        found = method(robertson, robertson_jacobian, start, span, steps)
        assert found.reached and abs(np.sum(found.y[-1]) - 1) <= 1e-12  # mass is kept
        assert abs(found.y[-1, 0] - exact[0]) / exact[0] <= constant / steps
        assert found.factorisations == found.jacobians <= 6 * steps


def test_a_wrong_jacobian_costs_factorisations_and_moves_nothing():
    def halved(t, y):
        return robertson_jacobian(t, y) * np.array([1, 1, 0.5])

    def frozen(t, y):
        return robertson_jacobian(0.0, start)

    start, span = np.array([1.0, 0, 0]), (0.0, 40.0)
    right = implicit_euler(robertson, robertson_jacobian, start, span, 40)
    wrong = implicit_euler(robertson, halved, start, span, 40)
    assert wrong.reached and wrong.factorisations > 1.5 * right.factorisations
    assert np.allclose(wrong.y[-1], right.y[-1], rtol=1e-9)
    stuck = implicit_euler(robertson, frozen, start, span, 40)  # too wrong, and it says so
    assert not stuck.reached and stuck.reason in ("newton", "nan", "overflow")


def test_chaos_falls_asleep_where_the_fixed_points_become_stable():
    # At the fixed points of Lorenz's system lambda = 0.094 + 10.19 i: h > 2 Re / |lambda|**2.
    def lorenz(t, u):
        return np.array([10 * (u[1] - u[0]), u[0] * (28 - u[2]) - u[1], u[0] * u[1] - 8 / 3 * u[2]])

    def slope(t, u):
        return np.array([[-10, 10, 0], [28 - u[2], -1, -u[0]], [u[1], u[0], -8 / 3]])

    root = math.sqrt(72)
    values = np.linalg.eigvals(slope(0, np.array([root, root, 27])))
    pair = values[np.argmax(values.real)]
    limit = 2 * pair.real / abs(pair) ** 2
    assert 0.0017 < limit < 0.0019
    found = implicit_euler(lorenz, slope, np.ones(3), (0.0, 40.0), 2000)  # h = 0.02
    assert limit < 0.02 and abs(abs(found.y[-1, 0]) - root) < 1e-9


# Counts, dtypes, failures.


@ALL
def test_calls_are_counted(method):
    calls = []
    f, jacobian = linear([[-1.0]])
    found = run(method, lambda t, y: calls.append(t) or f(t, y), jacobian, ONE, (0.0, 1.0), 7)
    assert found.evaluations == len(calls) and found.steps == 7 and found.attempts == ()
    assert np.array_equal(found.t, np.arange(8) / 7) or np.allclose(found.t, np.arange(8) / 7)
    assert found.t[-1] == 1.0 and found.rejected == 0
    if method not in IMPLICIT:
        assert found.evaluations == 7 * (4 if method is rk4 else 1) and found.jacobians == 0
    else:
        # Of a linear equation one step arrives; a second one sees it, unless f is exactly 0 there.
        assert 7 <= found.factorisations == found.jacobians <= 14


@ALL
def test_the_dtype_of_the_start_is_computed_in(method):
    found = run(method, *linear([[-1.0, 0], [0.5, -2]]), np.float32([1, 2]), (0.0, 1.0), 20)
    wide = run(method, *linear([[-1.0, 0], [0.5, -2]]), np.array([1.0, 2]), (0.0, 1.0), 20)
    assert found.y.dtype == np.float32 and wide.y.dtype == float
    assert np.max(np.abs(found.y - wide.y)) <= 20 * 8 * 2.0**-24 * 2


@pytest.mark.parametrize("method", [explicit_euler, rk4], ids=["euler", "rk4"])
def test_what_grows_out_of_the_range_is_named_and_the_rest_kept(method):
    found = method(lambda t, y: -1e6 * y, ONE, (0.0, 1.0), 1000)
    assert not found.reached and found.reason == "overflow"
    assert np.isfinite(found.y).all() and 0 < found.steps < 1000
    assert len(found.t) == len(found.y) and "not reached" in repr(found)


@ALL
def test_nan_is_named(method):
    found = run(method, lambda t, y: np.where(t > 0.55, np.nan, -y), linear([[-1.0]])[1], ONE,
                (0.0, 1.0), 10)
    assert found.reason == "nan" and not found.reached and 0.3 < found.t[-1] < 0.7


@pytest.mark.parametrize("method", IMPLICIT, ids=lambda method: method.__name__)
def test_an_equation_without_a_solution_is_named(method):
    # new = 1 + new**2 has none: the solution has left before the end of the step.
    found = method(lambda t, y: y**2, lambda t, y: np.diag(2 * y), ONE, (0.0, 5.0), 2)
    assert not found.reached and found.reason in ("newton", "singular") and found.steps == 0


def test_the_step_that_cannot_be_taken_is_named():
    found = implicit_euler(*linear([[1.0]]), ONE, (0.0, 3.0), 3)
    assert found.reason == "singular" and "singular; try smaller steps" in found.message


def test_a_solution_that_blows_up_is_seen_by_an_explicit_method_too_late():
    found = explicit_euler(lambda t, y: y**2, ONE, (0.0, 2.0), 100)
    assert not found.reached and found.reason == "overflow" and found.t[-1] > 1


@ALL
@pytest.mark.parametrize(("bad", "kind", "said"), [
    ({"y": [[1.0]]}, TypeError, "y is of float64 and of shape"), ({"y": 1.0}, TypeError, "y is of"),
    ({"y": [np.nan]}, ValueError, r"y\[0\] is nan"), ({"steps": 0}, ValueError, "steps = 0"),
    ({"steps": 2.5}, TypeError, "steps = 2.5"), ({"f": 3}, TypeError, "f = 3: give a function"),
    ({"f": lambda t, y: 1.0}, ValueError, r"f returned float64 of shape \(\)"),
    ({"f": lambda t, y: y + 1j}, TypeError, "the result of f is complex"),
    ({"span": (0.0, 0.0)}, ValueError, "two different times"),
    ({"span": (1e16, 1e16 + 8), "steps": 100}, ValueError, "steps = 100: steps of 0.08 are lost")])
def test_arguments_are_refused_by_name(method, bad, kind, said):
    arguments = {"f": lambda t, y: -y, "jacobian": lambda t, y: -np.eye(1), "y": [1.0],
                 "span": (0.0, 1.0), "steps": 5} | bad
    with pytest.raises(kind, match=said):
        run(method, *arguments.values())


@pytest.mark.parametrize("method", IMPLICIT, ids=lambda method: method.__name__)
def test_a_missing_or_misshapen_jacobian_is_refused(method):
    with pytest.raises(TypeError, match="jacobian = None: an implicit step solves with it"):
        method(lambda t, y: -y, None, ONE, (0.0, 1.0), 5)
    with pytest.raises(ValueError, match=r"jacobian returned float64 of shape \(1,\)"):
        method(lambda t, y: -y, lambda t, y: -y, ONE, (0.0, 1.0), 5)


def test_an_f_that_writes_into_its_argument_is_stopped():
    def greedy(t, y):
        y *= -1
        return y

    with pytest.raises(ValueError, match="read-only"):
        explicit_euler(greedy, ONE, (0.0, 1.0), 3)


@ALL
def test_an_f_may_fill_one_array_again_and_again(method):
    A, start = np.array([[0.0, 1], [-1, -0.5]]), np.array([1.0, 0.0])
    slope, matrix = np.empty(2), np.empty((2, 2))
    reused = run(method, lambda t, y: np.matmul(A, y, out=slope),
                 lambda t, y: np.add(A, 0, out=matrix), start, (0.0, 3.0), 20)
    fresh = run(method, lambda t, y: A @ y, lambda t, y: A, start, (0.0, 3.0), 20)
    assert np.array_equal(reused.y, fresh.y)
