"""Refuse by name what is no plain array of numbers, and say what to do instead.

`plain_array` guards the meaning of what every function of a room is given; the others also ask for
finite real floats.
"""

from collections import deque
from decimal import Decimal
from fractions import Fraction
from numbers import Complex, Number, Real
from sys import float_info

import numpy as np

DTYPES = (np.float32, np.float64, object)


def plain_array(x, name):
    """Return x as an array in the machine's byte order, or refuse it by name.

    Whole numbers of NumPy among objects, which wrap, become those of Python.

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
        If x is ragged, or contains itself, or is a list in which NumPy would round a whole number,
        as it does beside floats.

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
    if array.dtype.kind in "fc" and isinstance(x, list | tuple | deque):
        _refuse_rounded(x, array, name)
    for part in array.flat if array.dtype == object else ():
        if isinstance(part, type | np.ndarray) or not (
                hasattr(part, "__float__") or hasattr(part, "__complex__")):
            raise TypeError(f"{name} holds a {type(part).__name__}, which is no number: leave it "
                            "out, or convert it with float()")
    array = _python_whole(array) if array.dtype == object else array
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _python_whole(array):
    """Return an array of objects with whole numbers of NumPy, if there are any, as Python's."""
    wraps = np.integer | np.bool_
    if not any(isinstance(part, wraps) for part in array.flat):
        return array
    return np.array([int(x) if isinstance(x, wraps) else x for x in array.flat],
                    dtype=object).reshape(array.shape)


def _refuse_rounded(x, array, name):
    """Refuse a list that holds a whole number which its array has rounded."""
    for part, kept in zip(np.asarray(x, dtype=object).flat, array.flat, strict=True):
        if isinstance(part, int | np.integer) and int(kept.real) != part:
            raise ValueError(f"{name} holds {part} beside floats, and would be rounded to "
                             f"{kept:.17g}: use np.array({name}, dtype=object), or floats")


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
        What integers and lists become, those with whole numbers beyond 64 bits too; arrays of
        floats or objects keep theirs.
    finite : bool
        Whether to refuse infinities and nans.

    Raises
    ------
    TypeError
        If x is complex, masked, sparse, a np.matrix, or of another dtype than float32 and float64,
        or holds a longdouble, which would be rounded.
    ValueError
        If x is empty or ragged, or, where finite is asked for, holds an infinity or a nan.
    OverflowError
        If a list or integers hold a number too large for the dtype.

    Examples
    --------
    >>> real_array([1, 2], "b")
    array([1., 2.])
    """
    # One reason after the other; the order decides which is named.
    array = plain_array(x, name)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} is complex ({array.dtype}): solve for real and imaginary parts, "
                        "with the matrix [[Re, -Im], [Im, Re]]")
    becomes_float = _becomes_float(array, given_as_array=isinstance(x, np.ndarray))
    if not (becomes_float or array.dtype in DTYPES):
        raise TypeError(f"{name} is of {array.dtype}, not float32 or float64: use .astype(float)")
    if array.size == 0:
        raise ValueError(f"{name} is empty, of shape {array.shape}: nothing can be computed")
    for part in array.flat if array.dtype == object else ():
        _refuse_object(part, name, finite)
    if finite and array.dtype != object and not np.isfinite(array).all():
        place = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
        raise ValueError(f"{name}{list(place)} is {array[place]}: remove or replace it first")
    return _as_floats(array, name, dtype) if becomes_float else array


def _becomes_float(array, given_as_array):
    """Return whether an array holds integers, or was a list of plain numbers of any size."""
    if array.dtype.kind in "biu" or given_as_array:
        return array.dtype.kind in "biu"
    if array.dtype == object:  # whole numbers beyond 64 bits
        return all(isinstance(part, int | float) for part in array.flat)
    return array.dtype.itemsize <= 8


def _as_floats(array, name, dtype):
    """Return numbers in a dtype of floats, or refuse what is too large for it.

    Among objects, such as fractions, they become numbers of Python, which is exact.
    """
    if np.dtype(dtype) == object:
        return array.astype(object)
    try:
        with np.errstate(over="ignore"):
            floats = array.astype(dtype)
        too_large = np.any(np.isinf(floats) & (np.abs(array) != np.inf))
    except OverflowError:  # a whole number beyond the range of any float
        too_large = True
    if too_large:
        raise OverflowError(f"{name} holds numbers too large for {np.dtype(dtype)}: scale them "
                            "first")
    return floats


def _refuse_object(part, name, finite):
    """Refuse what is no real number in an array of objects, and an infinity or a nan of any kind.

    A number of the tracer has no type of numbers, and is not asked whether it is finite.
    """
    unreal = isinstance(part, Complex) and not isinstance(part, Real)
    if unreal or not (hasattr(part, "__mul__") and hasattr(part, "__sub__")):
        raise TypeError(f"{name} holds {part!r}, which is no real number: replace it first")
    if finite and isinstance(part, Number) and not _is_finite(part):
        raise ValueError(f"{name} holds {part}: remove or replace it first")


def _is_finite(x):
    """Return whether a real number of any kind is finite."""
    try:
        return bool(x == x and abs(x) != np.inf)
    except ArithmeticError:  # a signalling nan of decimal
        return False


def refuse_mixed(parts, name):
    """Refuse numbers that cannot be added to others among them, by the name of all.

    Decimals add to neither floats nor fractions, and numbers of mpmath to neither fractions nor
    Decimals, or not in every order; a whole number has to fit a float beside it.

    Examples
    --------
    >>> refuse_mixed([1.0, Decimal(1)], "x")
    Traceback (most recent call last):
    TypeError: x holds Decimal('1') beside 1.0, and the two do not add: convert all to floats
    """
    floats = [x for x in parts if isinstance(x, float | np.floating)]
    fractions = [x for x in parts if isinstance(x, Fraction)]
    of_mpmath = [x for x in parts if hasattr(x, "_mpf_") or hasattr(x, "_mpc_")]
    for x in parts if floats or fractions or of_mpmath else ():
        apart = of_mpmath if isinstance(x, Fraction) else []
        if isinstance(x, Decimal):
            apart = floats or fractions or of_mpmath
        if apart:
            raise TypeError(f"{name} holds {x!r} beside {apart[0]!r}, and the two do not add: "
                            "convert all to floats")
        if floats and isinstance(x, int | Fraction) and abs(x) > float_info.max:
            raise OverflowError(f"{name} holds a number beyond 1.8e308 beside a float, which does "
                                "not hold it: scale them first, or use fractions alone")


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
