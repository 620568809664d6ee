"""Get the wheels that the tests on WebAssembly need: from PyPI by hash, and the course's own."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import OFFLINE, ROOT, Trouble, say

RUNTIME = Path(__file__).with_name("runtime.txt")
OTHERS = Path(__file__).with_name("wheels.txt")
# What pip says where a wheel cannot be had: no network, no such release, no such file, no end.
NOT_THERE = (*OFFLINE, "No matching distribution found", "HTTP error 4", "HTTP error 5",
             "Read timed out", "ReadTimeoutError", "IncompleteRead", "Connection broken")
SOURCES = ("lib", "pyproject.toml", "README.md", "LICENSE")  # all that our own wheel is made from
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]


class Unavailable(Trouble):
    """A pinned wheel cannot be had; the message says why."""


def digest(path):
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pinned(text):
    r"""Return {name: sha256} of the text of a requirements file with a hash for each.

    >>> pinned("comm==0.2.3 \\\n    --hash=sha256:" + "c6" * 32)["comm"][:4]
    'c6c6'
    """
    return dict(re.findall(r"^([\w-]+)==\S+[\s\\]+--hash=sha256:([0-9a-f]{64})$", text,
                           re.MULTILINE))


def fetch(folder, pins):
    """Return the paths of the pinned wheels, downloaded into a folder unless they lie there.

    Raises Unavailable if there is no way to one, and Trouble if anything else fails: a wheel that
    is not the pinned one is no matter of the network.
    """
    hashes = pinned(pins.read_text(encoding="utf-8"))
    if missing := hashes.keys() - found(folder, hashes).keys():
        say(f"Downloading {', '.join(sorted(missing))} ...")
        download(folder, pins)
    wheels = found(folder, hashes)
    if missing := hashes.keys() - wheels.keys():
        raise Trouble(f"pip left no {', '.join(sorted(missing))} in {folder} with the sha256 that "
                      f"{pins.name} pins")
    return list(wheels.values())


def found(folder, hashes):
    """Return {name: path} of the wheels in a folder whose hash is the one asked for."""
    there = {digest(path): path for path in sorted(folder.glob("*.whl"))}
    return {name: there[value] for name, value in hashes.items() if value in there}


def download(folder, pins):
    """Let pip download the pinned wheels into a folder; raise Unavailable or Trouble."""
    folder.mkdir(parents=True, exist_ok=True)
    said = pip("download", "--no-deps", "--only-binary", ":all:", "--require-hashes",
               "-r", pins, "-d", folder)
    if said is None:
        return
    last = "\n".join("    " + line for line in said.splitlines()[-6:])
    away = any(sign in said for sign in NOT_THERE) and "DO NOT MATCH THE HASHES" not in said
    names = ", ".join(pinned(pins.read_text(encoding="utf-8")))
    raise (Unavailable if away else Trouble)(f"pip could not get {names}:\n{last}")


def pip(*arguments):
    """Run pip; return None if it did its work, else what it said."""
    run = subprocess.run([*PIP, *map(str, arguments)], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors="replace")
    return None if run.returncode == 0 else run.stdout


def own(folder, root=ROOT):
    """Return the path of the course's own wheel, built into a folder.

    It is built from a copy, for setuptools leaves folders beside what it builds.
    """
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "source")
        shutil.copytree(root / "lib", source / "lib",
                        ignore=shutil.ignore_patterns("__pycache__"))
        for name in SOURCES[1:]:
            shutil.copy(root / name, source)
        said = pip("wheel", "--no-deps", "--no-build-isolation", "-w", place, source)
        if said is not None:
            raise Trouble(f"The course's own wheel could not be built:\n{said[-2000:]}")
        built, = Path(place).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, folder))
