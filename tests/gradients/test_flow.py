"""Jacobians are exact, their products keep small singular values, and rates are as predicted."""

import math

import mpmath
import numpy as np
import pytest

from lib.gradients import (
    Rates,
    hidden_states,
    initial_parameters,
    layer_jacobians,
    measured_rates,
    predicted_rates,
    product_norm,
    product_singular_values,
    state_gradients,
)
from lib.gradients.network import ACTIVATIONS
from tests.gradients.recorded import Tangent

U = 2.0**-53
KINDS = [(activation, normalisation, branch) for activation in ACTIVATIONS
         for normalisation in (None, "batch", "layer") for branch in (None, 0.5)]


def rng(seed=7):
    """Return a source of random numbers."""
    return np.random.default_rng(seed)


def network(kind, n, depth, gain=1.0, seed=3, samples=1, biases=False):
    """Return parameters of layers of one width, and samples."""
    generator = rng(seed)
    parameters = initial_parameters([n] * (depth + 1), kind, generator, gain, biases)
    return parameters, generator.standard_normal((samples, n))


# Jacobians.


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_jacobians_are_the_derivatives_that_operations_carry_along(kind):
    generator = rng()
    parameters = initial_parameters([6, 6, 4, 4], "he_normal", generator)
    x, tangent = generator.standard_normal((2, 5, 6))
    recorded = hidden_states(parameters, Tangent(x, tangent), *kind)
    jacobians = layer_jacobians(parameters, x, *kind)
    assert len(jacobians) == 3
    for h, before, jacobian in zip(recorded[1:], recorded, jacobians, strict=False):
        found = jacobian.forward(before.tangent)
        # Some 20 roundings of numbers of this size; small deviations are in it.
        bound = 100 * U * max(np.abs(before.tangent).max(), np.abs(found).max())
        assert np.abs(found - h.tangent).max() <= bound
        flat = jacobian.matrix @ before.tangent.ravel()
        assert np.abs(flat - found.ravel()).max() <= bound


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_backward_is_the_transpose_of_forward(kind):
    generator = rng()
    parameters = initial_parameters([6, 6, 4], "he_normal", generator)
    jacobians = layer_jacobians(parameters, generator.standard_normal((5, 6)), *kind)
    for jacobian, fan_out in zip(jacobians, (6, 4), strict=True):
        tangent = generator.standard_normal((5, 6))
        gradient = generator.standard_normal((5, fan_out))
        products = gradient * jacobian.forward(tangent), jacobian.backward(gradient) * tangent
        size = sum(np.sum(np.abs(product)) for product in products)
        assert abs(np.sum(products[0]) - np.sum(products[1])) <= 50 * U * size


def test_a_matrix_of_a_batch_couples_samples_only_through_batch_normalisation():
    parameters, x = network("he_normal", 3, 1, samples=4)
    off = ~np.kron(np.eye(4, dtype=bool), np.ones((3, 3), dtype=bool))
    for normalisation, coupled in ((None, False), ("layer", False), ("batch", True)):
        matrix = layer_jacobians(parameters, x, "tanh", normalisation)[0].matrix
        assert matrix.shape == (12, 12) and bool(np.any(matrix[off] != 0)) == coupled


def test_a_normalised_layer_has_no_slope_along_what_it_takes_away():
    # Adding a constant changes nothing; scaling does, by EPS over the variance only.
    parameters, x = [np.eye(6)], 1e3 * rng().standard_normal((1, 6))
    jacobian = layer_jacobians(parameters, x, "linear", "layer")[0]
    largest = np.abs(jacobian.matrix).max()
    assert np.abs(jacobian.forward(np.ones((1, 6)))).max() <= 10 * U * largest
    assert np.abs(jacobian.forward(x)).max() <= 1e-10


def test_slopes_of_saturated_units_keep_their_digits():
    x = np.array([[0.0, 1.0, -9.0, 18.0, 200.0, -800.0]])
    for activation, half in (("tanh", 1), ("sigmoid", 2)):
        slopes = layer_jacobians([np.eye(6)], x, activation)[0].slopes[0]
        with mpmath.workdps(60):
            wanted = [float((1 / mpmath.cosh(mpmath.mpf(z) / half) / half) ** 2) for z in x[0]]
        # cosh of NumPy is right to a few u; what is below the range is 0.
        assert np.abs(slopes - wanted).max() <= 20 * U and slopes[0] == wanted[0]
        assert np.all(np.abs(slopes - wanted) <= 20 * U * np.array(wanted))
    difference = 1 - np.tanh(x[0, 3]) ** 2
    assert abs(difference / float(mpmath.sech(18) ** 2) - 1) > 0.04


