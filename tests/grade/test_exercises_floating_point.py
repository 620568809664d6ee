"""The references of the chapter's checks are those of the mathematics, found another way."""

from fractions import Fraction

import numpy as np
import pytest

from lib import digits
from lib.grade.exercises import floating_point
from lib.numbers import formats, sums


def how_good(start, step):
    stop = start + step
    elapsed = stop - start
    return elapsed / step


@pytest.mark.parametrize("p", [3, 5])
def test_a_sum_stops_where_the_formula_says(p):
    fmt = formats.Format("short", 8, p)
    for significand in range(2 ** (p - 1), 2**p):
        total, t = 0.0, significand * 0.25
        while (following := float(formats.round_to(total + t, fmt))) > total:
            total = following
        assert floating_point._stall(t, p) == total


def test_the_clock_at_dhahran_was_a_third_of_a_second_late():
    lag = floating_point._lag(100, 23)
    assert isinstance(lag, Fraction) and lag * 2**23 == Fraction(4, 5) * 3_600_000
    assert round(float(lag), 4) == 0.3433


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(how_good, 1.7e9, 1e-4)
    made, shows, power, _ = floating_point.READING
    assert shows - made == 1 and 10.0 ** (power + 1) > 1.7e9 / 1e-4
    assert "made in the addition `start + step`" in repr(trace)
    assert "lost in the subtraction `stop - start`" in repr(trace)
    assert f"e{power} times" in repr(trace)


def test_no_order_explains_more_than_the_judge_allows():
    choice, largest = floating_point.JUDGEMENT
    x = np.random.default_rng(4096).random(4096, dtype=np.float32)
    ordered = [sums.naive_sum(part) for part in (x, np.sort(x), np.sort(x)[::-1])]
    apart = max(ordered) / min(ordered) - 1
    assert choice == "Ben" and 1e-7 < apart < largest < 3e-3


@pytest.mark.parametrize("place, fmt", [
    (0, formats.BF16), (1, formats.FP16), (2, formats.E4M3), (3, formats.E5M2)])
def test_a_counter_stops_where_the_check_says(place, fmt):
    count, following = 0.0, 1.0
    while following > count:
        count, following = following, float(formats.round_to(following + 1, fmt))
    stops = [256, 2048, 16, 8, 0.475]
    assert count == stops[place] and floating_point.check_counters(stops).passed
    stops[place] += 1
    assert floating_point.check_counters(stops).cases[place].reason.endswith("is too large")


def test_the_other_order_of_the_counters_is_read_too():
    assert floating_point.check_counters([256, 2048, 16, 8, 0.475]).passed
    assert floating_point.check_counters((np.array([256, 2048, 16, 8]), 0.48)).passed


def test_arrays_of_no_dimension_are_answers_too():
    report = floating_point.check_counters([np.array(1.0)] * 2)
    assert report.verdict == "wrong" and "2 given, 5 wanted" in report.cases[0].reason
