"""Two answers to judge, on stiff equations."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci, whole
from lib.calculus import dormand_prince, explicit_euler, implicit_euler, stability_function

bank = Bank("stiff_equations")


def counted(rate, wave):
    """Return the steps that a controlled explicit method takes at two tolerances."""
    def f(t, y):
        return -rate * (y - np.cos(wave * t))
    return [len(dormand_prince(f, np.array([1.0]), (0.0, 2.0), rtol=tol, atol=tol).t) - 1
            for tol in (1e-6, 1e-2)]


@bank.item("judge", 2)
def two_tolerances(rng):
    case = rng.randrange(3)
    stiff = [(100 * rate, 1) for rate in rng.sample([5, 6, 7, 8, 9], 2)]
    smooth = [(1, wave) for wave in rng.sample(range(25, 60), 2)]
    pair = [(smooth[0], stiff[0]), stiff, smooth][case]
    taken = [counted(*one) for one in pair]
    ratios = [fine / coarse for fine, coarse in taken]
    if any(1.5 < ratio < 3 for ratio in ratios):
        raise Collision("neither is clearly stiff")
    return weigh(
        rng, "An explicit method with a step control of order 5 solves two equations with the "
        "tolerances 10⁻⁶ and 10⁻². An implicit method is to be bought for what is stiff.",
        f"{whole(taken[0][0])} steps and {whole(taken[0][1])} steps",
        f"{whole(taken[1][0])} steps and {whole(taken[1][1])} steps",
        [("@2: a looser tolerance saves it no steps, but saves @1 many",
          "the equation of the most steps is the stiff one"),
         ("Either: a looser tolerance saves no steps in both of them",
          "many steps are stiffness"),
         ("Neither: a looser tolerance saves many steps in both",
          "stiffness shows in the solution, not in steps"),
         ("@1: it is the one that answers most to a tolerance",
          "a stiff equation is one that reacts")],
        verdict(*(ratio < 1.5 for ratio in ratios)),
        "Where accuracy sets the steps, 10⁴ in the tolerance is up to 10⁴ to the power 1/5 = 6.3 "
        f"in the steps, where stability sets them nearly nothing: {ratios[0]:.1f} for @1 and "
        f"{ratios[1]:.1f} for @2.", ask="Which one is stiff, and why?")


TWO_METHODS = (
    ("@2: it damps at any step, @1 only at one below 2/rate",
     "an explicit method is never to be used"),
    ("Either: the step is below 2/rate, and short for cos t",
     "the size of a step is a matter of accuracy only"),
    ("Neither: both have order 1, with steps too long for that",
     "a stable method is an accurate one"),
    ("@1: it need not solve an equation for the new value",
     "implicit steps are inexact"),
)


@bank.item("judge", 3)
def two_methods(rng):
    case = rng.randrange(3)
    rate = [100 * rng.randint(5, 20), rng.randint(5, 20), rng.randint(5, 20)][case]
    n, wanted = rng.randint(20, 60) * (1 if case == 0 else 5), (1e-7 if case == 2 else 0.02)
    def f(t, y):
        return -rate * (y - np.cos(t))
    def jacobian(t, y):
        return np.array([[-float(rate)]])
    y0, span = np.array([1.0]), (0.0, 1.0)
    with np.errstate(all="ignore"):
        ends = [explicit_euler(f, y0, span, n).y[-1, 0],
                implicit_euler(f, jacobian, y0, span, n).y[-1, 0]]
    a = rate * rate / (1 + rate * rate)
    exact = a * math.cos(1) + a / rate * math.sin(1) + (1 - a) * math.exp(-rate)
    errors = [abs(end - exact) for end in ends]
    if verdict(*(error < wanted for error in errors)) != case:
        raise Collision("a method is lucky")
    return weigh(
        rng, f"y' = −{rate} (y − cos t), y(0) = 1, until t = 1 with {n} equal steps; the solution "
        f"is nearly as smooth as cos t, and wanted within {sci(wanted, 1)}.",
        f"explicit Euler: {ends[0]:.8g}", f"implicit Euler: {ends[1]:.8g}",
        TWO_METHODS,
        case, f"2/{rate} = {sci(2 / rate)}, and the step is {sci(1 / n)}. The exact value is "
        f"{exact:.8f}; the errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")


@bank.item("judge", 4)
def growing(rng):
    case, rate = rng.randrange(3), rng.randint(1, 4)
    large = [one / rate for one in rng.sample([3.0, 4.0, 5.0], 2)]
    small = [one / rate for one in rng.sample([0.02, 0.03, 0.04], 2)]
    steps = [(large[0], small[0]), small, large][case]
    factors = [float(stability_function("implicit_euler")(h * rate)) for h in steps]
    good = [abs(R / math.exp(h * rate) - 1) < 0.01 for R, h in zip(factors, steps, strict=True)]
    assert all((abs(R) > 1) == one for R, one in zip(factors, good, strict=True))
    return weigh(
        rng, f"y' = {f'{rate} y' if rate > 1 else 'y'} grows; implicit Euler is asked whether it "
        "does, and how fast.",
        f"step {steps[0]:.3g}: y is multiplied by {factors[0]:.3f} in each step",
        f"step {steps[1]:.3g}: y is multiplied by {factors[1]:.3f} in each step",
        [("@2: its step is short beside 1/rate; @1 damps what grows",
          "the shorter step is always needed"),
         ("Either: both of the steps are short beside 1/rate",
          "an implicit method follows any solution"),
         ("Neither: both of the steps damp what in truth grows",
          "an implicit method never follows what grows"),
         ("@1: it is stable, and takes the fewest steps of both",
          "stability is accuracy")],
        verdict(*good), f"1/(1 − h·{rate}) against e to the power h·{rate}: "
        + " and ".join(f"{R:.3f} against {math.exp(h * rate):.3f}"
                       for R, h in zip(factors, steps, strict=True)) + ", for @1 and @2.")
