"""Errors are measured without making new ones."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.numbers import absolute_error, log_relative_error, relative_error, ulps_apart
from tests.hostile import answer, edges, exact, floats, steady, vectors

U = 2.0**-53
BIG = 1.7976931348623157e308


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
    assert log_relative_error(x, c) == pytest.approx(digits, rel=1e-12, abs=0)


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
    for call in (lambda: ulps_apart(np.longdouble(x), np.longdouble(y)),
                 lambda: ulps_apart(np.ones(2, np.float32), np.ones(2))):
        assert not answer(call, "x") or np.longdouble is np.float64


# --- the ends of the range -----------------------------------------------------------------


with mpmath.workdps(30):
    EXP = mpmath.exp(-800)


@pytest.mark.parametrize("error, x, c, right", [
    (log_relative_error, 0.0, EXP, 0.0), (relative_error, 0.0, EXP, 1.0),
    (relative_error, 0.0, Fraction(1, 10**400), 1.0), (relative_error, BIG, -BIG, 2.0),
    (relative_error, -BIG, Fraction(10) ** 400, 1.0), (absolute_error, BIG, -BIG, math.inf),
    (log_relative_error, math.inf, Fraction(math.factorial(171)), 0.0),
    (log_relative_error, math.inf, mpmath.inf, 15.0), (absolute_error, math.inf, mpmath.inf, 0.0),
    (absolute_error, -math.inf, mpmath.inf, math.inf),
    (absolute_error, math.inf, mpmath.nan, math.nan),
    (relative_error, 1.0, Decimal("NaN"), math.nan),
    (relative_error, 1.0, Decimal("sNaN"), math.nan),
    (log_relative_error, 1.0, Decimal("sNaN"), 0.0),
    (relative_error, 1.0, Decimal("Infinity"), math.inf),
    (absolute_error, math.inf, Decimal("Infinity"), 0.0),
    (absolute_error, 1.0, -mpmath.inf, math.inf), (relative_error, 2**53 + 1, 2**53, 2.0**-53),
    (relative_error, 10**400 + 10**390, 10**400, 1e-10),
    (absolute_error, np.uint64(2**64 - 1), 2**64 - 2, 1.0),
    (absolute_error, -(2**63), -(2**63) + 1, 1.0),
    (absolute_error, 1j, Fraction(1, 2), math.hypot(1, 0.5)), (relative_error, True, 2, 0.5),
    (relative_error, 1 + 1j, mpmath.mpc(1, 0), 1.0),
    (absolute_error, math.nan + 1j, 1j, math.nan),
    (relative_error, 1e308 + 1e308j, -1e308 - 1e308j, 2.0),
    (relative_error, 1.0, 5e-324, math.inf), (relative_error, 5e-324, 1e-323, 0.5),
    (relative_error, 1j * 5e-324, 1e-323j, 0.5), (relative_error, np.longdouble(1.5), 1.0, 0.5),
    (relative_error, np.clongdouble(1.5j), 1j, 0.5),
    (relative_error, 0.0, mpmath.mpf(2) ** -(10**9), 1.0),
    (absolute_error, 1.0, mpmath.exp(10**9), math.inf)])
def test_errors_at_the_ends_of_the_range(error, x, c, right):
    value = error(x, c)
    if math.isnan(right):
        assert math.isnan(value)
    else:
        assert value == right or abs(value - right) <= 4 * U * right


def test_a_float_near_a_subnormal_fraction_is_not_equal_to_it():
    c = Fraction(1, 10**310)
    ratio = abs(Fraction(1e-310) - c) / c
    assert 3e-15 < abs(Fraction(relative_error(1e-310, c))) < 3.2e-15
    assert abs(Fraction(relative_error(1e-310, c)) - ratio) <= 4 * U * ratio


def test_a_low_working_precision_of_mpmath_is_no_loss():
    with mpmath.workprec(20):
        assert absolute_error(1.0, mpmath.mpf(1) / 3) == abs(1 - exact(float(mpmath.mpf(1) / 3)))
        assert relative_error(1 + 2.0**-52, mpmath.mpf(1)) == 2.0**-52


@pytest.mark.parametrize("swapped", [">f8", "<f8", ">f4", "<f4", ">f2", "<f2"])
def test_neighbours_in_any_byte_order_are_one_apart(swapped):
    x = np.array([1.0, -2.5, 0.0], dtype=swapped)
    y = np.nextafter(x.astype(x.dtype.newbyteorder("=")), np.array(9, x.dtype.newbyteorder("=")))
    assert ulps_apart(x, y.astype(swapped)).tolist() == [1, 1, 1]


# Where x is a float of any kind, c is one too, or the same number as another kind of number.
KINDS = [float, lambda c: Fraction(c) if math.isfinite(c) else c, mpmath.mpf, Decimal]
REALS = st.sampled_from([np.float64, np.float32, np.float16]).flatmap(floats)


def allowed(true, ulps):
    """Return the largest float error that so many units in the last place make."""
    try:
        return ulps * exact(math.ulp(float(true)))
    except OverflowError:
        return math.inf


def assert_close(value, true, ulps):
    """Compare with a fraction, within so many units in the last place; inf beyond the range."""
    if math.isinf(value):
        assert true > exact(BIG)
    else:
        assert abs(exact(value) - true) <= allowed(true, ulps)


@steady
@given(REALS, REALS, st.sampled_from(KINDS), st.booleans())
def test_errors_of_any_floats_are_those_of_fractions(x, c, kind, near):
    if near:
        with np.errstate(all="ignore"):
            c = x * (1 + 2 * np.finfo(x.dtype).eps)
    given_c = kind(float(c))
    gap, ratio = absolute_error(x, given_c), relative_error(x, given_c)
    if math.isnan(x) or math.isnan(c):
        assert math.isnan(gap) and math.isnan(ratio)
    elif math.isinf(x) or math.isinf(c):
        assert gap == ratio == (0 if x == c else math.inf)
    else:
        true = abs(exact(x) - exact(c))
        assert_close(gap, true, 2)
        if true and not c:
            assert ratio == math.inf
        else:
            assert_close(ratio, true / abs(exact(c)) if true else Fraction(0), 4)
        digits = log_relative_error(x, given_c)
        judged = ratio if c else gap
        assert digits == (15 if judged == 0 else pytest.approx(min(15, max(0, -math.log10(judged))))
                          if judged < math.inf else 0)


@steady
@given(st.complex_numbers(allow_nan=False, allow_infinity=False),
       st.complex_numbers(allow_nan=False, allow_infinity=False), st.booleans())
def test_errors_of_complex_numbers_are_those_of_mpmath(x, c, near):
    c = x * (1 + 2.0**-50) if near and math.hypot(x.real, x.imag) < 1e300 else c
    with mpmath.workprec(2200):  # from the least square to the largest
        gap = abs(mpmath.mpc(x) - mpmath.mpc(c))
        errors = [(absolute_error(x, c), gap, 2)]
        if c:
            errors.append((relative_error(x, c), gap / abs(mpmath.mpc(c)), 8))
        for value, true, ulps in errors:
            if math.isinf(value):
                assert true > BIG
            else:
                assert abs(value - true) <= ulps * math.ulp(float(true))


@steady
@given(st.sampled_from([np.float64, np.float32, np.float16]).flatmap(
    lambda dtype: st.tuples(vectors(dtype, min_size=1, max_size=4), vectors(dtype, 1, 1))))
def test_steps_between_any_floats_are_counted(pair):
    x, y = pair[0], pair[1][:1]
    if np.isnan(x).any() or np.isnan(y).any() or not y.size:
        return
    half = 2 ** (8 * x.itemsize - 1)
    places = [[code if code < half else half - code for code in
               z.view(f"u{z.itemsize}").astype(object)] for z in (x, y)]
    assert ulps_apart(x, y).tolist() == [abs(p - places[1][0]) for p in places[0]]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_errors_of_arrays_are_those_of_their_entries(dtype):
    x = np.array(edges(dtype))
    for error in (absolute_error, relative_error, log_relative_error):
        table = error(x[:, None], x)
        for i, j in np.ndindex(*table.shape):
            one = error(x[i], x[j])
            assert table[i, j] == one or (math.isnan(one) and math.isnan(table[i, j]))
    assert absolute_error(np.empty(0), 1.0).shape == (0,)


def test_errors_of_many_floats_are_computed_at_once():
    x = np.random.default_rng(19).standard_normal(10**6)
    assert np.array_equal(absolute_error(x, x + 0.5), np.abs(x - (x + 0.5)))
    assert not relative_error(np.zeros(10**6), np.zeros(10**6)).any()


def test_correct_digits_have_a_cap_of_any_kind_and_a_meaning_at_infinity():
    for cap in (12, 12.0, Fraction(12), np.float32(12)):
        assert log_relative_error(1.0, 1.0, cap=cap) == 12.0
    assert log_relative_error(np.inf, np.inf) == 15 and log_relative_error(1.0, np.inf) == 0
    assert log_relative_error(np.inf, 1.0) == log_relative_error(np.nan, 1.0) == 0
    assert log_relative_error(1.0, np.nan) == 0


@pytest.mark.parametrize("x, c, digits", [
    (1.0, 1 + Fraction(1, 10**350), 350), (1.0, 1 + Fraction(1, 10**323), 323),
    (1.0, 1 + Fraction(1, 10**310), 310), (0.0, Fraction(1, 10**350), 0), (5e-324, 0.0, 323.306),
    (1e-310, 0.0, 310), (Fraction(1, 10**350), 0.0, 350), (mpmath.mpf(10) ** -29592, 0, 29592),
    (1.5, Fraction(3, 2) * (1 + Fraction(1, 10**3000)), 3000), (1.0, 1.0, math.inf),
    (3.0, 4 * (1 + Fraction(1, 10**900)), -math.log10(0.25)),
    (5.0 + 5j, mpmath.mpc(5, 5) * (1 + mpmath.mpf(2) ** -50), 50 * math.log10(2)),
    (1j * mpmath.mpf(10) ** -400, 0, 400), (1.0, Fraction(10) ** 400, 0)])
def test_correct_digits_beyond_the_range_of_floats_are_counted(x, c, digits):
    for cap in (20.0, 300.0, 400.0, 1e5, math.inf):
        # The last places of log10, and 323.306 to the digits that are written.
        assert log_relative_error(x, c, cap=cap) == pytest.approx(min(digits, cap), rel=1e-6, abs=0)


def test_a_relative_error_does_not_overflow_on_the_way():
    right = 1.5e308 / abs(0.8 + 0.8j)
    assert abs(relative_error(1.5e308, 0.8 + 0.8j) - right) <= 8 * math.ulp(right)


@pytest.mark.parametrize("x", [
    Fraction(1, 10**400), Fraction(-1, 10**400), Decimal("1e-400"), mpmath.mpf(10) ** -400,
    mpmath.mpc(0, mpmath.mpf(10) ** -400), mpmath.mpf(2) ** -(10**8)])
@pytest.mark.parametrize("zero", [0, 0.0, Fraction(0), 0j])
def test_beside_zero_a_number_below_all_floats_is_infinitely_wrong(x, zero):
    assert relative_error(x, zero) == math.inf and relative_error(zero, x) == 1
    assert relative_error(x, x) == 0


def test_a_cap_beyond_the_range_is_refused_and_an_infinite_one_is_not():
    for cap in (10**400, Fraction(10**400)):
        with pytest.raises(ValueError, match="cap must be a number of digits"):
            log_relative_error(1.0, 1.0, cap=cap)
    assert log_relative_error(1.0, 1.0, cap=np.inf) == np.inf
