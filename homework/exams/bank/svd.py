"""Items on the singular value decomposition: rank, truncation, units, low rank."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.svd import bank, made
from homework.exams.words import sci, whole
from lib.linear import (
    default_cutoff,
    jacobi_svd,
    low_rank,
)


def spectrum(rng, count=4):
    """Return some falling singular values with two digits."""
    values = sorted((rng.randint(11, 99) / 10 for _ in range(count)), reverse=True)
    if len(set(values)) < count or values[0] < 1.3 * values[1]:
        raise Collision("equal singular values")
    return values


@bank.item("predict", 1)
def half_axes(rng):
    values = spectrum(rng, 3)
    s = jacobi_svd(made(rng, values)).s
    return fill("A matrix makes of the unit ball an ellipsoid with half-axes "
                f"{values[0]:g}, {values[1]:g} and {values[2]:g}. What is its condition number?",
                s[0] / s[-1], f"{values[0]:g}/{values[2]:g} = {sci(s[0] / s[-1])}.",
                within=0.05 * s[0] / s[-1])


@bank.item("predict", 5)
def distance_to_rank(rng):
    values = spectrum(rng)
    A = made(rng, values)
    near = low_rank(A, 2)
    miss = jacobi_svd(A - near.U * near.s @ near.Vt).s[0]
    if values[1] < 1.1 * miss or values[3] < 0.3 * miss:
        raise Collision("two options would be nearly the same")
    shown = ", ".join(f"{one:g}" for one in values)
    return choose(
        rng, f"A matrix has the singular values {shown}. How near, in the 2-norm, is the nearest "
        "matrix of rank 2?", f"{miss:.2f}",
        [(f"{math.hypot(*values[2:]):.2f}", "the 2-norm of a matrix is the root of a sum of "
          "squares"),
         (f"{values[1]:.2f}", "the last value that is kept decides"),
         (f"{sum(values[2:]):.2f}", "the values left out add up")],
        f"By Eckart, Young and Mirsky the first value left out, {values[2]:g}.")


@bank.item("predict", 4)
def library_rank(rng):
    shape = (rng.randint(20, 90), 4)
    cutoff = default_cutoff(shape, np.dtype(float))
    exponents = [0, *sorted(rng.sample(range(2, 20), 3))]
    if any(abs(-e - math.log10(cutoff)) < 0.7 for e in exponents):
        raise Collision("a value on the border")
    rank = sum(10.0**-e > cutoff for e in exponents)
    shown = ", ".join(sci(10.0**-e) for e in exponents)
    return fill(f"A matrix of {shape[0]} rows and 4 columns in float64 has the singular values "
                f"{shown}. A library counts those above max(m, n) · 2.2 × 10⁻¹⁶ times the largest. "
                "Which rank does it report?", rank,
                f"The limit is {sci(cutoff)}.")


@bank.item("read", 2)
def trace_singular(rng):
    return who(rng, traced_systems.small_singular, rng.randint(11, 99) * 10.0 ** -rng.randint(4, 7))


@bank.item("read", 2)
def trace_singular_left(rng):
    return left(traced_systems.small_singular, rng.randint(11, 99) * 10.0 ** -rng.randint(4, 7),
                hint="float64 has 16 digits; what is under the last root has twice the relative "
                "error of the root.")


@bank.item("cost", 5)
def product_cost(rng):
    n, r = rng.randint(20, 60), rng.randint(2, 5)
    ones = np.ones((n, r))
    return loops.counted(f"A matrix of order {n} is kept as U Vᵀ of rank {r}.",
                         loops.low_rank_product, (ones, ones, np.ones(n)),
                         f"4nr = {4 * n * r}, where the full product takes 2n² = {2 * n * n}.")


@bank.item("cost", 5)
def storage(rng):
    m, n, k = 100 * rng.randint(3, 9), 100 * rng.randint(3, 9), rng.randint(5, 40)
    share = Fraction(k * (m + n + 1), m * n)
    return fill(f"A picture of {m} by {n} numbers is stored as its first {k} singular triples. "
                "How many per cent of the numbers are that?", 100 * share,
                f"{k}({m} + {n} + 1) = {whole(k * (m + n + 1))} of {whole(m * n)}.",
                within=2 * share, unit="%")
