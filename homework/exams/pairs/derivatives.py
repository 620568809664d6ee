"""Two answers to judge, on derivatives."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.gradients import check_gradient, grad

bank = Bank("derivatives")


@bank.item("judge", 1)
def two_steps(rng):
    case, x, a = rng.randrange(3), rng.randint(5, 25) / 10, rng.randint(2, 9)
    def f(t):
        return np.sin(t) if case < 2 else a * t + 1 / 3
    exact = float(np.cos(x)) if case < 2 else float(a)
    other, good = [10.0 ** -rng.randint(12, 14), 10.0 ** -rng.randint(1, 3), 1.0][case], 1e-8
    values = [float((f(x + h) - f(x)) / h) for h in (other, good)]
    errors = [abs(value - exact) / abs(exact) for value in values]
    if abs(exact) < 0.1 or not (10 * errors[1] < errors[0] if case < 2 else
                                10 * errors[0] < errors[1]):
        raise Collision("no clear difference")
    told = f"sin at {x:g}" if case < 2 else f"{a} t + 1/3 at t = {x:g}"
    return weigh(
        rng, f"The slope of {told} by a forward difference in float64 (u = 1.1 × 10⁻¹⁶).",
        f"h = {sci(other, 1)}: {values[0]:.10f}", f"h = {sci(good, 1)}: {values[1]:.10f}",
        [("@2: in @1 the rounding of f is divided by a tiny h",
          "a larger step is always the better one"),
         ("@2: in @1 the function bends over its long step",
          "a smaller step is always the better one"),
         ("@1: a line does not bend, so a long step is best",
          "the longest step shows the slope best"),
         ("Either: they agree in most of the digits shown",
          "two answers that are near each other are both right")],
        case, f"Truncation is about h |f''|/2, rounding up to about 2u |f|/h. The slope is "
        f"{exact:.8f}; the errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")


def quotients(f, x, h):
    """Return the forward differences of f at x in each direction."""
    return np.array([(f(x + h * one) - f(x)) / h for one in np.eye(len(x))])


TWO_GRADIENTS = (
    ("@2: only its misfit is small beside the gradient",
     "the smaller misfit is that of a right gradient"),
    ("Either: the misfit of each is small beside the gradient",
     "a misfit is always the fault of the differences"),
    ("Neither: the misfit of each has the size of the gradient",
     "a misfit that is not 0 is a wrong gradient"),
    ("@1: a larger misfit is only the rounding of differences",
     "a large misfit is rounding of the differences"),
)


@bank.item("judge", 5)
def two_gradients(rng):
    case, scale = rng.randrange(3), 10.0 ** rng.choice([-7, -6, 3, 5])
    x = np.array([0.5, 1.5])
    def f(t):
        return scale * (t[0] * t[0] + 3 * t[1])
    right = grad(f)(x)
    factors = [(rng.choice([-1, 0.5, 2]), 1), (1, 1), rng.sample([-1, 0.5, 2], 2)][case]
    source = np.random.default_rng(rng.randrange(10**6))
    checks = [check_gradient(f, lambda t, g=factor * right: g, x, source) for factor in factors]
    assert verdict(*(one.passed for one in checks)) == case
    misfits = [float(np.max(np.abs(factor * right - quotients(f, x, h))))
               for factor, h in zip(factors, rng.sample([1e-6, 1e-7, 1e-8], 2), strict=True)]
    size = float(np.max(np.abs(right)))
    return weigh(
        rng, f"A gradient of size {sci(size, 1)} is to be programmed. Two candidates are compared "
        "with forward differences of some steps, which are right to about six digits.",
        f"largest misfit {sci(misfits[0], 1)}", f"largest misfit {sci(misfits[1], 1)}",
        TWO_GRADIENTS,
        case, f"Over {sci(size, 1)} the misfits are {sci(misfits[0] / size, 1)} for @1 and "
        f"{sci(misfits[1] / size, 1)} for @2: a tolerance needs the unit of the slope. lib's check "
        "says the same.")


def slope_of_where(x, inner):
    """Return what a backward sweep gives for where(x > 0, sqrt(where(x > 0, x, inner)), 0)."""
    held = np.float64(x if inner is None or x > 0 else inner)
    with np.errstate(all="ignore"):
        slope = float(x > 0) * (0.5 / np.sqrt(held))
    return float(slope if inner is None else slope * float(x > 0))


@bank.item("judge", 4)
def masked(rng):
    case, size = rng.randrange(3), rng.randint(1, 18) / 2
    x, inner = (size if case == 1 else -size), (0 if case == 2 else 1)
    slopes = slope_of_where(x, None), slope_of_where(x, inner)
    right = verdict(*map(math.isfinite, slopes))
    assert right == case
    return weigh(
        rng, f"The loss takes √x where x > 0, else 0; it is differentiated backwards at x = {x:g}.",
        "where(x > 0, sqrt(x), 0)", f"where(x > 0, sqrt(where(x > 0, x, {inner})), 0)",
        [("@2: no slope that is nan or inf meets the 0 of its mask",
          "a mask inside is always needed, or always enough"),
         ("Either: at this x the branch taken has a finite slope",
          "what is masked is not computed"),
         ("Neither: in both a slope nan or inf meets the mask's 0",
          "a kink at one point spoils all others"),
         ("@1: it masks the value, and so it masks the slope as well",
          "a right value has a right slope")],
        right, "The sweep multiplies the slope of √ by the 0 or 1 of each mask, and 0 times nan or "
        f"inf is nan. The slopes are {slopes[0]:.3g} for @1 and {slopes[1]:.3g} for @2.")
