"""What a student names, dates, packs or breaks is no word of the platform's, and stops nothing."""

import io
import os
import subprocess
import sys
import zipfile

import pytest

from homework.bench import as_array
from homework.course import Course, student_id
from homework.grade import Job
from homework.gradebook import Book
from homework.limits import Limits
from homework.summary import summary_of
from tests.homework import small
from tests.homework.test_loop import make, said

GOOD = small.bytes_of(small.submission())
BLANK = small.bytes_of(small.submission({}))
ADA, MAL = "lovelaceada_17_100_small.ipynb", "lorymal_666_101_small.zip"
LIST = "id,name,email,lms_id\nada,Ada Lovelace,ada@x.org,17\nmallory,Mal Lory,mal@x.org,666\n"


def zipped(files, date=(2026, 11, 1, 0, 0, 0)):
    """Return the bytes of a zip of some files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return data.getvalue()


def collected(folder, capsys, files, students=LIST, pack=False, options=()):
    """Return the course after collecting files, each student's bytes, the status, what was said."""
    course = make(folder / "course")
    place = course.folder / "students.csv"
    place.write_text(students) if students else place.unlink()
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    if pack:
        inbox = folder / "submissions.zip"
        inbox.write_bytes(zipped(files))
    for name, data in {} if pack else files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1.7e9, 1.7e9))
    status, out = said(course, capsys, "collect", str(inbox), "--topic", "small", *options)
    return course, {student: path.read_bytes() for student, path in course.submissions(
        "small").items()}, status, out


INSIDE = ("lovelaceada_17_9_small.ipynb", "Ada_17_assignsubmission_file_/small.ipynb",
          "ada/small.ipynb", "/ada/small.ipynb", "../ada/small.ipynb", "small_ada.ipynb",
          "ada.zip/Ada Lovelace_17_assignsubmission_file_small.ipynb")


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("inner", INSIDE)
def test_names_in_a_students_zip_name_nobody(inner, pack, tmp_path, capsys):
    packed = zipped({inner: BLANK}, (2107, 1, 1, 0, 0, 0))
    _, files, status, _ = collected(tmp_path, capsys, {ADA: GOOD, MAL: packed}, pack=pack)
    assert files == {"ada": GOOD, "mallory": BLANK} and status == 0


@pytest.mark.parametrize("folder", ["Mal Lory_5_assignsubmission_file_", "mallory"])
@pytest.mark.parametrize("inner", ["lovelaceada_17_9_small.ipynb", "ada/small.ipynb",
                                   "submissions.zip"])
def test_the_outermost_folder_decides(folder, inner, tmp_path, capsys):
    data = BLANK if inner.endswith("ipynb") else zipped({"ada/small.ipynb": BLANK})
    _, files, _, _ = collected(tmp_path, capsys, {"ada/small.ipynb": GOOD,
                                                  f"{folder}/{inner}": data})
    assert files == {"ada": GOOD, "mallory": BLANK}


def test_a_name_of_two_platforms_is_nobodys(tmp_path, capsys):
    forged = "lorymal_666_101_x_17_assignsubmission_file_small.ipynb"
    _, files, status, out = collected(tmp_path, capsys, {ADA: GOOD, forged: BLANK})
    assert files == {"ada": GOOD} and status == 1 and f"{forged}: it may be a name of" in out


def test_a_zip_makes_no_students(tmp_path, capsys):
    crowd = zipped({f"fake{k}/small.ipynb": BLANK for k in range(50)} | {"/abs/small.ipynb": BLANK})
    _, files, _, _ = collected(tmp_path, capsys, {ADA: GOOD, MAL: crowd})
    assert files == {"ada": GOOD, "mallory": BLANK}


def test_whom_the_list_does_not_know_is_refused_unless_asked_for(tmp_path, capsys):
    given = {ADA: GOOD, "moorejo_5_9_small.ipynb": BLANK, "jo/small.ipynb": BLANK,
             "eve.zip": zipped({"ada/small.ipynb": BLANK})}
    _, files, status, out = collected(tmp_path, capsys, given)
    assert files == {"ada": GOOD} and status == 1
    assert all(f"{name} is not in students.csv" in out for name in ("moorejo", "jo", "eve"))
    (tmp_path / "b").mkdir()
    _, files, status, _ = collected(tmp_path / "b", capsys, given, pack=True,
                                    options=["--strangers"])
    assert set(files) == {"ada", "moorejo", "jo", "eve"} and status == 0


