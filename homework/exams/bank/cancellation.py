"""Items on cancellation: amplification, the line that makes an error, rewriting."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import loops, traced
from homework.exams.items import Collision, among, fill
from homework.exams.listing import left, who
from homework.exams.pairs.cancellation import bank
from homework.exams.words import sci, whole


@bank.item("predict", 2)
def factor(rng):
    places = rng.randint(2, 5)
    base = Fraction(rng.randint(1000, 9999))
    near = base - Fraction(rng.randint(2, 9), 10**places)
    times = (base + near) / (base - near)
    return fill(f"Two measured values, {float(base):.{places}f} and {float(near):.{places}f}, are "
                "subtracted. By which factor at most does the subtraction multiply their relative "
                "errors, to first order?", times,
                f"(|a| + |b|)/|a − b| = {float(base + near):.{places}f} / "
                f"{float(base - near):.{places}f} = {sci(times)}.", within=times / 20)


@bank.item("predict", 2)
def log_near_one(rng):
    k, above = rng.randint(4, 11), rng.randint(1, 9)
    times = 1 / math.log1p(above * 10.0**-k)
    return fill("`math.log(x)` is computed in float64 for an x that is right to 16 digits and lies "
                f"{sci(above * 10.0**-k)} above 1. About how many digits of the logarithm are "
                "right?",
                16 - math.log10(times), f"The condition number 1/|log x| is about {sci(times)}: it "
                f"costs about {math.log10(times):.0f} of 16 digits.", within=1, unit="digits",
                ran=[16 - round(math.log10(times))])


@bank.item("predict", 1)
def exact_subtraction(rng):
    a, b = rng.choice([
        lambda: (rng.randint(200, 900) / 7, rng.choice([0.6, 0.75, 1.3])),
        lambda: (rng.randint(200, 900) / 7, rng.choice([0.013, 0.0021, 0.17])),
        lambda: (float(rng.randint(10**12, 10**13)), 0.001)])()
    b = float(round(a * b)) if a > 1e9 else a * b
    exact = Fraction(a - b) == Fraction(a) - Fraction(b)
    near = a / 2 <= b <= 2 * a
    if exact != (near or a > 1e9):
        raise Collision("the subtraction is exact by chance")
    shown = (whole(a), whole(b)) if a > 1e9 else (f"{a:.6g}…", f"{b:.6g}…")
    return among(
        rng, f"Two stored float64 numbers are a = {shown[0]} and b = {shown[1]}"
        f"{'' if a > 1e9 else ', with digits to the last bit'}. What is true of the error that the "
        "subtraction a − b itself makes?",
        [("None: b lies between a/2 and 2a", "each difference of floats is exact"),
         ("Up to 1 u: the result is rounded", "each operation rounds"),
         ("None: both are whole, and below 2⁵³", "only whole numbers are exact"),
         ("Far above 1 u: equal digits are lost", "a subtraction makes the error that it shows")],
        2 if a > 1e9 else 0 if near else 1,
        f"By Sterbenz's lemma the difference of floats within a factor of 2 is a float, and whole "
        f"numbers below 2⁵³ are floats. With fractions, a − b = {a - b:.8g} is "
        f"{'exact' if exact else 'rounded'} here.")


@bank.item("read", 1)
def trace_roots(rng):
    return who(rng, traced.roots_apart, float(rng.randint(11, 99) * 10 ** rng.randint(6, 10)))


@bank.item("read", 1)
def trace_small_root(rng):
    b = float(rng.randint(2, 9) * 10 ** rng.randint(4, 6))
    return left(traced.small_root, 1.0, b, float(rng.randint(1, 9)),
                hint="The square root is right to all of its digits.")


@bank.item("cost", 3)
def variance_cost(rng):
    n = rng.randint(12, 60) * 5
    x = np.arange(1.0, n + 1)
    return loops.counted(f"This loop returns the variance of {n} numbers.", loops.two_pass, (x,),
                         f"About n for the mean and 4n for the squares: 5n = {5 * n}.")


@bank.item("cost", 4)
def taylor_terms(rng):
    x = Fraction(1, rng.choice([8, 10, 16, 20, 25, 40]))
    digits = rng.choice([8, 10, 12, 14])
    terms, term = 1, Fraction(1, 2)
    while term * x * x / ((2 * terms + 1) * (2 * terms + 2)) > Fraction(1, 2 * 10**digits):
        term = term * x * x / ((2 * terms + 1) * (2 * terms + 2))
        terms += 1
    return fill(f"(1 − cos x)/x² = 1/2 − x²/24 + x⁴/720 − x⁶/40320 + … is wanted at x = {x} with a "
                f"relative error of at most {sci(10.0**-digits)}. How many terms of the series are "
                "enough? (The error is below the first term left out; take 1/2 for the value.)",
                terms, "The first term left out, "
                       f"{sci(float(term * x * x) / (2 * terms + 1) / (2 * terms + 2))}, "
                f"is below half of {sci(10.0**-digits)}.")
