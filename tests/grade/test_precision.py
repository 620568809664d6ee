"""Errors are measured in the format of what the reader is given."""

from fractions import Fraction

import numpy as np
import pytest

from lib.grade import check_accuracy
from lib.grade.precision import format_of_args, replaced, rounded_to, ulps_off


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


def test_errors_are_counted_in_spacings_of_the_exact_value():
    exact = np.array([Fraction(1), Fraction(10) ** 60], dtype=object)
    rounded = rounded_to(exact, np.float32)
    assert rounded.tolist() == [1.0, np.inf] and rounded.dtype == np.float32
    off = ulps_off(np.array([1 + 2.0**-22, np.inf]), replaced(exact, np.isinf(rounded), rounded),
                   rounded)
    assert off.tolist() == [2.0, 0.0]
