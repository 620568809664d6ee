"""Errors are measured without making new ones."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.numbers import absolute_error, log_relative_error, relative_error, ulps_apart

U = 2.0**-53


@pytest.mark.parametrize("c", [Fraction(1, 3), Fraction(-10**20, 7), Fraction(1, 3 * 10**200)])
def test_errors_below_the_roundoff_of_the_true_value_are_seen(c):
    x = float(c)
    exact = abs(Fraction(x) - c)
    with mpmath.workdps(60):
        references = [c, mpmath.mpf(c.numerator) / c.denominator]
    for reference in references:
        assert abs(Fraction(absolute_error(x, reference)) - exact) <= 2 * U * exact
        ratio = exact / abs(c)
        assert 0 < ratio <= U
        assert abs(Fraction(relative_error(x, reference)) - ratio) <= 4 * U * ratio
    # The difference of two doubles cannot see this error: the reference must keep its digits.
    assert relative_error(x, float(c)) == 0


def test_a_decimal_counts_with_all_its_digits():
    assert absolute_error(0.1, Decimal("0.1")) == 0.1 * 2.0**-54


@pytest.mark.parametrize("x, c, error", [
    (3.0, 4.0, 0.25), (0.0, 0.0, 0.0), (1.0, 0.0, math.inf), (math.inf, math.inf, 0.0),
    (math.inf, -math.inf, math.inf), (math.inf, 1.0, math.inf), (1.0, math.inf, math.inf),
    (math.nan, 1.0, math.nan), (1.0, math.nan, math.nan), (1j, 1.0, math.sqrt(2)),
    (1, 2, 0.5), (math.inf, Fraction(1, 3), math.inf), (math.nan, Fraction(1, 3), math.nan),
    (math.inf, mpmath.mpf(1), math.inf), (math.nan, mpmath.mpf(1), math.nan)])
def test_special_values(x, c, error):
    result = relative_error(x, c)
    assert type(result) is float
    assert result == error or (math.isnan(result) and math.isnan(error))


def test_float32_is_compared_in_double():
    # The difference of two float32 may overflow or underflow where that of two doubles does not.
    x, c = np.float32([3e38, 1e-45]), np.float32([-3e38, 2e-45])
    assert np.all(absolute_error(x, c) == np.abs(x.astype(float) - c.astype(float)))
    assert relative_error(np.float32(0.1), 0.1) > U


def test_arrays_keep_their_shape_and_mix_exact_numbers():
    x = np.array([[0.5, 1.0], [2.0, 0.25]])
    c = np.array([[Fraction(1, 2), 2], [mpmath.mpf(1), Decimal("0.5")]], dtype=object)
    assert np.array_equal(relative_error(x, c), [[0, 0.5], [1, 0.5]])


@pytest.mark.parametrize("x, c, digits", [
    (1.0, 1.0, 15.0), (1.001, 1.0, 3.0), (5.0, 1.0, 0.0), (math.nan, 1.0, 0.0),
    (math.inf, 1.0, 0.0), (1e-5, 0.0, 5.0), (0.0, 0.0, 15.0)])
def test_log_relative_error_lies_between_no_digit_and_the_cap(x, c, digits):
    # 1.001 - 1 carries a rounding error of half an ulp of 1.001, hence the relative 1e-13.
    assert log_relative_error(x, c) == pytest.approx(digits, rel=1e-12)


def test_no_digit_is_zero_digits_and_not_minus_zero():
    assert f"{log_relative_error(0.0, 1.0):g}" == "0"


def test_log_relative_error_of_arrays_and_the_cap():
    assert np.array_equal(log_relative_error([1.0, 0.0], [1.0, 1.0], cap=11), [11.0, 0.0])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_neighbours_are_one_apart_everywhere(dtype):
    info = np.finfo(dtype)
    for x in (0.0, info.smallest_subnormal, info.tiny, 1.0, -1.0, 1.5, info.max, -info.max):
        x = dtype(x)
        with np.errstate(over="ignore"):
            assert ulps_apart(x, np.nextafter(x, dtype(np.inf))) == 1
            assert ulps_apart(x, np.nextafter(x, dtype(-np.inf))) == 1


def test_every_float16_has_its_own_place():
    x = np.arange(-(2**15), 2**15).astype(np.int16).view(np.float16)
    x = np.sort(x[~np.isnan(x)])
    steps = ulps_apart(x[1:], x[:-1])
    assert steps.dtype == np.uint64 and np.count_nonzero(steps == 0) == 1  # only -0 next to +0
    assert np.all(steps <= 1)


def test_the_whole_range_of_float64_is_counted_without_overflow():
    largest = np.finfo(float).max
    assert ulps_apart(-largest, largest) == 2 * (2047 * 2**52 - 1)
    assert ulps_apart(-0.0, 0.0) == 0 and ulps_apart(largest, np.inf) == 1


@pytest.mark.parametrize("x, y, error", [
    (1.0, np.float32(1), TypeError), (1, 2, TypeError), (math.nan, 1.0, ValueError)])
def test_what_cannot_be_counted_is_refused(x, y, error):
    with pytest.raises(error, match="ulps_apart"):
        ulps_apart(x, y)
