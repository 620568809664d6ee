"""Items on gradients in depth: factors a layer, variances, condition numbers that do not matter."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.gradient_flow import bank, through
from homework.exams.words import sci
from lib.gradients import weight_variance


@bank.item("predict", 3)
def rotations(rng):
    c, layers = rng.choice([0.7, 0.8, 0.85, 0.9, 1.1, 1.2]), 10 * rng.randint(3, 6)
    s = through(rng, c, layers)
    return choose(
        rng, f"A linear network has {layers} layers; each is {c:g} times a rotation. By which "
        "factor is the length of a gradient multiplied on its way through all of them?", sci(s[0]),
        [("1: each layer has condition number 1", "vanishing is a matter of κ"),
         (sci(c), "rotations keep lengths, so layers do not multiply"),
         (sci(layers * c), "layers add up")],
        f"{c:g} to the power {layers} = {sci(c**layers)}; the condition number of the product is "
        f"{s[0] / s[-1]:.1f}.")


@bank.item("predict", 2)
def relu_rate(rng):
    n = rng.choice([64, 100, 128, 256, 512])
    kind = rng.choice(["glorot_normal", "he_normal", "torch_default"])
    v = weight_variance(n, n, kind)
    rate = n * v / 2
    return fill(f"ReLU layers of {n} units, symmetric random weights of variance {v:.3g}. By which "
                "factor does a layer multiply the mean square of gradients?", rate,
                f"n v / 2 = {n} · {v:.3g} / 2.", within=0.03 * rate)


@bank.item("predict", 2)
def steady(rng):
    n = 10 * rng.randint(5, 60)
    kind = rng.choice(["relu", "linear"])
    v = weight_variance(n, n, "he_normal" if kind == "relu" else "glorot_normal")
    return fill(f"{'ReLU' if kind == 'relu' else 'Linear'} layers of {n} units are to keep the "
                "size of gradients on average. Which variance must the weights have?", v,
                "2/n for ReLU layers, of whose gradients half is stopped; 1/n for linear ones.",
                within=0.03 * v)


@bank.item("read", 1)
def trace_spread(rng):
    x = rng.randint(100, 999) + rng.randint(1, 9) / 10
    return who(rng, traced.relu_spread, x, x + rng.randint(1, 9) * 10.0 ** -rng.randint(3, 5))


@bank.item("read", 4)
def trace_likeness(rng):
    x = rng.randint(11, 99) / 10
    return left(traced.likeness, x, x + rng.randint(1, 9) * 10.0 ** -rng.randint(2, 4),
                hint="float64 has 16 digits.")


@bank.item("cost", 3)
def backward_cost(rng):
    n, layers = rng.randint(6, 14), rng.randint(4, 9)
    weights = [np.eye(n) for _ in range(layers)]
    return loops.counted(f"A gradient is carried back through {layers} linear layers of {n} units.",
                         loops.backward, (weights, np.ones(n)),
                         f"2n² for each layer: {2 * n * n * layers}.")


@bank.item("cost", 2)
def depth_limit(rng):
    c = rng.choice([0.5, 0.6, 0.7071, 0.8, 0.9])
    k = rng.randint(4, 8)
    layers = math.floor(k * math.log(10) / -math.log(c))
    assert c**layers >= 10.0**-k > c ** (layers + 1)
    return fill(f"Each layer multiplies a gradient by {c:g}. Through how many layers can it go "
                f"before less than {sci(10.0**-k)} of it is left?", layers,
                f"{k} / −log₁₀ {c:g} = {k / -math.log10(c):.1f}.", within=1, unit="layers")