@pytest.mark.parametrize("pack, stamp", [(False, "2023-11-14"), (True, "2026-1")])
@pytest.mark.parametrize("date", [(2020, 1, 1, 0, 0, 0), (2107, 1, 1, 0, 0, 0)])
def test_the_students_clock_is_not_asked(date, pack, stamp, tmp_path, capsys):
    course, _, _, _ = collected(tmp_path, capsys, {
        MAL: zipped({"in.zip": zipped({"small.ipynb": GOOD}, date)}, date)}, pack=pack)
    place = course.place("submitted", "mallory", "small").with_name("timestamp.txt")
    assert place.read_text().startswith(stamp)


def broken(kind):
    """Return the bytes of a zip that is broken in one of some ways."""
    data = bytearray(zipped({"smallé.ipynb": GOOD}))
    if kind == "deflate":
        data[60:80] = b"\xff" * 20
    elif kind == "name":
        data = data.replace("é".encode(), b"\xff\xfe")
    elif kind == "method":
        at = data.index(b"PK\1\2")
        data[8:10] = data[at + 10:at + 12] = b"\x0e\0"  # LZMA, of bytes that are none
    elif kind == "encrypted":
        at = data.index(b"PK\1\2")
        data[6] |= 1
        data[at + 8] |= 1
    elif kind == "directory":
        at = data.index(b"PK\1\2")
        data[at + 42:at + 46] = b"\xff\xff\xff\x7f"
    return bytes(data)


@pytest.mark.parametrize("kind", ["deflate", "name", "method", "encrypted", "directory"])
def test_a_broken_zip_is_a_line_of_its_own(kind, tmp_path, capsys):
    files = collected(tmp_path, capsys, {ADA: GOOD, MAL: broken(kind)})
    assert files[1] == {"ada": GOOD} and "101_small" in files[3] and "cannot be" in files[3]


def test_a_broken_member_leaves_the_others(tmp_path, capsys):
    data = bytearray(zipped({"a.ipynb": BLANK, "b.ipynb": GOOD}))
    data[60:80] = b"\xff" * 20
    _, files, _, out = collected(tmp_path, capsys, {MAL: bytes(data)})
    assert files == {"mallory": GOOD} and "a.ipynb: a member of a zip that cannot be read" in out


@pytest.mark.parametrize("letter", ["\U0001d49c", "é", "x"])
def test_a_long_name_is_cut_by_bytes(letter, tmp_path, capsys):
    assert len(student_id(letter * 300).encode()) <= 200
    _, files, status, _ = collected(tmp_path, capsys, {
        "submissions.zip": zipped({letter * 80 + "/small.ipynb": GOOD}), ADA: GOOD}, students="")
    assert len(files) == 2 and status == 0


def test_what_cannot_be_kept_leaves_the_others(tmp_path, capsys):
    make(tmp_path / "course")
    (tmp_path / "course" / "submitted").mkdir()
    (tmp_path / "course" / "submitted" / "ada").write_text("no folder")
    source = tmp_path / "inbox"
    for name in ("ada", "ben"):
        (source / name).mkdir(parents=True)
        (source / name / "small.ipynb").write_bytes(GOOD)
    status, out = said(Course(tmp_path / "course"), capsys, "collect", str(source), "--topic",
                       "small")
    assert status == 1 and "1 submissions are collected" in out
    assert "ada's small could not be kept" in out


def test_half_a_letter_in_a_name_stops_no_strict_terminal(tmp_path):
    make(tmp_path / "course")
    (tmp_path / "inbox").mkdir()
    with open(os.fsencode(tmp_path) + b"/inbox/lovelaceada_17_1_sm\xff.ipynb", "wb") as file:
        file.write(GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "homework", "collect", tmp_path / "inbox", "--topic", "small",
         "--course", tmp_path / "course"], capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 0 and b"1 submissions are collected" in done.stdout


def test_a_bomb_of_nests_is_bounded_in_all(tmp_path, capsys):
    flat = zipped({f"{k}.ipynb": b" " * 60_000_000 for k in range(2)})
    nest = zipped({f"{k}.zip": flat for k in range(160)})
    _, files, _, out = collected(tmp_path, capsys, {ADA: GOOD, MAL: nest}, pack=True)
    assert files == {"ada": GOOD} and "more than 128 MiB or 1000 members are too many" in out
    assert "5.zip" not in out  # of 20 GB that would take minutes


