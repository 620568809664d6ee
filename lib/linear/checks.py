"""Refuse by name what is not a matrix of finite real floats, and say what to do instead.

Every routine of dense linear algebra asks here first, and computes in the dtype that it gets back:
float32 and float64 as they are, integers and lists as float64.
"""

import numpy as np

from lib.numbers import real_array


class SingularMatrixError(ValueError):
    """An exactly singular matrix, where a solution or a full rank was asked for."""


class IllConditionedWarning(UserWarning):
    """A solution in which rounding errors may have left no correct digit."""


def matrix(A, name="A"):
    """Return A as a matrix, or refuse it as `real_array` does, or with its number of dimensions."""
    A = real_array(A, name)
    if A.ndim != 2:
        raise ValueError(f"{name} has shape {A.shape}, but a matrix has two dimensions")
    return A


def square_matrix(A, name="A"):
    """Return A as a square matrix, or refuse it with its shape."""
    A = matrix(A, name)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"{name} has shape {A.shape}, but must be square; for more equations "
                         "than unknowns use least_squares")
    return A


def tall_matrix(A, name="A"):
    """Return A as a matrix with at least as many rows as columns, or refuse it with its shape."""
    A = matrix(A, name)
    if A.shape[0] < A.shape[1]:
        raise ValueError(f"{name} has shape {A.shape}, with fewer rows than columns: its columns "
                         "are linearly dependent; work with the transpose")
    return A


def right_hand_side(b, A, name="b"):
    """Return b, of shape (m,) or (m, k) and of the dtype of A, or refuse it.

    Raises
    ------
    TypeError
        If b is an array of another floating dtype than A: the caller decides what to round.
    ValueError
        If b has not as many rows as A.
    """
    b = real_array(b, name, A.dtype)
    if b.ndim not in (1, 2) or len(b) != len(A):
        raise ValueError(f"{name} has shape {b.shape}, but the matrix has shape {A.shape}: "
                         f"{name} needs {len(A)} rows")
    if b.dtype != A.dtype and object not in (b.dtype, A.dtype):
        raise TypeError(f"the matrix is of {A.dtype}, {name} of {b.dtype}: convert one of them")
    return b.astype(np.result_type(A, b), copy=False)


def checked_finite(x, what):
    """Return x, or raise OverflowError if a number on the way to it grew too large."""
    if x.dtype != object and not np.isfinite(x).all():
        raise OverflowError(f"{what} left the range of {x.dtype}: scale the problem first")
    return x
