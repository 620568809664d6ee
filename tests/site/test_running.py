"""Cells as a page runs them, in a process of their own: what each shows, what errors say.

The same modules run in a browser; here NumPy and matplotlib are those of the machine.
"""

import base64
import json
import struct
import subprocess
import sys

import pytest

from environment import ROOT
from web import runtime

PROGRAM = """
import json, os, sys
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import undrawn
for name in ("fontTools", "pytz"):  # a page does without them
    sys.modules[name] = None
HAVE = {"matplotlib", "scipy"} - set(sys.argv[3:])
undrawn.there = lambda package: package in HAVE
import shell
answers = os.fdopen(os.dup(1), "w")
for line in sys.stdin:
    kind, data = json.loads(line)
    HAVE |= set(data.pop("come", ()))
    parts = []
    print(json.dumps([json.loads(shell.answer(kind, json.dumps(data), parts.append)), parts]),
          file=answers, flush=True)
"""


class Page:
    """A Python that answers as the one of a page does."""

    def __init__(self, *without):
        run = runtime.HERE / "assets" / "run"
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(run), str(ROOT), *without], text=True,
            encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.parts = []

    def ask(self, kind, **data):
        """Return the answer to a question; note what came before its end."""
        print(json.dumps([kind, data]), file=self.process.stdin, flush=True)
        answer, parts = json.loads(self.process.stdout.readline())
        self.parts = [json.loads(part) for part in parts]
        return answer

    def run(self, source, cell="run-x", **options):
        """Return what a page shows of a cell."""
        return self.ask("cell", source=source, cell=cell, **options)

    def shown(self, source, **options):
        """Return what a cell shows, which is one thing."""
        found = self.run(source, **options)
        assert found["good"], found
        output, = found["outputs"]
        return output


@pytest.fixture(scope="module")
def kept():
    """Return a page's Python, started once."""
    page = Page()
    with page.process:  # its pipes are closed, and it ends
        yield page


@pytest.fixture
def page(kept):
    """Return a page's Python that has forgotten all names."""
    kept.run("", anew=True)
    return kept


def test_printed_text_and_the_last_value_are_shown_in_order(page):
    found = page.run('print("one")\nprint("two", end="")\nx = 2\nx + 1')
    assert found["outputs"] == [{"text": "one\ntwo"}, {"text/plain": "3"}]
    assert found["good"] and found["error"] == "" and found["lacks"] == ""
    assert found["line"] is None


def test_a_semicolon_and_a_value_of_none_show_nothing(page):
    assert page.run("1 + 1;")["outputs"] == page.run("None")["outputs"] == []


def test_names_last_from_cell_to_cell_until_all_is_forgotten(page):
    page.run("def twice(x):\n    return 2 * x", cell="run-a")
    assert page.shown("twice(4)") == {"text/plain": "8"}
    assert page.run("twice", anew=True)["error"] == "NameError: name 'twice' is not defined"


def test_a_quiet_cell_defines_names_and_shows_nothing(page):
    found = page.run('print("loud")\ny = 5\ny\nimport matplotlib.pyplot as plt\nplt.plot([1])',
                     quiet=True)
    assert found["good"] and found["outputs"] == []
    assert page.shown("plt.get_fignums(), y") == {"text/plain": "([], 5)"}


def test_a_name_of_a_cell_is_one_of_main_as_in_a_notebook(page):
    assert page.shown("import __main__\nz = 3\n__main__.z") == {"text/plain": "3"}
    source = "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f), end='')"
    assert page.shown(source) == {"text": "def f():\n    return 1\n"}