def test_relu_is_off_at_0():
    slopes = layer_jacobians([np.eye(3)], np.array([[-1.0, 0.0, 1.0]]))[0].slopes
    assert slopes.tolist() == [[0, 0, 1]]


def test_jacobians_of_float32_are_computed_in_float64():
    parameters, x = network("he_normal", 6, 3, samples=2)
    small, y = [W.astype(np.float32) for W in parameters], x.astype(np.float32)
    found = layer_jacobians(small, y, "tanh")
    wanted = layer_jacobians([W.astype(float) for W in small], y.astype(float), "tanh")
    assert all(np.array_equal(a.matrix, b.matrix) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", [("relu", None, None), ("tanh", "batch", None),
                                  ("sigmoid", "layer", 0.5)], ids=str)
def test_gradients_are_those_of_torch(torch, kind):
    activation, normalisation, branch = kind
    parameters, x = network("he_normal", 6, 4, samples=5, biases=True)
    gradient = rng().standard_normal((5, 6))
    h = start = torch.tensor(x, requires_grad=True)
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = h @ torch.tensor(W) + torch.tensor(b)
        if normalisation == "batch":
            z = torch.nn.functional.batch_norm(z, None, None, training=True)
        elif normalisation == "layer":
            z = torch.nn.functional.layer_norm(z, (6,))
        a = getattr(torch, activation)(z)
        h = a if branch is None else h + branch * a
    (h * torch.tensor(gradient)).sum().backward()
    found = state_gradients(layer_jacobians(parameters, x, *kind), gradient)
    assert len(found) == 5 and np.array_equal(found[-1], gradient)
    wanted = start.grad.numpy()
    assert np.abs(found[0] - wanted).max() <= 1000 * U * np.abs(wanted).max()


def test_without_biases_all_relu_layers_have_one_inner_product_of_weights_and_gradient():
    # Euler's identity: <W, dL/dW> of a layer is <h, dL/dh> of what it makes.
    parameters, x = network("he_normal", 8, 6, samples=5)
    scaled = [s * W for s, W in zip((2, 0.3, 5, 2, 1, 1), parameters, strict=True)]
    with_biases, _ = network("torch_default", 8, 6, samples=5, biases=True)
    spread = []
    for flat, activation in ((scaled, "relu"), (with_biases, "relu"), (scaled, "tanh")):
        states = hidden_states(flat, x, activation)
        gradients = state_gradients(layer_jacobians(flat, x, activation), np.ones((5, 8)))
        products = [np.sum(h * g) for h, g in zip(states, gradients, strict=True)]
        spread.append(np.ptp(products) / np.abs(products).max())
    # Sums of 40 numbers without much cancellation, after six layers.
    assert spread[0] <= 1000 * U and min(spread[1:]) > 0.1


# Singular values of products.


def exact_singular_values(jacobians):
    """Return the singular values of the product in 150 digits, rounded."""
    with mpmath.workdps(150):
        product = mpmath.matrix(jacobians[0].matrix.tolist())
        for jacobian in jacobians[1:]:
            product = mpmath.matrix(jacobian.matrix.tolist()) * product
        values = mpmath.svd_r(product, compute_uv=False)
        return np.array(sorted(map(float, values), reverse=True))


@pytest.mark.parametrize("depth", [1, 30, 60])
@pytest.mark.parametrize("activation", ["linear", "tanh"])
def test_the_smallest_singular_value_of_a_product_has_its_digits(depth, activation):
    parameters, x = network("lecun_normal", 6, depth)
    jacobians = layer_jacobians(parameters, x, activation)
    found, wanted = product_singular_values(jacobians), exact_singular_values(jacobians)
    assert [len(s) for s in found] == [6] * depth
    kappa = max(np.linalg.cond(jacobian.matrix) for jacobian in jacobians)
    bound = 100 * depth * U * kappa  # as the docstring says
    assert np.all(np.abs(found[-1] - wanted) <= bound * wanted) and bound < 1e-7
    if depth == 60:  # the product itself has lost them
        product = np.linalg.multi_dot([jacobian.matrix for jacobian in reversed(jacobians)])
        naive = np.linalg.svd(product, compute_uv=False)
        assert wanted[-1] < 1e-30 * wanted[0] and naive[-1] > 100 * wanted[-1]


