"""Grade 300 simulated submissions, interrupted at random and started again, and say how fast.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/homework_throughput.py [N]`, or by `make bench`;
it needs Linux with bubblewrap. The class hands in right, unstable and wrong answers, blanks,
endless loops and broken files, one in a hundred each of the last two. Measured are: the seconds of
executing a notebook by nbclient in a plain kernel; of grading one submission in this process; of a
class by one worker and by two; what a kill -9 at a random moment has lost or doubled.
"""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
TOPIC = "lu_qr_cholesky"
AIM, MORE = 1.9, 1.0  # times faster by two workers; seconds more than executing, at most

from homework import sandbox  # noqa: E402
from homework.course import MASTERS, Course, put  # noqa: E402
from homework.notebooks import read, text_of, written  # noqa: E402
from homework.problems import SOLUTION, release_of  # noqa: E402


def solved(cells):
    """Return the students' cells with the master's answers in them."""
    answers = {cell.id: cell.source for cell in cells if cell.is_answer}
    found = release_of(cells)
    for cell in found:
        if cell.is_answer:
            cell.source = "\n".join(line for line in answers[cell.id].splitlines()
                                    if line.strip() not in SOLUTION)
    return found


def handed_in(cells, number, rng):
    """Return the bytes of one simulated submission."""
    kind = "cut" if number % 100 == 7 else "loop" if number % 100 == 57 else rng.choice(
        ["right"] * 5 + ["partly"] * 3 + ["wrong", "blank"])
    found = solved(cells)
    code = [cell for cell in found if cell.is_answer and cell.kind == "code"]
    if kind == "blank":
        found = release_of(cells)
    elif kind == "partly":
        blank = {cell.id: cell.source for cell in release_of(cells)}
        for cell in code[rng.randrange(len(code)):]:
            cell.source = blank[cell.id]
    elif kind == "wrong":
        code[0].source = "def givens_qr(A):\n    return np.linalg.qr(A)"
    elif kind == "loop":
        code[0].source = "def givens_qr(A):\n    while True:\n        pass"
    data = text_of(written(found)).encode()
    return data[:900] if kind == "cut" else data


def course_of(number, folder, seed=71):
    """Return a course in which a class has handed in."""
    course, rng = Course(folder).made(), random.Random(seed)
    cells = read((MASTERS / TOPIC / f"{TOPIC}.ipynb").read_bytes())
    for k in range(number):
        put(course.place("submitted", f"s{k:04d}", TOPIC), handed_in(cells, k, rng))
    return course


def grading(course, *options):
    """Return the process that grades a course."""
    return subprocess.Popen(
        [sys.executable, "-m", "homework", "grade", TOPIC, "--course", str(course.folder),
         "--seconds", "60", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)


def seconds_of(course, *options):
    """Return how long it takes to grade a course, and what was said."""
    began = time.monotonic()
    said, _ = grading(course, *options).communicate()
    return time.monotonic() - began, said


def executed(number=5):
    """Return the median seconds of executing a solved notebook by nbclient, in a plain kernel."""
    import nbclient
    import nbformat

    cells, times = solved(read((MASTERS / TOPIC / f"{TOPIC}.ipynb").read_bytes())), []
    for _ in range(number):
        notebook = nbformat.from_dict(written(cells))
        began = time.monotonic()
        nbclient.NotebookClient(notebook, allow_errors=True).execute()
        times.append(time.monotonic() - began)
    return statistics.median(times)


def pace(course):
    """Return the seconds from one record to the next, once the workers are at work."""
    times = sorted(path.stat().st_mtime
                   for path in (course.folder / "records" / TOPIC).glob("*.json"))
    return (times[-1] - times[1]) / (len(times) - 2)


def interrupted(course, rng, times=3):
    """Grade a course, killing the command several times; return what is left of it at last."""
    for _ in range(times):
        process, before = grading(course, "--workers", "2"), len(course.records(TOPIC))
        while len(course.records(TOPIC)) == before and process.poll() is None:
            time.sleep(0.1)
        time.sleep(rng.uniform(0, 10))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        print(f"  killed with {len(course.records(TOPIC))} graded", flush=True)
    return seconds_of(course, "--workers", "2")


def counted(course):
    """Return how many submissions have a record, an entry in the gradebook, and how many twice."""
    import sqlite3

    with sqlite3.connect(course.folder / "gradebook.db") as base:
        rows = [row[0] for row in base.execute("select student_id from submitted_assignment")]
        grades = base.execute("select count(*) from grade").fetchone()[0]
    return len(course.records(TOPIC)), len(set(rows)), len(rows) - len(set(rows)), grades


def main(number=300, few=16):
    """Print the figures; return 0 if nothing was lost or doubled."""
    if not sandbox.found()[0]:
        print(f"left out: {sandbox.found()[1]}")
        return 0
    plain = executed()
    print(f"executing a notebook by nbclient, plain kernel: {plain:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        times = {"1": [], "2": []}
        for turn in range(3):
            for workers, found in times.items():
                course = course_of(few, Path(folder, f"by-{workers}-{turn}"))
                whole, _ = seconds_of(course, "--workers", workers)
                found.append(pace(course))
                print(f"{few} submissions, {workers} at a time: {whole:.1f} s with the start, "
                      f"{found[-1]:.2f} s each", flush=True)
        one, two = (statistics.median(found) for found in times.values())
        print(f"two at a time are {one / two:.2f} times as fast as one (aim {AIM})")
        print(f"beyond executing: {one - plain:+.2f} s each (aim {MORE})")
        course = course_of(number, Path(folder, "class"))
        began = time.monotonic()
        interrupted(course, random.Random())
        wall = time.monotonic() - began
        records, entries, double, grades = counted(course)
        print(f"{number} submissions, killed three times: {wall:.0f} s, {wall / number:.2f} s each;"
              f" {records} graded, {entries} in the gradebook, {double} doubled, {grades} grades")
        states = [record["state"] for record in course.records(TOPIC).values()]
        print(json.dumps({state: states.count(state) for state in set(states)}))
    return 0 if records == entries == number and not double else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
