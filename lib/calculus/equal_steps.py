"""Rules for integrals on points at equal steps: trapezoid, Simpson, Romberg."""

import numpy as np

from lib.calculus.integrands import finite_range, integrand, sample, weighted_sum
from lib.numbers import appendable, whole_number


def trapezoid(f, a, b, n):
    """Return the integral of f from a to b by the trapezoidal rule with n steps.

    Parameters
    ----------
    f : callable
        Called once, with an array of shape (n + 1,), a and b included; returns as many real
        numbers.
    a, b : float
        Finite; where b < a the integral has the other sign.
    n : int
        At least 1.

    Returns
    -------
    float
        The error is -(b - a) h**2 f''(c) / 12 for some c in the range, h = (b - a) / n: order 2,
        above the integral for convex f. For a smooth f of period b - a no power of h bounds it, it
        falls faster than any; for an analytic one it lies below a geometric sequence.
        Rounding adds at most about 3 u abs(b - a) max(abs(f)), beside what the values f(x) and the
        points x err by. That of points is at most u max(abs(a), abs(b)) times the variation of f.

    Raises
    ------
    TypeError
        If f cannot be called or returns what are no real floats; if n is no integer.
    ValueError
        If f(x) has the wrong shape or is not finite; if a, b or n is out of range.
    OverflowError
        If the integral is too large for float64.

    References
    ----------
    Davis & Rabinowitz, Methods of Numerical Integration (1984), sections 2.1 and 2.9; Trefethen &
    Weideman, SIAM Rev. 56 (2014), on periodic functions.

    Examples
    --------
    >>> trapezoid(lambda x: x**2, 0, 3, 3)
    9.5
    """
    a, b = finite_range(a, b)
    n = whole_number(n, "n", 1)
    weights = np.ones(n + 1)
    weights[[0, -1]] = 0.5
    return _equal(f, a, b, weights, n)


def simpson(f, a, b, n):
    """Return the integral of f from a to b by Simpson's rule with n steps.

    Parameters
    ----------
    f : callable
        Called once, with an array of shape (n + 1,), a and b included; returns as many real
        numbers.
    a, b : float
        Finite; where b < a the integral has the other sign.
    n : int
        Even and positive.

    Returns
    -------
    float
        The error is -(b - a) h**4 f''''(c) / 180 for some c in the range, h = (b - a) / n: order 4,
        and none for cubics. Rounding adds at most about 3 u abs(b - a) max(abs(f)), beside what
        the values and the points err by.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `trapezoid`; also if n is odd.

    References
    ----------
    Davis & Rabinowitz, Methods of Numerical Integration (1984), section 2.2.

    Examples
    --------
    >>> simpson(lambda x: x**3, 0, 2, 2)
    4.0
    """
    a, b = finite_range(a, b)
    n = whole_number(n, "n", 2)
    if n % 2:
        raise ValueError(f"n = {n}: Simpson's rule takes steps in pairs, so use n = {n + 1}; "
                         "it must be even")
    weights = np.full(n + 1, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return _equal(f, a, b, weights, 3 * n)


def _equal(f, a, b, weights, total):
    """Return the sum over points at equal steps, with weights that add to a total."""
    values, _ = sample(integrand(f), np.linspace(a, b, len(weights)))
    return weighted_sum(weights, values, (b - a) / total)


def romberg(f, a, b, levels, history=None):
    """Return the integral of f from a to b by Romberg's method with 2**levels steps.

    Trapezoidal sums T(h) with h, h / 2, h / 4, ... have errors that are series in h**2 for smooth
    f. Each column of the table removes one power: T_j(h / 2) + (T_j(h / 2) - T_j(h)) / (4**j - 1).

    Parameters
    ----------
    f : callable
        Called levels + 1 times, with 2**levels + 1 points in all; returns as many real numbers.
    a, b : float
        Finite; where b < a the integral has the other sign.
    levels : int
        How often the step is halved, from 0 to 24; 0 is the trapezoidal rule with one step.
    history : list, optional
        The rows of the table, lists of 1, 2, ... floats, are appended.

    Returns
    -------
    float
        The last number of the last row. It is exact, up to rounding, for polynomials of degree
        2 levels + 1, and for a smooth f its error is of order 2 levels + 2 in the first step. For
        an f that is not smooth, such as sqrt at 0, it is hardly better than the trapezoidal rule:
        a row whose differences do not fall tells so. Rounding is as for `trapezoid`, times 2.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `trapezoid`; also if history is no list.

    References
    ----------
    Romberg, Norske Vid. Selsk. Forh. 28 (1955); Bauer, Rutishauser & Stiefel, Proc. Symp. Appl.
    Math. 15 (1963).

    Examples
    --------
    >>> table = []
    >>> romberg(lambda x: 15 * x**4, 0, 2, 2, table)
    96.0
    >>> table
    [[240.0], [135.0, 100.0], [105.9375, 96.25, 96.0]]
    """
    integrand(f)
    a, b = finite_range(a, b)
    if whole_number(levels, "levels", 0) > 24:
        raise ValueError(f"levels = {levels} takes 2**{levels} values of f: use at most 24")
    history, row = appendable(history), [trapezoid(f, a, b, 1)]
    history.append(row)
    for level in range(1, levels + 1):
        n = 2**level
        values, _ = sample(f, np.linspace(a, b, n + 1)[1::2])  # the rest is known already
        last, row = row, [row[0] / 2 + weighted_sum(1.0, values, (b - a) / n)]
        for j, coarse in enumerate(last, 1):
            row.append(row[-1] + (row[-1] - coarse) / (4**j - 1))
        history.append(row)
    return row[-1]
