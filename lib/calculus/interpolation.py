"""Find the polynomial through given points, from the points themselves."""

import numpy as np

from lib.linear import checked_finite, right_hand_side, vector


def interpolation_coefficients(t, values):
    """Return the coefficients of the polynomial of least degree through the points (t, values).

    The coefficients solve the system whose matrix is `lib.problems.vandermonde(t)`. That matrix is
    never formed: divided differences give the polynomial in Newton's form, which is then expanded.

    Parameters
    ----------
    t : array_like, shape (n,), float32 or float64
        Where the values are given, no two alike.
    values : array_like, shape (n,) or (n, k), of t's dtype
        What the polynomial, or each of k polynomials, is there.

    Returns
    -------
    ndarray of values' shape and dtype
        The coefficients of t**0, ..., t**(n-1). Where t is not negative and ascending, and the
        values alternate in sign, each of them has a relative error of at most about 7 n u, however
        large the condition number of the matrix is, if it is no subnormal number itself. It takes
        5/2 n**2 operations.

    Raises
    ------
    TypeError, ValueError
        If t or values is complex, empty, not finite, or of the wrong shape; if two t are alike.
    OverflowError
        If a coefficient, or a difference on the way, is too large for the dtype.

    References
    ----------
    Björck & Pereyra, Math. Comp. 24 (1970); Higham, Accuracy and Stability of Numerical Algorithms
    (2002), algorithm 22.2 and corollary 22.5.

    Examples
    --------
    >>> interpolation_coefficients([1.0, 2.0, 3.0], [1.0, 4.0, 9.0])
    array([0., 0., 1.])
    """
    t = vector(t, "t")
    if len(np.unique(t)) < len(t):
        raise ValueError(f"t has shape {t.shape} and {np.unique(t).size} different values: "
                         "interpolation needs one value at each of a list of points")
    coefficients, n = right_hand_side(values, t, "values", "t").copy(), len(t)
    c = coefficients.T  # the last axis goes along the points
    unit = _exponent(t)  # or divided differences of large t would underflow
    t = np.ldexp(t, -unit) if unit else t
    with np.errstate(all="ignore"):  # what overflows is found at the end
        for k in range(1, n):
            c[..., k:] = (c[..., k:] - c[..., k - 1 : -1]) / (t[k:] - t[: n - k])
        for k in range(n - 2, -1, -1):
            c[..., k:-1] -= t[k] * c[..., k + 1 :]
        if unit:
            c[...] = np.ldexp(c, -unit * np.arange(n))
    return checked_finite(coefficients, "a coefficient of the polynomial")


def _exponent(t):
    """Return the exponent of the largest |t|, a float: it is at most 2**exponent."""
    return 0 if t.dtype == object else int(np.frexp(np.max(np.abs(t)))[1])
