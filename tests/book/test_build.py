"""A small book is built, in a folder of an odd name: stopped, cut and broken on the way."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

import book
import cost
import environment
import execute
import notebooks
import witness
from environment import ROOT

PROGRAM = ("import sys; sys.path.insert(0, 'tools'); import environment, book; "
           "sys.excepthook = environment.tell; sys.exit(book.main(8000, True))")
ONCE = ["-p", "no:cacheprovider", "-p", "nbval.plugin", "-p", "once", "-c", "pytest.ini",
        "--nbval-current-env", "--nbval-sanitize-with", str(ROOT / "tests/nbval_sanitize.cfg")]
CHAPTER = """\
%% markdown title
# Tiny
%% code setup
import numpy as np
from lib.numbers import two_sum
%% code run-gap
gap = float(np.spacing(np.float32(1e8)))
f"{gap:g}"
%% markdown say-gap
**The gap is 8.**
%% code claim-gap
assert gap == 8
%% markdown say-small
**The gap is 1.**
%% code claim-small
small = gap / 8
assert small == 1
"""


def project(folder):
    """Write a book of two pages, with this book's settings and tools, into a folder."""
    for name in ("tools", "lib", "web"):
        shutil.copytree(ROOT / name, folder / name,
                        ignore=shutil.ignore_patterns("__pycache__", "vendor/lite",
                                                      "redirects.toml"))
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    told = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert "web_lite: true" in told  # without JupyterLite a small book is built in seconds
    (folder / "_config.yml").write_text(told.replace("web_lite: true", "web_lite: false"))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/index\nchapters:\n  - file: chapters/tiny\n")
    (folder / "chapters").mkdir()
    shutil.copy(ROOT / "chapters" / "references.bib", folder / "chapters")
    (folder / "chapters" / "index.md").write_text("# A book\n\nOf one page.\n")
    path = folder / "chapters" / "tiny.ipynb"
    path.write_text(notebooks.dumps(notebooks.from_text(CHAPTER)), encoding="utf-8")
    notebooks.run(path)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return the folder of a small book; its name has a space, signs, and letters of all sorts."""
    folder = tmp_path_factory.mktemp("of") / "ma thèse 数 (1), 100%25"
    folder.mkdir()
    return project(folder)


def settings(folder):
    """Return the environment in which a command of the small book runs."""
    inherited = {key: value for key, value in os.environ.items() if "PYTEST" not in key}
    return inherited | {"PYTHONPATH": os.pathsep.join(
        [str(folder), environment.LIGHT, str(folder / "tools"),
         str(folder / "tools" / "author")])}


def start(folder):
    """Start a build in a group of processes of its own, as a terminal does."""
    return subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=folder, env=settings(folder),
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            encoding="utf-8", start_new_session=True)


def build(folder):
    """Build the book; return the exit status and what was said."""
    process = start(folder)
    said = process.communicate(timeout=600)[0]
    return process.returncode, said


def pages(folder):
    """Return the texts of the two pages."""
    return [(folder / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")
            for name in ("index", "tiny")]


def edited(folder, old, new):
    """Replace a text in the chapter."""
    path = folder / "chapters" / "tiny.ipynb"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def wait_for(condition, seconds=300):
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="groups of processes are killed otherwise there")
def test_a_build_that_was_killed_is_made_whole_by_the_next(small):
    process = start(small)
    wait_for(lambda: (small / "_build" / "html" / "chapters" / "index.html").exists())
    os.killpg(process.pid, signal.SIGKILL)
    said = process.communicate()[0]
    assert "tiny ..." in said and "tiny took" in said  # each chapter is named as it runs
    status, said = build(small)
    assert (status, "Running" in said) == (0, False), said  # what had run is kept
    assert all(page.rstrip().endswith("</html>") for page in pages(small))


@pytest.mark.parametrize("cut, unfinished", [(True, False), (False, True), (False, False)])
def test_after_an_end_too_soon_a_build_starts_anew_but_keeps_what_ran(tmp_path, cut, unfinished):
    # That a build with neither pages nor doctrees makes them whole, the test above has seen.
    names = ["chapters/index", "chapters/tiny"]
    kept = [tmp_path / ".jupyter_cache" / "global.db", tmp_path / ".doctrees" / "index.doctree",
            *(tmp_path / "html" / f"{name}.html" for name in names)]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<p>text</p></html>\n", encoding="utf-8")
    if cut:
        kept[-1].write_text("<p>te", encoding="utf-8")
    if unfinished:
        (tmp_path / "unfinished").write_text("", encoding="utf-8")
    book.start_anew_after_an_end_too_soon(names, tmp_path)
    assert [path for path in kept if path.exists()] == (kept[:1] if cut or unfinished else kept)


def left_over(folder):
    """Return the processes that work in the small book's folder."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"], ad_value=""):
        if str(process.info["cwd"]).startswith(str(folder)):
            found.append(process.info["cmdline"])
    return found


@pytest.mark.skipif(os.name == "nt", reason="has no such signals")
@pytest.mark.parametrize("sent, status", [(signal.SIGINT, -signal.SIGINT),
                                          (signal.SIGKILL, -signal.SIGKILL)])
