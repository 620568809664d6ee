"""A small problem set for the tests, its answers, and submissions made of it."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from homework import sandbox
from homework.judging import graded
from homework.limits import Limits
from homework.notebooks import Cell, read, text_of, written
from homework.problems import release_of

CHECKS = '''"""Judges of the small problem set."""

import numpy as np

from lib import grade
from lib.numbers import backward_error

U = 2.0**-53


def check_half(answer, seed=11, variant=""):
    """Judge half(x) = sqrt(1 + x**2) - 1."""
    rng = np.random.default_rng([seed, *variant.encode()])
    points = {f"x = {x:.6g}": x for x in 10.0 ** rng.uniform(-9, 1, 5)}
    return grade.check_accuracy(
        answer, lambda x: x * x / (np.sqrt(1 + x * x) + 1), points, ulps=8, name="half",
        known={"you subtracted first": lambda x: np.sqrt(1 + x * x) - 1})


def check_solve(answer, seed=12, variant=""):
    """Judge solve(A, b) by its backward error."""
    rng = np.random.default_rng([seed, *variant.encode()])
    cases = {}
    for name, A in {"random": rng.normal(size=(6, 6)), "ill conditioned": np.diag(
            10.0 ** -np.arange(0, 10, 2)) @ rng.normal(size=(5, 5)),
            "tiny pivot": np.array([[1e-18, 2], [3, rng.uniform(1, 9)]])}.items():
        cases[name] = A, A @ rng.normal(size=len(A))
    return grade.check_identity(answer, lambda x, A, b: backward_error(A, x, b), cases,
                                bound=lambda A, b: 20 * len(b) * U, name="solve")


def check_area(answer, seed=13, variant=""):
    """Judge area(f, a, b): an integral from at most 100 values."""
    rng, calls = np.random.default_rng(seed), []

    def enough(f, a, b):
        return answer(lambda x: calls.append(x) or f(x), a, b)

    rate = rng.uniform(0.5, 2)
    report = grade.check_accuracy(enough, [np.expm1(rate) / rate],
                                  {"exp": (lambda x: np.exp(rate * x), 0.0, 1.0)}, bound=1e-6,
                                  name="area")
    if len(calls) > 100:
        return grade.Report("area", (grade.Case("cost", "wrong", f"{len(calls)} values"),))
    return report


def check_pair(answer, seed=14, variant=""):
    """Judge a pair of numbers whose sum loses the second."""
    return grade.check_counterexample(answer, lambda a, b: bool((a + b) - a == b), name="pair",
                                      valid={"finite": lambda a, b: bool(np.isfinite(a + b))})


def check_slow(answer, seed=15, variant=""):
    """Judge a number of seconds, for which this judge sleeps, or at a negative one dies."""
    import os
    import time

    if answer is not Ellipsis and answer < 0:
        os._exit(9)
    time.sleep(0 if answer is Ellipsis else answer)
    return grade.check_value(answer, 0.5, name="slow")
'''

RIGHT = {
    "half": "def half(x):\n    return x * x / (np.sqrt(1 + x * x) + 1)",
    "solve": "def solve(A, b):\n    return np.linalg.solve(A, b)",
    "area": ("def area(f, a, b):\n    x, w = np.polynomial.legendre.leggauss(12)\n"
             "    y = (a + b) / 2 + (b - a) / 2 * x\n"
             "    return (b - a) / 2 * sum(w[k] * f(y[k]) for k in range(12))"),
    "pair": "pair = 1e16, 1.0",
}
PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5C"
       "YII=")  # a picture of one pixel
POINTS = {"half": 4.0, "solve": 4.0, "area": 2.0, "pair": 2.0}
STUBS = {name: f"{text.partition(':')[0]}:" if text.startswith("def") else ""
         for name, text in RIGHT.items()}


def master(names=tuple(RIGHT), prose=True, slow=False):
    """Return the cells of the master."""
    cells = [Cell("markdown", "# A small set", "title", marks("title")),
             Cell("code", 'import numpy as np\n\nimport small_checks as checks\n\nVARIANT = ""',
                  "setup", marks("setup"))]
    for name in names:
        head, _, body = RIGHT[name].partition("\n")
        text = (f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION" if body else
                f"{name} = ...\n### BEGIN SOLUTION\n{head}\n### END SOLUTION")
        cells += problem(name, text, POINTS[name])
    if slow:
        text = "slow = ...\n### BEGIN SOLUTION\nslow = 0.5\n### END SOLUTION"
        cells += problem("slow", text, 1.0)
    if prose:
        cells.append(Cell("markdown", "### BEGIN SOLUTION\nRubric\n### END SOLUTION", "answer-why",
                          marks("why", solution=True, grade=True, locked=False, points=2.0)))
    return cells


def marks(name, **others):
    """Return nbgrader's metadata of a cell, locked unless others say so."""
    return {"schema_version": 3, "grade_id": name, "locked": True, "solution": False,
            "grade": False, "task": False, **others}


