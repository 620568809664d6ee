"""Whatever a platform exports is taken in; links, bombs and rubbish are named and left."""

import io
import os
import zipfile
from pathlib import PurePosixPath

import pytest

from homework import opening
from homework.course import Course, student_id
from homework.whose import student_of, topic_of, who_is_who
from tests.homework import small
from tests.homework.test_loop import make, said

NOTEBOOK = small.bytes_of(small.submission())
NEWER = small.bytes_of(small.submission(half="half = 2"))
PEOPLE = who_is_who({
    "al815": {"id": "al815", "name": "Ada Lovelace", "email": "ada@x.org", "lms_id": "17"},
    "en": {"id": "en", "name": "Emmy Noether", "email": "emmy.n@x.org", "lms_id": "4711"}})


def zipped(files):
    """Return the bytes of a zip of some files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize("path, student", [
    ("lovelaceada_17_9001_small.ipynb", "al815"), ("noetheremmy_LATE_4711_9_small-1.ipynb", "en"),
    ("lovelaceada_99_9001_small.ipynb", "al815"), ("moorejo_5_9002_small.ipynb", "moorejo"),
    ("Ada Lovelace_123_assignsubmission_file_/small.ipynb", "al815"),
    ("Jo Moore_124_assignsubmission_file_small.ipynb", "Jo_Moore"),
    ("al815/small/small.ipynb", "al815"), ("submitted/en/small/small.ipynb", "en"),
    ("small_al815.ipynb", "al815"), ("al815 (2).ipynb", "al815"), ("ada@x.org/x.ipynb", "al815"),
    ("emmy.n/homework final.ipynb", "en"), ("small - Copy.ipynb", "nameless"),
    ("group a/jo/small.ipynb", "group_a"), ("../../etc.ipynb", "etc")])
def test_whose_a_file_is(path, student):
    assert student_of(PurePosixPath(path), "small", PEOPLE) == student


@pytest.mark.parametrize("text", ["..", "/etc/passwd", "a/../../b", "", "a\0b", "x" * 500, "-rf"])
def test_a_name_leads_nowhere(text):
    plain = student_id(text)
    assert plain and "/" not in plain and "\0" not in plain and plain not in ("..", ".")
    assert not plain.startswith("-") and len(plain) <= 80


def found(place):
    """Return what is found in a place by path, and what is said."""
    told = []
    return {str(one.path): one.data for one in opening.found_in(place, told)}, told


def test_nested_zips_and_folders_are_opened_and_rubbish_is_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "all.zip").write_bytes(zipped({
        "ada/work.zip": zipped({"small.ipynb": NOTEBOOK, "__MACOSX/x.ipynb": b"{"}),
        "ben/small.ipynb": NOTEBOOK, "ben/notes.pdf": b"%PDF",
        "ben/.ipynb_checkpoints/small.ipynb": b"{"}))
    (tmp_path / "broken.zip").write_bytes(zipped({"a.ipynb": NOTEBOOK})[:40])
    files, told = found(tmp_path)
    assert set(files) == {"deep/all/ada/work/small.ipynb", "deep/all/ben/small.ipynb"}
    assert any("broken.zip: a zip that cannot be opened" in line for line in told)
    assert any("notes.pdf: no notebook" in line for line in told)


def test_links_and_devices_are_not_followed(tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(NOTEBOOK)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    os.mkfifo(inbox / "pipe.ipynb")
    files, told = found(inbox)
    assert not files and len(told) == 2 and all("not followed" in line for line in told)
    entry = zipfile.ZipInfo("link.ipynb")
    entry.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(entry, "../secret.ipynb")
    (inbox / "links.zip").write_bytes(data.getvalue())
    assert not found(inbox / "links.zip")[0]


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 1000)
    (tmp_path / "bomb.zip").write_bytes(zipped({"a.ipynb": b"{" + b" " * 6000}))
    files, told = found(tmp_path / "bomb.zip")
    assert not files and "too many" in told[0]


def test_the_newest_file_counts_and_the_other_is_named(tmp_path, capsys):
    course = make(tmp_path / "course")
    inbox = tmp_path / "inbox"
    for name, age, data in (("ada/small.ipynb", 100, NOTEBOOK), ("ada/small (1).ipynb", 5, NEWER)):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1e9 - age, 1e9 - age))
    status, out = said(course, capsys, "collect", str(inbox), "--topic", "small")
    assert status == 0 and "ada has handed in small more than once" in out
    assert course.submissions("small")["ada"].read_bytes() == NEWER


def test_a_notebook_says_to_which_set_it_belongs(tmp_path):
    course = Course(tmp_path)
    topics = course.topics()
    line = "from lib.grade.homework import svd as checks"
    data = small.bytes_of({"cells": [{"cell_type": "code", "source": line}]})
    one = opening.Found(PurePosixPath("x.ipynb"), 0.0, data)
    assert topic_of(one, topics) == "svd"
    one = opening.Found(PurePosixPath("ada/cancellation (3).ipynb"), 0.0, b"cut")
    assert topic_of(one, topics) == "cancellation"
    assert topic_of(opening.Found(PurePosixPath("x.ipynb"), 0.0, b"{}"), topics) == ""


def test_nothing_collected_is_no_success(tmp_path, capsys):
    (tmp_path / "inbox").mkdir()
    assert said(make(tmp_path / "c"), capsys, "collect", str(tmp_path / "inbox"))[0] == 1
