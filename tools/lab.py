"""Open a reader's own copy of a chapter, made on first use in work/ and never overwritten."""

import json
import os
import subprocess
import sys

import book
import notebooks
import reader
from chapter import load, paths
from environment import ROOT, say, write

WORK = ROOT / "work"


def reader_copy(notebook, root=ROOT):
    """Return a notebook for a reader: no outputs, so that predictions count; solutions folded.

    JupyterLab shows the first line of a folded cell, so a solution gets one that tells nothing.
    """
    copy = json.loads(json.dumps(notebook))
    for cell in copy["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
        if "hide-cell" in cell["metadata"].get("tags", ()):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
            cell["source"] = "# Solution: the three dots unfold it.\n" + "".join(cell["source"])
    return reader.plain(copy, root)


def copy_of(topic, work=WORK, root=ROOT):
    """Return the path of the reader's copy of a chapter; make it if there is none."""
    source = book.chapter_of(topic, root)
    mine = work / f"{topic}.ipynb"
    if mine.exists() and mine.stat().st_size:  # An empty file holds nobody's work.
        say(f"Opening your copy, work/{topic}.ipynb. (To start it anew, rename or remove it.)")
        return mine
    work.mkdir(exist_ok=True)
    notebook = reader_copy(load(source), root)
    write(mine, notebooks.dumps(notebook))
    say(f"Made your own copy, work/{topic}.ipynb; what you change there is kept.")
    return mine


def main(topic, copy_only):
    """Open JupyterLab on the reader's copy; return the exit status."""
    if not topic:
        names = "\n    ".join(path.stem for path in paths())
        say(f"Which chapter? For example: make lab CHAPTER=softmax\n    {names}")
        return 2
    mine = copy_of(topic)
    if copy_only:
        return 0
    say("Starting JupyterLab; your browser opens by itself (Ctrl-C twice stops it) ...")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={WORK}", str(mine)]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        command.append("--allow-root")  # as in a container, where everybody is root
    return subprocess.call(command, cwd=WORK)
