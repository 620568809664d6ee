"""Answers to the exercises on choosing a solver: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy.linalg

from lib import linear
from lib.linear import advise

U = 2.0**-53


def is_triangle(A):
    return not (np.any(np.triu(A, 1)) and np.any(np.tril(A, -1)))


def accepts(A):
    try:
        np.linalg.cholesky(A)
    except np.linalg.LinAlgError:
        return False
    return True


def is_symmetric(A):
    root = np.sqrt(np.abs(np.diag(A)))
    return bool(np.all(np.abs(A - A.T) <= 10 * len(A) * U * np.outer(root, root)))


def chosen(A, triangle=is_triangle, scale=True, symmetric=is_symmetric, definite=accepts,
           digits=True):
    if triangle(A):
        return "substitution" if np.all(np.diag(A)) else "none"
    if scale:
        A = linear.equilibrate(A)[0]
    kappa = np.linalg.cond(A)
    if digits and not kappa * len(A) * U <= 1:
        return "none"
    return "cholesky" if symmetric(A) and definite(A) else "lu"


def by_determinant(A):
    if is_triangle(A):
        return "substitution" if np.all(np.diag(A)) else "none"
    if abs(np.linalg.det(A)) < 1e-12:
        return "none"
    return "cholesky" if is_symmetric(A) and accepts(A) else "lu"


def by_eigenvalues(A):
    return bool(np.all(np.linalg.eigvalsh(A) >= 0))


def asking(A):
    word = linear.advise(A).method
    return word if word in {"substitution", "cholesky", "lu"} else "none"


def asking_first(A):
    advise(A)  # under a name of its own
    return chosen(A)


def above(limit):
    def choose(A):
        if not is_triangle(A) and np.linalg.cond(linear.equilibrate(A)[0]) > limit:
            return "none"
        return chosen(A, digits=False)

    return choose


def changing(A):
    word = chosen(A)
    A *= 2
    return word


def by_inverse(F, G, noise):
    M = F @ F.T + noise * np.eye(len(F))
    cross = G @ F.T
    prior = np.sum(G * G, axis=1)
    return prior - np.sum(cross @ np.linalg.inv(M) * cross, axis=1)


def by_triangles(F, G, noise):
    M = F @ F.T + noise * np.eye(len(F))
    z = scipy.linalg.solve_triangular(np.linalg.cholesky(M), (G @ F.T).T, lower=True)
    return np.sum(G * G, axis=1) - np.sum(z**2, axis=0)


def small(F, G, noise):
    k = F.shape[1]
    R = np.linalg.qr(np.vstack([F, np.sqrt(noise) * np.eye(k)]))[1]
    w = scipy.linalg.solve_triangular(R, G.T, trans="T")
    return noise * np.sum(w**2, axis=0)


def for_three(F, G, noise):
    R = np.linalg.qr(np.vstack([F, np.sqrt(noise) * np.eye(3)]))[1]
    w = scipy.linalg.solve_triangular(R, G.T, trans="T")
    return noise * np.sum(w**2, axis=0)


def untransposed(F, G, noise):
    R = np.linalg.qr(np.vstack([F, np.sqrt(noise) * np.eye(F.shape[1])]))[1]
    return noise * np.sum(scipy.linalg.solve_triangular(R, G.T) ** 2, axis=0)


def small_by_gram(F, G, noise):
    S = F.T @ F + noise * np.eye(F.shape[1])
    return noise * np.sum(G.T * np.linalg.solve(S, G.T), axis=0)


NEAR = 1 - 2.0**-30

RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "digits": {
        "float32 has 7 digits": (10.5, 10.5, 0, 12.7, 0),
        "digits that the data do not have": (10.5, 1.7, 10.5, 12.7, 0),
        "costs more than these": (10.5, 1.7, 4, 12.7, 0),
        "scale first": (10.5, 1.7, 0, 1.5, 0),
        "promises no digit": (10.5, 1.7, 0, 12.7, 8),
        "where the count comes out negative": (10.5, 1.7, -1.5, 12.7, 0),
        "a negative count is none": (10.5, 1.7, 0, 12.7, -1.7),
        "5.5 digits is too small": (5.5, 1.7, 0, 12.7, 0),
        "3 given, 5 wanted": (10.5, 1.7, 0),
    },
    "read": {
        "it is symmetric, but": ("cholesky", 9, "definite", "no"),
        "so the number is that of the data": ("lu", 0, "definite", "no"),
        "scaling sends no matrix another way": ("lu", 9, "scale", "no"),
        "the matrix takes more than six": ("lu", 9, "definite", "yes"),
        "'symmetric' is not right": ("lu", 9, "symmetric", "no"),
        "15 digits is too large": ("lu", 15, "definite", "no"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.0),
        "in the units given": ("Ben", 1e12),
        "this is its reciprocal": ("Ben", 1e-12),
        "the singular values are equal": ("Ben", 2),
        "the length of both columns": ("Ben", 1.41421),
        "too large": ("Ben", 1.5),
    },
    "choose": {
        "returned lu, expected substitution": lambda A: chosen(A, triangle=lambda A: False)
            if not is_triangle(A) or not np.all(np.diag(A)) else "lu",
        "returned none, expected lu: scaled": lambda A: chosen(A, scale=False),
        "returned cholesky, expected lu: rounding is far": lambda A: chosen(
            A, symmetric=lambda A: np.allclose(A, A.T, rtol=1e-5, atol=1e-5)),
        "returned lu, expected cholesky: it differs": lambda A: chosen(
            A, symmetric=lambda A: np.array_equal(A, A.T)),
        "returned cholesky, expected none: no digit": lambda A: chosen(A, digits=False)
            if not np.array_equal(A, np.ones((4, 4))) else "none",
        "returned none, expected cholesky: five digits": by_determinant,
        "returned cholesky, expected lu: it is not symmetric": lambda A: chosen(
            A, symmetric=lambda A: True),
        "expected lu: Cholesky refuses it": lambda A: chosen(A, definite=lambda A: True),
        "expected none: an unknown is not": lambda A: "substitution" if is_triangle(A)
            else chosen(A),
        "changed its argument": changing,
        "of a triangle only a zero on the diagonal says none": asking,
        "calls lib.linear.advise, which the task forbids": asking_first,
        "cholesky, expected lu: rounding": lambda A: chosen(
            A, symmetric=lambda A: np.allclose(A, A.T)),
        "expected lu: rounding": lambda A: chosen(
            A, symmetric=lambda A: np.max(np.abs(A - A.T)) <= 1e-8 * np.max(np.abs(A))),
        "tiny": lambda A: chosen(A, symmetric=lambda S: np.max(np.abs(A - A.T)) < 1e-10),
        "beside a large element": lambda A: chosen(A, symmetric=lambda S: np.max(
            np.abs(A - A.T)) <= 10 * len(A) * U * np.max(np.abs(A))),
        "two digits are left": above(1e12),
        "and n is 200": above(1 / U / 2),
        "only a zero on the diagonal": lambda A: "none" if np.linalg.cond(
            linear.equilibrate(A)[0]) > 1 / U / len(A) else chosen(A),
        "returned another word": lambda A: "SVD",
    },
    "variances": {
        "are negative": by_inverse,
        "too": by_triangles,
        "are 0: a clip": lambda F, G, noise: np.maximum(by_inverse(F, G, noise), 0),
        "9 of 10 cases stable": small_by_gram,
        "the noise in front is missing": lambda F, G, noise: small(F, G, noise) / noise,
        "with the noise of an observation": lambda F, G, noise: small(F, G, noise) + noise,
        "these are standard deviations": lambda F, G, noise: np.sqrt(small(F, G, noise)),
        "variances are wanted": lambda F, G, noise: np.outer(*[small(F, G, noise)] * 2),
        "expected": lambda F, G, noise: small(F, G, noise + 1e-8),
        "two features": for_three,
        "its transpose is wanted": untransposed,
        "off by": lambda F, G, noise: np.abs(by_inverse(F, G, noise)),
    },
    "accepted": {
        "the identity has": np.eye(2),
        "within some u of 1": np.array([[1.0, 0.5], [0.5, 1.0]]),
        "nearer to 1 still": np.array([[1.0, NEAR], [NEAR, 1.0]]),
        "accepted by Cholesky's method": np.ones((2, 2)),
        "ones on the diagonal": np.diag([1.0, 1e-20]),
        "symmetric to the last bit": np.array([[1.0, 1 - U], [1.0, 1.0]]),
        "a square matrix of order": np.eye(5),
    },
    "situations": {
        "products alone": ("lu", *("lu", "truncated_least_squares", "cholesky", "substitution",
                                   "least_squares")),
        "one factorisation, kept": ("cg", "inverse", "truncated_least_squares", "cholesky",
                                    "substitution", "least_squares"),
        "leaves the weights undetermined": ("cg", "lu", "least_squares", "cholesky",
                                            "substitution", "least_squares"),
        "does not look whether": ("cg", "lu", "truncated_least_squares", "cholesky", "lu",
                                  "least_squares"),
        "the columns are independent": ("cg", "lu", "truncated_least_squares", "cholesky",
                                        "substitution", "truncated_least_squares"),
        "where one factorisation serves": ("cg", "cg", "truncated_least_squares", "cholesky",
                                           "substitution", "least_squares"),
        "that this matrix is symmetric": ("cg", "cholesky", "truncated_least_squares", "cholesky",
                                          "substitution", "least_squares"),
        "give no determinant": ("cg", "lu", "truncated_least_squares", "cg", "substitution",
                                "least_squares"),
        "one step is left": ("cg", "lu", "truncated_least_squares", "cholesky", "least_squares",
                             "least_squares"),
        "are not square": ("cg", "lu", "truncated_least_squares", "cholesky", "substitution", "lu"),
        "square the condition number": ("cg", "lu", "truncated_least_squares", "cholesky",
                                        "substitution", "cholesky"),
        "5 given, 6 wanted": ("cg", "lu", "lu", "lu", "lu"),
    },
}
