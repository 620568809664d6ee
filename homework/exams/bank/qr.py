"""Items on least squares and orthogonal factors: κ against its square, who loses orthogonality."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.conditioning import off
from homework.exams.pairs.qr import bank, design
from homework.exams.words import raised, sci, whole
from lib.linear import (
    classical_gram_schmidt,
    householder_qr,
    least_squares,
    modified_gram_schmidt,
    normal_equations,
)
from lib.numbers import orthogonality_loss
from lib.problems import lauchli


@bank.item("predict", 1)
def digits_of_both(rng):
    k, rows = rng.randint(3, 6), 5 * rng.randint(4, 20)
    A, source = design(rng, k, (rows, 5))
    x, fits = source.normal(size=5), rng.random() < 0.5
    noise = source.normal(size=rows)
    noise -= A @ np.linalg.lstsq(A, noise, rcond=None)[0]
    b = A @ x + (0 if fits else 1) * noise / np.linalg.norm(noise) * np.linalg.norm(A @ x)
    gram, good = (off(solver(A, b), x) for solver in (normal_equations, least_squares))
    right = (16 - k, 16 - 2 * k) if fits else (16 - 2 * k, 16 - 2 * k)
    if abs(-math.log10(good) - right[0]) > k / 2 or abs(-math.log10(gram) - right[1]) > k / 2:
        raise Collision("an error is kind")
    thoughts = {(16, 16): "same minimiser, same accuracy",
                (16 - k, 16 - k): "the condition of the data passes unchanged into AᵀA",
                (16 - k, 16 - 2 * k): "QR has an error of κu whatever the residual is",
                (16 - 2 * k, 16 - 2 * k): "κ² belongs to every least-squares problem"}
    def told(one, two):
        return f"QR {one}, normal equations {two}"
    return choose(
        rng, f"A regression on {rows} rows in float64: κ = 10{raised(k)} with scaled columns, "
        f"{'the data fit almost exactly' if fits else 'the residual is as large as the fit'}. "
        "About how many digits of the weights do QR and the normal equations keep?", told(*right),
        [(told(*one), thought) for one, thought in thoughts.items() if one != right],
        f"κu and κ²u where the data fit; a large residual brings κ² into the problem, for every "
        f"method. Computed: errors of {sci(good, 1)} and {sci(gram, 1)}.")


@bank.item("predict", 1)
def rank_lost(rng):
    k = rng.randint(5, 10)
    e = 10.0**-k
    A = lauchli(3, e)
    kept = np.linalg.matrix_rank(A.T @ A) == 3
    return choose(
        rng, f"Three columns (1, e, 0, 0), (1, 0, e, 0), (1, 0, 0, e) with e = 10{raised(-k)} in "
        "float64. What is the rank of the computed Gram matrix?",
        "3: 1 + e² differs from 1" if kept else "1: 1 + e² is rounded to 1",
        [("1: 1 + e² is rounded to 1" if kept else "3: 1 + e² differs from 1",
          "e counts, not its square" if not kept else "what is small is lost"),
         ("2: one of the columns is lost", "rounding takes one dimension at a time"),
         ("0: the determinant is 0", "a determinant of 0 is a rank of 0")],
        f"e² = {sci(e * e, 1)}; half the gap above 1 is 1.1 × 10⁻¹⁶.")


@bank.item("predict", 3)
def lost_orthogonality(rng):
    kappa = rng.randint(1, 9) * 10.0 ** rng.randint(3, 5)
    A, _ = design(rng, math.log10(kappa))
    losses = [orthogonality_loss(f(A)[0]) for f in
              (classical_gram_schmidt, modified_gram_schmidt, householder_qr)]
    return fill(f"κ = {sci(kappa, 1)} with scaled columns, float64. Modified Gram–Schmidt loses "
                "orthogonality: norm(QᵀQ − I) is about 10 to which power?",
                math.log10(kappa * 2.0**-53), f"κu. Computed: {sci(losses[1], 1)}; classical "
                f"{sci(losses[0], 1)}, Householder {sci(losses[2], 1)}.", within=1.5,
                ran=[math.log10(losses[1])])


@bank.item("read", 3)
def trace_gram(rng):
    e = rng.randint(11, 99) * 10.0 ** -rng.randint(5, 8)
    return who(rng, traced_systems.gram_determinant, e)


@bank.item("read", 3)
def trace_gram_left(rng):
    return left(traced_systems.gram_determinant, rng.randint(11, 99) * 10.0 ** -rng.randint(4, 8),
                hint="float64 has 16 digits.")


@bank.item("cost", 1)
def gram_cost(rng):
    m, n = rng.randint(20, 40), rng.randint(4, 8)
    return loops.counted(f"The lower triangle of a Gram matrix, A with {m} rows and {n} columns.",
                         loops.gram, (np.ones((m, n)),), f"m n (n + 1) = {m * n * (n + 1)}.")


@bank.item("cost", 1)
def gram_against_qr(rng):
    m, n = 100 * rng.randint(20, 90), 10 * rng.randint(3, 12)
    ratio = (2 * Fraction(m) * n * n - Fraction(2 * n**3, 3)) / (m * n * n + Fraction(n**3, 3))
    return fill(f"Least squares with {whole(m)} rows and {n} columns: Householder takes "
                "2mn² − 2n³/3 operations, the normal equations mn² + n³/3. How many times as much "
                "is the first?", ratio, f"{sci(float(ratio), 3)}: nearly 2 for tall matrices.",
                within=0.1)
