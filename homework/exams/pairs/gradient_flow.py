"""Two answers to judge, on gradients in depth."""

import math

import numpy as np

from homework.exams.items import Bank, verdict, weigh
from homework.exams.words import sci, two
from lib.gradients import weight_variance
from lib.linear import jacobi_svd
from lib.numbers import formats, round_to
from lib.problems import random_orthogonal

bank = Bank("gradient_flow")


def through(rng, factor, layers, n=3):
    """Return the singular values of a product of so many scaled rotations."""
    source = np.random.default_rng(rng.randrange(10**6))
    product = np.eye(n)
    for _ in range(layers):
        product = factor * random_orthogonal(n, n, source) @ product
    return jacobi_svd(product).s


@bank.item("judge", 6)
def two_starts(rng):
    relu, layers = rng.choice([(True, rng.choice([20, 30, 40])), (False, rng.choice([20, 30, 40])),
                               (rng.random() < 0.5, rng.choice([2, 3]))])
    n = rng.choice([128, 256, 512])
    sizes = [math.sqrt(n * weight_variance(n, n, kind) / (2 if relu else 1)) ** layers
             for kind in ("glorot_normal", "he_normal")]
    good = [0.2 < size < 5 for size in sizes]
    right = 1 if good[0] and not good[1] else 2 if all(good) else 0
    return weigh(
        rng, f"{layers} {'ReLU' if relu else 'linear'} layers of {n} units are to be trained; on "
        "its way through them a gradient may change its size by up to 5 times.",
        f"Glorot's weights, variance 1/n: it is multiplied by {sci(sizes[0])}",
        f"He's weights, variance 2/n:     it is multiplied by {sci(sizes[1])}",
        [("@2: it makes up for the half of units that stop a gradient",
          "He's weights are always the better ones"),
         ("@1: here no unit stops a gradient, and @2 makes it too large",
          "smaller weights are always the stable ones"),
         ("Either: through so few layers each factor does little harm",
          "the optimiser finds a step for every start"),
         ("@1, with clipping: it then has the smaller and safer gradients",
          "clipping cures vanishing")],
        right, "A layer multiplies the mean square by n v, and by n v/2 where ReLU stops half; "
        f"the root of that to the power {layers} is {sci(sizes[0])} for @1 and {sci(sizes[1])} "
        "for @2.")


@bank.item("judge", 1)
def which_remedy(rng):
    case, layers = rng.randrange(3), rng.randint(30, 60)
    c, k = rng.choice([0.4, 0.5, 0.6]), rng.randint(26, 32)
    assert round_to(2.0**-k, formats.FP16) == 0 < round_to(2.0 ** (12 - k), formats.FP16)
    told = [f"The gradient falls by {c:g} in each of {layers} ReLU layers, evenly.",
            f"The gradients of {layers} layers are of one size, about 1; in one step of a "
            f"thousand, after a rare input, all are {sci(10.0 ** rng.randint(3, 6))} times as "
            "large, and training is lost.",
            f"The gradients of {layers} layers are of one size, about {two(-k)}, and are 0 in "
            "float16, whose smallest number is 2⁻²⁴."][case]
    return weigh(
        rng, told, "clip the whole gradient at norm 1", "draw the weights with variance 2/n",
        [("@2: the factor of a layer is wrong, and @1 leaves it so",
          "each trouble with gradients is one of the start"),
         ("@1: only single steps are too large, and it shortens them",
          "clipping cures every trouble with gradients"),
         ("Neither: the layers agree, only the format ends too soon",
          "vanishing is underflow"),
         ("Either: both of them bring gradients to a usual size",
          "all remedies do the same")],
        case, [f"First over last is {sci(c**layers)}, before clipping and after it.",
               "At the start the layers keep gradients: other weights would change that. A "
               "clipped step has norm 1, as the others.",
               f"The loss times 2¹², say, makes the gradients {two(12 - k)}, which float16 has; "
               "their ratios are right as they are."][case],
        ask="Which remedy do you try, and why?")


@bank.item("judge", 3)
def kappa_or_size(rng):
    case = rng.randrange(3)
    layers = rng.randint(30, 50)
    c = 1.0 if case == 1 else rng.choice([0.75, 0.8])
    one = through(rng, c, layers)
    small = rng.randint(11, 60) / 1000
    s = np.array([1.0, small]) * (2.0**-rng.randint(30, 40) if case == 2 else 1)
    if case != 2 and rng.random() < 0.5:
        s = s * rng.choice([0.5, 2.0])
    return weigh(
        rng, "Two networks, and what the product of the Jacobians of all their layers is. With the "
        "step of the last layer the first layer is to learn as well.",
        f"singular values all {sci(one[0])}, condition number {one[0] / one[-1]:.1f}",
        f"singular values {sci(s[0])} and {sci(s[1])}, condition number {s[0] / s[1]:.0f}",
        [("@2: gradients arrive in one direction; in @1 none arrives",
          "an uneven network is the better one"),
         ("Either: in both some gradient arrives with its size kept",
          "κ far below 10¹⁶ does no harm"),
         ("Neither: in both all singular values are far too small",
          "one small value stops all gradients"),
         ("@1: its condition number is 1, and that is what counts",
          "vanishing is a matter of κ")],
        verdict(one[0] > 0.1, s[0] > 0.1),
        "Singular values say by how much a gradient is multiplied, the condition number only how "
        f"unevenly. The largest is {sci(one[0])} for @1 and {sci(s[0])} for @2.",
        ask="In which one will it, and why?")
