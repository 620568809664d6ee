"""Every check of every chapter passes what is right, and names what is wrong with what is not.

The right answers are those of the chapter's solution cells, where it calls the check; the others
stand in tests/grade/answers, with the wrong ones.
"""

import ast
import functools
import importlib
import inspect
from pathlib import Path

import pytest

import chapter
import lib.grade.exercises
import notebooks

FOLDER = Path(lib.grade.exercises.__file__).parent
TOPICS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
MODULES = {topic: importlib.import_module(f"lib.grade.exercises.{topic}") for topic in TOPICS}
ANSWERS = {topic: importlib.import_module(f"tests.grade.answers.{topic}") for topic in TOPICS}
CHECKS = [(topic, name.removeprefix("check_")) for topic, module in MODULES.items()
          for name in vars(module) if name.startswith("check_")]
SEEDS = range(1001, 1051)
WRONG = 3  # seeds for each wrong answer, beside the one that a reader gets
# A judgement of these takes from a tenth of a second to a second: they have a fifth of the seeds.
SLOW = {("arrays", "fit"), ("cholesky", "sneaky"), ("conjugate_gradients", "mended"),
        ("conjugate_gradients", "product"), ("eigenvalues", "deviations"), ("eigenvalues", "top"),
        ("lu", "mixed"), ("lu", "permutation"), ("qr", "products"), ("qr", "survey")}


def check(topic, word):
    return getattr(MODULES[topic], f"check_{word}")


def seeds(topic, word):
    """Return the seeds of a check as options, a single empty one where it draws nothing."""
    drawn = "seed" in inspect.signature(check(topic, word)).parameters
    few = len(SEEDS) // 5 if (topic, word) in SLOW else len(SEEDS)
    return [{"seed": seed} for seed in SEEDS[:few]] if drawn else [{}]


@functools.cache
def solved(topic):
    """Return the solutions of a chapter by its name."""
    path = chapter.ROOT / "chapters" / f"{topic}.ipynb"
    return solutions(chapter.read(path)) if path.exists() else {}


def solutions(cells):
    """Return {word: answer} of the solution cells of a chapter that call a check of its module."""
    found = {}
    for cell in cells.of("solution"):
        calls = [node for node in ast.walk(cell.tree) if isinstance(node, ast.Call)
                 and ast.unparse(node.func).startswith("exercises.check_")]
        if calls:
            namespace = {}
            exec(cells.by_id["setup"].source, namespace)
            exec(cell.source, namespace)
            word = ast.unparse(calls[-1].func).removeprefix("exercises.check_")
            found[word] = eval(ast.unparse(calls[-1].args[0]), namespace)
    return found


def right(topic, word):
    """Return the right answer: the chapter's, or, where it has none, that of the tests."""
    in_chapter, in_tests = solved(topic), ANSWERS[topic].RIGHT
    return in_chapter[word] if word in in_chapter else in_tests[word]


def test_there_is_a_check_to_test():
    assert ("floating_point", "clock") in CHECKS


@pytest.mark.parametrize("topic, word", CHECKS)
def test_the_right_answer_passes_from_every_seed(topic, word):
    for options in seeds(topic, word):
        report = check(topic, word)(right(topic, word), **options)
        assert report.passed, (options, report)


@pytest.mark.parametrize("topic, word, telling", [
    (topic, word, telling) for topic, word in CHECKS for telling in ANSWERS[topic].WRONG[word]])
def test_a_wrong_answer_is_told_what_is_wrong(topic, word, telling):
    answer = ANSWERS[topic].WRONG[word][telling]
    for options in [{}, *seeds(topic, word)[:WRONG]]:
        report = check(topic, word)(answer, **options)
        assert report.verdict not in ("stable", "not attempted"), (options, report)
        assert telling in repr(report), (options, report)
        if report.verdict == "another road":
            break  # which road it takes, no seed decides, and the long ones take long


@pytest.mark.parametrize("topic, word", CHECKS)
def test_every_check_is_tested_by_three_wrong_answers(topic, word):
    assert len(ANSWERS[topic].WRONG[word]) >= 3
    stated = inspect.signature(check(topic, word)).parameters
    assert next(iter(stated)) == "answer" and set(stated) <= {"answer", "seed"}


@pytest.mark.parametrize("topic, word", CHECKS)
def test_what_is_not_written_is_not_attempted(topic, word):
    assert check(topic, word)(...).verdict == "not attempted"
    if callable(right(topic, word)):
        def stub(*args):
            ...

        assert check(topic, word)(stub).verdict == "not attempted"


@pytest.mark.parametrize("topic, word", CHECKS)
@pytest.mark.parametrize("answer", [
    "text", 7, object(), (), [None], {"a": 1}, lambda: 1, lambda *args: 1 / 0, print, float("nan")])
def test_no_answer_makes_a_check_raise(topic, word, answer):
    report = check(topic, word)(answer)
    assert not report.passed and report._repr_html_()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_solution_has_one_copy(topic):
    assert not set(solved(topic)) & set(ANSWERS[topic].RIGHT), "take it out of tests/grade/answers"


def test_a_solution_is_read_from_a_chapter_that_calls_the_check():
    text = """%% code setup
from lib.grade.exercises import floating_point as exercises
%% code solution-spoil
spoiler_solution = [1.0, 1e16, -1e16]
assert exercises.check_spoil(spoiler_solution).passed
%% code solution-old
old_solution = 3
"""
    cells = chapter.from_notebook("floating_point", notebooks.from_text(text))
    assert solutions(cells) == {"spoil": [1.0, 1e16, -1e16]}
