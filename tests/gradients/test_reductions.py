"""Sums, means, products and maxima along axes."""

import numpy as np
import pytest

from lib import numbers
from lib.gradients import grad, hvp, logsumexp, value_and_grad
from tests.gradients.functions import ROUNDOFF

X = np.random.default_rng(9).standard_normal((3, 4, 2))
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": 1, "keepdims": True},
        {"axis": None, "keepdims": True}]


@pytest.mark.parametrize("kwargs", AXES, ids=str)
def test_sums_and_means(kwargs):
    for function in (np.sum, np.mean):
        w = np.random.default_rng(2).standard_normal(np.shape(function(X, **kwargs)))
        found = grad(lambda x: np.sum(function(x, **kwargs) * w))(X)  # noqa: B023
        count = 1 if function is np.sum else X.size // w.size
        if "axis" in kwargs and kwargs["axis"] is not None and not kwargs.get("keepdims"):
            w = np.expand_dims(w, kwargs["axis"])
        assert np.max(np.abs(found - np.broadcast_to(w, X.shape) / count)) <= 2 * ROUNDOFF


@pytest.mark.parametrize("kwargs", AXES, ids=str)
@pytest.mark.parametrize("ddof", [0, 1])
def test_variances(kwargs, ddof):
    def by_sums(x):
        mean = np.mean(x, axis=kwargs.get("axis"), keepdims=True)
        count = X.size // np.size(np.sum(X, **kwargs))
        return np.sum((x - mean) ** 2, **kwargs) / (count - ddof)

    for function, same in ((np.var, by_sums), (np.std, lambda x: np.sqrt(by_sums(x)))):
        one = grad(lambda x: np.sum(function(x, ddof=ddof, **kwargs) ** 3))(X)  # noqa: B023
        other = grad(lambda x: np.sum(same(x) ** 3))(X)  # noqa: B023
        assert np.max(np.abs(one - other)) <= 40 * ROUNDOFF * np.max(np.abs(other))
    assert np.array_equal(grad(lambda x: x.std() + x.var())(X), grad(
        lambda x: np.std(x) + np.var(x))(X))


@pytest.mark.parametrize("kwargs", AXES, ids=str)
def test_maxima_take_the_gradient_to_where_they_are(kwargs):
    ties = np.round(2 * X)  # -5 to 5, many of them equal
    for function in (np.max, np.min, np.amax, np.amin):
        shape = np.shape(function(ties, **kwargs))
        w = np.random.default_rng(2).standard_normal(shape)
        found = grad(lambda x: np.sum(function(x, **kwargs) * w))(ties)  # noqa: B023
        top = function(ties, axis=kwargs.get("axis"), keepdims=True)
        where = ties == top
        assert np.all(found[~where] == 0)
        back = np.sum(found, **kwargs)  # equal shares, which add up to the gradient
        assert np.max(np.abs(back - w)) <= 8 * ROUNDOFF * np.max(np.abs(w))
        share = np.broadcast_to(1 / np.sum(where, axis=kwargs.get("axis"), keepdims=True), X.shape)
        full = w.reshape(np.shape(top))
        assert np.max(np.abs(found - np.where(where, share * full, 0))) <= 2 * ROUNDOFF * 3


def test_a_maximum_of_nans_has_no_gradient():
    assert np.isnan(grad(np.max)(np.array([1.0, np.nan]))).all()


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_products(axis):
    for x in (X, np.where(np.arange(24).reshape(X.shape) == 7, 0, X),  # one zero
              np.where(np.arange(24).reshape(X.shape) % 7 == 1, 0, X)):  # several
        found = grad(lambda x: np.sum(np.prod(x, axis=axis)))(x)
        rows = np.ravel(x)[None] if axis is None else np.moveaxis(x, axis, -1).reshape(
            -1, x.shape[axis])
        # Of each number the product of all others.
        wanted = np.stack([np.prod(np.delete(rows, i, 1), axis=1) for i in range(rows.shape[1])], 1)
        wanted = wanted.reshape(x.shape) if axis is None else np.moveaxis(
            wanted.reshape(np.moveaxis(x, axis, -1).shape), -1, axis)
        assert np.all(np.abs(found - wanted) <= 50 * ROUNDOFF * np.abs(wanted))
    kept = grad(lambda x: np.sum(np.prod(x, axis=1, keepdims=True) * x))(X)
    assert kept.shape == X.shape
    assert grad(lambda x: x.prod())(np.array([3.0])) == 1


