"""Descents follow their closed forms on quadratic functions, and the steps of torch elsewhere."""

import math
from dataclasses import FrozenInstanceError
from itertools import islice, pairwise

import numpy as np
import pytest

from lib.gradients import (
    adam,
    adamw,
    gradient_descent,
    heavy_ball,
    hidden_states,
    initial_parameters,
    layer_jacobians,
    nesterov,
    state_gradients,
)
from lib.linear import landweber
from lib.numbers import softmax
from lib.problems import read_table
from tests.gradients.recorded import Tangent

U = 2.0**-53
DESCENTS = {
    "gradient_descent": lambda gradient, x, **more: gradient_descent(gradient, x, 0.05, **more),
    "heavy_ball": lambda gradient, x, **more: heavy_ball(gradient, x, 0.05, **more),
    "nesterov": lambda gradient, x, **more: nesterov(gradient, x, 0.05, **more),
    "adam": lambda gradient, x, **more: adam(gradient, x, 0.05, **more),
    "adamw": lambda gradient, x, **more: adamw(gradient, x, 0.05, **more),
}


def after(path, count):
    """Return the record after a number of steps."""
    return next(islice(path, count, None))


def errors(path, count):
    """Return x of each record from the start on, one a row; the minimum here is at 0."""
    return np.array([record.x for record in islice(path, count + 1)])


def quadratic(curvatures):
    """Return the gradient of sum(curvatures * x**2) / 2."""
    return lambda x: np.asarray(curvatures) * x


def bent(x):
    """Return the gradient of a function that is not quadratic, of two coupled coordinates."""
    return np.array([np.sinh(x[0]) + 3 * x[1], 3 * x[0] + 20 * x[1] ** 3 + x[1]])


# Plain descent.


@pytest.mark.parametrize("step", [0.005, 0.0105, 0.0199, 0.0205])
def test_every_error_is_multiplied_by_1_minus_step_times_curvature(step):
    curvatures, start = np.array([1.0, 3.0, 100.0]), np.array([1.0, -2.0, 0.5])
    found = errors(gradient_descent(quadratic(curvatures), start, step), 100)
    wanted = start * (1 - step * curvatures) ** np.arange(101)[:, None]
    # A step has three roundings, each of a number of at most twice the size of x.
    bound = 8 * U * np.arange(101)[:, None] * np.abs(start) * np.maximum(
        1, np.abs(1 - step * curvatures)) ** np.arange(101)[:, None]
    assert np.all(np.abs(found - wanted) <= bound)


def test_two_over_the_largest_curvature_is_the_limit():
    start, gradient = np.array([1.0, 1.0]), quadratic([1.0, 64.0])
    limit = 2 / 64
    at, below = (errors(gradient_descent(gradient, start, c * limit), 1000) for c in (1, 0.99))
    assert np.array_equal(np.abs(at[:, 1]), np.ones(1001))  # exact: a power of two
    assert abs(below[-1, 1]) == pytest.approx(0.98**1000, rel=1e-9, abs=0)
    with pytest.raises(OverflowError, match=r"left the range of float64: scale|holds nan or inf"):
        errors(gradient_descent(gradient, start, 1.5 * limit), 2000)


def test_descent_crosses_the_steep_direction_and_creeps_along_the_flat_one():
    found = errors(gradient_descent(quadratic([1.0, 100.0]), np.ones(2), 1.98 / 100), 100)
    changes = np.sum(np.diff(np.sign(found), axis=0) != 0, axis=0)
    assert changes.tolist() == [0, 100]


@pytest.mark.parametrize("kappa", [10.0, 100.0, 10_000.0])
def test_the_best_step_contracts_by_kappa_minus_1_over_kappa_plus_1(kappa):
    gradient, rate = quadratic([1.0, kappa]), (kappa - 1) / (kappa + 1)
    found = errors(gradient_descent(gradient, np.ones(2), 2 / (1 + kappa)), 50)
    # At both ends alike, with opposite signs.
    assert np.abs(found[-1]) == pytest.approx(rate**50, rel=1e-12 * kappa, abs=0)
    for c in (0.98, 1.02):
        other = errors(gradient_descent(gradient, np.ones(2), c * 2 / (1 + kappa)), 50)
        assert np.abs(other[-1]).max() > np.abs(found[-1]).max() * (1 + 0.2 / kappa)


