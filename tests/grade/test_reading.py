"""A trace is read line by line, and a judgement needs its number."""

import pytest

from lib.grade import check_judgement, check_trace_reading

TRACE = (2, 4, 8, "no cure")


@pytest.mark.parametrize("answer", [
    TRACE, ("2", "Line 4", 8, "no cure"), [2, 4, 8.4, "No cure"], (2.0, 4, 7, " NO CURE "),
    (2, 4, 9, "nocure")])
def test_a_right_reading(answer):
    report = check_trace_reading(answer, TRACE)
    assert report.passed and report.headline.endswith("passed, right in all 4 cases")


@pytest.mark.parametrize("answer, number, said", [
    ((4, 4, 8, "no cure"), 0, "line 4 only shows what another line has made"),
    ((2, 2, 8, "no cure"), 1, "line 2 makes it, but it does not show there yet"),
    (("line 3", 4, 8, "no cure"), 0, "line 3 is not it"),
    ((3, 4, 8, "no cure"), 0, "line 3 is not it"), ((2, 5, 8, "no cure"), 1, "line 5 is not it"),
    ((2, 4, 1e8, "no cure"), 2, "1e+08 is no power of ten: give 3 for 1e+03"),
    ((2, 4, 12, "no cure"), 2, "12 is too large"), ((2, 4, 1, "no cure"), 2, "1 is too small"),
    ((2, 4, 8, "cure"), 3, "'cure' is not right"),
    ((2, 4, 8, "yes"), 3, "'yes' is none of these: cure, no cure"),
    ((2, 4, 8, True), 3, "True is none of these: cure, no cure")])
def test_a_wrong_part_is_named_and_the_others_are_right(answer, number, said):
    report = check_trace_reading(answer, TRACE)
    assert report.verdict == "wrong" and not report.note
    assert [case.verdict == "stable" for case in report.cases] == [i != number for i in range(4)]
    assert report.cases[number].reason == said and report.cases[number].shown == "not right"


def test_two_lines_in_exchanged_places_are_told_so():
    assert "exchanged the two lines" in check_trace_reading((4, 2, 8, "no cure"), TRACE).note
    assert not check_trace_reading((4, 4, 8, "no cure"), TRACE).note
    assert not check_trace_reading((3, 3, 8, "cure"), (2, 2, 0, "cure")).note


def test_lines_may_be_given_as_text():
    expected = ("total = big + small", "total - big", 16, "cure")
    assert check_trace_reading(("total=big+small", "total - big", 16, "cure"), expected).passed
    assert not check_trace_reading(("total - big", "total - big", 16, "cure"), expected).passed


@pytest.mark.parametrize("answer, headline", [
    (..., "not attempted"), ((..., ..., ..., ...), "not attempted"), (None, "not attempted"),
    ((2, ..., ..., ...), "1 of 4 right, the others not attempted"), ((2, 4, 8), "not right"),
    (2, "not right"), ("no cure", "not right")])
def test_what_is_missing(answer, headline):
    report = check_trace_reading(answer, TRACE)
    assert report.headline.endswith(headline) and not report.passed


def test_a_right_choice_needs_the_number_that_decides():
    assert check_judgement(("b", 0.26), ("B", 0.25), factor=1.1).passed
    for answer, said in ((("B", 0.5), "0.5 ulp is too large"), (("A", 0.25), "'A' is not right"),
                         (("C", 0.25), "'C' is none of these: A, B"),
                         (("B", "small"), "small is not a number"), ("B", "a single one given"),
                         (("B", ...), "not attempted"), (("B", 0.25, 1), "3 given, 2 wanted")):
        report = check_judgement(answer, ("B", 0.25), unit="ulp", number="error")
        assert report.verdict == "wrong" and said in repr(report)
    assert check_judgement(("third", 1), ("third", 1), choices=("first", "third")).passed
    assert check_judgement(..., ("B", 1)).verdict == "not attempted"


def test_an_amplification_beyond_the_range_is_told_too():
    for number in (10**400, 10**5000):
        report = check_trace_reading((2, 4, number, "cure"), (2, 4, 8, "cure"))
        assert report.cases[2].reason.startswith("beyond 1e308 is no power of ten: give 3")
