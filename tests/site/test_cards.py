"""Cards and chips of the first page: their lines, their pictures, their list of symptoms."""

import json
import re

import pytest

from environment import ROOT
from lib.page import Slider
from lib.page.frames import page
from lib.page.stage import Stage
from web import cards, chips, first, thumbs
from web.symptoms import rows

TEXT = (ROOT / f"{chips.PAGE}.md").read_text(encoding="utf-8")


# --- Pictures -------------------------------------------------------------------------------------

def moving(draw, panels=1):
    """Return a moving figure of two frames as HTML."""
    stage, grid = Stage(draw, panels, (5.2, 3.4)), [{"k": 0.5}, {"k": 1.0}]
    stage.survey(grid, 0)
    return page(stage, {"k": Slider(0.5, 1, 2)}, grid, 0, "a line")["text/html"]


def plotted(ax, k):
    """Draw a line with marks, and all that a card leaves out."""
    ax.plot([0, 1, 2], [0, k, 2 * k], "o-", label="a line")
    ax.grid(True)
    ax.set(xlabel="steps", ylabel="error", title="title")
    ax.legend()


def test_a_picture_is_the_plot_without_letters_grid_marks_and_legend():
    box, inside = thumbs.thumbnail(moving(plotted), "qr")
    assert "scale(" not in inside and "stroke-opacity" not in inside and "var(" not in inside
    colour = re.findall(r"stroke:(#[0-9a-f]{6});stroke-width:1", inside)
    assert len(colour) == 1  # the line; its double in the legend is gone
    assert inside.count("<use ") == 3 and inside.count('id="qr-') == len(
        set(re.findall(r"(?:#|url\(#)(qr-\d+)", inside)))
    left, top, width, height = map(float, box.split())
    assert left > 0 and top > 0 and width < 72 * 5.2 and height < 72 * 3.4


def test_a_picture_is_of_the_first_plot_of_several():
    def two(axes, k):
        axes[0].plot([0, k], [0, 1], color="#123456")
        axes[1].plot([0, k], [1, 0], color="#654321")

    _, inside = thumbs.thumbnail(moving(two, panels=2), "lu")
    assert "#123456" in inside and "#654321" not in inside


@pytest.mark.parametrize("markup", [
    "", "<p>no figure</p>", '<svg viewBox="0 0 9 9"><defs/><g><path d="m0 0l1 1"/></g></svg>'])
def test_where_there_is_no_plot_there_is_no_picture(markup):
    assert thumbs.thumbnail(markup, "x") is None


def test_pictures_lie_in_one_file_each_a_view_of_it():
    one = thumbs.thumbnail(moving(plotted), "one")
    two = thumbs.thumbnail(moving(plotted), "two")
    text = thumbs.sheet({"one": one, "two": two})
    views = re.findall(r'<view id="(\w+)" viewBox="0 (\d+) 320 180"/>', text)
    assert [name for name, _ in views] == ["one", "two"]
    assert int(views[1][1]) >= int(views[0][1]) + thumbs.HEIGHT
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


# --- Cards ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("line", ["qr", "qr: fails", "qr | cell", "qr: | cell", "qr: fails |"])
def test_a_line_that_is_no_card_is_refused_with_the_remedy(line):
    with pytest.raises(ValueError, match=r"write `topic: the failure \| cell`"):
        cards.lines([line])


def test_lines_are_read_and_blank_ones_passed_over():
    assert cards.lines(["", "a: b c | d"]) == [cards.Line("a", "b c", "d")]


def test_exercises_and_predictions_are_counted():
    cells = [{"id": name, "metadata": {}} for name in ("exercise-a", "predict-c", "run-d")]
    cells.append({"id": "predict-b", "metadata": {"prediction": {"answer": 1}}})
    assert cards.counted({"cells": cells}, "exercises") == 1
    assert cards.counted({"cells": cells}, "predictions") == 1


# --- Chips ----------------------------------------------------------------------------------------

def test_the_list_has_every_symptom_in_words():
    listed = chips.entries(TEXT)
    assert [anchor for anchor, *_ in listed] == [row.anchor for row in rows(TEXT)]
    assert len(listed) >= 130
    for _, symptom, behind, names in listed:
        assert symptom and behind and behind == behind.lower() and names == names.lower()
        assert not re.search(r"[`$]|\]\(|\{\w+\}", symptom + behind)


def test_the_script_is_one_assignment_of_data():
    text = chips.script(TEXT)
    data = text.removeprefix("window.symptoms = ").removesuffix(";\n")
    assert [tuple(one) for one in json.loads(data)] == chips.entries(TEXT)


# --- The trace ------------------------------------------------------------------------------------

def test_a_call_is_traced_with_lines_from_1():
    made = first.traced("f(1e16, 1.0)", "def f(big, small):\n    total = big + small\n"
                        "    return total - big")
    assert made.digits < 1 and made.cause.number == 2 and made.shows.number == 3


def test_what_is_no_call_is_refused_with_an_example():
    with pytest.raises(ValueError, match=r"such as f\(1.0\)"):
        first.traced("f", "def f(): pass")
