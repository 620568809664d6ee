"""Items on Cholesky's method: refusals, jitter, likelihoods, pivots as variances."""

import math

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, among, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.cholesky import bank, refused
from homework.exams.words import sci, whole
from lib.linear import cholesky


@bank.item("predict", 5)
def variance_left(rng):
    a, d = float(rng.randint(2, 9)), float(rng.randint(2, 9))
    c = round(rng.choice([0.3, 0.5, 0.7, 0.8]) * math.sqrt(a * d), 1)
    if rng.random() < 0.5:
        a, d = d, a
    pivot = cholesky(np.array([[a, c], [c, d]]))[1, 1] ** 2
    if any(abs(other - pivot) < 0.05 * pivot for other in (d, d - c, a * d - c * c)):
        raise Collision("a wrong number is near the right one")
    return choose(
        rng, f"Two variables have the variances {a:g} and {d:g} and the covariance {c:g}. What is "
        "the second pivot of the factorisation, the square of the second diagonal element?",
        f"{pivot:.2f}",
        [(f"{d:.2f}", "a pivot is a diagonal entry, the variable's own variance"),
         (f"{d - c:.2f}", "what is known of a variable is its covariance"),
         (f"{a * d - c * c:.2f}", "the last pivot is the determinant")],
        f"d − c²/a = {d:g} − {c * c:.2f}/{a:g} = {pivot:.2f}: the variance left once the first "
        "is known.")


@bank.item("predict", 2)
def jitter(rng):
    n = rng.choice([50, 100, 200, 400])
    trace = n * float(rng.choice([1, 4, 9]))
    u = rng.choice([2.0**-24, 2.0**-53])
    value = 2 * n * u * trace
    name = "float32" if u > 1e-10 else "float64"
    return fill(f"A covariance matrix of order {n} has the trace {trace:g}; entries and factor are "
                f"in {name} (u = {sci(u)}). Which jitter, 2 n u tr K, does the precision justify? "
                "Give the power of ten.", math.log10(value), f"2 · {n} · {sci(u)} · {trace:g} = "
                f"{sci(value)}.", within=0.6)


@bank.item("predict", 1)
def excludes(rng):
    n, u, passed = 10 * rng.randint(2, 30), 2.0**-53, rng.random() < 0.5
    limit = n * (n + 1) * u
    edge = np.diag([1.0] * (n - 1) + [10 * limit if passed else -10 * limit])
    assert refused(edge) != passed
    return among(
        rng, f"A symmetric matrix of order {n} with ones on the diagonal is "
        f"{'accepted' if passed else 'refused'} in float64 (u = 1.1 × 10⁻¹⁶). What has that proved "
        "of its smallest eigenvalue, to first order?",
        [(f"It is at most {sci(limit)}", "a refusal and an acceptance prove the same"),
         (f"It is at least −{sci(limit)}", "an acceptance and a refusal prove the same"),
         (f"It is {'above' if passed else 'below'} zero, without any doubt",
          "the method decides about exact arithmetic"),
         (f"It is {'above' if passed else 'below'} {'' if passed else '−'}{sci(u)}",
          "the limit is u, whatever n")],
        1 if passed else 0,
        f"n(n + 1)u = {sci(limit)}: a matrix within that distance is positive definite after an "
        "acceptance, and is not after a refusal.")


@bank.item("read", 4)
def trace_pivot(rng):
    a = rng.randint(11, 99) / 10
    c = rng.randint(11, 99) / 7
    d = c * c / a * (1 + rng.randint(1, 9) * 10.0 ** -rng.randint(5, 8))
    return who(rng, traced_systems.second_pivot, a, c, d)


@bank.item("read", 4)
def trace_pivot_left(rng):
    a, c = rng.randint(11, 99) / 10, rng.randint(11, 99) / 10
    d = c * c / a * (1 + rng.randint(1, 9) * 10.0 ** -rng.randint(3, 8))
    return left(traced_systems.second_pivot, a, c, d, hint="float64 has 16 digits.")


@bank.item("cost", 3)
def update_cost(rng):
    n = rng.randint(8, 20)
    return loops.counted(f"The updates of Cholesky's method for order {n}.", loops.cholesky_updates,
                         (np.eye(n),), f"n³/3 = {whole(n**3 / 3)} to first order, "
                         f"(n−1)n(n+1)/3 = {(n - 1) * n * (n + 1) // 3} in all.", share=0.1)


@bank.item("cost", 3)
def samples(rng):
    n, count = 100 * rng.randint(5, 20), 10 * rng.randint(5, 20)
    total = n**3 / 3 + count * n**2
    return fill(f"{count} samples of a Gaussian with a covariance matrix of order {whole(n)}: one "
                "factorisation, n³/3, and a product with a triangle, n², for each. Which share of "
                "the work, in per cent, is the factorisation?", 100 * n**3 / 3 / total,
                f"n/3 = {n / 3:.0f} against {count}.", within=2, unit="%")
