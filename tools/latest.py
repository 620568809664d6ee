"""Run unit tests and chapters with the newest releases, in an environment of their own.

`.venv-latest` is made by the Python that calls this (`make latest PYTHON=python3.13`) and upgraded
at each call; nothing in it is pinned. What the site needs is not part of it: Jupyter Book stays at
its pinned version.
"""

import os
import shutil
import subprocess
import sys

import environment
import stages
from environment import ROOT, say

VENV = ROOT / ".venv-latest"
# Folders of tests/ that need the pinned environment, or none.
NOT_HERE = ("book", "site", "data", "homework")


def rooms():
    """Return the folders of tests that mirror lib."""
    return sorted(f"tests/{path.name}" for path in (ROOT / "tests").iterdir()
                  if path.is_dir() and path.name not in NOT_HERE and any(path.glob("test_*.py")))


def all_stages(python):
    """Return the stages; pytest fails where it finds no test at all."""
    unit = [python, *stages.UNIT[1:], *rooms(), "lib"]
    nbval = [python, *stages.NBVAL[1:]]
    return [stages.Stage("tests", "unit tests and doctests", tuple(unit), {}),
            stages.Stage("nbval", "every output of every notebook, strictly", tuple(nbval), {})]


def install(venv=VENV):
    """Make the environment, or bring it up to date."""
    python = environment.python_of(venv)
    same = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if venv.exists() and not environment.succeeds([python, "-c", same]):
        shutil.rmtree(venv)
    environment.make_venv(venv)
    say("Installing the newest releases ...")
    environment.pip_run([str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q",
                         "--upgrade", "--upgrade-strategy", "eager", "-e", f"{ROOT}[tests]"])
    return python


def main():
    """Install, say the versions, run the stages; return the exit status."""
    python = install()
    os.environ.update(environment.SETTINGS)
    subprocess.run([python, "-m", "pip", "freeze", "--exclude-editable"], check=True)
    return bool(stages.carry_out(all_stages(str(python))))
