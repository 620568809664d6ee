"""Factor a square matrix by elimination: A = L U with or without pivoting, and A = L L^T.

Each routine goes through the columns of a matrix block by block, and through those of a block one
by one. Both levels say the same: bring up to date what comes next, with one product, then divide.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.linear.checks import (
    NotPositiveDefiniteError,
    SingularMatrixError,
    checked_finite,
    in_place,
    refuse_asymmetry,
    right_hand_side,
    square_matrix,
    with_roots,
)
from lib.linear.triangular import BLOCK, solve_lower, solve_upper
from lib.numbers import truth_value, unit_roundoff, whole_number


@dataclass(frozen=True, eq=False)
class LU:
    """The factors of a square matrix: A[rows][:, columns] = lower @ upper, up to rounding.

    Attributes
    ----------
    packed : ndarray, shape (n, n)
        What elimination leaves, in the dtype of A: upper, and below its diagonal lower. Like all
        arrays here it is read-only, as a change would leave the factors at odds.
    rows, columns : ndarray of int, shape (n,)
        The order in which the rows and columns of A became pivots.
    largest : scalar
        max|A|.
    lower, upper : ndarray, shape (n, n)
        Unit lower and upper triangular, copied out of `packed` when first asked for.
    growth : float
        max|upper| / max|A|. Where rows are exchanged this is the largest element met on the way,
        up to a factor n; without exchanges `lower` may have grown instead, unseen here.
    """

    packed: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    largest: float

    def __post_init__(self):
        for array in (self.packed, self.rows, self.columns):
            array.flags.writeable = False

    @cached_property
    def lower(self):
        """Return the unit lower triangular factor."""
        lower = np.tril(self.packed, -1)
        np.fill_diagonal(lower, 1)
        lower.flags.writeable = False
        return lower

    @cached_property
    def upper(self):
        """Return the upper triangular factor."""
        upper = np.triu(self.packed)
        upper.flags.writeable = False
        return upper

    @property
    def growth(self):
        """Return how much larger an element of `upper` is than those of A."""
        growth = _largest(self.upper) / self.largest
        return growth if self.upper.dtype == object else float(growth)

    def solve(self, b):
        """Return the solution of A x = b, with 2 n**2 operations for each right-hand side.

        Parameters
        ----------
        b : ndarray, shape (n,) or (n, k), of the factors' dtype

        Returns
        -------
        ndarray of b's shape and dtype
        """
        x = right_hand_side(b, self.packed)[self.rows]
        with np.errstate(all="ignore"):  # what overflows is found at the end
            solve_lower(self.packed, x, unit=True)
            solve_upper(self.packed, x)
        solution = np.empty_like(x)
        solution[self.columns] = x
        return checked_finite(solution, "the solution of A x = b")


def lu(A, pivot=True):
    """Return the factors of A by Gaussian elimination, with partial pivoting or with none.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    pivot : bool
        Whether each column's largest remaining element, of several the first, becomes its pivot, so
        that no multiplier exceeds 1. Without it, as for a diagonally dominant matrix, rows stay
        where they are.

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
    packed, rows = _spaced_copy(A), np.arange(len(A))
    with np.errstate(all="ignore"):  # what overflows is found at the end
        for first in range(0, len(A), BLOCK):
            last = first + BLOCK
            rows = rows[eliminate(packed, pivot, first, last)]
            packed[last:, last:] -= packed[last:, first:last] @ packed[first:last, last:]
    return LU(checked_finite(packed, "a factor of A"), rows, np.arange(len(A)), _largest(A))


def eliminate(packed, pivot=True, first=0, last=None):
    """Overwrite a matrix by L (below the diagonal) and U, from column first up to last.

    This is Gaussian elimination in the order of Crout: what earlier pivots take from a column or a
    row is subtracted when that becomes the pivot's, all at once.

    Parameters
    ----------
    packed : ndarray, shape (n, n)
        What columns before `first` take from later ones must have been subtracted.
    pivot : bool
        Whether to exchange rows, so that the largest element in the column, of several the first,
        becomes the pivot.
    first, last : int
        `first` from 0 to n - 1; where `last` is beyond n, all columns are eliminated.

    Returns
    -------
    ndarray of int, shape (n,)
        The order of the rows now, by where they were.

    Raises
    ------
    TypeError, ValueError
        If packed cannot be overwritten by factors, or `first` is no column of it.
    SingularMatrixError
        If a pivot is zero.
    OverflowError
        If an element grows out of the range of the dtype; `packed` holds it then.

    Examples
    --------
    >>> A = np.array([[1.0, 2.0], [4.0, 4.0]])
    >>> eliminate(A)
    array([1, 0])
    >>> A
    array([[4.  , 4.  ],
           [0.25, 1.  ]])
    """
    order = np.arange(len(in_place(packed, "packed", first)))
    pivot, last = truth_value(pivot, "pivot"), last and whole_number(last, "last")
    with np.errstate(all="ignore"):  # what overflows is found at the end
        for k in range(len(packed))[first:last]:
            column, row = packed[k:, k], packed[k, k + 1 :]
            column -= packed[k:, first:k] @ packed[first:k, k]
            if pivot:
                p = k + np.abs(column).argmax()
                packed[k], packed[p] = packed[p], packed[k].copy()
                order[k], order[p] = order[p], order[k]
            if column[0] == 0:
                raise SingularMatrixError(_no_pivot(packed, k, pivot))
            column[1:] /= column[0]
            row -= packed[k, first:k] @ packed[first:k, k + 1 :]
    checked_finite(np.append(packed[:, first:last], packed[first:last]), "a factor of A")
    return order