def test_earlier_depths_are_those_of_shorter_products():
    parameters, x = network("he_normal", 5, 4)
    jacobians = layer_jacobians(parameters, x, "tanh")
    found = product_singular_values(jacobians)
    for depth in range(1, 5):
        wanted = exact_singular_values(jacobians[:depth])
        assert np.abs(found[depth - 1] - wanted).max() <= 1e-12 * wanted[0]


def test_widths_may_change_and_the_least_one_counts():
    parameters = initial_parameters([6, 4, 5, 3, 7], "he_normal", rng(), biases=False)
    jacobians = layer_jacobians(parameters, rng(8).standard_normal((1, 6)), "tanh")
    found = product_singular_values(jacobians)
    assert [len(s) for s in found] == [4, 4, 3, 3]
    wanted = exact_singular_values(jacobians)  # the first may have zeros behind them
    assert np.abs(found[-1] - wanted[:3]).max() <= 1e-13 * wanted[0]


def test_orthogonal_linear_layers_keep_all_singular_values_at_1():
    parameters, x = network("orthogonal", 12, 200)
    for depth, s in enumerate(product_singular_values(layer_jacobians(parameters, x, "linear")), 1):
        assert np.abs(s - 1).max() <= 10 * math.sqrt(144) * depth * U
    gaussian = product_singular_values(layer_jacobians(*network("lecun_normal", 12, 20), "linear"))
    assert np.abs(gaussian[-1] - 1).max() > 0.9


def test_scaling_the_layers_changes_the_norm_and_not_the_condition_number():
    found = {}
    for scale in (0.5, 1.0, 2.0):  # powers of two, which change no rounding
        parameters, x = network("lecun_normal", 8, 20, gain=scale)
        found[scale] = product_singular_values(layer_jacobians(parameters, x, "linear"))[-1]
    for scale, s in found.items():
        # The deviation is a root, so that the weights may differ in their last bit.
        assert s[0] / s[-1] == pytest.approx(found[1.0][0] / found[1.0][-1], rel=1e-9, abs=0)
        assert s[0] == pytest.approx(scale**20 * found[1.0][0], rel=1e-9, abs=0)
    assert found[1.0][0] / found[1.0][-1] > 1e12


def test_units_of_relu_that_are_off_leave_singular_values_at_the_level_of_rounding():
    parameters, x = network("orthogonal", 16, 30, gain=math.sqrt(2))
    jacobians = layer_jacobians(parameters, x)
    s = product_singular_values(jacobians)[-1]
    rank = min(int(jacobian.slopes.sum()) for jacobian in jacobians)
    assert rank < 16 and np.all(s[rank:] <= U * s[0])


def test_small_branches_keep_the_product_between_two_powers():
    # The triangle inequality: (1 - s)**depth and (1 + s)**depth, for branches of norm s.
    parameters, x = network("orthogonal", 16, 30)
    for scale in (0.1, 1 / 30):
        s = product_singular_values(layer_jacobians(parameters, x, "linear", branch=scale))[-1]
        assert (1 - scale) ** 30 < s[-1] < 1 < s[0] < (1 + scale) ** 30
    nothing = product_singular_values(layer_jacobians(parameters, x, "linear", branch=0.0))[-1]
    assert np.abs(nothing - 1).max() <= 1e-14


def test_a_product_out_of_the_range_is_told():
    jacobians = layer_jacobians([1e160 * np.eye(2)], np.full((1, 2), 1e-160), "linear") * 2
    for function in (product_singular_values, lambda js: product_norm(js, rng()),
                     lambda js: state_gradients(js, np.full((1, 2), 1.0))):
        with pytest.raises(OverflowError, match="the product of Jacobians left the range"):
            function(jacobians)


# The norm, by power iteration.


@pytest.mark.parametrize("kind", [("relu", None, None), ("tanh", "batch", None),
                                  ("linear", "layer", 0.5)], ids=str)
