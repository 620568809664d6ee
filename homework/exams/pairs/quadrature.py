"""Two answers to judge, on integrals."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.calculus import adaptive, clenshaw_curtis, gauss_legendre, simpson, trapezoid

bank = Bank("quadrature")


NARROW_PEAK = (
    ("@2: the samples of @1 met no peak, and its estimate none",
     "a rule on a long range always misses a peak"),
    ("@1: the range of @2 is short and leaves out part of it",
     "tolerance and range find all there is"),
    ("Either: the samples of both have met all of the bell",
     "two answers that are near each other are both right"),
    ("@1: only it tells its error, and the error is small",
     "an error estimate is a bound"),
)


@bank.item("judge", 1)
def narrow_peak(rng):
    case = rng.randrange(3)
    centre = rng.randint(300, 700) + rng.randint(1, 9) / 10
    width, half = [(0.01, 1), (20, rng.choice([15, 20, 30])), (20, 200)][case]
    def peak(x):
        return np.exp(-0.5 * ((x - centre) / width) ** 2) / (width * math.sqrt(2 * math.pi))
    everywhere = adaptive(peak, 0.0, 1000.0)
    cut = (adaptive(peak, centre - half, centre).value
           + adaptive(peak, centre, centre + half).value)
    good = [abs(value - 1) < 1e-4 for value in (everywhere.value, cut)]
    if good != [case > 0, case != 1]:
        raise Collision("the peak was met, or missed")
    return weigh(
        rng, f"The integral from 0 to 1000 of a bell of width {width:g} around {centre:g}, which "
        "is nearly 0 beyond five widths.",
        f"adaptive rule on [0, 1000]: {everywhere.value:.4g}, claimed error "
        f"{everywhere.error:.1g}",
        f"adaptive rule on [{centre - half:g}, {centre + half:g}], cut at {centre:g}: {cut:.4g}",
        NARROW_PEAK,
        case, f"The integral is 1. Two functions with equal values at the points asked get the "
        f"same answer; five widths are {5 * width:g}.")


KINK = (
    ("@2: on each side of its cut the function is a line",
     "a cut always makes a rule better"),
    ("Either: on all of [0, 1] the function is a line",
     "a rule of high order bears any function"),
    ("Neither: in both the kink lies inside of a piece",
     "one kink spoils every rule, with a cut or without"),
    ("@1: one rule of high order beats two of lower order",
     "a high order is a small error"),
)


@bank.item("judge", 2)
def kink(rng):
    case, c, n = rng.randrange(3), rng.randint(31, 69) / 100, rng.choice([8, 12, 16])
    if abs(c - 0.5) < 0.04:
        raise Collision("the kink is in the middle")
    at, cut = [(c, c), (-c, c), (c, 0.5)][case]
    def bent(x):
        return np.abs(x - at)
    exact = at * at - at + 0.5 if at > 0 else 0.5 - at
    one = gauss_legendre(bent, 0.0, 1.0, n)
    two = gauss_legendre(bent, 0.0, cut, n // 2) + gauss_legendre(bent, cut, 1.0, n // 2)
    errors = [abs(value - exact) for value in (one, two)]
    if verdict(*(error < 1e-12 for error in errors)) != case or any(
            1e-14 < error < 1e-6 for error in errors):
        raise Collision("the rule is lucky")
    return weigh(
        rng, f"The integral of |x {'−' if at > 0 else '+'} {c:g}| from 0 to 1 is wanted to ten "
        f"digits, by Gauss's rule with {n} points in all.", f"on [0, 1] at once:       {one:.8f}",
        f"cut at {cut:g}, {n // 2} points each: {two:.8f}",
        KINK,
        case, f"The integral is {exact:.8f}; the errors are {sci(errors[0], 1)} for @1 and "
        f"{sci(errors[1], 1)} for @2. A polynomial of low degree is integrated exactly.")


@bank.item("judge", 2)
def period(rng):
    case, n, a = rng.randrange(3), rng.choice([12, 16, 20]), rng.randint(5, 15) / 10
    def wave(x):
        return np.abs(np.sin(x + a / 10)) if case == 2 else np.exp(a * np.cos(x))
    end = math.pi / 2 if case == 1 else 2 * math.pi
    told = [f"exp({a:g} cos x) over its whole period 2π",
            f"exp({a:g} cos x) over a quarter of its period, 0 to π/2",
            f"|sin(x + {a / 10:g})| over 0 to 2π"][case]
    fine = 4.0 if case == 2 else clenshaw_curtis(wave, 0.0, end, 200)
    errors = [abs(rule(wave, 0.0, end, n) - fine) for rule in (simpson, trapezoid)]
    if [errors[0] < 100 * errors[1] or errors[1] > 1e-6, errors[1] < 10 * errors[0],
            min(errors) < 1e-4][case]:
        raise Collision("a rule is lucky")
    return weigh(
        rng, f"The integral of {told}, with {n} equal steps, is wanted to "
        f"{[6, 3, 6][case]} digits.",
        "Simpson's rule, of order 4", "trapezoidal rule, of order 2",
        [("@2: over whole periods equal weights miss high waves only",
          "equal weights are always the best"),
         ("@1: the ends do not match, and so the order decides",
          "a higher order is always a smaller error"),
         ("Neither: kinks lie between the points, whatever the rule",
          "six digits always take Gauss's rule"),
         ("Either: both use the same points, so they know the same",
          "the points alone decide")],
        case, f"The errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")
