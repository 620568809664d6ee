"""Measure errors exactly, in the format of a case: the widest float among what a reader is given.

Sizes and errors are Fractions, or floats where they are infinite or nan, in arrays of objects.
"""

import math
from fractions import Fraction

import numpy as np

from lib.numbers import exact_distance, exact_parts


def _each(f, *arrays):
    """Return f of the numbers in arrays, entry by entry, as an array of objects."""
    with np.errstate(invalid="ignore"):  # where it is nan
        found = np.frompyfunc(f, len(arrays), 1)(*(array.astype(object) for array in arrays))
    return np.asarray(found, dtype=object)


def sizes(x):
    """Return |x|; of complex numbers rounded up, by 2**-64 of it at most."""
    return _each(lambda z: exact_distance(z, 0), x)


def distances(x, c):
    """Return |x - c|; of complex numbers rounded up, by 2**-64 of it at most."""
    return _each(exact_distance, x, c)


def largest(x):
    """Return the largest size in an array, nan if there is one, or whether any is true."""
    if x.dtype == bool:
        return bool(np.any(x))
    if x.dtype.kind == "f":  # whose signs can be dropped without rounding
        return exact_distance(np.max(np.abs(x)), 0)
    return max(sizes(x).flat, key=lambda size: (size != size, size))


def relative_to(error, exact):
    """Return errors in units of the exact values: 0 where there is none, inf where only c is 0."""
    def relative(gap, size):
        return gap / size if gap and size and math.inf not in (gap, size) else gap and math.inf

    return _each(relative, error, sizes(exact))


def in_ulps(error, exact, dtype):
    """Return errors in units of the spacing of floats of a dtype at the exact values.

    That is 2**(max(e, emin) - p + 1) for 2**e <= |c| < 2**(e + 1), whichever float c rounds to.
    """
    def ulps(gap, c):
        pair = exact_parts(c, "reference")
        # At an infinity there is no spacing: the error is 0 or infinite.
        finite = all(isinstance(part, Fraction) for part in (gap, *pair))
        return gap / Fraction(2) ** _unit(pair, dtype) if finite else gap

    return _each(ulps, error, exact)


def _unit(pair, dtype):
    """Return the exponent of the spacing of floats of a dtype at a number, from its parts."""
    info, square = np.finfo(dtype), sum(part * part for part in pair)
    if not square:
        return int(info.minexp - info.nmant)
    exponent = square.numerator.bit_length() - square.denominator.bit_length()
    exponent -= square < Fraction(2) ** exponent  # 2**exponent <= square < 2**(exponent + 1)
    return int(max(exponent // 2, info.minexp) - info.nmant)


def replaced(x, where, value):
    """Return x with another value at some places; whole numbers keep all their digits."""
    if not np.any(where):
        return x
    return np.where(where, value, x.astype(object) if x.dtype.kind in "iu" else x)


def rounded_to(exact, dtype):
    """Return exact values rounded once to a dtype, to its complex numbers if they are complex."""
    entries = exact.astype(object).ravel()
    pairs = [exact_parts(z, "reference") for z in entries]
    real, imag = (np.array([_nearest(pair[side], dtype) for pair in pairs], dtype)
                  .reshape(exact.shape) for side in (0, 1))
    if not any(isinstance(z, complex | np.complexfloating) or hasattr(z, "_mpc_") for z in entries):
        return real
    rounded = real.astype(np.result_type(dtype, np.complex64))
    rounded.imag = imag
    return rounded


def _nearest(part, dtype):
    """Return the float of a dtype that is nearest to a Fraction, of two the even one."""
    if not isinstance(part, Fraction):
        return part
    unit = _unit((part,), dtype)
    with np.errstate(over="ignore"):  # what is beyond the range becomes an infinity
        return np.ldexp(np.dtype(dtype).type(round(part / Fraction(2) ** unit)), unit)


def format_of_args(args):
    """Return the widest dtype among the floats of NumPy in args, float64 without any."""
    found = [np.zeros(0, dtype).real.dtype for dtype in _dtypes(args) if dtype.kind in "fc"]
    return np.result_type(*found) if found else np.dtype(float)


def _dtypes(args, depth=3):
    """Return the dtypes of arrays and NumPy scalars, also of those inside lists, not too deep."""
    inside = [d for a in args if isinstance(a, list | tuple) and depth
              for d in _dtypes(a, depth - 1)]
    return [a.dtype for a in args if isinstance(a, np.ndarray | np.generic)] + inside
