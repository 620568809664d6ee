"""Plain and traced runs: that they end alike, and what is said if they do not."""

import math
import re

import numpy as np
import pytest

from lib.digits import trace


def test_what_says_nothing_of_numbers_is_raised_as_it_is():
    with pytest.raises(IndexError):
        trace(lambda x: x[3], np.ones(2))
    with pytest.raises(NameError):
        trace(lambda x: undefined(x), 1.0)  # noqa: F821
    with pytest.raises(TypeError, match="missing 1 required"):
        trace(lambda x, y: x, 1.0)


def test_a_plain_run_that_adds_in_another_order_is_told():
    result = trace(lambda x: np.sum(x), np.full(1000, 0.1))
    assert result.plain == np.sum(np.full(1000, 0.1)) != result.value
    assert result.digits < 14.5 and re.search(r"1[56] digits right", result.note)
    assert result.note in repr(result)
    assert not trace(lambda x: np.sum(x), np.full(4, 0.1)).note


@pytest.mark.parametrize("f, x, message", [
    (lambda x: x, 2, "write 2.0 for 2"),
    (lambda x: x, np.float32(2), "float32"),
    (lambda x: x, np.ones(2, np.float16), "float16"),
    (lambda x: x, 1j, "1j"),
    (math.sqrt, 2.0, "lambda x: f"),
    (np.exp, 2.0, "lambda x: f"),
])
def test_what_cannot_be_followed_is_told(f, x, message):
    with pytest.raises(TypeError, match=message):
        trace(f, x)
