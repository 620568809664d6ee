"""Run a function: on plain numbers, and on numbers with a shadow, until both end alike."""

import contextlib
import copy
import inspect
import io
import math
import os
import re
import sys
from collections.abc import Iterator
from types import FunctionType, MethodType, ModuleType
from typing import NamedTuple

import numpy as np

from lib.digits.chance import kept
from lib.digits.copies import Rebuilder
from lib.digits.exact import PrecisionError
from lib.digits.losses import ShadowLost
from lib.digits.tape import Tape
from lib.digits.values import CircularError, mapped
from lib.numbers import FP64, formats, plain_array

DEEP = 700  # in so many digits sums of float64 numbers are exact, whatever their exponents
DEEPEST = 5000  # in so many are those of powers and exponentials, as far as they are followed
FEW = 200  # operations that are done in so many; of more the digits are noted as too few
INSTALLED = {"site-packages", "dist-packages"}  # folders of packages that stay as they are
# Where Python's own modules lie, as files or packed; in a browser Pyodide's lie beside them.
STANDARD = (os.path.dirname(os.__file__),
            *(path for path in sys.path if re.search(r"python\d+\.zip$", path)))
TOLD = (ArithmeticError, ValueError, AssertionError)  # what f may raise because of its numbers


class Ending(NamedTuple):
    """How a run ended: what f returned, or the exception that it raised."""

    result: object
    error: Exception | None


def check(arguments, fmt):
    """Refuse arguments without a float, and those that hold what is not followed, or no fmt."""
    found = []
    mapped(arguments, lambda x: found.append(x) or x)
    for x in found:
        if isinstance(x, (complex, np.inexact)) and not isinstance(x, float):
            raise TypeError(f"trace follows float64 numbers only, got {x!r}: convert it, and "
                            "choose the precision of the whole trace by fmt")
        if isinstance(x, float) and math.isfinite(x) and not _fits(x, fmt):
            raise ValueError(f"{float(x)!r} is beyond the range of {fmt}, which ends at "
                             f"{fmt.max:.6g}: scale it, or take a wider format")
        if hasattr(x, "toarray"):
            plain_array(x, "x")  # refuses it as sparse
    if not any(isinstance(x, float) for x in found):
        raise TypeError("trace follows floats, but no argument holds one: write 2.0 for 2")


def _fits(x, fmt):
    return fmt == FP64 or math.isfinite(formats.round_float(float(x), fmt))


def run_plain(f, args, kwargs):
    """Return how f ends on plain numbers; what says nothing of numbers is raised."""
    rebuild = Rebuilder([], lambda tree: mapped(tree, rebuild), lambda x: None, Followed(f))
    try:
        return Ending(_call(f, args, kwargs, rebuild), None)
    except CircularError:  # in what f holds, be it a default value
        raise
    except TOLD as error:
        return Ending(None, error)


def run_traced(f, args, kwargs, digits, plain, fmt):
    """Return the tape of a run on numbers with a shadow, and how it ended.

    Its numbers are Python's or NumPy's as in the plain run; where that cannot be known, and
    f ends otherwise, all are NumPy's, which do not raise, or all Python's, which do.  In another
    format than float64 all are NumPy's, and f may end as it likes.  Where f puts a number into an
    array that it made for floats, such as np.zeros(n), it is run again, and such arrays take it.
    """
    try:
        return _run_in_kind(f, args, kwargs, digits, plain, fmt, roomy=False)
    except ShadowLost as loss:
        if not loss.needs_room:
            raise
    return _run_in_kind(f, args, kwargs, digits, plain, fmt, roomy=True)