def test_on_least_squares_it_is_landweber():
    A = np.random.default_rng(7).standard_normal((8, 5))
    b = np.random.default_rng(8).standard_normal(8)
    found = after(gradient_descent(lambda x: A.T @ (A @ x - b), np.zeros(5), 0.04), 30).x
    # The same operations but for a sign, and for the order in which a term 0 is added.
    assert np.array_equal(found, landweber(A, b, 0.04, 30))


# Momentum.


@pytest.mark.parametrize("kappa", [10.0, 100.0, 10_000.0])
def test_heavy_ball_replaces_kappa_by_its_root(kappa):
    root = math.sqrt(kappa)
    rate = (root - 1) / (root + 1)
    step = 4 / (root + 1) ** 2
    count = int(20 * root)
    found = errors(heavy_ball(quadratic([1.0, kappa]), np.ones(2), step, rate**2), 2 * count)
    # From rest both ends are double roots: e = (1 + c k) rate**k in size, with a c of at most 2.
    size = np.abs(found[[count, 2 * count]]).max(axis=1)
    measured = (size[1] / size[0]) ** (1 / count)
    assert rate <= measured * (1 + 1e-9) and measured <= rate * 2.1 ** (1 / count)
    plain = (kappa - 1) / (kappa + 1)
    assert 2 * count * math.log(plain) > 2.5 * math.log(size[1])


@pytest.mark.parametrize("method, ahead", [(heavy_ball, False), (nesterov, True)])
def test_momentum_is_a_recursion_of_three_terms(method, ahead):
    step, beta, curvatures = 0.013, 0.8, np.array([1.0, 30.0, 100.0])
    found = errors(method(quadratic(curvatures), np.ones(3), step, beta), 60)
    if ahead:  # in Nesterov's points y, with x = y + beta (y - z)
        y = [np.ones(3)]
        for x in found[:-1]:
            y.append(x - step * curvatures * x)
        wanted = np.array([y[0], *(b + beta * (b - a) for a, b in pairwise(y))])
    else:
        wanted = np.array(found)
        wanted[1] = (1 - step * curvatures) * found[0]
        wanted[2:] = (1 + beta - step * curvatures) * found[1:-1] - beta * found[:-2]
    # One step from the same numbers; velocities carry rounding errors of a few steps before.
    assert np.abs(found - wanted).max() <= 50 * U * np.abs(found).max()


def test_heavy_ball_may_take_steps_up_to_twice_1_plus_beta_over_the_curvature():
    for beta in (0.0, 0.5, 0.9):
        limit = 2 * (1 + beta) / 64
        sizes = [abs(after(heavy_ball(quadratic([64.0]), np.ones(1), c * limit, beta), 2000).x[0])
                 for c in (0.99, 1.01)]
        assert sizes[0] < 1e-6 < 1e6 < sizes[1]


@pytest.mark.parametrize("kappa", [1e2, 1e4])
def test_heavy_ball_first_grows_to_the_root_of_kappa_over_e(kappa):
    root = math.sqrt(kappa)
    path = heavy_ball(quadratic([1.0, kappa]), np.ones(2), 4 / (root + 1) ** 2,
                      ((root - 1) / (root + 1)) ** 2)
    largest = np.abs(errors(path, int(3 * root))).max(axis=0)
    # (1 + k) rate**k is largest at k = sqrt(kappa) / 2, up to terms of order 1 there.
    assert largest[0] == 1 and largest[1] == pytest.approx(root / math.e, abs=0.5)


