"""Monte Carlo's error bar covers as often as it says, and fails where the docstring says so."""

import math

import numpy as np
import pytest
from scipy.stats import qmc

from lib.calculus import monte_carlo

U = 2.0**-53


def runs(f, n, d, repeats, exact):
    """Return errors and bars of runs with different random points."""
    found = [monte_carlo(f, 0, 1, np.random.default_rng(100 + k).random((n, d)))
             for k in range(repeats)]
    return (np.array([one.value - exact for one in found]),
            np.array([one.error for one in found]))


def test_value_and_error_are_mean_and_standard_error():
    x = np.random.default_rng(11).random(1000)
    found = monte_carlo(np.exp, 0, 1, x)
    assert found.value == pytest.approx(math.fsum(np.exp(x)) / 1000, rel=8 * U, abs=0)
    assert found.error == pytest.approx(np.std(np.exp(x), ddof=1) / math.sqrt(1000), rel=1e-13,
                                        abs=0)
    assert found.evaluations == 1000


def test_a_box_stretches_the_integral_and_its_error():
    x = np.random.default_rng(12).random((400, 2))
    unit = monte_carlo(lambda x: x[:, 0] + x[:, 1], 0, 1, x)
    box = monte_carlo(lambda x: (x[:, 0] - 1) / 2 + (x[:, 1] + 3) / 4, [1, -3], [3, 1], x)
    assert box.value == pytest.approx(8 * unit.value, rel=1e-14, abs=0)
    assert box.error == pytest.approx(8 * unit.error, rel=1e-12, abs=0)
    back = monte_carlo(lambda x: (x[:, 0] - 1) / 2 + (x[:, 1] + 3) / 4, [3, -3], [1, 1], 1 - x)
    assert back.value < 0 < back.error


def test_twice_the_bar_covers_nineteen_of_twenty():
    off, bars = runs(lambda x: np.prod(1 + (x - 0.5), axis=1), 400, 8, 400, 1.0)
    covered = np.mean(np.abs(off) <= 2 * bars)
    # 0.954 expected; 400 runs leave a deviation of 0.0105, of which four are allowed.
    assert abs(covered - 0.954) <= 4 * 0.0105


@pytest.mark.parametrize("d", [1, 10, 100])
def test_four_times_the_points_halve_the_error_in_any_dimension(d):
    few, _ = runs(lambda x: np.sum(x, axis=1), 64, d, 400, d / 2)
    many, _ = runs(lambda x: np.sum(x, axis=1), 256, d, 400, d / 2)
    # Each root mean square of 400 errors varies by 1 / sqrt(800).
    assert abs(np.sqrt(np.mean(few**2) / np.mean(many**2)) / 2 - 1) <= 4 * math.sqrt(2 / 800)


def test_the_bar_of_sobol_points_is_far_too_long_and_scrambles_repair_it():
    def f(x):
        return np.prod(1 + (x - 0.5), axis=1)

    found = [monte_carlo(f, 0, 1, qmc.Sobol(2, rng=k).random(1024)) for k in range(16)]
    values = np.array([one.value for one in found])
    off = np.sqrt(np.mean((values - 1) ** 2))
    assert min(one.error for one in found) > 1000 * off
    assert abs(np.mean(values) - 1) <= 4 * np.std(values, ddof=1) / 4


def test_without_a_variance_the_bar_is_too_short():
    # x**(-1 / 1.1) has a mean of 11 and no variance.
    off, bars = runs(lambda x: x[:, 0] ** (-1 / 1.1), 10_000, 1, 200, 11.0)
    assert np.mean(np.abs(off) <= 2 * bars) < 0.5 and np.mean(off < 0) > 0.8


def test_a_rare_event_may_leave_no_bar_at_all():
    _, bars = runs(lambda x: x[:, 0] < 0.01, 20, 1, 200, 0.01)
    assert np.mean(bars == 0) > 0.6


def test_large_values_have_a_bar_in_range_and_larger_integrals_are_refused():
    x = np.random.default_rng(13).random(100)
    found = monte_carlo(lambda x: 1e300 * x, 0, 1, x)
    assert found.error == pytest.approx(1e300 * np.std(x, ddof=1) / 10, rel=1e-12, abs=0)
    with pytest.raises(OverflowError, match="the integral of f left the range"):
        monte_carlo(lambda x: 1e300 * np.ones_like(x), 0, 1e10, x)


def test_values_of_float32_are_averaged_in_float64():
    x = np.random.default_rng(14).random(200_000)
    found = monte_carlo(lambda x: np.full(x.shape, 0.1, dtype=np.float32), 0, 1, x)
    assert abs(found.value - float(np.float32(0.1))) <= 4 * U
    assert found.error <= 4 * U


@pytest.mark.parametrize("a, b, points, said", [
    (0, 1, [0.5], r"points are of float64 and of shape \(1,\): give two"),
    (0, 1, [0.5, 1.5], r"points\[1\] is 1.5: they must lie in the unit cube"),
    (0, 1, np.full((3, 2, 2), 0.5), r"points are of float64 and of shape \(3, 2, 2\)"),
    ([0, 0], 1, [0.5, 0.6], r"a is of float64 and of shape \(2,\): give one float"),
    (0, [1, 1, 1], np.full((3, 2), 0.5), r"b is of float64 and of shape \(3,\)"),
    (0, math.inf, [0.5, 0.6], r"b\[\] is inf: remove or replace it first")])
def test_points_and_boxes_that_make_no_sense_are_refused(a, b, points, said):
    with pytest.raises(ValueError, match=said):
        monte_carlo(np.exp, a, b, points)


def test_a_box_whose_volume_no_float_holds_is_refused():
    with pytest.raises(OverflowError, match="has a volume out of the range of float64"):
        monte_carlo(np.exp, -1e308, 1e308, [0.5, 0.6])
    with pytest.raises(OverflowError, match="has a volume out of the range"):
        monte_carlo(lambda x: x[:, 0], 0, 1e-200, np.full((3, 2), 0.5))
