"""The factors are orthonormal and give the matrix; small singular values keep their digits."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.linalg

from lib.linear import jacobi_svd, rotation
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
    A = {"D B": d[:, None] * B, "B D": B * d, "tall": np.vstack([B, B[::-1]]) * d,
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


@pytest.mark.parametrize("d", [1e-20, 1e-100])
def test_units_on_the_long_side_promise_no_digit_of_what_is_small(d):
    # Rows in units d: what rounding does to two dependent rows is not in the range of B.
    A = np.array([[3.0, 7.0], [3.0, 7.0], [d, -d]])
    exact, changed = exact_singular_values(A), A.copy()
    changed[1, 0] = np.nextafter(3, 4)
    assert np.linalg.cond(A / [[1], [1], [d]]) < 10
    assert exact[1] == pytest.approx(20 / math.sqrt(116 * 2) * d)
    assert exact_singular_values(changed)[1] > 1e-17  # the problem is ill-conditioned, not a method
    for B in (A, A.T):
        assert np.abs(jacobi_svd(B).s - exact).max() <= unit(A) * exact[0]


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


# Rows so small that their inner products underflow. The contract is that of any other matrix.


def with_tiny_block(dtype, t):
    """Return 1 beside a block of the size t."""
    return np.array([[1, 0, 0], [0, t, t], [0, t, 2 * t]], dtype)


def in_units(dtype, seed):
    """Return data of which one column is in units 1e18 times as small as the others'."""
    generator = np.random.default_rng(seed)
    small = generator.standard_normal((50, 2)) @ [[1, 0.9], [0, 0.1]] * 1e-9
    return np.column_stack([1e9 * generator.standard_normal(50), small]).astype(dtype)


SMALL_ROWS = {
    "float64": with_tiny_block(np.float64, 1e-160), "float32": with_tiny_block(np.float32, 1e-17),
    "units": in_units(np.float32, 11), "subnormal": with_tiny_block(np.float64, 5e-324),
    "shrinking": (rng().standard_normal((9, 9)) * np.geomspace(1, 1e-300, 9)),
    "rows shrinking": (rng().standard_normal((9, 9)) * np.geomspace(1, 1e-300, 9)[:, None]),
    "shrinking, float32": (rng().standard_normal((30, 9)) * np.geomspace(1, 1e-37, 9)
                           ).astype(np.float32),
    "block": np.block([[np.eye(2), np.zeros((2, 3))],
                       [np.zeros((3, 2)), 1e-170 * rng().standard_normal((3, 3))]]),
}


@pytest.mark.parametrize("name", SMALL_ROWS)
@pytest.mark.parametrize("transposed", [False, True])
def test_rows_whose_products_underflow_are_orthonormal_too(name, transposed):
    A = SMALL_ROWS[name].T if transposed else SMALL_ROWS[name]
    left, s, right = jacobi_svd(A)
    assert loss(left) <= unit(A) and loss(right.T) <= unit(A)
    assert norm(left.astype(float) * s @ right.astype(float) - A) <= unit(A) * norm(A)
    assert np.abs(s - np.linalg.svd(A.astype(float), compute_uv=False)).max() <= unit(A) * norm(A)


@pytest.mark.parametrize("name", ["float64", "float32", "units"])
def test_normalising_such_rows_is_not_enough(name):
    R = SMALL_ROWS[name]
    rows = np.linalg.qr(R.astype(float))[1]  # upper triangular, as before the turning
    rows = rows / np.linalg.norm(rows, axis=1)[:, None]
    assert loss(rows.T) > 1e3 * unit(R)


@pytest.mark.parametrize("scale", [1e-137, 1.0])
def test_a_small_block_has_singular_values_to_full_relative_accuracy(scale):
    A = with_tiny_block(np.float64, scale)
    golden = np.array([(3 + 5**0.5) / 2, (3 - 5**0.5) / 2])  # of [[1, 1], [1, 2]]
    found = np.sort(jacobi_svd(A).s)[:2] if scale < 1 else None
    if found is None:
        found = np.sort(jacobi_svd(A[1:, 1:]).s)
    assert np.abs(found[::-1] / scale / golden - 1).max() <= unit(A)


def test_a_rotation_asks_for_something_to_turn():
    one = np.ones(1)
    for arguments in ((one, one, 0 * one), (one, np.ones(2), one)):
        with pytest.raises(ValueError, match=r"gamma = .* leave those pairs out"):
            rotation(*arguments)
    c, s = rotation(np.array([1.0, 4.0]), np.array([2.0, 1.0]), np.array([0.5, -1e-320]))
    assert np.abs(c**2 + s**2 - 1).max() <= 4 * 2.0**-53


def test_a_rotation_is_one_at_the_end_of_the_range():
    big = np.array([1.0, 1.7, 1.0]) * 1e308
    turned = rotation(*(big[:, None]))
    assert np.array_equal(turned, rotation(*(big[:, None] / 2.0**1000)))


def test_a_rotation_is_one_of_floats():
    halves = np.array([Fraction(1, 2)])
    with pytest.raises(TypeError, match=r"gamma holds objects: .* needs float32 or float64"):
        rotation(np.ones(1), np.ones(1), halves)


def test_a_rotation_makes_two_columns_orthogonal():
    p, q = rng().standard_normal((2, 6))
    c, s = (float(x[0, 0]) for x in rotation(*(np.array([v]) for v in (p @ p, q @ q, p @ q))))
    turned = c * p - s * q, s * p + c * q
    assert abs(turned[0] @ turned[1]) <= 20 * 2.0**-53 * np.linalg.norm(p) * np.linalg.norm(q)
    assert abs(s) <= c * (1 + 4 * 2.0**-53)  # the smaller of the two angles