@pytest.mark.parametrize("kappa", [100.0, 10_000.0])
def test_nesterov_shrinks_by_1_minus_1_over_the_root_of_kappa(kappa):
    root, count = math.sqrt(kappa), int(20 * math.sqrt(kappa))
    path = nesterov(quadratic([1.0, kappa / 3, kappa]), np.ones(3), 1 / kappa,
                    (root - 1) / (root + 1))
    found = np.abs(errors(path, 2 * count)).max(axis=1)
    measured = (found[2 * count] / found[count]) ** (1 / count)
    # The flat end is a double root, as above.
    assert 1 - 1 / root <= measured * (1 + 1e-9) and measured <= (1 - 1 / root) * 2.1 ** (1 / count)


def test_no_momentum_is_plain_descent():
    plain = errors(gradient_descent(bent, np.array([0.5, 0.2]), 0.02), 40)
    for method in (heavy_ball, nesterov):
        assert np.array_equal(errors(method(bent, np.array([0.5, 0.2]), 0.02, 0.0), 40), plain)


# Adam.


def test_the_first_step_of_adam_has_one_size():
    g = np.array([1e-6, -1.0, 1e6, 0.0])
    found = after(adam(lambda x: g, np.zeros(4), 0.01), 1).x
    # g / (|g| + eps): without the correction of either mean 0.1 or 31.6 times that, with eps inside
    # the root 0.01 times for the first entry.
    assert found == pytest.approx(-0.01 * g / (np.abs(g) + 1e-8), rel=20 * U, abs=0)
    assert abs(found[0]) == pytest.approx(0.0099, abs=1e-5)


def test_the_means_of_adam_are_those_of_the_formula():
    b, c, eps, step = 0.7, 0.95, 1e-3, 0.1
    g = np.random.default_rng(7).standard_normal((40, 3))
    given = iter([*g, g[0]])
    found = errors(adam(lambda x: next(given), np.zeros(3), step, (b, c), eps), 40)
    x = np.zeros(3)
    for k in range(1, 41):
        age = np.arange(k)[::-1, None]
        m = np.sum(b**age * g[:k], axis=0) / np.sum(b**age)
        v = np.sum(c**age * g[:k] ** 2, axis=0) / np.sum(c**age)
        x = x - step * m / (np.sqrt(v) + eps)
        assert np.abs(found[k] - x).max() <= 20 * k * U * np.abs(x).max() + 1e-15


def test_adam_does_not_see_the_scale_of_a_function():
    # With eps scaled as well, and by powers of two, not even a rounding error changes.
    path = errors(adam(bent, np.array([0.5, 0.2]), 0.01), 50)
    for scale in (2.0**-20, 2.0**30):
        scaled = adam(lambda x, scale=scale: scale * bent(x), np.array([0.5, 0.2]), 0.01,
                      eps=1e-8 * scale)
        assert np.array_equal(errors(scaled, 50), path)


def test_a_turned_valley_slows_adam_down_and_plain_descent_not():
    def needed(path, f, most):
        return next(k for k, record in enumerate(islice(path, most))
                    if f(record.x) < 1e-6 * f(np.array(start)))

    counts = []
    for angle in (0.0, math.pi / 4):
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        A, start = turn @ np.diag([1.0, 100.0]) @ turn.T, turn @ np.ones(2)
        counts.append([needed(path, lambda x, A=A: x @ A @ x, 5000) for path in (
            adam(lambda x, A=A: A @ x, start, 0.01),
            gradient_descent(lambda x, A=A: A @ x, start, 2 / 101))])
    assert counts[1][0] > 3 * counts[0][0] and abs(counts[1][1] - counts[0][1]) <= 1


# Penalty and decay.


def falling(count):
    """Return steps that fall to 0 linearly."""
    return lambda number: 0.01 * (1 - number / count)


