"""Solve least-squares problems through the singular value decomposition, singular value by value.

With A = U diag(s) V^T every solution here is V diag(f / s) U^T b; the methods differ only in the
filter factors f between 0 and 1, which say how much of each direction is believed: all of it, all
or nothing (truncation), or less and less (ridge).
"""

from dataclasses import dataclass
from fractions import Fraction
from math import nextafter, sqrt

import numpy as np

from lib.linear.checks import (
    checked_finite,
    float_matrix,
    float_vector,
    matrix,
    right_hand_side,
    three_factors,
    vector,
)
from lib.linear.jacobi import jacobi_svd
from lib.linear.orthogonal import inner
from lib.linear.systems import least_squares
from lib.numbers import real_number, unit_roundoff, whole_number


def default_cutoff(shape, dtype):
    """Return sqrt(m n) eps: singular values below that times the largest may be rounding alone.

    An error of up to eps max|A| in every element, twice what rounding A once can do, is a matrix
    of norm at most sqrt(m n) eps max|A|, and moves no singular value by more (Weyl); max|A| is at
    most the largest. The usual max(m, n) eps is the same for a square matrix. For a tall one it is
    larger without a reason: of half a million rows in float32 it drops directions of 6 %.

    Parameters
    ----------
    shape : (int, int)
    dtype : float32 or float64

    References
    ----------
    Konstantinides & Yao, IEEE Trans. Acoust. Speech Signal Process. 36 (1988).

    Examples
    --------
    >>> default_cutoff((100, 25), np.float64) == 50 * 2.0**-52
    True
    """
    if not isinstance(shape, tuple | list) or len(shape) != 2:
        raise ValueError(f"shape = {shape}: a cutoff needs the two sizes of a matrix")
    try:
        known = np.dtype(dtype) in (np.float32, np.float64)
    except TypeError:  # no dtype at all
        known = False
    if not known:
        raise TypeError(f"dtype = {dtype}: singular values are of float32 or float64")
    m, n = (whole_number(size, "a size in shape", 1) for size in shape)
    if m * n >= 2**1023:
        raise OverflowError("shape is beyond the range of floats: give the sizes of a matrix")
    return float(sqrt(m * n) * 2 * unit_roundoff(dtype))


def truncation_filter(s, cutoff):
    """Return 1.0 for each singular value above cutoff times the largest, 0.0 for the others.

    Values are compared with the product itself, which is not rounded, be they subnormal or of
    another format than the cutoff. One that is equal to it, a tie, is among the others: with a
    cutoff of 0 these are the zeros.

    Parameters
    ----------
    s : ndarray, shape (k,)
        Singular values, none of them negative, in any order.
    cutoff : float
        At least 0 and less than 1.

    Returns
    -------
    ndarray, shape (k,), of the dtype of s

    Examples
    --------
    >>> truncation_filter(np.array([4.0, 1.0, 0.0]), 0.25)
    array([1., 0., 0.])
    """
    s, cutoff = _singular_values(s), real_number(cutoff, "cutoff")
    if not 0 <= cutoff < 1:
        raise ValueError(f"the cutoff is relative to the largest singular value, from 0 up to 1, "
                         f"got {cutoff}: divide an absolute one by s[0]")
    wide = s.astype(float)  # in float32 a cutoff just below 1 would round to 1
    product = Fraction(cutoff) * Fraction(float(np.max(wide)))
    limit = float(product)
    if limit > product:  # what is above the product is above the float before that, too
        limit = nextafter(limit, 0.0)
    return (wide > limit).astype(s.dtype)


def _singular_values(s):
    """Return s as a vector of floats that are not negative, or refuse it."""
    s = vector(s, "s")
    if s.dtype == object or np.any(s < 0):
        raise ValueError(f"s = {s} are no singular values: these are floats that are not negative")
    return s


def ridge_filter(s, lam):
    """Return s**2 / (s**2 + lam), the filter factors of ridge regression.

    A direction counts half where its singular value is sqrt(lam). Computed as 1 / (1 + lam / s**2)
    in two steps, so that no square underflows.

    Examples
    --------
    >>> ridge_filter(np.array([1.0, 0.5, 0.0]), 0.25)
    array([0.8, 0.5, 0. ])
    """
    s = _singular_values(s)
    root = _root(lam, s.dtype)
    with np.errstate(over="ignore"):
        ratio = np.divide(root, s, out=np.full_like(s, np.inf), where=s > 0)
        return 1 / (1 + ratio * ratio)


