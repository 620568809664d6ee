"""Every judge of a problem set passes what is right, and gives wrong answers what the table says.

The right answers are those of the masters in homework/, the wrong ones stand in tests/grade/wrong.
`python benchmarks/homework_seeds.py` runs the right ones from 200 seeds, with --wrong the wrong
ones.
"""

import ast
import functools
import importlib
import inspect
import json
import re
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import lib.grade.homework
from lib.grade import fraction
from lib.grade.variants import instances

FOLDER = Path(lib.grade.homework.__file__).parent
MASTERS = Path(__file__).resolve().parents[2] / "homework"
TOPICS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
MODULES = {topic: importlib.import_module(f"lib.grade.homework.{topic}") for topic in TOPICS}
WRONG = {topic: importlib.import_module(f"tests.grade.wrong.{topic}").WRONG for topic in TOPICS}
CHECKS = [(topic, name.removeprefix("check_")) for topic, module in MODULES.items()
          for name in vars(module) if name.startswith("check_")]
ROWS = [(topic, word, number) for topic, word in CHECKS
        for number in range(len(WRONG[topic][word]))]
SEEDS = range(2001, 2021)
VARIANTS = ("ada", "student-17", "é")
DRAWS = [(seed, variant) for seed, variant in zip(range(7001, 7007), 2 * VARIANTS, strict=True)]


def check(topic, word):
    return getattr(MODULES[topic], f"check_{word}")


@functools.cache
def cells(topic):
    """Return the sources of a master's cells by their ids."""
    text = (MASTERS / topic / f"{topic}.ipynb").read_text(encoding="utf-8")
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}


@functools.cache
def right(topic, word, variant=""):
    """Return the reference solution of a master, as a student of a variant has it."""
    namespace, source = {}, cells(topic)
    exec(source["setup"], namespace)
    namespace["VARIANT"] = variant
    exec(source[f"answer-{word}"], namespace)
    (call,) = (node for node in ast.walk(ast.parse(source[f"check-{word}"]))
               if isinstance(node, ast.Call))
    return namespace[ast.unparse(call.args[0])]


def test_there_is_a_check_to_test():
    assert ("lu_qr_cholesky", "givens") in CHECKS


@pytest.mark.parametrize("topic, word", CHECKS)
def test_the_reference_scores_in_full_from_every_seed(topic, word):
    for seed in SEEDS:
        report = check(topic, word)(right(topic, word), seed=seed)
        assert report.passed and fraction(report) == 1, (seed, report)


@pytest.mark.parametrize("topic, word", CHECKS)
def test_the_reference_scores_in_full_for_every_variant(topic, word):
    for variant in VARIANTS:
        report = check(topic, word)(right(topic, word, variant), variant=variant)
        assert report.passed, (variant, report)
        again = check(topic, word)(right(topic, word, variant), variant=variant)
        assert repr(report) == repr(again)


@pytest.mark.parametrize("topic, word, number", ROWS)
def test_a_wrong_answer_gets_what_the_table_says(topic, word, number):
    what, answer, standing, mark, telling = WRONG[topic][word][number]
    default = inspect.signature(check(topic, word)).parameters["seed"].default
    for seed in (default, *SEEDS[:3]):
        report = check(topic, word)(answer, seed=seed)
        assert (report.standing, round(fraction(report), 2)) == (standing, mark), (
            what, seed, report)
        assert telling in repr(report), (what, seed, report)


@pytest.mark.parametrize("topic, word, number", ROWS)
def test_a_wrong_answer_has_one_mark_whatever_is_drawn(topic, word, number):
    _, _, standing, mark, _ = WRONG[topic][word][number]
    found = given(topic, word, number, DRAWS)
    assert {(said, round(part, 2)) for said, part in found} == {(standing, mark)}, found


def given(topic, word, number, draws):
    """Return how often a wrong answer gets which standing and mark from seeds and variants."""
    answer = WRONG[topic][word][number][1]
    reports = (check(topic, word)(answer, seed=seed, variant=variant) for seed, variant in draws)
    return Counter((report.standing, fraction(report)) for report in reports)


@pytest.mark.parametrize("topic, word", CHECKS)
def test_a_check_has_three_wrong_answers_and_the_signature_of_all(topic, word):
    rows = WRONG[topic][word]
    assert len({row[0] for row in rows}) == len(rows) >= 3 and set(WRONG[topic]) == {
        word for name, word in CHECKS if name == topic}
    stated = inspect.signature(check(topic, word)).parameters
    assert list(stated) == ["answer", "seed", "variant"]
    assert isinstance(stated["seed"].default, int) and stated["variant"].default == ""


@pytest.mark.parametrize("topic, word", CHECKS)
def test_a_judge_draws_in_silence_where_numpy_is_told_to_raise(topic, word):
    answer = right(topic, word)
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check(topic, word)(answer, seed=2017).passed


