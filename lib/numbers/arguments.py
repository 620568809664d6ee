"""Refuse by name what is no plain array of numbers, and say what to do instead.

`plain_array` guards the meaning of what every function of a room is given; the others also ask for
finite real floats.
"""

import math
from collections import deque
from decimal import Decimal
from numbers import Complex, Real

import numpy as np

DTYPES = (np.float32, np.float64, object)


def plain_array(x, name):
    """Return x as an array in the machine's byte order, or refuse it by name.

    Parameters
    ----------
    x : array_like
    name : str
        What messages call x.

    Raises
    ------
    TypeError
        If x is masked, a sparse matrix or a np.matrix, or a list or an array of objects that holds
        one: as plain arrays the first would lose its mask, the second its meaning, the third its
        product. If x holds what is no number: text, dates, records, None, classes, arrays in an
        array of objects.
    ValueError
        If x is ragged, or contains itself.

    Examples
    --------
    >>> plain_array(np.array([1.0, 2.0], dtype=">f8"), "x").dtype == np.float64
    True
    >>> plain_array(np.ma.masked_array([1.0, 2.0], [0, 1]), "x")
    Traceback (most recent call last):
    TypeError: x is masked: use x.compressed(), or fill it with x.filled(value)
    """
    _refuse_masked(x, name)
    try:
        array = np.asanyarray(x)  # of whatever class __array__ gives
    except ValueError:  # NumPy's message knows no name
        raise ValueError(f"{name} is ragged: give all of its rows one length") from None
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name} is of {array.dtype}, not float32 or float64: use "
                        f"np.asarray({name}, dtype=float) if it can be read as numbers")
    _refuse_masked(array, name)
    array = np.asarray(array)
    for part in array.flat if array.dtype == object else ():
        if isinstance(part, type | np.ndarray) or not (
                hasattr(part, "__float__") or hasattr(part, "__complex__")):
            raise TypeError(f"{name} holds a {type(part).__name__}, which is no number: leave it "
                            "out, or convert it with float()")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _refuse_masked(x, name, around=()):
    """Refuse x if it is masked, sparse or a np.matrix, or holds such a part, or itself."""
    if any(x is outer for outer in around):
        raise ValueError(f"{name} contains itself: give numbers in its place")
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name} is masked: use {name}.compressed(), or fill it with "
                        f"{name}.filled(value)")
    if isinstance(x, np.matrix):
        raise TypeError(f"{name} is a np.matrix, whose * is a product of matrices: use "
                        f"np.asarray({name})")
    if hasattr(x, "toarray"):
        raise TypeError(f"{name} is sparse: dense routines need {name}.toarray()")
    if isinstance(x, np.ndarray):
        parts = x.flat if x.dtype == object else ()
    else:
        parts = x if isinstance(x, list | tuple | deque) else ()
    for part in parts:
        if not isinstance(part, float):  # the commonest part is no container
            _refuse_masked(part, name, (*around, x))


def real_array(x, name, dtype=float, finite=True):
    """Return x as an array of real floats that is not empty, or refuse it by name.

    Parameters
    ----------
    x : array_like
    name : str
        What messages call x.
    dtype : dtype
        What integers and lists become; arrays of floats keep theirs.
    finite : bool
        Whether to refuse infinities and nans.

    Raises
    ------
    TypeError
        If x is complex, masked, sparse, a np.matrix, or of another dtype than float32 and float64,
        or holds a longdouble, which would be rounded.
    ValueError
        If x is empty or ragged, or, where finite is asked for, holds an infinity or a nan.

    Examples
    --------
    >>> real_array([1, 2], "b")
    array([1., 2.])
    """
    # One reason after the other; the order decides which is named.
    array = plain_array(x, name)
    narrow = array.dtype.kind == "f" and array.dtype.itemsize <= 8
    if array.dtype.kind in "biu" or (narrow and not isinstance(x, np.ndarray)):
        array = array.astype(dtype)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} is complex ({array.dtype}): solve for real and imaginary parts, "
                        "with the matrix [[Re, -Im], [Im, Re]]")
    if array.dtype not in DTYPES:
        raise TypeError(f"{name} is of {array.dtype}, not float32 or float64: use .astype(float)")
    if array.size == 0:
        raise ValueError(f"{name} is empty, of shape {array.shape}: nothing can be computed")
    for part in array.flat if array.dtype == object else ():
        _refuse_object(part, name, finite)
    if finite and array.dtype != object and not np.isfinite(array).all():
        place = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
        raise ValueError(f"{name}{list(place)} is {array[place]}: remove or replace it first")
    return array


def _refuse_object(part, name, finite):
    """Refuse a complex number in an array of objects, and an infinity or a nan of any kind."""
    if isinstance(part, Complex) and not isinstance(part, Real):
        raise TypeError(f"{name} holds {part}, which is no real number: replace it first")
    # Fractions and whole numbers are finite; so are traced numbers, which must not be asked.
    if isinstance(part, Decimal):
        inside = part.is_finite()
    else:
        is_float = isinstance(part, float | np.floating) or hasattr(part, "_mpf_")
        inside = not is_float or -math.inf < part < math.inf
    if finite and not inside:
        raise ValueError(f"{name} holds {part}: remove or replace it first")


def one_shape(x, y, names):
    """Return the shape that two arrays broadcast to, or refuse them by their names.

    Examples
    --------
    >>> one_shape(np.ones((2, 1)), np.ones(3), ("x", "c"))
    (2, 3)
    """
    try:
        return np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        raise ValueError(f"{names[0]} of shape {x.shape} and {names[1]} of shape {y.shape} do not "
                         "fit: give both one shape") from None
