"""A small chapter in the book's form: all that a page can hold, built as the book is."""

import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import time

from environment import ROOT
from web import modules

TOC = "format: jb-book\nroot: chapters/index\nchapters:\n  - file: chapters/tiny\n"
CAPTION = {"mystnb": {"figure": {"caption": "Two points.", "name": "fig-two"}}}
MOVING = {"mystnb": {"figure": {"caption": "A line.", "name": "fig-line"}}}
PICTURE = {"mystnb": {"figure": {"caption": "A sum.", "name": "fig-sum"},
                      "image": {"alt": "a line"}}}
EVENLY = "numbers are spread evenly"
GAP = {"prediction": {"answer": 1, "misconceptions": {"2": EVENLY, "3": "the gap is `eps`"}}}
AGAIN = {"prediction": {"answer": 2, "misconceptions": {"1": EVENLY}}}
SHARE = {"prediction": {"number": 0.25, "within": 0.01, "unit": "of all sums"}}
SIZE = {"prediction": {"number": 1e-16, "factor": 3}}
EXPLORE = """\
def draw(ax, slope):
    ax.plot([0, 1], [0, slope])


explore(draw, alt="A line through the origin.", slope=Slider(0, 2, 9))"""
AGAIN_EXPLORE = EXPLORE.replace("draw", "paint").replace("Slider(0, 2, 9)", "Slider(1, 3, 5)")
# A line that just fits on a wide screen, and one that is too long, indented.
WIDE = "wide_enough = [" + ", ".join(f"{number}" for number in range(100, 112)) + ", 4]"
LONG = "    return " + " + ".join(f"number_{letter}" for letter in "abcdefgh")

CELLS = [
    ("title", "# Tiny numbers\n\n*You will see.*\n\nYou will be able to\n\n1. tell gaps;\n2. sum."
     "\n\n**Needs**: none.\n**Time**: 60 minutes, core path 30.", {}),
    ("setup", "import matplotlib.pyplot as plt\nimport numpy as np\n\nfrom lib import grade\n"
     "from lib.page import Slider, explore", {}),
    ("failure", "## A failure\n\nThe sum is wrong.", {}),
    ("failure-sum", 'print("the sum is", 0.1 + 0.2)', {}),
    ("riddle", "Why?", {}),
    ("predict-gap", "## Numbers with gaps\n\n**Predict**: between 1024 and 2048, are there\n\n"
     "1. as many numbers as between 1 and 2;\n2. a thousand times as many, since $2048 - 1024$ "
     "is so much longer;\n3. a few more, as {doc}`the start <index>` says?", GAP),
    ("run-gap", 'print("1024 numbers each")', {}),
    ("explain-gap", "As many: the *explanation*.", {}),
    ("say-gap", "**The binades are equally full.**\n\nHere: 1024 numbers.", {}),
    ("claim-gap", "full = 1024\nassert full == 1024\n# ledger: S1-01-01", {}),
    ("explain-code", "```python\nprint('a listing')\n```", {}),
    ("explore-line", EXPLORE, MOVING),
    ("explain-more", "The line moves.", {}),
    ("run-wide", f"{WIDE}\n\n\ndef total(number_a):\n    other = 1\n{LONG}", {}),
    ("explain-free", "This is in sight.", {}),
    ("run-helper", 'def half(gap):\n    """Return half of a gap.\n\n    Exactly.\n    """\n'
     "    return gap / 2", {"tags": ["helper"]}),
    ("predict-share", "### A share\n\n**Predict** the share of exact sums.", SHARE),
    ("run-share", 'print("0.25 of all")', {}),
    ("predict-size", "**Predict** the size of an error.", SIZE),
    ("explore-size", AGAIN_EXPLORE, CAPTION),
    ("explain-size", "About $10^{-16}$.", {}),
    ("predict-again", "## A second time\n\n*Beyond the core path.*\n\n**Predict** again:\n\n"
     "1. more\n2. as many", AGAIN),
    ("run-again", 'axes = plt.plot([1, 2])\nprint("as many")', PICTURE),
    ("explain-again", "As many.\n\n```{note}\nA note.\n```", {}),
    ("exercise-add", "## Exercises\n\n### Exercise: Add\n\n"
     "*Break it · outcome 1 · 5 minutes · core*\n\nAdd.\n\n"
     "<details><summary>Hint</summary>\n\nUse a plus.\n\n</details>", {}),
    ("try-add", "def add(a, b): ...", {}),
    ("check-add", 'grade.Report("add", ())', {}),
    ("solution-add", "def add_solution(a, b):\n    return a + b", {"tags": ["hide-cell"]}),
    ("exercise-stars", "### Exercise: Stars ★★\n\nCount them.", {}),
    ("question-why", '### Question: "Why?"\n\n*Outcome 2*\n\nBecause.', {}),
    ("card", "## Card\n\n| what | how |\n|---|---|\n| sum | add |", {}),
    ("summary", "## Summary\n\n- The binades are equally full.", {}),
    ("references", "## References\n\nNone.", {}),
]
CODE = ("setup", "failure-", "run", "claim", "explore", "try", "check", "solution")


