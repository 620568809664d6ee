"""Put JupyterLite beside the site: each chapter as a notebook that runs in the reader's browser.

    python tools/lite.py                into _build/html/lite, as `make book` does in the end
    python tools/lite.py SITE           into another site

The application and its kernel come from PyPI. Pyodide's core is the one that the pages have; NumPy
and its like come from the address that its version names, or from the site, if PYODIDE named a
folder when it was built. The course's own code and data lie in the site in any case.
"""

import argparse
import ast
import hashlib
import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import environment

    environment.enter(__file__, sys.argv[1:])

import yaml
from packaging.utils import canonicalize_name, parse_wheel_filename

import lab
from chapter import load, paths
from environment import ROOT, Trouble, say, write
from wasm import core, known
from wasm.wheels import own

BUILD = ROOT / "_build"
LAB = Path(sys.prefix, "share", "jupyter", "labextensions")
EXTENSIONS = (LAB / "@jupyterlite" / "pyodide-kernel-extension",
              LAB / "@jupyter-widgets" / "jupyterlab-manager")
KERNEL = ("ipykernel", "pyodide_kernel", "piplite")  # what the extension brings for its kernel
# The kernel asks for these one by one, from the package index, unless they are loaded before.
FIRST = ["micropip", "ipython", "jedi", "comm", "ipykernel", "piplite", "pyodide-kernel"]
SPEC = {"kernelspec": {"name": "python", "display_name": "Python (Pyodide)", "language": "python"},
        "language_info": {"name": "python"}}
APPS = ("lab", "notebooks", "tree", "edit")  # a notebook alone, and what its menus lead to


# --- The notebooks -------------------------------------------------------------------------------

def copy_of(path, root=ROOT):
    """Return a chapter for JupyterLite, as a dict.

    It is a reader's copy, without outputs and with words for roles. It names the kernel, or the
    application would ask for it; its sources are single strings, which the table of contents
    needs; and what a browser cannot run says so and does not end "Run All".
    """
    notebook = lab.reader_copy(load(path), root)
    told = known.told(path.stem)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["id"] in told:
            cell["source"] = guarded(cell["source"], told[cell["id"]])
    return {**notebook, "metadata": SPEC}


def guarded(source, told):
    """Return the code of a cell that may fail in a browser, and then says what readers are told.

    >>> print(guarded("x = 1 / 0", "No zeros here."))
    # No zeros here.
    try:
        x = 1 / 0
    except Exception as problem:
        print(f"In a browser: {type(problem).__name__}")
    """
    comment = textwrap.fill(told, 76, initial_indent="# ", subsequent_indent="# ")
    body = textwrap.indent(source, "    ")
    if any(isinstance(node, ast.Constant) and node.lineno != node.end_lineno
           for node in ast.walk(ast.parse(source))):
        raise Trouble(f"A cell that a browser does not run holds a string of several lines, which "
                      f"cannot be set under a try: {source[:60]!r}. Write it in one line.")
    return (f"{comment}\ntry:\n{body}\nexcept Exception as problem:\n"
            '    print(f"In a browser: {type(problem).__name__}")')


# --- The application -----------------------------------------------------------------------------

def settings(kernel):
    """Return the settings of the application, given those of its kernel."""
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
        "appName": "Where the Digits Go", "exposeAppInBrowser": True,
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": {
            "pyodideUrl": "./../_static/run/core/pyodide.mjs", "disablePyPIFallback": True,
            "loadPyodideOptions": kernel}}}}


