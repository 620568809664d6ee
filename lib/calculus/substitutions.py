"""Map the interval from 0 to 1 to a range, finite or not, so that its ends are approached flatly.

Each map is made of the cubic 3 t**2 - 2 t**3, whose slope vanishes at 0 and 1: it divides the
exponent of a singularity at an end by two, and more points lie there. Near 0 and 1 distances from
the ends are formed without subtraction, so that no digit of them is lost.
"""

from math import isinf

import numpy as np


def substitution(a, b):
    """Return the function t -> (x, dx/dt) that maps 0 < t < 1 to the range between a and b.

    Parameters
    ----------
    a, b : float
        With a < b; each may be infinite. A half-infinite range begins at infinity, where numbers
        near t = 0 have more digits than those near 1.

    Returns
    -------
    callable
        For an array t it returns two arrays of its shape. The second is not negative, also where x
        falls. Where t is too near 0 for an infinite end, they are infinite.

    Examples
    --------
    >>> x, slope = substitution(0.0, 4.0)(np.array([0.0, 0.5, 1.0]))
    >>> x, slope
    (array([0., 2., 4.]), array([0., 6., 0.]))
    """
    if isinf(a) and isinf(b):
        return _line
    if isinf(b):
        return lambda t: _half_line(t, a, 1.0)
    if isinf(a):
        return lambda t: _half_line(t, b, -1.0)
    return lambda t: _finite(t, a, b)


def _cubic(t):
    """Return u = 3 t**2 - 2 t**3, 1 - u, and du/dt."""
    s = 1 - t
    return t * t * (3 - 2 * t), s * s * (3 - 2 * s), 6 * t * s


def _finite(t, a, b):
    """Return x = a + (b - a) u, counted from the nearer end, and dx/dt."""
    u, v, slope = _cubic(t)
    width = b - a
    return np.where(t < 0.5, a + width * u, b - width * v), width * slope


def _half_line(t, end, sign):
    """Return x = end + sign (1 - u) / u and abs(dx/dt)."""
    u, v, slope = _cubic(t)
    with np.errstate(all="ignore"):  # at t = 0
        return end + sign * (v / u), slope / u / u


def _line(t):
    """Return x = w / (1 - w**2) for w = 2 u - 1, and dx/dt."""
    u, v, slope = _cubic(t)
    w = (t - 0.5) * (3 - 4 * (t - 0.5) ** 2)  # u - v, without cancellation
    apart = 4 * u * v  # 1 - w**2
    with np.errstate(all="ignore"):  # at t = 0 and t = 1
        return w / apart, 2 * slope * (1 + w * w) / apart / apart
