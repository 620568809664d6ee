"""Refuse by name what is no single number, no whole one, no source of random ones, no list."""

from math import inf
from operator import index

import numpy as np

from lib.numbers.arguments import plain_array


def real_number(x, name):
    """Return a single real number as the nearest float, or refuse it by name.

    Nan and infinities pass; a number that is none, and would become 0 or an infinity, does not.
    """
    array, value = plain_array(x, name), None
    if array.shape == () and array.dtype.kind in "biufO":
        try:
            value = float(array[()])
        except OverflowError:
            value = inf
        except (TypeError, ValueError):
            pass
    if value is not None:
        if 0 < abs(value) < inf or value != value or array[()] == value:
            return value
        side = "beyond 1.8e308, the range" if value else "below 5e-324, the smallest"
        raise ValueError(f"{name} is {side} of floats: scale it")
    raise TypeError(f"{name} = {x!r:.80} is not a real number: give a float")


def whole_number(n, name, least=-inf):
    """Return n as an int that is not below least, or refuse it by name.

    Floats and truth values are none.
    """
    try:
        n = index(None if isinstance(n, bool) else n)
    except TypeError:
        raise TypeError(f"{name} = {n!r:.80} is not an integer: use int({name})") from None
    if n < least:
        raise ValueError(f"{name} = {n}: it must be at least {least}")
    return n


def truth_value(x, name):
    """Return the one truth value of x, or refuse by name what has none, as an array of several."""
    try:
        return bool(x)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is a {type(x).__name__} without a single truth value: give True "
                        "or False") from None


def random_source(rng):
    """Return rng if it is a NumPy generator, or refuse it."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng = {rng!r:.80} is not a generator of random numbers: use "
                        "np.random.default_rng(seed)")
    return rng


def appendable(history):
    """Return the list that a function appends what it did to, a new one for None."""
    history = [] if history is None else history
    if not isinstance(history, list):
        raise TypeError(f"history is a {type(history).__name__}: give a list, to be appended to")
    return history
