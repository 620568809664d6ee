"""The tape of reverse mode: what was computed, in order, and the sweep back through it.

Each number on the tape keeps the places of the numbers that it came from, and for each of them a
function that takes its own gradient to a share of theirs. The sweep back visits every place once,
after all those that it contributed to, and adds up the shares (Linnainmaa, 1970).
"""

import math
import operator

import numpy as np

from lib.gradients.elementary import ELEMENTARY
from lib.gradients.reductions import largest
from lib.gradients.traced import MOVES, Traced, name_of, new_level, plain, primitive, rule_of
from lib.numbers import plain_array

# What leaves numbers out.
SELECTS = {operator.getitem, np.where, np.maximum, np.minimum, np.clip, largest}


class Node(Traced):
    """A number or array on a tape."""

    __slots__ = ("place", "tape")

    def __init__(self, value, tape, place):
        self.value, self.level, self.tape, self.place = value, tape.level, tape, place

    def __repr__(self):
        return f"traced({self.value!r})"

    def follow(self, function, args):
        """Return function(*args), at the next place of the tape of the newest number in it."""
        rule, tape, values, places = rule_of(function), self.tape, [], []
        for x in args:  # places are those of what is on this tape, and None for constants
            if isinstance(x, Node) and x.tape is tape:
                values.append(x.value)
                places.append(x.place)
            elif isinstance(x, Traced) and x.level > self.level:
                return x.follow(function, args)
            else:
                values.append(tape.constant(x))
                places.append(None)
        y = function(*values)
        if y.dtype.char not in "fd":
            raise TypeError(f"{name_of(function)} gave {y.dtype} numbers: derivatives are followed "
                            "in float32 and float64, so convert its arguments")
        if isinstance(y, np.ndarray):
            y.setflags(write=False)
        return tape.add(y, function, places, rule(y, *values))


class Tape:
    """What was computed from some parameters, in order.

    Attributes
    ----------
    level : int
        Which of the derivatives that are being followed this is.
    entries : list
        For each place the function that gave its value, the places of its arguments (None for
        constants), what takes its gradient to theirs, and its shape and dtype.
    locked : list
        Constants that may not change before the sweep back has used them.
    """

    def __init__(self):
        self.level, self.entries, self.locked = new_level(), [], []

    def add(self, y, function=None, places=(), shares=()):
        """Return y as a number at the next place of the tape; without shares, a parameter."""
        entries = self.entries
        if entries is None:
            self.is_open()
        entries.append((function, places, shares, y.shape, y.dtype))
        return Node(y, self, len(entries) - 1)

    def is_open(self):
        """Refuse a number that outlived the gradient that it was made for."""
        if self.entries is None:
            raise ValueError("a number of a gradient that is finished was used: return it from the "
                             "function instead, or keep its .value, a constant")

    def constant(self, x):
        """Return what is not on this tape; arrays, and those in an index, are locked."""
        if self.locked is None:
            self.is_open()
        if isinstance(x, np.ndarray):
            if type(x) is not np.ndarray:
                x = plain_array(x, "constant")
            if x.flags.writeable:
                x.flags.writeable = False
                self.locked.append(x)
        elif isinstance(x, tuple):
            for part in x:
                self.constant(part)
        elif hasattr(x, "toarray"):
            plain_array(x, "constant")
        return x

    def close(self):
        """Unlock the constants, owners of memory before their views, and forget the rest."""
        for x in sorted(self.locked, key=lambda x: x.base is not None):
            x.flags.writeable = True
        self.entries = self.locked = None

    def gradients(self, last, g):
        """Return the gradients of the parameters by place, from the gradient g of the last place.

        What np.where, an index, a maximum or a clip left out has no share in the result. Where its
        derivative is infinite or nan, 0 times that made a nan: then the sweep is done again, and
        leaves it out too.
        """
        if SELECTS.isdisjoint([entry[0] for entry in self.entries]):
            return self.sweep(last, g)
        with np.errstate(all="ignore"):
            found = self.sweep(last, g)
        if all(x is None or np.isfinite(plain(x)).all() for x in found):
            return found
        return self.sweep(last, g, select=True)

    def sweep(self, last, g, select=False):
        """Return the gradients by place; if asked for, with zeros for what was left out."""
        found, uses, entries = [None] * last + [g], {}, self.entries
        for place in range(last, -1, -1):
            function, parents, shares, _, _ = entries[place]
            g = found[place]
            if g is None or not parents:
                continue
            found[place] = None  # its memory is free from here on
            for parent, share in zip(parents, shares, strict=True):
                if parent is None or share is None:
                    continue
                _, _, _, shape, dtype = entries[parent]
                part = _of_used(function, share, g, uses.get(place)) if select else share(g)
                if part.shape != shape or part.dtype is not dtype:
                    part = fitted(part, shape, dtype)
                before = found[parent]
                found[parent] = part if before is None else before + part
                if select:
                    used = uses.get(place, np.ones(g.shape))
                    uses[parent] = uses.get(parent, 0) + _seen(function, share, used, shape)
        return found

    def own(self, found):
        """Return a function that gives a parameter its gradient, as an array of its own."""
        seen = set()

        def gradient(node):
            g = found[node.place] if node.place < len(found) else None
            if g is None:
                return np.zeros(node.shape, node.dtype)[()]
            if isinstance(g, np.ndarray) and (
                    id(g) in seen or g.base is not None or not g.flags.writeable):
                g = g.copy()
            seen.add(id(g))
            return g

        return gradient


def _of_used(function, share, g, used):
    """Return share(g), in which numbers that were never used have no share."""
    if used is None or function not in ELEMENTARY or used.all():
        return share(g)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(used != 0, share(g), 0)


def _seen(function, share, used, shape):
    """Return how often each number of an argument was used, as far as that can be told."""
    if function in SELECTS or function in MOVES:
        return fitted(share(used), shape, used.dtype)
    return fitted(used, shape, used.dtype) if function in ELEMENTARY else np.ones(shape)


def _fitted(part, shape, dtype):
    """Return a share, with what broadcasting had copied summed up, in float64."""
    lead = part.ndim - len(shape)
    axes = tuple(range(lead))
    if part.shape[lead:] != shape:
        axes += tuple(i + lead for i, n in enumerate(shape) if n != part.shape[i + lead])
    total = np.add.reduce(part, axes, float) if axes else part
    if total.shape != shape:
        if total.size != math.prod(shape):
            raise ValueError(f"a rule gave a gradient of shape {part.shape} for an argument of "
                             f"shape {shape}: give both one shape")
        total = total.reshape(shape)
    return total.astype(dtype, copy=False)


fitted = primitive(_fitted, lambda y, part, shape, dtype: (
    lambda g, whole=part.shape: np.broadcast_to(g, whole), None, None), moves=True)
