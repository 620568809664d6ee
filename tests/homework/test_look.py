"""Who needs a look is listed, the gravest first, with the file and the next command."""

import re

import pytest

from homework.course import Course
from homework.gradebook import Book
from homework.limits import Limits
from homework.look import groups_of
from tests.homework import small
from tests.homework.test_loop import CELLS, handed_in, make, said

LONG = "def half(x):\n" + "".join(f"    step_{n} = x * {n}  # by hand\n" for n in range(12)) + \
    "    return x * x / (np.sqrt(1 + x * x) + 1)"
BROKEN = small.CHECKS + '''

def check_pair(answer, seed=14, variant=""):
    """Judge a pair; of one pair this judge fails."""
    if answer is not Ellipsis and answer[0] == 3.0:
        raise ZeroDivisionError("a fault of the judge")
    return grade.check_value(answer, (1e16, 1.0), name="pair")
'''
NAMES = ("Ungraded", "Prose to be read", "The judge failed", "Stopped by a limit of time",
         "Stopped by the limit of memory", "Ended its sandbox", "Newer than what was graded",
         "Somebody else's file", "Code that reads the judges", "Code that does not run",
         "Locked cells were changed, and restored", "Prose beside the answers",
         "The same text in an answer", "Just under a limit")


def changed(notebook, name, text):
    """Change the text of a cell of a notebook."""
    small.cell_of(notebook, name)["source"] = text
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course in which everybody needs a look for another reason."""
    small.need_sandbox()
    course = make(tmp_path_factory.mktemp("look"))
    (course.folder / "source" / "small" / "small_checks.py").write_text(BROKEN)
    plain = small.submission(cells=CELLS)
    beside = small.submission(cells=CELLS)
    beside["cells"].append({"cell_type": "markdown", "id": "mine", "metadata": {},
                            "source": "I think that the one is lost because of the gap. " * 3})
    files = {"ada": handed_in(), "ben": handed_in(pair="pair = 3.0, 1.0"),
             "cyd": handed_in(half="while True: pass"),
             "dan": small.bytes_of(changed(plain, "setup", "import numpy as np\nx = 1")),
             "eve": small.bytes_of(beside), "flo": handed_in(half=LONG),
             "gus": handed_in(half=LONG.replace("\n", "  \n")), "hal": handed_in()}
    for student, data in files.items():
        place = course.place("submitted", student, "small")
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
    return Course(course.folder)


def groups(course, *arguments):
    """Return the ids in each group that has some."""
    found = groups_of(course, "small", *(arguments or ([50.0], 2.0)))
    assert [title for title, *_ in found] == list(NAMES)
    return {title: [re.split(r"[ ,]", line)[0] for line in lines] for title, _, lines in found
            if lines}


def test_before_the_grading_all_are_ungraded(course, capsys):
    status, out = said(course, capsys, "look", "small")
    assert status == 1 and "Ungraded (8). python -m homework grade small" in out
    assert re.search(r"ada +submitted/ada/small/small.ipynb: not graded yet", out)


def test_everybody_is_named_for_what_is_odd(course, capsys):
    status, out = said(course, capsys, "grade", "small", "--seconds", "12")
    assert status == 1 and "python -m homework look small" in out
    submitted = course.submissions("small")
    submitted["ada"].write_bytes(handed_in(half="def half(x):\n    return 0 * x"))
    found = groups(course)
    assert found["Prose to be read"] == ["ada", "ben", "cyd", "eve", "flo", "gus",
                                         "hal"]
    assert found["The judge failed"] == ["ben"] and found["Stopped by a limit of time"] == ["cyd"]
    assert found["Newer than what was graded"] == ["ada"]
    assert found["Locked cells were changed, and restored"] == ["dan"]
    assert found["Prose beside the answers"] == ["eve"]
    assert found["The same text in an answer"] == ["flo"] and "Ungraded" not in found
    status, out = said(course, capsys, "look", "small")
    places = [out.index(f"\n{name} (") for name in NAMES if name in out]
    assert status == 1 and len(places) == 7 and places == sorted(places)
    assert "flo, gus: half" in out and "A reason to talk, no verdict" in out
    assert re.search(r"cyd +autograded/cyd/small/small.ipynb: a cell was stopped", out)
    assert all((course.folder / path).is_file()
               for path in re.findall(r"(?:submitted|autograded)/\S+\.ipynb", out))


def test_prose_is_shared_among_readers_with_its_rubric(course, capsys):
    out = said(course, capsys, "look", "small", "--split", "2")[1]
    assert "reader 1: ada, cyd, flo, hal\n  reader 2: ben, eve, gus\n" in out
    place = course.folder / "marks" / "small-rubric.md"
    assert f"the rubric: {place}" in out and "2 points, cell why)\n\nRubric\n" in place.read_text()
    status, out = said(course, capsys, "look", "small", "--split", "0")
    assert status == 2 and "one reader at least" in out


def test_a_mark_just_under_a_limit_is_named(course):
    with Book(course) as book:
        grade = book.book.find_grade("why", "small", "small", "hal")
        grade.manual_score, grade.needs_manual_grade = 0.7, False  # 6 + 0.7 of 8: 83.75 %
        book.book.db.commit()
    assert groups(course, [50.0, 85.0], 2.0)["Just under a limit"] == ["hal"]
    assert "Just under a limit" not in groups(course, [50.0, 86.0], 2.0)
    assert "Just under a limit" not in groups(course, [83.75], 2.0)


def test_where_nothing_is_odd_nobody_is_named(tmp_path, capsys):
    small.need_sandbox()
    cells = small.master(["half"], prose=False)
    course = make(tmp_path, cells)
    place = course.place("submitted", "ada", "small")
    place.parent.mkdir(parents=True)
    place.write_bytes(small.bytes_of(small.submission(cells=cells)))
    assert said(course, capsys, "grade", "small")[0] == 0
    status, out = said(course, capsys, "look", "small")
    assert status == 0 and "Nobody needs a look." in out


@pytest.mark.parametrize("body, title, advice", [
    ("while True: pass", "Stopped by a limit of time", "--again --student ID --seconds 600"),
    ("return np.ones((60000, 60000))", "Stopped by the limit of memory", "--memory 4096"),
    ("import os; os._exit(3)", "Ended its sandbox", "No option changes that")])
def test_the_advice_is_on_the_limit_that_was_met(body, title, advice, tmp_path, capsys):
    small.need_sandbox()
    cells = small.master(["half"], prose=False)
    course = make(tmp_path, cells)
    place = course.place("submitted", "ada", "small")
    place.parent.mkdir(parents=True)
    place.write_bytes(small.bytes_of(small.submission(
        cells=cells, half=f"def half(x):\n    {body}")))
    said(course, capsys, "grade", "small", "--seconds", "12")
    out = said(course, capsys, "look", "small")[1]
    titles = [name for name in NAMES if f"\n{name} (1)" in out]
    assert titles == [title] and advice in out


def test_more_seconds_for_a_submission_are_more_for_each_call():
    before, after = Limits(), Limits.of(2 * Limits.total, 4096)
    assert (after.call, after.cell, after.problem, after.total, after.memory) == (
        2 * before.call, 2 * before.cell, 2 * before.problem, 2 * before.total, 4096)
    assert Limits.of(before.total / 9, before.memory).call == before.call


def test_an_answer_that_python_cannot_read_is_listed(tmp_path, capsys):
    small.need_sandbox()
    cells = small.master(["half"], prose=False)
    course = make(tmp_path, cells)
    place = course.place("submitted", "ada", "small")
    place.parent.mkdir(parents=True)
    place.write_bytes(small.bytes_of(small.submission(
        cells=cells, half="def half(x)\n    return x")))
    said(course, capsys, "grade", "small")
    out = said(course, capsys, "look", "small")[1]
    assert "Code that does not run (1)." in out and "does not run: SyntaxError, line 1" in out