def application(folder, notebooks):
    """Build JupyterLite with notebooks (dicts by topic) into a folder, unless it is there."""
    kernel = {"packages": FIRST, "lockFileURL": "../_static/run/core/lite-lock.json"}
    wanted = {"jupyter-lite.json": json.dumps(settings(kernel), indent=1),
              **{f"contents/{topic}.ipynb": json.dumps(notebook, ensure_ascii=False)
                 for topic, notebook in notebooks.items()}}
    stamp = hashlib.sha256((json.dumps([wanted, APPS]) + version()).encode()).hexdigest()
    if (folder / "complete").exists() and (folder / "complete").read_text() == stamp:
        return
    work = folder.with_name("source")
    for old in (work, folder):
        shutil.rmtree(old, ignore_errors=True)
    config = {"LiteBuildConfig": {
        "no_sourcemaps": True, "no_unused_shared_packages": True, "apps": list(APPS),
        "ignore_sys_prefix": ["federated_extensions"],  # nbgrader's, for one
        "federated_extensions": list(map(str, EXTENSIONS)),
        "contents": ["contents"], "output_dir": str(folder)}}
    for name, text in {**wanted, "jupyter_lite_config.json": json.dumps(config)}.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        write(work / name, text)
    run = subprocess.run([sys.executable, "-m", "jupyterlite_core.app", "build", "--lite-dir",
                          str(work)], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace")
    if run.returncode or not (folder / "notebooks" / "index.html").exists():
        raise Trouble(f"JupyterLite could not be built:\n{run.stdout[-2000:]}")
    write(folder / "complete", stamp)


def version():
    """Return the versions of what the application is built from."""
    from importlib.metadata import version as of

    return " ".join(of(f"jupyterlite-{name}") for name in ("core", "pyodide-kernel"))


# --- Python's packages ---------------------------------------------------------------------------

def pure_wheels(piplite=None):
    """Return the wheels that the site itself offers: the course's own, and the kernel's.

    Parameters
    ----------
    piplite : Path, optional
        Another one than the kernel's, for an older Pyodide.
    """
    folder, kernel = EXTENSIONS[0] / "static" / "pypi", []
    for name in KERNEL:
        found = sorted(folder.glob(f"{name}-*.whl"))
        if len(found) != 1:
            raise Trouble(f"There is not one {name} in {folder}, but {len(found)}: "
                          "run python tools/run.py install.")
        kernel += found
    if piplite:
        kernel[KERNEL.index("piplite")] = piplite
    return [ours(), *core.others(), *kernel]


def ours(folder=BUILD / "lite" / "own"):
    """Return the course's own wheel, built only where its sources changed."""
    stamp = core.key("own", ())
    there = list(folder.glob("*.whl"))
    if not there or not (folder / "key").exists() or (folder / "key").read_text() != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        there = [own(folder)]
        write(folder / "key", stamp)
    return there[0]


def lock_of(run, wheels, address):
    """Return the lock for the kernel: of Pyodide's own what it needs, and the site's wheels.

    Parameters
    ----------
    run : Path
        The folder with the site's core.
    wheels : list of Path
        Pure wheels; they lie in `lite/wheels` of the site. What Pyodide brings, stays.
    address : str
        From where Pyodide's own packages come: an address, or "" for the core's folder.
    """
    lock = json.loads((run / core.LOCK).read_text(encoding="utf-8"))
    theirs = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    names = {canonicalize_name(parse_wheel_filename(wheel.name)[0]): wheel for wheel in wheels}
    added = {name: wheel for name, wheel in names.items()
             if name not in theirs or name == core.WANTED[0]}
    known_names = theirs.keys() | added.keys()
    mine = {name: core.entry_of(wheel, known_names, lock["info"]["python"])
            for name, wheel in added.items()}
    for entry in mine.values():
        entry["file_name"] = f"../../../lite/wheels/{entry['file_name']}"
    needed = core.closure([*FIRST, *names], theirs | mine)
    for name in needed - mine.keys():
        theirs[name] = {**theirs[name], "file_name": address + theirs[name]["file_name"]}
    return {**lock, "packages": {name: (theirs | mine)[name] for name in sorted(needed)}}


def wanted(root=ROOT):
    """Return whether the chapters of a book lead to JupyterLite."""
    told = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return told.get("sphinx", {}).get("config", {}).get("web_lite", False)


def make(site, piplite=None):
    """Put JupyterLite into a site that was built, and say what it weighs.

    Raises Trouble if the application cannot be built or a package is not where it should be.
    """
    from web import runtime

    source, run = runtime.given(), site / "_static" / "run" / "core"
    listed = json.loads((run.parent / "files.json").read_text(encoding="utf-8"))
    wheels = pure_wheels(piplite)
    lock = lock_of(run, wheels, "" if source else listed["wheels"])
    for entry in lock["packages"].values() if source else ():
        if "/" not in entry["file_name"] and not (run / entry["file_name"]).exists():
            if not (source / entry["file_name"]).exists():
                raise Trouble(f"PYODIDE={source} holds no {entry['file_name']}: give the folder "
                              "of a full release of Pyodide, or leave PYODIDE out.")
            shutil.copy(source / entry["file_name"], run)
    write(run / "lite-lock.json", json.dumps(lock, indent=1))
    built, lite = BUILD / "lite" / "application", site / "lite"
    application(built, {path.stem: copy_of(path) for path in paths()})
    shutil.rmtree(lite, ignore_errors=True)
    shutil.copytree(built, lite, ignore=shutil.ignore_patterns("complete"))
    (lite / "wheels").mkdir()
    for wheel in wheels:
        if any(entry["file_name"].endswith(f"/{wheel.name}")
               for entry in lock["packages"].values()):
            shutil.copy(wheel, lite / "wheels")
    files = [file for file in lite.rglob("*") if file.is_file()]
    say(f"JupyterLite: {len(files)} files, {sum(one.stat().st_size for one in files) / 1e6:.0f} MB")


def main(arguments):
    """Put JupyterLite into a site; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", nargs="?", type=Path, default=BUILD / "html")
    parser.add_argument("--piplite", type=Path, metavar="WHEEL",
                        help="another piplite than the kernel's, for an older Pyodide")
    options = parser.parse_args(arguments)
    make(options.site, options.piplite)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