def _root(lam, dtype):
    """Return the root of a ridge parameter in a dtype, or refuse one that has none there."""
    lam = real_number(lam, "lam")
    if not 0 < lam < np.inf:
        raise ValueError(f"ridge needs a finite lam > 0, got {lam}: without a penalty use "
                         "least_squares, or truncated_least_squares where the rank is in doubt")
    with np.errstate(all="ignore"):
        root = np.sqrt(lam).astype(dtype)
    if not 0 < root < np.inf:
        raise OverflowError(f"the root of lam = {lam} is {root} in {np.dtype(dtype)}: scale the "
                            "problem, or use float64")
    return root


def filtered_solution(factors, b, filters):
    """Return V diag(filters / s) U^T b; directions with a filter factor of 0 are left out.

    Parameters
    ----------
    factors : SVD
        Of A, shape (m, n), or any U, s, Vt.
    b : ndarray, shape (m,) or (m, k), of the dtype of U
    filters : ndarray, shape (min(m, n),)
        Not negative.

    Returns
    -------
    ndarray, shape (n,) or (n, k)

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite, or of the wrong shape; if a direction with
        the singular value 0 has another filter factor than 0.
    OverflowError
        If the solution is too large for the dtype.

    Examples
    --------
    >>> factors = jacobi_svd(np.diag([4.0, 2.0]))
    >>> filtered_solution(factors, np.array([4.0, 4.0]), np.array([1.0, 0.5]))
    array([1., 1.])
    """
    U, s, Vt = three_factors(factors)
    U, s, Vt = float_matrix(U, "U"), _singular_values(s), float_matrix(Vt, "Vt")
    b, filters = right_hand_side(b, U), float_vector(filters, "filters")
    if not U.shape[1] == len(s) == len(Vt) == len(filters) or np.any(filters < 0):
        raise ValueError(f"filters = {filters} with {len(s)} singular values, U of shape {U.shape} "
                         f"and Vt of shape {Vt.shape}: each direction has one factor >= 0")
    endless = (filters > 0) & (s == 0)
    if endless.any():
        k = int(np.argmax(endless))
        raise ValueError(f"s[{k}] is 0, but filters[{k}] = {filters[k]}: nothing of A lies in that "
                         "direction, leave it out with a filter factor of 0")
    with np.errstate(all="ignore"):  # what overflows is found at the end
        gain = np.divide(filters, s, out=np.zeros_like(s), where=filters > 0)
        return checked_finite(Vt.T @ (gain * inner(U, b).T).T, "the solution, or the inverse,")


@dataclass(frozen=True, eq=False)
class Truncation:
    """Which singular values of a matrix were dropped, and how many are left.

    Attributes
    ----------
    singular_values : ndarray, shape (min(m, n),)
        All of them, the largest first.
    rank, dropped : int
        How many were kept, how many not.
    cutoff : float
        Relative to the largest: what was not above it was dropped.
    """

    singular_values: np.ndarray
    rank: int
    dropped: int
    cutoff: float

    def __repr__(self):
        return (f"kept {self.rank} of {len(self.singular_values)} singular values, dropped "
                f"{self.dropped} not above {self.cutoff:.3g} times the largest")


@dataclass(frozen=True, eq=False, repr=False)
class TruncatedSolution(Truncation):
    """The least-squares solution `.x`, shape (n,) or (n, k), after singular values were dropped."""

    x: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Pseudoinverse(Truncation):
    """The pseudoinverse `.matrix`, shape (n, m), of what is left after values were dropped."""

    matrix: np.ndarray


