"""Wrong answers to the exercises on Cholesky's factorisation, three at least for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy.linalg

RIGHT = {}


def tutorial(y, K):
    # What cho_factor(K) returned before SciPy 1.18: an upper factor, with K left below it.
    L = np.linalg.cholesky(K).T + np.tril(K, -1)
    z = scipy.linalg.solve_triangular(L, y, lower=True)
    return scipy.linalg.solve_triangular(L.T, z)


def needed(A):
    size = np.abs(A)
    return max(0, np.max(size.sum(axis=1) - np.diag(size) - np.diag(A)))


def refactored(L, column, corner):
    K = np.block([[L @ L.T, column[:, None]], [column, corner]])
    return np.linalg.cholesky(K)


def bordered(L, row, left):
    n = len(L)
    larger = np.zeros((n + 1, n + 1))
    larger[:n, :n] = L
    larger[n, :n] = row
    larger[n, n] = np.sqrt(np.abs(left))
    return larger


def growing(refused, solve=lambda L, b: scipy.linalg.solve_triangular(L, b, lower=True)):
    """Return an answer that refuses a new point by a test of the variance left and the corner."""
    def grow(L, column, corner):
        row = solve(L, column)
        left = corner - row @ row
        if refused(left, corner):
            raise ValueError("no variance left")
        return bordered(L, row, left)

    return grow


def shared(covariance):
    return np.linalg.cholesky(covariance)[-1, -1] ** 2 / covariance[-1, -1]


def uncentred(X):
    return shared(X.T @ X)


def without_constant(X):
    others, last = X[:, :-1], X[:, -1]
    residual = last - others @ np.linalg.lstsq(others, last, rcond=None)[0]
    return residual @ residual / len(last) / np.var(last)


def halfway(y, K):
    return scipy.linalg.solve_triangular(np.linalg.cholesky(K), y, lower=True)


def twice_forward(y, K):
    L = np.linalg.cholesky(K)
    return scipy.linalg.solve_triangular(L.T, halfway(y, K), lower=True)


def by_general_solves(y, K):
    L = np.linalg.cholesky(K)
    return np.linalg.solve(L.T, np.linalg.solve(L, y))


def with_constant(y, K):
    return scipy.linalg.cho_solve(scipy.linalg.cho_factor(K + 1e-6 * np.eye(len(y))), y)


# By what the report has to say of each, somewhere.
WRONG = {
    "float32": {
        "the trace is 1000, not 1": (2.2e-13, 1.2e-4, "no"),
        "you took eps for u": (4.4e-10, 0.24, "no"),
        "the factor of 2": (1.1e-10, 0.06, "no"),
        "'yes' is not right": (2.2e-10, 0.12, "yes"),
        "2 given, 3 wanted": (2.2e-10, 0.12),
    },
    "read": {
        "exchanged the two lines": (3, 2, 12, "no cure"),
        "'cure' is not right": (2, 3, 12, "cure"),
        "9 is too small": (2, 3, 9, "no cure"),
        "is no power of ten": (2, 3, 4e12, "no cure"),
        "line 3 only shows": (3, 3, 12, "no cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.1e-12),
        "you took n u": ("Ben", 1.1e-14),
        "you took u alone": ("Ben", 1.1e-16),
        "you took eps for u": ("Ben", 102 * 100 * 2.0**-52),
        "has no sign": ("Ben", -1.1e-12),
        "too large": ("Ben", 1e-8),
    },
    "weights": {
        "below its diagonal this L holds K": tutorial,
        "nothing was solved": lambda y, K: y,
        "half of the way, L z = y": halfway,
        "0 of 5 cases stable": twice_forward,
        "returned None": lambda y, K: print(end=""),
        "nearly known  unstable": lambda y, K: np.linalg.inv(K) @ y,
        "(deviations of 1e-9 to 1e9": lambda y, K: np.linalg.solve(K, y),
        "what compares elements of two units": by_general_solves,
        "loses digits)": lambda y, K: np.linalg.lstsq(K, y, rcond=None)[0],
        "Michelson     wrong": with_constant,
    },
    "sneaky": {
        "an eigenvalue of -1e-3": np.eye(50),
        "100 of 100 draws": np.diag([1.0, -1.0]),
        "does not break": np.diag([1.0] * 2 + [-1e-3]),  # one draw of a thousand may miss it
        "draws of a thousand directions notice": np.diag([1.0] * 6 + [-0.1]),
        "a symmetric matrix": np.triu(np.ones((3, 3))),
        "a square matrix": np.ones(3),
        "at most 200 rows": np.diag([1.0] * 300 + [-0.01]),
    },
    "shift": {
        "c = 6 is too large: 5.1 is allowed": lambda A: needed(A) + 1,
        "too small: A + cI does not factor": needed,
        "c = 1 is too small": lambda A: max(0, np.max(
            A.sum(axis=1) - 2 * np.diag(A))) + 1e-7 * np.max(np.abs(A)),
        "two signs            wrong": lambda A: max(0, np.max(
            np.abs(A.sum(axis=1) - np.diag(A)) - np.diag(A))) + 1e-7 * np.max(np.abs(A)),
        "c = 1e-15 is too small": lambda A: needed(A) + 1e-15,
        "another road": lambda A: needed(A) + 1e-7 * np.max(np.abs(A)) * (
            np.linalg.eigvalsh(A)[0] < np.inf),
        "calls scipy.linalg.eigh": lambda A: max(
            0, -scipy.linalg.eigvalsh(A)[0]) + 1e-7 * np.max(np.abs(A)),
        "is not 0 or more": lambda A: np.max(
            np.abs(A).sum(axis=1) - np.diag(np.abs(A) + A)) + 1e-7 * np.max(np.abs(A)),
        "is allowed (no constant is small in every unit)": lambda A: needed(A) + 1e-9,
        "wrong": lambda A: 5.0,
    },
    "longley": {
        "this is what the others explain": lambda X: 1 - np.linalg.inv(
            np.linalg.inv(np.corrcoef(X.T))[-1:, -1:])[0, 0],
        "variance inflation factor": lambda X: np.linalg.inv(np.corrcoef(X.T))[-1, -1],
        "this is its root": lambda X: np.linalg.cholesky(np.corrcoef(X.T))[-1, -1],
        "divide by the variance": lambda X: np.linalg.cholesky(np.cov(X.T))[-1, -1] ** 2,
        "the constant was left out": uncentred,
        "the constant is missing": without_constant,
        "the first pivot": lambda X: 1.0,
        "a mean over m, the other": lambda X: np.linalg.cholesky(
            np.cov(X.T, ddof=0))[-1, -1] ** 2 / np.var(X[:, -1], ddof=1),
        "Longley, in small units  wrong": lambda X: shared(np.cov(X.T) + 1e-6 * np.eye(X.shape[1])),
        "unstable": lambda X: shared(np.corrcoef(X.T) + 1e-8 * np.eye(X.shape[1])),
    },
    "grow": {
        "calls numpy.linalg.cholesky": refactored,
        "in mixed units": growing(lambda left, corner: not left > 0, np.linalg.solve),
        "a factor where no variance is left": growing(lambda left, corner: False),
        "nothing left       wrong": growing(lambda left, corner: left < 0),
        "in small units     wrong": growing(lambda left, corner: left < 1e-10),
        "1e-12 left         wrong": growing(lambda left, corner: left < 1e-12 * corner),
        "wrong": lambda L, column, corner: bordered(L, column, corner - column @ column),
        "not lower triangular": lambda L, column, corner: growing(
            lambda left, corner: not left > 0)(L, column, corner).T,
        "a diagonal that is not positive": lambda L, column, corner: -growing(
            lambda left, corner: not left > 0)(L, column, corner),
        "for 2 points": lambda L, column, corner: growing(
            lambda left, corner: not left > 0)(L, column, corner)[-1],
    },
}
