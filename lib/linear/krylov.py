"""Solve a symmetric positive definite system with products alone, by conjugate gradients.

After k steps x is the best combination of b, A b, ..., A**(k-1) b, measured by sqrt(e^T A e) of its
error e. Nothing of that survives rounding exactly: the residual that the method updates may go on
shrinking when the true one has stopped. So both are told.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from lib.linear.checks import (
    NotPositiveDefiniteError,
    checked_finite,
    right_hand_side,
    vector,
)
from lib.linear.operators import product, stored_symmetric, symmetric_system
from lib.linear.sturm import extreme_eigenvalues
from lib.numbers import appendable, real_number, whole_number


@dataclass(frozen=True, eq=False)
class CGResult:
    """What conjugate gradients found, and how.

    Attributes
    ----------
    x : ndarray, shape (n,)
    residuals : ndarray, shape (steps + 1,)
        Norm of the residual that is updated in each step, divided by that of b, from the start on.
    true_residual : float
        norm(b - A x) / norm(b) for the x above, in float64 from the elements of A, or from what a
        function returns for x.
    converged : bool
        Whether true_residual is at most tol.
    reason : {"converged", "residual gap", "maxiter"}
        Why it stopped. A residual gap is a difference between the updated and the true residual of
        more than half of tol norm(b), which further steps in the same precision do not mend.
    alphas, betas : ndarray, shape (steps,)
        What each step takes of its direction, and what its direction takes of the one before.
    """

    x: np.ndarray
    residuals: np.ndarray
    true_residual: float
    converged: bool
    reason: str
    alphas: np.ndarray
    betas: np.ndarray

    def __repr__(self):
        found = "converged" if self.converged else f"not converged ({self.reason})"
        count = f"{self.steps} step{'s' * (self.steps != 1)}"
        return (f"{found} after {count}: updated residual {self.residuals[-1]:.1e}, true residual "
                f"{self.true_residual:.1e}")

    @property
    def steps(self):
        """Return the number of steps."""
        return len(self.alphas)

    @cached_property
    def eigenvalue_range(self):
        """Return estimates of the smallest and the largest eigenvalue of M A, from inside.

        They are those of the tridiagonal matrix of Lanczos's method, whose elements the
        coefficients of the steps are, and say nothing of eigenvectors that b does not contain.
        """
        if not self.steps:
            raise ValueError("no step was made, so that nothing is known of A: ask for a smaller "
                             "tol, or another x0")
        return extreme_eigenvalues(self.alphas, self.betas)

    @property
    def condition(self):
        """Return an estimate of the condition number of M A, rounding apart from below."""
        smallest, largest = self.eigenvalue_range
        return largest / smallest


@np.errstate(all="ignore")  # what is not finite is found in its step
def cg(A, b, tol=1e-8, maxiter=None, preconditioner=None, x0=None, history=None):
    """Return the solution of A x = b by conjugate gradients, with what the method says of it.

    Parameters
    ----------
    A : ndarray, sparse matrix, or function v -> A v, for v of shape (n,), float32 or float64
        Symmetric, which nobody can see in a function, and positive definite.
    b : ndarray, shape (n,), of A's dtype
        For a function, b decides the dtype of all vectors.
    tol : float
        The residual to reach, relative to norm(b), from 0 up to 1.
    maxiter : int, optional
        The most steps, 10 n by default: without rounding n were enough.
    preconditioner : function r -> M r, ndarray or sparse matrix, optional
        M is symmetric positive definite and near the inverse of A. `jacobi_preconditioner`,
        `incomplete_cholesky` and `nystrom_preconditioner` make one.
    x0 : ndarray, shape (n,), optional
        Where to start, 0 by default. For b = 0 the solution is 0, wherever it starts.
    history : list, optional
        A copy of every x on the way, the first included, is appended.

    Returns
    -------
    CGResult
        With `.x`, `.residuals`, `.true_residual`, `.converged`, `.reason` and more. It takes one
        product with A a step, and one or two to compare the residuals at the end. Without rounding,
        the error in the norm sqrt(e^T A e) is after k steps at most
        2 ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))**k of what it was, kappa the condition number of
        M A. A true residual below about u norm(A) norm(x) / norm(b) cannot be expected.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite or of the wrong shape; if a stored matrix is
        not symmetric.
    NotPositiveDefiniteError
        If a direction p has p^T A p <= 0, or a residual r^T M r <= 0: A, or M, is not positive
        definite, up to rounding. `.pivot` is the step, counted from 0, and `.value` the Rayleigh
        quotient, which the smallest eigenvalue is not above. An indefinite A need not show this.
        Nor does a singular one for b in its range, as long as tol is above the rounding errors.
    OverflowError
        If a number on the way is not finite.

    References
    ----------
    Hestenes & Stiefel, J. Res. Nat. Bur. Standards 49 (1952); Golub & Van Loan, Matrix Computations
    (2013), section 11.5; for the two residuals, Greenbaum, SIAM J. Matrix Anal. Appl. 18 (1997).

    Examples
    --------
    >>> cg(np.diag([2.0, 1.0]), np.ones(2)).x.round(12)
    array([0.5, 1. ])
    """
    A, b = symmetric_system(A, b)
    tol, most = _limits(tol, maxiter, b)
    M, x = _options(preconditioner, x0, b)
    appendable(history)  # or refused
    exponent = np.frexp(np.max(np.abs(b)))[1]
    b, x = np.ldexp(b, -exponent), np.ldexp(x, -exponent)  # a power of two: no square underflows
    multiply, size = product(A, b.dtype), _norm(b.astype(float)) or 1.0
    r = b - multiply(x) if x.any() else b.copy()
    limit, norms, taken, iteration = tol * size, [_norm(r)], [], _steps(multiply, M, x, r)
    _record(history, x, exponent)
    # The second goal is for true residuals that are just above the limit: where the two differ by
    # less than half of it, both reach it once the updated one is below half of it.
    for goal in (limit, limit / 2):
        while norms[-1] > goal and len(taken) < most:
            taken.append(next(iteration))
            norms.append(taken[-1][2])
            _record(history, x, exponent)
        true = _true_residual(A, multiply, x, b)
        if _norm(true) / size <= tol or _norm(true - r) > limit / 2 or len(taken) == most:
            break
    solution = checked_finite(np.ldexp(x, exponent), "the solution")
    gap = norms[-1] <= goal
    return _result(solution, np.array(norms) / size, _norm(true) / size, tol, gap, taken)


def _steps(multiply, precondition, x, r):
    """Overwrite x and the residual r step by step, and yield alpha, beta and norm(r) of each."""
    p, rho, square = np.zeros_like(r), np.inf, r @ r
    for step in count():
        z = precondition(r)
        previous, rho = rho, square if z is r else _form(r, z, step, "preconditioner", "r^T M r")
        beta = rho / previous
        p *= beta
        p += z
        q = multiply(p)
        alpha = rho / _form(p, q, step, "A", "p^T A p")
        q *= alpha
        r -= q
        x += np.multiply(p, alpha, out=q)  # into what is no longer needed
        square = r @ r
        yield alpha, beta, _root(square)


def _form(v, Av, step, name, written):
    """Return v^T A v, or refuse the matrix A with which it is not positive and finite."""
    form = v @ Av
    if 0 < form < np.inf:
        return form
    reach = float(np.max(np.abs(v))) * float(np.max(np.abs(Av)))
    if not np.isfinite(form) or 0 < reach < np.finfo(v.dtype).tiny / np.finfo(v.dtype).eps:
        raise OverflowError(f"step {step}: {written} is {form}: a product with {name} holds nan, "
                            f"or left the range of {v.dtype}: scale the problem first")
    value = float(form / (v @ v))
    raise NotPositiveDefiniteError(
        f"step {step}: {written} is {value:.3g} times the square of a length: {name} is not "
        "positive definite, up to rounding; use solve or least_squares, or, if it is singular, a "
        "larger tol", step, value)


def _norm(r):
    """Return the 2-norm as a float, or refuse what is not finite."""
    return _root(r @ r)


def _root(square):
    """Return the root of the square of a norm as a float, or refuse what is not finite."""
    if not square < np.inf:
        checked_finite(square, "the residual")
    return float(np.sqrt(square))


def _true_residual(A, multiply, x, b):
    """Return b - A x in float64; of a function's product the caller decides."""
    Ax = multiply(x) if callable(A) else A.astype(float, copy=False) @ x.astype(float)
    return b.astype(float) - Ax


