"""Polls say what the predictions say, in all three formats."""

import pytest

from homework.exams import qti, words
from homework.kit import lessons, markup, polls
from tests.homework import formats

TOPICS = lessons.order()


@pytest.mark.parametrize("topic", TOPICS)
def test_gift_has_every_option_and_the_right_answer(topic):
    chapter = lessons.lesson(topic)
    made = polls.items(chapter)
    back = formats.read_gift(polls.as_gift(made, lessons.title(chapter)))
    for one, read in zip(lessons.predictions(chapter), back, strict=True):
        if one.options:
            right = [said for said, _, _ in read["options"]]
            assert right.index(True) + 1 == one.answer and right.count(True) == 1
            assert len(right) == len(one.options)
            texts = [text.replace("\\(", "").replace("\\)", "")
                     for _, text, _ in read["options"]]
            assert texts == [words.plain(polls.inline(text)) for text in one.options]
        else:
            assert read["number"] == one.number["number"] and read["within"] > 0


@pytest.mark.parametrize("topic", TOPICS)
def test_qti_names_the_right_option(topic):
    chapter = lessons.lesson(topic)
    _, _, trees = formats.read_qti(qti.package(polls.items(chapter), lessons.title(chapter)))
    assert len(trees) == len(lessons.predictions(chapter))
    for one, tree in zip(lessons.predictions(chapter), trees.values(), strict=True):
        assert formats.faults_of(tree) == []
        right = tree.find(f".//{formats.QTI}correctResponse/{formats.QTI}value").text
        if one.options:
            assert right == f"option{one.answer - 1}"
        else:
            assert float(right) == one.number["number"]


@pytest.mark.parametrize("topic", TOPICS)
def test_each_poll_begins_with_what_it_speaks_of(topic):
    chapter = lessons.lesson(topic)
    asked = " ".join(polls.plain(chapter).partition("\nKEY\n")[0].split())
    for one, item in zip(lessons.predictions(chapter), polls.items(chapter), strict=True):
        assert item.stem.startswith(polls.paragraphs(one.setting)), one.id
        assert " ".join(markup.plain(one.setting).split()) in asked


@pytest.mark.parametrize("topic", TOPICS)
def test_plain_text_has_its_key_at_the_end(topic):
    chapter = lessons.lesson(topic)
    asked, _, key = polls.plain(chapter).partition("\nKEY\n")
    for number, one in enumerate(lessons.predictions(chapter), 1):
        assert f"\n{number}. " in asked
        for behind in one.misconceptions.values():
            assert behind.split("`")[0].split("$")[0] in key
            assert f"think that {behind}" not in asked
        if one.options:
            assert f"\n{number}. {'ABCDE'[one.answer - 1]}. " in key
    assert "**" not in asked and "{term}" not in asked and "```" not in asked


@pytest.mark.parametrize("asked, allowed", [
    ({"number": 6.0, "factor": 3}, 4.0), ({"number": -6.0, "factor": 2}, 3.0),
    ({"number": 0.25, "within": 0.01}, 0.01), ({}, 0.0)])
def test_a_factor_becomes_a_distance(asked, allowed):
    assert polls.within(asked) == allowed


@pytest.mark.parametrize("text, shown", [
    ("a *small* **b** `c*d` $e*f$", "a small b `c*d` $e*f$"), ("$$\na = b\n$$", "$a = b$"),
    ("two\nlines", "two lines")])
def test_paragraphs_keep_code_and_formulas(text, shown):
    assert polls.inline(text) == shown


def test_lists_and_blocks_are_paragraphs_of_their_own():
    assert polls.paragraphs("One\ntwo.\n\n- a\n- b\n\n$$x$$") == "One two.\n\n- a\n\n- b\n\n$x$"
