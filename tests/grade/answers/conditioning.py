"""Answers to the exercises on conditioning: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib.numbers import measure


def bound(A, x, b, norm=np.inf, factor=2):
    product = measure.condition(A, norm) * measure.backward_error(A, x, b)
    return factor * product / (1 - product) if product < 1 else np.inf


def without_end(A, x, b):
    product = measure.condition(A, np.inf) * measure.backward_error(A, x, b)
    return 2 * product / (1 - product)


def at_kappa_eta(rule):
    """Return the bound that rule makes of kappa eta."""
    return lambda A, x, b: rule(measure.condition(A, np.inf) * measure.backward_error(A, x, b))


def without_b(A, x, b):
    size = np.linalg.norm(A, np.inf) * np.max(np.abs(x))
    product = measure.condition(A, np.inf) * np.max(np.abs(b - A @ x)) / size
    return 2 * product / (1 - product) if product < 1 else np.inf


def residual_alone(A, x, b):
    return measure.condition(A, np.inf) * np.max(np.abs(b - A @ x))


def scaled(A):
    return A / np.max(np.abs(A), axis=1, keepdims=True)


def smaller_diagonal(A):
    """Right for a symmetric positive definite matrix only."""
    return A - np.linalg.svd(A)[1][-1] * np.eye(2)


def one_entry(A):
    return np.array([A[0], [A[1, 0], A[0, 1] * A[1, 0] / A[0, 0]]])


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
        "you left out the 2": lambda A, x, b: bound(A, x, b, factor=1),
        "this promises nonsense": at_kappa_eta(lambda p: 2 * np.divide(p, 1 - p)),
        "division by zero (κη has reached 1": without_end,
        "the denominator is missing":
            lambda A, x, b: 2 * measure.condition(A, np.inf) * measure.backward_error(A, x, b),
        "in the 2-norm": lambda A, x, b: bound(A, x, b, 2),
        "in the 1-norm": lambda A, x, b: bound(A, x, b, 1),
        "expected inf": lambda A, x, b: measure.condition(A, 1) * measure.backward_error(A, x, b),
        "so nothing is promised": lambda A, x, b: min(bound(A, x, b), 1e6),
        "error_bound: wrong": residual_alone,
        "ZeroDivisionError": at_kappa_eta(lambda p: 2 * p / (1 - p) if p <= 1 else np.inf),
        "κη has reached 1 here": at_kappa_eta(lambda p: 2 * p / (1 - p) if p < 1 else 1e9),
        "κη = 0.4              wrong": at_kappa_eta(
            lambda p: 2 * p / (1 - p) if p <= 1 / 3 else np.inf),
        "large, and still a bound": at_kappa_eta(lambda p: 2 * p / (1 - p) if p < 0.9 else np.inf),
        "κη = 1.005  ": at_kappa_eta(lambda p: np.inf if p > 1.2 or p == 1 else 2 * p / (1 - p)),
        "too large by a factor of 2": without_b,
        "returned None": lambda A, x, b: print(end=""),
    },
    "labels": {
        "you divided the entries": (17, 1.196, 4),
        "a single one given, 3 wanted": 17,
        "1 given, 3 wanted": (1.125,),
        "18 is too large": (18, 1.196, 4),
        "the determinant": (288, 1.196, 4),
        "forgot the factor 2": (1.125, 1.094, 4),
        "the mean is subtracted": (1.125, 1.196, 5),
        "order of the covariance": (1.125, 1.196, 10),
        "not right  10 is too large": (10, 1.196, 4),
    },
    "singular": {
        "the change, not the changed matrix": lambda A: without_short_axis(A) - A,
        "changes one entry": one_entry,
        "too far, by this share": lambda A: A - without_short_axis(A),
        "not singular": smaller_diagonal,
        "too far": lambda A: 0 * A,
        "of shape (2,)": lambda A: A[0],
        "not singular: the short half-axis": lambda A: A,
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
        "products are exact": (np.float32([0.1, 0.3]), np.float32([0.7, 1.1])),
        "doubling is exact": ([0.1, 0.2], [0.7, 1.1]),
        "two vectors of two numbers each": ([0.1, 0.3, 0.5], [0.7, 1.1, 0.9]),
        "of two numbers": [0.1, 0.3],
        "overflows or underflows": ([1e-200, 3e-200], [1e-200, 0.7]),
        "finite": ([np.nan, 1.0], [0.1, 0.3]),
        "overflows": ([1e200, 0.3], [1e200, 1.1]),
    },
}