ERRORS = [
    ("x = 1\n1 / 0", "Line 2: 1 / 0\nZeroDivisionError: division by zero"),
    ("def f(:\n    pass", "Line 1: def f(:\nSyntaxError: invalid syntax"),
    ("if True:\n1",
     "Line 2: 1\nIndentationError: expected an indented block after 'if' statement on line 1"),
    ("raise SystemExit(3)", "Line 1: raise SystemExit(3)\nSystemExit: 3"),
    ("raise KeyboardInterrupt", "Line 1: raise KeyboardInterrupt\nKeyboardInterrupt"),
    ('raise ValueError("<img src=x onerror=1>")',
     'Line 1: raise ValueError("<img src=x onerror=1>")\nValueError: <img src=x onerror=1>'),
    ("from lib.page import Slider\nSlider(3, 1)",
     "Line 2: Slider(3, 1)\nValueError: Slider needs finite lo < hi, got 3 and 1"),
    ("class Odd(Exception):\n    def __str__(self):\n        1 / 0\nraise Odd",
     "Line 4: raise Odd\nOdd: <exception str() failed>"),
]


@pytest.mark.parametrize("source, told", ERRORS)
def test_an_error_names_the_line_of_the_cell_and_shows_no_line_of_lib(source, told, page):
    found = page.run(source)
    assert found["outputs"][-1] == {"error": told}
    assert not found["good"] and found["error"] == told.splitlines()[-1]
    assert told.startswith(f"Line {found['line']}: ")


def test_an_error_in_a_function_of_another_cell_names_both(page):
    page.run("def root(x):\n    return x ** 0.5 / x", cell="run-root", name="cell “def root(x):”")
    found = page.run("y = 0.0\nroot(y)", cell="run-use")
    assert found["outputs"][0]["error"].splitlines()[:2] == [
        "Line 2: root(y)", "Line 2 of cell “def root(x):”: return x ** 0.5 / x"]
    assert found["line"] == 2
    endless = page.run("def f():\n    f()\nf()")["outputs"][0]["error"].splitlines()
    assert len(endless) == 8 and "more ..." in endless[3] and endless[-1][:14] == "RecursionError"


def test_what_was_shown_before_an_error_stays(page):
    assert [*page.run("print(1)\n1 / 0")["outputs"][0]] == ["text"]


def test_a_package_that_is_missing_is_named(page):
    assert page.run("import scipie")["lacks"] == "scipie"
    assert page.run("import scipie.sparse")["lacks"] == "scipie"
    assert page.run("raise ImportError('no')")["lacks"] == ""


def test_of_endless_text_the_beginning_is_shown(page):
    text = page.shown('for k in range(30_000):\n    print("0123456789")')["text"]
    assert len(text) < 101_000 and text.endswith("the rest is not shown.)")
    assert len(page.shown('"x" * 500_000')["text/plain"]) < 101_000
    found = page.run("for k in range(300):\n    display(k)")
    assert len(found["outputs"]) == 100


def test_what_a_long_cell_prints_is_told_before_its_end(page):
    page.run('import time\nprint("at first")\ntime.sleep(0.4)\nprint("later")\nprint("end")')
    assert page.parts == [[{"text": "at first\nlater"}]] or (
        page.parts[0][0]["text"].startswith("at first\nlater"))
    page.run('print(1)\ntime.sleep(0.4)\nprint(2)', quiet=True)
    assert page.parts == []


def test_a_figure_is_a_picture_twice_as_sharp_as_its_size(page):
    found = page.shown("from lib.page import figures\nax = figures.new_axes()")
    data = base64.b64decode(found["image/png"])
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * found["width"], 2 * found["height"])
    assert (found["width"], found["height"]) == (480, 320)


def test_figures_come_where_they_are_asked_for_and_else_at_the_end(page):
    found = page.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint(1)\n"
                     "plt.plot([3])\nprint(2)")
    assert [*map(sorted, found["outputs"])] == [["height", "image/png", "width"], ["text"],
                                                ["height", "image/png", "width"]]


def test_a_figure_that_no_page_can_hold_is_refused_and_none_is_left_open(page):
    found = page.run("import matplotlib.pyplot as plt\nplt.figure(figsize=(900, 2))")
    assert "is too large for a page: give figsize" in found["error"]
    assert page.shown("plt.get_fignums()") == {"text/plain": "[]"}


