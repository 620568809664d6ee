"""An answer is stopped at its limits of memory and of lines, and every hook is put back."""

import sys
import tracemalloc

import numpy as np
import pytest

from lib.grade import within_limits


def many(n):
    return 10_000


def large(n):
    return np.ones((n, 100)) @ np.ones(100)


def test_memory_is_counted_and_the_watch_is_left_as_it_was():
    with pytest.raises(MemoryError, match="1 MB of arrays at a time, allowed is 0"):
        within_limits(large, 1e5, many)(1000)
    assert not tracemalloc.is_tracing()
    tracemalloc.start()
    try:
        assert np.array_equal(within_limits(large, 1e7, many)(1000), large(1000))
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def test_what_is_held_before_does_not_count():
    held = np.ones(500_000)
    assert within_limits(lambda n: np.ones(n), 1e6, many)(10).size == 10
    assert held.size == 500_000


def test_a_loop_over_elements_is_stopped_and_the_hook_is_put_back():
    def elements(n):
        return [k**2 for k in range(n) if k % 2 or sum((k, 1))]

    def lines(n):
        total = 0
        for k in range(n):
            total += k
        return total

    before = sys.gettrace()
    assert within_limits(lines, 1e8, lambda n: 3 * n + 20)(100) == 4950
    with pytest.raises(RuntimeError, match="a loop over single elements is too slow"):
        within_limits(lines, 1e8, lambda n: 50)(100)
    assert sys.gettrace() is before
    assert len(within_limits(elements, 1e8, lambda n: 50 + 20 * n)(100)) == 100


def test_what_fails_fails_as_it_does_alone():
    with pytest.raises(ZeroDivisionError):
        within_limits(lambda n: 1 / n, 1e6, many)(0)
    assert not tracemalloc.is_tracing()
    assert within_limits(7, 1e6, many) == 7
