"""Two answers to judge, on root finding."""

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.calculus import bisect, newton

bank = Bank("root_finding")


@bank.item("judge", 2)
def two_stops(rng):
    case = rng.randrange(3)
    wanted = rng.choice([1e-3, 1e-4, 1e-5])
    q = rng.choice([0.1, 0.2, 0.3]) if case == 1 else rng.choice([0.9, 0.95, 0.98])
    step, wide = wanted * rng.choice([0.5, 0.8, 1.0]), wanted * (30 if case == 2 else 1)
    cube = float(rng.randint(2, 9))
    found = bisect(lambda x: x**3 - cube, 0.0, 3.0, tol=wide)
    errors = q / (1 - q) * step, found.error
    if verdict(*(error <= wanted for error in errors)) != case or abs(
            found.root - cube ** (1 / 3)) > found.error:
        raise Collision("the bracket is short")
    return weigh(
        rng, f"A root is wanted within {sci(wanted, 1)}; two searches have stopped.",
        f"last step {sci(step, 1)}; each step was {q:g} times the one before",
        f"last bracket of half width {sci(found.error)}, f continuous with opposite signs",
        [("@2: its bracket bounds the error; the steps of @1 shrink slowly",
          "only a bracket tells of an error"),
         ("Either: the steps of @1 shrink fast, and @2 has a short bracket",
          "all small numbers are errors"),
         ("Neither: steps of @1 shrink slowly, and @2 has a wide bracket",
          "only f = 0 proves a root"),
         ("@1: its last step is at most as long as what is wanted",
          "the last step is the error")],
        case, f"With the ratio q the error left is q/(1 − q) times the step: {sci(errors[0])} for "
        f"@1. For @2 it is at most the half width, {sci(errors[1])}.")


@bank.item("judge", 2)
def small_values(rng):
    case = rng.randrange(3)
    good = [10.0 ** -rng.randint(8, 10) for _ in range(2)]
    bad = [10.0 ** rng.randint(-2, 1) for _ in range(2)]
    away = [(bad[0], good[1]), tuple(good), tuple(bad)][case]
    slopes = 10.0 ** -rng.randint(9, 12), 10.0 ** rng.randint(3, 6)
    values = [far * slope * rng.randint(2, 9) for far, slope in zip(away, slopes, strict=True)]
    ratios = [value / slope for value, slope in zip(values, slopes, strict=True)]
    return weigh(
        rng, "Two functions, each nearly a line, and for each a point where a search has stopped; "
        "the root is wanted within 10⁻⁶.",
        f"f = {sci(values[0])}, slope {sci(slopes[0], 1)}",
        f"f = {sci(values[1])}, slope {sci(slopes[1], 1)}",
        [("@2: f over the slope is below what is wanted, for @1 not",
          "a steep function has the better root"),
         ("Either: f over the slope is below what is wanted in both",
          "two small values are two small errors"),
         ("Neither: f over the slope is above what is wanted in both",
          "without the root nothing is known of the error"),
         ("@1: its f is far smaller, so it lies far nearer to 0",
          "a small value is a small error")],
        verdict(*(ratio < 1e-6 for ratio in ratios)),
        f"|f/f'| is {sci(ratios[0])} for @1 and {sci(ratios[1])} for @2: the error near a simple "
        "root.", ask="Which point do you ship, and why?")


RUN_AWAY = (
    ("@2: the points of @1 run away, and a bracket keeps them",
     "Newton's method without a bracket always runs away"),
    ("Either: the points of @1 come in, with digits that double",
     "digits double from every start"),
    ("@1: without a change of sign there is no bracket for @2",
     "a bracket never helps"),
    ("@1: each halving of @2 is slow, and costs some digits",
     "safety costs accuracy"),
)


@bank.item("judge", 5)
def run_away(rng):
    case = rng.randrange(3)
    a = [rng.randint(14, 30), rng.randint(5, 10), rng.randint(14, 30)][case] / 10
    touch = rng.randint(2, 6) / 10
    def f(x):
        return (x - touch) ** 2 if case == 2 else np.arctan(x)
    def slope(x):
        return 2 * (x - touch) if case == 2 else 1 / (1 + x * x)
    path = newton(f, slope, a, maxiter=4).iterates
    right = 2 if f(-a) * f(a) > 0 else 0 if abs(path[-1]) > a else 1
    assert right == case
    told = ["a smooth increasing function that changes its sign", "a smooth increasing function "
            "that changes its sign", "a smooth function that touches 0 and is positive elsewhere"]
    return weigh(
        rng, f"The root of {told[case]} is wanted, somewhere in [−{a:g}, {a:g}]; two searches.",
        f"Newton's method from {a:g}; its points: "
        + ", ".join(f"{x:.4f}" for x in path[:4]),
        "Newton's method inside a bracket: a step that leaves it is replaced by a halving",
        RUN_AWAY,
        case, f"The last of the points of @1 is {sci(abs(path[3] - (touch if case == 2 else 0)))} "
        f"from the root, the first {abs(a - (touch if case == 2 else 0)):g}"
        + (". Near a double root each step halves the distance." if case == 2 else "."))
