"""A mistake that explains all of the cases is named, and no other."""

import numpy as np
import pytest

from lib.grade import check_accuracy, check_identity
from lib.grade.calls import fails

POINTS = {"tiny": 1e-12, "small": 1e-5, "one": 1.0}
KNOWN = {"you took the logarithm of x": np.log, "you took that of base 10":
         lambda x: np.log1p(x) / np.log(10), "you added 1 first": lambda x: np.log(1 + x)}


def note(f, known=KNOWN, cases=POINTS):
    return check_accuracy(f, np.log1p, cases, ulps=2, known=known).note


def test_an_answer_that_agrees_in_all_cases_is_recognised():
    assert note(np.log) == "you took the logarithm of x"
    assert note(lambda x: np.log(x) * 1.01) == ""
    assert note(lambda x: np.log1p(x) * np.log10(np.e) * (1 + 1e-12)) == "you took that of base 10"
    assert note(lambda x: np.log(x + 1.0)) == "you added 1 first"


@pytest.mark.parametrize("f", [
    np.log1p, lambda x: 7.0, lambda x: 1 / 0, lambda x: np.log(x) if x < 1 else np.log1p(x) + 1,
    lambda x: [np.log(x)], lambda x: np.nan, ..., lambda x: "text"])
def test_another_answer_is_not(f):
    assert note(f) == ""


def test_of_two_methods_that_lose_digits_the_right_one_is_named():
    # Both lose all digits but two or three, in another way.
    known = {"one way": lambda x: np.log(1 + x), "another": lambda x: np.log(np.exp(x)) + x * 1e-4}
    for sentence, f in known.items():
        assert note(f, known) == sentence


def test_values_may_be_given_for_each_case_and_nan_agrees_with_nan():
    known = {"a list": [1.0, 2.0, 3.0], "no numbers": [np.nan] * 3}
    assert note(lambda x: {1e-12: 1.0, 1e-5: 2.0, 1.0: 3.0}[x], known) == "a list"
    assert note(lambda x: float("nan"), known) == "no numbers"
    assert note(lambda x: 1.0, known) == ""


def test_a_passing_answer_has_no_note():
    report = check_accuracy(np.log1p, np.log1p, POINTS, ulps=2, known={"the same": np.log1p})
    assert report.passed and report.note == ""


def test_an_identity_recognises_what_is_drawn_from_the_same_state():
    cases = {"draws": (np.ones(50), np.random.default_rng(907))}
    known = {"you drew normal numbers": lambda x, rng: rng.normal(size=x.shape)}
    report = check_identity(lambda x, rng: rng.standard_normal(len(x)), lambda y, x, rng: y,
                            cases, bound=0.1, known=known)
    assert report.note == "you drew normal numbers"
    assert repr(report).endswith("\n  Perhaps you drew normal numbers.")


def test_a_case_says_what_it_is_there_for_where_it_is_not_stable():
    shows = {"tiny": "1 + x is 1", "one": "nothing is lost here"}
    report = check_accuracy(lambda x: np.log(1 + x), np.log1p, POINTS, ulps=2, shows=shows)
    assert [case.reason.endswith(" (1 + x is 1)") for case in report.cases] == [True, False, False]
    assert "here" not in repr(report)
    report = check_identity(lambda x: x, lambda y, x: 1.0, POINTS, bound=0, shows=shows)
    assert report.cases[2].reason == "residual 1, allowed 0 (nothing is lost here)"
    assert "1 + x" not in repr(check_accuracy(..., np.log1p, POINTS, ulps=2, shows=shows))


def test_an_infinite_answer_is_no_finite_mistake():
    known = {"you halved it": lambda x: x / 2, "you divided by zero": lambda x: np.inf}
    report = check_accuracy(lambda x: np.inf, lambda x: x, [1.0, 2.0], ulps=1, known=known)
    assert "divided by zero" in repr(report) and "halved" not in repr(report)


def test_of_an_answer_of_another_shape_no_errors_are_computed(monkeypatch):
    sizes = []
    monkeypatch.setattr("lib.grade.recognition.absolute_error",
                        lambda answer, reference: sizes.append(np.size(answer)))
    report = check_accuracy(lambda x: np.zeros((300, 300)), lambda x: x, [2.0], ulps=1,
                            known={"you doubled": lambda x: 2 * x})
    assert report.verdict == "wrong" and not report.note and not sizes


def test_a_mistake_is_recognised_where_it_does_harm_and_rounding_aside_elsewhere():
    # For x = 1 the exponent makes no difference, but 100 roundings away from another road.
    known = {"you forgot the square": lambda x: x}
    report = check_accuracy(lambda x: x * (1 + 1e-12) if x == 1 else x, lambda x: x * x,
                            [1.0, 2.0, 3.0], bound=1e-9, known=known)
    assert report.note == "you forgot the square"


@pytest.mark.parametrize("f", [
    lambda x: 1 / 0, lambda x: None, lambda x: [x, x], lambda x: "text", lambda x: 1j, ...])
def test_what_a_case_shows_is_no_reason_where_nothing_was_measured(f):
    shows = {name: "the hint" for name in POINTS}
    for report in (check_accuracy(f, np.log1p, POINTS, ulps=2, shows=shows),
                   check_identity(f, lambda y, x: y[1, 1] / x, POINTS, bound=0, shows=shows),
                   check_identity(f, lambda y, x: fails("of another shape"), POINTS, bound=0,
                                  shows=shows)):
        assert not report.passed and "the hint" not in repr(report)


def test_it_is_where_nan_or_a_wrong_number_came():
    shows = {name: "the hint" for name in POINTS}
    for value in (np.nan, np.inf, 7.0):
        report = check_accuracy(lambda x, v=value: v, np.log1p, POINTS, ulps=2, shows=shows)
        assert all(case.reason.endswith(" (the hint)") for case in report.cases)
        report = check_identity(lambda x, v=value: v, lambda y, x: y - 1, POINTS, bound=0,
                                shows=shows)
        assert all(case.reason.endswith(" (the hint)") for case in report.cases)
