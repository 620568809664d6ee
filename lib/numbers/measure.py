"""Say how wrong a computed result is: relative error, correct digits, distance in floats.

Every function takes the computed values first and the true ones second, compares element by
element, and returns Python numbers for scalars and arrays for arrays.
"""

from decimal import Decimal
from fractions import Fraction
from numbers import Rational

import numpy as np

from lib.numbers.sums import two_prod, two_sum


def absolute_error(x, c):
    """Return |x - c|, correct to 2 units in the last place.

    Parameters
    ----------
    x : float or array_like
        Computed values, real or complex.
    c : float, Fraction, Decimal, mpmath number, or array_like of these
        True values, of a shape that broadcasts against x. Where they carry more digits than a
        float, all of them count.

    Returns
    -------
    float or ndarray of float64
        0 where both are the same infinity, nan where either is nan.

    Examples
    --------
    >>> absolute_error(0.1, Fraction(1, 10)) == 0.1 * 2.0**-54
    True
    """
    x, c = np.asarray(x), np.asarray(c)
    if c.dtype == object:
        with np.errstate(invalid="ignore"):  # a nan passes through
            result = np.asarray(np.frompyfunc(_exact_gap, 2, 1)(x, c), dtype=float)
    else:
        with np.errstate(all="ignore"):
            gap = np.abs(np.subtract(x, c, dtype=np.result_type(x, c, float)))
        result = np.where(x == c, 0.0, gap)
    return result if result.ndim else float(result)


def _exact_gap(x, c):
    """Return |x - c| of a float and a number of any precision, rounded once."""
    if not isinstance(c, Rational | Decimal | float):  # mpmath subtracts exactly, then rounds
        return float(abs(c - x)) if abs(x) < np.inf or x != x else np.inf
    if abs(x) < np.inf and abs(c) < np.inf:
        return float(abs(Fraction(c) - Fraction(float(x))))
    return absolute_error(x, float(c))


def relative_error(x, c):
    """Return |x - c| / |c|, correct to 4 units in the last place.

    Parameters
    ----------
    x, c
        Computed and true values, as for `absolute_error`.

    Returns
    -------
    float or ndarray of float64
        0 where x equals c, also if both are 0 or the same infinity; inf where only c is 0, or only
        one is infinite; nan where either is nan.

    Examples
    --------
    >>> relative_error(3.0, 4.0), relative_error(1.0, 0.0)
    (0.25, inf)
    """
    gap, c = np.asarray(absolute_error(x, c)), np.asarray(c)
    size = np.asarray(np.abs(c)).astype(float)
    with np.errstate(all="ignore"):
        result = np.where(gap == 0, 0.0, gap / size)
    result = np.where(np.isinf(size) & (gap > 0), np.inf, result)
    return result if result.ndim else float(result)


def log_relative_error(x, c, cap=15.0):
    """Return the number of correct digits, -log10 of the relative error.

    This is the LRE by which statistical software is judged against the reference data sets of
    NIST, whose certified values carry 15 digits.

    Parameters
    ----------
    x : float or array_like
        Computed values.
    c : float, Fraction, Decimal, mpmath number, or array_like of these
        Certified values. Where c is 0 the absolute error takes the place of the relative one.
    cap : float
        The largest number of digits that c can vouch for.

    Returns
    -------
    float or ndarray of float64
        Between 0 (not one digit, or x is nan or infinite) and cap.

    References
    ----------
    McCullough, The American Statistician 52 (1998), section 3.

    Examples
    --------
    >>> round(log_relative_error(3.1416, np.pi), 1)
    5.6
    >>> log_relative_error(0.5, 0.5)
    15.0
    """
    error = np.where(np.asarray(c) == 0, absolute_error(x, c), relative_error(x, c))
    with np.errstate(divide="ignore"):
        digits = -np.log10(np.where(np.isnan(error), np.inf, error))
    result = np.clip(digits, 0.0, cap) + 0.0  # and -0 becomes 0
    return result if result.ndim else float(result)


