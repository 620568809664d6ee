"""Lateness is told where a platform tells it, is unknown elsewhere, and never changes a mark."""

import csv
import datetime

import pytest

from homework import Trouble, late, origin
from homework.course import Course
from homework.moodle import Participant, submitted, worksheet
from tests.homework import small
from tests.homework.test_collect import zipped
from tests.homework.test_loop import make, said

CELLS = small.master(["half"], prose=False)
DUE = "2027-05-03T23:59+02:00"
SHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be \
changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 551,Ada Lovelace,,ada@x.org,Submitted for grading,,4,Yes,"Monday, 3 May 2027, 11:59 \
PM",-,
Participant 552,Ben Noether,,ben@x.org,Submitted for grading,,4,Yes,"Wednesday, 5 May 2027, 1:10 \
AM",-,
Participant 553,Zoe Late,,zoe@x.org,No submission,,4,Yes,-,-,
"""


def handed(course, student, name, when=None):
    """Note that something was handed in under a platform's name."""
    origin.note(course.place("submitted", student, "small"), name, 2e9, b"{}", when)


@pytest.fixture
def course(tmp_path):
    """Return a course with a deadline."""
    course = make(tmp_path, CELLS)
    late.keep(course, "small", DUE, "10%")
    return course


def clock(course):
    return late.Clock(course, "small")


@pytest.mark.parametrize("name, state", [
    ("lovelaceada_17_8001_small.ipynb", "in time"), ("lovelaceada_LATE_17_8001_a.ipynb", "late"),
    ("Ada Lovelace_551_assignsubmission_file_/a.ipynb", "unknown"), ("ada/small.ipynb", "unknown"),
    ("lovelaceada_17_8001_small_LATE_night.ipynb", "in time"),
    ("lovelaceada_LATE_17_8001_small_LATE_1_2_x.ipynb", "late"),
    ("lovelaceada_17_8001_LATE_1_2_small.ipynb", "in time"),
    ("Small/export/lovelaceada_LATE_17_8001_a.ipynb", "late"),
    ("ben/me_1_2_small.ipynb", "unknown"), ("ben/me_LATE_1_2_small.ipynb", "unknown"),
    ("Ada_1_2_L_551_assignsubmission_file_/a.ipynb", "unknown")])
def test_what_a_name_tells(course, name, state):
    handed(course, "ada", name)
    assert clock(course).of("ada").said == state


def test_nothing_is_late_without_a_deadline(tmp_path):
    course = make(tmp_path, CELLS)
    handed(course, "ada", "lovelaceada_LATE_17_8001_a.ipynb")
    assert clock(course).of("ada") is None
    assert clock(course).after(3.0, 4, "ada") == 3.0


@pytest.mark.parametrize("when, words, after", [
    ("2027-05-03T23:59:00", "in time", 4.0), ("2027-05-04T00:00:00", "late by 1 min", 3.6),
    ("2027-05-04T22:59:00+00:00", "late by 1 day 1 h", 3.2),
    ("2027-05-04T23:59:00", "late by 1 day", 3.6), ("2027-09-01T00:00:00", "late by 120 days", 0)])
def test_a_day_begun_costs_a_part_of_all_points(course, when, words, after):
    handed(course, "ada", "Ada Lovelace_551_assignsubmission_file_/a.ipynb", when)
    assert clock(course).of("ada").said == words
    assert clock(course).after(4.0, 4, "ada") == after
    assert clock(course).after(None, 4, "ada") is None


def test_an_extension_and_a_time_of_the_instructors_count(course):
    (course.folder / "extensions.csv").write_text(f"id,topic,due\nada,small,{DUE[:8]}07T12:00Z\n"
                                                  "ben,other,2030-01-01T00:00Z\n")
    (course.folder / "times.csv").write_text("id,topic,submitted\nada,small,2027-05-07T11:00Z\n"
                                             "ben,small,2027-05-07T11:00Z\n")
    for student in ("ada", "ben"):
        handed(course, student, f"{student}_LATE_17_8001_small.ipynb")
    assert clock(course).of("ada").said == "in time"
    assert clock(course).of("ben").said == "late by 3 days 13 h"
    (course.folder / "times.csv").unlink()
    assert clock(course).of("ada").said == "unknown" and clock(course).of("ben").said == "late"


