"""A check judges by numerical quality, and survives whatever a reader writes."""

import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import (
    check_accuracy,
    check_counterexample,
    check_identity,
    check_value,
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
    (3.0, 2, {"bound": 1e-9}, "3, expected 2"), (np.uint8(3), 2.0, {"ulps": 0}, "3, expected 2"),
    (1, Fraction(0), {"ulps": 0}, "1, expected 0"), (True + 6, 8, {"ulps": 0}, "7, expected 8"),
    (-999_999, 999_999.0, {"bound": lambda: 1}, "-999999, expected 999999")])
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
    (1e308, np.inf, "inf ulp"), (-np.inf, np.inf, "inf ulp"), (np.inf, 1.0, "inf ulp"),
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


@pytest.mark.parametrize("value, exact", [
    (2.5, 2.0), (2.0, 2.5), (np.inf, 2.0), (2.0, np.inf), (2 + 0j, 3.0), (2.0, 3j), (4e15, 3e15),
    (2.0, 2 + Fraction(1, 2**60)), (np.array([2.0]), np.array([3.0]))])
def test_other_numbers_are_judged_by_their_error_alone(value, exact):
    (case,) = check_accuracy(lambda: value, lambda: exact, [()], bound=0).cases
    assert case.verdict != "stable" and case.reason.startswith("error ")


def test_arrays_are_judged_by_their_worst_component():
    exact = np.array([Fraction(1, 3), Fraction(10**9, 7)])
    assert check_accuracy(lambda: exact.astype(float), lambda: exact, [()], ulps=1).passed
    off = exact.astype(float) * (1 + 1e-12)
    assert check_accuracy(lambda: off, lambda: exact, [()], ulps=1).verdict == "unstable"


ARRAY = {"array": np.array([1.0, 2.0])}


def test_a_case_left_out_beside_others_is_wrong():
    report = judged(lambda x: np.log1p(x) if x < 1 else None)
    assert verdicts(report) == ["stable", "stable", "not attempted"]
    assert report.verdict == "wrong"


@pytest.mark.parametrize("options", [{"ulps": None}, {"bound": 1e-3}])
def test_an_exercise_without_one_bound_is_a_fault_of_its_author(options):
    with pytest.raises(TypeError, match="either ulps or bound"):
        judged(np.log1p, **options)


def test_an_identity_is_judged_on_the_same_scale():
    for factor, verdict in ((0, "stable"), (1e-12, "unstable"), (1e-5, "inaccurate"), (1, "wrong")):
        report = check_identity(lambda x, off=factor: x * x * (1 + off),
                                lambda y, x: y / x**2 - 1, [3.0], bound=1e-15)
        assert report.verdict == verdict
    assert "residual" in report.cases[0].reason
    assert not check_identity(lambda x: [1.0, 2.0, 3.0], lambda y, x: y @ x, ARRAY, bound=1).passed


@pytest.mark.parametrize("answer, expected, options, verdict", [
    (7, 7, {}, "stable"), (7, 7.4, {"within": 0.5}, "stable"), (6.8, 7.4, {"within": 0.5}, "wrong"),
    (3e-9, 1e-9, {"factor": 10}, "stable"), (3e-9, 1e-9, {"factor": 2}, "wrong"),
    (-5, -4, {"factor": 2}, "stable"), (" Subtraction", "subtraction", {}, "stable"),
    ("addition", "subtraction", {}, "wrong"), (True, True, {}, "stable"), (1, True, {}, "wrong"),
    ("7", 7, {}, "wrong"), (b"7", 7, {}, "wrong"), (True, 1, {}, "wrong"),
    (10**400, -7, {}, "wrong"), ("seven", 7, {}, "wrong"), (np.nan, 7, {}, "wrong"),
    (10**400, 7, {}, "wrong"), (np.array([1, 2]), 7, {}, "wrong"), (print, 7, {}, "wrong"),
    (..., 7, {}, "not attempted"), (None, "no", {}, "not attempted"),
    ((1, "no"), (1, "no"), {}, "stable"), ([1, "NO"], (1, "no"), {}, "stable"),
    ((1, ...), (1, "no"), {}, "wrong"), (..., (1, "no"), {}, "not attempted"),
    ((..., ...), (1, "no"), {}, "not attempted"), ((1,), (1, "no"), {}, "wrong"),
    (np.array([1, 2]), (1, 2), {}, "stable"), (np.array([1.0, 2.0]), (1.0, 2.0), {}, "stable"),
    (np.array([[1, 2]]), (1, 2), {}, "wrong"), ({1, 2}, (1, 2), {}, "wrong"),
    (np.False_, False, {}, "stable"), (np.True_, False, {}, "wrong"),
    (np.array(True), True, {}, "stable"), (True, np.True_, {}, "stable"),
    (np.True_, 1, {}, "wrong"), ((...,), (1, 2), {}, "not attempted"),
    ((..., None, ...), (1, 2), {}, "not attempted"), ((), (1, 2), {}, "wrong"),
    (1, np.True_, {}, "wrong"),
    (np.str_("no"), "no", {}, "stable"), (np.float32(7), 7, {}, "stable"),
    (np.array([7.0]), 7, {}, "stable"), ((np.False_, np.str_("No")), (False, "no"), {}, "stable"),
    (np.ma.masked, 7, {}, "wrong"), (np.ma.masked_array(7.0, mask=True), 7, {}, "wrong"),
    (np.ma.masked_array([1.0, 2.0], mask=[0, 1]), (1, 2), {}, "wrong"), (7 + 0j, 7, {}, "wrong"),
    (object(), "no", {}, "wrong"), ("n" * 10**5, "no", {}, "wrong")])
