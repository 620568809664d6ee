"""Take inputs that were handed in as lists, as a pipe between processes or a person writes them."""

from functools import wraps

import numpy as np

from lib.grade.report import attempt
from lib.numbers import plain_array

MOST, DEEP = 100_000, 8  # numbers and letters of an input, levels of its lists
TOO_LARGE = f"more than {MOST} numbers, or lists in more than {DEEP} levels"


def is_small(value):
    """Return whether an input has at most `MOST` parts in at most `DEEP` levels.

    Nothing is copied, and no more is looked at than that: what is asked of an input first.

    Examples
    --------
    >>> is_small([[1.0, 2.0], np.ones(3)]), is_small(np.broadcast_to(1.0, 10**9))
    (True, False)
    """
    left, waiting = MOST, [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        inside = [part.keys(), part.values()] if isinstance(part, dict) else part
        nested = isinstance(inside, list | tuple) and len(inside)
        left -= part.size if isinstance(part, np.ndarray) else (
            len(part) if isinstance(part, str | bytes | dict | list | tuple) else 1)
        if left < 0 or (nested and depth >= DEEP):
            return False
        waiting += [(one, depth + 1) for one in (inside if nested else ())]
    return True


def one_argument(answer):
    """Return a tuple of one list for a list, tuple or vector; anything else as it is.

    For the first argument of `check_counterexample`, where the input is one list.

    Examples
    --------
    >>> one_argument((1.0, 2.0)), one_argument(3), one_argument(...)
    (([1.0, 2.0],), 3, Ellipsis)
    """
    return (list(answer),) if _is_list(answer) else answer


def several_arguments(answer):
    """Return a tuple for a list, tuple or array; anything else as it is.

    For the first argument of `check_counterexample`, where the input is several things.

    Examples
    --------
    >>> several_arguments([[1.0], 2.0]), several_arguments(3)
    (([1.0], 2.0), 3)
    """
    return tuple(answer) if _is_list(answer) else answer


def on_arrays(condition):
    """Return a condition on arrays of float64 as one on whatever stands for them.

    Every number is rounded to float64 first, so that no condition and no measure is computed in a
    narrower or a wider format than the others.

    Raises
    ------
    ValueError
        From the condition, for an input that is not small.
    TypeError
        For complex numbers, whose imaginary parts would be lost, and for what is no number.

    Examples
    --------
    >>> bool(on_arrays(lambda x, y: x @ y > 0)([1, 2], (3, 4)))
    True
    """
    @wraps(condition)
    def on_floats(*given):
        return condition(*map(_floats, given))

    return on_floats


def _floats(part):
    """Return an array of float64, or refuse what is large, complex, or not numbers."""
    if not is_small(part):
        raise ValueError(TOO_LARGE)
    array = plain_array(part, "the input")
    if array.dtype.kind == "c" or (array.dtype == object and any(
            isinstance(one, complex | np.complexfloating) for one in array.flat)):
        raise TypeError("complex numbers, real ones are asked for")
    return array.astype(float)


def _is_list(answer):
    """Return whether an answer is a small list or tuple, or such an array with a dimension."""
    return is_small(answer) and (isinstance(answer, tuple | list) or (
        isinstance(answer, np.ndarray) and attempt(lambda: answer.ndim > 0,
                                                   lambda problem: False)))
