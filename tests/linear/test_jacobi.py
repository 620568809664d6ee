"""The factors are orthonormal and give the matrix; small singular values keep their digits."""

import mpmath
import numpy as np
import pytest
import scipy.linalg

from lib.linear import jacobi_svd
from lib.linear.jacobi import rounds
from lib.problems import with_singular_values
from tests.linear.helpers import MATRICES, loss, norm, rng, unit


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", MATRICES)
def test_the_factors_are_orthonormal_ordered_and_give_the_matrix(name, dtype):
    A = MATRICES[name].astype(dtype)
    factors = jacobi_svd(A)
    left, s, right = factors
    assert left.dtype == s.dtype == right.dtype == dtype
    assert left.shape == (len(A), len(s)) and right.shape == (len(s), A.shape[1])
    assert (s >= 0).all() and (np.diff(s) <= 0).all() and factors.error == 0
    assert loss(left) <= unit(A) and loss(right.T) <= unit(A)
    assert norm(left.astype(float) * s @ right.astype(float) - A) <= unit(A) * norm(A)
    wanted = np.linalg.svd(A.astype(float), compute_uv=False)
    assert np.abs(s - wanted).max() <= unit(A) * wanted[0]


def test_the_ends_of_the_range_are_no_obstacle():
    A = rng().standard_normal((6, 4))
    for scale in (2.0**-1000, 2.0**1020):
        assert (jacobi_svd(A * scale).s == jacobi_svd(A).s * scale).all()
    with pytest.raises(OverflowError, match="the largest singular value left the range"):
        jacobi_svd(np.full((4, 4), 1e308))


def exact_singular_values(A):
    with mpmath.workdps(150):
        values = mpmath.svd_r(mpmath.matrix(A.tolist()), compute_uv=False)
        return np.array([float(value) for value in values])


@pytest.mark.parametrize("side", ["D B", "B D", "tall", "wide"])
@pytest.mark.parametrize("decades", [4, 20, 60])
def test_each_singular_value_is_accurate_however_small(side, decades):
    # Demmel & Veselić 1992. LAPACK's solvers bidiagonalise first, and keep digits of the largest.
    n = 7
    B = with_singular_values(np.linspace(1, 5, n), rng(decades))
    d = rng(decades + 1).permutation(10.0 ** -np.linspace(0, decades, n))
    A = {"D B": d[:, None] * B, "B D": B * d, "tall": np.vstack([d[:, None] * B, 3 * B * d[3]]),
         "wide": np.hstack([d[:, None] * B, d[:, None] * B[::-1]])}[side]
    exact = exact_singular_values(A)
    error = np.abs(jacobi_svd(A).s / exact - 1).max()
    assert error <= 1e-12 and error <= unit(A) * 5
    if decades == 60 and side != "tall":
        others = [scipy.linalg.svd(A, compute_uv=False, lapack_driver=driver)
                  for driver in ("gesdd", "gesvd")]
        shuffled = [scipy.linalg.svd(A[rng(3).permutation(len(A))], compute_uv=False)]
        assert all(np.abs(s / exact - 1).max() > 1e-3 for s in shuffled)
        assert max(np.abs(s / exact - 1).max() for s in others) > 1e-3


def test_the_root_of_the_gram_matrix_misses_the_bound():
    A = MATRICES["ill-conditioned"]
    wanted = np.geomspace(1, 1e-14, 30)
    gram = np.sqrt(np.abs(np.linalg.eigvalsh(A.T @ A)[::-1]))
    assert np.abs(jacobi_svd(A).s - wanted).max() <= 2 * unit(A)
    assert np.abs(gram - wanted).max() > 1e4 * unit(A)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9])
def test_a_tournament_lets_each_pair_meet_once(n):
    pairs = [tuple(sorted(pair)) for i, j in rounds(n) for pair in zip(i, j, strict=True)]
    assert len(pairs) == len(set(pairs)) == n * (n - 1) // 2
    for i, j in rounds(n):
        assert len(set(i) | set(j)) == 2 * len(i)
