"""Clenshaw-Curtis quadrature: the integral of the polynomial through values at Chebyshev points."""

import numpy as np

from lib.calculus.integrands import on_range
from lib.numbers import whole_number


def chebyshev_nodes(n):
    """Return the n + 1 Chebyshev points on [-1, 1] and the weights of Clenshaw-Curtis quadrature.

    Parameters
    ----------
    n : int
        The degree of the polynomial through values at the points; at least 1.

    Returns
    -------
    nodes, weights : ndarray, shape (n + 1,), float64
        The nodes cos(j pi / n), where the Chebyshev polynomial T_n is 1 or -1, ascending from -1
        to 1, symmetric to the last bit, each within 2 u. The weights are positive and sum to 2;
        each errs by at most 10 u of the largest. It takes of the order of n log(n) operations.

    Raises
    ------
    TypeError, ValueError
        If n is no positive integer.

    References
    ----------
    Clenshaw & Curtis, Numer. Math. 2 (1960); Waldvogel, BIT 46 (2006), on weights by a Fourier
    transform.

    Examples
    --------
    >>> nodes, weights = chebyshev_nodes(2)
    >>> nodes, (3 * weights).round(6)
    (array([-1.,  0.,  1.]), array([1., 4., 1.]))
    """
    n = whole_number(n, "n", 1)
    nodes = np.sin(np.pi / 2 * (np.arange(-n, n + 1, 2) / n))
    # The integral of T_k over [-1, 1] is 2 / (1 - k**2) for even k, and 0 for odd ones.
    even = np.arange(0, n + 1, 2)
    integrals = np.zeros(n + 1)
    integrals[even] = 2 / (1.0 - even**2)
    weights = np.fft.irfft(integrals, 2 * n)[: n + 1]
    weights[1:-1] *= 2
    return nodes, (weights + weights[::-1]) / 2


def clenshaw_curtis(f, a, b, n):
    """Return the integral of f from a to b by Clenshaw-Curtis quadrature with n + 1 points.

    Parameters
    ----------
    f : callable
        Called once, with an array of shape (n + 1,), a and b included; returns as many real
        numbers.
    a, b : float
        Finite; where b < a the integral has the other sign.
    n : int
        At least 1.

    Returns
    -------
    float
        Exact, up to rounding, for polynomials of degree n, half of what Gauss-Legendre quadrature
        reaches; yet for functions that are not analytic in a large region about the range, both
        need about as many points for the same error. The weights are positive, so that rounding
        adds at most about 4 u abs(b - a) max(abs(f)), beside what the values and the points err
        by.

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
    Clenshaw & Curtis, Numer. Math. 2 (1960); Trefethen, SIAM Rev. 50 (2008), on the comparison
    with Gauss.

    Examples
    --------
    >>> round(clenshaw_curtis(np.exp, 0, 1, 10), 12), round(np.e - 1, 12)
    (1.718281828459, 1.718281828459)
    """
    return on_range(f, a, b, *chebyshev_nodes(n))
