"""Answers to the exercises on derivatives: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np


def central(step):
    def slope(f, x, length):
        h = step(x, length)
        return (f(x + h) - f(x - h)) / (2 * h)

    return slope


def forward(step):
    def slope(f, x, length):
        h = step(x, length)
        return (f(x + h) - f(x)) / h

    return slope


def averaged(count):
    def slope(f, x, length):
        shares = np.linspace(5e-6, 7e-6, count)
        return np.mean([central(lambda x, length, share=share: share * length)(f, x, length)
                        for share in shares])

    return slope


def accepting(step, tolerance):
    def accepts(f, slope, x, length):
        h = step(length)
        quotient = (f(x + h) - f(x - h)) / (2 * h)
        return bool(abs(quotient - slope) <= tolerance(quotient, slope))

    return accepts


def pushed(tape, starts, row):
    slopes = np.zeros(len(tape))
    slopes[: len(starts)] = starts
    for place in range(len(starts), len(tape)):
        slopes[place] = row([factor * slopes[parent] for parent, factor in tape[place]])
    return slopes


def push_pairs(tape, starts):
    slopes = np.zeros(len(tape))
    slopes[: len(starts)] = starts
    for place, row in enumerate(tape):
        if len(row) == 1:
            (left, factor), = row
            slopes[place] = factor * slopes[left]
        elif row:
            (left, factor), (right, other) = row
            slopes[place] = factor * slopes[left] + other * slopes[right]
    return slopes


def push_backwards(tape, starts):
    slopes = np.zeros(len(tape))
    slopes[: len(starts)] = starts
    for place in reversed(range(len(starts), len(tape))):
        for parent, factor in tape[place]:
            slopes[place] += factor * slopes[parent]
    return slopes


def swept(tape, starts):
    slopes = np.zeros(len(tape))
    slopes[-1] = 1
    for place in reversed(range(len(tape))):
        for parent, factor in tape[place]:
            slopes[parent] += factor * slopes[place]
    return slopes


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "step": {
        "not shorter where the length is": central(lambda x, length: 6e-6),
        "the step is not shorter": central(lambda x, length: 6e-6 * max(1.0, abs(x))),
        "length 0.001  ": central(lambda x, length: 1e-5),
        "raised ZeroDivisionError": central(lambda x, length: 6e-6 * x),
        "f was called at x alone": central(lambda x, length: np.float64(1e-5) * abs(x)),
        "f was called 8 times, 6 are allowed": averaged(4),
        "f was called 20 times": averaged(10),
        "the step of a forward difference": central(lambda x, length: 2e-8 * length),
        "keeps eight digits at best": forward(lambda x, length: 2e-8 * length),
        "length 1           unstable": forward(lambda x, length: 1e-8 * length),
        "length 1           inaccurate": central(lambda x, length: 0.1 * length),
        "raised": lambda f, x, length: f(complex(x, 1e-20)).imag / 1e-20,
    },
    "read": {
        "rises tenfold a row": ("rounding", "truncation", "gradient", 3.0),
        "this column falls a hundredfold": ("gradient", "rounding", "gradient", 3.0),
        "this column rises tenfold": ("truncation", "gradient", "gradient", 3.0),
        "this column stays": ("truncation", "rounding", "rounding", 3.0),
        "the wrong way": ("truncation", "rounding", "gradient", 3.06),
        "3.03 is too large": ("truncation", "rounding", "gradient", 3.03),
        "3 given, 4 wanted": ("truncation", "rounding", "gradient"),
    },
    "guard": {
        "the logarithm saw a 0": lambda p, log, where: where(p > 0, p * (log(p) - 1), 0.0),
        "slope: returned nan": lambda p, log, where: p * where(p > 0, log(p) - 1, 0.0),
        "value: returned nan": lambda p, log, where: p * log(p) - p,
        "choose again, after it": lambda p, log, where: p * (log(where(p > 0, p, 1.0)) - 1),
        "slope: got -1, expected 0": lambda p, log, where: p * log(where(p > 0, p, 1.0)) - p,
        "raised ValueError: The truth value of an array": lambda p, log, where: (
            p * (log(p) - 1) if p > 0 else 0.0),
        "a small number inside has": lambda p, log, where: p * (log(p + 1e-12) - 1),
        "slope: got -19.42": lambda p, log, where: p * (log(p + 1e-8) - 1),
        "small is not zero": lambda p, log, where: where(
            p > 1e-8, p * (log(where(p > 1e-8, p, 1.0)) - 1), 0.0),
        "the sign is that of the entropy": lambda p, log, where: where(
            p > 0, p - p * log(where(p > 0, p, 1.0)), 0.0),
        "slope: got -710.": lambda p, log, where: p * (log(where(p > 1e-308, p, 1e-308)) - 1),
        "value: got -1.693": lambda p, log, where: where(
            p > 0, p, 1.0) * (log(where(p > 0, p, 0.5)) - 1),
        "slope at 0.25: got -0.3863": lambda p, log, where: where(
            p > 0, p * log(where(p > 0, p, 1.0)), 0.0),
        "raised": lambda p, log, where: np.where(p > 0, p * (log(p) - 1), 0.0),
    },
    "push": {
        "the last one has overwritten": lambda tape, starts: pushed(
            tape, starts, lambda row: row[-1] if row else 0.0),
        "you went from the end": push_backwards,
        "the inputs have no slopes": lambda tape, starts: np.zeros(len(tape)),
        "asked are those of all places": lambda tape, starts: pushed(tape, starts, sum)[-1],
        "a place twice  wrong": lambda tape, starts: pushed(
            [dict(row).items() for row in tape], starts, sum),
        "three pairs    wrong": lambda tape, starts: pushed(
            [row[:2] for row in tape], starts, sum),
        "too many values to unpack": push_pairs,
        "constants      wrong": lambda tape, starts: pushed(
            tape, starts, lambda row: sum(row) if row else 1.0),
        "one sum        wrong": swept,
        "a chain        wrong": lambda tape, starts: np.append(starts, [
            sum(factor for _, factor in row) for row in tape[len(starts):]]),
        "raised": lambda tape, starts: tape @ starts,
    },
    "silent": {
        "it is analytic": (lambda x: x * x * x, 2.0),
        "the cube of every float": (np.abs, -2.0),
        "a function and a number": (3.0, np.exp),
        "a number that is not 0": (lambda x: np.real(x) ** 3, 0.0),
        "one real number": (lambda x: abs(x) ** 3, 3.0),
        "no other answer by the type": (
            lambda x: 0.0 if isinstance(x, complex) else x**3, 3.0),
        "the task asks for: the cube": (lambda x: abs(x) ** 2, 3.0),
        "raised": (lambda x: float(x) ** 3, 3.0),
        "wanted above 0.5": (lambda x: x**3, -2.0),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 5000),
        "the runs of the better way": ("Ben", 3),
        "the gradient of one result": ("Ben", 1),
        "at once": ("Ben", 15_000),
        "is none of these": ("both", 5000),
    },
    "accepts": {
        "this accepts everything": lambda f, slope, x, length: True,
        "this accepts nothing": lambda f, slope, x, length: False,
        "the same for every length": accepting(
            lambda length: 1e-6, lambda quotient, slope: 1e-3 * abs(slope)),
        "still has a unit": accepting(
            lambda length: 1e-5 * length, lambda quotient, slope: 1e-5 + 1e-3 * abs(slope)),
        "got 0, expected 1": accepting(
            lambda length: 1e-6, lambda quotient, slope: 1e-5 + 1e-3 * abs(slope)),
        "negative for some": accepting(
            lambda length: 1e-5 * length, lambda quotient, slope: 1e-3 * slope),
        "1 % off, size 1e-08, length 1     wrong": accepting(
            lambda length: 1e-5 * length, lambda quotient, slope: 0.05 * abs(slope)),
        "right, size 1e-08, length 1 ": accepting(
            lambda length: 1e-5 * length, lambda quotient, slope: 1e-9 * abs(slope)),
        "right, size 1, length 1e+08  ": lambda f, slope, x, length: accepting(
            lambda length: 1e-6 * max(abs(x), 1e-6), lambda quotient, slope: 1e-3 * abs(slope))(
                f, slope, x, length),
        "neither True nor False": lambda f, slope, x, length: "yes",
    },
}
