"""Say how wrong a computed result is: relative error, correct digits, distance in floats.

Every function takes the computed values first and the true ones second, compares element by
element, and returns Python numbers for scalars and arrays for arrays.
"""

from fractions import Fraction
from numbers import Real

import numpy as np

from lib.numbers import exact
from lib.numbers.arguments import one_shape, plain_array, real_array
from lib.numbers.pairs import two_prod, two_sum


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
        0 where both are the same infinity, inf where only one is or where the error is beyond the
        range, nan where either is nan.

    Raises
    ------
    TypeError
        If x or c is masked, sparse, a np.matrix, or holds anything but numbers.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> absolute_error(0.1, Fraction(1, 10)) == 0.1 * 2.0**-54
    True
    """
    return exact.compared(x, c, lambda x, c, gap: (gap, True), exact.absolute)


def relative_error(x, c):
    """Return |x - c| / |c|, correct to 4 units in the last place, 8 for complex numbers.

    Parameters
    ----------
    x, c
        Computed and true values, as for `absolute_error`.

    Returns
    -------
    float or ndarray of float64
        0 where x equals c, also if both are 0 or the same infinity; inf where only c is 0, or only
        one is infinite; nan where either is nan.

    Raises
    ------
    TypeError, ValueError
        As `absolute_error`.

    Examples
    --------
    >>> relative_error(3.0, 4.0), relative_error(1.0, 0.0)
    (0.25, inf)
    """
    def quick(x, c, gap):
        size = np.abs(c)
        return gap / size, exact.ordinary(size)

    return exact.compared(x, c, quick, exact.relative)


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
        The largest number of digits that c can vouch for, 0 or more.

    Returns
    -------
    float or ndarray of float64
        Between 0 (not one digit, x or c is nan, or only one is infinite) and cap. An error below
        the range of floats, as between mpmath numbers, counts with its size, down to 1e-29592.

    Raises
    ------
    TypeError, ValueError
        As `absolute_error`; also if cap is no number, or negative.

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
    huge = isinstance(cap, int | Fraction) and cap >= 2**1024
    if not (isinstance(cap, Real) and cap >= 0) or huge:
        raise ValueError(f"cap must be a number of digits: got {cap!r:.80}")

    def quick(x, c, gap):
        size = np.abs(c)
        return -np.log10(gap / np.where(c == 0, 1.0, size)), (c == 0) | exact.ordinary(size)

    # Exact where a relative error would be below the floats.
    digits = exact.compared(x, c, quick, exact.digits, same=np.inf)
    result = np.clip(np.where(np.isnan(digits), 0.0, digits), 0.0, float(cap)) + 0.0  # no -0
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
        If the dtypes differ or are none of these: the floats of one format are counted.
    ValueError
        If x or y holds a nan, which has no neighbours, or the shapes do not fit.

    Examples
    --------
    >>> ulps_apart(1.0, 1.0 + 2.0**-52), ulps_apart(0.1 + 0.2, 0.3)
    (1, 1)
    >>> ulps_apart(np.float32(0), np.float32(1)) == 127 * 2**23
    True
    """
    x, y = plain_array(x, "x"), plain_array(y, "y")
    if x.dtype != y.dtype or x.dtype not in (np.float16, np.float32, np.float64):
        raise TypeError("ulps_apart counts floats of one format, float16, float32 or float64, got "
                        f"x of {x.dtype} and y of {y.dtype}: convert with .astype(float)")
    one_shape(x, y, ("x", "y"))
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("ulps_apart: x or y holds a nan, which has no neighbours: test for nan "
                         "first")
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
        For float64 within u |r| + n (n+1) u**2 |A| |x| + ... of the exact r, and n 2**-1073 more
        where products underflow; for float32 summed in float64. nan in the columns where x is not
        finite.

    Raises
    ------
    TypeError
        If A, x or b is complex, masked, sparse, a np.matrix or of another dtype.
    ValueError
        If A or b is not finite, the shapes do not fit, or an integer would be rounded, as 2**53 + 1
        is.

    References
    ----------
    Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 5.3.

    Examples
    --------
    >>> residual(np.array([[1e8 + 1]]), np.array([1e8 + 1]), np.array([1e16]))
    array([-2.00000001e+08])
    """
    A, x, b = _system(A, x, b)
    finite = np.isfinite(x).all(axis=0)
    x = np.where(finite, x, np.zeros_like(x))
    if np.result_type(A, x, b) == np.float32:
        r = b.astype(float) - A.astype(float) @ x.astype(float)
    elif max(_largest(A), _largest(x)) > 1e150 or _largest(b) > 1e300:
        r = _residual_in_fractions(A, x, b)
    else:
        r = _residual_in_pairs(A, x, b)
    return np.where(finite, r, np.nan)


def _system(A, x, b):
    """Return A, x and b as arrays, or refuse what makes no system, by name."""
    A, x, b = _matrix(A, "A"), _floats(x, "x", finite=False), _floats(b, "b")
    m, n = A.shape
    if x.ndim not in (1, 2) or len(x) != n or b.shape != (m, *x.shape[1:]):
        raise ValueError(f"A of shape {A.shape}, x of shape {x.shape} and b of shape {b.shape} "
                         f"make no system: give x ({n},) and b ({m},), or ({n}, k) and ({m}, k)")
    return A, x, b


def _floats(x, name, finite=True):
    """Return x as an array of real floats; refuse objects, and integers that no float holds."""
    floats = real_array(x, name, finite=finite)
    if floats.dtype == object:
        raise TypeError(f"{name} holds objects, not float32 or float64: use {name}.astype(float)")
    given = plain_array(x, name)
    pairs = zip(given.flat, floats.flat, strict=True) if given.dtype.kind in "iuO" else ()
    for whole, kept in pairs:
        if isinstance(whole, int | np.integer) and int(kept) != int(whole):
            raise ValueError(f"{name} holds {whole}, which float64 would round to {kept:.17g}: use "
                             "numbers that it holds")
    return floats


def _matrix(A, name, finite=True):
    """Return A as a matrix of real floats, or refuse it by name."""
    A = _floats(A, name, finite)
    if A.ndim != 2:
        raise ValueError(f"{name} has shape {A.shape}: give a matrix, of shape (m, n)")
    return A


def _largest(x):
    """Return max(|x|) as a float, which can be compared with numbers beyond float32."""
    return float(np.max(np.abs(x)))


def _residual_in_pairs(A, x, b):
    """Return b - A x, summed as pairs of floats; the limits of `two_prod` hold for each product."""
    total, error = b.astype(float), np.zeros(b.shape)
    for column, value in zip(A.T, x, strict=True):
        product, lost = two_prod(column.reshape(-1, *[1] * (x.ndim - 1)), -value)
        total, more = two_sum(total, product)
        error += lost + more
    return total + error


def _residual_in_fractions(A, x, b):
    """Return b - A x, rounded once: slow, and right where products overflow on the way."""
    fraction, rounded = np.frompyfunc(Fraction, 1, 1), np.frompyfunc(exact.rounded, 1, 1)
    A, x, b = (fraction(part.astype(float)) for part in (A, x, b))
    return rounded(b - A @ x).astype(float)


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
        computed in twice the precision. For an exact solution it is 0 or, where terms cancel, at
        most n (n+1) u**2; inf where x is not finite.

    Raises
    ------
    TypeError, ValueError
        As `residual`.

    References
    ----------
    Rigal & Gaches, J. ACM 14 (1967).

    Examples
    --------
    >>> A, x = np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 1.0])
    >>> backward_error(A, x, np.array([2.0, 3.0])), backward_error(A, x, np.array([2.0, 5.0]))
    (0.0, 0.25)
    """
    A, x, b = (part.astype(float) for part in _system(A, x, b))
    finite = np.isfinite(x).all(axis=0)
    # Powers of two bring A, and the larger of A x and b, to a size near 1, and change nothing.
    p = _exponent(A, axis=None)
    q = np.maximum(_exponent(np.where(finite, x, 0.0)), _exponent(b) - p)
    A, x, b = np.ldexp(A, -p), np.ldexp(x, -q), np.ldexp(b, -q - p)
    r = np.max(np.abs(residual(A, x, b)), axis=0)
    size = np.linalg.norm(A, np.inf) * np.max(np.abs(x), axis=0) + np.max(np.abs(b), axis=0)
    result = np.where(finite, r / np.where((r == 0) | ~finite, 1.0, size), np.inf)
    return result if result.ndim else float(result)


