"""Initial weights are what their names say, and layers compute what is written down."""

import math
from itertools import pairwise

import numpy as np
import pytest

from lib.gradients import (
    batch_norm,
    hidden_states,
    initial_parameters,
    initial_weights,
    layer_norm,
    mlp,
    weight_variance,
)
from lib.gradients.network import ACTIVATIONS, EPS, VARIANCES
from lib.linear import householder_qr
from tests.gradients.recorded import Tangent

U = 2.0**-53
RANDOM = [kind for kind in VARIANCES if kind != "orthogonal"]
NORMALS = {"batch": batch_norm, "layer": layer_norm}


def rng(seed=7):
    """Return a source of random numbers."""
    return np.random.default_rng(seed)


def spread(kind, count):
    """Return the standard deviation of a measured variance, relative to the variance.

    That is sqrt((kurtosis - 1) / count); the kurtosis is 3 for normal, 9 / 5 for uniform numbers.
    """
    return math.sqrt((0.8 if kind in ("glorot_uniform", "torch_default") else 2) / count)


# Initial weights.


@pytest.mark.parametrize("kind", RANDOM)
@pytest.mark.parametrize("fans", [(64, 256), (256, 64)])
def test_weights_have_the_variance_of_their_kind_and_mean_zero(kind, fans):
    W = initial_weights(*fans, kind, rng(), gain=1.5)
    variance = 2.25 * {"glorot_uniform": 2 / sum(fans), "glorot_normal": 2 / sum(fans),
                       "he_normal": 2 / fans[0], "lecun_normal": 1 / fans[0],
                       "torch_default": 1 / (3 * fans[0])}[kind]
    assert W.shape == fans and W.dtype == float
    assert weight_variance(*fans, kind, 1.5) == pytest.approx(variance, rel=4 * U, abs=0)
    # Five standard deviations, or about one failure in two million seeds.
    assert abs(np.mean(W**2) / variance - 1) <= 5 * spread(kind, W.size)
    assert abs(np.mean(W)) <= 5 * math.sqrt(variance / W.size)


def test_no_kind_passes_for_another():
    # The tolerance above is 5.5 %; the nearest two kinds differ by 20 % in their variance.
    variances = sorted({weight_variance(64, 256, kind) for kind in RANDOM})
    assert min(np.diff(np.log(variances))) > 2 * 5 * spread("he_normal", 64 * 256)


@pytest.mark.parametrize("kind, bound", [("torch_default", 1 / 8), ("glorot_uniform",
                                                                   math.sqrt(6 / 320))])
def test_uniform_weights_fill_their_interval(kind, bound):
    W = initial_weights(64, 256, kind, rng())
    # All of 16384 numbers miss the outer thousandth once in 1e7 times.
    assert 0.999 * bound < np.abs(W).max() <= bound * (1 + 4 * U)
    assert np.abs(initial_weights(64, 256, "he_normal", rng())).max() > bound


def test_the_default_of_torch_is_a_sixth_of_he_and_its_bound_is_not_its_deviation():
    assert weight_variance(512, 512, "torch_default") * 6 == weight_variance(512, 512, "he_normal")
    assert math.sqrt(weight_variance(512, 512, "torch_default")) == pytest.approx(0.0255, abs=5e-5)


@pytest.mark.parametrize("kind, name", [
    ("glorot_uniform", "xavier_uniform_"), ("glorot_normal", "xavier_normal_"),
    ("he_normal", "kaiming_normal_"), ("torch_default", None)])
def test_torch_draws_weights_of_the_same_variance(torch, kind, name):
    torch.manual_seed(7)
    layer = torch.nn.Linear(64, 256, dtype=torch.float64)
    if name:
        getattr(torch.nn.init, name)(layer.weight)
    W, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    assert abs(np.mean(W**2) / weight_variance(64, 256, kind) - 1) <= 5 * spread(kind, W.size)
    ours = initial_parameters([64, 256], "torch_default", rng())[1]
    assert np.abs(b).max() <= 1 / 8 and np.abs(ours).max() <= 1 / 8
    for biases in (b, ours):
        assert abs(np.mean(biases**2) * 3 * 64 - 1) <= 5 * spread("torch_default", 256)


