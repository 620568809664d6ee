"""What a traced function returned, beside what the same operations give exactly, digit by digit."""

import html
import math
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from lib.digits.records import whole
from lib.digits.values import attributes, is_container
from lib.numbers import formats

MORE = 4  # digits of an exact number that are shown beyond those that tell a float from others
SURE = 50  # digits of an exact number that are not its own rounding
SHOWN = 200  # characters of what is no number
OTHERWISE = " That holds for the way that the floats take."


class Number(NamedTuple):
    """A number that was returned: its place, as an index; in floats; exactly; its right digits."""

    place: str
    value: object
    exact: object
    digits: float


class Row(NamedTuple):
    """A line of a view: what it is, its text, and how many characters of that are right."""

    name: str
    text: str
    right: int = 0


def numbers(value, exact, digits, place="", around=()):
    """Yield the numbers in what was returned, a Number each; those in sets have no place.

    Examples
    --------
    >>> [one.place for one in numbers({"a": (1.0, "b")}, {"a": (1, "b")}, {"a": (16.0, "b")})]
    ["['a'][0]"]
    """
    if isinstance(digits, float) and not isinstance(value, bool):
        if isinstance(value, int | np.integer):
            yield Number(place, int(value), int(exact), digits)
        else:
            yield Number(place, float(value), exact, digits)
    elif id(digits) not in around and is_container(digits, is_own):
        parts = zip(parts_of(value), parts_of(exact), parts_of(digits), strict=False)
        for (words, v), (_, r), (_, right) in parts:
            yield from numbers(v, r, right, place + words, (*around, id(digits)))


def is_own(thing):
    """Return whether an object is of a class of the reader's, or a namespace."""
    return type(thing).__module__ in ("yours", "types")


def parts_of(thing):
    """Return what a container holds, each with words for its place."""
    if isinstance(thing, np.ndarray):
        places = np.ndindex(thing.shape) if thing.dtype.kind in "fO" else ()
        return [(str(list(place)) if place else "", thing[place]) for place in places]
    if isinstance(thing, dict):
        return [(f"[{key!r}]", item) for key, item in thing.items()]
    if isinstance(thing, set | frozenset):
        return []
    if isinstance(thing, tuple | list):
        return [(f"[{n}]", item) for n, item in enumerate(thing)]
    return [(f".{name}", item) for name, item in attributes(thing).items()]


def said(thing):
    """Return what Python writes for a thing, cut where it is long."""
    try:
        text = repr(thing)
    except Exception:  # a reader's class may raise, and Python writes no int of 4301 digits
        text = f"something of the class {type(thing).__name__}"
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def written(text, right, most, widest=16):
    """Return a decimal number as Python writes it, and how many characters its right digits take.

    Parameters
    ----------
    text : str
        The number, with one digit before the point, and an e unless it is 0.
    right : float
        How many digits are right.
    most : int
        How many digits are shown; where others follow, "…" does.
    widest : int
        How many digits stand before the point at most.

    Examples
    --------
    >>> written("3.0000000000000004e-1", 16, 17), written("-1.2345e+20", 2, 3)
    (('0.30000000000000004', 18), ('-1.23…e+20', 4))
    """
    mantissa, _, exponent = text.lower().partition("e")
    sign, digits = mantissa[: mantissa.startswith("-")], mantissa.lstrip("-")
    digits = digits.replace(".", "").rstrip("0") or "0"
    exponent, end = int(exponent or 0) if digits != "0" else 0, ""
    cut, body, before = "…"[: len(digits) > most], digits[:most], 1
    if -5 < exponent < widest:
        before = max(exponent, 0) + 1
        body = ("0" * -exponent + body).ljust(before, "0")
        body = f"{body[:before]}.{body[before:] or '0'}"
    else:
        body, end = f"{body[0]}.{body[1:]}".rstrip("."), f"e{exponent:+03d}"
    first = next((at for at, one in enumerate(body) if one in "123456789"), 0)
    ends = [0, *(at + 1 for at, one in enumerate(body) if one.isdigit() and at >= first)]
    count = min(whole(right), len(ends) - 1)
    place = len(body + end) if whole(right) >= len(ends) - 1 and not cut else ends[count]
    return sign + body + cut + end, (len(sign) + place) * (count > 0)