def _exponent(x, axis=0):
    """Return e with max(|x|) between 2**(e - 1) and 2**e along an axis, -4000 for zeros."""
    mantissa, exponent = np.frexp(np.max(np.abs(x), axis=axis))
    return np.where(mantissa == 0, -4000, exponent)


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

    Raises
    ------
    TypeError, ValueError
        As `residual`; also if x is no vector, m < n, or a column of A is zero.

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
    A, x, r = _scaled_fit(A, x, b)
    if not np.isfinite(x).all():
        return np.inf
    size, norm_x = float(np.linalg.norm(r)), float(np.linalg.norm(x))
    if size == 0:
        return 0.0
    if norm_x < 2.0**-52 * size:  # as for x = 0: the part of A along r must go
        return float(np.linalg.norm(r @ A) / size)
    phi = size / norm_x
    # In an orthonormal basis that begins with r, the matrix I - r r^T / r^T r is diagonal.
    R = np.linalg.qr(np.column_stack([r, A]), mode="r")
    projection = np.diag(np.arange(len(R)) > 0)
    singular = np.linalg.svd(np.hstack([R[:, 1:], phi * projection]), compute_uv=False)
    return min(float(singular[-1]), phi)


def _scaled_fit(A, x, b):
    """Return A with columns of norm 1, x to match, and the residual, both in units near 1."""
    A, x, b = (part.astype(float) for part in _system(A, x, b))
    if x.ndim != 1 or len(b) < len(x):
        raise ValueError(f"A of shape {A.shape} with x of shape {x.shape} is no least-squares "
                         "problem: give a vector x and at least as many rows as columns")
    if not A.any(axis=0).all():
        raise ValueError(f"column {np.argmin(A.any(axis=0))} of A is zero and cannot be scaled: "
                         "drop it")
    p = _exponent(A)
    q = max(np.max(_exponent(np.where(np.isfinite(x), x, 0.0)[None]) + p), _exponent(b))
    A, x, b = np.ldexp(A, -p), np.ldexp(x, p - q), np.ldexp(b, -q)
    scale = np.linalg.norm(A, axis=0)
    return A / scale, x * scale, residual(A, x, b)


