"""The ends of a spectrum are found by counting, however far apart they are."""

import math

import mpmath
import numpy as np
import pytest

from lib.linear import cg
from lib.linear.sturm import extreme_eigenvalues
from lib.problems import poisson2d
from tests.linear.helpers import rng, roundoff


def tridiagonal(alphas, betas):
    """Return L D L^T as an array."""
    L = np.eye(len(alphas)) + np.diag(np.sqrt(betas[1:]), -1)
    return L / alphas @ L.T


def coefficients(n, spread, seed):
    """Return random alphas and betas whose logarithms have a spread."""
    random = rng(seed)
    return 10 ** random.uniform(-spread, spread, n), 10 ** random.uniform(-spread, spread, n)


@pytest.mark.parametrize("n", [1, 2, 7, 60])
@pytest.mark.parametrize("seed", [20, 21, 22])
def test_both_ends_are_those_of_the_matrix(n, seed):
    alphas, betas = coefficients(n, 0.7, seed)
    wanted = np.linalg.eigvalsh(tridiagonal(alphas, betas))[[0, -1]]
    found = extreme_eigenvalues(alphas, betas)
    kappa = wanted[1] / wanted[0]
    for value, other, amplification in zip(found, wanted, (kappa, 1), strict=True):
        # eigvalsh has an error of n u norm(T), bisection one of 1e-11.
        assert abs(value / other - 1) <= 1e-11 + 10 * n * roundoff(float) * amplification


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_a_tiny_end_is_found_to_as_many_digits(seed):
    alphas, betas = coefficients(12, 11, seed)
    found = extreme_eigenvalues(alphas, betas)
    with mpmath.workdps(120):
        L = mpmath.eye(12)
        for k in range(11):
            L[k + 1, k] = mpmath.sqrt(mpmath.mpf(betas[k + 1]))
        D = mpmath.diag([1 / mpmath.mpf(alpha) for alpha in alphas])
        values = [float(value) for value in mpmath.eigsy(L * D * L.T, eigvals_only=True)]
    assert max(values) / min(values) > 1e18
    for value, other in zip(found, (min(values), max(values)), strict=True):
        assert abs(value / other - 1) < 1e-10
    formed = np.linalg.eigvalsh(tridiagonal(alphas, betas))[0]
    assert not abs(formed / min(values) - 1) < 0.5


def test_an_exact_zero_among_the_pivots_does_no_harm():
    # T = [[1, 1], [1, 2]] less the shift 1 has the pivots 0 and -inf.
    golden = (3 - math.sqrt(5)) / 2
    found = extreme_eigenvalues(np.ones(2), np.ones(2))
    assert found == pytest.approx((golden, 3 - golden), rel=1e-10, abs=0)


def test_the_matrix_is_that_of_lanczos():
    # Its eigenvalues are the Ritz values: those of A on the span of b, A b, ..., A**4 b.
    A, b = poisson2d(5), rng(3).standard_normal(25)
    result = cg(A, b, maxiter=5)
    Q = np.linalg.qr(np.stack([np.linalg.matrix_power(A.toarray(), k) @ b for k in range(5)]).T)[0]
    wanted = np.linalg.eigvalsh(Q.T @ A @ Q)
    ends = result.eigenvalue_range
    assert ends == pytest.approx((wanted[0], wanted[-1]), rel=1e-9, abs=0)
    T = tridiagonal(result.alphas, result.betas)
    assert np.linalg.eigvalsh(T) == pytest.approx(wanted, rel=1e-9, abs=0)
