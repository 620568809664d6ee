"""Where what is drawn stands: in the numbers of the axes, in their words, or nowhere on them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from lib.page.places import pieces
from lib.page.shapes import shown


@pytest.fixture
def ax():
    """Return the axes of a new figure, with labels."""
    axes = Figure().subplots()
    axes.set(xlabel="$n$", ylabel="relative error")
    return axes


def points(ax):
    """Return the points of the one shape on axes."""
    [shape] = shown(ax.figure)
    return np.column_stack([shape["x"], shape["y"]])


def test_gaps_and_masked_points_stay_empty(ax):
    ax.plot([1, 2, 3], np.ma.masked_array([1.0, 2.0, np.nan], [False, True, False]))
    assert np.isnan(points(ax)[1:, 1]).all()


def test_a_shape_moved_by_a_transform_stands_where_it_is_seen(ax):
    ax.plot([1, 2], [3, 4], transform=Affine2D().scale(10) + ax.transData)
    assert points(ax).tolist() == [[10, 30], [20, 40]]


def test_bars_between_ticks_with_words_keep_their_numbers(ax):
    ax.bar([0, 1.5], [1, 2])
    ax.set_xticks([0, 1], ["zero", "one"])
    assert [list(shape["x"]) for shape in shown(ax.figure)] == [["zero"], [1.5]]
    ax.set_xticks([0, 1.5], ["zero", "more"])
    assert [list(shape["x"]) for shape in shown(ax.figure)] == [["zero"], ["more"]]


def test_a_circle_is_an_outline_as_fine_as_it_is_drawn(ax):
    ax.add_patch(plt.Circle((2, 1), 0.5))
    ax.set(xlim=(0, 4), ylim=(0, 4))
    radii = np.hypot(*(points(ax) - [2, 1]).T)
    assert len(radii) > 30
    # matplotlib's own curves are off the circle by 3e-5 of its radius, their corners by less
    assert np.abs(radii - 0.5).max() < 1e-3


def test_a_path_falls_into_its_pieces_and_each_closes_at_its_own_start(ax):
    codes = [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    path = Path([[0, 0], [1, 1], [5, 5], [6, 5], [6, 6], [0, 0]], codes)
    open_one, closed_one = pieces(ax.plot([0, 6])[0], path)
    assert open_one.tolist() == [[0, 0], [1, 1]]
    assert closed_one.tolist() == [[5, 5], [6, 5], [6, 6], [5, 5]]