def notebook(cells=CELLS):
    """Return a chapter as the text of a notebook."""
    made = []
    for name, source, metadata in cells:
        kind = "code" if name.startswith(CODE) else "markdown"
        made.append({"cell_type": kind, "id": name, "source": source, "metadata": metadata})
        if kind == "code":
            made[-1].update(outputs=[], execution_count=None)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                       "nbformat_minor": 5})


def lay_out(folder, cells=CELLS, repository=""):
    """Write a book of two pages, with the settings of the real one, into a folder.

    `repository` is the address that the book's sources would have; the real one has none yet.
    """
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    settings = settings.replace("web_python: true", "web_python: false")  # nothing from npm
    settings = settings.replace("web_lite: true", "web_lite: false")  # nor from PyPI
    with_address = settings.replace('\n  url: ""\n', f'\n  url: "{repository}"\n')
    assert repository in with_address
    (folder / "_config.yml").write_text(with_address, encoding="utf-8")
    copy_web(folder)
    (folder / "_toc.yml").write_text(TOC)
    (folder / "chapters").mkdir()
    (folder / "chapters" / "references.bib").write_text("")
    (folder / "chapters" / "index.md").write_text("# A book\n\n$x^2$\n")
    (folder / "chapters" / "tiny.ipynb").write_text(notebook(cells), encoding="utf-8")


def copy_web(folder):
    """Give a book in another folder the code of the site, and what npm installed for it."""
    shutil.copytree(ROOT / "web", folder / "web",
                    ignore=shutil.ignore_patterns("__pycache__", "redirects.toml"))
    shutil.copytree(modules.modules().parent, folder / "_build" / "npm")


def build(folder):
    """Build a book strictly; return the exit status and what was said."""
    code = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "build", "-W", "-n", "--keep-going", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"})
    return done.returncode, done.stdout + done.stderr


def shared(factory):
    """Return the small book's folder, built once for all workers, its status and what was said."""
    folder = factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "small book"
    told = folder / "told.json"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + 300
        while not told.exists():
            assert time.monotonic() < end, "the other worker does not finish the small book"
            time.sleep(0.1)
        return folder, *json.loads(told.read_text())
    lay_out(folder)
    result = build(folder)
    (folder / "told").write_text(json.dumps(result))
    (folder / "told").rename(told)
    return folder, *result


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line for each; pages broken on purpose come from memory."""

    broken = {}  # noqa: RUF012, shared on purpose: path -> text

    def log_message(self, *_):
        """Say nothing."""

    def send_head(self):
        """Answer with a broken page, if one is asked for, or with a file."""
        text = self.broken.get(self.path.partition("?")[0].lstrip("/"))
        if text is None:
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        return io.BytesIO(text.encode())
