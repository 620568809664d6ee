"""Broken and forged files earn what the answers in them deserve, and are named in the summary."""

import copy
import html
import json
import re

import pytest

from homework import bench
from homework.notebooks import LARGEST
from homework.summary import sentence
from tests.homework import small

CELLS = small.master(["half", "pair"], prose=False)
WRONG = "def half(x):\n    return 0 * x"
FULL = {"half": 4, "pair": 2}
NONE = {"half": 0, "pair": 0}


def changed(change, **answers):
    """Return the bytes of a submission after change(notebook)."""
    notebook = small.submission(cells=CELLS, **answers)
    change(notebook)
    return small.bytes_of(notebook)


def without_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def without_names(notebook):
    without_metadata(notebook)
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4


def forge(notebook):
    small.cell_of(notebook, "check-half")["source"] = "pass"
    graded = small.cell_of(notebook, "grade-half")
    graded["source"] = "100.0"
    graded["metadata"]["nbgrader"]["points"] = 100


def skip(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]


def delete(*names):
    return lambda notebook: notebook["cells"].__setitem__(slice(None), [
        cell for cell in notebook["cells"] if cell["id"] not in names])


def twice(name, source=None):
    def add(notebook):
        one = copy.deepcopy(small.cell_of(notebook, name))
        one["id"] = "copy"
        one["source"] = one["source"] if source is None else source
        notebook["cells"].append(one)
    return add


def edit(name, **fields):
    return lambda notebook: small.cell_of(notebook, name).update(fields)


def version_three(notebook):
    cells = [{"cell_type": "code", "input": cell["source"], "metadata": {}}
             for cell in notebook.pop("cells") if cell["cell_type"] == "code"]
    notebook.update(nbformat=3, worksheets=[{"cells": cells}])


def kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "conda-env-mine", "language": "julia"}


def crowd(notebook):
    notebook["cells"] += [{"cell_type": "code", "source": f"x = {k}", "id": f"x{k}"}
                          for k in range(3000)]


def own_check(notebook):
    small.cell_of(notebook, "setup")["source"] = (
        "import numpy as np\nimport types\n"
        "checks = types.SimpleNamespace(check_half=lambda *a, **k: 4, check_pair=lambda *a, **k: 4)"
        '\nVARIANT = "easy"')


