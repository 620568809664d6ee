"""Whoever reads a mark can add it up: on the page of feedback, and on the instructor's."""

import re

import pytest

from homework.accounts import accounts, of_cases
from homework.gradebook import Book
from homework.judging import ALL_BUT_MILD, told
from homework.problems import Problem, problems_of
from homework.summary import reason
from lib.grade import WORTH, Case, Report, points
from tests.homework import small
from tests.homework.test_loop import make

PROBLEM = Problem("grade-area", 4.0, "area", "check_area")
REPORT = Report("area", (
    Case("small", "stable"), Case("large", "stable"), Case("n = 0", "wrong", "raised")))


def result(report, fault=""):
    """Return the result of a problem as a record has it, without what is shown."""
    return told(report, fault, PROBLEM)


def added_up(line, cases):
    """Return the points that the words of an account give, once its parts agree with one another.

    It is read as a person does: the mean from its terms, the cap from the verdicts, the smaller.
    """
    terms, number, cap, mark, earned, most = re.fullmatch(
        r"Mean: \(?([^)=]+)\)?(?: / (\d+))? = .*?%\. Cap: ([\d.]+)%, .*\. Mark: (?:the smaller, )?"
        r"([\d.]+)%: ([\d.]+) of ([\d.]+) points(?:, cut to hundredths)?\.", line).groups()
    mean = sum(eval(term.replace("×", "*")) for term in terms.split(" + ")) / int(number or 1)
    worst = min(WORTH[verdict] for _, verdict, _, mild in cases if not mild)
    assert float(cap) == 100 * worst
    assert float(mark) == pytest.approx(100 * min(mean, worst), abs=0.051)
    assert float(earned) == pytest.approx(float(most) * min(mean, worst), abs=0.01)
    return float(earned)


@pytest.mark.parametrize("verdicts, mild", [
    (["stable"] * 13, ["wrong"] * 2), (["stable"] * 9 + ["unstable"], ["wrong"]),
    (["wrong"], []), (["unstable", "inaccurate", "wrong"], ["stable"]),
    (["another road", "stable"], []), (["not attempted"] * 3, ["not attempted"]),
    (["unstable"], ["wrong"] * 6)])
def test_every_line_gives_the_points_that_the_gradebook_has(verdicts, mild):
    report = Report("f", (*(Case(f"c {k}", verdict) for k, verdict in enumerate(verdicts)),
                          *(Case(f"m {k}", verdict, mild=True) for k, verdict in enumerate(mild))))
    row = result(report)
    assert added_up(row["account"][0], row["cases"]) == row["points"] == points(report, 4.0)
    assert row["account"][0] in row["shown"]["data"]["text/html"]
    assert row["account"][0] in row["shown"]["data"]["text/plain"]


def test_a_mild_failure_is_no_wrong_answer():
    row = result(REPORT.with_mild("n = 0"))
    assert row["verdict"] == ALL_BUT_MILD and row["points"] == 2.66
    assert row["headline"] == "area: stable, but wrong in a mild case: n = 0"
    assert reason(row) == " (raised)" and row["cases"][2] == ["n = 0", "wrong", "raised", True]
    assert result(REPORT)["verdict"] == "wrong" and result(REPORT)["points"] == 0


def test_what_decided_is_a_case_that_caps_before_a_mild_one():
    cases = Case("n = 0", "wrong", "raised", mild=True), Case("large", "unstable", "7 ulp")
    assert reason(result(Report("f", cases))) == " (7 ulp)"
    assert reason({"cases": [["a", "wrong", "of an old record"]]}) == " (of an old record)"


def test_what_does_not_run_has_an_account_too():
    row = result(Report("area", (Case("...", "not attempted"),)), "SyntaxError, line 2")
    assert row["account"] == ["Mean: 1 × 0 = 0%. Cap: 0%, by “the answer”, wrong. Mark: 0%: 0 of 4 "
                              "points."]


def test_the_instructor_sees_each_case_and_each_line():
    rows = {"ada": result(REPORT.with_mild("n = 0")), "<b>": result(REPORT),
            "old": {"points": 0.0, "of": 4.0, "headline": "area: wrong", "cases": [
                ["small", "wrong", "x"]]}, "none": {"points": None, "of": 4, "cases": []}}
    for row in rows.values():
        row.setdefault("of", 4.0)
    page = accounts(rows)
    assert page.index("&lt;b&gt;") < page.index(">ada<") and "<b>" not in page
    assert "Cap: 0%, by “n = 0”, wrong." in page and "n = 0 (mild)" not in page
    assert ">old</th><td>0 of 4</td><td>area: wrong</td>" in page and "none" not in page
    assert page.count('<th scope="row">small</th><td>2</td><td>0</td>') == 1
    assert accounts({"ada": {"points": None, "of": 4, "cases": []}}) == ""


def test_cases_whose_names_are_drawn_are_counted_together():
    rows = [{"cases": [["zero", "stable", "", False], [f"x = {k}", "wrong", "", False]]}
            for k in range(5)]
    assert of_cases(rows) == [["zero", 5, 0, 0, 0, 0, 0], ["other cases", 0, 0, 0, 0, 5, 0]]


def test_a_mark_by_hand_has_no_account_of_the_machine(tmp_path):
    course = make(tmp_path)
    record = {"state": "graded", "notes": [], "problems": [
        {**result(REPORT), "grade_id": "grade-half", "of": 4.0}]}
    for row in record["problems"]:
        row.pop("shown")
    with Book(course) as book:
        book.assign("small", [cell for cell in small.master(["half", "pair"])])
        course.records = lambda topic: {"ada": record}
        book.marks = lambda topic: {"ada": [("grade-half", 3.0, 4.0)]}
        (row,) = book.as_read("small")["ada"]["problems"]
    assert row["points"] == 3.0 and row["account"] == row["cases"] == []


def test_a_problem_in_prose_has_the_title_of_its_task():
    titles = [problem.title for problem in problems_of(small.master(["half"]))]
    assert len(titles) == 2 and "BEGIN SOLUTION" not in "".join(titles)
