"""A routine is brought from its file or module, or the command is refused with a remedy."""

import signal
import sys

import pytest

from lib.grade.certify import Misuse, loaded

needs_alarm = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def test_a_file_is_imported_with_what_stands_beside_it(folder):
    (folder / "beside_it.py").write_text("def twice(x): return 2 * x\n")
    (folder / "mine.py").write_text("from beside_it import twice\nclass K:\n    f = twice\n")
    assert loaded("mine.py:twice")(3) == 6 and loaded("mine.py:K.f")(4) == 8


def test_a_file_sees_no_command_line_and_nobody_answers(folder, capsys):
    (folder / "parsing.py").write_text(
        "import argparse, sys\nargparse.ArgumentParser().parse_args()\nprint('noise')\n"
        "given = list(sys.argv)\ndef f(): return given\n")
    before = list(sys.argv)
    assert loaded("parsing.py:f")() == ["parsing.py"] and sys.argv == before
    told = capsys.readouterr()
    assert told.err == "noise\n" and not told.out
    (folder / "asking.py").write_text("name = input()\n")
    with pytest.raises(Misuse, match=r"EOFError.*let it ask nothing"):
        loaded("asking.py:f")


def test_a_file_of_a_package_is_told_its_name(folder):
    (folder / "part.py").write_text("from ..other import x\n")
    with pytest.raises(Misuse, match=r"name it as package\.module:function"):
        loaded("part.py:f")


@needs_alarm
def test_an_import_that_does_not_end_is_ended(folder):
    (folder / "endless.py").write_text("while True:\n    pass\n")
    (folder / "catching.py").write_text(
        "try:\n    while True:\n        pass\nexcept BaseException:\n    raise ValueError\n")
    for name in ("endless", "catching"):
        with pytest.raises(Misuse, match=r"cannot be imported within 0\.1 s: let it define"):
            loaded(f"{name}.py:f", seconds=0.1)


@pytest.mark.parametrize("target, reason", [
    ("mine.py", "names no routine"), ("gone.py:f", "there is no file gone.py"),
    ("no_such_module:f", "ModuleNotFoundError"), ("math:nothing", "math has no nothing: it has"),
    ("math:pi", "of type float, and no function")])
def test_what_is_no_routine_is_refused(target, reason):
    with pytest.raises(Misuse, match=reason):
        loaded(target)