@pytest.mark.parametrize("fans", [(30, 30), (64, 20), (20, 64), (1, 5)])
def test_orthogonal_weights_have_singular_values_equal_to_their_gain(fans):
    W = initial_weights(*fans, "orthogonal", rng(), gain=3.0)
    s = np.linalg.svd(W, compute_uv=False)
    assert W.shape == fans and np.abs(s / 3 - 1).max() <= 10 * math.sqrt(W.size) * U
    assert weight_variance(*fans, "orthogonal", 3.0) == pytest.approx(np.mean(W**2), rel=1e-12,
                                                                     abs=0)


def test_orthogonal_weights_prefer_no_sign_and_the_raw_factor_does():
    generator = rng()
    ours = [initial_weights(3, 3, "orthogonal", generator)[0, 0] for _ in range(400)]
    raw = [householder_qr(generator.standard_normal((3, 3)))[0][0, 0] for _ in range(400)]
    # An entry of a uniform orthogonal matrix of order 3 has the variance 1/3.
    bound = 5 * math.sqrt(1 / 3 / 400)
    assert abs(np.mean(ours)) <= bound < abs(np.mean(raw))


def test_parameters_are_a_flat_list():
    shapes = [(5, 4), (4,), (4, 3), (3,)]
    for kind in VARIANCES:
        parameters = initial_parameters([5, 4, 3], kind, rng())
        assert [part.shape for part in parameters] == shapes
        assert any(map(np.any, parameters[1::2])) == (kind == "torch_default")
        bare = initial_parameters((5, 4, 3), kind, rng(), biases=False)
        assert [part.shape for part in bare] == shapes[::2]
        assert np.array_equal(bare[0], parameters[0])


@pytest.mark.parametrize("change, error, said", [
    ({"kind": "xavier"}, ValueError, "no kind 'xavier' of initial weights: choose glorot_uniform"),
    ({"kind": None}, ValueError, "no kind None"),
    ({"gain": 0.0}, ValueError, "gain = 0.0: weights are scaled by"),
    ({"gain": math.nan}, ValueError, "gain = nan"), ({"gain": 1e200}, ValueError, "moderate size"),
    ({"rng": 7}, TypeError, r"rng = 7 is not a generator.*default_rng"),
    ({"widths": [5]}, TypeError, r"widths = \[5\]: give a list of two"),
    ({"widths": [5, 0]}, ValueError, "fan_out = 0: it must be at least 1"),
    ({"widths": [5, 2.0]}, TypeError, r"fan_out = 2.0 is not an integer")])
def test_what_cannot_be_drawn_is_refused(change, error, said):
    with pytest.raises(error, match=said):
        initial_parameters(**({"widths": [3, 2], "kind": "he_normal", "rng": rng()} | change))


# Normalisation.


@pytest.mark.parametrize("name", NORMALS)
def test_what_is_normalised_has_mean_zero_and_variance_one(name):
    axis = 0 if name == "batch" else 1
    z = rng().standard_normal((40, 30)) * np.geomspace(1e-3, 1e3, 30) + 5
    y = NORMALS[name](z)
    variance = np.var(z, axis=axis)
    # The errors are those of z, of size u max(z), divided by the deviation.
    error = 20 * U * np.abs(z).max(axis=axis) / np.sqrt(variance + EPS)
    assert np.all(np.abs(np.mean(y, axis=axis)) <= error)
    assert np.all(np.abs(np.mean(y**2, axis=axis) - variance / (variance + EPS)) <= 10 * error)


@pytest.mark.parametrize("name", NORMALS)
def test_float32_is_normalised_in_float64(name):
    columns = (rng().standard_normal((30000, 3)) + 1000).astype(np.float32)
    z = columns if name == "batch" else np.ascontiguousarray(columns.T)
    y, wide = NORMALS[name](z), NORMALS[name](z.astype(float))
    assert y.dtype == np.float32
    assert np.all(np.abs(y - wide) <= 2.0**-24 * np.abs(wide))
    # NumPy adds row after row, in float32.
    naive = (columns - np.mean(columns, axis=0)) / np.std(columns, axis=0)
    assert np.abs(naive - (wide if name == "batch" else wide.T)).max() > 1e-3


