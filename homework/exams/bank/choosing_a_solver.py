"""Items on the choice of a solver: questions to a matrix, digits to expect, first broken law."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.choosing_a_solver import bank
from homework.exams.words import sci, whole
from lib.linear import solve
from lib.numbers import condition
from lib.problems import hilbert

ROUTINES = {
    "spd": ("Cholesky's method", "symmetric positive definite, full, order {n}"),
    "full": ("elimination with row exchanges", "square, full, no symmetry, order {n}"),
    "tall": ("Householder's QR", "{m} equations, {n} unknowns, κ = 10⁶ with scaled columns"),
    "triangle": ("one triangular solve", "zeros above the diagonal, order {n}"),
}


@bank.item("predict", 2)
def which_routine(rng):
    kind = rng.choice(list(ROUTINES))
    n = 100 * rng.randint(5, 20)
    costs = {"spd": Fraction(n**3, 3), "full": Fraction(2 * n**3, 3), "triangle": Fraction(n * n)}
    right, description = ROUTINES[kind]
    thoughts = {"spd": "Cholesky's method is for every matrix", "full": "one routine serves all",
                "tall": "the most careful routine is the right one", "triangle": "half of a matrix "
                "is enough"}
    why = f"{sci(float(costs[kind]))} operations" if kind in costs else "κ² would cost 12 digits"
    return choose(
        rng, f"A system is described: {description.format(n=whole(n), m=whole(4 * n))}; float64, "
        "one right-hand side. What is the cheapest routine that keeps the digits?", right,
        [(name, thoughts[other]) for other, (name, _) in ROUTINES.items() if other != kind],
        f"{right}: {why}.")


@bank.item("predict", 2)
def digits_to_expect(rng):
    n, scale = rng.randint(4, 11), rng.randint(2, 9)
    A = hilbert(n) + np.eye(n) * scale * 10.0**-n
    kappa = condition(A)
    return fill(f"Hilbert's matrix of order {n}, plus {sci(scale * 10.0**-n)} on its diagonal, has "
                f"κ = {sci(kappa)}. A backward stable program in float64 solves a system with it. "
                "About how many digits can you promise?",
                -math.log10(kappa * 2.0**-53), f"κu = {sci(kappa * 2.0**-53)}.", within=1,
                unit="digits")


@bank.item("predict", 3)
def one_triangle(rng):
    a, b, c = rng.randint(4, 9), rng.randint(1, 3), rng.randint(1, 3)
    if b == c:
        raise Collision("symmetric")
    routines = {"was told *positive definite* and reads the lower triangle alone":
                ([[a, c], [c, a]], "the routine reads the lower triangle"),
                "was told *positive definite* and reads the upper triangle alone":
                ([[a, b], [b, a]], "the routine reads the upper triangle"),
                "was told nothing and reads all":
                ([[a, b], [c, a]], "a routine notices what it is not told")}
    asked = rng.choice(list(routines))
    x = {told: solve(np.array(A, float), np.ones(2)) for told, (A, _) in routines.items()}
    def pair(values):
        return f"({values[0]:.3f}, {values[1]:.3f}), without a warning"
    return choose(
        rng, f"[[{a}, {b}], [{c}, {a}]] x = (1, 1) is handed to a routine that {asked}. What does "
        "it answer?", pair(x[asked]),
        [*((pair(x[told]), thought) for told, (_, thought) in routines.items() if told != asked),
         ("An error, since the matrix is not symmetric", "what is assumed is checked")],
        f"It solves with {routines[asked][0]}.")


@bank.item("read", 4)
def trace_posterior(rng):
    return who(rng, traced_systems.posterior_variance, rng.randint(21, 99) / 10,
               rng.randint(1, 9) * 10.0 ** -rng.randint(6, 10))


@bank.item("read", 4)
def trace_posterior_left(rng):
    return left(traced_systems.posterior_variance, rng.randint(11, 99) / 10,
                rng.randint(1, 9) * 10.0 ** -rng.randint(3, 10), hint="float64 has 16 digits.")


@bank.item("cost", 2)
def substitution_cost(rng):
    n = rng.randint(12, 40)
    return loops.counted(f"A triangular system of order {n}.", loops.substitute,
                         (np.tril(np.ones((n, n))), np.ones(n)), f"n² = {n * n}.")


@bank.item("cost", 1)
def ask_first(rng):
    n = 100 * rng.randint(3, 20)
    look, factor = Fraction(n * n), Fraction(2 * n**3, 3)
    return fill(f"Whether a matrix of order {whole(n)} is symmetric takes n² comparisons, at most; "
                "a factorisation 2n³/3 operations. What does the question cost, in per cent of the "
                "factorisation?", 100 * look / factor, f"3/(2n) = {sci(float(look / factor))}.",
                within=5 * look / factor, unit="%")
