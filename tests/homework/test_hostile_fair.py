"""What works on a student's computer and not here costs no more than itself, and is named.

Each row: what stands above a right answer in its cell; whether the answer keeps its points, and a
pattern of the sentence on the submission.
"""

import re
import tomllib

import pytest

from homework import judging
from homework.course import MASTERS, ROOT
from homework.notebooks import read
from homework.running import Run
from homework.summary import sentence
from tests.homework import small

HALF = small.RIGHT["half"]
FULL = r"^6 of 6 points$"
ABOVE = {
    "a line of pip": ("!pip install scipy", FULL),
    "a magic of pip": ("%pip install numpy", FULL),
    "a magic of conda": ("%conda install numpy", FULL),
    "a line of the system": ("names = !ls\nassert names == []", FULL),
    "a line of the system in a block": ("if True:\n    !ls", FULL),
    "an extension that is not there": ("%load_ext black", FULL),
    "a magic that is not there": ("%heat 3", FULL),
    "a backend that is not there": ("%matplotlib widget", FULL),
    "an import that is not there": ("import no_such, numpy as np", FULL),
    "a name that is not there": ("from numpy import no_such", FULL),
    "imports of the future": ("from __future__ import annotations", FULL),
    "exit()": ("exit()", FULL),
    "quit": ("quit", FULL),
    "an import that is needed": (
        "import no_such\nx = no_such.x",
        r"the cell 'half' failed: NameError.*left out here: import no_such \(No module named"),
    "sys.exit()": ("import sys\nsys.exit()",
                   r"half: does not run: the cell ended with SystemExit.*failed: SystemExit"),
    "SystemExit with words": ("raise SystemExit('done')", r"does not run: the cell ended with Sys"),
    "a cell for a file": ("%%writefile half.py", r"does not run: its first line is %%writefile"),
    "a cell for a shell": ("%%bash", r"half: does not run: its first line is %%bash"),
    "a magic of a cell that is not there": ("%%cython", r"does not run: UsageError: Cell magic"),
    "a group of errors": ("raise ExceptionGroup('both', [ValueError('x')])",
                          r"does not run: ExceptionGroup: both"),
    "an error after much output": ("for k in range(300): display(k)\n1 / 0",
                                   r"does not run: ZeroDivisionError"),
    "an error before words of a thread": (
        "import sys, threading, time\nclass Late(Exception):\n    def __str__(self):\n"
        "        print('late', file=sys.stderr)\n        return 'x'\nraise Late()",
        r"does not run: Late: x"),
    "an error without words": ("assert not 1",
                               r"does not run: AssertionError .*failed: AssertionError$"),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_line_costs_no_more_than_itself(name, tmp_path):
    above, words = ABOVE[name]
    cells = small.master(["half", "pair"], prose=False)
    data = small.submission(cells=cells, half=f"{above}\n{HALF}\n")
    result = small.result_of(data, tmp_path, cells)
    assert small.points_of(result) == {"half": 4.0 * (words == FULL), "pair": 2.0}
    assert re.search(words, sentence({**result, "state": "graded"}))


def test_what_is_left_out_is_said_and_not_run():
    small.need_sandbox()
    code = ("get_ipython().system('touch /tmp/ran')\nimport os\n"
            "assert not os.path.exists('/tmp/ran')")
    with Run({0: code, 1: "import no_such"}, "bubblewrap") as run:
        run.ready()
    assert [output["text"] for outputs in run.outputs.values() for output in outputs] == [
        "left out here: !touch /tmp/ran\n",
        "left out here: import no_such (No module named 'no_such')\n"]


@pytest.mark.parametrize("path", sorted(MASTERS.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_students_read_which_packages_there_are(path):
    title = read(path.read_bytes())[0].source
    told = re.search(r"runs from top to bottom, with (.*); other packages may be missing", title)
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(told[1].lower().replace(" and ", ", ").split(", ")) < {
        re.match(r"\w+", line)[0] for line in needed["dependencies"]}


def test_errors_stay_on_their_lines():
    small.need_sandbox()
    with Run({0: "import os, no_such\nimport sys\n1 / 0"}, "bubblewrap") as run:
        run.ready()
    assert "----> 3 1 / 0" in "".join(run.outputs[0][-1]["traceback"])


OTHER = "has another meaning below its check; judged is what stands at the check"
SLOPPY = "def half(x):\n    return np.sqrt(1 + x * x)"
# name: (cells of answers, cells of one's own and the cell below which each stands, points of half,
# of pair, a part of the words)
ORDER = {
    "a scratch cell below the check": (
        {}, {"check-half": "half = 0.0\nfor k in range(3): half += k"}, 4, 2, "6 of 6 points"),
    "a scratch cell at the end": ({}, {"grade-pair": "half = pair = None"}, 4, 2, "6 of 6 points"),
    "a helper of the same name in the next answer": (
        {"half": "def turn(x):\n    return np.sqrt(1 + x * x) + 1\n"
                 "def half(x):\n    return x * x / turn(x)",
         "pair": "def turn():\n    return 1e16\npair = turn(), 1.0"}, {}, 4, 2, "6 of 6 points"),
    "a number of the same name in the next answer": (
        {"half": "one = 1\ndef half(x):\n    return x * x / (np.sqrt(one + x * x) + one)",
         "pair": "one = 1e16\npair = one, 1.0"}, {}, 4, 2, "6 of 6 points"),
    "a function of the same name in the next answer": (
        {"half": HALF, "pair": "def half(x):\n    return 0 * x\npair = 1e16, 1.0"}, {}, 4, 2,
        "6 of 6 points"),
    "the name deleted below": ({}, {"grade-half": "del half"}, 4, 2, "6 of 6 points"),
    "numpy replaced below": ({}, {"check-half": "np = None"}, 4, 2, "6 of 6 points"),
    "an import that came late": (
        {"half": "def half(x):\n    return x * x / (math.sqrt(1 + x * x) + 1)"},
        {"grade-half": "import math"}, 4, 2, "'half' is judged as a cell below its check has it"),
    "a star that came late": (
        {"half": "def half(x):\n    return x * x / (hypot(1, x) + 1)"},
        {"grade-pair": "from math import *"}, 4, 2, "'half' is judged as a cell below"),
    "a helper that came late": (
        {"half": "def half(x):\n    return x * x / (root(x) + 1)"},
        {"check-pair": "def root(x):\n    return np.sqrt(1 + x * x)"}, 4, 2, "'half' is judged as"),
    "another version below the check": (
        {"half": SLOPPY}, {"check-half": HALF}, 4, 2, "6 of 6 points"),
    "another version at the end": (
        {"half": SLOPPY}, {"grade-pair": HALF}, 4, 2, "6 of 6 points"),
    "another version, then a scratch cell": (
        {"half": SLOPPY}, {"check-half": HALF, "grade-half": "half = 0.0"}, 4, 2, "6 of 6 points"),
    "a value of the name, which may be a scratch cell": (
        {"half": SLOPPY}, {"check-half": "half = np.abs"}, 0, 2, f"'half' {OTHER}"),
    "three versions, the last of them right": (
        {"half": SLOPPY}, {"check-half": "def half(x):\n    return 0 * x", "grade-half": HALF},
        4, 2, "6 of 6 points"),
    "three versions, the last of them wrong": (
        {"half": HALF}, {"check-half": HALF, "grade-pair": SLOPPY}, 0, 2, "half: wrong"),
    "another version below a scratch cell of the next answer": (
        {"half": SLOPPY}, {"check-pair": "pair = 0.0", "grade-pair": HALF}, 4, 2, "6 of 6 points"),
    "an import that came late, then a scratch cell": (
        {"half": "def half(x):\n    return x * x / (math.sqrt(1 + x * x) + 1)"},
        {"check-half": "import math", "grade-pair": "half = 0"}, 4, 2, "'half' is judged"),
    "corrected by a helper": (
        {"half": "def root(x):\n    return 1.0\ndef half(x):\n    return x * x / (root(x) + 1)"},
        {"check-half": "def root(x):\n    return np.sqrt(1 + x * x)"}, 4, 2, "'half' is judged as"),
    "never right": ({"half": SLOPPY}, {"grade-half": SLOPPY}, 0, 2, "half: wrong"),
    "a cell below hangs": ({}, {"check-half": "while True: pass"}, 4, 2, "a cell was stopped"),
    "an answer hangs, a scratch cell below it": (
        {"half": "def half(x):\n    while True: pass"}, {"check-half": "half = 1"}, 0, 2,
        "no answer within"),
    "right when it is judged again": (
        {"half": "import os\nseen = len(os.listdir('/tmp'))\nopen(f'/tmp/{seen}', 'w')\n"
                 "tries = []\ndef half(x):\n    tries.append(x)\n"
                 "    return x * x / (np.sqrt(1 + x * x) + 1) if len(tries) > 5 else 0.0"},
        {"grade-half": "half = half"}, 0, 2, "half: wrong"),
}


@pytest.mark.parametrize("name", ORDER)
def test_an_answer_is_what_it_was_where_its_check_stands(name, tmp_path):
    answers, own, half, pair, words = ORDER[name]
    cells = small.master(["half", "pair"], prose=False)
    data = small.submission(cells=cells, **answers)
    for place, source in own.items():
        number = [cell["id"] for cell in data["cells"]].index(place) + 1
        data["cells"].insert(number, {"cell_type": "code", "id": f"own-{place}", "metadata": {},
                                      "source": source, "outputs": [], "execution_count": None})
    result = small.result_of(data, tmp_path, cells, call=1, cell=1)
    assert small.points_of(result) == {"half": half, "pair": pair}
    assert words in sentence({**result, "state": "graded"})


@pytest.mark.parametrize("ends", [False, True])
def test_an_answer_that_changes_is_judged_twice_at_most(ends, tmp_path, monkeypatch):
    seen, one = [], judging.verdict

    def verdict(problem, run, *given):
        if problem.name == "half":
            seen.append(problem.name)
        return one(problem, run, *given)

    monkeypatch.setattr(judging, "verdict", verdict)
    cells = small.master(["pair", "half"], prose=False)
    body = "os._exit(0)" if ends else "return how(x)"
    data = small.submission(cells=cells, half=f"import os\nhow = sum\ndef half(x):\n    {body}")
    for place in ("check-half", "grade-half"):
        number = [cell["id"] for cell in data["cells"]].index(place) + 1
        data["cells"].insert(number, {"cell_type": "code", "id": f"own-{place}", "metadata": {},
                                      "source": "how = abs", "outputs": [],
                                      "execution_count": None})
    assert small.points_of(small.result_of(data, tmp_path, cells)) == {"pair": 2.0, "half": 0.0}
    assert len(seen) == 2


STRICT = "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')\n"
WARNS = ("def half(x):\n    np.log(np.zeros(1)), np.exp(np.array([-800.0])), np.float64(1) / 0\n"
         "    return x * x / (np.sqrt(1 + x * x) + 1)")


@pytest.mark.parametrize("where", ["half", "pair"])
def test_an_answer_is_called_without_warnings_as_by_its_visible_check(where, tmp_path):
    cells = small.master(["pair", "half"], prose=False)
    answers = {"half": WARNS, "pair": small.RIGHT["pair"]}
    answers[where] = STRICT + answers[where]
    result = small.result_of(small.submission(cells=cells, **answers), tmp_path, cells)
    assert small.points_of(result) == {"half": 4.0, "pair": 2.0}


def test_a_cell_keeps_its_warnings():
    small.need_sandbox()
    with Run({0: "import numpy as np\nnp.seterr(all='raise')",
              1: "np.log(np.zeros(1))"}, "bubblewrap") as run:
        run.ready()
    assert run.outputs[1][-1]["ename"] == "FloatingPointError"


def test_what_stands_below_all_answers_is_run_and_shown(tmp_path):
    cells = small.master(["half"], prose=False)
    data = small.submission(cells=cells)
    data["cells"].append({"cell_type": "code", "id": "own", "metadata": {}, "outputs": [],
                          "source": "print('the last', 'cell')", "execution_count": None})
    assert "the last cell" in small.result_of(data, tmp_path, cells)["notebook"]


def test_a_cell_below_cannot_call_what_the_judge_has_given(tmp_path):
    cells = small.master(["area", "pair"], prose=False)
    keeps = small.RIGHT["area"].replace("    x, w", "    global kept\n    kept = f\n    x, w")
    data = small.submission(cells=cells, area=keeps, pair="print(kept(0.5))\npair = 1e16, 1.0")
    result = small.result_of(data, tmp_path, cells)
    assert small.points_of(result) == {"area": 2.0, "pair": 0.0}
    assert "this function belongs to another problem" in sentence({**result, "state": "graded"})


def test_a_sandbox_that_ended_is_forgiven_once(tmp_path):
    cells = small.master(["pair", "half", "area", "solve"], prose=False)
    ends = "import os\nmade = []\ndef {0}(*args):\n    os._exit(0)\n"
    data = small.submission(cells=cells, half=ends.format("half"), solve=ends.format("solve"))
    calls, start = [], Run._start
    try:
        Run._start = lambda self: calls.append(1) or start(self)
        result = small.result_of(data, tmp_path, cells)
    finally:
        Run._start = start
    assert small.points_of(result) == {"pair": 2.0, "half": 0.0, "area": 2.0,
                                        "solve": 0.0}
    assert len(calls) == 3  # the first, one for the second try, one for the problems after it
