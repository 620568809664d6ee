"""The package that is installed, not the checkout, has every door and every kind of data."""

import ast
import os
import shutil
import subprocess
import sys

import pytest

from environment import ROOT

DOORS = sorted(path.parent.name for path in (ROOT / "lib").glob("*/__init__.py"))
READ = {
    "strd": "problems.read_strd('Longley').X.shape == (16, 7)",
    "matrices": "problems.read_matrix('well1033').shape == (1033, 320)",
    "graphs": "problems.read_graph('karate').groups.size == 34",
    "images": "problems.read_image('camera').ndim == 2",
    "tables": "problems.read_table('digits')",
    "recorded": "problems.read_recorded('torch_cross_entropy')",
    "fpcore": "len(problems.hamming_expressions()) == 28",
    "quadrature": "len(problems.read_integrals()) == 20",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel from a copy, so that nothing is left in the checkout, and install it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "lib", folder / "source" / "lib",
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    for command in (["wheel", "--no-deps", "--no-build-isolation", "-w", "built", "./source"],
                    ["install", "--no-deps", "--no-index", "--find-links", "built", "--target",
                     "site", "where-the-digits-go"]):
        run = subprocess.run([*pip, *command], cwd=folder, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
    return folder / "site"


def elsewhere(installed, code, folder):
    """Return what some code prints in another folder, with the installed package."""
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": str(installed), "MPLBACKEND": "agg"})
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_every_door_opens_from_elsewhere(installed, tmp_path):
    code = "; ".join([f"import {', '.join(f'lib.{door}' for door in DOORS)}",
                      "print([lib.numbers.__file__, lib.page.__file__])"])
    found = ast.literal_eval(elsewhere(installed, code, tmp_path))
    assert found and all(path.startswith(str(installed)) for path in found)


def test_every_kind_of_data_is_read_from_elsewhere(installed, tmp_path):
    code = ["from lib import problems; from lib.page import figures; figures.use_style()",
            *(f"print({kind!r}, bool({expression}))" for kind, expression in READ.items())]
    shown = elsewhere(installed, "\n".join(code), tmp_path)
    assert shown.splitlines() == [f"{kind} True" for kind in READ]
    folders = {path.name for path in (ROOT / "lib/problems/data").iterdir() if path.is_dir()}
    assert folders == set(READ)


def test_the_command_runs_from_elsewhere(installed, tmp_path):
    code = ("import runpy, sys; sys.argv = ['lib', 'certify', 'numpy.linalg:solve', '--as', "
            "'solver']; runpy.run_module('lib', run_name='__main__')")
    assert elsewhere(installed, code, tmp_path).startswith("numpy.linalg:solve: passed")
