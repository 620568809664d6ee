"""The numbers of all that a figure may show, read from it as they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from lib.page import figures
from lib.page.shapes import shown

X = np.array([0.1, 0.2, 0.7])
Y = np.array([1 / 3, 5.0, 1e-9])


@pytest.fixture
def ax():
    """Return the axes of a new figure, with labels."""
    axes = Figure().subplots()
    axes.set(xlabel="$n$", ylabel="relative error")
    return axes


def only(ax):
    """Return the one shape on axes: how it is drawn, its points, what else is known."""
    [shape] = shown(ax.figure)
    assert (shape.pop("axes"), shape.pop("labels")) == (1, {"x": "n", "y": "relative error"})
    points = np.column_stack([shape.pop("x"), shape.pop("y")])
    return shape.pop("drawn as"), points, shape


def test_a_line_has_its_points_exactly(ax):
    ax.loglog(X, Y, label="naive $O(n)$")
    kind, points, rest = only(ax)
    assert (kind, rest) == ("line", {"curve": "naive O(n)"})
    assert np.array_equal(points, np.column_stack([X, Y]))


@pytest.mark.parametrize("draw, kind", [
    (lambda ax: ax.plot(X, Y, "o"), "points"),
    (lambda ax: ax.step(X, Y), "steps"),
    (lambda ax: ax.scatter(X, Y), "points"),
    (lambda ax: ax.fill(X, Y), "outline"),
])
def test_other_marks_have_their_points_exactly(ax, draw, kind):
    draw(ax)
    found, points, rest = only(ax)
    assert found == kind and rest == {"curve": f"{kind} 1"}
    assert np.array_equal(points[:3], np.column_stack([X, Y]))


def test_lines_from_edge_to_edge_and_bands_have_one_coordinate(ax):
    ax.axvline(2, label="here")
    ax.axhline(5)
    ax.axvspan(1, 3)
    band, upright, level = shown(ax.figure)
    assert (upright["curve"], upright["drawn as"], upright["x"].tolist()) == (
        "here", "vertical line", [2])
    assert np.isnan(upright["y"]).all() and level["y"].tolist() == [5]
    assert band["x"].tolist() == [1, 3] and np.isnan(band["y"]).all()


def test_errors_of_zero_and_infinity_are_told_by_the_edge_at_which_they_stand(ax):
    figures.error_against_size([1, 2, 3, 4], {"sum": [1e-3, 0, np.inf, 0]}, ax=ax)
    drawn = {shape["drawn as"]: shape for shape in shown(ax.figure)}
    assert drawn["points at the lower edge"]["x"].tolist() == [2, 4]
    assert drawn["points at the upper edge"]["x"].tolist() == [3]
    assert np.isnan(drawn["points at the lower edge"]["y"]).all()


@pytest.mark.parametrize("flat", [False, True])
def test_bars_stand_at_their_words_and_end_where_they_end(ax, flat):
    (ax.barh if flat else ax.bar)(["LU", "QR"], [3, 0.1], label="steps")
    (ax.barh if flat else ax.bar)(["LU", "QR"], [1, 1], **{"left" if flat else "bottom": [3, 0.1]})
    words, ends = "yx" if flat else "xy"
    shapes = shown(ax.figure)
    assert [(shape["curve"], shape[words][0], list(shape[ends])) for shape in shapes] == [
        ("steps", "LU", [3]), ("steps", "QR", [0.1]), ("bar 3", "LU", [3, 4]),
        ("bar 4", "QR", [0.1, 1.1])]



def test_a_histogram_has_its_edges_and_its_counts(ax):
    figures.histogram({"a": [0.5, 0.6, 1.5]}, xlabel="error", bins=[0, 1, 2], ax=ax)
    [outline] = shown(ax.figure)
    points = set(zip(outline["x"].tolist(), outline["y"].tolist(), strict=True))
    assert {(0, 2), (1, 2), (1, 1), (2, 1)} <= points and outline["curve"] == "a"


def test_lines_drawn_as_one_are_numbered(ax):
    ax.vlines(X, 0, Y)
    kind, points, rest = only(ax)
    assert kind == "line" and rest["part"].tolist() == [1, 1, 2, 2, 3, 3]
    assert np.array_equal(points[1::2], np.column_stack([X, Y]))


def test_a_contour_has_its_levels_and_what_lies_on_them(ax):
    side = np.linspace(-1, 1, 101)
    ax.contour(side, side, side**2 + side[:, None] ** 2, levels=[0.25, 0.64])
    small, large = shown(ax.figure)
    assert set(small["value"]) == {0.25} and set(large["value"]) == {0.64}
    # linear interpolation between neighbours 0.02 apart: at most 0.02^2 / 8 * 2 off, squared radius
    assert np.abs(large["x"] ** 2 + large["y"] ** 2 - 0.64).max() < 2.1e-4


def test_an_image_has_the_middle_and_the_value_of_each_pixel(ax):
    ax.imshow([[1, 2, 3], [4, 5, 6]])
    kind, points, rest = only(ax)
    assert kind == "pixels" and rest["value"].tolist() == [1, 2, 3, 4, 5, 6]
    assert points.tolist() == [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    ax.images[0].remove()
    ax.imshow([[1, 2], [3, 4]], origin="lower", extent=(0, 4, 0, 2))
    assert only(ax)[1].tolist() == [[1, 0.5], [3, 0.5], [1, 1.5], [3, 1.5]]


def test_a_coloured_image_has_its_inks(ax):
    ax.imshow(np.arange(12).reshape(2, 2, 3) / 12)
    rest = only(ax)[2]
    assert rest["red"].tolist() == [0, 3 / 12, 6 / 12, 9 / 12] and rest["blue"][0] == 2 / 12



def test_letters_stand_where_they_stand_or_nowhere(ax):
    ax.text(1, 2, "here: $x$")
    ax.text(0.5, 0.5, "anywhere", transform=ax.transAxes)
    ax.annotate("look", (3, 4), (5, 6), arrowprops={"arrowstyle": "->"})
    ax.annotate("near", (3, 4), (5, 6), textcoords="offset points")
    here, anywhere, look, near = shown(ax.figure)
    assert (here["text"], here["x"].tolist()) == ("here: x", [1])
    assert anywhere["text"] == "anywhere" and np.isnan(anywhere["x"]).all()
    assert look["drawn as"] == "arrow" and look["x"].tolist() == [5, 3]
    assert near["drawn as"] == "text" and near["x"].tolist() == [3]


def test_panels_are_told_apart_and_colour_bars_left_out():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.plot(X, Y)
    right.set(title="after $k$ steps", xlabel="k", ylabel="k")
    picture = right.imshow([[1, 2]])
    figure.colorbar(picture)
    one, two = shown(figure)
    assert (one["panel"], two["panel"]) == ("1", "2: after k steps")
    assert (one["axes"], two["axes"], two["labels"]) == (1, 2, {"x": "k", "y": "k"})


def test_what_is_hidden_or_only_adorns_is_left_out(ax):
    ax.plot(X, Y, visible=False)
    ax.plot([0, 1], [0, 1], transform=ax.transAxes)
    ax.text(0, 0, "")
    ax.legend(["hidden"])
    assert shown(ax.figure) == []


def test_what_nobody_can_read_is_refused_by_name(ax):
    ax.quiver([0], [0], [1], [1])
    with pytest.raises(TypeError, match=r"Quiver.*teach shapes\.py"):
        shown(ax.figure)


def test_an_outline_on_the_axes_themselves_is_left_out(ax):
    ax.add_patch(plt.Rectangle((0, 0), 1, 1, transform=ax.transAxes))
    assert shown(ax.figure) == []
