"""Multiply by what need not be an array: a sparse matrix, an operator, a function v -> A v."""

import numpy as np

from lib.linear.checks import (
    SYMMETRIC,
    checked_finite,
    float_matrix,
    float_vector,
    sparse_matrix,
    symmetric_matrix,
)
from lib.linear.orthogonal import inner, squarable
from lib.numbers import real_array


def with_products(A):
    """Return A as a matrix, a sparse one, or an operator of floats, or refuse it by name."""
    if hasattr(A, "tocsr"):
        return sparse_matrix(A)
    # A dask array is a plan of what is on disk: as an array it would fill the memory.
    stored = hasattr(A, "__array__") and not hasattr(A, "__dask_graph__")
    if stored or not all(hasattr(A, name) for name in ("shape", "dtype", "T")):
        return float_matrix(A)
    if A.dtype not in (np.float32, np.float64) or len(A.shape) != 2 or 0 in A.shape:
        raise TypeError(f"A is an operator of {A.dtype} and of shape {A.shape}: it needs float32 "
                        "or float64, and two dimensions")
    return A


def product(A, X):
    """Return A @ X, or refuse what is no product, or raise OverflowError."""
    with np.errstate(all="ignore"):
        Y = real_array(A @ X, "A @ X", X.dtype, finite=False)
    if Y.shape != (A.shape[0], *X.shape[1:]):
        raise ValueError(f"A @ X has shape {Y.shape} for A of shape {tuple(A.shape)} and X of "
                         f"shape {X.shape}: return one product for each column")
    return checked_finite(Y, "a product with A")


def multiplication(A, start, symmetric=False):
    """Return the function v -> A v, checked at each call, and a start vector of length 1.

    Parameters
    ----------
    A : ndarray, sparse matrix, operator or function v -> A v
    start : ndarray, shape (n,), or None
        None is cos(k**2), k from 0 to n - 1, which has a part along each eigenvector of paths,
        cycles and grids, as ones has not. A function does not tell its n, and needs a start.
    symmetric : bool
        Whether to refuse an array or a sparse matrix that is not.
    """
    if callable(A) and not hasattr(A, "shape"):
        if start is None:
            raise TypeError("A is a function, which does not tell its size: give start, a vector")
        return lambda v: _multiply(A, v), _unit_start(start)
    A = with_products(A)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"A has shape {A.shape}, but only a square matrix has eigenvalues: for "
                         "singular values use randomized_svd")
    if symmetric:
        _check_symmetric(A)
    if isinstance(A, np.ndarray):
        A = np.ascontiguousarray(A)  # so that no bit depends on the layout
    return lambda v: _multiply(A.__matmul__, v), _unit_start(start, A)


def _check_symmetric(A):
    """Refuse an array or a sparse matrix that is not symmetric up to rounding."""
    if hasattr(A, "tocsr"):
        with np.errstate(over="ignore"):
            off = abs(A - A.T).max()
        if off > 8 * A.shape[0] * np.finfo(A.dtype).eps * abs(A).max():
            raise ValueError(f"A differs from its transpose by up to {off:.2g}: {SYMMETRIC}")
    elif isinstance(A, np.ndarray):
        symmetric_matrix(A)


def _multiply(apply, v):
    """Return apply(v) as a new array, or refuse what is no product."""
    shown = v.view()
    shown.flags.writeable = False  # the vector is used again
    with np.errstate(all="ignore"):
        w = real_array(apply(shown), "A(v)", v.dtype, finite=False)
    if w.shape != v.shape:
        raise ValueError(f"A(v) has shape {w.shape} for v of shape {v.shape}: return one product")
    if w.dtype != v.dtype:
        raise TypeError(f"A(v) is of {w.dtype} for v of {v.dtype}: convert one of them")
    return checked_finite(w, "A(v)").copy()


def _unit_start(start, A=None):
    """Return the start vector for A, an operator or None, or refuse it by name."""
    dtype = np.dtype(float) if A is None else A.dtype
    if start is None:
        return unit_vector(np.cos(np.arange(A.shape[0], dtype=float) ** 2).astype(dtype))
    start = np.ascontiguousarray(float_vector(real_array(start, "start", dtype), "start"))
    if A is not None and len(start) != A.shape[0]:
        raise ValueError(f"start has length {len(start)}, but A has shape {A.shape}: give a number "
                         "for each column")
    if A is not None and start.dtype != dtype:
        raise TypeError(f"A is of {dtype}, start of {start.dtype}: convert one of them")
    if not start.any():
        raise ValueError("start is zero, and so is each product with it: give another vector")
    return unit_vector(start)


def unit_vector(x):
    """Return x / norm(x), for an x that is not zero."""
    x = squarable(x)[0]
    return x / np.sqrt(inner(x, x))


def length(x):
    """Return norm(x); no square overflows or underflows on the way."""
    x, exponent = squarable(x)
    with np.errstate(over="ignore"):
        return np.ldexp(np.sqrt(inner(x, x)), exponent)
