"""The derivatives of eigenvalues, singular values, their vectors, and norms.

Values need no gap between them. Vectors turn by 1 / gap, and where a gap may be all rounding they
have no derivative: that is refused, and the gap named. What `np.linalg.eigh` gives has its
derivative among symmetric matrices: it is symmetric, though the program reads only one triangle.
"""

import numpy as np

from lib.gradients.reductions import spread
from lib.gradients.solutions import one_matrix
from lib.gradients.traced import RULES, apply, handles, plain, primitive


def close_pairs(values, used, what, size):
    """Return which pairs of values differ by rounding errors at most, or refuse those in use.

    Parameters
    ----------
    values : ndarray, shape (n,)
    used : ndarray of bool, shape (n,)
        Whether a gradient goes through the vectors of a value.
    what : str
        What the values are called.
    size : int
        The longer side of the matrix.
    """
    limit = size * np.finfo(values.dtype).eps * np.max(np.abs(values))
    gaps, same = np.abs(values[:, None] - values), np.eye(len(values), dtype=bool)
    close = (gaps <= limit) | same
    refused = np.argwhere(close & ~same & used)
    if len(refused):
        i, j = sorted(refused[0])
        raise ValueError(f"{what} {i} and {j} are {values[i]:.6g} and {values[j]:.6g}, with a gap "
                         f"of {gaps[i, j]:.2g}, and up to {limit:.2g} it may be rounding: their "
                         "vectors have no derivative there; use the values alone, or vectors of "
                         "others")
    return close


def _quotient(numerator, denominator, where):
    """Return a quotient, and 0 where its denominator is to be left out."""
    return np.where(where, 0, numerator / np.where(where, 1, denominator))


def _eigh(A):
    """Return eigenvalues and eigenvectors of a symmetric matrix, one after the other."""
    values, vectors = np.linalg.eigh(A)
    return np.concatenate([values, np.ravel(vectors)])


def _eigh_rule(y, A):
    """Return the rule of eigenvalues and eigenvectors: the latter change like 1 / gap."""
    n = len(A)
    values, V = y[:n], np.reshape(y[n:], (n, n))

    def share(g):
        gV = np.reshape(g[n:], (n, n))
        close = close_pairs(plain(values), _used(gV), "eigenvalues", n)
        M = V.T @ gV
        turned = _quotient((M - M.T) / 2, values - values[:, None], close)
        return V @ (np.diag(g[:n]) + turned) @ V.T

    return (share,)


def _svd(A):
    """Return U, s and Vt of the thin singular value decomposition, one after the other."""
    return np.concatenate([np.ravel(part) for part in np.linalg.svd(A, full_matrices=False)])


def _parts(y, shape):
    """Return U, s and Vt from one vector."""
    m, n = shape
    k = min(m, n)
    return (np.reshape(y[: m * k], (m, k)), y[m * k : m * k + k],
            np.reshape(y[m * k + k :], (k, n)))


def _svd_rule(y, A):
    """Return the rule of the singular value decomposition (Townsend, 2016)."""
    U, s, Vt = _parts(y, A.shape)

    def share(g):
        # Inside the spaces of U and V vectors turn, by pairs; outside, they leave them.
        gU, gs, gVt = _parts(g, A.shape)
        close = close_pairs(plain(s), _used(gU) | _used(gVt.T), "singular values", max(A.shape))
        M, W = U.T @ gU, Vt @ gVt.T
        P, Q = M - M.T, W - W.T
        turned = (_quotient(P + Q, s - s[:, None], close)
                  + _quotient(P - Q, s + s[:, None], close)) / 2
        found = U @ (np.diag(gs) + turned) @ Vt
        if A.shape[0] > A.shape[1]:
            return found + _outside(gU, U, M, s) @ Vt
        return found + U @ _outside(gVt.T, Vt.T, W, s).T if A.shape[0] < A.shape[1] else found

    return (share,)


def _used(g):
    """Return through which columns a gradient goes."""
    return np.any(plain(g) != 0, axis=0)