@pytest.mark.parametrize("topic, word", CHECKS)
def test_what_is_not_written_is_not_attempted(topic, word):
    report = check(topic, word)(...)
    assert report.verdict == "not attempted" and fraction(report) == 0
    if callable(right(topic, word)):
        def stub(*args):
            ...

        assert check(topic, word)(stub).verdict == "not attempted"


@pytest.mark.parametrize("topic, word", CHECKS)
@pytest.mark.parametrize("answer", [
    "text", 7, object(), (), [None], {"a": 1}, [1.0, [2.0]], ([], [], []), lambda: 1,
    lambda *args: 1 / 0, lambda *args: (), lambda *args: [1.0, "a"], lambda *args: args[0],
    lambda *args: "text", lambda *args: float("nan"), print, float("nan"), 10**400])
def test_no_answer_makes_a_check_raise(topic, word, answer):
    report = check(topic, word)(answer)
    assert not report.passed and fraction(report) < 1 and report._repr_html_()


def test_an_integrand_gives_one_value_at_a_time():
    def objects(value):
        array = np.empty((), dtype=object)
        array[()] = value
        return array

    for several in (np.ones(3), np.ones((1, 1)), [0.5], 1j, objects(np.ones(3)), objects(1j)):
        with pytest.raises(ValueError, match="f takes one float at a time"):
            MODULES["quadrature"]._allowing(lambda x: x * x, 9)(several)
    for one in (np.float64(3), np.array(3.0), objects(3.0), 3, np.float32(3)):
        assert MODULES["quadrature"]._allowing(lambda x: x * x, 9)(one) == 9


@pytest.mark.parametrize("topic", TOPICS)
def test_a_problem_tells_nothing_of_the_numbers_of_another(topic):
    source = inspect.getsource(MODULES[topic])
    words = re.findall(r"def check_(\w+)|instances\(seed, variant(.*?)\)", source)
    for place, (word, drawn) in enumerate(words):
        before = [one for one, _ in words[:place] if one][-1:]
        assert word or drawn == f', "{before[0]}"', (before, drawn)
    first = [instances(7, "ada", word).random() for name, word in CHECKS if name == topic]
    assert len(set(first)) == len(first)


def table():
    """Return the section of homework/marks.md that says what each wrong answer scores."""
    lines = ["## What each wrong answer scores", "",
             "The mark is the part of a problem's points, the same from every seed and for every "
             "variant.",
             "A break-it problem counts in full or not at all, and is left out here.",
             "`python benchmarks/homework_seeds.py --table` prints this section."]
    for topic in TOPICS:
        lines += ["", f"### {topic}", "", "| problem | what was done | verdict | mark |",
                  "|---|---|---|---|"]
        lines += [f"| `{word}` | {what} | {verdict} | {mark:.0%} |"
                  for name, word in CHECKS if name == topic and callable(right(topic, word))
                  for what, _, verdict, mark, _ in WRONG[topic][word]]
    return "\n".join(lines) + "\n"


def test_the_table_in_the_manual_is_that_of_the_tests():
    manual = (MASTERS / "marks.md").read_text(encoding="utf-8")
    assert table() in manual, "put what `python benchmarks/homework_seeds.py --table` prints there"


def by_numpy(A):
    """Return Q and R of NumPy, scaled and with the signs that are asked for: right, not rotated."""
    scale = np.max(np.abs(A), axis=0)
    scale[scale == 0] = 1
    Q, R = np.linalg.qr(A / scale)
    signs = np.where(np.diag(R) < 0, -1.0, 1.0)
    return Q * signs, np.triu(R * signs[:, None] * scale)


def refactored(L, v):
    """Return the factor of L L^T + v v^T by a QR factorisation of all its rows."""
    scale = max(np.max(np.abs(L)), np.max(np.abs(v)))
    R = np.linalg.qr(np.vstack([L.T, v]) / scale)[1]
    return np.tril(R.T * np.where(np.diag(R) < 0, -1.0, 1.0)) * scale


def refactored_less(L, v):
    """Return the factor of L L^T - v v^T by a Cholesky factorisation between L and it."""
    p = np.linalg.solve(L, v)
    if p @ p >= 1:
        return 0 * L
    return np.tril(L @ np.linalg.cholesky(np.eye(len(p)) - np.outer(p, p)))


@pytest.mark.parametrize("word, answer, called", [
    ("givens", by_numpy, "numpy.linalg.qr"), ("update", refactored, "numpy.linalg.qr"),
    ("downdate", refactored_less, "numpy.linalg.cholesky")])
def test_a_right_answer_that_does_not_rotate_is_told_so_by_the_students_own_check(
        word, answer, called):
    report = check("lu_qr_cholesky", word)(answer)
    assert report.verdict == "another road", report
    assert f"calls {called}, which the task forbids" in repr(report)
