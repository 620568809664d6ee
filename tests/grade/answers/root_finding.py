"""Answers to the exercises on root finding: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib.grade.exercises.root_finding import perplexity_of


def trying(mean, end="low", relative=True, limit=None, swapped=False):
    """Return a `largest` by a rule for the middle, an end to return and a kind of tolerance."""
    def largest(works, low, high, rtol):
        count = 0
        while high - low > rtol * (low if relative else 1) and count != limit:
            middle = mean(low, high)
            count += 1
            if works(middle) != swapped:
                low = middle
            else:
                high = middle
        return {"low": low, "high": high, "middle": mean(low, high)}[end]

    return largest


def arithmetic(low, high):
    return (low + high) / 2


def geometric(low, high):
    return np.sqrt(low) * np.sqrt(high)


def of_product(low, high):
    return np.sqrt(low * high)


def halving(count):
    """Return a `largest` that halves so many times, whatever rtol is."""
    def largest(works, low, high, rtol):
        for _ in range(count):
            middle = geometric(low, high)
            low, high = (middle, high) if works(middle) else (low, middle)
        return low

    return largest


def by_grid(works, low, high, rtol):
    rates = np.geomspace(low, high, 40)
    return max(rate for rate in rates if works(rate))


def aitken(xs):
    with np.errstate(all="ignore"):
        return xs[-1] - (xs[-1] - xs[-2]) ** 2 / (xs[-1] - 2 * xs[-2] + xs[-3])


def leading(rule):
    """Return a `destination` that adds to the last point what a rule makes of the steps."""
    def destination(xs):
        steps = np.diff(xs)
        return xs[-1] + rule(steps) if steps[-1] else xs[-1]

    return destination


def by_first_ratio(steps):
    q = steps[1] / steps[0]
    return steps[-1] * q / (1 - q)


def in_float32(xs):
    return float(leading(lambda s: s[-1] ** 2 / (s[-2] - s[-1]))(xs.astype(np.float32)))


def arrived_below(least):
    """Return a `destination` that takes steps below a number for 0."""
    def destination(xs):
        return xs[-1] if abs(xs[-1] - xs[-2]) < least else aitken(xs)

    return destination


def arrived_by_isclose(xs):
    return xs[-1] if np.isclose(xs[-1], xs[-2], atol=0.0) else aitken(xs)


def overwriting(xs):
    xs -= xs[-1]
    return xs[-1]


def cooling(measure, low=-9.0, high=9.0, scaled=True, refuse=True):
    """Return a `temperature` by bisection on its logarithm."""
    def temperature(logits, perplexity):
        unit = float(np.ptp(logits)) if scaled else 1.0

        def above(power):
            return measure(logits, unit * 10.0**power) - perplexity

        a, b = low, high
        if refuse and not above(a) < 0 < above(b):
            return float("nan")
        for _ in range(200):
            middle = (a + b) / 2
            a, b = (a, middle) if above(middle) > 0 else (middle, b)
        return unit * 10.0**a

    return temperature


def unshifted(logits, temperature):
    weights = np.exp(logits / temperature)
    p = weights / np.sum(weights)
    return np.exp(-np.sum(p * np.log(p)))


def nan_at_zero(logits, temperature):
    with np.errstate(all="ignore"):
        weights = np.exp((logits - np.max(logits)) / temperature)
        p = weights / np.sum(weights)
        return np.exp(-np.sum(p * np.log(p)))


def in_bits(logits, temperature):
    return np.exp(np.log2(perplexity_of(logits, temperature)))


def entropy(logits, temperature):
    return np.log(perplexity_of(logits, temperature))


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "the errors of bisection jump about":
            ("bisection", "secant", "double", "Newton", 1e-5),
        "B gains a factor 1.6": ("double", "Newton", "bisection", "secant", 1e-5),
        "its errors halve": ("Newton", "secant", "bisection", "double", 1e-5),
        "ten halvings make": ("double", "secant", "bisection", "Newton", 1e-3),
        "one step later": ("double", "secant", "bisection", "Newton", 5.1e-3),
        "nine steps later": ("double", "secant", "bisection", "Newton", 2e-5),
        "eleven steps later": ("double", "secant", "bisection", "Newton", 5e-6),
        "not from the first": ("double", "secant", "bisection", "Newton", 4.7e-4),
        "1e-06 is too small": ("double", "secant", "bisection", "Newton", 1e-6),
        "'regula falsi' is not right": ("double", "regula falsi", "bisection", "Newton", 1e-5),
        "4 given, 5 wanted": ("double", "secant", "bisection", "Newton"),
    },
    "working": {
        "does not work": trying(arithmetic, "middle", relative=False),
        "not work, ": trying(geometric, "middle"),
        "has to be": trying(geometric, "high"),
        "middle of the logarithms": trying(arithmetic),
        "tolerance relative": trying(geometric, relative=False),
        "rtol is below a thousandth": trying(geometric, limit=25),
        "the loop does not end": trying(of_product),
        "below the limit": trying(geometric, swapped=True),
        "is allowed": by_grid,
        "40 calls of works, 16 are enough": halving(40),
        "are enough for a tolerance": halving(34),
        "are enough": halving(45),
        "give one number": lambda works, low, high, rtol: (low, high),
        "a rate is positive": lambda works, low, high, rtol: 0.0,
    },
    "errors": {
        "divide by the slope: this": (2e-9, 1.2e-5, 4e-3),
        "do not multiply": (8e-15, 1.2e-5, 4e-3),
        "upside down": (2000, 1.2e-5, 4e-3),
        "last step itself": (5e-4, 3e-6, 4e-3),
        "which is done already": (5e-4, 1.5e-5, 4e-3),
        "without those after it": (5e-4, 2.4e-6, 4e-3),
        "over the one before, and below 1": (5e-4, -1.5e-5, 4e-3),
        "divide by 1 - q": (5e-4, 4.8e-7, 4e-3),
        "the square of q": (5e-4, 4.8e-5, 4e-3),
        "0.000297 is too large": (5e-4, 2.97e-4, 4e-3),
        "u = 2**-24": (5e-4, 1.2e-5, 4.8e-6),
        "take its cube root": (5e-4, 1.2e-5, 6e-8),
        "a double root": (5e-4, 1.2e-5, 2.4e-4),
        "0.0006 is too large": (6e-4, 1.2e-5, 4e-3),
        "2 given, 3 wanted": (5e-4, 1.2e-5),
    },
    "destination": {
        "this is the last point": lambda xs: xs[-1],
        "adds the last step again": leading(lambda s: s[-1]),
        "one step more": leading(lambda s: s[-1] ** 2 / s[-2]),
        "which is done already": leading(lambda s: s[-1] / (1 - s[-1] / s[-2])),
        "lead on, not back": leading(lambda s: -s[-1] ** 2 / (s[-2] - s[-1])),
        "sizes of steps lose the sign": leading(lambda s: abs(s[-1] ** 2 / (s[-2] - s[-1]))),
        "keep its sign": leading(
            lambda s: s[-1] * abs(s[-1] / s[-2]) / (1 - abs(s[-1] / s[-2]))),
        "0/0 is nan": aitken,
        "only the last steps have one ratio": leading(by_first_ratio),
        "destination: ": in_float32,
        "no step is small by itself": arrived_below(1e-12),
        "is not 0 yet": arrived_below(1e-9),
        "short steps": arrived_by_isclose,
        "changed its argument": overwriting,
        "returned shape": lambda xs: xs,
    },
    "cycle": {
        "from there elsewhere": (0, -7),
        "and from 1 elsewhere": (0, 27),
        "exchanged": (44, -17),
        "a sign is wrong": (17, 44),
        "minus f over f'": (-17, -44),
        "plus f over f'": (-43 / 3, -28 / 3),
        "they are minus": [-14.33, -9.33],
        "cycle of 0 and 1": (-2, 2),
        "away from 1, 3, 1": (-3, 1),
        "wanted below": (-17, 44.001),
        "1 given, 2 wanted": (-17,),
        "two finite numbers": (-17, float("inf")),
    },
    "temperature": {
        "ten classes have at most": cooling(perplexity_of, refuse=False),
        "give nan": cooling(perplexity_of, refuse=False),
        "the unit of the logits": cooling(perplexity_of, -3.0, 3.0, scaled=False),
        "shifted by 1e5": cooling(unshifted),
        "let 0 log 0 count as 0": cooling(nan_at_zero),
        "exp of the entropy in nats": cooling(in_bits),
        "there is a temperature above 0": cooling(entropy),
        "an ordinary search": lambda logits, perplexity: 1.0,
        "the temperature is small": cooling(perplexity_of, -1.0, 9.0),
        "two equal maxima": lambda logits, perplexity: (
            cooling(perplexity_of, refuse=False)(logits, perplexity)
            if 1 <= perplexity <= len(logits) else float("nan")),
        "give one number": lambda logits, perplexity: logits,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 18.9),
        "does not stand still": ("Ben", 18.87),
        "do not multiply": ("Ben", 24.97),
        "for a margin of 1": ("Ben", 21.17),
        "ten times the weight": ("Ben", 188.7),
        "two increases": ("Ben", 28.08),
        "20 is too small": ("Ben", 20),
        "none of these: Ada, Ben": ("both", 23.47),
    },
}
