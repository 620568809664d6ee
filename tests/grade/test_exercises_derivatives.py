"""The checks of the chapter on derivatives accept other right ways, and know what they measure."""

import math

import numpy as np
import pytest

from lib.grade.exercises import derivatives as checks

SEEDS = range(31, 39)


def richardson(f, x, length):
    def central(h):
        return (f(x + h) - f(x - h)) / (2 * h)

    h = 2e-3 * length
    return (4 * central(h / 2) - central(h)) / 3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slope", [
    richardson, lambda f, x, length: (f(x + 1e-5 * length) - f(x - 1e-5 * length)) / 2e-5 / length])
def test_ten_digits_are_kept_by_other_formulas_too(slope, seed):
    assert checks.check_step(slope, seed=seed).passed


@pytest.mark.parametrize("share", [1e-7, 1e-4])
def test_a_step_on_either_side_of_the_valley_is_refused(share):
    def slope(f, x, length):
        h = share * length
        return (f(x + h) - f(x - h)) / (2 * h)

    assert not any(checks.check_step(slope, seed=seed).passed for seed in SEEDS)


def test_the_functions_have_the_slopes_that_they_say():
    for f, x, length in checks._stretched(np.random.default_rng(32)).values():
        h = 1e-5 * length
        quotient = (f(x + h) - f(x - h)) / (2 * h)
        assert abs(quotient - f.slope(x)) <= 1e-9 * abs(f(x)) / length  # h**2 / 6 and u / h


@pytest.mark.parametrize("term", [
    lambda p, log, where: where(p > 0, p * log(where(p > 0, p, 1.0)), 0.0),
    lambda p, log, where: where(p <= 0, 0.0, log(where(p <= 0, 1.0, p)) * p),
    lambda p, log, where: p * log(where(p == 0, 1.0, p))])
def test_a_guard_on_the_argument_passes_in_any_style(term):
    assert all(checks.check_guard(term, seed=seed).passed for seed in SEEDS)


def test_the_tape_of_the_check_multiplies():
    with np.errstate(all="ignore"):
        value, slope = checks._on_a_tape(lambda p, log, where: where(p > 0, log(p), 7.0), 0.0)
    assert value == 7 and math.isnan(slope)


def test_the_slope_of_the_term_is_that_of_calculus():
    value, slope = checks._on_a_tape(lambda p, log, where: p * log(p), 0.25)
    assert abs(value - 0.25 * math.log(0.25)) <= 2.0**-53
    assert abs(slope - 1 - math.log(0.25)) <= 2.0**-51


def test_pushing_forwards_and_sweeping_backwards_agree():
    # <sweep, starts> = the last entry of push, for every tape.
    for tape, starts in checks._tapes(np.random.default_rng(33)).values():
        slopes = np.zeros(len(tape))
        slopes[-1] = 1
        for place in reversed(range(len(tape))):
            for parent, factor in tape[place]:
                slopes[parent] += factor * slopes[place]
        swept = slopes[: len(starts)] @ starts
        pushed = checks._pushed(tape, starts)[-1]
        assert abs(pushed - swept) <= 1e-13 * abs(swept)  # at most 40 roundings, nothing cancels


@pytest.mark.parametrize("f, x", [
    (lambda t: abs(t) ** 2, 3.0), (lambda t: np.real(t) ** 3, 1.0), (lambda t: abs(t * t), 0.5),
    (lambda t: float(np.linalg.norm([t, 1.0])), 2.0),
    (lambda t: t if np.real(t) > 10 else np.exp(np.abs(t)), 1.0)])
def test_what_makes_a_number_real_breaks_the_complex_step(f, x):
    assert checks.check_silent((f, x)).passed


@pytest.mark.parametrize("f", [np.sin, np.sqrt, lambda t: t**3, lambda t: t * np.exp(t)])
def test_what_is_analytic_does_not(f):
    assert not checks.check_silent((f, 1.0)).passed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share, tolerance", [(1e-5, 1e-3), (1e-3, 5e-3), (1e-4, 2e-4)])
def test_a_relative_check_at_a_relative_step_passes(share, tolerance, seed):
    def accepts(f, slope, x, length):
        h = share * length
        quotient = (f(x + h) - f(x - h)) / (2 * h)
        return abs(quotient - slope) <= tolerance * abs(quotient)

    assert checks.check_accepts(accepts, seed=seed).passed
