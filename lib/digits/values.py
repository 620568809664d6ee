"""Numbers inside lists, tuples, dicts, arrays and dataclasses, for `lib.digits`."""

import copy
import dataclasses
from collections import deque

import numpy as np

from lib.digits.shadow import unmarked
from lib.numbers import plain_array


def mapped(tree, leaf, dtype=object):
    """Return a copy of nested containers with leaf applied to all that is no container.

    Arrays of floats and of objects become arrays of the given dtype, of objects if an
    entry does not fit it; to other arrays leaf is applied as a whole.  Dataclasses are copied
    without running their __init__.  Leaf is shown the class of what is not Python's own.

    Raises
    ------
    TypeError
        If an array is masked, has named fields or is a np.matrix.
    """
    # One branch for each kind of container; their classes may have methods to follow.
    if type(tree).__module__ != "builtins":
        leaf(type(tree))
    if isinstance(tree, np.ndarray):
        return _mapped_array(_plain(tree), leaf, dtype)
    if isinstance(tree, (dict, deque)):
        return _refilled(tree, leaf, dtype)
    if isinstance(tree, (list, tuple, set, frozenset)):
        items = [mapped(item, leaf, dtype) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return _mapped_dataclass(tree, leaf, dtype)
    return leaf(tree)


def _refilled(tree, leaf, dtype):
    new = copy.copy(tree)  # which knows its default and its length
    new.clear()
    if isinstance(tree, deque):
        new.extend(mapped(item, leaf, dtype) for item in tree)
    else:
        for key, value in tree.items():
            new[_key(key)] = mapped(value, leaf, dtype)
    return new


def _mapped_dataclass(tree, leaf, dtype):
    """Return a copy whose fields, and what else it holds, are mapped."""
    new = copy.copy(tree)
    names = [field.name for field in dataclasses.fields(tree)]
    for name in dict.fromkeys([*names, *getattr(tree, "__dict__", ())]):
        if hasattr(tree, name):
            object.__setattr__(new, name, mapped(getattr(tree, name), leaf, dtype))
    return new


def _mapped_array(array, leaf, dtype):
    if array.dtype.kind not in "fcO":
        return leaf(array)
    out, same = np.empty(array.shape, object), True
    for index in np.ndindex(array.shape):
        entry = array[index]
        out[index] = mapped(entry, leaf, dtype)
        same = same and out[index] is entry
    if same and array.dtype != object:
        return array
    fits = dtype is object or all(isinstance(x, (int, float)) for x in out.flat)
    return out.astype(dtype) if fits else out


def _plain(array):
    """Return an array, or refuse by name one that is more than its numbers."""
    if array.dtype.names:
        raise TypeError(f"x has the fields {array.dtype.names}: pass them one by one, as x['name']")
    return plain_array(array, "x") if isinstance(array, np.ma.MaskedArray | np.matrix) else array


def _key(key):
    """Return a key of a dict as a plain run would have it."""
    return unmarked(key) if isinstance(key, str) else getattr(key, "v", key)


def leaves(tree, kinds):
    """Return what is of certain types in nested containers, as a flat list."""
    found = []
    mapped(tree, lambda x: found.append(x) or x)
    return [item for item in found if isinstance(item, kinds)]
