"""Say in few directions what is in many: low-rank approximation, principal components, whitening.

Data have their samples in rows. Nothing here forms a covariance matrix: its eigenvalues are the
squares of singular values that the data have themselves, at twice the digits.
"""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import checked_finite, float_matrix
from lib.linear.filters import default_cutoff, truncation_filter
from lib.linear.jacobi import SVD, jacobi_svd
from lib.linear.orthogonal import householder_qr
from lib.linear.products import product, with_products
from lib.numbers import random_source, real_number, whole_number

PROBES = 10


def low_rank(A, rank):
    """Return the best approximation of A by a matrix of a given rank.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    rank : int
        From 1 to min(m, n).

    Returns
    -------
    SVD
        With rank singular values, `.matrix` their product, and `.error` the next singular value,
        to which norm(A - .matrix) is equal in the 2-norm. In the Frobenius norm the error is the
        root of the sum of squares of all the others. No matrix of this rank comes nearer, in
        either norm.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty or not finite; if the rank is out of range.

    References
    ----------
    Eckart & Young, Psychometrika 1 (1936); Mirsky, Quart. J. Math. 11 (1960).

    Examples
    --------
    >>> best = low_rank(np.diag([5.0, 3.0, 1.0]), 2)
    >>> best.error, best.matrix.diagonal()
    (1.0, array([5., 3., 0.]))
    """
    factors = jacobi_svd(A)
    return _leading(factors, _checked_rank(rank, len(factors.s)))


def _checked_rank(rank, largest):
    """Return rank, or refuse it."""
    rank = whole_number(rank, "rank")
    if not 1 <= rank <= largest:
        raise ValueError(f"rank = {rank}, but this matrix has ranks from 1 to {largest}: "
                         "choose one of these")
    return rank


def _leading(factors, rank, missed=0.0):
    """Return the first terms of a decomposition that itself missed so much of its matrix."""
    next_one = float(factors.s[rank]) if rank < len(factors.s) else 0.0
    return SVD(factors.U[:, :rank], factors.s[:rank], factors.Vt[:rank], missed + next_one,
               factors.sweeps)


def randomized_svd(A, rank, rng, oversampling=10, power=2):
    """Return a decomposition of nearly the best approximation of a rank, from a few products.

    Random combinations of the columns of A span, but for a little, what its leading left singular
    vectors span; power iterations, with an orthonormal basis after each product, make it less.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        Or a sparse matrix, a dask array, which is read for each product and never held whole, or
        anything else with shape, dtype and T that is multiplied by `@`.
    rank : int
    rng : numpy.random.Generator
        Source of the random combinations; nothing else here is random.
    oversampling : int
        Columns p of the sample beyond the rank.
    power : int
        Number q of power iterations: 2 q + 2 products with A or its transpose, of k + p columns.

    Returns
    -------
    SVD
        On average, the basis misses at most (1 + sqrt(k / (p - 1)) + e sqrt(k + p) / p
        sqrt(min(m, n) - k))**(1 / (2 q + 1)) times singular value k + 1, the best possible, where
        k is the rank; cutting back to it costs at most that singular value more. `.error` bounds
        norm(A - .matrix), rounding errors apart, by what ten other random vectors show: it is too
        large by a factor of 1 + (8 (sqrt(min(m, n)) + 7))**(1 / (2 q + 1)) at the most, and too
        small once in 1e10 times.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty or not finite; if the rank or another number is out of range; if rng
        is no generator.
    OverflowError
        If a product with A is too large for the dtype.

    References
    ----------
    Halko, Martinsson & Tropp, SIAM Rev. 53 (2011): algorithms 4.4 and 5.1, corollary 10.10,
    equation (4.3).

    Examples
    --------
    >>> A = np.outer([1.0, 2.0, 2.0], [3.0, 0.0, 4.0, 0.0])
    >>> randomized_svd(A, 1, np.random.default_rng(7)).s.round(12)
    array([15.])
    """
    A = with_products(A)
    oversampling = whole_number(oversampling, "oversampling", 2)
    power = whole_number(power, "power", 0)
    size = min(_checked_rank(rank, min(A.shape)) + oversampling, *A.shape)
    sample = random_source(rng).standard_normal((A.shape[1], size + PROBES)).astype(A.dtype)
    Q = householder_qr(product(A, sample[:, :size]))[0]
    for _ in range(power):
        Q = householder_qr(product(A, householder_qr(product(A.T, Q))[0]))[0]
    small = jacobi_svd(product(A.T, Q).T)
    factors = SVD(Q @ small.U, small.s, small.Vt, 0.0, small.sweeps)
    return _leading(factors, rank, _missed(A, Q, sample[:, size:], power))


