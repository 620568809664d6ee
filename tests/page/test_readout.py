"""A sentence for each frame: refused where it says nothing, shown and spoken where it does."""

import numpy as np
import pytest

from lib.page import Choice, IntSlider, Slider
from lib.page.live import widget
from lib.page.readout import sentences
from lib.page.stage import Stage
from tests.page.drawings import fails, line, page


def slope(k):
    return f"The slope is {k:g}."


@pytest.mark.parametrize("say, error, told", [
    (lambda k: None, TypeError, "returned None for {'k': 0.0}: return a sentence"),
    (lambda k: " ", ValueError, "an empty text for {'k': 0.0}"),
    (lambda k: "A line.", ValueError, "the same sentence whatever k is, as in 'A line.'"),
    (lambda k: 1 / 0, ZeroDivisionError, "division"),
])
def test_what_says_nothing_is_refused(shown, say, error, told):
    with pytest.raises(error) as caught:
        shown(say=say, k=Slider(0, 1, 3))
    assert told in str(caught.value)


def test_a_sentence_follows_each_control():
    grid = [{"a": a, "b": b} for a in (1, 2) for b in (3, 4)]
    assert len(set(sentences(lambda a, b: f"{a} and {b}", grid))) == 4
    with pytest.raises(ValueError, match="whatever b is"):
        sentences(lambda a, b: f"{a} only", grid)
    rows = [np.ones(2), np.zeros(2)]
    assert len(sentences(lambda row: f"{row[0]:g}", [{"row": row} for row in rows])) == 2
    same = [{"a": 1, "b": b} for b in (3, 4)]
    assert sentences(lambda a, b: f"{b} only", same) == ["3 only", "4 only"]


def test_the_page_holds_the_sentence_of_each_frame_and_shows_the_first(shown):
    bundle = shown(say=slope, k=Slider(0, 1, 3, init=0.5))
    one = page(bundle)
    assert one.data["words"] == {str(i): slope(i / 2) for i in range(3)}
    seen = bundle._repr_mimebundle_()["text/html"].split("<script")[0]
    assert slope(0.5) in seen and "lib-explore-told" in seen
    assert "lib-explore-told" not in shown(k=Slider(0, 1, 3))._repr_mimebundle_()["text/html"]


def test_a_frame_that_cannot_be_drawn_says_that_instead(shown):
    words = page(shown(fails, say=slope, k=IntSlider(0, 5))).data["words"]
    assert words["0"] == slope(0) and "ZeroDivisionError" in words["1"]
    assert words["2"] == slope(2)  # nothing finite is drawn, and the sentence says why


def test_a_kernel_shows_and_speaks_the_sentence():
    params = {"k": IntSlider(1, 3), "kind": Choice({"a": 7, "b": 8})}
    told = [f"{k} {kind}" for k in (1, 2, 3) for kind in "ab"]
    stage = Stage(lambda ax, k, kind: line(ax, k), 1, (5, 3))
    first, second, _, words = widget(stage, params, "alt", told).children
    first.children[0].index, second.children[0].index = 2, 1
    assert '<p role="status" style="">3 b</p>' in words.value


@pytest.mark.parametrize("say", ["A line.", 3, ["a"]])
def test_a_text_is_no_function_that_says_one(shown, say):
    with pytest.raises(TypeError, match=r"say = .* is no function: give one that returns"):
        shown(say=say, k=Slider(0, 1, 3))
