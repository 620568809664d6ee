"""Answers to the exercises on LU: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy.linalg

from lib import linear
from lib.numbers import measure


def with_scipy(A, b, order=lambda P: P.T, lower=True):
    P, L, U = scipy.linalg.lu(A)
    y = scipy.linalg.solve_triangular(L, order(P) @ b, lower=lower)
    return scipy.linalg.solve_triangular(U, y)


def reordered_at_the_end(A, b):
    P, L, U = scipy.linalg.lu(A)
    y = scipy.linalg.solve_triangular(L, b, lower=True)
    return P.T @ scipy.linalg.solve_triangular(U, y)


def transposed(factors, g, rows=True, columns=True):
    g = g[factors.columns] if columns else g
    w = linear.back_substitution(
        factors.lower.T, linear.forward_substitution(factors.upper.T, g))
    y = np.empty_like(w)
    y[factors.rows if rows else slice(None)] = w
    return y


def gathered(factors, g):
    return transposed(factors, g, rows=False)[factors.rows]


def swapped(factors, g):
    z = linear.forward_substitution(factors.upper.T, g[factors.rows])
    y = np.empty_like(z)
    y[factors.columns] = linear.back_substitution(factors.lower.T, z)
    return y


def triangles_swapped(factors, g):
    y = np.empty_like(g)
    z = linear.back_substitution(factors.lower.T, g[factors.rows])
    y[factors.columns] = linear.forward_substitution(factors.upper.T, z)
    return y


def upper_only(factors, g):
    y = np.empty_like(g)
    z = scipy.linalg.solve_triangular(factors.upper.T, g[factors.columns])
    y[factors.rows] = scipy.linalg.solve_triangular(factors.lower.T, z)
    return y


def by_inverse(factors, g):
    return factors.solve(np.eye(len(g))).T @ g


def rebuilt(factors, by=np.linalg.solve):
    A = np.empty_like(factors.lower)
    A[np.ix_(factors.rows, factors.columns)] = factors.lower @ factors.upper
    return lambda g: by(A.T, g)


def printed(A, b, lower=True):
    try:
        return scipy.linalg.cho_solve(scipy.linalg.cho_factor(A, lower=lower), b)
    except np.linalg.LinAlgError:
        return scipy.linalg.solve(A, b, assume_a="gen")


def by_eigenvalues(A, b):
    if np.all(np.linalg.eigvals(A).real > 0):
        return scipy.linalg.cho_solve(scipy.linalg.cho_factor(A, lower=True), b)
    return scipy.linalg.solve(A, b, assume_a="gen")


def by_inverse_where_not_symmetric(A, b):
    return printed(A, b) if np.array_equal(A, A.T) else np.linalg.inv(A) @ b


def symmetrised(A, b):
    return scipy.linalg.solve((A + A.T) / 2, b, assume_a="gen")


def deviations(X, s, of=lambda d: np.sqrt(d)):
    return s * of(np.diag(np.linalg.inv(X.T @ X)))


def of_symmetric(A, b, is_symmetric):
    return printed(A, b) if is_symmetric(A) else scipy.linalg.solve(A, b, assume_a="gen")


def refined(A, b, dtype, plain=False, steps=7):
    factors, x = linear.lu(A.astype(dtype)), np.zeros(len(b))
    for _ in range(steps):
        r = b - A @ x if plain else measure.residual(A, x, b)
        x = x + factors.solve(r.astype(dtype))
    return x


def until(A, b, is_done):
    for dtype in (np.float32, np.float64):
        factors, x, size = linear.lu(A.astype(dtype)), np.zeros(len(b)), np.inf
        for _ in range(30):
            r = measure.residual(A, x, b)
            d = factors.solve(r.astype(dtype)).astype(float)
            x, before, size = x + d, size, np.max(np.abs(d))
            if is_done(size, r):
                return x
            if size > before / 3:
                break
    return x


def until_residual(A, b):
    for dtype in (np.float32, np.float64):
        factors, x = linear.lu(A.astype(dtype)), np.zeros(len(b))
        for _ in range(30):
            x = x + factors.solve(measure.residual(A, x, b).astype(dtype))
            r = measure.residual(A, x, b)
            if np.max(np.abs(r)) <= 2.0**-53 * np.max(np.abs(b)):
                return x
    return x


def accepted_by_residual(A, b):
    x = refined(A, b, np.float32)
    small = np.max(np.abs(measure.residual(A, x, b))) < 1e-8
    return x if small else refined(A, b, np.float64)


def accepted_by_backward_error(A, b):
    x = refined(A, b, np.float32, steps=10)
    small = measure.backward_error(A, x, b) < len(b) * 2.0**-53
    return x if small else refined(A, b, np.float64)


def both_at_once(A, b):
    x = refined(A, b, np.float32)
    y = refined(A, b, np.float64)
    return x if measure.backward_error(A, x, b) < 1e-17 else y


def condition_first(A, b):
    return refined(A, b, np.float32 if np.linalg.cond(A) < 1e6 else np.float64)


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "permutation": {
        "it solves L U x = P b": lambda A, b: with_scipy(A, b, lambda P: P),
        "you forgot to reorder b": lambda A, b: with_scipy(A, b, lambda P: np.eye(len(P))),
        "not x after them": reordered_at_the_end,
        "x is near, but its residual is not small, as with an inverse": (
            lambda A, b: scipy.linalg.inv(A) @ b),
        "L was read as an upper triangle": lambda A, b: with_scipy(A, b, lower=False),
        "calls numpy.linalg.solve, which the task forbids": lambda A, b: (
            with_scipy(A, b), np.linalg.solve(A, b))[1],
        "calls scipy.linalg.lu 0 times": lambda A, b: (
            linear.lu_complete(A).solve(b)),
        "returned None": lambda A, b: print(end=""),
    },
    "read": {
        "line 6 only shows what another line has made": (6, 6, 15, "no cure"),
        "exchanged the two lines": (6, 4, 15, "no cure"),
        "is no power of ten": (4, 6, 4e14, "no cure"),
        "13 is too small": (4, 6, 13, "no cure"),
        "14 is too small": (4, 6, 14, "no cure"),
        "16 is too large": (4, 6, 16, "no cure"),
        "'cure' is not right": (4, 6, 15, "cure"),
        "line 2 is not it": (2, 6, 15, "no cure"),
        "line 7 is not it": (4, 7, 15, "no cure"),
        "none of these: cure, no cure": (4, 6, 15, "exchange the equations"),
        "3 given, 4 wanted": (4, 6, 15),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 1.25e-4),
        "divide the residual by": ("Ben", 5e-4),
        "by one of norm(A) norm(x) and norm(b)": ("Ben", 2.5e-4),
        "add up the elements of each row": ("Ben", 1.67e-4),
        "of the other kernel": ("Ben", 5e-8),
        "is too large": ("Ben", 2100),
        "too small": ("Ben", 1e-6),
        "none of these: Ada, Ben": ("both", 1.25e-4),
        "a single one given, 2 wanted": "Ben",
    },
    "conspiracy": {
        "does not break  59": np.where(
            np.arange(20) == 19, 1, np.eye(20) - 0.4 * np.tri(20, k=-1)),
        "its growth with noise, wanted above 1000": np.eye(20) - 0.5 * np.tri(20, k=-1),
        "at most 1/2 below the diagonal": np.eye(20) - 0.9 * np.tri(20, k=-1),
        "20 rows and 20 columns": np.eye(30) - 0.8 * np.tri(30, k=-1),
        "no element larger than 1": 2 * np.eye(20),
        "finite numbers": np.full((20, 20), np.nan),
        "not admitted": [[1.0, 2.0], [3.0, 4.0]],
    },
    "transposed": {
        "you solved with A, not with its transpose": lambda factors, g: factors.solve(g),
        "you forgot to reorder": lambda factors, g: transposed(factors, g, False, False),
        "y[rows] is to be w; you took w[rows]": gathered,
        "the triangle of U^T comes first": triangles_swapped,
        "you forgot to reorder g by columns": lambda factors, g: transposed(
            factors, g, columns=False),
        "say lower=True": upper_only,
        "κ = 1e8, lu            unstable": by_inverse,
        "wrong": swapped,
        "calls numpy.linalg, which the task forbids": lambda factors, g: rebuilt(factors)(g),
        "calls lib.linear.lu, which the task forbids": lambda factors, g: rebuilt(
            factors, lambda A, g: linear.lu(A).solve(g))(g),
        "calls scipy.linalg.solve, which the task forbids": lambda factors, g: rebuilt(
            factors, scipy.linalg.solve)(g),
    },
    "smart": {
        "has read the lower triangle": printed,
        "has read the upper triangle": lambda A, b: printed(A, b, lower=False),
        "smart_solve: wrong": by_eigenvalues,
        "one element off": symmetrised,
        "from the text, in small units  wrong": lambda A, b: of_symmetric(
            A, b, lambda A: np.allclose(A, A.T)),
        "symmetric to 12 digits         wrong": lambda A, b: of_symmetric(
            A, b, lambda A: np.allclose(A, A.T, rtol=1e-10, atol=0)),
        "κ = 1e8                        unstable": by_inverse_where_not_symmetric,
        "raised LinAlgError": lambda A, b: of_symmetric(A, b, np.shape) if np.any(A != A.T) else (
            scipy.linalg.cho_solve(scipy.linalg.cho_factor(A), b)),
        "calls scipy.linalg.cho_factor 0 times": lambda A, b: scipy.linalg.solve(A, b),
        "asked for are 1": lambda A, b: np.linalg.solve(A, b),
        "asked for are 0": lambda A, b: (printed(A, b), np.linalg.solve(A, b))[1],
    },
    "errors": {
        "you forgot the root": lambda X, s: deviations(X, s, lambda d: d),
        "you forgot s": lambda X, s: deviations(X, 1.0),
        "you squared s": lambda X, s: deviations(X, s**2),
        "with n - p in it already": lambda X, s: deviations(
            X, s * np.sqrt(1 - X.shape[1] / len(X))),
        "one over the diagonal of X^T X": lambda X, s: s / np.sqrt(np.diag(X.T @ X)),
        "s stands before the root": lambda X, s: np.sqrt(s * np.diag(np.linalg.inv(X.T @ X))),
        "all columns in small units  wrong": lambda X, s: s * np.sqrt(np.diag(
            np.linalg.inv(X.T @ X + 1e-8 * np.eye(X.shape[1])))),
        "one column in small units   wrong": lambda X, s: s * np.sqrt(np.diag(
            np.linalg.pinv(X.T @ X))),
        "returned shape": lambda X, s: s * np.sqrt(np.abs(np.linalg.inv(X.T @ X))),
    },
    "mixed": {
        "you did not refine": lambda A, b: linear.lu(A).solve(b),
        "error of x": lambda A, b: refined(A, b, np.float64, plain=True, steps=6),
        "is small long before the error is": until_residual,
        "the residual is small long before the error is": accepted_by_backward_error,
        "factors in float32 do not converge here": lambda A, b: refined(A, b, np.float32),
        "in float64, asked for is float32": lambda A, b: refined(A, b, np.float64),
        "calls lib.linear.lu 2 times, asked for are 1": both_at_once,
        "κ = 1e5, tiny unknowns   ": lambda A, b: until(A, b, lambda size, r: size < 1e-15),
        "κ = 1e10, tiny unknowns  wrong": accepted_by_residual,
        "calls numpy.linalg.cond, which the task forbids": condition_first,
        "calls scipy.linalg, which the task forbids": lambda A, b: linear.refine(
            A, b, scipy.linalg.solve(A, b), linear.lu(np.float32(A))),
    },
}
