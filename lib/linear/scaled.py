"""Scale a system by powers of two, which rounds nothing, and bring its solution back."""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import checked_finite, float_matrix
from lib.linear.structure import logarithms

SWEEPS = 16  # each halves what logarithms of sizes differ by: 2**2100 becomes less than 2


def equilibrate(A):
    """Return A with rows and columns scaled to one size, by powers of two, and the exponents.

    Rows and columns are divided, at once and again and again, by the roots of their largest
    elements. So a symmetric matrix stays symmetric, and gets the same exponents for both.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64

    Returns
    -------
    scaled : ndarray, shape (m, n)
        The largest element of each row and column that is not zero lies between 1/4 and 4. Elements
        that become subnormal are rounded; no others are. Units may stay hidden where zeros stand,
        as in a saddle point: then another scaling leaves a far smaller condition number.
    rows, columns : ndarray of int, shape (m,) and (n,)
        With A = 2**(rows[:, None] + columns) * scaled. For A x = b, solve scaled y = 2**-rows * b,
        and take x = 2**-columns * y.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty or not finite, or holds objects.

    References
    ----------
    Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, Rutherford
    Appleton Laboratory RAL-TR-2001-034 (2001).

    Examples
    --------
    >>> scaled, rows, columns = equilibrate(np.array([[1.0, 1024.0], [1024.0, 2.0**20]]))
    >>> scaled, rows, columns
    (array([[1., 1.],
           [1., 1.]]), array([ 0, 10]), array([ 0, 10]))
    """
    A = float_matrix(A)
    size = logarithms(A)
    rows, columns = np.zeros(len(A)), np.zeros(A.shape[1])
    for _ in range(SWEEPS):
        left = size - (rows[:, None] + columns)  # the sum first: symmetric to the last bit
        row_left, column_left = np.max(left, axis=1), np.max(left, axis=0)
        rows += np.where(np.isfinite(row_left), row_left / 2, 0)
        columns += np.where(np.isfinite(column_left), column_left / 2, 0)
    rows, columns = np.rint(rows).astype(int), np.rint(columns).astype(int)
    return np.ldexp(A, -(rows[:, None] + columns)), rows, columns


def scaled_rows(A):
    """Return A as `equilibrate`, with its rows scaled to below 1 and its columns as they are."""
    rows = np.frexp(np.max(np.abs(A), axis=1))[1]
    return np.ldexp(A, -rows[:, None]), rows, np.zeros(A.shape[1], int)


def scaled_diagonal(D, b):
    """Return a diagonal matrix as `equilibrate`, so that its elements and b's are from 1/2 to 1.

    So what is far smaller than the rest is divided, too, and becomes no 0. b may be None.
    """
    rows = np.zeros(len(D), int) if b is None else np.frexp(b)[1].astype(int)
    fractions, exponents = np.frexp(np.diag(D))
    return np.diag(fractions), rows, exponents - rows


@dataclass(frozen=True, eq=False)
class ScaledSystem:
    """The system S y = c, for x = 2**(exponent - columns) y and b = 2**(exponent + rows) c.

    Without a b that is not 0, c is made here, for a y between 1/2 and 3/2. Elements of c that are
    1e-308 times the largest (float32: 1e-38) lose digits or become 0, as `.emptied` tells.
    """

    S: np.ndarray
    columns: np.ndarray
    c: np.ndarray
    exponent: int
    emptied: bool = False

    @classmethod
    def of(cls, scaled, b):
        """Return the system of what `equilibrate` returns and a right-hand side, or None."""
        S, rows, columns = scaled
        if b is None or not np.any(b):
            return cls(S, columns, S @ probe(S.shape[1], S.dtype), 0)
        exponents = np.frexp(b)[1] - rows
        exponent = int(np.max(exponents[b != 0]))
        c = np.ldexp(b, -rows - exponent)
        return cls(S, columns, c, exponent, bool(np.any((c == 0) & (b != 0))))

    def unknowns(self, y, b):
        """Return x for the solution y; None without b, for which nobody asked for x."""
        if b is None or not np.any(b):
            return b if b is None else np.zeros_like(b, shape=len(y))
        with np.errstate(over="ignore"):
            return checked_finite(np.ldexp(y, self.exponent - self.columns), "the solution x")

    def magnified(self, y, x, separate=False):
        """Return by how much the largest element of x holds an error worse than that of y does.

        An error of e max|y| in an element of y is one of e max|y| 2**(exponent - columns) in x, and
        is compared with max|x|, unless errors are separate. Below the least normal number x is
        rounded itself. 1 without x.
        """
        if x is None or not np.any(y) or not np.any(self.c):
            return 1.0
        size = np.max(logarithms(x))
        error = -np.inf if separate else (
            np.max(logarithms(y)) + self.exponent - np.min(self.columns))
        subnormal = np.finfo(y.dtype).minexp
        with np.errstate(over="ignore"):
            return float(np.exp2(np.maximum(0.0, max(error, subnormal) - size)))


def probe(n, dtype):
    """Return a vector of numbers between 1/2 and 3/2, without a pattern, the same everywhere."""
    return (0.5 + np.arange(1, n + 1) * 0.6180339887498949 % 1).astype(dtype)
