"""The maps are monotone, have the slope that they say, and keep digits at the ends."""

import math

import mpmath
import numpy as np
import pytest

from lib.calculus.substitutions import substitution

U = 2.0**-53
RANGES = [(0.0, 1.0), (-2.0, 5.0), (1.0, math.inf), (-math.inf, -3.0), (-math.inf, math.inf)]
T = np.array([1e-100, 1e-9, 0.01, 0.3, 0.4999, 0.55, 0.7, 0.99, 1 - 2.0**-20])


def exact_map(a, b):
    """Return x of t in numbers of mpmath, as the formulas say."""
    def x(t):
        u = t * t * (3 - 2 * t)
        if math.isinf(a) and math.isinf(b):
            w = 2 * u - 1
            return w / (1 - w * w)
        if math.isinf(b):
            return a + (1 - u) / u
        if math.isinf(a):
            return b - (1 - u) / u
        return a + (b - a) * u

    return x


@pytest.mark.parametrize("a, b", RANGES)
def test_points_and_slopes_are_those_of_the_formulas(a, b):
    x, slope = substitution(a, b)(T)
    with mpmath.workdps(250):  # 1e-100 has a square
        for t, point, rise in zip(T.tolist(), x.tolist(), slope.tolist(), strict=True):
            t, exact = mpmath.mpf(t), exact_map(a, b)
            assert abs(exact(t) - point) <= 20 * U * max(abs(exact(t)), abs(a) if a > -1e9 else 0)
            step = t * mpmath.mpf("1e-30")
            risen = abs(exact(t + step) - exact(t - step)) / (2 * step)
            assert abs(risen - rise) <= 30 * U * risen


@pytest.mark.parametrize("a, b", RANGES)
def test_the_whole_range_is_met_in_one_direction(a, b):
    x, slope = substitution(a, b)(np.linspace(0, 1, 50)[1:-1])
    assert abs(np.sum(np.sign(np.diff(x)))) == 47
    assert np.all((a < x) & (x < b)) and np.all(slope > 0)
    ends = substitution(a, b)(np.array([0.0, 1.0]))[0].tolist()
    assert sorted(ends) == [a, b]


def test_both_ends_are_approached_flatly():
    x, slope = substitution(0.0, 1.0)(np.array([1e-8, 1 - 2.0**-26]))
    assert slope[0] == pytest.approx(6e-8, rel=1e-6, abs=0)
    assert 1 - x[1] == pytest.approx(3 * 2.0**-52, rel=0.2, abs=0)


def test_an_end_at_zero_on_the_right_is_approached_to_far_below_the_roundoff():
    x, _ = substitution(-1.0, 0.0)(np.array([1 - 2.0**-40]))
    assert x[0] == pytest.approx(-3 * 2.0**-80, rel=1e-9, abs=0)


def test_too_near_an_infinite_end_is_infinite_and_no_error():
    for a, b in RANGES[2:]:
        x, slope = substitution(a, b)(np.array([1e-170]))
        assert not np.isfinite(slope[0])
        assert math.isinf(x[0])
