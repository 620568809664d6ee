"""Numbers inside lists, tuples, dicts, arrays and dataclasses, for `lib.digits`."""

import dataclasses

import numpy as np

from lib.numbers import plain_array


def mapped(tree, leaf, dtype=object):
    """Return a copy of nested containers with leaf applied to all that is no container.

    Arrays of floats and of objects become arrays of the given dtype, of objects if an
    entry does not fit it; other arrays stay.
    """
    # One branch for each kind of container.
    if isinstance(tree, np.ma.MaskedArray | np.matrix):
        plain_array(tree, "x")  # refuses it by name
    if isinstance(tree, np.ndarray) and tree.dtype.kind in "fcO":
        out = np.empty(tree.shape, object)
        for index in np.ndindex(tree.shape):
            out[index] = mapped(tree[index], leaf, dtype)
        fits = dtype is object or all(isinstance(x, (int, float)) for x in out.flat)
        return out.astype(dtype) if fits else out
    if isinstance(tree, np.ndarray):
        return tree
    if isinstance(tree, dict):
        return {getattr(key, "v", key): mapped(value, leaf, dtype) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        items = [mapped(item, leaf, dtype) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        fields = {field.name: getattr(tree, field.name) for field in dataclasses.fields(tree)}
        return dataclasses.replace(tree, **mapped(fields, leaf, dtype))
    return leaf(tree)


def leaves(tree, kinds):
    """Return what is of certain types in nested containers, as a flat list."""
    found = []
    mapped(tree, lambda x: found.append(x) or x)
    return [item for item in found if isinstance(item, kinds)]
