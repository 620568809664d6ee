"""A diagonal and an incomplete factor are what they are said to be, and what they change."""

import math

import numpy as np
import pytest
import scipy.sparse

from lib.linear import (
    IncompleteCholesky,
    NotPositiveDefiniteError,
    cg,
    cholesky,
    incomplete_cholesky,
    jacobi_preconditioner,
)
from lib.problems import poisson2d, read_matrix
from lib.problems.matrices import DEFINITE
from tests.linear.helpers import DTYPES, gamma, rng, roundoff


def steps(name, make=None):
    """Return the steps for the solution 1, to 1e-8, with a preconditioner."""
    A = read_matrix(name)
    return cg(A, A @ np.ones(A.shape[0]), 1e-8, 20 * A.shape[0], make and make(A)).steps


def factor(M):
    """Return L as an array."""
    L = np.diag(M.diagonal.astype(float))
    L[M.rows, M.columns] = M.values
    return L


# The diagonal.


def test_the_diagonal_is_divided_by_in_its_dtype():
    for dtype in DTYPES:
        for kind in (np.asarray, scipy.sparse.csr_array):
            M = jacobi_preconditioner(kind(np.diag([2.0, 4.0]).astype(dtype)))
            found = M(np.ones(2, dtype))
            assert found.tolist() == [0.5, 0.25] and found.dtype == dtype


@pytest.mark.parametrize("name", DEFINITE)
def test_no_scaling_is_better_by_more_than_the_elements_in_a_row(name):
    A = read_matrix(name)
    root = np.sqrt(A.diagonal())
    scaled = np.linalg.cond(A.toarray() / root / root[:, None])
    in_a_row = np.max(np.diff(A.indptr))
    others = [np.ones_like(root), root**1.5, np.sqrt(abs(A).sum(axis=1))]
    for other in others:
        assert scaled <= in_a_row * np.linalg.cond(A.toarray() / other / other[:, None])


def test_a_diagonal_may_help_much_nothing_or_harm():
    plain = cg(poisson2d(30), np.ones(900))
    constant = cg(poisson2d(30), np.ones(900), preconditioner=jacobi_preconditioner(poisson2d(30)))
    assert constant.steps == plain.steps
    assert 20 * steps("nos7", jacobi_preconditioner) < steps("nos7")
    assert steps("model_48_8_3", jacobi_preconditioner) > steps("model_48_8_3") + 4


@pytest.mark.parametrize("make", [jacobi_preconditioner, incomplete_cholesky])
@pytest.mark.parametrize("kind", [np.asarray, scipy.sparse.csr_array])
@pytest.mark.parametrize("value", [0.0, -3.0])
def test_a_diagonal_that_is_not_positive_is_named(make, kind, value):
    with pytest.raises(NotPositiveDefiniteError, match=rf"A\[1, 1\] = {value:.3g}: A is") as found:
        make(kind(np.diag([2.0, value, -1.0])))
    assert (found.value.pivot, found.value.value) == (1, value)


# Incomplete Cholesky.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["nos4", "494_bus", "mesh3e1", "bcsstk03", "LFAT5"])
def test_the_factor_is_exact_where_the_matrix_is_not_zero(name, dtype):
    A = read_matrix(name).astype(dtype)
    M = incomplete_cholesky(A)
    L, dense = factor(M), A.toarray().astype(float)
    wanted = dense + M.shift * np.diag(np.diag(dense))
    A.data[:] = 1
    stored = A.toarray() != 0  # an element may be a stored zero
    assert M.values.dtype == M.diagonal.dtype == dtype
    assert not L[~stored].any() and not np.triu(L, 1).any()
    # Computed in float64 and rounded once to the dtype.
    allowed = (gamma(len(L) + 3, float) + 3 * roundoff(dtype)) * (np.abs(L) @ np.abs(L.T))
    assert np.all((np.abs(L @ L.T - wanted) <= allowed)[stored])


@pytest.mark.parametrize("kind", [np.asarray, scipy.sparse.csr_array])
def test_where_nothing_would_be_filled_the_factor_is_that_of_cholesky(kind):
    band = 4 * np.eye(9) + np.eye(9, k=1) + np.eye(9, k=-1)
    full = read_matrix("model_48_8_3").toarray()
    for A in (band, full):
        M = incomplete_cholesky(kind(A))
        assert np.abs(factor(M) - cholesky(A)).max() <= 10 * len(A) * roundoff(float) * np.max(A)
        assert cg(A, np.ones(len(A)), preconditioner=M).steps <= 2


