"""Numbers of any kind are read without loss, and rounded once."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.numbers import exact
from lib.numbers.exact import FAR

HALF, NONE, INF, NAN = Fraction(1, 2), Fraction(0), math.inf, math.nan


@pytest.mark.parametrize("value, right", [
    (0.5, (HALF, NONE)), (np.float16(0.5), (HALF, NONE)), (np.longdouble(0.5), (HALF, NONE)),
    (Decimal("0.5"), (HALF, NONE)), (mpmath.mpf("-0.5"), (-HALF, NONE)), (HALF, (HALF, NONE)),
    (3, (Fraction(3), NONE)), (np.int8(-3), (Fraction(-3), NONE)), (True, (Fraction(1), NONE)),
    (0.5 - 0.5j, (HALF, -HALF)), (np.complex64(0.5j), (NONE, HALF)),
    (mpmath.mpc(0.5, -0.5), (HALF, -HALF)), (mpmath.mpf(0), (NONE, NONE)),
    (INF, (INF, NONE)), (-mpmath.inf, (-INF, NONE)), (mpmath.inf, (INF, NONE)),
    (Decimal("-Infinity"), (-INF, NONE)), (complex(0, INF), (NONE, INF)),
    (mpmath.mpf(2) ** 40, (Fraction(2**40), NONE)), (5e-324, (Fraction(1, 2**1074), NONE))])
def test_any_number_is_a_pair_of_fractions(value, right):
    parts = exact.exact_parts(value, "x")
    assert parts == right and all(isinstance(p, Fraction) or math.isinf(p) for p in parts)


@pytest.mark.parametrize("value", [NAN, Decimal("NaN"), Decimal("sNaN"), mpmath.nan,
                                   np.float32(np.nan)])
def test_what_is_no_number_stays_so(value):
    assert math.isnan(exact.exact_parts(value, "x")[0])


@pytest.mark.parametrize("value", ["1", None, [1.0], object()])
def test_what_has_no_error_is_refused(value):
    with pytest.raises(TypeError, match=r"x holds a \w+: only numbers have an error"):
        exact.exact_parts(value, "x")


def test_numbers_far_beyond_the_floats_are_cut_where_it_makes_no_difference():
    for sign in (1, -1):
        large = exact.exact_parts(sign * mpmath.mpf(3) * mpmath.mpf(2) ** (10**8), "x")[0]
        small = exact.exact_parts(sign * mpmath.mpf(3) * mpmath.mpf(2) ** -(10**8), "x")[0]
        assert large == sign * 3 * Fraction(2) ** FAR
        assert 0 < small * sign < Fraction(1, 2**FAR)
        kept = exact.exact_parts(sign * mpmath.mpf(2) ** -(FAR - 9), "x")[0]
        assert kept == sign * Fraction(2) ** -(FAR - 9)


F = mpmath.mpf(2)


@pytest.mark.parametrize("x, c, absolute, relative", [
    (F**40000, F**50000, INF, 1), (F**50000, F**40000, INF, INF), (F**40000, F**40001, INF, 0.5),
    (F**-40000, F**-50000, 0, INF), (F**-50000, F**-40000, 0, 1), (F**-40000, F**-39998, 0, 0.75),
    (F**40000, F**40000, 0, 0), (-F**40000, F**40000, INF, 2), (F**(10**8), F**(10**8 - 2), INF, 3),
    (F**40000, F**-40000, INF, INF), (F**-40000, F**40000, INF, 1),
    (F**40000, 2**40000, 0, 0), (2**40000 + 2, F**40000, 2, 0), (F**40000, 2**40001, INF, 0.5),
    (Fraction(3, 2**40000), F**-40000, 0, 2), (0.0, F**-(10**8), 0, 1), (1.0, F**(10**8), INF, 1),
    (mpmath.mpc(1, F**-(10**8)), 1.0, 0, 0), (mpmath.mpc(F**(10**8), 1), 1.0, INF, INF),
    (Decimal("1e-99999999"), 1.0, 1, 1), (1.0, Decimal("1e-99999999"), 1, INF),
    (Decimal("-1e99999999"), 1.0, INF, INF), (0.0, Decimal("1e99999999"), INF, 1),
    (Decimal("1e-99999999"), Decimal("1e-99999999"), 0, 0)],
    ids=lambda value: type(value).__name__)  # some have too many digits to be printed
def test_errors_between_numbers_far_beyond_the_floats(x, c, absolute, relative):
    pairs = exact.together(x, c)
    assert (exact.absolute(*pairs), exact.relative(*pairs)) == (absolute, relative)


@pytest.mark.parametrize("x, c", [
    (Decimal("1e-99999999"), Decimal("2e-99999999")), (F**(10**6), Decimal("1e99999999")),
    (mpmath.mpc(F**(10**8), 1), mpmath.mpc(F**(10**8), 3))])
def test_far_numbers_that_would_be_cut_together_are_refused(x, c):
    for call in (exact.together, exact.exact_distance):
        with pytest.raises(ValueError, match=r"x and c are both beyond .*: divide both"):
            call(x, c)


def test_a_distance_is_not_in_units_of_its_own():
    assert exact.exact_distance(F**40000, F**40001) == Fraction(2) ** 40000
    with pytest.raises(ValueError, match="divide both"):
        exact.exact_distance(F**(10**8), F**(10**8 - 2))


def test_distances_are_exact():
    tiny = Fraction(1, 10**400)
    for x, c, distance in ((0.1, Fraction(1, 10), Fraction(0.1) - Fraction(1, 10)),
                           (2**53 + 1, 2.0**53, 1), (1, 1 + tiny, tiny), (np.int8(-128), 0, 128),
                           (np.longdouble(0.5), mpmath.mpf("0.25"), Fraction(1, 4)),
                           (mpmath.mpf(2) ** 40000, 2**40000 + 1, 1), (3j, -4, 5),
                           (mpmath.mpc(3, 4), 0, 5), (INF, INF, 0), (-INF, INF, INF),
                           (complex(INF, 1), complex(INF, 1), 0), (1, mpmath.inf, INF)):
        assert exact.exact_distance(x, c) == exact.exact_distance(c, x) == distance
    for x in (NAN, complex(NAN, INF), Decimal("sNaN")):
        assert math.isnan(exact.exact_distance(x, 1.0))


@pytest.mark.parametrize("re, im", [(1, 1), (1, 10**30), (Fraction(1, 10**400), Fraction(1, 3)),
                                    (Fraction(1, 7 * 10**30), Fraction(1, 10**30)), (10**400, 1)])
def test_a_distance_that_is_not_rational_is_rounded_up(re, im):
    square = Fraction(re) ** 2 + Fraction(im) ** 2
    root = exact._root(square)
    assert square < root**2 and (root * (1 - Fraction(1, 2**64))) ** 2 < square
    assert exact._root(square**2) == square


def test_far_numbers_with_many_digits_keep_them():
    with mpmath.workprec(50000):
        x, c = F**40000 + 1, F**40000
        assert exact.absolute(*exact.together(x, c)) == 1
        assert exact.absolute(*exact.together(x, 2**40000)) == 1


def test_fractions_round_to_the_nearest_float_or_to_an_infinity():
    assert exact.rounded(Fraction(1, 10)) == 0.1 and exact.rounded(-INF) == -INF
    assert exact.rounded(Fraction(10) ** 400) == INF and exact.rounded(-Fraction(10) ** 400) == -INF


def test_a_sum_overflows_only_if_it_is_beyond_the_range():
    top = np.finfo(float).max
    assert exact.fsum([top, top, -top, 5e-324]) == top and exact.fsum([0.1] * 10) == 1
    assert exact.fsum([top, top, -top, -top, 5e-324]) == 5e-324
    assert exact.fsum([top, top]) == INF and exact.fsum([-top, -top]) == -INF
    assert exact.fsum([top, 2.0**970]) == INF
    assert exact.fsum([top, np.nextafter(2.0**970, 0)]) == top


def test_of_the_two_floats_around_a_sum_the_odd_one_is_taken():
    after, before = np.nextafter(1.0, 2), np.nextafter(1.0, 0)
    assert exact.to_odd(1.0, 2.0**-60) == after and exact.to_odd(1.0, -(2.0**-60)) == before
    assert exact.to_odd(-1.0, 2.0**-60) == -before and exact.to_odd(1.0, 0.0) == 1
    assert exact.to_odd(after, 2.0**-60) == exact.to_odd(after, -(2.0**-60)) == after


def pair(re, im=NONE):
    return re, im


@pytest.mark.parametrize("x, c, absolute, relative", [
    (pair(HALF), pair(HALF), 0, 0), (pair(NONE), pair(HALF), 0.5, 1),
    (pair(HALF), pair(NONE), 0.5, INF), (pair(NONE), pair(NONE), 0, 0),
    (pair(INF), pair(INF), 0, 0), (pair(INF), pair(-INF), INF, INF),
    (pair(HALF), pair(INF), INF, INF), (pair(INF), pair(HALF), INF, INF),
    (pair(NAN), pair(HALF), NAN, NAN), (pair(HALF), pair(HALF, NAN), NAN, NAN),
    (pair(NAN, INF), pair(HALF), NAN, NAN), (pair(INF), pair(NONE), INF, INF),
    (pair(Fraction(3), Fraction(4)), pair(NONE, NONE), 5, INF),
    (pair(NONE), pair(Fraction(3), Fraction(-4)), 5, 1),
    (pair(Fraction(6), Fraction(-8)), pair(Fraction(3), Fraction(-4)), 5, 1),
    (pair(Fraction(10)**400), pair(Fraction(10)**400 * 2), INF, 0.5),
    (pair(Fraction(1)), pair(Fraction(1, 10**400)), 1, INF),
    (pair(Fraction(15) * 10**307), pair(Fraction(3, 5), Fraction(4, 5)), 1.5e308, 1.5e308),
    (pair(Fraction(3, 10**320)), pair(Fraction(3), Fraction(4)), 5, 1)])
def test_errors_of_pairs(x, c, absolute, relative):
    for value, right in ((exact.absolute(x, c), absolute), (exact.relative(x, c), relative)):
        assert value == right or (math.isnan(value) and math.isnan(right))
        assert type(value) in (float, int)


@pytest.mark.parametrize("x, c, digits", [
    (pair(HALF), pair(HALF), INF), (pair(NONE), pair(HALF), 0), (pair(HALF), pair(NONE), 0.30103),
    (pair(INF), pair(INF), INF), (pair(INF), pair(HALF), -INF), (pair(HALF), pair(INF), -INF),
    (pair(INF), pair(-INF), -INF), (pair(NAN), pair(HALF), NAN), (pair(HALF), pair(INF, NAN), NAN),
    (pair(Fraction(1, 10**4000)), pair(NONE), 4000), (pair(Fraction(10**4000)), pair(HALF + HALF),
                                                      -4000),
    (pair(Fraction(3), Fraction(4)), pair(NONE), -0.69897),
    (pair(Fraction(3), Fraction(4)), pair(Fraction(3), 4 + Fraction(5, 10**400)), 400)])
def test_digits_of_pairs(x, c, digits):
    assert exact.digits(x, c) == pytest.approx(digits, rel=1e-5, abs=0, nan_ok=True)


def test_where_a_size_is_ordinary():
    sizes = np.array([0.0, 5e-324, 2.0**-961, 2.0**-960, 1.0, 2.0**1000, 2.0**1001, np.inf, np.nan])
    assert exact.ordinary(sizes).tolist() == [False] * 3 + [True] * 3 + [False] * 3


def test_the_quick_way_is_taken_where_it_is_sure():
    seen = []

    def slow(x, c):
        seen.append((x, c))
        return -1.0

    def quick(x, c, gap):
        return gap, np.array([True, True, True, False])

    result = exact.compared([1.0, 5e-324, np.nan, 2.0], [2.0, 0.0, 1.0, 3.0], quick, slow)
    assert result.tolist()[:2] == [1.0, -1.0] and np.isnan(result[2]) and result[3] == -1.0
    assert len(seen) == 2
    assert exact.compared(2**53 + 2, 1, quick, slow) == -1.0 == exact.compared(HALF, 1, quick, slow)
    assert type(exact.compared(1.0, 1.0, lambda x, c, gap: (gap, True), slow)) is float
