"""Systems: the order, what a wrong Jacobian costs, layers and models, and every way to fail."""

import math

import numpy as np
import pytest
from scipy.optimize import root as scipy_root

from lib.calculus import newton_system


def powell(x):
    """Return a system of two badly scaled equations, of Powell."""
    return np.array([1e4 * x[0] * x[1] - 1, np.exp(-x[0]) + np.exp(-x[1]) - 1.0001])


def powell_jacobian(x):
    """Return its Jacobian."""
    return np.array([[1e4 * x[1], 1e4 * x[0]], [-np.exp(-x[0]), -np.exp(-x[1])]])


def circle(x):
    """Return a circle and a line, which meet at (1, 1) and (-1, -1)."""
    return np.array([x[0] ** 2 + x[1] ** 2 - 2, x[0] - x[1]], dtype=x.dtype)


def circle_jacobian(x):
    """Return its Jacobian."""
    return np.array([[2 * x[0], 2 * x[1]], [1, -1]], dtype=x.dtype)


def layer(strength, n=6):
    """Return f and its Jacobian for a layer z = tanh(W z + x) with negative feedback."""
    rng = np.random.default_rng(1983)
    B = rng.standard_normal((n, n))
    W, x = -strength * (B @ B.T) / np.linalg.norm(B @ B.T, 2), rng.standard_normal(n)

    def f(z):
        return z - np.tanh(W @ z + x)

    def jacobian(z):
        return np.eye(n) - (1 - np.tanh(W @ z + x) ** 2)[:, None] * W

    return f, jacobian


def logistic(X, labels, penalty=0.0):
    """Return the gradient and the Hessian of the loss of logistic regression."""
    def gradient(w):
        return -X.T @ (labels / (1 + np.exp(labels * (X @ w)))) + penalty * w

    def hessian(w):
        p = 1 / (1 + np.exp(-(X @ w)))
        return (X.T * (p * (1 - p))) @ X + penalty * np.eye(len(w))

    return gradient, hessian


def test_errors_are_squared():
    errors = np.max(np.abs(newton_system(circle, circle_jacobian, np.array([2.0, 0.5])).iterates
                           - 1), axis=1)
    # On the line x = y each step is Heron's, (x + 1 / x) / 2, whose error is e**2 / (2 x).
    late = [k for k in range(1, len(errors) - 1) if 1e-7 < errors[k] < 0.3]
    assert len(late) >= 2
    for k in late:
        assert errors[k + 1] / errors[k] ** 2 == pytest.approx(0.5, rel=0.5 * errors[k] * 4,
                                                               abs=1e-15 / errors[k] ** 2)


def test_a_wrong_jacobian_costs_steps_and_moves_no_root():
    right = newton_system(circle, circle_jacobian, np.array([2.0, 0.5]))
    wrong = newton_system(circle, lambda x: circle_jacobian(np.array([1.5, 1.5])),
                          np.array([2.0, 0.5]))
    assert wrong.converged and wrong.evaluations > 2 * right.evaluations
    assert np.max(np.abs(wrong.root - right.root)) <= 2e-12
    # The last step alone would be too small by the factor that slow convergence needs.
    slow = newton_system(lambda x: x - 1, lambda x: 10 * np.eye(1), np.zeros(1), 1e-6, 1000)
    assert slow.converged and abs(slow.root[0] - 1) <= slow.error <= 1e-6


@pytest.mark.parametrize("strength", [0.9, 1.1, 3.0, 30.0])
def test_a_layer_defined_by_an_equation_is_found_in_a_few_steps(strength):
    f, jacobian = layer(strength)
    found = newton_system(f, jacobian, np.zeros(6), damped=True)
    assert found.converged and found.derivatives <= 12
    assert np.max(np.abs(f(found.root))) <= 1e-14
    assert np.max(np.abs(found.root - scipy_root(f, np.zeros(6), jac=jacobian).x)) <= 1e-7


