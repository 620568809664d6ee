"""Call what a reader wrote, on copies and in silence; whatever goes wrong becomes a verdict."""

import contextlib
import copy
import dis
import warnings
from numbers import Integral, Number

import numpy as np

from lib.grade.changes import changed
from lib.grade.report import attempt, short
from lib.grade.sentences import given_and_wanted
from lib.numbers import plain_array


class Verdict(Exception):  # noqa: N818 - it carries a verdict and a reason; it is no error
    """Ends the judging of one case."""


class Unmeasured(Verdict):
    """Ends it where there is nothing to measure: another shape, a limit."""


class Raised(Unmeasured):
    """Ends it where an error came in place of something to measure."""


def outcome(judge):
    """Return judge(), or the verdict and the reason of the Verdict that it raises."""
    return measured(judge)[0]


def measured(judge):
    """Return the same, and whether there was something to measure, "raised" where an error came.

    Examples
    --------
    >>> measured(lambda: fails("returned None"))
    (('wrong', 'returned None'), False)
    """
    try:
        return judge(), True
    except Raised as early:
        return early.args, "raised"
    except Unmeasured as early:
        return early.args, False
    except Verdict as early:
        return early.args, True


@contextlib.contextmanager
def quiet():
    """Silence warnings, of Python and of NumPy."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def called(f, args, around=contextlib.nullcontext):
    """Return f(*args), computed on copies; raise a Verdict where there is no result.

    What around() gives is entered for the time of the call alone, as the watch of a `Budget` is.
    """
    written(f)
    given = attempt(lambda: copy.deepcopy(args), lambda problem: fails(
        f"an argument cannot be copied: {type(problem).__name__}: {short(problem, 100)}"))
    with quiet(), around():
        value = attempt(lambda: f(*given), refuse)
    if value is None and not is_stub(f):
        fails("returned None: is a return missing, or a print in its place?")
    if changed(given, args):
        fails("changed its argument: work on a copy")
    return written(value)


def is_stub(f):
    """Return whether the body of a function is nothing but `...`, pass, None or a docstring.

    So is a function around such a one, as a check may put around a reader's, and one around that.

    Examples
    --------
    >>> def unwritten(x): ...
    >>> def printing(x): print(x)
    >>> is_stub(unwritten), is_stub(printing), is_stub(lambda x: x)
    (True, False, False)
    """
    return _is_empty(f) or any(_is_empty(one) or any(map(_is_empty, _around(one)))
                               for one in _around(f))


def _around(f):
    """Return what a function has closed over, as far as it is there."""
    cells = attempt(lambda: getattr(f, "__closure__", None), lambda problem: None) or ()
    found = (attempt(lambda cell=cell: cell.cell_contents, lambda problem: None) for cell in cells)
    return [one for whole in found for one in (whole if isinstance(whole, list) else [whole])]


def _is_empty(f):
    """Return whether f is a function whose code does nothing and returns a constant."""
    code = attempt(lambda: getattr(f, "__code__", None), lambda problem: None)
    nothing = {"RESUME", "NOP", "COPY_FREE_VARS", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return code is not None and {step.opname for step in dis.get_instructions(code)} <= nothing


def refuse(problem):
    """Raise the Verdict on an exception of a reader's function."""
    if isinstance(problem, NotImplementedError):
        raise Unmeasured("not attempted", "") from None
    if getattr(problem, "is_limit", False) is True:  # its words say all, its name nothing
        fails(short(problem, 100))
    fails(f"raised {type(problem).__name__}: {short(problem, 100)}", Raised)


def written(value):
    """Return a value; raise a Verdict if it is a gap that the reader has left."""
    if value is None or value is Ellipsis:
        raise Unmeasured("not attempted", "")
    return value


def fails(text, kind=Unmeasured):
    """Raise the Verdict wrong with a reason of at most 100 letters; Unmeasured as a rule."""
    raise kind("wrong", text if len(text) < 100 else text[:97] + "...") from None


def numbers(value, shape=None):
    """Return a result as a plain array of numbers; raise a Verdict if it is none of that shape.

    Of a tuple or a list, or one number in its place, is said how many were given.

    Whole numbers of Python, which are exact at any size, make an array of objects.
    """
    result = attempt(lambda: plain_array(value, "result"), lambda problem: fails(
        f"returned {type(value).__name__}: {short(problem, 100)}"))
    whole = result.dtype == object and all(isinstance(v, Integral) for v in result.flat)
    if result.dtype.kind not in "fiuc" and not whole:
        fails(f"returned {type(value).__name__}, not floating-point numbers")
    if shape is not None and result.shape != shape:
        counted = len(shape) == 1 and result.ndim < 2 and isinstance(value, tuple | list | Number)
        fails(given_and_wanted(len(result) if result.ndim else None, shape[0]) if counted
              else f"returned shape {result.shape}, expected {shape}")
    return result
