"""Gradients are exact up to rounding, whatever ordinary NumPy code they are of."""

import collections
import copy

import numpy as np
import pytest

from lib.gradients import derivative, grad, hvp, value_and_grad
from tests.gradients.functions import (
    ANALYTIC,
    EVERY,
    ROUNDOFF,
    C,
    by_torch,
    complex_step,
    point,
)

# These functions take some ten roundings, and magnify none by much: 40 u of the largest entry. Only
# values and vectors of matrices with gaps of about 1/10 are magnified more than tenfold.
SPECTRAL = ("eigenvalues", "eigenvectors", "singular values", "low rank")


def near(name):
    """Return how far two gradients of a function may be apart, relative to the largest entry."""
    return (500 if name in SPECTRAL else 40) * ROUNDOFF


def gap(found, wanted):
    """Return the largest difference, relative to the largest entry."""
    return np.max(np.abs(found - wanted)) / np.max(np.abs(wanted))


def of(f):
    """Return a function of x alone, computed by NumPy."""
    return lambda x: f(np, x)


def test_there_are_forty_functions():
    assert len(ANALYTIC) >= 40


@pytest.mark.parametrize("name", ANALYTIC)
def test_gradients_agree_with_complex_steps(name):
    x = point()
    assert gap(grad(of(ANALYTIC[name]))(x), complex_step(ANALYTIC[name], x)) <= near(name)


@pytest.mark.parametrize("name", EVERY)
def test_gradients_agree_with_torch(torch, name):
    x = point()
    assert gap(grad(of(EVERY[name]))(x), by_torch(torch, EVERY[name], x)) <= near(name)


@pytest.mark.parametrize("name", EVERY)
def test_the_value_is_that_of_the_function_bit_for_bit(name):
    f, x = of(EVERY[name]), point()
    assert value_and_grad(f)(x)[0] == f(x)


@pytest.mark.parametrize("name", EVERY)
def test_float32_stays_float32(name):
    def f(x):
        # Constants of float64 would make all of f float64, as in NumPy.
        return EVERY[name](np, x).astype(np.float32)

    x = point(dtype=np.float32)
    found = grad(f)(x)
    assert found.dtype == np.float32
    assert gap(found, grad(of(EVERY[name]))(x.astype(float))) <= near(name) * 2**29


def test_all_of_a_float32_program_is_float32():
    W, X = np.float32(C[:3, :2]), np.float32(C)
    value, gradient = value_and_grad(
        lambda W: np.mean(np.tanh(X[:, :3] @ W * 0.5) ** 2) + np.sum(np.abs(W)) / 3)(W)
    assert value.dtype == gradient.dtype == np.float32


def test_a_value_that_is_used_twice_gets_both_shares():
    assert grad(lambda x: x * x + x * np.sin(x))(0.0) == 0.0
    assert grad(lambda x: x * x * x)(3.0) == 27.0
    assert np.array_equal(grad(lambda x: np.sum(x + x[::-1]))(np.ones(3)), [2, 2, 2])


def test_two_calls_do_not_interfere():
    f = grad(lambda x: np.sum(x**2))
    first = f(np.array([1.0, 2.0]))
    kept = first.copy()
    second = f(np.array([5.0, 5.0]))
    assert np.array_equal(first, kept) and np.array_equal(second, [10, 10])


def test_a_gradient_inside_a_gradient_does_not_mix():
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(5.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(1.0))(5.0) == 10.0
    assert derivative(lambda x: x * grad(lambda y: x + y)(1.0))(5.0) == 1.0
    assert grad(lambda x: x * derivative(lambda y: x * y)(1.0))(5.0) == 10.0


def test_derivatives_of_derivatives():
    x = 0.7
    for second in (grad(grad(np.sin)), derivative(grad(np.sin)), grad(derivative(np.sin))):
        assert abs(second(x) + np.sin(x)) <= 2 * ROUNDOFF
    assert abs(grad(grad(grad(lambda x: x**4)))(2.0) - 48) <= 100 * ROUNDOFF


def test_structures_of_parameters():
    layer = collections.namedtuple("layer", "W b")
    x = {"first": layer(np.ones((2, 3)), np.zeros(3)), "rest": [np.full(3, 2.0), (0.5,)]}

    def f(x):
        hidden = np.array([1.0, 2.0]) @ x["first"].W + x["first"].b
        return np.sum(hidden * x["rest"][0]) * x["rest"][1][0]

    value, gradient = value_and_grad(f)(x)
    assert value == 9.0
    assert np.array_equal(gradient["first"].W, [[1, 1, 1], [2, 2, 2]])
    assert np.array_equal(gradient["first"].b, [1, 1, 1])
    assert np.array_equal(gradient["rest"][0], [1.5] * 3) and gradient["rest"][1] == (18.0,)
    assert isinstance(gradient["first"], layer)


