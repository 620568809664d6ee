"""Estimate an integral over a panel, and how far off that is, from fifteen values.

Seven of the fifteen points of Kronrod are those of Gauss, so that the same values serve two rules,
of degree 22 and 13. The better one is the estimate, and their distance tells its error: for smooth
functions it is far too large, for others it may be too small, and is enlarged.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lib.calculus.integrands import weighted_sum
from lib.calculus.results import node_rounding, rounding_error

# The nodes that are not negative, from 1 down to 0; every second is a node of Gauss.
HALF = np.array([
    0.99145537112081263921, 0.94910791234275852453, 0.86486442335976907279, 0.74153118559939443986,
    0.58608723546769113029, 0.40584515137739716691, 0.20778495500789846760, 0.0])
KRONROD = np.array([
    0.022935322010529224964, 0.063092092629978553291, 0.10479001032225018384,
    0.14065325971552591875, 0.16900472663926790283, 0.19035057806478540991,
    0.20443294007529889241, 0.20948214108472782801])
GAUSS = np.array([0, 0.12948496616886969327, 0, 0.27970539148927666790,
                  0, 0.38183005050511894495, 0, 0.41795918367346938776])
NODES = np.concatenate([-HALF, HALF[-2::-1]])
WEIGHTS = np.concatenate([KRONROD, KRONROD[-2::-1]])
GAUSS_WEIGHTS = np.concatenate([GAUSS, GAUSS[-2::-1]])
# What the polynomial through values at the nodes is at the right end, -1 and 1 being the ends.
AT_END = np.array([np.prod(np.delete(1 - NODES, i) / np.delete(x - NODES, i))
                   for i, x in enumerate(NODES)])
GAP = (1 - NODES[-1]) / 2  # between the last node and the end, as a part of a panel


def kronrod_nodes():
    """Return the fifteen points of Kronrod on [-1, 1], their weights, and the weights of Gauss.

    Returns
    -------
    nodes, weights, gauss_weights : ndarray, shape (15,), float64
        The nodes ascending, each the nearest float; the weights of Kronrod's rule, which is exact
        for polynomials of degree 22, and those of the rule of Gauss on every second node, exact up
        to degree 13, with 0 at the others. `adaptive` takes the distance of the two for an error.

    References
    ----------
    Kronrod, Nodes and Weights of Quadrature Formulas (1965); Piessens, de Doncker-Kapenga,
    Überhuber & Kahaner, QUADPACK (1983).

    Examples
    --------
    >>> nodes, weights, gauss_weights = kronrod_nodes()
    >>> np.flatnonzero(gauss_weights), round(float(np.sum(weights)), 12)
    (array([ 1,  3,  5,  7,  9, 11, 13]), 2.0)
    """
    return NODES.copy(), WEIGHTS.copy(), GAUSS_WEIGHTS.copy()


class Panel(NamedTuple):
    """A part of the range of an integral, and what its values say; sorts by error, largest first.

    Attributes
    ----------
    priority : float
        Minus the error.
    left, right : float
        Its ends.
    value : float
        The integral over it, by Kronrod's rule.
    size : float
        The same for abs(f).
    rounding : float
        What rounding of f(x) and x may have added.
    low, high : float
        The integrand in t at both ends, extrapolated.
    """

    priority: float
    left: float
    right: float
    value: float
    size: float
    rounding: float
    low: float
    high: float


def panel_nodes(edges):
    """Return the nodes between neighbouring edges, an array of shape (panels, 15)."""
    edges = np.asarray(edges)
    return edges[:-1, None] + np.diff(edges)[:, None] / 2 * (1 + NODES)


def panels_between(edges, x, values, slope, u, anchor):
    """Return the panels between neighbouring edges.

    Parameters
    ----------
    edges : sequence of float
        In t.
    x, values, slope : ndarray, shape (panels, 15)
        At each node the point, f there, and dx/dt.
    u : float
        The unit roundoff of the values.
    anchor : float
        The size of the end from which points near 0 are counted.
    """
    with np.errstate(over="ignore"):  # found by weighted_sum
        heights = values * slope
        terms = heights * (np.diff(edges)[:, None] / 2)
    moved, found = node_rounding(x, values, anchor), []
    for i, row in enumerate(terms):
        value, size = weighted_sum(WEIGHTS, row), weighted_sum(WEIGHTS, np.abs(row))
        rounding = rounding_error(u, size) + weighted_sum(1.0, moved[i])
        low, high = weighted_sum(AT_END[::-1], heights[i]), weighted_sum(AT_END, heights[i])
        found.append(Panel(-_error(row, value), edges[i], edges[i + 1], value, size, rounding, low,
                           high))
    return found


def seams(panels):
    """Return what jumps beside the edges may have added, and the wider panel beside each edge.

    A jump between the last node of a panel and its edge is seen by neither neighbour, but then what
    the two extrapolate to the edge differs by the jump.

    Returns
    -------
    list of (float, Panel)
    """
    found = []
    for left, right in pairwise(sorted(panels, key=lambda panel: panel.left)):
        wide = max(left, right, key=lambda panel: panel.right - panel.left)
        found.append((abs(left.high - right.low) * GAP * (wide.right - wide.left), wide))
    return found


def _error(row, value):
    """Return the error of a value, from terms that would all be value / 2 for a constant.

    The distance of Gauss and Kronrod, or more where it is above 1e-7 of the deviation from a
    constant: Piessens's formula, an experience with the exponent 3 / 2, and no theorem.
    """
    distance = abs(weighted_sum(WEIGHTS - GAUSS_WEIGHTS, row))
    deviation = weighted_sum(WEIGHTS, np.abs(row - value / 2))
    if deviation == 0:
        return distance
    return max(distance, deviation * min(1.0, 200 * distance / deviation) ** 1.5)
