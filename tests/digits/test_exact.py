"""Sixty digits, and where they are too few."""


import mpmath
import numpy as np
import pytest

from lib.digits import trace


@pytest.mark.parametrize("x, f, exact", [
    (1e200, lambda x: (x + 1) - x, lambda x: 1),
    (1e-40, lambda x: 1 - np.cos(x), lambda x: x * x / 2),
    (1e300, lambda x: (x * x + x) - x * x, lambda x: x),
])
def test_more_digits_are_taken_where_sixty_are_too_few(x, f, exact):
    result, truth = trace(f, x), exact(mpmath.mpf(x))
    assert abs(result.exact - truth) <= 1e-59 * abs(truth)
    assert result.digits == 0
    assert len(str(result.exact)) < 70


def test_what_cancels_to_nothing_in_all_digits_is_zero():
    result = trace(lambda x: np.sin(x) ** 2 + np.cos(x) ** 2 - 1, 0.3)
    assert result.exact == 0 and result.digits == (16 if result.value == 0 else 0)
    assert trace(lambda x: np.sqrt(x) ** 2 - x, 2.0).digits == 0


def test_a_long_iteration_is_no_reason_for_more_digits():
    def descend(x):
        for _ in range(300):
            x = x - 0.1 * (x - 1)
        return x

    result = trace(descend, 3.0)
    assert result.digits > 14 and not result.note