def test_predictions(answer, expected, options, verdict):
    assert check_value(answer, expected, **options).verdict == verdict


def test_a_tuple_that_cannot_be_read_is_wrong():
    def leave(self):
        raise SystemExit

    answer = type("Closed", (tuple,), {"__iter__": leave})((1, 2))
    assert check_value(answer, (1, 2)).verdict == "wrong"


def test_fewer_than_two_digits_are_wrong_in_every_format():
    for dtype in (np.float16, np.float32, float):
        for error, verdict in ((0.015, "wrong"), (0.008, "unstable" if dtype == np.float16 else
                                                  "inaccurate")):
            report = check_accuracy(lambda x, e=error: float(x) * (1 + e), lambda x: 1.0,
                                    [dtype(1)], ulps=1)
            assert report.verdict == verdict
    loose = check_accuracy(lambda: 1.015, [1.0], [()], ulps=1, weak=0.1)
    assert loose.verdict == "unstable"


def test_a_wrong_number_is_told_its_direction_and_not_the_answer():
    report = check_value((1, 9), (5, 5), name="digits")
    assert [case.reason for case in report.cases] == ["1 is too small", "9 is too large"]
    assert "5" not in repr(report)


@pytest.mark.parametrize("example, verdict", [
    ((1e16, 1.0), "stable"), ((1.0, 1.0), "wrong"), ((-1.0, 1.0), "wrong"), (1.0, "wrong"),
    (("a", "b"), "wrong"), ((x for x in "ab"), "wrong"), (..., "not attempted"),
    ((1.0, ...), "not attempted"), (None, "not attempted")])
def test_counterexamples_to_a_claim(example, verdict):
    report = check_counterexample(example, lambda a, b: a + b != a, valid=lambda a, b: a > 0)
    assert report.verdict == verdict


def test_counterexamples_by_a_number():
    def error(x):
        return abs((1 + x) - 1 - x) / x

    assert check_counterexample(1e-17, error, above=0.5).passed
    assert check_counterexample(0.5, error, above=0.5).verdict == "wrong"
    assert check_counterexample(0.5, error, below=0.5).passed
    assert check_counterexample(0.0, error, below=0.5).verdict == "wrong"
    for unfit in (lambda x: [x, x], lambda x: "none", lambda x: x * 1j, lambda x: np.nan):
        assert check_counterexample(0.5, unfit, below=0.5).verdict == "wrong"


def test_a_counterexample_by_a_number_needs_a_limit():
    with pytest.raises(TypeError, match="needs below or above"):
        check_counterexample(0.5, lambda x: x)
    assert check_counterexample(0.5, lambda x: np.False_).passed


@pytest.mark.parametrize("kind", [int, Fraction, Decimal, mpmath.mpf, np.int64, np.float32])
def test_a_measure_may_be_a_number_of_any_kind(kind):
    for limits, passed in (({"above": 5}, True), ({"below": 5}, False), ({"above": 7}, False)):
        report = check_counterexample(7, lambda n: kind(n), **limits)
        assert report.passed == passed and report.cases[0].reason.startswith("7, wanted ")


@pytest.mark.parametrize("huge", [10**400, Fraction(10**400), Decimal("1e400")])
def test_a_measure_may_be_beyond_the_range(huge):
    (case,) = check_counterexample(huge, lambda n: n, above=5).cases
    assert case.verdict == "stable" and "wanted above 5" in case.reason
    assert not check_counterexample(-huge, lambda n: n, above=huge).passed
    assert not check_counterexample(Decimal("nan"), lambda n: n, above=5).passed


def test_two_limits_are_refused():
    with pytest.raises(TypeError, match="below or above, not both"):
        check_counterexample(0.5, lambda x: x, below=1, above=2)


def test_an_input_is_admitted_by_one_truth_value():
    report = check_counterexample(np.ones(2), lambda x: False, valid=lambda x: x > 0)
    assert report.verdict == "wrong" and "ValueError" in report.cases[0].reason


def test_an_identity_is_silent_about_what_a_reader_returned():
    report = check_identity(lambda x: 0.0, lambda y, x: np.float64(x) / y, [1.0], bound=1)
    assert report.verdict == "wrong" and "residual inf" in report.cases[0].reason


def test_no_answer_makes_a_report_raise():
    class Hostile:
        def __float__(self):
            raise RuntimeError("no float")

        __str__ = __repr__ = __array__ = __eq__ = __float__
        __hash__ = None

    report = check_value(Hostile(), 1.0)
    assert report.verdict == "wrong" and "Hostile" in repr(report) + report._repr_html_()
    boxed = np.empty(1, dtype=object)
    boxed[0] = Hostile()
    assert check_value(boxed, 1.0).verdict == "wrong"
    assert check_accuracy(lambda x: Hostile(), [1.0], [2.0], ulps=1).verdict == "wrong"




def test_whole_numbers_that_floats_round_to_one_are_told_apart():
    assert not check_value(2**53, 2**53 + 1).passed
    assert not check_value(2**53 + 1, 2**53).passed
    assert not check_value(2**60 + 100, 2**60, within=1).passed
    assert check_value(2**53 + 1, 2**53 + 1).passed
    assert check_value(2**60 + 1, 2**60, within=1).passed
    assert check_value(np.int64(2**53 + 1), 2**53 + 1).passed


def test_a_masked_residual_does_not_fit_and_a_signalling_nan_breaks_no_claim():
    report = check_identity(lambda x: 1.0, lambda y, x: np.ma.masked, [1.0], bound=1)
    assert report.verdict == "wrong" and "residual is masked" in report.cases[0].reason
    assert check_counterexample(1.0, lambda x: Decimal("sNaN"), below=3).verdict == "wrong"
