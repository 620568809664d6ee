"""Factor a square matrix by elimination: A = L U with or without pivoting, and A = L L^T.

Each routine goes through the columns of a matrix block by block, and through those of a block one
by one. Both levels say the same: bring up to date what comes next, with one product, then divide.
"""

from dataclasses import dataclass

import numpy as np

from lib.arguments import (
    SingularMatrixError,
    checked_finite,
    right_hand_side,
    square_matrix,
    unit_roundoff,
)
from lib.triangular import BLOCK, solve_lower, solve_upper


class NotPositiveDefiniteError(ValueError):
    """A pivot of Cholesky's method is not positive; `.pivot` is its index, `.value` its value."""

    def __init__(self, message, pivot, value):
        super().__init__(message)
        self.pivot, self.value = pivot, value


@dataclass(frozen=True, eq=False)
class LU:
    """The factors of a square matrix: A[rows][:, columns] = lower @ upper, up to rounding.

    Attributes
    ----------
    lower, upper : ndarray, shape (n, n)
        Unit lower and upper triangular, in the dtype of A.
    rows, columns : ndarray of int, shape (n,)
        The order in which the rows and columns of A became pivots.
    growth : float
        max|upper| / max|A|.
    """

    lower: np.ndarray
    upper: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    growth: float

    @np.errstate(all="ignore")
    def solve(self, b):
        """Return the solution of A x = b, with 2 n**2 operations for each right-hand side.

        Parameters
        ----------
        b : ndarray, shape (n,) or (n, k), of the factors' dtype

        Returns
        -------
        ndarray of b's shape and dtype
        """
        x = right_hand_side(b, self.lower)[self.rows]
        solve_lower(self.lower, x)
        solve_upper(self.upper, x)
        solution = np.empty_like(x)
        solution[self.columns] = x
        return checked_finite(solution, "the solution of A x = b")


@np.errstate(all="ignore")
def lu(A, pivot=True):
    """Return the factors of A by Gaussian elimination, with partial pivoting or with none.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    pivot : bool
        Whether each column's largest remaining element becomes its pivot, so that no multiplier
        exceeds 1. Without it, as for a diagonally dominant matrix, rows stay where they are.

    Returns
    -------
    LU
        With A[rows] = lower @ upper - E, |E| <= n u / (1 - n u) |lower| |upper| elementwise.
        Solutions have a backward error of at most 10 n u growth in practice; partial pivoting keeps
        the growth below 2**(n-1), and below n for almost every matrix that is met. It takes
        2/3 n**3 operations.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite or not square.
    SingularMatrixError
        If a pivot is zero: with pivoting, A is then singular up to the rounding errors so far.
    OverflowError
        If an element grows out of the range of the dtype.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 9.3; Golub & Van Loan,
    Matrix Computations (2013), algorithms 3.4.1 and, for blocks, 3.2.3.

    Examples
    --------
    >>> factors = lu(np.array([[1.0, 2.0], [4.0, 4.0]]))
    >>> factors.rows, factors.growth
    (array([1, 0]), 1.0)
    >>> factors.lower @ factors.upper
    array([[4., 4.],
           [1., 2.]])
    """
    A = square_matrix(A)
    packed, rows = A.copy(), np.arange(len(A))
    for start in range(0, len(A), BLOCK):
        stop = start + BLOCK
        # Columns contiguous in memory, as the panel's loop goes down them.
        panel = np.array(packed[start:, start:stop], order="F")
        order = eliminate(panel, pivot, start)
        for moved in (packed[start:], rows[start:]):
            _reorder(moved, order)
        packed[start:, start:stop] = panel
        solve_lower(_unit_lower(packed[start:stop, start:stop]), packed[start:stop, stop:])
        packed[stop:, stop:] -= packed[stop:, start:stop] @ packed[start:stop, stop:]
    return _factors(A, packed, rows, np.arange(len(A)))


def eliminate(panel, pivot=True, first=0):
    """Overwrite a panel by its factors L (below the diagonal) and U; return the order of its rows.

    This is elimination, with every subtraction put off until the column or row is needed (Crout).

    Parameters
    ----------
    panel : ndarray, shape (m, w), m >= w
    pivot : bool
    first : int
        The index of the panel's first column, for the message if a pivot is zero.
    """
    order = np.arange(len(panel))
    for k in range(panel.shape[1]):
        panel[k:, k] -= panel[k:, :k] @ panel[:k, k]
        p = k + np.argmax(np.abs(panel[k:, k])) if pivot else k
        panel[[k, p]], order[[k, p]] = panel[[p, k]], order[[p, k]]
        if panel[k, k] == 0:
            raise SingularMatrixError(_no_pivot(first + k, pivot))
        panel[k + 1 :, k] /= panel[k, k]
        panel[k, k + 1 :] -= panel[k, :k] @ panel[:k, k + 1 :]
    return order


def _no_pivot(k, pivot):
    """Say what a zero pivot in column k means."""
    if pivot:
        return (f"every pivot left for column {k} is 0: the matrix is singular, and its column {k} "
                "depends on those before; drop it, or use least squares")
    return f"pivot {k} is 0: elimination without exchanging rows stops here; use pivot=True"


def _reorder(array, order):
    """Put the rows of an array in order, in place; only those that move are touched."""
    moved = np.flatnonzero(order != np.arange(len(order)))
    array[moved] = array[order[moved]]


def _unit_lower(packed):
    """Return the part below the diagonal, with ones on the diagonal."""
    lower = np.tril(packed, -1)
    np.fill_diagonal(lower, 1)
    return lower