def test_the_forms_of_a_thing_are_html_markdown_and_text(page):
    found = page.shown("from lib import digits\ndigits.trace(lambda x: (x + 1) - x, 1e16)")
    assert found["text/html"].startswith('<div class="lib-trace">')
    assert found["text/plain"].startswith("lambda: 0 of 16 digits are right.")
    shown = page.shown("from lib.page import source\nfrom lib.numbers import ulp\nsource(ulp)"
                       .replace("ulp", "two_sum"))
    assert shown["text/markdown"].startswith("```python\ndef two_sum")


def test_html_that_is_too_long_for_a_page_is_left_out(page):
    source = ("class Long:\n    def _repr_html_(self):\n        return 'x' * 400_000\n"
              "    def __repr__(self):\n        return 'short'\nLong()")
    assert page.shown(source) == {"text/plain": "short"}


def test_a_long_list_has_one_entry_a_line_as_in_a_notebook(page):
    from IPython.lib.pretty import pretty

    for thing in ([10**20] * 6, {f"key {k}": (k, float(k)) for k in range(9)}, {"b": 1, "a": 2},
                  {"x" * 30, "y" * 60}, [["a" * 50], ("b" * 50,)]):
        assert page.shown(repr(thing)) == {"text/plain": pretty(thing)}


CHECK = """
from lib.grade import check_value
check_value({answer}, 3, name="answer")
"""


def test_a_report_says_whether_it_passed(page):
    found = page.run(CHECK.format(answer=3))
    assert found["passed"] is True and found["headline"].startswith("answer: passed")
    assert found["outputs"][0]["text/html"].startswith('<div class="lib-report">')
    assert page.run(CHECK.format(answer=4))["passed"] is False
    assert "passed" not in page.run("class Report:\n    passed = True\nReport()")


EXPLORE = """
from lib.page import Choice, Slider, explore


def draw(ax, k, kind):
    drawn.append((k, kind))
    ax.plot([0, 1], [0, k], label=kind)


drawn = []
explore(draw, alt="A line.", say=lambda k, kind: f"{kind} rises by {k:g}.",
        k=Slider(0, 2, 5, init=1), kind=Choice(["fast", "slow"]))
"""


def test_a_moving_figure_gives_its_first_frame_and_others_when_asked(page):
    figure = page.shown(EXPLORE, cell="explore-line")["application/x-moving"]
    assert figure["figure"] == "explore-line-0" and figure["start"] == 4
    assert figure["controls"] == [
        {"label": "k", "texts": ["0", "0.5", "1", "1.5", "2"], "start": 2, "choice": False},
        {"label": "kind", "texts": ["fast", "slow"], "start": 0, "choice": True}]
    assert figure["said"] == "fast rises by 1." and figure["told"]
    before = int(page.shown("len(drawn)")["text/plain"])
    frame = page.ask("frame", figure="explore-line-0", number=9)
    assert frame["said"] == "slow rises by 2." and frame["picture"] != figure["picture"]
    assert int(page.shown("len(drawn)")["text/plain"]) == before + 1  # this frame alone


