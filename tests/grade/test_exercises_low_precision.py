"""The references of the chapter's checks are those of the mathematics, found another way."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib import digits
from lib.grade.exercises import low_precision
from lib.numbers import formats, ulp


def rotary(position, frequency):
    angle = position * frequency
    cosine = np.cos(angle)
    return cosine


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(rotary, 500.0, 0.7, fmt=formats.BF16)
    made, shows, power, _ = low_precision.READING
    assert shows - made == 1 and 10.0 ** (power - 0.5) < 400 < 10.0 ** (power + 0.5)
    assert "made in the product" in repr(trace) and "in the cos" in repr(trace)


def test_a_long_cosine_of_a_stored_angle_is_no_cure():
    stored = formats.round_to(500.0 * formats.round_to(0.7, formats.BF16), formats.BF16)
    exact = 500.0 * formats.round_to(0.7, formats.BF16)
    assert low_precision.READING[3] == "no cure"
    assert abs(math.cos(stored) - math.cos(exact)) > 0.1


def test_the_judged_gap_is_that_of_the_format():
    assert low_precision.JUDGEMENT[1] == ulp(20.0, formats.BF16)


@pytest.mark.parametrize("start, change, fmt, wanted", [
    (90.0, lambda w: 0.01 * (w - 100), formats.BF16, 90),
    (1.0, lambda w: 0.01 * (w - 2), formats.FP16, 1.951),
    (0.02, lambda w: 0.001 * w, formats.BF16, 0.02),
    (1.0, lambda w: 0.01 * w, formats.BF16, 0),
])
def test_the_weights_stop_where_the_check_says(start, change, fmt, wanted):
    w = formats.round_to(start, fmt)
    for _ in range(3000):
        w = formats.round_to(w - change(w), fmt)
    assert w == pytest.approx(wanted, rel=0.01, abs=1e-3)


def test_exponents_are_those_of_exact_logarithms():
    for label, a in low_precision.SIZES.items():
        if a:
            power = low_precision._power(a)
            assert Fraction(2) ** power <= Fraction(a) < Fraction(2) ** (power + 1), label


def test_pairs_meet_the_bound_that_is_asked_for():
    # A term passes through one rounding a round, and there are so many rounds.
    rng = np.random.default_rng(1542)
    for n in (1, 2, 3, 100, 257):
        terms = formats.round_to(rng.normal(size=n), formats.BF16)
        row = terms
        while len(row) > 1:
            half = len(row) // 2
            row = np.append(low_precision._short_sum(row[:half], row[half:2 * half]),
                            row[2 * half:])
        off = abs(row[0] - math.fsum(terms)) / math.fsum(np.abs(terms))
        assert off <= low_precision._sum_bound(terms)[low_precision.OFF]


@pytest.mark.parametrize("gradients, exponent", [
    ([2.0**-24, 2.0**15], 0), ([2.0**-25, 65_519.0], None), ([2.0**-26, 65_519.0], None),
    ([1e-300], True), ([5e-324], True), ([1e-300, 1e300], None)])
def test_a_scale_is_found_where_there_is_one(gradients, exponent):
    found = low_precision._saving(gradients)
    if exponent is None:
        assert found is None
    else:
        scaled = [Fraction(value) * Fraction(2) ** found for value in gradients]
        assert all(Fraction(1, 2**25) < value < 65_520 for value in scaled)