def _outside(g, U, M, s):
    """Return what of a gradient lies outside the space of vectors, by their singular values."""
    tiny = plain(s) <= len(g) * np.finfo(s.dtype).eps * np.max(plain(s))
    if np.any(tiny & _used(g)):
        i = int(np.argmax(tiny & _used(g)))
        raise ValueError(f"singular value {i} is {plain(s)[i]:.2g}, 0 up to rounding: its vectors "
                         "on the longer side have no derivative there; use the values alone, or "
                         "vectors of others")
    return _quotient(g - U @ M, s, tiny)


def _norm(x, ord, axis, keepdims):
    """Return the 2-norm of vectors, and Frobenius' of matrices."""
    return np.linalg.norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _norm_rule(y, x, ord, axis, keepdims):
    """Return the rule of the norm, with 0, the least of its subgradients, where it is 0.

    The direction is that of x times a power of 2, so that no square leaves the range.
    """
    size = np.max(np.abs(plain(x)), axis=axis, keepdims=True, initial=0)
    direction = np.ldexp(x, -np.frexp(size)[1])
    length = np.linalg.norm(direction, ord=ord, axis=axis, keepdims=True)
    direction = direction / np.where(plain(length) == 0, 1, length)
    return lambda g: spread(g, axis, keepdims) * direction, None, None, None


norm = primitive(_norm, _norm_rule)
eigenpairs = primitive(_eigh, _eigh_rule)
singular_triplets = primitive(_svd, _svd_rule)


def _eigenvalues_rule(y, A):
    """Return the rule of eigenvalues alone, which need no gap."""
    def share(g):
        V = np.linalg.eigh(A)[1]
        return V * g @ V.T

    return (share,)


def _singular_values_rule(y, A):
    """Return the rule of singular values alone, which need no gap."""
    def share(g):
        U, _, Vt = np.linalg.svd(A, full_matrices=False)
        return U * g @ Vt

    return (share,)


RULES.update({
    np.linalg.eigvalsh: _eigenvalues_rule,
    np.linalg.svdvals: _singular_values_rule,
})


@handles(np.linalg.eigvalsh)
def _eigvalsh(a):
    """Return the eigenvalues of a symmetric matrix."""
    return apply(np.linalg.eigvalsh, one_matrix(a, "np.linalg.eigvalsh", symmetric=True))


@handles(np.linalg.eigh)
def _eigensystem(a):
    """Return eigenvalues and eigenvectors of a symmetric matrix."""
    found = eigenpairs(one_matrix(a, "np.linalg.eigh", symmetric=True))
    n = len(a)
    kind = type(np.linalg.eigh(np.eye(1)))
    return kind(found[:n], np.reshape(found[n:], (n, n)))


@handles(np.linalg.svd)
def _triplets(a, full_matrices=True, compute_uv=True):
    """Return the thin singular value decomposition, or the singular values alone."""
    one_matrix(a, "np.linalg.svd")
    if not compute_uv:
        return apply(np.linalg.svdvals, a)
    if full_matrices and a.shape[0] != a.shape[1]:
        raise ValueError("np.linalg.svd has vectors in U or Vt that no singular value belongs to: "
                         "use full_matrices=False")
    kind = type(np.linalg.svd(np.eye(1)))
    return kind(*_parts(singular_triplets(a), a.shape))


@handles(np.linalg.svdvals)
def _svdvals(x):
    """Return the singular values of a matrix."""
    return apply(np.linalg.svdvals, one_matrix(x, "np.linalg.svdvals"))


@handles(np.linalg.norm)
def _length(x, ord=None, axis=None, keepdims=False):
    """Return the 2-norm of vectors, or Frobenius' of matrices."""
    matrices = x.ndim > 1 if axis is None else isinstance(axis, tuple)
    if ord not in (None, "fro" if matrices else 2):
        raise TypeError(f"np.linalg.norm with ord={ord!r} has no derivative here: write it with "
                        "np.abs, np.sum, np.max or np.linalg.svdvals")
    return norm(x, ord, axis, keepdims)
