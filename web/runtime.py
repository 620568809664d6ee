"""Put Python into the site: Pyodide's core, what of Python the pages need, and a list of it all.

Nothing of it is loaded before a reader presses a button. The core lies in `_static/run/core`; NumPy
and its like come from the address that Pyodide's version names, unless PYODIDE names a folder with
a full Pyodide, of which the site then takes a copy and needs nothing else.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import tomllib
import zipfile
from pathlib import Path

from sphinx.errors import ExtensionError

from web import modules

HERE = Path(__file__).parent
LOCK = "pyodide-lock.json"
CORE = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
INSIDE = ("pyodide.asm.mjs", "pyodide.asm.js")  # a release has one of the two
PACKAGES = ("numpy", "scipy", "matplotlib")  # which cells may ask for, with what these need
WHEELS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
# Bytes of each package with all that it needs but NumPy, in a release that was weighed (0.27.7):
# what a reader is told before they are fetched from elsewhere.
ABOUT = {"numpy": 3_100_000, "scipy": 19_600_000, "matplotlib": 8_300_000}
# What matplotlib lists and figures for a page do without: it is for PDF, for dates of other
# packages, and for pages of another make.
SPARED = {"fonttools", "pytz", "matplotlib-pyodide"}
# Large files that many servers send as they are: pages fetch them packed, and unpack them.
PACKED = ("pyodide.asm.wasm", *INSIDE)
EARLY = ("digits", "numbers")  # the rooms of lib that a trace needs; the others come when asked for
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of every file in an archive: equal files, equal bytes


def given():
    """Return the folder that PYODIDE names, or None."""
    name = os.environ.get("PYODIDE")
    return Path(name).expanduser() if name else None


def lock(folder):
    """Return what the lock of a Pyodide says."""
    return json.loads((folder / LOCK).read_text(encoding="utf-8"))


def version(folder):
    """Return the version of the Pyodide that npm installed."""
    return json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]


def wheels(folder, wanted=PACKAGES):
    """Return the file names of the packages that cells may ask for, and of all that these need."""
    packages, found, waiting = lock(folder)["packages"], {}, list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found and name in packages:
            found[name] = packages[name]["file_name"]
            waiting += packages[name]["depends"]
            waiting = [one for one in waiting if one not in SPARED]
    return sorted(found.values())


def small_lock(folder):
    """Return the lock for pages: the packages that cells may ask for, and what these need."""
    whole, files = lock(folder), {*wheels(folder)}
    packages = {name: {**one, "depends": [need for need in one["depends"] if need not in SPARED]}
                for name, one in whole["packages"].items() if one["file_name"] in files}
    return {**whole, "packages": packages}


def weights(folder):
    """Return how many bytes a page fetches for each package; NumPy is counted once."""
    numpy = set(wheels(folder, ["numpy"]))
    return {name: sum((folder / file).stat().st_size for file in
                      (numpy if name == "numpy" else set(wheels(folder, [name])) - numpy))
            for name in PACKAGES}


def complaint(folder):
    """Return what a folder lacks of a full Pyodide, as a sentence, or nothing."""
    lacks = [name for name in CORE if not (folder / name).is_file()]
    lacks += [] if any((folder / name).is_file() for name in INSIDE) else [INSIDE[0]]
    if not lacks:
        packages = lock(folder)["packages"]
        lacks = [name for name in PACKAGES if name not in packages]
        lacks += [name for name in wheels(folder) if not (folder / name).is_file()]
    if not lacks:
        return ""
    return (f"PYODIDE={folder} holds no {', no '.join(lacks[:4])}{' ...' * (len(lacks) > 4)}: give "
            "the folder of a full release of Pyodide, or leave PYODIDE out.")


def copy_core(source, target, names):
    """Copy files of a Pyodide; what another one left goes."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in names:
        shutil.copyfile(source / name, target / name)


