"""Refuse by name what is not a matrix of finite real floats, and say what to do instead.

Every routine of dense linear algebra in this library asks here first, and computes in the dtype
that it gets back: float32 and float64 as they are, integers and lists as float64. Arrays of
objects that know arithmetic, such as fractions or the numbers of `lib.digits.trace`, pass.
"""

import numpy as np

from lib.formats import FP64, format_of

DTYPES = (np.float32, np.float64, object)


class SingularMatrixError(ValueError):
    """An exactly singular matrix, where a solution or a full rank was asked for."""


class IllConditionedWarning(UserWarning):
    """A solution in which rounding errors may have left no correct digit."""


def real_array(x, name, dtype=float):
    """Return x as an array of finite real floats that is not empty, or refuse it by name.

    Parameters
    ----------
    x : array_like
    name : str
        What messages call x.
    dtype : dtype
        What integers and lists become; arrays of floats keep theirs.

    Raises
    ------
    TypeError
        If x is complex, sparse, or of another dtype than float32 and float64.
    ValueError
        If x is empty, ragged, or holds an infinity or a nan.

    Examples
    --------
    >>> real_array([1, 2], "b")
    array([1., 2.])
    """
    if hasattr(x, "toarray"):
        raise TypeError(f"{name} is sparse: dense routines need {name}.toarray()")
    # One reason after the other; the order decides which is named.
    array = np.asarray(x)
    if array.dtype.kind in "biu" or (array.dtype.kind == "f" and not isinstance(x, np.ndarray)):
        array = array.astype(dtype)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} is complex ({array.dtype}): solve for real and imaginary parts, "
                        "with the matrix [[Re, -Im], [Im, Re]]")
    if array.dtype not in DTYPES:
        raise TypeError(f"{name} is of {array.dtype}, not float32 or float64: use .astype(float)")
    if array.size == 0:
        raise ValueError(f"{name} is empty, of shape {array.shape}: nothing can be computed")
    if array.dtype != object and not np.isfinite(array).all():
        place = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
        raise ValueError(f"{name}{list(place)} is {array[place]}: remove or replace it first")
    return array


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


def unit_roundoff(dtype):
    """Return u of a dtype; objects count as float64, whose arithmetic the tracer follows."""
    return format_of(dtype).u if np.dtype(dtype).kind == "f" else FP64.u
