"""Errors are measured in the format of what the reader is given."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import check_accuracy
from lib.grade.precision import (
    distances,
    format_of_args,
    in_ulps,
    largest,
    relative_to,
    replaced,
    rounded_to,
)


@pytest.mark.parametrize("argument", [
    np.complex64(1), np.ones(2, np.complex64), [np.float32(1)], [[np.float32(1)], 2.0],
    (np.ones(2, np.float32), [1])])
def test_the_format_is_found_inside_complex_numbers_and_lists(argument):
    third = Fraction(1, 3)
    report = check_accuracy(lambda x: np.float32(1) / 3, lambda x: third, [(argument,)], ulps=1)
    assert report.passed
    assert not check_accuracy(lambda x: 1 / 3 + 1e-7, lambda x: third, [(argument,)], ulps=1).passed


@pytest.mark.parametrize("args, dtype", [
    ((), np.float64), ((1.0, [2]), np.float64), ((np.ones(2, int),), np.float64),
    ((np.float32(1), np.ones(2, np.float16)), np.float32), (([np.float16(1)], 2.0), np.float16),
    ((np.complex128(1), np.float32(1)), np.float64)])
def test_the_widest_float_of_numpy_is_the_format(args, dtype):
    assert format_of_args(args) == dtype


def test_a_list_inside_itself_has_a_format():
    x = [np.float32(1)]
    x.append(x)
    assert format_of_args((x,)) == np.float32


def test_whole_numbers_keep_their_digits_beside_a_float():
    x = replaced(np.array([2**60 + 1, 3]), np.array([False, True]), np.inf)
    assert x.tolist() == [2**60 + 1, np.inf]


ONE, FORMATS = Fraction(1), [np.float16, np.float32, np.float64, np.longdouble]


def array(*numbers):
    return np.array(numbers, dtype=object)


def fraction(x):
    return Fraction(*x.as_integer_ratio())


def gap(x):
    """Return how far the next larger float is, or would be, as a fraction."""
    if x == np.finfo(x.dtype).max:
        return fraction(x) - fraction(np.nextafter(x, x.dtype.type(0)))
    return fraction(np.nextafter(x, x.dtype.type(np.inf))) - fraction(x)


@pytest.mark.parametrize("dtype", FORMATS)
def test_a_spacing_is_that_of_the_binade_of_the_exact_value(dtype):
    info = np.finfo(dtype)
    for x in (info.max, info.tiny, info.smallest_subnormal, 1, 2 - info.eps, 3, dtype(0), 1.5,
              info.tiny * (1 - info.eps / 2)):
        x = dtype(x)
        spacing, tiny, c = gap(x), Fraction(1, 2**20000), fraction(x)
        for near in (c + tiny, -c - tiny):
            assert in_ulps(array(ONE), array(near), dtype) == 1 / spacing
        # Just below a power of two it is half, as far as floats are normal.
        below = spacing / 2 if x == 1 else spacing
        assert in_ulps(array(ONE), array(c - tiny), dtype) == 1 / below


@pytest.mark.parametrize("dtype", FORMATS)
def test_a_value_is_rounded_once_to_the_nearest(dtype):
    info, tiny = np.finfo(dtype), Fraction(1, 2**20000)
    for low in (1, 1 + info.eps, info.tiny, info.smallest_subnormal, 0, 4 - 2 * info.eps):
        low = dtype(low)
        high = np.nextafter(low, dtype(9))
        ends = [fraction(x) for x in (low, high)]
        middle, even = sum(ends) / 2, low if ends[0] / (ends[1] - ends[0]) % 2 == 0 else high
        for exact, right in ((middle - tiny, low), (middle + tiny, high), (middle, even)):
            for sign in (1, -1):
                rounded = rounded_to(array(sign * exact), dtype)
                assert rounded.dtype == dtype and rounded[0] == sign * right
                error = in_ulps(distances(rounded, array(sign * exact)), array(exact), dtype)
                assert error[0] <= Fraction(1, 2)
    limit = fraction(info.max) + gap(info.max) / 2
    assert rounded_to(array(limit - tiny, limit, -limit), dtype).tolist() == [
        info.max, np.inf, -np.inf]


@pytest.mark.parametrize("dtype", FORMATS)
def test_every_quotient_is_within_half_a_spacing(dtype):
    rng = np.random.default_rng(31)
    p, q = rng.integers(1, 1000, (2, 200))
    exact = array(*map(Fraction, p.tolist(), q.tolist()))
    value = p.astype(dtype) / q.astype(dtype)
    error = in_ulps(distances(value, exact), exact, dtype)
    assert np.all(error <= Fraction(1, 2)) and np.any(error > Fraction(2, 5))
    assert np.array_equal(rounded_to(exact, dtype), value)


def test_the_parts_of_complex_values_are_rounded_and_their_size_has_the_spacing():
    z = array(complex(3, 4), mpmath.mpc(0, 1))
    rounded = rounded_to(z, np.float32)
    assert rounded.dtype == np.complex64 and rounded.tolist() == [3 + 4j, 1j]
    assert rounded_to(np.array(1j), np.longdouble).dtype == np.clongdouble
    assert rounded_to(array(mpmath.mpc(mpmath.inf, 1)), float).tolist() == [complex(np.inf, 1)]
    assert in_ulps(array(ONE, ONE), z, np.float32).tolist() == [2**21, 2**23]
    below = array(complex(3 - 2.0**-40, 3))  # of size 4.24
    assert in_ulps(array(ONE), below, float) == [2**50]


def test_relative_errors_are_exact():
    error = array(Fraction(0), Fraction(1, 10**400), Fraction(1), np.inf, Fraction(1), Fraction(0))
    exact = array(0, 2, 0, 1.0, np.inf, np.inf)
    assert relative_to(error, exact).tolist() == [0, Fraction(1, 2 * 10**400), np.inf, np.inf,
                                                  np.inf, 0]


def test_the_largest_size_is_exact_and_nan_prevails():
    assert largest(np.array([1, -(2**53) - 1])) == 2**53 + 1
    assert largest(array(Fraction(-1, 10**400), 0)) == Fraction(1, 10**400)
    assert largest(np.array([-1.0, 0.5], np.float16)) == 1 and largest(np.array([3 + 4j, 0])) == 5
    assert largest(np.array(-np.inf)) == np.inf and largest(np.array([False, True])) is True
    for x in (array(1, np.nan, 2), np.array([1, np.nan]), array(mpmath.nan, Fraction(1))):
        assert np.isnan(largest(x))
