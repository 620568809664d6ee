"""Ask a function for its values at many points, and refuse by name what no rule can use."""

from math import frexp, fsum, inf, isfinite, isnan, ldexp, nextafter

import numpy as np

from lib.numbers import plain_array, real_number, unit_roundoff

TINY = 2.0**-1022  # the smallest normal float


def integrand(f):
    """Return f, or refuse what cannot be called."""
    if not callable(f):
        raise TypeError(f"f = {f!r:.80} cannot be called: give a function of an array x")
    return f


def finite_range(a, b):
    """Return the ends of a range as floats, or refuse by name what is not finite or too long."""
    a, b = real_number(a, "a"), real_number(b, "b")
    if not (isfinite(a) and isfinite(b)):
        raise ValueError(f"a = {a}, b = {b}: this rule needs finite ends; adaptive takes infinite "
                         "ones")
    if not isfinite(b - a) or 0 < abs(b - a) < TINY:
        raise ValueError(f"a = {a}, b = {b}: their distance leaves the range of floats: change the "
                         "unit of x")
    return a, b


def open_range(a, b):
    """Return the ends of a finite range whose ends are not asked, or refuse them by name."""
    a, b = finite_range(a, b)
    if a != b and (nextafter(a, b) == b or abs(b - a) < 2**10 * TINY):
        raise ValueError(f"a = {a}, b = {b}: too few floats lie between them: change the unit of "
                         "x, or let x begin at 0")
    return a, b


def whole_range(a, b):
    """Return the ends of an open range, finite or not, as floats, or refuse them by name."""
    a, b = real_number(a, "a"), real_number(b, "b")
    if isfinite(a) and isfinite(b):
        return open_range(a, b)
    if isnan(a) or isnan(b) or a == b:
        raise ValueError(f"a = {a}, b = {b}: that is no range; give two ends that differ")
    return a, b


def sample(f, x):
    """Return the values of f at points x, as float64, and the unit roundoff of what f returned.

    Parameters
    ----------
    f : callable
        Gets a copy of x, and returns a real number for each point.
    x : ndarray, shape (n,) or (n, d)
        The points, one a row.

    Raises
    ------
    TypeError, ValueError
        If f(x) is no array of n finite real numbers; the first that is not finite is named.
    """
    with np.errstate(all="ignore"):  # what is not finite is found below
        values = plain_array(f(x.copy()), "f(x)")
    if values.dtype.kind == "c":
        raise TypeError("f(x) is complex: integrate its real and its imaginary part, one by one")
    if values.dtype.kind in "biu":
        values = values.astype(float)
    if values.dtype not in (np.float32, np.float64):
        raise TypeError(f"f(x) is of {values.dtype}, not float32 or float64: use .astype(float)")
    if values.shape != x.shape[:1]:
        raise ValueError(f"f(x) has shape {values.shape} for x of shape {x.shape}: f needs to "
                         f"return {len(x)} numbers; np.vectorize(f) does so with an f of numbers")
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        raise ValueError(f"f({x[wrong[0]]}) is {values[wrong[0]]}: let f return its limit there, "
                         "or make it an end, at which adaptive and tanh_sinh do not ask")
    return values.astype(float), unit_roundoff(values.dtype)


def weighted_sum(weights, values, scale=1.0):
    """Return scale times the sum of weights times values, each product and the sum rounded once.

    A sum that is rounded once has no order, so that no machine has another.

    Examples
    --------
    >>> weighted_sum(np.array([1.0, 1.0, 1.0]), np.array([1e16, 1.0, -1e16]))
    1.0
    """
    # In units of powers of two near the largest, no product underflows, and no sum overflows.
    exponent, (part, unit) = int(np.frexp(np.max(np.abs(values), initial=0))[1]), frexp(scale)
    try:
        with np.errstate(all="ignore"):
            total = fsum((weights * np.ldexp(values, -exponent)).tolist())
        total = ldexp(total * part, exponent + unit)
    except (OverflowError, ValueError):  # of ldexp, or of fsum for infinite terms
        total = inf
    if not isfinite(total):
        raise OverflowError("the integral of f left the range of float64: scale f first")
    return total


def on_range(f, a, b, nodes, weights):
    """Return the integral of f from a to b by a rule that is given on [-1, 1]."""
    a, b = finite_range(a, b)
    values, _ = sample(integrand(f), points_between(a, b, nodes))
    return weighted_sum(weights, values, (b - a) / 2)


def points_between(a, b, nodes):
    """Return nodes of [-1, 1] as points from a to b, counted from the nearer end."""
    half = (b - a) / 2
    return np.where(nodes < 0, a + half * (1 + nodes), b - half * (1 - nodes))
