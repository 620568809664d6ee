"""Handed-in predictions: completion and beliefs of honest files, a reason for each other one."""

import csv
import json
import os
import zipfile

import pytest

from homework import Trouble
from homework.exams import handed_in
from homework.kit import lessons

ASKED = lessons.predictions(lessons.lesson("lu"))
OPTIONAL = next(one for one in ASKED if one.options)


def honest(**changes):
    """Return what the page saves, with some changes."""
    choices = [[one.id, one.answer if one.options else "0.25"] for one in ASKED]
    return {"chapter": "lu", "version": "0.1.0", "choices": choices, **changes}


def put(folder, name, data):
    """Write a file; return it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def run(folder, place=None, *options):
    """Run the command on a place, `in` by default, into `out`; return the exit status."""
    return handed_in.main([str(place or folder / "in"), "--to", str(folder / "out"),
                           "--course", str(folder / "course"), *options])


def test_completion_counts_what_was_given_and_not_whether_it_is_right(tmp_path, capsys):
    wrong = next(iter(OPTIONAL.misconceptions))
    put(tmp_path, "in/ada/predictions-lu.json", honest())
    put(tmp_path, "in/bob.json", honest(choices=[[OPTIONAL.id, wrong]]))
    put(tmp_path, "in/cy.json", honest(choices=[[OPTIONAL.id, "shown"]]))
    put(tmp_path, "in/dee.json", honest(choices=[]))
    assert run(tmp_path) == 0
    with (tmp_path / "out" / "completion.csv").open() as held:
        rows = {row["student"]: row for row in csv.DictReader(held)}
    n = len(ASKED)
    assert {name: (int(row["given"]), int(row["asked"])) for name, row in rows.items()} == {
        "ada": (n, n), "bob": (1, n), "cy": (0, n), "dee": (0, n)}
    with (tmp_path / "out" / "beliefs.csv").open() as held:
        (row,) = csv.DictReader(held)
    assert row["misconception"] == OPTIONAL.misconceptions[wrong] and row["times"] == "1"
    assert "Files read: 4, left out: 0." in (tmp_path / "out" / "page.html").read_text()
    assert "Files read: 4, left out: 0." in capsys.readouterr().out


def test_beliefs_are_summed_the_commonest_first():
    first, second = list(OPTIONAL.misconceptions)[:2]
    made = [handed_in.Handed(str(at), "lu", "1", ((OPTIONAL.id, (at % 3 and first) or second,
                                                       handed_in.UNSAID),))
            for at in range(9)]
    rows = handed_in.beliefs(made)
    assert [row[3] for row in rows] == [6, 3]
    assert rows[0][2] == OPTIONAL.misconceptions[first]


def test_what_is_sure_and_wrong_comes_first_and_files_of_before_are_read(tmp_path, capsys):
    first, second = list(OPTIONAL.misconceptions)[:2]
    chosen = [(first,), (first,), (first, "guess"), (second, "sure"), (second, "think so"),
              (OPTIONAL.answer, "sure"), (OPTIONAL.answer,)]
    for at, choice in enumerate(chosen):
        put(tmp_path, f"in/{at}.json", honest(choices=[[OPTIONAL.id, *choice]]))
    assert run(tmp_path) == 0
    with (tmp_path / "out" / "beliefs.csv").open() as held:
        rows = list(csv.DictReader(held))
    counts = [[int(row[name]) for name in ("times", "sure", "think so", "guess", "not said")]
              for row in rows]
    assert counts == [[2, 1, 1, 0, 0], [3, 0, 0, 1, 2]]
    assert rows[0]["misconception"] == OPTIONAL.misconceptions[second]
    with (tmp_path / "out" / "calibration.csv").open() as held:
        assert [tuple(row.values()) for row in csv.DictReader(held)] == [
            ("sure", "2", "1"), ("think so", "1", "0"), ("guess", "1", "0"), ("not said", "3", "1")]
    page = (tmp_path / "out" / "page.html").read_text()
    assert "<tr><td>sure</td><td>2</td><td>1</td></tr>" in page


HOSTILE = {
    "no JSON": "{", "empty": "", "a list": [], "a number": 3, "deep": "[" * 30_000,
    "huge": " " * (handed_in.LARGEST + 1), "a forged key": {**honest(), "mark": 100},
    "no version": {"chapter": "lu", "choices": []},
    "another chapter": honest(chapter="../../etc/passwd"),
    "a chapter that is a list": honest(chapter=["lu"]),
    "a version with markup": honest(version="<script>"), "choices as a map": honest(choices={}),
    "too many choices": honest(choices=[[OPTIONAL.id, 1]] * 21),
    "twice": honest(choices=[[OPTIONAL.id, 1]] * 2),
    "an unknown question": honest(choices=[["predict-nothing", 1]]),
    "option 9": honest(choices=[[OPTIONAL.id, 9]]), "option 0": honest(choices=[[OPTIONAL.id, 0]]),
    "a truth value": honest(choices=[[OPTIONAL.id, True]]),
    "a fraction": honest(choices=[[OPTIONAL.id, 1.0]]),
    "a text for an option": honest(choices=[[OPTIONAL.id, "1"]]),
    "three in a pair": honest(choices=[[OPTIONAL.id, 1, 2]]),
    "four in a pair": honest(choices=[[OPTIONAL.id, 1, "sure", "sure"]]),
    "another confidence": honest(choices=[[OPTIONAL.id, 1, "certain"]]),
    "a list for a confidence": honest(choices=[[OPTIONAL.id, 1, ["sure"]]]),
    "a confidence of nothing": honest(choices=[[OPTIONAL.id, "shown", "sure"]]),
    "a list for a name": honest(choices=[[["x"], 1]]),
    "no number": '{"chapter": "lu", "version": "1", "choices": [["' + OPTIONAL.id + '", NaN]]}',
    "a large number": '{"chapter": "lu", "version": "1", "choices": [["' + OPTIONAL.id + '", '
                      + "9" * 6000 + "]]}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_of_another_shape_is_left_out_with_a_reason(name, tmp_path):
    path = put(tmp_path, "x.json", HOSTILE[name])
    with pytest.raises(handed_in.Refused):
        handed_in.read(path.read_bytes(), "x")


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make links")
def test_bytes_that_are_no_text_links_and_pipes_are_left_out(tmp_path, capsys):
    folder = tmp_path / "in"
    put(folder, "good.json", honest())
    (folder / "bytes.json").write_bytes(b"\xff\x00")
    (folder / "link.json").symlink_to(folder / "good.json")
    (folder / "folder.json").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.json")
    assert run(tmp_path) == 1
    said = capsys.readouterr().out
    assert f"Files read: 1, left out: {2 + hasattr(os, 'mkfifo')}." in said
    assert "Left out: bytes.json: it is not JSON." in said
    assert "Left out: link.json: a link or a device, which is not followed." in said


def test_names_are_harmless_in_the_page_and_in_a_spreadsheet():
    made = handed_in.page([], ["<img src=x>: it is not JSON"], [])
    assert "<img" not in made and "&lt;img" in made
    rows = handed_in.table([["student"], ["=cmd()"], ["@x"], ["-1"], ["a\nb\x00"], ["ada"]])
    assert rows.split("\n") == ['"student"', '"\'=cmd()"', '"\'@x"', '"\'-1"', '"a b\ufffd"',
                                '"ada"', ""]


CLASS = """id,name,email,lms_id
ada,Ada Lovelace,ada@example.org,4711
jm,Jürgen Müller,jm@example.org,4712
mm,Mia Müller,mm@example.org,4713
zw,Zoë Wu,zw@example.org,4714
"""


@pytest.fixture
def course(tmp_path):
    """Return the folder of a course with a class of four."""
    put(tmp_path, "course/students.csv", CLASS)
    return tmp_path / "course"


def zipped(path, files):
    """Write a zip of texts by name; return its path."""
    with zipfile.ZipFile(path, "w") as held:
        for name, data in files.items():
            held.writestr(name, data if isinstance(data, bytes | str) else json.dumps(data))
    return path


def rows_of(path):
    """Return the rows of a CSV."""
    with path.open(encoding="utf-8") as held:
        return list(csv.reader(held))


@pytest.mark.parametrize("names", [
    ("lovelaceada_4711_99_predictions-lu.json", "mllerjrgen_LATE_4712_98_predictions-lu-1.json"),
    ("Ada Lovelace_17_assignsubmission_file_/predictions-lu.json",
     "Jürgen Müller_18_assignsubmission_file_/predictions-lu (1).json"),
    ("ada/predictions-lu.json", "jm/predictions-lu.json")])
def test_names_of_platforms_become_ids_and_marks_go_back(names, course, tmp_path, capsys):
    ada, juergen = names
    place = zipped(tmp_path / "export.zip", {
        ada: honest(), juergen: honest(choices=[[OPTIONAL.id, 1]])})
    assert run(tmp_path, place, "--lms", "canvas") == 0, capsys.readouterr().out
    head, *rows = rows_of(tmp_path / "out/completion.csv")
    assert head == ["student", "name", "chapter", "version", "given", "asked", "share"]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("ada", "Ada Lovelace", str(len(ASKED))), ("jm", "Jürgen Müller", "1")]
    head, possible, *rows = rows_of(tmp_path / "out/predictions-lu-canvas.csv")
    assert head[:2] == ["Student", "ID"] and head[5] == "predictions lu"
    assert possible[5] == str(len(ASKED))
    assert {row[1]: row[5] for row in rows} == {
        "4711": str(len(ASKED)), "4712": "1", "4713": "", "4714": ""}
    assert run(tmp_path, place, "--lms", "moodle") == 0
    assert rows_of(tmp_path / "out/predictions-lu-moodle.csv")[1] == [
        "ada", "Ada Lovelace", "ada@example.org", str(len(ASKED))]


def test_who_is_not_known_or_nobody_is_named_and_left(course, tmp_path, capsys):
    place = zipped(tmp_path / "export.zip", {
        "ghostgary_4799_1_predictions-lu.json": honest(), "predictions-lu.json": honest(),
        "adalovelace_9999_2_predictions-lu.json": honest(), "zw.json": honest(),
        "zw/notes.pdf": b"%PDF", "essay_4713_7_predictions-lu.json": "{"})
    assert run(tmp_path, place) == 1
    said = capsys.readouterr().out
    assert "Files read: 1, left out: 5." in said
    for line in ("ghostgary is not in students.csv; put the name there, or say --strangers",
                 "Left out: predictions-lu.json: nameless is not in students.csv",
                 "its name is that of ada, its number is not",
                 "zw/notes.pdf: no file of predictions", "it is not JSON"):
        assert line in said
    assert [row[0] for row in rows_of(tmp_path / "out/completion.csv")[1:]] == ["zw"]
    assert run(tmp_path, place, "--strangers") == 1
    assert "ghostgary" in (tmp_path / "out/completion.csv").read_text()
    assert "whose it is cannot be told" in capsys.readouterr().out


def test_of_two_files_the_newer_counts_and_each_chapter_has_its_own(course, tmp_path, capsys):
    old = put(tmp_path, "in/ada/predictions-lu.json", honest(choices=[]))
    put(tmp_path, "in/ada/predictions-lu (1).json", honest())
    put(tmp_path, "in/ada/predictions-qr.json", honest(chapter="qr", choices=[]))
    os.utime(old, (1e9, 1e9))
    assert run(tmp_path) == 0
    assert [(row[0], row[2], row[4]) for row in rows_of(tmp_path / "out/completion.csv")[1:]] == [
        ("ada", "lu", str(len(ASKED))), ("ada", "qr", "0")]
    assert "ada has handed in lu more than once; ada/predictions-lu.json is left." in (
        capsys.readouterr().out)


def test_an_empty_or_missing_folder_is_told(tmp_path):
    with pytest.raises(Trouble, match="There is no folder"):
        run(tmp_path, tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Trouble, match="holds no"):
        run(tmp_path, tmp_path / "empty")
