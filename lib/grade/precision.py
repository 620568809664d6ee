"""Measure errors in the format of a case: the widest float among what the reader is given."""

import math

import numpy as np

from lib.numbers import absolute_error, exact_distance


def distances(x, c):
    """Return |x - c| of each entry as an array of Fractions, or of floats where it is no number."""
    exact = np.frompyfunc(exact_distance, 2, 1)(x.astype(object), c.astype(object))
    return np.asarray(exact, dtype=object)


def largest(x):
    """Return the largest size in an array as a Fraction, inf or nan, or whether any is true."""
    if x.dtype == bool:
        return bool(np.any(x))
    if x.dtype.kind == "f":  # whose signs can be dropped without rounding
        return exact_distance(np.max(np.abs(x)), 0)
    sizes = distances(x.ravel(), np.zeros(1, int))
    return max(sizes, key=lambda size: (size != size, size))


def ulps_off(value, exact, rounded):
    """Return the errors in units of the spacing of floats at the exact values."""
    error = np.asarray(absolute_error(value, exact))
    with np.errstate(all="ignore"):
        spacing = np.spacing(np.abs(rounded)).astype(float)
        # At an infinity there is no spacing: the error is 0 or infinite.
        return error / np.where(np.isfinite(rounded), spacing, 1.0)


def replaced(x, where, value):
    """Return x with another value at some places; whole numbers keep all their digits."""
    if not np.any(where):
        return x
    return np.where(where, value, x.astype(object) if x.dtype.kind in "iu" else x)


def rounded_to(exact, fmt):
    """Return exact values rounded to a format, to its complex numbers where they are complex."""
    with np.errstate(all="ignore"):  # what is beyond the range becomes an infinity
        values = np.frompyfunc(_nearest, 1, 1)(exact)
        is_complex = any(isinstance(z, complex) for z in np.ravel(values))
        return np.asarray(values).astype(np.result_type(fmt, np.complex64) if is_complex else fmt)


def _nearest(z):
    """Return the float or the complex number nearest to a number of any kind."""
    is_complex = isinstance(z, complex | np.complexfloating) or hasattr(z, "_mpc_")
    try:
        return complex(z) if is_complex else float(z)
    except OverflowError:  # a fraction or a whole number beyond the range
        return math.inf if z > 0 else -math.inf


def format_of_args(args):
    """Return the widest dtype among the floats of NumPy in args, float64 without any."""
    found = [np.zeros(0, dtype).real.dtype for dtype in _dtypes(args) if dtype.kind in "fc"]
    return np.result_type(*found) if found else np.dtype(float)


def _dtypes(args, depth=3):
    """Return the dtypes of arrays and NumPy scalars, also of those inside lists, not too deep."""
    inside = [d for a in args if isinstance(a, list | tuple) and depth
              for d in _dtypes(a, depth - 1)]
    return [a.dtype for a in args if isinstance(a, np.ndarray | np.generic)] + inside
