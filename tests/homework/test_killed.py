"""Grading that is killed at a random moment and started again loses and doubles nothing."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

from environment import ROOT
from tests.homework import small
from tests.homework.test_loop import make, said

NUMBER = 6


def started(course):
    """Return the process that grades a course."""
    return subprocess.Popen(
        [sys.executable, "-m", "homework", "grade", "small", "--course", str(course.folder),
         "--workers", "2"], cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_kill_loses_and_doubles_nothing(tmp_path, capsys):
    small.need_sandbox()
    cells = small.master(["half", "pair"], prose=False)
    course = make(tmp_path, cells)
    for k in range(NUMBER):
        place = course.place("submitted", f"s{k}", "small")
        place.parent.mkdir(parents=True)
        place.write_bytes(small.bytes_of(small.submission(cells=cells)))
    process, end = started(course), time.monotonic() + 120
    folder = course.folder / "records" / "small"
    while not list(folder.glob("*.json")) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.5))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = len(course.records("small"))
    assert before > 0
    status, out = said(course, capsys, "grade", "small")
    assert status == 0 and f"{before} graded before, {NUMBER - before} to grade" in out
    assert [sum(row["points"] for row in record["problems"])
            for record in course.records("small").values()] == [6.0] * NUMBER
    with sqlite3.connect(course.folder / "gradebook.db") as base:
        counts = [base.execute(f"select count(*) from {table}").fetchone()[0]
                  for table in ("submitted_assignment", "submitted_notebook", "grade")]
    base.close()
    assert counts == [NUMBER, NUMBER, 2 * NUMBER]
    assert not list(course.folder.rglob("*.part")) or before < NUMBER