def test_power_iteration_finds_the_largest_singular_value(kind):
    parameters, x = network("he_normal", 12, 20, samples=3)
    jacobians = layer_jacobians(parameters, x, *kind)
    largest = product_singular_values(jacobians)[-1][0]
    found = product_norm(jacobians, rng())
    assert found == pytest.approx(largest, rel=1e-3, abs=0)
    assert found <= largest * (1 + 1e-12)
    assert product_norm(jacobians, rng(), 2) < product_norm(jacobians, rng(), 5) <= largest * (
        1 + 1e-12)


def test_on_average_power_iteration_falls_short_by_what_is_stated():
    # Kuczynski & Wozniakowski: 0.871 log(n) / (steps - 1), here for a spectrum without gaps.
    s = np.sqrt(np.linspace(1e-3, 1, 200))
    jacobians = layer_jacobians([np.diag(s)], np.ones((1, 200)), "linear")
    for steps in (20, 60):
        missed = [1 - product_norm(jacobians, rng(seed), steps) ** 2 for seed in range(100, 140)]
        bound = 0.871 * math.log(200) / (steps - 1)
        assert bound / 30 < np.mean(missed) < bound and min(missed) >= -1e-14


def test_a_product_of_zero_has_norm_0():
    jacobians = layer_jacobians([-np.eye(2), np.eye(2)], np.ones((1, 2)))
    assert product_norm(jacobians, rng()) == 0
    assert [s.tolist() for s in product_singular_values(jacobians)] == [[0, 0], [0, 0]]


# Rates.

# The factor of the mean square for linear layers; relu passes half of it.
VARIANCES = {("glorot_normal", 1): 1, ("glorot_uniform", 1): 1, ("he_normal", 1): 2,
             ("lecun_normal", 1): 1, ("torch_default", 1): 1 / 3, ("orthogonal", 1): 1,
             ("orthogonal", math.sqrt(2)): 2}


@pytest.mark.parametrize("kind, gain", VARIANCES)
@pytest.mark.parametrize("depth", [1, 10, 60])
def test_linear_and_relu_layers_have_the_rate_of_the_formula(kind, gain, depth):
    for activation, passes in (("linear", 1), ("relu", 0.5)):
        rate = math.sqrt(VARIANCES[kind, gain] * passes)
        found = predicted_rates(kind, activation, depth, gain)
        # A sum of 4800 terms for each layer, whose errors add up, and a root of the product.
        assert (found.forward, found.backward) == pytest.approx((rate, rate), rel=100 * U, abs=0)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("gain", [0.5, 1.0, 35.0])
def test_the_integrals_are_right_to_rounding(activation, gain):
    f = {"tanh": mpmath.tanh, "sigmoid": lambda z: (1 + mpmath.tanh(z / 2)) / 2}[activation]
    half = {"tanh": 1, "sigmoid": 2}[activation]
    with mpmath.workdps(30):
        points = [-12, -4, -1, -0.1, -0.02, 0, 0.02, 0.1, 1, 4, 12]
        mean = [mpmath.quad(lambda z, g=g: g(gain * z) ** 2 * mpmath.npdf(z), points) for g in (
            f, lambda z: (mpmath.sech(z / half) / half) ** 2)]
        wanted = [float(mpmath.sqrt(mean[0])), float(gain * mpmath.sqrt(mean[1]))]
    found = predicted_rates("lecun_normal", activation, 1, gain)
    assert [found.forward, found.backward] == pytest.approx(wanted, rel=20 * U, abs=0)
    assert predicted_rates("lecun_normal", "relu", 1, 1e6).backward > 7e5
    with pytest.raises(ValueError, match=f"gain = 60.0 makes a = 60: {activation} is integrated"):
        predicted_rates("lecun_normal", activation, 1, 60.0)


# Gradients of layers of tanh, over 10 and 60 layers: the two numbers of the course's table, which
# were measured at width 128 by another program, and have two or three digits.
TANH = {("glorot_normal", 1): (0.88, 0.96), ("he_normal", 1): (1.01, 1.04),
        ("torch_default", 1): (0.56, 0.575), ("orthogonal", math.sqrt(2)): (1.01, 1.05)}


@pytest.mark.parametrize("kind, gain", TANH)
def test_tanh_has_no_rate_but_one_for_each_depth(kind, gain):
    for depth, rate in zip((10, 60), TANH[kind, gain], strict=True):
        assert predicted_rates(kind, "tanh", depth, gain).backward == pytest.approx(rate, abs=0.01)


