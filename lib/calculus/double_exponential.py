"""Tanh-sinh quadrature: a substitution after which nearly every integral suits equal steps."""

from math import pi

import numpy as np

from lib.calculus.integrands import TINY, integrand, open_range, sample, weighted_sum
from lib.calculus.results import (
    QuadratureResult,
    anchor_of,
    node_rounding,
    rounding_error,
    tolerances,
    verdict,
)

REACH = 6.1  # of t: from there on the distance from an end is below 1e-300 of the range
NEGLIGIBLE = 2.0**-63  # beside the largest term
LEVELS = 10  # the step is 1/2, 1/4, ..., 2**-LEVELS


def tanh_sinh(f, a, b, rtol=1e-10, atol=0.0):
    """Return the integral of f from a to b by tanh-sinh quadrature, with steps that are halved.

    The substitution x = (a + b) / 2 + (b - a) / 2 tanh(pi / 2 sinh(t)) takes the ends to infinity,
    and makes f dx/dt vanish there faster than any exponential of t, for nearly every f. Then equal
    steps in t serve like those over a period.

    Parameters
    ----------
    f : callable
        Called once for each step size, with points x strictly between a and b; returns as many real
        numbers. It may be infinite at the ends.
    a, b : float
        Finite; where b < a the integral has the other sign; where a = b it is 0, and f is not
        asked.
    rtol, atol : float
        The error asked for is max(atol, rtol abs(value)).

    Returns
    -------
    QuadratureResult
        With `.value`, `.error`, `.evaluations`, `.converged` and `.reason`. For an f that is
        analytic between the ends, whatever singularity it has there, each halving doubles the
        number of digits. The error is what the last halving changed, where the digits doubled, or
        nearly; else four times the largest of the last three changes. To that come the last terms
        at both ends, and rounding. It is an estimate, and no bound. For an f with a singularity, a
        jump or a kink inside the range the method is slow and the estimate often too small: make
        that place an end, or use `adaptive`. Near an end other than 0 floats lie too far apart
        for more than about 8 digits of an f that grows like abs(x - a)**-0.5, and the reason is
        "spacing": move the singularity to 0.

    Raises
    ------
    TypeError
        If f cannot be called or returns what are no real floats; if another argument is no number.
    ValueError
        If f(x) has the wrong shape or is not finite; if another argument is out of range, or too
        few floats lie between the ends.
    OverflowError
        If the integral is too large for float64.

    References
    ----------
    Takahasi & Mori, Publ. RIMS 9 (1974); Bailey, Jeyabalan & Li, Experimental Math. 14 (2005).

    Examples
    --------
    >>> found = tanh_sinh(lambda x: x**-0.5, 0, 1)
    >>> found.converged, abs(found.value - 2) <= found.error <= 2e-10
    (True, True)
    """
    integrand(f)
    a, b = open_range(a, b)
    goal, low, high = tolerances(rtol, atol), min(a, b), max(a, b)
    if a == b:
        return QuadratureResult(0.0, 0.0, 0, True, "converged")
    nodes, values, changes, last = np.empty((3, 0)), np.empty(0), [np.inf, np.inf], np.inf
    # Each level adds the points between those that there are.
    for level in range(1, LEVELS + 1):
        new = _points(_steps(level, nodes, values), low, high)
        found, u = sample(f, new[1])
        nodes, values = _in_order(np.hstack([nodes, new]), np.concatenate([values, found]))
        value, size, tail, rounding = _sums(*nodes[1:], values, 2.0**-level, u, anchor_of(a, b))
        changes.append(abs(value - last))
        error, last = _error(changes, size), value
        reason = verdict(value, error, tail + rounding, size, goal)
        if reason:
            break
    if reason == "rounding" and tail > 10 * rounding:
        reason = "spacing"
    return QuadratureResult(value if a < b else -value, error + tail + rounding, nodes.shape[1],
                            reason == "converged", reason or "limit")


def _error(changes, size):
    """Return the error of an integral, from what the last levels changed, the last one last."""
    if size == 0:
        return 0.0
    first, second, third = (min(1.0, change / size) for change in changes[-3:])
    # Where digits do not double, or nearly, f is not analytic, and a small change an accident.
    doubling = second <= first**1.25 and third <= second**1.5
    return size * (max(third, second**2) if doubling else 4 * max(first, second, third))


def _steps(level, nodes, values):
    """Return the numbers t that a level adds: odd multiples of its step, after the first level.

    Beyond 3 they go on only as far as terms on that side were not negligible.
    """
    n = 2**level
    if level == 1:
        return np.arange(-int(REACH * n), int(REACH * n) + 1) / n
    t, terms = nodes[0], np.abs(values * nodes[2])
    heard = t[terms > NEGLIGIBLE * np.max(terms)]
    low, high = min(heard.min(), -3.0), max(heard.max(), 3.0)
    t = np.arange(int(low * n) // 2 * 2 - 1, int(high * n) + 2, 2) / n
    return t[np.abs(t) <= REACH]


def _points(t, low, high):
    """Return t, x and dx/dt, where x lies strictly inside the range, and no nearer than TINY."""
    gap = 1 / (1 + np.exp(pi * np.sinh(np.abs(t))))  # from the nearer end, as a part of the range
    width = high - low
    x = np.where(t < 0, low + width * gap, high - width * gap)
    slope = width * pi * np.cosh(t) * gap * (1 - gap)
    inside = (low < x) & (x < high) & (width * gap >= TINY)
    return np.array([t, x, slope])[:, inside]


def _in_order(nodes, values):
    """Return nodes and values by ascending t."""
    order = np.argsort(nodes[0])
    return nodes[:, order], values[order]


def _sums(x, slope, values, step, u, anchor):
    """Return the integral, that of abs(f), the last terms at both ends, and what rounding adds."""
    with np.errstate(over="ignore"):  # found by weighted_sum
        terms = slope * values
    size = weighted_sum(step, np.abs(terms))
    rounding = rounding_error(u, size) + weighted_sum(1.0, node_rounding(x, values, anchor))
    return weighted_sum(step, terms), size, float(np.sum(np.abs(terms[[0, -1]]))), rounding
