"""Read what a routine returned: plain arrays of the right shape and format, or a Verdict."""

import numpy as np

from lib.grade.calls import fails, numbers
from lib.grade.report import attempt


def untorched(value):
    """Return tensors as arrays, also those inside a tuple; anything else as it is.

    Examples
    --------
    >>> untorched((1.0, None))
    (1.0, None)
    """
    if type(value) is tuple:
        return tuple(_array_of_tensor(part) for part in value)
    return _array_of_tensor(value)


def _array_of_tensor(value):
    return attempt(lambda: value.detach().cpu().numpy(), lambda problem: value)


def array_of(value, shape, case):
    """Return a result as a plain array of float64; raise a Verdict if it is no such array.

    Parameters
    ----------
    value : object
    shape : tuple, or None for any
    case : Case
        Notes in `case.other` a format that is not the one that came in.

    Returns
    -------
    ndarray of float64
        Without nan. A float of Python is of every format, for a scalar.
    """
    if type(value) is tuple and any(np.ndim(one) for one in value if one is not None):
        fails(f"returned a tuple of {len(value)}: asked for is {case.kind.signature}")
    found = numbers(value, shape)
    if found.dtype.kind == "c":
        fails("returned complex numbers")
    if found.dtype.kind != "f" and not isinstance(value, int):
        fails(f"returned {found.dtype}, not {case.dtype}")
    if found.dtype != case.dtype and found.dtype.kind == "f" and found.ndim:
        case.other = found.dtype
    found = found.astype(float)
    if np.isnan(found).any():
        fails("returned nan")
    return found


def vector_like(value, size, case):
    """Return a result as a vector of so many float64, by the rules of `array_of`."""
    return array_of(value, (size,), case)


def number_of(value, case):
    """Return a scalar result as a float, by the rules of `array_of`."""
    return float(array_of(value, (), case))


def parts_of(value, number, case):
    """Return the parts of a result that is a tuple of so many; raise a Verdict if it is none."""
    found = attempt(lambda: tuple(value) if isinstance(value, tuple | list) else None,
                    lambda problem: None)
    if found is None or len(found) != number:
        fails(f"returned {type(value).__name__}, not {number} arrays: {case.kind.signature}")
    return found


def largest(x):
    """Return the largest size in an array, 0 if it is empty.

    Examples
    --------
    >>> largest(np.array([[1.0, -3.0]]))
    3.0
    """
    return float(np.max(np.abs(x), initial=0.0))


def ratio(x, y):
    """Return x / y for sizes; 0 where both are 0.

    Examples
    --------
    >>> ratio(0.0, 0.0), ratio(1.0, 4.0)
    (0.0, 0.25)
    """
    if x == 0:
        return 0.0
    return float(x / y) if y else np.inf


def norm(x):
    """Return the 2-norm of a vector, or the Frobenius norm of a matrix, of sizes near 1.

    Examples
    --------
    >>> norm(np.array([3.0, 4.0]))
    5.0
    """
    return float(np.sqrt(np.sum(x * x)))