def pack(path, files):
    """Write an archive of (name in it, file) pairs, the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, file in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), file.read_bytes(),
                             zipfile.ZIP_DEFLATED)


def sources(folder, name):
    """Return (name in an archive, file) for what Python needs of a package."""
    return [(f"{name}/{path.relative_to(folder).as_posix()}", path) for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
            and "tests" not in path.relative_to(folder).parts]


def home(name):
    """Return the folder of a package of this environment."""
    return Path(importlib.util.find_spec(name).origin).parent


def archives():
    """Return the archives: what a trace needs, and the rest of lib with its data."""
    mpmath = home("mpmath")
    licence = sorted(mpmath.parent.glob("mpmath-*.dist-info/**/LICENSE*"))
    own = [(path.name, path) for path in (HERE / "assets" / "run").glob("*.py")]
    lib = sources(home("lib"), "lib")
    early = [one for one in lib if one[0].split("/")[1] in (*EARLY, "__init__.py")]
    return {"python.zip": [*own, *early, *sources(mpmath, "mpmath"),
                           *(("mpmath/LICENSE", path) for path in licence[:1])],
            "lib.zip": [one for one in lib if one not in early]}


def differing(root=HERE.parent):
    """Return {page: {cell: what a reader is told}} of cells that a browser runs differently."""
    path, found = root / "tools" / "wasm" / "known.toml", {}
    groups = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for group in groups.values():
        for topic, cell in (name.split("#") for name in group["cells"]):
            found.setdefault(f"chapters/{topic}", {})[cell] = group["told"]
    return found


def compress(run, names):
    """Put a packed copy beside each large file; return {name: that of its copy}."""
    made = {name: f"{name}.packed" for name in names if Path(name).name in PACKED}
    for name, copy in made.items():
        (run / copy).write_bytes(gzip.compress((run / name).read_bytes(), 9, mtime=0))
    return made


def put(site, folder=None):
    """Put Python into a site's folder.

    Parameters
    ----------
    site : Path
        The folder of the pages.
    folder : Path, optional
        One with a full Pyodide; without it the core alone comes from npm.
    """
    if folder and (words := complaint(folder)):
        raise ExtensionError(words)
    source, run = folder or modules.modules() / "pyodide", site / "_static" / "run"
    core = [*CORE, next(name for name in INSIDE if (source / name).is_file())]
    copy_core(source, run / "core", [*core, *(wheels(source) if folder else ())])
    (run / LOCK).write_text(json.dumps(small_lock(source)), encoding="utf-8")
    shutil.rmtree(run / "__pycache__", ignore_errors=True)  # of whoever tested these files
    for name, files in archives().items():
        pack(run / name, files)
    first = [*(f"core/{name}" for name in core if name != LOCK), LOCK, "python.zip"]
    fetched = compress(run, first)
    names = [*first, *fetched.values(), "lib.zip", *(path.name for path in run.glob("*.js"))]
    listed = {
        "core": first[:-1], "archives": first[-1:], "more": ["lib.zip"],
        "wheels": "core/" if folder else WHEELS.format(version=version(source)),
        "weights": weights(folder) if folder else ABOUT,
        "differs": differing(),
        "size": sum((run / fetched.get(name, name)).stat().st_size for name in first),
        "sizes": {name: (run / name).stat().st_size
                  for name in (*first, *fetched.values(), "lib.zip")},
        "versions": {name: hashlib.sha256((run / name).read_bytes()).hexdigest()[:8]
                     for name in names},
    }
    (run / "files.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")


def finish(app, exception):
    """Put Python into the site that was built."""
    if exception or app.builder.format != "html" or not app.config.web_python:
        return
    try:
        put(Path(app.outdir), given())
    except modules.MissingError as error:
        raise ExtensionError(str(error)) from error


def setup(app):
    """Run when the pages are written."""
    app.add_config_value("web_python", False, "", bool)
    app.connect("build-finished", finish)
