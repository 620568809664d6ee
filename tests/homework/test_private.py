"""The walk-through of own_problems.md: a private copy, a problem added, one replaced."""

import json
import re

import pytest

from homework.__main__ import COMMANDS, main
from homework.course import MASTERS, ROOT, Course
from homework.notebooks import cells_in, text_of, written
from homework.problems import SOLUTION
from homework.release import main as release
from tests.homework import small

MANUAL = {name: (ROOT / "homework" / f"{name}.md").read_text(encoding="utf-8")
          for name in ("README", "marks", "own_problems", "security")}
TOPIC = "svd"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a private copy, with the problem of the walk-through added."""
    folder = tmp_path_factory.mktemp("private")
    found = re.search(r"python -m homework private \S+ (--add .*)", MANUAL["own_problems"])
    line = found[1].split()
    assert main(["private", str(folder)]) == 0
    assert main(["private", str(folder), *line]) == 0
    return Course(folder)


def master(course):
    """Return the cells of the private master."""
    return cells_in(json.loads(course.master(TOPIC).read_text(encoding="utf-8")))


def solutions(cells):
    """Return the cells with their solutions, without the marks."""
    for cell in cells:
        cell.source = "\n".join(line for line in cell.source.splitlines()
                                if line.strip() not in SOLUTION)
    return cells


def hand_in(course, student, cells):
    """Hand in some cells."""
    place = course.place("submitted", student, TOPIC)
    place.parent.mkdir(parents=True)
    place.write_text(text_of(written(cells)), encoding="utf-8")


def test_every_set_is_copied_once_and_nothing_is_overwritten(course, capsys):
    topics = {path.stem for path in MASTERS.glob("*/*.ipynb") if path.stem == path.parent.name}
    assert topics and {path.name for path in (course.folder / "source").iterdir()} == topics
    assert main(["private", str(course.folder)]) == 0
    assert "0 problem sets are copied" in capsys.readouterr().out


def test_one_set_may_be_copied_alone(tmp_path, capsys):
    assert main(["private", str(tmp_path), "--only", TOPIC]) == 0
    assert [path.name for path in (tmp_path / "source").iterdir()] == [TOPIC]
    assert main(["private", str(tmp_path), "--only", "sv"]) == 2
    assert "There is no problem set 'sv'" in capsys.readouterr().err


def test_the_new_problem_is_released_without_its_solution(course):
    assert release([TOPIC, "--course", str(course.folder)]) == 0
    folder = course.folder / "release" / TOPIC
    text = (folder / f"{TOPIC}.ipynb").read_text(encoding="utf-8")
    assert "def log1p(x):\\n    ..." in text and "return np.log1p" not in text
    assert "SOLUTION" not in text and (folder / f"{TOPIC}_checks.py").is_file()


def test_ones_own_solution_has_all_points_and_a_naive_one_has_not(course, capsys):
    small.need_sandbox()
    hand_in(course, "me", solutions(master(course)))
    naive = solutions(master(course))
    for cell in naive:
        if cell.id == "answer-log1p":
            cell.source = "def log1p(x):\n    return np.log(1 + x)"
    hand_in(course, "naive", naive)
    assert main(["grade", TOPIC, "--course", str(course.folder)]) == 0
    records = course.records(TOPIC)
    mine = [row for row in records["me"]["problems"] if row["state"] == "judged"]
    assert all(row["points"] == row["of"] for row in mine)
    row = next(row for row in records["naive"]["problems"] if row["grade_id"] == "grade-log1p")
    assert row["points"] <= 1 and row["note"].startswith("you added 1 first")


def test_a_replaced_judge_counts_in_place_of_the_projects(course):
    small.need_sandbox()
    checks = course.master(TOPIC).with_name(f"{TOPIC}_checks.py")
    before = checks.read_text(encoding="utf-8")
    checks.write_text(before + '\n\ndef check_log1p(answer, seed=1, variant=""):\n'
                      '    return grade.check_value(answer, 7, name="seven")\n', encoding="utf-8")
    try:
        assert main(["grade", TOPIC, "--course", str(course.folder), "--student", "me"]) == 0
    finally:
        checks.write_text(before, encoding="utf-8")
    row = next(row for row in course.records(TOPIC)["me"]["problems"]
               if row["grade_id"] == "grade-log1p")
    assert row["points"] == 0 and row["headline"].startswith("seven")


@pytest.mark.parametrize("added, words", [
    ("nothing:x", "There is no"), (f"{TOPIC}:log1p", "has a problem 'log1p' already"),
    (f"{TOPIC}:a b", "is no name of a function")])
def test_a_mistake_is_told(course, added, words, capsys):
    assert main(["private", str(course.folder), "--add", added]) == 2
    assert words in capsys.readouterr().err


def test_the_manual_names_every_command_of_the_loop_and_no_other():
    named = set(re.findall(r"^python -m homework (\w+)", "\n".join(MANUAL.values()), re.M))
    assert named <= set(COMMANDS)
    assert {"release", "collect", "grade", "feedback", "export", "report", "check",
            "private"} <= named


def test_a_mark_is_worth_what_the_manual_says():
    from lib.grade import WORTH

    rows = dict(re.findall(
        r"^\| ([a-z, ]+)(?::[^|]*)? \| ([01/24]+) \|$", MANUAL["marks"], re.M))
    worth = {name: sum(map(float, value.split("/")[:1])) / float((value + "/1").split("/")[1])
             for names, value in rows.items() for name in names.split(", ")}
    assert worth == WORTH
