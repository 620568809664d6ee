"""Short functions of linear algebra that lose digits, for traces on paper: one step a line."""

import numpy as np


def cramer(a, b, c, d, f, g):
    """Return the first unknown of a x + b y = f, c x + d y = g."""
    one = a * d
    other = b * c
    bottom = one - other
    top = f * d - b * g
    return top / bottom


def no_exchange(a, b, c, d, f, g):
    """Return x of a x + b y = f, c x + d y = g by elimination in the given order."""
    factor = c / a
    pivot = d - factor * b
    right = g - factor * f
    y = right / pivot
    part = b * y
    rest = f - part
    return rest / a


def second_pivot(a, c, d):
    """Return the second diagonal element of the Cholesky factor of [[a, c], [c, d]]."""
    first = np.sqrt(a)
    below = c / first
    square = below * below
    pivot = d - square
    return np.sqrt(pivot)


def gram_determinant(e):
    """Return the determinant of the Gram matrix of (1, e, 0) and (1, 0, e)."""
    length = 1 + e * e
    product = length * length
    det = product - 1
    return det


def small_eigenvalue(a, b, d):
    """Return the smaller eigenvalue of [[a, b], [b, d]] from trace and determinant."""
    half = (a + d) / 2
    det = a * d - b * b
    root = np.sqrt(half * half - det)
    smaller = half - root
    return smaller


def small_singular(e):
    """Return the smaller singular value of [[1, 1], [0, e]] from the Gram matrix."""
    half = (2 + e * e) / 2
    square = half * half
    root = np.sqrt(square - e * e)
    smaller = half - root
    return np.sqrt(smaller)


def residual_left(a, b, miss):
    """Return the residual of an answer that is off by `miss`."""
    x = b / a + miss
    product = a * x
    r = b - product
    return r


def woodbury_scalar(d, f, b):
    """Return x of (d + f**2) x = b by Woodbury's formula."""
    whole = b / d
    weight = f * f / d
    part = weight / (1 + weight)
    x = whole - whole * part
    return x


def posterior_variance(k, noise):
    """Return the variance that a Gaussian process has left at an observed point."""
    inverse = 1 / (k + noise)
    explained = k * k * inverse
    left = k - explained
    return left


def taken_away(s, lam):
    """Return the share of a direction that ridge takes away, as 1 minus its filter factor."""
    square = s * s
    kept = square / (square + lam)
    taken = 1 - kept
    return taken
