"""Read a symmetric matrix by what it does to a vector: an array, a sparse matrix, or a function.

Methods that only multiply need no elements. A function v -> A v cannot be looked into, so that
nobody knows whether it is linear and symmetric; what it returns is checked each time.
"""

import numpy as np

from lib.linear.checks import (
    float_matrix,
    float_vector,
    right_hand_side,
    sparse_matrix,
    vector,
)
from lib.numbers import plain_array, unit_roundoff


def symmetric_system(A, b):
    """Return A, a stored matrix or a function, and b in its dtype, or refuse them by name."""
    if callable(A):
        return A, float_vector(b, "b")
    A = stored_symmetric(A)
    return A, float_vector(vector(right_hand_side(b, A), "b"), "b")


def stored_symmetric(A, name="A"):
    """Return A as a symmetric array, or a sparse matrix by rows, of floats, or refuse it by name.

    It may differ from its transpose by 10 n u sqrt(A[i, i] A[j, j]) in an element, as rounding
    makes it.
    """
    A = sparse_matrix(A, name) if hasattr(A, "tocsr") else float_matrix(A, name)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"{name} has shape {A.shape}, but must be square; for more equations than "
                         "unknowns use least_squares")
    if _equals_transpose(A):
        return A
    i, j, off = _asymmetry(A)
    root = np.sqrt(np.abs(A.diagonal()))
    excess = off - 10 * A.shape[0] * unit_roundoff(A.dtype) * root[i] * root[j]
    if np.any(excess > 0):
        k = int(np.argmax(excess))
        raise ValueError(f"{name}[{i[k]}, {j[k]}] and {name}[{j[k]}, {i[k]}] differ by "
                         f"{off[k]:.3g}: conjugate gradients need a symmetric matrix; mend what "
                         "built it, or use solve")
    return A


def _equals_transpose(A):
    """Return whether a matrix is its transpose; False may only mean that nobody can see it here."""
    if isinstance(A, np.ndarray):
        return np.array_equal(A, A.T)
    T = A.T.tocsr()  # with sorted columns, as most matrices have them
    return all(np.array_equal(getattr(A, part), getattr(T, part))
               for part in ("indptr", "indices", "data"))


def _asymmetry(A):
    """Return the places where a matrix differs from its transpose, and by how much."""
    with np.errstate(over="ignore"):
        gap = abs(A - A.T)
    if hasattr(gap, "tocoo"):
        gap = gap.tocoo()
        return *gap.coords, gap.data
    places = np.nonzero(gap)
    return *places, gap[places]


def product(A, dtype, name="A"):
    """Return the function v -> A v, which makes a new array of a dtype, of a matrix or a function.

    A function is held to return real numbers of the shape of v, and cannot change v.
    """
    if not callable(A):
        return A.astype(dtype, copy=False).__matmul__

    def checked(v):
        seen = v.view()
        seen.flags.writeable = False
        y = plain_array(A(seen), f"{name}(v)")
        if y.shape != v.shape or y.dtype.kind not in "biuf":
            raise ValueError(f"{name}(v) is of {y.dtype} and of shape {y.shape} for v of {v.dtype} "
                             f"and of shape {v.shape}: return real numbers of the shape of v")
        return y.astype(dtype)

    return checked
