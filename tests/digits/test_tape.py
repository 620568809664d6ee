"""What one run records of each operation."""

import math

import numpy as np
import pytest

from lib.digits import trace


def test_a_branch_that_the_exact_numbers_would_not_take_is_reported(line_of):
    def f(x):
        y = (x + 1) - x
        if y > 0.5:
            return x
        return y

    result = trace(f, 1e16)
    assert result.value == 0 and "branch" in line_of(result, "if y").note
    assert "decide otherwise in a branch" in result.note and result.note in repr(result)
    assert "branch" not in line_of(trace(f, 1e15), "if y").note and not trace(f, 1e15).note
    assert "branch" in trace(lambda x: math.floor((x + 1) - x + 0.5), 1e16).lines[0].note


@pytest.mark.parametrize("f, x, value, word", [
    (lambda x: np.exp(x), 1000.0, math.inf, "overflow"),
    (lambda x: x * x, 1e200, math.inf, "overflow"),
    (lambda x: x * x, 1e-200, 0.0, "underflow"),
    (lambda x: x * 1e-10, 1e-305, 1e-315, "underflow"),
    (lambda x: np.log(x), 0.0, -math.inf, "pole"),
    (lambda x: 1 / np.array([x]), 0.0, math.inf, "division by zero"),
    (lambda x: np.sqrt(x), -1.0, math.nan, "nan"),
    (lambda x: x - x, math.inf, math.nan, "nan"),
])
def test_overflow_underflow_poles_and_nan_are_shown_on_their_line(f, x, value, word):
    result = trace(f, x)
    np.testing.assert_equal(np.ravel(result.value)[0], value)
    assert word in result.lines[0].note
    assert word in repr(result)


def test_overflow_is_its_own_cause():
    result = trace(lambda x: 1 / (1 + np.exp(x)), 800.0)
    assert result.value == 0 and result.digits == 0
    assert result.cause == result.shows and result.cause.operation == "exp"
    assert "the error was made there, too" in repr(result)
