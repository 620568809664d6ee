"""The frames of a moving figure: limits that hold all of them, panels in their places."""

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
