"""Items on elimination: pivots, growth, factors that are used again, inverses."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.lu import bank
from homework.exams.words import sci, whole
from lib.linear import lu
from lib.problems import wilkinson


@bank.item("predict", 3)
def growth(rng):
    n = rng.randint(6, 24)
    return fill(f"Wilkinson's matrix of order {n} has ones on the diagonal and in the last column, "
                "−1 below the diagonal, 0 elsewhere. By which factor do the entries grow in "
                "elimination with row exchanges?", lu(wilkinson(n)).growth,
                f"The last column doubles in each of {n - 1} steps: 2 to the power {n - 1}.")


@bank.item("predict", 5)
def refined(rng):
    kappa = rng.randint(11, 99) * 10 ** rng.randint(0, 3)
    name, u = rng.choice([("float32", 2.0**-24), ("float16", 2.0**-11)])
    if kappa * u > 0.05:
        raise Collision("no gain in a step")
    steps = next(k for k in range(99) if (kappa * u) ** (k + 1) <= 2.0**-53)
    return choose(
        rng, f"Factors are made in {name} (u = {sci(u)}), for κ = {whole(kappa)}; residuals are "
        "computed in float64. By about which factor does each step of refinement multiply the "
        "error?", f"By {sci(kappa * u)}",
        [(f"By {sci(u)}", "refinement gains the digits of the format, whatever κ"),
         (f"By {sci(1 / kappa)}", "κ is the rate of all methods"),
         (f"By {sci(kappa * 2.0**-53)}", "the precision of the residual sets the gain of a step")],
        "The correction is solved with a relative error of about κu; after the first solve "
        f"{steps} more steps reach float64.")


@bank.item("predict", 2)
def pivot_loss(rng):
    tiny = rng.randint(1, 9) * 10.0 ** -rng.randint(5, 13)
    A, b = np.array([[tiny, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    factors = lu(A, pivot=False)
    x1 = (b[1] - factors.lower[1, 0] * b[0]) / factors.upper[1, 1]
    x0 = (b[0] - x1) / tiny
    exact = 1 / (1 - Fraction(tiny))
    error = abs(float((Fraction(float(x0)) - exact) / exact))
    digits = -math.log10(2.0**-53 / tiny)
    if not error:
        raise Collision("rounding is kind")
    return fill(f"[[{sci(tiny, 1)}, 1], [1, 1]] x = (1, 2) is solved in float64 (u = 1.1 × 10⁻¹⁶) "
                "without an exchange of rows. About how many digits of the first unknown are "
                "right? (Count what the multiplier costs.)", digits,
                f"The multiplier is {sci(1 / tiny)}, and rounding beside it costs as many powers "
                f"of ten; computed, the error is {sci(error, 1)}.", within=2, unit="digits",
                ran=[-math.log10(error)])


@bank.item("read", 2)
def trace_no_exchange(rng):
    a = rng.randint(11, 99) * 10.0 ** -rng.randint(8, 12)
    return who(rng, traced_systems.no_exchange, a, 1.3, 0.7, 1.1, float(rng.randint(2, 9)), 1.9)


@bank.item("read", 2)
def trace_left(rng):
    a = rng.randint(11, 99) * 10.0 ** -rng.randint(6, 13)
    return left(traced_systems.no_exchange, a, 1.7, 0.9, 1.3, 1.1, float(rng.randint(2, 9)),
                hint="float64 has 16 digits.")


@bank.item("cost", 4)
def elimination_cost(rng):
    n = rng.randint(10, 24)
    return loops.counted(f"A matrix of order {n} is eliminated.", loops.eliminate,
                         (np.eye(n) * n + 1.0,), f"2n³/3 = {whole(2 * n**3 / 3)} to first order, "
                         f"n(n−1)(4n+1)/6 in all.", share=0.15)


@bank.item("cost", 4)
def many_right_sides(rng):
    n, count = 100 * rng.randint(2, 10), 10 * rng.randint(2, 9)
    once = Fraction(2 * n**3, 3) + count * 2 * n**2
    again = count * (Fraction(2 * n**3, 3) + 2 * n**2)
    return fill(f"{count} systems with one matrix of order {whole(n)}: factoring costs 2n³/3, each "
                "solve with the factors 2n². How many times cheaper is it to factor once than to "
                "factor for each?", again / once,
                f"{sci(float(again), 3)} against {sci(float(once), 3)} operations.",
                within=again / once / 20)
