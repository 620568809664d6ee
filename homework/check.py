"""Say whether this machine can grade: python -m homework check."""

import importlib.metadata
import re
import shutil
import time

import psutil

from homework import sandbox
from homework.course import ROOT, Course, parser
from homework.limits import Limits
from homework.sandbox import command
from homework.session import Ended, Session
from homework.weighing import Scale

ABOUT = """Say whether this machine can grade: the sandbox, tried from inside, the versions of the
packages, memory and disk. Exit status 0 if all is well."""
NEEDED = ("nbgrader", "distributed", "numpy", "ipython", "nbconvert", "nbformat", "matplotlib")
PROBE = """
import os, pathlib, socket
said = []
try:
    socket.create_connection(("1.1.1.1", 53), 2)
    said.append("the network can be reached")
except OSError:
    pass
for place in {places!r}:
    if os.path.exists(place):
        said.append(place + " can be seen")
for place in ("/", "/usr", "/course", "/dev"):
    try:
        pathlib.Path(place, "mark").write_text("")
        said.append(place + " can be written")
    except OSError:
        pass
if os.getuid() == 0:
    said.append("it is root")
holes = said
"""


def main(arguments):
    """Check the machine; return the exit status."""
    options = parser("check", ABOUT, "", topic=False).parse_args(arguments)
    rows = [sandbox_row(options.course), *version_rows(), *room_rows(options.course)]
    for fine, name, said in rows:
        print(f"  {'ok' if fine else 'NO':<4} {name:<14} {said}")
    bad = sum(not fine for fine, *_ in rows)
    print("This machine can grade." if not bad else f"{bad} things are to be mended.")
    return 1 if bad else 0


def sandbox_row(folder):
    """Return whether a sandbox works here, after looking out of it from inside."""
    kind, why = sandbox.found()
    if not kind:
        return False, "sandbox", (f"{why}. Linux: sudo apt-get install bubblewrap; elsewhere see "
                                  "homework/security.md")
    places = [str(path) for path in (ROOT / "homework", ROOT / "tests", Course(folder).folder)]
    began = time.monotonic()
    try:
        with Session(command(kind, Limits()), Scale(Limits.memory)) as session:
            session.call("run", [PROBE.format(places=places)], 30)
            holes = session.call("get", ["holes"], 5)
    except Ended as problem:
        return False, "sandbox", f"{kind} does not run the runner: {problem}"
    if holes != []:
        return False, "sandbox", f"{kind} has holes: {holes}"
    return True, "sandbox", (f"{kind}: no network, nothing of the course to be seen, nothing to be "
                             f"written, a start in {time.monotonic() - began:.1f} s")


def version_rows():
    """Return whether each package that grading needs is there, in the tested version."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = {name.lower(): pin for name, pin in re.findall(r"^([\w.-]+)==(\S+)$", text, re.M)}
    rows = []
    for name in NEEDED:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            rows.append((False, name, "missing: pip install -r homework/requirements.txt"))
            continue
        other = f" (tested with {pins[name]})" if pins.get(name) != version else ""
        rows.append((True, name, version + other))
    return rows


def room_rows(folder):
    """Return whether memory and disk do."""
    memory = psutil.virtual_memory().available / 2**30
    need = 1 + Limits.memory / 1024
    place = folder if folder.exists() else ROOT
    disk = shutil.disk_usage(place).free / 2**30
    return [(memory > need, "memory", f"{memory:.1f} GiB free, {need:.0f} needed for one at a "
             f"time; {psutil.cpu_count()} cores"),
            (disk > 1, "disk", f"{disk:.1f} GiB free")]
