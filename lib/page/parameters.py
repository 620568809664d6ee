"""What a figure that moves may vary: each parameter is a grid of values with their texts."""

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

MOST = 10_000  # More values than any figure has frames would only fill the memory.


@dataclass(frozen=True)
class Parameter:
    """The grid of one parameter: its values, how each is written, and the one to start from."""

    values: tuple
    texts: tuple
    start: int
    label: str | None
    control: str = "slider"


def Slider(lo, hi, n=31, init=None, label=None, fmt=".3g"):
    """Return a parameter of n evenly spaced values from lo to hi.

    Parameters
    ----------
    lo, hi : float
        The first and the last value, lo < hi, whose difference is a float too.
    n : int
        How many values, at least 2.
    init : float, optional
        Where to start: the nearest value of the grid; lo by default.
    label : str, optional
        What the control is called; the parameter's name by default.
    fmt : str
        How a value is written. Values are rounded to what is written, so that what is shown is
        what is drawn.

    Raises
    ------
    ValueError
        If an argument is no such number, the grid is empty, or fmt writes two of its values
        alike.

    Examples
    --------
    >>> Slider(0, 1, 5).texts
    ('0', '0.25', '0.5', '0.75', '1')
    """
    _check_range("Slider", lo, hi, n)
    return _numbers(np.linspace(float(lo), float(hi), n), init, label, fmt)


def LogSlider(lo, hi, n=31, init=None, label=None, fmt=".3g"):
    """Return a parameter of n values from lo > 0 to hi, each the same multiple of the last.

    Arguments and errors are those of `Slider`.

    Examples
    --------
    >>> LogSlider(1e-8, 1e-6, 5).texts
    ('1e-8', '3.16e-8', '1e-7', '3.16e-7', '1e-6')
    """
    _check_range("LogSlider", lo, hi, n)
    if lo <= 0:
        raise ValueError(f"LogSlider needs lo > 0, got {lo}: a Slider may start there")
    return _numbers(np.geomspace(float(lo), float(hi), n), init, label, fmt)


def IntSlider(lo, hi, step=1, init=None, label=None):
    """Return a parameter of the integers lo, lo + step, ..., up to hi.

    Arguments and errors are those of `Slider`.

    Examples
    --------
    >>> IntSlider(2, 10, step=4).values
    (2, 6, 10)
    """
    if not all(isinstance(value, Integral) for value in (lo, hi, step)) or step < 1:
        raise ValueError(f"IntSlider needs integers and step > 0, got {lo!r}, {hi!r}, "
                         f"step={step!r}")
    lo, hi, step = int(lo), int(hi), int(step)
    _check_range("IntSlider", lo, hi, (hi - lo) // step + 1)
    return _numbers(range(lo, hi + 1, step), init, label, "d")


def Choice(options, init=None, label=None):
    """Return a parameter that takes one of the options.

    Parameters
    ----------
    options : dict of str to object, or iterable
        What to choose from: text and value, or values that are written as ``str`` writes them.
    init : object, optional
        The option to start from, by its text or its value, an array by identity; the first by
        default.
    label : str, optional
        What the control is called; the parameter's name by default.

    Raises
    ------
    ValueError
        If there are fewer than two options, two are written alike, or init is none of them.

    Examples
    --------
    >>> Choice({"half": np.float16, "single": np.float32}, init="single").start
    1
    """
    try:
        values = tuple(options.values() if isinstance(options, Mapping) else options)
    except TypeError as error:
        raise ValueError(f"Choice needs a dict or a list of options, got {options!r}") from error
    texts = tuple(map(str, options if isinstance(options, Mapping) else values))
    if len(set(texts)) < max(2, len(texts)):
        raise ValueError(f"Choice needs two or more options with different texts, got {options}")
    starts = [0] if init is None else [i for same in (_is_text, _is, _equals)
                                       for i, option in enumerate(zip(texts, values, strict=True))
                                       if same(init, *option)]
    if not starts:
        raise ValueError(f"Choice cannot start from {init!r}: give one of {', '.join(texts)}")
    return Parameter(values, texts, starts[0], label, "choice")


def _is_text(init, text, value):
    return isinstance(init, str) and init == text


def _is(init, text, value):
    return init is value


def _equals(init, text, value):
    """Return whether two values are equal as a whole: arrays, compared by element, are not."""
    try:
        equal = init == value
    except (TypeError, ValueError):
        return False
    return isinstance(equal, bool | np.bool_) and bool(equal)


def _is_finite(number):
    """Return whether something is a real number that a float can hold."""
    try:
        return isinstance(number, Real) and math.isfinite(number)
    except OverflowError:  # An integer beyond all floats.
        return False


def _check_range(name, lo, hi, n):
    for number in (lo, hi):
        if not _is_finite(number):
            raise ValueError(f"{name} needs finite numbers lo < hi, got {number!r}: give numbers "
                             "such as 0 and 1")
    if not lo < hi:
        raise ValueError(f"{name} needs finite lo < hi, got {lo} and {hi}")
    if float(hi) - float(lo) == math.inf:
        raise ValueError(f"{name} needs hi - lo of at most {sys.float_info.max:.2g}, got {lo} and "
                         f"{hi}: scale them, and multiply in draw")
    if isinstance(n, bool) or not isinstance(n, Integral):
        raise ValueError(f"{name} needs n, an integer from 2 on; got {n!r}")
    if not 2 <= n <= MOST:
        raise ValueError(f"{name} needs at least 2 values, got {n}: raise n or lower step" if n < 2
                         else f"{name} takes at most {MOST} values, got {n}: lower n or raise step")


def _numbers(grid, init, label, fmt):
    """Return the parameter that takes the grid's values as fmt writes them."""
    values, written = _written(grid, fmt)
    if init is not None and not isinstance(init, Real):
        raise ValueError(f"init={init!r} is no number: give one in {values[0]} ... {values[-1]}")
    init = init.item() if isinstance(init, np.generic) else init  # A float32 would round values.
    if init is not None and not values[0] <= init <= values[-1]:
        raise ValueError(f"init={init} lies outside of {values[0]} ... {values[-1]}")
    start = 0 if init is None else min(range(len(values)), key=lambda i: abs(values[i] - init))
    texts = tuple(map(_short, written))
    return Parameter(values, texts, start, label)


def _short(text):
    """Return a written number with no more of its power of ten than it needs: 1e7 for 1e+07."""
    return re.sub(r"e([+-])0*(\d*)$", lambda e: e[2] and f"e{e[1].strip('+')}{e[2]}", text)


def _written(grid, fmt):
    """Return the grid's values as fmt writes them: the numbers that are shown, and their texts."""
    number = int if fmt == "d" else float
    try:
        written = [format(number(value), fmt) for value in grid]
    except (TypeError, ValueError) as error:
        raise ValueError(f"fmt={fmt!r} is no format of a number, such as '.3g'") from error
    try:
        values = tuple(map(number, written))
    except ValueError as error:
        raise ValueError(f"fmt={fmt!r} writes {written[0]!r}, which is no number") from error
    if len(set(values)) < len(values):
        raise ValueError(f"fmt={fmt!r} writes two values alike: show more digits or lower n")
    if not all(map(_is_finite, values)):
        raise ValueError(f"fmt={fmt!r} writes a value beyond the largest float: show more digits")
    return values, written
