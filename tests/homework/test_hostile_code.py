"""Code that attacks its grading earns what its answers deserve, and is named in the summary.

Each row: what a student does, in place of which answers; the points that each problem deserves, a
part of the sentence on the submission. The other answer is right, and keeps its points.
"""

import pytest

from homework.summary import sentence
from tests.homework import small

WRONG = "def half(x):\n    return 0 * x\n"
GOOD = small.RIGHT["half"] + "\n"
FULL = small.POINTS

# name: (answers in place of the right ones, points that differ from full ones, a part of the words)
ROWS = {
    "replaces the judges": (
        {"half": WRONG + "checks.check_half = lambda *a, **k: 4.0\n"
                 "import lib.grade\nlib.grade.check_accuracy = lambda *a, **k: 4.0"},
        {"half": 0}, "half: wrong"),
    "replaces numpy's comparisons": (
        {"half": WRONG + "np.allclose = lambda *a, **k: True\nnp.abs = lambda x: 0.0"},
        {"half": 0}, "half: wrong"),
    "replaces the runner's own functions": (
        {"half": WRONG + "import homework.peer, homework.wire, gc\n"
                 "homework.wire.pack = lambda *a: b''\n"
                 "for o in gc.get_objects():\n"
                 "    if type(o).__name__ == 'Peer': o.served['get'] = lambda name: 4.0"},
        {"half": 0, "pair": 0}, "half: wrong"),
    "writes its own answers into the pipe": (
        {"half": WRONG + "import json, os, struct\n"
                 "text = json.dumps({'t': 'dict', 'v': [['value', 4.0]]}).encode()\n"
                 "for fd in range(3, 30):\n"
                 "    try: os.write(fd, struct.pack('>II', len(text), 0) + text)\n"
                 "    except OSError: pass"},
        {"half": 0, "pair": None}, ""),
    "floods the pipe with rubbish": (
        {"half": WRONG + "import os\nfor fd in range(3, 30):\n"
                 "    try: os.write(fd, b'\\xff' * 9000)\n    except OSError: pass"},
        {"half": 0}, "a cell was stopped: more came than may come"),
    "sends a bomb of nested lists": (
        {"half": WRONG + "pair = []\nfor k in range(100000): pair = [pair]", "pair": "x = 0"},
        {"half": 0, "pair": 0}, "lists are nested"),
    "constant answer": ({"solve": "def solve(A, b):\n    return np.ones(len(b))"},
                        {"solve": 0}, "solve: wrong"),
    "recognises the inputs of the visible check": (
        {"half": "import inspect\nknown = {}\n"
                 "for x in 10.0 ** np.random.default_rng([11]).uniform(-9, 1, 5):\n"
                 "    known[x] = x * x / (np.sqrt(1 + x * x) + 1)\n"
                 "def half(x):\n    return known.get(x, 0.0)"},
        {"half": 0}, "half: wrong"),
    "looks for the judge on the stack": (
        {"half": "import sys\ndef half(x):\n    frame = sys._getframe()\n"
                 "    while frame:\n        for value in list(frame.f_locals.values()):\n"
                 "            if callable(value) and 'reference' in str(value):\n"
                 "                return value(x)\n        frame = frame.f_back\n    return 0.0"},
        {"half": 0}, "half: wrong"),
    "is right for the first call alone": (
        {"half": "calls = []\n" + GOOD.replace("def half", "def right")
                 + "def half(x):\n    calls.append(x)\n"
                 "    return right(x) if len(calls) == 1 else 0.0"},
        {"half": 0}, "half: wrong"),
    "gives back the answer of the call before": (
        {"half": "last = [0.0]\n" + GOOD.replace("def half", "def right")
                 + "def half(x):\n    last.append(right(x))\n    return last[-2]"},
        {"half": 0}, "half: wrong"),
    "array with rigged arithmetic": (
        {"solve": "class Rigged(np.ndarray):\n"
                  "    def __sub__(self, other): return 0 * np.asarray(self)\n"
                  "    __rsub__ = __matmul__ = __rmatmul__ = __sub__\n"
                  "    def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)\n"
                  "def solve(A, b):\n    return np.ones(len(b)).view(Rigged)"},
        {"solve": 0}, "solve: wrong"),
    "number with rigged arithmetic": (
        {"half": "class Rigged(np.float64):\n    def __sub__(self, other): return 0.0\n"
                 "    __rsub__ = __sub__\n    def __eq__(self, other): return True\n"
                 "    __hash__ = None\ndef half(x):\n    return Rigged(3.0)"},
        {"half": 0}, "half: wrong"),
    "float that turns into another": (
        {"pair": "class Two(float):\n    def __add__(self, other): return 7.0\n"
                 "pair = Two(1.0), Two(2.0)"},
        {"pair": 0}, "pair: does not break"),
    "object that pickles into a command": (
        {"half": "import os\nclass Bomb:\n"
                 "    def __reduce__(self): return os.system, ('touch /tmp/pwned',)\n"
                 "def half(x):\n    return Bomb()"},
        {"half": 0}, "a Bomb cannot be handed over"),
    "array of pickled objects": (
        {"solve": "class Bomb: pass\ndef solve(A, b):\n"
                  "    return np.array([Bomb() for _ in b], dtype=object)"},
        {"solve": 0}, "a Bomb cannot be handed over"),
    "masked array that hides its values": (
        {"solve": "def solve(A, b):\n    return np.ma.masked_all(len(b))"},
        {"solve": 0}, "MaskedArray cannot be handed over"),
    "array too large to carry": (
        {"solve": "def solve(A, b):\n    return np.zeros(20_000_000)"},
        {"solve": 0}, "is too large to carry"),
    "whole number of a million digits": (
        {"pair": "pair = 10 ** 1_000_000, 1"}, {"pair": 0}, "too many digits"),
    "changes its argument": (
        {"solve": "def solve(A, b):\n    x = np.linalg.solve(A, b)\n    A[:] = 0\n    return x"},
        {"solve": 0}, "changed its argument"),
    "cheats the counter of calls": (
        {"area": "def area(f, a, b):\n    x = np.linspace(a, b, 2001)\n"
                 "    f.calls = 0\n    y = np.array([f(t) for t in x])\n"
                 "    return float(np.sum((y[1:] + y[:-1]) / 2) * (x[1] - x[0]))"},
        {"area": 0}, "2001 values"),
    "defines a name twice, the last one wrong": (
        {"half": GOOD + WRONG}, {"half": 0}, "half: wrong"),
    "prints the mark that it would like": (
        {"half": WRONG + "print('half: passed, stable in all 5 cases')\nprint('4.0')\n4.0"},
        {"half": 0}, "half: wrong"),
    "forges lines of the summary": (
        {"half": "def half(x):\n"
                 "    raise ValueError('\\x1b[2K\\rhalf: passed\\neve 6 of 6 points')"},
        {"half": 0}, "half: wrong"),
    "keeps a function of another problem": (
        {"area": small.RIGHT["area"].replace("    x, w", "    global kept\n    kept = f\n    x, w"),
         "half": "def half(x):\n    return kept(x)"}, {"half": 0},
        "this function belongs to another problem"),
    "pretends to be a verdict": (
        {"half": "from lib.grade.calls import Verdict\n"
                 "def half(x):\n    raise Verdict('stable', '0 ulp, allowed 8')"},
        {"half": 0}, "raised Verdict"),
    "shows more than a disk holds": (
        {"half": WRONG + "from IPython.display import display\n"
                 "for k in range(10**5):\n    display(str(k) * 50_000)"},
        {"half": 0}, "half: "),
    "shows a script to the grader": (
        {"half": WRONG + "from IPython.display import HTML, Javascript, display\n"
                 "display(HTML('<script>alert(1)</script>'), Javascript('alert(1)'))"},
        {"half": 0}, "half: wrong"),
}