def _record(history, x, exponent):
    """Append a copy of x to a history that somebody asked for."""
    if history is not None:
        history.append(np.ldexp(x, exponent))


def _result(x, residuals, true, tol, gap, taken):
    """Return what was found; where it is not the solution, a gap or the number of steps is why."""
    reason = "residual gap" if gap else "maxiter"
    alphas, betas, _ = np.array(taken, dtype=float).reshape(-1, 3).T
    return CGResult(x, residuals, true, true <= tol, "converged" if true <= tol else reason, alphas,
                    betas)


def _limits(tol, maxiter, b):
    """Return tol, and the most steps, or refuse them by name."""
    tol = real_number(tol, "tol")
    if not 0 <= tol < 1:
        raise ValueError(f"tol = {tol}: a residual relative to norm(b) lies between 0 and 1")
    return tol, 10 * len(b) if maxiter is None else whole_number(maxiter, "maxiter", 0)


def _options(preconditioner, x0, b):
    """Return the function r -> M r, and the vector to start from, which will be overwritten."""
    x = np.zeros_like(b) if x0 is None else vector(right_hand_side(x0, b, "x0", of="b"), "x0")
    if preconditioner is None:
        return np.asarray, x * bool(b.any())
    if not callable(preconditioner):
        preconditioner = stored_symmetric(preconditioner, "preconditioner")
        if preconditioner.shape[0] != len(b):
            raise ValueError(f"preconditioner has shape {preconditioner.shape}, but b has "
                             f"{len(b)} elements: give one row for each")
    return product(preconditioner, b.dtype, "preconditioner"), x * bool(b.any())
