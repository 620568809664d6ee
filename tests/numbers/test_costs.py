"""Costs are measured in turn, by medians, and nothing is left of the watch."""

import tracemalloc

import numpy as np
import pytest

from lib.numbers import costs, peak_memory, time_ratio


@pytest.fixture
def run(monkeypatch):
    """Return a function that makes calls which take so long, by a clock of their own."""
    now, order = [0.0], []
    monkeypatch.setattr(costs, "CLOCK", lambda: now[0])

    def lasting(name, *seconds):
        left = list(seconds)

        def call():
            order.append(name)
            now[0] += left.pop(0) if len(left) > 1 else left[0]

        return call

    lasting.order = order
    return lasting


def test_the_ratio_is_that_of_the_medians_without_the_first_run(run):
    # The warm-up takes 90 and 50; a single run that was disturbed takes 100.
    f, g = run("f", 90, 6, 100, 8, 7, 5), run("g", 50, 1, 2, 2, 2, 3)
    assert time_ratio(f, g) == 7 / 2
    assert run.order == ["f", "g"] * 6


def test_one_run_is_enough_where_one_is_asked_for(run):
    assert time_ratio(run("f", 1, 3), run("g", 1, 4), repeat=1) == 3 / 4


def test_what_the_clock_cannot_see_is_refused_with_a_remedy(run):
    with pytest.raises(ValueError, match="many times"):
        time_ratio(run("f", 1), run("g", 0))


@pytest.mark.parametrize("call, error, told", [
    (lambda: time_ratio(3, print), TypeError, "f = 3 is no function"),
    (lambda: time_ratio(print, None), TypeError, "g = None is no function"),
    (lambda: time_ratio(print, print, 0), ValueError, "repeat = 0"),
    (lambda: time_ratio(print, print, 2.0), TypeError, "repeat = 2.0"),
    (lambda: peak_memory(np.ones(2)), TypeError, "no function")])
def test_what_cannot_be_called_is_refused_by_name(call, error, told):
    with pytest.raises(error, match=told):
        call()


def test_the_real_clock_moves():
    assert costs.CLOCK() <= costs.CLOCK()
    assert time_ratio(lambda: np.ones(10_000).sum(), lambda: np.ones(10_000).sum()) > 0


def test_the_peak_counts_what_is_taken_and_given_back_on_the_way():
    held = np.ones(1_000_000)
    result, most = peak_memory(lambda: (held * 2).sum() + np.ones(500_000).sum())
    assert result == 2_500_000
    # One array of 8 MB, then one of 4; the room is for what Python itself takes.
    assert 8e6 <= most < 8e6 + 1e5


def test_a_view_takes_next_to_nothing_and_its_copy_all():
    held = np.ones((1000, 1000))
    assert peak_memory(lambda: held.T[::2])[1] < 1000
    assert 4e6 <= peak_memory(lambda: held.T[::2].copy())[1] < 4e6 + 1e5


def test_a_call_measured_inside_another_hides_nothing_of_it():
    def small():
        most = peak_memory(lambda: np.ones(250_000))[1]
        assert 2e6 <= most < 2e6 + 1e5

    def large():
        np.ones(1_000_000).sum()

    for steps in ((small, large), (large, small)):
        most = peak_memory(lambda steps=steps: [step() for step in steps])[1]
        assert 8e6 <= most < 8e6 + 1e5


def test_an_inner_call_that_raises_hides_nothing_either():
    def fails_inside():
        np.ones(1_000_000).sum()
        with pytest.raises(ZeroDivisionError):
            peak_memory(lambda: 1 / 0)

    assert 8e6 <= peak_memory(fails_inside)[1] < 8e6 + 1e5
    assert peak_memory(lambda: None)[1] < 1000


def test_the_watch_ends_with_the_call_also_where_it_raises():
    assert not tracemalloc.is_tracing()
    with pytest.raises(ZeroDivisionError):
        peak_memory(lambda: 1 / 0)
    assert not tracemalloc.is_tracing()


def test_a_watch_that_was_there_before_goes_on():
    tracemalloc.start()
    try:
        assert peak_memory(lambda: bytearray(10**6))[1] >= 10**6
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()