def test_critical_tanh_decays_like_a_power():
    # With variance 1 the mean square goes like 1 / (2 depth), and gradients like 1 / depth, as
    # tanh(z)**2 = z**2 - 2 z**4 / 3 and its slope squared 1 - 2 z**2: no rate below 1 fits.
    found = {depth: predicted_rates("lecun_normal", "tanh", depth) for depth in (100, 1000, 4000)}
    assert found[4000].forward ** 8000 * 2 * 4000 == pytest.approx(1, abs=0.02)
    slope = math.log(found[4000].backward ** 4000 / found[1000].backward ** 1000) / math.log(4)
    assert slope == pytest.approx(-0.5, abs=0.01)


def draws(kind, gain, activation, n, depth, count, samples=1, **layer):
    """Return the logarithms of both rates, forward and backward, of some draws."""
    rates = []
    for seed in range(100, 100 + count):
        parameters, x = network(kind, n, depth, gain, seed, samples)
        found = measured_rates(parameters, x, rng(seed + 1000), activation, **layer)
        rates.append((math.log(found.forward), math.log(found.backward)))
    return np.array(rates)


@pytest.mark.parametrize("kind, gain", VARIANCES)
@pytest.mark.parametrize("activation, width_effect", [("linear", 0.5), ("relu", 1.25)])
def test_measured_rates_are_the_predicted_ones(kind, gain, activation, width_effect):
    # Per layer the logarithm has the mean -c / n beside the prediction, and the variance c / n: c
    # is 1 / 2 for linear layers of normal weights, 5 / 4 with relu, and less for orthogonal ones.
    n, depth, count = 64, 30, 8
    predicted = predicted_rates(kind, activation, depth, gain)
    shift = 0.0 if kind == "orthogonal" else -width_effect / n
    deviation = math.sqrt(width_effect / (n * depth * count))
    slack = width_effect / n if kind == "orthogonal" else 0
    found = draws(kind, gain, activation, n, depth, count).mean(axis=0)
    for measured, rate in zip(found, (predicted.forward, predicted.backward), strict=True):
        assert abs(measured - math.log(rate) - shift) <= 4 * deviation + slack
    # The rates of the table are further apart than that, where they differ at all.
    rates = {round(math.log(v * passes) / 2, 9) for v in VARIANCES.values() for passes in (1, 0.5)}
    assert 2 * (4 * deviation + slack) < np.diff(sorted(rates)).min()


@pytest.mark.parametrize("kind, gain, activation", [
    *((kind, gain, "tanh") for kind, gain in TANH), ("he_normal", 1, "sigmoid")])
@pytest.mark.parametrize("depth", [10, 60])
def test_measured_rates_of_bounded_activations_are_the_predicted_ones(
        kind, gain, activation, depth):
    # What the width takes lies between nothing and the effect on relu, and so does the spread.
    n, count = 64, 8
    predicted, deviation = predicted_rates(kind, activation, depth, gain), math.sqrt(
        1.25 / (n * depth * count))
    found = draws(kind, gain, activation, n, depth, count).mean(axis=0)
    for measured, rate in zip(found, (predicted.forward, predicted.backward), strict=True):
        assert -1.25 / n - 4 * deviation <= measured - math.log(rate) <= 4 * deviation


@pytest.mark.parametrize("activation, width_effect", [("linear", 0.5), ("relu", 1.25)])
def test_a_typical_gradient_shrinks_with_depth_over_width(activation, width_effect):
    # At width 24 the effect, 2 % or 5 % a layer, is seen above the spread of the mean.
    n, depth, count = 24, 100, 24
    deviation = math.sqrt(width_effect / (n * depth))
    found = draws("lecun_normal" if activation == "linear" else "he_normal", 1.0, activation, n,
                  depth, count)
    # The effect itself is known to first order in 1 / n: the next term is some 1 / n of it.
    for logarithms in found.T:
        error = 4 * deviation / math.sqrt(count)
        assert abs(np.mean(logarithms) + width_effect / n) <= error + 2 * width_effect / n**2
        assert np.mean(logarithms) < -error
        # A standard deviation of 24 draws is itself known to 1 / sqrt(46), or 15 %.
        assert np.std(logarithms, ddof=1) == pytest.approx(deviation, rel=4 / math.sqrt(46), abs=0)
    exact = draws("orthogonal", 1.0, "linear", n, depth, 2)
    assert np.abs(exact).max() <= 1e-13


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_layer_normalisation_keeps_gradients(activation):
    n, depth, count = 64, 30, 6
    backward = draws("he_normal", 1.0, activation, n, depth, count, samples=4,
                     normalisation="layer")[:, 1].mean()
    # The first layer divides by the deviation of the input, which is no output of relu: that is
    # sqrt(2) once. Beside it the effect of the width and the spread.
    first = math.log(2) / 2 / depth if activation == "relu" else 0
    bound = first + 1.25 / n + 4 * math.sqrt(1.25 / (n * depth * count))
    assert abs(backward) <= bound


