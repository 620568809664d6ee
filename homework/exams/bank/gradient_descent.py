"""Items on gradient descent: the largest step, rates, units, momentum, Adam."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.gradient_descent import after, bank
from homework.exams.words import sci, whole


@bank.item("predict", 1)
def limit(rng):
    flat, steep = rng.randint(1, 5), 10 * rng.randint(2, 20)
    value = 2 / steep
    ok, bad = after([flat, steep], 0.98 * value, 400), after([flat, steep], 1.02 * value, 400)
    assert abs(ok[1]) < 1 < abs(bad[1])
    return choose(
        rng, f"A bowl has curvature {flat} in one direction and {steep} in another. Below which "
        "step does gradient descent converge from every start?", sci(value),
        [(sci(2 / flat), "the flat direction decides"),
         (sci(4 / (flat + steep)), "the average curvature decides"),
         (sci(1 / steep), "at 1/λ it begins to diverge, for it overshoots")],
        f"2/λmax = 2/{steep}. Tried with 0.98 and 1.02 times that.")


@bank.item("predict", 3)
def sign(rng):
    steep = 10 * rng.randint(2, 9)
    factor = rng.choice([0.5, 1.5])
    step = factor / steep
    count = rng.randint(3, 6)
    x = after([1, steep], step, count)
    return fill(f"Gradient descent on the bowl x²/2 + {steep} y²/2 from (1, 1), step {step:.4g}. "
                f"What is y after {count} steps?", x[1],
                f"(1 − {step:.4g} · {steep}) to the power {count} = ({1 - factor:g}) to the power "
                f"{count}.", within=max(0.02 * abs(x[1]), 0.002))


@bank.item("predict", 2)
def rate(rng):
    kappa = rng.choice([9, 19, 49, 99, 199, 499])
    digits = rng.randint(3, 6)
    q = (kappa - 1) / (kappa + 1)
    count = math.ceil(digits * math.log(10) / -math.log(q))
    x = after([1, kappa], 2 / (1 + kappa), count)
    assert np.max(np.abs(x)) <= 10.0**-digits * (1 + 1e-9)
    return fill(f"A quadratic bowl with κ = {kappa}, gradient descent with the best fixed step. "
                f"After about how many steps is the worst error {sci(10.0**-digits)} of the first?",
                count, f"({kappa} − 1)/({kappa} + 1) a step; about {digits} · 2.3 · κ/2.",
                within=0.1 * count + 1, unit="steps")


@bank.item("read", 2)
def trace_progress(rng):
    base = float(rng.randint(2, 9) * 10 ** rng.randint(0, 2))
    return who(rng, traced.progress, base, rng.randint(11, 99) * 10.0 ** -rng.randint(5, 7),
               rng.randint(1, 9) / 10)


@bank.item("read", 2)
def trace_progress_left(rng):
    base = float(rng.randint(2, 9) * 10 ** rng.randint(0, 3))
    return left(traced.progress, base, rng.randint(11, 99) * 10.0 ** -rng.randint(3, 6),
                rng.randint(1, 9) / 10, hint="float64 has 16 digits.")


@bank.item("cost", 3)
def momentum_cost(rng):
    n = rng.randint(20, 90)
    one = np.ones(n)
    return loops.counted(f"A step with momentum for {n} weights, gradient "
                         "given.", loops.momentum_step,
                         (one, one, one, 0.9, 0.1), f"Two for each line and weight: 4n = {4 * n}, "
                         f"and {n} numbers more to keep.")


@bank.item("cost", 3)
def momentum_gain(rng):
    kappa = 100 * rng.randint(2, 90)
    plain = math.log(10) / -math.log((kappa - 1) / (kappa + 1))
    root = math.sqrt(kappa)
    tuned = math.log(10) / -math.log((root - 1) / (root + 1))
    return fill(f"κ = {whole(kappa)}. With the best step each step leaves (κ − 1)/(κ + 1) of the "
                "error; with the best momentum √κ stands in place of κ. About how many times fewer "
                "steps does a digit take?", plain / tuned,
                f"{plain:.0f} against {tuned:.0f}: about √κ.", within=0.1 * plain / tuned)