def test_iteration_of_a_strong_layer_does_not_arrive():
    f, _ = layer(3.0)
    z = np.zeros(6)
    for _ in range(200):
        z = z - f(z)
    assert np.max(np.abs(f(z))) > 0.1


# Models.


def test_weights_of_separable_data_never_arrive():
    X, labels = np.array([[-2.0], [-1], [1], [2]]), np.array([-1.0, -1, 1, 1])
    gradient, hessian = logistic(X, labels)
    found = newton_system(gradient, hessian, np.zeros(1), maxiter=25)
    assert not found.converged and found.reason == "maxiter"
    assert np.all(np.abs(np.diff(found.iterates[6:, 0]) - 1) < 1e-2)  # one more a step
    ridge = newton_system(*logistic(X, labels, 1e-4), np.zeros(1))
    assert ridge.converged and np.max(np.abs(logistic(X, labels, 1e-4)[0](ridge.root))) < 1e-14


def test_a_convex_loss_needs_damping_from_afar():
    X, labels = np.array([[-2.0], [-1], [1], [2]]), np.array([-1.0, 1, -1, 1])
    gradient, hessian = logistic(X, labels)
    free = newton_system(gradient, hessian, np.array([2.0]))
    assert not free.converged and free.reason in ("singular", "overflow", "nan")
    assert np.max(np.abs(free.iterates)) > 1e6
    damped = newton_system(gradient, hessian, np.array([2.0]), damped=True)
    assert damped.converged and abs(gradient(damped.root)[0]) <= 1e-15
    norms = [abs(gradient(w)[0]) for w in damped.iterates[:-1]]
    assert np.all(np.diff(norms) < 0)


# Ways to end.


def test_scipy_finds_the_same_root_of_a_badly_scaled_system():
    found = newton_system(powell, powell_jacobian, np.array([0.0, 1.0]))
    expected = scipy_root(powell, [0.0, 1.0], jac=powell_jacobian, tol=1e-14).x
    assert found.converged and np.allclose(found.root, expected, rtol=1e-6)
    assert np.max(np.abs(powell(found.root))) < 1e-10


@pytest.mark.parametrize(("f", "jacobian", "x", "reason"), [
    (circle, circle_jacobian, [0.0, 0.0], "singular"), (lambda x: x, np.diag, [0.0, 0.0], "zero"),
    (np.log, lambda x: np.diag(1 / x), [9.0, 9.0], "nan"),
    (lambda x: x, lambda x: np.full((2, 2), np.nan), [1.0, 2.0], "nan"),
    (lambda x: np.exp(x), lambda x: np.diag(np.exp(x)), [800.0, 1.0], "overflow"),
    (lambda x: x + 1, lambda x: np.diag([1e-320, 1.0]), [1.0, 2.0], "overflow"),
    (lambda x: x**2 + 1, lambda x: 2 * np.diag(x), [0.3, 0.7], "maxiter")])
def test_what_stops_it_is_named(f, jacobian, x, reason):
    found = newton_system(f, jacobian, np.array(x))
    assert found.reason == reason and found.converged == (reason == "zero")
    assert found.error == (0 if reason == "zero" else math.inf) and found.message


def test_damping_says_when_there_is_no_way_down():
    found = newton_system(lambda x: x**2 + 1, lambda x: 2 * np.diag(x), np.array([1e-3]),
                          damped=True, maxiter=200)
    assert found.reason == "no descent" and abs(found.root[0]) < 0.1
    found = newton_system(circle, lambda x: -circle_jacobian(x), np.array([2.0, 0.5]), damped=True)
    assert found.reason == "no descent" and "wrong jacobian" in found.message


def test_damping_halves_a_step_often_enough():
    # At 1e4 the tangent of the arctangent leads 1.6e8 far: 2**-13 of it is allowed.
    found = newton_system(np.arctan, lambda x: np.diag(1 / (1 + x**2)), np.array([1e4]),
                          damped=True)
    assert found.converged and abs(found.root[0]) < 1e-12