def test_parameters_do_not_share_a_gradient():
    w = np.array([3.0, 4.0])
    a, b = grad(lambda x: np.sum((x[0] + x[1]) * w))([np.ones(2), np.ones(2)])
    assert a is not b
    a += 7.0
    assert np.array_equal(a, [10, 11]) and np.array_equal(b, [3, 4])


def test_other_arguments_are_constants():
    def f(x, y, power=1):
        return np.sum(x * y**power)

    assert np.array_equal(grad(f)(np.ones(2), np.array([3.0, 4.0]), power=2), [9, 16])


def test_numbers_and_arrays_without_dimensions_give_numbers():
    for x in (2.0, np.float32(2), np.array(2.0)):
        found = grad(lambda x: x**3)(x)
        assert found == 12 and np.shape(found) == () and isinstance(found, np.floating)


def test_control_flow_and_loops_are_followed():
    def f(x):
        total = 0.0
        for value in x:
            total = total + (value**2 if value > 0 else -value)
        while total > 4:
            total = total / 2
        return max(total, x[0])

    assert np.array_equal(grad(f)(np.array([1.0, -2.0, 3.0])), [0.5, -0.25, 1.5])
    # The derivative is that of the branch, also where the branch is a single point.
    assert grad(lambda x: x if x else 0.0)(0.0) == 0.0


@pytest.mark.parametrize("f, message", [
    (lambda x: x, r"shape \(3,\).*np.sum"),
    (lambda x: np.array([1.0]), r"shape \(1,\)"),
    (lambda x: None, "returned None"),
    (lambda x: (x[0],), "no number: return one"),
    (lambda x: "1", "no number"),
])
def test_what_is_not_one_number_is_refused(f, message):
    with pytest.raises((TypeError, ValueError), match=message):
        grad(f)(np.ones(3))


@pytest.mark.parametrize("x, name", [
    (3, "x is of int64"), ([1.0, 2], r"x\[1\] is of int64"), (True, "x is of bool"),
    ({"W": [np.arange(3)]}, r"x\['W'\]\[0\] is of int64"),
    (np.ones(2, np.float16), "x is of float16"), (np.array([1.0, None]), "x holds"),
    (np.ones(2, np.longdouble), "x is of .*float"),
])
def test_what_has_no_derivative_is_refused_by_its_name(x, name):
    with pytest.raises(TypeError, match=name):
        grad(lambda x: 0.0)(x)


def test_no_function_is_refused():
    for make in (grad, value_and_grad):
        with pytest.raises(TypeError, match=r"f = 3\.0 cannot be called"):
            make(3.0)


def stepped(x, place):
    """Overwrite a place of a plain array by a traced number."""
    kept = np.zeros(3)
    kept[place] = x[place]
    return np.sum(kept)


def added(x):
    """Add a traced array to a plain one in its place."""
    kept = np.zeros(3)
    kept += x
    return np.sum(kept)


def overwritten(x):
    """Overwrite a place of a traced array."""
    x[0] = 1.0
    return np.sum(x)


@pytest.mark.parametrize("f, message", [
    (lambda x: stepped(x, 0), r"lose its derivative.*np\.stack"),
    (lambda x: stepped(x, slice(0, 2)), r"lose its derivative.*np\.where"),
    (added, r"np\.add .* with out=: leave it out; .*new array"),
    (overwritten, r"cannot be overwritten.*np\.where"),
    (lambda x: np.sum(np.array([x[0], x[1]])), "lose its derivative: leave out np.array"),
    (lambda x: np.sum(np.asarray(x)), "lose its derivative: leave out np.array"),
    (lambda x: float(x[0]), "lose its derivative: leave out float"),
    (lambda x: x[0].item(), "lose its derivative: leave out float"),
    (lambda x: np.copyto(np.zeros(3), x), "np.copyto has no derivative here: write"),
    (lambda x: np.sum(x.astype(int)), r"astype\(int64\) would lose the derivative: use x.value"),
])
def test_nothing_drops_a_derivative_in_silence(f, message):
    with pytest.raises(TypeError, match=message):
        grad(f)(np.array([1.0, 2.0, 3.0]))


def test_a_copy_is_followed():
    assert grad(lambda x: copy.deepcopy([x])[0] * copy.copy(x))(3.0) == 6.0


