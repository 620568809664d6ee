"""A page of feedback says whose it is and how to see its numbers; a student can be forgotten."""

import html
import re
import shutil
import subprocess
import sys

import pytest

from environment import ROOT
from homework.course import Course
from homework.gradebook import Book
from tests.homework import small
from tests.homework.test_collect import zipped
from tests.homework.test_loop import make, said

CELLS = small.master(["half"], prose=False)
WEAK = "def half(x):\n    return np.sqrt(1 + x * x) - 1"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course with two students, graded, with all that can be written of them."""
    small.need_sandbox()
    course = make(tmp_path_factory.mktemp("heading"), CELLS)
    table = course.folder / "students.csv"
    table.write_text(table.read_text().replace("Ada Lovelace", "Ada <b>L</b>"))
    from homework.__main__ import main

    folder = ["--course", str(course.folder)]
    assert main(["release", "small", "--variants", *folder]) == 0
    (course.folder / "all.zip").write_bytes(zipped({
        "lovelaceada_17_8001_small.ipynb": small.bytes_of(small.submission(
            cells=CELLS, half=WEAK)),
        "noetherben_4711_8002_small.ipynb": small.bytes_of(small.submission(cells=CELLS))}))
    main(["collect", str(course.folder / "all.zip"), "--topic", "small", *folder])
    for command in (["grade", "small"], ["feedback", "small"], ["export", "small"]):
        assert main([*command, *folder]) == 0
    return Course(course.folder)


def page(course, student):
    return course.place("feedback", student, "small").with_suffix(".html").read_text()


def test_the_page_names_its_owner_and_the_file(course):
    text = page(course, "ada")
    assert ("Ada &lt;b&gt;L&lt;/b&gt; (ada) · file lovelaceada_17_8001_small.ipynb · graded 20"
            in text)
    assert "This file has not your own numbers; it was judged with yours." in text


def test_the_page_asks_no_other_host(course):
    text = page(course, "ada")
    assert "cdnjs" not in text and not re.search("<script[^>]*mathjax", text, re.I)
    assert not re.findall(r"<(?:script|img|link)[^>]*(?:src|href)=\"https?:", text)


def test_the_lines_on_the_page_give_the_report_of_the_grading(course, monkeypatch):
    line = html.unescape(re.search(r"<pre>(checks\.check_half.*?)</pre>", page(course, "ada"))[1])
    monkeypatch.syspath_prepend(str(course.folder / "release" / "small"))
    room = {}
    exec(f"import numpy as np\nimport small_checks as checks\n{WEAK}\nreport = {line}", room)
    (row,) = course.records("small")["ada"]["problems"]
    assert [[case.name, case.verdict] for case in room["report"].cases] == [
        case[:2] for case in row["cases"]]
    assert room["report"].headline == row["headline"]


def test_nothing_is_forgotten_without_a_yes(course, capsys):
    status, out = said(course, capsys, "forget", "ada")
    assert status == 0 and "Nothing was removed yet: say --yes." in out
    assert "submitted/ada" in out and "records/small/ada.json" in out
    assert course.submissions("small").keys() == {"ada", "ben"}


def test_a_student_is_forgotten_everywhere(course, capsys, tmp_path):
    shutil.copytree(course.folder, tmp_path / "copy")
    copy = Course(tmp_path / "copy")
    assert said(copy, capsys, "forget", "ada", "--yes")[0] == 0
    (copy.folder / "students.csv").unlink()
    (copy.folder / "all.zip").unlink()
    left = [path for path in copy.folder.rglob("*") if path.is_file() and (
        "ada" in path.name or b"lovelace" in path.read_bytes().lower())]
    assert [path for path in left if path.name != "gradebook.db"] == []
    with Book(copy) as book:
        assert [one.id for one in book.book.students] == ["ben"]
        assert set(book.marks("small")) == {"ben"}
    assert page(copy, "ben")
    status, out = said(copy, capsys, "forget", "ada")
    assert status == 2 and "holds nothing of 'ada'" in out


def test_a_pipe_that_closes_early_is_no_traceback():
    done = subprocess.run(f"(sleep 1; {sys.executable} -m homework --markdown) | true", shell=True,
                          cwd=ROOT, capture_output=True, text=True)
    assert "BrokenPipe" not in done.stderr and not done.returncode