def test_a_build_that_is_stopped_while_a_chapter_runs_leaves_no_kernel(small, sent, status):
    edited(small, "small = gap / 8", "small = __import__('time').sleep(600)")
    try:
        process = start(small)
        wait_for(lambda: any("ipykernel_launcher" in command for command in left_over(small)))
        os.killpg(process.pid, sent)
        said = process.communicate(timeout=60)[0]
    finally:
        edited(small, "small = __import__('time').sleep(600)", "small = gap / 8")
    assert process.returncode == status and "Traceback" not in said
    assert sent == signal.SIGKILL or said.endswith("Stopped.\n")
    wait_for(lambda: not left_over(small), seconds=60)


def test_a_failed_chapter_is_told_by_cell_assert_and_values(small):
    edited(small, "gap == 8", "gap == 9")
    try:
        status, said = build(small)
    finally:
        edited(small, "gap == 9", "gap == 8")
    assert status == 1
    assert ("The chapter tiny failed in cell claim-gap: "
            "AssertionError: `gap == 9` is false: gap = 8.0") in said
    assert "Traceback" not in said and "WARNING" not in said


def once(folder):
    """Run the small book's chapter as make test does; return the exit status and what was said."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", *ONCE, "chapters"], cwd=folder,
                         env=settings(folder) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
                         capture_output=True, text=True, encoding="utf-8")
    return run.returncode, run.stdout


def records(folder):
    """Return how many executed chapters the cache of the build holds."""
    return len(list((folder / "_build" / ".jupyter_cache" / "executed").glob("*/*.ipynb")))


def test_one_run_compares_and_fills_the_cache(small):
    shutil.rmtree(small / "_build", ignore_errors=True)
    status, said = once(small)
    assert (status, records(small)) == (0, 1), said
    assert "4 passed" in said
    told = json.loads((small / "_build" / "costs" / "tiny.json").read_text())
    assert cost.over(told) == [] and 10 < told["memory"] < cost.MEMORY


def test_one_run_tells_all_that_is_wrong_and_keeps_nothing(small):
    shutil.rmtree(small / "_build", ignore_errors=True)
    changes = [("'8'", "'9'"), ("gap == 8", "gap != 7"), ("small == 1", "small == 3")]
    for old, new in changes:
        edited(small, old, new)
    try:
        status, said = once(small)
    finally:
        for old, new in changes:
            edited(small, new, old)
    assert (status, records(small)) == (1, 0)
    assert "run-gap: Cell outputs differ" in said
    assert "claim-gap: `assert gap != 7` passes" in said
    assert "`small == 3` is false: small = 1.0" in said


def test_a_chapter_that_takes_too_much_memory_fails(small):
    shutil.rmtree(small / "_build", ignore_errors=True)
    edited(small, "np.float32(1e8)))", "np.float32(1e8))) + 0 * np.ones(70_000_000)[0]")
    try:
        status, said = once(small)
    finally:
        edited(small, " + 0 * np.ones(70_000_000)[0]", "")
    assert (status, records(small)) == (1, 0)
    assert re.search(r"claim-small: the chapter takes \d+ MB of memory; its budget is 500", said)


# Asserts that tell


@pytest.mark.parametrize("test, told", [
    ("gap == 8", "`gap == 8` is false: gap = 16"),
    ("gap == 16 and error < 2 * u", "`error < 2 * u` is false: error = 0.5, 2 * u = 0.25"),
    ("gap == 8 or gap == 9", "`gap == 8` is false: gap = 16; `gap == 9` is false: gap = 16"),
    ("not gap", "`not gap` is false: gap = 16"),
    ("all([gap < 9])", "`all([gap < 9])` is false: [gap < 9] = [False]"),
    ("same(gap, error)", "`same(gap, error)` is false: gap = 16, error = 0.5"),
    ("report.passed", "`report.passed` is false: report.passed = NameError(\"name 'report' is not "
                      "defined\")"),
])
def test_a_false_assert_says_its_values(test, told):
    names = {"gap": 16, "error": 0.5, "u": 0.125, "same": lambda a, b: a == b}
    assert witness.falsehood(test, names) == told


def test_long_values_are_cut():
    assert len(witness.falsehood("x == 1", {"x": [0] * 1000})) < 2 * witness.LENGTH


def test_an_assert_with_a_message_keeps_it():
    import ast

    tree = witness.Witness().visit(ast.parse("assert x, 'mine'\nassert y"))
    assert ast.unparse(tree.body[0]) == "assert x, 'mine'"
    assert "falsehood" in ast.unparse(tree.body[1])


def test_a_place_is_a_file_or_cell_and_its_line():
    traceback = ("\x1b[31m-----\x1b[39m\nCell In[4], line 2\n      1 a = 1\n----> 2 f(a)\n"
                 "File /home/me/lib/numbers/sums.py:41, in f(x)\n     40 def\n---> 41     1 / x\n")
    assert [line.strip() for line in execute.places(traceback)] == [
        "Cell In[4], line 2", "----> 2 f(a)", "File /home/me/lib/numbers/sums.py:41, in f(x)",
        "---> 41     1 / x"]


def test_a_kernel_warns_nobody(capfd, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(notebooks.dumps(notebooks.from_text("%% code run-x\n1 + 1")))
    notebooks.run(path)
    assert capfd.readouterr() == ("", "")


def test_another_python_lets_chapters_run_again(monkeypatch):
    path = ROOT / "chapters" / "qr.ipynb"
    before = book.key_of(path)
    assert book.key_of(path) == before
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert book.key_of(path) != before


def test_settings_of_a_kernel_add_to_a_path_of_ones_own(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "mine")
    assert execute.settings()["PYTHONPATH"].split(os.pathsep)[-1] == "mine"
    assert environment.SETTINGS["OPENBLAS_NUM_THREADS"] == "1"
