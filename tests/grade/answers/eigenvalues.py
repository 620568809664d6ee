"""Answers to the exercises on eigenvalues: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib import linear

QUARTER = float(np.pi / 2)


def cosines(U, V):
    return np.linalg.svd(U.T @ V)[1]


def sine(U, V):
    return np.linalg.norm(V - U @ (U.T @ V), 2)


def angle(U, V):
    return np.arctan2(sine(U, V), cosines(U, V)[-1])


def by_columns(U, V):
    return np.max(np.arccos(np.minimum(np.abs(np.sum(U * V, axis=0)), 1)))


def deviations(X):
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[1] / np.sqrt(len(X) - 1)


def from_covariance(X):
    values = np.linalg.eigvalsh(np.atleast_2d(np.cov(X.T)))[::-1][:min(X.shape)]
    return np.sqrt(np.maximum(values, 0))


def by_book(X):
    values, _ = np.linalg.eig(X.T @ X / len(X))
    return np.sqrt(values)


def not_centred(X):
    return np.linalg.svd(X, full_matrices=False)[1] / np.sqrt(len(X) - 1)


def start(n):
    return np.random.default_rng(3).standard_normal(n)


def ritz(product, n, k=60, x=None):
    return linear.lanczos(product, min(n, k), start=start(n) if x is None else x).values


def by_power(product, n, shift=0.0, count=59):
    x = start(n)
    for _ in range(count):
        x = product(x) + shift * x
        x = x / np.linalg.norm(x)
    return x @ product(x)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "angles": {
        "these are radians": (1e-6, 0.01, 0.3927, 0.7849, 1e-6),
        "you forgot to halve": (1.146e-4, 1.146, 45.0, 89.97, 1e-6),
        "with the tangent change over gap": (5.73e-5, 0.573, 26.57, 89.94, 1e-6),
        "the largest angles that the bound allows": (1.146e-4, 1.146, 90.0, 90.0, 1e-6),
        "as little as its value moves": (5.73e-5, 5.73e-5, 5.73e-5, 5.73e-5, 1e-6),
        "exchange the two vectors": (5.73e-5, 0.573, 22.5, 90.0, 1e-6),
        "the change is far larger": (5.73e-5, 0.573, 22.5, 45.0, 5e-10),
        "the value moves to first order": (5.73e-5, 0.573, 22.5, 45.0, 1e-3),
        "4 given, 5 wanted": (5.73e-5, 0.573, 22.5, 45.0),
    },
    "angle": {
        "the cosine of such an angle": lambda U, V: np.arccos(np.clip(cosines(U, V)[-1], -1, 1)),
        "the sine of such an angle": lambda U, V: np.arcsin(min(1.0, sine(U, V))),
        "as any basis of its space may be": by_columns,
        "other signs, and no angle": lambda U, V: np.linalg.norm(U - V, 2),
        "these are degrees": lambda U, V: np.degrees(angle(U, V)),
        "this is the sine": sine,
        "got 0.2, expected 0.5": lambda U, V: np.arccos(np.clip(cosines(U, V)[0], -1, 1)),
        "two lines": lambda U, V: QUARTER,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.18),
        "you left out the 2": ("Ben", 0.589),
        "this is in radians": ("Ben", 0.0206),
        "which the plane does not need": ("Ben", 90),
        "not the variance": ("Ben", 0.834),
        "too large": ("Ben", 5),
    },
    "deviations": {
        "the mean is no part of a deviation": not_centred,
        "lost beside it": from_covariance,
        "raised LinAlgError": lambda X: np.linalg.cholesky(np.cov(X.T) - 1e9 * np.eye(X.shape[1])),
        "and not by m - 1": lambda X: deviations(X) * np.sqrt(1 - 1 / len(X)),
        "these are variances": lambda X: deviations(X) ** 2,
        "these are singular values": lambda X: deviations(X) * np.sqrt(len(X) - 1),
        "the smallest stands first": lambda X: deviations(X)[::-1],
        "five values are wanted": by_book,
    },
    "read": {
        "line 4 only shows what another line has made": (4, 4, 8, "cure"),
        "exchanged the two lines": (4, 3, 8, "cure"),
        "is no power of ten": (3, 4, 5e7, "cure"),
        "'no cure' is not right": (3, 4, 8, "no cure"),
    },
    "growth": {
        "its powers only shrink": np.diag([0.9, 0.9]),
        "which is never large": np.array([[0.9, 10.0], [0.0, 0.9]]),
        "is zero for order 3": 0.9 * np.eye(3) + 10 * np.triu(np.ones((3, 3)), 1),
        "shrink before they have grown": 0.3 * np.eye(4) + 10 * np.triu(np.ones((4, 4)), 1),
        "nothing above 0.9 in size": np.eye(4) + 10 * np.triu(np.ones((4, 4)), 1),
        "no entry above 10": np.array([[0.9, 1e6], [0.0, 0.9]]),
        "zeros below the diagonal": np.full((4, 4), 0.9),
        "a square matrix of order 2 to 4": 0.9 * np.eye(5) + np.triu(np.ones((5, 5)), 1),
    },
    "top": {
        "this is the smallest one": lambda product, n: ritz(product, n)[0],
        "the eigenvalue of largest size": lambda product, n: max(ritz(product, n), key=abs),
        "this is the size of the largest": lambda product, n: max(abs(ritz(product, n))),
        "more than 60 products": lambda product, n: by_power(product, n, 30.0, 200),
        "expected": lambda product, n: by_power(product, n, 8.0),
        "a start with zeros is blind": lambda product, n: ritz(product, n, x=np.eye(n)[0])[-1],
        "a matrix of order 1 takes one step": lambda product, n: by_power(product, n, 0.0, 59)
        if n > 1 else 0.0,
    },
}
