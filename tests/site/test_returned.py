"""What came back from a traced function, beside the exact number: its digits, and its place."""

import sys
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from lib.digits import trace
from lib.numbers import formats
from web.runtime import HERE

sys.path.append(str(HERE / "assets" / "run"))
import returned


def shown(f, *args, fmt=formats.FP64):
    """Return {name: (text, its right characters)} of what a page shows, and its sentences."""
    before, rows, after = returned.rows(trace(f, *args, fmt=fmt))
    return {name: (text, text[:right]) for name, text, right in rows}, before, after


@pytest.mark.parametrize("x", [0.1, -0.1, 123.456, 1e-5, 2.5e15, 1e16, 5e-324, -1e300, 100.0])
def test_a_float_is_written_as_python_writes_it(x):
    text, right = returned.written(returned.digits_in(x, formats.FP64), 16, 17)
    assert float(text) == x and text == repr(x) and text.startswith(text[:right])


@pytest.mark.parametrize("f, args", [
    (lambda x: (x + 10**8) - 10**8, (0.1,)), (lambda x: x * 10**20 / 3, (1.0,)),
    (lambda x, y: (x + y) * (x - y) - x * x, (0.7, 1e-9)), (lambda x: -x / 7, (0.3,)),
])
def test_the_exact_number_is_that_of_fractions(f, args):
    rows, *_ = shown(f, *args)
    exact = f(*map(Fraction, args))
    text = rows["Exactly"][0].replace("…", "")
    digits = len(text.partition("e")[0].lstrip("-0.").replace(".", ""))
    assert digits == 21
    assert abs(Fraction(text) - exact) < abs(exact) * Fraction(10) ** -20


@pytest.mark.parametrize("fmt", [formats.FP64, formats.FP32, formats.FP16, formats.BF16])
def test_as_many_digits_are_marked_as_the_story_counts(fmt):
    x = 0.3
    rows, _, after = shown(lambda x: (x + 3) - 3, x, fmt=fmt)
    found = trace(lambda x: (x + 3) - 3, x, fmt=fmt)
    count = int(str(found).split(" of ")[0].split()[-1])
    assert 0 < count < found.full and f"Right to {count} digit" in after
    for _, right in rows.values():
        assert len(right.lstrip("0.").replace(".", "")) == count
    assert float(rows["Returned"][0]) == pytest.approx(found.value, rel=fmt.u / 4, abs=0)


def test_a_number_without_a_right_digit_has_no_mark():
    rows, _, after = shown(lambda x: (x + 1) - x, 1e16)
    assert rows == {"Returned": ("0.0", ""), "Exactly": ("1.0", "")}
    assert after == "No digit is right."


def test_the_worst_number_is_shown_with_its_place():
    def f(x):
        return {"kept": [x, "text"], "lost": np.array([[x, (x + 1) - x]])}

    rows, before, _ = shown(f, 1e16)
    assert rows["Returned"][0] == "0.0" and rows["Exactly"][0] == "1.0"
    assert before == "The worst of its 3 numbers is that at ['lost'][0, 1]."


@dataclass
class Pair:
    """Two numbers."""

    first: float
    second: float


Pair.__module__ = "yours"


@pytest.mark.parametrize("make, place", [
    (lambda x: Pair(x, (x + 1) - x), ".second"), (lambda x: (x, ((x + 1) - x,)), "[1][0]"),
    (lambda x: SimpleNamespace(a=(x + 1) - x, b=1), ".a"),
])
def test_numbers_are_found_in_objects_and_in_what_these_hold(make, place):
    rows, before, _ = shown(make, 1e16)
    assert rows["Returned"][0] == "0.0" and f"at {place}." in before


@pytest.mark.parametrize("make, text", [
    (lambda x: None, "None"), (lambda x: x > 1, "False"), (lambda x: "x", "'x'"),
    (lambda x: {x}, "{1.0}"), (lambda x: "y" * 1000, "'" + "y" * 199 + "…"),
])
def test_what_is_no_number_has_no_exact_value(make, text):
    rows, *_ = shown(make, 1.0)
    assert rows == {"Returned": (text, "")}


def test_a_list_that_holds_itself_ends():
    def f(x):
        found = [x + 1]
        found.append(found)
        return found

    rows, before, _ = shown(f, 1.0)
    assert rows["Returned"][0] == "2.0" and before == "Its number is that at [0]."


def test_numbers_beyond_floats_and_whole_ones_are_shown():
    rows, *_ = shown(lambda x: x * 1e300, 1e300)
    assert rows["Returned"] == ("inf", "") and rows["Exactly"][0].endswith("…e+600")
    assert shown(lambda x: x - x, float("inf"))[0]["Returned"] == ("nan", "")
    overflown = shown(lambda x: np.exp(-x) * -x * 1e300, np.array([-700.0]))[0]
    assert overflown["Returned"][0] == "inf" and overflown["Exactly"][0].endswith("…e+606")
    assert shown(lambda x: np.array(x + 1), 1.0)[1] == ""  # an array without axes has no place
    assert shown(lambda x: np.argmax(x), np.array([1.0, 2.0]))[0]["Returned"][0] == "1"
    rows, _, after = shown(lambda x: round(x), 2.5)
    assert rows["Returned"][0] == rows["Exactly"][0] == "2" and "counts as exact" in after


def test_what_raised_shows_the_numbers_there():
    rows, before, _ = shown(lambda x: 1 / ((x + 1) - x), 1e16)
    assert "it raised" in before
    assert {name: text for name, (text, _) in rows.items()} == {"In floats": "1.0, 0.0",
                                                               "Exactly": "1.0, 1.0"}


def test_markup_of_what_came_back_is_text():
    text, html = returned.views(trace(lambda x: "<b>&", 1.0))
    assert "'<b>&'" in text and "&lt;b&gt;&amp;" in html and "<b>&" not in html


class Mute:
    """Something that does not say what it is."""

    def __repr__(self):
        raise ValueError("no")


def test_what_cannot_be_written_is_named_by_its_class():
    assert returned.said(Mute()) == "something of the class Mute"