@pytest.mark.parametrize("name", NORMALS)
def test_torch_normalises_to_the_same(torch, name):
    z = rng().standard_normal((6, 5))
    layer = (torch.nn.BatchNorm1d(5, affine=False, dtype=torch.float64) if name == "batch" else
             torch.nn.LayerNorm(5, elementwise_affine=False, dtype=torch.float64))
    wanted = layer(torch.tensor(z)).numpy()
    assert np.abs(NORMALS[name](z) - wanted).max() <= 50 * U


@pytest.mark.parametrize("name, shape", [("batch", (1, 4)), ("layer", (4, 1))])
def test_a_single_number_is_not_normalised(name, shape):
    with pytest.raises(ValueError, match=f"{name} normalisation makes 0 of a single number; it"):
        NORMALS[name](np.ones(shape))
    with pytest.raises(ValueError, match=f"{name} normalisation makes 0"):
        hidden_states([np.ones((4, shape[1]))], np.ones((shape[0], 4)), normalisation=name)


def test_squares_that_overflow_are_told():
    # A deviation of inf would make zeros of everything.
    with pytest.raises(OverflowError, match="the deviation of z left the range"):
        batch_norm(np.array([[1e200], [-1e200]]))
    # Of float32, no square overflows in float64.
    assert batch_norm(np.array([[1e30], [-1e30]], np.float32)).tolist() == [[1], [-1]]


# Layers and networks.


def test_linear_layers_are_products_and_biases_are_added():
    A, B = rng().standard_normal((5, 4)), rng(8).standard_normal((4, 3))
    b, x = np.arange(4.0), rng(9).standard_normal((6, 5))
    states = hidden_states([A, b, B], x, "linear")
    assert [h.shape for h in states] == [(6, 5), (6, 4), (6, 3)] and states[0] is x
    assert np.abs(states[-1] - (x @ A + b) @ B).max() == 0
    assert np.array_equal(mlp([A, b, B], x, "linear"), states[-1])


def test_the_output_is_neither_activated_nor_normalised_nor_residual():
    parameters = initial_parameters([4, 4, 4], "he_normal", rng())
    x = rng(8).standard_normal((3, 4))
    h = hidden_states(parameters[:2], x, "relu", "layer", 0.5)[-1]
    assert np.array_equal(mlp(parameters, x, "relu", "layer", 0.5), h @ parameters[2])


def test_a_branch_is_added_where_the_width_stays():
    parameters = initial_parameters([4, 4, 3, 3], "he_normal", rng(), biases=False)
    x = rng(8).standard_normal((2, 4))
    states = hidden_states(parameters, x, "tanh", branch=0.25)
    first = np.tanh(x @ parameters[0])
    assert np.array_equal(states[1], x + 0.25 * first)
    assert np.array_equal(states[2], np.tanh(states[1] @ parameters[1]))
    assert states[3].shape == (2, 3)
    assert np.array_equal(hidden_states(parameters[:1], x, branch=0)[-1], x)


def test_relu_without_biases_is_positively_homogeneous():
    # Powers of two change no rounding, so the identity is exact.
    parameters = initial_parameters([8] * 6, "torch_default", rng(), biases=False)
    x = rng(8).standard_normal((4, 8))
    scaled = [W * 2.0**k for k, W in zip((3, -1, 0, 5, -2), parameters, strict=True)]
    assert np.array_equal(mlp(scaled, x), 32 * mlp(parameters, x))
    biased = initial_parameters([8] * 6, "torch_default", rng())
    assert not np.array_equal(mlp([2 * part for part in biased], x), 32 * mlp(biased, x))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("normalisation", [None, "batch", "layer"])
def test_torch_computes_the_same_network(torch, activation, normalisation):
    widths = [7, 6, 5, 3]
    parameters = initial_parameters(widths, "torch_default", rng())
    x = rng(8).standard_normal((9, 7))
    h = torch.tensor(x)
    for k, (fan_in, fan_out) in enumerate(pairwise(widths)):
        layer = torch.nn.Linear(fan_in, fan_out, dtype=torch.float64)
        layer.weight.data = torch.tensor(parameters[2 * k].T)
        layer.bias.data = torch.tensor(parameters[2 * k + 1])
        h = layer(h)
        if k == 2:
            break
        if normalisation == "batch":
            h = torch.nn.BatchNorm1d(fan_out, affine=False, dtype=torch.float64)(h)
        elif normalisation == "layer":
            h = torch.nn.LayerNorm(fan_out, elementwise_affine=False, dtype=torch.float64)(h)
        h = getattr(torch, activation)(h)
    # Three layers of 7 numbers of order 1; a small deviation enlarges what was rounded before.
    assert np.abs(mlp(parameters, x, activation, normalisation) - h.detach().numpy()).max() <= (
        500 * U)


