"""Ritz values keep their bounds; ghosts come where nothing is subtracted, and are right."""

import itertools

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from lib.linear import Ritz, lanczos, power_iteration
from lib.problems import grcar, poisson2d, random_orthogonal, read_table, with_eigenvalues
from tests.linear.helpers import DTYPES, SYMMETRIC, loss, norm, rng, roundoff, symmetric

U = 2.0**-53
OUTLIER = np.append(np.linspace(0, 1, 199), 10.0)


def distances(values, spectrum):
    """Return how far each value is from the nearest eigenvalue."""
    return np.abs(np.asarray(values, float)[:, None] - spectrum).min(axis=1)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SYMMETRIC)
def test_within_each_bound_lies_an_eigenvalue(name, dtype):
    A = SYMMETRIC[name].astype(dtype)
    n, rounding = len(A), 10 * len(A) * roundoff(dtype)
    spectrum = np.linalg.eigvalsh(A.astype(float))
    for k in {1, min(5, n), n}:
        found = lanczos(A, k, start=rng(k).standard_normal(n).astype(dtype))
        assert isinstance(found, Ritz) and found.values.dtype == found.T.dtype == dtype
        assert loss(found.basis) <= rounding
        allowed = found.bounds.astype(float) + rounding * norm(A)
        assert np.all(distances(found.values, spectrum) <= allowed)
        # The bound is the residual of the pair.
        values, vectors = (x.astype(float) for x in found)
        residuals = np.linalg.norm(A.astype(float) @ vectors - vectors * values, axis=0)
        assert np.all(np.abs(residuals - found.bounds) <= 2 * rounding * norm(A))


@pytest.mark.parametrize("n", [5, 30])
def test_the_recurrence_is_that_of_a_on_its_krylov_space(n):
    A, start = symmetric(n), rng(3).standard_normal(n)
    found = lanczos(A, 4, start=start)
    Q, T = found.basis, found.T
    assert Q.shape == (n, 4) and norm(Q.T @ A @ Q - T) <= 10 * n * U * norm(A)
    assert np.array_equal(T, T.T) and not np.triu(T, 2).any()
    powers = np.stack([np.linalg.matrix_power(A, k) @ start for k in range(4)], axis=1)
    assert norm(powers - Q @ (Q.T @ powers)) <= 1e-12 * norm(powers)
    # No value of A on a space leaves the interval of its eigenvalues (Cauchy).
    extremes = np.linalg.eigvalsh(A)[[0, -1]]
    assert extremes[0] - 1e-13 <= found.values[0] <= found.values[-1] <= extremes[1] + 1e-13


def test_after_as_many_steps_as_there_are_eigenvalues_all_are_found():
    A = symmetric(40)
    found = lanczos(A, 40)
    assert np.abs(found.values - np.linalg.eigvalsh(A)).max() <= 2 * 10 * 40 * U * norm(A)
    assert len(lanczos(A, 1000).values) <= 40  # there is no further direction


@pytest.mark.parametrize("k, ghosts", [(10, 1), (20, 2), (40, 4), (60, 6), (80, 7), (100, 9)])
def test_without_reorthogonalization_ghosts_come_and_each_is_right(k, ghosts):
    # These counts are the same on three kernels of OpenBLAS; what is asserted leaves them one more
    # or less.
    plain = lanczos(np.diag(OUTLIER), k, reorthogonalize=False, start=np.ones(200))
    copies = plain.values[np.abs(plain.values - 10) < 1e-8]
    assert abs(len(copies) - ghosts) <= (1 if k > 20 else 0)
    assert np.sum(np.abs(copies - 10) > 1e-12 * 10) <= 1  # the newest is still on its way
    kept = lanczos(np.diag(OUTLIER), k, start=np.ones(200))
    assert np.sum(np.abs(kept.values - 10) < 1e-8) == 1
    assert loss(kept.basis) <= 10 * 200 * U
    assert (loss(plain.basis) > 0.9) == (k > 10)


