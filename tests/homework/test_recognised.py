"""A mistake that a student's own check names is named by the grading too, in the same sentence.

The wrong answers of tests/grade/wrong go through sandbox and pipe, where the last bits of a result
are not those of a notebook.
"""

import importlib
import inspect
import re

import pytest

from homework.course import MASTERS
from homework.judging import graded
from homework.limits import Limits
from homework.notebooks import Cell, read
from homework.problems import problems_of
from tests.grade.test_homework_sets import CHECKS, TOPICS, WRONG, check
from tests.homework import small

SEED = 20_270_113


def told(topic, word):
    """Return the first and the last wrong answer that a check recognises, and what it says."""
    rows = [(number, note) for number, row in enumerate(WRONG[topic][word])
            if (note := check(topic, word)(row[1], seed=SEED).note)]
    return [*rows[:1], *rows[1:][-1:]]


def source_of(topic):
    """Return the wrong answers as a cell: what they take of the judge stands in it as well."""
    source = inspect.getsource(importlib.import_module(f"tests.grade.wrong.{topic}"))
    judge = inspect.getsource(importlib.import_module(f"lib.grade.homework.{topic}"))
    return re.sub(rf"(?m)^from lib\.grade\.homework\.{topic} import .*$", lambda _: judge, source)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_mistake_is_named_by_the_grading_as_by_the_students_own_check(topic, tmp_path):
    small.need_sandbox()
    cells = read((MASTERS / topic / f"{topic}.ipynb").read_bytes())
    words = {problem.check.removeprefix("check_"): problem
             for problem in problems_of(cells) if not problem.by_hand}
    assert set(words) == {word for name, word in CHECKS if name == topic}
    source = source_of(topic)
    for place in range(2):
        rows = {word: told(topic, word)[place] for word in words
                if len(told(topic, word)) > place}
        notebook = small.submission({word: f"{words[word].name} = WRONG[{word!r}][{number}][1]"
                                     for word, (number, _) in rows.items()}, cells)
        notebook["cells"].insert(0, small.written([Cell("code", source, "wrong")])["cells"][0])
        result = graded({"master": small.data_of(cells), "submission": small.bytes_of(notebook),
                         "seed": SEED, "variant": "", "sandbox": "bubblewrap", "files": [],
                         "limits": Limits().as_dict()}, tmp_path)
        notes = {row["grade_id"]: row["note"] for row in result["problems"]}
        assert {word: notes[words[word].grade_id] for word in rows} == {
            word: note for word, (_, note) in rows.items()}