def test_under_adam_a_decay_is_no_penalty():
    curvatures, goal = np.array([1.0, 100.0]), np.array([0.5, 100 / 101])
    count, start = 6000, np.zeros(2)

    def gradient(w):
        return curvatures * (w - 1)

    found = {name: after(path, count).x for name, path in {
        "penalty": gradient_descent(gradient, start, falling(count), penalty=1.0),
        "decay": gradient_descent(gradient, start, falling(count), decay=1.0),
        "adam": adam(gradient, start, falling(count), penalty=1.0),
        "adamw": adamw(gradient, start, falling(count), decay=1.0)}.items()}
    for name in ("penalty", "decay", "adam"):
        assert np.abs(found[name] - goal).max() <= 1e-8, name
    # Adam does not see the curvatures, so neither does the balance with a decay.
    assert abs(found["adamw"][0] - found["adamw"][1]) < 1e-3
    assert abs(found["adamw"][0] - goal[0]) > 0.3


def test_a_decay_is_a_penalty_in_plain_descent_and_not_with_momentum():
    start = np.array([0.5, 0.2])
    for method, same in ((gradient_descent, True), (heavy_ball, False), (nesterov, False)):
        penalised = errors(method(bent, start, 0.01, penalty=2.0), 50)
        decayed = errors(method(bent, start, 0.01, decay=2.0), 50)
        gap = np.abs(penalised - decayed).max()
        # A few roundings a step, none of which grows here.
        assert gap <= 50 * 10 * U if same else gap > 1e-3


def test_a_decay_is_multiplied_by_the_step():
    for name, descent in DESCENTS.items():
        found = errors(descent(np.zeros_like, np.array([8.0, -4.0]), decay=0.5), 30)
        wanted = np.array([8.0, -4.0]) * 0.975 ** np.arange(31)[:, None]
        assert np.all(np.abs(found - wanted) <= 100 * U * np.abs(wanted)), name


def test_the_gradient_norm_is_that_of_the_penalised_function():
    x = np.array([3.0, 4.0])
    for name in ("gradient_descent", "heavy_ball", "nesterov", "adam"):
        assert next(DESCENTS[name](quadratic([1.0, 1.0]), x, penalty=1.0)).gradient_norm == 10
        assert next(DESCENTS[name](quadratic([1.0, 1.0]), x, decay=1.0)).gradient_norm == 5


# The same steps as torch.


def twins():
    """Return for each name our descent, and the optimiser of torch with its options."""
    slow = {"lr": 0.01, "weight_decay": 0.1}
    return {
        "SGD": (lambda g, x: gradient_descent(g, x, 0.01, penalty=0.1), "SGD", slow),
        "momentum": (lambda g, x: heavy_ball(g, x, 0.01, 0.8, penalty=0.1), "SGD",
                     slow | {"momentum": 0.8}),
        "Nesterov": (lambda g, x: nesterov(g, x, 0.01, 0.8, penalty=0.1), "SGD",
                     slow | {"momentum": 0.8, "nesterov": True}),
        "Adam": (lambda g, x: adam(g, x, 0.01, (0.8, 0.99), 1e-6, penalty=0.1), "Adam",
                 slow | {"betas": (0.8, 0.99), "eps": 1e-6}),
        "AdamW": (lambda g, x: adamw(g, x, 0.01, (0.8, 0.99), 1e-6, decay=0.1), "AdamW",
                  slow | {"betas": (0.8, 0.99), "eps": 1e-6}),
        "Adam, default": (lambda g, x: adam(g, x), "Adam", {}),
        "AdamW, default": (lambda g, x: adamw(g, x), "AdamW", {}),
    }


@pytest.mark.parametrize("name", twins())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_are_those_of_torch(torch, name, dtype):
    ours, optimiser, options = twins()[name]
    start = np.array([0.5, -0.7], dtype)
    x = torch.tensor(start, requires_grad=True)
    optimiser = getattr(torch.optim, optimiser)([x], **options)
    wanted = [start]
    for _ in range(100):
        x.grad = torch.tensor(bent(x.detach().numpy()).astype(dtype))
        optimiser.step()
        wanted.append(x.detach().numpy().copy())
    path = ours(lambda x: bent(x).astype(dtype), start)
    found = np.array([record.x for record in islice(path, 101)])
    # Ten roundings a step, relative to x, velocities and steps of order 1, which the curvature of
    # at most 40 next to steps of 0.01 does not enlarge.
    assert found.dtype == dtype
    assert np.abs(found - wanted).max() <= 10 * 100 * np.finfo(dtype).eps / 2
    assert np.abs(found[100] - found[0]).max() > 0.05