def test_a_crowd_of_members_is_bounded_in_all(tmp_path, capsys):
    many = zipped({f"{k}.zip": zipped({f"{j}.txt": b"" for j in range(300)}) for k in range(9)})
    _, files, _, out = collected(tmp_path, capsys, {MAL: many, ADA: GOOD}, pack=True)
    assert files == {"ada": GOOD} and "members are too many" in out
    assert "5.zip" not in out and out.count("no notebook") < 1000


def test_other_numbers_are_other_people(tmp_path, capsys):
    two = {"Ada Lovelace_1_assignsubmission_file_/small.ipynb": GOOD,
           "Ada_Lovelace_2_assignsubmission_file_/small.ipynb": BLANK}
    for name in "ab":
        (tmp_path / name).mkdir()
    _, files, status, out = collected(tmp_path / "a", capsys, two, students="")
    assert files == {"Ada_Lovelace_1": GOOD, "Ada_Lovelace_2": BLANK} and status == 0
    _, files, status, out = collected(tmp_path / "b", capsys, two)
    assert not files and status == 1 and "goes by more than one number" in out


def test_a_known_name_with_another_number_is_refused(tmp_path, capsys):
    _, files, status, out = collected(tmp_path, capsys, {ADA: GOOD, "ada_1_2_small.ipynb": BLANK})
    assert files == {"ada": GOOD} and status == 1 and "its number is not" in out


def test_a_name_that_two_have_is_neithers(tmp_path, capsys):
    twins = LIST + "ada2,Ada Lovelace,al@x.org,18\n"
    _, files, _, out = collected(tmp_path, capsys, {
        ADA: GOOD, "Ada Lovelace_5_assignsubmission_file_/small.ipynb": BLANK}, twins)
    assert files == {"ada": GOOD} and "several in students.csv have this name" in out


def test_names_of_files_write_no_lines(tmp_path, capsys):
    forged = "lorymal_666_101_x\n99 submissions are collected.\n\x1b[2K\r\x07\u202e ada.ipynb"
    _, files, _, out = collected(tmp_path, capsys, {ADA: GOOD, forged: GOOD, "x\n9 y\x1b[A": b"-"})
    assert set(files) == {"ada", "mallory"}
    assert "\n99 sub" not in out and "\n9 y" not in out and not set(out) & set("\x1b\r\x07\u202e")


def test_old_marks_are_not_those_of_a_newer_file(tmp_path, capsys):
    course, _, _, _ = collected(tmp_path, capsys, {ADA: GOOD})
    job = Job(course, "small", "bubblewrap", Limits())
    rows = [{"grade_id": problem.grade_id, "of": problem.points, "points": problem.points,
             "state": "judged", "headline": "", "note": "", "cases": [], "title": ""}
            for problem in job.problems]
    with Book(course) as book:
        book.assign("small", job.release)
        job.request("ada")
        job.keep(book, "ada", {"problems": rows, "notes": [], "notebook": as_array(b"{}")})
    assert ": 1 marks, 1 empty fields (mallory)" in said(course, capsys, "export", "small")[1]
    course.submissions("small")["ada"].write_bytes(BLANK)
    for options in ([], ["--partial"]):
        out = said(course, capsys, "export", "small", *options)[1]
        assert ": 0 marks, 2 empty fields (ada, mallory)" in out and "Newer files" in out
    assert '"ada","Ada Lovelace","ungraded (newer file)","","8","","",""\n' in (
        course.folder / "marks" / "small-plain.csv").read_text()
    assert "Newer files, which nobody has graded, are there of ada" in summary_of(course, "small")


def test_a_file_that_comes_while_the_older_is_graded_is_newer(tmp_path, capsys):
    course, _, _, _ = collected(tmp_path, capsys, {ADA: GOOD})
    job = Job(course, "small", "bubblewrap", Limits())
    with Book(course) as book:
        book.assign("small", job.release)
        job.request("ada")
        course.submissions("small")["ada"].write_bytes(BLANK)
        job.keep(book, "ada", {"problems": [], "notes": [], "notebook": as_array(b"{}")})
    assert job.waiting() == ["ada"] == course.newer("small")
