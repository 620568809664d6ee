"""Copies of functions, and of all that they reach and may change, for one run of `lib.digits`."""

import builtins
import sys
from types import BuiltinFunctionType, CellType, FunctionType, ModuleType

import numpy as np

from lib.digits.ways import PLAIN, copied, give_back, is_opened


class Rebuilder:
    """Copy functions, and what they name, with some objects exchanged for others.

    What a copy changes is its own: containers, arrays and objects in globals, closures,
    defaults and attributes are copied with it, each once, and a cache is new and empty.
    Every module whose functions are copied lends them a copy of its names, and the frames of
    the copies are known by it.  Classes stay themselves; inside `with rebuilder:` they have
    copies of their methods and attributes, and get their own back in the end.

    Parameters
    ----------
    exchange : list of (object, object)
        What to look for in globals, closures and imports, and what to put there.
    lift : callable
        Applied to the default values of arguments, and to those that a partial holds.
    watch : callable
        Called with what each copy returns.
    packages : collection of str
        What belongs to these top-level modules is copied, the rest is left alone.
    """

    def __init__(self, exchange, lift, watch, packages):
        self.memo = {id(old): (old, new) for old, new in exchange}
        self.lift, self.watch, self.packages = lift, watch, packages
        self.worlds, self.copies, self.lent, self._builtins = {}, set(), [], {}

    def __call__(self, thing):
        """Return the copy of a thing, what it is exchanged for, or the thing itself."""
        if isinstance(thing, PLAIN):
            return thing
        if id(thing) not in self.memo:
            self.memo.setdefault(id(thing), (thing, copied(self, thing)))  # it may name itself
        return self.memo[id(thing)][1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        while self.lent:
            give_back(*self.lent.pop())

    def is_ours(self, module):
        """Return whether things of a module, given by its name, are copied."""
        return (module or "").split(".")[0] in self.packages

    def opens(self, thing):
        """Return whether the attributes of an object are copied with it."""
        return is_opened(self, thing)

    def originals(self):
        """Return, by the id of each copy, the modules and functions that keep nothing of a run."""
        kinds = (ModuleType, FunctionType, BuiltinFunctionType, np.ufunc)
        return {id(new): old for old, new in self.memo.values()
                if isinstance(old, kinds) and not getattr(old, "__closure__", None)}  # fmt: skip

    def place(self, name):
        """Return (code, offset, name) of the innermost instruction of a copy that is running."""
        frame = sys._getframe(1)
        while frame and id(frame.f_globals) not in self.copies:
            frame = frame.f_back
        return frame and (frame.f_code, frame.f_lasti, name)

    def place_of(self, error):
        """Return the same for an exception, named "raise": the innermost that it went through."""
        trace, place = error.__traceback__, self.place("raise")
        while trace:
            if id(trace.tb_frame.f_globals) in self.copies:
                place = trace.tb_frame.f_code, trace.tb_lasti, "raise"
            trace = trace.tb_next
        return place

    @property
    def builtins(self):
        """Return the copy of the builtins, among which may be functions of yours."""
        if not self._builtins:
            self._builtins["__import__"] = self._import  # first: to copy the others asks for it
            # All but the last value of an interpreter, `_`, which may be anything.
            self._builtins |= {name: thing if name == "_" else self(thing)
                               for name, thing in vars(builtins).items() if name != "__import__"}
        return self._builtins

    def world(self, names):
        """Return the copy of a module's names."""
        if id(names) not in self.worlds:
            self.worlds[id(names)] = world = dict(names, __builtins__=self.builtins)
            self.copies.add(id(world))
        return self.worlds[id(names)]

    def named(self, names, name):
        """Return what a name of a module means in the copy: a copy, unless f changed it."""
        world = self.world(names)
        if name in world and world[name] is names[name]:
            world[name] = self(names[name])
        return world.get(name)

    def cell(self, cell):
        """Return the copy of a variable of a closure, empty at first."""
        return self.memo.setdefault(id(cell), (cell, CellType()))

    def _import(self, *args, **options):
        return self(builtins.__import__(*args, **options))
