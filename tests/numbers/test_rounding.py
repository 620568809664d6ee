"""Whole numbers by each mode, on quarters and their neighbours; and input that would round."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest

from lib.numbers.formats import (
    BF16,
    E4M3,
    E5M2,
    FP16,
    FP32,
    FP64,
    TF32,
    Format,
    round_float,
    round_to,
)
from lib.numbers.rounding import as_float64, like_input, round_to_integer

QUARTERS = np.arange(-20, 21) / 4
STEPS = np.concatenate([np.nextafter(QUARTERS, -9), QUARTERS, np.nextafter(QUARTERS, 9)])


def rounded(x, mode):
    """Return the whole number that a fraction rounds to."""
    low, high = floor(x), ceil(x)
    nearer = low if x - low < high - x else high
    tie = x - low == high - x
    return {"down": low, "up": high, "zero": low if x > 0 else high,
            "nearest": (low if low % 2 == 0 else high) if tie else nearer,
            "away": (high if x > 0 else low) if tie else nearer}[mode]


@pytest.mark.parametrize("mode", ["nearest", "away", "up", "down", "zero"])
def test_every_mode_is_that_of_fractions(mode):
    found = round_to_integer(STEPS, mode, None)
    assert found.tolist() == [rounded(Fraction(x), mode) for x in STEPS.tolist()]
    assert np.array_equal(np.signbit(found), np.signbit(STEPS) & ((found != 0) | (STEPS < 0)))


def test_the_stochastic_mode_keeps_whole_numbers_and_signs():
    rng = np.random.default_rng(31)
    assert round_to_integer(np.array([-3.0, -0.0, 5.0]), "stochastic", rng).tolist() == [-3, 0, 5]
    draws = round_to_integer(np.full(9999, -2.25), "stochastic", rng)
    assert set(draws) == {-2.0, -3.0}
    # Five standard deviations of a binomial count.
    assert abs(np.count_nonzero(draws == -3) - 9999 / 4) < 5 * np.sqrt(9999 * 3 / 16)


def test_a_name_is_told_where_float64_would_round():
    with pytest.raises(TypeError, match=r"convert weights with \.astype\(float\) first"):
        as_float64(np.ones(2, np.longdouble), "weights")
    with pytest.raises(TypeError, match=r"convert weights\.real and weights\.imag"):
        as_float64(1j, "weights")
    assert type(like_input(as_float64(np.float32(2)))) is float and as_float64([1]).shape == (1,)


WIDE = Format("wide", exponent_bits=11, precision=8)  # rounds the largest float64 up to 2**1024


@pytest.mark.parametrize("fmt", [FP64, FP32, TF32, FP16, BF16, E4M3, E5M2, WIDE], ids=str)
def test_one_float_is_rounded_as_in_an_array(fmt):
    rng = np.random.default_rng(2718)
    patterns = rng.integers(0, 2**64, 4000, dtype=np.uint64).view(np.float64)  # of every exponent
    near = rng.standard_normal(4000) * 2.0 ** rng.integers(-30, 30, 4000)
    ties = np.array([0.0, fmt.max, fmt.max * (1 + fmt.u), fmt.smallest_subnormal / 2,
                     1 + fmt.u, 1 + 3 * fmt.u, np.inf, np.nan, 1.7976931348623157e308])
    for x in map(float, [*patterns[np.isfinite(patterns)], *near, *ties, *-ties]):
        one, other = round_float(x, fmt), round_to(x, fmt)
        assert np.array_equal([one], [other], equal_nan=True), x
        assert one != one or np.signbit(one) == np.signbit(other), x
