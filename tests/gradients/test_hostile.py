"""Hostile inputs to each function of this room: a result that is right, or a refusal."""

from itertools import chain, islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import gradients
from lib.gradients import (
    adam,
    adamw,
    batch_norm,
    gradient_descent,
    heavy_ball,
    hidden_states,
    initial_parameters,
    initial_weights,
    layer_jacobians,
    layer_norm,
    measured_rates,
    mlp,
    nesterov,
    predicted_rates,
    product_norm,
    product_singular_values,
    state_gradients,
    weight_variance,
)
from tests.gradients import test_autodiff_hostile
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, arrays, exact, floats, same, steady, vectors

EYE, ONES = np.eye(2), np.ones(2)
RNG = np.random.default_rng(7)
JACOBIANS = layer_jacobians([EYE], EYE)


def first(path):
    """Return the first two records of a descent."""
    return list(islice(path, 2))


# Every argument that a mistake may reach, beside arguments that fit.
SLOTS = {
    "batch_norm": [("z", batch_norm)], "layer_norm": [("z", layer_norm)],
    "weight_variance": [("fan_in", lambda x: weight_variance(x, 2, "he_normal")),
                        ("fan_out", lambda x: weight_variance(2, x, "he_normal")),
                        ("kind", lambda x: weight_variance(2, 2, x)),
                        ("gain", lambda x: weight_variance(2, 2, "he_normal", x))],
    "initial_weights": [("fan_in", lambda x: initial_weights(x, 2, "he_normal", RNG)),
                        ("kind", lambda x: initial_weights(2, 2, x, RNG)),
                        ("gain", lambda x: initial_weights(2, 2, "orthogonal", RNG, x)),
                        ("rng", lambda x: initial_weights(2, 2, "he_normal", x))],
    "initial_parameters": [
        ("widths|fan_in", lambda x: initial_parameters(x, "he_normal", RNG)),
        ("kind", lambda x: initial_parameters([2, 2], x, RNG)),
        ("rng", lambda x: initial_parameters([2, 2], "he_normal", x))],
    "product_singular_values": [("jacobians", product_singular_values)],
    "product_norm": [("jacobians", lambda x: product_norm(x, RNG)),
                     ("rng", lambda x: product_norm(JACOBIANS, x)),
                     ("steps", lambda x: product_norm(JACOBIANS, RNG, x))],
    "state_gradients": [("jacobians", lambda x: state_gradients(x, EYE)),
                        ("gradient", lambda x: state_gradients(JACOBIANS, x))],
    "measured_rates": [("parameters", lambda x: measured_rates(x, EYE, RNG)),
                       ("parameters", lambda x: measured_rates([x], EYE, RNG)),
                       ("x", lambda x: measured_rates([EYE], x, RNG)),
                       ("rng", lambda x: measured_rates([EYE], EYE, x))],
    "predicted_rates": [("kind", lambda x: predicted_rates(x, "relu", 2)),
                        ("activation", lambda x: predicted_rates("he_normal", x, 2)),
                        ("depth", lambda x: predicted_rates("he_normal", "relu", x)),
                        ("gain", lambda x: predicted_rates("he_normal", "relu", 2, x))],
} | {f.__name__: [
        ("parameters", lambda x, f=f: f(x, EYE)), ("parameters", lambda x, f=f: f([x], EYE)),
        ("parameters", lambda x, f=f: f([EYE, x], EYE)), ("x", lambda x, f=f: f([EYE, EYE], x)),
        ("activation", lambda x, f=f: f([EYE, EYE], EYE, x)),
        ("normalisation", lambda x, f=f: f([EYE, EYE], EYE, "relu", x)),
        ("branch", lambda x, f=f: f([EYE, EYE], EYE, "relu", None, x)),
    ] for f in (hidden_states, mlp, layer_jacobians)
} | {f.__name__: [
        ("x", lambda x, f=f: first(f(np.negative, x, 0.1))),
        ("x", lambda x, f=f: first(f(lambda parts: parts, [ONES, x], 0.1))),
        ("step", lambda x, f=f: first(f(np.negative, ONES, x))),
        ("gradient", lambda x, f=f: first(f(lambda _: x, ONES, 0.1))),
        ("decay", lambda x, f=f: first(f(np.negative, ONES, 0.1, decay=x))),
    ] for f in (gradient_descent, heavy_ball, nesterov, adam, adamw)}
SLOTS["heavy_ball"] += [("momentum", lambda x: first(heavy_ball(np.negative, ONES, 0.1, x)))]
SLOTS["nesterov"] += [("momentum", lambda x: first(nesterov(np.negative, ONES, 0.1, x)))]
SLOTS["adam"] += [("betas", lambda x: first(adam(np.negative, ONES, 0.1, x))),
                  ("betas", lambda x: first(adam(np.negative, ONES, 0.1, (0.9, x)))),
                  ("eps", lambda x: first(adam(np.negative, ONES, 0.1, eps=x))),
                  ("penalty", lambda x: first(adam(np.negative, ONES, 0.1, penalty=x)))]
CALLS = [(name, argument, call) for name, slots in SLOTS.items() for argument, call in slots]
ACCEPTED = {("normalisation", "None"), ("branch", "None"), ("step", "function")}


