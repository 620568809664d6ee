"""Tell whether something came back other than it went in, without ever raising."""

import math
from collections import deque
from dataclasses import fields, is_dataclass

import numpy as np

from lib.grade.report import attempt


def changed(given, original):
    """Return whether something inside arrays, lists, dicts or dataclasses was changed.

    Parameters
    ----------
    given : object
        A deep copy of original, after it was used.
    original : object
        Whatever it is. What cannot be compared counts as unchanged.

    Examples
    --------
    >>> changed(([1.0, np.nan],), ([1.0, np.nan],)), changed(([2.0],), ([1.0],))
    (False, True)
    >>> changed([[1.0], 0], [[1.0], [2.0]])
    True
    """
    return attempt(lambda: _differs(given, original, {}), lambda problem: False)


def _differs(given, original, seen):
    """Return whether two things differ; seen holds the pairs that are being compared or were."""
    if given is original or (id(given), id(original)) in seen:
        return False
    if type(given) is not type(original):
        return True
    seen[id(given), id(original)] = given, original  # kept alive, so that no id is used again
    if isinstance(original, np.ndarray) and not original.dtype.hasobject:
        return (given.dtype, given.shape, given.tobytes()) != (
            original.dtype, original.shape, original.tobytes())
    parts = _inside(given), _inside(original)
    if None in parts:
        return attempt(lambda: _unequal(given, original), lambda problem: False)
    return len(parts[0]) != len(parts[1]) or any(
        _differs(*pair, seen) for pair in zip(*parts, strict=True))


def _inside(x):
    """Return the list of what x consists of, or None if it is one thing."""
    if isinstance(x, np.ndarray):
        return [x.shape, *x.ravel().tolist()]
    if isinstance(x, dict):
        return [*x.keys(), *x.values()]
    if is_dataclass(x) and not isinstance(x, type):  # two that compare by identity would differ
        return [getattr(x, field.name, None) for field in fields(x)]
    return list(x) if isinstance(x, list | tuple | deque) else None


def _unequal(given, original):
    """Return whether two things of one type differ; nan is as good as nan."""
    if type(original).__eq__ is object.__eq__:  # a generator, say: only the same one is equal
        return False
    if isinstance(original, float) and original == given == 0:  # 0.0 and -0.0
        return math.copysign(1, given) != math.copysign(1, original)
    return bool(given != original) and not (given != given and original != original)
