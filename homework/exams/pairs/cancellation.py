"""Two answers to judge, on cancellation."""

import math

import mpmath
import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import num, sci
from lib.numbers import relative_error

bank = Bank("cancellation")


@bank.item("judge", 3)
def two_gaps(rng):
    x = rng.randint(15, 99) * 10.0 ** rng.choice([-9, -1, 160])
    with np.errstate(all="ignore"):
        square = np.float64(x) * x
        naive = float(np.sqrt(1 + square) - 1)
        rewritten = float(square / (np.sqrt(1 + square) + 1))
    with mpmath.workdps(60):
        exact = float(mpmath.sqrt(1 + mpmath.mpf(x) ** 2) - 1) if x < 1e100 else x
    right = [relative_error(one, exact) < 1e-12 for one in (naive, rewritten)]
    return weigh(
        rng, f"For x = {sci(x)} two programs compute √(1 + x²) − 1 in float64; twelve digits are "
        "wanted.", f"sqrt(1 + x*x) - 1            {naive:.11e}",
        f"x*x / (sqrt(1 + x*x) + 1)    {rewritten:.11e}",
        [("@2: @1 subtracts numbers that nearly agree", "a subtraction always loses digits"),
         ("Either: in both formulas nothing cancels here",
          "equal in mathematics is equal in floats"),
         ("Neither: in both of them x² leaves the range", "an extreme argument overflows"),
         ("@1: fewer operations make a smaller error", "more operations mean more error")],
        verdict(*right), f"The exact value is {exact:.6e}. Rounding 1 + x² makes an error of up "
        f"to u (1 + x²) under the root, beside a gap of {sci(exact)}; and x² must stay below "
        "1.8 × 10³⁰⁸.")


def roots(b, c):
    """Return the smaller root of x² + b x + c by the school formula, by the other root, exactly."""
    root = math.sqrt(b * b - 4 * c)
    school, other = (root - b) / 2, c / ((-b - root) / 2)
    with mpmath.workdps(60):
        exact = (mpmath.sqrt(mpmath.mpf(b) ** 2 - 4 * mpmath.mpf(c)) - b) / 2
    return school, other, float(exact)


@bank.item("judge", 5)
def two_roots(rng):
    case = rng.randrange(3)
    b = [rng.randint(11, 99) * 10.0**6, float(rng.randint(7, 12)), rng.randint(21, 99) / 10][case]
    c = float(rng.randint(4, 9)) if case < 2 else round(b * b / 4 - rng.randint(2, 9) * 1e-9, 9)
    school, other, exact = roots(b, c)
    errors = [relative_error(one, exact) for one in (school, other)]
    if verdict(*(one < 1e-12 for one in errors)) != case:
        raise Collision("rounding is kind")
    return weigh(
        rng, f"The root of smaller size of x² + {num(b)} x + {num(c) if case < 2 else c} = 0 is "
        "wanted to twelve digits; the coefficients are exact, √(b² − 4c) is computed in float64.",
        f"(√(b² − 4c) − b)/2:       {school:.11e}", f"c through the other root:  {other:.11e}",
        [("@2: in @1 b and the square root nearly cancel",
          "the school formula always loses digits"),
         ("Either: b² and 4c are of one size and far from equal",
          "equal in mathematics is equal in floats"),
         ("Neither: b² and 4c nearly agree, so the root is off",
          "failure is the problem's fault"),
         ("@1: the other root is rounded, and @2 divides by it",
          "a result made from a rounded one is worse")],
        case, f"b² = {sci(b * b, 3)}, 4c = {sci(4 * c, 3)}. The root is {exact:.8e}; "
        f"the errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")


@bank.item("judge", 5)
def two_variances(rng):
    shift = float(rng.choice([10 ** rng.randint(7, 8), rng.randint(1, 9), 10 ** 17]))
    source = np.random.default_rng(rng.randrange(10**6))
    scatter = np.round(source.normal(size=50) * rng.choice([0.1, 0.2, 0.4]), 4)
    x = shift + scatter
    one = float(np.mean(x * x) - np.mean(x) ** 2)
    two = float(np.mean((x - shift) ** 2) - np.mean(x - shift) ** 2)
    right = float(np.var(scatter))
    good = [relative_error(value, right) < 1e-3 for value in (one, two)]
    if good[0] and not relative_error(one, right) < 1e-9:
        raise Collision("on the border")
    return weigh(
        rng, f"Fifty readings near {sci(shift)} scatter by less than 2 and are stored in float64. "
        "Their variance is wanted to three digits, and computed as mean(x²) − mean(x)².",
        f"of the readings as stored:        {one:.4g}",
        f"of the readings minus {sci(shift)}:  {two:.4g}",
        [("@2: in @1 large squares cancel, in @2 small ones",
          "a variance by squares always fails"),
         ("Either: the squares are as small as the variance",
          "equal in mathematics is equal in floats"),
         ("Neither: the readings lost their scatter when stored",
          "what fails in one formula was lost in the data"),
         ("@1: a shift changes the data, and so the variance", "a shift changes the spread")],
        verdict(*good), f"The gap between floats is {sci(float(np.spacing(shift)))} at the "
        f"readings and {sci(float(np.spacing(shift**2)))} at their squares; the scatter had the "
        f"variance {right:.4g}.")
