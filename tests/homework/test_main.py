"""The commands are found where the table says, and everything unknown is told in a sentence."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from environment import ROOT
from homework import Trouble, __main__


@pytest.mark.parametrize("name", __main__.COMMANDS)
def test_every_command_is_there_and_shows_an_example(name, capsys):
    if importlib.util.find_spec(__main__.COMMANDS[name][0].partition(":")[0]) is None:
        pytest.xfail("not written yet")
    with pytest.raises(SystemExit) as left:
        __main__.main([name, "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert f"python -m homework {name}" in shown


def test_without_a_command_they_are_listed(capsys):
    assert __main__.main([]) == 2
    shown = capsys.readouterr().out
    assert all(name in shown for name in __main__.COMMANDS)
    assert __main__.main(["--help"]) == 0


def test_the_readme_has_the_same_table():
    readme = (ROOT / "homework" / "README.md").read_text(encoding="utf-8")
    table = re.search(r"^\| \| command .*?\n\n", readme, re.M | re.S)[0].strip()
    assert table == __main__.listed(), "put there what python -m homework --markdown prints"
    assert all(table.count(f"`{name}`") == 1 for name in __main__.COMMANDS)


def test_the_list_follows_the_loop(capsys):
    __main__.main(["-h"])
    shown = capsys.readouterr().out
    places = [shown.index(f"\n  {name} ") for name in (
        "check", "release", "collect", "grade", "feedback", "export", "report", "exam")]
    assert places == sorted(places) and max(map(len, shown.splitlines())) < 80


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipe that a reader can close")
@pytest.mark.parametrize("lines", [1, 20_000])
def test_a_reader_that_closes_the_pipe_makes_no_traceback(lines):
    """Whether the command still writes, or has written all that fits into the pipe."""
    code = ("import sys\nfrom homework import __main__ as m\n"
            f"m.function_of = lambda name: lambda rest: print('line\\n' * {lines}) or 0\n"
            "sys.stdin.read()\nsys.exit(m.shown(['check']))")
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()
        run.stdin.close()
        assert run.stderr.read() == b"" and run.wait(60) == 1


def test_an_unknown_command_is_named(capsys):
    assert __main__.main(["grad"]) == 2
    assert "'grad' is no command" in capsys.readouterr().err


@pytest.mark.parametrize("problem, said", [
    (Trouble("The folder is missing: make it."), "The folder is missing: make it.\n"),
    (KeyboardInterrupt(), "goes on from here")])
def test_a_trouble_is_a_sentence_and_no_traceback(problem, said, monkeypatch, capsys):
    def fail(arguments):
        raise problem

    monkeypatch.setattr(__main__, "function_of", lambda name: fail)
    assert __main__.main(["check"]) == 2
    assert said in capsys.readouterr().err
