"""Answers to the exercises on gradient flow: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np


def uniform(bound):
    """Return a layer of uniform weights, given their bound from the fans."""
    def fresh_layer(fan_in, fan_out, rng):
        return rng.uniform(-1, 1, (fan_in, fan_out)) * bound(fan_in, fan_out)

    return fresh_layer


def normal(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * rng.normal(size=(fan_in, fan_out))


def positive(fan_in, fan_out, rng):
    return rng.uniform(0, np.sqrt(6 / fan_in), (fan_in, fan_out))


def turned(fan_in, fan_out, rng):
    return rng.uniform(-1, 1, (fan_out, fan_in)) * np.sqrt(6 / fan_in)


def own_seed(fan_in, fan_out, rng):
    return np.random.default_rng(7).uniform(-1, 1, (fan_in, fan_out)) * np.sqrt(6 / fan_in)


def of_all(fan_in, fan_out, rng):
    return np.random.uniform(-1, 1, (fan_in, fan_out)) * np.sqrt(6 / fan_in)  # noqa: NPY002


def two_values(fan_in, fan_out, rng):
    return rng.choice([-1.0, 1.0], (fan_in, fan_out)) * np.sqrt(2 / fan_in)


def triangular(fan_in, fan_out, rng):
    return (rng.random((2, fan_in, fan_out)).sum(axis=0) - 1) * np.sqrt(12 / fan_in)


def one_row(fan_in, fan_out, rng):
    row = rng.uniform(-1, 1, fan_out)
    return np.tile(row * np.sqrt(2 / fan_in / np.mean(row**2)), (fan_in, 1))


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "has passed layer 9, and not yet layer 8": (8, 16, 0.41, 2.45),
        "passes on what it was given": (9, 17, 0.41, 2.45),
        "asked is the factor of sizes": (9, 16, 0.167, 2.45),
        "asked is the eighth root": (9, 16, 7e-4, 2.45),
        "factors multiply": (9, 16, 1e-4, 2.45),
        "multiplies the variance": (9, 16, 0.41, 6),
        "He's weights make 1 of 0.71": (9, 16, 0.41, 1.41),
        "10 is too large": (10, 16, 0.41, 2.45),
        "that of two layers, 10 and 9": (10, 16, 0.41, 2.45),
        "15 is too small": (9, 15, 0.41, 2.45),
        "that of two layers, 16 and 15": (9, 15, 0.41, 2.45),
        "exchanged the first of the layers": (16, 9, 0.41, 2.45),
        "exchanged the last two": (9, 16, 2.45, 0.408),
        "3 given, 4 wanted": (9, 16, 0.41),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 0.995),
        "the factor of all thirty layers": ("Ben", 0.86),
        "take the thirtieth root": ("Ben", 0.0287),
        "if changes were added": ("Ben", 1 - 0.14 / 30),
        "say nothing about sizes": ("Ada", 1.328),
        "0.9 is too small": ("Ben", 0.9),
        "is none of these": ("both", 0.995),
    },
    "std": {
        "take its root": lambda n, slope: 2 / (n * (1 + slope**2)),
        "that is for the ReLU": lambda n, slope: np.sqrt(2 / n),
        "not the square of their mean": lambda n, slope: 2 / (1 + slope) / np.sqrt(n),
        "is multiplied by their squares": lambda n, slope: np.sqrt(2 / (n * (1 + slope))),
        "acts on half of the numbers": lambda n, slope: np.sqrt(1 / (n * (1 + slope**2))),
        "half the width of a uniform": lambda n, slope: np.sqrt(6 / (n * (1 + slope**2))),
        "that is a linear layer": lambda n, slope: np.sqrt(2 / n) / (1 + slope**2),
        "one unit        wrong": lambda n, slope: np.sqrt(2 / (n * (1 + slope**2))) if n > 1 else 1,
    },
    "layer": {
        "a uniform number has a third": uniform(lambda fan_in, fan_out: np.sqrt(2 / fan_in)),
        "signals shrinks to 0.3": uniform(lambda fan_in, fan_out: np.sqrt(2 / fan_in)),
        "signals grows to ": uniform(lambda fan_in, fan_out: np.sqrt(24 / fan_in)),
        "both mistakes are still in it": uniform(lambda fan_in, fan_out: np.sqrt(2 / fan_out)),
        "keeps neither": uniform(lambda fan_in, fan_out: np.sqrt(12 / (fan_in + fan_out))),
        "a unit adds up as many terms as come in": uniform(
            lambda fan_in, fan_out: np.sqrt(6 / fan_out)),
        "from 400 to 100  wrong": uniform(
            lambda fan_in, fan_out: np.sqrt(12 / (fan_in + fan_out))),
        "the ReLU keeps half": uniform(lambda fan_in, fan_out: np.sqrt(3 / fan_in)),
        "not uniform": normal,
        "not uniform: ": triangular,
        "numbers are repeated": one_row,
        "are repeated": two_values,
        "a second layer from the same rng is the same": own_seed,
        "the same seed gives another layer": of_all,
        "the mean is not 0": positive,
        "of shape (400, 100), not (100, 400)": turned,
    },
    "draws": {
        "you have exchanged width and depth": (60, 4),
        "the width is too large for this depth": (64, 64),
        "wanted below 0.001": (16, 64),
        "two units or more": (1, 64),
        "1 to 64 layers": (4, 100),
        "two whole numbers": (4.5, 64),
        "a tuple of 2 is wanted": 64,
    },
    "growths": {
        "the size is its root": (3.0**-20, 32, 1.64),
        "no ReLU halves anything": (6.0**-10, 32, 1.64),
        "sizes are their roots": (1.7e-5, 1024, 1.64),
        "1.7e-05 is right": (1.7e-5, 2, 3),
        "they do not add": (1.7e-5, 32, 1.5),
        "e is the bound": (1.7e-5, 32, 2.718),
        "16 is too small": (1.7e-5, 16, 1.64),
        "the first is that of one layer": (0.577, 32, 1.64),
        "halve and multiply mean squares": (1.7e-5, 1, 1.64),
        "the third is that of one layer": (1.7e-5, 32, 1.02),
        "multiply out": (1.7e-5, 32, 1.6487),
    },
    "design": {
        "the gradient vanishes": ("torch_default", "relu", 1.0),
        "the images have merged": ("he_normal", "relu", 1.0),
        "a larger factor would keep it": ("glorot_normal", "tanh", 1.0),
        "merged in part": ("torch_default", "tanh", 1.9),
        "learns too little": ("glorot_normal", "tanh", 2.2),
        "the gradient explodes": ("he_normal", "relu", 3.0),
        "the task asks for: relu, tanh or sigmoid": ("orthogonal", "linear", 1.0),
        "no kind 'kaiming'": ("kaiming", "tanh", 1.0),
        "2 given, 3 wanted": ("orthogonal", "tanh"),
    },
}
