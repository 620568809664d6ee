"""Substitution meets the bound for its residual in every element."""

from fractions import Fraction

import numpy as np
import pytest

from lib.linear import SingularMatrixError, back_substitution, forward_substitution
from lib.linear.triangular import BLOCK, BlockTriangle
from lib.numbers import residual
from tests.linear.helpers import DTYPES, gamma, random_matrix

SIZES = (1, 2, 5, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("columns", [None, 1, 7])
def test_substitution_has_a_small_residual_in_every_element(n, columns, dtype):
    rng = np.random.default_rng(17 + n)
    L = np.tril(rng.standard_normal((n, n))).astype(dtype)
    # Divided by sqrt(n) the solution grows slowly enough for float32.
    L[np.diag_indices(n)] = np.sqrt(n)
    b = rng.standard_normal(n if columns is None else (n, columns)).astype(dtype)
    for T, solve in ((L, forward_substitution), (np.ascontiguousarray(L.T), back_substitution)):
        x = solve(T, b)
        assert x.dtype == dtype and x.shape == b.shape
        allowed = gamma(n + 1, dtype) * (np.abs(T).astype(float) @ np.abs(x).astype(float))
        assert np.all(np.abs(residual(T, x, b)) <= allowed)


def test_that_bound_rejects_multiplying_by_the_inverse():
    n, rng = 40, np.random.default_rng(17)
    # The inverse holds nearly 2**38. With multipliers of 1 it would hold powers of two, and a BLAS
    # that adds from left to right would find x again.
    L = np.eye(n) - np.tri(n, k=-1) * rng.uniform(0.9, 1, (n, n))
    b = L @ np.linspace(1, 2, n)
    x = np.linalg.inv(L) @ b
    allowed = gamma(n + 1, float) * (np.abs(L) @ np.abs(x))
    assert np.any(np.abs(residual(L, x, b)) > 100 * allowed)
    x = forward_substitution(L, b)
    assert np.all(np.abs(residual(L, x, b)) <= allowed)


def test_many_right_hand_sides_are_solved_as_one_by_one():
    L, B = np.tril(random_matrix(9)), random_matrix(9)
    together = forward_substitution(L, B)
    for k in range(9):
        alone = forward_substitution(L, B[:, k])
        # Sums may be taken in another order.
        assert np.allclose(together[:, k], alone, rtol=1e-9)


@pytest.mark.parametrize("solve, T, place", [
    (forward_substitution, [[1.0, 2.0], [0.0, 1.0]], r"L\[0, 1\] = 2.0 lies above"),
    (back_substitution, [[1.0, 0.0], [3.0, 1.0]], r"U\[1, 0\] = 3.0 lies below")])
def test_what_is_not_triangular_is_refused(solve, T, place):
    with pytest.raises(ValueError, match=place):
        solve(np.array(T), np.ones(2))


@pytest.mark.parametrize("solve", [forward_substitution, back_substitution])
def test_a_zero_on_the_diagonal_is_named_and_overflow_raises(solve):
    with pytest.raises(SingularMatrixError, match=r"\[1, 1\] is 0"):
        solve(np.diag([1.0, 0.0]), np.ones(2))
    with pytest.raises(OverflowError, match="range of float64: scale"):
        solve(np.diag([1e-200, 1.0]), np.full(2, 1e200))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_bound_is_near_enough_to_notice_a_hundred_times_the_errors(dtype):
    n = 2 * BLOCK + 3
    L = np.tril(random_matrix(n, dtype))
    L[np.diag_indices(n)] = np.sqrt(n)
    b = random_matrix(n, dtype, seed=5)
    x = forward_substitution(L, b)
    allowed = gamma(n + 1, dtype) * (np.abs(L).astype(float) @ np.abs(x).astype(float))
    assert np.max(np.abs(residual(L, x, b)) / allowed) > 1 / 200


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("n", [1, 63, 64, 65, 200])
def test_the_triangle_of_estimates_solves_with_its_transpose_too(n, lower):
    T = np.tril(random_matrix(n)) + 2 * np.sqrt(n) * np.eye(n)
    T = T if lower else T.T.copy()
    b, triangle = random_matrix(n, seed=6), BlockTriangle.of(T, lower)
    bound = 100 * gamma(n + 1, float) * np.linalg.norm(b)
    assert np.linalg.norm(T @ triangle.solve(b) - b) <= bound
    assert np.linalg.norm(T.T @ triangle.T.solve(b) - b) <= bound


def test_whole_numbers_beside_fractions_are_divided_exactly():
    L = np.array([[Fraction(3), 0], [1, Fraction(7)]])
    assert forward_substitution(L, [1, 2]).tolist() == [Fraction(1, 3), Fraction(5, 21)]
    assert back_substitution(L.T, [2, 1]).tolist() == [Fraction(13, 21), Fraction(1, 7)]
