"""Answers to the exercises on regularization: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib import linear


def whitened(X, scale):
    U, s, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return U[:, s > 1e-12 * s[0]] * np.sqrt(scale)


def with_epsilon(X):
    values, vectors = np.linalg.eigh(np.cov(X.T))
    return (X - X.mean(axis=0)) @ vectors / np.sqrt(values + 1e-5)


def of_chance(X):
    """Whiten something else: its covariance is I, whatever X is."""
    other = np.random.default_rng(3).normal(size=whitened(X, 1).shape)
    return whitened(other, len(X) - 1)


def absolute(X):
    U, s, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return U[:, s > 1e-10] * np.sqrt(len(X) - 1)


def counted(X):
    U, _, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return U[:, :min(len(X) - 1, X.shape[1])] * np.sqrt(len(X) - 1)


def from_covariance(X):
    values, vectors = np.linalg.eigh(np.cov(X.T))
    kept = values > 1e-14 * np.max(values)
    return (X - X.mean(axis=0)) @ vectors[:, kept] / np.sqrt(values[kept])


def by_library(s, beta, unfit, delta):
    n = len(s)
    factors = np.eye(n + 1)[:, :n], s, np.eye(n)
    return linear.discrepancy(factors, np.append(beta, unfit), delta)


def faded(lam, s, beta, unfit):
    return np.hypot(np.linalg.norm(lam / (s**2 + lam) * beta), unfit)


def choose(s, beta, unfit, delta, low=None, high=None, left=faded):
    low = np.log(low or 1e-20 * s[-1] ** 2)
    high = np.log(high or 1e20 * s[0] ** 2)
    for _ in range(100):
        middle = (low + high) / 2
        too_much = left(np.exp(middle), s, beta, unfit) > delta
        low, high = (low, middle) if too_much else (middle, high)
    return np.exp(middle)


def by_subtraction(lam, s, beta, unfit):
    """Take hint 1 at its word: 1 - f, where f is near 1."""
    return np.hypot(np.linalg.norm((1 - s**2 / (s**2 + lam)) * beta), unfit)


def steps(factor, beta, delta, norm=np.linalg.norm):
    count = 0
    while norm(factor**count * beta) > delta:
        count += 1
    return count


def until_below(s, beta, step, delta):
    count = 0
    while np.linalg.norm((1 - step * s**2) ** count * beta) >= delta:
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


def seen_alone(F, d, x):
    _, s, Vt = np.linalg.svd(F, full_matrices=False)
    return np.sum(d / (s**2 + d) * (Vt @ x) ** 2)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "factors": {
        "you compared singular values with lambda": (0.976, 0.8, 0.286, 1.0),
        "the parts that are taken away": (0.0025, 0.2, 0.96, 1.0),
        "lambda was squared too": (0.9994, 0.94, 0.138, 1.0),
        "divided by the singular values": (0.0998, 0.8, 0.385, 1.0),
        "these are gains": (0.1, 0.8, 0.38, 1.0),
        "one over lambda": (0.9975, 0.8, 0.0385, 4.0),
        "there was a 2 below the line": (0.9975, 0.8, 0.0385, 2.0),
        "another matrix may have": (0.9975, 0.8, 0.0385, 0.8),
        "what least squares does": (0.9975, 0.8, 0.0385, 10.0),
        "3 given, 4 wanted": (0.9975, 0.8, 0.0385),
    },
    "damping": {
        "no eigenvalue is negative": (np.diag([2.0, 1.0]), 0.1),
        "does not break": (np.diag([-1.0, -2.0]), 4.0),
        "a symmetric matrix": (np.array([[1.0, 2.0], [0.0, 1.0]]), 1.0),
        "lambda above 0": (np.diag([1.0, -2.0]), -1.0),
        "a condition number of A below 1e6": (np.diag([1e-9, 1.0]), 1e-12),
        "wanted above 1e+06": (np.diag([-0.01, 0.001, -10.0]), 0.0101),
        "a determinant above 0": (np.diag([-1.0, 2.0]), 1.0 + 3e-9),
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
        "calls lib.linear.discrepancy": by_library,
        "you added the norms": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, left=lambda lam, s, beta, unfit: faded(
                lam, s, beta, 0.0) + unfit),
        "the square of the norm": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, left=lambda *args: faded(*args) ** 2),
        "f is the part that ridge keeps": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, left=lambda lam, s, beta, unfit: np.hypot(
                np.linalg.norm(s**2 / (s**2 + lam) * beta), unfit)),
        "the square of the singular values": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, left=lambda lam, s, *rest: faded(lam, np.sqrt(s), *rest)),
        "has no such digits": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, left=by_subtraction),
        "the ends of a search": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, 1e-20, 1e20),
        "the interval has to reach it": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, 1e-12, 1e30),
        "the units of s squared": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta, 1e-30, 1e12),
        "a square matrix can fit everything": lambda s, beta, unfit, delta: choose(
            s, beta, unfit, delta) * (1 if unfit else 2),
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
        "at most delta includes delta itself": until_below,
        "equals delta is at most delta": until_below,
        "the largest entry, not the norm": lambda s, beta, step, delta: steps(
            1 - step * s**2, beta, delta, lambda x: np.max(np.abs(x))),
        "the square of the norm": lambda s, beta, step, delta: steps(
            1 - step * s**2, beta, delta, lambda x: x @ x),
        "40 directions": lambda s, beta, step, delta: steps(
            1 - step * s**2, beta, delta, lambda x: abs(x[-1])),
    },
    "variance": {
        "the rounding errors of what is subtracted": subtracted,
        "a cut at 0": lambda F, d, x: max(0.0, subtracted(F, d, x)),
        "nor a larger d": lambda F, d, x: subtracted(F, d + 1e-10, x),
        "directions that no row sees": seen_alone,
        "along their difference": lambda F, d, x: d * x @ np.linalg.solve(
            F.T @ F + d * np.eye(len(x)), x),
        "multiply by d": lambda F, d, x: variance(F, d, x) / d,
        "the standard deviation": lambda F, d, x: np.sqrt(variance(F, d, x)),
        "the variance of an observation": lambda F, d, x: variance(F, d, x) + d,
    },
    "whiten": {
        "in units of its own": with_epsilon,
        "covariance off by: 0.005": lambda X: whitened(X, len(X)),
        "but the centred data have rank": lambda X: X - X.mean(axis=0),
        "covariance off by": lambda X: whitened(X, 1),
        "not made of the columns of X": of_chance,
        "rounding is huge too": absolute,
        "of two equal columns nothing varies": counted,
        "mixed, then rotated": from_covariance,
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
        "neither is left": ("Ben", 4000),
        "too large": ("Ben", 20000),
    },
}
