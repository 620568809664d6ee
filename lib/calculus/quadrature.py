"""Integrate to a tolerance: halve the panel with the largest error, until the sum is small enough.

What cannot be reached is said, not hidden: `converged` is False, and `reason` tells why.
"""

from heapq import heapify, heappop, heappush

import numpy as np

from lib.calculus.integrands import (
    TINY,
    integrand,
    sample,
    weighted_sum,
    whole_range,
)
from lib.calculus.kronrod import panel_nodes, panels_between, seams
from lib.calculus.results import QuadratureResult, anchor_of, tolerances, verdict
from lib.calculus.substitutions import substitution
from lib.numbers import appendable, real_number, whole_number


def adaptive(f, a, b, rtol=1e-10, atol=0.0, limit=400, cut=0.55, history=None):
    """Return the integral of f from a to b, halving the panel with the largest error.

    The range is mapped to 0 < t < 1, flatly at both ends, and cut in two. Each panel gets its value
    and error from the fifteen points of Kronrod, and each edge an error where its two panels do not
    agree, as beside a jump. As long as the sum of all errors is too large, the panel with the
    largest is halved.

    Parameters
    ----------
    f : callable
        Called with an array of 30 points x strictly between a and b; returns as many real numbers.
    a, b : float
        Either may be infinite. Where b < a the integral has the other sign; where a = b it is 0,
        and f is not asked.
    rtol, atol : float
        The error asked for is max(atol, rtol abs(value)). With atol > 0 a peak whose flank alone
        was met counts as the little that the flank adds; with atol = 0 the flank leads to it.
    limit : int
        The most panels, 2 at least.
    cut : float
        Where in 0 < t < 1 the range is cut first. To run twice, with another cut, is the cheapest
        test of a result.
    history : list, optional
        For each panel that was halved, a tuple (left, right, value, error) is appended, its ends in
        x, ascending.

    Returns
    -------
    QuadratureResult
        With `.value`, `.error`, `.evaluations`, `.converged` and `.reason`. Where inside the range
        f or a derivative jumps, or is infinite, it is found, and costs 30 evaluations for each
        halving. It is cheaper to make that place an end, and safer: of 180 runs on abs(x - c)**-0.5
        and abs(x - c)**-0.2 with random c, 5 were trusted too early. An f that is infinite at an
        end is no trouble if the end is 0, or if f grows there like abs(x - a)**-0.5 or less. Near
        other ends floats lie too far apart, so that of (1 - x)**-0.7 no more than 3 digits are
        reached: move the singularity to 0.

        No error estimate that is made of values of f is a bound: a peak between all points is not
        seen. Of the three of sech(10 x - 2)**2 + sech(100 x - 40)**4 + sech(1000 x - 600)**6 from 0
        to 1 the third is missed at rtol = 1e-3, with converged = True all the same. If f is 0 at
        all points, converged is False, even if f is 0 everywhere. With atol = 0 an integral of 0 in
        which parts cancel, as that of an odd f, is never reached: reason is "rounding".

    Raises
    ------
    TypeError
        If f cannot be called or returns what are no real floats; if another argument is no number.
    ValueError
        If f(x) has the wrong shape or is not finite; if a or b is nan, both are the same infinity,
        or too few floats lie between them; if another argument is out of range.
    OverflowError
        If the integral, or f times the slope of the map, is too large for float64.

    References
    ----------
    Piessens, de Doncker-Kapenga, Überhuber & Kahaner, QUADPACK (1983); Kronrod, Nodes and Weights
    of Quadrature Formulas (1965); Gonnet, ACM Comput. Surv. 44 (2012), on error estimates.

    Examples
    --------
    >>> found = adaptive(np.log, 0, 1)
    >>> found.converged, abs(found.value + 1) <= found.error <= 1e-10
    (True, True)
    >>> peak = adaptive(lambda x: np.exp(-((x - 800) ** 2)), -np.inf, np.inf)
    >>> peak.value, peak.converged, peak.reason
    (0.0, False, 'zero')
    """
    integrand(f)
    a, b = whole_range(a, b)
    goal, limit, cut = tolerances(rtol, atol), whole_number(limit, "limit", 2), _inside(cut)
    history = appendable(history)
    if a == b:
        return QuadratureResult(0.0, 0.0, 0, True, "converged")
    low, high = min(a, b), max(a, b)
    change, edges = substitution(low, high), [0.0, cut, 1.0]
    x, slope = change(panel_nodes(edges))
    x = np.clip(x, np.nextafter(low, high), np.nextafter(high, low))
    heap, evaluations = [], 0
    # Each turn adds the two panels of the edges, then halves the worst of all.
    while True:
        for panel in _panels(f, edges, x, slope, anchor_of(a, b)):
            heappush(heap, panel)
        evaluations += x.size
        value, error, reason, worst = _state(heap, goal)
        edges, x, slope = _halves(worst, change)
        reason = reason or _obstacle(heap, limit, x, slope, low, high)
        if reason:
            value = value if a < b else -value
            return QuadratureResult(value, error, evaluations, reason == "converged", reason)
        _take(worst, heap)
        history.append((*_ends(worst, change), worst.value, -worst.priority))


def _inside(cut):
    """Return where the range is cut first, or refuse it."""
    cut = real_number(cut, "cut")
    if not 0.01 <= cut <= 0.99:
        raise ValueError(f"cut = {cut}: it must lie between 0.01 and 0.99")
    return cut


def _panels(f, edges, x, slope, anchor):
    """Return the panels between edges, from values of f at their nodes x."""
    values, u = sample(f, x.ravel())
    return panels_between(edges, x, values.reshape(x.shape), slope, u, anchor)


def _state(heap, goal):
    """Return value and error of all panels, a reason to stop, if there is one, and the worst panel.

    It is the one with the largest error, or one beside an edge where a jump may hide more.
    """
    priority, _, _, value, size, rounding, *_ = (
        weighted_sum(1.0, np.array(column)) for column in zip(*heap, strict=True))
    hidden = seams(heap)
    most, beside = max(hidden)
    error = weighted_sum(1.0, np.array([seam for seam, _ in hidden])) - priority
    reason = verdict(value, error, rounding, size, goal)
    return value, error + rounding, reason, beside if most > -heap[0].priority else heap[0]


def _take(panel, heap):
    """Remove a panel from a heap."""
    if panel is heap[0]:
        heappop(heap)
    else:
        heap.remove(panel)
        heapify(heap)


def _halves(panel, change):
    """Return the edges of the halves of a panel in t, with points and slopes at their nodes."""
    edges = [panel.left, (panel.left + panel.right) / 2, panel.right]
    return edges, *change(panel_nodes(edges))


def _obstacle(heap, limit, x, slope, low, high):
    """Return why no panel can be halved to the nodes x, or an empty string."""
    if len(heap) >= limit:
        return "limit"
    # Floats have to lie more densely than nodes, and the ends are not asked.
    apart = np.min(np.abs(np.diff(x.ravel()))) > TINY and np.all((low < x) & (x < high))
    return "" if apart and np.all(np.isfinite(slope)) else "spacing"


def _ends(panel, change):
    """Return the ends of a panel in x, the smaller one first."""
    return sorted(change(np.array([panel.left, panel.right]))[0].tolist())