def _no_pivot(packed, k, pivot):
    """Say what a zero pivot in column k means, unless something overflowed, and left it."""
    checked_finite(packed, "a factor of A")
    if pivot:
        return (f"every pivot left for column {k} is 0: the matrix is singular, and its column {k} "
                "depends on those before; drop it, or use least squares")
    return f"pivot {k} is 0: elimination without exchanging rows stops here; use pivot=True"


def _spaced_copy(A):
    """Return a copy of A in which a little space may follow each row.

    A column of rows of 512 or 1024 numbers falls on few places of the cache, where its elements
    drive each other out, and elimination takes half as long again. So a row takes an odd number of
    cache lines, of 8 numbers each.
    """
    n = len(A)
    copy = np.empty_like(A, shape=(n, n | 8), order="C")[:, :n]
    copy[:] = A
    return copy


def _largest(A):
    """Return max|A|, without an array in between."""
    return max(np.max(A), -np.min(A))


def lu_complete(A):
    """Return the factors of A by elimination with the largest element left as each pivot.

    Of several that are equally large it is the first, row by row.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64

    Returns
    -------
    LU
        With A[rows][:, columns] = lower @ upper up to rounding. The growth cannot exceed
        sqrt(n (2 * 3**(1/2) * 4**(1/3) ... n**(1/(n-1)))), which is 902 for n = 60, where
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
    with np.errstate(all="ignore"):  # what overflows is found at the end
        for k in range(len(A)):
            rest = packed[k:, k:]
            i, j = np.unravel_index(np.argmax(np.abs(rest)), rest.shape)
            packed[[k, k + i]], rows[[k, k + i]] = packed[[k + i, k]], rows[[k + i, k]]
            packed[:, [k, k + j]], columns[[k, k + j]] = packed[:, [k + j, k]], columns[[k + j, k]]
            if rest[0, 0] == 0:
                checked_finite(packed, "a factor of A")
                raise SingularMatrixError(f"what {k} pivots leave of A is 0: up to rounding, A has "
                                          f"rank {k}; use least squares on independent columns")
            rest[1:, 0] /= rest[0, 0]
            rest[1:, 1:] -= rest[1:, 0, None] * rest[0, 1:]
    return LU(checked_finite(packed, "a factor of A"), rows, columns, _largest(A))


def cholesky(A):
    """Return the lower triangular L with L @ L.T = A, for a symmetric positive definite A.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 10 n u sqrt(A[i, i] A[j, j]), objects exactly; the lower triangle is read.

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
    A = with_roots(square_matrix(A))
    _check_symmetric(A)
    L = np.zeros_like(A, order="C")
    with np.errstate(all="ignore"):  # what overflows makes a later pivot -inf or nan
        for first in range(0, len(A), BLOCK):
            block = slice(first, first + BLOCK)
            # Columns contiguous in memory, as the panel's loop goes down them.
            panel = np.array(A[first:, block], order="F")
            panel -= (L[block, :first] @ L[first:, :first].T).T
            failed = eliminate_symmetric(panel)
            if failed is not None:
                pivot, value = first + failed, panel[failed, failed]
                raise NotPositiveDefiniteError(_not_positive(A, pivot, value), pivot, value)
            L[first:, block] = np.tril(panel)
    return L


def eliminate_symmetric(panel):
    """Overwrite what is left of the first columns of a symmetric matrix by those of Cholesky's L.

    Returns the index of the first pivot that is not positive, where it stops, or None. Only the
    lower triangle is read and written. What leaves the range of the dtype becomes an infinity, with
    NumPy's warning; where the matrix is positive definite nothing does. A TypeError refuses what
    cannot be overwritten by factors, and objects without square roots, such as fractions.

    Examples
    --------
    >>> A = np.array([[4.0, 2.0], [2.0, 10.0]])
    >>> eliminate_symmetric(A)
    >>> A
    array([[2., 2.],
           [1., 3.]])
    """
    with_roots(in_place(panel, "panel"), "panel")
    for k in range(panel.shape[1]):
        column = panel[k:, k]
        column -= panel[k:, :k] @ panel[k, :k]
        if not column[0] > 0:
            return k
        root = np.sqrt(column[0])
        column /= root
        column[0] = root
    return None


def _check_symmetric(A):
    """Refuse A, naming its worst pair of elements, if it is not symmetric up to rounding."""
    if np.array_equal(A, A.T):
        return
    u = 0 if A.dtype == object else unit_roundoff(A.dtype)
    scale = np.sqrt(np.abs(np.diag(A))) if u else np.zeros(len(A), int)
    with np.errstate(over="ignore"):
        allowed = 10 * len(A) * u * np.outer(scale, scale)
    refuse_asymmetry(A, allowed, "Cholesky needs a symmetric matrix; mend what built it, or use "
                     "(A + A.T) / 2")


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
