"""Check a gradient against differences, with a step and a tolerance that the function decides.

A fixed step has the unit of no variable, and a fixed tolerance the scale of no function: a correct
gradient fails then, and a wrong one passes. Here steps of all sizes are taken along random
directions, and how far they agree with each other says how far the gradient has to.
"""

from dataclasses import dataclass

import numpy as np

from lib.gradients.autodiff import one_number
from lib.gradients.structures import function, leaves, map_leaves, parameter, parts_like
from lib.numbers import random_source, unit_roundoff, whole_number

SAFETY = 4  # between what neighbouring steps disagree by and what is allowed


@dataclass(frozen=True)
class GradientCheck:
    """What a gradient differs by from differences along the direction that fits worst.

    Attributes
    ----------
    error : float
        Between the slope that the gradient gives and the one by central differences.
    tolerance : float
        The largest error that rounding and truncation explain. Where it is not far below the
        slope, f is too rough for any check.
    step : float
        What the direction, whose largest number is 1 in size, was multiplied by.
    slope : float
        By central differences, along that direction.
    directions : int
        How many random directions were tried.
    """

    error: float
    tolerance: float
    step: float
    slope: float
    directions: int

    @property
    def passed(self):
        """True if the error is at most the tolerance, along every direction that was tried."""
        return bool(self.error <= self.tolerance < np.inf)


def check_gradient(f, gradient, x, rng, directions=6):
    """Return how well a gradient agrees with f along random directions.

    For a gradient g and a direction d the inner product <g, d> is the derivative of f(x + t d) by
    t at 0. Central differences give that derivative as well, with steps that fall by factors of 4
    from an eighth of the size of x, or of 1 where that is larger. Their truncation falls and
    rounding grows, so that two neighbours that agree tell a good step, and how much they disagree,
    with what rounding adds, the error to be expected.

    Parameters
    ----------
    f : callable
        f(x) is one number, smooth near x. Each direction takes about 50 runs; where a step leads
        out of its domain it may return a nan, or raise a ValueError or an ArithmeticError.
    gradient : callable
        gradient(x) is like x.
    x : number, array, or list, tuple or dictionary of such, of float32 or float64
        Steps are taken in the dtype of x.
    rng : numpy.random.Generator
        For the directions, whose numbers are normally distributed.
    directions : int
        At least 1. One wrong number among many shows in nearly every direction.

    Returns
    -------
    GradientCheck
        Of the direction with the largest ratio of error and tolerance. For a smooth f the
        tolerance is some ten times u**(2/3) of the slope, whatever the scales of f and x are; where
        f is rough, as one that computes in float32 inside, it is as large as that requires. Where
        the value of f hides how large its terms are, as in a sum of saturated ones that cancels,
        it follows the power of two of which all values are multiples, or, where no step changes f,
        u times what a move as large as x changes it by, or one up to four times as large; that
        takes up to 12 runs more. Where neither shows the terms, a right gradient may still fail
        whose slopes are far below u times their size.

    Raises
    ------
    TypeError, ValueError
        If x holds whole numbers or what is no number, if f(x) is not one finite number, if the
        gradient is not like x.

    References
    ----------
    Gill, Murray & Wright, Practical Optimization (1981), section 8.6, on steps; Moré & Wild, ACM
    Trans. Math. Softw. 38 (2012), on noise from differences.

    Examples
    --------
    >>> x, rng = np.array([1.0, 10.0]), np.random.default_rng(7)
    >>> check_gradient(lambda x: np.sum(x**3), lambda x: 3 * x**2, x, rng).passed
    True
    >>> check_gradient(lambda x: np.sum(x**3), lambda x: 3.001 * x**2, x, rng).passed
    False
    """
    function(f, "f")
    function(gradient, "gradient")
    x = map_leaves(lambda part: parameter(part, x), x)
    parts_like(x, x, "x")  # differences need numbers that are finite
    random_source(rng)
    value = float(one_number(f(x)))
    if not np.isfinite(value):
        raise ValueError(f"f(x) = {value}: choose an x at which f is finite")
    g = parts_like(gradient(x), x, "gradient(x)", finite=False)
    found = [_along(f, g, x, value, rng)
             for _ in range(whole_number(directions, "directions", 1))]
    error, tolerance, step, slope = max(found, key=_misfit)
    return GradientCheck(error, tolerance, step, slope, len(found))


def _misfit(found):
    """Return the ratio of error and tolerance, infinite where there is none."""
    error, tolerance, *_ = found
    if error == 0:
        return 0.0
    return error / tolerance if tolerance > 0 and error == error else np.inf


