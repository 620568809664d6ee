"""Scaling by powers of two is exact, brings all lines to one size, and keeps symmetry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.linear import equilibrate, lu
from lib.linear.scaled import ScaledSystem, probe, scaled_diagonal, scaled_rows
from lib.problems import hilbert, read_matrix
from tests.hostile import steady
from tests.linear.helpers import DTYPES, random_matrix, roundoff


def graded(A, exponents, rng):
    """Return A, its rows and columns multiplied by random powers of two."""
    rows = rng.integers(-exponents, exponents + 1, len(A))
    columns = rng.integers(-exponents, exponents + 1, A.shape[1])
    return np.ldexp(A, rows[:, None] + columns)


def sizes(A):
    """Return the largest elements of rows and of columns."""
    return np.concatenate([np.max(np.abs(A), axis=axis) for axis in (0, 1)])


@pytest.mark.parametrize("dtype, exponents", [(np.float64, 200), (np.float32, 25)])
@pytest.mark.parametrize("shape", [(1, 1), (6, 6), (7, 3), (3, 7)])
def test_all_lines_come_to_one_size_and_nothing_is_rounded(shape, dtype, exponents):
    rng = np.random.default_rng(2001)
    for _ in range(20):
        A = graded(rng.standard_normal(shape).astype(dtype), exponents, rng)
        scaled, rows, columns = equilibrate(A)
        assert scaled.dtype == dtype
        assert np.array_equal(np.ldexp(scaled, rows[:, None] + columns), A)
        assert sizes(scaled).min() >= 1 / 4 and sizes(scaled).max() <= 4


@given(st.lists(st.integers(-500, 500), min_size=9, max_size=9),
       st.lists(st.booleans(), min_size=9, max_size=9))
@steady
def test_powers_of_two_with_zeros_come_to_one_size(exponents, present):
    A = np.where(present, np.ldexp(1.0, exponents), 0.0).reshape(3, 3)
    found = sizes(equilibrate(A)[0])
    found = found[sizes(A) > 0]
    assert not len(found) or (found.min() >= 1 / 4 and found.max() <= 4)


def test_a_chain_of_sizes_takes_all_sweeps():
    far = 2.0**1000
    A = np.array([[far, 0, 0], [far, 1 / far, 0], [0, 1 / far, far]])
    assert sizes(equilibrate(A)[0]).min() >= 1 / 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_symmetric_matrix_stays_symmetric(dtype):
    rng = np.random.default_rng(34)
    for n in (2, 5, 30):
        S = random_matrix(n, dtype)
        S = S + S.T
        powers = rng.integers(-12, 13, n)
        S = np.ldexp(S, powers[:, None] + powers)
        scaled, rows, columns = equilibrate(S)
        assert np.array_equal(rows, columns) and np.array_equal(scaled, scaled.T)


def test_scaling_takes_what_units_put_into_a_condition_number():
    A = np.array([[1e-12, 1.0], [1e-12, -1.0]])
    assert np.linalg.cond(A) > 1e11
    assert np.linalg.cond(equilibrate(A)[0]) < 2
    nos7 = read_matrix("nos7").toarray()
    assert np.linalg.cond(equilibrate(nos7)[0]) < np.linalg.cond(nos7) / 3
    # What lies in the matrix itself stays: nothing scales Hilbert's.
    assert np.linalg.cond(equilibrate(hilbert(8))[0]) > 1e9


def test_lines_of_zeros_and_both_ends_of_the_range_are_left_alone():
    A = np.array([[1e300, 0.0], [0.0, 0.0], [5e-324, 0.0]])
    scaled, rows, columns = equilibrate(A)
    assert np.array_equal(scaled == 0, A == 0)
    assert rows[1] == 0 and columns[1] == 0
    assert np.array_equal(equilibrate(np.zeros((2, 2)))[0], np.zeros((2, 2)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_scaled_system_has_the_same_solution(dtype):
    rng = np.random.default_rng(5)
    for _ in range(10):
        # Whole numbers, so that b is exact and the solution known.
        A = graded(rng.integers(-9, 10, (4, 4)).astype(dtype) + 20 * np.eye(4, dtype=dtype), 15,
                   rng)
        x = np.ldexp(np.array([3, -1, 2, 5], dtype), -equilibrate(A)[2])
        system = ScaledSystem.of(equilibrate(A), A @ x)
        y = lu(system.S).solve(system.c)
        found = system.unknowns(y, x)
        assert np.max(np.abs(found - x) / np.abs(x)) <= 1000 * roundoff(dtype)


def test_rows_and_diagonals_are_scaled_without_rounding():
    rng = np.random.default_rng(11)
    A, b = graded(rng.standard_normal((4, 4)), 50, rng), np.array([1e300, 0.0, -1e-300, 1.0])
    D = np.diag(np.diag(A))
    for matrix, (scaled, rows, columns) in ((A, scaled_rows(A)), (D, scaled_diagonal(D, b)),
                                            (D, scaled_diagonal(D, None))):
        assert np.array_equal(np.ldexp(scaled, rows[:, None] + columns), matrix)
        assert np.all(np.max(np.abs(scaled), axis=1) >= 1 / 2) and np.max(np.abs(scaled)) < 1
    assert not scaled_rows(A)[2].any()
    assert np.array_equal(ScaledSystem.of(scaled_diagonal(D, b), b).c, np.frexp(b)[0])


def test_a_system_without_a_right_hand_side_gets_one():
    A = random_matrix(6)
    system = ScaledSystem.of(equilibrate(A), None)
    assert np.array_equal(system.c, system.S @ probe(6, float))
    assert system.unknowns(np.ones(6), None) is None
    zero = np.zeros(6)
    assert np.array_equal(ScaledSystem.of(equilibrate(A), zero).unknowns(np.ones(6), zero), zero)


def test_right_hand_sides_of_any_size_are_taken():
    for size in (1e-300, 1e300):
        A, b = np.diag([size, size]) + size / 4, np.full(2, size)
        system = ScaledSystem.of(equilibrate(A), b)
        assert np.allclose(system.unknowns(np.linalg.solve(system.S, system.c), b), 2 / 3)
    system = ScaledSystem.of(equilibrate(np.full((1, 1), 1e-300)), np.array([1e300]))
    with pytest.raises(OverflowError, match="the solution x"):
        system.unknowns(system.c / system.S[0], np.array([1e300]))


@pytest.mark.parametrize("x, factor", [((1.0, 1.0), 1024), ((1024.0, 1.0), 1)])
def test_an_error_counts_more_in_units_that_make_unknowns_large(x, factor):
    system = ScaledSystem(np.eye(2), np.array([-10, 0]), np.ones(2), 0)
    y = np.ldexp(x, system.columns)
    assert system.magnified(y, np.array(x)) == factor * np.max(y)
    assert system.magnified(y, None) == system.magnified(y, np.array(x), separate=True) == 1


def test_the_made_vector_has_no_pattern_and_no_zero():
    for dtype in DTYPES:
        v = probe(1000, dtype)
        assert v.dtype == dtype and v.min() >= 0.5 and v.max() <= 1.5
        assert len(np.unique(v)) == 1000
