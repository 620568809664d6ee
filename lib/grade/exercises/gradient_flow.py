"""Check the exercises of the chapter on gradient flow."""

from dataclasses import replace
from functools import cache
from numbers import Integral

import numpy as np

from lib import grade, gradients, problems

# Layers 9 to 16 of the network whose gradients the chapter prints are PyTorch's, the others He's.
READING = (9, 16, np.sqrt(1 / 6), np.sqrt(6))
# Thirty layers left 0.86 of the gradient.
JUDGEMENT = ("Ben", 0.86 ** (1 / 30))
DEPTH, WIDTH, STEP, EPOCHS, BATCHES = 29, 60, 0.1, 10, 12


def check_read(answer):
    """Judge how a table of gradients by layer was read: two layers, a rate, a factor.

    Parameters
    ----------
    answer : tuple of four numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((8, 16, 0.41, 6)).note
    'what stands beside layer 8 has passed layer 9, and not yet layer 8'
    """
    # The named mistakes are data: they make the function long, and it does little else.
    return grade.check_value(
        answer, READING, within=(0, 0, 0.03, 0.2), name="reading of the table",
        parts=("the first of the layers", "the last of them", "the factor of a layer",
               "what their weights need"), known={
            "you have exchanged the first of the layers and the last": (16, 9, ..., ...),
            "you have exchanged the last two numbers": (..., ..., np.sqrt(6), np.sqrt(1 / 6)),
            "what stands beside layer 8 has passed layer 9, and not yet layer 8":
                (8, ..., ..., ...),
            "layer 17 still passes on what it was given": (..., 17, ..., ...),
            "from layer 10 to layer 8 the fall is that of two layers, 10 and 9":
                (10, ..., ..., ...),
            "from layer 16 to layer 14 the fall is that of two layers, 16 and 15":
                (..., 15, ..., ...),
            "you took the squares: asked is the factor of sizes": (..., ..., 1 / 6, ...),
            "factors multiply: asked is the eighth root of the fall": (..., ..., 7e-4, ...),
            "that multiplies the variance; weights are multiplied by its root": (..., ..., ..., 6),
            "He's weights make 1 of 0.71; these make 0.41": (..., ..., ..., np.sqrt(2))})


