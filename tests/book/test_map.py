"""The map of the chapters: arrows from use, none twice, and each box in a place of its own."""

from types import SimpleNamespace

import pytest

import chapter
import uses
from story import contents
from web import chart
from web.needs import Chapter, all_before, direct, taken


def one(topic, *needs, core=40):
    """Return a chapter of a small book."""
    return Chapter(topic, f"chapters/{topic}", topic.title(), core, needs, {})


BOOK = {part.topic: part for part in (
    one("a"), one("b", "a"), one("c", "a", "b"), one("d", "b"), one("e", "c", "d", "a"))}
COLUMNS = [["chapters/a", "chapters/b", "chapters/d"], ["chapters/c", "chapters/e"]]


def test_what_another_need_needs_already_gets_no_arrow():
    assert {topic: direct(BOOK, topic) for topic in BOOK} == {
        "a": [], "b": ["a"], "c": ["b"], "d": ["b"], "e": ["c", "d"]}
    assert all_before(BOOK, BOOK["e"].needs) == ["a", "b", "c", "d"]


def test_a_box_stands_below_all_that_it_needs_and_alone():
    places = chart.places(BOOK, COLUMNS)
    assert places == {"a": (0, 0), "b": (0, 1), "c": (1, 2), "d": (0, 2), "e": (1, 3)}
    crowded = chart.places({**BOOK, "f": one("f", "b")}, [[*COLUMNS[0], "chapters/f"], COLUMNS[1]])
    assert crowded["f"] == (0, 3)


def test_an_arrow_goes_around_a_box_between():
    straight = chart.arrow((0, 0), (0, 2), [(1, 1)])
    assert "C" not in straight and "C" in chart.arrow((0, 0), (0, 2), [(0, 1)])
    assert "H" in chart.arrow((0, 0), (2, 1), []) and "H" not in chart.arrow((0, 0), (1, 1), [])


def test_a_sentence_says_what_the_arrows_say():
    assert chart.sentence(BOOK, "c") == (
        "[C](c.ipynb): 40 minutes on its core path. Builds on [A](a.ipynb) and [B](b.ipynb). Leads "
        "to [E](e.ipynb). With the 2 chapters before it, 120 minutes.")


def test_what_a_chapter_does_not_teach_itself_comes_from_the_first_that_does():
    rules = SimpleNamespace(used=lambda _: {"ulp": "run-a", "trace": "run-b", "fsum": "run-c"})
    taught = {"a": {"ulp"}, "b": {"ulp", "fsum"}, "c": {"trace"}}
    assert taken(one("c"), ["a", "b"], taught, rules) == {"ulp": "a", "fsum": "b"}


@pytest.mark.parametrize("path", chapter.paths(), ids=lambda path: path.stem)
def test_a_chapter_needs_only_chapters_before_it(path):
    order = contents()
    for topic in uses.needed(chapter.read(path)) - {"running"}:
        assert order.index(topic) < order.index(path.stem), topic