def test_a_value_with_a_small_bound_lies_near_an_eigenvalue_even_so():
    # Paige 1971, 1980. Measured: at most 0.3 of what is allowed here.
    for seed in range(40):
        spectrum = np.sort(10.0 ** rng(seed).uniform(-6, 0, 60)) * rng(seed).choice([-1, 1], 60)
        k = int(rng(seed + 1).integers(20, 150))
        found = lanczos(np.diag(spectrum), k, False, rng(seed + 2).standard_normal(60))
        allowed = 2.5 * found.bounds + 2000 * U * np.abs(spectrum).max()
        assert np.all(distances(found.values, spectrum) <= allowed)
        assert len(found.values) == k


def test_of_equal_eigenvalues_one_start_sees_one_and_stops():
    A = np.diag([5.0, 5, 5, 1, 2, 3])
    found = lanczos(A, 6, start=np.ones(6))
    assert np.abs(found.values - [1, 2, 3, 5]).max() <= 10 * 6 * U * 5
    assert found.bounds.max() <= 100 * U * 5
    rotated = with_eigenvalues(np.repeat([4.0, 1.0, -2.0], 10), rng(4))
    assert len(lanczos(rotated, 30).values) == 3


@pytest.mark.parametrize("A", [np.eye(5), np.zeros((4, 4)), np.array([[3.0]])])
def test_a_space_that_is_not_left_ends_it(A):
    found = lanczos(A, 4)
    assert len(found.values) == 1 and abs(found.values[0] - A[0, 0]) <= 10 * len(A) * U * norm(A)
    assert found.vectors.shape == (len(A), 1)


def test_a_space_that_is_left_by_little_does_not_end_it():
    # 1e-13 leads out of the first space, where rounding errors are below 1e-15.
    beside = [1e-13, 1.0, 1.0]
    T = np.diag([1.0, 2, 3, 4]) + np.diag(beside, 1) + np.diag(beside, -1)
    found = lanczos(T, 4, start=np.array([1.0, 0, 0, 0]))
    assert len(found.values) == 4
    assert np.abs(found.values - np.linalg.eigvalsh(T)).max() <= 2 * 10 * 4 * U * norm(T)


def test_the_outermost_come_first_and_far_sooner_than_by_powers():
    X = read_table("digits").X
    C = np.cov(X.T)
    start, top = rng(2).standard_normal(64), np.linalg.eigvalsh(C)[-1]
    found = lanczos(C, 15, start=start)
    power = power_iteration(C, start, tol=0.0, maxiter=14)  # as many products
    assert abs(found.values[-1] / top - 1) <= 1e-12
    assert abs(power.value / top - 1) > 1e-3


def test_the_most_positive_is_found_where_the_most_negative_is_larger():
    H = np.diag(np.concatenate([[-7.0, 3.8], np.linspace(-1, 3, 77)]))
    found = lanczos(H, 30, start=rng(5).standard_normal(79))
    assert abs(found.values[-1] - 3.8) < 1e-6 and abs(found.values[0] + 7) < 1e-12
    assert abs(power_iteration(H, rng(5).standard_normal(79)).value + 7) < 1e-12


def test_products_are_counted_k_for_k_steps():
    count = itertools.count()

    def product(v):
        next(count)
        return np.arange(1.0, 51) * v

    lanczos(product, 12, start=np.ones(50))
    assert next(count) == 12


def test_the_same_products_give_the_same_values():
    A = poisson2d(8)
    wanted = lanczos(A.toarray(), 20)
    start = np.cos(np.arange(64.0) ** 2)
    for other in (A, A.tocoo(), scipy.sparse.linalg.aslinearoperator(A), lambda v: A @ v):
        found = lanczos(other, 20, start=start)
        assert np.abs(found.values - wanted.values).max() <= 1e-10
        assert distances(found.values[-2:], np.linalg.eigvalsh(A.toarray())).max() <= (
            found.bounds[-2:].max() + 1e-12)


def test_without_a_start_no_eigenvector_of_a_simple_structure_is_missed():
    # The vector of ones is an eigenvector of each Laplacian, and ends the method after one step.
    path = 2 * np.eye(60) - np.eye(60, k=1) - np.eye(60, k=-1)
    path[0, 0] = path[-1, -1] = 1
    assert len(lanczos(path, 60, start=np.ones(60)).values) == 1
    found = lanczos(path, 60).values
    assert np.abs(found - np.linalg.eigvalsh(path)).max() <= 1e-12


