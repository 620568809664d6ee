"""Refuse by name what is no plain array of finite real floats, and say what to do instead.

Arrays of float32 and float64 pass as they are, integers and lists become float64. Arrays of objects
that know arithmetic, such as fractions or the numbers of `lib.digits.trace`, pass too.
"""

import numpy as np

from lib.numbers.formats import FP64, format_of

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
        If x is masked, a sparse matrix or a np.matrix, or a list that holds one: as plain arrays
        the first would lose its mask, the second its meaning, the third its product.
    ValueError
        If x is ragged.

    Examples
    --------
    >>> plain_array(np.array([1.0, 2.0], dtype=">f8"), "x").dtype == np.float64
    True
    >>> plain_array(np.ma.masked_array([1.0, 2.0], [0, 1]), "x")
    Traceback (most recent call last):
    TypeError: x is masked: use x.compressed(), or fill it with x.filled(value)
    """
    for part in [x, *(x if isinstance(x, list | tuple) else ())]:
        if isinstance(part, np.ma.MaskedArray):
            raise TypeError(f"{name} is masked: use {name}.compressed(), or fill it with "
                            f"{name}.filled(value)")
        if isinstance(part, np.matrix):
            raise TypeError(f"{name} is a np.matrix, whose * is a product of matrices: use "
                            f"np.asarray({name})")
        if hasattr(part, "toarray"):
            raise TypeError(f"{name} is sparse: dense routines need {name}.toarray()")
    array = np.asarray(x)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


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
    # One reason after the other; the order decides which is named.
    array = plain_array(x, name)
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


def unit_roundoff(dtype):
    """Return u of a dtype; objects count as float64, whose arithmetic the tracer follows."""
    return format_of(dtype).u if np.dtype(dtype).kind == "f" else FP64.u
