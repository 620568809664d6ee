"""Whoever has read the bank and not the numbers of a paper scores little more than by chance."""

import re
from collections import Counter
from functools import cache

import pytest

from homework.exams.bank import bank, topics

SEEDS = range(910_000_000, 910_000_020)
LEARNT = 10  # of the other papers
DIGITS = re.compile(r"[-+−]?[\d.,\u202f]+(?:e[-+]?\d+)?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


@cache
def drawn(topic):
    """Return {name: its items of all seeds} of those that offer a choice."""
    held = bank(topic)
    items = {name: [held.draw(name, seed) for seed in SEEDS] for name in held.items}
    return {name: many for name, many in items.items() if many[0].options}


def texts(item):
    """Return the options."""
    return [one.text for one in item.options]


def shape(text):
    """Return an option without its numbers, and without the letter that chance gave an answer."""
    return DIGITS.sub("#", re.sub(r"\b[XY]\b", "@", text))


def share(scores, key):
    """Return what somebody earns on average who takes one of the highest scores."""
    best = [at for at, score in enumerate(scores) if score == max(scores)]
    return (key in best) / len(best)


def by_length(many):
    """Return the mark, from 0 to 1, of who takes the longest option of each item."""
    return [share([len(text) for text in texts(item)], item.key) for item in many]


def by_heart(many, known):
    """Return the mark of who takes what was most often right in ten other papers."""
    marks = []
    for at, item in enumerate(many):
        others = [many[(at + away) % len(many)] for away in range(1, LEARNT + 1)]
        seen = Counter(known(texts(other)[other.key]) for other in others)
        marks.append(share([seen[known(text)] for text in texts(item)], item.key))
    return marks


def mean(marks):
    """Return the mean."""
    return sum(marks) / len(marks)


def test_a_guesser_is_seen():
    """The measures find a bank that can be guessed."""
    class Item:
        key, options = 0, [type("Option", (), {"text": text}) for text in ("right: X", "no", "n")]

    many = [Item] * 20
    assert mean(by_length(many)) == mean(by_heart(many, str)) == mean(by_heart(many, shape)) == 1
    assert share([3, 3, 1], 0) == 0.5 and shape("X: 3.1 × 10⁻⁷ of Y") == "@: # × ## of @"


@pytest.mark.parametrize("topic", topics())
def test_the_longest_option_is_seldom_right(topic):
    assert mean([mark for many in drawn(topic).values() for mark in by_length(many)]) < 0.5


@pytest.mark.parametrize("known", [str, shape], ids=["words", "words without numbers"])
@pytest.mark.parametrize("topic", topics())
def test_a_chapter_cannot_be_learnt_by_heart(topic, known):
    """About half of the marks at most, in the few items of a chapter: see the last test."""
    assert mean([mark for many in drawn(topic).values() for mark in by_heart(many, known)]) < 0.55


@pytest.mark.parametrize("topic", topics())
def test_each_item_has_keys_that_differ_in_more_than_a_letter(topic):
    """A trace has other lines each time, a prediction other numbers, two answers other reasons."""
    for name, many in drawn(topic).items():
        keys = [texts(item)[item.key] for item in many]
        assert len(set(keys)) >= 2, name
        if many[0].kind == "judge":
            assert len({shape(key) for key in keys}) >= 2, name


@pytest.mark.parametrize("topic", topics())
def test_each_claim_on_two_answers_is_offered_and_wrong_somewhere(topic):
    """No option gives itself away because it is never right, or never wrong."""
    for name, many in drawn(topic).items():
        if many[0].kind == "judge":
            right = {shape(texts(item)[item.key]) for item in many}
            wrong = {shape(one.text) for item in many for one in item.options if one.misconception}
            assert right <= wrong, name


def test_all_banks_together_leave_little_to_guess():
    items = [many for topic in topics() for many in drawn(topic).values()]
    assert len(items) > 100
    assert mean([mark for many in items for mark in by_length(many)]) < 0.35
    for known in (str, shape):
        assert mean([mark for many in items for mark in by_heart(many, known)]) < 0.5
    places = Counter(item.key for many in items for item in many)
    assert max(places.values()) < 1.15 * min(places.values()), places
