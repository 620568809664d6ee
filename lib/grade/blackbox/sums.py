"""Three families of numbers in a line: the order of a sum, a switch of formulas, a first step."""

import math
from fractions import Fraction

import mpmath
import numpy as np

from lib.grade.blackbox.families import Family, floats, number, relative

# --- floating_point: the order in which thirty numbers are added ----------------------------------

MANY = 30
LARGE = 2.0**54  # beside it 1 is lost, and 2 as well
GIVEN = sorted([LARGE, -LARGE, *[1.0] * (MANY - 2)])


def _order(rng):
    order = rng.permutation(MANY).tolist()
    return order, f"It adds the numbers at these places, counted from 0: {order}."


def _added(order, x):
    total = 0.0
    for place in order:
        total += x[place]
    return total


ORDER = Family(
    "the order of a sum",
    "A routine adds 30 numbers one after another, in float64, in an order of its own that is "
    "always the same. A query is a list of any 30 finite numbers, the answer their sum. Hand in "
    "2**54, -2**54 and 28 times 1.0, in such places that it returns 0 in place of 28.",
    _order, lambda given: floats(given, MANY), _added,
    lambda found, x: relative(found, sum(map(Fraction, x))), 0.99,
    {"2**54, -2**54 and 28 times 1": lambda x: sorted(x) == GIVEN})


# --- cancellation: between two good formulas, one that cancels ------------------------------------

NARROW = 0.012  # decades: from where to where the formula is used as it is written


def _window(rng):
    low = 10 ** rng.uniform(-6.4, -4.7)
    high = low * 10**NARROW
    return (low, high), (f"It computes as written for |x| from {low:.6g} to {high:.6g}, below "
                         "that it returns the limit 1/2, above it does not cancel.")


def _switched(window, x):
    low, high = window
    if abs(x) < low:
        return 0.5
    return (1 - math.cos(x)) / x**2 if abs(x) <= high else 2 * (math.sin(x / 2) / x) ** 2


def _versine(x):
    with mpmath.workdps(60):
        return float(2 * (mpmath.sin(mpmath.mpf(x) / 2) / x) ** 2)


SWITCH = Family(
    "a switch of formulas",
    "A routine returns (1 - cos x) / x**2, in float64, by one formula or another: which one, the "
    "size of x decides. A query is one x, the answer a number. Hand in an x from 1e-8 to 1 of "
    "which it gets fewer than eight digits: the relative error is above 1e-8.",
    _window, number, _switched, lambda found, x: relative(found, _versine(x)), 1e-8,
    {"1e-8 <= x <= 1": lambda x: 1e-8 <= x <= 1})


# --- quadrature: a step that doubles until two values agree ---------------------------------------

RULES = ("trapezoidal", "midpoint", "Simpson")
FREQUENCY, LAST = 20_000, 12_000
DOUBLINGS = 9


def _stepping(rng):
    rule, first = RULES[rng.integers(3)], int(rng.integers(300, 1201))
    tolerance = 10 ** rng.uniform(-6, -3)
    return (rule, first, tolerance), (
        f"It takes the {rule} rule with {first} intervals, doubled until two values differ by at "
        f"most {tolerance:.2g}.")


def panels(rule, n, frequency):
    """Return a rule on n intervals for 1 + cos(2 pi frequency x) from 0 to 1.

    Examples
    --------
    >>> panels("trapezoidal", 8, 8.0), panels("midpoint", 8, 8.0)
    (2.0, 0.0)
    """
    if rule == "Simpson":
        return (4 * panels(RULES[0], 2 * n, frequency) - panels(RULES[0], n, frequency)) / 3
    shift = 0.5 if rule == "midpoint" else 0.0
    x = (np.arange(n + (shift == 0)) + shift) / n
    y = 1 + np.cos(2 * np.pi * ((frequency * x) % 1))
    return float((np.sum(y) - (0 if shift else (y[0] + y[-1]) / 2)) / n)


def _doubled(member, frequency):
    rule, n, tolerance = member
    before, value = math.inf, panels(rule, n, frequency)
    for _ in range(DOUBLINGS):
        if abs(value - before) <= tolerance:
            break
        n *= 2
        before, value = value, panels(rule, n, frequency)
    return value


def _frequency(given):
    value = number(given)
    if abs(value) > FREQUENCY:
        raise ValueError(f"the frequency is at most {FREQUENCY}")
    return value


def _integral(k):
    return 1 + float(np.sinc(2 * k)) if k % 1 else 1.0 if k else 2.0


STEP = Family(
    "a step that doubles",
    "A routine integrates 1 + cos(2 pi k x) from 0 to 1, by one of the trapezoidal, the midpoint "
    "and Simpson's rule with equal steps. It doubles its intervals until two values agree; rule, "
    "first number and tolerance are its own. A query is a real frequency k, up to 20000. Hand in a "
    "whole number k from 1 to 12000 of which it gets no digit: the integral is 1.",
    _stepping, _frequency, _doubled, lambda found, k: relative(found, _integral(k)), 0.3,
    {f"a whole number from 1 to {LAST}": lambda k: k % 1 == 0 and 1 <= k <= LAST})

SUMS = {"floating_point": ORDER, "cancellation": SWITCH, "quadrature": STEP}
