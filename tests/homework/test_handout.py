"""A student with release/TOPIC.zip and pip can do the work; variants are handed out in bulk."""

import csv
import io
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from environment import ROOT
from homework import handout, wheel
from homework.course import Course
from homework.notebooks import read
from homework.problems import problems_of
from tests.homework import leaks, small
from tests.homework.test_late import DUE
from tests.homework.test_loop import make, said
from tests.homework.test_references import solved
from tests.homework.test_returning import moodle_reads

SHEET = """Identifier,Full name,Email address,Status,Grade
Participant 551,Ada Lovelace,ada@x.org,-,-
Participant 552,Ben_Friedrich Noether,ben@x.org,-,-
Participant 559,Somebody Else,else@x.org,-,-
"""
WORK = """
import json, sys
import lib
cells = json.load(open("svd.ipynb"))["cells"]
given = json.load(open(sys.argv[1]))["cells"]
for cell, mine in zip(cells, given, strict=True):
    if cell["cell_type"] == "code":
        found = None
        text = (mine if cell["id"].startswith("answer") else cell)["source"]
        *body, last = text.strip().splitlines()
        if cell["id"].startswith("check-"):
            print(cell["id"], eval(last).passed)
        else:
            exec(text)
print(lib.__file__)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course in which the svd set is released without variants."""
    course = Course(tmp_path_factory.mktemp("handout")).made()
    from homework.__main__ import main

    assert main(["release", "svd", "--course", str(course.folder), "--due", DUE, "--late", "10%",
                 "--link", "https://example.org/svd.zip"]) == 0
    return course


def test_the_zip_alone_is_enough_to_solve_the_set(course, tmp_path):
    with zipfile.ZipFile(course.folder / "release" / "svd.zip") as archive:
        archive.extractall(tmp_path)
    (package,) = (tmp_path / "svd").glob("*.whl")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "site")
    master = course.master("svd").read_bytes()
    (tmp_path / "solved.ipynb").write_bytes(solved(read(master)))
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(tmp_path / "solved.ipynb")], cwd=tmp_path / "svd",
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    *checks, place = done.stdout.strip().splitlines()
    assert place.startswith(str(tmp_path / "site"))
    judged = [line for line in checks if line.startswith("check-")]
    assert len(judged) == 4 and all(line.endswith(" True") for line in judged)


