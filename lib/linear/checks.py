"""Refuse by name what is not a matrix of finite real floats, and say what to do instead.

Every routine of dense linear algebra asks here first, and computes in the dtype that it gets back:
float32 and float64 as they are, integers and lists as float64.
"""

import numpy as np

from lib.numbers import plain_array, real_array, refuse_mixed, whole_number

SYMMETRIC = ("the matrix must be symmetric; if that is rounding use (A + A.T) / 2, else its "
             "eigenvalues may be complex, use np.linalg.eig")


class SingularMatrixError(ValueError):
    """An exactly singular matrix, where a solution or a full rank was asked for."""


class NotPositiveDefiniteError(ValueError):
    """A pivot of Cholesky's method is not positive; `.pivot` is its index, `.value` its value.

    In conjugate gradients, `.pivot` is the step and `.value` a Rayleigh quotient.
    """

    def __init__(self, message, pivot, value):
        super().__init__(message)
        self.pivot, self.value = pivot, value

    def __reduce__(self):  # for copies: an exception is made anew from its message alone
        return type(self), (*self.args, self.pivot, self.value), vars(self)


class IllConditionedWarning(UserWarning):
    """A solution in which rounding errors may have left no correct digit."""


def matrix(A, name="A"):
    """Return A as a matrix, or refuse it as `real_array` does, or with its number of dimensions."""
    A = real_array(A, name)
    if A.ndim != 2:
        raise ValueError(f"{name} has shape {A.shape}, but a matrix has two dimensions: use "
                         "x[:, None] for one column, x[None] for one row")
    if A.dtype == object:
        refuse_mixed(list(A.flat), name)
    return A


def vector(x, name="x"):
    """Return x as a vector, or refuse it as `real_array` does, or with its number of dimensions."""
    x = real_array(x, name)
    if x.ndim != 1:
        raise ValueError(f"{name} has shape {x.shape}, but a vector has one dimension: use "
                         f"{name}.ravel()")
    return x


def float_vector(x, name="x"):
    """Return x as a vector of finite floats, or refuse it by name."""
    x = vector(x, name)
    if x.dtype == object:
        raise TypeError(f"{name} holds objects: what is computed from it to the last digit of its "
                        "format needs float32 or float64")
    return x


def float_matrix(A, name="A"):
    """Return A as a matrix of finite floats, or refuse it by name."""
    A = matrix(A, name)
    if A.dtype == object:
        raise TypeError(f"{name} holds objects: a decomposition that iterates to the accuracy of "
                        "its format needs float32 or float64")
    return A


def eigen_matrix(A, name="A"):
    """Return A as a square matrix of finite floats, or refuse it by name."""
    A = float_matrix(A, name)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"{name} has shape {A.shape}, but only a square matrix has eigenvalues: "
                         "for singular values use jacobi_svd")
    return A


def sparse_matrix(A, name="A"):
    """Return a sparse matrix by rows, of floats, or refuse it by name."""
    if len(A.shape) != 2 or 0 in A.shape or A.dtype.kind == "c":
        raise TypeError(f"{name} is sparse, of {A.dtype} and of shape {A.shape}: it needs real "
                        "numbers in two dimensions, neither empty")
    A = A.tocsr()
    data = A.data if A.nnz else np.zeros(1, A.dtype)  # an empty one is of its dtype, too
    return A.astype(real_array(data, f"the data of {name}").dtype, copy=False)


def symmetric_matrix(A, name="A"):
    """Return A as a symmetric matrix of finite floats, or refuse it by name.

    Weighted Gram matrices, and computed inverses, differ from their transpose by some n eps
    max|A|: up to 8 n eps max|A| counts as rounding.
    """
    A = eigen_matrix(A, name)
    allowed = 8 * len(A) * np.finfo(A.dtype).eps * np.max(np.abs(A))
    refuse_asymmetry(A, allowed, SYMMETRIC)
    return A


def refuse_asymmetry(A, allowed, needs):
    """Refuse A, naming its worst pair of elements, if one differs by more than is allowed."""
    with np.errstate(over="ignore"):
        excess = np.abs(A - A.T) - allowed
    if np.any(excess > 0):
        i, j = np.unravel_index(np.argmax(excess), A.shape)
        one, other = f"{A[i, j]:.6g}", f"{A[j, i]:.6g}"
        off = f", {abs(A[i, j] - A[j, i]):.1g} off" if one == other else ""
        raise ValueError(f"A[{i}, {j}] = {one}, but A[{j}, {i}] = {other}{off}: {needs}")


