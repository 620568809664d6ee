"""Estimates of the condition number are LAPACK's, and lower bounds that are seldom off by much."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

from lib.linear import LU, cholesky, condition_estimate, lu, lu_complete, one_norm_estimate
from lib.linear.estimate import (
    factors_condition,
    gram_condition,
    guarded_norm_estimate,
    skeel_condition,
    triangle_condition,
)
from lib.numbers import condition
from lib.problems import wilkinson, with_singular_values
from tests.linear.helpers import SQUARE

U = 2.0**-53


def lapack_factors(A):
    """Return LAPACK's factors of A as LU, and as LAPACK keeps them."""
    packed, exchanges = scipy.linalg.lu_factor(A)
    rows = np.arange(len(A))
    for k, p in enumerate(exchanges):
        rows[[k, p]] = rows[[p, k]]
    return LU(packed, rows, np.arange(len(A)), 1.0), packed


def estimates(A, p):
    """Return LAPACK's estimate, ours from its factors and ours from our factors."""
    norm = np.linalg.norm(A, p)
    factors, packed = lapack_factors(A)
    gecon = scipy.linalg.get_lapack_funcs("gecon", (A,))
    rcond, info = gecon(packed, norm, norm="1" if p == 1 else "I")
    assert info == 0
    return 1 / rcond, condition_estimate(factors, norm, p), condition_estimate(lu(A), norm, p)


SINGULAR = [(n, kappa) for n in (1, 2, 3, 10, 31, 32, 33, 64, 100, 170)
            for kappa in (1e1, 1e5, 1e9)]


@pytest.mark.parametrize("p", [1, np.inf])
@pytest.mark.parametrize("n, kappa", SINGULAR)
def test_the_estimate_is_lapacks(n, kappa, p):
    A = with_singular_values(np.geomspace(1, 1 / kappa, n), np.random.default_rng(n))
    lapack, same_factors, own_factors = estimates(A, p)
    assert same_factors == pytest.approx(lapack, rel=1e-8, abs=0)
    if condition(A, p) * U < 1e-6:
        assert own_factors == pytest.approx(lapack, rel=1e-6, abs=0)


@pytest.mark.parametrize("p", [1, np.inf])
@pytest.mark.parametrize("name", ["random", "wilkinson", "triangular", "west0067", "bfwa62"])
def test_the_estimate_is_lapacks_for_special_matrices(name, p):
    # At n = 60 the factors of Wilkinson's matrix are not those of a matrix near it, and each solve
    # with them finds another inverse; at n = 20 a growth of 2**19 leaves 10 digits.
    A = wilkinson(20) if name == "wilkinson" else SQUARE[name]
    lapack, same_factors, own_factors = estimates(A, p)
    assert same_factors == pytest.approx(lapack, rel=1e-8, abs=0)
    assert own_factors == pytest.approx(lapack, rel=1e-6, abs=0)


@pytest.mark.parametrize("p", [1, np.inf])
def test_the_estimate_is_a_lower_bound_seldom_off_by_a_factor_of_3(p):
    rng, ratios = np.random.default_rng(15), []
    for _ in range(200):
        A = rng.standard_normal((12, 12))
        exact = condition(A, p)
        ratios.append(condition_estimate(lu(A), np.linalg.norm(A, p), p) / exact)
    assert np.max(ratios) <= 1 + 1e-9 and np.min(ratios) > 1 / 3
    assert np.mean(np.array(ratios) > 0.999) > 0.7  # it is usually exact


def test_the_estimate_in_float32_is_of_the_same_size():
    A = np.random.default_rng(16).standard_normal((40, 40))
    kappa = condition(A, 1)
    estimate = condition_estimate(lu(A.astype(np.float32)), np.linalg.norm(A, 1))
    assert kappa / 3 < estimate < 1.1 * kappa


def test_an_estimate_beyond_the_range_is_infinite_and_other_norms_are_refused():
    assert condition_estimate(lu(np.diag([1.0, 1e-320])), 1.0) == np.inf
    assert condition_estimate(lu(np.eye(3)), 1.0) == 1
    assert condition_estimate(lu_complete(np.diag([1.0, 8.0, 2.0])), 8.0) == 8
    with pytest.raises(ValueError, match="p = 1 and p = inf, got 2"):
        condition_estimate(lu(np.eye(3)), 1.0, p=2)


