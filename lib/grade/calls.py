"""Call what a reader wrote, on copies and in silence; whatever goes wrong becomes a verdict."""

import contextlib
import copy
import warnings
from dataclasses import fields, is_dataclass
from numbers import Integral

import numpy as np

from lib.grade.report import short
from lib.numbers import plain_array


class Verdict(Exception):  # noqa: N818 - it carries a verdict and a reason; it is no error
    """Ends the judging of one case."""


@contextlib.contextmanager
def quiet():
    """Silence warnings, of Python and of NumPy."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def called(f, args):
    """Return f(*args), computed on copies; raise a Verdict where there is no result."""
    written(f)
    try:
        given = copy.deepcopy(args)
        with quiet():
            value = f(*given)
    except KeyboardInterrupt:  # of the person at the keyboard
        raise
    except NotImplementedError:
        raise Verdict("not attempted", "") from None
    except BaseException as problem:
        raise wrong(f"raised {type(problem).__name__}: {short(problem, 100)}") from None
    if changed(given, args):
        raise Verdict("wrong", "changed its argument: work on a copy")
    return written(value)


def written(value):
    """Return a value; raise a Verdict if it is a gap that the reader has left."""
    if value is None or value is Ellipsis:
        raise Verdict("not attempted", "")
    return value


def wrong(text):
    """Return the Verdict wrong with a reason of at most 100 letters."""
    return Verdict("wrong", text if len(text) < 100 else text[:97] + "...")


def changed(given, original):
    """Return whether something inside arrays, lists or dicts came back other than it went in.

    Examples
    --------
    >>> changed(([1.0, np.nan],), ([1.0, np.nan],)), changed(([2.0],), ([1.0],))
    (False, True)
    """
    if isinstance(original, np.ndarray) and original.dtype != object:
        return given.shape != original.shape or given.tobytes() != original.tobytes()
    if isinstance(original, dict):
        return list(given) != list(original) or changed([*given.values()], [*original.values()])
    if is_dataclass(original):  # two copies of one that compares by identity differ
        names = [field.name for field in fields(original)]
        return type(given) is not type(original) or any(
            changed(getattr(given, name), getattr(original, name)) for name in names)
    if isinstance(original, list | tuple | np.ndarray):
        return len(given) != len(original) or any(map(changed, given, original))
    if type(original).__eq__ is object.__eq__:  # a generator, say: only the same one is equal
        return False
    try:
        return bool(given != original) and not (given != given and original != original)
    except Exception:  # of a class that does not compare
        return False


def numbers(value, shape=None):
    """Return a result as a plain array of numbers; raise a Verdict if it is none of that shape.

    Whole numbers of Python, which are exact at any size, make an array of objects.
    """
    try:
        result = plain_array(value, "result")
    except Exception as problem:
        raise wrong(f"returned {type(value).__name__}: {short(problem, 100)}") from None
    whole = result.dtype == object and all(isinstance(v, Integral) for v in result.flat)
    if result.dtype.kind not in "fiuc" and not whole:
        raise Verdict("wrong", f"returned {type(value).__name__}, not floating-point numbers")
    if shape is not None and result.shape != shape:
        raise Verdict("wrong", f"returned shape {result.shape}, expected {shape}")
    return result
