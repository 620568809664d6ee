"""A check judges by numerical quality, and survives whatever a reader writes."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import (
    check_accuracy,
    check_identity,
)

POINTS = {"tiny": 1e-12, "small": 1e-5, "one": 1.0}


def exact_log1p(x):
    """Return log(1 + x) to 60 digits."""
    with mpmath.workdps(60):
        return mpmath.log1p(float(x))


def verdicts(report):
    return [case.verdict for case in report.cases]


def judged(f, **options):
    return check_accuracy(f, exact_log1p, POINTS, **{"ulps": 2, **options})


def test_the_scale_from_stable_to_wrong():
    assert verdicts(judged(np.log1p)) == ["stable"] * 3
    # 1 + x keeps x to u / x: 1e-4 at 1e-12 and 1e-11 at 1e-5.
    assert verdicts(judged(lambda x: float(np.log(1 + x)))) == ["inaccurate", "unstable", "stable"]
    assert verdicts(judged(lambda x: x * 1.5)) == ["wrong"] * 3
    report = judged(lambda x: x)  # exact to x / 2
    assert verdicts(report) == ["unstable", "inaccurate", "wrong"]
    assert report.verdict == "wrong" and not report.passed


def test_a_number_where_nan_is_right_is_called_a_number():
    report = check_accuracy(lambda x: [x, 1.0], [[1.0, np.nan]], [1.0], ulps=1)
    assert report.verdict == "wrong" and "where nan is right" in report.cases[0].reason
    assert check_accuracy(lambda x: [x, np.nan], [[1.0, np.nan]], [1.0], ulps=1).passed


def test_a_bound_may_be_relative_or_a_function_that_gives_an_absolute_one():
    assert judged(lambda x: x * (1 - x / 2), ulps=None, bound=1e-9, weak=0.4).cases[2].verdict == (
        "unstable")
    assert verdicts(judged(lambda x: x, ulps=None, bound=lambda x: x * x / 2)) == ["stable"] * 3
    assert verdicts(judged(lambda x: x, ulps=None, bound=lambda x: x * x / 4)) != ["stable"] * 3


def test_the_reference_may_be_one_value_for_each_case():
    report = check_accuracy(lambda x: x / 3, [Fraction(1, 3), Fraction(2, 3)], [1.0, 2.0], ulps=0.5)
    assert report.passed and [case.name for case in report.cases] == ["1.0", "2.0"]


def test_ulps_are_those_of_the_exact_value_with_all_its_digits():
    tenth = Fraction(1, 10)
    error = abs(Fraction(0.1) - tenth) / Fraction(2) ** -56
    assert 0.3 < error < 0.5
    for limit, verdict in ((0.3, "unstable"), (0.5, "stable")):
        assert check_accuracy(lambda: 0.1, lambda: tenth, [()], ulps=limit).verdict == verdict


def test_ulps_are_those_of_the_arguments_format():
    single = check_accuracy(np.log1p, exact_log1p, [np.float32(1e-5)], ulps=2)
    assert single.passed
    rounded = check_accuracy(lambda x: np.float32(np.log1p(x)), exact_log1p, [1e-5], ulps=2)
    assert rounded.verdict == "inaccurate"  # half the digits of float64 is a little more


@pytest.mark.parametrize("exact, value, verdict", [
    (0.0, 0.0, "stable"), (0.0, 1e-300, "wrong"), (np.inf, np.inf, "stable"),
    (np.inf, 1e308, "wrong"), (np.nan, np.nan, "stable"), (np.nan, 1.0, "wrong"),
    (np.nan, np.inf, "wrong"), (mpmath.mpf("1e400"), np.inf, "stable"),
    (mpmath.mpf("1e-400"), 0.0, "stable"), (1j, 1j, "stable"), (mpmath.mpc(1, 1), 1 + 1j, "stable"),
    (mpmath.mpc(1, 1), 1 - 1j, "wrong"), (Fraction(10) ** 400, np.inf, "stable"),
    (-(Fraction(10) ** 400), -np.inf, "stable"), (Fraction(10) ** 400, 1.0, "wrong"),
    (Fraction(10) ** 400, -np.inf, "wrong"), (10**400, np.inf, "stable"),
    (Decimal("1e400"), np.inf, "stable"), (Fraction(1, 10**400), 0.0, "stable"),
    (Fraction(-1, 3), (-1.0) ** 0.5, "wrong"), (Fraction(2**70), 2**70, "stable"),
    (Fraction(2**70), 2**70 + 2**20, "unstable"), (2**70, 2**70, "stable"),
    (Fraction(1, 2**80) + 1, 1, "stable")])
def test_zeros_infinities_nans_and_complex_values(exact, value, verdict):
    assert check_accuracy(lambda: value, lambda: exact, [()], ulps=1).verdict == verdict


@pytest.mark.parametrize("value, exact, options, text", [
    (3.0, 2, {"bound": 1e-9}, "got 3, expected 2"),
    (np.uint8(3), 2.0, {"ulps": 0}, "got 3, expected 2"),
    (1, Fraction(0), {"ulps": 0}, "got 1, expected 0"),
    (True + 6, 8, {"ulps": 0}, "got 7, expected 8"),
    (2**60 + 1, 2**61, {"ulps": 0}, "got 1152921504606846977, expected 2305843009213693952: too "
                                    "small by a factor of 2"),
    (-999_999, 999_999.0, {"bound": lambda: 1},
     "got -999999, expected 999999: the sign is wrong")])
def test_a_wrong_count_is_shown_beside_the_right_one(value, exact, options, text):
    (case,) = check_accuracy(lambda: value, lambda: exact, [()], **options).cases
    assert (case.verdict, case.reason) == ("wrong", text)


def factorial_and_one(n):
    """Return n! + 1, which no float64 tells from n! where n is 19."""
    return math.factorial(n) + 1


@pytest.mark.parametrize("kind", [int, np.int64, np.uint64, np.array])
def test_whole_numbers_count_with_all_their_digits(kind):
    for n in (5, 19, 20, 40):
        if n > 20 and kind is not int:
            continue
        for f, verdict in ((factorial_and_one, False), (math.factorial, True)):
            report = check_accuracy(lambda n, f=f: kind(f(n)), math.factorial, [n], ulps=0)
            assert report.passed == verdict
    several = check_accuracy(lambda: [2**60 + 1, 5], lambda: [2**60, 5], [()], ulps=0)
    assert not several.passed


@pytest.mark.parametrize("value, exact, text", [
    (1e308, np.inf, "got 1e+308, expected inf"), (-np.inf, np.inf, "got -inf, expected inf"),
    (np.inf, 1.0, "got inf, expected 1"),
    (np.nan, 1.0, "returned nan"), (np.nan, np.inf, "returned nan")])
def test_nan_is_said_to_be_returned_where_it_was(value, exact, text):
    (case,) = check_accuracy(lambda: value, lambda: exact, [()], ulps=1).cases
    assert case.verdict == "wrong" and case.reason.startswith(text)
    for y, reason in ((np.nan, "returned nan"), (1.0, "residual nan")):
        (case,) = check_identity(lambda y=y: y, lambda y: np.nan, [()], bound=1).cases
        assert case.verdict == "wrong" and case.reason.startswith(reason)


def test_limits_may_be_fractions():
    (case,) = check_accuracy(lambda: 1.0, lambda: 1, [()], ulps=Fraction(1, 2)).cases
    assert case.reason == "0 ulp, allowed 0.5"
    (case,) = check_accuracy(lambda: 1.0, lambda: 1, [()], bound=Decimal("0.25")).cases
    assert case.reason == "error 0, allowed 0.25"


@pytest.mark.parametrize("value, exact, text", [
    (2.5, 2.0, "got 2.5, expected 2"), (np.inf, 2.0, "got inf, expected 2"),
    (2.0, np.inf, "got 2, expected inf"), (2 + 0j, 3 + 0j, "got 2+0j, expected 3+0j"),
    (2.0, 3j, "got 2, expected 0+3j"), (4e15, 3e15, "got 4e+15, expected 3e+15"),
    (2.0, 2 + Fraction(1, 2**60), "error 4.3e-19, allowed 0"),
    (2.0, 2.01, "error 0.005, allowed 0"), (np.array([2.0]), [3.0], "[0]: got 2, expected 3"),
    (0.25, -0.25, "got 0.25, expected -0.25: the sign is wrong"),
    (-0.5, 1e3, "got -0.5, expected 1000"),
    (0.0343306, 0.343306, "got 0.03433, expected 0.3433: too small by a factor of 10"),
    (-4e9, 4.0, "got -4e+09, expected 4: the sign is wrong, too large by a factor of 10**9"),
    (3 * 2.0**60, 3.0, "got 3.459e+18, expected 3: too large by a factor of 2**60"),
    (5e-324, 1e300, "got 4.941e-324, expected 1e+300")])
def test_what_came_is_said_beside_what_is_right(value, exact, text):
    (case,) = check_accuracy(lambda: value, lambda: exact, [()], bound=0).cases
    assert case.verdict != "stable" and case.reason == text


def test_a_near_miss_is_told_in_ulps_and_a_far_one_by_what_came():
    for off, text in ((3, "3 ulp, allowed 1"), (2e3, "2e+03 ulp, allowed 1"),
                      (2e5, "got 1.00000000004, expected 1: 10 digits are right")):
        (case,) = check_accuracy(lambda off=off: 1 + off * 2.0**-52, [1.0], [()], ulps=1).cases
        assert (case.verdict, case.reason) == ("unstable", text)
    (case,) = check_accuracy(lambda: 1e-20, [Fraction(1e-20) * (1 + Fraction(1, 10**30))], [()],
                             ulps=1).cases
    assert case.reason == "below 0.01 ulp, allowed 1"


@pytest.mark.parametrize("value, text", [
    ((2.0, 5.0), "M: got 5, expected 3"), ((7.0, 3.0), "mean: got 7, expected 2"),
    ((3.0, 2.0), "mean: got 3, expected 2"), (2.0, "a single one given, 2 wanted"),
    ((2.0, np.nan), "M: returned nan"), ([1, 2, 3], "3 given, 2 wanted"),
    (np.ones((2, 1)), "returned shape (2, 1), expected (2,)")])
def test_parts_are_called_by_their_names(value, text):
    (case,) = check_accuracy(lambda: value, [(2.0, 3.0)], [()], ulps=1, parts=("mean", "M")).cases
    assert (case.verdict, case.reason) == ("wrong", text)


def test_arrays_are_judged_by_their_worst_component():
    exact = np.array([Fraction(1, 3), Fraction(10**9, 7)])
    assert check_accuracy(lambda: exact.astype(float), lambda: exact, [()], ulps=1).passed
    off = exact.astype(float) * (1 + 1e-12)
    assert check_accuracy(lambda: off, lambda: exact, [()], ulps=1).verdict == "unstable"


ARRAY = {"array": np.array([1.0, 2.0])}


def test_a_case_left_out_beside_others_is_wrong():
    report = judged(lambda x: np.log1p(x) if x < 1 else ...)
    assert verdicts(report) == ["stable", "stable", "not attempted"]
    assert report.verdict == "wrong"
    assert report.headline.endswith("2 of 3 cases stable, the others not attempted")


def test_a_function_that_forgot_to_return_is_told_so():
    def prints(x):
        np.log1p(x)

    for case in judged(prints).cases:
        assert case.verdict == "wrong" and case.reason.startswith("returned None: is a return")


@pytest.mark.parametrize("options", [{"ulps": None}, {"bound": 1e-3}])
def test_an_exercise_without_one_bound_is_a_fault_of_its_author(options):
    with pytest.raises(TypeError, match="either ulps or bound"):
        judged(np.log1p, **options)


def test_fewer_than_two_digits_are_wrong_in_every_format():
    for dtype in (np.float16, np.float32, float):
        for error, verdict in ((0.015, "wrong"), (0.008, "unstable" if dtype == np.float16 else
                                                  "inaccurate")):
            report = check_accuracy(lambda x, e=error: float(x) * (1 + e), lambda x: 1.0,
                                    [dtype(1)], ulps=1)
            assert report.verdict == verdict
    loose = check_accuracy(lambda: 1.015, [1.0], [()], ulps=1, weak=0.1)
    assert loose.verdict == "unstable"


@pytest.mark.parametrize("exact", [
    [1 + 0j], np.array([1 + 0j]), np.array([mpmath.mpc(1)], dtype=object),
    np.ones(1, np.complex64)])
@pytest.mark.parametrize("limit", [{"ulps": 1}, {"bound": 1e-15}])
def test_a_complex_reference_may_have_no_imaginary_part(exact, limit):
    for answer, verdict in (([1.0], "stable"), ([1 + 0j], "stable"), ([1 + 1j], "wrong")):
        assert check_accuracy(lambda x, a=answer: a, [exact], [1.0], **limit).verdict == verdict


def test_a_transform_of_equal_numbers_is_judged():
    # All of it but the first entry is 0, exactly.
    report = check_accuracy(np.fft.fft, [np.array([4, 0, 0, 0]) + 0j], [np.ones(4)], ulps=1)
    assert report.passed


def test_spacings_are_those_at_the_exact_value_and_not_where_it_rounds_to():
    exact = 1 - Fraction(1, 2**60)  # rounds to 1, where the next float below is half as far
    for steps, passed in ((1, True), (2, False)):
        value = 1 - steps * 2.0**-53
        assert check_accuracy(lambda v=value: v, lambda: exact, [()], ulps=1).passed == passed


HAIR = Fraction(1, 2**80)
TOP = Fraction(2) ** 128 - Fraction(2) ** 103  # halfway from the largest float32 to what is beyond
LEAST = Fraction(1, 2**1074)


@pytest.mark.parametrize("dtype, value, exact, ulps, passed", [
    (np.float32, 1.0, 1 + Fraction(1, 2**24) + HAIR, 0.5, False),
    (np.float32, 1 + 2.0**-23, 1 + Fraction(1, 2**24) + HAIR, 0.5, True),
    (np.float64, 1.0, 1 + Fraction(1, 2**53) + HAIR / 2**60, 0.5, False),
    (np.float32, 2.0**128 - 2.0**104, TOP - 1, 0.5, True),
    (np.float32, np.inf, TOP - 1, 0.5, False), (np.float32, np.inf, TOP, 0.5, True),
    (np.float64, 1.7976931348623155e308, 1.7976931348623157e308, 0.9, False),
    (np.float64, 0.0, LEAST / 10, 0.05, False), (np.float64, 0.0, LEAST / 10, 0.1, True),
    (np.float64, 0.0, mpmath.mpf(10) ** -400, 1e-90, False), (np.float16, 2.0**-25, LEAST, 1, True),
    (np.float16, 2.0**-23, LEAST, 1.5, False), (np.float64, 1 + 1e-15j, 1 + 1e-15j, 0, True),
    (np.float64, 3 + 4j, mpmath.mpc(3, mpmath.mpf(4) - 2.0**-50), 0.9, False)],
    ids=lambda value: type(value).__name__)
def test_errors_in_spacings_are_compared_exactly(dtype, value, exact, ulps, passed):
    assert check_accuracy(lambda x: value, lambda x: exact, [dtype(1)], ulps=ulps).passed == passed


@pytest.mark.parametrize("bound", [0, lambda: 0, lambda: 1e-90, 1e-90])
def test_an_error_below_the_floats_is_one(bound):
    for exact in (1 + HAIR**2, 1 + HAIR**2 / 10**300):
        report = check_accuracy(lambda: 1.0, lambda c=exact: c, [()], bound=bound)
        error = exact - 1
        assert report.passed == (error <= (bound() if callable(bound) else bound))


def test_a_whole_number_beyond_the_floats_is_right_as_it_is_and_as_an_infinity():
    for f, passed in ((math.factorial, True), (lambda n: np.inf, True), (lambda n: -np.inf, False),
                      (lambda n: math.factorial(n) + 1, False), (lambda n: 1e308, False)):
        assert check_accuracy(f, math.factorial, [200], ulps=0.5).passed == passed
    (case,) = check_accuracy(lambda: 10**400, lambda: Fraction(10) ** 401, [()], ulps=1).cases
    assert case.reason == "got 1e+400, expected inf"


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="longdouble is float64 here")
def test_longdouble_is_judged_in_its_own_spacings():
    wide, one = np.longdouble, np.longdouble(1)
    third = Fraction(1, 3)
    for value, ulps, passed in ((one / 3, 0.5, True), (1 / 3, 100, False), (one / 3, 0.1, False)):
        assert check_accuracy(lambda x, v=value: v, lambda x: third, [one], ulps=ulps).passed == (
            passed)
    for value, exact, passed in ((wide(2) ** 2000, 2**2000, True), (wide(2) ** 2001, 2**2000, 0),
                                 (np.inf, 2**2000, False), (np.inf, 2**20000, True),
                                 (wide("1e-4000"), Fraction(1, 10**4000), True),
                                 (0.0, Fraction(1, 10**4000), False),
                                 (wide(2) ** 2000 * 1j, mpmath.mpc(0, 2**2000), True)):
        assert check_accuracy(lambda x, v=value: v, lambda x, c=exact: c, [one],
                              ulps=1).passed == passed
    (case,) = check_accuracy(lambda x: wide(2) ** 2001, lambda x: 2**2000, [one], ulps=1).cases
    assert case.reason == "got 2.296e+602, expected 1.148e+602"
