"""A mark is capped by the worst case that discriminates."""

from types import SimpleNamespace

import pytest

from lib.grade import WORTH, Case, Report, arithmetic, fraction, points
from lib.grade.report import VERDICTS


def report(*verdicts):
    """Return a report of these verdicts."""
    return Report("f", tuple(Case(str(k), verdict) for k, verdict in enumerate(verdicts)))


def mild(verdict):
    """Return a case that does not cap."""
    return SimpleNamespace(verdict=verdict, mild=True)


def test_every_verdict_has_a_worth_and_better_ones_no_less():
    worths = [WORTH[verdict] for verdict in VERDICTS]
    assert set(WORTH) == set(VERDICTS)
    assert worths == sorted(worths) and (worths[0], worths[-1]) == (0, 1)


@pytest.mark.parametrize("verdicts, worth", [
    (["stable"] * 3, 1), (["stable"] * 9 + ["unstable"], 0.5), (["stable", "inaccurate"], 0.25),
    (["stable"] * 9 + ["wrong"], 0), (["not attempted"] * 2, 0), (["unstable", "inaccurate"], 0.25),
    (["stable"] * 3 + ["another road"], 0.5), (["unstable", "wrong", "wrong"], 0), ([], 0)])
def test_the_worst_case_caps_the_mean(verdicts, worth):
    assert fraction(report(*verdicts)) == worth


def test_a_mild_case_lowers_the_mean_and_caps_nothing():
    cases = [*report("stable", "stable", "stable").cases, mild("wrong")]
    assert fraction(SimpleNamespace(cases=cases)) == 0.75
    assert fraction(SimpleNamespace(cases=[mild("wrong")])) == 0


def test_points_are_hundredths_and_never_more_than_earned():
    third = SimpleNamespace(cases=[*report("stable").cases, mild("wrong"), mild("wrong")])
    assert points(third, 1) == 0.33
    assert [points(report("stable"), maximum) for maximum in (0.29, 3, 10)] == [0.29, 3, 10]


@pytest.mark.parametrize("verdicts, mild, line", [
    (["stable"] * 3, [], "Mean: (3 × 1) / 3 = 100%. Cap: 100%, no case lowers it. Mark: 100%: 4 of "
                         "4 points."),
    (["stable"] * 13, ["wrong"] * 2, "Mean: (13 × 1 + 2 × 0) / 15 = 86.7%. Cap: 100%, no case "
     "lowers it. Mark: the smaller, 86.7%: 3.46 of 4 points, cut to hundredths."),
    (["stable", "wrong", "inaccurate"], ["stable"], "Mean: (2 × 1 + 1 × 1/4 + 1 × 0) / 4 = 56.2%. "
     "Cap: 0%, by “1”, wrong. Mark: the smaller, 0%: 0 of 4 points."),
    (["wrong"], [], "Mean: 1 × 0 = 0%. Cap: 0%, by “0”, wrong. Mark: 0%: 0 of 4 points.")])
def test_a_mark_adds_up_in_one_line(verdicts, mild, line):
    cases = (*report(*verdicts).cases, *(Case("m", verdict, mild=True) for verdict in mild))
    assert arithmetic(Report("f", cases), 4) == line
    assert arithmetic(Report("f", cases)) == line.partition(": 4 of")[0].partition(
        ": 0 of")[0].partition(": 3.46")[0].rstrip(".") + "."