def test_no_function_of_the_door_is_left_out():
    programs = set(test_autodiff_hostile.SLOTS) | test_autodiff_hostile.NO_ARRAYS
    assert set(gradients.__all__) == set(SLOTS) | programs | {"LayerJacobian", "Rates", "Step"}


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        found = answer(lambda x=x: call(x), *argument.split("|"))
        assert len(found) == ((argument, kind) in ACCEPTED), kind


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("descent", [gradient_descent, heavy_ball, nesterov, adam, adamw])
def test_the_layout_of_memory_and_the_byte_order_change_no_bit(layout, descent):
    x = np.random.default_rng(3).standard_normal(7)
    paths = [[record.x for record in islice(descent(np.sinh, start, 0.1), 9)]
             for start in (x, LAYOUTS[layout](x))]
    assert all(map(same, *paths))


DTYPES = st.sampled_from([np.float64, np.float32])
NUMBERS = st.one_of(floats(), st.sampled_from([0.0, 0.5, 0.9, 1.0, 1e-3]))


@steady
@given(DTYPES.flatmap(lambda t: st.tuples(vectors(t), vectors(t))), NUMBERS, NUMBERS, NUMBERS)
def test_a_descent_goes_on_in_finite_numbers_or_says_where_it_stopped(start, step, share, decay):
    x, curvatures = start
    for descent, more in ((gradient_descent, {}), (heavy_ball, {"momentum": share}),
                          (nesterov, {"momentum": share}), (adam, {"betas": (share, 0.999)}),
                          (adam, {"eps": abs(share)}), (adamw, {})):
        records = answer(lambda f=descent, m=more: list(islice(
            f(lambda x: np.resize(curvatures, x.shape) * x, x, step, decay=decay, **m), 6)),
            "x", "step", "share", "momentum", "betas", "eps", "decay", "gradient")
        for record in chain(*records):
            assert np.isfinite(record.x).all() and record.x.dtype == x.dtype
            assert record.gradient_norm >= 0


@steady
@given(DTYPES.flatmap(lambda t: st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: arrays(shape, t))))
def test_what_is_normalised_is_no_longer_than_its_number_of_parts(z):
    for normalise, axis in ((batch_norm, 0), (layer_norm, 1)):
        for y in answer(lambda f=normalise: f(z), "z"):
            squares = np.sum(y.astype(float) ** 2, axis=axis)
            # The exact value has sum of squares m v / (v + EPS); each part carries some roundings.
            assert y.dtype == z.dtype and np.isfinite(y).all()
            assert np.all(squares <= z.shape[axis] * (1 + 20 * np.finfo(z.dtype).eps))


@steady
@given(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)).flatmap(
    lambda n: st.tuples(arrays(n[:2]), arrays(n[1:]), arrays(n[2:]))))
def test_an_output_is_the_sum_of_its_products_or_a_refusal(problem):
    x, W, b = problem
    for found in answer(lambda: mlp([W, b], x), "x", "parameters"):
        for i, j in np.ndindex(found.shape):
            terms = [exact(x[i, k]) * exact(W[k, j]) for k in range(len(W))] + [exact(b[j])]
            # A product may be subnormal, and lose up to half of the smallest number.
            bound = 4 * sum(map(abs, terms)) / 2**53 + exact(5e-324) * len(terms)
            assert abs(exact(found[i, j]) - sum(terms)) <= bound


def size(jacobian):
    """Return a bound on what a layer makes of numbers up to 1, and on what it subtracts."""
    with np.errstate(all="ignore"):
        change = np.max(jacobian.slopes) * np.sum(np.abs(jacobian.weights))
        if jacobian.deviation is not None:
            change = 9 * change / np.min(jacobian.deviation)
        return change if jacobian.branch is None else 1 + abs(jacobian.branch) * change


@settings(steady, max_examples=40)  # decompositions take milliseconds each
@given(st.integers(1, 3).flatmap(lambda n: st.tuples(arrays((2, n)), arrays((n, n)))),
       st.sampled_from(["linear", "relu", "tanh", "sigmoid"]),
       st.sampled_from([None, "batch", "layer"]), st.one_of(st.none(), NUMBERS))
def test_jacobians_have_a_norm_and_rates_or_are_refused(problem, activation, normalisation, branch):
    (x, W), kind = problem, (activation, normalisation, branch)
    words = "x", "parameters", "z", "branch", "Jacobians", "R"
    for js in answer(lambda: layer_jacobians([W, W], x, *kind), *words):
        for s in answer(lambda js=js: product_singular_values(js), *words):
            assert np.isfinite(s[-1]).all() and np.all(np.diff(s[-1]) <= 0)
            for found in answer(lambda js=js: product_norm(js, np.random.default_rng(3)), *words):
                rounding = 1e-12 * float(size(js[0])) * float(size(js[1]))
                assert found <= float(s[-1][0]) * (1 + 1e-12) + rounding + 1e-300
    for rates in answer(lambda: measured_rates([W, W], x, RNG, *kind), *words):
        assert 0 < rates.forward < np.inf and 0 < rates.backward < np.inf


@steady
@given(st.integers(1, 60), NUMBERS)
def test_a_prediction_is_positive_or_a_refusal(depth, gain):
    for activation in ("linear", "relu", "tanh", "sigmoid"):
        for rates in answer(lambda a=activation: predicted_rates("he_normal", a, depth, gain),
                            "gain", "depth"):
            assert 0 < rates.forward < np.inf and 0 < rates.backward < np.inf
