"""Answers to the exercises on gradient descent: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

from itertools import chain, islice, repeat

import numpy as np

from lib import gradients as ours


def by_lib(gradients, step):
    """Let the book's own Adam do it."""
    given = chain(gradients, repeat(0.0))
    path = list(islice(ours.adam(lambda x: next(given), 0.0, step), len(gradients) + 1))
    return float(path[-1].x - path[-2].x)


def stepping(start, count=60, share=0.95):
    """Return a `largest_step` by power iteration from a start, with a share of the limit."""
    def largest_step(product, n):
        v = start(n)
        for _ in range(count):
            v = v / np.linalg.norm(v)
            v = product(v)
        return share * 2 / np.linalg.norm(v)

    return largest_step


def random(n):
    return np.random.default_rng(7).normal(size=n)


def by_the_matrix(product, n):
    H = np.array([product(column) for column in np.eye(n)])
    return 0.95 * 2 / np.linalg.eigvalsh(H)[-1]


def by_the_trace(product, n):
    H = np.array([product(column) for column in np.eye(n)])
    return 1.9 / np.trace(H)


def unscaled(product, n):
    v = random(n)
    for _ in range(60):
        before = v
        v = product(v)
    return 1.9 * np.linalg.norm(before) / np.linalg.norm(v)


def until(tolerance, guard=0.0):
    """Return a `largest_step` that stops by a tolerance, and divides by a length and a guard."""
    def largest_step(product, n):
        v = random(n)
        old = 0.0
        for _ in range(90):
            v = product(v / (np.linalg.norm(v) + guard))
            size = np.linalg.norm(v)
            if abs(size - old) < tolerance:
                break
            old = size
        return 0.95 * 2 / size

    return largest_step


def at_once(product, n):
    return 1.9 / np.linalg.eigvalsh(product(np.eye(n)))[-1]


def served(most, count, left=1e-6, power=2, unit=None):
    """Return step, momentum and least for a rate that leaves so much after count steps."""
    q = (left / (2 * count + 1)) ** (1 / count)
    return (1 + q) ** 2 / (unit or most), q**power, most * ((1 - q) / (1 + q)) ** 2


def without_momentum(most, count):
    q = 1e-6 ** (1 / count)
    return (1 + q) / most, 0.0, most * (1 - q) / (1 + q)


