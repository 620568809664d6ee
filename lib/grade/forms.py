"""Tell the form of an answer, and nothing of its values: what the visible checks of an exam say.

A sentence is made of the form that came and of the form that is asked for, so that two answers of
one form are told the same, letter for letter. An answer is called once, with an example.
"""

import contextlib
import copy
import html
import inspect
import warnings
from dataclasses import dataclass
from numbers import Integral

import numpy as np


@dataclass(frozen=True, repr=False)
class Form:
    """A sentence on the form of an answer, which a notebook shows as it is.

    Examples
    --------
    >>> Form("1 result, of shape (), float64: as asked")
    form: 1 result, of shape (), float64: as asked
    """

    said: str

    def __repr__(self):
        return f"form: {self.said}"

    def _repr_html_(self):
        return f"<p>{html.escape(repr(self))}</p>"


class _Odd(Exception):  # noqa: N818  carries a sentence
    """An answer has no form that could be compared."""


def form_of(answer, args, asked, packed=False):
    """Return the Form of what a function returns for an example, or of a value.

    Parameters
    ----------
    answer : object
    args : tuple or None
        The example; None where the answer is a value.
    asked : tuple or list of (str, tuple or None, str), or None
        The format and the shape of the result, and the narrowest format that is admitted too, if
        there is one; a list of such for several results. A shape of None is any, and so is a size;
        without any tuple, nothing is said of what comes back.
    packed : bool
        Whether one array may hold several results.

    Examples
    --------
    >>> form_of(lambda x: (x, 1.0), (np.ones(3),), [("float64", (3,)), ("float64", ())])
    form: 2 results, of shapes (3,) and (), float64: as asked
    >>> form_of(lambda x: x[:2], (np.ones(3),), ("float64", (3,)))
    form: 1 result, of shape (2,), float64; asked for: 1 result, of shape (3,), float64
    """
    several, wanted = isinstance(asked, list), asked if isinstance(asked, list) else [asked]
    try:
        value = _written(answer) if args is None else _called(answer, args)
        if asked is None:
            return Form("written" if args is None else f"takes {_number(args)} and returns")
        found = _parts(value, len(wanted), packed) if several else [_format(value)]
    except _Odd as odd:
        return Form(str(odd))
    if len(found) == len(wanted) and all(map(_fits, found, wanted)):
        return Form(_listed([(came[0], asked[1]) for came, asked in zip(
            found, wanted, strict=True)]) + ": as asked")
    return Form(f"{_listed(found)}; asked for: {_listed(wanted)}")


def form_of_input(answer, asked, condition):
    """Return the Form of an input that is to break something: whether its form is admitted.

    Parameters
    ----------
    answer : object
        A tuple of arguments, or one argument.
    asked : str
        What the form is to be, in words.
    condition : callable
        ``condition(*answer)`` says whether it is so.

    Examples
    --------
    >>> form_of_input(([1.0, 2.0],), "2 to 8 numbers", lambda x: 2 <= len(x) <= 8)
    form: admitted: 2 to 8 numbers
    >>> form_of_input(3.0, "2 to 8 numbers", lambda x: 2 <= len(x) <= 8)
    form: not admitted; asked for: 2 to 8 numbers
    """
    try:
        given = _written(answer)
    except _Odd as odd:
        return Form(str(odd))
    try:
        with _quiet():
            fits = bool(condition(*(given if isinstance(given, tuple) else (given,))))
    except Exception:  # of another number of things, or no numbers
        fits = False
    return Form(f"admitted: {asked}" if fits else f"not admitted; asked for: {asked}")


def stand_in(to, many=False):
    """Return a function to call an answer with, which stands for those that it is graded with.

    Of a float a smooth float; of a vector, with to elements, a diagonal matrix times it. With many
    it takes several floats, or a matrix of columns, at once.

    Examples
    --------
    >>> stand_in(None)(0.0), stand_in(3)(np.ones(2))
    (1.0, array([1., 2., 0.]))
    """
    def one(x):
        x = np.asarray(x, float)
        if x.ndim > (to is not None) and not many:
            raise ValueError(f"takes one {'float' if to is None else 'vector'} at a time")
        if to is None:
            value = 1.0 / (1.0 + x**2)
            return value if x.ndim else float(value)
        image, few = np.zeros((to, *x.shape[1:])), min(len(x), to)
        image[:few] = (np.arange(1, few + 1) * x[:few].T).T
        return image

    return one


