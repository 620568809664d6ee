"""Solve with a diagonal plus a matrix of low rank, at the price of the low rank."""

import warnings

import numpy as np

from lib.linear.checks import (
    IllConditionedWarning,
    checked_finite,
    float_matrix,
    float_vector,
    right_hand_side,
    vector,
)
from lib.linear.filters import ridge
from lib.linear.jacobi import jacobi_svd
from lib.numbers import real_array, unit_roundoff


def woodbury_solve(d, F, b):
    """Return the solution of (diag(d) + F F^T) x = b, in O(n k**2) operations.

    With the roots of d divided out, G = diag(d)**(-1/2) F and c = diag(d)**(-1/2) b, the solution
    is what ridge with lam = 1 leaves of c when it fits it by the columns of G. It is computed as
    that, by Householder's QR; the matrix I + G^T G of Woodbury's identity is never formed.

    Parameters
    ----------
    d : float or ndarray, shape (n,)
        The diagonal, positive.
    F : ndarray, shape (n, k), float32 or float64
    b : ndarray, shape (n,), of F's dtype

    Returns
    -------
    ndarray, shape (n,)
        For a single number d, its absolute error is at most 10 sqrt(n k) u kappa norm(b) / d with
        kappa = sqrt((s[0]**2 + d) / (s[-1]**2 + d)) of the min(n, k) singular values s of F. For a
        moderate kappa that is small beside norm(b) / d; it is not small beside x where x is far
        smaller, as for b in the range of F.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite or of the wrong shape; if d is not positive.
    OverflowError
        If x, or a number on the way to it, is out of the range of the dtype.

    Warns
    -----
    IllConditionedWarning
        If x is not more than twice as long as this bound (for a vector d: x times the root of d,
        with norm(c) for norm(b) / d and the singular values of G for those of F, and 1 for d).
        Where it says nothing, x is right to better than its own length.

    References
    ----------
    Woodbury, Memorandum Rept. 42, Princeton (1950); Hager, SIAM Review 31 (1989).

    Examples
    --------
    >>> woodbury_solve(2.0, np.array([[1.0], [1.0]]), np.array([4.0, 0.0])).round(12)
    array([ 1.5, -0.5])
    """
    F = float_matrix(F, "F")
    b = float_vector(vector(right_hand_side(b, F, of="F"), "b"), "b")
    d = real_array(d, "d")
    d = float_vector(np.full(len(F), d) if d.ndim == 0 else d, "d")
    if len(d) != len(F) or np.any(d <= 0):
        raise ValueError(f"d = {d} with F of shape {F.shape}: the diagonal is one positive number, "
                         "or one for each row of F")
    with np.errstate(all="ignore"):  # what overflows is found at the end
        root = checked_finite(np.sqrt(d).astype(F.dtype), "the root of d")
        G = checked_finite(F / root[:, None], "F over the root of d")
        c = checked_finite(b / root, "b over the root of d")
        left = c - G @ ridge(G, c, 1.0)
        x = checked_finite(left / root, "the solution")
        if _is_rounding(left, G, c):
            warnings.warn("the solution is no longer than the bound of its rounding errors, which "
                          "are relative to b / d: x may have no correct digit; for b in the range "
                          "of F use ridge(F, b, d), or scale d up", IllConditionedWarning,
                          stacklevel=2)
    return x


def _is_rounding(left, G, c):
    """Return whether what the fit of c by G leaves is not above twice the bound of its error."""
    largest = np.max(np.abs(c)).astype(float)
    if largest == 0:
        return False
    left, c = (np.sqrt(np.sum((x / largest) ** 2)) for x in (left, c))  # no square overflows
    unit = 20 * np.sqrt(G.size) * unit_roundoff(G.dtype) * c
    if left > unit * np.hypot(1, np.sqrt(G.size) * np.max(np.abs(G)).astype(float)):
        return False  # kappa is no larger, so that nobody needs to find it
    s = jacobi_svd(G).s.astype(float)
    return bool(left <= unit * np.hypot(1, s[0]) / np.hypot(1, s[-1]))