def _along(f, g, x, value, rng):
    """Return error, tolerance, step and slope along one random direction."""
    parts = leaves(x)
    d = [rng.standard_normal(np.shape(part)) for part in parts]
    largest = max(np.max(np.abs(part)) for part in d)
    d = [(part / largest).astype(np.asarray(own).dtype) for part, own in zip(d, parts, strict=True)]
    u = max(unit_roundoff(np.asarray(part).dtype) for part in parts)
    size = max(float(np.max(np.abs(part))) for part in parts) or 1.0

    def moved(t):
        return [part + np.asarray(part).dtype.type(t) * own
                for part, own in zip(parts, d, strict=True)]

    def at(t):
        numbers = iter(moved(t))
        try:
            return float(f(map_leaves(lambda part: next(numbers), x)))
        except (ValueError, ArithmeticError):  # outside the domain of f
            return np.nan

    with np.errstate(all="ignore"):
        slope, step, doubt = _best_slope(at, value, u, size)
    # By how far x was really moved, which is rounded.
    apart = [(np.asarray(up, float) - down) / (2 * step)
             for up, down in zip(moved(step), moved(-step), strict=True)]
    products = [np.asarray(a, float) * own for a, own in zip(g, apart, strict=True)]
    predicted = sum(float(np.sum(part)) for part in products)
    own_rounding = 10 * u * sum(float(np.sum(np.abs(part))) for part in products)
    return abs(predicted - slope), SAFETY * doubt + own_rounding, step, slope


def _best_slope(at, value, u, size):
    """Return the central difference that is least in doubt, its step, and that doubt.

    Parameters
    ----------
    at : callable
        The function along the direction, of the step.
    value : float
        at(0)
    u, size : float
        The unit roundoff, and the size of what steps are added to.
    """
    steps = _steps(u, size)
    ups, downs = (np.array([at(sign * h) for h in steps]) for sign in (1, -1))
    # Where f changes at larger steps that are small as well, none at all says nothing.
    still = (ups == value) & (downs == value)
    still &= np.any(~still & (steps < size * u**0.25))
    slopes = np.where(still, np.nan, (ups - downs) / (2 * steps))
    rounding = u * np.max(np.abs([ups, downs, np.full(len(ups), value)]), axis=0)
    rounding = np.maximum(rounding, _grain(at, np.array([*ups, *downs, value]), value, u, size))
    doubt = _doubt(slopes, steps, rounding)
    best = _first_valley(doubt)
    return float(slopes[best]), float(steps[best]), float(doubt[best])


def _grain(at, values, value, u, size):
    """Return the grain of the values of f where it is coarser than u |f|, and else 0.

    A sum that cancels is rounded as its terms are, and these do not show in its value. Yet all its
    values are multiples of one power of two then, small beside what a move as large as x changes f
    by; of a step function that is not believed. Where no step changes f, the grain is at least u
    times that change.
    """
    finite = values[np.isfinite(values)]
    sizes = np.abs(finite[finite != 0])
    flat = np.all(finite == value)
    if not flat and np.min(_lowest_bit(sizes)) <= 1000 * u * np.min(sizes):
        return 0.0  # as of numbers with all their digits
    far = _far_values(at, value, max(size, 1.0))
    change = np.max(np.abs(np.concatenate([finite, far]) - value))
    sizes = np.abs(far[far != 0]) if flat else sizes
    quantum = np.min(_lowest_bit(sizes), initial=np.inf)
    return max(u * change * flat, quantum if quantum < change * u**0.25 else 0.0)


def _far_values(at, value, size):
    """Return values of f where x has moved as far as its size, or a few times that if it must."""
    for multiple in (1, 1.5, 2, 2.5, 3, 4):  # terms of opposite sign may change together, unseen
        far = np.array([at(sign * multiple * size) for sign in (1, -1)])
        far = far[np.isfinite(far)]
        if np.any(far != value):
            break
    return far


def _lowest_bit(x):
    """Return the largest power of two of which each number is a multiple; none is 0."""
    mantissas, exponents = np.frexp(x)
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    return np.ldexp((whole & -whole).astype(float), exponents - 53)


def _steps(u, size):
    """Return powers of two that fall from an eighth of x, or of 1, to where they are lost in x."""
    largest = 2.0 ** np.floor(np.log2(max(size, 1.0) / 8))
    return largest * 4.0 ** -np.arange(int(np.log2(largest / size / u)) // 2)


def _doubt(slopes, steps, rounding):
    """Return how far each slope may be off, infinite where nothing can be said.

    The change from the step before is fifteen times the truncation, or else rounding. What smaller
    steps change by is rounding; its median, and u |f| at least, counts as the noise of f.
    """
    change = np.abs(np.diff(slopes))
    jitter = (change * steps[1:])[np.isfinite(change)]
    counts = np.cumsum(np.isfinite(change)[::-1])[::-1]  # of steps that are not larger
    noise = [np.median(jitter[-max(count, 5):]) if len(jitter) else 0.0 for count in counts]
    noise = np.maximum(noise[1:], rounding[2:])
    # Two steps that agree by chance are not believed beside a third.
    doubt = np.fmax(change[1:], change[:-1] / 16) + 4 * noise / steps[2:]
    return np.concatenate([[np.inf, np.inf], np.where(np.isfinite(doubt), doubt, np.inf)])


def _first_valley(doubt):
    """Return the place of the least doubt, seen from the smallest step, before it rises again.

    Beyond, far from x, differences may agree on something else than the derivative.
    """
    best = len(doubt) - 1
    for place in range(best, -1, -1):
        if doubt[place] < doubt[best]:
            best = place
        elif doubt[place] > 100 * doubt[best]:
            break
    return best