def problem(name, text, points):
    """Return the four cells of a problem."""
    line = f"checks.check_{name}({name}, variant=VARIANT)"
    hidden = line.replace("variant", "seed=77, variant")
    return [Cell("markdown", f"## {name}", f"task-{name}", marks(f"task-{name}")),
            Cell("code", text, f"answer-{name}", marks(name, solution=True, locked=False)),
            Cell("code", line, f"check-{name}", marks(f"check-{name}")),
            Cell("code", f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS",
                 f"grade-{name}", marks(f"grade-{name}", grade=True, points=points))]


def data_of(cells):
    """Return cells as the bytes of a notebook."""
    return text_of(written(cells)).encode()


def submission(answers=None, cells=None, **changed):
    """Return a submission as a dict: the right answers, but for those that are given.

    Parameters
    ----------
    answers : dict of str to str, optional
        In place of the right ones; none of the others is answered then.
    cells : list of Cell, optional
        Of the master.
    """
    own = {**(RIGHT if answers is None else answers), **changed}
    notebook = copy.deepcopy(written(release_of(cells or master())))
    for cell in notebook["cells"]:
        name = cell["id"].removeprefix("answer-")
        if name in own and cell["id"].startswith("answer-"):
            cell["source"] = own[name]
    return notebook


def bytes_of(notebook):
    """Return a notebook, a dict, as the bytes of a file."""
    return json.dumps(notebook).encode()


def cell_of(notebook, name):
    """Return the cell of a notebook with an id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def need_sandbox():
    """Fail where Linux has no bubblewrap, with the line that installs it.

    Skip on other systems, and where the kernel lets nobody make a sandbox, as in some containers.
    """
    import sys

    if sys.platform != "linux":
        pytest.skip("the sandbox needs Linux: bubblewrap does not run here")
    kind, why = sandbox.found()
    if kind != "bubblewrap" and "cannot run" in why:
        pytest.skip(f"no sandbox: {why}")
    if kind != "bubblewrap":
        pytest.fail(f"{why}: install it with\n    sudo apt-get install --yes bubblewrap")


def result_of(data, folder, cells=None, seed=None, **limits):
    """Return what grading one submission gives; its judges lie in a folder."""
    need_sandbox()
    Path(folder, "small_checks.py").write_text(CHECKS)
    if not isinstance(data, bytes):
        data = bytes_of(data)
    fresh = int(np.random.default_rng().integers(10**6)) + 2 if seed is None else seed
    bounds = Limits(**{"cell": 2, "call": 2, "problem": 4, "total": 20, **limits})
    return graded({"master": data_of(cells or master()), "submission": data, "seed": fresh,
                   "variant": "", "sandbox": "bubblewrap", "files": ["small_checks.py"],
                   "limits": bounds.as_dict()}, Path(folder))


def points_of(result):
    """Return the points of each problem, by the name of its answer."""
    return {row["grade_id"].removeprefix("grade-"): row["points"] for row in result["problems"]}


__all__ = ["CHECKS", "PNG", "POINTS", "RIGHT", "bytes_of", "cell_of", "data_of", "master",
           "points_of", "read", "result_of", "submission"]