# What takes 2001 turns of a conversation gets the time for it on a starved machine, too.
PATIENT = {"cheats the counter of calls": {"call": 30, "problem": 60, "total": 120}}


@pytest.mark.parametrize("name", ROWS)
def test_an_attack_earns_what_it_deserves(name, tmp_path):
    answers, points, words = ROWS[name]
    cells = small.master(dict.fromkeys([*answers, "pair"]), prose=False)
    result = small.result_of(small.submission(cells=cells, **answers), tmp_path, cells,
                             **PATIENT.get(name, {}))
    found = small.points_of(result)
    expected = {key: points.get(key, FULL[key]) for key in found}
    judged = {key: value for key, value in expected.items() if value is not None}
    assert {key: found[key] for key in judged} == judged
    # Where an attack has spoilt the conversation, the other answers may lose points, never gain.
    assert all(found[key] in (0, FULL[key]) for key, value in expected.items() if value is None)
    told = sentence({**result, "state": "graded"})
    assert words in told and told.isprintable() and len(result["notebook"]) < 10**7


def test_what_a_script_shows_is_not_in_the_notebook(tmp_path):
    cells = small.master(["half"], prose=False)
    answers = ROWS["shows a script to the grader"][0]
    result = small.result_of(small.submission(cells=cells, **answers), tmp_path, cells)
    shown = result["notebook"].split('"grade-half"')[0]
    outputs = shown.rpartition('"outputs"')[2]
    assert "<script" not in outputs and "javascript" not in outputs.lower()
