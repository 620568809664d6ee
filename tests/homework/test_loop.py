"""A class goes through the whole loop: release, collect, grade, feedback, export, report."""

import csv
import json
import sqlite3
import zipfile

import pytest

from homework import Trouble
from homework.__main__ import main
from homework.course import Course
from homework.notebooks import read
from tests.homework import small

CELLS = small.master(["half", "pair"])
WHY = "Because the 1 swallows x."
STUDENTS = "id,name,email,lms_id\nada,Ada Lovelace,ada@x.org,17\nben,Ben Noether,ben@x.org,4711\n" \
    "eve,Eve Moore,eve@x.org,99\nzoe,Zoe Late,zoe@x.org,100\n"


def handed_in(**answers):
    """Return the bytes of a submission with an answer in prose."""
    notebook = small.submission(cells=CELLS, **answers)
    small.cell_of(notebook, "answer-why")["source"] = WHY
    return small.bytes_of(notebook)


def make(folder, cells=CELLS, name="small"):
    """Make a course with a problem set of its own."""
    source = folder / "source" / name
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_bytes(small.data_of(cells))
    (source / "small_checks.py").write_text(small.CHECKS)
    (folder / "students.csv").write_text(STUDENTS)
    return Course(folder).made()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a course after the loop, and what the commands have said."""
    small.need_sandbox()
    folder = tmp_path_factory.mktemp("course")
    make(folder)
    with zipfile.ZipFile(folder / "canvas.zip", "w") as archive:
        archive.writestr("lovelaceada_17_8001_small.ipynb", handed_in())
        archive.writestr("noetherben_LATE_4711_8002_small (1).ipynb",
                         handed_in(half="def half(x):\n    return 0 * x"))
        archive.writestr("mooreeve_99_8003_small.ipynb", handed_in()[:700])
        archive.writestr("../../evil.ipynb", b"{")
        archive.writestr("mooreeve_99_8004_photo.png", b"\x89PNG")
    return Course(folder)


def said(course, capsys, *arguments):
    """Return the exit status of a command and what it printed."""
    status = main([*arguments, "--course", str(course.folder)])
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def test_a_release_holds_no_solution(graded, capsys):
    status, out = said(graded, capsys, "release", "small", "--variants")
    assert status == 0 and "3 problems, 8 points, 4 variants" in out
    released = (graded.folder / "release" / "small" / "small.ipynb").read_text()
    assert not [word for word in ("SOLUTION", "HIDDEN", "np.sqrt", "1e16", "Rubric", "seed=")
                if word in released]
    assert "def half(x):\\n    ..." in released and "pair = ..." in released
    assert (graded.folder / "release" / "small" / "small_checks.py").is_file()


def test_variants_differ_and_can_be_made_again(graded, capsys):
    folder = graded.folder / "variants" / "small"
    before = {path.stem: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"ada", "ben", "eve", "zoe"} and len(set(before.values())) == 4
    assert said(graded, capsys, "release", "small", "--variants")[0] == 0
    assert before == {path.stem: path.read_bytes() for path in folder.iterdir()}
    assert f'VARIANT = \\"{graded.variant("small", "ada")}\\"' in before["ada"].decode()
    status, out = said(graded, capsys, "release", "small", "--variants", "--seed", "other")
    assert status == 2 and "would change everybody's numbers" in out


def test_what_canvas_exports_is_taken_in(graded, capsys):
    status, out = said(graded, capsys, "collect", str(graded.folder / "canvas.zip"), "--topic",
                       "small")
    assert status == 1 and "3 submissions are collected" in out and "no notebook" in out
    assert "evil is not in students.csv" in out
    assert set(graded.submissions("small")) == {"ada", "ben", "eve"}
    assert not (graded.folder.parent / "evil.ipynb").exists()


def test_a_class_is_graded_and_a_zero_is_told_from_nothing(graded, capsys):
    status, out = said(graded, capsys, "grade", "small", "--workers", "2")
    assert status == 1
    assert "[3/3, 0:00 left]" in out
    assert "ada                      6 of 6 points, 2 more to be read" in out
    assert "2 of 6 points, 2 more to be read; half: wrong" in out
    assert "eve                      UNGRADED; the file could not be read" in out
    assert "3 submissions, 2 graded (0 of them with zero), 1 UNGRADED" in out
    assert "Nothing was handed in by zoe" in out


def test_the_gradebook_is_nbgraders(graded):
    from homework.gradebook import Book

    with Book(graded) as book:
        marks = book.marks("small")
        assert book.book.find_submission("small", "ada").max_score == 8
        assert book.book.find_grade("why", "small", "small", "ada").needs_manual_grade
        assert book.book.find_grade("why", "small", "small", "eve").needs_manual_grade
    assert dict((name, mark) for name, mark, _ in marks["ben"]) == {
        "grade-half": 0, "grade-pair": 2, "why": None}


def test_a_second_run_grades_nothing_and_a_new_file_is_graded(graded, capsys):
    assert "2 graded before, 1 to grade" in said(graded, capsys, "grade", "small")[1]
    graded.submissions("small")["ben"].write_bytes(handed_in())
    out = said(graded, capsys, "grade", "small")[1]
    assert "1 graded before, 2 to grade" in out and "ben: 6 of 6" in out
    assert len(graded.records("small")) == 3
    assert sqlite3.connect(graded.folder / "gradebook.db").execute(
        "select count(*) from submitted_assignment").fetchone() == (3,)


def test_each_record_has_its_own_seed_and_variant(graded):
    records = graded.records("small")
    assert records["ada"]["seed"] != records["ben"]["seed"]
    assert max(record["seed"] for record in records.values()) > 2**64  # no loop finds it
    assert records["ada"]["variant"] == graded.variant("small", "ada")


def test_feedback_shows_reports_and_no_script(graded, capsys):
    status, out = said(graded, capsys, "feedback", "small", "--student", "ada")
    assert status == 0 and "1 pages" in out
    page = graded.place("feedback", "ada", "small").with_suffix(".html").read_text()
    assert "half: passed, stable in all 5 cases" in page and WHY in page
    assert "<strong>stable</strong>" in page
    assert ("Mean: (5 × 1) / 5 = 100%. Cap: 100%, no case lowers it. Mark: 100%: 4 of 4 points."
            in page)


def test_marks_are_exported_and_what_is_missing_is_empty(graded, capsys):
    tables = {}
    for lms in ("canvas", "moodle", "plain"):
        status, out = said(graded, capsys, "export", "small", "--lms", lms)
        assert status == 0 and "0 marks, 4 empty fields (ada, ben, eve, zoe)" in out
        with open(graded.folder / "marks" / f"small-{lms}.csv") as file:
            tables[lms] = list(csv.reader(file))
    assert tables["canvas"][1][0] == "Points Possible"
    assert ["Eve Moore", "99", "", "eve", "", ""] in tables["canvas"]
    assert ["zoe", "Zoe Late", "zoe@x.org", ""] in tables["moodle"]
    assert ["ada", "Ada Lovelace", "prose to be read", "", "8", "4", "2", ""] in tables["plain"]
    assert "2 marks, 2 empty" in said(graded, capsys, "export", "small", "--partial")[1]


def test_a_person_reads_the_prose_and_the_mark_is_whole(graded, capsys):
    from homework.gradebook import Book

    with Book(graded) as book:
        grade = book.book.find_grade("why", "small", "small", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.book.db.commit()
    assert "1 marks, 3 empty fields (ben, eve, zoe)" in said(graded, capsys, "export", "small")[1]
    with open(graded.folder / "marks" / "small-plain.csv") as file:
        assert ["ada", "Ada Lovelace", "graded", "7.5", "8", "4", "2", "1.5"] in list(
            csv.reader(file))


def test_the_report_draws_each_problem(graded, capsys):
    status, out = said(graded, capsys, "report", "small")
    assert status == 0 and "2 stable" in out
    page = (graded.folder / "marks" / "small.html").read_text()
    assert page.count("<img ") == 4 and 'alt="grade-half: 2 stable."' in page
    assert page.count("<summary>How the marks came about</summary>") == 2
    assert "<td>4 of 4</td><td>Mean: (5 × 1) / 5 = 100%." in page
    assert "misconception" in (graded.folder / "marks" / "small-misconceptions.csv").read_text()


@pytest.mark.parametrize("arguments, words", [
    (["grade", "smal"], "There is no problem set 'smal'"),
    (["release", "../small"], "There is no problem set '../small'"),
    (["collect", "/nowhere"], "There is no /nowhere"),
    (["grade", "small", "--student", "nobody"], "Nothing was collected of nobody"),
    (["grade", "small", "--scheduler", "tcp://127.0.0.1:1", "--again"], "No dask scheduler")])
def test_a_mistake_is_told_with_its_remedy(graded, capsys, monkeypatch, arguments, words):
    monkeypatch.setattr("distributed.Client", unanswered) if "--scheduler" in arguments else None
    status, out = said(graded, capsys, *arguments)
    assert status == 2 and words in out


def unanswered(*args, **options):
    """Behave as dask's client does where nobody answers."""
    raise OSError("timed out")


