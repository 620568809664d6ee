"""A figure that draws something else than was noted is told, and one that does not is not."""

import base64
import functools
import io

import numpy as np
import pytest
from matplotlib.figure import Figure

import drawn
from lib.page import Slider
from lib.page.frames import page
from lib.page.stage import Stage

X = np.linspace(0, 3, 60)


@functools.cache
def moving(draw):
    """Return the executed cell of a figure that moves; each is drawn once."""
    params = {"k": Slider(1, 2, 12)}
    grid = [{"k": k} for k in params["k"].values]
    stage = Stage(draw, 1, (5, 3))
    stage.survey(grid, 0)
    return page(stage, params, grid, 0, "Dots beside a line.")


def still(y, **options):
    """Return the executed cell of a still figure."""
    figure = Figure(figsize=(4.8, 3.2), dpi=144)
    figure.subplots().plot(X, y, **options)
    figure.savefig(data := io.BytesIO(), format="png")
    return {"image/png": base64.b64encode(data.getvalue()).decode()}


def found(data):
    """Return the figures of a chapter with one cell that shows this."""
    cells = [{"id": "explore-x", "outputs": [{"data": data}]}, {"id": "title"}]
    return drawn.shown({"cells": cells})


def noted(pictures):
    """Return the entries of figures."""
    return {name: drawn.entry(*picture) for name, picture in pictures.items()}


def dots(ax, k, sign=1, move=0.0):
    """Draw three dots beside a line, as an explorable of softmax does."""
    ax.plot(sign * k * np.array([0.1, 0.2, 0.4]) + move, [0, 1, 2], "o")
    ax.plot([0, k], [0, 2])
    ax.set(xlim=(-1, 3), ylim=(-1, 3))


def test_the_same_figures_are_as_noted():
    for data in (moving(dots), still(np.log1p(X**2))):
        assert not drawn.faults(found(data), noted(found(data)))


def test_a_breath_of_another_machine_is_not_told():
    moved = moving(lambda ax, k: dots(ax, k, move=1e-4))
    assert not drawn.faults(found(moved), noted(found(moving(dots))))
    shifted = still(np.log1p(X**2) + 1e-4)
    assert not drawn.faults(found(shifted), noted(found(still(np.log1p(X**2)))))


@pytest.mark.parametrize("change", [
    lambda ax, k: dots(ax, k, sign=-1),
    lambda ax, k: dots(ax, 2 * k),
    lambda ax, k: dots(ax, 3 - k),
    lambda ax, k: ax.plot([0, k], [0, 2]),
])
def test_a_moving_figure_with_other_dots_is_told(change):
    [told] = drawn.faults(found(moving(change)), noted(found(moving(dots))))
    assert told.startswith("explore-x: shows something else, by")


@pytest.mark.parametrize("data", [
    still(np.log1p(X**4)), still(np.log1p(X**2)[::-1]), still(np.log1p(X**2), linewidth=0),
    moving(dots),
])
def test_a_still_figure_with_another_curve_is_told(data):
    [told] = drawn.faults(found(data), noted(found(still(np.log1p(X**2)))))
    assert told.startswith("explore-x: shows something else, by")


def test_a_new_figure_and_a_lost_one_are_told():
    one = found(still(X))
    assert drawn.faults(one, {}) == ["explore-x: a new figure"]
    assert drawn.faults({}, noted(one)) == ["explore-x: noted, but no cell shows it"]


def test_the_points_of_a_path_are_those_that_it_draws():
    assert np.array(drawn.path_points("m10 20l.1-1zm5 5c1 0 2 1 2 2")).tolist() == [
        [10, 20], [10.1, 19], [15, 25], [17, 27]]


def test_room_for_rounding_errors_is_kept_and_used():
    pictures, other = found(moving(dots)), found(moving(lambda ax, k: dots(ax, k, move=0.1)))
    entries = {name: drawn.entry(*picture, room=30) for name, picture in pictures.items()}
    assert drawn.faults(other, noted(pictures)) and not drawn.faults(other, entries)
