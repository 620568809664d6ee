"""Make what readers edit cells with: CodeMirror in one script.

It comes from npm (`modules`), lies in `_static/run`, and is loaded when the first cell is edited.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from web import modules

SOURCE = Path(__file__).with_name("editor.mjs")
EDITOR = "editor.js"
PACKAGE = re.compile(r"node_modules/((?:@[\w.-]+/)?[\w.-]+)/")


def put(run, folder):
    """Put the script into a folder; it is made anew only where what it is made of changed.

    Parameters
    ----------
    run : Path
        Where the scripts lie that pages ask for.
    folder : Path
        The node_modules to take them from.
    """
    of = [Path(__file__), SOURCE, folder / ".package-lock.json"]
    key = hashlib.sha256(b"".join(one.read_bytes() for one in of)).hexdigest()[:16]
    made = folder.parent / f"editor-{key}.js"
    if not made.exists():
        beside = made.with_suffix(f".{os.getpid()}.part")
        write(folder, beside)
        beside.replace(made)
    run.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, run / EDITOR)


def write(folder, script):
    """Write the editor, with the licences of all that it is made of."""
    packages = bundle(folder, script)
    with open(script, "a", encoding="utf-8") as end:
        end.writelines(f"/*! {words} */\n" for words in licences(folder, packages))


def bundle(folder, script):
    """Write the editor as one script; return the packages that it is made of."""
    meta = script.with_suffix(".json")
    command = [str(modules.node()), str(folder / "esbuild-wasm" / "bin" / "esbuild"), str(SOURCE),
               "--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8",
               "--log-level=error", f"--outfile={script}", f"--metafile={meta}"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False,
                         cwd=folder.parent, env={**os.environ, "NODE_PATH": str(folder)})
    if run.returncode:
        raise ExtensionError(f"The editor could not be made of {SOURCE.name}:\n{run.stderr}")
    inputs = json.loads(meta.read_text(encoding="utf-8"))["inputs"]
    meta.unlink()
    return sorted({match[1] for match in map(PACKAGE.search, inputs) if match})


def licences(folder, packages):
    """Return the licences of some packages, each with the packages that it is of."""
    found = {}
    for name in packages:
        path = next((folder / name).glob("LICEN[CS]E*"))
        found.setdefault(path.read_text(encoding="utf-8").strip(), []).append(name)
    return [f"{', '.join(names)}\n\n{text}" for text, names in found.items()]


def finish(app, exception):
    """Put the editor into the site that was built, before its files are listed."""
    if exception or app.builder.format != "html" or not app.config.web_python:
        return
    try:
        put(Path(app.outdir) / "_static" / "run", modules.modules())
    except modules.MissingError as error:
        raise ExtensionError(str(error)) from error


def setup(app):
    """Run before the list of Python's files is made."""
    app.connect("build-finished", finish, priority=400)
