"""What a figure that moves may vary: each parameter is a grid of values with their texts."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


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
        The first and the last value, lo < hi.
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
        If the grid is empty, or fmt writes two of its values alike.

    Examples
    --------
    >>> Slider(0, 1, 5).texts
    ('0', '0.25', '0.5', '0.75', '1')
    """
    _check_range("Slider", lo, hi, n)
    return _numbers(np.linspace(lo, hi, n), init, label, fmt)


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
    return _numbers(np.geomspace(lo, hi, n), init, label, fmt)


def IntSlider(lo, hi, step=1, init=None, label=None):
    """Return a parameter of the integers lo, lo + step, ..., up to hi.

    Arguments and errors are those of `Slider`.

    Examples
    --------
    >>> IntSlider(2, 10, step=4).values
    (2, 6, 10)
    """
    if not all(isinstance(value, int) for value in (lo, hi, step)) or step < 1:
        raise ValueError(f"IntSlider needs integers and step > 0, got {lo}, {hi}, step={step}")
    values = range(lo, hi + 1, step)
    _check_range("IntSlider", lo, hi, len(values))
    return _numbers(values, init, label, "d")


def Choice(options, init=None, label=None):
    """Return a parameter that takes one of the options.

    Parameters
    ----------
    options : dict of str to object, or iterable
        What to choose from: text and value, or values that are written as ``str`` writes them.
    init : object, optional
        The option to start from, by its text or its value; the first by default.
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
    values = tuple(options.values() if isinstance(options, Mapping) else options)
    texts = tuple(map(str, options if isinstance(options, Mapping) else values))
    if len(set(texts)) < max(2, len(texts)):
        raise ValueError(f"Choice needs two or more options with different texts, got {options}")
    if init is not None and init not in texts and init not in values:
        raise ValueError(f"Choice cannot start from {init!r}: give one of {', '.join(texts)}")
    start = 0 if init is None else texts.index(init) if init in texts else values.index(init)
    return Parameter(values, texts, start, label, "choice")


def _check_range(name, lo, hi, n):
    if not (math.isfinite(lo) and math.isfinite(hi) and lo < hi):
        raise ValueError(f"{name} needs finite lo < hi, got {lo} and {hi}")
    if n < 2:
        raise ValueError(f"{name} needs at least 2 values, got {n}: raise n or lower step")


def _numbers(grid, init, label, fmt):
    """Return the parameter that takes the grid's values as fmt writes them."""
    number = int if fmt == "d" else float
    written = [format(number(value), fmt) for value in grid]
    try:
        values = tuple(map(number, written))
    except ValueError as error:
        raise ValueError(f"fmt={fmt!r} writes {written[0]!r}, which is no number") from error
    if len(set(values)) < len(values):
        raise ValueError(f"fmt={fmt!r} writes two values alike: show more digits or lower n")
    if init is not None and not values[0] <= init <= values[-1]:
        raise ValueError(f"init={init} lies outside of {values[0]} ... {values[-1]}")
    start = 0 if init is None else min(range(len(values)), key=lambda i: abs(values[i] - init))
    texts = tuple(re.sub(r"e([+-])0*", lambda e: "e" + e[1].strip("+"), text) for text in written)
    return Parameter(values, texts, start, label)
