"""Answers to the exercises on conditioning: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

from fractions import Fraction

import numpy as np

from lib.numbers import measure


def shares(A, x, b):
    """Return the largest entries of A x at most, and of the residual and b."""
    size = np.linalg.norm(A, np.inf) * np.max(np.abs(x))
    return size, np.max(np.abs(b - A @ x)), np.max(np.abs(b))


def at_kappa(rule, norm=np.inf):
    """Return the bound that rule makes of kappa e, with e as it is where only A changes."""
    def bound(A, x, b):
        size, r, _ = shares(A, x, b)
        return rule(measure.condition(A, norm) * r / size)

    return bound


def at_kappa_eta(rule):
    """Return the bound that rule makes of kappa eta, with eta for changes of A and b."""
    return lambda A, x, b: rule(measure.condition(A, np.inf) * measure.backward_error(A, x, b))


def of_b_alone(A, x, b):
    _, r, size = shares(A, x, b)
    return ended(measure.condition(A, np.inf) * r / size)


def ended(p):
    return p / (1 - p) if p < 1 else np.inf


def bound_another_way(A, x, b):
    """Return the bound from a residual of floats and an explicit inverse; right, in other words."""
    product = np.max(np.abs(b - A @ x)) * np.abs(np.linalg.inv(A)).sum(axis=1).max()
    left = np.abs(x).max() - product
    return product / left if left > 0 else float("inf")


def residual_alone(A, x, b):
    return measure.condition(A, np.inf) * np.max(np.abs(b - A @ x))


def scaled(A):
    return A / np.max(np.abs(A), axis=1, keepdims=True)


def smaller_diagonal(A):
    """Right for a symmetric positive definite matrix only."""
    return A - np.linalg.svd(A)[1][-1] * np.eye(2)


def one_entry(A):
    return np.array([A[0], [A[1, 0], A[0, 1] * A[1, 0] / A[0, 0]]])


def coarse_walk(A):
    turn = np.radians(np.arange(180))
    circle = np.array([np.cos(turn), np.sin(turn)])
    v = circle[:, np.argmin(np.linalg.norm(A @ circle, axis=0))]
    return A - np.outer(A @ v, v)


def without_short_axis(A):
    U, s, Vt = np.linalg.svd(A)
    return s[0] * np.outer(U[:, 0], Vt[0])


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "line 4 only shows what another line has made": (4, 4, 6, "no cure"),
        "exchanged the two lines": (4, 3, 6, "no cure"),
        "is no power of ten": (3, 4, 2e6, "no cure"),
        "'cure' is not right": (3, 4, 6, "cure"),
        "line 2 is not it": (2, 4, 6, "no cure"),
        "3 given, 4 wanted": (3, 4, 6),
        "7 is too large": (3, 4, 7, "no cure"),
        "5 is too small": (3, 4, 5, "no cure"),
        "you left out |q|": (3, 4, 6.0, "no cure"),
        "6.6 is too large": (3, 4, 6.6, "no cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 3.5e-4),
        "residual without its denominator": ("Ben", 0.0014),
        "the other one": ("Ben", 1.46e-8),
        "left b out": ("Ben", 7.0e-4),
        "in the 2-norm": ("Ben", 3.09e-4),
        "0.00036 is too large": ("Ben", 3.6e-4),
        "0.00034 is too small": ("Ben", 3.4e-4),
        "none of these: Ada, Ben": ("both", 3.5e-4),
        "a single one given, 2 wanted": "Ben",
    },
    "bound": {
        "the bound for changes of A and b":
            at_kappa_eta(lambda p: 2 * p / (1 - p) if p < 1 else np.inf),
        "the bound for changes of A and b, and beyond 1":
            at_kappa_eta(lambda p: 2 * np.divide(p, 1 - p)),
        "this ε is that for changes of A and b": at_kappa_eta(ended),
        "this ε is for changes of b alone": of_b_alone,
        "the 2 is for a change of b": at_kappa(lambda p: 2 * p / (1 - p) if p < 1 else np.inf),
        "formula is right, and beyond 1": at_kappa(lambda p: np.divide(p, 1 - p)),
        "the denominator is missing, and beyond 1": at_kappa(lambda p: p),
        "the denominator is missing": at_kappa(lambda p: p if p < 1 else np.inf),
        "in the 2-norm": at_kappa(ended, 2),
        "error_bound: wrong": residual_alone,
        "other units  wrong": at_kappa(ended, 1),
        "so nothing is promised": at_kappa(lambda p: min(ended(p), 1e6)),
        "κε has reached 1 here": at_kappa(lambda p: p / (1 - p) if p < 1 else 1e9),
        "division by zero": at_kappa(lambda p: 1 / (1 / float(p) - 1) if p <= 1 else np.inf),
        "large, and still a bound": at_kappa(lambda p: p / (1 - p) if p < 0.9 else np.inf),
        "κε = 0.4              wrong": at_kappa(lambda p: ended(p) if p <= 1 / 3 else np.inf),
        "κε = 1.005  ": at_kappa(lambda p: np.inf if p > 1.2 or p == 1 else p / (1 - p)),
        "returned None": lambda A, x, b: print(end=""),
    },
    "labels": {
        "you divided the entries": (17, 1.196, 4),
        "a single one given, 3 wanted": 17,
        "1 given, 3 wanted": (1.125,),
        "18 is too large": (18, 1.196, 4),
        "forgot the factor 2": (1.125, 1.094, 4),
        "the mean is subtracted": (1.125, 1.196, 5),
        "order of the covariance": (1.125, 1.196, 10),
        "not right  10 is too large": (10, 1.196, 4),
    },
    "singular": {
        "the change, not the changed matrix": lambda A: without_short_axis(A) - A,
        "changes one entry": one_entry,
        "takes away the long half-axis": lambda A: A - without_short_axis(A),
        "half-axis left": smaller_diagonal,
        "detour": lambda A: 0 * A,
        "of shape (2,)": lambda A: A[0],
        "half-axis left: 1, allowed": lambda A: A,
        "adds the image": lambda A: 2 * A - without_short_axis(A),
        "this is v y^T": lambda A: A - (A - without_short_axis(A)).T,
        "coarse steps": coarse_walk,
    },
    "safe": {
        "the rows have not been scaled":
            lambda A, u: max(0, -np.log10(measure.condition(A, np.inf) * u)),
        "that of float64 throughout":
            lambda A, u: max(0, -np.log10(measure.condition(scaled(A), np.inf) * 2**-53)),
        "can be negative": lambda A, u: -np.log10(measure.condition(scaled(A), np.inf) * u),
        "natural one": lambda A, u: max(0, -np.log(measure.condition(scaled(A), np.inf) * u)),
        "wrong": lambda A, u: 12.0 if np.linalg.cond(A) < 1e12 else 0.0,
        "by its largest element": lambda A, u: max(0, -np.log10(
            measure.condition(A / np.linalg.norm(A, axis=1, keepdims=True), np.inf) * u)),
        "not by its sum": lambda A, u: max(0, -np.log10(
            measure.condition(A / np.sum(np.abs(A), axis=1, keepdims=True), np.inf) * u)),
        "one full row            wrong":
            lambda A, u: max(0, -np.log10(measure.condition(scaled(A)) * u)),
        "with abs": lambda A, u: max(0, -np.log10(
            measure.condition(A / np.max(A, axis=1, keepdims=True), np.inf) * u)),
        "keepdims": lambda A, u: max(0, -np.log10(
            measure.condition(A / np.max(np.abs(A), axis=1), np.inf) * u)),
        "this κ is in the 2-norm":
            lambda A, u: max(0, -np.log10(measure.condition(scaled(A)) * u)),
        "half of eps":
            lambda A, u: max(0, -np.log10(measure.condition(scaled(A), np.inf) * 2 * u)),
        "columns were scaled": lambda A, u: max(0, -np.log10(
            measure.condition(A / np.max(np.abs(A), axis=0), np.inf) * u)),
    },
    "scaler": {
        "two or three columns": np.ones((7, 4)),
        "at least five rows": [[1, 2], [3, 5]],
        "no constant column": np.column_stack([np.ones(5), np.arange(5)]),
        "below 1e8": np.outer(np.arange(5.0), [1, 2]),
        "finite": np.full((5, 2), np.inf),
        "the means are 0 already": np.column_stack(
            [np.arange(-2.0, 3), np.array([1, -1, 0, -1, 1]) * 1e-3]),
        "neither overflow nor underflow": 1e200 * np.random.default_rng(3).normal(size=(6, 2)),
        "real numbers": np.random.default_rng(3).normal(size=(6, 2)) + 1j,
        "times worse": np.random.default_rng(11).normal(size=(9, 3)),
    },
    "outer": {
        "whole numbers": ([1.0, 2.0], [3.0, 5.0]),
        "products are exact": ([0.5, 0.375], [0.75, 1.25]),
        "float64 numbers": (np.float32([0.1, 0.3]), np.float32([0.7, 1.1])),
        "asks for: float64": (np.float32([0.1, 0.3]), [0.7, 1.1]),
        "the task asks for: float64": ([Fraction(1, 10), Fraction(3, 10)], [0.7, 1.1]),
        "a tuple of two vectors": np.array([[0.1, 0.3], [0.7, 1.1]]),
        "a factor 0": ([0.1, 0.0], [0.7, 1.1]),
        "doubling is exact": ([0.1, 0.2], [0.7, 1.1]),
        "two vectors of two numbers each": ([0.1, 0.3, 0.5], [0.7, 1.1, 0.9]),
        "of two numbers": [0.1, 0.3],
        "overflows or underflows": ([1e-200, 3e-200], [1e-200, 0.7]),
        "finite": ([np.nan, 1.0], [0.1, 0.3]),
        "overflows": ([1e200, 0.3], [1e200, 1.1]),
    },
}
