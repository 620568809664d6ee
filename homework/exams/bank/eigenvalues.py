"""Items on eigenvalues: values are safe, vectors need a gap; powers, inverse iteration, ghosts."""

import math

import numpy as np

from homework.exams.bank import loops, traced_systems
from homework.exams.items import Collision, among, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.eigenvalues import bank, symmetric
from homework.exams.words import num, sci
from lib.linear import eigh, inverse_iteration, power_iteration


def moved_by(rng, gap, change, shift):
    """Return how far values move and vectors turn, as cosines, by a change of a matrix.

    The values are 5 + gap, 1 + gap and 1; `shift` is a change of the diagonal alone.
    """
    A, source = symmetric(rng, [5 + gap, 1 + gap, 1])
    E = source.normal(size=(3, 3))
    E = np.eye(3) if shift else E + E.T
    old, new = eigh(A), eigh(A + change * E / np.linalg.norm(E, 2))
    return np.abs(new.values - old.values), np.abs(np.sum(old.vectors * new.vectors, 0))


@bank.item("predict", 1)
def values_move(rng):
    k, case = rng.randint(3, 6), rng.randrange(3)
    gap = rng.randint(2, 9) * 10.0 ** (-(k + 1) if case != 1 else -(k - 3))
    moved, turn = moved_by(rng, gap, 10.0**-k, case == 2)
    assert moved.max() <= 10.0**-k * (1 + 1e-6)
    if [turn.min() > 0.99, turn.min() < 0.999, moved.min() < 10.0**-k * 0.999][case]:
        raise Collision("the vectors happen to agree")
    change = sci(10.0**-k)
    return among(
        rng, f"A symmetric matrix has the eigenvalues {5 + gap:.9g}, {1 + gap:.9g} and 1. "
        + (f"{change} is added to its diagonal." if case == 2 else
           f"A symmetric change of norm {change}, of no special form, is made.")
        + " What is to be expected?",
        [(f"Values move unequally, by up to {change}; two vectors turn far",
          "values near each other always have vectors that turn"),
         (f"Values move unequally, by up to {change}; no vector turns far",
          "small change in, small change out"),
         (f"Values move equally, all of them by {change}; no vector turns",
          "each change of a matrix is a shift of its values"),
         (f"Two values move by far more than {change}; vectors turn little",
          "close eigenvalues are fragile")],
        case, f"Weyl: values move by at most the norm; here by {sci(moved.max(), 1)}. Vectors turn "
        f"by up to the change over the gap, {sci(10.0**-k / gap, 1)} here; a multiple of the "
        "identity turns none.")


@bank.item("predict", 1)
def turn_bound(rng):
    gap, k = rng.randint(2, 9) / 10, rng.randint(3, 5)
    change = rng.randint(1, 9) * 10.0**-k
    return fill(f"An eigenvector of a symmetric matrix has an eigenvalue {gap:g} away from the "
                f"nearest other. A symmetric change of norm {sci(change, 1)} is made. By how many "
                "degrees may the vector turn, to first order (change over gap, in radians)?",
                math.degrees(change / gap), f"{sci(change, 1)} / {gap:g} = {sci(change / gap)} "
                "radians.", within=0.1 * math.degrees(change / gap), unit="degrees")


@bank.item("predict", 5)
def which_one(rng):
    a, b, c = -rng.randint(60, 95) / 10, rng.randint(31, 55) / 10, rng.randint(1, 20) / 10
    A, _ = symmetric(rng, [a, b, c])
    found = power_iteration(A, maxiter=3000).value
    return choose(
        rng, f"Power iteration runs on a symmetric matrix with the eigenvalues {a:g}, {b:g} and "
        f"{c:g}. Which value does it find from almost every start?", f"{found:.1f}",
        [(f"{b:.1f}", "the largest is the most positive"),
         (f"{-a:.1f}", "it finds the size without the sign"),
         ("None: it jumps between two values", "a negative eigenvalue prevents convergence")],
        "It finds the eigenvalue of largest size. (The vector changes its sign in each step, the "
        "quotient does not.)")


@bank.item("read", 3)
def trace_small_eigenvalue(rng):
    e = rng.randint(11, 99) * 10.0 ** -rng.randint(6, 9)
    return who(rng, traced_systems.small_eigenvalue, float(rng.randint(2, 9)) * 1.1, 0.3 * e, e)


@bank.item("read", 3)
def trace_eigenvalue_left(rng):
    e = rng.randint(11, 99) * 10.0 ** -rng.randint(5, 11)
    return left(traced_systems.small_eigenvalue, rng.randint(2, 9) * 0.7, 0.2 * e, e,
                hint="float64 has 16 digits.")


@bank.item("cost", 5)
def power_cost(rng):
    n = rng.randint(20, 60)
    return loops.counted(f"A step of power iteration with a full matrix of order {n}.",
                         loops.power_step, (np.eye(n), np.ones(n), 2.0), "2n² for the product, 3n "
                         f"for the rest: about {2 * n * n}.")


@bank.item("cost", 5)
def steps_needed(rng):
    ratio, digits = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9]), rng.randint(4, 8)
    steps = math.ceil(digits * math.log(10) / -math.log(ratio))
    A, _ = symmetric(rng, [1, ratio, 0.1])
    close = inverse_iteration(A, 1.001).iterations
    return fill(f"Power iteration, |λ₂/λ₁| = {ratio:g}. After how many steps has the error of the "
                f"vector fallen by {sci(10.0**-digits)}?", steps,
                f"{digits} / −log₁₀ {num(ratio)} = {digits / -math.log10(ratio):.1f}. (Inverse "
                f"iteration with a shift at a distance of 0.001 takes {close}.)",
                within=max(1, 0.1 * steps), unit="steps")
