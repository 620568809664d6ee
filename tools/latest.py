"""Run unit tests and chapters with the newest releases, in an environment of their own.

`.venv-latest` is made by the Python that calls this (`make latest PYTHON=python3.13`) and upgraded
at each call; nothing in it is pinned. What the site needs is not part of it: Jupyter Book stays at
its pinned version. A record of what became of each claim is left in `_build/latest`; without it, or
if it has not met all that there is, the run has failed (`platforms.py`).
"""

import json
import os
import shutil
import subprocess
import sys

import environment
import platforms
import stages
from environment import ROOT, say, write

VENV = ROOT / ".venv-latest"
LEFT = ROOT / "_build" / "latest"
# Folders of tests/ that need the pinned environment, or none.
NOT_HERE = ("book", "site", "data", "homework")


def rooms():
    """Return the folders of tests that mirror lib."""
    return sorted(f"tests/{path.name}" for path in (ROOT / "tests").iterdir()
                  if path.is_dir() and path.name not in NOT_HERE and any(path.glob("test_*.py")))


def all_stages(python):
    """Return the stages; pytest fails where it finds no test at all."""
    unit = [python, *stages.UNIT[1:], *rooms(), "lib", f"--junitxml={LEFT / 'tests.xml'}"]
    nbval = [python, *stages.NBVAL[1:], f"--junitxml={LEFT / 'cells.xml'}"]
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


def files():
    """Return the files of tests that a run has to meet; those for a browser alone are not here."""
    paths = (path for room in rooms() for path in sorted((ROOT / room).glob("test_*.py")))
    return [path.relative_to(ROOT).with_suffix("").as_posix() for path in paths
            if "pytestmark = pytest.mark.browser" not in path.read_text(encoding="utf-8")]


def keep(python, left):
    """Write the record of a run; return, in sentences, what it has not met."""
    reports = [left / name for name in ("tests.xml", "cells.xml")]
    lost = [f"{path.name} was not written" for path in reports if not path.exists()]
    if lost:
        return lost
    notebooks = platforms.chapters()
    unit = platforms.results(reports[0])
    cells = platforms.cells_of(reports[1], notebooks)
    lost = platforms.unmet(unit, cells, notebooks, files())
    about = subprocess.check_output([python, "-c", platforms.ASK], text=True)
    kept = platforms.record(json.loads(about), unit, cells, lost)
    write(left / "record.json", json.dumps(kept, indent=1) + "\n")
    return lost


def main():
    """Install, say the versions, run the stages, keep a record; return the exit status."""
    python = install()
    os.environ.update(environment.SETTINGS)
    subprocess.run([python, "-m", "pip", "freeze", "--exclude-editable"], check=True)
    shutil.rmtree(LEFT, ignore_errors=True)  # no report of an earlier run is taken for this one's
    LEFT.mkdir(parents=True)
    failed = stages.carry_out(all_stages(str(python)))
    lost = keep(python, LEFT)
    say("\n".join(lost) or f"{len(platforms.chapters())} chapters, every file of tests were met.")
    return bool(failed or lost)
