"""Matrices whose eigenvalues are known, or known to be sensitive, by formula.

Generators return float64 arrays and take what is random about them from an `rng`.
"""

import numpy as np

from lib.numbers import whole_number
from lib.problems.matrices import float_list, random_orthogonal


def with_eigenvalues(values, rng):
    """Return a random symmetric matrix with the given eigenvalues.

    Parameters
    ----------
    values : array_like, shape (n,)
        The eigenvalues, of either sign, in any order.
    rng : numpy.random.Generator

    Returns
    -------
    A : ndarray, shape (n, n), float64
        Q diag(values) Q.T with a random orthogonal Q, exactly symmetric. Rounding moves every
        eigenvalue by at most 10 n u max(|values|), so those below that are lost, whatever computes
        them.

    Raises
    ------
    TypeError, ValueError
        If values is no list of finite numbers.

    Examples
    --------
    >>> A = with_eigenvalues([1, -2, 5], np.random.default_rng(7))
    >>> round(float(np.trace(A)), 12), bool((A == A.T).all())
    (4.0, True)
    """
    values = float_list(values, "values")
    Q = random_orthogonal(values.size, values.size, rng)
    A = Q * values @ Q.T
    return A / 2 + A.T / 2  # halved first, as a sum may overflow


def wilkinson_plus(n):
    """Return Wilkinson's tridiagonal matrix, whose large eigenvalues come in pairs nearly equal.

    Its diagonal is |i - (n - 1) / 2|, i from 0 to n - 1, with ones beside it. No element beside the
    diagonal is small; still, for n = 21 the two largest eigenvalues, 10.7461941829033 both, differ
    by 7.2e-14. All are different, as of every tridiagonal matrix without a zero beside the
    diagonal.

    References
    ----------
    Wilkinson, The Algebraic Eigenvalue Problem (1965), chapter 5.

    Examples
    --------
    >>> wilkinson_plus(3)
    array([[1., 1., 0.],
           [1., 0., 1.],
           [0., 1., 1.]])
    """
    n = whole_number(n, "n", 1)
    return np.diag(np.abs(np.arange(n) - (n - 1) / 2)) + np.eye(n, k=1) + np.eye(n, k=-1)


def grcar(n, k=3):
    """Return Grcar's matrix, -1 below the diagonal, 1 on it and on the k diagonals above it.

    Its norm is below k + 2, its condition number for solving small, near 3.6 for k = 3; but its
    eigenvalues, which are complex, are so sensitive that for n = 100 those computed for it and for
    its transpose, the same on paper, differ by 0.1.

    References
    ----------
    Grcar, Report SAND89-8691, Sandia National Laboratories (1989); Trefethen & Embree, Spectra and
    Pseudospectra (2005).

    Examples
    --------
    >>> grcar(4, 2)
    array([[ 1.,  1.,  1.,  0.],
           [-1.,  1.,  1.,  1.],
           [ 0., -1.,  1.,  1.],
           [ 0.,  0., -1.,  1.]])
    """
    n, k = whole_number(n, "n", 1), whole_number(k, "k", 1)
    ones = np.ones((n, n))
    return np.triu(np.tril(ones, k)) - np.eye(n, k=-1)


def frank(n):
    """Return Frank's matrix of whole numbers: n - max(i, j), with zeros where i > j + 1.

    Its determinant is 1, its eigenvalues are positive and come in pairs l and 1 / l. The small ones
    are sensitive: for n = 20 some are computed as complex numbers.

    References
    ----------
    Frank, J. SIAM 6 (1958); Golub & Wilkinson, SIAM Rev. 18 (1976).

    Examples
    --------
    >>> frank(4)
    array([[4., 3., 2., 1.],
           [3., 3., 2., 1.],
           [0., 2., 2., 1.],
           [0., 0., 1., 1.]])
    """
    i = np.arange(whole_number(n, "n", 1))
    return np.triu(i.size - np.maximum.outer(i, i) + 0.0, -1)


def companion(coefficients):
    """Return the matrix whose eigenvalues are the roots of a polynomial.

    Parameters
    ----------
    coefficients : array_like, shape (n + 1,)
        From that of the highest power on, which is not zero; as of `np.poly` and `np.roots`.

    Returns
    -------
    ndarray, shape (n, n), float64
        With the quotients of the other coefficients and the first, negated, in its first row, and
        ones below the diagonal. Rounding of the quotients apart, its characteristic polynomial is
        the given one.

    Raises
    ------
    TypeError, ValueError
        If coefficients is no list of finite numbers, shorter than two, or begins with zero.
    OverflowError
        If a quotient is too large for float64.

    References
    ----------
    Edelman & Murakami, Math. Comp. 64 (1995).

    Examples
    --------
    >>> companion([1, -6, 11, -6])
    array([[  6., -11.,   6.],
           [  1.,   0.,   0.],
           [  0.,   1.,   0.]])
    """
    c = float_list(coefficients, "coefficients")
    if c.size < 2 or c[0] == 0:
        raise ValueError(f"coefficients = {c}: a polynomial with roots has two or more, the first "
                         "not zero; drop leading zeros")
    A = np.eye(c.size - 1, k=-1)
    with np.errstate(over="ignore"):
        A[0] = 0.0 - c[1:] / c[0]
    if not np.isfinite(A).all():
        raise OverflowError("a quotient of coefficients left the range of float64: scale the "
                            "variable of the polynomial")
    return A