def orthogonality_loss(Q):
    """Return norm(Q^T Q - I), how far the columns of Q are from orthonormal.

    Parameters
    ----------
    Q : ndarray, shape (m, n), float32 or float64

    Returns
    -------
    float
        In the 2-norm, computed in float64; the products' own rounding adds up to about
        sqrt(m n) u norm(Q)**2. inf where Q is not finite, or the loss is beyond the range.

    Raises
    ------
    TypeError
        If Q is complex, masked, sparse, a np.matrix or of another dtype.
    ValueError
        If Q is no matrix, or empty.

    Examples
    --------
    >>> orthogonality_loss(np.array([[0.6, -0.8], [0.8, 0.6]])) < 1e-15
    True
    >>> orthogonality_loss(np.array([[1.0, 0.5], [0.0, 1.0]])) > 0.5
    True
    """
    Q = _matrix(Q, "Q", finite=False).astype(float)
    largest = np.max(np.abs(Q))
    if not largest < np.inf:  # nan too
        return np.inf
    if largest > 1e150:  # beside norm(Q^T Q) > 1e300 the I is far below rounding
        with np.errstate(over="ignore"):
            p = _exponent(Q, axis=None)
            return float(np.ldexp(np.linalg.norm(np.ldexp(Q, -p).T @ np.ldexp(Q, -p), 2), 2 * p))
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
        something. inf where the smallest singular value is computed as 0, or for another p an
        inverse cannot be, or the number is beyond the range; of a singular A rounding may leave a
        number about 1/u instead.

    Raises
    ------
    TypeError
        If A is complex, masked, sparse, a np.matrix or of another dtype.
    ValueError
        If A is no matrix, empty, not finite, or not square where p asks for it; if p is another.

    Examples
    --------
    >>> condition(np.diag([1.0, 1e-3, 10.0]))
    10000.0
    """
    A = _matrix(A, "A").astype(float)
    if not (isinstance(p, str | Real) and p in (2, 1, np.inf, "fro")):
        raise ValueError(f"p = {p!r} is no norm that is known here: use 2, 1, inf or 'fro'")
    if p != 2 and A.shape[0] != A.shape[1]:
        raise ValueError(f"A has shape {A.shape}: only p = 2 has a condition number of a matrix "
                         "that is not square")
    A = np.ldexp(A, -_exponent(A, axis=None))
    if p != "fro":
        return float(np.linalg.cond(A, p))
    s = np.linalg.svd(A, compute_uv=False)
    with np.errstate(all="ignore"):  # no square overflows: s is divided by its ends first
        kappa = np.linalg.norm(s / s[0]) * np.linalg.norm(s[-1] / s) * (s[0] / s[-1])
    return float(kappa) if s[-1] else np.inf
