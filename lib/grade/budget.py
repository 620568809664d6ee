"""Judge by which road an answer was reached: what it called, in which numbers, at what cost.

Nothing is replaced: the calls are watched through Python's own hook for profilers, which sees a
function under whatever name it was imported, and the hook that was there before is put back
whatever happens.
"""

import contextlib
import gc
import inspect
import pkgutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.util import find_spec
from numbers import Number
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np

from lib.grade.calls import Verdict, called
from lib.grade.report import attempt
from lib.numbers import count_operations


@dataclass(frozen=True)
class Budget:
    """What a task allows on the way to a right answer.

    A right answer that leaves it has the verdict "another road", which does not pass: its cases
    stay stable, because they are, and a row of their own says what was not asked for. (A case that
    fails would say of a right number that it is wrong.) A wrong answer is not asked for its road.

    Attributes
    ----------
    forbidden : sequence of str
        Dotted names of functions and of modules, of which nothing may be called, by the answer or
        by what it calls: ``"numpy.linalg.solve"``, ``"mpmath"``. A ufunc, whose calls the hook
        does not see, may not be named in the code that runs.
    calls : dict of str to (int, int)
        How many calls of a function are asked for in each case, at least and at most.
    given : dict of str to sequence of str
        In which kinds of numbers a function of Python may be called, such as ``("float32",)``.
    numbers : sequence of str
        Which kinds of numbers the functions of the answer's own file may hold, if any are named.
        Seen is what has a name when one of these calls something or returns.
    operations : callable, optional
        ``operations(*args)`` is the largest number of operations of arithmetic, counted in a second
        call by `count_operations`; an answer in which none can be counted went another road.

    Raises
    ------
    TypeError
        If a name is one that the hook does not see (a class; a ufunc whose calls are to be
        counted), or a text stands where a sequence of them is asked for: a fault of the exercise.
    ValueError
        If a name is of nothing that there is, as a misspelt one, which would forbid nothing. A
        package that is not installed cannot be called, and is no fault.

    Examples
    --------
    >>> from lib.grade import check_accuracy
    >>> def total(x):
    ...     import math
    ...     return math.fsum(x)
    >>> check_accuracy(total, sum, {"three": [1.0, 2.0, 3.0]}, ulps=1,
    ...                budget=Budget(forbidden=["math.fsum"]))
    total: right, but by another road
      three     stable        0 ulp, allowed 1
      the road  another road  three: calls math.fsum, which the task forbids
    """

    forbidden: tuple = ()
    calls: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)
    numbers: tuple = ()
    operations: object = None

    def __post_init__(self):
        for option in ("forbidden", "numbers"):
            if isinstance(getattr(self, option), str):
                raise TypeError(f"{option} = {getattr(self, option)!r} is a text: give a list of "
                                "names, even of one")
        for name in self.forbidden:
            target(name, ufuncs=True)
        for name in (*self.calls, *self.given):
            target(name)

    def watch(self, f):
        """Return a new `Watch` for one call of f."""
        named = (*self.forbidden, *self.calls, *self.given)
        return Watch({name: target(name, ufuncs=True) for name in named},
                     peek(f, "__globals__"))

    def fault(self, f, args, watch):
        """Return what is not within the budget in one case, a text; empty if all is."""
        for name in self.forbidden:
            if watch.calls[name]:
                return f"calls {name}, which the task forbids"
        for name, (least, most) in self.calls.items():
            if not least <= watch.calls[name] <= most:
                asked = f"{least} to {most}" if least < most else f"{most}"
                return f"calls {name} {watch.calls[name]} times, asked for are {asked}"
        for name, kinds in self.given.items():
            if other := sorted(watch.given.get(name, set()) - set(kinds)):
                return f"calls {name} in {other[0]}, asked for is {' or '.join(kinds)}"
        if self.numbers and (other := sorted(watch.held - set(self.numbers))):
            return f"computes in {other[0]}, asked for is {' or '.join(self.numbers)}"
        return self._cost(f, args) if self.operations else ""

    def _cost(self, f, args):
        """Return that the operations are too many, or that none can be counted; empty if fine."""
        most = self.operations(*args)
        try:
            number = called(lambda *given: count_operations(f, *given), args)
        except Verdict as problem:
            return f"its operations cannot be counted: {problem.args[1]}"[:100]
        if not number:
            return "its operations cannot be counted: none is done on the numbers given"
        return f"takes {number} operations, {most} are enough" if number > most else ""


