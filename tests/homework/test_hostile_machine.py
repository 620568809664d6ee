"""Code that attacks the machine is stopped, the other answers count, and the batch goes on.

Each row: what a student does, in place of which answers; the points that each problem deserves, a
pattern of the sentence on the submission. The other answers are right, and keep their points.
"""

import re
import time

import pytest

from homework.running import Run
from homework.summary import sentence
from tests.homework import small

WRONG = "def half(x):\n    return 0 * x\n"
GOOD = small.RIGHT["half"] + "\n"
FULL = small.POINTS

MACHINE = {
    "endless loop in an answer": (
        {"half": "def half(x):\n    while True: pass"}, {"half": 0},
        r"half: wrong.*no answer within 1 seconds"),
    "endless loop in a cell": (
        {"half": "while True: pass"}, {"half": 0}, r"a cell was stopped: no answer within"),
    "never returns and ignores signals": (
        {"half": "import signal\ndef half(x):\n"
                 "    for number in range(1, 65):\n"
                 "        try: signal.signal(number, signal.SIG_IGN)\n"
                 "        except Exception: pass\n"
                 "    while True:\n        try:\n            while True: pass\n"
                 "        except BaseException: pass"},
        {"half": 0}, r"no answer within 1 seconds"),
    "sleeps": ({"half": "import time\ndef half(x):\n    time.sleep(1e6)"}, {"half": 0},
               r"no answer within"),
    "never ends a call of the grader's function": (
        {"area": "def area(f, a, b):\n    while True: f(a)"}, {"area": 0},
        r"area: wrong"),
    "ends the process": ({"half": "import os\ndef half(x):\n    os._exit(0)"}, {"half": 0},
                         r"the process ended while it ran"),
    "ends the process in a cell": ({"half": "import os\nos._exit(0)"}, {"half": 0},
                                   r"a cell was stopped: the process ended"),
    "kills itself": ({"half": "import os, signal\ndef half(x):\n    os.kill(os.getpid(), 9)"},
                     {"half": 0}, r"the process ended"),
    "kills everybody else": ({"half": GOOD + "import os\nos.kill(-1, 9)"}, {}, r"6 of 6 points"),
    "raises SystemExit": ({"half": "def half(x):\n    raise SystemExit(0)"}, {"half": 0},
                          r"raised SystemExit"),
    "raises KeyboardInterrupt": ({"half": "def half(x):\n    raise KeyboardInterrupt"},
                                 {"half": 0}, r"half: wrong"),
    "raises what cannot be shown": (
        {"half": "class E(Exception):\n    def __str__(self): raise self\n"
                 "def half(x):\n    raise E()"}, {"half": 0}, r"raised E: it has no message"),
    "segmentation fault": (
        {"half": "import ctypes\ndef half(x):\n    ctypes.string_at(0)"}, {"half": 0},
        r"the process ended"),
    "one large array": (
        {"half": "def half(x):\n    return np.ones((60000, 60000))"}, {"half": 0}, r"MemoryError"),
    "list that grows": (
        {"half": "def half(x):\n    held = []\n    while True: held.append(bytearray(10**8))"},
        {"half": 0}, r"MemoryError|no answer within"),
    "fork bomb": (
        {"half": "import os\ndef half(x):\n    while True:\n"
                 "        try: os.fork()\n        except OSError: pass"}, {"half": 0},
        r"no answer within|the process ended|took more than|raised|came"),
    "threads without end": (
        {"half": "import threading, time\ndef half(x):\n    while True:\n"
                 "        threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"},
        {"half": 0}, r"raised RuntimeError: can't start new thread"),
    "recursion without end": (
        {"half": "def half(x):\n    return half(x)"}, {"half": 0}, r"RecursionError"),
    "a million lines": (
        {"half": WRONG + "for k in range(1_000_000): print(k)"}, {"half": 0}, r"half: wrong"),
    "a file that fills the disk": (
        {"half": "def half(x):\n    with open('/tmp/big', 'wb') as file:\n"
                 "        while True: file.write(bytes(10**7))"}, {"half": 0},
        r"File too large|No space left"),
    "waits for input": ({"half": "name = input()\n" + WRONG}, {"half": 0},
                        r"the cell 'half' failed: EOFError"),
    "closes every file": ({"half": WRONG + "import os\nos.closerange(0, 100)"}, {"half": 0},
                          r"a cell was stopped"),
    "a syntax error": ({"half": "def half(x)\n    return x"}, {"half": 0},
                       r"the cell 'half' failed: SyntaxError"),
}


