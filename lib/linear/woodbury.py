"""Solve with a diagonal plus a matrix of low rank, at the price of the low rank."""

import numpy as np

from lib.linear.checks import checked_finite, float_matrix, right_hand_side, vector
from lib.linear.filters import ridge
from lib.numbers import real_array


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
        kappa = sqrt((s[0]**2 + d) / (s[-1]**2 + d)) of the singular values s of F. That is small
        beside norm(b) / d; it is not small beside x where x is far smaller, as for b in the range
        of F.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite or of the wrong shape; if d is not positive.
    OverflowError
        If x, or a number on the way to it, is out of the range of the dtype.

    References
    ----------
    Woodbury, Memorandum Rept. 42, Princeton (1950); Hager, SIAM Review 31 (1989).

    Examples
    --------
    >>> woodbury_solve(2.0, np.array([[1.0], [1.0]]), np.array([4.0, 0.0])).round(12)
    array([ 1.5, -0.5])
    """
    F = float_matrix(F, "F")
    b = vector(right_hand_side(b, F, of="F"), "b")
    d = real_array(d, "d")
    d = vector(np.full(len(F), d) if d.ndim == 0 else d, "d")
    if len(d) != len(F) or np.any(d <= 0):
        raise ValueError(f"d = {d} with F of shape {F.shape}: the diagonal is one positive number, "
                         "or one for each row of F")
    root = np.sqrt(d).astype(F.dtype)
    with np.errstate(all="ignore"):  # what overflows is found at the end
        G = checked_finite(F / root[:, None], "F over the root of d")
        c = checked_finite(b / root, "b over the root of d")
        left = c - G @ ridge(G, c, 1.0)
        return checked_finite(left / root, "the solution")
