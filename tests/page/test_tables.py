"""A table of a figure's numbers: columns with names, a row for each point, nothing lost."""

import csv
import io

import numpy as np
import pytest

from lib.page import Choice, Slider
from lib.page.tables import in_order, written
from tests.page.drawings import fails


def shape(**columns):
    """Return a shape on axes without labels."""
    return {"axes": 1, "labels": {"x": "", "y": ""}, **columns}


def read(text):
    """Return the rows of a table by the names of their columns."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_numbers_come_back_as_they_were():
    values = np.array([0.1, 1 / 3, 1e-300, -0.0, 2.0, np.inf])
    rows = read(written([({}, [shape(curve="a", x=values)])]))
    back = np.array([float(row["x"]) for row in rows])
    assert np.array_equal(back, values) and np.array_equal(np.signbit(back), np.signbit(values))


def test_what_is_no_number_stays_empty():
    assert [row["x"] for row in read(written([({}, [shape(x=[np.nan, 1.0])])]))] == ["", "1"]


def test_texts_with_commas_quotes_and_lines_come_back():
    said = 'it is 1,5 "about"\nor more'
    assert read(written([({"k, l": "1"}, [shape(text=[said])])])) == [{"k, l": "1", "text": said}]


def test_shapes_with_other_columns_leave_the_rest_empty():
    rows = read(written([({}, [shape(n=[1.0]), shape(k=[2.0], text="t")])]))
    assert rows == [{"n": "1", "k": "", "text": ""}, {"n": "", "k": "2", "text": "t"}]


def test_columns_stand_in_a_fixed_order_and_an_axis_named_as_a_control_is_told_apart():
    text = written([({"n": "5"}, [shape(text="t", n=[1.0], curve="c", panel="1")])])
    assert text.splitlines()[0] == "\ufeffn,panel,curve,n (axis),text"
    assert in_order(["value", "b", "a", "part", "drawn as"]) == ["drawn as", "part", "b", "a",
                                                                 "value"]


def test_axes_that_are_called_alike_or_change_their_names_are_told_apart():
    alike = {"axes": 1, "labels": {"x": "digits", "y": "digits"}, "x": [1.0], "y": [2.0]}
    assert read(written([({}, [alike])])) == [{"digits (x)": "1", "digits (y)": "2"}]
    other = {**alike, "labels": {"x": "digits", "y": "errors"}}
    assert read(written([({"k": "1"}, [alike]), ({"k": "2"}, [other])])) == [
        {"k": "1", "digits": "1", "y": "2", "label of y": "digits"},
        {"k": "2", "digits": "1", "y": "2", "label of y": "errors"}]


def test_two_panels_have_columns_of_their_own():
    left, right = ({"axes": number, "labels": {"x": "n", "y": label}, "x": [0.0], "y": [1.0]}
                   for number, label in ((1, "steps"), (2, "error")))
    assert read(written([({}, [left, right])])) == [{"n": "0", "steps": "1", "error": ""},
                                                    {"n": "0", "steps": "", "error": "1"}]


def test_what_a_control_does_not_change_is_written_once_and_the_rest_at_each_value():
    line, ends = shape(curve="line", x=[0.0]), [shape(curve="end", x=[float(k)]) for k in (1, 2)]
    late = shape(curve="late", x=[9.0])
    frames = [({"k": str(k), "l": str(n)}, [line, ends[k - 1]] + [late] * (n == 4))
              for k in (1, 2) for n in (3, 4)]
    assert [(row["k"], row["l"], row["curve"]) for row in read(written(frames))] == [
        ("", "", "line"), ("1", "", "end"), ("", "4", "late"), ("2", "", "end")]


def test_what_is_missing_in_one_frame_is_written_at_all_the_others():
    line = shape(curve="line", x=[0.0])
    frames = [({"k": str(k)}, [line] * (k != 2)) for k in (1, 2, 3)]
    assert [row["k"] for row in read(written(frames))] == ["1", "3"]


def draw(ax, k, kind):
    """Draw a line of slope k, as points or not."""
    ax.plot([0, 1], [0, k], kind, label="line")
    ax.set(xlabel="$x$", ylabel="height in m")


@pytest.fixture
def table(shown):
    """Return a function that explores and returns the rows of the table."""
    return lambda drawing, **options: read(shown(drawing, **options)._repr_csv_())


def test_a_figure_that_moves_has_the_points_and_the_sentence_of_every_frame(table):
    rows = table(draw, k=Slider(1, 2, 3, label="slope"), kind=Choice({"solid": "-", "dots": "o"}),
                 say=lambda k, kind: f"It rises by {k}, {kind}.")
    assert list(rows[0]) == ["slope", "kind", "curve", "drawn as", "x", "height in m", "text"]
    assert len(rows) == 3 * 2 * (2 + 1)
    ends = {(row["slope"], row["kind"]): row for row in rows if row["x"] == "1"}
    assert len(ends) == 6 and all(key[0] == row["height in m"] for key, row in ends.items())
    assert {row["drawn as"] for row in rows} == {"line", "points", "sentence"}
    said = {row["slope"]: row["text"] for row in rows if row["drawn as"] == "sentence"}
    assert said["1.5"] == "It rises by 1.5, o."


def test_a_frame_that_cannot_be_drawn_says_so_in_the_table(table):
    rows = table(fails, k=Slider(0, 4, 5))
    assert "ZeroDivisionError" in next(row["text"] for row in rows if row["k"] == "1")
    assert sum(bool(row["y"]) for row in rows if row["k"] in ("0", "")) == 2


def test_a_notebook_stores_no_table(shown):
    assert "text/csv" not in shown(k=Slider(0, 1, 3))._repr_mimebundle_()
    assert shown(static=False, k=Slider(0, 1, 3))._repr_csv_() is None
