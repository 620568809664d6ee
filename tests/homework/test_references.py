"""The reference solutions of every set have all points when graded as a student's are."""

import random

import pytest

from homework.judging import graded
from homework.limits import Limits
from homework.notebooks import read, text_of, written
from homework.problems import SOLUTION, release_of
from tests.homework import leaks, small


def solved(cells):
    """Return the bytes of a submission with the master's answers."""
    answers = {cell.id: cell.source for cell in cells if cell.is_answer}
    found = release_of(cells)
    for cell in found:
        if cell.is_answer and cell.kind == "code":
            cell.source = "\n".join(line for line in answers[cell.id].splitlines()
                                    if line.strip() not in SOLUTION)
    return text_of(written(found)).encode()


@pytest.mark.parametrize("path", leaks.masters(), ids=lambda path: path.stem)
def test_reference_solutions_have_all_points_through_the_sandbox(path):
    small.need_sandbox()
    data = path.read_bytes()
    files = [one.name for one in path.parent.iterdir()
             if one.is_file() and one.suffix != ".ipynb"]
    result = graded({"master": data, "submission": solved(read(data)), "variant": "c0ffee",
                     "seed": random.randrange(100, 2**31), "sandbox": "bubblewrap",
                     "limits": Limits().as_dict(), "files": files}, path.parent)
    judged = [row for row in result["problems"] if row["headline"] != "to be read"
              and not row["headline"].endswith("not attempted")]
    assert len(judged) >= 3 and not result["notes"]
    assert [row["points"] for row in judged] == [row["of"] for row in judged]
