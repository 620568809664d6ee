"""Items on integrals: what a rule rests on, orders, periods, error bars."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.quadrature import bank
from homework.exams.words import sci, whole
from lib.calculus import clenshaw_curtis, gauss_legendre, monte_carlo, simpson, trapezoid


@bank.item("predict", 2)
def halve_the_step(rng):
    name, rule, order = rng.choice([("trapezoidal", trapezoid, 2), ("Simpson's", simpson, 4)])
    n = 2 * rng.randint(4, 10)
    errors = [abs(rule(np.exp, 0.0, 1.0, m) - math.expm1(1)) for m in (n, 2 * n)]
    assert abs(math.log2(errors[0] / errors[1]) - order) < 0.1
    return fill(f"The {name} rule for eˣ on [0, 1] errs by {sci(errors[0])} with {n} steps. By "
                f"about which factor is the error smaller with {2 * n} steps?", 2**order,
                f"Order {order}; computed, {errors[0] / errors[1]:.2f}.", within=0.1 * 2**order,
                ran=[errors[0] / errors[1]])


@bank.item("predict", 2)
def degree(rng):
    n = 2 * rng.randint(1, 6) + 1
    name, rule = rng.choice([("Gauss's", gauss_legendre), ("Clenshaw and Curtis's",
                                                           clenshaw_curtis)])
    def exact(k):
        right = (1 - (-1) ** (k + 1)) / (k + 1)
        points = n if rule is gauss_legendre else n - 1
        return abs(rule(lambda x: x**k, -1.0, 1.0, points) - right) < 1e-13
    top = next(k for k in range(60) if not exact(k)) - 1
    choices = {2 * n - 1: "a rule on n points is always exact to degree 2n − 1",
               n: "symmetry adds one degree to that of the points",
               n - 1: "a rule is as good as the polynomial through its points",
               2 * n: "points and weights are 2n numbers, so degree 2n"}
    return choose(
        rng, f"{name} rule with {n} points (an odd number) is exact for all polynomials up to "
        "which degree?", f"{top}",
        [(f"{one}", thought) for one, thought in choices.items() if one != top],
        f"Gauss chooses points and weights, 2n numbers: 2n − 1 = {2 * n - 1}. Given points make "
        f"n − 1 = {n - 1}, and by symmetry {n} where n is odd. Found with the powers of x: x to "
        f"the power {top + 1} is the first to be wrong.")


@bank.item("predict", 1)
def blind(rng):
    n = rng.choice([4, 8, 16])
    a = rng.randint(2, 9)
    got = trapezoid(lambda x: a + np.cos(n * x), 0.0, 2 * math.pi, n) / (2 * math.pi)
    return choose(
        rng, f"The mean of {a} + cos({n}x) over a period 0 to 2π by {n} equal steps is",
        f"{got:.4f}", [(f"{a:.4f}", "equal steps over a period are always right"),
                       (f"{a - 1:.4f}", "the points meet the lowest values"),
                       (f"{a + 0.5:.4f}", "the points see half of the wave")],
        f"At all points x = 2πk/{n} the cosine is 1: frequency {n} looks like a constant.")


@bank.item("read", 3)
def trace_tail(rng):
    return who(rng, traced.tail, float(rng.randint(12, 34)) + rng.randint(1, 9) / 10)


@bank.item("read", 3)
def trace_estimate(rng):
    return left(traced.panel_estimate, rng.randint(1, 9) / 10, rng.randint(1, 9) * 10.0 **
                -rng.randint(2, 4), hint="float64 has 16 digits.")


@bank.item("cost", 5)
def points_for_a_digit(rng):
    source = np.random.default_rng(rng.randrange(10**6))
    n = 100 * rng.randint(2, 9)
    bar = monte_carlo(lambda x: np.exp(x[:, 0]), 0.0, 1.0, source.random((n, 1))).error
    times = rng.choice([2, 4, 5, 10])
    return fill(f"A mean over {n} independent random points has an error bar of {sci(bar)}. How "
                f"many points does a bar need that is {times} times as short?", n * times**2,
                f"The bar falls like the square root of the number: {times}² = {times**2} times as "
                f"many, {whole(n * times**2)}.", within=0.05 * n * times**2)


@bank.item("cost", 2)
def simpson_cost(rng):
    n = 2 * rng.randint(10, 40)
    return loops.counted(f"Simpson's rule with {n} steps, from values that are known.",
                         loops.simpson_sum, (np.ones(n + 1), 0.1),
                         f"Two for each inner value: about {2 * n}, beside {n + 1} evaluations "
                         f"({Fraction(n + 1, 2 * n + 1)} of those for half the step).")
