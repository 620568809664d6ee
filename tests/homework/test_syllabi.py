"""The syllabi agree with the chapters that they name; the policy speaks of every assignment."""

import re

import pytest

from homework.course import Course
from homework.exams import exam
from homework.kit import ROOT, lessons, syllabi

FILES = sorted(syllabi.FOLDER.glob("*.md"))
TWELVE = (syllabi.FOLDER / "12_weeks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_syllabus_agrees_with_the_chapters(path):
    text = path.read_text(encoding="utf-8")
    assert list(syllabi.faults(text)) == []
    assert len(syllabi.weeks(text)) == int(path.stem.partition("_")[0]) + 1


def test_there_are_two_and_one_leaves_a_single_chapter_out():
    assert [path.stem for path in FILES] == ["12_weeks", "6_weeks"]
    taught = [topic for week in syllabi.weeks(TWELVE) for topic in week["chapters"]]
    assert sorted(taught) == sorted(set(lessons.order()) - {"stiff_equations"})


@pytest.mark.parametrize("old, new, said", [
    ("| `qr` |", "| `qx` |", "week 6: there is no chapter qx"),
    ("`lu`, `cholesky` |", "`cholesky` |", "cholesky needs lu, which is not taught yet"),
    ("`qr#exercise-judge`", "`qr#exercise-nothing`", "has the exercise qr#exercise-nothing"),
    ("`qr#exercise-judge`", "`qr#exercise-read`", "qr#exercise-read lies beyond the core path"),
    ("| 45 | 50 |", "| 45 | 55 |", "week 6: the minutes are 45 and 50"),
    (": `release cancellation`", "", "week 3: problem set 1 has no command `release ...`"),
    ("`release cancellation`", "`release svd`", "asks for svd, which is not taught yet"),
    (",cholesky,qr --items", ",cholesky,quadrature --items", "asks for quadrature, which is not"),
    ("pre-test, 25 minutes, no marks: `inventory --form A`", "pre-test", "no command `inventory"),
    ("| all | | | 825 |", "| all | | | 725 |", "all: the minutes are 825 and 605"),
])
def test_what_does_not_agree_is_told(old, new, said):
    assert old in TWELVE
    assert any(said in fault for fault in syllabi.faults(TWELVE.replace(old, new, 1)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_due_can_be_made(path):
    text = path.read_text(encoding="utf-8")
    commands = re.findall(r"`(release|exam|oral|inventory|predictions) ([^`]+)`", text)
    assert len(commands) >= 7
    for name, rest in commands:
        words = rest.split()
        if name == "release":
            assert words[0] in Course(path.parent).topics()
        elif name == "exam":
            parts = exam.exams_of(words[0])[0]
            assert len(exam.drawn(parts, 5, int(words[-1]))) == int(words[-1])
        elif name == "oral":
            assert exam.known(words[0])
        else:
            assert words in (["--form", "A"], ["--form", "B"], ["FOLDER"])


def test_a_lab_that_is_too_long_is_told():
    row = next(line for line in TWELVE.splitlines() if line.startswith("| 1 |"))
    longer = TWELVE.replace(row, row.replace("| 25 |", "| 110 |"))
    assert "week 1: 110 minutes of exercises; a lab has 100" in syllabi.faults(longer)


def test_the_policy_says_of_each_assignment_what_is_allowed_and_why():
    text = (ROOT / "homework" / "policy.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines()
            if re.match(r"\| (?!assignment)\w", line)]
    assert len(rows) >= 10
    assert {row[1].strip() for row in rows} == {"allowed", "allowed with a log", "not allowed"}
    assert all(len(row) == 3 and row[2].strip() for row in rows)
    for words in ("predictions", "problem sets", "tests", "oral", "group case", "CC BY 4.0", "BSD",
                  "What students hand in belongs to them"):
        assert words in text
