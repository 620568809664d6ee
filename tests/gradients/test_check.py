"""A right gradient passes its check and a wrong one fails, whatever the scale of the function."""

import dataclasses

import numpy as np
import pytest

from lib.gradients import GradientCheck, check_gradient, grad
from tests.gradients.functions import EVERY, ROUNDOFF, point


def rng(seed=17):
    """Return a source of random numbers."""
    return np.random.default_rng(seed)


# Functions of one number, whose best step lies between 1e-10 and 1.
SCALES = {
    "exp": (np.exp, 1.0), "a logarithm near 0": (np.log, 3e-3), "x**7": (lambda x: x**7, 1.3),
    "a root": (np.sqrt, 5.0), "a line": (lambda x: 3 * x, 1.0), "a square": (lambda x: x * x, 0.5),
    "a long scale": (lambda x: np.exp(x / 1000), 1000.0), "a short scale": (
        lambda x: np.tanh(50 * x), 0.02),
    "small": (lambda x: 1e-6 * np.sin(x), 0.3), "large": (lambda x: 1e200 * np.sin(x), 0.3),
    "near a pole": (lambda x: 1 / x, 1e-4), "far out": (np.arctan, 1e3),
    "beside a million": (lambda x: 1e6 + np.sin(x), 1.0), "near its end": (np.sqrt, 1e-9),
}


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scales_do_not_matter(name, dtype):
    f, x = SCALES[name]
    if dtype == np.float32 and name in ("large", "beside a million", "far out"):
        f, x = (lambda x: 100 * np.exp(x / 30)), 20.0  # in the range and the digits of float32
    x = dtype(x)
    assert check_gradient(f, grad(f), x, rng()).passed
    # What is wrong by one in a hundred is seen; in float32 that needs a tenth.
    share = 1.01 if dtype == np.float64 else 1.1
    for wrong in (lambda x: share * grad(f)(x), lambda x: -grad(f)(x), lambda x: 0 * x):
        assert not check_gradient(f, wrong, x, rng()).passed


@pytest.mark.parametrize("name", EVERY)
def test_gradients_of_many_functions_pass_and_a_wrong_entry_fails(name):
    def f(x):
        return EVERY[name](np, x)

    def wrong(x):
        g = grad(f)(x)
        g[3] *= 1.01
        return g

    assert check_gradient(f, grad(f), point(), rng()).passed
    assert not check_gradient(f, wrong, point(), rng()).passed


def bump(x):
    """Return x beside a bump of width 1e-5 at 1, which steps of every usual size miss."""
    return x + np.exp(-((1e5 * (x - 1)) ** 2))


ROUGH = {  # a function, its slope, where, and the share by which a wrong slope is told
    "float32 inside": (lambda x: np.float64(np.exp(np.float32(x))), np.exp, 1.0, 1.01),
    "rounded to decimals": (lambda x: np.round(np.exp(x), 6), np.exp, 1.0, 1.01),
    "a wiggle": (lambda x: np.sin(x) + 1e-9 * np.sin(1e13 * x), np.cos, 0.7, 1.0001),
    "a bump": (bump, grad(bump), 1 + 3e-6, 1.000001),
    "a fast wave": (lambda x: np.sin(1e4 * x), lambda x: 1e4 * np.cos(1e4 * x), 1.0, 1.000001),
    "a kink beside": (lambda x: np.maximum(x, 0), lambda x: 1.0 + 0 * x, 0.5, 1.000001),
}


@pytest.mark.parametrize("name", ROUGH)
def test_noise_is_found_and_the_nearest_slope(name):
    f, gradient, x, share = ROUGH[name]
    for seed in range(3, 8):
        assert check_gradient(f, gradient, x, rng(seed)).passed
        assert not check_gradient(f, lambda x: share * gradient(x), x, rng(seed)).passed


def test_what_is_constant_nearby_has_gradient_zero():
    for f, x in ((lambda x: np.maximum(x, 0), -0.5), (np.tanh, 30.0), (np.floor, 2.5)):
        assert check_gradient(f, lambda x: 0 * x, x, rng()).passed
        assert not check_gradient(f, lambda x: 0 * x + 1e-6, x, rng()).passed


SATURATED = {  # each a sum of terms of size 1 that may cancel, and its gradient
    "tanh": (lambda x: np.sum(np.tanh(x)), lambda x: np.cosh(x) ** -2.0),
    "its half": (lambda x: np.tanh(x[0]) - np.tanh(x[-1]), grad(
        lambda x: np.tanh(x[0]) - np.tanh(x[-1]))),
    "logistic": (lambda x: np.sum(0.5 - 1 / (1 + np.exp(-x))), lambda x: -0.25 * np.cosh(
        x / 2) ** -2.0),
}


