"""Short functions that lose digits, for traces on paper: one step a line."""

import numpy as np


def gained(total, step):
    """Return what a sum has gained by one more term."""
    grown = total + step
    gain = grown - total
    return gain


def drift(start, step):
    """Return how far a value is from its start after two steps."""
    once = start + step
    twice = once + step
    moved = twice - start
    return moved


def roots_apart(x):
    """Return sqrt(x + 1) - sqrt(x)."""
    more = x + 1
    upper = np.sqrt(more)
    lower = np.sqrt(x)
    gap = upper - lower
    return gap


def small_root(a, b, c):
    """Return the root of smaller size, for b > 0, by the school formula."""
    square = b * b
    inside = square - 4 * a * c
    root = np.sqrt(inside)
    top = root - b
    return top / (2 * a)


def softplus(x):
    """Return log(1 + exp(-x))."""
    term = np.exp(-x)
    total = 1 + term
    loss = np.log(total)
    return loss


def gap_of_losses(x, y):
    """Return by how much the loss of a logit x exceeds that of y, both large."""
    first = np.exp(-x) + 1
    second = np.exp(-y) + 1
    ratio = first / second
    change = np.log(ratio)
    return change


def forward_difference(x, h):
    """Return the forward difference of exp at x."""
    ahead = np.exp(x + h)
    here = np.exp(x)
    rise = ahead - here
    return rise / h


def curvature(x, h):
    """Return the second difference of exp at x."""
    outer = np.exp(x + h) + np.exp(x - h)
    inner = 2 * np.exp(x)
    bend = outer - inner
    return bend / (h * h)


def progress(base, w, step):
    """Return by how much one step of descent lowers the loss base + w**2 / 2."""
    before = base + w * w / 2
    moved = w - step * w
    after = base + moved * moved / 2
    gain = before - after
    return gain


def expanded_cube(x):
    """Return (x - 1)**3, written out."""
    cube = x * x * x
    square = 3 * x * x
    front = cube - square
    rest = 3 * x - 1
    value = front + rest
    return value


def chord(x, h):
    """Return the slope of x**2 - 2 along a chord of length h."""
    ahead = (x + h) * (x + h)
    here = x * x
    rise = ahead - here
    return rise / h


def tail(x):
    """Return the mass of exp(-t) beyond x as 1 minus the mass before it."""
    inside = 1 - np.exp(-x)
    outside = 1 - inside
    return outside


def panel_estimate(a, h):
    """Return Simpson's rule minus the trapezoidal rule on one panel of exp."""
    ends = np.exp(a) + np.exp(a + h)
    middle = 4 * np.exp(a + h / 2)
    simpson = (ends + middle) * h / 6
    trapezoid = ends * h / 2
    estimate = simpson - trapezoid
    return estimate


def two_decays(slow, fast, t):
    """Return exp(-slow t) - exp(-fast t), a part of the solution of two coupled decays."""
    first = np.exp(-slow * t)
    second = np.exp(-fast * t)
    part = first - second
    return part


def step_error(rate, h):
    """Return what a step of explicit Euler misses on exp(-rate t)."""
    exact = np.exp(-rate * h)
    euler = 1 - rate * h
    missed = exact - euler
    return missed


def squared_distance(x, y):
    """Return (x - y)**2, expanded."""
    squares = x * x + y * y
    mixed = 2 * x * y
    distance = squares - mixed
    return distance


def relu_spread(x, y):
    """Return the variance of two activations around their mean, by squares."""
    mean = (x + y) / 2
    squares = (x * x + y * y) / 2
    middle = mean * mean
    variance = squares - middle
    deviation = np.sqrt(variance)
    return deviation


def likeness(x, y):
    """Return one minus the cosine of (1, x) and (1, y)."""
    product = 1 + x * y
    first = np.sqrt(1 + x * x)
    second = np.sqrt(1 + y * y)
    cosine = product / (first * second)
    return 1 - cosine


def hypotenuse_gap(x):
    """Return sqrt(1 + x**2) - 1."""
    square = x * x
    long = np.sqrt(1 + square)
    gap = long - 1
    return gap
