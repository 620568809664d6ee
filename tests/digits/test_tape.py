"""What one run records of each operation."""

import functools
import math
import operator

import mpmath
import numpy as np
import pytest

from lib.digits import trace
from lib.numbers import compensated_sum, kahan_sum, two_sum


def test_a_branch_that_the_exact_numbers_would_not_take_is_reported(line_of):
    def f(x):
        y = (x + 1) - x
        if y > 0.5:
            return x
        return y

    result = trace(f, 1e16)
    assert result.value == 0 and "branch" in line_of(result, "if y").note
    assert result.branch.expression == "y > 0.5" and result.branch.number == result.lines[1].number
    first, second, *_ = repr(result).split("\n")
    assert first == ("f goes another way than exact numbers would, at `y > 0.5` in line "
                     f"{result.branch.number}.")
    assert second == "On the way taken 0 of 16 digits are right."
    assert "branch" not in line_of(trace(f, 1e15), "if y").note and not trace(f, 1e15).note
    assert "branch" in trace(lambda x: math.floor((x + 1) - x + 0.5), 1e16).lines[0].note


@pytest.mark.parametrize("f, x, value, word", [
    (lambda x: np.exp(x), 1000.0, math.inf, "overflow"),
    (lambda x: x * x, 1e200, math.inf, "overflow"),
    (lambda x: x * x, 1e-200, 0.0, "underflow"),
    (lambda x: x * 1e-10, 1e-305, 1e-315, "underflow"),
    (lambda x: np.log(x), 0.0, -math.inf, "pole"),
    (lambda x: 1 / np.array([x]), 0.0, math.inf, "division by zero"),
    (lambda x: np.sqrt(x), -1.0, math.nan, "nan"),
    (lambda x: x - x, math.inf, math.nan, "nan"),
])
def test_overflow_underflow_poles_and_nan_are_shown_on_their_line(f, x, value, word):
    result = trace(f, x)
    np.testing.assert_equal(np.ravel(result.value)[0], value)
    assert word in result.lines[0].note
    assert word in repr(result)


def test_overflow_is_its_own_cause():
    result = trace(lambda x: 1 / (1 + np.exp(x)), 800.0)
    assert result.value == 0 and result.digits == 0
    assert result.cause == result.shows and result.cause.operation == "exp"
    assert "the error was made there, too" in repr(result)


def cumulative(p):
    c, total = [], 0.0
    for v in p:
        total = total + v
        c.append(total)
    return c


def test_a_term_that_is_lost_as_a_whole_is_named():
    result = trace(cumulative, [3e14, 2e-14, 2e-14])
    assert result.value == [3e14] * 3 and result.digits == 16 and result.cause is None
    (line,) = result.lines
    assert line.note == "2e-14 is absorbed by 3e+14 (the addition `total + v`)"
    assert "2e-14 is absorbed by 3e+14" in repr(result)


def kahan(xs):
    total = lost = 0.0
    for x in xs:
        y = x - lost
        t = total + y
        lost = (t - total) - y
        total = t
    return total


def neumaier(xs):
    total = lost = 0.0
    for x in xs:
        t = total + x
        lost += (total - t) + x if abs(total) >= abs(x) else (x - t) + total
        total = t
    return total + lost


def log_of_one_plus(x):
    u = 1 + x
    return x if u == 1 else x * math.log(u) / (u - 1)


def sum_of_three(a, b, c):
    s, e = two_sum(a, b)
    return (s + c) + e


@pytest.mark.parametrize("f, arguments, exact", [
    (kahan, [[1e16, 1.0, 1.0]], 10**16 + 2), (kahan, [[1.0, 1e-17, 1e-17, 3.0]], 4),
    (kahan_sum, [np.array([1e16, 1.0, 1.0, -1e16])], 2), (neumaier, [[1.0, 1e100, 1.0, -1e100]], 2),
    (neumaier, [[1.0, 1e-17, 3.0, 5.0]], 9), (compensated_sum, [np.array([1e16, 1.0, -1e16])], 1),
    (log_of_one_plus, [1e-17], 1e-17), (log_of_one_plus, [1e-10], math.log1p(1e-10)),
    (sum_of_three, [1e16, 1.0, -1e16], 1),
    (kahan, [[1e16, 1.0]], 10**16), (kahan, [[1e16, 1.0, 1.0, 1.0]], 10**16 + 4),
    (lambda a, b: two_sum(a, b)[0], [1e16, 1.0], 10**16),
])
def test_a_compensated_function_is_acquitted(f, arguments, exact):
    result = trace(f, *arguments)
    assert result.value == exact and result.digits > 15 and result.cause is None
    assert not [line.note for line in result.lines if "absorbed" in line.note]
    assert "digits are right" in repr(result)


def test_what_is_compensated_is_acquitted_beside_a_greater_loss():
    def f(x, xs):
        lost = (x + 1) - x
        return kahan(xs) + 0 * lost

    result = trace(f, 1e16, [1e16, 1.0])
    assert result.digits == 16 and result.cause is None  # but the line says what it did
    assert "error made here (the addition `x + 1`)" in result.lines[0].note
    assert "The error was made" not in repr(result)
    assert not [line.note for line in result.lines if "absorbed" in line.note]


def test_the_same_sums_without_compensation_are_not():
    for terms in ([1.0, 1e-17, 1e-17, 3.0], [1e16, 1.0, 1.0]):
        assert "absorbed" in repr(trace(lambda xs: functools.reduce(operator.add, xs), terms))


def test_a_line_in_float32_says_so(digits_left):
    def f(x):
        return x * np.float32(0.1)

    result = trace(f, 0.1)  # a Python float times a float32 is one
    exact = mpmath.mpf(0.1) * mpmath.mpf(float(np.float32(0.1)))
    assert result.plain.dtype == np.float32 and result.value == result.plain
    assert abs(result.exact - exact) < 1e-58 * exact
    assert result.digits == pytest.approx(digits_left(result.value, exact), abs=1e-9)
    assert 7 < result.digits < 8 and "computed in float32" in result.lines[0].note
    result = trace(f, np.float64(0.1))  # NumPy's float64 is not taken down
    assert result.digits > 15 and not result.lines[0].note
    assert "computed in float16" in trace(lambda x: x + np.float16(0.1), 0.1).lines[0].note
    columns = np.array([0.1, 0.2], np.float32)
    for f in (lambda x: x * columns / 3, lambda x: columns * x / 3):
        result = trace(f, 0.1)
        assert result.plain.dtype == np.float32 and np.array_equal(result.value, result.plain)
        assert result.digits < 8 and "computed in float32" in result.lines[0].note
        result = trace(f, np.array([0.1]))
        assert np.array_equal(result.value, result.plain) and result.digits > 15


def test_a_long_int_is_exact_data_that_floats_round():
    result = trace(lambda x: x * (2**60 + 1), 1.0)
    assert result.value == 2.0**60 and result.exact == 2**60 + 1
    assert trace(lambda x: x < 10**400, 1.0).value is True


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_a_pole_has_the_sign_of_floats(zero):
    result = trace(lambda x: 1 / np.copysign(zero, x), np.float64(-1.0))
    assert result.value == result.exact == -math.inf and result.digits == 16
