"""The command `blackbox`, what is typed, and the problem that a private copy can be given."""

import json
import re

import pytest

from homework import Trouble
from homework.__main__ import main
from homework.course import ROOT, Course
from homework.kit import blackbox
from homework.kit.finders import FINDERS
from homework.kit.typed import value_of
from homework.release import main as release
from lib.grade.blackbox import BUDGET, TOPICS, Box, check_broken
from tests.homework import small
from tests.homework.test_private import solutions

SEED = 402718365
PAGE = (ROOT / "homework" / "kit" / "blackbox.md").read_text(encoding="utf-8")


# --- What is typed --------------------------------------------------------------------------------

@pytest.mark.parametrize("text, value", [
    ("2**54", 2.0**54), ("-1e-5", -1e-5), (" [1] * 3 ", [1.0] * 3), ("2 * [0.5]", [0.5, 0.5]),
    ("[(0, 0, 1e-17), (1, 2, 3)]", [[0, 0, 1e-17], [1, 2, 3]]), ("[1] + [2**3]", [1.0, 8.0]),
    ("1/4", 0.25), ("[]", [])])
def test_numbers_and_lists_are_read(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize("text", [
    "", "x", "print(1)", "__import__('os').system('id')", "'a' * 9", "True", "1j", "[1, 'a']",
    "9**9**9**9", "1/0", "[1] * 10**9", "[[1] * 1000] * 1000 * 1000", "[1] * 0.5", "[1] * -1",
    "(-8)**0.5", "[1] - [1]", "1 if 1 else 2", "[i for i in [1]]", "{1: 2}", "~1", "1 @ 2", "1e999",
    "(" * 300 + ")" * 300, "-" * 3000 + "1", "1" * 5000, "[1] + 2", "\x00", "lambda: 1", "[1][0]",
    "[[[1] * 1000] * 1000] * 1000"])
def test_anything_else_is_refused_at_once(text):
    with pytest.raises(ValueError, match=r"is no number|divides by 0|elements|letters"):
        value_of(text)


# --- The command ----------------------------------------------------------------------------------

def run(tmp_path, monkeypatch, *lines, topic="cancellation", more=()):
    """Run the command on some lines; return its exit status."""
    typed = iter(lines)

    def answer(prompt):
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    return main(["blackbox", topic, "--seed", str(SEED), "--student", "ada", "--to", str(tmp_path),
                 *more])


def rows(tmp_path):
    """Return the rows of the one log."""
    (path,) = tmp_path.glob("*.jsonl")
    assert str(SEED) not in path.name
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_queries_are_answered_counted_and_kept(tmp_path, monkeypatch, capsys):
    assert run(tmp_path, monkeypatch, "1e-5", "nonsense", "[1]", "1e-4") == 0
    said = capsys.readouterr().out
    assert "(28 of 30 left)" in said and "'nonsense' is no number" in said
    ask = Box("cancellation", f"{SEED}/ada")
    assert rows(tmp_path) == [{"query": 1, "asked": 1e-5, "answer": ask(1e-5)},
                              {"query": 2, "asked": 1e-4, "answer": ask(1e-4)}]


def test_a_budget_holds_over_starts(tmp_path, monkeypatch, capsys):
    budget = ("--queries", "3")
    assert run(tmp_path, monkeypatch, "1e-5", "1e-4", more=budget) == 0
    assert run(tmp_path, monkeypatch, "1e-3", "1e-2", more=budget) == 0
    assert "all 3 queries are used" in capsys.readouterr().out
    assert [row["query"] for row in rows(tmp_path)] == [1, 2, 3]


@pytest.mark.parametrize("topic", TOPICS)
def test_one_input_is_handed_in_judged_and_ends_it(topic, tmp_path, monkeypatch, capsys):
    found = FINDERS[topic](Box(topic, f"{SEED}/ada"))
    assert run(tmp_path, monkeypatch, f"!{found!r}", "1", topic=topic) == 0
    assert "passed" in capsys.readouterr().out
    assert [row["verdict"] for row in rows(tmp_path)] == ["breaks"]
    assert run(tmp_path, monkeypatch, "1", topic=topic) == 2
    assert "was handed in already" in capsys.readouterr().err


def test_what_breaks_nothing_ends_it_too_and_what_is_not_admitted_does_not(tmp_path, monkeypatch):
    assert run(tmp_path, monkeypatch, "!5", "!x", "! [1]", "!0.5", "1e-4") == 1
    assert [row.get("verdict") for row in rows(tmp_path)] == ["does not break"]


def test_a_log_that_is_none_is_not_begun_anew(tmp_path, monkeypatch, capsys):
    assert run(tmp_path, monkeypatch, "1e-5") == 0
    (path,) = tmp_path.glob("*.jsonl")
    path.write_text("nothing\n")
    assert run(tmp_path, monkeypatch, "1e-5") == 2
    assert "is no log of queries" in capsys.readouterr().err
    assert path.read_text() == "nothing\n"


@pytest.mark.parametrize("topic", TOPICS)
def test_the_key_breaks_the_box(topic, capsys):
    number = f"{SEED}/ada"
    assert main(["blackbox", topic, "--seed", str(SEED), "--student", "ada", "--key"]) == 0
    said = capsys.readouterr().out
    found = re.search(r"hands in (.*), after (\d+) queries", said)
    assert int(found[2]) < BUDGET
    assert check_broken(topic, value_of(found[1]), number).passed


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(Trouble, match="--queries 0"):
        blackbox.main(["quadrature", "--seed", "5", "--queries", "0"])


# --- The problem in a private copy ----------------------------------------------------------------

@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a private copy with a black box in each of the five sets."""
    folder = tmp_path_factory.mktemp("boxes")
    for topic in TOPICS:
        assert main(["private", str(folder), "--add", f"{topic}:blackbox", "--points", "3"]) == 0
    return Course(folder)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_release_has_the_box_and_neither_solution_nor_rubric(topic, course):
    assert release([topic, "--course", str(course.folder)]) == 0
    text = (course.folder / "release" / topic / f"{topic}.ipynb").read_text(encoding="utf-8")
    assert f"ask = Box('{topic}', VARIANT)" in text and '"blackbox = ..."' in text
    assert "A query that tells much" not in text and "SOLUTION" not in text


def hand_in(course, student, topic, source=None):
    """Hand in the solutions, the answer to the box replaced."""
    cells = solutions(small.read(course.master(topic).read_bytes()))
    for cell in cells:
        if cell.id == "answer-blackbox" and source:
            cell.source = source
    place = course.place("submitted", student, topic)
    place.parent.mkdir(parents=True)
    place.write_text(small.text_of(small.written(cells)), encoding="utf-8")


def test_the_input_alone_is_graded_on_the_routine_of_the_set(course):
    small.need_sandbox()
    topic = "cancellation"
    hand_in(course, "me", topic)
    hand_in(course, "asks", topic, "class Box:\n    pass\nask.log.clear()\nblackbox = 0.3")
    hand_in(course, "forges", topic, "import lib.grade.blackbox.sums as s\n"
            "s.SWITCH.admits.clear()\ncheck = lambda *a, **k: True\nblackbox = 5.0")
    assert main(["grade", topic, "--course", str(course.folder)]) in (0, 1)
    got = {student: next((row["points"], row["headline"]) for row in record["problems"]
                         if row["grade_id"] == "grade-blackbox")
           for student, record in course.records(topic).items()}
    assert got == {"me": (3, "the black box: passed"),
                   "asks": (0, "the black box: does not break"),
                   "forges": (0, "the black box: not admitted")}


def test_another_topic_has_no_box(course, capsys):
    assert main(["private", str(course.folder), "--add", "svd:blackbox"]) == 2
    assert "There is no black box for 'svd'" in capsys.readouterr().err


# --- The page for instructors ---------------------------------------------------------------------

def test_the_page_tells_each_topic_and_how_many_queries_its_reference_needs():
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", PAGE, re.M))
    assert set(told) == set(TOPICS)
    for topic, most in told.items():
        used = []
        for at in range(40):
            ask = Box(topic, f"page {at}")
            FINDERS[topic](ask)
            used.append(len(ask.log))
        assert max(used) <= int(most) <= BUDGET