def ulps_apart(x, y):
    """Return how many steps from float to neighbouring float lead from x to y.

    Parameters
    ----------
    x, y : float or ndarray of float16, float32 or float64
        Both of one dtype; Python floats are float64. Infinity follows the largest float.

    Returns
    -------
    int or ndarray of uint64
        0 for equal numbers (+0 and -0 are equal), 1 for neighbours.

    Raises
    ------
    TypeError
        If the dtypes differ or are not floating: the floats of one format are counted.
    ValueError
        If x or y holds a nan, which has no neighbours.

    Examples
    --------
    >>> ulps_apart(1.0, 1.0 + 2.0**-52), ulps_apart(0.1 + 0.2, 0.3)
    (1, 1)
    >>> ulps_apart(np.float32(0), np.float32(1)) == 127 * 2**23
    True
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.dtype != y.dtype or x.dtype.kind != "f":
        raise TypeError(f"ulps_apart counts floats of one format, got {x.dtype} and {y.dtype}: "
                        "convert one of them")
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("ulps_apart got a nan, which has no neighbours: test for nan first")
    p, q = _rank(x), _rank(y)
    result = np.maximum(p, q).view(np.uint64) - np.minimum(p, q).view(np.uint64)
    return result if x.ndim or y.ndim else int(result[0])


def _rank(x):
    """Return the place of each float in the order of its format, counted from 0, as int64."""
    size = x.dtype.itemsize
    bits = np.atleast_1d(x).view(f"i{size}").astype(np.int64)
    return np.where(bits < 0, -(bits & (2 ** (8 * size - 1) - 1)), bits)


def residual(A, x, b):
    """Return b - A x, computed in twice the precision and rounded once.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    x : ndarray, shape (n,) or (n, k)
    b : ndarray, shape (m,) or (m, k)

    Returns
    -------
    ndarray of float64, of b's shape
        For float64 within u |r| + n (n+1) u**2 |A| |x| + ... of the exact r; for float32 summed in
        float64. The limits of `lib.numbers.two_prod` hold for each product.

    References
    ----------
    Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 5.3.

    Examples
    --------
    >>> residual(np.array([[1e8 + 1]]), np.array([1e8 + 1]), np.array([1e16]))
    array([-2.00000001e+08])
    """
    A, x, b = np.asarray(A), np.asarray(x), np.asarray(b)
    if np.result_type(A, x, b) == np.float32:
        return b.astype(float) - A.astype(float) @ x.astype(float)
    total, error = b.astype(float), np.zeros(b.shape)
    for column, value in zip(A.T, x, strict=True):
        product, lost = two_prod(column.reshape(-1, *[1] * (x.ndim - 1)), -value)
        total, more = two_sum(total, product)
        error += lost + more
    return total + error


def backward_error(A, x, b):
    """Return how little A and b must change, relatively, for x to solve A x = b exactly.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    x : ndarray, shape (n,) or (n, k)
    b : ndarray, shape (m,) or (m, k)

    Returns
    -------
    float, or ndarray of shape (k,)
        The smallest e such that (A + E) x = b + f with norm(E) <= e norm(A), norm(f) <= e norm(b),
        in the infinity norm, which is norm(b - A x) / (norm(A) norm(x) + norm(b)). The residual is
        computed in twice the precision. 0 for an exact solution; inf where x is not finite.

    References
    ----------
    Rigal & Gaches, J. ACM 14 (1967).

    Examples
    --------
    >>> A, x = np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 1.0])
    >>> backward_error(A, x, np.array([2.0, 3.0])), backward_error(A, x, np.array([2.0, 5.0]))
    (0.0, 0.25)
    """
    A, x, b = np.asarray(A, float), np.asarray(x), np.asarray(b)
    with np.errstate(all="ignore"):
        r = np.max(np.abs(residual(A, x, b)), axis=0)
        size = np.linalg.norm(A, np.inf) * np.max(np.abs(x), axis=0) + np.max(np.abs(b), axis=0)
        result = np.where(r == 0, 0.0, r / size)
    result = np.where(np.isfinite(x).all(axis=0), result, np.inf)
    return result if result.ndim else float(result)


def least_squares_backward_error(A, x, b):
    """Return how little A must change for x to minimise norm(b - A x) exactly.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n, and without a column of zeros.
    x : ndarray, shape (n,)
    b : ndarray, shape (m,)

    Returns
    -------
    float
        The smallest Frobenius norm of an E for which x solves min norm(b - (A + E) x), after the
        columns of A were scaled to norm 1. The residual is computed in twice the precision; the
        result is good to about u max(1, norm(r) / norm(x)). inf where x is not finite.

    References
    ----------
    Waldén, Karlson & Sun, Numer. Linear Algebra Appl. 2 (1995), with b unperturbed: the smallest
    singular value of [A, phi (I - r r^T / r^T r)] or phi = norm(r) / norm(x), whichever is less.

    Examples
    --------
    >>> A, b = np.array([[1.0], [1.0], [1.0]]), np.array([1.0, 2.0, 3.0])
    >>> least_squares_backward_error(A, np.array([2.0]), b) < 1e-15
    True
    >>> round(least_squares_backward_error(A, np.array([2.002]), b), 4)
    0.0009
    """
    scale = np.linalg.norm(np.asarray(A, float), axis=0)
    if not np.all(scale):
        raise ValueError(f"column {np.argmin(scale)} of A is zero and cannot be scaled: drop it")
    r, A, x = residual(A, x, b), A / scale, x * scale
    size, norm_x = np.linalg.norm(r), np.linalg.norm(x)
    if not (np.isfinite(size) and np.isfinite(norm_x)):
        return np.inf
    if size == 0 or norm_x == 0:
        return float(np.linalg.norm(r @ A) / size) if size else 0.0
    phi = float(size / norm_x)
    # In an orthonormal basis that begins with r, the matrix I - r r^T / r^T r is diagonal.
    R = np.linalg.qr(np.column_stack([r, A]), mode="r")
    projection = np.diag(np.arange(len(R)) > 0)
    singular = np.linalg.svd(np.hstack([R[:, 1:], phi * projection]), compute_uv=False)
    return min(float(singular[-1]), phi)


def orthogonality_loss(Q):
    """Return norm(Q^T Q - I), how far the columns of Q are from orthonormal.

    Parameters
    ----------
    Q : ndarray, shape (m, n), float32 or float64

    Returns
    -------
    float
        In the 2-norm, computed in float64; the products' own rounding adds up to about
        sqrt(m n) u. inf where Q is not finite.

    Examples
    --------
    >>> orthogonality_loss(np.array([[0.6, -0.8], [0.8, 0.6]])) < 1e-15
    True
    >>> orthogonality_loss(np.array([[1.0, 0.5], [0.0, 1.0]])) > 0.5
    True
    """
    Q = np.asarray(Q, float)
    if not np.isfinite(Q).all():
        return np.inf
    return float(np.linalg.norm(Q.T @ Q - np.eye(Q.shape[1]), 2))


def condition(A, p=2):
    """Return the condition number norm(A) norm(A^+), computed in float64.

    Parameters
    ----------
    A : ndarray, shape (m, n)
        Square unless p is 2.
    p : {2, 1, inf, "fro"}
        Which norm; 2 is the ratio of the extreme singular values.

    Returns
    -------
    float
        With a relative error of order kappa u: above 1/u, about 1e16, only its size means
        something. inf where A is singular.

    Examples
    --------
    >>> condition(np.diag([1.0, 1e-3, 10.0]))
    10000.0
    """
    return float(np.linalg.cond(np.asarray(A, float), p))
