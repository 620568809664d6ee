"""What a family of routines says about itself."""

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Family:
    """Routines of one kind, of which a number draws one.

    Attributes
    ----------
    title, task : str
        What is told: the routine, what a query is, and what counts as broken.
    draw : callable
        ``draw(rng)`` is a member: whatever `answer` needs, and a text that an instructor reads.
    read : callable
        ``read(given)`` is an input of known size and kind; a ValueError tells what is wrong.
    answer : callable
        ``answer(member, x)``, what the routine returns.
    error : callable
        ``error(found, x)``, against a value that is computed in another, stable way.
    above : float
        From which error on the routine is broken.
    admits : dict of str to callable
        What is asked of the input that is handed in, and ``is_met(x)``.
    """

    title: str
    task: str
    draw: object
    read: object
    answer: object
    error: object
    above: float
    admits: dict


def floats(given, length):
    """Return so many finite floats of a list; a ValueError where it is none.

    Examples
    --------
    >>> floats((1, 2), 2)
    [1.0, 2.0]
    """
    if not hasattr(given, "__len__") or len(given) != length:
        raise ValueError(f"give a list of {length} numbers")
    return [number(value) for value in given]


def number(given):
    """Return a finite float, or raise a ValueError.

    Examples
    --------
    >>> number(3)
    3.0
    """
    try:
        value = math.nan if isinstance(given, str | bytes) else float(given)
    except (TypeError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{str(given)[:40]!r} is no finite number")
    return value


def relative(found, exact):
    """Return the relative error of a float, infinite where it is none.

    Examples
    --------
    >>> relative(0.0, 10), relative(float("nan"), 1), relative(0.0, 0)
    (1.0, inf, 0.0)
    """
    if found == exact:
        return 0.0
    if not math.isfinite(found) or exact == 0:
        return math.inf
    return abs(float((Fraction(found) - Fraction(exact)) / Fraction(exact)))
