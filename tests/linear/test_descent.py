"""Gradient descent that is stopped early is the filter that it is said to be."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.linear import filtered_solution, jacobi_svd, landweber, landweber_filter
from tests.linear.helpers import DTYPES, MATRICES, norm, rng, roundoff, unit


@pytest.mark.parametrize("name", [name for name in MATRICES if name != "zero"])
@pytest.mark.parametrize("count", [0, 1, 7, 300])
def test_the_loop_is_the_filter(name, count):
    A = MATRICES[name]
    b = rng(5).standard_normal(len(A))
    factors = jacobi_svd(A)
    step = 0.9 / float(factors.s[0]) ** 2
    kept = landweber_filter(factors.s, step, count)
    found = landweber(A, b, step, count)
    # Each step rounds once relative to what a step can move, step * s[0] * norm(b).
    bound = unit(A) * (count + 1) * step * factors.s[0] * np.linalg.norm(b)
    lost = (kept > 0) & (factors.s == 0)
    assert not lost.any()
    assert np.linalg.norm(found - filtered_solution(factors, b, kept)) <= bound


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_dtype_is_kept(dtype):
    A = MATRICES["random"].astype(dtype)
    b = np.ones((len(A), 2), dtype)
    assert landweber(A, b, 0.01, 3).dtype == dtype
    assert landweber(A, b, 0.01, 3).shape == (A.shape[1], 2)
    assert landweber_filter(np.array([0.5], dtype), 1.0, 3).dtype == dtype


def test_small_factors_are_not_lost_beside_one():
    s = np.array([1.0, 1e-5, 1e-9, 1e-150])
    with mpmath.workdps(400):
        wanted = [float(1 - (1 - mpmath.mpf(x) ** 2) ** 1000) for x in s]
    found = landweber_filter(s, 1.0, 1000)
    # A few roundings, in the square and in two logarithms.
    assert np.all(np.abs(found - wanted) <= 10 * roundoff(float) * np.array(wanted))
    naive = 1 - (1 - s**2) ** 1000
    assert naive[2] == 0 and wanted[2] > 0


def test_no_step_keeps_nothing():
    assert np.array_equal(landweber_filter(np.array([1.0, 0.5]), 1.0, 0), [0, 0])


def test_a_step_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        landweber_filter(np.array([2.0, 1.0]), 0.3, 5)
    with pytest.raises(OverflowError, match="below 2"):
        landweber(np.eye(2), np.ones(2), 3.0, 3000)
    for step in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="step"):
            landweber(np.eye(2), np.ones(2), step, 3)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_step_is_refused_from_three_roundings_above_its_limit_on(dtype):
    u = Fraction(float(roundoff(dtype)))
    for largest in (1.0, 0.75, 3.0, 1e-9, 7e8, 1.1e15):
        s = np.array([largest / 2, largest], dtype)
        limit = (1 + 3 * u) / Fraction(float(s[1])) ** 2
        below = float(limit)
        below = below if below <= limit else math.nextafter(below, 0)
        assert landweber_filter(s, below, 3)[1] == 1
        for beyond in (math.nextafter(below, math.inf), below * (1 + 1e-6), 2 * below):
            with pytest.raises(ValueError, match="between 0 and 1"):
                landweber_filter(s, beyond, 3)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_quotient_computed_in_the_dtype_is_never_refused(dtype):
    for largest in np.exp(rng(61).uniform(-15, 15, 500)).astype(dtype):
        for step in (1 / largest**2, 1 / (largest * largest), 1 / float(largest) ** 2):
            assert landweber_filter(np.array([largest]), step, 2) == 1


def test_from_two_over_the_largest_square_on_it_does_not_converge():
    A, b = np.diag([2.0, 1.0]), np.array([2.0, 1.0])
    at_the_limit = landweber(A, b, 2 / 4, 1001) - 1
    below = landweber(A, b, 1.9 / 4, 1001) - 1
    assert abs(at_the_limit[0]) == 1
    assert norm(below[None]) < 1e-13  # 0.9**1001, and rounding


@pytest.mark.parametrize("step", [1e-50, 5e-44, 1e40])
def test_a_step_that_float32_cannot_hold_is_refused(step):
    A = np.array([[1e25]], np.float32)
    with pytest.raises(OverflowError, match="no normal number of float32"):
        landweber(A, np.array([1e-10], np.float32), step, 1)


def test_a_count_beyond_floats_is_refused():
    s = np.array([1.0, 1e-3, 0.0])
    assert np.array_equal(landweber_filter(s, 1.0, 2**1000), [1, 1, 0])
    with pytest.raises(OverflowError, match="count has 1329 bits"):
        landweber_filter(s, 1.0, 10**400)
