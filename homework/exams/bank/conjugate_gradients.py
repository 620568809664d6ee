"""Items on conjugate gradients: spectra, steps, reported and true residuals, storage."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.conjugate_gradients import bank
from homework.exams.words import sci, whole
from lib.linear import cg
from lib.problems import poisson2d, with_eigenvalues


@bank.item("predict", 2)
def clusters(rng):
    count, n = rng.randint(3, 5), 10 * rng.randint(4, 6)
    heights = sorted(rng.sample([1, 2, 5, 10, 30, 100, 300, 1000], count))
    lacks = rng.random() < 0.5
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_eigenvalues(np.array([heights[i % count] for i in range(n)], float), rng=source)
    b = source.normal(size=n)
    if lacks:
        b = A @ b - heights[0] * b
    taken = cg(A, b, tol=1e-8).steps
    if taken != count - lacks:
        raise Collision("rounding asks for a step more")
    shown = ", ".join(str(one) for one in heights)
    return choose(
        rng, f"A positive definite matrix of order {n} has only the eigenvalues {shown}, each many "
        f"times; b has parts in {'all of their spaces but that of the first' if lacks else 'all'}"
        f"{'' if lacks else ' of their spaces'}. How many steps does conjugate gradients take to a "
        "residual of 10⁻⁸?", f"{taken}",
        [(f"{taken - 1}", "the start is a step already"),
         (f"{taken + 1}", "each eigenvalue of the matrix takes a step" if lacks else
          "one step more than eigenvalues, for the stop"),
         (f"{n}", "it ends after n steps, not before")],
        "One step for each distinct eigenvalue whose space has a part of b: a polynomial of that "
        "degree is 0 at all of them.")


@bank.item("predict", 2)
def bound(rng):
    kappa = rng.choice([9, 16, 25, 36, 49, 64, 81, 100])
    k = rng.randint(10, 30)
    root = Fraction(math.isqrt(kappa))
    rate = (root - 1) / (root + 1)
    value = float(2 * rate**k)
    return fill(f"κ = {kappa}. By the classical bound, 2 ((√κ − 1)/(√κ + 1))ᵏ, the error in the "
                f"A-norm after k = {k} steps is at most 10 to which power of the first?",
                math.log10(value), f"2 · ({rate}) to the power {k} = {sci(value)}.", within=0.2)


@bank.item("predict", 4)
def floor(rng):
    exponent = rng.randint(3, 6)
    size = rng.randint(2, 9) * 10.0**exponent
    u = 2.0**-24 if rng.random() < 0.5 else 2.0**-53
    name = "float32" if u > 1e-10 else "float64"
    return choose(
        rng, f"Conjugate gradients in {name} (u = {sci(u)}); norm(A) norm(x)/norm(b) is "
        f"{sci(size)}. Down to about which relative residual can its updated residual be believed?",
        f"About {sci(u * size)}", [(f"About {sci(u)}", "rounding level is u for each problem"),
                                   (f"About {sci(math.sqrt(u))}", "half of the digits are safe"),
                                   ("Down to any: it is the residual",
                                    "what a solver reports is what there is")],
        f"u norm(A) norm(x)/norm(b) = {sci(u * size)}; below, compute b − A x.")


@bank.item("read", 4)
def trace_residual(rng):
    miss = rng.randint(1, 9) * 10.0 ** -rng.randint(9, 13)
    a, b = rng.randint(11, 99) / 10, rng.randint(11, 99) / 7
    return who(rng, traced_systems.residual_left, a, b, miss)


@bank.item("read", 4)
def trace_residual_digits(rng):
    miss = rng.randint(1, 9) * 10.0 ** -rng.randint(7, 12)
    a, b = rng.randint(11, 99) / 7, rng.randint(11, 99) / 3
    return left(traced_systems.residual_left, a, b, miss, hint="float64 has 16 digits.")


@bank.item("cost", 5)
def vector_cost(rng):
    n = rng.randint(20, 60)
    one = np.ones(n)
    return loops.counted(f"What a step of conjugate gradients does for {n} unknowns, beside its "
                         "product q = A p.", loops.cg_vectors, (one, one, one, one, 2.0, 1.0),
                         f"Two inner products and three updates: 10n = {10 * n}.")


@bank.item("cost", 5)
def storage(rng):
    m = rng.randint(5, 40)
    A = poisson2d(m)
    stored = int(A.nnz)
    return fill(f"Poisson's equation on {m} by {m} inner points: the matrix has 4 on the diagonal "
                "and −1 for each neighbour. How many entries differ from 0?", stored,
                f"5m² − 4m = {5 * m * m - 4 * m}; the full matrix has {whole(m**4)}.",
                within=0.02 * stored)
