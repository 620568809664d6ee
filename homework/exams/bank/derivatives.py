"""Items on derivatives: best steps, modes, checks."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.derivatives import bank
from homework.exams.words import sci, whole
from lib.gradients import Dual, derivative

U = 2.0**-53


@bank.item("predict", 1)
def best_step(rng):
    k = rng.choice([-2, -1, 1, 2, 3])
    scale, central = 10.0**k, rng.random() < 0.5
    steps = 2 * math.sqrt(U), (3 * U) ** (1 / 3)
    right = steps[central] * scale
    def told(step):
        return f"About {sci(10.0 ** round(math.log10(step)), 1)}"
    return choose(
        rng, f"f(x) = exp({'x/' + whole(scale) if k > 0 else whole(1 / scale) + 'x'}), near x = 0, "
        f"float64 (u = 1.1 × 10⁻¹⁶). Which step is about the best for a "
        f"{'central' if central else 'forward'} difference?", told(right),
        [(told(steps[not central] * scale), "forward and central differences have the same order"),
         (told(steps[central] / scale), "the faster f changes, the longer the step"),
         (told(2 * U * scale), "smaller steps are always better")],
        f"{'(3u |f/f‴|) to the power 1/3' if central else '2√(u |f/f″|)'} = "
        f"{sci(steps[central])} · {scale:g} = {sci(right)}.")


@bank.item("predict", 1)
def digits_kept(rng):
    h = rng.randint(1, 9) * 10.0 ** -rng.choice([3, 4, 5, 9, 10, 11, 12])
    d = derivative(np.exp)(1.0)
    error = abs((np.exp(1 + h) - np.exp(1.0)) / h - d) / d
    bound = h / 2 + 2 * U / h
    assert 0 < error <= bound * 4
    return fill(f"exp at 1 is differentiated in float64 by a forward difference with h = {sci(h)}. "
                "About how many digits are right? (Relative error at most about h/2 + 2u/h, "
                "u = 1.1 × 10⁻¹⁶.)", -math.log10(bound), f"{sci(h / 2)} + {sci(2 * U / h)}. "
                f"Computed: {sci(error, 1)}.", within=1, unit="digits", ran=[-math.log10(error)])


@bank.item("predict", 3)
def by_dual(rng):
    a, b, x = rng.randint(2, 6), rng.randint(2, 9), rng.randint(1, 4)
    def f(t):
        return a * t * t * t + b * t
    slope = f(Dual(float(x), 1.0)).slope
    return choose(
        rng, f"f(x) = {a}x³ + {b}x runs on the dual number {x} + 1ε. What is the part with ε?",
        f"{slope:g}", [(f"{f(x):g}", "the slope part is the value"),
                       (f"{3 * a * x * x:g}", "only the highest power has a slope"),
                       (f"{f(x + 1) - f(x):g}", "ε is a step of 1")],
        f"3 · {a} · {x}² + {b}.")


@bank.item("read", 1)
def trace_forward(rng):
    return who(rng, traced.forward_difference, rng.randint(2, 9) / 10,
               rng.randint(1, 9) * 10.0 ** -rng.randint(9, 12))


@bank.item("read", 1)
def trace_second(rng):
    return left(traced.curvature, rng.randint(2, 9) / 10,
                rng.randint(1, 9) * 10.0 ** -rng.randint(3, 6), hint="float64 has 16 digits.")


@bank.item("cost", 2)
def passes(rng):
    n = 100 * rng.randint(3, 90)
    forward, backward = n + 1, 5
    return fill(f"The gradient of a loss of {whole(n)} weights: forward differences need a run for "
                f"each weight and one more; a reverse sweep costs at most {backward - 1} runs "
                "beside the run itself. How many times as much do the differences cost, at least?",
                forward / backward, f"{whole(forward)}/{backward}.", within=forward / backward / 20)


@bank.item("cost", 3)
def horner_cost(rng):
    n = rng.randint(10, 60)
    return loops.counted(f"A polynomial of degree {n}.", loops.horner, (np.ones(n + 1), 0.5),
                         f"2n = {2 * n}; with dual numbers each product takes three operations and "
                         "one sum, each sum two.")
