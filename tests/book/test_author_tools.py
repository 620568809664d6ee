"""What authors call says what is wrong with its arguments and files, and how to go on."""

import os
import signal
import subprocess
import sys
import time

import pytest

import chapter
import claims
import contract
import drawn
import new_chapter
import once
import stages
import story
from environment import Trouble

ROOT = chapter.ROOT


@pytest.mark.parametrize("text, reason", [
    ("", "is no notebook: Expecting value"), ("<<<<<<< HEAD\n{}", "marks of a merge"),
    ("\ufeff{}", "is no notebook"), ("[]", "is no notebook"),
    ('{"cells": []}', "of format 4: it has no metadata")])
def test_a_damaged_notebook_is_named_with_a_remedy(tmp_path, text, reason):
    path = tmp_path / "torn.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=rf"torn\.ipynb.*{reason}"):
        chapter.read(path)


@pytest.mark.parametrize("name", ["nix.ipynb", "nix", "chapters", ""])
def test_what_is_no_notebook_is_told_with_those_that_are(name):
    for main in (contract.main, claims.main):
        with pytest.raises(Trouble, match=r"There is no notebook .*softmax"):
            main([name])


def test_a_topic_is_as_good_as_a_path(capsys):
    assert chapter.asked("About.", ["qr"]) == [ROOT / "chapters" / "qr.ipynb"]
    assert chapter.asked("About.", []) == chapter.paths()
    assert contract.main(["qr"]) == 0
    for main in (contract.main, claims.main):
        with pytest.raises(SystemExit):
            main(["--help"])
        assert "paths or topics" in capsys.readouterr().out


def test_a_prerequisite_that_no_page_has_is_a_fault_like_others():
    page = chapter.Cell("markdown", "title", "*Prerequisites*: {doc}`conditionning`.", {})
    faults = list(story.order(chapter.Chapter("qr", (page,))))
    assert faults == ["title: needs conditionning, which _toc.yml does not list"]


@pytest.mark.parametrize("title, reason", [
    ("Glossary", "page glossary exists"), ("../evil", "no name for a file"),
    ("QR", "page qr exists"), ("a\\b", "no name for a file")])
def test_a_new_chapter_takes_the_place_of_no_page(title, reason):
    with pytest.raises(Trouble, match=reason):
        new_chapter.write(title)


def test_figures_are_asked_for_by_topic_and_noted_all_at_once():
    with pytest.raises(Trouble, match="There is no chapter 'nonsense'"):
        drawn.main(["nonsense"])
    with pytest.raises(Trouble, match="all chapters at once"):
        drawn.main(["qr", "note"])


def test_figures_that_did_not_run_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(drawn.book, "BUILD", tmp_path)
    with pytest.raises(Trouble, match=r"make check CHAPTER=qr"):
        drawn.main(["qr"])


def test_a_false_claim_says_its_values():
    cells = (chapter.Cell("code", "run-gap", "gap = 8.0", {}),
             chapter.Cell("code", "claim-gap", "assert gap == 9", {}))
    assert claims.faults(chapter.Chapter("tiny", cells)) == [
        "claim-gap raises AssertionError: `gap == 9` is false: gap = 8.0"]


def test_a_cell_is_named_once(monkeypatch):
    said = []
    monkeypatch.setattr(once.nbval.plugin.IPyNbCell, "raise_cell_error",
                        lambda self, message, *details: said.append(message))
    cell = object.__new__(once.Cell)
    cell.cell = chapter.Cell("code", "claim-gap", "", {})
    cell.raise_cell_error("claim-gap: `assert gap` passes though")
    cell.raise_cell_error("Cell outputs differ")
    assert said == ["claim-gap: `assert gap` passes though", "claim-gap: Cell outputs differ"]


def stage(name, code, needs=""):
    return stages.Stage(name, name, (sys.executable, "-c", code), {}, needs)


def test_what_would_judge_an_old_page_does_not_run(capsys, tmp_path):
    ran = tmp_path / "ran"
    look = stage("look", f"open({str(ran)!r}, 'w')", "page")
    assert stages.carry_out([stage("page", "raise SystemExit(1)"), look]) == ["page"]
    assert not ran.exists() and "look: not run, for page failed" in capsys.readouterr().out
    assert stages.carry_out([stage("page", "0"), look]) == [] and ran.exists()
    assert "2 passed" in capsys.readouterr().out


def test_a_stage_that_was_skipped_is_named_aloud_and_is_no_failure(capsys):
    away = stage("wasm", "print('NO PACKAGE'); raise SystemExit(77)")
    assert stages.carry_out([away, stage("page", "0")]) == []
    told = capsys.readouterr().out
    assert "THE STAGE WASM WAS SKIPPED" in told and "\nwasm       SKIPPED" in told
    assert "1 passed in" in told


def test_check_asks_for_a_chapter():
    with pytest.raises(Trouble, match=r"Which chapter\? .*CHAPTER=softmax"):
        stages.check("")


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a program without a signal")
def test_a_program_that_is_told_to_end_takes_its_command_along(tmp_path):
    alive = tmp_path / "alive"
    inner = f"import time\nfor _ in range(600):\n open({str(alive)!r}, 'w'); time.sleep(0.1)"
    outer = ("import sys; sys.path.insert(0, 'tools'); import environment\n"
             f"sys.exit(environment.call([sys.executable, '-c', {inner!r}]))")
    process = subprocess.Popen([sys.executable, "-c", outer], cwd=ROOT)
    for _ in range(600):
        if alive.exists():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    alive.unlink()
    time.sleep(0.5)
    assert not alive.exists()
