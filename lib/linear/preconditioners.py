"""Precondition a system by what its elements say: the diagonal, or an incomplete factorisation.

A preconditioner is a function r -> M r, M symmetric positive definite and near the inverse of A. It
pays if a step costs little more with it and many fewer are needed; it can also hurt.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.linear.checks import NotPositiveDefiniteError, right_hand_side, vector
from lib.linear.operators import stored_symmetric
from lib.numbers import real_number

FIRST_SHIFT = 1e-3


def jacobi_preconditioner(A):
    """Return the function r -> r / diag(A).

    Parameters
    ----------
    A : ndarray or sparse matrix, shape (n, n), float32 or float64
        Symmetric, with a positive diagonal.

    Returns
    -------
    function
        Scaling rows and columns so that the diagonal is 1 gives a condition number of at most n
        times the least that any scaling can give. Where the diagonal is constant it changes
        nothing.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric.
    NotPositiveDefiniteError
        If an element of the diagonal is not positive.

    References
    ----------
    Van der Sluis, Numer. Math. 14 (1969), theorem 4.1.

    Examples
    --------
    >>> jacobi_preconditioner(np.diag([2.0, 4.0]))(np.array([1.0, 1.0]))
    array([0.5 , 0.25])
    """
    diagonal = _positive_diagonal(stored_symmetric(A))
    return lambda r: r / diagonal


def _positive_diagonal(A):
    """Return the diagonal of a matrix, or refuse one that is not positive."""
    diagonal = A.diagonal()
    if np.any(diagonal <= 0):
        i = int(np.argmax(diagonal <= 0))
        raise NotPositiveDefiniteError(f"A[{i}, {i}] = {diagonal[i]:.3g}: A is not positive "
                                       "definite; use solve or least_squares", i, diagonal[i])
    return diagonal


@dataclass(frozen=True, eq=False)
class IncompleteCholesky:
    """The function r -> M r, where the inverse of M is L L^T, from `incomplete_cholesky`.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (nnz,)
        Where L is not zero below its diagonal: row by row, as the lower triangle of A.
    values : ndarray, shape (nnz,)
        The elements of L there.
    diagonal : ndarray, shape (n,)
        That of L.
    shift : float
        L L^T is near A + shift diag(A).
    breakdown : int or None
        The first pivot that was not positive without a shift, if one was tried.
    """

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    diagonal: np.ndarray
    shift: float
    breakdown: int | None

    @cached_property
    def levels(self):
        """Return the parts of a solve, in turn: (rows, starts, columns, values) of each."""
        # With L = diag(d) N, N has ones on its diagonal, and so have both triangles to solve with.
        scaled = self.values / self.diagonal[self.rows]
        down = _levels(self.rows, self.columns, scaled, len(self.diagonal))
        up = _levels(self.columns[::-1], self.rows[::-1], scaled[::-1], len(self.diagonal))
        return down + up

    def __call__(self, r):
        r = vector(right_hand_side(r, self.diagonal, "r", of="the diagonal of L"), "r")
        x = r / self.diagonal
        for rows, starts, columns, values in self.levels:
            x[rows] -= np.add.reduceat(values * x[columns], starts)
        return x / self.diagonal


def _levels(rows, columns, values, n):
    """Return the parts of a solve with a unit triangle, each with all that need only earlier ones.

    Elements come in an order in which no unknown is needed before it is known.
    """
    depth, found = [0] * n, []
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        depth[i] = max(depth[i], depth[j] + 1)
    level = np.array(depth)[rows]
    order = np.lexsort((rows, level))
    for part in np.split(order, np.flatnonzero(np.diff(level[order])) + 1):
        starts = np.flatnonzero(np.diff(rows[part], prepend=-1))
        found.append((rows[part][starts], starts, columns[part], values[part]))
    return found


def incomplete_cholesky(A, shift=None):
    """Return Cholesky's factor of A without what would fill its zeros, as a preconditioner.

    Parameters
    ----------
    A : ndarray or sparse matrix, shape (n, n), float32 or float64
        Symmetric, with a positive diagonal and few elements that are not zero: it is a loop.
    shift : float, optional
        A + shift diag(A) is factored. By default the first of 0, 0.001, 0.002, 0.004, ... with
        which all pivots are positive.

    Returns
    -------
    IncompleteCholesky
        A function r -> M r, with `.shift`, and `.breakdown`, which names the pivot that was not
        positive without one. Where A is not zero, L L^T is A + shift diag(A) up to rounding. A
        factor without a shift exists for every M-matrix, such as `poisson2d`, not for every
        positive definite one.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric; if the shift is negative.
    NotPositiveDefiniteError
        If an element of the diagonal is not positive, or with the given shift a pivot is not.

    References
    ----------
    Meijerink & van der Vorst, Math. Comp. 31 (1977); for the shift, Manteuffel, Math. Comp. 34
    (1980); Saad, Iterative Methods for Sparse Linear Systems (2003), sections 10.3 and, for the
    order of the solves, 11.6.

    Examples
    --------
    >>> A = np.array([[4.0, 2.0, 0.0], [2.0, 5.0, 2.0], [0.0, 2.0, 5.0]])
    >>> incomplete_cholesky(A)(A @ np.ones(3))  # there is nothing to fill
    array([1., 1., 1.])
    """
    A = stored_symmetric(A)
    _positive_diagonal(A)
    lower, tried = _lower_triangle(A), _first_shift(shift)
    L, failed = _factor(lower, tried)
    breakdown = failed and failed[0]
    while failed and shift is None:
        tried = max(2 * tried, FIRST_SHIFT)
        L, failed = _factor(lower, tried)
    if failed:
        raise NotPositiveDefiniteError(f"pivot {failed[0]} is {failed[1]:.3g}: A has no incomplete "
                                       f"factor with shift = {shift}; use a larger one, or None",
                                       *failed)
    return IncompleteCholesky(*_arrays(L, A.dtype), tried, breakdown)


def _first_shift(shift):
    """Return the first shift to try, or refuse it."""
    shift = 0.0 if shift is None else real_number(shift, "shift")
    if not 0 <= shift < np.inf:
        raise ValueError(f"shift = {shift}: it is added to the diagonal, as a part of it, and not "
                         "negative")
    return shift


def _lower_triangle(A):
    """Return the elements of the lower triangle, as a dict of columns for each row."""
    rows = [{} for _ in range(A.shape[0])]
    if hasattr(A, "tocoo"):
        (i, j), values = A.tocoo().coords, A.tocoo().data
    else:
        i, j = np.nonzero(A)
        values = A[i, j]
    for row, column, value in zip(i.tolist(), j.tolist(), values.tolist(), strict=True):
        if column <= row:  # a sparse matrix may hold an element in several parts
            rows[row][column] = rows[row].get(column, 0.0) + value
    return rows


def _factor(lower, shift):
    """Return L, by rows, or None, and None, or the pivot that failed, with its value."""
    L = []
    for i, given in enumerate(lower):
        row = {}
        for j in sorted(given):
            other = row if j == i else L[j]
            rest = given[j] * (1 + shift) if j == i else given[j]
            for k in row:
                if k in other:
                    rest -= row[k] * other[k]
            if j == i and not rest > 0:
                return None, (i, rest)
            row[j] = math.sqrt(rest) if j == i else rest / other[j]
        L.append(row)
    return L, None


def _arrays(L, dtype):
    """Return rows, columns and values below the diagonal, and the diagonal, of L by rows."""
    rows, columns = np.array([(i, j) for i, row in enumerate(L) for j in row], int).T
    values = np.array([value for row in L for value in row.values()], dtype)
    below = rows > columns
    return rows[below], columns[below], values[below], values[~below]