# What derivatives do where there is none, or none that is finite.
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_infinite_slopes_are_infinite_and_the_chain_rule_makes_nans_of_them():
    assert np.array_equal(grad(lambda x: np.sum(np.sqrt(x)))(np.array([0.0, 4.0])), [np.inf, 0.25])
    assert np.isnan(grad(lambda x: np.sqrt(np.sum(x * x)))(np.zeros(2))).all()
    assert np.isnan(grad(np.std)(np.ones(3))).all()
    assert np.isnan(grad(lambda x: np.sqrt(x) ** 2)(0.0))


def test_a_slope_that_is_infinite_comes_with_numpys_warning():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert np.isinf(grad(np.sqrt)(0.0))


def test_a_norm_of_zero_has_gradient_zero():
    assert np.array_equal(grad(np.linalg.norm)(np.zeros(3)), [0, 0, 0])
    rows = grad(lambda x: np.sum(np.linalg.norm(x, axis=1)))(np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert np.max(np.abs(rows - [[0, 0], [0.6, 0.8]])) <= ROUNDOFF


def test_kinks_have_the_mean_of_both_sides():
    assert np.array_equal(grad(lambda x: np.sum(abs(x)))(np.array([0.0, -2.0])), [0, -1])
    assert np.array_equal(grad(lambda x: np.sum(np.maximum(x, 0)))(np.array([0.0, 1.0, -1.0])),
                          [0.5, 1, 0])
    assert grad(lambda x: np.maximum(x, 0) - np.maximum(-x, 0))(0.0) == 1.0
    assert np.array_equal(grad(np.max)(np.array([2.0, 1.0, 2.0])), [0.5, 0, 0.5])
    assert np.array_equal(grad(np.min)(np.array([2.0, 2.0, 2.0, 2.0])), [0.25] * 4)


def test_clip_has_slope_one_at_its_bounds():
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0])
    assert np.array_equal(grad(lambda x: np.sum(np.clip(x, 0.0, 1.0)))(x), [0, 1, 1, 1, 0])


# Hessian-vector products.
@pytest.mark.parametrize("name", EVERY)
def test_hessians_are_symmetric_and_those_of_torch(torch, name):
    x, u, v = point(), point(34) - 0.5, point(35) - 0.5
    f = EVERY[name]
    Hu, Hv = hvp(of(f), x, u), hvp(of(f), x, v)
    # A second derivative adds up numbers that may cancel, and eigenvectors lose what 1/gap says.
    size = np.linalg.norm(u) * np.linalg.norm(v) * sum(
        np.linalg.norm(hvp(of(f), x, e)) for e in np.eye(6))
    assert abs(u @ Hv - v @ Hu) <= 4 * near(name) * size
    t = torch.tensor(x)
    _, wanted = torch.autograd.functional.hvp(lambda t: f(torch, t), t, torch.tensor(v))
    assert np.linalg.norm(Hv - wanted.numpy()) <= 4 * near(name) * size / np.linalg.norm(u)


def test_the_hessian_of_a_quadratic_form_is_its_matrix():
    x = np.arange(6.0)
    H = np.stack([hvp(lambda x: x @ C @ x, x, e) for e in np.eye(6)])
    assert np.max(np.abs(H - (C + C.T))) <= 2 * ROUNDOFF


def test_a_hessian_of_structures():
    x = {"a": 2.0, "b": [np.array([1.0, 3.0])]}
    v = {"a": 1.0, "b": [np.array([0.0, 1.0])]}
    found = hvp(lambda x: x["a"] ** 2 * np.sum(x["b"][0] ** 2), x, v)
    # With a = 2, b = (1, 3): f_aa = 2 b.b, f_ab = 4 a b, f_bb = 2 a**2.
    assert found["a"] == 2 * 10 + 4 * 2 * 3
    assert np.array_equal(found["b"][0], [4 * 2 * 1, 4 * 2 * 3 + 2 * 4])


def test_a_hessian_of_what_has_none_is_zero():
    assert np.array_equal(hvp(lambda x: np.sum(3 * x), np.ones(2), np.ones(2)), [0, 0])
    assert hvp(lambda x, y: x**2 * y, 1.0, 1.0, 5.0) == 10.0


@pytest.mark.parametrize("v", [np.ones(3), [np.ones(2)], np.ones((2, 1)), 1.0])
def test_a_direction_that_is_not_like_x_is_refused(v):
    with pytest.raises(ValueError, match=r"v .*: give"):
        hvp(np.sum, np.ones(2), v)