def with_roots(A, name="A"):
    """Return A, or refuse objects without square roots, such as fractions, which need them here.

    Where whole numbers of Python are among plain floats, or alone, all become floats: those beyond
    64 bits, which their squares soon are, have no root in NumPy.
    """
    plain = int | float | np.floating
    for x in A.flat if A.dtype == object else ():
        if not (isinstance(x, plain) or hasattr(x, "sqrt")):
            raise TypeError(f"{name} holds {x!r}, which has no square root: use "
                            f"{name}.astype(float), or lu, which needs none")
    if A.dtype == object and all(isinstance(x, plain) for x in A.flat) and any(
            isinstance(x, int) for x in A.flat):
        return real_array(A.tolist(), name).astype(object)
    return A


def three_factors(factors):
    """Return U, s and Vt, or refuse what does not unpack as these."""
    try:
        U, s, Vt = factors
    except (TypeError, ValueError):
        raise TypeError(f"factors is a {type(factors).__name__} that does not unpack as U, s, Vt: "
                        "give jacobi_svd(A), or a tuple of these three") from None
    return U, s, Vt


def in_place(A, name, first=None):
    """Return A if factors can overwrite its columns from first on, or refuse it by name.

    A panel, for which first is None, may have more rows than columns, and hold what is not finite.
    """
    if not isinstance(A, np.ndarray) or plain_array(A, name) is not A:
        raise TypeError(f"{name} is overwritten by its factors: give np.array({name}, float)")
    if A.dtype not in (np.float32, np.float64, object):
        raise TypeError(f"{name} is of {A.dtype}, which cannot hold factors: use .astype(float)")
    if A.ndim != 2 or not A.size or not A.flags.writeable:
        raise ValueError(f"{name} has shape {A.shape}, writeable: {A.flags.writeable}, but is "
                         "overwritten by its factors: give a copy of a matrix")
    if len(A) < A.shape[1] or (first is not None and len(A) != A.shape[1]):
        raise ValueError(f"{name} has shape {A.shape}: elimination needs a square matrix, or for a "
                         "panel no fewer rows than columns")
    if first is not None and whole_number(first, "first", 0) >= len(A):
        raise ValueError(f"first = {first}: {name} has the columns 0 to {len(A) - 1}")
    return matrix(A, name) if first == 0 else A


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


def right_hand_side(b, A, name="b", of="the matrix"):
    """Return b, of shape (m,) or (m, k) and of the dtype of A, or refuse it.

    A may be a sparse matrix, of which the shape and the dtype count. Where A holds integers, b is
    float64, in which systems with such a matrix are solved. Messages call b by its name, and A what
    it is.

    Raises
    ------
    TypeError
        If b is an array of another floating dtype than A: the caller decides what to round. If A
        is of a dtype in which nothing is solved, such as complex.
    ValueError
        If b has not as many rows as A.
    OverflowError
        If b is a list that holds a number too large for the dtype of A.
    """
    if not hasattr(A, "tocsr") and (not isinstance(A, np.ndarray) or A.ndim == 0):
        A = matrix(A)
    dtype = np.dtype(float) if A.dtype.kind in "biu" else A.dtype
    if dtype not in (np.float32, np.float64, object):
        raise TypeError(f"{of} is of {dtype}, not float32 or float64: use .astype(float)")
    b = real_array(b, name, dtype)
    if b.ndim not in (1, 2) or len(b) != A.shape[0]:
        raise ValueError(f"{name} has shape {b.shape}, but {of} has shape {A.shape}: "
                         f"{name} needs {A.shape[0]} rows")
    if b.dtype != dtype and object not in (b.dtype, dtype):
        raise TypeError(f"{of} is of {dtype}, {name} of {b.dtype}: convert one of them")
    if object in (b.dtype, dtype):
        beside = A.flat[0] if A.dtype == object and A.size else 1.0
        refuse_mixed([beside, *b.flat], f"{of} with {name}")
    return b.astype(np.result_type(dtype, b), copy=False)


def checked_finite(x, what):
    """Return x, or raise OverflowError if a number on the way to it grew too large."""
    if x.dtype != object and not np.isfinite(x).all():
        raise OverflowError(f"{what} left the range of {x.dtype}: scale the problem first")
    return x
