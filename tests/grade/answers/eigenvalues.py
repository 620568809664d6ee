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


def deviations(X, counts):
    samples = np.sum(counts)
    scaled = np.sqrt(counts)[:, None] * (X - counts @ X / samples)
    return np.linalg.svd(scaled, full_matrices=False)[1] / np.sqrt(samples - 1)


def uncounted(X, counts):
    return deviations(X, np.ones(len(X)))


def from_covariance(X, counts):
    covariance = np.atleast_2d(np.cov(X.T, fweights=counts))
    values = np.linalg.eigvalsh(covariance)[::-1][:min(X.shape)]
    return np.sqrt(np.maximum(values, 0))


def by_book(X, counts):
    values, _ = np.linalg.eig(X.T @ X / len(X))
    return np.sqrt(values.real)


def about(X, counts, middle, samples):
    scaled = np.sqrt(counts)[:, None] * (X - middle)
    return np.linalg.svd(scaled, full_matrices=False)[1] / np.sqrt(samples - 1)


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


def two(product, n, x=None, y=None, least=None, k=30):
    x = start(n) if x is None else x
    y = np.cos(np.arange(n) ** 2) if y is None else y
    first = linear.lanczos(product, min(n, k), start=x)
    v, value = first.vectors[:, -1], first.values[-1]
    drop = value - (first.values[0] if least is None else least)

    def taken_out(z):
        return product(z) - drop * v * (v @ z)

    return value, linear.lanczos(taken_out, min(n, k), start=y).values[-1]


def one_run(product, n):
    values = ritz(product, n)
    return values[-1], values[-2] if len(values) > 1 else values[-1]


def of_size(product, n):
    values = sorted(ritz(product, n), key=abs)
    return values[-1], values[-2] if len(values) > 1 else values[-1]


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "angles": {
        "these are radians": (1e-6, 0.01, 0.3927, 0.7849, 4.14e-7),
        "you forgot to halve": (1.146e-4, 1.146, 45.0, 89.97, 4.14e-7),
        "with the tangent change over gap": (5.73e-5, 0.573, 26.57, 89.94, 4.14e-7),
        "the largest angles that the bound allows": (1.146e-4, 1.146, 90.0, 90.0, 1e-6),
        "as little as its value moves": (5.73e-5, 5.73e-5, 5.73e-5, 5.73e-5, 4.14e-7),
        "exchange the two vectors": (5.73e-5, 0.573, 22.5, 90.0, 4.14e-7),
        "this is Weyl's bound": (5.73e-5, 0.573, 22.5, 45.0, 1e-6),
        "no power series will do": (5.73e-5, 0.573, 22.5, 45.0, 5e-7),
        "this is the radius": (5.73e-5, 0.573, 22.5, 45.0, 1.414e-6),
        "4 given, 5 wanted": (5.73e-5, 0.573, 22.5, 45.0),
    },
    "angle": {
        "the cosine is right to rounding":
            lambda U, V: np.arccos(np.clip(cosines(U, V)[-1], -1, 1)),
        "the sine is right to rounding": lambda U, V: np.arcsin(min(1.0, sine(U, V))),
        "this is an angle of two columns": by_columns,
        "too large, got": lambda U, V: np.linalg.norm(U - V, 2),
        "this is in degrees": lambda U, V: np.degrees(angle(U, V)),
        "this is the sine": sine,
        "this is the cosine": lambda U, V: cosines(U, V)[-1],
        "this is the smallest of the angles":
            lambda U, V: np.arccos(np.clip(cosines(U, V)[0], -1, 1)),
        "by Frobenius' norm": lambda U, V: np.arctan2(
            np.linalg.norm(V - U @ (U.T @ V)), np.linalg.norm(U.T @ V)),
        "one number is wanted": lambda U, V: np.arccos(np.clip(cosines(U, V), -1, 1)),
        "two lines": lambda U, V: QUARTER,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.18),
        "you left out the 2": ("Ben", 0.589),
        "this is in radians": ("Ben", 0.021),
        "which the plane does not need": ("Ben", 90),
        "not the variance": ("Ben", 0.834),
        "too large": ("Ben", 5),
    },
    "deviations": {
        "the counts are left out": uncounted,
        "the mean leaves out the counts":
            lambda X, counts: about(X, counts, X.mean(axis=0), np.sum(counts)),
        "the mean is no part of a deviation":
            lambda X, counts: about(X, counts, 0.0, np.sum(counts)),
        "m rows are more samples":
            lambda X, counts: about(X, counts, counts @ X / np.sum(counts), len(X)),
        "the variances are right to rounding": from_covariance,
        "raised LinAlgError": lambda X, counts: np.linalg.cholesky(
            np.cov(X.T) - 1e9 * np.eye(X.shape[1])),
        "and not by one less":
            lambda X, counts: deviations(X, counts) * np.sqrt(1 - 1 / np.sum(counts)),
        "these are variances": lambda X, counts: deviations(X, counts) ** 2,
        "these are singular values":
            lambda X, counts: deviations(X, counts) * np.sqrt(np.sum(counts) - 1),
        "right, but not the largest first":
            lambda X, counts: np.roll(deviations(X, counts), 1),
        "the smallest stands first": lambda X, counts: deviations(X, counts)[::-1],
        "5 values are wanted": by_book,
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
        "these are the two smallest": lambda product, n: [
            -value for value in two(lambda v: -product(v), n)],
        "these are the two of largest size": of_size,
        "one start sees equal eigenvalues once": one_run,
        "that of the constant vector": lambda product, n: two(product, n, np.ones(n)),
        "which comes of the vector that was taken out":
            lambda product, n: two(product, n, least=0.0),
        "the second: too small, got": lambda product, n: two(product, n, y=start(n)),
        "the smaller of the two stands first": lambda product, n: two(product, n)[::-1],
        "one run has brought the first one back":
            lambda product, n: [two(product, n)[0]] * 2,
        "more than 60 products": lambda product, n: two(product, n, k=60),
        "too small, got": lambda product, n: two(product, n, k=8),
        "but two numbers are wanted": lambda product, n: two(product, n)[0],
        "the first: too": lambda product, n: [by_power(product, n, 8.0)] * 2,
    },
}
