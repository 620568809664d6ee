"""A kernel matrix that is never stored is the one of the formula."""

import tracemalloc

import numpy as np
import pytest

from lib.problems import GaussianKernel, gaussian_kernel, kernels

DTYPES = (np.float32, np.float64)


def points(n, d, dtype=float, seed=7):
    """Return random points in a cube."""
    return np.random.default_rng(seed).uniform(-1, 1, (n, d)).astype(dtype)


def formula(X, length):
    """Return the matrix from differences, which do not cancel."""
    X = X.astype(float)
    return np.exp(-np.sum((X[:, None] - X) ** 2, axis=-1) / (2 * length**2))


def bound(X, length):
    """Return the relative error that the docstring of gaussian_kernel allows."""
    wide = X.astype(float)
    radius = max(1, np.max(np.linalg.norm(wide - wide.mean(axis=0), axis=1)) / length)
    return 2 * (X.shape[1] + 4) * np.finfo(X.dtype).eps / 2 * radius**2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("d", [1, 5, 30])
@pytest.mark.parametrize("length", [0.1, 1.0, 100.0])
@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_elements_have_the_relative_error_that_is_stated(dtype, d, length, offset):
    X = points(40, d, dtype) + dtype(offset)
    X[1] = X[0]
    wanted = formula(X, length)
    found = gaussian_kernel(X, length).columns(np.arange(40))
    normal = wanted > np.finfo(dtype).tiny
    assert found.dtype == dtype and np.all(found <= 1)
    assert np.all(np.abs(found - wanted)[normal] <= bound(X, length) * wanted[normal])


def test_without_the_mean_removed_that_bound_is_missed():
    X = (points(40, 2) + 1000).astype(np.float32)
    half = np.sum(X * X, axis=1) / 2
    naive = np.exp(X @ X.T - half[:, None] - half)
    assert np.abs(naive - formula(X, 1.0)).max() > 1000 * bound(X, 1.0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 2, 7, 64])
@pytest.mark.parametrize("elements", [1, 100, 2**19])
@pytest.mark.parametrize("columns", [None, 1, 3])
def test_a_product_is_that_of_the_matrix(n, elements, columns, dtype, monkeypatch):
    monkeypatch.setattr(kernels, "ELEMENTS", elements)
    X = points(n, 3, dtype)
    v = np.random.default_rng(3).standard_normal((n, columns or 1)).astype(dtype)
    v = v if columns else v[:, 0]
    K = gaussian_kernel(X, 0.7)
    # Every sum has n terms.
    allowed = (bound(X, 0.7) + n * np.finfo(dtype).eps) * (formula(X, 0.7) @ np.abs(v))
    found = K(v)
    assert found.shape == v.shape and found.dtype == dtype == K.dtype and K.shape == (n, n)
    assert np.all(np.abs(found - formula(X, 0.7) @ v.astype(float)) <= allowed)


def test_the_matrix_is_semidefinite_with_trace_n():
    K = gaussian_kernel(points(80, 2), 1.0)
    A = K.columns(np.arange(80))
    values = np.linalg.eigvalsh((A + A.T) / 2)
    assert values[0] >= -80 * bound(points(80, 2), 1.0)
    assert np.sum(values) == pytest.approx(80, rel=1e-13, abs=0)
    assert isinstance(K, GaussianKernel)


def test_memory_does_not_grow_with_n_squared():
    n = 6000
    K, v = gaussian_kernel(points(n, 4), 1.0), np.ones(n)
    tracemalloc.start()
    K(v)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * 8 * kernels.ELEMENTS < 8 * n * n / 20


def test_columns_may_come_in_any_order():
    X = points(9, 2)
    K = gaussian_kernel(X, 1.0)
    chosen = [4, 0, 4]
    assert np.array_equal(K.columns(chosen), K.columns(np.arange(9))[:, chosen])
    for wrong, error in (([], TypeError), ([0.0], TypeError), ([[0]], TypeError), ([9], ValueError),
                         ([-1], ValueError), (np.array([True]), TypeError)):
        with pytest.raises(error, match=r"chosen .*: (give a list|there are the columns 0 to 8)"):
            K.columns(wrong)


@pytest.mark.parametrize("v", [np.ones(4), np.ones((3, 1, 1)), np.ones(3, np.float32)])
def test_a_vector_that_does_not_fit_is_refused(v):
    with pytest.raises(ValueError, match=r"v is of .* this kernel takes float64, 3 rows"):
        gaussian_kernel(points(3, 2), 1.0)(v)


@pytest.mark.parametrize("X, length, said", [
    (np.ones(3), 1.0, r"X has shape \(3,\)"), (points(3, 2), 0.0, "length = 0.0: give a positive"),
    (points(3, 2), -1.0, "length = -1.0"), (points(3, 2), np.inf, "length = inf"),
    (points(3, 2), 1e-9, "length = 1e-09: points lie .* lengths from their mean, and in float64"),
    (points(3, 2, np.float32), 1e-3, "in float32 the kernel of neighbours has an error of"),
    (np.array([[1e308], [-1e308]]), 1.0, "points lie inf lengths")])
def test_points_too_many_lengths_apart_are_refused(X, length, said):
    with pytest.raises(ValueError, match=said):
        gaussian_kernel(X, length)


def test_integers_and_lists_are_points_too():
    assert gaussian_kernel([[0], [1]], 1).columns([0])[1] == np.exp(-0.5)
