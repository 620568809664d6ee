"""Items on root finding: brackets, digits that double, multiple roots, what a stop tells."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.root_finding import bank
from homework.exams.words import sci
from lib.calculus import bisect, newton


@bank.item("predict", 1)
def halvings(rng):
    width, k = rng.randint(1, 9), rng.randint(5, 12)
    tol = 10.0**-k
    result = bisect(lambda x: x - width / 3, 0.0, float(width), tol=tol)
    return fill(f"A bracket of width {width} is halved until its half width is at most {sci(tol)}. "
                "How many halvings are that?", result.evaluations - 2,
                f"log₂({width} / (2 · {sci(tol)})) = {math.log2(width / 2 / tol):.1f}.", within=1,
                unit="halvings")


@bank.item("predict", 3)
def doubled(rng):
    have, want, a = rng.choice([1, 2, 3]), rng.choice([7, 8, 12]), rng.choice([2.0, 3.0, 5.0])
    kind = rng.choice(["newton", "double", "fixed"])
    told = {"newton": f"Newton's method for √{a:g}",
            "double": f"Newton's method for the double root √{a:g} of (x² − {a:g})²",
            "fixed": f"An iteration for √{a:g} whose error falls to a tenth in each step"}[kind]
    counts = {"newton": math.ceil(math.log2(want / have)),
              "double": math.ceil((want - have) * math.log2(10)), "fixed": want - have}
    start, root = math.sqrt(a) * (1 + 10.0**-have), math.sqrt(a)
    if kind != "fixed":
        power = 1 if kind == "newton" else 2
        path = newton(lambda x: (x * x - a) ** power,
                      lambda x: power * (x * x - a) ** (power - 1) * 2 * x, start,
                      maxiter=counts[kind], tol=0).iterates
        assert abs(path[-1] - root) / root < 2 * 10.0**-want
    thoughts = {"newton": "each method doubles its digits", "double": "each step adds a bit",
                "fixed": "each step adds a digit"}
    return choose(
        rng, f"{told} has {have} right digit{'s' * (have > 1)}. After about how many more steps "
        f"are {want} digits right?", f"{counts[kind]}",
        [*((f"{counts[one]}", thoughts[one]) for one in counts if one != kind),
         ("1", "near the root one step is enough")],
        "Digits double near a simple root; near a double root Newton's error is halved in each "
        "step, log₂ 10 = 3.3 steps a digit; a tenth is a digit.")


@bank.item("predict", 4)
def known_to(rng):
    m = rng.randint(2, 7)
    name, u = rng.choice([("float64", 2.0**-53), ("float32", 2.0**-24)])
    return fill(f"A polynomial with a root of multiplicity {m} near 1 is written out in powers of "
                f"x and computed in {name} (u = {sci(u)}). To about 10 to which power can the root "
                "be known?",
                math.log10(u) / m, f"u to the power 1/{m} = {sci(u ** (1 / m))}.", within=0.7)


@bank.item("read", 4)
def trace_cube(rng):
    return who(rng, traced.expanded_cube, 1 + rng.randint(11, 99) * 10.0 ** -rng.randint(4, 6))


@bank.item("read", 3)
def trace_chord(rng):
    return left(traced.chord, rng.randint(11, 99) / 70, rng.randint(1, 9) * 10.0 **
                -rng.randint(5, 11), hint="float64 has 16 digits.")


@bank.item("cost", 1)
def horner_steps(rng):
    n = rng.randint(8, 40)
    return loops.counted("Each step of a search evaluates a polynomial of degree "
                         f"{n}.", loops.horner,
                         (np.ones(n + 1), 0.5), f"2n = {2 * n}.")


@bank.item("cost", 3)
def evaluations(rng):
    digits = rng.randint(6, 40)
    bits = digits * math.log2(10)
    newton_steps = math.ceil(math.log2(digits))
    return fill(f"From one right digit to {digits}: Newton takes 2 evaluations a step (f and f'), "
                "halving 1 evaluation a bit. How many times as many evaluations does halving take? "
                "(Newton's digits double; round its steps "
                "up.)", (bits - math.log2(10)) / (2 * newton_steps),
                f"{bits - math.log2(10):.0f} against {2 * newton_steps}.",
                within=0.12 * bits / (2 * newton_steps))
