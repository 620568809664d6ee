"""Gauss-Legendre quadrature: nodes and weights by Newton's method, or as an eigenvalue problem."""

import numpy as np

from lib.calculus.integrands import on_range
from lib.linear import eigh
from lib.numbers import whole_number

STEPS = 10  # of Newton's method; three or four are needed


def legendre_nodes(n):
    """Return the nodes and weights of Gauss-Legendre quadrature with n points on [-1, 1].

    The nodes x = cos(theta) are the zeros of the Legendre polynomial P_n, found by Newton's method
    in theta, and the weights are 2 / (dP_n / dtheta)**2. In theta the zeros lie at nearly equal
    distances, and near 1 no digit of 1 - x is lost.

    Parameters
    ----------
    n : int
        At least 1.

    Returns
    -------
    nodes, weights : ndarray, shape (n,), float64
        The nodes ascending, symmetric about 0 to the last bit, each within 2 u of the zero; the
        weights, which are positive and sum to 2, within 1e-13 of their own size. These bounds are
        measured for n up to 1000. It takes about 10 n**2 operations.

    Raises
    ------
    TypeError, ValueError
        If n is no positive integer.

    References
    ----------
    Hale & Townsend, SIAM J. Sci. Comput. 35 (2013), on Newton's method in theta; Tricomi, Ann.
    Mat. Pura Appl. 31 (1950), on where it starts.

    Examples
    --------
    >>> nodes, weights = legendre_nodes(3)
    >>> nodes.round(6), (9 * weights).round(6)
    (array([-0.774597,  0.      ,  0.774597]), array([5., 8., 5.]))
    """
    n = whole_number(n, "n", 1)
    angle = (4 * np.arange(1, n // 2 + 1) - 1) * np.pi / (4 * n + 2)
    theta = angle + (n - 1) / (8 * n**3) / np.tan(angle)
    for _ in range(STEPS):
        value, slope = _legendre(n, theta)
        step = value / slope
        if np.all(np.abs(step) <= 1e-12 * theta):
            break
        theta = theta - step
    # P_n was evaluated at a rounded 1 - cos(theta): from there the last step leads to the zero.
    x = (1 - _versine(theta)) + step * np.sin(theta)
    weights = 2 / (slope * (1 + step / np.tan(theta))) ** 2
    middle = 2 / _legendre(n, np.full(n % 2, np.pi / 2))[1] ** 2
    return (np.concatenate([-x, np.zeros(n % 2), x[::-1]]),
            np.concatenate([weights, middle, weights[::-1]]))


def _legendre(n, theta):
    """Return P_n(cos(theta)) and its derivative by theta.

    The recurrence runs on differences d = P_k - P_(k-1) and on 1 - cos(theta), which near 1 has
    digits that cos(theta) has not.
    """
    y = _versine(theta)
    p, d = np.ones_like(theta), np.zeros_like(theta)
    for k in range(n):
        d = (k * d - (2 * k + 1) * y * p) / (k + 1)
        p = p + d
    return p, n * (d - y * p) / np.sin(theta)


def _versine(theta):
    """Return 1 - cos(theta), without cancellation."""
    return 2 * np.sin(theta / 2) ** 2


def golub_welsch(n):
    """Return the nodes and weights of Gauss-Legendre quadrature, by eigenvalues of a matrix.

    The nodes are the eigenvalues of the symmetric tridiagonal matrix with k / sqrt(4 k**2 - 1)
    beside a diagonal of zeros, the weights twice the squares of the first elements of its
    eigenvectors. `legendre_nodes` is faster by far and more accurate.

    Parameters
    ----------
    n : int
        At least 1.

    Returns
    -------
    nodes, weights : ndarray, shape (n,), float64
        The nodes ascending, within 10 n u of the zeros, and no longer symmetric; the weights
        within 40 n u of the largest of them, so that small ones, near the ends, have fewer
        digits. It takes of the order of n**3 operations, as all eigenvectors are found. These
        bounds are measured for n up to 200.

    Raises
    ------
    TypeError, ValueError
        If n is no positive integer.

    References
    ----------
    Golub & Welsch, Math. Comp. 23 (1969).

    Examples
    --------
    >>> nodes, weights = golub_welsch(2)
    >>> nodes.round(6), weights.round(6)
    (array([-0.57735,  0.57735]), array([1., 1.]))
    """
    k = np.arange(1.0, whole_number(n, "n", 1))
    beside = k / np.sqrt(4 * k**2 - 1)
    nodes, vectors = eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return nodes, 2 * vectors[0] ** 2


def gauss_legendre(f, a, b, n):
    """Return the integral of f from a to b by Gauss-Legendre quadrature with n points.

    Parameters
    ----------
    f : callable
        Called once, with an array of shape (n,) of points between a and b; returns as many real
        numbers.
    a, b : float
        Finite; where b < a the integral has the other sign.
    n : int
        At least 1.

    Returns
    -------
    float
        The error is (b - a)**(2 n + 1) n!**4 / ((2 n + 1) (2 n)!**3) times a value of the
        derivative of order 2 n: none for polynomials of degree 2 n - 1. For an analytic f it lies
        below a geometric sequence, though it may rise from one n to the next; for sqrt at 0 it
        falls only as n**-3. The weights are positive, so that rounding adds at most about
        4 u abs(b - a) max(abs(f)), beside what the values and the points err by.

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
    Davis & Rabinowitz, Methods of Numerical Integration (1984), section 2.7.

    Examples
    --------
    >>> round(gauss_legendre(np.exp, 0, 1, 7), 12), round(np.e - 1, 12)
    (1.718281828459, 1.718281828459)
    """
    return on_range(f, a, b, *legendre_nodes(n))
