"""Build what students install: `lib` as a wheel, whose version names its content."""

import functools
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from homework import Trouble
from homework.course import ROOT

NEEDED = ("pyproject.toml", "README.md", "LICENSE")
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


def exam_wheel(files):
    """Return the same of some files in place of `lib`, by path; its version says exam.

    Parameters
    ----------
    files : dict of str to bytes
    """
    def fill(folder):
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)

    return built(fill, "exam.")


@functools.cache
def wheel():
    """Return the name and the bytes of a wheel of `lib`.

    pip leaves an installed package alone if the version is the same: so eight digits of the
    content follow it, and next month's wheel replaces this month's.

    Raises
    ------
    Trouble
        If it cannot be built here.
    """
    # Built in a copy: setuptools would take old files from a folder build beside the sources.
    return built(lambda folder: shutil.copytree(
        ROOT / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*")))


def built(fill, mark=""):
    """Return the name and the bytes of a wheel of what fill puts into a folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder)
        for name in NEEDED:
            shutil.copy(ROOT / name, folder / name)
        project = folder / "pyproject.toml"
        named = re.sub(r'^version = "(.+)"$', rf'version = "\1+{mark}{digest(folder)}"',
                       project.read_text(encoding="utf-8"), count=1, flags=re.M)
        project.write_text(named, encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", BUILD, "out"], cwd=folder,
                              capture_output=True, text=True)
        found = list((folder / "out").glob("*.whl"))
        if done.returncode or len(found) != 1:
            raise Trouble("The package that students install could not be built: "
                          f"{done.stderr.strip()[-300:]}\npip install -r homework/requirements.txt "
                          "brings setuptools, which builds it.")
        return found[0].name, found[0].read_bytes()


def digest(folder):
    """Return eight digits that name the content of a folder."""
    parts = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            parts.update(f"{path.relative_to(folder).as_posix()} ".encode())
            parts.update(hashlib.sha256(path.read_bytes()).digest())
    return parts.hexdigest()[:8]
