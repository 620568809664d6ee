"""Two answers to judge, on gradient descent."""

import itertools

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.gradients import adam, gradient_descent
from lib.numbers import condition

bank = Bank("gradient_descent")


def after(curvatures, step, count, method=gradient_descent, **options):
    """Return where descent on a bowl is after so many steps from ones."""
    curvatures = np.array(curvatures, float)
    path = method(lambda x: curvatures * x, np.ones(len(curvatures)), step, **options)
    last = next(itertools.islice(path, count, None))
    return np.asarray(getattr(last, "x", last), float)


@bank.item("judge", 1)
def two_step_sizes(rng):
    case, steep = rng.randrange(3), 10 * rng.randint(5, 20)
    large, small = [(2.6, 1.6), (1.8, 0.2), (2.9, 2.3)][case]
    far, near = (after([1, steep], times / steep, 30) for times in (large, small))
    lost = [float(np.max(np.abs(x))) for x in (far, near)]
    assert [lost[0] > 1 > lost[1], lost[0] < lost[1] < 1, min(lost) > 1][case]
    return weigh(
        rng, f"A loss with curvatures 1 and {steep}, gradient descent from (1, 1) to (0, 0).",
        f"step {large / steep:.3g}: after 30 steps ({far[0]:.3f}, {sci(far[1], 1)})",
        f"step {small / steep:.3g}: after 30 steps ({near[0]:.3f}, {sci(near[1], 1)})",
        [(f"@2: the step of @1 is above 2/{steep}, its own is below",
          "the smaller step always wins"),
         (f"@1: both steps are below 2/{steep}, and the larger is faster",
          "the larger step always wins"),
         (f"Neither: both steps are above 2/{steep}, one only by less",
          "what is slow at first diverges in the end"),
         ("Either: both of the steps are far below 1, which is enough",
          "a small step always converges")],
        case, f"In the steep direction a step multiplies by 1 − step · {steep}: {1 - large:.1f} "
        f"for @1 and {1 - small:.1f} for @2; in the flat one by {1 - large / steep:.3f} and "
        f"{1 - small / steep:.3f}.", ask="Which one do you go on with, and why?")


@bank.item("judge", 4)
def raw_or_scaled(rng):
    case, offset = rng.randrange(3), rng.randint(10, 90)
    x = np.arange(20.0) + offset
    even = (x - x.mean()) / x.std()
    start = even + rng.choice([-0.05, 0.05]) if case == 1 else x
    kappas = [condition(np.column_stack([np.ones(20), one])) ** 2 for one in (start, even)]
    told = f"x from {start[0]:.4g} to {start[-1]:.4g}, by " + (
        "Householder's QR in float64, to six digits" if case == 2 else "gradient descent")
    right = 2 if case == 2 else 0 if kappas[0] > 100 else 1
    assert right == case and kappas[0] < 1e8
    return weigh(
        rng, f"A line is fitted to 20 points with {told}.",
        f"features 1 and x:               κ of the Hessian {sci(kappas[0])}",
        f"features 1 and (x − mean)/std:  κ of the Hessian {sci(kappas[1])}",
        [("@2: the line is the same, and steps grow with κ",
          "features must always be standardised"),
         ("Either: x is nearly standardised as it comes",
          "the way to the minimum costs nothing"),
         ("Either: a factorisation takes no steps, and u is tiny",
          "a method without steps is needed for each fit"),
         ("@1: to scale x would change the line that is fitted",
          "centring changes the model")],
        right, "Centring makes the columns orthogonal, scaling makes them of one length; both "
        "leave the fitted line as it is. Steps of descent grow in proportion to κ; a "
        "factorisation loses at most κ(Hessian) u.")


FIRST_STEP = (
    ("@2: @1 leaps beyond the minimum, farther each time",
     "gradient descent always needs a smaller step"),
    ("Either: the step of each suits this curvature",
     "methods that use the gradient move alike"),
    ("@2: @1 hardly moves, for its gradients are tiny",
     "gradient descent is always the slower one"),
    ("@1: its steps know the curvature, those of @2 do not",
     "the gradient is the distance to the minimum"),
)


@bank.item("judge", 5)
def first_step(rng):
    case, step = rng.randrange(3), 0.01
    scale = [10.0 ** rng.randint(3, 6), float(rng.randint(2, 40)), 10.0 ** -rng.randint(3, 6)][case]
    methods = gradient_descent, adam
    ends = [after([scale], step, 400, method)[0] if scale * step < 2 or method is adam else np.inf
            for method in methods]
    moved = [float(1 - after([scale], step, 1, method)[0]) for method in methods]
    good = [abs(end) < 0.1 for end in ends]
    if verdict(*good) != (1 if case == 1 else 0):
        raise Collision("neither arrives")
    return weigh(
        rng, f"A loss {sci(scale)} w²/2, whose unit somebody has changed; from w = 1, with the "
        f"step {step:g}, the minimum is to be near after 400 steps.",
        f"gradient descent; its first step moves w by {sci(moved[0])}",
        f"Adam; its first step moves w by {sci(moved[1])}",
        FIRST_STEP,
        case, f"Gradient descent multiplies w by 1 − {step:g} · {sci(scale)} in a step; Adam's "
        f"steps are about {step:g}, whatever the unit. After 400 steps w is "
        f"{sci(ends[0]) if case else 'beyond all bounds'} for @1 and {sci(ends[1])} "
        "for @2.")
