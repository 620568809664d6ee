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


def test_six_calls_are_allowed_and_no_more():
    def mean_of(count):
        def slope(f, x, length):
            steps = np.linspace(5e-6, 7e-6, count) * length
            return np.mean([(f(x + h) - f(x - h)) / (2 * h) for h in steps])

        return slope

    assert checks.check_step(mean_of(3)).passed
    for count in (4, 50):
        report = checks.check_step(mean_of(count))
        assert report.verdict == "another road"
        assert f"f was called {2 * count} times, 6 are allowed" in repr(report)


def test_a_remark_is_made_only_where_its_cause_is_seen():
    def twice(f, x, length):
        return 2 * richardson(f, x, length)

    for answer in (twice, lambda f, x, length: None + 1):
        report = repr(checks.check_step(answer))
        assert "f was called at x alone" not in report and "Perhaps" not in report
    for term in (lambda p, log, where: 3 * p, lambda p, log, where: np.log(p)):
        assert "saw a 0" not in repr(checks.check_guard(term))
    doubled = checks.check_push(lambda tape, starts: 2 * checks._pushed(tape, starts))
    assert "(" not in repr(doubled)


@pytest.mark.parametrize("reading", [("truncation", "rounding", "gradient"), "truncation"])
def test_a_reading_of_another_length_is_told_nothing_of_a_column(reading):
    report = repr(checks.check_read(reading))
    assert "4 wanted" in report and "this column" not in report


@pytest.mark.parametrize("term", [
    lambda p, log, where: where(p > 0, p * (log(where(p > 0, p, 1.0)) - 1), 0.0),
    lambda p, log, where: where(p <= 0, 0.0, (log(where(p <= 0, 1.0, p)) + -1.0) * p),
    lambda p, log, where: where(p > 0, p * log(p + where(p > 0, 0.0, 1.0)) - p, 0.0),
    lambda p, log, where: where(p != 0, -(p - p * log(where(p == 0, 0.5, p))), p * 0.0),
    lambda p, log, where: p * (log(where(p > 0, p, math.e)) - 1)])
def test_a_guard_on_the_argument_passes_in_any_style(term):
    assert all(checks.check_guard(term, seed=seed).passed for seed in SEEDS)


def test_the_tape_of_the_check_multiplies():
    with np.errstate(all="ignore"):
        found, _ = checks._on_a_tape(lambda p, log, where: where(p > 0, log(p), 7.0), np.zeros(1))
    value, slope = found
    assert value == 7 and math.isnan(slope)


def test_the_slope_of_the_term_is_that_of_calculus():
    row = np.array([0.25, 0.5])
    found, seen = checks._on_a_tape(lambda p, log, where: p * (log(p) - 1), row)
    assert seen == {0.25, 0.5}
    assert np.all(np.abs(found[::2] - row * (np.log(row) - 1)) <= 2.0**-52)
    assert np.all(np.abs(found[1::2] - np.log(row)) <= 2.0**-51)


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
    (lambda t: abs(t) ** 2 * t, 3.0), (lambda t: np.real(t) ** 3, 1.0),
    (lambda t: t * t * np.conj(t), -0.5), (lambda t: np.real(t) * abs(t) ** 2, 2),
    (lambda t: float(np.linalg.norm(t) ** 2 * np.real(t)), -2.0)])
def test_what_makes_a_number_real_breaks_the_complex_step(f, x):
    assert checks.check_silent((f, x)).passed


@pytest.mark.parametrize("f", [lambda t: t**3, lambda t: t**3.0, lambda t: t * t * t])
@pytest.mark.parametrize("x", [1.0, -2.0, 5.0])
def test_what_is_analytic_does_not(f, x):
    assert not checks.check_silent((f, x)).passed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("least", [0.0, 1e-6])
def test_a_share_of_the_place_is_no_share_of_the_length(least, seed):
    def accepts(f, slope, x, length):
        h = 1e-6 * max(abs(x), least)
        if h == 0:
            return False
        quotient = (f(x + h) - f(x - h)) / (2 * h)
        return abs(quotient - slope) <= 1e-3 * abs(slope)

    assert not checks.check_accepts(accepts, seed=seed).passed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share, tolerance", [(1e-5, 1e-3), (1e-3, 5e-3), (1e-4, 2e-4)])
def test_a_relative_check_at_a_relative_step_passes(share, tolerance, seed):
    def accepts(f, slope, x, length):
        h = share * length
        quotient = (f(x + h) - f(x - h)) / (2 * h)
        return abs(quotient - slope) <= tolerance * abs(quotient)

    assert checks.check_accepts(accepts, seed=seed).passed