def test_an_estimate_refuses_what_are_no_factors_and_no_norm():
    for factors in (np.eye(2), None, lu(np.array([[Fraction(1)]], dtype=object))):
        with pytest.raises(TypeError, match=r"lu must hold the factors .* give lu\(A\)"):
            condition_estimate(factors, 1.0)
    for norm in (np.nan, -1.0, np.inf):
        with pytest.raises(ValueError, match=f"norm_A = {norm}, but a norm is finite"):
            condition_estimate(lu(np.eye(2)), norm)
    with pytest.raises(TypeError, match="norm_A is of <U1"):
        condition_estimate(lu(np.eye(2)), "1")
    with pytest.raises(ValueError, match="n = 0: it must be at least 1"):
        one_norm_estimate(np.negative, np.negative, 0)
    with pytest.raises(ValueError, match=r"apply made shape \(2,\) of two columns of 3: it must"):
        one_norm_estimate(lambda v: v.sum(axis=0), np.negative, 3)
    assert one_norm_estimate(lambda v: (-v).tolist(), np.ndarray.tolist, 3) == 1


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_the_norm_of_a_known_matrix_is_estimated_from_below(n):
    for seed in range(60, 70):
        A = np.random.default_rng(seed).standard_normal((n, n))
        estimate = one_norm_estimate(lambda v, A=A: A @ v, lambda v, A=A: A.T @ v, n)
        norm = np.linalg.norm(A, 1)
        assert norm / 3 <= estimate <= norm * (1 + 10 * n * U)


def test_what_an_estimate_cannot_use_is_refused_by_name():
    with pytest.raises(ValueError, match="knows p = 1 and p = inf, got"):
        condition_estimate(lu(np.eye(2)), 1.0, np.array([1, 2]))
    with pytest.raises(TypeError, match="apply and apply_transposed are products"):
        one_norm_estimate(1, lambda x: x, 3)


@pytest.mark.parametrize("n", [2, 9, 40])
def test_the_condition_of_a_triangle_is_taken_in_one_norm_throughout(n):
    # A long first row: in the maximum norm it is n / 2 times as large.
    R = np.eye(n)
    R[0] = 1
    exact = condition(R, 1)
    assert exact / 3 <= triangle_condition(R) <= exact * (1 + n * 10 * U)


@pytest.mark.parametrize("n", [1, 2, 9, 70])
def test_the_condition_of_a_gram_matrix_comes_from_its_factor(n):
    X = np.random.default_rng(n).standard_normal((n + 3, n))
    gram = X.T @ X
    exact = condition(gram, 1)
    assert exact / 3 <= gram_condition(gram, cholesky(gram)) <= exact * (1 + 10 * n * U * exact)


@pytest.mark.parametrize("n", [5, 20, 101, 400])
def test_two_nearly_equal_columns_do_not_hide_from_three_starts(n):
    A = np.eye(n)
    A[2, 4] = A[4, 2] = 1 - 1e-12
    L, factors = cholesky(A), lu(A)
    for found in (gram_condition(A, L), triangle_condition(L.T) ** 2,
                  factors_condition(factors, 2.0, 1, guarded_norm_estimate),
                  factors_condition(factors, 2.0, np.inf, guarded_norm_estimate)):
        assert found > 5e11


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("n", [1, 2, 9, 70])
def test_skeels_number_of_a_triangle_does_not_see_units_of_rows(n, lower):
    T = np.random.default_rng(n + 40).standard_normal((n, n)) / n + np.eye(n)
    T = np.tril(T) if lower else np.triu(T)
    exact = np.linalg.norm(np.abs(np.linalg.inv(T)) @ np.abs(T), np.inf)
    found = skeel_condition(T, lower)
    assert exact / 3 <= found <= exact * (1 + 10 * n * U * exact)
    powers = np.random.default_rng(n).integers(-900, 900, n)
    assert skeel_condition(np.ldexp(T, powers[:, None]), lower) == found


def test_skeels_number_of_a_diagonal_matrix_is_one():
    for diagonal in ([1.0], [1.0, 1e-20], [1e-300, -1e300], [5e-324, 3.0]):
        assert skeel_condition(np.diag(diagonal), lower=True) == 1