@pytest.mark.parametrize("name", MACHINE)
def test_a_machine_survives_and_the_other_answers_count(name, tmp_path):
    answers, points, words = MACHINE[name]
    began = time.monotonic()
    cells = small.master(dict.fromkeys([*answers, "pair"]), prose=False)
    lines = "lines" in name  # as many take a second or two
    result = small.result_of(small.submission(cells=cells, **answers), tmp_path, cells,
                             cell=20 if lines else 1, call=1, problem=1.5, memory=800)
    found = small.points_of(result)
    assert found == {key: points.get(key, FULL[key]) for key in found}
    assert re.search(words, sentence({**result, "state": "graded"}))
    assert time.monotonic() - began < 60 and len(result["notebook"]) < 200_000


# What the code may see of the machine: each line of it raises, or is empty.
NOTHING = {
    "the network": "import socket\nsocket.create_connection(('1.1.1.1', 53), 2)",
    "the gradebook": "open('../../../gradebook.db', 'ab')",
    "the masters": "open({root!r} + '/homework/README.md')",
    "the judges' folder": "open({folder!r} + '/small_checks.py')",
    "the user's home": "import os\n[open(os.path.join('/root', n)) for n in os.listdir('/root')]\n"
                       "raise OSError",
    "other processes": "import os\npids = [n for n in os.listdir('/proc') if n.isdigit()]\n"
                       "assert len(pids) > 3",
    "a way to write into Python": "import sys\nopen(sys.prefix + '/x', 'w')",
    "a way to write into the course": "open('/course/lib/grade/report.py', 'a')",
    "a way to write into the data": "open('small_checks.py', 'a')",
    "a link to the outside": "import os\nos.symlink('/etc/passwd', '/tmp/link')\nopen('/tmp/link')",
    "root's rights": "import os\nos.setuid(0)",
}


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """Run all of it in one sandbox; return the outputs of each cell."""
    folder = tmp_path_factory.mktemp("judges")
    small.need_sandbox()
    (folder / "small_checks.py").write_text(small.CHECKS)
    places = {"root": str(small.Path(__file__).resolve().parents[2]), "folder": str(folder)}
    sources = {n: code.replace("{root!r}", repr(places["root"])).replace(
        "{folder!r}", repr(places["folder"])) for n, code in enumerate(NOTHING.values())}
    with Run(sources, "bubblewrap", files=[folder / "small_checks.py"]) as run:
        run.ready()
        return dict(zip(NOTHING, run.outputs.values(), strict=True))


@pytest.mark.parametrize("name", NOTHING)
def test_the_sandbox_shows_nothing_of_the_machine(name, looked):
    assert looked[name][-1]["output_type"] == "error"
    assert looked[name][-1]["ename"] in ("OSError", "FileNotFoundError", "PermissionError",
                                         "AssertionError", "IsADirectoryError")


@pytest.mark.parametrize("body, first", [
    ("while True: pass", "no answer within 1 seconds"),
    ("import os\n    os._exit(0)", "the process ended while it ran (exit status 0)"),
    ("import time\n    time.sleep(0.7)\n    return 0 * x", "the problem took more than 2 seconds")])
def test_after_a_limit_no_other_case_is_said_to_have_met_it(body, first, tmp_path):
    cells = small.master(["half", "pair"], prose=False)
    result = small.result_of(small.submission(cells=cells, half=f"def half(x):\n    {body}"),
                             tmp_path, cells, seed=5, call=1, problem=2)
    reasons = [reason for _, _, reason, _ in result["problems"][0]["cases"]]
    assert small.points_of(result) == {"half": 0.0, "pair": 2.0}
    assert reasons.count(first) == 1
    after = reasons[reasons.index(first) + 1:]
    assert after and set(after) == {"not tried any more"}
