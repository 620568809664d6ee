"""Items on floating-point numbers: gaps, stalls, sums."""

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import Collision, among, choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.floating_point import bank
from homework.exams.words import num, sci, two, whole
from lib.numbers import (
    formats,
    round_to,
    ulp,
)

BITS = {"float16": formats.FP16, "bfloat16": formats.BF16, "float32": formats.FP32}


def stop(fmt, term):
    """Return where a sum of equal terms, a power of two each, stops moving."""
    total = term
    while round_to(total + term, fmt) != total:
        total *= 2
    return total


@bank.item("predict", 2)
def counter(rng):
    name, term = rng.choice([(rng.choice(list(BITS)), 2.0 ** rng.randint(-6, 3)),
                             (rng.choice(list(BITS)), 2.0 ** rng.randint(-6, 3)),
                             ("float16", 2.0 ** rng.randint(5, 9))])
    fmt = BITS[name]
    end, stalls = stop(fmt, term), term * 2.0**fmt.precision
    assert end in (stalls, np.inf)
    return among(
        rng, f"A {name} counter ({fmt.precision} significant bits, largest number "
        f"{num(fmt.max)}) starts at 0; a loop adds {term:g} to it again and again, rounding to "
        "nearest, ties to even. Where does it end?",
        [(f"At {num(stalls)}", "a sum stalls before the range ends"),
         ("At inf", "a sum grows until the range ends"),
         (f"At {num(stalls / 2)}", "a term is lost as soon as it is smaller than the gap"),
         (f"At {num(stalls * 4)}", "the term must fall below the unit roundoff itself")],
        1 if end == np.inf else 0,
        f"A sum stalls at the first power of two whose half gap is the term, since the tie goes to "
        f"the even neighbour: at {num(stalls)}, where the gap would be "
        f"{sci(2 * term)}. {'The range ends before.' if end == np.inf else ''}".rstrip())


@bank.item("predict", 1)
def gap(rng):
    name = rng.choice(["float16", "bfloat16"])
    fmt = BITS[name]
    x = float(rng.randint(300, 9000))
    return fill(f"{name} has {fmt.precision} significant bits. How far apart are neighbouring "
                f"numbers of this format at {x:g}?", ulp(x, fmt),
                f"{x:g} lies between powers of two with exponent {int(np.floor(np.log2(x)))}; the "
                f"gap is {two(int(np.floor(np.log2(x))) - fmt.precision + 1)} = "
                f"{ulp(x, fmt):g}.")


@bank.item("predict", 1)
def nearest(rng):
    x = rng.choice([float(rng.randint(1, 15) * 10**6), *[rng.randint(10, 90) * 1e7] * 3])
    spacing = ulp(x, formats.FP32)
    x -= x % spacing
    step = float(rng.randint(2, max(3, int(spacing) - 1)))
    got = round_to(x + step, formats.FP32)
    if step == spacing / 2:
        raise Collision("a tie")
    return choose(
        rng, f"A float32 number (24 significant bits) is {whole(x)}. You add {step:g} to it. "
        "What does it hold now?", whole(got),
        [(whole(other), thought) for other, thought in (
            (x + step, "whole numbers are always exact in a float"),
            (x + spacing, "a result that does not fit goes to the next number up"),
            (x, "a term below the gap is lost"),
            (x + 2 * spacing, "a result that does not fit goes to an even number up"),
            (x + 3 * spacing, "a result that does not fit goes up by its own size"))
         if other != got][:3],
        f"The gap there is {spacing:g}: of its multiples {whole(got)} is the nearest to "
        f"{whole(x + step)}.")


@bank.item("read", 5)
def trace_gain(rng):
    total = rng.randint(2, 9) * 10.0 ** rng.randint(8, 11)
    return who(rng, traced.gained, total, rng.randint(11, 99) / 1000)


@bank.item("read", 5)
def trace_drift(rng):
    return left(traced.drift, rng.randint(2, 9) * 10.0 ** rng.randint(7, 10),
                rng.randint(11, 99) / 1000, hint="float64 has 16 digits.")


@bank.item("cost", 4)
def kahan_cost(rng):
    n = rng.randint(20, 90) * 10
    return loops.counted(f"This loop adds {n} numbers.", loops.kahan, (np.arange(1.0, n + 1),),
                         f"Four for each term: 4n = {4 * n}; from left to right it would be n.")


@bank.item("cost", 2)
def updates_until_stop(rng):
    name = rng.choice(["float16", "bfloat16"])
    fmt = BITS[name]
    term = 2.0 ** -rng.randint(5, 10)
    end = stop(fmt, term)
    return fill(
        f"A {name} sum ({fmt.precision} significant bits) starts at 0 and gets terms of "
        f"{two(round(np.log2(term)))} each. After how many additions does it move no more?",
        end / term, f"It stops at {num(end)}, where half the gap is the term, after "
        f"{num(end)} / {num(term)} = {two(fmt.precision)} additions, whatever the term is.")
