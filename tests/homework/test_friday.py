"""What went wrong on somebody's Friday: replaced files, mixed-up files, tables from Excel."""

import pytest

from homework import Trouble, late
from homework.course import Course
from homework.mixups import foreign, inward
from homework.notebooks import text_of, written
from homework.problems import release_of
from homework.tables import rows
from homework.transplant import with_variant
from tests.homework import small
from tests.homework.test_collect import zipped
from tests.homework.test_loop import make, said

CELLS = small.master(["half"], prose=False)
NOTEBOOK = small.bytes_of(small.submission(cells=CELLS))
OTHER = small.bytes_of(small.submission(cells=CELLS, half="def half(x):\n    return x"))
FIRST, LATE = "noetherben_4711_8002_small.ipynb", "noetherben_LATE_4711_8009_small.ipynb"


def collect(course, capsys, name, data, *options):
    """Collect a zip of one file; return the status and what was said."""
    (course.folder / "all.zip").write_bytes(zipped({name: data}))
    return said(course, capsys, "collect", str(course.folder / "all.zip"), "--topic", "small",
                *options)


def test_a_file_that_is_replaced_is_kept_and_named(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    assert "replaces" not in collect(course, capsys, FIRST, NOTEBOOK)[1]
    assert "replaces" not in collect(course, capsys, FIRST, NOTEBOOK)[1]
    out = collect(course, capsys, LATE, OTHER)[1]
    assert "ben's small replaces another, which is kept as submitted/ben/small/earlier/1" in out
    place = course.place("submitted", "ben", "small")
    assert place.read_bytes() == OTHER
    assert (place.with_name("earlier") / "1.ipynb").read_bytes() == NOTEBOOK
    assert set(course.submissions("small")) == {"ben"}


def test_a_late_file_need_not_replace_one_in_time(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    late.keep(course, "small", "2027-05-03T23:59+02:00", "10%")
    collect(course, capsys, FIRST, NOTEBOOK)
    out = collect(course, capsys, LATE, OTHER, "--in-time")[1]
    assert "ben's small is late and does not count, for another is in time" in out
    place = course.place("submitted", "ben", "small")
    assert place.read_bytes() == NOTEBOOK and late.Clock(course, "small").of("ben").late is False
    assert OTHER in [path.read_bytes() for path in place.with_name("earlier").glob("*.ipynb")]
    out = collect(course, capsys, LATE, OTHER)[1]
    assert "the new one is late, and --in-time leaves the earlier" in out
    assert place.read_bytes() == OTHER and late.Clock(course, "small").of("ben").late


def test_what_is_no_notebook_is_told_when_it_is_collected(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    status, out = collect(course, capsys, FIRST, NOTEBOOK[:300])
    assert status == 1 and "1 submissions are collected" in out
    assert "ben's small is no notebook: it is no JSON" in out and "ask for it again" in out


def handed_in(course, student, whose):
    """Hand in, for a student, the file that was made for another; return its data."""
    cells = with_variant(release_of(CELLS), course.variant("small", whose) if whose else "")
    place = course.place("submitted", student, "small")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text_of(written(cells)))


def test_a_file_with_anothers_numbers_is_noticed(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    handed_in(course, "ada", "")
    assert foreign(course, "small", "ada") == []
    assert said(course, capsys, "release", "small", "--variants")[0] == 0
    for student, whose in (("ada", "ada"), ("ben", "ada"), ("eve", "")):
        handed_in(course, student, whose)
    assert foreign(course, "small", "ada") == [] == foreign(course, "small", "zoe")
    assert foreign(course, "small", "ben") == [
        "made from the file of ada: its VARIANT is not ben's"]
    assert foreign(course, "small", "eve") == [
        "made from the common notebook: its VARIANT is empty"]
    place = course.place("submitted", "eve", "small")
    text = place.read_text().replace('VARIANT = \\"\\"', 'VARIANT = \\"x\\u001b\\"')
    place.write_text(text)
    assert foreign(course, "small", "eve") == ["its VARIANT, 'x\\x1b', is nobody's"]


@pytest.mark.parametrize("code, words", [
    ("def half(x):\n    return checks._turn(x)", "checks._turn"),
    ("from lib.grade.homework.svd import own_angle, _turn", "import own_angle, _turn"),
    ("half = getattr(checks, '_' + 'turn')", "getattr(checks, '_' + 'turn'"),
    ("print(checks.own_angle(VARIANT))", ""), ("checks.check_half(half)", ""),
    ("my_checks._x = 1", "")], ids=["attribute", "import", "getattr", "own", "check", "another"])
def test_code_that_names_private_parts_of_a_judge_is_named(tmp_path, code, words):
    course = make(tmp_path, CELLS)
    place = course.place("submitted", "ada", "small")
    place.parent.mkdir(parents=True)
    place.write_bytes(small.bytes_of(small.submission(cells=CELLS, half=code)))
    found = inward(course, "small", "ada")
    assert bool(found) == bool(words) and all(words in line for line in found)


def test_the_summary_and_look_name_a_mixed_up_file(tmp_path, capsys):
    small.need_sandbox()
    course = make(tmp_path, CELLS)
    assert said(course, capsys, "release", "small", "--variants")[0] == 0
    handed_in(course, "ben", "ada")
    assert "made from the file of ada" in said(course, capsys, "grade", "small")[1]
    out = said(course, capsys, "look", "small")[1]
    assert "Somebody else's file (1)" in out and "autograded/ben/small/small.ipynb: made" in out


@pytest.mark.parametrize("data", [
    "id;name\nana;Åsa Müller\n".encode("cp1252"), "id\tname\nana\tÅsa Müller\n".encode(),
    "\ufeffid,name\n ana ,Åsa Müller\n,\n".encode()], ids=["Excel", "tabs", "comma"])
def test_a_list_of_the_class_is_read_as_a_spreadsheet_writes_it(tmp_path, data):
    (tmp_path / "students.csv").write_bytes(data)
    assert Course(tmp_path).students() == {"ana": {"id": "ana", "name": "Åsa Müller"}}


def test_a_list_with_one_id_twice_is_refused(tmp_path):
    (tmp_path / "students.csv").write_text("id,name\nm2,Z W\nm2,Other\n")
    with pytest.raises(Trouble, match="two rows with the id m2"):
        Course(tmp_path).students()
    (tmp_path / "students.csv").write_text("name\nZ W\n")
    with pytest.raises(Trouble, match="has the columns name: it needs id"):
        Course(tmp_path).students()
    (tmp_path / "empty.csv").write_text("")
    assert rows(tmp_path / "empty.csv", "id") == []