def truncated_least_squares(A, b, cutoff=None):
    """Return the shortest x among those that make norm(b - A_r x) smallest, A_r a part of A.

    A_r is A with all singular values dropped that are not above cutoff times the largest. Where
    none is dropped, this is least squares; for fewer equations than unknowns it is the shortest
    solution. Where one is dropped, it is the answer to another question: the result tells.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    b : ndarray, shape (m,) or (m, k), of A's dtype
    cutoff : float, optional
        sqrt(m n) eps by default, up to which rounding alone can make a singular value
        (`default_cutoff`).

    Returns
    -------
    TruncatedSolution
        With `.x`, shape (n,) or (n, k), `.rank`, `.dropped`, `.cutoff`, `.singular_values`. It is
        the exact solution for an A moved by at most 10 sqrt(m n) u norm(A), in the norm of the
        whole matrix: units of the unknowns matter, unlike for `least_squares`.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite or of the wrong shape; if the cutoff is not
        between 0 and 1.
    OverflowError
        If x is too large for the dtype.

    References
    ----------
    Hansen, BIT 27 (1987); Golub & Van Loan, Matrix Computations (2013), section 5.5.

    Examples
    --------
    >>> A = np.array([[1.0, 1.0], [1.0, 1.0]])
    >>> result = truncated_least_squares(A, np.array([2.0, 4.0]))
    >>> result.x.round(12), result.rank, result.dropped
    (array([1.5, 1.5]), 1, 1)
    """
    A = float_matrix(A)
    b = right_hand_side(b, A)
    factors = jacobi_svd(A)
    kept, counts = _truncation(factors, A, cutoff)
    return TruncatedSolution(*counts, filtered_solution(factors, b, kept))


def pseudoinverse(A, cutoff=None):
    """Return the pseudoinverse V diag(1 / s) U^T, without the singular values near zero.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    cutoff : float, optional
        sqrt(m n) eps by default (`default_cutoff`).

    Returns
    -------
    Pseudoinverse
        With `.matrix`, shape (n, m), `.rank`, `.dropped`, `.cutoff`, `.singular_values`. Of the
        four conditions of Penrose all hold to 10 sqrt(m n) u kappa, kappa the ratio of the largest
        singular value to the smallest that was kept, if none was dropped but zeros.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `truncated_least_squares`.

    References
    ----------
    Penrose, Proc. Camb. Phil. Soc. 51 (1955).

    Examples
    --------
    >>> pseudoinverse(np.array([[2.0, 0.0], [0.0, 0.0]]))
    kept 1 of 2 singular values, dropped 1 not above 4.44e-16 times the largest
    """
    A = float_matrix(A)
    factors = jacobi_svd(A)
    kept, counts = _truncation(factors, A, cutoff)
    return Pseudoinverse(*counts, filtered_solution(factors, np.eye(len(A), dtype=A.dtype), kept))


def _truncation(factors, A, cutoff):
    """Return the filter factors of a truncation, and what `Truncation` tells of it."""
    cutoff = default_cutoff(A.shape, A.dtype) if cutoff is None else real_number(cutoff, "cutoff")
    kept = truncation_filter(factors.s, cutoff)
    rank = int(np.count_nonzero(kept))
    return kept, (factors.s, rank, len(kept) - rank, cutoff)


def ridge(A, b, lam):
    """Return the x that makes norm(b - A x)**2 + lam norm(x)**2 smallest, by Householder's QR.

    It is the least-squares solution of A x = b with the equations sqrt(lam) x = 0 below, and
    solved as that: the Gram matrix A^T A + lam I is never formed.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        Of any shape and rank.
    b : ndarray, shape (m,) or (m, k), of A's dtype
    lam : float
        Positive. Its root is compared with the singular values of A.

    Returns
    -------
    ndarray, shape (n,) or (n, k)
        With the backward error of `least_squares` on the augmented problem, whose condition
        number, sqrt((s[0]**2 + lam) / (s[-1]**2 + lam)), is at most that of A. Solving with
        A^T A + lam I instead squares it.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite or of the wrong shape; if lam is not positive.
    OverflowError
        If x, or the root of lam, is out of the range of the dtype.

    Warns
    -----
    IllConditionedWarning
        As `least_squares`, for a lam that is too small to help.

    References
    ----------
    Björck, Numerical Methods for Least Squares Problems (1996), section 2.7; Hoerl & Kennard,
    Technometrics 12 (1970).

    Examples
    --------
    >>> ridge(np.array([[1.0], [1.0]]), np.array([3.0, 3.0]), 1.0).round(12)
    array([2.])
    """
    A = matrix(A)
    b = right_hand_side(b, A)
    below = _root(lam, float if A.dtype == object else A.dtype) * np.eye(A.shape[1], dtype=A.dtype)
    zeros = np.zeros_like(b, shape=(A.shape[1], *b.shape[1:]))
    return least_squares(np.vstack([A, below]), np.concatenate([b, zeros]))
