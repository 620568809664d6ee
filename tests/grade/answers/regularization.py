"""Answers to the exercises on regularization: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np


def whitened(X, scale):
    U, s, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return U[:, s > 1e-12 * s[0]] * np.sqrt(scale)


def with_epsilon(X):
    values, vectors = np.linalg.eigh(np.cov(X.T))
    return (X - X.mean(axis=0)) @ vectors / np.sqrt(values + 1e-5)


def choose(s, beta, unfit, delta):
    low, high = np.log(1e-20 * s[-1] ** 2), np.log(1e20 * s[0] ** 2)
    for _ in range(100):
        middle = (low + high) / 2
        left = np.linalg.norm(beta / (1 + s**2 / np.exp(middle)))
        low, high = (low, middle) if np.hypot(left, unfit) > delta else (middle, high)
    return np.exp(middle)


def steps(factor, beta, delta):
    count = 0
    while np.linalg.norm(factor**count * beta) > delta:
        count += 1
    return count


def subtracted(F, d, x):
    K = F @ F.T + d * np.eye(len(F))
    return x @ x - (F @ x) @ np.linalg.solve(K, F @ x)


def variance(F, d, x):
    _, s, Vt = np.linalg.svd(F)
    sigma = np.zeros(len(x))
    sigma[:len(s)] = s
    return np.sum(d / (sigma**2 + d) * (Vt @ x) ** 2)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "factors": {
        "you compared singular values with lambda": (0.976, 0.8, 0.286, 1.0),
        "the parts that are taken away": (0.0025, 0.2, 0.96, 1.0),
        "lambda was squared too": (0.9994, 0.94, 0.138, 1.0),
        "divided by the singular values": (0.0998, 0.8, 0.385, 1.0),
        "there was a 2 below the line": (0.9975, 0.8, 0.0385, 2.0),
        "3 given, 4 wanted": (0.9975, 0.8, 0.0385),
    },
    "damping": {
        "no eigenvalue is negative": (np.diag([2.0, 1.0]), 0.1),
        "does not break": (np.diag([-1.0, 2.0]), 3.0),
        "a symmetric matrix": (np.array([[1.0, 2.0], [0.0, 1.0]]), 1.0),
        "lambda above 0": (np.diag([1.0, -2.0]), -1.0),
        "a condition number of A below 1e6": (np.diag([1e-9, 1.0]), 1e-12),
        "a square matrix of size 2 to 5": (np.array([[1.0]]), 1.0),
    },
    "choose": {
        "you left out what no lambda can fit": lambda s, beta, unfit, delta: choose(
            s, beta, 0.0, delta),
        "this is the root of lambda": lambda s, beta, unfit, delta: np.sqrt(
            choose(s, beta, unfit, delta)),
        "not their squares": lambda s, beta, unfit, delta: choose(
            s, beta, 0.0, delta - unfit),
        "expected": lambda s, beta, unfit, delta: delta**2,
        "the logarithm of lambda": lambda s, beta, unfit, delta: np.log(
            choose(s, beta, unfit, delta)),
        "got -69.08": lambda s, beta, unfit, delta: np.log(1e-30),
        "returned None": lambda s, beta, unfit, delta: print(end=""),
    },
    "steps": {
        "one step too few": lambda s, beta, step, delta: max(
            0, steps(1 - step * s**2, beta, delta) - 1),
        "one step too many": lambda s, beta, step, delta: steps(1 - step * s**2, beta, delta) + 1,
        "the square of the singular values": lambda s, beta, step, delta: steps(
            1 - step * s, beta, delta),
        "the limit of small steps": lambda s, beta, step, delta: steps(
            np.exp(-step * s**2), beta, delta),
        "no step": lambda s, beta, step, delta: 1,
    },
    "variance": {
        "the rounding errors of what is subtracted": subtracted,
        "noise 1e-16": lambda F, d, x: max(0.0, subtracted(F, d, x)),
        "multiply by d": lambda F, d, x: variance(F, d, x) / d,
        "the standard deviation": lambda F, d, x: np.sqrt(variance(F, d, x)),
        "the variance of an observation": lambda F, d, x: variance(F, d, x) + d,
    },
    "whiten": {
        "in units of its own": with_epsilon,
        "covariance off by: 0.005": lambda X: whitened(X, len(X)),
        "but the centred data have rank": lambda X: X - X.mean(axis=0),
        "covariance off by": lambda X: whitened(X, 1),
        "returned None": lambda X: print(end=""),
    },
    "read": {
        "line 5 only shows what another line has made": (5, 5, 11, "no cure"),
        "exchanged the two lines": (5, 4, 11, "no cure"),
        "is no power of ten": (4, 5, 2e11, "no cure"),
        "'cure' is not right": (4, 5, 11, "cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 2000),
        "you carried the number over": ("Ben", 0.1),
        "so that it cancels": ("Ben", 1000),
        "you divided by the number of rows": ("Ben", 5e-6),
        "too large": ("Ben", 4000),
    },
}