def test_a_frame_drawn_for_the_page_is_the_one_that_the_book_would_show(page):
    figure = page.shown(EXPLORE, cell="explore-line")["application/x-moving"]
    book = subprocess.run(
        [sys.executable, "-c", f"import IPython.display as d\nd.display = lambda one: print("
         f"one._repr_mimebundle_()['text/html'])\n{EXPLORE}"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={"EXPLORE_STATIC": "1", "PYTHONPATH": str(ROOT), "PATH": ""}).stdout
    paths = [one.split('"')[0] for one in figure["picture"].split(' d="')[1:]]
    assert len(paths) > 10 and all(path in book for path in paths)


def test_a_moving_figure_of_a_quiet_cell_is_not_drawn(page):
    page.run("import matplotlib")
    assert page.run(EXPLORE, cell="explore-line", quiet=True)["good"]
    assert page.shown("drawn") == {"text/plain": "[]"}


# --- Packages that have not come yet --------------------------------------------------------------

SETUP = "from scipy import linalg\nfrom lib.page import Choice, Slider, explore, figures\n" \
    "figures.use_style()"
DRAWING = "ax = figures.new_axes()\nax.plot([1, 2])[0].set(color='red')\nax.title.set_text('x')\n" \
    "ax = figures.error_against([1, 2], {'y': [1, 2]}, xlabel='x')\nk = 3"


@pytest.fixture
def bare():
    """Return a page's Python to which neither matplotlib nor SciPy has come."""
    page = Page("matplotlib", "scipy")
    with page.process:
        yield page


def test_what_is_imported_and_drawn_unseen_needs_no_package(bare):
    found = bare.run(SETUP)
    assert found["good"] and found["lacks"] == "" and found["outputs"] == []
    assert bare.run(DRAWING, quiet=True)["good"]
    assert bare.run(EXPLORE, quiet=True)["good"]
    assert bare.shown("k") == {"text/plain": "3"}


@pytest.mark.parametrize("source, package", [
    ("figures.new_axes()", "matplotlib"), (EXPLORE, "matplotlib"), ("ax", "matplotlib"),
    ("import matplotlib.pyplot as plt\nplt.plot([1, 2])", "matplotlib"),
    ("try:\n    figures.new_axes()\nexcept Exception:\n    pass\n5", "matplotlib"),
    ("ax.get_xlim() == (0, 1)", "matplotlib"), ("[*ax.lines]", "matplotlib"),
    ("f'{ax}'", "matplotlib"), ("class Mine(figures.new_axes): ...", "matplotlib"),
    ("1 + linalg.pi", "scipy"), ("linalg.solve([[1.0]], [1.0])", "scipy"),
    ("from lib import problems\nproblems.poisson2d(3)", "scipy")])
def test_a_cell_that_needs_one_says_so(source, package, bare):
    bare.run(SETUP, quiet=True)
    bare.run(DRAWING, quiet=True)
    assert bare.run(source)["lacks"] == package


@pytest.mark.parametrize("source", ["n = len(ax.lines)", "low, high = ax.get_xlim()", "if ax: ...",
                                    "isinstance(3, ax.figure.Artist)", "linalg.inv([[1.0]])"])
def test_what_a_later_cell_may_see_needs_the_package_at_once(source, bare):
    bare.run(SETUP, quiet=True)
    bare.run(DRAWING, quiet=True)
    assert bare.run(source, quiet=True)["lacks"] in ("matplotlib", "scipy")


def test_a_package_that_has_come_takes_the_place_of_its_shades(bare):
    bare.run(f"{SETUP}\n{DRAWING}", quiet=True)
    assert bare.run("figures.new_axes()")["lacks"] == "matplotlib"
    assert bare.run(SETUP, quiet=True, anew=True, come=["matplotlib"])["good"]
    found = bare.run("figures.new_axes()")
    assert found["lacks"] == "" and "image/png" in found["outputs"][-1]
    assert "picture" in bare.shown(EXPLORE)["application/x-moving"]
    assert bare.run("linalg.inv([[4.0]])")["lacks"] == "scipy"
    bare.run(SETUP, quiet=True, anew=True, come=["scipy"])
    assert bare.shown("float(linalg.inv([[4.0]])[0, 0])") == {"text/plain": "0.25"}


def test_figures_of_a_cell_are_forgotten_when_it_runs_again(page):
    page.run(EXPLORE + EXPLORE, cell="explore-twice")
    page.run(EXPLORE, cell="explore-other")
    assert page.ask("frame", figure="explore-twice-1", number=0)["said"] == "fast rises by 0."
    page.run(EXPLORE, cell="explore-twice")
    for figure, number in (("explore-twice-1", 0), ("explore-twice-0", 10)):
        frame = page.ask("frame", figure=figure, number=number)
        assert frame == {"picture": "", "said": "This figure is of an earlier run."}
    names = "sorted(one for one in moving.FIGURES if 'line' not in one)"
    assert page.shown(f"import moving\n{names}") == {
        "text/plain": "['explore-other-0', 'explore-twice-0']"}