def test_a_rule_makes_no_mark_of_what_is_unknown(course):
    handed(course, "ada", "ada/small.ipynb")
    handed(course, "ben", "noetherben_LATE_17_8001_small.ipynb")
    assert [clock(course).after(4.0, 4, student) for student in ("ada", "ben")] == [None, None]
    late.keep(course, "small", None, "reject")
    assert [clock(course).after(4.0, 4, student) for student in ("ada", "ben")] == [None, 0.0]
    late.keep(course, "small", None, "none")
    assert [clock(course).after(4.0, 4, student) for student in ("ada", "ben")] == [4.0, 4.0]


def test_where_canvas_calls_nobody_late_it_may_not_know(course):
    handed(course, "ada", "lovelaceada_17_8001_small.ipynb")
    handed(course, "eve", "mooreeve_99_8003_small_LATE_night.ipynb")
    assert clock(course).silent(["ada", "eve"])
    handed(course, "ben", "noetherben_LATE_4711_8002_small.ipynb")
    assert not clock(course).silent(["ada", "ben"]) and not clock(course).silent([])


def test_deadlines_are_kept_beside_each_other(course):
    late.keep(course, "svd", "2027-06-01T12:00Z", None)
    assert late.keep(course, "small", None, "reject") == [
        "deadlines.csv: small had late 10%, and has reject now."]
    assert late.keep(course, "small", DUE, "reject") == []
    text = (course.folder / "deadlines.csv").read_text()
    assert list(csv.reader(text.splitlines())) == [
        ["topic", "due", "late"], ["small", DUE, "reject"], ["svd", "2027-06-01T12:00Z", "none"]]


@pytest.mark.parametrize("name, text, words", [
    ("deadlines.csv", "topic,due\nsmall,2027-05-03T23:59\n", "is no time with its zone"),
    ("deadlines.csv", f"topic,due,late\nsmall,{DUE},half\n", "is no rule on lateness"),
    ("extensions.csv", "id,due\nada,2027-05-03T23:59Z\n", "it needs id and topic and due"),
    ("times.csv", "id,topic,submitted\nada,small,Monday\n", "'Monday' in times.csv is no time")])
def test_a_mistake_in_a_table_is_told_with_its_remedy(course, name, text, words):
    (course.folder / name).write_text(text)
    with pytest.raises(Trouble, match=words):
        clock(course)


