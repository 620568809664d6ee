"""The references of the chapter's checks are those of NumPy and of exact arithmetic."""

import numpy as np
import pytest

from lib import digits
from lib.grade.exercises import arrays
from lib.numbers import peak_memory


def corner(a, b):
    first = 1 + a * a
    mixed = 1 + a * b
    second = 1 + b * b
    square = second - mixed * mixed / first
    return np.sqrt(square)


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(corner, 1.0, 1.000001)
    made, shows, power, _ = arrays.READING
    assert shows - made == 2 and 10.0 ** (power - 1) < 8e12 < 10.0**power
    assert "made in the addition `1 + a * b`" in repr(trace)
    assert "lost in the subtraction `second - mixed * mixed / first`" in repr(trace)


def test_the_proposed_quotient_is_a_cure():
    assert arrays.READING[3] == "cure"
    trace = digits.trace(lambda a, b: abs(b - a) / np.sqrt(1 + a * a), 1.0, 1.000001)
    assert min(line.digits for line in trace.lines if line.digits is not None) >= 15


def test_the_memory_is_what_numpy_takes():
    A = np.ones((1000, 500))
    lines = [lambda: A[::2, 1:].T, lambda: A.T.reshape(-1), lambda: A > 0,
             lambda: A.astype(np.float32).T]
    taken = [peak_memory(line)[1] / 1e6 for line in lines]
    expected = [arrays.MEGABYTES[k] for k in (0, 1, 2, 4)]
    assert taken == pytest.approx(expected, rel=0, abs=0.01)
    shape = np.broadcast_shapes(A[:, None].shape, A.shape)
    assert np.prod(shape, dtype=float) * 8 / 1e6 == arrays.MEGABYTES[3]


@pytest.mark.parametrize("columns, exact", [(arrays.LONGEST, True), (arrays.LONGEST + 1, False)])
def test_the_longest_sum_is_the_last_that_a_float_surely_holds(columns, exact):
    assert (int(columns) * 10**12 <= 2**53) == exact


@pytest.mark.parametrize("shapes", [((50_000, 1), (50_000,)), ((50_000,), (1, 50_000, 1)),
                                    ((3, 1, 2), (4, 1)), ((2, 3), (3,)), ((4,), (3,)), ((), (5,))])
def test_places_are_those_of_broadcasting(shapes):
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        expected = None
    assert arrays._stretched(*shapes) == expected
    assert expected is None or arrays._places(*shapes) == np.prod(expected, dtype=int)


def test_no_two_shapes_pass_by_one_number_less():
    # n (100 000 - n) is at most 2.5e9, reached in the middle.
    assert arrays.check_shapes(((40_000, 1), (60_000,))).passed is False
    assert arrays.check_shapes(((45_000, 1), (55_000,))).passed
    assert arrays.check_shapes((((50_000, 1)), (50_000,))).passed