# Iterators.


@pytest.mark.parametrize("name", DESCENTS)
def test_nothing_is_computed_before_it_is_asked_for(name):
    asked = []

    def gradient(x):
        asked.append(x)
        return x

    path = DESCENTS[name](gradient, np.ones(2))
    assert not asked
    assert [record.number for record in islice(path, 3)] == [0, 1, 2] and len(asked) == 3
    assert next(path).number == 3 and len(asked) == 4  # it goes on where it was


@pytest.mark.parametrize("name", DESCENTS)
def test_a_list_of_arrays_goes_the_way_of_one_array(name):
    start = np.array([0.5, 0.2])
    whole = list(islice(DESCENTS[name](bent, start), 30))
    parts = list(islice(DESCENTS[name](
        lambda parts: tuple(np.split(bent(np.concatenate(parts)), 2)), [start[:1], start[1:]]), 30))
    for one, other in zip(whole, parts, strict=True):
        assert isinstance(other.x, list) and np.array_equal(one.x, np.concatenate(other.x))
        assert other.gradient_norm == pytest.approx(one.gradient_norm, rel=4 * U, abs=0)


@pytest.mark.parametrize("name", DESCENTS)
def test_records_stay_as_they_are(name):
    start = np.array([1.0, 2.0])
    buffer = np.zeros(2)

    def gradient(x):
        np.multiply(x, 2.0, out=buffer)  # one array for all gradients
        return buffer

    records = list(islice(DESCENTS[name](gradient, start), 5))
    kept = [record.x.copy() for record in records]
    start[:] = 7.0
    assert all(map(np.array_equal, kept, [record.x for record in records]))
    assert np.array_equal(kept, errors(DESCENTS[name](lambda x: 2.0 * x, np.array([1.0, 2])), 4))
    with pytest.raises(ValueError, match="read-only"):
        records[0].x[0] = 3.0
    with pytest.raises(FrozenInstanceError):
        records[0].x = None


@pytest.mark.parametrize("name", DESCENTS)
def test_dtype_and_shape_stay(name):
    for start in (np.ones((2, 3), np.float32), np.array(2.0), np.ones(1, ">f8")):
        record = after(DESCENTS[name](lambda x: x, start), 3)
        assert record.x.shape == start.shape
        assert record.x.dtype == start.dtype.newbyteorder("=")
    parts = [np.ones(2, np.float32), np.array(1.0)]
    assert [part.dtype for part in after(DESCENTS[name](lambda parts: parts, parts), 3).x] == [
        np.float32, np.float64]
    assert after(DESCENTS[name](lambda x: [0, 0], [3, 4]), 1).x.dtype == float


def test_a_step_may_change_with_its_number():
    seen = []

    def step(number):
        seen.append(number)
        return 0.5 if number < 3 else 0.0

    found = errors(gradient_descent(lambda x: x, np.array([8.0]), step), 4)[:, 0]
    assert found.tolist() == [8, 4, 2, 2, 2] and seen == [1, 2, 3, 4]


# What ends it.


