"""Two answers to judge, on short formats."""

import math
import warnings

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.linear import IllConditionedWarning, mixed_solve
from lib.numbers import formats, round_to, simulated_dot
from lib.problems import with_singular_values

bank = Bank("low_precision")


ACCUMULATOR = (
    ("@2: 32 u is less than what is allowed, but n u is not",
     "short chunks are always enough"),
    ("Either: whole numbers up to 256 are added without error",
     "the accumulator needs no more digits than its terms"),
    ("Neither: n u and 32 u are both more than what is allowed",
     "rounded terms make a lost sum"),
    ("@1: it rounds once for each term, and @2 does once more",
     "an error is the number of roundings"),
)


@bank.item("judge", 3)
def accumulator(rng):
    case = rng.randrange(3)
    n = 32 * rng.randint(5, 7) if case == 1 else 256 * rng.choice([4, 6, 8])
    source = np.random.default_rng(rng.randrange(10**6))
    x = np.ones(n) if case == 1 else round_to(source.random(n), formats.BF16)
    exact, allowed = math.fsum(x), [20, 1, 1][case]
    one = float(simulated_dot(x, np.ones(n), formats.BF16))
    chunks = float(simulated_dot(x, np.ones(n), formats.BF16, block=32))
    bounds = [0.0 if case == 1 else 100 * terms / 256 for terms in (n, 32)]
    errors = [100 * abs(found - exact) / exact for found in (one, chunks)]
    assert all(error <= bound for error, bound in zip(errors, bounds, strict=True))
    told = "ones" if case == 1 else "positive numbers"
    return weigh(
        rng, f"{n} {told} in bfloat16 (u = 2⁻⁸) are added; the sum may be off by {allowed} %.",
        f"one bfloat16 accumulator, from left to right: {one:g}",
        f"chunks of 32 in bfloat16, chunks added in float32: {chunks:g}",
        ACCUMULATOR,
        verdict(*(bound <= allowed for bound in bounds)),
        f"n u = {100 * n / 256:.0f} per cent, 32 u = 12.5 per cent, nothing where no sum rounds. "
        f"The errors are in fact {errors[0]:.2g} per cent for @1 and {errors[1]:.2g} for @2.",
        ask="Which one promises that, and why?")


@bank.item("judge", 1)
def average(rng):
    case = rng.randrange(3)
    rate = [rng.choice([1, 1.5, 0.8]) * 1e-3, rng.choice([0.05, 0.1, 0.2]),
            rng.choice([1, 2, 0.5]) * 1e-8][case]
    moves = [round_to(1 - rate, fmt) != 1 for fmt in (formats.BF16, formats.FP32)]
    count = round(rng.choice([0.8, 1, 1.5]) / rate)
    short, full = 1.0, math.exp(count * math.log1p(-rate)) if moves[1] else 1.0
    for _ in range(min(count, 100) if moves[0] else 0):
        short = round_to(short - round_to(rate * short, formats.BF16), formats.BF16)
    return weigh(
        rng, f"A moving average v ← v + {sci(rate)} (g² − v) starts at 1; then all g are 0 for "
        f"{sci(count)} steps, and v should fall to about "
        f"{math.exp(count * math.log1p(-rate)):.2f}.",
        f"v kept in bfloat16 (u = 2⁻⁸): {short:.2g}", f"v kept in float32 (u = 2⁻²⁴):  {full:.2g}",
        [("@2: a step at 1 is below half of @1's gap, not of its own",
          "a moving average stalls in every short format"),
         ("Either: at 1 a step is more than half of the gap of each",
          "two bytes are enough for what is noisy anyway"),
         ("Neither: at 1 a step is less than half of the gap of each",
          "an average of so many steps is lost in any format"),
         ("@1: an average that stands still is a stable average",
          "what does not move has converged")],
        verdict(*moves), f"Below 1 half a gap is 2⁻⁹ = 0.002 in bfloat16 and 2⁻²⁵ = 3 × 10⁻⁸ in "
        f"float32; the step is {sci(rate)}.")


HALF_FACTORS = (
    ("@2: κu of float16 is below 1, so that each step gains",
     "refinement converges for every κ"),
    ("@1: κu of float16 is above 1, so that no step gains",
     "an answer cannot be better than the factors"),
    ("Neither: κu of float64 is above 1, so no digit is safe",
     "factors need the digits that x has"),
    ("Either: the residuals of both are computed in float64",
     "the precision of the residual alone decides"),
)


@bank.item("judge", 6)
def half_factors(rng):
    case = rng.randrange(3)
    exponent = [rng.choice([1, 2]), rng.choice([5.5, 6]), rng.choice([17, 18])][case]
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_singular_values(np.logspace(0, -exponent, 20), rng=source)
    x = source.normal(size=20)
    b = A @ x
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IllConditionedWarning)
        converged = case < 2 and mixed_solve(A, b, formats.FP16).converged
    error = float(np.linalg.norm(np.linalg.lstsq(A, b, rcond=0)[0] - x) / np.linalg.norm(x))
    if converged != (case == 0) or (error > 0.1) != (case == 2):
        raise Collision("on the border")
    return weigh(
        rng, f"A system with κ = {sci(10.0**exponent, 1)}, wanted in float64 (u = 10⁻¹⁶); float16 "
        "(u = 5 × 10⁻⁴) is four times as fast.", "factors in float64",
        "factors in float16, then refinement with residuals in float64",
        HALF_FACTORS,
        case, f"κu is {sci(10.0**exponent * 2.0**-11, 1)} for float16 and "
        f"{sci(10.0**exponent * 2.0**-53, 1)} for float64. Tried: "
        + (f"with factors in float64 the error is {sci(error, 1)}." if case == 2 else
           f"refinement {'converged' if converged else 'did not converge'}."))
