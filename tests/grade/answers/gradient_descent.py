"""Answers to the exercises on gradient descent: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np


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


def tuned(least, most):
    root = np.sqrt(most / least)
    return 4 / (np.sqrt(most) + np.sqrt(least)) ** 2, ((root - 1) / (root + 1)) ** 2


def adam(gradients, step, first=True, second=True, inside=False, number=None, sign=-1):
    """Return the change of Adam's last step, with a fault."""
    mean = square = 0
    for g in gradients:
        mean = 0.9 * mean + 0.1 * g
        square = 0.999 * square + 0.001 * g**2
    number = len(gradients) if number is None else number
    if first:
        mean = mean / (1 - 0.9**number)
    if second:
        square = square / (1 - 0.999**number)
    root = np.sqrt(square + 1e-8) if inside else np.sqrt(square) + 1e-8
    return sign * step * mean / root


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "divide by the step": (0.016, 857),
        "the first step still shows": (2.37, 857),
        "later ones do not": (0.8, 285),
        "the other end": (96, 857),
        "κ does not follow": (124, 857),
        "from the start": (0.8, 657),
        "not of its square": (0.8, 428),
        "is too large": (0.85, 857),
        "700 is too small": (0.8, 700),
        "a single one given, 2 wanted": 0.8,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 0.368),
        "this is its square": ("Ben", 0.135),
        "left of the loss": ("Ben", 1.35e-5),
        "the root of what is left": ("Ben", 0.00368),
        "the share that is gone": ("Ben", 0.632),
        "0.5 is too large": ("Ben", 0.5),
        "none of these: Ada, Ben": ("both", 0.368),
    },
    "largest": {
        "draw a random one": stepping(np.ones),
        "the first coordinate alone": stepping(lambda n: np.eye(n)[0]),
        "outgrown slowly": stepping(random, count=3),
        "more than 0.999 of the limit": stepping(random, share=0.99999999),
        "short of the limit by: 0.5": stepping(random, share=0.5),
        "200 products, 100 are the most": by_the_matrix,
        "short of the limit by": by_the_trace,
        "divide by its length": unscaled,
        "not positive": lambda product, n: -1.0,
        "give one number": lambda product, n: product(random(n)),
        "returned None": lambda product, n: print(end=""),
    },
    "settings": {
        "the rate itself": lambda least, most: (tuned(least, most)[0],
                                                np.sqrt(tuned(least, most)[1])),
        "Nesterov's form": lambda least, most: (1 / most, np.sqrt(tuned(least, most)[1])),
        "best step without momentum": lambda least, most: (2 / (least + most), 0.0),
        "the best one without": lambda least, most: (2 / (least + most), tuned(least, most)[1]),
        "smallest curvature is 1": lambda least, most: tuned(1, most / least),
        "error left": lambda least, most: (1 / most, 0.9),
        "momentum outside": lambda least, most: (tuned(least, most)[0], 1.0),
        "step that is not positive": lambda least, most: (0.0, 0.5),
        "give step and momentum": lambda least, most: tuned(least, most)[0],
        "κ is that of the first": lambda least, most: tuned(1, most),
    },
    "slower": {
        "worth its price": (1, 100),
        "κ alone counts": (10, 500),
        "a κ of at least 2": (1, 1),
        "the smaller curvature first": (10, 1),
        "positive": (-1, 3),
        "two numbers": ([1, 2], [3, 4]),
        "1 given, 2 wanted": (3,),
        "from 1e-6 to 1e6": (1e-9, 1e-8),
        "times as many steps": (1, 30),
    },
    "columns": {
        "has a factor 2": (2, 19, 0.2),
        "κ of the columns": (1, 4.36, 0.1),
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
        "one step behind or ahead":
            lambda gradients, step: adam(gradients, step, number=len(gradients) + 1),
        "change: wrong": lambda gradients, step: -step * gradients[-1],
        "change: wrong, 0 of 7":
            lambda gradients, step: adam(gradients, step, number=len(gradients) - 1),
        "a hundred times eps": lambda gradients, step: -step * np.sign(gradients[-1]),
        "returned shape": lambda gradients, step: -step * gradients,
    },
}
