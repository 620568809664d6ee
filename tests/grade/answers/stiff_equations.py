"""Answers to the exercises on stiff equations: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib import linear


def step(late=True, share=0.5, old=0.5, new=0.5, most=30, small=0.0, relative=1e-12, where=1):
    """Return a `trapezoid_step` with a fault."""
    def trapezoid_step(f, derivative, t, y, h):
        later = t + h if late else t
        value = y
        for _ in range(most):
            missing = value - y - h * (old * f(t, y) + new * f(later, value))
            change = missing / (1 - share * h * derivative(t + where * h, value))
            value = value - change
            if abs(change) <= max(small, relative * abs(value)):
                break
        return value

    return trapezoid_step


def by_repetition(f, derivative, t, y, h):
    new = y
    for _ in range(200):
        new = y + h / 2 * (f(t, y) + f(t + h, new))
    return new


def linearised(f, derivative, t, y, h):
    return y + h * f(t, y) / (1 - h / 2 * derivative(t, y))


def in_float32(f, derivative, t, y, h):
    return float(np.float32(step()(f, derivative, t, y, h)))


def backwards(f, derivative, t, y, h):
    return step()(f, derivative, t, y, -h)


def cooled(A, y, h, count, starts=2, half=0.5, fewer=1):
    """Return the result of `cool`, with a fault."""
    factors = linear.lu(np.eye(len(y)) - h / 2 * A)
    start = factors if half == 0.5 else linear.lu(np.eye(len(y)) - half * h * A)
    for _ in range(starts):
        y = start.solve(y)
    for _ in range(count - fewer):
        y = factors.solve(y + h / 2 * (A @ y))
    return y


def factored_often(A, y, h, count):
    matrix = np.eye(len(y)) - h / 2 * A
    for number in range(count + 1):
        before = y if number < 2 else y + h / 2 * (A @ y)
        y = linear.lu(matrix).solve(before)
    return y


def inverted(A, y, h, count):
    inverse = np.linalg.inv(np.eye(len(y)) - h / 2 * A)
    y = inverse @ (inverse @ y)
    for _ in range(count - 1):
        y = inverse @ (y + h / 2 * (A @ y))
    return y


def in_place(A, y, h, count):
    y[:] = cooled(A, y.copy(), h, count)
    return y


def all_implicit(A, y, h, count):
    factors = linear.lu(np.eye(len(y)) - h / 2 * A)
    for _ in range(2 * count):
        y = factors.solve(y)
    return y


def whole_steps(A, y, h, count):
    for number in range(count + 1):
        y = linear.lu(np.eye(len(y)) - (h / 2 if number < 2 else h) * A).solve(y)
    return y


def wrong_sign(A, y, h, count):
    return cooled(-A, y, h, count)


def old_slope_whole(A, y, h, count):
    factors = linear.lu(np.eye(len(y)) - h / 2 * A)
    y = factors.solve(factors.solve(y))
    for _ in range(count - 1):
        y = factors.solve(y + h * (A @ y))
    return y


def five_steps(A, y, h, count):
    return cooled(A, y, h, 5)


def cool_in_float32(A, y, h, count):
    return cooled(A.astype(np.float32).astype(float), y, h, count)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "accuracy sets the step": (30, 830, 25_100),
        "is how the method finds its step": (1, 830, 25_100),
        "stays as it is": (120, 830, 25_100),
        "2 is the limit of explicit Euler": (60, 502.5, 25_100),
        "2.785 is the limit of rk4": (60, 700, 25_100),
        "no rate yet": (60, 251, 25_100),
        "they tell no rate": (60, 7690, 25_100),
        "the end of the log": (60, 830, 502),
        "is too small": (60, 830, 20_000),
        "above 0": (60, -831, 25_100),
        "the short ones of the start": (60, 831, 26_780),
        "steps until 100": (60, 831, 26_300),
        "2 given, 3 wanted": (60, 830),
    },
    "counts": {
        "hL may be up to 2": (300_000, 430_000, 581),
        "there are 60 seconds": (2500, 430_000, 581),
        "each takes four slopes": (150_000, 107_700, 581),
        "not that of explicit Euler": (150_000, 600_000, 581),
        "1.4 times the step": (150_000, 150_000, 581),
        "the rod: 2 is": (150_000, 430_800, 961),
        "the rod: 2.785 is": (150_000, 430_800, 690),
        "4 (N + 1)**2": (150_000, 430_800, 145),
        "each has six slopes": (150_000, 430_800, 3487),
        "a spacing of 1/31": (150_000, 430_800, 544),
        "not 29": (150_000, 430_800, 508),
        "is too large": (160_000, 430_800, 581),
    },
    "step": {
        "at t, not at t + h": step(late=False),
        "h in the place of h / 2": step(share=1.0, most=10),
        "this is implicit Euler": step(old=0.0, new=1.0, share=1.0),
        "this is explicit Euler": lambda f, derivative, t, y, h: y + h * f(t, y),
        "each slope counts whole": step(old=1.0, new=1.0, share=1.0),
        "one iteration": step(most=1),
        "a slope in t": linearised,
        "small beside 1 only": step(small=1e-6),
        "rate 1e6": by_repetition,
        "belongs to t + h as well": step(where=0),
        "value_of_f": step(share=1.0, most=100),
        "y near 1e-9": step(small=1e-11),
        "y from 3e-9": step(small=1e-13),
        "relative to y": step(small=1e-9),
        "error 5e-08": in_float32,
        "growth": backwards,
        "returned None": lambda f, derivative, t, y, h: print(end=""),
    },
    "cool": {
        "come on top": lambda A, y, h, count: cooled(A, y, h, count, fewer=0),
        "are one step, not two": lambda A, y, h, count: cooled(A, y, h, count, fewer=2),
        "whole ones of implicit Euler": lambda A, y, h, count: cooled(A, y, h, count, half=1.0),
        "one half step": lambda A, y, h, count: cooled(A, y, h, count, starts=1),
        "no start by implicit Euler": lambda A, y, h, count: cooled(A, y, h, count, 0, fewer=0),
        "lib.linear.lu": factored_often,
        "numpy.linalg.inv": inverted,
        "argument": in_place,
        "all steps are of implicit Euler": whole_steps,
        "all the time": all_implicit,
        "goes back in time": wrong_sign,
        "counts whole": old_slope_whole,
        "order 20, 10 steps": five_steps,
        "not symmetric": lambda A, y, h, count: cooled(A.T, y, h, count),
        "inaccurate": cool_in_float32,
        "given, 2 wanted": lambda A, y, h, count: y[0],
    },
    "swing": {
        "'Ada' is not right": ("Ada", 0.0002),
        "in one step": ("Ben", 0.1425),
        "of the square": ("Ben", 0.0001005),
        "keeps 98 %": ("Ben", 0.000402),
        "keeps 90 %": ("Ben", 0.002107),
        "less than a hundredth": ("Ben", 0.1),
        "too small": ("Ben", 1e-6),
        "none of these: Ada, Ben": ("both", 0.0002),
    },
    "tamed": {
        "the size stays": (2.0, 2.0),
        "bdf2 does not yet": (2.0, 1.5),
        "follows the growth": (2.0, 0.1),
        "within 5 %": (2.0, 3.0),
        "a rate above 0": (-2.0, -2.05),
        "a step above 0": (2.0, -2.0),
        "two numbers": (2.0 + 1j, 2.0),
        "finite numbers": (np.inf, 1.0),
    },
    "weight": {
        "weight of the old slope": lambda z: 0.5 - z / 12 + z**3 / 720 if z < 0.05 else (
            1 / z + 1 / np.expm1(-z) + 1),
        "trapezoidal rule": lambda z: 0.5,
        "implicit Euler": lambda z: 1.0,
        "for small products only": lambda z: 0.5 + z / 12 - z**3 / 720 + z**5 / 30240,
        "subtracts nearly equal numbers": lambda z: -1 / np.expm1(-z) - 1 / z,
        "exp of 800 overflows": lambda z: np.exp(z) / np.expm1(z) - 1 / z if z > 0.1 else (
            0.5 + z / 12 - z**3 / 720 + z**5 / 30240),
        "hL = 1e-05": lambda z: 1 / (1 - np.exp(-z)) - 1 / z,
        "error 7.5e-08": lambda z: 0.5 + z / 12 if z < 0.1 else -1 / np.expm1(-z) - 1 / z,
    },
}
