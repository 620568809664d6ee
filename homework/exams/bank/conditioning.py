"""Items on conditioning: how far solutions move, whom to blame, how many digits are safe."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.conditioning import bank
from homework.exams.words import sci, whole
from lib.numbers import condition, unit_roundoff


@bank.item("predict", 4)
def safe_digits(rng):
    name, u = rng.choice([("float64", 2.0**-53), ("float32", 2.0**-24)])
    kappa = rng.randint(2, 8) * 10.0 ** rng.randint(1, 5 if u > 1e-10 else 11)
    assert u == unit_roundoff(np.dtype(name).type)
    return fill(f"A system with κ = {sci(kappa)} is solved by a backward stable program in {name} "
                f"(u = {sci(u)}). About how many digits of the solution are safe?",
                -math.log10(kappa * u), f"κu = {sci(kappa * u)}.", within=1, unit="digits")


@bank.item("predict", 2)
def nearest_singular(rng):
    large, small = float(rng.randint(20, 90)), rng.randint(2, 19) / 10
    A = np.diag([large, small])
    wanted, right = rng.choice([
        ("relative to the norm of the matrix, is the nearest singular matrix", 1 / condition(A)),
        ("in norm, is the nearest singular matrix", float(np.linalg.svd(A)[1][-1])),
        ("in norm, is the nearest matrix of rank 0", float(np.linalg.norm(A, 2)))])
    others = [(small / large, "a distance is always taken relative to the norm"),
              (small, "the distance is that of the smallest half-axis, whatever the question"),
              (large, "what is taken away is the largest part"),
              (small**2 / large**2, "the squares of the half-axes decide"),
              (small * large, "the determinant measures closeness to singularity")]
    wrong = [one for one in others if abs(one[0] - right) > 0.05 * right]
    return choose(
        rng, f"A 2 × 2 matrix makes of the unit circle an ellipse with half-axes {large:g} and "
        f"{small:g}. How far, {wanted}?", sci(right),
        [(sci(value), thought) for value, thought in wrong[:3]],
        f"In norm the nearest singular matrix is {small:g} away, the smallest half-axis, and the "
        f"zero matrix {large:g}; κ = {large:g}/{small:g} = {sci(condition(A))}, and 1/κ is the "
        "distance relative to the norm.")


@bank.item("predict", 1)
def moved(rng):
    kappa, digits = rng.randint(2, 9) * 10 ** rng.randint(2, 5), rng.randint(7, 9)
    change = Fraction(1, 10**digits)
    return fill(f"The right-hand side of a system with κ = {whole(kappa)} is known to a relative "
                f"{sci(float(change))} in norm. By how many per cent may the solution move, "
                "relatively, to first order?", 100 * kappa * change,
                f"At most κ times as much: {sci(float(kappa * change))}.",
                within=5 * kappa * change, unit="%")


@bank.item("read", 3)
def trace_cramer(rng):
    d = 1 + rng.randint(1, 9) * 10.0 ** -rng.randint(6, 9)
    return who(rng, traced_systems.cramer, 1.1, 1.1, 1.3, 1.3 * d, float(rng.randint(2, 9)), 1.7)


@bank.item("read", 4)
def trace_bottom(rng):
    d = 1 + rng.randint(1, 9) * 10.0 ** -rng.randint(4, 10)
    return left(traced_systems.cramer, 0.7, 0.3, 0.7 / 3 * 7, 0.7 * d, 0.9, rng.randint(2, 9),
                hint="float64 has 16 digits.")


@bank.item("cost", 4)
def check_cost(rng):
    n = rng.randint(10, 40)
    A, x = np.eye(n) + 1.0, np.ones(n)
    return loops.counted(f"The residual of a system of {n} equations needs the product A x.",
                         loops.product, (A, x), f"n² of each: 2n² = {2 * n * n}; the factorisation "
                         f"took 2n³/3 = {whole(2 * n**3 / 3)}.")


@bank.item("cost", 3)
def blame_cost(rng):
    n = 100 * rng.randint(3, 20)
    share = Fraction(2 * n**2) / Fraction(2 * n**3, 3)
    return fill(f"For n = {whole(n)} a solution has been computed by elimination (2n³/3 "
                "operations). What does the residual add (2n²), in per cent of that?", 100 * share,
                f"3/n = {sci(float(share))}.", within=5 * share, unit="%")
