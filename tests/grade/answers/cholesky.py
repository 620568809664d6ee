"""Wrong answers to the exercises on Cholesky's factorisation, three at least for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy.linalg

RIGHT = {}


def tutorial(y, K):
    L, _ = scipy.linalg.cho_factor(K)
    z = scipy.linalg.solve_triangular(L, y, lower=True)
    return scipy.linalg.solve_triangular(L.T, z)


def needed(A):
    size = np.abs(A)
    return max(0, np.max(size.sum(axis=1) - np.diag(size) - np.diag(A)))


def refactored(L, column, corner):
    K = np.block([[L @ L.T, column[:, None]], [column, corner]])
    return np.linalg.cholesky(K)


def bordered(L, row, corner):
    n = len(L)
    larger = np.zeros((n + 1, n + 1))
    larger[:n, :n] = L
    larger[n, :n] = row
    larger[n, n] = np.sqrt(np.abs(corner - row @ row))
    return larger


# By what the report has to say of each, somewhere.
WRONG = {
    "float32": {
        "the trace is 1000, not 1": (2.2e-13, 1.2e-4, "no"),
        "you took eps for u": (4.4e-10, 0.24, "no"),
        "'yes' is not right": (2.2e-10, 0.12, "yes"),
        "2 given, 3 wanted": (2.2e-10, 0.12),
    },
    "read": {
        "exchanged the two lines": (3, 2, 12, "no cure"),
        "'cure' is not right": (2, 3, 12, "cure"),
        "9 is too small": (2, 3, 9, "no cure"),
        "is no power of ten": (2, 3, 4e12, "no cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.1e-12),
        "you took n u": ("Ben", 1.1e-14),
        "you took u alone": ("Ben", 1.1e-16),
        "too large": ("Ben", 1e-8),
    },
    "weights": {
        "wrong": tutorial,
        "nothing was solved": lambda y, K: y,
        "0 of 3 cases stable": lambda y, K: scipy.linalg.solve_triangular(
            np.linalg.cholesky(K), y, lower=True),
        "returned None": lambda y, K: print(end=""),
    },
    "sneaky": {
        "an eigenvalue of -1e-3": np.eye(50),
        "does not break": np.diag([1.0, -1.0]),
        "a symmetric matrix": np.triu(np.ones((3, 3))),
        "a square matrix": np.ones(3),
    },
    "shift": {
        "too large": lambda A: needed(A) + 1,
        "too small: A + cI does not factor": needed,
        "another road": lambda A: needed(A) + 1e-7 * np.max(np.abs(A)) * (
            np.linalg.eigvalsh(A)[0] < np.inf),
        "wrong": lambda A: 5.0,
    },
    "longley": {
        "this is what the others explain": lambda X: 1 - np.linalg.inv(
            np.linalg.inv(np.corrcoef(X.T))[-1:, -1:])[0, 0],
        "variance inflation factor": lambda X: np.linalg.inv(np.corrcoef(X.T))[-1, -1],
        "this is its root": lambda X: np.linalg.cholesky(np.corrcoef(X.T))[-1, -1],
        "divide by the variance": lambda X: np.linalg.cholesky(np.cov(X.T))[-1, -1] ** 2,
    },
    "grow": {
        "another road": lambda L, column, corner: bordered(
            L, np.linalg.solve(L, column), corner) if corner > np.sum(
                np.linalg.solve(L, column)**2) else _refuse(),
        "a factor where no variance is left": lambda L, column, corner: bordered(
            L, scipy.linalg.solve_triangular(L, column, lower=True), corner),
        "wrong": lambda L, column, corner: bordered(L, column, corner),
        "not lower triangular": lambda L, column, corner: bordered(
            L, scipy.linalg.solve_triangular(L, column, lower=True), corner).T,
    },
}


def _refuse():
    raise ValueError("no variance left")
