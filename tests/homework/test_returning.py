"""Feedback goes back in bulk: each platform finds in its zip whose a page is, by its own rule."""

import io
import re
import zipfile

import pytest

from homework import origin
from homework.course import Course
from tests.homework import small
from tests.homework.test_collect import zipped
from tests.homework.test_loop import make, said

CELLS = small.master(["half"])
READ = small.master(["half"], prose=False)
CANVAS = {"lovelaceada_17_8001_small.ipynb": "ada",
          "noetherben_LATE_4711_8002_my link_link.ipynb": "ben"}
MOODLE = {"Eve Moore_551_assignsubmission_file_/small (1).ipynb": "eve",
          "Zoe Late_552_assignsubmission_file_small.ipynb": "zoe"}


def canvas_reads(name):
    """Return (student, file) by the two numbers, as Canvas does; None where it passes it over."""
    parts = [part for part in name.rpartition("/")[2].split("_") if part != "LATE"]
    numbers = [part for part in parts if part.isdigit()][:2]
    if len(numbers) < 2 or parts[-1].startswith("link"):
        return None
    return tuple(map(int, numbers))


def moodle_reads(path):
    """Return (participant, name of the file), as Moodle does; None where it passes it over."""
    parts = path.split("/")
    while parts:
        words = parts.pop(0).split("_", 4)
        if len(words) >= 4 and words[1].isdigit() and words[2:4] == ["assignsubmission", "file"]:
            return int(words[1]), "/".join([*words[4:], *parts]).strip("/")
    return None


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course in which files of Canvas, of Moodle and of neither are graded."""
    small.need_sandbox()
    course = make(tmp_path_factory.mktemp("returning"), READ)
    students = course.folder / "students.csv"
    students.write_text(students.read_text() + "flo,Flo Plain,,\n")
    data = small.bytes_of(small.submission(cells=READ))
    (course.folder / "all.zip").write_bytes(zipped(dict.fromkeys([*CANVAS, *MOODLE], data)))
    inbox = course.folder / "inbox" / "flo"
    inbox.mkdir(parents=True)
    (inbox / "small.ipynb").write_bytes(data)
    return Course(course.folder)


def members(course, platform):
    """Return the members of a zip of feedback."""
    with zipfile.ZipFile(course.folder / "feedback" / f"small-{platform}.zip") as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_collect_notes_the_names_of_the_platform(course, capsys):
    for place in ("all.zip", "inbox"):
        inbox = str(course.folder / place)
        assert said(course, capsys, "collect", inbox, "--topic", "small")[0] == 0
    notes = {student: origin.read(place) for student, place in course.submissions("small").items()}
    names = {note["name"]: student for student, note in notes.items()}
    assert names == {**CANVAS, **MOODLE, "flo/small.ipynb": "flo"}
    assert all(note["dated"].endswith("+00:00") for note in notes.values())


def test_each_platform_finds_whose_a_page_is(course, capsys):
    assert said(course, capsys, "grade", "small")[0] == 0
    status, out = said(course, capsys, "feedback", "small")
    assert status == 0 and "small-canvas.zip: 2 of 5 pages" in out
    assert "small-moodle.zip: 2 of 5 pages" in out and "small-plain.zip: 5 of 5 pages" in out
    found = {canvas_reads(name): page for name, page in members(course, "canvas").items()}
    assert set(found) == {(17, 8001), (4711, 8002)}
    assert all(name.endswith(".html") for name in members(course, "canvas"))
    found = {moodle_reads(name): page for name, page in members(course, "moodle").items()}
    assert set(found) == {(551, "small.html"), (552, "small.html")}
    plain = members(course, "plain")
    assert set(plain) == {f"{student}/small.html" for student in course.submissions("small")}
    for student in ("eve", "zoe"):
        page = course.place("feedback", student, "small").with_suffix(".html").read_text()
        assert plain[f"{student}/small.html"] == page in found.values()


def test_a_single_page_is_alone_in_the_zips_and_an_old_zip_goes(course, capsys):
    out = said(course, capsys, "feedback", "small", "--student", "ada")[1]
    assert "small-canvas.zip: 1 of 1 pages" in out and "moodle" not in out
    assert not (course.folder / "feedback" / "small-moodle.zip").exists()


def test_what_is_not_read_stays_out_unless_one_says_so(tmp_path, capsys):
    small.need_sandbox()
    course = make(tmp_path, CELLS)
    notebook = small.submission(cells=CELLS)
    small.cell_of(notebook, "answer-why")["source"] = "Because."
    (tmp_path / "all.zip").write_bytes(zipped({
        "lovelaceada_17_8001_small.ipynb": small.bytes_of(notebook),
        "noetherben_4711_8002_small.ipynb": small.bytes_of(small.submission(cells=CELLS))}))
    assert said(course, capsys, "collect", str(tmp_path / "all.zip"), "--topic", "small")[0] == 0
    assert said(course, capsys, "grade", "small")[0] == 0
    assert "2 pages" in said(course, capsys, "feedback", "small")[1]
    assert set(members(course, "plain")) == {"ben/small.html"}
    said(course, capsys, "feedback", "small", "--partial")
    assert set(members(course, "plain")) == {"ada/small.html", "ben/small.html"}


def test_the_same_file_keeps_the_earlier_date(tmp_path):
    place = tmp_path / "small.ipynb"
    origin.note(place, "a", 2e9, b"1")
    place.write_bytes(b"1")
    origin.note(place, "b", 2e9 + 60, b"1")
    assert origin.read(place) == {"name": "b", "dated": "2033-05-18T03:33:20+00:00"}
    origin.note(place, "b", 2e9 + 60, b"2")
    assert origin.read(place)["dated"] == "2033-05-18T03:34:20+00:00"
    place.with_name(origin.NOTE).write_text("[]")
    assert origin.read(place) == {}


def test_a_name_of_a_platform_leads_nowhere():
    """Only the part that the platform named is used; what lies around it is not."""
    from homework.returning import member

    name = member("canvas", "../../x/lovelaceada_17_8001_../../evil.ipynb", "ada", "small.html")
    assert "/" not in name and not re.search(r"\.\.", member(
        "moodle", "../Eve_5_assignsubmission_file_/../../x", "eve", "small.html"))


def test_a_zip_is_the_same_bytes_for_the_same_pages():
    from homework.returning import zipped as packed

    one = packed({"b": b"2", "a": b"1"})
    assert one == packed({"a": b"1", "b": b"2"})
    assert zipfile.ZipFile(io.BytesIO(one)).namelist() == ["a", "b"]
    assert zipfile.ZipFile(io.BytesIO(one)).testzip() is None
