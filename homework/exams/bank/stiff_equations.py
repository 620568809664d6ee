"""Items on stiff equations: what sets a step, damping, the algebra inside."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.stiff_equations import bank
from homework.exams.words import whole
from lib.calculus import (
    implicit_trapezoid,
    stability_function,
)


def decay(rate):
    """Return the right side of y' = -rate y, and its Jacobian."""
    return (lambda t, y: -rate * y), (lambda t, y: np.array([[-rate]]))


@bank.item("predict", 1)
def steps_needed(rng):
    rate, span = 100 * rng.randint(2, 90), rng.randint(1, 20)
    limit = 2 / rate
    count = span / limit
    grow = abs(stability_function("explicit_euler")(-rate * limit * 1.01))
    keep = abs(stability_function("explicit_euler")(-rate * limit * 0.99))
    assert keep < 1 < grow
    return fill(f"The fastest mode of an equation decays with the rate {whole(rate)}; explicit "
                f"Euler is to go from t = 0 to {span}. How many equal steps does it need, at "
                "least?", count,
                f"A step below 2/{whole(rate)}: {span} · {whole(rate)}/2.", within=0.02 * count)


@bank.item("predict", 4)
def one_step(rng):
    name, words = rng.choice([("explicit_euler", "explicit Euler"),
                              ("implicit_euler", "implicit Euler"),
                              ("implicit_trapezoid", "the trapezoidal rule")])
    z = float(rng.choice([3, 4, 6, 10, 20]))
    factors = {one: float(stability_function(one)(-z)) for one in
               ("explicit_euler", "implicit_euler", "implicit_trapezoid")}
    thoughts = {"explicit_euler": "each method extrapolates along the slope",
                "implicit_euler": "each method divides by 1 + hL",
                "implicit_trapezoid": "each method takes the mean of two slopes"}
    exact = math.exp(-z)
    return choose(
        rng, f"y' = −L y, one step h of {words} with hL = {z:g}. By what is y multiplied?",
        f"{factors[name]:.3f}",
        [*((f"{value:.3f}", thoughts[one]) for one, value in factors.items() if one != name),
         (f"{exact:.2g}, as exactly", "a method follows the solution")],
        {"explicit_euler": "1 − hL", "implicit_euler": "1/(1 + hL)",
         "implicit_trapezoid": "(1 − hL/2)/(1 + hL/2)"}[name] + f" = {factors[name]:.3f}.")


@bank.item("predict", 4)
def kept(rng):
    z, n = float(rng.choice([50, 100, 200, 400])), rng.randint(3, 8)
    f, J = decay(z)
    y = implicit_trapezoid(f, J, np.array([1.0]), (0.0, float(n)), n).y[-1, 0]
    return fill(f"The trapezoidal rule, hL = {z:g}. How many per cent of the size of the mode are "
                f"left after {n} steps?", 100 * abs(y),
                f"((1 − {z / 2:g})/(1 + {z / 2:g})) to the power {n}, without its sign.", within=2,
                unit="%")


@bank.item("read", 5)
def trace_step(rng):
    return who(rng, traced.step_error, float(rng.randint(2, 9)),
               rng.randint(1, 9) * 10.0 ** -rng.randint(5, 7))


@bank.item("read", 1)
def trace_decays(rng):
    slow = rng.randint(11, 30) / 10
    return left(traced.two_decays, slow, slow + rng.randint(1, 9) * 10.0 ** -rng.randint(4, 9),
                rng.randint(2, 9) / 10, hint="float64 has 16 digits.")


@bank.item("cost", 3)
def tridiagonal_cost(rng):
    n = rng.randint(20, 80)
    one = np.ones(n)
    return loops.counted(f"An implicit step on a rod of {n} points solves a system with three "
                         "diagonals.", loops.tridiagonal, (one[1:], 4 * one, one[1:], one),
                         f"8n = {8 * n} to first order; a full solve takes 2n³/3 = "
                         f"{whole(2 * n**3 / 3)}.")


@bank.item("cost", 1)
def how_many_times(rng):
    rate, h, cost = 1000 * rng.randint(5, 90), rng.choice([0.01, 0.02, 0.05]), rng.randint(4, 30)
    explicit = rate / 2
    implicit = cost / h
    return fill(f"Rate {whole(rate)}, a second of time. Explicit Euler takes the fewest steps that "
                f"are stable; implicit Euler takes steps of {h:g}, each {cost} times as dear. How "
                "many times cheaper is the implicit method?", explicit / implicit,
                f"{whole(explicit)} steps against {whole(1 / h)} · {cost}.",
                within=0.05 * explicit / implicit)
