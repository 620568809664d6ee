"""The references of the chapter's checks are those of the mathematics, found another way."""

import math

import numpy as np
import pytest

from lib import digits
from lib.grade.exercises import softmax as checks
from lib.numbers import cross_entropy, formats, logsumexp, relative_error, softmax


def log_of_the_rest(x):
    p = 1 / (1 + np.exp(-x))
    rest = 1 - p
    return np.log(rest)


def test_the_sums_end_where_the_check_says():
    with np.errstate(over="ignore"):
        printed = [np.sum(np.exp(np.full(k, 10, np.float16))) for k in (2, 3)]
        shifted = [np.float16(k) for k in (65_519, 65_520)]
    assert np.isfinite(printed[0]) and np.isinf(printed[1])
    assert np.isfinite(shifted[0]) and np.isinf(shifted[1])
    total, following = 0.0, 1.0
    while following > total:
        total, following = following, float(formats.round_to(following + 1, formats.BF16))
    assert checks.check_row((3, 65_520, total)).passed
    for not_the_first in (65_504, 65_519, 65_521):
        assert not checks.check_row((3, not_the_first, total)).passed


@pytest.mark.parametrize("x", [-800.0, -3.0, 0.0, 2.0, 25.0, 300.0])
def test_the_log_sigmoid_is_a_series_where_that_converges(x):
    exact = float(checks._log_sigmoid(x))
    assert relative_error(exact, min(x, 0.0) - np.log1p(np.exp(-abs(x)))) < 4 * 2.0**-53
    if x > 20:
        rest = np.exp(-x)
        assert relative_error(exact, -rest + rest**2 / 2) < 4 * 2.0**-53


@pytest.mark.parametrize("log_sigmoid", [
    lambda x: x - np.log1p(np.exp(x)) if x < 0 else -np.log1p(np.exp(-x)),
    lambda x: x - math.log1p(math.exp(x)) if x < 0 else -math.log1p(math.exp(-x))],
    ids=["of NumPy", "of Python"])
def test_every_log_sigmoid_that_is_right_for_all_x_passes(log_sigmoid):
    for seed in (2016, 3, 4):
        assert checks.check_sigmoid(log_sigmoid, seed).passed


@pytest.mark.parametrize("log_sigmoid", [
    lambda x: -logsumexp([0.0, -x]), lambda x: -np.logaddexp(0, -x)])
def test_a_ready_log_sum_exp_is_another_road(log_sigmoid):
    for seed in (2016, 3, 4):
        assert checks.check_sigmoid(log_sigmoid, seed).verdict == "another road"


def test_a_maximum_of_its_own_passes_for_every_way_to_guard_a_row():
    def by_row(scores, values):
        result = np.zeros((len(scores), values.shape[1]))
        for row, weights in zip(result, scores, strict=True):
            if np.any(weights > -np.inf):
                terms = np.exp(weights - np.max(weights))
                row[:] = terms / np.sum(terms) @ values
        return result

    def cleaned(scores, values):
        weights = softmax(scores)
        return np.where(np.all(np.isnan(weights), axis=1, keepdims=True), 0, weights @ values)

    for seed in (2017, 3, 4):
        assert checks.check_attend(by_row, seed).passed
        assert checks.check_attend(cleaned, seed).passed


@pytest.mark.parametrize("place, classes", [(0, 2), (1, 1000)])
def test_no_logits_bring_the_loss_below_its_floor(place, classes):
    winner = np.append(1000.0, np.zeros(classes - 1))
    floors = [0.31326, 5.9085]
    floors[place] = float(cross_entropy(softmax(winner), 0))
    assert checks.check_twice(floors).passed
    rng = np.random.default_rng(classes)
    for scale in (1.0, 100.0):
        other = float(cross_entropy(softmax(scale * rng.normal(size=classes)), 0))
        assert other > floors[place] * (1 - 1e-12)


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(log_of_the_rest, 25.0)
    made, shows, power, _ = checks.READING
    amplification = 2 * np.exp(25.0)  # (1 + p) / (1 - p)
    assert shows - made == 1 and 10.0**power < amplification < 10.0 ** (power + 1)
    assert "made in the addition `1 + np.exp(-x)`" in repr(trace)
    assert "lost in the subtraction `1 - p`" in repr(trace)
    assert f"e{power} times" in repr(trace)
    p = 1 / (1 + np.exp(-25.0))
    assert relative_error(np.log1p(-p), np.log(1 - p)) < 2.0**-50  # no cure


def test_the_gap_at_300_makes_words_equal():
    choice, gap = checks.JUDGEMENT
    neighbours = formats.round_to(np.array([300.0, 300 + gap / 4, 300 + gap]), formats.BF16)
    assert choice == "Ben" and neighbours.tolist() == [300, 300, 300 + gap]


@pytest.mark.parametrize("start", [-1e9, -1e300])
def test_no_start_above_a_logit_passes_for_a_stream(start):
    def stream(z):
        m, s = start, 0.0
        for t in z:
            if t > -np.inf:
                top = max(m, t)
                m, s = top, s * np.exp(m - top) + np.exp(t - top)
        return m + np.log(s)

    assert not checks.check_stream(stream).passed


def first_of(z):
    m = next(z)
    s = 1.0
    for t in z:
        if t > -np.inf:
            top = max(m, t)
            s = math.exp(t - top) + (s * math.exp(m - top) if m > -np.inf else 0)
            m = top
    return m + math.log(s)


def lowest(z):
    m, s = np.finfo(float).min, 0.0
    for t in z:
        top = max(m, t)
        m, s = top, s * np.exp(m - top) + np.exp(t - top)
    return m + np.log(s) if s else -np.inf


@pytest.mark.parametrize("stream", [first_of, lowest])
def test_every_start_at_or_below_the_logits_passes_for_a_stream(stream):
    for seed in (2018, 3, 4):
        assert checks.check_stream(stream, seed).passed


@pytest.mark.parametrize("cut", [15, 20, 30])
def test_no_cut_on_the_left_passes_for_a_log_sigmoid(cut):
    assert not checks.check_sigmoid(lambda x: x if x < -cut else -np.log1p(np.exp(-x))).passed


@pytest.mark.parametrize("cut", [15, 20, 30, 36])
def test_no_cut_passes_for_a_log_sigmoid(cut):
    def log_sigmoid(x):
        if x > cut:
            return -np.exp(-x)
        return x if x < -cut else -np.log(1 + np.exp(-x))

    assert not checks.check_sigmoid(log_sigmoid).passed
