"""Judge predictions: numbers and words, one or several by name, whose answer is not given away."""

import math
from fractions import Fraction

import numpy as np

from lib.grade.calls import outcome, written
from lib.grade.report import Case, Report, attempt, short, shown
from lib.grade.sentences import given_and_wanted
from lib.numbers import exact_parts, plain_array

WORDS = {"wrong": "not right", "stable": "right"}


def check_value(answer, expected, *, within=0.0, factor=1.0, name="answer", parts=None, units=None,
                known=None):
    """Judge a prediction: a number, a word, a truth value, or a tuple of these.

    Parameters
    ----------
    answer : object
        What the reader wrote; an Ellipsis, alone or in a tuple, is not attempted. Scalars of NumPy
        count as what they hold, a list or an array of one dimension as a tuple.
    expected : float, str, bool, or tuple of these
        Words are compared without regard to case and blanks; neither a truth value nor a word is a
        number.
    within : float or tuple
        How far a number may lie from the expected one; a tuple holds one for each entry. With 0
        it has to be equal to it, exactly: 0.1 is not the fraction 1/10, an infinity no number.
    factor : float or tuple
        How many times larger or smaller than the expected one a number may be.

        Where there is room, its ends are in it, also as decimals: 1.1 lies within 0.1 of 1. For
        that they move by 2 u of the size of each float that is not whole.
    name : str
        Heading of the report.
    parts : sequence of str, optional
        What the entries are called.
    units : str or sequence of str, optional
        What stands after a number: "digits".
    known : dict of str to answer, optional
        Named wrong answers; an Ellipsis in one agrees with anything. An answer that is wrong and
        agrees with one, as closely as with a right one, is told so.

    Returns
    -------
    Report
        One case for each entry of expected, and one alone where the number of entries is another. A
        wrong number is called too large or too small; the expected one is not given away.

    Raises
    ------
    ValueError
        If there is not one part for each entry: a fault of the exercise.

    Examples
    --------
    >>> check_value((8, "yes"), (7.2, "no"), within=1, name="kernel", parts=("digits", "safe?"),
    ...             known={"you meant one step later": (..., "yes")})
    kernel: not right, 1 of 2 right
      digits  right      8 is right
      safe?   not right  'yes' is not right
      Perhaps you meant one step later.
    """
    several = isinstance(expected, tuple)
    wanted = expected if several else (expected,)
    options = _each(within, wanted), _each(factor, wanted), _each(units or "", wanted)
    parts = parts or ([f"entry {i + 1}" for i in range(len(wanted))] if several else
                      ["your answer"])
    if len(parts) != len(wanted):
        raise ValueError(f"parts has {len(parts)} names for {len(wanted)} entries")
    given = entries(answer, len(wanted)) if several else (answer,)
    if given is None:
        return miscounted(answer, len(wanted), name)
    rows = [row(part, *entry) for part, *entry in zip(parts, given, wanted, *options, strict=True)]
    report = Report(name, tuple(rows), good="right")
    return report if report.passed else Report(
        name, report.cases, note=_recognised(known or {}, given, options), good="right")


def row(part, answer, expected, within=0.0, factor=1.0, unit=""):
    """Return the Case of one entry."""
    verdict, reason = outcome(lambda: compare(answer, expected, within, factor, unit))
    return Case(part, verdict, reason, WORDS.get(verdict, ""))


def miscounted(answer, wanted, name):
    """Return the Report on an answer of another number of entries than is wanted."""
    number = attempt(lambda: len(answer) if isinstance(answer, tuple | list | np.ndarray) else None,
                     lambda problem: None)
    text = given_and_wanted(number, wanted) if number != wanted else (
        f"a tuple of {wanted} is wanted, not a {type(answer).__name__}")
    case = Case("your answer", "wrong", text, WORDS["wrong"])
    return Report(name, (case,), good="right")


def entries(answer, number):
    """Return so many entries of an answer, all missing where all that is there is; or None.

    None says that there are more or fewer: a single answer never stands for several.
    """
    if answer is None or answer is Ellipsis:
        return (answer,) * number
    listed = isinstance(answer, tuple | list) or (
        isinstance(answer, np.ndarray) and answer.ndim == 1)
    given = attempt(lambda: tuple(answer), lambda problem: None) if listed else None
    if given and all(part is None or part is Ellipsis for part in given):
        return (...,) * number
    return given if given is not None and len(given) == number else None


def compare(answer, expected, within=0.0, factor=1.0, unit=""):
    """Return the verdict on one entry of a prediction; raise a Verdict where there is none."""
    answer, expected = _plain(written(answer)), _plain(expected)
    if isinstance(expected, str | bool):
        same = type(answer) is type(expected) and _squeezed(answer) == _squeezed(expected)
        word = repr(answer)[:40] if isinstance(answer, str) else short(answer)
        return ("stable", f"{word} is right") if same else ("wrong", f"{word} is not right")
    number = attempt(lambda: _number(answer), lambda problem: math.nan)
    if number != number:
        return "wrong", f"{short(answer)} is not a number"
    text = f"{shown(number, 6)} {unit}".strip()
    if _fits(answer, expected, within, factor):
        return "stable", f"{text} is right"
    return "wrong", f"{text} is too {'large' if number > _number(expected) else 'small'}"


def _each(option, wanted):
    """Return one option for each entry."""
    return option if isinstance(option, tuple | list) else (option,) * len(wanted)


def _recognised(known, given, options):
    """Return the sentence of the first known wrong answer that was given; empty if none was."""
    for sentence, wrong in known.items():
        wrong = wrong if isinstance(wrong, tuple) else (wrong,)
        if all(expected is Ellipsis or outcome(
                lambda e=entry, x=expected, o=option: compare(e, x, *o))[0] == "stable"
                for entry, expected, *option in zip(given, wrong, *options, strict=True)):
            return sentence
    return ""


def _squeezed(word):
    """Return a word in small letters without blanks."""
    return "".join(str(word).lower().split())


def _plain(value):
    """Return what a scalar of NumPy, or an array of no dimension, holds; others as they are."""
    single = isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0
    return value.item() if single and not isinstance(value, np.ma.MaskedArray) else value


def _fits(answer, expected, within, factor):
    """Return whether an answer is the expected number, or lies in the interval around it."""
    number, right, room, times = map(_number, (answer, expected, within, factor))
    if (room, times) == (0, 1) or not all(isinstance(x, Fraction) for x in (number, right)):
        return number == right
    # A float is off its decimal by u of its size, a product or quotient of two by (2 u + u**2).
    share = _blur(expected) + _blur(factor)
    low, high = sorted((right / times, right * times))
    reach = _blur(answer) * abs(number) + (1 + _blur(within)) * room
    return low - abs(low) * share - reach <= number <= high + abs(high) * share + reach


def _blur(x):
    """Return 2 u for a float that may stand for a decimal, 0 for a whole one and other numbers."""
    x = x.item() if isinstance(x, np.ndarray) else x
    return Fraction(isinstance(x, float) and not x.is_integer(), 2**52)


def _number(answer):
    """Return an answer as a fraction, or as an infinity; nan for truth values, texts, complex."""
    no_number = str | bytes | bytearray | bool | complex | np.complexfloating
    if isinstance(answer, no_number) or hasattr(answer, "_mpc_"):
        return math.nan
    if isinstance(answer, np.ndarray):
        return _number(plain_array(answer, "answer").item())
    try:
        return exact_parts(answer, "answer", far=2**20)[0]
    except TypeError:  # of a kind that float reads, a tensor of one number, say
        return exact_parts(float(answer), "answer")[0]