def _missed(A, Q, probes, power):
    """Return a bound on the norm of B = A - Q Q^T A, wrong with probability 10**-PROBES.

    The longest of B w, for PROBES random vectors w, is seldom below norm(B) sqrt(pi / 2) / 10
    (equation 4.3); the same for (B B^T)**q B, whose norm is a power, loses only a root of that.
    """
    logarithm = np.log(10 * np.sqrt(2 / np.pi))
    for step in range(2 * power + 1):
        probes = product(A.T if step % 2 else A, probes)
        largest = np.max(np.abs(probes))
        if largest == 0:
            return 0.0
        logarithm += np.log(float(largest))
        probes = probes / largest  # before a square, or the next product, underflows
        if step % 2 == 0:
            for _ in range(2):  # once leaves rounding errors in the directions of Q
                probes = probes - Q @ (Q.T @ probes)
    longest = np.sqrt(np.max(np.sum(probes.astype(float) ** 2, axis=0)))
    with np.errstate(divide="ignore"):  # nothing may be left
        return float(np.exp((logarithm + np.log(longest)) / (2 * power + 1)))


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components: the directions in which data vary most, one after the other.

    Attributes
    ----------
    mean, lost : ndarray, shape (n,)
        The mean of the data as rounded to their dtype, and what that rounding took from it.
    directions : ndarray, shape (k, n)
        Orthonormal rows. The entry of largest size in each is positive, as else its sign would be
        anybody's.
    variances : ndarray, shape (k,)
        Of the data along each direction, with denominator m - 1, the largest first.
    total : float
        The variance in all directions together.
    """

    mean: np.ndarray
    lost: np.ndarray
    directions: np.ndarray
    variances: np.ndarray
    total: float

    @property
    def shares(self):
        """Return which part of the total variance lies along each direction."""
        if self.total == 0:
            raise ValueError("the total variance is 0: the samples are equal, or differ by so "
                             "little that squares underflow; scale them up")
        return self.variances / self.total

    def scores(self, X):
        """Return the coordinates of samples along the directions, shape (samples, k)."""
        with np.errstate(all="ignore"):  # what overflows is found at once
            return checked_finite(_deviations(X, self.mean, self.lost) @ self.directions.T,
                                  "the scores of X")


def principal_components(X, rank=None):
    """Return the principal components of data, by the singular value decomposition.

    Parameters
    ----------
    X : ndarray, shape (m, n), float32 or float64
        One sample a row, at least two; in units that can be compared: a column in millimetres has
        a million times the variance that it has in metres.
    rank : int, optional
        How many; min(m, n) by default.

    Returns
    -------
    Components
        The square root of each variance has an error of at most 10 sqrt(m n) u times that of the
        largest, however large the mean is. From the covariance matrix, the variance itself has: of
        standard deviations below sqrt(u) times the largest nothing is left there.

    Raises
    ------
    TypeError, ValueError
        If X is complex, empty, not finite or has a single row; if the rank is out of range.
    OverflowError
        If a variance is too large for the dtype.

    References
    ----------
    Pearson, Phil. Mag. 2 (1901); Jolliffe, Principal Component Analysis (2002), section 3.5.

    Examples
    --------
    >>> found = principal_components(np.array([[1.0, 2.0], [4.0, 6.0]]), 1)
    >>> found.directions, found.variances
    (array([[0.6, 0.8]]), array([12.5]))
    """
    (mean, lost), factors = _centred(X)
    rank = len(factors.s) if rank is None else _checked_rank(rank, len(factors.s))
    largest = np.take_along_axis(
        factors.Vt, np.argmax(np.abs(factors.Vt), axis=1)[:, None], axis=1)
    deviations = factors.s / np.sqrt(factors.s.dtype.type(len(factors.U) - 1))
    with np.errstate(all="ignore"):  # what overflows is found at once
        variances = checked_finite(deviations**2, "a variance")
        total = checked_finite(np.sum(variances, dtype=float), "the total variance")
    return Components(mean, lost, (factors.Vt * np.where(largest < 0, -1, 1))[:rank],
                      variances[:rank], float(total))


def _centred(X):
    """Return the mean of the samples, and the decomposition of what is left without it."""
    X = float_matrix(X, "X")
    if len(X) < 2:
        raise ValueError(f"X has shape {X.shape}: a variance needs two samples, one in each row")
    mean = _mean(X)
    return mean, jacobi_svd(_deviations(X, *mean))


def _mean(X):
    """Return the mean of each column, rounded, and what that rounding took from it.

    Thousands of rows of float32, added one after the other, lose digits of a mean, and beside a
    large mean the deviations are lost altogether. So sums are taken pairwise, in float64, and
    twice: of the numbers, then of what the first mean leaves of them. What is missing after that is
    about (16 + log2(m)) u times the mean size of the deviations (Chan, Golub & LeVeque 1983).
    """
    exponents = np.frexp(np.max(np.abs(X), axis=0))[1]  # powers of two keep sums in the range
    columns = np.ldexp(X.T.astype(float, order="C"), -exponents[:, None])
    first = np.mean(columns, axis=1)
    second = np.mean(columns - first[:, None], axis=1)
    mean = np.ldexp(first + second, exponents).astype(X.dtype)
    lost = (first - np.ldexp(mean.astype(float), -exponents)) + second
    return mean, np.ldexp(lost, exponents).astype(X.dtype)


def _deviations(X, mean, lost):
    """Return samples without their mean, or refuse them by name."""
    X = float_matrix(X, "X")
    if X.shape[1] != len(mean):
        raise ValueError(f"X has shape {X.shape}, but the samples that the mean was taken of have "
                         f"{len(mean)} columns: give one sample a row")
    with np.errstate(all="ignore"):  # what overflows is found at once
        return checked_finite((X - mean) - lost, "X without its mean")


@dataclass(frozen=True, eq=False)
class Whitening:
    """A linear map after which data have mean zero and the identity as their covariance.

    Attributes
    ----------
    mean, lost : ndarray, shape (n,)
        The mean of the data as rounded to their dtype, and what that rounding took from it.
    matrix : ndarray, shape (k, n)
    rank, dropped : int
        In how many directions the data vary, and in how many they do not, up to the cutoff.
    cutoff : float
        For standard deviations, relative to the largest.
    """

    mean: np.ndarray
    lost: np.ndarray
    matrix: np.ndarray
    rank: int
    dropped: int
    cutoff: float

    def __call__(self, X):
        """Return samples after the map, shape (samples, k)."""
        with np.errstate(all="ignore"):  # what overflows is found at once
            return checked_finite(_deviations(X, self.mean, self.lost) @ self.matrix.T, "white X")


def whitening(X, method="pca", cutoff=None):
    """Return the map that makes data uncorrelated and of unit variance.

    Directions in which the data do not vary have no unit variance to be brought to. They are left
    out: dividing by their standard deviation would make nan of an exact zero, and full-sized noise
    of a rounding error.

    Parameters
    ----------
    X : ndarray, shape (m, n), float32 or float64
        One sample a row, at least two.
    method : {"pca", "zca"}
        "pca": coordinates along the principal components, rank of them. "zca": the symmetric map,
        which of all whitening maps moves the data least; n coordinates, of rank dimensions.
    cutoff : float, optional
        sqrt(m n) eps by default (`default_cutoff`).

    Returns
    -------
    Whitening
        The covariance after the map is the identity ("zca": the projection on the directions that
        vary) to 10 sqrt(m n) u kappa, kappa the ratio of the largest standard deviation to the
        smallest that was kept, and the mean is 0 to as much, however large the mean of X is.

    Raises
    ------
    TypeError, ValueError
        If X is complex, empty, not finite, has a single row, or does not vary at all; if the
        method is unknown or the cutoff not between 0 and 1.
    OverflowError
        If the inverse of a standard deviation is too large for the dtype.

    References
    ----------
    Kessy, Lewin & Strimmer, The American Statistician 72 (2018).

    Examples
    --------
    >>> X = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 1.0]])
    >>> whiten = whitening(X)
    >>> abs(whiten(X)).ravel(), whiten.dropped
    (array([1., 0., 1.]), 1)
    """
    if not isinstance(method, str) or method not in ("pca", "zca"):
        raise ValueError(f"no whitening {method!r}: choose pca or zca")
    (mean, lost), (U, s, Vt) = _centred(X)
    if s[0] == 0:
        raise ValueError("X does not vary: all samples are equal, and there is nothing to whiten")
    shape = len(U), Vt.shape[1]
    cutoff = default_cutoff(shape, s.dtype) if cutoff is None else real_number(cutoff, "cutoff")
    rank = int(np.count_nonzero(truncation_filter(s, cutoff)))
    with np.errstate(all="ignore"):  # what overflows is found at once
        matrix = np.sqrt(s.dtype.type(len(U) - 1)) / s[:rank, None] * Vt[:rank]
        checked_finite(matrix, "the map that whitens X")
    if method == "zca":
        matrix = Vt[:rank].T @ matrix
    return Whitening(mean, lost, matrix, rank, Vt.shape[1] - rank, cutoff)
