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
        If a coefficient, or a difference on the way, is too large for the dtype; if t or the
        differences of values span more than its range, so that digits are lost.

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
        raise ValueError(f"t has shape {t.shape} and, as {t.dtype}, {np.unique(t).size} different "
                         "values: interpolation needs one value at each of a list of points")
    coefficients, n = right_hand_side(values, t, "values", "t").copy(), len(t)
    t = t.astype(np.result_type(t, coefficients))  # objects have no units
    c = coefficients.T  # the last axis goes along the points
    # In other units divided differences of large t, or of small values, would underflow.
    unit, size = _exponent(t), min(_exponent(c), 0)
    points = np.ldexp(t, -unit) if unit else t
    if unit and np.any(np.ldexp(points, unit) != t):
        raise OverflowError(f"t spans from {np.min(np.abs(t))} to {np.max(np.abs(t))}, too far for "
                            f"one unit of {t.dtype}: interpolate on parts of it")
    with np.errstate(all="ignore"):  # what overflows is found at the end
        c[...] = np.ldexp(c, -size) if size else c
        lost = _expand(points, c)
        if unit or size:
            c[...] = np.ldexp(c, size - unit * np.arange(n))
    if np.any(lost & ~_is_subnormal(c)):
        raise OverflowError("a difference of values is subnormal beside others, and has lost "
                            "digits: leave out the values that are so small")
    return checked_finite(coefficients, "a coefficient of the polynomial")


def _expand(t, c):
    """Overwrite values c by coefficients; return where subnormal numbers may have spoiled them."""
    n, lost = len(t), False
    for k in range(1, n):
        c[..., k:] = (c[..., k:] - c[..., k - 1 : -1]) / (t[k:] - t[: n - k])
        lost = lost | np.any(_is_subnormal(c[..., k:]), axis=-1, keepdims=True)
    for k in range(n - 2, -1, -1):
        c[..., k:-1] -= t[k] * c[..., k + 1 :]
    return lost | _is_subnormal(c)


def _is_subnormal(x):
    """Return where x is a subnormal float; objects have none."""
    if x.dtype == object:
        return np.zeros(x.shape, dtype=bool)
    return (x != 0) & (np.abs(x) < np.finfo(x.dtype).tiny)


def _exponent(x):
    """Return the exponent of the largest |x|, a float: it is at most 2**exponent."""
    return 0 if x.dtype == object else int(np.frexp(np.max(np.abs(x)))[1])
