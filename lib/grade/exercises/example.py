"""Check the exercises of a new chapter: an example to start from.

`python tools/author/new_chapter.py "Title"` copies this file. Each `check_<word>(answer, seed=...)`
returns a Report; cases, references and bounds live here, so that nothing in the chapter gives the
answer away. Three wrong answers that readers really give are tests: tests/grade/answers.
"""

import numpy as np

from lib import grade

READING = (2, 3, 16, "no cure")
JUDGEMENT = ("B", 0.5)


def _check_gap(answer, size, name):
    """Judge the gap between float32 numbers after a size."""
    gap = float(np.spacing(np.float32(size)))
    return grade.check_value(answer, gap, name=name, known={
        "this is half the gap, which decides how a sum is rounded": gap / 2,
        "this is the gap in float64": float(np.spacing(size))})


def check_small(answer):
    """Judge the gap after a million."""
    return _check_gap(answer, 1e6, "gap after 1e6")


def check_cause(answer):
    """Judge the gap after ten million."""
    return _check_gap(answer, 1e7, "gap after 1e7")


def check_bound(answer):
    """Judge the gap after a hundred million."""
    return _check_gap(answer, 1e8, "gap after 1e8")


def check_read(answer):
    """Judge how the printed trace was read."""
    return grade.check_trace_reading(answer, READING)


def check_judge(answer):
    """Judge which of two answers to ship, and the number that decides it."""
    return grade.check_judgement(answer, JUDGEMENT)
