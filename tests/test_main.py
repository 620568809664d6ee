"""The command: what it prints, and with which status it ends."""

import json
import os
import subprocess
import sys

import pytest

from environment import ROOT
from lib.__main__ import main
from lib.grade.certify import FORMATS
from web import tracing

MINE = """\
import os

import numpy as np

print("loading")
VALUE = 3


def solve(A, b):
    return np.linalg.solve(A, b)


def inverse(A, b):
    return np.linalg.inv(A) @ b


def gap(x, y):
    return (x + y) - x


def decimals(x, digits=2):
    return round(x, digits)


def spread(x):
    return sum(v * v for v in x) / len(x) - (sum(x) / len(x)) ** 2


def centred(x):
    return ((x - x.mean()) ** 2).mean()


def broken(x):
    return {}[x]


def zero(x):
    return 1.0 / (x - x)


def endless(*args):
    while True:
        pass


def leaving(A, b):
    os._exit(0)


def loud(A, b):
    os.write(1, b"raw")
    os.system("echo child")
    return np.linalg.solve(A, b)


def interrupted(A, b):
    raise KeyboardInterrupt
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "bad.py").write_text("1 / 0\n")
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.mark.parametrize("arguments, status, shown", [
    (["mine.py:solve", "--as", "solver"], 0, "mine.py:solve: passed"),
    (["mine.py:inverse", "--as", "solver"], 1, "from mine import inverse"),
    (["numpy.linalg:qr", "--as", "qr", "--dtype", "float32"], 0, "float32"),
    (["numpy.linalg:solve", "--as", "solver", "--seed", "7"], 0, "seed 7")])
def test_certify_ends_with_0_only_when_all_is_stable(mine, capsys, arguments, status, shown):
    assert main(["certify", *arguments]) == status
    assert shown in capsys.readouterr().out


def test_without_a_kind_the_kinds_are_listed(mine, capsys):
    for arguments in ([], ["mine.py:solve"]):
        assert main(["certify", *arguments]) == 2
        out = capsys.readouterr().out
        assert "solve(A, b) -> x" in out and "cg(A, b, tol) -> x" in out


def test_json_is_all_that_is_printed(mine, capsys):
    assert main(["certify", "mine.py:inverse", "--as", "solver", "--json", "--seed", "3"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "inaccurate" and told["name"] == "mine.py:inverse"


@pytest.mark.parametrize("arguments, reason", [
    (["certify", "mine.py:solve", "--as", "sloven"], "choose one of solver"),
    (["certify", "mine.py:nothing", "--as", "solver"], "mine.py has no nothing: it has solve"),
    (["certify", "mine.py:VALUE", "--as", "solver"], "of type int, and no function"),
    (["certify", "gone.py:solve", "--as", "solver"], "there is no file gone.py"),
    (["certify", "bad.py:solve", "--as", "solver"], "cannot be imported: ZeroDivisionError"),
    (["certify", "no_such_module:solve", "--as", "solver"], "ModuleNotFoundError"),
    (["certify", "mine.py", "--as", "solver"], "names no routine"),
    (["certify", "--as", "solver"], "which routine?"),
    (["certify", "mine.py:solve", "--as", "solver", "--dtype", "half"], "choose float64 or"),
    (["certify", "mine.py:solve", "--as", "solver", "--seed", "-1"], "from 0 on"),
    (["certify", "mine.py:solve", "--as", "solver", "--seconds", "0"], "no limit"),
    (["certify", "mine.py:solve", "--as", "solver", "--seconds", "1e-9"], "from 0.05 to 3600"),
    (["trace", "mine.py:gap", "1.0", "2.0", "--seconds", "nan"], "no limit"),
    (["trace", "mine.py:gap", "x"], "no Python literal"),
    (["trace", "mine.py:gap", "x=1.0", "x=2.0"], "x=2.0: x was given before, as 1.0"),
    (["trace", "mine.py:gap", "np.float32(1.5)", "2.0"], "choose the precision by --fmt, not by"),
    (["trace", "mine.py:gap", "1.0", "2.0", "--fmt", "fp7"], "no format 'fp7'"),
    (["trace", "mine.py:gap", "1.0", "2.0", "--fmt", "float128"], "float64, float32, float16, bf"),
    (["trace", "mine.py:centred", "[1.0, None]", "--arrays"], "makes no array"),
    (["trace", "mine.py:centred", "[[1.0], [1.0, 2.0]]", "--arrays"], "makes no array")])
def test_bad_use_ends_with_2_and_a_sentence(mine, capsys, arguments, reason):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert reason in told.err and not told.out and "Traceback" not in told.err


@pytest.mark.parametrize("arguments, shown", [
    (["mine.py:gap", "1e16", "1.0"], "gap: 0 of 16 digits are right"),
    (["mine.py:gap", "-1e16", "-1e-3"], "gap: 0 of 16 digits"),
    (["mine.py:gap", "-inf", "1.0"], "in the subtraction"),
    (["mine.py:gap", "1.0", "nan"], "gap returns nan, and so would exact numbers"),
    (["mine.py:gap", "1.0", "1e-3", "--fmt", "bf16"], "of 3 digits"),
    (["mine.py:gap", "1.0", "1e-3", "--fmt", "BFloat16"], "of 3 digits"),
    (["mine.py:gap", "np.float64(1e16)", "1.0"], "gap: 0 of 16 digits"),
    (["mine.py:centred", "np.array([1.0, 2.0, 4.0])", "--fmt", "float32"], "of 8 digits"),
    (["mine.py:spread", "[1e8, 100000001.0, 100000002.0]"], "v * v"),
    (["mine.py:centred", "[1.0, 2.0, 4.0]", "--arrays"], "of 16 digits are right"),
    (["mine.py:centred", "--arrays", "[1.0, 2.0, 4.0]"], "of 16 digits are right"),
    (["mine.py:gap", "1.0", "--fmt", "bf16", "-1e-3"], "digits of bf16"),
    (["mine.py:gap", "1e16", "y=1.0"], "gap: 0 of 16 digits are right"),
    (["mine.py:decimals", "x = 0.12345", "digits=3"], "decimals: 2 of 16 digits"),
    (["mine.py:gap", "1e16", "1.0", "--html"], '<div class="lib-trace">')])
def test_trace_prints_the_story_of_the_book(mine, capsys, arguments, shown):
    assert main(["trace", *arguments]) == 0
    assert shown in capsys.readouterr().out


@pytest.mark.parametrize("arguments, reason", [
    (["mine.py:broken", "1.0"], "KeyError"), (["mine.py:gap", "1.0"], "TypeError"),
    (["mine.py:gap", "1", "2"], "TypeError"),
    (["mine.py:endless", "1.0", "--seconds", "0.1"], "TimeoutError: no result after 0.1 s"),
    (["mine.py:centred", "[1.0, 2.0, 4.0]"], "with --arrays lists are arrays")])
def test_what_cannot_be_traced_ends_with_1_and_the_reason(mine, capsys, arguments, reason):
    assert main(["trace", *arguments]) == 1
    assert reason in capsys.readouterr().err


def test_the_command_and_the_page_name_formats_alike(capsys):
    assert {name: FORMATS[name] for name in tracing.PRECISIONS} == tracing.PRECISIONS
    assert {str(fmt): FORMATS[str(fmt)] for fmt in FORMATS.values()}.items() <= FORMATS.items()
    with pytest.raises(SystemExit):
        main(["trace", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(name in told for name in FORMATS) and "such as np.array([1.0, 2.0])" in told


def test_a_trace_that_ends_in_an_exception_is_printed_and_ends_with_1(mine, capsys):
    assert main(["trace", "mine.py:zero", "2.0"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child processes here")
@pytest.mark.parametrize("name, status, told", [
    ("leaving", 1, "ended with status 0 before the report was made"), ("loud", 0, "rawchild"),
    ("interrupted", 130, "stopped by KeyboardInterrupt")])
def test_no_routine_decides_what_the_command_prints_or_how_it_ends(mine, tmp_path, name, status,
                                                                   told):
    run = subprocess.run([sys.executable, "-m", "lib", "certify", f"mine.py:{name}", "--as",
                          "solver", "--json"], cwd=tmp_path, capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"})
    assert run.returncode == status and told in run.stderr and "Traceback" not in run.stderr
    assert json.loads(run.stdout)["passed"] if status == 0 else not run.stdout


def test_it_runs_as_a_module_from_elsewhere(mine, tmp_path):
    run = subprocess.run([sys.executable, "-m", "lib", "certify", "mine.py:inverse", "--as",
                          "solver"], cwd=tmp_path, capture_output=True, text=True,
                         env={"PYTHONPATH": str(ROOT), "PATH": "", "OPENBLAS_NUM_THREADS": "1"})
    assert run.returncode == 1 and "explicit inverse" in run.stdout, run.stderr
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as nobody_reads:
        cut = subprocess.run([sys.executable, "-m", "lib", "certify"], cwd=ROOT, text=True,
                             stdout=nobody_reads, stderr=subprocess.PIPE)
    assert cut.returncode == 1 and not cut.stderr
    lost = subprocess.run([sys.executable, "-m", "lib"], cwd=ROOT, capture_output=True, text=True)
    assert lost.returncode == 2 and "certify" in lost.stderr
