"""Say what to change where a trace tells little, or where there was nothing to trace."""

import inspect
import re

import numpy as np

from lib.digits.values import leaves

LONG = 20_000  # runs of one line, from which on somebody has waited for the story
ANOTHER = "a plain run took another way"
DRAWN = re.compile(r"\b(random|secrets|urandom|uuid|time|datetime)\b")
SEEDED = re.compile(r"seed\(|(default_rng|Random|RandomState)\([^)]")


def without_float(name, f, args, kwargs):
    """Return what to do where no argument holds a float, as a sentence.

    Examples
    --------
    >>> without_float("f", lambda x: x, (2,), {})
    'No argument holds a float, and whole numbers are exact: write 2.0 for 2'
    """
    if not args and not kwargs:
        wanted = [one.name for one in inspect.signature(f).parameters.values()
                  if one.default is one.empty]
        return (f"{name} was given no argument: write what {', '.join(wanted)} shall be, such as "
                "0.1, in the field of its arguments" if wanted else
                f"{name} takes no argument, and numbers that stand in the code count as exact. "
                f"Give the number as an argument: write def {name}(x), and what x shall be, such "
                "as 0.1, in the field of its arguments")
    if leaves((args, kwargs), np.ndarray):
        return ("No argument holds a float, and an array of whole numbers is exact: write "
                "np.array([1.0, 2.0]) for np.array([1, 2])")
    if leaves((args, kwargs), str):
        return "No argument holds a float, and text is none: write 0.1 for '0.1'"
    return "No argument holds a float, and whole numbers are exact: write 2.0 for 2"


def hint(found, source):
    """Return what to change so that a trace of a source tells more, as a sentence, or nothing."""
    busiest = max(found.lines, key=lambda one: one.runs, default=None)
    if words := "" if found.raised else on_result(found) or on_chance(found, source):
        return words
    if busiest and busiest.runs >= LONG:
        return (f"An operation in line {busiest.number} ran {busiest.runs} times. Fewer mostly "
                "show the same lines: try a hundredth of them, and the story comes sooner.")
    return ""


def on_result(found):
    """Return what to return instead, or what to compute with."""
    if not found.lines:
        return ("No line computes with a float that came in as an argument. Numbers that stand in "
                "the code, and whole numbers, count as exact: give the number as an argument, and "
                "compute with it.")
    if found.value is None:
        return (f"{found.name} returned None, which has no digits: let it end with return and the "
                "number that matters.")
    if found.digits != found.digits or isinstance(found.value, bool):
        return (f"{found.name} returned no number (a {type(found.value).__name__}): let it return "
                "the number that this was made of, and its digits are counted.")
    return ""


def on_chance(found, source):
    """Return how to draw the same numbers in each run."""
    if ANOTHER in found.note and DRAWN.search(source):
        return ("Each run drew other random numbers, or met another time. Give the generator a "
                "seed, as in np.random.default_rng(7), or make what it draws an argument.")
    if re.search(r"\brandom\b", source) and not SEEDED.search(source):
        return ("The next run draws other random numbers, and may tell another story: one that "
                "stays takes a seed, as in random.seed(7).")
    return ""
