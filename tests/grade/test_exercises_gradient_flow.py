"""The references of the chapter's checks are those of the mathematics, found another way."""

import numpy as np

from lib import gradients
from lib.grade.exercises import gradient_flow as flow


def test_the_default_loses_what_the_reading_says_and_its_weights_need_that_factor():
    wide = gradients.predicted_rates("torch_default", "relu", 8).backward
    mended = gradients.predicted_rates("torch_default", "relu", 8, gain=flow.READING[3]).backward
    assert abs(wide - flow.READING[2]) < 1e-12
    assert abs(mended - 1) < 1e-12


def test_thirty_layers_of_the_judge_leave_what_was_measured():
    g = np.ones((1, 2))
    jacobians = gradients.layer_jacobians(30 * [flow.JUDGEMENT[1] * np.eye(2)], g, "linear")
    left = gradients.state_gradients(jacobians, g)[0] / g
    assert np.max(np.abs(left - 0.86)) < 1e-12


def test_leaky_layers_of_the_reference_keep_mean_squares():
    # The standard error of a mean of 400 000 squares is at most sqrt(5 / 400 000) = 0.4 %.
    z = np.random.default_rng(2015).normal(size=400_000)
    for slope in (-0.5, 0.0, 0.3, 1.0, 5**0.5):
        n = 7
        behind = np.where(z > 0, z, slope * z) * np.sqrt(n) * flow._std(n, slope)
        assert abs(np.mean(behind**2) - 1) < 0.02


def test_typical_gradients_are_those_of_matrices():
    rng = np.random.default_rng(2020)
    found = []
    for _ in range(400):
        g = np.ones(4) / 2
        for _ in range(20):
            g = rng.normal(size=(4, 4)) @ g / 2
        found.append(np.linalg.norm(g))
    # The logarithm has a deviation of about sqrt(20 / 8) = 1.6, its median an error of 0.1 for 400.
    assert abs(np.log(np.median(found) / flow.typical(4, 20))) < 0.4


def test_bounds_of_the_forecasts_are_met():
    linear = gradients.predicted_rates("torch_default", "linear", 20).backward ** 20
    first = gradients.predicted_rates("glorot_normal", "relu", 10).backward ** 10
    then = gradients.predicted_rates("he_normal", "relu", 10, gain=2.0).backward ** 10
    push = np.eye(2)
    for _ in range(25):
        push = push + 0.02 * push
    assert flow.check_growths((linear, first * then, push[0, 0])).passed


def test_the_two_numbers_tell_orthogonal_tanh_from_he():
    growth, alike = flow._two_numbers("orthogonal", "tanh", 1.2)
    assert 0.2 < growth < 5 and alike < 0.1
    growth, alike = flow._two_numbers("he_normal", "relu", 1.0)
    assert 0.05 < growth < 20 and alike > 0.9


def test_weights_that_overflow_have_learned_nothing():
    assert flow._share_right("he_normal", "relu", 1e9) == 0.0


def test_sound_numbers_are_no_promise(monkeypatch):
    # Whether such a design passes 0.9 is chance: the same one has 0.80, 0.88 and 0.91 on the
    # kernels of three processors. So the share is set here, and the two numbers are computed.
    monkeypatch.setattr(flow, "_share_right", lambda *_: 0.7)
    report = flow.check_design(("glorot_normal", "tanh", 1.15))
    assert report.verdict == "wrong" and "which is no promise" in report.note
