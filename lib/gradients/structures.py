"""Parameters in lists, tuples and dictionaries, and what is done to each of them."""

import numpy as np

from lib.gradients.traced import Traced
from lib.numbers import real_array

STRUCTURES = (list, tuple, dict)


def map_leaves(function, x):
    """Return a structure like x that holds function(part) for each of its parts.

    Lists, tuples and dictionaries are structures, inside each other too; all else is a part.

    Examples
    --------
    >>> map_leaves(lambda part: 2 * part, {"W": [1.0, 2.0], "b": (3.0,)})
    {'W': [2.0, 4.0], 'b': (6.0,)}
    """
    if not isinstance(x, STRUCTURES):
        return function(x)
    if isinstance(x, dict):
        return {key: map_leaves(function, part) for key, part in x.items()}
    parts = [map_leaves(function, part) if isinstance(part, STRUCTURES) else function(part)
             for part in x]
    return x._make(parts) if hasattr(x, "_make") else type(x)(parts)


def leaves(x):
    """Return the parts of a structure as a list.

    Examples
    --------
    >>> leaves({"W": [1.0, 2.0], "b": (3.0,)})
    [1.0, 2.0, 3.0]
    """
    found = []
    map_leaves(found.append, x)
    return found


def named(part, x, name):
    """Return what a part of x is called in code, where x is called by its name.

    Examples
    --------
    >>> part = object()
    >>> named(part, {"W": [1.0, part]}, "x")
    "x['W'][1]"
    """
    if isinstance(x, STRUCTURES):
        for key, inner in x.items() if isinstance(x, dict) else enumerate(x):
            if any(part is leaf for leaf in leaves(inner)):
                return named(part, inner, f"{name}[{key!r}]")
    return name


def function(f, name):
    """Return f, or refuse by name what cannot be called."""
    if not callable(f):
        raise TypeError(f"{name} = {f!r:.80} cannot be called: give a function of x")
    return f


def checked(x, name):
    """Return x as an array or scalar of float32 or float64, or refuse it by name.

    Infinities and nans pass. What is traced already stays as it is.
    """
    if isinstance(x, Traced | np.float32 | np.float64):
        return x
    array, given = real_array(x, name, finite=False), np.asarray(x).dtype
    if array.dtype == object or given.kind in "biu":
        raise TypeError(f"{name} is of {given}, and a derivative needs floats: use float({name}) "
                        f"or {name}.astype(float)")
    return array[()]


def parameter(part, x):
    """Return a part of x, as `checked` does."""
    if (type(part) is np.ndarray and part.dtype.char in "fd" and part.dtype.isnative and part.size
            and part.ndim):
        return part
    return checked(part, named(part, x, "x"))


def parts_like(v, x, called="v", finite=True):
    """Return the parts of v as arrays, if it has the structure and shapes of x, or refuse it."""
    if map_leaves(lambda part: None, v) != map_leaves(lambda part: None, x):
        raise ValueError(f"{called} has not the structure of x: give both the same lists, tuples "
                         "and keys")
    found = []
    for part, own in zip(leaves(v), leaves(x), strict=True):
        name = named(part, v, called)
        found.append(part if isinstance(part, Traced) else real_array(
            part, name, finite=finite))
        if found[-1].shape != np.shape(own):
            raise ValueError(f"{name} has shape {found[-1].shape}, but is to belong to a part of x "
                             f"of shape {np.shape(own)}: give both one shape")
    return found
