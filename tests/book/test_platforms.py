"""A run leaves a record that hides nothing, and many records make one table."""

import json
import subprocess
import sys

import pytest

import latest
import platforms
import stages
from environment import ROOT

NOTEBOOK = {"cells": [{"cell_type": kind, "id": name} for kind, name in (
    ("markdown", "title"), ("code", "setup"), ("code", "run-x"), ("markdown", "say-x"),
    ("code", "claim-x"), ("code", "claim-y"))]}
CASE = '<testcase classname="{}" name="{}">{}</testcase>'
CELLS = [("chapters.sums.ipynb", f"Cell {number}", "") for number in range(4)]
ABOUT = {"system": "Linux x86_64", "python": "3.13.1", "versions": {"numpy": "2.5.2"}}


def report(folder, cases):
    """Write a report as pytest does, into a file; return it."""
    path = folder / "report.xml"
    inside = "".join(CASE.format(*case) for case in cases)
    path.write_text(f"<testsuites><testsuite>{inside}</testsuite></testsuites>", encoding="utf-8")
    return path


def cells(folder, cases):
    """Return what became of the cells of the one chapter."""
    return platforms.cells_of(report(folder, cases), {"sums": NOTEBOOK})


def one(**changed):
    """Return a record in which all is well, but for what is changed."""
    whole = {**ABOUT, "claims": {"sums#claim-x": True, "sums#claim-y": True}, "cells": [2, 2],
             "tests": [9, 9], "unmet": []}
    return {**whole, **changed}


# --- One run --------------------------------------------------------------------------------------

def test_the_cells_of_a_report_are_found_by_their_ids(tmp_path):
    failed = [*CELLS[:3], (*CELLS[3][:2], "<failure>AssertionError</failure>")]
    assert cells(tmp_path, failed) == {"sums": {
        "setup": "passed", "run-x": "passed", "claim-x": "passed", "claim-y": "failed"}}


@pytest.mark.parametrize("child, result", [
    ("", "passed"), ("<failure/>", "failed"), ("<error/>", "failed"), ("<skipped/>", "skipped"),
    ("<system-out/>", "passed")])
def test_a_test_passed_failed_or_was_skipped(child, result, tmp_path):
    path = report(tmp_path, [("tests.linear.test_lu", "test_a", child)])
    assert platforms.results(path) == {("tests.linear.test_lu", "test_a"): result}


def test_a_test_that_failed_once_has_failed(tmp_path):
    # A test whose teardown fails stands in the report twice.
    path = report(tmp_path, [("t", "a", "<failure/>"), ("t", "a", "")])
    assert list(platforms.results(path).values()) == ["failed"]


def test_a_record_counts_claims_other_cells_and_tests(tmp_path):
    unit = {("a", "1"): "passed", ("a", "2"): "skipped", ("a", "3"): "failed"}
    kept = platforms.record(ABOUT, unit, cells(tmp_path, CELLS), ["x"])
    assert kept == one(tests=[1, 2], unmet=["x"])


@pytest.mark.parametrize("change, said", [
    (lambda cases: cases[:3], ["3 of 4 cells of sums ran"]),
    (lambda cases: [], ["0 of 4 cells of sums ran"]),
    (lambda cases: [*cases[:3], (*cases[3][:2], "<skipped/>")], ["3 of 4 cells of sums ran"]),
    (lambda cases: cases, []),
])
def test_a_chapter_that_did_not_run_to_its_end_is_told(change, said, tmp_path):
    unit = {("tests.linear.test_lu", "test_a"): "passed"}
    found = cells(tmp_path, change(CELLS))
    assert platforms.unmet(unit, found, {"sums": NOTEBOOK}, ["tests/linear/test_lu"]) == said


def test_no_tests_and_no_chapters_are_told():
    assert platforms.unmet({}, {}, {}, ["tests/linear/test_lu"]) == [
        "no test of tests/linear/test_lu ran", "the table of contents names no chapter"]


def test_the_chapters_are_those_of_the_table_of_contents():
    found = platforms.chapters()
    on_disk = {path.stem for path in (ROOT / "chapters").glob("*.ipynb")}
    assert set(found) == on_disk and next(iter(found)) == "floating_point"


def test_the_files_to_be_met_are_those_of_every_room():
    found = set(latest.files())
    assert {"tests/linear/test_eigen", "tests/page/test_frames"} <= found
    assert {name.split("/")[1] for name in found} == {room[6:] for room in latest.rooms()}


# --- The command ----------------------------------------------------------------------------------

