"""Items on exponentials: range, shifts, gradients, masks."""

import math
from fractions import Fraction

import numpy as np

from homework.exams.bank import traced
from homework.exams.items import choose, fill
from homework.exams.listing import left, who
from homework.exams.pairs.softmax import bank
from homework.exams.words import whole
from lib.numbers import cross_entropy, softmax

TYPES = {"float16": np.float16, "float32": np.float32, "float64": np.float64}
LIMITS = {"float16": 16, "float32": 128, "float64": 1024}


@bank.item("predict", 1)
def overflow(rng):
    name = rng.choice(list(LIMITS))
    edge = math.log(2) * LIMITS[name]
    z = round(edge * rng.choice([0.8, 0.9, 1.1, 1.3, -1.5, -2.2]), 0 if edge > 20 else 1)
    with np.errstate(all="ignore"):
        got = float(np.exp(TYPES[name](z)))
    words = {"inf": "inf", "0": "0", "other": "a finite number above 0"}
    kind = "inf" if got == math.inf else "0" if got == 0 else "other"
    why = {"inf": "what is large overflows", "0": "what is small is lost",
           "other": "exp is finite for finite numbers"}
    return choose(
        rng, f"{name} ends near 2 to the power {LIMITS[name]}, and its smallest numbers are near 2 "
        f"to the power {dict(float16=-24, float32=-149, float64=-1074)[name]}. What is exp({z:g}) "
        "in it?", words[kind],
        [*((words[one], why[one]) for one in words if one != kind),
         ("nan", "what leaves the range is nan")],
        f"exp(z) = 2 to the power z/0.693 = {z / math.log(2):.1f}.")


@bank.item("predict", 2)
def broken_softmax(rng):
    name = rng.choice(["float32", "float64"])
    large = rng.randint(2, 9) * (100.0 if name == "float32" else 1000.0)
    z = np.array(rng.choice([(large, large - rng.randint(1, 3)), (large, float(rng.randint(5, 60))),
                             (-large, -large - rng.randint(1, 3)),
                             (float(rng.randint(20, 60)), float(rng.randint(15, 19)))]),
                 TYPES[name])
    with np.errstate(all="ignore"):
        got, right = np.exp(z) / np.exp(z).sum(), softmax(z)
    def pair(one, two):
        return f"({one:.4f}, {two:.4f})"
    answers = {pair(*got): ""}
    for values, thought in (
            ((math.nan, math.nan), "an overflow spoils all places"),
            (tuple(right), "ratios of large numbers are computed correctly"),
            ((math.nan, 0.0), "what overflows is nan, all else is 0 beside it"),
            ((0.5, 0.5), "two large numbers are one and the same"),
            ((1.0, 0.0), "what overflows wins")):
        answers.setdefault(pair(*values), thought)
    texts = list(answers.items())[:4]
    return choose(
        rng, f"`exp(z) / sum(exp(z))` for z = ({z[0]:g}, {z[1]:g}) in {name}, which ends near 2 to "
        f"the power {LIMITS[name]}: what comes out?", texts[0][0], texts[1:],
        f"In powers of ten the exponentials are {z[0] / math.log(10):.0f} and "
        f"{z[1] / math.log(10):.0f}: beyond the range inf or 0, and inf/inf and 0/0 are nan. With "
        f"the maximum subtracted: {pair(*right)}.")


@bank.item("predict", 3)
def slope(rng):
    z = np.array([float(rng.randint(1, 3)), 0.0, -float(rng.randint(1, 2))])
    label = rng.randint(0, 2)
    p = softmax(z)
    value = p[label] - 1
    h = 1e-6
    numeric = (cross_entropy((z + h * np.eye(3)[label])[None], np.array([label])) -
               cross_entropy((z - h * np.eye(3)[label])[None], np.array([label]))) / (2 * h)
    assert abs(float(np.sum(numeric)) - value) < 1e-6
    return fill(f"Logits ({z[0]:g}, 0, {z[2]:g}), the label is the "
                f"{['first', 'second', 'third'][label]} "
                "class. What is the derivative of the cross-entropy in the logit of that class?",
                value, f"softmax minus 1: {p[label]:.4f} − 1.", within=0.01)


@bank.item("read", 6)
def trace_softplus(rng):
    return who(rng, traced.softplus, rng.randint(100, 320) / 10)


@bank.item("read", 6)
def trace_losses(rng):
    x = rng.randint(60, 180) / 10
    return left(traced.gap_of_losses, x, x + rng.randint(2, 9) / 10, hint="float64 has 16 digits.")


@bank.item("cost", 5)
def running_sum(rng):
    n, k = 100 * rng.randint(4, 40), rng.choice([10, 20, 25, 50])
    chunks = Fraction(n, k)
    count = n + chunks
    return fill(f"A log-sum-exp of {whole(n)} logits comes in chunks of {k}: for each chunk its "
                "exponentials at the new maximum, and one factor exp(old maximum − new) for the "
                "sum so far, the first chunk included. How many exponentials is that in "
                "all?", count,
                f"n + n/{k} = {whole(n)} + {chunks}.", within=1)


@bank.item("cost", 5)
def memory(rng):
    tokens, words = 1024 * rng.randint(4, 16), 1000 * rng.choice([32, 50, 100, 128])
    size = rng.choice([2, 4])
    total = Fraction(tokens * words * size, 10**9)
    return fill(f"All probabilities of {whole(tokens)} tokens over {whole(words)} words are kept, "
                f"{size} bytes each. How many gigabytes (10⁹ bytes) is that? (A running sum keeps "
                "two numbers for each token.)", total,
                f"{whole(tokens)} · {whole(words)} · {size} bytes.", within=0.02 * total, unit="GB")
