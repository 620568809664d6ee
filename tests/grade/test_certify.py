"""Right routines are certified, each classic wrong one has the verdict that the page shows."""

import importlib.util
import itertools
import re
import sys

import numpy as np
import pytest

from environment import ROOT
from lib.__main__ import main
from lib.grade.certify import KINDS, certify
from lib.grade.certify.kinds import Case
from lib.grade.report import VERDICTS
from tests.grade.certified import HIDDEN_IN_FLOAT32, TOLD, WRONG, certificates, ran
from tests.grade.certified_right import RIGHT

SPEC = importlib.util.spec_from_file_location(
    "certify_false_failures", ROOT / "benchmarks" / "certify_false_failures.py")
BENCHMARK = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(BENCHMARK)
PAGE = (ROOT / "chapters" / "certify.md").read_text(encoding="utf-8")
TABLE = {(what, name): (verdict, re.findall(r"`(\w+)`", chapters))
         for what, name, verdict, chapters in re.findall(
             r"^\| `(\w+)` \| (.*?) \| \*(.*?)\* \| (\{doc\}.*) \|$", PAGE, re.MULTILINE)}
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve"]
SEEDS = (20261, 20262, 20263)
ROWS = [(what, name) for what, routines in WRONG.items() for name in routines]


def test_no_right_routine_fails_on_fresh_seeds():
    # A tenth of what benchmarks/certify_false_failures.py runs; there the seeds are new each time.
    seeds = np.random.default_rng(2026).integers(2**31, size=200)
    runs = zip(seeds, itertools.cycle(BENCHMARK.routines()), strict=False)
    found = [certify(f, what, dtype=dtype, seed=int(seed), seconds=30)
             for seed, (what, f, dtype) in runs]
    assert len(found) == 200 and {one.what for one in found} == set(KINDS)
    assert not [one for one in found if not one.passed]


def test_the_page_has_a_row_for_each_wrong_routine_and_each_kind():
    assert set(TABLE) == set(ROWS)
    assert set(WRONG) == set(RIGHT) == set(KINDS)
    assert {(what, name) for what, rows in TOLD.items() for name in rows} == set(ROWS)
    assert all(f"`{what}`" in PAGE for what in KINDS)


def test_the_page_counts_what_there_is():
    hidden = HIDDEN_IN_FLOAT32 & set(ROWS)
    assert f"{sum(map(len, RIGHT.values()))} routines that we chose" in PAGE
    assert f"In float32 {WORDS[len(hidden)]} of these rows pass at some seeds" in PAGE


def test_the_page_shows_what_the_command_prints(tmp_path, monkeypatch, capsys):
    blocks = re.findall(r"```(\w+)\n(.*?)\n```\n", PAGE, re.DOTALL)
    (tmp_path / "mine.py").write_text(next(text for kind, text in blocks if kind == "python"))
    (command, shown), *_ = itertools.pairwise(text for kind, text in blocks if kind == "text")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert main(command.split()[3:]) == 1
    printed = capsys.readouterr().out.rstrip().replace(str(tmp_path), "/home/me")
    # What decided may differ by rounding from one machine to the next; nothing else does.
    numbers = re.compile(r"error (\S+), allowed")
    assert numbers.sub("error x", printed) == numbers.sub("error x", shown), printed
    for pair in zip(numbers.findall(printed), numbers.findall(shown), strict=True):
        less, more = sorted(map(float, pair))
        assert more <= 10 * less + 1e-15


def test_the_page_names_every_verdict_and_bound():
    assert all(f"| *{verdict}* |" in PAGE for verdict in VERDICTS)
    bounds = PAGE.split("## What theory promises")[1].split("## What becomes")[0]
    assert all(f"| `{what}` |" in bounds for what in KINDS)


def test_the_page_says_which_condition_numbers_there_are():
    # The largest that is drawn, in units of 1 / u.
    kappas = [np.linalg.cond(Case(KINDS["solver"], trial, [seed, 0], "float64")["A"])
              for trial in KINDS["solver"].trials for seed in SEEDS]
    assert 0.9 / 100 < max(kappas) * 2.0**-53 < 1.1 / 100


@pytest.mark.parametrize("what, name", ROWS)
def test_each_wrong_routine_lands_on_its_verdict_at_every_seed(what, name):
    verdict, chapters = TABLE[what, name]
    for found in certificates(what, [WRONG[what][name]], SEEDS, ["float64"]):
        assert found.verdict == verdict and found.chapter in chapters
        assert re.search(TOLD[what][name], found.fault)
        assert found.fault.endswith(f"See chapters/{found.chapter}.html.")
        assert (ROOT / "chapters" / f"{found.chapter}.ipynb").exists()


@pytest.mark.parametrize("what, name", [row for row in ROWS if row not in HIDDEN_IN_FLOAT32])
def test_no_wrong_routine_is_stable_in_float32(what, name):
    for found in certificates(what, [WRONG[what][name]], SEEDS, ["float32"]):
        assert not found.passed and found.fault and found.script


@pytest.mark.parametrize("what, name", ROWS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_script_shows_the_failure_without_this_project(what, name, dtype):
    f = WRONG[what][name]
    for seed in SEEDS:
        found = certify(f, what, seed=seed, dtype=dtype)
        if found.passed:  # see HIDDEN_IN_FLOAT32
            continue
        lines = found.script.split("\n")
        assert len(lines) == 5 and "lib" not in re.sub(r"linalg|lib\w", "", found.script)
        lines[1] = ""  # the line that brings the routine: here it is given
        given = re.search(r"import (\w+)(?: as (\w+))?$|# (\w+) is", found.script.split("\n")[1])
        assert shows(ran("\n".join(lines), **{next(filter(None, given.groups()[::-1])): f}))


def shows(printed):
    """Return whether what a script prints is a failure."""
    measured = re.search(r": (\S+) allowed: (\S+)$", printed)
    if measured:
        number, allowed = (float(re.sub(r"np\.float\d+\((.*)\)", r"\1", one))
                           for one in measured.groups())
        return not number <= allowed
    return printed.endswith("Error") or any(
        sign in printed for sign in ("changed: True", "smallest eigenvalue: -", "nan", "inf"))


def test_what_shows_a_failure_is_not_fooled():
    assert not shows("error: 1e-16 allowed: 1e-15\n") and shows("error: nan allowed: 1e-15\n")
    assert shows("LinAlgError") and not shows("ndarray (2,)\n[1. 2.]\n")