RAW = {
    "cut off": (small.bytes_of(small.submission(cells=CELLS))[:1500], "could not be read: it is"),
    "empty": (b"", "could not be read: it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is no text in UTF-8"),
    "a web page": (b"<!doctype html><title>Sign in</title>", "it is no JSON"),
    "a list": (b"[1, 2]", "it has no cells"),
    "null": (b"null", "it has no cells"),
    "no cells": (b'{"nbformat": 4, "cells": []}', "it has no cells"),
    "cells that are none": (b'{"cells": [1, null, "x", {"source": 3}]}', "it has no cells"),
    "nested without end": (b'{"cells": ' + b"[" * 200_000, "it is no JSON"),
    "a number of a million digits": (b'{"cells": ' + b"9" * 1_000_000 + b"}", "it is no JSON"),
    "too large": (b" " * (LARGEST + 1), "MiB"),
    "UTF-16": (small.bytes_of(small.submission(cells=CELLS)).decode().encode("utf-16"), "UTF-8"),
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_notebook_has_no_marks_and_says_why(name, tmp_path):
    data, words = RAW[name]
    result = small.result_of(data, tmp_path, CELLS)
    assert small.points_of(result) == dict.fromkeys(NONE)
    assert {row["state"] for row in result["problems"]} == {"failed"}
    assert words in sentence({**result, "state": "failed"})
    assert json.loads(result["notebook"])["cells"]


# name: (change, other answers, points, a part of the sentence)
FORGED = {
    "edits checks and points": (forge, {"half": WRONG}, {"half": 0},
                                "'check-half', 'grade-half', locked, changed and restored"),
    "tags every cell skip-execution": (skip, {"half": WRONG}, {"half": 0}, "half: wrong"),
    "brings its own judges and variant": (own_check, {"half": WRONG}, {"half": 0},
                                          "'setup', locked, changed"),
    "deletes the graded cells": (delete("grade-half", "check-half"), {"half": WRONG}, {"half": 0},
                                 "half: wrong"),
    "deletes an answer": (delete("answer-half"), {}, {"half": 0}, "'half' is missing"),
    "copies an answer": (twice("answer-half"), {}, {}, "'half' is there twice"),
    "a wrong copy comes later": (twice("answer-half", WRONG), {}, {"half": 0}, "is there twice"),
    "a blank copy comes later": (twice("answer-half", "def half(x):\n    ..."), {}, {},
                                 "6 of 6"),
    "copies a graded cell": (twice("grade-half", "4.0"), {"half": WRONG}, {"half": 0}, "twice"),
    "has lost its metadata": (without_metadata, {}, {}, "metadata is lost"),
    "has lost metadata and ids": (without_names, {}, {}, "metadata is lost"),
    "has lost all but code": (version_three, {}, {}, "metadata is lost"),
    "one grade_id is missing": (edit("answer-half", metadata={"nbgrader": {"solution": True}}), {},
                                {}, "6 of 6"),
    "metadata of the wrong kind": (edit("answer-half", metadata={"nbgrader": [1]}), {}, {},
                                   "6 of 6"),
    "another kernel": (kernel, {}, {}, "6 of 6"),
    "an answer made Markdown": (edit("answer-half", cell_type="markdown"), {}, {}, "6 of 6"),
    "an answer as a list of lines": (
        edit("answer-half", source=["def half(x):\n", 7, "    y = x * x\n",
                                    "    return y / (1 + (1 + y)**0.5)"]), {}, {}, "6 of 6"),
    "an answer that is no text": (edit("answer-half", source={"a": 1}), {}, {"half": 0},
                                  "'half' is missing"),
    "a null character": (edit("answer-half", source=small.RIGHT["half"] + "\0\n"), {}, {},
                         "6 of 6"),
    "half a character": (edit("answer-half", source=small.RIGHT["half"] + "  # \ud800"), {}, {},
                         "6 of 6"),
    "an import added to the locked cell": (
        edit("setup", source="import numpy as np\nimport math\nimport small_checks as checks\n"
                             'VARIANT = ""'),
        {"half": "def half(x):\n    return x * x / (math.sqrt(1 + x * x) + 1)"}, {},
        "'setup', locked, changed and restored"),
    "three thousand cells": (crowd, {}, {}, "3000 cells were added, of which 200 run"),
    "cells in reverse order": (lambda notebook: notebook["cells"].reverse(), {}, {}, "6 of 6"),
    "an answer of a megabyte": (
        edit("answer-half", source="# " + "x" * 10**6), {}, {"half": 0}, "letters was cut"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_file_earns_what_its_answers_deserve(name, tmp_path):
    change, answers, points, words = FORGED[name]
    result = small.result_of(changed(change, **answers), tmp_path, CELLS)
    assert small.points_of(result) == FULL | points
    assert words in sentence({**result, "state": "graded"})


def test_prose_is_read_by_a_person_and_holds_no_script(tmp_path):
    cells = small.master(["pair"])
    notebook = small.submission(cells=cells)
    small.cell_of(notebook, "answer-why").update(
        source="It <script>alert(1)</script> [rounds](javascript:alert(1)).",
        attachments={"x.png\" onerror=\"alert(1)": {"image/png": "AAAA"},
                     "a.png": {"image/svg+xml": "<svg onload='alert(1)'/>"}})
    result = small.result_of(notebook, tmp_path, cells)
    assert small.points_of(result) == {"pair": 2, "why": None}
    assert "2 of 2 points, 2 more to be read" in sentence({**result, "state": "graded"})
    shown = small.cell_of(json.loads(result["notebook"]), "answer-why")
    assert "<script" not in shown["source"] and "javascript:" not in shown["source"]
    assert "attachments" not in shown
    untouched = small.result_of(small.submission(cells=cells), tmp_path, cells)
    assert small.points_of(untouched)["why"] == 0


def own_cell(notebook):
    notebook["cells"].insert(-1, {
        "cell_type": "markdown", "id": "mine", "metadata": {},
        "source": "The 1 swallows x, ![](attachment:image.png) <script>alert(1)</script>",
        "attachments": {"image.png": {"image/png": small.PNG}}})


def copied_answer(notebook):
    one = copy.deepcopy(small.cell_of(notebook, "answer-why"))
    notebook["cells"].append({**one, "id": "copy", "source": "The 1 swallows x."})


# Where a student wrote prose, the answer's own cell being as it was released.
BESIDE = {
    "a cell of their own": own_cell,
    "a second copy of the answer": copied_answer,
    "the title, which is locked": edit("title", source="# A small set\n\nThe 1 swallows x."),
    "a raw cell": lambda notebook: notebook["cells"].append(
        {"cell_type": "raw", "id": "mine", "metadata": {}, "source": "The 1 swallows x."}),
}


@pytest.mark.parametrize("name", BESIDE)
def test_prose_beside_the_answer_is_read_by_a_person(name, tmp_path):
    cells = small.master(["pair"])
    notebook = small.submission(cells=cells)
    BESIDE[name](notebook)
    result = small.result_of(notebook, tmp_path, cells)
    row = next(row for row in result["problems"] if row["grade_id"] == "why")
    assert row["points"] is None and row["state"] == "by hand" and "verdict" not in row
    assert re.search(r"2 more to be read; .*a Markdown cell of \d+ words belongs to no answer",
                     sentence({**result, "state": "graded"}))
    shown = small.cell_of(json.loads(result["notebook"]), "answer-why")
    assert "The 1 swallows x" in shown["source"] and "<script" not in shown["source"]
    assert ("attachments" in shown) == (name == "a cell of their own")


@pytest.mark.parametrize("source", ["---", "", "  \n"])
def test_a_cell_of_no_words_leaves_the_answer_not_attempted(source, tmp_path):
    cells = small.master(["pair"])
    notebook = small.submission(cells=cells)
    notebook["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": source})
    assert small.points_of(small.result_of(notebook, tmp_path, cells))["why"] == 0


BROKEN = {
    "SyntaxError, line 2": "def half(x):\n    return x +* 2",
    "IndentationError, line 2": "def half(x):\nreturn x",
    "NameError: name 'nop' is not defined": "nop.half\ndef half(x):\n    return x",
}


@pytest.mark.parametrize("words", BROKEN)
def test_an_answer_that_does_not_run_is_not_called_unattempted(words, tmp_path):
    result = small.result_of(changed(lambda notebook: None, half=BROKEN[words]), tmp_path, CELLS)
    assert small.points_of(result) == FULL | {"half": 0}
    row = result["problems"][0]
    assert row["headline"] == f"half: does not run: {words}" and row["verdict"] == "does not run"
    assert f"half: does not run: {words}" in sentence({**result, "state": "graded"})
    shown = small.cell_of(json.loads(result["notebook"]), "grade-half")["outputs"][0]["data"]
    assert all(f"does not run: {words}" in html.unescape(shown[kind]) for kind in shown)
    assert "not attempted" not in result["notebook"]


def test_an_empty_submission_is_not_attempted(tmp_path):
    result = small.result_of(small.submission({}, CELLS), tmp_path, CELLS)
    assert small.points_of(result) == NONE
    assert all(row["verdict"] == "not attempted" for row in result["problems"])


def test_a_judge_that_fails_leaves_the_problem_ungraded(tmp_path):
    cells = small.master(["pair"], prose=False)
    line = next(cell for cell in cells if cell.id == "grade-pair")
    line.source = line.source.replace("check_pair(pair", "check_slow(pair")
    result = small.result_of(small.submission(cells=cells), tmp_path, cells)
    assert small.points_of(result) == {"pair": None}
    assert result["problems"][0]["state"] == "failed"
    assert "the judge failed: TypeError" in result["problems"][0]["headline"]


def test_judges_lie_where_nobody_else_writes_and_are_whole(tmp_path, monkeypatch):
    data = {"own_checks.py": bench.as_array(b"x = 1\n")}
    folder = bench.laid_out(data, tmp_path)
    assert (folder / "own_checks.py").read_bytes() == b"x = 1\n"
    assert folder == bench.laid_out(data, tmp_path) and folder.stat().st_mode & 0o777 == 0o700
    with monkeypatch.context() as patch:
        patch.setattr(bench.Path, "write_bytes", lambda *args: 1 / 0)  # as where a disk is full
        with pytest.raises(ZeroDivisionError):
            bench.laid_out({"other.py": data["own_checks.py"]}, tmp_path)
    whole = bench.laid_out({"other.py": data["own_checks.py"]}, tmp_path)
    assert (whole / "other.py").read_bytes() == b"x = 1\n"


def test_a_bench_takes_its_folder_with_it():
    made = bench.started()
    _, folder = bench.open_ones[-1]
    place = bench.Path(folder.name)
    assert place.stat().st_mode & 0o777 == 0o700 and str(place) in made.process.args
    bench.close()
    assert not place.exists() and not made.alive


def test_a_mark_by_hand_belongs_to_one_text_with_its_pictures():
    """Another picture, a code block in place of prose, another indent: another answer."""
    from homework.judging import fingerprint
    from homework.problems import Problem

    def print_of(source, picture=small.PNG, kind="markdown", word="why"):
        marks = small.marks("why", solution=True, grade=True, points=2.0)
        pictures = {"plot.png": {"image/png": picture}} if picture else {}
        problem = Problem(word, 2.0, check="" if word == "why" else "check_f")
        return fingerprint(problem, [small.Cell(kind, source, "answer-why", marks, pictures)])

    text = "See ![](attachment:plot.png)\n\n    x = 1"
    assert print_of(text) == print_of(text.replace("\n", "\r\n")) == print_of(text)
    others = [print_of(text, "AAAA"), print_of(text, None), print_of(text.replace("    ", "")),
              print_of(text.replace("\n\n", "\n"))]
    assert len({print_of(text), *others}) == 5
    loops = [f"for k in x:\n    f(k)\n{indent}g(k)" for indent in ("", "    ")]
    assert len({print_of(loop, kind="code", word="grade-f") for loop in loops}) == 2
