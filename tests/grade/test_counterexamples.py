"""A counterexample breaks a claim, does not, or is none that the task admits."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import check_counterexample, check_identity
from lib.numbers import Tally


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


def test_a_masked_residual_does_not_fit_and_a_signalling_nan_breaks_no_claim():
    report = check_identity(lambda x: 1.0, lambda y, x: np.ma.masked, [1.0], bound=1)
    assert report.verdict == "wrong" and "residual is masked" in report.cases[0].reason
    assert check_counterexample(1.0, lambda x: Decimal("sNaN"), below=3).verdict == "wrong"


@pytest.mark.parametrize("example, said", [
    ((1.0,), "1 given, 2 wanted"), ((1.0, 2.0, 3.0), "3 given, 2 wanted"),
    (1.0, "a tuple of 2 is wanted, not a float"),
    ([1.0, 2.0], "a tuple of 2 is wanted, not a list")])
def test_another_number_of_arguments_is_told(example, said):
    (case,) = check_counterexample(example, lambda a, b: a < b, valid=lambda a, b: True).cases
    assert case.shown == "not admitted" and case.reason == said
    assert check_counterexample(example, lambda *given: False).passed


ADMITTED = {"two numbers": lambda x: len(x) == 2, "none below 0": lambda x: min(x) >= 0}


@pytest.mark.parametrize("valid, example, verdict, said", [
    (ADMITTED, [0.0, 5.0], "breaks", "0 digits are right, wanted below 1"),
    (ADMITTED, [3.0, 5.0], "does not break", "3 digits are right, wanted below 1"),
    (ADMITTED, [0.0], "not admitted", "the task asks for: two numbers"),
    (ADMITTED, [-1.0], "not admitted", "the task asks for: two numbers"),
    (ADMITTED, [-1.0, 2.0], "not admitted", "the task asks for: none below 0"),
    (ADMITTED, 7.0, "does not break", "raised TypeError"),
    (ADMITTED, ..., "not attempted", ""),
    (lambda x: x[0] < 1 or "the first is not below 1", [3.0, 5.0], "not admitted",
     "the first is not below 1"),
    (lambda x: x[0] < 1 or "the first is not below 1", [0.0, 5.0], "breaks", "0 digits"),
    (lambda x: False, [0.0, 5.0], "not admitted", "the task does not admit this input")])
def test_an_input_that_is_not_admitted_is_told_why(valid, example, verdict, said):
    report = check_counterexample(example, lambda x: x[0], below=1, valid=valid,
                                  unit="digits are right", name="pair")
    assert report.cases[0].shown == verdict and said in report.cases[0].reason
    assert report.headline == f"pair: {'passed' if verdict == 'breaks' else verdict}"
    assert report.passed == (verdict == "breaks")


def test_why_an_example_does_not_break_is_said_where_it_is_known():
    known = {"it fits": lambda x: x < 10, "it is negative": lambda x: x < 0,
             "it raises": lambda x: 1 / 0}
    for example, note in ((5.0, "it fits"), (-5.0, "it fits"), (50.0, ""), (1e3, ""), (..., "")):
        report = check_counterexample(example, lambda x: x < 100, known=known)
        assert report.note == note and report.passed == (example == 1e3)


@pytest.mark.parametrize("value", [np.ma.masked, np.ma.masked_array([0.5], [1])])
def test_a_measure_that_is_masked_breaks_nothing(value):
    report = check_counterexample(1.0, lambda x: value, below=1)
    assert not report.passed and "masked" in report.cases[0].reason


TINY, THIRD = Fraction(1, 10**400), Fraction(1, 3)


@pytest.mark.parametrize("value, limit, side", [
    (2**53 + 1, np.float64(2**53), 1), (2**53 + 1, 2.0**53, 1), (TINY, np.float64(0), 1),
    (-TINY, np.float32(0), -1), (mpmath.mpf(10) ** -400, 0.0, 1), (THIRD, 1 / 3, 1),
    (THIRD, mpmath.mpf(1) / 3, 1), (THIRD, np.float32(1 / 3), -1), (Decimal("0.1"), 0.1, -1),
    (THIRD, THIRD, 0), (0.5, np.float32(0.5), 0), (10**400, np.inf, -1), (10**400, 2.0, 1),
    (np.inf, np.inf, 0), (np.nan, 0.0, 0), (Decimal("1e20000"), Decimal("1e20001"), -1)],
    ids=lambda value: type(value).__name__)
def test_what_is_measured_is_compared_exactly_and_breaks_nothing_at_the_limit(value, limit, side):
    for option, breaks in (("above", side == 1), ("below", side == -1)):
        assert check_counterexample(1.0, lambda x: value, **{option: limit}).passed == breaks


def test_a_number_of_another_kind_compares_as_it_does():
    counted = Tally().counting(2.0)
    assert check_counterexample(1.0, lambda x: counted, above=1.5).passed
    assert not check_counterexample(1.0, lambda x: counted, above=2.5).passed


def test_of_an_input_that_is_not_admitted_no_reason_is_sought():
    # It may be of any size, and a reason may cost the cube of it.
    asked = []
    for example, sought in (([1.0] * 1000, []), ([1.0, 1.0], [2])):
        report = check_counterexample(
            (example,), lambda x: max(x), above=2.0, valid={"at most 3": lambda x: len(x) <= 3},
            known={"all are alike": lambda x: asked.append(len(x)) or True})
        assert asked == sought and report.note == "all are alike" * len(sought)


@pytest.mark.parametrize("example", [
    [[1.5, 2.0]], [[np.float64(1.5), np.float64(2)]], [(np.float32(1.5), np.int64(2))],
    np.array([[1.5, 2.0]])])
def test_an_input_is_shown_by_its_numbers_of_whatever_kind_they_are(example):
    (case,) = check_counterexample((example,), lambda x: True, name="x").cases
    assert case.name.replace("(", "[").replace(")", "]").replace("2.0", "2") == "[[1.5, 2]]"