@pytest.mark.parametrize("exponent", [-900, 900])
def test_the_scale_changes_no_digit_before_products_reach_the_ends(exponent):
    A = symmetric(12)
    wanted, found = lanczos(A, 8), lanczos(np.ldexp(A, exponent), 8)
    assert np.array_equal(found.values, np.ldexp(wanted.values, exponent))
    assert np.array_equal(found.bounds, np.ldexp(wanted.bounds, exponent))
    for k in (1, 3):
        with pytest.raises(OverflowError, match="left the range of float64: scale"):
            lanczos(np.full((4, 4), 1e308), k, start=np.ones(4))


def test_what_is_not_symmetric_is_refused_if_need_be_by_its_products():
    A = grcar(20)
    with pytest.raises(ValueError, match="the matrix must be symmetric"):
        lanczos(A, 5)
    with pytest.raises(ValueError, match="A differs from its transpose by up to 2: the matrix"):
        lanczos(scipy.sparse.csr_array(A), 5)
    for other in (lambda v: A @ v, scipy.sparse.linalg.aslinearoperator(A)):
        with pytest.raises(ValueError, match=r"A is not symmetric: for two vectors .* symmetric A"):
            lanczos(other, 5, start=np.ones(20))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_function_of_little_noise_passes_and_is_wrong_by_as_much(dtype):
    # Products of a Hessian by differences of gradients have an error of about the root of eps.
    A = symmetric(30).astype(dtype)
    noise = rng(6).standard_normal((30, 30)).astype(dtype) * np.sqrt(2 * roundoff(dtype)) / 10
    found = lanczos(lambda v: A @ v + noise @ v, 30, start=np.ones(30, dtype))
    wanted = np.linalg.eigvalsh(A.astype(float))
    assert distances(found.values[[0, -1]], wanted).max() <= 10 * norm(noise)
    # As symmetric as products in the dtype are, whatever the start.
    for seed in range(10, 20):
        Q = random_orthogonal(30, 30, rng(seed)).astype(dtype)
        start = rng(seed + 1).standard_normal(30).astype(dtype)
        assert len(lanczos(lambda v, Q=Q: Q @ (wanted.astype(dtype) * (Q.T @ v)), 30, False,
                           start).values) == 30


def test_a_function_may_be_asymmetric_by_much_more_than_the_root_of_eps():
    # eps**(1/4) is 1.2e-4. With all directions T differs from Q^T A Q by what one element does to
    # each triangle, in the Frobenius norm by at most sqrt(2) 1e-5; so do the values (Weyl).
    A, off = symmetric(8), np.zeros((8, 8))
    off[2, 5] = 1e-5
    found = lanczos(lambda v: A @ v + off @ v, 8, start=np.ones(8))
    assert np.abs(found.values - np.linalg.eigvalsh(A)).max() <= 1.5e-5


def test_projections_are_subtracted_twice_as_products_may_be_noisy():
    # Of the fourth direction 1e-10 is left, beside 1e-6 that noise brought along the first: taking
    # that off once leaves its rounding error, 1e-22, which is far above u times 1e-10.
    d, start = np.arange(1.0, 7), np.append(np.ones(3), np.full(3, 1e-12))
    first, noise = start / np.linalg.norm(start), np.array([1.0, -2, 1, 1, 3, 1])
    found = lanczos(lambda v: d * v + 1e-6 * (noise @ v) * first, 5, start=start)
    assert found.T[3, 2] < 1e-10 and len(found.values) == 5
    assert loss(found.basis) <= 10 * 6 * U


@pytest.mark.parametrize("arguments, error, said", [
    ({"k": 0}, ValueError, "k = 0: it must be at least 1"),
    ({"k": 2.0}, TypeError, "k = 2.0 is not an integer"),
    ({"k": 2, "reorthogonalize": np.ones(2)}, TypeError, "reorthogonalize is a ndarray without"),
    ({"k": 2, "start": np.zeros(3)}, ValueError, "start is zero"),
    ({"k": 2, "start": np.ones(4)}, ValueError, "start has length 4, but A has shape"),
    ({"k": 2, "start": np.full(3, np.nan)}, ValueError, r"start\[0\] is nan"),
])
def test_options_out_of_range_are_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        lanczos(np.eye(3), **arguments)
    with pytest.raises(TypeError, match="A is a function, which does not tell its size"):
        lanczos(lambda v: v, 2)