@pytest.mark.parametrize("name", DEFINITE)
def test_it_is_applied_by_two_triangular_solves(name):
    A = read_matrix(name)
    M = incomplete_cholesky(A)
    L, r = factor(M), rng(3).standard_normal(A.shape[0])
    wanted = np.linalg.solve(L.T, np.linalg.solve(L, r))
    inverse = np.linalg.norm(np.linalg.inv(L), 2) ** 2
    bound = 100 * roundoff(float) * np.linalg.cond(L) * inverse * np.linalg.norm(r)
    assert np.linalg.norm(M(r) - wanted) <= bound
    other = rng(4).standard_normal(A.shape[0])
    assert abs(other @ M(r) - M(other) @ r) <= 2 * bound * np.linalg.norm(other)


def test_unknowns_that_wait_for_none_are_solved_for_at_once():
    # On a k x k grid the rows along a diagonal line belong together: 2 k - 2 lines after the first.
    M = incomplete_cholesky(poisson2d(9))
    assert len(M.levels) == 2 * 16
    diagonal = incomplete_cholesky(scipy.sparse.diags_array([4.0, 9.0]))
    assert diagonal(np.array([4.0, 9.0])).tolist() == [1, 1]


def test_an_m_matrix_needs_no_shift():
    for seed in range(20, 30):
        B = np.triu(rng(seed).random((30, 30)) < 0.15, 1) * rng(seed + 1).random((30, 30))
        A = -(B + B.T)
        A[np.diag_indices(30)] = 1e-3 - A.sum(axis=1)
        M = incomplete_cholesky(scipy.sparse.csr_array(A))
        assert M.shift == 0 and M.breakdown is None


@pytest.mark.parametrize("name, pivot, shift", [
    ("bcsstk03", 24, 0.064), ("nos1", 10, 0.256), ("LFAT5", 13, 0.128)])
def test_a_breakdown_is_named_and_the_diagonal_raised_until_there_is_none(name, pivot, shift):
    A = read_matrix(name)
    M = incomplete_cholesky(A)
    assert (M.breakdown, M.shift) == (pivot, shift)
    with pytest.raises(NotPositiveDefiniteError, match=f"pivot {pivot} is -.*: A has no incomplete "
                                                       "factor with shift = 0.0; use") as found:
        incomplete_cholesky(A, 0.0)
    assert found.value.pivot == pivot and found.value.value <= 0
    with pytest.raises(NotPositiveDefiniteError, match="factor with shift = "):
        incomplete_cholesky(A, shift / 2)
    given = incomplete_cholesky(A, shift)
    assert given.shift == shift and given.breakdown is None
    assert np.array_equal(given.diagonal, M.diagonal) and np.array_equal(given.values, M.values)


def test_a_pivot_of_zero_is_a_breakdown():
    M = incomplete_cholesky(np.ones((2, 2)))  # of rank one: 1 - 1 is left for the second pivot
    assert (M.breakdown, M.shift) == (1, 0.001)


@pytest.mark.parametrize("name", ["bcsstk03", "nos1", "nos4", "494_bus", "nos5", "nos7", "mesh3e1"])
def test_an_incomplete_factor_takes_fewer_steps_than_the_diagonal(name):
    assert steps(name, incomplete_cholesky) < 0.65 * steps(name, jacobi_preconditioner)


def test_a_sparse_matrix_may_hold_an_element_in_parts():
    parts = scipy.sparse.csr_array((np.array([1.0, 3.0, 9.0]), np.array([0, 0, 1]),
                                    np.array([0, 2, 3])), (2, 2))
    assert parts.nnz == 3
    assert incomplete_cholesky(parts).diagonal.tolist() == [2, 3]


def test_float32_is_kept_and_another_dtype_refused():
    M = incomplete_cholesky(poisson2d(4).astype(np.float32))
    assert isinstance(M, IncompleteCholesky) and M(np.ones(16, np.float32)).dtype == np.float32
    with pytest.raises(TypeError, match="the diagonal of L is of float32, r of float64: convert"):
        M(np.ones(16))
    with pytest.raises(ValueError, match=r"r has shape \(15,\), but the diagonal of L has shape"):
        M(np.ones(15, np.float32))


@pytest.mark.parametrize("shift", [-0.1, math.inf, math.nan])
def test_a_shift_is_a_part_of_the_diagonal(shift):
    with pytest.raises(ValueError, match=f"shift = {shift}: it is added to the diagonal"):
        incomplete_cholesky(poisson2d(3), shift)
