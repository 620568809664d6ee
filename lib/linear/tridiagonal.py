"""Make a symmetric matrix tridiagonal, and do a step of the QR algorithm on what that leaves."""

from math import copysign, hypot, isfinite

import numpy as np

from lib.linear.checks import checked_finite, symmetric_matrix
from lib.linear.orthogonal import inner, reflector
from lib.numbers import real_number, whole_number

SMALL, LARGE = 2.0**-960, 2.0**960  # what is between has squares, or quotients, of full accuracy


def tridiagonalize(A):
    """Return Q and T with A = Q T Q^T, by reflections that act on rows and columns alike.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 8 n eps max(|A|); what counts is (A + A^T) / 2.

    Returns
    -------
    Q : ndarray, shape (n, n)
        The loss of orthogonality is at most 10 n u.
    T : ndarray, shape (n, n)
        Exactly symmetric and tridiagonal. The norm of A - Q T Q^T is at most 10 n u norm(A). It
        takes 4/3 n**3 operations for T, and as many for Q.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric.
    OverflowError
        If an element of T is too large for the dtype.

    References
    ----------
    Householder & Bauer, Numer. Math. 1 (1959); Golub & Van Loan, Matrix Computations (2013),
    algorithm 8.3.1.

    Examples
    --------
    >>> Q, T = tridiagonalize(np.array([[1.0, 3.0, 4.0], [3.0, 0.0, 0.0], [4.0, 0.0, 0.0]]))
    >>> T.round(12) + 0.0
    array([[ 1., -5.,  0.],
           [-5.,  0.,  0.],
           [ 0.,  0.,  0.]])
    """
    A = symmetric_matrix(A)
    exponent = np.frexp(np.max(np.abs(A)))[1]
    A = np.ldexp(A, -exponent, order="C")
    A = (A + A.T) / 2
    n, reflections = len(A), []
    T, Q = np.zeros_like(A), np.eye(n, dtype=A.dtype)
    for k in range(n - 1):
        # The reflection makes the column below the diagonal (beta, 0, ..., 0).
        v, T[k + 1, k] = reflector(A[k + 1 :, k])
        tau = 2 / inner(v, v)
        rest = A[k + 1 :, k + 1 :]
        p = tau * (rest @ v)
        w = p - (tau / 2 * inner(p, v)) * v
        update = np.outer(v, w)
        rest -= update + update.T
        reflections.append((tau * v, v))
    for k in reversed(range(n - 1)):
        scaled, v = reflections[k]
        part = Q[k + 1 :, k + 1 :]
        part -= np.outer(scaled, v @ part)
    T += T.T + np.diag(np.diag(A))
    with np.errstate(over="ignore"):
        return Q, checked_finite(np.ldexp(T, exponent), "an element of T")


def wilkinson_shift(a, b, c):
    """Return the eigenvalue of [[a, b], [b, c]] that is nearer to c, as a float.

    With t = tan(angle) of the smaller rotation that makes this block diagonal, it is c - b t: no
    subtraction cancels. Where both are as near, a = c, it is c - |b|.

    References
    ----------
    Wilkinson, Linear Algebra Appl. 1 (1968).

    Examples
    --------
    >>> wilkinson_shift(5.0, 2.0, 2.0), wilkinson_shift(0.0, 1.0, 0.0)
    (1.0, -1.0)
    """
    a, b, c = _numbers(a, b, c)
    if b == 0:
        return c
    half = (a / 2 - c / 2) / b
    tangent = copysign(1 / (abs(half) + hypot(1, half)), half)
    return c - b * tangent


def _numbers(*block):
    """Return numbers as floats, or refuse them by name."""
    block = [x if type(x) is float else real_number(x, name)
             for x, name in zip(block, "abc", strict=True)]
    if not all(map(isfinite, block)):
        raise ValueError(f"a, b, c = {block}: remove what is not finite")
    return block


def givens(x, y):
    """Return c, s and r with [[c, s], [-s, c]] @ [x, y] = [r, 0], c**2 + s**2 = 1 and r >= 0.

    Examples
    --------
    >>> givens(3.0, 4.0)
    (0.6, 0.8, 5.0)
    """
    r = hypot(x, y)
    if r > SMALL:
        return x / r, y / r, r
    if r == 0:
        return 1.0, 0.0, r
    # A quotient of subnormal numbers has few digits, and the rotation would not be one.
    x, y = x / SMALL, y / SMALL
    return x / hypot(x, y), y / hypot(x, y), r


def qr_step(d, e, low, high):
    """Do one QR step with Wilkinson's shift on rows low to high of a tridiagonal T, in place.

    It turns T into R Q + shift I, where Q R = T - shift I, and forms none of these: the first
    rotation is that of a QR factorisation, and all others push the element that it brings outside
    the three diagonals, the bulge, down and out.

    Parameters
    ----------
    d, e : list of float
        The diagonal of T, of length n, and the n - 1 elements beside it, which are overwritten.
    low, high : int
        Rows before low and after high must not be coupled to these: e[low - 1] = e[high] = 0.

    Returns
    -------
    list of (k, c, s)
        The rotations in the order in which they acted: [[c, s], [-s, c]] on rows k and k + 1, and
        its transpose on these columns.

    Raises
    ------
    TypeError, ValueError
        If d and e are no lists of finite floats, or do not fit; if low and high are no two rows.

    References
    ----------
    Francis, Computer J. 4 (1961); Golub & Van Loan, Matrix Computations (2013), algorithm 8.3.2.

    Examples
    --------
    >>> d, e = [0.0, 0.0], [1.0]
    >>> turns = qr_step(d, e, 0, 1)
    >>> [round(x, 12) for x in d], abs(e[0]) < 1e-15
    ([1.0, -1.0], True)
    """
    _check_rows(d, e, low, high)
    x = d[low] - wilkinson_shift(d[high - 1], e[high - 1], d[high])
    bulge, turns = e[low], []
    for k in range(low, high):
        c, s, r = givens(x, bulge)
        if k > low:
            e[k - 1] = r
        # The rotation acts from both sides on [[d[k], e[k]], [e[k], d[k + 1]]].
        t = s * (d[k] - d[k + 1]) - 2 * c * e[k]
        d[k] -= s * t
        d[k + 1] += s * t
        e[k] = -(c * t + e[k])
        if k + 1 < high:
            x, bulge = e[k], s * e[k + 1]
            e[k + 1] *= c
        turns.append((k, c, s))
    return turns


def _check_rows(d, e, low, high):
    """Refuse what are no diagonals of floats that can be overwritten, or no rows of theirs."""
    for x, name in ((d, "d"), (e, "e")):
        if type(x) is not list or set(map(type, x)) - {float} or not sum(map(abs, x)) < LARGE:
            raise TypeError(f"{name} is overwritten, and must be a list of floats below 1e289: "
                            "give that of a vector with .tolist()")
    low, high = whole_number(low, "low"), whole_number(high, "high")
    if len(e) != len(d) - 1 or not 0 <= low < high < len(d):
        raise ValueError(f"rows {low} to {high} of d and e, of lengths {len(d)} and {len(e)}: d "
                         "needs one number more than e, and a step two rows of it")
