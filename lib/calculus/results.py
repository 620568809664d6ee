"""What routines that integrate to a tolerance are asked for, and what they say of what they found.

An error is estimated from values of f, and rounding from their size; the two are kept apart, since
more points reduce the first alone.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from lib.numbers import real_number

ROUNDINGS = 50  # units of roundoff that values, and points, may err by
SMALLEST = 2.0**-1074  # to which products are rounded where they underflow


@dataclass(frozen=True)
class QuadratureResult:
    """What a routine found for an integral, and whether it trusts it.

    Attributes
    ----------
    value : float
    error : float
        An estimate of abs(value - integral), and no bound: it comes from the same values of f.
    evaluations : int
        At how many points f was asked.
    converged : bool
        Whether error is at most max(atol, rtol abs(value)), and f was not 0 at all points.
    reason : {"converged", "rounding", "limit", "spacing", "zero"}
        Why it stopped. "rounding": more points cannot help, as what rounding may have added is too
        much for the tolerance, for instance where parts of the integral cancel. "limit": it takes
        more panels or levels, and infinitely many where there is no integral. "spacing": it takes
        points between neighbouring floats, as at a singularity that is not at 0. "zero": f was 0 at
        all points, which may have missed where it is not.
    """

    value: float
    error: float
    evaluations: int
    converged: bool
    reason: str

    def __repr__(self):
        found = "converged" if self.converged else f"not converged ({self.reason})"
        return (f"{self.value!r} +- {self.error:.1e} after {self.evaluations} evaluations: "
                f"{found}")


def tolerances(rtol, atol):
    """Return the two tolerances as floats, or refuse them by name."""
    rtol, atol = real_number(rtol, "rtol"), real_number(atol, "atol")
    if not 0 <= rtol < 1:
        raise ValueError(f"rtol = {rtol}: an error relative to the integral lies from 0 up to 1")
    if not (atol >= 0 and isfinite(atol)):
        raise ValueError(f"atol = {atol}: it must be finite, and not negative")
    return rtol, atol


def rounding_error(u, size):
    """Return what rounding may have added to a sum of values whose absolute values add to size."""
    return ROUNDINGS * (u * size + SMALLEST)


def node_rounding(x, values, anchor):
    """Return what rounding of points, in order, may have moved a sum by, in parts to be added.

    A point that is off by its spacing moves the sum by that times what f changes there.

    Parameters
    ----------
    x, values : ndarray, shape (..., n)
    anchor : float
        The size of the end from which points near 0 are counted: they have its spacing.

    Returns
    -------
    ndarray, shape (..., n - 1)
    """
    size = np.abs(x)
    spacing = np.spacing(np.maximum(np.minimum(size[..., 1:], size[..., :-1]), anchor))
    with np.errstate(over="ignore"):  # found when they are added
        return spacing * np.abs(np.diff(values))


def anchor_of(a, b):
    """Return the size of the end from which points near 0 are counted, 0 if both are infinite."""
    return min(abs(a), abs(b)) if isfinite(a) or isfinite(b) else 0.0


def verdict(value, error, rounding, size, goal):
    """Return the reason to stop, or an empty string where more points may help.

    Parameters
    ----------
    value, error, rounding : float
        The estimate, how far off it seems, and what rounding may have added.
    size : float
        The integral of abs(f), or its estimate.
    goal : (float, float)
        rtol and atol.
    """
    rtol, atol = goal
    if size == 0:
        return "zero"
    if error + rounding <= max(atol, rtol * abs(value)):
        return "converged"
    return "rounding" if error <= rounding else ""
