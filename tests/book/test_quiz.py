"""The two pages of questions: each stands on a row of the ledger, or on a chapter."""

import json
from collections import Counter

import pytest

import chapter
import ledger
from environment import ROOT
from story import contents
from web.contents import is_task, sections, teaching
from web.places import anchor_of
from web.quiz import questions

ASKED = questions(ROOT / "chapters" / "misconceptions.toml")
TEN = questions(ROOT / "chapters" / "self_test.toml")
ROWS = {row["id"]: row for row in ledger.rows()}
# Rows that come into the ledger with their chapters.
WAITING = set()


def notebooks():
    """Return {topic: notebook} of the chapters."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in chapter.paths()}


@pytest.fixture(scope="module")
def taught():
    """Return {row: topics of the chapters with a section that teaches it}."""
    found = {}
    for topic, notebook in notebooks().items():
        for row in teaching(notebook):
            found.setdefault(row, set()).add(topic)
    return found


def faults(question):
    """Return what is wrong with the form of a question."""
    found = []
    if not 2 <= len(question["options"]) <= 4:
        found.append("2 to 4 options")
    if question["answer"] not in range(1, len(question["options"]) + 1):
        found.append("the answer is the number of an option")
    if len(set(question["options"])) < len(question["options"]):
        found.append("two options are the same")
    if len(question["because"].split()) > 60:
        found.append("an answer in one or two sentences")
    return found


@pytest.mark.parametrize("question", ASKED + TEN, ids=lambda one: anchor_of(one["asks"]))
def test_a_question_has_options_and_one_answer(question):
    assert faults(question) == []


def test_a_question_without_an_answer_is_seen():
    wrong = {"options": ["a", "a", "b", "c", "d"], "answer": 6, "because": "x " * 61}
    assert len(faults(wrong)) == 4


@pytest.mark.parametrize("asked", [ASKED, TEN], ids=["misconceptions", "self-test"])
def test_questions_have_anchors_of_their_own_and_answers_in_every_place(asked):
    assert len({anchor_of(one["asks"]) for one in asked}) == len(asked)
    places = Counter(one["answer"] for one in asked)
    assert len(places) >= 3 and max(places.values()) < 0.7 * len(asked)


def test_a_misconception_is_a_grave_row_of_the_ledger_and_no_row_is_asked_twice():
    names = [one["ledger"] for one in ASKED]
    assert len(set(names)) == len(names) >= 40
    assert set(names) - set(ROWS) <= WAITING
    for row in (ROWS[name] for name in names if name in ROWS):
        assert row["verdict"] in ("false", "imprecise") and int(row["severity"]) >= 3, row["id"]


def test_a_misconception_is_shown_where_the_ledger_says_that_it_is_taught(taught):
    for row in (ROWS[one["ledger"]] for one in ASKED if one["ledger"] in ROWS):
        topics = {cell.partition("#")[0] for cell in row["cell"].split()}
        assert taught.get(row["id"], set()) == topics, row["id"]


def test_ten_questions_lead_to_ten_chapters_in_their_order():
    topics = [one["chapter"] for one in TEN]
    order = [topic for topic in contents() if topic in topics]
    assert topics == order and len(set(topics)) == 10
    assert all(len(one["skill"].split()) <= 12 for one in TEN)


def test_a_section_is_that_of_the_last_heading_and_a_lesson_comes_before_a_task():
    def cell(name, source, kind="markdown"):
        return {"id": name, "source": [source], "cell_type": kind}

    notebook = {"cells": [cell("title", "# One"), cell("say-x", "## Two\n\nText."),
                          cell("claim-x", "# no heading\n# ledger: A-1, A-2", "code"),
                          cell("exercise-y", "### Exercise: Y"),
                          cell("solution-y", "y = 1\n# ledger: A-3", "code"),
                          cell("question-z", "### Question\n\n<!-- ledger: A-1 -->")]}
    assert sections(notebook)[2] == ("say-x", "Two")
    assert teaching(notebook) == {"A-1": ("say-x", "Two"), "A-2": ("say-x", "Two"),
                                  "A-3": ("exercise-y", "Exercise: Y")}
    assert is_task(("exercise-y", "")) and not is_task(("say-x", ""))