def _run_in_kind(f, args, kwargs, digits, plain, fmt, roomy):
    if fmt != FP64:
        return _run_deep_enough(f, args, kwargs, digits, np.float64, fmt, roomy)
    kinds = [None, float if plain.error else np.float64]
    for kind in kinds:
        tape, ending = _run_deep_enough(f, args, kwargs, digits, kind, fmt, roomy)
        if type(ending.error) is type(plain.error):
            return tape, ending
    if ending.error:  # f runs on plain numbers, or raises another thing: the shadow is the reason
        raise tape.lost(ending.error) from ending.error
    return tape, ending


def _run_deep_enough(f, args, kwargs, digits, kind, fmt, roomy):
    tape = Tape(digits, Followed(f), kind=kind, fmt=fmt, roomy=roomy)
    with contextlib.suppress(PrecisionError):
        ending = _run(f, args, kwargs, tape)
        if not tape.exact.coarse:
            return tape, ending
    for deep in (DEEP, DEEPEST):
        tape = Tape(max(deep, 4 * digits), Followed(f), deep=True, kind=kind, fmt=fmt,
                    roomy=roomy)
        ending = _run(f, args, kwargs, tape)
        tape.exact.unsettled = tape.is_in_doubt(ending)
        if not tape.exact.unsettled or sum(r.runs for r in tape.records.values()) > FEW:
            break
    return tape, ending


def _run(f, args, kwargs, tape):
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the plain run has printed it
            return Ending(_call(f, args, kwargs, tape.rebuild), None)
    except TOLD as error:
        return Ending(None, error)
    except (ShadowLost, RecursionError):
        raise
    except Exception as error:  # f runs on plain numbers, so the shadow is the reason
        raise tape.loss or tape.lost(error) from error


def _call(f, args, kwargs, rebuild):
    """Call a copy of f, bound to a copy of its object if it is a method."""
    if isinstance(f, MethodType):
        f = MethodType(f.__func__, copied(f.__self__))
    with rebuild, kept(), np.errstate(all="ignore"):  # what overflows is told by its line
        args, kwargs = rebuild.lift(copied((args, kwargs)))
        try:
            result = rebuild(f)(*args, **kwargs)
        except RecursionError as error:
            raise RecursionError(f"{error}, for a traced call takes two frames: write a loop, or "
                                 "double sys.setrecursionlimit") from error  # fmt: skip
    if isinstance(result, Iterator) or inspect.isawaitable(result):
        name = innermost(f).__name__.replace("<lambda>", "f")
        raise TypeError(f"{name} returns a {type(result).__name__}, which has not run yet: "
                        f"trace lambda x: list({name}(x))")  # fmt: skip
    return result


def copied(tree):
    """Return a copy of what f may change; modules are shared."""
    modules = [module for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    try:
        return copy.deepcopy(tree, {id(module): module for module in modules})
    except TypeError as error:
        raise TypeError(f"trace copies what f may change, and {error}: pass a list, say") from error


def function_of(f):
    """Return a callable that has Python code: f itself, or the method that it calls."""
    if isinstance(getattr(type(f), "__call__", None), FunctionType):  # noqa: B004
        f = f.__call__
    if not isinstance(innermost(f), FunctionType):
        raise TypeError(f"trace needs a Python function, got {f!r}: write lambda x: f(x)")
    return f


def innermost(f):
    """Return the function inside a method, partial or cache."""
    for name in ("__func__", "func", "__wrapped__"):
        if not isinstance(f, FunctionType) and hasattr(f, name):
            return innermost(getattr(f, name))
    return f


class Followed:
    """The top-level modules that are followed, also those that f loads: ours, that of f, yours.

    Yours is what comes from a file outside the standard library and site-packages.
    """

    def __init__(self, f):
        self.near = {__package__.split(".")[0], (innermost(f).__module__ or "").split(".")[0]}

    def __contains__(self, top):
        module = sys.modules.get(top)
        files = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
        file = next(filter(None, files), "site-packages")
        installed = file.startswith(STANDARD) or not INSTALLED.isdisjoint(re.split(r"[\\/]", file))
        return top in self.near or not (top in sys.stdlib_module_names or installed)