def test_a_saturated_sigmoid_does_not_overflow():
    x = np.array([[0.0], [2.0], [800.0], [-800.0]])
    found = hidden_states([np.ones((1, 1))], x, "sigmoid")[-1][:, 0]
    assert np.abs(found - [0.5, 1 / (1 + math.exp(-2)), 1, 0]).max() <= 2 * U


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("normalisation, branch", [(None, None), ("batch", None), ("layer", 0.5)])
def test_it_runs_on_values_of_a_tape(activation, normalisation, branch):
    parameters = initial_parameters([4, 4, 4, 2], "he_normal", rng())
    x = rng(8).standard_normal((5, 4))
    recorded = [Tangent(part, np.ones_like(part)) for part in parameters]
    wanted = mlp(parameters, x, activation, normalisation, branch)
    found = mlp(recorded, x, activation, normalisation, branch)
    assert isinstance(found, Tangent) and np.array_equal(found.value, wanted)
    of_input = mlp(parameters, Tangent(x, x), activation, normalisation, branch)
    assert np.array_equal(of_input.value, wanted)
    # The derivative by all parameters at once, against a central difference: its error is of the
    # order h**2 and u / h.
    h = 1e-5
    ahead, behind = (mlp([part + sign * h for part in parameters], x, activation, normalisation,
                         branch) for sign in (1, -1))
    assert np.abs(found.tangent - (ahead - behind) / (2 * h)).max() <= 1e-6


def test_float32_stays_and_is_not_mixed():
    parameters = [part.astype(np.float32) for part in
                  initial_parameters([4, 4, 2], "he_normal", rng())]
    x = np.ones((3, 4), np.float32)
    for kind in ((), ("tanh", "layer"), ("sigmoid", None, 0.5)):
        assert mlp(parameters, x, *kind).dtype == np.float32
    with pytest.raises(TypeError, match="parameters and x are of float32 and of float64: convert"):
        mlp(parameters, x.astype(float))


def test_networks_that_explode_are_told():
    parameters = [np.full((2, 2), 1e200)] * 3
    with pytest.raises(OverflowError, match="layer 1 of these parameters left the range"):
        hidden_states(parameters, np.ones((1, 2)))
    with pytest.raises(OverflowError, match="the output of these parameters left the range"):
        mlp(parameters[:2], np.ones((1, 2)))
    # tanh of a number beyond the range is 1 all the same.
    assert hidden_states(parameters, np.full((1, 2), 1e200), "tanh")[-1].tolist() == [[1, 1]]


@pytest.mark.parametrize("change, error, said", [
    ({"activation": "gelu"}, ValueError, "no activation 'gelu': choose linear, relu, sigmoid"),
    ({"activation": np.array(["relu"])}, ValueError, "no activation"),
    ({"normalisation": "group"}, ValueError, "no normalisation 'group': choose batch, layer or"),
    ({"normalisation": ["batch"]}, ValueError, "no normalisation"),
    ({"branch": math.inf}, ValueError, "branch = inf: the scale of a branch is finite"),
    ({"branch": "1"}, TypeError, "branch is of"),
    ({"x": np.ones(2)}, ValueError, r"x has shape \(2,\), not \(samples, width\): use x\[None\]"),
    ({"x": np.ones((1, 3))}, ValueError, r"matrix 0 of parameters has shape \(2, 2\), but gets 3"),
    ({"parameters": [np.eye(2), np.ones((3, 1))]}, ValueError, "matrix 1 of parameters"),
    ({"x": [[1.0, math.nan]]}, ValueError, r"x\[0, 1\] is nan"),
    ({"x": np.ones((1, 2)) * 1j}, TypeError, "x is complex")])
def test_layers_that_do_not_fit_are_refused(change, error, said):
    arguments = {"parameters": [np.eye(2), np.ones((2, 1))], "x": np.ones((1, 2))} | change
    for function in (hidden_states, mlp):
        with pytest.raises(error, match=said):
            function(**arguments)