def test_the_wheel_says_what_it_needs_and_is_named_by_its_content(tmp_path):
    name, data = wheel.wheel()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    head, tail = f"where_the_digits_go-{project['version']}", r"\+[0-9a-f]{8}-py3-none-any\.whl"
    assert re.fullmatch(re.escape(head) + tail, name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (about,) = [one for one in archive.namelist() if one.endswith("METADATA")]
        text = archive.read(about).decode()
        ours = {one for one in archive.namelist() if one.endswith(".py")}
    assert all(f"Requires-Dist: {one}" in text for one in project["dependencies"])
    assert ours == {path.relative_to(ROOT).as_posix() for path in (ROOT / "lib").rglob("*.py")}
    assert not leaks.leaks(name, data, leaks.all_secrets())
    (tmp_path / "a").write_text("1")
    before = wheel.digest(tmp_path)
    (tmp_path / "a").write_text("2")
    assert before != wheel.digest(tmp_path)


def test_the_page_says_exactly_what_to_type_and_to_hand_in(course):
    page = (course.folder / "release" / "svd" / "README.md").read_text()
    (package,) = (course.folder / "release" / "svd").glob("*.whl")
    assert f"pip install jupyterlab ./{package.name}\n" in page
    assert "jupyter lab svd.ipynb" in page and "Monday, 3 May 2027, 23:59 (UTC+0200)" in page
    assert "10 % of all points" in page and "[deadline]" not in page
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert needs == ">=3.11,<3.15" and "Python 3.11, 3.12, 3.13 or 3.14" in page


def test_the_text_for_the_lms_names_the_problems(course, capsys):
    text = (course.folder / "release" / "svd.txt").read_text()
    assert "5 · In words: where to cut: 4 points" in text and "https://example.org" in text
    assert "[" not in text
    out = said(make(course.folder / "other"), capsys, "release", "small")[1]
    assert "[deadline] and [link] to be filled in (--due, --link)" in out


def test_every_kind_of_the_policy_can_be_picked():
    text = (ROOT / "homework" / "policy.md").read_text()
    kinds = {row.split("|")[2].strip() for row in text.splitlines()
             if row.startswith("|") and "---" not in row} - {"language models and other people"}
    assert kinds == set(handout.POLICIES.values())
    assert "name the tool and the people" in handout.policy("log")


def test_words_may_have_another_policy_than_code(course, tmp_path, capsys):
    text = (course.folder / "release" / "svd.txt").read_text()
    assert "people, in code: allowed with a log. At the end" in text
    assert "Language models and other people, in words: not allowed." in text
    said(make(tmp_path, small.master(["half"], prose=False)), capsys, "release", "small")
    assert "in words" not in (tmp_path / "release" / "small.txt").read_text()


def test_a_seed_among_what_students_get_is_moved(tmp_path, capsys):
    course = make(tmp_path)
    old = tmp_path / "release" / "small"
    (old / "variants").mkdir(parents=True)
    (old / "variants.json").write_text('{"seed": "autumn"}')
    before = course.variant("small", "ada")
    assert said(course, capsys, "release", "small", "--variants")[0] == 0
    assert course.variant("small", "ada") == before and before
    assert not (old / "variants.json").exists() and not (old / "variants").exists()
    assert before in (tmp_path / "variants" / "small" / "ada.ipynb").read_text()


def test_points_that_a_task_and_its_cell_do_not_share_are_named(tmp_path, capsys):
    cells = small.master(["half"], prose=False)
    cells[2].source = "## half\n\n*Build · 7 points*"
    out = said(make(tmp_path, cells), capsys, "release", "small")[1]
    assert "grade-half: its task says 7 points, its graded cell 4." in out


def test_a_problem_in_prose_has_the_title_of_its_task():
    path = next(path for path in leaks.masters() if path.stem == "svd")
    assert problems_of(read(path.read_bytes()))[-1].title == "5 · In words: where to cut"


def test_what_students_get_has_neither_seed_nor_others_numbers(tmp_path, capsys):
    course = make(tmp_path)
    out = said(course, capsys, "release", "small", "--variants")[1]
    with zipfile.ZipFile(tmp_path / "release" / "small.zip") as archive:
        names = {name.removeprefix("small/") for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".whl")} == {"README.md", "small_checks.py"}
    assert "Your file has your own numbers" in (
        tmp_path / "release" / "small" / "README.md").read_text()
    assert "Canvas gives no file to who has handed in nothing" in out


def test_variants_are_handed_out_by_mail_and_by_moodle(tmp_path, capsys):
    course = make(tmp_path)
    (tmp_path / "students.csv").write_text(
        "id,name,email\nada,Ada Lovelace,ada@x.org\nben,,BEN@x.org\nflo,Flo,\n")
    (tmp_path / "sheet.csv").write_text(SHEET)
    out = said(course, capsys, "release", "small", "--variants", "--worksheet",
               str(tmp_path / "sheet.csv"))[1]
    assert "without an email: flo" in out and "not in the worksheet: flo" in out
    own = {path.stem: path.read_bytes()
           for path in (tmp_path / "variants" / "small").iterdir()}
    with open(tmp_path / "variants" / "small.csv") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["email"]) for row in rows] == [
        ("ada", "ada@x.org"), ("ben", "BEN@x.org"), ("flo", "")]
    assert {row["id"]: Path(row["file"]).read_bytes() for row in rows} == own
    with zipfile.ZipFile(tmp_path / "variants" / "small.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"{student}/small.ipynb": data for student, data in own.items()}
    with zipfile.ZipFile(tmp_path / "variants" / "small-moodle.zip") as archive:
        found = {moodle_reads(name): archive.read(name) for name in archive.namelist()}
    assert found == {(551, "small.ipynb"): own["ada"], (552, "small.ipynb"): own["ben"]}


def test_a_page_of_the_instructors_own_stays(tmp_path, capsys):
    course = make(tmp_path)
    (tmp_path / "source" / "small" / "README.md").write_text("mine")
    (tmp_path / "release" / "small").mkdir(parents=True)
    old = tmp_path / "release" / "small" / "where_the_digits_go-0.1.0+00000000-py3-none-any.whl"
    old.write_bytes(b"")
    out = said(course, capsys, "release", "small")[1]
    assert "README.md of the master's folder is kept" in out and not old.exists()
    assert (tmp_path / "release" / "small" / "README.md").read_text() == "mine"
    assert "pip install" in (tmp_path / "release" / "small" / "START.md").read_text()