def test_damping_wants_more_than_a_hair():
    # The whole step makes |f| smaller by 1/20 000, half of it by a half.
    found = newton_system(lambda x: np.where(x > 0.25, x, 0.99995), lambda x: np.eye(1), np.ones(1),
                          damped=True, maxiter=1)
    assert found.iterates[1] == 0.5


def test_a_tol_of_0_is_raised_to_4_u():
    # The errors halve; the last step is as long as the error that it leaves.
    found = newton_system(lambda x: x - 1, lambda x: 2 * np.eye(1), np.zeros(1), 0.0, 100)
    assert found.converged and abs(found.root[0] - 1) <= found.error <= 4 * 2.0**-53


def test_a_double_root_is_slow_and_its_error_known():
    found = newton_system(lambda x: x**2, lambda x: 2 * np.diag(x), np.array([1.0, 2.0]))
    assert found.converged and np.max(np.abs(found.root)) <= 1.01 * found.error <= 1.01e-12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_x_is_computed_in(dtype):
    found = newton_system(circle, circle_jacobian, np.array([2.0, 0.5], dtype))
    assert found.root.dtype == found.iterates.dtype == dtype and found.converged
    assert np.max(np.abs(found.root.astype(float) - 1)) <= 4 * np.finfo(dtype).eps
    with pytest.raises(ValueError, match="f returned float64 of shape"):
        newton_system(lambda x: circle(x.astype(float)), circle_jacobian, np.float32([2, 1]))


def test_calls_are_counted_and_the_start_stays():
    x, calls = np.array([2.0, 0.5]), []
    found = newton_system(lambda x: calls.append(0) or circle(x), circle_jacobian, x)
    assert found.evaluations == len(calls) == found.derivatives == len(found.iterates) - 1
    assert x.tolist() == [2.0, 0.5]


@pytest.mark.parametrize("damped", [False, True])
def test_functions_may_fill_one_array_again_and_again(damped):
    value, matrix, start = np.empty(2), np.empty((2, 2)), np.array([3.0, 0.5])

    def filled(x):
        value[:] = circle(x)
        return value

    def filled_jacobian(x):
        matrix[:] = circle_jacobian(x)
        return matrix

    reused = newton_system(filled, filled_jacobian, start, damped=damped)
    fresh = newton_system(circle, circle_jacobian, start, damped=damped)
    assert reused.converged and np.array_equal(reused.iterates, fresh.iterates)


def test_an_f_that_writes_into_its_argument_is_stopped():
    def greedy(x):
        x *= x
        return x

    with pytest.raises(ValueError, match="read-only"):
        newton_system(greedy, circle_jacobian, np.array([3.0, 0.5]))
    found = newton_system(circle, circle_jacobian, np.ones(2))
    assert found.reason == "zero" and found.root.flags.writeable


@pytest.mark.parametrize(("arguments", "said"), [
    ((circle, circle_jacobian, np.ones((2, 1))), "x is of float64 and of shape"),
    ((3, circle_jacobian, np.ones(2)), "f = 3: give a function"),
    ((circle, 3, np.ones(2)), "jacobian = 3: give a function"),
    ((lambda x: x[:1], circle_jacobian, np.ones(2)), r"f returned float64 of shape \(1,\)"),
    ((circle, lambda x: x, np.array([2.0, 1.0])), r"jacobian returned float64 of shape \(2,\)"),
    ((lambda x: x + 1j, circle_jacobian, np.ones(2)), "the result of f is complex"),
    ((circle, circle_jacobian, np.array([1.0, np.nan])), "nan"),
    ((circle, circle_jacobian, np.ones(2), -1.0), "tol = -1.0"),
    ((circle, circle_jacobian, np.ones(2), 1e-9, 0), "maxiter = 0")])
def test_arguments_are_refused_by_name(arguments, said):
    with pytest.raises((TypeError, ValueError), match=said):
        newton_system(*arguments)
