"""A scale changes step by step as that of PyTorch, and gradients come back as from it."""

import numpy as np
import pytest

from lib.numbers import FP16, LossScale, round_to
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, same


def follow(scaler, steps):
    """Return the scales before each step and after the last, for steps that were finite or not."""
    scales = [scaler.scale]
    for finite in steps:
        scaler = scaler.update(finite)
        scales.append(scaler.scale)
    return scales


# --- the rule ------------------------------------------------------------------------------


def test_the_scale_grows_after_the_interval_and_backs_off_at_once():
    start = LossScale(8.0, growth_interval=3)
    assert follow(start, [1, 1, 1, 1, 0, 1, 1, 1]) == [8, 8, 8, 16, 16, 8, 8, 8, 16]
    # A step that is left out begins the count anew, and so does growth.
    assert [start.update(True).update(False).streak, start.streak] == [0, 0]
    assert follow(start, [1, 1, 0, 1, 1, 1]) == [8, 8, 8, 4, 4, 4, 8]
    assert start.scale == 8  # nothing is changed in place


def test_a_static_scale_stays():
    static = LossScale(1024.0, growth_interval=None)
    assert follow(static, [True, False] * 3) == [1024] * 7
    gradient, finite = static.unscale(np.array([np.nan, 1024.0]))
    assert not finite and gradient[1] == 1


def test_a_scale_that_no_step_suits_sinks_to_zero_and_stays_there():
    scales = follow(LossScale(), [False] * 170 + [True] * 2)
    assert scales[165] == 2.0**-149 and scales[166:] == [0] * 7
    assert follow(LossScale(growth_interval=1), [True] * 200)[-1] == 2.0**127
    gradient, finite = LossScale(2.0**-128).unscale(np.array([1.0]))
    assert finite and gradient[0] == np.inf  # what was finite was the gradient as it came


def test_about_two_steps_in_two_thousand_are_left_out():
    # Gradients of at most 2**-3 overflow from a scale of 2**19 on.
    scaler, skipped = LossScale(), []
    for step in range(10_000):
        gradient = round_to(np.array([2.0**-3]) * scaler.scale, FP16)
        _, finite = scaler.unscale(gradient)
        skipped += [] if finite else [step]
        scaler = scaler.update(finite)
    assert skipped == [6000, 8001]


def test_gradients_unscaled_in_float16_underflow_again():
    gradients = 2.0 ** -np.arange(4, 44)
    scaler = LossScale(2.0**15)
    scaled = round_to(gradients * scaler.scale, FP16)
    unscaled, finite = scaler.unscale(scaled.astype(np.float32))
    assert finite and np.count_nonzero(unscaled == 0) == 4
    assert np.array_equal(unscaled[:36], gradients[:36])
    assert np.count_nonzero(round_to(scaled / scaler.scale, FP16) == 0) == 19
    with pytest.raises(TypeError, match="gradient is of float16, not float32 or float64: use"):
        scaler.unscale(scaled.astype(np.float16))


# --- PyTorch -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [(2.0, 0.5, 4), (1.5, 0.3, 3), (1.1, 0.999, 7), (2.0, 0.5, 1)])
def test_every_scale_and_streak_is_that_of_pytorch(rule, torch):
    rng = np.random.default_rng(2018)
    theirs, ours = torch.amp.GradScaler("cpu", 3.0, *rule), LossScale(3.0, *rule)
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    ends = [True] * 200 + [False] * 300  # to the largest scale in the last case, and to 0
    for finite in [*(rng.random(300) < 0.8), *ends]:
        gradient = rng.standard_normal(3).astype(np.float32)
        gradient[1] = gradient[1] if finite else rng.choice([np.inf, -np.inf, np.nan])
        before = weight.detach().numpy().copy()
        theirs.scale(torch.zeros(()))  # which makes its scale
        weight.grad = torch.from_numpy(gradient.copy())
        theirs.step(optimizer)
        theirs.update()
        unscaled, seen = ours.unscale(gradient)
        ours = ours.update(seen)
        assert seen == finite and same(weight.grad.numpy(), unscaled)
        moved = not np.array_equal(weight.detach().numpy(), before, equal_nan=True)
        assert finite or not moved
        assert (theirs.get_scale(), theirs._get_growth_tracker()) == (ours.scale, ours.streak)
        weight.data.fill_(1.0)


def test_the_defaults_are_those_of_pytorch(torch):
    theirs, ours = torch.amp.GradScaler("cpu"), LossScale()
    assert theirs.get_scale() == ours.scale and ours.streak == 0
    assert theirs.get_growth_factor() == ours.growth_factor
    assert theirs.get_backoff_factor() == ours.backoff_factor
    assert theirs.get_growth_interval() == ours.growth_interval


# --- refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments, words", [
    ({"scale": -1.0}, "scale = -1"), ({"scale": np.inf}, "scale = inf"),
    ({"scale": 1e39}, "scale = inf: it must lie between 0 and inf"),
    ({"scale": np.nan}, "scale = nan"), ({"growth_factor": 1.0}, "growth_factor = 1.0: it must"),
    ({"growth_factor": np.inf}, "growth_factor = inf"),
    ({"backoff_factor": 1.0}, "backoff_factor = 1.0: it must lie between 0 and 1"),
    ({"backoff_factor": 0.0}, "backoff_factor = 0.0"),
    ({"growth_interval": 0}, "growth_interval = 0: it must be at least 1"),
    ({"streak": -1}, "streak = -1: it must be at least 0"),
    ({"streak": 5, "growth_interval": 5}, "streak = 5: it must be below growth_interval = 5")])
def test_numbers_out_of_range_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        LossScale(**arguments)


@pytest.mark.parametrize("kind", NOT_NUMBERS)
def test_what_is_no_gradient_is_refused(kind):
    assert not answer(lambda: LossScale().unscale(NOT_NUMBERS[kind]), "gradient")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_layout_gives_the_same_gradient_in_its_dtype(layout, dtype):
    gradient = np.array([[1.0, -2.5], [1e-3, 7.0]], dtype)
    plain, other = (LossScale().unscale(x)[0] for x in (gradient, LAYOUTS[layout](gradient)))
    assert same(plain, other) and plain.dtype == dtype
    assert np.array_equal(plain, gradient / dtype(2**16))


def test_an_array_is_no_answer_to_whether_all_was_finite():
    with pytest.raises(TypeError, match="finite is a ndarray without a single truth value"):
        LossScale().update(np.array([True, False]))
    with pytest.raises(TypeError, match="gradient holds objects: use"):
        LossScale().unscale(np.array([1.0, 2.0], dtype=object))