def check_judge(answer):
    """Judge whose forecast of a gradient is right, and the rate per layer that decides it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 1.33)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), within=0.0002, number="factor of a layer",
        known={"that is the factor of all thirty layers": 0.86,
               "factors multiply: take the thirtieth root, not a thirtieth": 0.86 / 30,
               "that is the change of a layer if changes were added": 1 - 0.14 / 30,
               "that is made of condition numbers, which say nothing about sizes":
                   1.3282})  # 5000 ** (1 / 30) is 1.3283, to four digits 1.328


def check_std(answer):
    """Judge `weight_std(n, slope)`: what keeps layers with a leaky ReLU steady.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report

    Examples
    --------
    >>> check_std(lambda n, slope: np.sqrt(2 / n)).note
    'that is for the ReLU: a negative slope passes something too'
    """
    # The cases are data: they make the function long, and it does little else.
    cases = {"slope 0": (512, 0.0), "slope 0.01": (60, 0.01), "slope 0.3": (60, 0.3),
             "slope 1": (100, 1.0), "slope -0.5": (100, -0.5), "slope -0.9": (30, -0.9),
             "slope 5 ** 0.5": (512, 5**0.5), "slope 3": (7, 3.0), "one unit": (1, 0.2)}
    return grade.check_accuracy(
        answer, _std, cases, bound=1e-6, name="weight_std", shows={
            "slope 0": "that is the ReLU, and He's weights", "slope 1": "that is a linear layer",
            "slope -0.5": "that turns the sign of negative numbers, and their squares not"}, known={
            "that is the variance: take its root": lambda n, slope: _std(n, slope) ** 2,
            "that is for the ReLU: a negative slope passes something too":
                lambda n, slope: np.sqrt(2 / n),
            "the mean of the squares of both slopes, not the square of their mean":
                lambda n, slope: 2 / (1 + slope) / np.sqrt(n),
            "slopes act on z, and z**2 is multiplied by their squares":
                lambda n, slope: np.sqrt(2 / (n * (1 + slope))),
            "each slope acts on half of the numbers":
                lambda n, slope: np.sqrt(1 / (n * (1 + slope**2))),
            "that is half the width of a uniform distribution, not its standard deviation":
                lambda n, slope: np.sqrt(3) * _std(n, slope)})


def _std(n, slope):
    """Return the standard deviation of weights that makes n v (1 + slope**2) / 2 equal 1."""
    return np.sqrt(2 / (n * (1 + slope**2)))


def check_layer(answer, seed=2010):
    """Judge `fresh_layer(fan_in, fan_out, rng)`: uniform weights that keep signals through ReLUs.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the generator that is passed.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_layer(lambda fan_in, fan_out, rng: np.zeros((fan_in, fan_out))).passed
    False
    """
    # Three draws, what is wrong with them and why: it is long, for the last needs all layers.
    found = []

    def drawn(fan_in, fan_out):
        rng = np.random.default_rng(seed)
        first = answer(fan_in, fan_out, rng)
        if first is None or first is Ellipsis:
            return first
        again = answer(fan_in, fan_out, np.random.default_rng(seed))
        return np.stack([first, answer(fan_in, fan_out, rng), again])

    def faults(draws, fan_in, fan_out):
        if np.shape(draws)[1:] != (fan_in, fan_out):
            raise ValueError(f"of shape {np.shape(draws)[1:]}, not {fan_in, fan_out}")
        found.append((fan_in, fan_out, np.mean(draws[0] ** 2)))
        return _faults(*draws, fan_in)

    cases = {"from 100 to 400": (100, 400), "from 400 to 100": (400, 100),
             "from 300 to 300": (300, 300)}
    measured = dict.fromkeys(("signals grow or shrink", "the mean is not 0", "not uniform"), 0.03)
    report = grade.check_identity(
        drawn if callable(answer) and answer is not ... else answer, faults, cases,
        bound=measured, name="fresh_layer")
    cause = _cause(np.array(found).T) if len(found) == len(cases) and not report.passed else ""
    return replace(report, note=cause)


def _faults(W, second, again, fan_in):
    """Return what is wrong with a layer, beside a second draw and the first one drawn again."""
    kept = fan_in * np.mean(W**2) / 2
    way = "grows" if kept > 1 else "shrinks"
    ranks = np.linspace(-1, 1, W.size)
    level = np.sort(W, axis=None) / np.sqrt(3 * max(np.mean(W**2), 1e-300))
    return {f"the mean square of signals {way} to {kept:.2g} times what it was":
                bool(abs(kept - 1) > 0.03),
            "numbers are repeated": bool(len(np.unique(W)) < 0.9 * W.size),
            "a second layer from the same rng is the same": bool(np.all(second == W)),
            "the same seed gives another layer: draw from rng": bool(np.any(again != W)),
            "signals grow or shrink": kept - 1,
            "the mean is not 0": np.mean(W) * np.sqrt(fan_in),
            "not uniform": np.max(np.abs(level - ranks))}


def _cause(layers):
    """Return which mistake explains the variances of all layers; empty if none does."""
    fan_in, fan_out, variance = layers
    known = {
        "that is the variance b**2 of a bound b: a uniform number has a third of it":
            fan_in * variance * 3 / 2,
        "a unit adds up as many terms as come in, fan_in and not fan_out": fan_out * variance / 2,
        "both mistakes are still in it: the number of terms, and the variance of a uniform number":
            fan_out * variance * 3 / 2,
        "a compromise of fan_in and fan_out keeps neither signals nor gradients":
            (fan_in + fan_out) * variance / 4,
        "the ReLU keeps half of a mean square": fan_in * variance}
    return next((why for why, ratio in known.items() if np.all(np.abs(ratio - 1) < 0.03)), "")


def check_draws(answer):
    """Judge a width and a depth at which steady linear layers lose a typical gradient.

    Parameters
    ----------
    answer : tuple of two int

    Returns
    -------
    Report

    Examples
    --------
    >>> check_draws((64, 64)).note
    'the typical gradient is exp(-L / (2n)): the width is too large for this depth'
    """
    valid = {
        "two whole numbers": lambda width, depth: all(
            isinstance(part, Integral) for part in (width, depth)),
        "two units or more": lambda width, depth: width >= 2,
        "1 to 64 layers": lambda width, depth: 1 <= depth <= 64}

    def admitted(*shape):
        return all(is_met(*shape) for is_met in valid.values())

    return grade.check_counterexample(
        answer, typical, below=1e-3, name="network", unit="is the median", valid=valid, known={
            "you have exchanged width and depth": lambda width, depth:
                admitted(depth, width) and typical(depth, width) < 1e-3,
            "the typical gradient is exp(-L / (2n)): the width is too large for this depth":
                lambda width, depth: admitted(width, depth) and width > depth / 14})


def typical(width, depth):
    """Return the median size of a gradient behind linear layers of normal weights with n v = 1.

    Such a layer multiplies the square of a length by chi square over n, whatever its direction.
    """
    rng = np.random.default_rng(2018)
    squares = rng.chisquare(width, size=(999, depth)) / width
    return float(np.exp(np.median(np.sum(np.log(squares), axis=1)) / 2))


def check_growths(answer):
    """Judge three forecasts of what layers make of a gradient.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_growths((1.7e-5, 32, 1.5)).cases[2].reason
    '1.5 is too small'
    """
    return grade.check_value(
        answer, (3.0**-10, 32.0, 1.02**25), factor=(1.2, 1.2, 1.002), name="growths",
        parts=("default, linear", "Glorot, then 8/n", "residual"), known={
            "you took the mean square; the size is its root": (3.0**-20, ..., ...),
            "the layers are linear: no ReLU halves anything": (6.0**-10, ..., ...),
            "you took mean squares; sizes are their roots": (..., 1024.0, ...),
            "Glorot's variance loses half of the mean square in a ReLU": (..., 1024.0 * 32, ...),
            "the first is that of one layer, and there are twenty": (3.0**-0.5, ..., ...),
            "halve and multiply mean squares, then take the root of the whole": (..., 1.0, ...),
            "the third is that of one layer, and there are 25": (..., ..., 1.02),
            "the shares multiply, they do not add": (..., ..., 1.5),
            "exp(x) is more than 1 + x: multiply out": (..., ..., np.exp(0.5)),
            "e is the bound for branches of 1/L": (..., ..., np.e)})


def check_design(answer):
    """Judge weights and an activation by thirty plain layers, trained on digits.

    Parameters
    ----------
    answer : tuple of str, str and float
        The kind of weights, the activation, and what the weights are multiplied by.

    Returns
    -------
    Report
        Of the share of new images that are right.

    Examples
    --------
    >>> check_design(("orthogonal", "linear", 1.0)).cases[0].reason
    'the task asks for: relu, tanh or sigmoid'
    >>> check_design(("orthogonal", "linear", 1.0)).note
    ''
    """
    # The named mistakes are data: they make the function long, and it does little else.
    known = {
        "the gradient vanishes: it is multiplied by less than 1/20 on its way":
            lambda *design: _two_numbers(*design)[0] < 0.05,
        "the gradient explodes: it is multiplied by more than 20 on its way":
            lambda *design: _two_numbers(*design)[0] > 20,
        "the images have merged: behind the last hidden layer their likeness is above 0.9":
            lambda *design: _two_numbers(*design)[1] > 0.9,
        "the images have merged in part: behind the last hidden layer their likeness is above 0.2":
            lambda *design: _two_numbers(*design)[1] > 0.2,
        "the gradient shrinks on its way: a larger factor would keep it":
            lambda *design: _two_numbers(*design)[0] < 0.8,
        "both numbers are sound, which is no promise: try another kind of weights":
            lambda *design: _share_right(*design) <= 0.9}
    report = grade.check_counterexample(
        answer, _share_right, above=0.9, name="design", unit="of the new images are right",
        valid={"relu, tanh or sigmoid": _admitted},
        known={why: _where_admitted(is_it) for why, is_it in known.items()})
    words = {"stable": "learns", "wrong": "learns too little"}
    rows = [case if case.word == "not admitted" else replace(
        case, word=words.get(case.verdict, case.word)) for case in report.cases]
    return replace(report, cases=tuple(rows), good="learns")


def _admitted(kind, activation, factor):
    """Return whether the device knows the activation."""
    return activation in ("relu", "tanh", "sigmoid")


def _where_admitted(is_it):
    """Return a function that says of a design whether it is admitted and is_it is true of it."""
    return lambda *design: _admitted(*design) and is_it(*design)


@cache
def _data():
    """Return images and digits, for training and new ones."""
    table = problems.read_table("digits")
    order = np.random.default_rng(2015).permutation(len(table.y))
    images, digits = table.X[order] / 16, table.y[order].astype(int)
    images = images - np.mean(images[:1200], axis=0)
    return images[:1200], digits[:1200], images[1200:], digits[1200:]


def _start(kind, factor):
    """Return the parameters of thirty layers."""
    rng = np.random.default_rng(2015)
    return gradients.initial_parameters([64] + DEPTH * [WIDTH] + [10], kind, rng, factor)


@cache
@np.errstate(all="ignore")  # what overflows has learned nothing
def _share_right(kind, activation, factor):
    """Return which share of the new images is right after training."""
    images, digits, new_images, new_digits = _data()

    def loss(parameters, x, y):
        z = gradients.mlp(parameters, x, activation)
        return np.mean(gradients.logsumexp(z, axis=1) - z[np.arange(len(y)), y])

    parameters, rng = _start(kind, factor), np.random.default_rng(1998)
    for _ in range(EPOCHS):
        for batch in np.split(rng.permutation(1200), BATCHES):
            slopes = gradients.grad(loss)(parameters, images[batch], digits[batch])
            parameters = [p - STEP * g for p, g in zip(parameters, slopes, strict=True)]
    if not all(np.all(np.isfinite(part)) for part in parameters):
        return 0.0
    guesses = np.argmax(gradients.mlp(parameters, new_images, activation), axis=1)
    return float(np.mean(guesses == new_digits))


def _two_numbers(kind, activation, factor):
    """Return how a gradient grows through the hidden layers, and how alike the images become."""
    hidden, images = _start(kind, factor)[:-2], _data()[0]
    rates = gradients.measured_rates(hidden, images, np.random.default_rng(2023), activation)
    last = gradients.hidden_states(hidden, images, activation)[-1]
    directions = last / np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-300)
    middle = np.mean(directions, axis=0)
    return rates.backward**DEPTH, middle @ middle
