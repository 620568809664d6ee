"""The grid of each control: what is shown is what is drawn, and a wrong one is named."""

import re
from fractions import Fraction

import numpy as np
import pytest

from lib.page import Choice, IntSlider, LogSlider, Slider

VECTOR = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize("one", [
    Slider(0, 1), Slider(-2.5, 7, 13, fmt=".2f"), LogSlider(1e-300, 1e300), LogSlider(1, 1e6),
    IntSlider(-3, 40), IntSlider(0, 9, step=4),
])
def test_a_value_is_the_number_that_is_shown(one):
    assert [float(text) for text in one.texts] == list(one.values)
    assert list(one.values) == sorted(set(one.values))


def test_sliders_reach_both_ends_in_equal_steps_up_to_what_is_shown():
    plain, log = Slider(2, 8, 5), LogSlider(1, 1e8, 9)
    assert plain.values == (2, 3.5, 5, 6.5, 8)
    assert log.values == tuple(10.0**k for k in range(9))
    # 31 values from 1 to 1e6: their ratios differ from 10**0.2 by the rounding to 3 digits alone.
    ratios = np.divide(*[LogSlider(1, 1e6).values[i:len(LogSlider(1, 1e6).values) - 1 + i]
                         for i in (1, 0)])
    assert np.all(np.abs(ratios / 10**0.2 - 1) <= 2 * 0.005)


def test_powers_of_ten_are_written_short_and_that_of_1_not_at_all():
    assert LogSlider(1e-2, 1e12, 15, fmt=".0e").texts[:4] == ("1e-2", "1e-1", "1", "1e1")
    assert LogSlider(1.5e-1, 1.5e10, 12, fmt=".1e").texts[1::9] == ("1.5", "1.5e9")


@pytest.mark.parametrize("one, start", [
    (Slider(0, 1, 11), 0), (Slider(0, 1, 11, init=0.52), 5), (LogSlider(1, 1e4, 5, init=90), 2),
    (IntSlider(1, 9, 2, init=9), 4), (Choice(["a", "b"], init="b"), 1),
    (Choice({"a": 7, "b": 8}, init=8), 1), (IntSlider(np.int64(0), np.int64(3), 1, 2), 2),
    (Slider(0, 1e300, 3, np.float32(0)), 0),
    (Choice({"a": VECTOR, "b": 3}, init=3), 1), (Choice({"b": 3, "a": VECTOR}, init=VECTOR), 1),
    (Choice({"a": VECTOR, "b": 3}, init="b"), 1), (Choice([1, True], init=True), 1),
    (Choice({"a": np.ones(1), "b": 1}, init=1), 1), (Slider(Fraction(0), np.float32(1), 3, 1), 2),
])
def test_a_control_starts_at_the_nearest_value(one, start):
    assert one.start == start


@pytest.mark.parametrize("make, message", [
    (lambda: Slider(1, 1), "lo < hi, got 1 and 1"),
    (lambda: Slider(0, np.inf), "finite numbers lo < hi, got inf"),
    (lambda: Slider(0, 1, 1), "at least 2 values, got 1"),
    (lambda: Slider(1, 1.001, 30), "show more digits"),
    (lambda: Slider(0, 1, fmt=".0%"), "'0%', which is no number"),
    (lambda: Slider(0, 1, init=2), "init=2 lies outside of 0.0 ... 1.0"),
    (lambda: Slider(-1e308, 1e308, 3), "hi - lo of at most 1.8e+308, got -1e+308"),
    (lambda: Slider(1, 2, 2.5), "n, an integer from 2 on; got 2.5"),
    (lambda: Slider(1, 2, "a"), "n, an integer from 2 on; got 'a'"),
    (lambda: Slider(1, 2, True), "n, an integer from 2 on; got True"),
    (lambda: Slider("a", 2), "finite numbers lo < hi, got 'a': give numbers such as 0 and 1"),
    (lambda: Slider(1, None), "finite numbers lo < hi, got None"),
    (lambda: LogSlider(1j, 2), "LogSlider needs finite numbers lo < hi, got 1j"),
    (lambda: Slider(0, 10**400), "finite numbers lo < hi, got 1000"),
    (lambda: Slider(np.zeros(2), 1), "finite numbers lo < hi, got array([0., 0.])"),
    (lambda: Slider(0, 1, 10**9), "at most 10000 values, got 1000000000: lower n or raise step"),
    (lambda: IntSlider(0, 10**30), "at most 10000 values"),
    (lambda: Slider(0, 1, init="a"), "init='a' is no number: give one in 0.0 ... 1.0"),
    (lambda: Slider(0, 1, init=np.nan), "init=nan lies outside of 0.0 ... 1.0"),
    (lambda: Slider(0, 1, fmt="zz"), "fmt='zz' is no format of a number, such as '.3g'"),
    (lambda: Slider(0, 1, fmt=3), "fmt=3 is no format of a number"),
    (lambda: Slider(0, 1.797e308, 3), "writes a value beyond the largest float: show more digits"),
    (lambda: Choice(5), "a dict or a list of options, got 5"),
    (lambda: Choice({"a": np.array([1, 2, 3]), "b": 3}, init=np.array([1, 2, 3])),
     "cannot start from array([1, 2, 3]): give one of a, b"),
    (lambda: LogSlider(0, 1), "lo > 0, got 0"),
    (lambda: IntSlider(0, 1.5), "needs integers"),
    (lambda: IntSlider(0, 5, step=0), "step > 0"),
    (lambda: IntSlider(0, 5, step=9), "at least 2 values, got 1"),
    (lambda: Choice(["a"]), "two or more options"),
    (lambda: Choice([1, "1", "a"]), "with different texts, got [1, '1', 'a']"),
    (lambda: Choice(["a", "b"], init="c"), "'c': give one of a, b"),
])
def test_a_wrong_parameter_names_the_value_and_the_remedy(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