@pytest.mark.parametrize("name", SATURATED)
@pytest.mark.parametrize("dtype, share", [(np.float64, 1e-6), (np.float32, 1e-2)])
def test_a_saturated_sum_that_cancels_has_the_rounding_of_its_terms(name, dtype, share):
    # The value may be 0, and constant for every step; the slopes are far below u.
    f, gradient = SATURATED[name]
    for seed in range(50, 90):
        draw = rng(seed)
        sizes = draw.uniform(40, 80, 2 * draw.integers(1, 4))
        x = (sizes * np.resize([1, -1], len(sizes))).astype(dtype)

        def wrong(x):
            g = gradient(x)
            g[-1] += share
            return g

        assert check_gradient(f, gradient, x, rng(seed)).passed
        assert not check_gradient(f, wrong, x, rng(seed)).passed


def test_terms_that_are_nearly_saturated_show_in_the_grain_of_the_values():
    x = np.array([39.5, -16.5, -80.0, 40.6])  # the value is 9.2e-15, a multiple of 2**-53
    f, gradient = SATURATED["tanh"]
    for seed in range(3, 23):
        assert check_gradient(f, gradient, x, rng(seed)).passed
        assert not check_gradient(f, lambda x: gradient(x) + 1e-9 * (x == x[1]), x,
                                  rng(seed)).passed


def test_a_step_function_is_not_taken_for_a_grain():
    for x in (2.5, 100.5):
        assert check_gradient(np.floor, lambda x: 0 * x, x, rng()).passed
        assert not check_gradient(np.floor, lambda x: 0 * x + 1e-6, x, rng()).passed


@pytest.mark.parametrize("scale", [1.0, 1 + 1e-9, 1.5, 0.0, np.nan])
def test_the_worst_direction_is_told(scale):
    def f(x):
        return np.sum(np.exp(x) * [1, 10, 100])

    def gradient(x):
        return grad(f)(x) * [1, 1, scale]

    x, one, other = np.array([0.1, 0.2, 0.3]), rng(), rng()
    single = [check_gradient(f, gradient, x, one, 1) for _ in range(6)]
    found = check_gradient(f, gradient, x, other, 6)
    ratios = [part.error / part.tolerance for part in single]
    assert np.array_equal(found.error / found.tolerance, np.max(ratios), equal_nan=True)
    assert found.passed == all(part.passed for part in single)


@pytest.mark.parametrize("x", [np.zeros(3), np.array([0.5, -0.1, 1e-9]), np.array([1e3, 1.0, 0])])
def test_no_step_goes_further_than_an_eighth(x):
    seen = []
    check_gradient(lambda x: seen.append(x) or np.sum(np.sin(x)), np.cos, x, rng(), 3)
    far = np.array([np.max(np.abs(point - x)) for point in seen])
    largest = max(1.0, np.max(np.abs(x)))
    assert largest / 16 <= np.max(far) <= largest / 8 * (1 + 4 * ROUNDOFF)
    assert np.min(far[far > 0]) < 1e-13 * largest


def test_every_function_gets_as_many_runs():
    counts = []
    for f, x in ((np.exp, 1.0), (np.sin, 1e-3), (np.sum, np.ones(100))):
        runs = []
        check_gradient(lambda x: runs.append(1) or f(x), grad(f), x, rng(), 2)  # noqa: B023
        counts.append(len(runs))
    assert counts[0] == counts[2] <= 2 * 50 + 1 and counts[1] <= counts[0] + 2 * 2 * 5


def logistic(x):
    """Return a logistic loss of four features of scales 1, 10, 1000 and 1/1000."""
    features = rng(3).standard_normal((30, 4)) * [1, 10, 1000, 0.001]
    return np.mean(np.log1p(np.exp(-features @ x)))


def test_features_of_different_units():
    x = np.array([0.3, 0.02, 1e-4, 5.0])
    assert check_gradient(logistic, grad(logistic), x, rng()).passed

    def wrong(x):  # in the feature that counts least, a millionth of the largest
        g = grad(logistic)(x)
        g[3] = -g[3]
        return g

    assert abs(grad(logistic)(x)[3]) < 1e-4 * np.max(np.abs(grad(logistic)(x)))
    assert not check_gradient(logistic, wrong, x, rng()).passed