def test_sums_so_far_differences_and_traces():
    w = np.arange(1.0, 25).reshape(X.shape)
    found = grad(lambda x: np.sum(np.cumsum(x, axis=1) * w))(X)
    assert np.array_equal(found, np.flip(np.cumsum(np.flip(w, 1), 1), 1))
    assert np.array_equal(grad(lambda x: np.sum(np.cumsum(x) * np.ravel(w)))(X),
                          np.cumsum(np.ravel(w)[::-1])[::-1].reshape(X.shape))
    assert np.array_equal(grad(lambda x: np.sum(np.diff(x) * [1, 10, 100]))(np.zeros(4)),
                          [-1, -9, -90, 100])
    assert np.array_equal(grad(lambda x: np.sum(np.diff(x, n=2, axis=0)))(np.zeros((4, 1))),
                          [[1], [-1], [-1], [1]])
    assert np.array_equal(grad(np.trace)(np.zeros((2, 3))), [[1, 0, 0], [0, 1, 0]])
    assert np.array_equal(hvp(lambda x: np.sum(np.cumsum(x) ** 2), np.ones(3), np.ones(3)),
                          [12, 10, 6])
    with pytest.raises(ValueError, match=r"n = -1: np\.diff takes differences 0 times"):
        grad(lambda x: np.sum(np.diff(x, n=-1)))(np.ones(3))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_logsumexp_is_that_of_numbers_and_its_gradient_softmax(axis):
    x = 30 * X
    assert np.array_equal(logsumexp(x, axis), numbers.logsumexp(x, axis))
    found = grad(lambda x: np.sum(logsumexp(x, axis)))(x)
    wanted = numbers.softmax(np.ravel(x)).reshape(x.shape) if axis is None else numbers.softmax(
        x, axis)
    # exp(x - y) magnifies the rounding of y by its size.
    assert np.max(np.abs(found - wanted)) <= 4 * ROUNDOFF * (2 + np.max(np.abs(x)))


def test_logsumexp_of_masked_and_of_large_terms():
    x = np.array([1000.0, -np.inf, 1000.0])
    assert np.max(np.abs(grad(logsumexp)(x) - [0.5, 0, 0.5])) <= 1000 * ROUNDOFF
    assert grad(logsumexp)(np.float32([1, 2])).dtype == np.float32
    v = np.array([1.0, 0.0])
    p = numbers.softmax(np.array([0.5, 1.5]))
    assert np.max(np.abs(hvp(logsumexp, np.array([0.5, 1.5]), v) - p * (v - p @ v))) <= (
        8 * ROUNDOFF)


@pytest.mark.parametrize("call, message", [
    (lambda x: np.sum(x, where=x > 0), "np.sum: .*'where'; here it takes"),
    (lambda x: np.mean(x, dtype=float), "np.mean: .*'dtype'"),
    (lambda x: np.max(x, initial=0), "np.max: .*'initial'"),
    (lambda x: np.median(x), "np.median has no derivative here"),
    (lambda x: np.add.reduce(x), "np.add.reduce has no derivative here"),
    (lambda x: np.exp(x, where=X > 0), "np.exp .*where=: leave it out"),
])
def test_what_is_not_followed_is_refused_by_name(call, message):
    with pytest.raises(TypeError, match=message):
        grad(lambda x: np.sum(call(x)))(X)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), (2, 0), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_products_along_any_axes_agree_with_complex_steps(axis, keepdims):
    z = np.random.default_rng(7).standard_normal((2, 3, 4))

    def f(t):
        found = np.prod(t, axis=axis, keepdims=keepdims)
        return np.sum(found * np.cos(np.arange(found.size)).reshape(found.shape))

    value, gradient = value_and_grad(f)(z)
    assert value == f(z)
    for place in np.ndindex(z.shape):
        turned = z.astype(complex)
        turned[place] += 1e-100j
        # Up to 24 factors, each rounded, and as many terms.
        assert abs(gradient[place] - f(turned).imag / 1e-100) <= 100 * 2.0**-53 * np.sum(np.abs(z))


def test_a_product_is_that_of_numpy_at_both_ends_of_the_range():
    x = np.array([1e200, 1e-300, 1e200, 1e-300])
    value, gradient = value_and_grad(np.prod)(x)
    assert value == np.prod(x)
    assert np.allclose(gradient, [0, 1e100, 0, 1e100], rtol=1e-15)
    assert grad(np.prod)(np.array([0.0, 0.0, 3.0])).tolist() == [0, 0, 0]
    assert grad(np.prod)(np.array([0.0, 2.0, 3.0])).tolist() == [6, 0, 0]
    assert grad(lambda x: np.prod(x[:0]) * x[0])(np.array([2.0])).tolist() == [1]
    assert hvp(np.prod, np.array([2.0, 3.0, 5.0]), np.array([1.0, 0, 0])).tolist() == [0, 5, 3]
