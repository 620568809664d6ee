"""The table of what went wrong counts people, not numbers."""

import csv
import json

import pytest

from homework import report
from homework.report import measure
from tests.homework import small
from tests.homework.test_loop import make


def row(reason, note="", name="x"):
    """Return the result of a problem that one case decided."""
    return {"grade_id": "grade-half", "points": 0, "of": 4, "headline": "half: wrong", "note": note,
            "state": "judged", "verdict": "wrong", "cases": [[name, "wrong", reason, False]]}


def test_one_mistake_is_one_row_and_what_was_recognised_comes_first(tmp_path, capsys):
    course = make(tmp_path, small.master(["half"], prose=False))
    for student, result in {
            "ada": row("off by: 0.43, allowed 1e-12 (a mirror fits better)"),
            "ben": row("off by: 1.1, allowed 1e-12"), "cyd": row("off by: inf, allowed 1e-12"),
            "dan": row("off by: 3, allowed 1e-12", note="128 does not fit")}.items():
        place = course.folder / "records" / "small" / f"{student}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({"state": "graded", "problems": [result], "notes": []}))
    assert report.main(["small", "--course", str(course.folder)]) == 0
    with open(course.folder / "marks" / "small-misconceptions.csv") as file:
        rows = [list(one.values()) for one in csv.DictReader(file)]
    assert rows == [["grade-half", "recognised", "128 does not fit", "1", "dan"],
                    ["grade-half", "measured", "off by", "3", "ada ben cyd"]]
    assert "1 x 128 does not fit (recognised)\n    3 x off by\n" in capsys.readouterr().out
    page = (course.folder / "marks" / "small.html").read_text()
    assert "<td>3</td><td>off by</td><td>ada, ben, cyd</td><td>measured</td>" in page


@pytest.mark.parametrize("reason, same", [
    ("the task asks for: a first direction at 47.3 degrees, within 0.05 (x)",
     "the task asks for: a first direction at … degrees, within … (x)"),
    ("raised TypeError: f() takes 2 positional arguments", "raised TypeError: f() takes … "
     "positional arguments"), ("returned shape (4, 7), expected (4,)",
                               "returned shape (…, …), expected (…,)"),
    ("[3]: got -1e-05, expected 2.0: the sign is wrong",
     "[…]: got …, expected …: the sign is wrong"),
    ("A v1 over its largest value: 3e-07, allowed 1e-10; x: 4, allowed 5",
     "A v1 over its largest value"), ("2.3e+05 ulp, allowed 4", "… ulp"), ("", "")])
def test_numbers_are_left_out_and_names_are_not(reason, same):
    assert measure(reason) == same
