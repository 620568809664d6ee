"""Numbers inside lists, tuples, dicts, arrays and objects, for `lib.digits`."""

import contextlib
import copy
import dataclasses
import operator
from collections import OrderedDict, deque
from types import MemberDescriptorType

import numpy as np

from lib.digits.shadow import Shadow, unmarked
from lib.numbers import plain_array

MUTABLE = (dict, deque, list, set)
REAL = (int, float, np.integer)  # what an array of floats makes floats of
PENDING = object()  # stands for the copy of what is being copied


class CircularError(ValueError):
    """Data contains itself, and cannot be copied."""


def mapped(tree, leaf, dtype=object, opens=lambda thing: False, form=np.ndarray):
    """Return a copy of nested containers with leaf applied to all that is no container.

    Arrays of floats and of objects become arrays of the given dtype and form, of objects if an
    entry does not fit it; to other arrays leaf is applied as a whole.  Dataclasses, and objects
    for which opens is true, are copied without running their __init__.  The keys of dicts
    become plain.  What is met twice is copied once.  Leaf is shown the class of what is not
    Python's own.

    Raises
    ------
    TypeError
        If an array is masked, has named fields or is a np.matrix.
    CircularError
        If a tuple, frozenset or array contains itself.
    """
    return _Copier(leaf, dtype, opens, form=form)(tree)


class _Copier:
    """Copy trees, each part once."""

    def __init__(self, leaf, dtype, opens, follows=False, form=np.ndarray):
        self.leaf, self.dtype, self.opens, self.made = leaf, dtype, opens, {}
        self.form = form
        self.follows = follows  # whether only the leaves matter

    def __call__(self, tree):
        if type(tree).__module__ != "builtins":
            self.leaf(type(tree))  # which may have methods to follow
        if not is_container(tree, self.opens):
            return self.leaf(tree)
        if id(tree) not in self.made:
            self.made[id(tree)] = tree, PENDING
            self.made[id(tree)] = tree, self._copy(tree)
        if self.made[id(tree)][1] is PENDING and not self.follows:
            raise CircularError(f"trace copies data, and a {type(tree).__name__} contains itself: "
                                "let it hold a name or a number in that place")  # fmt: skip
        return self.made[id(tree)][1]

    def _copy(self, tree):
        if isinstance(tree, np.ndarray):
            return self._array(_plain(tree))
        if isinstance(tree, (tuple, frozenset)):
            items = list(map(self, tree))
            if not attributes(tree) and all(map(operator.is_, items, tree)):
                return tree
            new = _remade(type(tree), items)
            self._name(new, tree)
            return new
        try:
            new = copy.copy(tree)  # which knows its default and its length
        except Exception:  # its own: it is left as it is, and told if a shadow is in it
            new = tree
        if new is tree:
            return self.leaf(tree)
        self.made[id(tree)] = tree, new  # before its parts, which may name it
        self._fill(new, tree)
        return new

    def _fill(self, new, tree):
        if isinstance(tree, MUTABLE):
            new.clear()
        if isinstance(tree, dict):
            for key, item in tree.items():  # not by a method of its own
                kind = OrderedDict if isinstance(tree, OrderedDict) else dict
                kind.__setitem__(new, _key(key), self(item))
        elif isinstance(tree, MUTABLE):
            (new.update if isinstance(tree, set) else new.extend)(map(self, tree))
        self._name(new, tree)

    def _name(self, new, tree):
        for name, item in attributes(tree).items():
            names = getattr(new, "__dict__", {})
            if name in names:  # where a property may hide it
                del names[name]
                names[plain(name)] = self(item)
            else:
                object.__setattr__(new, name, self(item))

    def _array(self, array):
        if array.dtype.kind not in "fcO":
            return self.leaf(array)
        out, same = np.empty(array.shape, object), True
        for index in np.ndindex(array.shape):
            entry = array[index]
            out[index] = self(entry)
            same = same and out[index] is entry
        if same and array.dtype != object:
            return array
        fits = self.dtype is object or all(isinstance(x, REAL) for x in out.flat)
        out = out.astype(self.dtype) if fits else out
        return out if self.form is np.ndarray else out.view(self.form)


def _remade(kind, items):
    """Return a tuple or frozenset; the __new__ of a namedtuple may be its own, and is not run."""
    if kind is tuple or not issubclass(kind, tuple):
        return kind(items)
    with contextlib.suppress(TypeError):
        return tuple.__new__(kind, items)
    with contextlib.suppress(TypeError):
        return kind(items)  # one of Python's own, such as time.struct_time
    return tuple(items)  # sys.version_info, of which there is one only


def is_container(thing, opens):
    """Return whether a thing is more than a leaf."""
    if isinstance(thing, (np.ndarray, tuple, frozenset, *MUTABLE)):
        return True
    if isinstance(thing, (type, Shadow)):
        return False
    return dataclasses.is_dataclass(thing) or (opens(thing) and bool(attributes(thing)))


def attributes(thing):
    """Return what a thing holds by name, in its __dict__ or in slots."""
    held = dict(getattr(thing, "__dict__", {}))
    for kind in type(thing).__mro__:
        for name, slot in vars(kind).items() if "__slots__" in vars(kind) else ():
            if isinstance(slot, MemberDescriptorType) and hasattr(thing, name):
                held[name] = slot.__get__(thing)
    return held


def _plain(array):
    """Return an array, or refuse by name one that is more than its numbers."""
    if array.dtype.names:
        raise TypeError(f"x has the fields {array.dtype.names}: pass them one by one, as x['name']")
    return plain_array(array, "x") if isinstance(array, np.ma.MaskedArray | np.matrix) else array


def _key(key):
    """Return a key of a dict as a plain run would have it; if it is so already, the key itself."""
    return mapped(key, plain, float) if leaves(key, (Shadow, str, bytes)) else key


def plain(x):
    """Return a number or a text as a plain run would have it, and all else as it is."""
    if isinstance(x, Shadow):
        return float(x.v)
    if isinstance(x, np.ndarray) and x.dtype.kind in "US":
        new = np.array([plain(item) for item in x.flat], x.dtype.kind).reshape(x.shape)
        return x if np.array_equal(x, new) else new
    return unmarked(x) if isinstance(x, (str, bytes, bytearray)) else x


def leaves(tree, kinds, opens=lambda thing: False):
    """Return what is of certain types in nested containers, as a flat list."""
    found = []
    _Copier(lambda x: found.append(x) or x, object, opens, follows=True)(tree)
    return [item for item in found if isinstance(item, kinds)]
