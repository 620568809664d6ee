"""Marks and comments that a person gives belong to a text, and all commands heed them."""

import re

import pytest

from homework.course import Course
from homework.grade import Job
from homework.gradebook import Book
from homework.limits import Limits
from tests.homework import small
from tests.homework.test_loop import CELLS, handed_in, make, said

OTHER = "Completely new text."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course in which two submissions are graded, and the prose of one is read."""
    small.need_sandbox()
    course = make(tmp_path_factory.mktemp("reading"))
    for student in ("ada", "ben"):
        place = course.place("submitted", student, "small")
        place.parent.mkdir(parents=True)
        place.write_bytes(handed_in())
    return Course(course.folder)


def read(course, student, mark, comment):
    """Do what formgrader does where a person marks the prose of a student."""
    with Book(course) as book:
        grade = book.book.find_grade("why", "small", "small", student)
        grade.manual_score, grade.needs_manual_grade = mark, False
        book.book.find_comment("why", "small", "small", student).manual_comment = comment
        book.book.db.commit()


def page_of(course, student):
    return course.place("feedback", student, "small").with_suffix(".html").read_text()


def test_feedback_before_the_reading_says_so(course, capsys):
    assert said(course, capsys, "grade", "small")[0] == 0
    status, out = said(course, capsys, "feedback", "small")
    assert status == 0 and "Prose is not yet read, as their pages say, of ada, ben" in out
    page = page_of(course, "ada")
    assert "(Score so far: 6.0 / 8.0, not all of it is read)" in page
    assert page.count("not yet read, of 2.0") == 2 and "Score: 0.0" not in page


def test_the_summary_follows_the_reading(course, capsys):
    assert "Prose to be read in formgrader: 2 submissions" in said(
        course, capsys, "grade", "small")[1]
    read(course, "ada", 1.5, "Nearly.")
    out = said(course, capsys, "grade", "small")[1]
    assert re.search(r"ada +7.5 of 8 points; why: 1.5 of 2, by hand\n", out)
    assert re.search(r"ben +6 of 6 points, 2 more to be read\n", out)
    assert "Prose to be read in formgrader: 1 submissions" in out


def test_a_mark_and_its_comment_stay_with_their_text(course, capsys):
    said(course, capsys, "grade", "small", "--again")
    half = "def half(x):\n    return 0 * x"
    course.submissions("small")["ada"].write_bytes(handed_in(half=half))
    assert "ada                      3.5 of 8 points" in said(course, capsys, "grade", "small")[1]
    assert "1 marks, 3 empty fields (ben, eve, zoe)" in said(course, capsys, "export", "small")[1]
    said(course, capsys, "feedback", "small", "--student", "ada")
    assert "Nearly." in page_of(course, "ada") and "not yet read" not in page_of(course, "ada")


def test_a_grading_that_fails_takes_no_mark_away(course):
    job = Job(course, "small", "bubblewrap", Limits())
    job.request("ada")
    with Book(course) as book:
        job.keep(book, "ada", {"ended": "its worker was ended"})
        assert book.book.find_grade("why", "small", "small", "ada").manual_score == 1.5


def test_neither_outlives_it(course, capsys):
    notebook = small.submission(cells=CELLS)
    small.cell_of(notebook, "answer-why")["source"] = OTHER
    course.submissions("small")["ada"].write_bytes(small.bytes_of(notebook))
    out = said(course, capsys, "grade", "small")[1]
    assert "why: the mark 1.5, given by hand, was for another text: read it again" in out
    assert "ada                      6 of 6 points, 2 more to be read" in out
    assert "0 marks, 4 empty fields" in said(course, capsys, "export", "small")[1]
    assert said(course, capsys, "feedback", "small", "--student", "ada")[0] == 0
    page = page_of(course, "ada")
    assert OTHER in page and "Nearly." not in page and "1.5 / 2.0" not in page
    assert page.count("not yet read, of 2.0") == 2


def test_what_formgrader_has_taken_away_is_graded_anew(course, capsys):
    assert "2 graded before, 0 to grade" in said(course, capsys, "grade", "small")[1]
    course.place("autograded", "ada", "small").unlink()
    course.place("autograded", "ben", "small").write_text("{}")
    out = said(course, capsys, "grade", "small")[1]
    assert "has lost what was written or holds something else: ada, ben" in out
    assert "In formgrader only read and mark" in out and "0 graded before, 2 to grade" in out
    assert OTHER in course.place("autograded", "ada", "small").read_text()


def test_nbgraders_own_autograde_refuses_this_folder(course, monkeypatch):
    from nbgrader.api import Gradebook  # noqa: F401  as the server has it
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    monkeypatch.setattr(Autograde, "start", Autograde.start)
    config = Config()
    exec((course.folder / "nbgrader_config.py").read_text(), {"get_config": lambda: config})
    before = course.place("autograded", "ada", "small").read_bytes()
    done = NbGraderAPI(CourseDirectory(config=config), config=config).autograde("small", "ada")
    assert not done["success"] and "python -m homework grade" in done["error"]
    assert course.place("autograded", "ada", "small").read_bytes() == before
