"""Two answers to judge, on floating-point numbers."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci, whole
from lib.numbers import exact_sum, formats, kahan_sum, naive_sum, relative_error, round_to, ulp

bank = Bank("floating_point")


def addends(rng, n):
    """Return numbers to add: fractions, whole numbers, or fractions whose sum nearly vanishes."""
    source = np.random.default_rng(rng.randrange(10**6))
    kind = rng.choice(["fractions", "whole", "vanishing"])
    terms = source.random(n).astype(np.float32)
    if kind == "whole":
        terms = np.floor(terms * 9).astype(np.float32)
    if kind == "vanishing":
        terms[-1] -= np.float32(exact_sum(terms.astype(float)))
    return kind, terms


@bank.item("judge", 4)
def two_sums(rng):
    n = 1000 * rng.randint(20, 40)
    kind, terms = addends(rng, n)
    u, right = 2.0**-24, float(exact_sum(terms.astype(float)))
    times = float(np.sum(np.abs(terms.astype(float)))) / abs(right) if right else math.inf
    plain, careful = float(naive_sum(terms)), float(kahan_sum(terms))
    exact = kind == "whole" and np.abs(terms).sum() < 2**24
    bounds = [0 if exact else n * u * times, 0 if exact else 2 * u * times]
    assert relative_error(plain, right) <= bounds[0] and relative_error(careful, right) <= bounds[1]
    words = {"fractions": "fractions between 0 and 1", "whole": "whole numbers from 0 to 8",
             "vanishing": "fractions from 0 to 1, and a last one that nearly undoes their sum"}
    return weigh(
        rng, f"{whole(n)} float32 numbers (u = 2⁻²⁴ = {sci(u)}) are added: {words[kind]}. Six "
        "digits of the sum are to be promised.", f"from left to right: {plain:.6g}",
        f"by Kahan's method:  {careful:.6g}",
        [("@2: its bound is 2u of the sum, that of @1 n u", "the plain sum always loses digits"),
         ("Either: each partial sum is a whole number < 2²⁴",
          "two answers that are near each other are both right"),
         ("Neither: the sum is tiny beside what is added", "float32 cannot add so many numbers"),
         ("@1: it rounds once for a term, and @2 four times",
          "an error is proportional to the number of operations alone")],
        verdict(*(bound < 1e-6 for bound in bounds)),
        f"Sizes add up to {sci(times)} times the sum. The bounds are {sci(bounds[0], 1)} from left "
        f"to right and {sci(bounds[1], 1)} by Kahan's method, relative to the sum.",
        ask="Which one promises them, and why?")


TWO_RULES = (
    ("@2: by @1 no update arrives, by @2 they do in the mean",
     "an update in a short format is always lost"),
    ("Either: each update is a whole gap, so nothing rounds",
     "what is near the precision is negligible"),
    ("@2: by @1 each update arrives as more than it is",
     "rounding to nearest always rounds up"),
    ("@1: chance only adds errors, so @2 has the larger",
     "randomness only adds error"),
)


@bank.item("judge", 3)
def two_rules(rng):
    gap = ulp(1.0, formats.BF16)
    kind = rng.choice(["lost", "exact", "raised"])
    step = {"lost": rng.choice([0.001, 0.0015, 0.002, 0.0025]), "exact": gap,
            "raised": rng.choice([0.0045, 0.005, 0.0055])}[kind]
    count = 10 * rng.randint(5, 12)
    source = np.random.default_rng(rng.randrange(10**6))
    weights, near = np.ones(200), 1.0
    for _ in range(count):
        weights = round_to(weights + step, formats.BF16, mode="stochastic", rng=source)
        near = round_to(near + step, formats.BF16)
    end = 1 + count * step
    if abs(weights.mean() - end) > 0.1 * (end - 1):
        raise Collision("chance was unkind")
    right = 1 if near == end else 0 if near == 1 else 2
    return weigh(
        rng, f"A bfloat16 weight of 1 (8 significant bits) gets {count} updates of +{step:.6g}, by "
        "one of two rules for rounding.",
        f"to nearest: {near:g}", "up or down at random, with probabilities by the distance; "
        f"200 such weights: {weights.mean():.2f} on average",
        TWO_RULES,
        right, f"The gap above 1 is 2⁻⁷ = {gap:g}, half of it {gap / 2:g}; the right value is "
        f"{end:.3f}.")


@bank.item("judge", 1)
def range_or_precision(rng):
    large = rng.random() < 0.6
    value = rng.randint(70, 190) * 1000.0 if large else float(rng.randint(2001, 60001))
    allowed = rng.choice([1, 0.05]) if large else 0.05
    half, brain = (float(round_to(value, fmt)) for fmt in (formats.FP16, formats.BF16))
    errors = [abs(one - value) / value if math.isfinite(one) else math.inf for one in (half, brain)]
    good = [error <= allowed / 100 for error in errors]
    if (good[0] and good[1]) or not (large or good[0]):
        raise Collision("the number is kind")
    return weigh(
        rng, f"A loss of {whole(value)} is stored in one of two formats of 16 bits; it may be off "
        f"by {allowed:g} per cent.", f"float16, 11 significant bits, largest number 65 504: "
        f"{half:g}", f"bfloat16, 8 significant bits, largest number 3 × 10³⁸: {whole(brain)}",
        [("@2: @1 ends before it, and 8 bits are enough here", "bfloat16 is better for a loss"),
         ("@1: both can reach it, and 8 bits are too few here", "more bits are always better"),
         ("Neither: @1 has not the range, @2 not the precision",
          "16 bits cannot hold a number of five digits"),
         ("@2: it is newer, and has both more range and bits",
          "formats are ordered from bad to good")],
        1 if good[0] else 0 if good[1] else 2,
        f"u is 2⁻¹¹ = 0.05 per cent for float16, up to 65 504, and 2⁻⁸ = 0.4 per cent for "
        f"bfloat16, which is off by {100 * errors[1]:.2g} per cent.")
