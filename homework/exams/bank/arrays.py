"""Items on arrays: views and copies, broadcasting, products, sparsity, blocks."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import Collision, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.arrays import bank
from homework.exams.words import whole


@bank.item("predict", 2)
def broadcast(rng):
    m, n = 1000 * rng.randint(2, 9), 1000 * rng.randint(2, 9)
    if m == n:
        raise Collision("equal lengths")
    a, b = rng.choice([((m, 1), (n,)), ((m, 1), (1, n)), ((m, n), (n,)), ((m,), (n,)),
                       ((m, n), (m,)), ((m, 1), (1,)), ((m,), (1,)), ((1, m), (1,))])
    try:
        numbers = math.prod(np.broadcast_shapes(a, b))
    except ValueError:
        numbers = 0
    told = {m * n: f"{whole(m * n)} numbers", m: f"{whole(m)} numbers",
            m + n: f"{whole(m + n)} numbers", 0: "none, but an error"}
    thoughts = {m * n: "shapes are always multiplied", m: "the first operand decides",
                m + n: "the operands are put side by side", 0: "shapes must be equal"}
    return choose(
        rng, f"a has the shape {a}, b the shape {b}. What does `a - b` make?", told[numbers],
        [(told[other], thoughts[other]) for other in told if other != numbers],
        "Shapes are compared from the last place on: equal lengths fit, and a 1 fits all" + (
            f". The result has {whole(numbers)} numbers, {8 * numbers / 1e6:.3g} MB in float64."
            if numbers else "; here the last two are neither equal nor 1."))


@bank.item("predict", 2)
def repeated(rng):
    length = rng.randint(4, 9)
    places = [rng.randint(0, length - 1) for _ in range(rng.randint(5, 10))]
    step = rng.randint(1, 3)
    a, full = np.zeros(length), np.zeros(length)
    a[places] += step
    np.add.at(full, places, step)
    asked, right, other = rng.choice([("a[i] += ", a, full), ("add.at(a, i, ", full, a)])
    if a.sum() == full.sum():
        raise Collision("no place is repeated")
    return choose(
        rng, f"`a = zeros({length})`, `i = {places}`, then `{asked}{step}{')' * ('at' in asked)}`. "
        "What is the sum of a?", f"{right.sum():g}",
        [(f"{other.sum():g}", "a repeated place counts once" if right is full else
          "each place counts as often as it occurs"),
         (f"{step}", "the last assignment wins everywhere"),
         (f"{step * length}", "every place is raised")],
        f"With `+=` a place that occurs several times counts once: {len(set(places))} different "
        f"places of {len(places)}. `add.at` counts each.")


@bank.item("predict", 1)
def kept_alive(rng):
    rows, columns = 1000 * rng.randint(2, 20), 500 * rng.randint(2, 8)
    A = np.empty((4, 5))
    assert A[1].base is A
    return fill(f"`A` has {whole(rows)} rows and {whole(columns)} columns of float64. `row = "
                "A[1]`, then `del A`. How many megabytes (10⁶ bytes) stay in "
                "memory?", rows * columns * 8 / 1e6,
                "A slice is a view: it keeps the whole array.", within=rows * columns * 1.6e-7,
                unit="MB")


@bank.item("read", 4)
def trace_distance(rng):
    x = rng.randint(100, 999) + rng.randint(1, 9) / 10
    return who(rng, traced.squared_distance, x, x + rng.randint(1, 9) * 10.0 ** -rng.randint(3, 5))


@bank.item("read", 4)
def trace_distance_left(rng):
    x = rng.randint(100, 999) + rng.randint(1, 9) / 10
    return left(traced.squared_distance, x, x + rng.randint(1, 9) * 10.0 ** -rng.randint(1, 5),
                hint="float64 has 16 digits.")


@bank.item("cost", 4)
def distances_cost(rng):
    n, d = rng.randint(10, 30), rng.randint(3, 8)
    return loops.counted(f"Squared distances of {n} points with {d} coordinates to one point.",
                         loops.differences, (np.ones((n, d)), np.zeros(d)), f"3nd = {3 * n * d}.")


@bank.item("cost", 4)
def density(rng):
    n, p = 1000 * rng.randint(1, 9), Fraction(1, rng.choice([50, 100, 200]))
    share = 1 - (1 - float(p) ** 2) ** n
    return fill(f"Two random sparse matrices of order {whole(n)}, of whose entries "
                f"{100 * float(p):g} per cent differ from 0. How many per cent of the entries of "
                "their product differ from 0, on "
                "average?", 100 * share, f"1 − (1 − p²)ⁿ = {share:.3f}.", within=2, unit="%")