def test_without_a_sandbox_nothing_runs(graded, capsys, monkeypatch):
    monkeypatch.setattr("homework.sandbox.found", lambda: ("", "bubblewrap is not installed"))
    status, out = said(graded, capsys, "grade", "small", "--again")
    assert status == 2 and "do not run without one" in out.replace("does not", "do not")
    assert "apt-get install bubblewrap" in out


def test_only_a_flag_with_a_telling_name_goes_without(monkeypatch):
    from homework import sandbox

    monkeypatch.setattr("homework.sandbox.found", lambda: ("", "none"))
    with pytest.raises(Trouble):
        sandbox.chosen()
    assert sandbox.chosen(trusted=True) == "unsandboxed"


def test_a_record_that_was_cut_off_is_graded_again(graded, capsys):
    path = graded.folder / "records" / "small" / "ada.json"
    path.write_text(path.read_text()[:50])
    assert "1 graded before, 2 to grade" in said(graded, capsys, "grade", "small")[1]
    assert json.loads(path.read_text())["state"] == "graded"


def test_a_released_notebook_is_read_by_nbformat(graded):
    import nbformat

    path = graded.folder / "release" / "small" / "small.ipynb"
    nbformat.validate(nbformat.read(path, 4))
    assert len(read(path.read_bytes())) == len(CELLS)
    nbformat.validate(nbformat.read(graded.place("autograded", "ada", "small"), 4))
