"""Items on regularisation: filters, penalties with units, whom to believe."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.regularization import bank
from homework.exams.words import sci, whole
from lib.linear import landweber_filter, ridge_filter


@bank.item("predict", 1)
def kept(rng):
    s = [rng.randint(20, 90) / 10, rng.randint(8, 15) / 10, rng.randint(1, 6) / 10]
    lam = rng.choice([0.5, 1.0, 2.0, 4.0])
    share = ridge_filter(np.array(s), lam)
    at = rng.randint(0, 2)
    return fill(f"Ridge with λ = {lam:g}; the singular values are {s[0]:g}, {s[1]:g} and {s[2]:g}. "
                f"How many per cent of the direction of {s[at]:g} are kept?", 100 * share[at],
                f"σ²/(σ² + λ) = {s[at]**2:.3g}/{s[at]**2 + lam:.3g}.", within=2, unit="%")


@bank.item("predict", 1)
def cap(rng):
    lam = rng.randint(1, 9) * 10.0 ** rng.randint(-4, 0)
    s = np.logspace(-4, 4, 4001)
    most = float(np.max(s / (s * s + lam)))
    right = 1 / (2 * math.sqrt(lam))
    assert abs(most - right) < 1e-3 * right
    others = [(1 / lam, "the smallest eigenvalue of AᵀA + λI is λ"),
              (1 / math.sqrt(lam), "the smallest singular value that is kept is √λ"),
              (1 / (2 * lam), "the factor is largest at σ = λ")]
    if any(abs(one - right) < 0.05 * right for one, _ in others):
        raise Collision("a wrong number is near the right one")
    return choose(
        rng, f"Ridge with λ = {sci(lam, 1)}, singular values unknown. By which factor at most does "
        "it amplify an absolute error in b?", sci(right),
        [(sci(one), thought) for one, thought in others],
        f"σ/(σ² + λ) is largest at σ = √λ: 1/(2√λ); found on a grid: {sci(most, 3)}.")


@bank.item("predict", 4)
def steps_as_penalty(rng):
    s, step = rng.randint(2, 9) / 10, rng.choice([0.1, 0.2, 0.5])
    count = rng.randint(5, 40)
    value = float(landweber_filter(np.array([s]), step, count)[0])
    return fill(f"Gradient descent on least squares, from zero, {count} steps of {step:g}. How "
                f"many per cent of the direction with singular value {s:g} are "
                "fitted?", 100 * value,
                f"1 − (1 − {step:g} · {s * s:.2f}) to the power {count}.", within=2, unit="%")


@bank.item("read", 1)
def trace_taken(rng):
    return who(rng, traced_systems.taken_away, rng.randint(11, 99) / 10,
               rng.randint(1, 9) * 10.0 ** -rng.randint(6, 9))


@bank.item("read", 5)
def trace_woodbury(rng):
    return left(traced_systems.woodbury_scalar, rng.randint(1, 9) * 10.0 ** -rng.randint(4, 9),
                rng.randint(11, 99) / 10, rng.randint(11, 99) / 7, hint="float64 has 16 digits.")


@bank.item("cost", 5)
def woodbury_cost(rng):
    n, k = 1000 * rng.randint(2, 9), rng.choice([10, 20, 50])
    full, short = Fraction(n**3, 3), Fraction(2 * n * k * k)
    return fill(f"A diagonal plus a matrix of rank {k}, order {whole(n)}. Cholesky's method takes "
                "n³/3 operations, Woodbury's formula about 2nk². How many times cheaper is the "
                "second?",
                full / short, f"n²/(6k²) = {sci(float(full / short), 3)}.",
                within=full / short / 20)


@bank.item("cost", 3)
def gram_update(rng):
    n = rng.randint(6, 20)
    return loops.counted(f"One more row of data with {n} columns is added to a Gram matrix.",
                         loops.add_row, (np.eye(n), np.ones(n)), f"2n² = {2 * n * n}; the penalty "
                             f"on the diagonal takes {n} more.")
