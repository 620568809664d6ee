"""Write values down as expressions, and say what form values have."""

import re

import numpy as np

from homework import Trouble
from homework.examples import Stand


def literal(value, name):
    """Return an argument of a function as the text of an expression.

    Examples
    --------
    >>> literal([np.array([0.5, np.inf]), 3], "f")
    "[np.array([0.5, np.inf], dtype='float64'), 3]"
    """
    if isinstance(value, Stand):
        return f"stand_in({value.to}{', many=True' * bool(value.many)})"
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        if not value.size:
            return f"np.zeros({value.shape}, dtype={value.dtype.name!r})"
        return f"np.array({_spelt(value.tolist())}, dtype={value.dtype.name!r})"
    if isinstance(value, list | tuple):
        inside = "".join(f"{literal(one, name)}, " for one in value)
        return f"[{inside.rstrip(', ')}]" if isinstance(value, list) else f"({inside.rstrip()})"
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return f"np.{type(value).__name__}({_spelt(value.item())})"
    if isinstance(value, str | bytes | bool | int | float | complex | None):
        return _spelt(value) if isinstance(value, float | complex) else repr(value)
    raise Trouble(f"{name!r} is given a {type(value).__name__}, which an exam's example cannot "
                  "hold: numbers, texts, lists and arrays of such can be written down.")


def _spelt(value):
    """Return numbers as text, what is not finite by the names that NumPy has for it."""
    return re.sub(r"\b(nan|inf)\b", r"np.\1", repr(value))


def value_form(value):
    """Return what form a value has that is asked for, its sizes left open; None for no numbers.

    Examples
    --------
    >>> value_form([1.0, 2.0]), value_form(([1.0], 2.0)), value_form("a")
    (('float64', (None,)), [('float64', (None,)), ('float64', ())], None)
    """
    kind = format_of(value)
    if kind:
        return kind, (None,) * np.ndim(value)
    found = [(format_of(part), (None,) * np.ndim(part)) for part in value if format_of(part)
             ] if isinstance(value, tuple) else []
    return found if found and len(found) == len(value) else None


def format_of(value):
    """Return the name of the format of numbers; empty for what is no array of numbers."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        return ""
    return array.dtype.name if array.dtype.kind in "biufc" else ""
