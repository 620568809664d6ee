"""An answer that keeps what it was asked gains nothing, and one with a cache loses nothing."""

import numpy as np
import pytest

from homework.course import MASTERS
from homework.judging import graded
from homework.limits import Limits
from homework.notebooks import read, written
from homework.problems import release_of
from homework.running import Run
from tests.homework import small

MASTER = (MASTERS / "floating_point" / "floating_point.ipynb").read_bytes()
MEMORY = """known = {}
def total(x):
    return known.setdefault(tuple(sorted(x)), float(np.sum(x)))"""
FILES = """import hashlib, os, tempfile
def total(x):
    word = hashlib.sha256(np.sort(x).tobytes()).hexdigest()
    for folder in ("/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()):
        try:
            with open(os.path.join(folder, word)) as file:
                return float(file.read())
        except OSError:
            pass
    found = float(np.sum(x))
    for folder in ("/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()):
        try:
            with open(os.path.join(folder, word), "w") as file:
                file.write(repr(found))
        except OSError:
            pass
    return found"""
CACHE = """import functools, math
@functools.lru_cache
def once(terms):
    return math.fsum(terms)
def total(x):
    return once(tuple(x))"""
ENDS = "import math, os\ndef total(x):\n    os._exit(0)"


@pytest.mark.parametrize("source, points", [(MEMORY, 0), (FILES, 0), (CACHE, 4), (ENDS, 0)],
                         ids=["memory", "files", "cache", "ends"])
def test_a_sum_is_asked_in_two_sandboxes(source, points, tmp_path):
    small.need_sandbox()
    notebook = written(release_of(read(MASTER)))
    small.cell_of(notebook, "answer-total")["source"] = source
    result = graded({"master": MASTER, "submission": small.bytes_of(notebook),
                     "seed": int(np.random.default_rng().integers(10**6)), "variant": "",
                     "sandbox": "bubblewrap", "files": [], "limits": Limits().as_dict()}, tmp_path)
    assert small.points_of(result)["total"] == points


@pytest.mark.parametrize("limits", [{"problem": 3}, {"total": 7.5}], ids=["problem", "total"])
def test_slow_cells_that_run_again_cost_an_answer_no_time(limits):
    small.need_sandbox()
    sources = {0: "import time\ntime.sleep(4)",
               1: "def double(x):\n    time.sleep(0.2)\n    return 2 * x",
               2: "import time\nwhile True: time.sleep(1)"}
    with Run(sources, "bubblewrap", Limits(**limits)) as run:
        answer = run.answer("double", 2)
        most = run.end + run.spare
        other = run.afresh("double", 2)
        assert (answer(2), other(3), answer(4)) == (4, 6, 8)
        assert run.second.waiting == [2]  # what stands below does not run again
        assert run.spare < run.limits.total - 4 and run.end + run.spare == pytest.approx(most)
        assert run.second.end == pytest.approx(most)  # no chain of second times
