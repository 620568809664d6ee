"""The references of the chapter's checks are those of the mathematics, found another way."""

import itertools
import re

import mpmath
import numpy as np
import pytest

import chapter
from lib.calculus import adaptive
from lib.grade.exercises import quadrature

PRINTED = re.compile(r"^ +([\d.]+) to +([\d.]+)  error (\S+)$", re.MULTILINE)
MADE = chapter.read(chapter.ROOT / "chapters" / "quadrature.ipynb")


def test_the_printed_panels_say_what_the_reading_says():
    panels = np.array(PRINTED.findall(MADE.by_id["exercise-read"].source), float)
    assert len(panels) == 11
    assert np.all((panels[:, 0] < quadrature.PLACE) & (panels[:, 1] > quadrature.PLACE))
    # The shortest is printed to four decimals, and no other place of three decimals is in it.
    assert panels[-1, 1] - panels[-1, 0] < 2 * 0.003
    # Two digits are printed: over five lines the mean factor is right to 2 %.
    factor = (panels[5, 2] / panels[10, 2]) ** 0.2
    assert abs(np.log2(factor) - 1 - quadrature.EXPONENT) < np.log2(1.02)
    assert panels[-1, 2] == quadrature.LAST
    left = quadrature.LAST * 0.5 ** ((1 + quadrature.EXPONENT) * np.arange(30))
    assert 0 <= np.argmax(left <= 1e-9) - quadrature.HALVINGS < 1


def test_the_judged_answers_are_those_of_the_text():
    text = MADE.by_id["exercise-judge"].source
    values = [float(x) for x in re.findall(r"(0\.47\d+)", text)]
    bars = [float(x) * 1e-10 for x in re.findall(r"(\d) \\cdot 10\^\{-10\}", text)]
    assert abs(values[1] - values[0] - quadrature.APART) < 1e-12
    assert np.allclose(bars, [quadrature.ADAS, quadrature.BENS], rtol=1e-12)


@pytest.mark.parametrize("label", quadrature._waves())
def test_the_means_of_the_waves_are_integrals_and_within_reach_of_n_steps(label):
    wave, n, mean = quadrature._waves()[label]
    exact = mpmath.quad(lambda x: float(wave(np.array([float(x)]))[0]),
                        mpmath.linspace(0, 2 * mpmath.pi, 9)) / (2 * mpmath.pi)
    assert abs(exact - mean) < 1e-13
    shifted = 0.3 + 2 * np.pi * np.arange(n) / n
    assert abs(np.mean(wave(shifted)) - mean) < 1e-13  # any start will do


@pytest.mark.parametrize("label", quadrature._expectations())
def test_the_expectations_are_those_of_the_normal_distribution(label):
    g, mean, deviation, of = quadrature._expectations()[label]
    value = of(mean, deviation)
    size = quadrature.SIZES.get(label, value)

    def weighted(z):
        x = mean + deviation * z
        return g(np.array([x]))[0] / size * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

    # Kinks lie at z = 0, 1.5 and 10.
    found = sum(mpmath.quad(lambda z: weighted(float(z)), [a, b])
                for a, b in ((-38, -6), (-6, 0), (0, 1.5), (1.5, 6), (6, 10), (10, 14), (14, 38)))
    assert abs(found - value / size) <= 1e-11


def test_every_gap_that_is_wide_enough_hides_a_peak_and_no_other_does():
    points, width = quadrature._points(), quadrature.LEAST_WIDTH
    assert len(points) == 30
    hidden = []
    for left, right in itertools.pairwise(points):
        passed = quadrature.check_blind(((left + right) / 2, width)).passed
        hidden.append(passed)
        # exp(-z**2) is far below 1e-9 of the integral for z = 5.2, and far above it for z = 3.
        if right - left > 2 * 5.2 * width:
            assert passed
        if right - left < 2 * 3 * width:
            assert not passed
    assert 1 <= sum(hidden) <= 10


def test_a_peak_that_is_missed_is_really_missing():
    c = (quadrature._points()[8] + quadrature._points()[9]) / 2
    found = adaptive(lambda x: 1 + np.exp(-(((x - c) / 0.007) ** 2)), 0, 1, rtol=1e-9)
    exact = mpmath.quad(lambda x: 1 + mpmath.exp(-(((x - c) / 0.007) ** 2)),
                        [0, c - 0.05, c, c + 0.05, 1])
    assert found.converged and exact - found.value > 0.012


@pytest.mark.parametrize("shift", [-1000, 0, 1000])
def test_log_mean_and_bar_agree_with_many_digits(shift):
    logs = 3 * np.random.default_rng(1906).standard_normal(20) + shift
    value, bar = quadrature._log_mean(logs)
    weights = [mpmath.exp(mpmath.mpf(x)) for x in logs]
    mean = mpmath.fsum(weights) / 20
    variance = mpmath.fsum([(w - mean) ** 2 for w in weights]) / 19
    # Rounding of logs near 1000 is 1000 u in a weight.
    assert abs(mpmath.log(mean) - value) < 1e-12
    assert abs(mpmath.sqrt(variance / 20) / mean / bar - 1) < 1e-12