def adam(gradients, step, first=True, second=True, inside=False, number=None, sign=-1, eps=1e-8,
         stored=False):
    """Return the change of Adam's last step, with a fault."""
    mean = square = 0
    for k, g in enumerate(gradients):
        mean = 0.9 * mean + 0.1 * g
        square = 0.999 * square + 0.001 * g**2
        if stored:
            mean, square = mean / (1 - 0.9 ** (k + 1)), square / (1 - 0.999 ** (k + 1))
    number = len(gradients) if number is None else number
    if first and not stored:
        mean = mean / (1 - 0.9**number)
    if second and not stored:
        square = square / (1 - 0.999**number)
    root = np.sqrt(square + eps) if inside else np.sqrt(square) + eps
    return sign * step * mean / root


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "divide by the step": (0.016, 857),
        "the first step still shows": (2.37, 857),
        "later ones do not": (0.8, 285),
        "the other end": (96, 857),
        "what a step leaves": (0.984, 857),
        "longer than the best one": (99.2, 857),
        "κ does not follow": (124, 857),
        "from the start": (0.8, 657),
        "not of its square": (0.8, 428),
        "is too large": (0.85, 857),
        "700 is too small": (0.8, 700),
        "a single one given, 2 wanted": 0.8,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 46_050),
        "count from the start": ("Ben", 36_050),
        "makes the error a tenth": ("Ben", 23_025),
        "makes the error a millionth": ("Ben", 138_155),
        "10000 is too small": ("Ben", 10_000),
        "none of these: Ada, Ben": ("both", 46_050),
    },
    "largest": {
        "start that the index makes": stepping(np.ones),
        "1.235 of the limit: descent does not converge (a start":
            stepping(lambda n: 1 + np.arange(n) / 9),
        "a single coordinate": stepping(lambda n: np.eye(n)[0]),
        "after 3 products": stepping(random, count=3),
        "lies above the limit: take": stepping(random, share=1.0),
        "take 5 % off": stepping(random, share=0.99999999),
        "2 over the largest curvature, not 1": stepping(random, share=0.5),
        "a tolerance has to be relative": until(1e-3),
        "times 1e12 it is ": until(1e-1),
        "of the limit: a tolerance": until(0.0, guard=1e-12),
        "200 products, 100 are the most": by_the_matrix,
        "0.9 to 0.999 is asked for": by_the_trace,
        "grow out of range": unscaled,
        "shrink out of range": until(0.0, guard=1e-6),
        "one real vector": at_once,
        "never called": lambda product, n: 0.3,
        "-0.5 of the limit": stepping(random, share=-0.5),
        "give one number": lambda product, n: product(random(n)),
        "returned None": lambda product, n: print(end=""),
    },
    "settings": {
        "a factor near 2 count": lambda most, count: served(most, count, 1e-6 * (2 * count + 1)),
        "the square of the rate": lambda most, count: served(most, count, power=1),
        "the step has a unit": lambda most, count: served(most, count, unit=1.0),
        "times as large as": without_momentum,
        "times as large as need be": lambda most, count: served(most, count, 1e-9),
        "is left at the curvature": lambda most, count: (1 / most, 0.9, most / 100),
        "momentum outside": lambda most, count: (1 / most, 1.0, most / 9),
        "step that is not positive": lambda most, count: (0.0, 0.5, most / 9),
        "least outside": lambda most, count: (*served(most, count)[:2], 2 * most),
        "give step, momentum and least": lambda most, count: served(most, count)[:2],
    },
    "slower": {
        "a larger one breaks it too": (1, 2),
        "the largest κ, to 10 %": (5, 50),
        "0.381 times as many steps": (1, 100),
        "the smaller curvature first": (10, 1),
        "positive": (-1, 3),
        "two numbers": ([1, 2], [3, 4]),
        "the task asks for: two numbers": ("1", "12"),
        "1 given, 2 wanted": (3,),
        "from 1e-6 to 1e6": (1e-9, 1e-8),
        "times as many steps": (1, 14),
    },
    "columns": {
        "one column: the limit is 2": (2, 19, 0.2),
        "over the curvature, which is 2": (2, 19, 0.1),
        "over the curvature, which is 20": (1, 19, 0.2),
        "squared once more": (1, 361, 0.1),
        "one column: this is the best step": (0.5, 19, 0.1),
        "adds nothing": (1, 19, 1 / 11),
        "κ of the columns, that": (1, 4.36, 0.1),
        "not their ratio": (1, 3.8, 0.1),
        "divides by the smaller": (1, 1.9, 0.1),
        "ten copies add up": (1, 19, 1),
        "twice as long": (0.5, 19, 0.05),
        "10 is too small": (1, 10, 0.1),
        "a single one given, 3 wanted": 1,
    },
    "change": {
        "neither mean is corrected": lambda gradients, step: adam(gradients, step, False, False),
        "mean of the squares is not": lambda gradients, step: adam(gradients, step, second=False),
        "mean of the gradients is not": lambda gradients, step: adam(gradients, step, first=False),
        "inside the root": lambda gradients, step: adam(gradients, step, inside=True),
        "up the slope": lambda gradients, step: adam(gradients, step, sign=1),
        "eps is inside": lambda gradients, step: adam(gradients, step, False, False, True),
        "eps is missing": lambda gradients, step: adam(gradients, step, eps=0.0),
        "of the first step are taken": lambda gradients, step: adam(gradients, step, number=1),
        "keep the running ones": lambda gradients, step: adam(gradients, step, stored=True),
        "one step ahead":
            lambda gradients, step: adam(gradients, step, number=len(gradients) + 1),
        "one step behind":
            lambda gradients, step: adam(gradients, step, number=len(gradients) - 1),
        "change: wrong": lambda gradients, step: -step * gradients[-1],
        "a hundred times eps": lambda gradients, step: -step * np.sign(gradients[-1]),
        "returned shape": lambda gradients, step: -step * gradients,
        "calls lib.gradients, which the task forbids": by_lib,
    },
}
