"""A downloaded notebook installs what it needs in Colab, and says so elsewhere."""

import json
import os
import subprocess
import sys

import pytest

import download
import lab
import notebooks
from chapter import paths
from environment import ROOT
from tests.site.visits import SITE

SOURCE = "git+https://github.com/example/digits@0123"
# A machine without the course: no path leads to lib, and pip is what the test says.
BARE = """\
import builtins, json, subprocess, sys, types
from IPython.core.interactiveshell import InteractiveShell

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "lib" and not installed:
            raise ModuleNotFoundError("No module named 'lib'", name="lib")

def pip(command, check):
    installed.append(command)
    assert check
    package = types.ModuleType("lib")
    sys.modules.update({"lib": package, "lib.page": types.ModuleType("lib.page")})
    package.page = sys.modules["lib.page"]

installed = []
sys.meta_path.insert(0, Hidden())
subprocess.run = pip
if sys.argv[1] == "colab":
    sys.modules["google.colab"] = types.ModuleType("google.colab")
shell = InteractiveShell.instance(colors="NoColor")
ran = shell.run_cell(sys.stdin.read())
print(json.dumps([ran.success, [command[1:] for command in installed]]))
"""


def run_guard(code, where):
    """Return (what is shown, whether the cell succeeded, what pip was asked for)."""
    done = subprocess.run([sys.executable, "-c", BARE, where], input=code, cwd=ROOT / "tests",
                          capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    assert done.returncode == 0, done.stderr
    *shown, last = done.stdout.strip().splitlines()
    return "\n".join(shown), *json.loads(last)


def test_in_colab_the_first_cell_installs_the_course_and_goes_on():
    shown, well, asked = run_guard(download.guard("qr", SOURCE), "colab")
    assert (shown, well) == ("", True)
    assert asked == [["-m", "pip", "install", "--quiet", "--no-deps", SOURCE]]


@pytest.mark.parametrize("source, where, said", [
    (SOURCE, "lab", f"Install it by: python -m pip install {SOURCE}"),
    ("", "lab", "make lab CHAPTER=qr"),
    ("", "colab", "run python -m pip install and the path of that folder"),
])
def test_without_the_course_a_sentence_says_what_is_needed(source, where, said):
    shown, well, asked = run_guard(download.guard("qr", source), where)
    assert not well and asked == []
    assert shown.startswith("This notebook needs the package lib of the course") and said in shown
    assert "Traceback" not in shown and shown.endswith("(No module named 'lib')")


def test_with_the_course_the_first_cell_does_nothing():
    done = subprocess.run([sys.executable, "-c", download.guard("qr", SOURCE)], cwd=ROOT,
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("url, expected", [
    ("", ""), ("https://github.com/a/b/", "git+https://github.com/a/b@0123"),
    ("https://github.com/a/b.git", "git+https://github.com/a/b@0123")])
def test_the_course_is_installed_from_its_own_address(url, expected, tmp_path):
    (tmp_path / "_config.yml").write_text(f'repository:\n  url: "{url}"\n  branch: main\n')
    assert download.source_of(tmp_path, "0123") == expected
    assert download.source_of(tmp_path) == expected.replace("0123", "main")


def test_a_book_without_settings_has_no_address(tmp_path):
    (tmp_path / "_config.yml").write_text("")
    assert download.source_of(tmp_path) == ""


@pytest.mark.parametrize("path", paths()[:3], ids=lambda path: path.stem)
def test_a_copy_is_a_readers_copy_after_one_cell(path):
    copy = json.loads(download.copy_of(path, SOURCE))
    first, *rest = copy["cells"]
    assert (first["id"], first["source"]) == ("guard", download.guard(path.stem, SOURCE))
    assert rest == lab.reader_copy(json.loads(path.read_text(encoding="utf-8")))["cells"]
    assert all(not cell["outputs"] for cell in copy["cells"] if cell["cell_type"] == "code")


def test_only_what_sphinx_offers_is_written(tmp_path):
    root, site = tmp_path / "book", tmp_path / "site"
    (root / "chapters").mkdir(parents=True)
    (root / "_config.yml").write_text("")
    for topic in ("adding", "draft"):
        text = notebooks.dumps(notebooks.canonical(notebooks.from_text("%% code run-x\n1 + 1\n")))
        (root / "chapters" / f"{topic}.ipynb").write_text(text)
    place = site / "_sources" / "chapters"
    place.mkdir(parents=True)
    (place / "adding.ipynb").write_text("as Sphinx left it")
    assert download.offer(site, root) == 1
    assert [path.name for path in place.iterdir()] == ["adding.ipynb"]
    assert json.loads((place / "adding.ipynb").read_text())["cells"][0]["id"] == "guard"


@pytest.mark.browser
def test_each_chapter_of_the_site_offers_its_guarded_copy():
    offered = {path.stem: json.loads(path.read_text(encoding="utf-8"))["cells"][0]["id"]
               for path in (SITE / "_sources" / "chapters").glob("*.ipynb")}
    assert offered == {path.stem: "guard" for path in paths()}
    page = (SITE / "chapters" / "qr.html").read_text(encoding="utf-8")
    assert 'href="../_sources/chapters/qr.ipynb"' in page
