"""Take what came back as the numbers that a task asks for, by one rule for all kinds of numbers.

=============================  ====================================================================
what came back                 what is judged
=============================  ====================================================================
float16, float32, float64      its values; an identity is computed from them in float64
longdouble                     its values rounded to float64, unless an argument is wider
whole numbers                  their values, with all digits; in an identity rounded to float64
complex, also with imaginary   nothing: it is wrong, unless the reference or an argument is complex
parts of 0
Fraction, Decimal, objects     nothing: it is wrong, `float` converts them
=============================  ====================================================================

So a wide format may serve on the way, as `math.fsum` and fractions may, and what it has beyond the
format of the task is rounded off before anything is measured.
"""

import numpy as np

from lib.grade.calls import fails, numbers
from lib.grade.precision import format_of_args, rounded_to


def as_asked(value, args, shape=None, is_complex=False):
    """Return a result as an array of numbers no wider than asked for; raise a Verdict on others.

    Parameters
    ----------
    value : object
        What a function returned.
    args : tuple
        What it was given.
    shape : tuple of int, optional
        The one that is asked for.
    is_complex : bool
        Whether complex numbers are asked for; where an argument is complex they are.

    Examples
    --------
    >>> as_asked([np.longdouble(1) / 3], (1.0,)).dtype, as_asked(2**70, (1.0,)).item() == 2**70
    (dtype('float64'), True)
    """
    array = numbers(value, shape)
    if array.dtype.kind == "c" and not (is_complex or holds_complex(args)):
        fails("returned complex numbers, real ones are asked for" + (
            ": their imaginary parts are 0, take .real" * (not np.any(array.imag))))
    if array.dtype.kind not in "fc":
        return array
    wide = np.result_type(format_of_args(args), float)
    wide = np.result_type(wide, complex) if array.dtype.kind == "c" else wide
    with np.errstate(over="ignore"):  # what is beyond the range becomes an infinity
        return array.astype(wide) if array.dtype.itemsize > wide.itemsize else array


def as_floats(value, args):
    """Return the same for an identity: in float64 at least, so that nothing wraps or is lost.

    Examples
    --------
    >>> as_floats(np.int8([[100]]), ()) @ as_floats(np.int8([[100]]), ())
    array([[10000.]])
    """
    array = as_asked(value, args)
    if array.dtype == object:
        return rounded_to(array, float)
    return array.astype(np.result_type(array.dtype, float), copy=False)


def holds_complex(args, depth=3):
    """Return whether there is a complex number in arrays, in lists, or alone.

    Examples
    --------
    >>> holds_complex(([1.0, 2j],)), holds_complex((np.ones(2), "1j"))
    (True, False)
    """
    return any(
        holds_complex(part, depth - 1) if isinstance(part, list | tuple) and depth
        else hasattr(part, "_mpc_") or isinstance(part, complex | np.complexfloating) or (
            isinstance(part, np.ndarray) and (part.dtype.kind == "c" or (
                part.dtype == object and holds_complex(part.ravel().tolist(), 1))))
        for part in args)