def _factors(A, packed, rows, columns):
    """Return what elimination left in place as LU, with the growth of the elements."""
    checked_finite(packed, "a factor of A (without pivoting, use pivot=True)")
    upper = np.triu(packed)
    growth = np.max(np.abs(upper)) / np.max(np.abs(A))
    growth = growth if A.dtype == object else float(growth)
    return LU(_unit_lower(packed), upper, rows, columns, growth)


@np.errstate(all="ignore")
def lu_complete(A):
    """Return the factors of A by elimination with the largest element left as each pivot.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64

    Returns
    -------
    LU
        With A[rows][:, columns] = lower @ upper up to rounding. The growth cannot exceed
        sqrt(n (2 * 3**(1/2) * 4**(1/3) ... n**(1/(n-1)))), which is 1.8e3 for n = 60, where
        partial pivoting allows 5.8e17. The search costs n**3 / 3 comparisons.

    Raises
    ------
    TypeError, ValueError, SingularMatrixError, OverflowError
        As `lu`.

    References
    ----------
    Wilkinson, J. ACM 8 (1961); Golub & Van Loan, Matrix Computations (2013), algorithm 3.4.3.

    Examples
    --------
    >>> factors = lu_complete(np.array([[1.0, 2.0], [3.0, 8.0]]))
    >>> factors.rows, factors.columns
    (array([1, 0]), array([1, 0]))
    """
    A = square_matrix(A)
    packed, rows, columns = A.copy(), np.arange(len(A)), np.arange(len(A))
    for k in range(len(A)):
        p, q = np.unravel_index(np.argmax(np.abs(packed[k:, k:])), packed[k:, k:].shape)
        packed[[k, k + p]], rows[[k, k + p]] = packed[[k + p, k]], rows[[k + p, k]]
        packed[:, [k, k + q]], columns[[k, k + q]] = packed[:, [k + q, k]], columns[[k + q, k]]
        if packed[k, k] == 0:
            raise SingularMatrixError(f"A has rank {k}, up to rounding: what is left after {k} "
                                      "pivots is 0; use least squares")
        packed[k + 1 :, k] /= packed[k, k]
        packed[k + 1 :, k + 1 :] -= packed[k + 1 :, k, None] * packed[k, k + 1 :]
    return _factors(A, packed, rows, columns)


@np.errstate(all="ignore")
def cholesky(A):
    """Return the lower triangular L with L @ L.T = A, for a symmetric positive definite A.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 10 n u sqrt(A[i, i] A[j, j]); the lower triangle is read.

    Returns
    -------
    ndarray, shape (n, n), of A's dtype
        With L @ L.T = A + E, |E| <= (n+1) u / (1 - (n+1) u) |L| |L.T| elementwise, without any
        pivoting. It takes n**3 / 3 operations, half of those of `lu`.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric.
    NotPositiveDefiniteError
        If a pivot is not positive. Where A has a diagonal element that is not positive, A is not
        positive definite. Otherwise failure proves only that the smallest eigenvalue of A, with
        its diagonal scaled to ones, is at most about n (n+1) u; and success proves only that a
        matrix as near as that is positive definite.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), theorems 10.3 and 10.7 (Demmel).

    Examples
    --------
    >>> cholesky(np.array([[4.0, 2.0], [2.0, 10.0]]))
    array([[2., 0.],
           [1., 3.]])
    """
    A = square_matrix(A)
    _check_symmetric(A)
    L = np.tril(A)
    for start in range(0, len(A), BLOCK):
        block = slice(start, start + BLOCK)
        panel = np.array(L[start:, block] - L[start:, :start] @ L[block, :start].T, order="F")
        _cholesky_panel(panel, start, A)
        L[start:, block] = panel
    return np.tril(L)


def _cholesky_panel(panel, first, A):
    """Overwrite a panel, whose first column is the first of what is left of A, by that of L."""
    for k in range(panel.shape[1]):
        panel[k:, k] -= panel[k:, :k] @ panel[k, :k]
        if not panel[k, k] > 0:
            raise NotPositiveDefiniteError(_not_positive(A, first + k, panel[k, k]),
                                           first + k, panel[k, k])
        panel[k:, k] /= np.sqrt(panel[k, k])


def _check_symmetric(A):
    """Refuse A, naming its worst pair of elements, if it is not symmetric up to rounding."""
    scale = np.sqrt(np.abs(np.diag(A)))
    excess = np.abs(A - A.T) - 10 * len(A) * unit_roundoff(A.dtype) * np.outer(scale, scale)
    if np.any(excess > 0):
        i, j = np.unravel_index(np.argmax(excess), A.shape)
        raise ValueError(f"A[{i}, {j}] = {A[i, j]:.6g}, but A[{j}, {i}] = {A[j, i]:.6g}: Cholesky "
                         "needs a symmetric matrix; mend what built it, or use (A + A.T) / 2")


def _not_positive(A, k, value):
    """Say what a pivot that is not positive proves about A."""
    n, diagonal = len(A), np.diag(A)
    if np.any(diagonal <= 0):
        i = int(np.argmax(diagonal <= 0))
        return (f"pivot {k} is {value:.3g}: A is not positive definite, because "
                f"A[{i}, {i}] = {diagonal[i]:.3g}")
    return (f"pivot {k} is {value:.3g}: with its diagonal scaled to ones, A has an eigenvalue "
            f"below n (n+1) u = {n * (n + 1) * unit_roundoff(A.dtype):.1g}. It may be negative, "
            "zero, or positive and lost in rounding: look for dependent or repeated rows, or add "
            "a multiple of the diagonal")
