"""The grid of each control: what is shown is what is drawn, and a wrong one is named."""

import re

import numpy as np
import pytest

from lib.page import Choice, IntSlider, LogSlider, Slider


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


@pytest.mark.parametrize("one, start", [
    (Slider(0, 1, 11), 0), (Slider(0, 1, 11, init=0.52), 5), (LogSlider(1, 1e4, 5, init=90), 2),
    (IntSlider(1, 9, 2, init=9), 4), (Choice(["a", "b"], init="b"), 1),
    (Choice({"a": 7, "b": 8}, init=8), 1),
])
def test_a_control_starts_at_the_nearest_value(one, start):
    assert one.start == start


@pytest.mark.parametrize("make, message", [
    (lambda: Slider(1, 1), "lo < hi, got 1 and 1"),
    (lambda: Slider(0, np.inf), "finite lo < hi"),
    (lambda: Slider(0, 1, 1), "at least 2 values, got 1"),
    (lambda: Slider(1, 1.001, 30), "show more digits"),
    (lambda: Slider(0, 1, fmt=".0%"), "'0%', which is no number"),
    (lambda: Slider(0, 1, init=2), "init=2 lies outside of 0.0 ... 1.0"),
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