@contextlib.contextmanager
def _quiet():
    """Silence the warnings of Python and NumPy: they would tell of values."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _written(answer):
    """Return an answer that is there."""
    if answer is None or answer is Ellipsis:
        raise _Odd("not written yet")
    return answer


def _called(answer, args):
    """Return what a function returns for copies of an example."""
    if not callable(_written(answer)):
        raise _Odd(f"{type(answer).__name__}; asked for: a function")
    try:
        takes = inspect.signature(answer)
    except (TypeError, ValueError):  # of some that are built in
        takes = None
    number = _number(args)
    try:
        if takes:
            takes.bind(*args)
    except TypeError:
        raise _Odd(f"the function does not take {number}, which are asked for") from None
    try:
        with _quiet():
            value = answer(*copy.deepcopy(args))
    except NotImplementedError:
        raise _Odd("not written yet") from None
    except Exception as fault:
        text = " ".join(str(fault).split())[:100]
        raise _Odd(f"takes {number}; raised {type(fault).__name__}: {text}") from None
    if value is None:
        raise _Odd(f"takes {number}; returned None: not written yet, or without return")
    return value


def _number(args):
    """Return how many arguments there are, in words."""
    return f"{len(args)} argument{'s' * (len(args) != 1)}"


def _parts(value, number, packed):
    """Return the format and the shape of each of several results."""
    if isinstance(value, np.ndarray) and packed and value.ndim and len(value) == number:
        value = list(value)
    return [_format(part) for part in value] if isinstance(value, tuple | list) else [
        _format(value)]


def _format(value):
    """Return the name of the format and the shape of one result."""
    try:
        with _quiet():
            array = np.asarray(value)
    except Exception:  # lists of different lengths
        raise _Odd(f"{type(value).__name__}, which is no array of numbers") from None
    if array.dtype == object and array.size and all(isinstance(x, Integral) for x in array.flat):
        return "int64", array.shape  # whole numbers of any size
    if array.dtype.kind not in "biufc":
        inside = type(array.flat[0]).__name__ if array.dtype == object and array.size else ""
        raise _Odd(f"{type(value).__name__}" + f" of {inside}" * bool(
            inside and array.ndim) + "; asked for: numbers of NumPy or Python")
    return array.dtype.name, array.shape


def _fits(found, wanted):
    """Return whether a result has a form that is admitted: whole numbers count as floats."""
    (came, shape), (asked, sizes, *narrow) = found, wanted
    if sizes is not None and (len(shape) != len(sizes) or any(
            size not in (one, None) for one, size in zip(shape, sizes, strict=True))):
        return False
    came, asked = np.dtype(came), np.dtype((*narrow, asked)[0])
    if came.kind == asked.kind == "f":
        return came.itemsize >= asked.itemsize
    return came.kind == asked.kind or (came.kind in "iuf" and asked.kind in "iufc"
                                       and (asked.kind != "c" or came.itemsize >= 8))


def _listed(forms):
    """Return formats and shapes in words.

    Examples
    --------
    >>> _listed([("float64", (3,)), ("bool", (None, 2))]), _listed([("float64", None)])
    ('2 results, of shapes (3,) and (any, 2), float64 and bool', '1 result, of any shape, float64')
    """
    shapes = ["any" if shape is None else f"({', '.join(map(_size, shape))}"
              f"{',' * (len(shape) == 1)})" for _, shape, *_ in forms]
    kinds = [kind for kind, *_ in forms]
    one = len(forms) == 1
    where = "of any shape" if shapes == ["any"] else f"of shape{'s' * (not one)} {_and(shapes)}"
    return (f"{len(forms)} result{'s' * (not one)}, {where}, "
            + (kinds[0] if len(set(kinds)) == 1 else _and(kinds)))


def _size(size):
    """Return a size in words."""
    return "any" if size is None else str(size)


def _and(words):
    """Return words with commas, and an `and` before the last."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
