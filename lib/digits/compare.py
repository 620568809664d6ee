"""Compare what a traced run returns with what a plain one does, leaf by leaf, for `lib.digits`."""

import gc
import math
from collections import deque
from types import FunctionType, ModuleType
from typing import NamedTuple

import numpy as np

from lib.digits.shadow import Shadow
from lib.digits.standins import StandIn
from lib.digits.values import REAL, attributes, is_container, plain
from lib.digits.ways import Lent

FAMILIES = [  # which `value` does not tell apart
    ((bool, np.bool_), bool),
    ((int, np.integer), int),
    ((float, np.floating), float),
    ((complex, np.complexfloating), complex),
    ((ModuleType, StandIn, Lent), ModuleType),
]
HOLDERS = (list, tuple, dict, set, frozenset)  # whose names say nothing


class Difference(NamedTuple):
    """A place in what f returns, and what two runs have there.

    Attributes
    ----------
    place : str
        As an index or attribute, such as ['a'][0]; "" for the whole.
    ours, theirs : object
        Two leaves, with a shadow if it is a number; or two containers of other shapes.
    is_shape : bool
        Whether it is the containers that differ.
    """

    place: str
    ours: object
    theirs: object
    is_shape: bool


def differences(ours, theirs, opens):
    """Yield the differences of two trees: kinds, lengths and keys of containers, and leaves.

    Parameters
    ----------
    ours : what a traced run returns
    theirs : what a plain run does
    opens : tells whether an object is a container (see `lib.digits.values.mapped`)
    """
    todo, seen = [("", ours, theirs)], {}
    while todo:
        place, x, y = todo.pop()
        if (id(x), id(y)) in seen:  # a container may hold itself
            continue
        seen[id(x), id(y)] = x, y
        parts, others = _parts(x, opens), _parts(y, opens)
        if parts is None and others is None:
            if _differ(plain(x), y):
                yield Difference(place, x, y, False)
        elif not parts or not others or _kind(x) != _kind(y) or len(parts) != len(others):
            if parts != others or _kind(x) != _kind(y):
                yield Difference(place, x, y, True)
        else:
            pairs = zip(parts, others, strict=True)
            todo += [(place + words, part, other) for (words, part), (_, other) in pairs][::-1]


def _parts(thing, opens):
    """Return what a container holds, each with words for its place; None for a leaf."""
    if not is_container(thing, opens):
        return None
    parts = []
    if isinstance(thing, np.ndarray):
        if _kind(thing)[1] not in ("f", "c", "O"):
            return None
        parts = [(str(list(index)), _entry(thing, index)) for index in np.ndindex(thing.shape)]
    elif isinstance(thing, (dict, set, frozenset)):
        parts = _of_keys(thing)
    elif isinstance(thing, (list, tuple, deque)):
        parts = [(f"[{n}]", item) for n, item in enumerate(thing)]
    held = attributes(thing)
    parts += [(" in a name", name) for name in held]
    return parts + [(f".{name}", item) for name, item in held.items()]


def _entry(array, index):
    x = array[index]
    whole = type(x) is int or isinstance(x, np.integer)
    return float(x) if whole and _kind(array)[1] == "f" else x


def _of_keys(thing):
    if isinstance(thing, dict):
        keys, items = [*thing], [*thing.values()]
    else:
        keys, items = sorted(thing, key=lambda x: str(plain(x))), []
    parts = [(" in a key" if items else " in a set", key) for key in keys]
    return parts + [(f"[{plain(key)!r}]", item) for key, item in zip(keys, items, strict=False)]


def _kind(thing):
    """Return the class of a container; of an array also what kind of entries its value has."""
    if not isinstance(thing, np.ndarray):
        return _named(type(thing)), getattr(thing, "maxlen", None)
    if thing.dtype == object and all(isinstance(x, (Shadow, *REAL)) for x in thing.flat):
        return _named(type(thing)), "f", thing.shape
    return _named(type(thing)), thing.dtype.kind, thing.shape


def _named(kind):
    """Return the name of a class, which f may make anew."""
    return kind.__module__, kind.__qualname__


def _differ(x, y):
    if _family(x) != _family(y):
        return True
    if isinstance(x, np.ndarray):
        return _kind(x) != _kind(y) or not np.array_equal(x, y)
    if isinstance(x, (float, np.floating)):
        same = x == y and math.copysign(1, x) == math.copysign(1, y)
        return not same and (x == x or y == y)  # or both are nan
    if isinstance(x, type):
        return _named(x) != _named(y)
    if _family(x) in (callable, ModuleType) or type(x).__eq__ is object.__eq__:
        return False  # copies, and what says no more than what it is
    return bool(x != y) and bool(x == x or y == y)


def _family(x):
    found = next((family for kinds, family in FAMILIES if isinstance(x, kinds)), None)
    if found is None and callable(x) and not isinstance(x, type):
        return callable
    return found or _named(type(x))


def hidden(value):
    """Return the names of things in a value that still hold a shadow, as a closure may."""
    todo, seen, found = [(value, "")], {}, {}
    while todo:
        thing, holder = todo.pop()
        if id(thing) in seen or isinstance(thing, (type, ModuleType)):
            continue
        seen[id(thing)] = thing
        if isinstance(thing, Shadow) or _is_marked(thing):
            found[holder or type(thing).__name__] = None
        elif not type(thing).__module__.startswith(__package__):
            name = getattr(thing, "__name__", type(thing).__name__)
            own = holder or ("" if type(thing) in HOLDERS else name)
            todo += [(item, own) for item in _reached(thing)]
    return list(found)


def _is_marked(thing):
    return isinstance(thing, (str, bytes, bytearray)) and plain(thing) != thing


def _reached(thing):
    """Return what a thing reaches; of a function, not the module that it stands in."""
    if isinstance(thing, np.ndarray):
        return list(thing.flat) if thing.dtype == object else []
    if isinstance(thing, FunctionType):
        return [thing.__closure__, thing.__defaults__, thing.__kwdefaults__, vars(thing)]
    return gc.get_referents(thing) + (list(thing) if isinstance(thing, dict) else [])