def run_latest(monkeypatch, folder, unit, chapter):
    """Call `make latest` with stages that only leave reports; return its exit status."""
    def leave(name, cases):
        inside = "".join(CASE.format(*case) for case in cases)
        text = f"<testsuites>{inside}</testsuites>"
        code = f"import pathlib; pathlib.Path({str(folder / name)!r}).write_text({text!r})"
        return stages.Stage(name, "a report", (sys.executable, "-c", code), {})

    monkeypatch.setattr(latest, "LEFT", folder)
    monkeypatch.setattr(latest, "install", lambda: sys.executable)
    monkeypatch.setattr(latest, "files", lambda: ["tests/linear/test_lu"])
    monkeypatch.setattr(platforms, "chapters", lambda: {"sums": NOTEBOOK})
    monkeypatch.setattr(latest, "all_stages", lambda python: [
        *([leave("tests.xml", unit)] if unit is not None else []), leave("cells.xml", chapter)])
    return latest.main()


UNIT = [("tests.linear.test_lu", "test_a", "")]


def test_a_whole_run_leaves_its_record(monkeypatch, tmp_path, capfd):
    assert run_latest(monkeypatch, tmp_path / "latest", UNIT, CELLS) == 0
    kept = json.loads((tmp_path / "latest" / "record.json").read_text())
    assert kept["claims"] == one()["claims"] and kept["tests"] == [1, 1]
    assert set(kept["versions"]) == {"numpy", "scipy", "matplotlib", "mpmath"}
    assert "1 chapters, every file of tests were met" in capfd.readouterr().out


@pytest.mark.parametrize("unit, chapter, said", [
    ([], CELLS, "no test of tests/linear/test_lu ran"),
    (UNIT, [], "0 of 4 cells of sums ran"),
    (None, CELLS, "tests.xml was not written"),
])
def test_a_run_of_nothing_has_failed_though_all_stages_passed(unit, chapter, said, monkeypatch,
                                                              tmp_path, capfd):
    folder = tmp_path / "latest"
    folder.mkdir()
    for name in ("record.json", "tests.xml"):  # as an earlier run left them
        (folder / name).write_text("of an earlier run")
    assert run_latest(monkeypatch, folder, unit, chapter) == 1
    assert said in capfd.readouterr().out
    assert "of an earlier run" not in "".join(path.read_text() for path in folder.iterdir())


# --- Many runs ------------------------------------------------------------------------------------

def test_where_all_is_well_nothing_is_told():
    assert platforms.failures([one(), one(system="Darwin arm64")], 2) == []


@pytest.mark.parametrize("changed, said", [
    ({"claims": {"sums#claim-x": False, "sums#claim-y": True}},
     "sums#claim-x fails on macOS arm64, Python 3.13"),
    ({"claims": {"sums#claim-x": True}}, "1 claims were not met on macOS arm64"),
    ({"cells": [1, 2]}, "1 of 2 other cells pass on macOS arm64, Python 3.13"),
    ({"unmet": ["no test of x ran"]}, "no test of x ran on macOS arm64, Python 3.13"),
    ({"tests": [0, 0]}, "0 of 0 unit tests pass on macOS arm64, Python 3.13"),
])
def test_what_failed_is_told_with_its_platform(changed, said):
    found = platforms.failures([one(), one(system="Darwin arm64", **changed)], 2)
    assert len(found) == 1 and said in found[0]


def test_a_platform_without_a_record_is_told():
    assert platforms.failures([one()], 3) == ["1 of 3 platforms left a record"]
    assert platforms.failures([], 3) == ["0 of 3 platforms left a record"]


def test_the_table_has_a_row_for_each_claim_and_a_column_for_each_platform():
    lines = platforms.table([one(), one(system="Windows AMD64", python="3.14.0", claims={
        "sums#claim-x": False})]).splitlines()
    assert lines[0] == "|  | Linux x86_64, Python 3.13 | Windows AMD64, Python 3.14 |"
    assert "| claims | 2 of 2 | 0 of 2 |" in lines
    assert lines[-2:] == ["| `sums#claim-x` | holds | **FAILS** |",
                          "| `sums#claim-y` | holds | not met |"]
    assert {line.count("|") for line in lines} == {4}


@pytest.mark.parametrize("expect, status", [("2", 0), ("3", 1)])
def test_the_tool_writes_table_and_failures(expect, status, tmp_path):
    for number, python in enumerate(("3.9.1", "3.13.1")):
        (tmp_path / f"record-{number}").mkdir()
        (tmp_path / f"record-{number}" / "record.json").write_text(json.dumps(one(python=python)))
    command = [sys.executable, "tools/platforms.py", str(tmp_path), "--expect", expect]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    head = (tmp_path / "table.md").read_text().splitlines()[0]
    assert head.index("Python 3.9") < head.index("Python 3.13")
    told = (tmp_path / "failures.md").read_text()
    assert told == ("- 2 of 3 platforms left a record\n" if status else
                    "Every claim holds on every platform.\n")
