"""Matrices have the eigenvalues that they promise, and those are as sensitive as it says."""

import mpmath
import numpy as np
import pytest

from lib.numbers import condition
from lib.problems import companion, frank, grcar, wilkinson_plus, with_eigenvalues

U = 2.0**-53


def exact_symmetric(A):
    """Return the eigenvalues of a symmetric matrix, in 40 digits."""
    with mpmath.workdps(40):
        return sorted(mpmath.eigsy(mpmath.matrix(A.tolist()), eigvals_only=True))


def apart(found, other):
    """Return how far the worst of some numbers is from the nearest of others."""
    return np.abs(np.asarray(found)[:, None] - other).min(axis=1).max()


@pytest.mark.parametrize("values", [[3.0], [2, -1, 1e-8, 0], np.geomspace(1, 1e-12, 30),
                                    np.repeat([1.0, -5.0], 4)])
def test_the_eigenvalues_are_the_given_ones(values):
    A = with_eigenvalues(values, np.random.default_rng(4))
    assert A.shape == (len(values), len(values)) and np.array_equal(A, A.T)
    error = np.abs(np.linalg.eigvalsh(A) - np.sort(values)).max()
    assert error <= 10 * len(values) * U * np.abs(values).max()


def test_the_largest_numbers_are_no_obstacle():
    A = with_eigenvalues([1e308, -1e308, 1e300], np.random.default_rng(5))
    assert np.isfinite(A).all() and np.array_equal(A, A.T)
    assert np.abs(np.linalg.eigvalsh(A / 2**10) * 2**10 / 1e308 - [-1, 1e-8, 1]).max() < 1e-14


def test_impossible_eigenvalues_are_refused():
    for wrong, said in (([], "empty"), ([np.nan], "remove"), ([[1.0]], "a list")):
        with pytest.raises(ValueError, match=f"^values.* {said}"):
            with_eigenvalues(wrong, np.random.default_rng(4))


def test_the_pairs_of_wilkinson_are_different_and_nearly_equal():
    exact = exact_symmetric(wilkinson_plus(21))
    assert abs(exact[-1] - 10.7461941829033) < 1e-13 and abs(exact[-2] - 10.7461941829033) < 1e-13
    assert 7.15e-14 < exact[-1] - exact[-2] < 7.25e-14
    for n in (1, 2, 3, 8, 21):
        A = wilkinson_plus(n)
        assert np.array_equal(A, A.T) and np.array_equal(A, A[::-1, ::-1])
        assert np.all(np.diff([float(x) for x in exact_symmetric(A)]) > 0)
    even = wilkinson_plus(4)
    assert np.diag(even).tolist() == [1.5, 0.5, 0.5, 1.5]


@pytest.mark.parametrize("n, k", [(1, 1), (6, 3), (40, 3), (40, 1), (5, 9)])
def test_grcar_is_well_conditioned_for_solving(n, k):
    A = grcar(n, k)
    assert np.linalg.norm(A, 2) < k + 2
    # Constant along diagonals.
    assert all(len(np.unique(np.diag(A, j))) == 1 for j in range(1 - n, n))
    if (n, k) == (40, 3):
        assert 3 < condition(A) < 4


def test_the_eigenvalues_of_grcar_and_of_its_transpose_are_computed_apart():
    A = grcar(100)
    found, transposed = np.linalg.eigvals(A), np.linalg.eigvals(A.T)
    assert apart(found, transposed) > 0.05
    small = grcar(10)
    assert apart(np.linalg.eigvals(small), np.linalg.eigvals(small.T)) < 1e-13
    symmetric = (A + A.T) / 2
    assert apart(np.linalg.eigvals(symmetric), np.linalg.eigvals(symmetric.T)) < 1e-12


@pytest.mark.parametrize("n", [2, 5, 12, 20])
def test_franks_eigenvalues_are_positive_and_come_in_pairs_of_product_one(n):
    with mpmath.workdps(60):
        exact = mpmath.eig(mpmath.matrix(frank(n).tolist()), left=False, right=False)
        assert max(abs(mpmath.im(x)) for x in exact) < 1e-20
        exact = sorted(mpmath.re(x) for x in exact)
        assert exact[0] > 0
        assert max(abs(a * b - 1) for a, b in zip(exact, exact[::-1], strict=True)) < 1e-20
    if n == 20:
        computed = np.linalg.eigvals(frank(20))
        assert np.iscomplex(computed).any()
        assert apart([float(x) for x in exact], computed) > 1e-3


@pytest.mark.parametrize("roots", [[2.0], [1, 2, 3], [-1.0, 0.0, 4.0, 0.5]])
def test_the_roots_of_a_polynomial_are_the_eigenvalues_of_its_companion(roots):
    A = companion(np.poly(roots))
    # The largest condition number of these roots is below 100.
    assert apart(np.linalg.eigvals(A), np.array(roots)) <= 100 * 10 * len(roots) * U * 4
    for root in roots:
        powers = float(root) ** np.arange(len(roots))[::-1]
        assert np.abs(A @ powers - root * powers).max() <= 8 * U * np.abs(A).max() * powers.max()
    assert np.array_equal(companion(2 * np.poly(roots)), A)


def test_the_companion_is_the_matrix_of_numpy():
    coefficients = [2.0, -3.0, 0.0, 5.0, 1.0]
    wanted = np.linalg.eigvals(companion(coefficients))
    assert apart(np.roots(coefficients), wanted) == 0


@pytest.mark.parametrize("call, error, said", [
    (lambda: companion([1.0]), ValueError, "a polynomial with roots has two or more"),
    (lambda: companion([0.0, 1.0]), ValueError, "the first not zero; drop leading zeros"),
    (lambda: companion([1e-300, 1e300]), OverflowError, "a quotient of coefficients left"),
    (lambda: companion([1.0, np.inf]), ValueError, r"coefficients\[1\] is inf"),
    (lambda: companion(np.ones((2, 2))), ValueError, "must be a list: use coefficients.ravel"),
    (lambda: grcar(4, 0), ValueError, "k = 0: it must be at least 1"),
    (lambda: grcar(4.0), TypeError, "n = 4.0 is not an integer"),
    (lambda: frank(0), ValueError, "n = 0: it must be at least 1"),
    (lambda: wilkinson_plus(-1), ValueError, "n = -1: it must be at least 1"),
])
def test_what_makes_no_matrix_is_named(call, error, said):
    with pytest.raises(error, match=said):
        call()
