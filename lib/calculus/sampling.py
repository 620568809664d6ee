"""Integrals as means over random points, with the error bar that the sample itself suggests."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from lib.calculus.integrands import integrand, sample, weighted_sum
from lib.numbers import real_array


@dataclass(frozen=True)
class MonteCarloResult:
    """An integral as a mean over points, with its standard error.

    Attributes
    ----------
    value : float
    error : float
        The standard error: abs(value - integral) exceeds it in about a third of all runs, and twice
        it in about 1 of 20, if the points are independent and their number large. It is no bound.
    evaluations : int
        The number of points.
    """

    value: float
    error: float
    evaluations: int


def monte_carlo(f, a, b, points):
    """Return the integral of f over a box as a mean over points, with its standard error.

    Parameters
    ----------
    f : callable
        Called once, with points x of the shape of `points`; returns a real number for each row.
    a, b : float, or array_like of shape (d,)
        Corners of the box, finite. Where b < a in one dimension, the integral changes its sign.
    points : array_like, shape (n,) or (n, d), float32 or float64
        At least two points of the unit cube, which are moved to the box; of one dimension for n
        numbers. Random ones are rng.random((n, d)).

    Returns
    -------
    MonteCarloResult
        With `.value`, the volume times the mean of f(x), `.error`, the volume times the standard
        deviation of f(x), with denominator n - 1, divided by sqrt(n), and `.evaluations`, n. Four
        times the points halve the error, in any number of dimensions.

        The error bar holds for independent, uniform points and an f with a finite variance, whose
        samples are not too skewed. For points of Sobol or Halton it is far too long, by a factor of
        up to 1e5: repeat with several scrambles, and take the standard error of their values. For
        points that are repeated, as by processes with one seed, it is too short. Where f has no
        variance it is itself a random number, and mostly too short. Where f is nonzero at few
        points only, it may be 0: none was hit.

    Raises
    ------
    TypeError
        If f cannot be called or returns what are no real floats; if a, b or points are none.
    ValueError
        If f(x) has the wrong shape or is not finite; if points lie outside the unit cube, are fewer
        than two, or do not fit a and b.
    OverflowError
        If the box, or the integral, is too large for float64.

    References
    ----------
    Metropolis & Ulam, J. Amer. Statist. Assoc. 44 (1949); Owen, Monte Carlo Theory, Methods and
    Examples (2013), chapter 2; for Sobol points, Owen, SIAM J. Numer. Anal. 34 (1997).

    Examples
    --------
    >>> points = np.random.default_rng(7).random((10_000, 2))
    >>> quarter = monte_carlo(lambda x: np.sum(x**2, axis=1) < 1, 0, 1, points)
    >>> abs(4 * quarter.value - np.pi) < 2 * 4 * quarter.error < 0.04
    True
    """
    integrand(f)
    points = _in_unit_cube(points)
    low, width = _box(a, b, points.shape[1:])
    values, _ = sample(f, low + width * points)
    n, volume = len(points), float(np.prod(width))
    mean = weighted_sum(1 / n, values)
    apart = values - mean
    scale = float(np.max(np.abs(apart))) or 1.0  # squares of what is divided by it stay in range
    variance = weighted_sum(1 / (n - 1), (apart / scale) ** 2)
    return MonteCarloResult(weighted_sum(1.0, np.array([mean]), volume),
                            weighted_sum(1.0, np.array([sqrt(variance) * scale]),
                                         abs(volume) / sqrt(n)), n)


def _in_unit_cube(points):
    """Return points as float64, or refuse what are no two points of the unit cube."""
    points = real_array(points, "points")
    if points.dtype == object or points.ndim not in (1, 2) or len(points) < 2:
        raise ValueError(f"points are of {points.dtype} and of shape {points.shape}: give two or "
                         "more, as an array of floats of shape (n,) or (n, d)")
    outside = np.argwhere((points < 0) | (points > 1))
    if len(outside):
        place = tuple(outside[0].tolist())
        raise ValueError(f"points{list(place)} is {points[place]}: they must lie in the unit cube, "
                         "from where they are moved to the box between a and b")
    return points.astype(float)


def _box(a, b, shape):
    """Return the corner a and the width b - a of a box of some dimensions, or refuse them."""
    a, b = real_array(a, "a"), real_array(b, "b")
    for corner, name in ((a, "a"), (b, "b")):
        if corner.dtype == object or corner.shape not in ((), shape):
            raise ValueError(f"{name} is of {corner.dtype} and of shape {corner.shape}: give one "
                             f"float, or an array of shape {shape} that fits points")
    with np.errstate(over="ignore", under="ignore"):
        width = np.broadcast_to(b.astype(float) - a.astype(float), shape)
        volume = np.prod(width)
    if not np.isfinite(volume) or (volume == 0 and np.all(width)):
        raise OverflowError(f"the box between a = {a} and b = {b} has a volume out of the range of "
                            "float64: change the unit of x")
    return a.astype(float), width
