"""What is said of zeros, sizes and symmetry is so, to the last element."""

import numpy as np
import pytest

from lib.linear.structure import (
    asymmetry,
    density,
    logarithms,
    spread,
    triangle_kind,
    zero_line,
)
from tests.linear.helpers import DTYPES, random_matrix, roundoff


def test_one_element_decides_what_a_triangle_is():
    A = random_matrix(5)
    for matrix, kind in ((np.diag(np.diag(A)), "diagonal"), (np.tril(A), "lower"),
                         (np.triu(A), "upper"), (A, ""), (np.zeros((3, 3)), "diagonal")):
        assert triangle_kind(matrix) == kind
    T = np.tril(A)
    T[0, 4] = 5e-324
    assert triangle_kind(T) == ""


def test_the_first_zero_line_is_named_rows_before_columns():
    A = random_matrix(4)
    assert zero_line(A) == ""
    A[:, 2] = 0
    assert zero_line(A) == "column 2"
    A[3] = 0
    assert zero_line(A) == "row 3"


def test_density_counts_elements_and_the_farthest_of_them():
    A = np.diag(np.ones(6)) + np.diag(np.ones(3), -3)
    assert density(A) == (9 / 36, 3)
    assert density(np.zeros((2, 2))) == (0, 0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_rounding_of_a_weighted_gram_matrix_is_told_from_an_asymmetry(dtype):
    rng = np.random.default_rng(11)
    X = rng.standard_normal((50, 6)).astype(dtype)
    S = X.T @ (rng.random(50).astype(dtype)[:, None] * X)
    off, rounding = asymmetry(S)
    assert rounding and off <= 10 * 6 * roundoff(dtype)
    for size in (100 * 6 * roundoff(dtype), 0.1):
        wrong = S.copy()
        wrong[1, 0] += size * np.max(np.abs(S))
        off, rounding = asymmetry(wrong)
        assert not rounding and size / 2 < off < 2 * size


def test_an_asymmetry_that_allclose_hides_is_seen():
    # A hundred millionth of the largest element, but nearly all of its own row.
    A = np.array([[1e8, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    assert np.allclose(A, A.T, atol=1e-8 * 1e8)
    assert not asymmetry(A)[1]


@pytest.mark.parametrize("dtype", DTYPES)
def test_logarithms_and_spreads_hold_over_the_whole_range(dtype):
    info = np.finfo(dtype)
    x = np.array([info.smallest_subnormal, info.tiny, 1, info.max, 0], dtype)
    found = logarithms(x)
    assert np.allclose(found[:4], [np.log2(float(v)) for v in x[:4]], rtol=1e-15)
    assert found[4] == -np.inf
    whole = spread(np.diag(x[[0, 3]]))
    assert abs(whole - (np.log10(float(info.max)) - np.log10(float(x[0])))) < 1e-9


def test_spread_takes_the_larger_of_rows_and_columns():
    A = np.array([[1.0, 1e5], [1.0, 1e5]])
    assert abs(spread(A) - 5) < 1e-12 and abs(spread(A.T) - 5) < 1e-12
    assert spread(np.ones((3, 3))) == 0
