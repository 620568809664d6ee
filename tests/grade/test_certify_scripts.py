"""The script of a worst case runs with NumPy and the routine alone, and shows the failure."""

import importlib
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from lib.grade.certify import KINDS, certify
from lib.grade.certify.scripts import origin_of

MINE = """\
import numpy as np
from helper import inv


def inverse(A, b):
    return inv(A) @ b


def x(A, b):
    return A[0] * b[0]


class Solvers:
    @staticmethod
    def clumsy(A, b):
        A[0] = 0
        return b
"""


def alone(script, folder):
    """Return what a script prints in a folder of its own, where this project is not found."""
    guard = "import sys; sys.modules['lib'] = None\n"
    (folder / "elsewhere").mkdir(exist_ok=True)
    return subprocess.run([sys.executable, "-c", guard + script], cwd=folder / "elsewhere",
                          capture_output=True, text=True, env={"PATH": ""})


@pytest.mark.parametrize("name, shown", [
    ("inverse", r"backward error: \S+ allowed: 8.882e-15"), ("x", r"allowed"),
    ("Solvers.clumsy", "changed: True")])
@pytest.mark.parametrize("place", ["mine.py", "deep/mine-too.py", 'a q"u\'o.py', "random.py"])
def test_a_script_runs_by_itself_from_any_folder(tmp_path, monkeypatch, name, shown, place):
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(MINE)
    (path.parent / "helper.py").write_text("from numpy.linalg import inv\n")
    monkeypatch.chdir(tmp_path)
    home = {"__name__": "mine"}
    exec(MINE.replace("from helper", "from numpy.linalg"), home)
    f = home["Solvers"].clumsy if "." in name else home[name]
    found = certify(f, "solver", seed=97, origin=f"{place}:{name}")
    assert len(found.script.split("\n")) == 5
    run = alone(found.script, tmp_path)
    assert re.search(shown, run.stdout), run.stderr
    if "error" in shown:
        number = re.search(r"error: (?:np\.float64\()?([^)\s]+)", run.stdout)[1]
        assert float(number) > 1e3 * 8.9e-15


def test_the_place_is_that_of_the_beginning(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def leaving(A, b):
        os.chdir("/")
        return b

    script = certify(leaving, "solver", seed=97, origin="mine.py:leaving").script
    assert f"sys.path.insert(0, {str(tmp_path)!r})" in script


@pytest.mark.parametrize("text, shown", [
    ("def f(A, b):\n    return np.linalg.solve(A, b).tolist()", "'float64'] not float32"),
    ("n = 0\ndef f(A, b):\n    global n\n    n += 1\n"
     "    return np.linalg.solve(A, b) * (1.0 + (n == 6))",
     r"error: (?:np\.float64\()?0\.\d"),
    ("n = 0\ndef f(A, b):\n    global n\n    n += 1\n"
     "    return (np.linalg.solve(A, b) * (1 + (n > TRIALS))).astype(A.dtype)",
     r"error: (?:np\.float64\()?0\.\d"),
    ("kept = np.zeros(99)\ndef f(A, b):\n    kept[:len(b)] = np.linalg.solve(A, b)\n"
     "    return kept[:len(b)].astype(A.dtype, copy=False)", "changed: True"),
    ("n, kept = 0, np.zeros(99)\ndef f(A, b):\n    global n\n    n += 1\n"
     "    x = np.linalg.solve(A, b)\n    if n < 4:\n        return x\n"
     "    kept[:len(b)] = x\n    return kept[:len(b)]", "changed: True"),
    ("n, kept = 0, np.zeros((3, 99))\ndef f(A, b):\n    global n\n    n += 1\n"
     "    kept[n % 3, :len(b)] = np.linalg.solve(A, b)\n    return kept[n % 3, :len(b)]",
     "changed: True")],
    ids=["another format", "the sixth call", "the last call", "memory", "memory, from the fourth",
         "three memories in turn"])
def test_a_failure_of_form_or_order_is_shown_too(tmp_path, text, shown):
    trials = len(KINDS["solver"].trials)
    (tmp_path / "mine.py").write_text(f"import numpy as np\nTRIALS = {trials}\n{text}\n")
    home = {}
    exec((tmp_path / "mine.py").read_text(), home)
    dtype = "float32" if "float32" in shown else "float64"
    found = certify(home["f"], "solver", seed=97, dtype=dtype, origin=f"{tmp_path}/mine.py:f")
    assert not found.passed and len(found.script.split("\n")) == 5
    run = alone(found.script, tmp_path)
    assert re.search(shown, run.stdout), (found.script, run.stdout, run.stderr)


@pytest.mark.parametrize("path, line, name", [
    ("numpy.linalg:inv", "from numpy.linalg import inv", "inv"),
    ("/a/mine.py:x", "/a/; from mine import x as routine", "routine"),
    ("/a/mine.py:K.f", "/a/; from mine import K; routine = K.f", "routine"),
    ("/a/b-c.py:solve",
     "/a/; from runpy import run_path; solve = run_path('/a/b-c.py')['solve']", "solve")])
def test_a_routine_is_brought_by_its_place(path, line, name):
    assert origin_of(None, path) == (
        line.replace("/a/;", "import sys; sys.path.insert(0, '/a');"), name)


def test_a_module_that_is_not_installed_is_found_again(tmp_path, monkeypatch):
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "__init__.py").write_text("")
    (tmp_path / "my_package" / "part.py").write_text("def f(x): return 0.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    f = importlib.import_module("my_package.part").f
    for path in ("my_package.part:f", None):
        bring, name = origin_of(f, path)
        assert bring.startswith(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from my_pack")
        assert name == "routine"  # f is a name of the scripts


def test_a_routine_is_brought_by_what_it_says_of_itself():
    assert origin_of(np.linalg.solve) == ("from numpy.linalg import solve", "solve")
    assert origin_of(lambda x: x) == ("# routine is your function", "routine")
    here = {}
    exec("def solve(A, b): ...\ndef x(A): ...", {"__name__": "__main__"}, here)
    assert origin_of(here["solve"]) == ("# solve is your function", "solve")
    assert origin_of(here["x"])[1] == "routine"


def test_a_routine_of_torch_is_given_tensors(torch, tmp_path):
    (tmp_path / "mine.py").write_text(
        "import torch\ndef inverse(A, b): return torch.linalg.inv(A) @ b\n")
    home = {}
    exec((tmp_path / "mine.py").read_text(), home)
    found = certify(home["inverse"], "solver", seed=98, origin=f"{tmp_path}/mine.py:inverse")
    assert found.verdict == "inaccurate" and "import torch" in found.script
    assert "allowed: 8.882e-15" in alone(found.script, tmp_path).stdout