@pytest.mark.parametrize("name", DESCENTS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_is_told_with_its_step(name, bad):
    path = DESCENTS[name](lambda x: np.where(x < 2.0, bad, 1.0), np.array([2.0, 9.0]))
    assert next(path).number == 0
    with pytest.raises(OverflowError, match="after 1 steps the gradient holds nan or inf: take"):
        next(path)


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
def test_each_part_of_a_gradient_is_to_be_finite(bad):
    start = [np.ones(2), np.ones(3), np.ones(1)]
    for place in range(3):
        slopes = [part.copy() for part in start]
        slopes[place][-1] = bad
        with pytest.raises(OverflowError, match="after 0 steps the gradient holds nan or inf"):
            next(gradient_descent(lambda x, slopes=slopes: slopes, start, 0.1))


def test_a_gradient_of_finite_numbers_may_have_an_infinite_norm():
    path = gradient_descent(lambda x: np.full(4, 1e308), np.zeros(4), 1e-300)
    records = list(islice(path, 2))
    assert [record.gradient_norm for record in records] == [math.inf, math.inf]
    assert records[1].x == pytest.approx(np.full(4, -1e8), rel=4 * U, abs=0)


@pytest.mark.parametrize("name", ["gradient_descent", "heavy_ball", "nesterov"])
def test_what_diverges_is_told_and_not_returned(name):
    path, count = DESCENTS[name](lambda x: 1000 * x, np.array([1.0])), 0
    with pytest.raises(OverflowError, match=r"x, by step \d+ of size|gradient holds nan or inf"):
        for record in path:
            assert np.isfinite(record.x).all()
            count += 1
    assert 150 < count < 250  # 1e308 in steps of about 50 times


@pytest.mark.parametrize("dtype, eps", [(np.float32, 1e-12), (np.float64, 1e-138)])
def test_adam_is_right_where_a_square_underflows(dtype, eps):
    info = np.finfo(dtype)
    for g in (float(info.tiny), float(np.sqrt(info.tiny)), eps, 1e3 * eps):
        found = after(adam(lambda x, g=g: np.full_like(x, g), np.zeros(1, dtype), 0.5, eps=eps), 1)
        # A square that underflows is half lost at most where it counts, beside eps.
        assert found.x[0] == pytest.approx(-0.5 * g / (g + eps), rel=20 * float(info.eps), abs=0)


def test_adam_does_not_stop_where_a_square_overflows():
    # v = inf would make the step 0, and x stay for ever.
    for gradient, dtype in ((1e200, np.float64), (1e30, np.float32)):
        path = adam(lambda x, g=gradient: np.full_like(x, g), np.ones(1, dtype))
        next(path)
        with pytest.raises(OverflowError, match="the square of a gradient left the range"):
            next(path)


@pytest.mark.parametrize("change, words", [
    ({"step": 1e-50}, "step = 1e-50 is no normal number of float32: scale the problem, or use"),
    ({"eps": 1e-13}, "eps = 1e-13: with float32 it must be 9e-13 or more, as squares of smaller")])
def test_what_float32_cannot_hold_is_told(change, words):
    path = adam(lambda x: x, np.ones(1, np.float32), **change)
    next(path)
    with pytest.raises(OverflowError, match=words):
        next(path)


@pytest.mark.parametrize("call, error, words", [
    (lambda: gradient_descent(3.0, np.ones(1), 0.1), TypeError, "gradient = 3.0: give a function"),
    (lambda: gradient_descent(abs, np.ones(1), 0.0), ValueError, "step = 0.0: descent needs a pos"),
    (lambda: adam(abs, np.ones(1), math.nan), ValueError, "step = nan"),
    (lambda: adam(abs, np.ones(1), "1"), TypeError, "step is of"),
    (lambda: heavy_ball(abs, np.ones(1), 0.1, 1.0), ValueError, "momentum = 1.0: a share"),
    (lambda: nesterov(abs, np.ones(1), 0.1, -0.1), ValueError, "momentum = -0.1: a share"),
    (lambda: adam(abs, np.ones(1), betas=(0.9, 1.0)), ValueError, r"betas\[1\] = 1.0: a share"),
    (lambda: adam(abs, np.ones(1), betas=0.9), TypeError, "betas = 0.9: give two numbers"),
    (lambda: adam(abs, np.ones(1), eps=0.0), ValueError, "eps = 0.0: it must be positive"),
    (lambda: adam(abs, np.ones(1), penalty=-1.0), ValueError, "penalty = -1.0: it must be finite"),
    (lambda: adamw(abs, np.ones(1), decay=math.inf), ValueError, "decay = inf: it must be finite"),
    (lambda: adamw(abs, np.array([math.nan])), ValueError, r"x\[0\] is nan"),
    (lambda: adamw(abs, []), ValueError, "x is empty"),
    (lambda: adamw(abs, Tangent(np.ones(1), np.ones(1))), TypeError, "x is a value of a tape"),
    (lambda: adam(abs, [np.ones(1), Tangent(1.0, 1.0)]), TypeError, "x is a value of a tape")])
def test_arguments_are_refused_at_once(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("returned, error, words", [
    (np.ones(3), ValueError, r"gradient returned shape \(3,\): give one number for each of x"),
    (1.0, ValueError, r"gradient returned shape \(\)"),
    (np.ones(2, np.float32), TypeError, "gradient returned float32: x is of float64, convert one"),
    (None, TypeError, "the result of gradient (is of object|holds a NoneType)"),
    (np.ones(2) * 1j, TypeError, "the result of gradient is complex"),
    (np.ma.masked_array([1.0, 2.0], [0, 1]), TypeError, "the result of gradient is masked")])
def test_gradients_of_the_wrong_kind_are_refused(returned, error, words):
    with pytest.raises(error, match=words):
        next(gradient_descent(lambda x: returned, np.ones(2), 0.1))


def test_a_list_of_gradients_is_as_long_as_that_of_parts():
    parts = [np.ones(2), np.ones(3)]
    for returned in (np.ones(2), [np.ones(2)], None):
        with pytest.raises(TypeError, match=r"gradient returned .*: for a list of 2 arrays it"):
            next(adam(lambda x, g=returned: g, parts))


def test_a_penalty_out_of_the_range_is_told():
    path = gradient_descent(lambda x: x, np.array([1e30], np.float32), 0.1, penalty=1e30)
    with pytest.raises(OverflowError, match="after 0 steps the gradient holds nan or inf"):
        next(path)


def test_a_later_step_may_not_be_negative():
    path = gradient_descent(lambda x: x, np.ones(1), lambda number: 2.0 - number)
    assert [record.number for record in islice(path, 3)] == [0, 1, 2]
    with pytest.raises(ValueError, match=r"step = -1.0: it must be finite and not negative"):
        next(path)


# A network.


def test_a_network_learns_the_digits():
    data = read_table("digits")
    X, labels = data.X / 16 - 0.3, data.y.astype(int)
    generator = np.random.default_rng(7)
    order = generator.permutation(len(X))
    seen, rest = order[:1200], order[1200:]
    batches = (generator.choice(seen, 50, replace=False) for _ in range(10_000))

    def gradient(parameters):
        batch = next(batches)
        states = hidden_states(parameters[:-2], X[batch])
        wrong = softmax(states[-1] @ parameters[-2] + parameters[-1], axis=1)
        wrong[np.arange(50), labels[batch]] -= 1
        wrong /= 50
        jacobians = layer_jacobians(parameters[:-2], X[batch])
        slopes = []
        for h, jacobian, g in zip(states, jacobians, state_gradients(
                jacobians, wrong @ parameters[-2].T)[1:], strict=False):
            slopes += [h.T @ (jacobian.slopes * g), np.sum(jacobian.slopes * g, axis=0)]
        return [*slopes, states[-1].T @ wrong, np.sum(wrong, axis=0)]

    start = initial_parameters([64, 32, 32, 10], "he_normal", generator)
    parameters = after(heavy_ball(gradient, start, 0.05), 250).x
    states = hidden_states(parameters[:-2], X[rest])
    right = np.argmax(states[-1] @ parameters[-2] + parameters[-1], axis=1) == labels[rest]
    assert np.mean(right) > 0.93  # of 597 images; a tenth would be guessed
