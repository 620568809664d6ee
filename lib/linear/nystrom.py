"""Precondition K + lam I, K positive semidefinite, by a few random combinations of K's columns."""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import NotPositiveDefiniteError, checked_finite, float_vector
from lib.linear.elimination import cholesky
from lib.linear.operators import product, stored_symmetric
from lib.linear.orthogonal import householder_qr
from lib.linear.triangular import forward_substitution
from lib.numbers import random_source, real_number, whole_number


@dataclass(frozen=True, eq=False)
class NystromPreconditioner:
    """The function r -> M r, where the inverse of M is lam I and a matrix of low rank near K.

    Attributes
    ----------
    Q : ndarray, shape (n, rank), float64
        M is (I - Q Q^T) / lam.
    lam : float
    """

    Q: np.ndarray
    lam: float

    def __call__(self, r):
        r = float_vector(r, "r")
        if len(r) != len(self.Q):
            raise ValueError(f"r has length {len(r)}, but K has {len(self.Q)} rows: give a number "
                             "for each")
        return ((r - self.Q @ (self.Q.T @ r)) / self.lam).astype(r.dtype)


def nystrom_preconditioner(K, lam, rank, rng, sketch="gaussian", n=None):
    """Return a preconditioner for K + lam I, from a sketch of K.

    With a test matrix W of orthonormal columns and Y = K W, K is Y (W^T Y)^-1 Y^T and a positive
    semidefinite rest E. What is inverted, by a thin QR decomposition, is the first of these with
    lam I.

    Parameters
    ----------
    K : ndarray, sparse matrix, or function V -> K V for V of shape (n, k), float32 or float64
        Symmetric positive semidefinite, without lam. A function may have `shape` and `dtype`, and
        a method `columns`, as a Gaussian kernel of `lib.problems` has.
    lam : float
        Positive.
    rank : int
        From 1 to n.
    rng : numpy.random.Generator
        Source of W; nothing else here is random.
    sketch : {"gaussian", "columns"}
        Whether W spans a uniform random subspace, at the price of a product of K with `rank`
        vectors, or a random set of columns, which a kernel computes faster.
    n : int, optional
        For a function that has no shape.

    Returns
    -------
    NystromPreconditioner
        The preconditioned matrix has eigenvalues from 1 to 1 + norm(E) / lam. For a Gaussian sketch
        of 2 ceil(1.5 d) + 1 columns, d the trace of (K + lam I)^-1 K, its condition number is on
        average below 28. Computed in float64, for which it takes memory for about 6 n rank
        numbers; where K is float32, rounding blurs the approximation by sqrt(n) eps norm(Y), which
        then should be below lam.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite, of the wrong shape or out of its range.
    NotPositiveDefiniteError
        If K is not positive semidefinite up to rounding, as far as the sketch shows.

    References
    ----------
    Frangella, Tropp & Udell, SIAM J. Matrix Anal. Appl. 44 (2023), algorithm 2.1 and theorem 5.1;
    for columns, Williams & Seeger, NIPS 13 (2001).

    Examples
    --------
    >>> K = np.diag([100.0, 0.0, 0.0])
    >>> M = nystrom_preconditioner(K, 1.0, 2, np.random.default_rng(7))
    >>> M(np.array([101.0, 1.0, 1.0])).round(6)
    array([1., 1., 1.])
    """
    K, n, dtype = _read(K, n)
    lam, rank = _checked(lam, rank, n)
    if not isinstance(sketch, str) or sketch not in SKETCHES:
        raise ValueError(f"no sketch {sketch!r:.80}: choose {' or '.join(SKETCHES)}")
    Y, small = SKETCHES[sketch](K, n, rank, random_source(rng), dtype)
    try:
        L = cholesky((small + small.T) / 2)
    except NotPositiveDefiniteError as error:
        raise NotPositiveDefiniteError(
            f"K is not positive semidefinite, up to rounding: pivot {error.pivot} of its sketch is "
            f"{error.value:.3g}", error.pivot, error.value) from None
    B = forward_substitution(L, Y.T).T  # K is near B B^T
    Q, _ = householder_qr(np.vstack([B, np.sqrt(lam) * np.eye(rank)]))
    return NystromPreconditioner(Q[:n], lam)


def _read(K, n):
    """Return K, its size and its dtype, or refuse it by name."""
    if not callable(K):
        K = stored_symmetric(K, "K")
        return K, K.shape[0], K.dtype
    if n is None and not hasattr(K, "shape"):
        raise TypeError("K is a function, which does not tell its size: give n")
    return (K, whole_number(K.shape[0] if n is None else n, "n", 1),
            np.dtype(getattr(K, "dtype", float)))


def _checked(lam, rank, n):
    """Return lam and rank, or refuse them by name."""
    lam = real_number(lam, "lam")
    if not 0 < lam < np.inf:
        raise ValueError(f"lam = {lam}: K + lam I needs a positive one")
    if whole_number(rank, "rank", 1) > n:
        raise ValueError(f"rank = {rank}: K has {n} columns, use fewer")
    return lam, rank


def _combinations(K, n, rank, rng, dtype):
    """Return Y = (K + shift I) W, for W that spans a random subspace, and W^T Y."""
    W = householder_qr(rng.standard_normal((n, rank)))[0].astype(dtype)
    Y = product(K, dtype, "K")(W).astype(float)
    Y += _shift(Y, dtype) * W
    return Y, W.T.astype(float) @ Y


def _columns(K, n, rank, rng, dtype):
    """Return Y = (K + shift I) W, for W of random columns of the identity, and W^T Y."""
    chosen = rng.choice(n, rank, replace=False)
    if callable(K) and not hasattr(K, "columns"):
        raise TypeError("K is a function without a method columns: use sketch='gaussian'")
    Y = K.columns(chosen) if callable(K) else K[:, chosen]
    Y = (Y.toarray() if hasattr(Y, "toarray") else np.asarray(Y)).astype(float)
    Y[chosen, np.arange(rank)] += _shift(Y, dtype)
    return Y, Y[chosen]


def _shift(Y, dtype):
    """Return a number above the rounding errors in Y, with which W^T Y stays definite."""
    norm = checked_finite(np.sqrt(np.vdot(Y, Y)), "a sketch of K")
    return max(np.sqrt(len(Y)) * np.finfo(dtype).eps * norm, np.finfo(float).tiny)


SKETCHES = {"gaussian": _combinations, "columns": _columns}