def test_batch_normalisation_makes_gradients_explode_with_relu():
    # Yang et al. 2019: sqrt(pi / (pi - 1)) per layer for large batches; more for small ones, and
    # hardly anything without an activation.
    n, depth, count = 64, 30, 3
    limit = 0.5 * math.log(math.pi / (math.pi - 1))
    rates = {(activation, samples): draws("he_normal", 1.0, activation, n, depth, count, samples,
                                          normalisation="batch")[:, 1].mean()
             for activation, samples in (("relu", 128), ("relu", 8), ("linear", 128))}
    bound = 1.25 / n + 4 * math.sqrt(1.25 / (n * depth * count))
    assert abs(rates["relu", 128] - limit) <= bound < limit
    assert rates["relu", 8] > rates["relu", 128] + 0.05
    assert abs(rates["linear", 128]) <= bound


def test_branches_grow_by_their_scale():
    # Independent branches of He's weights add s**2 to the mean square of a gradient: with
    # s = 1 / depth that is exp(1 / depth) in all; unscaled, sqrt(2) a layer at the least.
    n, depth, count = 64, 30, 5
    growth = {scale: depth * draws("he_normal", 1.0, "relu", n, depth, count, 4,
                                   branch=scale)[:, 1].mean()
              for scale in (0.0, 1 / depth, 1 / math.sqrt(depth), 1.0)}
    assert growth[0.0] == 0
    assert 0 < growth[1 / depth] < 0.1 < growth[1 / math.sqrt(depth)] < 2
    assert growth[1.0] > 0.9 * depth * math.log(2) / 2


def test_what_is_lost_or_nothing_has_no_rate():
    parameters, x = network("torch_default", 8, 900)
    with pytest.raises(OverflowError, match=r"after 900 layers of these .* is left: use fewer"):
        measured_rates(parameters, x, rng())
    with pytest.raises(OverflowError, match="after 1 layers of these parameters 0 is left"):
        measured_rates([-np.eye(2)], np.ones((1, 2)), rng())
    with pytest.raises(ValueError, match="x is 0 everywhere: the growth of nothing is no number"):
        measured_rates([np.eye(2)], np.zeros((1, 2)), rng())
    for kind, depth in (("torch_default", 400), ("he_normal", 2000)):
        activation = "relu" if kind == "torch_default" else "linear"
        with pytest.raises(OverflowError, match=rf"the mean square is .*: depth = {depth} is too"):
            predicted_rates(kind, activation, depth)


def test_float32_and_rectangles_have_rates():
    parameters = [part.astype(np.float32) for part in
                  initial_parameters([4, 9, 3], "he_normal", rng(), biases=False)]
    found = measured_rates(parameters, np.ones((2, 4), np.float32), rng(8), "tanh")
    assert isinstance(found, Rates) and 0 < found.forward < 1 and 0 < found.backward < 10


@pytest.mark.parametrize("wrong", [None, [], np.eye(2), [np.eye(2)]])
def test_what_are_no_jacobians_is_refused(wrong):
    for function in (product_singular_values, lambda js: product_norm(js, rng()),
                     lambda js: state_gradients(js, np.ones((1, 2)))):
        with pytest.raises(TypeError, match="jacobians = "):
            function(wrong)


def test_gradients_and_tapes_of_the_wrong_kind_are_refused():
    jacobians = layer_jacobians([np.eye(2)], np.ones((1, 2)))
    with pytest.raises(ValueError, match=r"gradient has shape \(2,\), but the last layer made"):
        state_gradients(jacobians, np.ones(2))
    recorded = Tangent(np.ones((1, 2)), np.ones((1, 2)))
    with pytest.raises(TypeError, match="parameters or x hold a value of a tape: give arrays"):
        layer_jacobians([np.eye(2)], recorded)
    with pytest.raises(TypeError, match="value of a tape"):
        state_gradients(jacobians, recorded)
