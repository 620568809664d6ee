"""The derivatives of NumPy's functions that sum, average and compare numbers along axes."""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from lib import numbers
from lib.gradients.traced import handles, plain, primitive


def spread(g, axis, keepdims):
    """Return a gradient with the axes along which numbers were added, of length 1."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def _sum(a, axis, keepdims):
    """Return the sum along axes."""
    return np.sum(a, axis=axis, keepdims=keepdims)


total = primitive(_sum, lambda y, a, axis, keepdims: (
    lambda g, whole=a.shape: np.broadcast_to(spread(g, axis, keepdims), whole), None, None))


def _max(a, axis, keepdims):
    """Return the maximum along axes."""
    return np.max(a, axis=axis, keepdims=keepdims)


def _max_rule(y, a, axis, keepdims):
    """Return the rule of the maximum: equal numbers share in equal parts."""
    ties = plain(a) == plain(spread(y, axis, keepdims))
    with np.errstate(invalid="ignore"):  # of nans, none equals the maximum
        weights = ties / np.sum(ties, axis=axis, keepdims=True)
    return lambda g: spread(g, axis, keepdims) * weights, None, None


largest = primitive(_max, _max_rule)


def _cumsum(a, axis):
    """Return the sums of all numbers up to each."""
    return np.cumsum(a, axis)


sums = primitive(_cumsum, lambda y, a, axis: (
    lambda g: np.flip(np.cumsum(np.flip(g, axis), axis), axis), None))


@handles(np.sum)
def _total(a, axis=None, keepdims=False):
    """Return the sum along axes."""
    return total(a, axis, keepdims)


@handles(np.mean)
def _mean(a, axis=None, keepdims=False):
    """Return the mean along axes."""
    found = total(a, axis, keepdims)
    return found / (a.size // found.size)


@handles(np.var)
def _var(a, axis=None, ddof=0, keepdims=False):
    """Return the variance along axes, in two passes."""
    d = a - np.mean(a, axis=axis, keepdims=True)
    found = total(d * d, axis, keepdims)
    return found / (a.size // found.size - ddof)


@handles(np.std)
def _std(a, axis=None, ddof=0, keepdims=False):
    """Return the standard deviation along axes, which has no derivative where it is 0."""
    return np.sqrt(np.var(a, axis=axis, ddof=ddof, keepdims=keepdims))


@handles(np.max, np.amax)
def _largest(a, axis=None, keepdims=False):
    """Return the maximum along axes."""
    return largest(a, axis, keepdims)


@handles(np.min, np.amin)
def _smallest(a, axis=None, keepdims=False):
    """Return the minimum along axes."""
    return -largest(-a, axis, keepdims)


def _multiplied(a, axis, keepdims):
    """Return the product along axes."""
    return np.prod(a, axis=axis, keepdims=keepdims)


def _others(a):
    """Return for each number the product of the others along the last axis, 1 if there are none."""
    ones = np.ones_like(plain(a)[..., :1])
    before, after, count = [ones], [ones], a.shape[-1]
    for i in range(count - 1):
        before.append(before[-1] * a[..., i : i + 1])
        after.append(after[-1] * a[..., count - 1 - i : count - i])
    return np.concatenate(before, -1) * np.concatenate(after[::-1], -1)


def _multiplied_rule(y, a, axis, keepdims):
    """Return the rule of the product: the share of a number is the product of the others."""
    def share(g):
        axes = range(a.ndim) if axis is None else normalize_axis_tuple(axis, a.ndim)
        order = [k for k in range(a.ndim) if k not in axes] + list(axes)
        moved = np.transpose(a, order)
        whole, kept = moved.shape, a.ndim - len(axes)
        rows = np.reshape(moved, (*whole[:kept], math.prod(whole[kept:])))
        found = np.reshape(_others(rows), whole) if a.size else moved
        return spread(g, axis, keepdims) * np.transpose(found, np.argsort(order))

    return share, None, None


multiplied = primitive(_multiplied, _multiplied_rule)


@handles(np.prod)
def _prod(a, axis=None, keepdims=False):
    """Return the product along axes; the sweep back does two products for each number."""
    return multiplied(a, axis, keepdims)


@handles(np.cumsum)
def _sums(a, axis=None):
    """Return the sums of all numbers up to each."""
    return sums(np.ravel(a), 0) if axis is None else sums(a, axis)


@handles(np.diff)
def _diff(a, n=1, axis=-1):
    """Return the differences of neighbours, n times."""
    if n < 0:
        raise ValueError(f"n = {n}: np.diff takes differences 0 times or more")
    for _ in range(n):
        a = np.moveaxis(a, axis, -1)
        a = np.moveaxis(a[..., 1:] - a[..., :-1], -1, axis)
    return a


@handles(np.trace)
def _trace(a):
    """Return the sum of the diagonal of a matrix, or of each of a stack along the first axes."""
    return np.sum(np.diagonal(a), axis=-1)


_logsumexp = primitive(numbers.logsumexp, lambda y, x, axis: (
    lambda g: spread(g, axis, False) * np.exp(x - spread(y, axis, False)), None))


def logsumexp(x, axis=None):
    """Return log(sum(exp(x))) along an axis, or of all of x, with a derivative.

    It is `lib.numbers.logsumexp`, error bound and refusals included. Its gradient is the softmax
    of x, with an absolute error of a few u times the size of the largest |x| that matters.

    Examples
    --------
    >>> from lib.gradients import grad
    >>> grad(logsumexp)(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    return _logsumexp(x, axis)