def test_collect_takes_times_from_moodles_worksheet(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    (tmp_path / "sheet.csv").write_text("\ufeff" + SHEET)
    (tmp_path / "all.zip").write_bytes(zipped({
        f"{name}_assignsubmission_file_/small.ipynb": small.bytes_of(small.submission(cells=CELLS))
        for name in ("Ada Lovelace_551", "Ben Noether_552", "Eve Moore_559")}))
    status, out = said(course, capsys, "collect", str(tmp_path / "all.zip"), "--topic", "small",
                       "--worksheet", str(tmp_path / "sheet.csv"), "--due", DUE, "--late", "10%")
    assert status == 0 and "3 submissions" in out
    assert [clock(course).of(student).said for student in ("ada", "ben", "eve")] == [
        "in time", "late by 1 day 1 h", "unknown"]
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    assert [one.number for one in worksheet(tmp_path / "other.csv")] == ["1"]
    (tmp_path / "other.csv").write_text("id,name\nada,Ada\n")
    status, out = said(course, capsys, "collect", str(tmp_path / "all.zip"), "--topic", "small",
                       "--worksheet", str(tmp_path / "other.csv"))
    assert status == 2 and "is no grading worksheet" in out


def test_a_folder_of_ones_own_takes_nobodys_time_from_the_worksheet():
    there = [Participant("551", "Ada", ("ada",), "2027-05-03T10:00:00")]
    name = "Ada_551_assignsubmission_file_/a.ipynb"
    assert [submitted(there, place + name, ["small"]) for place in ("", "small/", "ben/")] == [
        "2027-05-03T10:00:00", "2027-05-03T10:00:00", ""]


def test_a_deadline_is_of_one_problem_set(tmp_path, capsys):
    course = make(tmp_path, CELLS)
    (tmp_path / "inbox").mkdir()
    status, out = said(course, capsys, "collect", str(tmp_path / "inbox"), "--due", DUE)
    assert status == 2 and "say --topic" in out
    status, out = said(course, capsys, "collect", str(tmp_path / "inbox"), "--topic", "small",
                       "--due", "2027-05-03")
    assert status == 2 and "no time with its zone" in out and late.EXAMPLE in out
    assert not (course.folder / "deadlines.csv").exists()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a graded course: ada in time, ben late by hours, eve by nobody knows, flo unknown."""
    small.need_sandbox()
    course = make(tmp_path_factory.mktemp("late"), CELLS)
    data = small.bytes_of(small.submission(cells=CELLS))
    for student, name, when in (
            ("ada", "Ada_551_assignsubmission_file_/a.ipynb", "2027-05-01T10:00:00"),
            ("ben", "Ben_552_assignsubmission_file_/a.ipynb", "2027-05-04T10:00:00"),
            ("eve", "mooreeve_LATE_99_8003_small.ipynb", None), ("zoe", "zoe/small.ipynb", None)):
        place = course.place("submitted", student, "small")
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
        origin.note(place, name, 2e9, data, when)
    late.keep(course, "small", DUE, "25%")
    return Course(course.folder)


def test_the_summary_says_who_is_late_and_of_whom_it_is_unknown(graded, capsys):
    out = said(graded, capsys, "grade", "small")[1]
    assert "4 of 4 points; late by 10 h 1 min" in out and "4 of 4 points; late\n" in out
    assert "When it was handed in is unknown of zoe" in out
    assert datetime.datetime.fromisoformat(DUE) == clock(graded).due


def test_export_keeps_the_mark_and_adds_a_column(graded, capsys):
    tables = {}
    for lms in ("canvas", "moodle", "plain"):
        status, out = said(graded, capsys, "export", "small", "--lms", lms)
        assert status == 0 and "4 marks, 0 empty fields" in out and "unknown of zoe" in out
        assert "How late is unknown of eve, and no rule applied" in out
        with open(graded.folder / "marks" / f"small-{lms}.csv") as file:
            tables[lms] = list(csv.reader(file))
    assert tables["plain"] == [
        ["id", "name", "state", "mark", "of", "grade-half", "late", "mark after lateness"],
        ["ada", "Ada Lovelace", "graded", "4", "4", "4", "in time", "4"],
        ["ben", "Ben Noether", "graded", "4", "4", "4", "late by 10 h 1 min", "3"],
        ["eve", "Eve Moore", "graded", "4", "4", "4", "late", ""],
        ["zoe", "Zoe Late", "graded", "4", "4", "4", "unknown", ""]]
    assert tables["canvas"][0][5:] == ["small", "small after lateness"]
    assert tables["canvas"][1][5:] == ["4", "4"]
    assert tables["canvas"][3] == ["Ben Noether", "4711", "", "ben", "", "4", "3"]
    assert tables["moodle"][2] == ["ben", "Ben Noether", "ben@x.org", "4", "3"]


def test_feedback_says_it_to_who_is_late(graded, capsys):
    assert said(graded, capsys, "feedback", "small")[0] == 0
    pages = {student: graded.place("feedback", student, "small").with_suffix(".html").read_text()
             for student in ("ada", "ben", "eve", "zoe")}
    assert ("Handed in late by 10 h 1 min. Each day begun after that costs 25 % of all points. By "
            "that rule 3 points count.") in pages["ben"]
    assert "Handed in late. Each day" in pages["eve"] and "points count" not in pages["eve"]
    assert "Handed in" not in pages["ada"] + pages["zoe"]
