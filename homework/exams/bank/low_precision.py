"""Items on short formats: stops, windows, accumulators, blocks, refinement."""

import math

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.low_precision import bank
from homework.exams.words import num, sci, two
from lib.numbers import MXFP4_E2M1, formats, round_blocks, round_to, ulp

SHORT = {"float16": formats.FP16, "bfloat16": formats.BF16}


@bank.item("predict", 1)
def smallest_step(rng):
    name = rng.choice(list(SHORT))
    fmt = SHORT[name]
    w = rng.choice([1.0, 2.0, 4.0, 8.0, 16.0]) * rng.choice([1.0, 1.25, 1.5])
    half = ulp(w, fmt) / 2
    assert round_to(w + half * 1.01, fmt) > w == round_to(w + half * 0.99, fmt)
    return choose(
        rng, f"A weight {w:g} in {name} ({fmt.precision} significant bits, rounded to nearest) is "
        "to be raised. Below which step does it not move?", sci(half),
        [(sci(2 * half), "a step must reach the next number"),
         (sci(2.0**-fmt.precision), "the unit roundoff is an absolute limit")
         if 2.0**-fmt.precision != half else (sci(half / w), "u is an absolute limit"),
         (sci(half / 8), "only steps far below the gap are lost")],
        f"Half the gap: {num(2 * half)} / 2 = {num(half)}.")


@bank.item("predict", 2)
def window(rng):
    k, top, scale = rng.randint(25, 34), rng.randint(1, 9), rng.randint(3, 13)
    small, large = (float(round_to(2.0 ** (e + scale), formats.FP16)) for e in (-k, top))
    assert round_to(2.0**-k, formats.FP16) == 0
    told = {(True, True): "The small ones survive, the large ones too",
            (True, False): "The small ones survive, the large overflow",
            (False, True): "The small ones are lost, the large survive",
            (False, False): "The small ones are lost, the large overflow"}
    thoughts = {(True, True): "loss scaling widens the window",
                (True, False): "whatever rescues the small costs the large",
                (False, True): "what is 0 without a scale is 0 with it",
                (False, False): "a scale shifts numbers out of the window at both ends"}
    right = small > 0, large < math.inf
    return choose(
        rng, f"float16 keeps numbers from 2⁻²⁴ to just below 2¹⁶. Gradients lie between {two(-k)} "
        f"and {two(top)}; the loss is multiplied by {two(scale)}, and gradients are divided by it "
        "later, in float32. What happens?", told[right],
        [(told[one], thoughts[one]) for one in told if one != right],
        f"Times {two(scale)} they lie between {two(scale - k)} and {two(scale + top)}: the window "
        "is moved, not widened.")


@bank.item("predict", 4)
def block(rng):
    unit = 2.0 ** rng.randint(-2, 3)
    large, small = 6 * unit, unit * rng.choice([0.11, 0.2, 0.4, 0.7, 1.2, 1.6, 1.9, 2.3, 2.7, 3.4])
    x = np.array([large, small] + [0.0] * 30)
    stored = float(round_blocks(x, MXFP4_E2M1)[1])
    steps = [unit * one for one in (0, 0.5, 1, 1.5, 2, 3, 4, 6)]
    near = sorted((one for one in steps if one != stored), key=lambda one: abs(one - small))
    assert stored in steps and abs(near[0] - small) > abs(stored - small)
    return choose(
        rng, "A block of MXFP4 (E2M1: 0, 0.5, 1, 1.5, 2, 3, 4, 6, times a common power of two) "
        f"holds {large:g} as its largest number, and {small:.6g}. What becomes of the second?",
        f"{stored:.6g}",
        [(f"{small:.6g}", "each number has its own exponent, and keeps its digits"),
         (f"{near[0]:.6g}", "a number goes to the next step on the other side"),
         (f"{near[1]:.6g}", "the steps of a block are coarser, or finer, than they are")],
        f"6 stands for {large:g}, so the steps are {', '.join(f'{one:g}' for one in steps)}: "
        f"{stored:g} is the nearest.")


@bank.item("read", 1)
def trace_weight(rng):
    return who(rng, traced.gained, float(rng.choice([4, 8, 16])), rng.randint(11, 99) / 400,
               fmt=formats.BF16)


@bank.item("read", 1)
def trace_spread(rng):
    x = rng.randint(20, 60) / 2
    return left(traced.relu_spread, x, x + rng.choice([1.0, 1.5, 2.0, 3.0]), fmt=formats.FP16,
                hint="float16 has 3 digits.")


@bank.item("cost", 4)
def bits_a_number(rng):
    size = rng.choice([16, 32, 64])
    width, scale = rng.choice([(4, 8), (6, 8), (8, 8)])
    n = rng.randint(2, 9)
    total = n * (width + scale / size) / 8
    return fill(f"{n} billion weights in blocks of {size}: {width} bits for each number and "
                f"{scale} for each block's scale. How many gigabytes (10⁹ bytes) is that?", total,
                f"{width} + {scale}/{size} = {width + scale / size:g} bits a number.",
                within=0.02 * total, unit="GB")


@bank.item("cost", 3)
def sum_cost(rng):
    n = rng.randint(40, 120)
    return loops.counted(f"Instead of a wider accumulator, {n} terms are added by this loop.",
                         loops.kahan, (np.arange(1.0, n + 1),),
                         f"Four for each term: 4n = {4 * n}, against n.")
