"""The page's Python, in a process that has the page's archive and nothing else: no NumPy above all.

Its stories are compared with those of lib and NumPy, character by character.
"""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.site.traces import all_traces
from web import runtime

sys.path.append(str(runtime.HERE / "assets" / "run"))
import tracing

PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
import shell
print(json.dumps([shell.answer("trace", json.dumps(one)) for one in json.load(sys.stdin)]))
"""
COSINE = "import math\n\n\ndef f(x):\n    y = 1 - math.cos(x)\n    return y / x**2\n"
VARIANCE = """\
def variance(xs):
    total = squares = 0.0
    for x in xs:
        total = total + x
        squares = squares + x * x
    mean = total / len(xs)
    return squares / len(xs) - mean**2
"""
RECURSIVE = """\
from dataclasses import dataclass
from math import hypot, sqrt


@dataclass
class Point:
    x: float
    y: float

    def size(self):
        return hypot(self.x, self.y)


def halved(p, depth=3):
    if depth == 0:
        return p.size() - sqrt(p.x * p.x + p.y * p.y)
    return halved(Point(p.x / 2, p.y / 3), depth - 1)
"""
STORIES = [
    (COSINE, "1e-8"), (COSINE, "x=0.5"), (VARIANCE, "[1e8, 1e8 + 1, 1e8 + 2]"),
    (RECURSIVE, "Point(3.0, 1e-9)"),
    ("def f(x, y):\n    return 1 / ((x + y) - x)", "1e16, 1.0"),
    ("def f(x):\n    return (x - 1e9) ** 2 ** 0.5", "1e10"),
    ("def f(x):\n    assert x - 0.1 == 0.2, 'not so'\n    return x", "0.3"),
    ("f = lambda x: x % 0.1 // 0.01 + round(x, 2) + abs(-x) ** -3", "1.0"),
    ("import math\ndef f(x):\n    return math.fsum([x, 1.0, -x]), {'a': math.floor(x)}", "1e16"),
    ("from math import exp, log\ndef f(x):\n    return log(exp(x) - 1) if x > 1e-3 else log(x)",
     "1e-3"),
    ("def f(x):\n    print('here', x)\n    return x * 1e300 * 1e300 - x", "1e10"),
]
HUGE = ("1e8", "1e1")  # how arguments begin that float16 has no number for


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Return a function that asks the page's Python some questions and returns its answers."""
    folder = tmp_path_factory.mktemp("page") / "site-packages"
    folder.mkdir()
    runtime.pack(folder / "python.zip", runtime.archives()["python.zip"])
    with zipfile.ZipFile(folder / "python.zip") as archive:
        archive.extractall(folder)

    def ask(questions):
        run = subprocess.run([sys.executable, "-I", "-S", "-c", PROGRAM, str(folder)], text=True,
                             input=json.dumps([question(*one) for one in questions]),
                             capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stderr
        return [json.loads(one) for one in json.loads(run.stdout.splitlines()[-1])]

    return ask


def question(source, arguments, precision="float64"):
    """Return what the page asks."""
    return {"source": source, "arguments": arguments, "precision": precision}


@pytest.mark.parametrize("precision", tracing.FORMATS)
def test_without_numpy_every_story_is_the_same_to_the_letter(page, precision):
    asked = [(*story, precision) for story in STORIES]
    for one, found in zip(asked, page(asked), strict=True):
        assert found == tracing.answer(**question(*one)), one
        if precision == "float16" and one[1].lstrip("[")[:3] in HUGE:
            assert "beyond the range of fp16, which ends at 65504" in found["said"]
        else:
            assert found["good"] and found["text"] and found["html"].startswith("<div")


def test_every_trace_of_the_book_on_scalars_is_the_same_to_the_letter(page):
    asked = {name: one for name, one in all_traces().items()
             if "numpy" not in one[0] and "lib" not in one[0]
             and tracing.answer(**question(*one))["good"]}
    for one, found in zip(asked.values(), page(asked.values()), strict=True):
        assert found == tracing.answer(**question(*one)), one
    assert len(asked) >= 24


def test_what_a_function_prints_comes_once_and_not_without_end(page):
    loud = "def f(x):\n    for n in range(100000):\n        print(n)\n    return x"
    short, long = page([STORIES[-1], (loud, "1.0")])
    assert short["printed"] == "here 10000000000.0\n"
    assert long["good"] and len(long["printed"]) == tracing.PRINTED
    assert long["cut"] and not short["cut"]


HINTS = [
    ("def f(x):\n    return 0.1 + 0.2", "1.0", "give the number as an argument"),
    ("def f(n, x):\n    return n / 3", "3, 1.0", "whole numbers, count as exact"),
    ("def f(text, x):\n    return float(text) + 1", "'0.1', 1.0", "No line computes with a float"),
    ("def f(x):\n    y = x + 1", "1.0", "f returned None, which has no digits: let it end with "),
    ("def f(x):\n    return f'{x + 1}'", "1.0", "f returned no number (a str)"),
    ("def f(x):\n    return x + 1 > 2", "1.0", "f returned no number (a bool)"),
    ("import random\ndef f(x):\n    return x * random.random()", "1.0", "random.seed(7)"),
    ("import os\ndef f(x):\n    return x * int.from_bytes(os.urandom(6), 'big')", "1.0",
     "Each run drew other random numbers"),
    ("def f(x):\n    for _ in range(20000):\n        x = x + 1\n    return x", "1.0",
     "An operation in line 3 ran 20000 times."),
]


def test_a_story_that_tells_nothing_comes_with_a_hint(page):
    for (*_, words), found in zip(HINTS, page([one[:2] for one in HINTS]), strict=True):
        assert found["good"] and words in found["hint"], found


def test_a_story_that_tells_something_comes_without_a_hint(page):
    seeded = "import random\nrandom.seed(7)\ndef f(x):\n    return x * random.random()"
    for found in page([*STORIES, (seeded, "1.0")]):
        assert found["good"] and not found["hint"], found


def test_arguments_of_the_function_are_never_taken_for_those_of_trace():
    source = "def f(x, digits=2, fmt='%g'):\n    return fmt % 1.0, round(x, digits)"
    found = [tracing.answer(source, f"0.12345{more}", "float64")["text"].split(" are")[0]
             for more in ("", ", digits=3", ", 3, fmt='%d'")]
    assert found == [f"f: {kept} of 16 digits" for kept in (1, 2, 2)]


def test_an_array_of_whole_numbers_is_told_from_other_arguments():
    found = tracing.answer("import numpy as np\ndef f(x):\n    return np.var(x)",
                           "np.array([1, 2, 3])", "float64")
    assert found["said"].endswith("write np.array([1.0, 2.0]) for np.array([1, 2])")


WRONG = [
    ("def f(x):\n    return 1/", "1.0",
     "The code cannot be read as Python in line 2: invalid syntax"),
    ("x = 1", "1.0", "The code defines no function: write def f(x): ..."),
    ("raise ValueError('<b>')\ndef f(x): ...", "1.0", "The code failed in line 1: ValueError: <b>"),
    ("raise SystemExit(3)", "1.0", "The code failed in line 1: SystemExit: 3"),
    ("def f(x):\n    return x", "1.0, 2.0",
     "f failed: TypeError: f() takes 1 positional argument but 2 were given"),
    ("def f(x):\n    return x", "1", "whole numbers are exact: write 2.0 for 2"),
    ("def f(x):\n    return x", "'0.1'", "text is none: write 0.1 for '0.1'"),
    ("def f(x, y):\n    return x", "", "f was given no argument: write what x, y shall be"),
    ("def f():\n    return 0.1 + 0.2", "", "f takes no argument, and numbers that stand in the "
     "code count as exact. Give the number as an argument: write def f(x)"),
    ("def f(x):\n    return x", "1.0,, 2.0", "The arguments cannot be read as Python"),
    ("def f(x):\n    return x", "1.0) + f(2.0", "The arguments '1.0) + f(2.0' are none"),
    ("def f(x):\n    return x", "y", "The arguments failed: NameError: name 'y' is not defined"),
    ("def f(x):\n    return f(x)", "1.0", "RecursionError: maximum recursion depth exceeded"),
    ("def f(x):\n    return f(x)", "1.0", "Does f call itself without end? Let a case return"),
    ("def f(x):\n    return [][1]", "1.0", "f failed in line 2: IndexError"),
    ("def f(x):\n    return float(x)", "1.0", "f cannot be followed: line 2, `return float(x)`,"),
    ("import numpy as np\ndef f(x):\n    return np.linspace(0, x)", "1.0",
     "np.linspace needs NumPy, which was not loaded"),
    ("def f(x):\n    yield x", "1.0", "f returns a generator"),
]


def test_whatever_is_wrong_is_told_in_a_sentence(page):
    for (*_, words), found in zip(WRONG, page([one[:2] for one in WRONG]), strict=True):
        assert not found["good"] and words in found["said"], found


def test_a_story_too_long_for_a_page_is_not_shown(monkeypatch):
    monkeypatch.setattr(tracing, "LONGEST", 1000)
    found = tracing.answer(**question(*STORIES[0]))
    assert not found["good"] and "too long for a page: trace a shorter function" in found["said"]


def test_an_unknown_kind_is_refused():
    import shell

    with pytest.raises(ValueError, match="no question of the kind 'song'"):
        shell.answer("song", "{}")


WRITTEN = "def f(x):\n    return (x + 1) - x\n"


@pytest.mark.parametrize("pasted", [
    "    def f(x):\n        return (x + 1) - x\n",
    ">>> def f(x):\n...     return (x + 1) - x\n...\n>>> f(2.0)\n1.0\n",
    "def f(x):\n\u00a0\u00a0\u00a0\u00a0return (x + 1) \u2212 x\n",
])
def test_what_copying_added_is_taken_away(pasted):
    told = [tracing.answer(one, "1e16", "float64") for one in (pasted, WRITTEN)]
    assert told[0]["text"] == told[1]["text"]


def test_code_that_can_be_read_stays_as_it_is():
    source = "def f(x):\n    name = '\u2212\u00a0'\n    return x\n"
    assert tracing.read(source)[0] == source


@pytest.mark.parametrize("source, words", [
    ("async def f(x):\n    return x", "no function but f, which is async and is not followed"),
    ("class Net:\n    def f(self, x):\n        return x", "no function but the class Net, whose"),
    ("x = 3", "The code defines no function: write def f(x): ..."),
    ("    x = = 3", "The code cannot be read as Python in line 1: unexpected indent"),
])
def test_what_is_no_function_is_called_by_its_name(source, words):
    found = tracing.answer(source, "1.0", "float64")
    assert not found["good"] and words in found["said"]