def few(fmt):
    """Return how many decimal digits tell the numbers of a format apart."""
    return math.ceil(1 + fmt.precision * math.log10(2))


def digits_in(number, fmt):
    """Return the digits of an exact number, or as few as tell a float of a format from others."""
    if hasattr(number, "context"):
        return number.context.nstr(number, SURE, min_fixed=0, max_fixed=0)
    if fmt == formats.FP64:
        return f"{Decimal(repr(float(number))):e}"
    return f"{number:.{few(fmt) - 1}e}"


def row(name, number, fmt, right=0):
    """Return the row of a number, of which so many digits are right."""
    if isinstance(number, int):
        return Row(name, said(number))
    if number * 0 != 0:  # inf or nan, be it a float or exact
        return Row(name, str(float(number)))
    most = few(fmt) + MORE * hasattr(number, "context")
    return Row(name, *written(digits_in(number, fmt), right, most, min(16, few(fmt))))


def remark(one, full):
    """Return a sentence on the right digits of a number, which are counted by its relative error.

    By that 0.09999999 is right to seven digits where 0.1 is meant.
    """
    count = whole(one.digits)
    if isinstance(one.value, int):
        return "A whole number counts as exact."
    if count == full:
        return f"Right to all {full} digits."
    error = f"{10**-one.digits:.0e}".replace("e-0", "e-")
    many = f"{count} digit{'s' * (count > 1)}"
    return f"Right to {many}: the relative error is {error}." if count else "No digit is right."


def rows(found):
    """Return what to show of a trace: a sentence, rows, a sentence."""
    if found.raised:
        there = [("In floats", found.raised.values), ("Exactly", found.raised.exact)]
        lists = [Row(name, ", ".join(row("", x, found.fmt).text for x in xs)) for name, xs in there]
        return "It returned nothing, for it raised.", lists * bool(found.raised.values), ""
    every = list(numbers(found.value, found.exact, found.components))
    if not every:
        return "", [Row("Returned", said(found.value))], ""
    worst = min(every, key=lambda one: one.digits)
    where = (f"The worst of its {len(every)} numbers is that at {worst.place}."
             if len(every) > 1 else f"Its number is that at {worst.place}.")
    return (where * bool(worst.place),
            [row("Returned", worst.value, found.fmt, worst.digits),
             row("Exactly", worst.exact, found.fmt, worst.digits)],
            remark(worst, found.full) + OTHERWISE * bool(found.branch))


def views(found):
    """Return what a trace returned as text and as HTML; right digits are underlined in both.

    Examples
    --------
    >>> from lib.digits import trace
    >>> print(views(trace(lambda x: (x + 1e8) - 1e8, 0.1))[0])
    Returned  0.09999999403953552
              ^^^^^^^^^^
    Exactly   0.100000000000000005551…
              ^^^^^^^^^
    Right to 7 digits: the relative error is 6e-8.
    """
    before, lines, after = rows(found)
    wide = max((len(one.name) for one in lines), default=0) + 2
    text, cells = [before] * bool(before), ""
    for name, words, right in lines:
        text += [f"{name:{wide}}{words}", " " * wide + "^" * right][: 2 if right else 1]
        cells += (f'<tr><th scope="row">{name}</th><td><code><b>{html.escape(words[:right])}</b>'
                  f"{html.escape(words[right:])}</code></td></tr>\n")
    table = f"<table><tbody>\n{cells}</tbody></table>\n" * bool(cells)
    first, last = (f"<p>{html.escape(one)}</p>\n" * bool(one) for one in (before, after))
    return "\n".join(text + [after] * bool(after)), first + table + last