@pytest.mark.parametrize("seed", range(3, 13))
def test_one_wrong_entry_among_a_thousand_is_seen_in_every_direction(seed):
    def f(x):
        return np.sum(np.sin(x) * np.arange(1.0, 1001))

    def wrong(x):
        g = grad(f)(x)
        g[500] *= 1.01
        return g

    x = rng(4).standard_normal(1000)
    assert check_gradient(f, grad(f), x, rng(seed), directions=1).passed
    assert not check_gradient(f, wrong, x, rng(seed), directions=1).passed


def test_structures_and_what_the_result_says():
    x = {"W": np.ones((2, 3)), "b": [np.zeros(3), 0.5]}

    def f(x):
        return np.sum(np.tanh(np.array([1.0, -0.5]) @ x["W"] + x["b"][0])) * np.exp(x["b"][1])

    found = check_gradient(f, grad(f), x, rng(), directions=4)
    assert found.passed and found.directions == 4
    assert found.error <= found.tolerance <= 1e-8 * abs(found.slope)
    assert 1e-8 < found.step < 1e-2
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.error = 0.0
    assert not GradientCheck(2.0, 1.0, 1e-5, 3.0, 1).passed
    assert not GradientCheck(np.nan, 1.0, 1e-5, 3.0, 1).passed


def test_the_tolerance_is_that_of_the_best_step():
    # Central differences of exp keep two thirds of the digits: u**(2/3) = 2.3e-11.
    found = check_gradient(np.exp, np.exp, 1.0, rng())
    assert 0.1 < found.tolerance / (ROUNDOFF ** (2 / 3) * np.e) < 100
    assert found.error < ROUNDOFF ** (2 / 3) * np.e * 100
    far = check_gradient(lambda x: np.exp(x / 1000), lambda x: np.exp(x / 1000) / 1000, 1.0, rng())
    assert far.step > 100 * found.step


def test_steps_that_leave_the_domain_are_left_out():
    def f(x):
        if np.min(x) <= 0:
            raise ValueError("negative")
        return np.sum(np.log(x))

    x = np.array([1e-3, 1.0, 1e3])
    assert check_gradient(f, lambda x: 1 / x, x, rng()).passed
    assert not check_gradient(f, lambda x: 1.01 / x, x, rng()).passed


def test_at_the_edge_of_a_domain_nothing_passes():
    found = check_gradient(np.sqrt, lambda x: 1.0 + 0 * x, 0.0, rng())
    assert not found.passed


def test_a_gradient_that_is_no_number_fails():
    for bad in (np.nan, np.inf):
        assert not check_gradient(np.exp, lambda x: bad * x, 1.0, rng()).passed  # noqa: B023


def test_what_is_flat_has_gradient_zero():
    assert check_gradient(lambda x: 3.0 + 0 * x, lambda x: 0 * x, 2.0, rng()).passed
    assert not check_gradient(lambda x: 3.0 + 0 * x, lambda x: 0 * x + 1e-9, 2.0, rng()).passed
    assert check_gradient(lambda x: x * x, lambda x: 2 * x, 0.0, rng()).passed


@pytest.mark.parametrize("arguments, message", [
    ((np.log, lambda x: 1 / x, 0.0), r"f\(x\) = -inf: choose an x"),
    ((np.exp, np.exp, np.inf), r"x.* is inf"), ((np.exp, np.exp, 1), "x is of int64"),
    ((np.exp, np.exp, np.ones(2)), r"f returned an array of shape \(2,\)"),
    ((np.sum, lambda x: np.ones(3), np.ones(2)), r"gradient\(x\) has shape \(3,\)"),
    ((np.sum, lambda x: [x], np.ones(2)), r"gradient\(x\) has not the structure"),
])
def test_what_cannot_be_checked_is_refused(arguments, message):
    with np.errstate(divide="ignore"), pytest.raises((TypeError, ValueError), match=message):
        check_gradient(*arguments, rng())


def test_other_arguments_are_checked():
    with pytest.raises(TypeError, match="rng = 3 is not a generator"):
        check_gradient(np.exp, np.exp, 1.0, 3)
    with pytest.raises(ValueError, match="directions = 0"):
        check_gradient(np.exp, np.exp, 1.0, rng(), 0)
    for f, gradient in ((3, np.exp), (np.exp, 3)):
        with pytest.raises(TypeError, match="= 3 cannot be called: give"):
            check_gradient(f, gradient, 1.0, rng())