def target(name, ufuncs=False):
    """Return what a dotted name stands for, as the hook will see it, or refuse it by name.

    Returns
    -------
    code, function of C, str, or ufunc where these are admitted
        A str is the name of a module, installed or not.
    """
    found = attempt(lambda: pkgutil.resolve_name(name), lambda problem: None)
    package = str(name).partition(".")[0]
    if found is None and (not package or attempt(lambda: find_spec(package), bool)):
        raise ValueError(f"{name!r} is the name of nothing in {package or 'any package'}: give a "
                         "function or a module by its full name")
    if found is None or isinstance(found, ModuleType):
        return name
    inner = inspect.unwrap(found)
    if isinstance(inner, FunctionType):
        return inner.__code__
    if isinstance(found, BuiltinFunctionType) or (ufuncs and isinstance(found, np.ufunc)):
        return found
    raise TypeError(f"calls of {name} cannot be seen, it is a {type(found).__name__}: name a "
                    "function of Python, a built-in one or a module")


class Watch:
    """What was called while it was on, and in which numbers."""

    def __init__(self, targets, home):
        self.calls, self.given, self.held = Counter(), {}, set()
        self.targets, self.home = targets, home

    @contextlib.contextmanager
    def on(self):
        """Watch the calls of this thread; whatever happens, put back the hook of before.

        Garbage waits meanwhile. A forgotten generator runs once more when it is collected, which
        would be seen as a call by whatever answer was running then.
        """
        before, collecting = sys.getprofile(), gc.isenabled()
        gc.disable()
        sys.setprofile(self.see)
        try:
            yield
        finally:
            sys.setprofile(before)
            if collecting:
                gc.enable()

    def see(self, frame, event, arg):
        """Note one call or return."""
        if event in ("call", "c_call"):
            ours = event == "call"
            module = frame.f_globals.get("__name__") if ours else peek(arg, "__module__")
            for name, seen in self.targets.items():
                inside = isinstance(seen, str) and f"{module}.".startswith(f"{seen}.")
                written = event == "call" and isinstance(seen, np.ufunc) and names(frame, seen)
                if inside or written or seen is (frame.f_code if ours else arg):
                    self.calls[name] += 1
                    arguments = frame.f_locals.values() if ours else ()
                    self.given.setdefault(name, set()).update(kinds(arguments))
        if frame.f_globals is self.home and event in ("call", "c_call", "return"):
            self.held.update(kinds(frame.f_locals.values()), kinds([arg]))


def names(frame, ufunc):
    """Return whether the code of a frame holds the name of a ufunc, or another name that it has."""
    return any(name == ufunc.__name__ or frame.f_globals.get(name) is ufunc
               for name in frame.f_code.co_names)


def peek(value, name):
    """Return an attribute of whatever was written, None where there is none or it raises."""
    return attempt(lambda: getattr(value, name, None), lambda problem: None)


def kinds(values, depth=2):
    """Return the names of the kinds of numbers among values, and in their lists and arrays.

    Whole numbers and truth values are of no kind: they count, or stand for a place.

    Examples
    --------
    >>> from fractions import Fraction
    >>> sorted(kinds([1.0, np.ones(2, np.float32), [Fraction(1)], 3, "text"]))
    ['Fraction', 'float32', 'float64']
    """
    found = set()
    for value in values:
        dtype = peek(value, "dtype")
        if isinstance(dtype, np.dtype) and dtype.kind in "fc":
            found.add(dtype.name)
        elif isinstance(value, list | tuple) or peek(dtype, "hasobject"):
            inside = value[:100] if dtype is None else np.ravel(value)[:100].tolist()
            found |= kinds(inside, depth - 1) if depth else set()
        elif isinstance(value, float | complex):
            found.add("float64" if isinstance(value, float) else "complex128")
        elif isinstance(value, Number | Decimal) and not isinstance(value, int | np.integer):
            found.add(type(value).__name__)
        elif peek(value, "_mpf_"):
            found.add("mpf")
    return found
