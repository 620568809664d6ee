"""The frames of a moving figure: limits that hold all of them, panels in their places."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lib.page.stage import Stage
from tests.page.drawings import line


def limits(draw, grid, panels=1):
    """Return the limits (left, right, bottom, top) of the first axes in each frame."""
    stage, found = Stage(draw, panels, (5, 3)), []
    stage.survey(grid, 0)
    for values in grid:
        stage.frame(values)
        found.append((*stage.figure.axes[0].get_xlim(), *stage.figure.axes[0].get_ylim()))
    return found


def test_limits_that_draw_leaves_alone_hold_all_frames():
    found = limits(line, [{"k": k} for k in (-3, 0, 5)])
    assert len(set(found)) == 1
    _, _, bottom, top = found[0]
    # matplotlib leaves a margin of 5 % of the range; the union of the frames spans -3 ... 5.
    assert (bottom, top) == pytest.approx((-3 - 0.05 * 3, 5 + 0.05 * 5))


def test_limits_that_draw_sets_are_kept():
    def zoom(ax, k):
        line(ax, k)
        ax.set_ylim(0, k)
    assert [top for *_, top in limits(zoom, [{"k": k} for k in (1, 2, 3)])] == [1, 2, 3]


def test_each_scale_has_limits_of_its_own():
    def draw(ax, scale):
        ax.plot([1, 2], [1e-8, 1])
        ax.set_yscale(scale)
    linear, log = limits(draw, [{"scale": scale} for scale in ("linear", "log")])
    assert linear[2] < 0 < log[2]


def test_frames_without_a_picture_do_not_move_the_limits():
    def draw(ax, k):
        if k == 1:
            raise ArithmeticError
        if k != 2:
            ax.plot([100, 101], [100, 110] if k else [np.nan, np.nan])
    found = limits(draw, [{"k": k} for k in (0, 1, 2, 3)])
    assert found[0][2] >= 99 and found[3][2] >= 99


def test_panels_stand_level_and_each_in_its_half():
    def draw(axes, k):
        axes[0].plot([0, k])
        axes[1].plot([0, k], label="$x^{2^2}$")
        axes[1].set(xlabel="a label\nof two lines", ylabel="y", title="title")
    stage = Stage(draw, 2, (8, 3))
    stage.survey([{"k": 1}, {"k": 10**6}], 0)
    stage.frame({"k": 10**6})
    stage.figure.draw_without_rendering()
    left, right = stage.figure.axes
    assert left.get_position().y0 == right.get_position().y0
    assert left.get_position().y1 == right.get_position().y1
    middle = stage.figure.bbox.width / 2
    assert left.get_tightbbox().x0 >= 0 and left.get_tightbbox().x1 <= middle
    assert right.get_tightbbox().x0 >= middle and right.get_tightbbox().x1 <= 2 * middle


def said(draw, grid=({"k": 0}, {"k": 1}, {"k": 2})):
    """Return what each frame says in words on a page and beside a kernel, which must agree."""
    stage = Stage(draw, 1, (5, 3))
    stage.survey(grid, 0)
    words = [stage.svg(values)[1] for values in grid]
    assert [stage.png(values)[1] for values in grid] == words
    return words


def label(ax, k):
    """Draw a line with a label that is no formula, for k = 1."""
    line(ax, k)
    ax.set_xlabel("$x^{$" if k == 1 else "$x$")


def explains(ax, k):
    """Draw a line, or raise an error whose message looks like a formula, for k = 1."""
    if k == 1:
        raise ValueError("give $x^{$ back")
    line(ax, k)


def test_the_words_of_an_error_are_no_formula():
    assert said(explains) == ["", "Cannot be drawn. ValueError: give $x^{$ back", ""]


@pytest.mark.parametrize("part", [
    lambda ax: ax.set_xlabel("$x^{$"), lambda ax: ax.set_title("$\\wrong$"),
    lambda ax: ax.text(0, 0, "$_$"), lambda ax: ax.plot([0, 1], label="$^$") and ax.legend(),
    lambda ax: ax.xaxis.set_major_formatter(lambda x, place: 1 / 0),
])
def test_a_frame_that_fails_when_it_is_rendered_says_so(part):
    def draw(ax, k):
        line(ax, k)
        if k == 1:
            part(ax)
    before, words, after = said(draw)
    assert words.startswith("Cannot be drawn. ") and before == after == ""


def test_a_failure_of_rendering_on_every_frame_is_an_error():
    def draw(ax, k):
        ax.set_title("$x^{$")
        line(ax, k)
    with pytest.raises(ValueError, match="Expected"):
        said(draw)


def test_one_frame_that_can_be_rendered_is_enough():
    grid = [{"k": k} for k in (1, 1, 0, 1, 1)]
    assert [bool(words) for words in said(label, grid)] == [True, True, False, True, True]


def test_control_characters_do_not_end_a_page():
    def draw(ax, k):
        if k == 1:
            raise ValueError("\x1b[31mred\x00")
        line(ax, k)
    assert said(draw)[1] == "Cannot be drawn. ValueError: [31mred"
    stage = Stage(draw, 1, (5, 3))
    assert ET.fromstring(stage.svg({"k": 1})[0]).tag.endswith("svg")


@pytest.mark.parametrize("kind", ["plot", "scatter", "bar"])
@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308], [0, 1.7e308], [-9e307, 0]])
def test_values_at_the_end_of_the_range_are_too_large_to_draw(kind, values):
    def draw(ax, k):
        getattr(ax, kind)([0, 1], values if k == 1 else [0, 1])
    before, words, after = said(draw)
    assert "beyond the 1e+300 that a linear axis can reach" in words and before == after == ""


@pytest.mark.parametrize("values, words", [
    ([1e-300, 1e300], "Cannot be drawn. OverflowError: 1e+300 is beyond the 1e+100 that a log axis "
                      "can reach: scale the values, or draw their logarithms"),
    ([1e-320, 1e100], ""), ([1e-320, 1e-310], ""), ([-1e300, 1], ""),
])
def test_a_log_axis_holds_its_data_or_says_that_it_cannot(values, words):
    def draw(ax, k):
        ax.plot([0, 1], values if k == 1 else [1, 2])
        ax.set_yscale("log")
        shown.append(ax)
    shown = []
    assert said(draw) == ["", words, ""]
    bottom, top = shown[-1].get_ylim()
    smallest = min(value for value in (*values, 1) if value > 0)
    assert words or bottom <= smallest <= max(values) <= top


def test_an_axis_whose_limits_are_set_may_show_a_part():
    def draw(ax, k):
        ax.plot([1, 2, 3], [1, 2, 1.7e308])
        ax.set_ylim(0, 3)
    assert said(draw) == [""] * 3
