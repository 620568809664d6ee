"""Say in numbers what is wrong with a number: what came, what was due, and how they differ."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from numbers import Integral

import numpy as np

from lib.grade.report import attempt
from lib.numbers import exact_parts


def got(value, exact):
    """Return a sentence on one wrong number beside the right one.

    Parameters
    ----------
    value, exact : number
        Of any kind. As many digits are shown, four at least, as tell them apart.

    Returns
    -------
    str
        Both numbers; then, where it is so, that the sign alone is wrong, or by which power of 10 or
        2 the size is.

    Examples
    --------
    >>> got(0.0343333, 0.343333)
    'got 0.03433, expected 0.3433: too small by a factor of 10'
    >>> got(-2.0, 2.0), got(3, 2)
    ('got -2, expected 2: the sign is wrong', 'got 3, expected 2')
    """
    pair = both(value, exact)
    remark = attempt(lambda: _remark(float(value), float(exact)), lambda problem: "")
    return f"got {pair[0]}, expected {pair[1]}" + f": {remark}" * bool(remark)


def both(value, exact):
    """Return two numbers as texts, with as many digits as tell them apart, or with 17.

    Examples
    --------
    >>> both(2.333331, 2.3333333333), both(1 + 2j, 1 + 0j)
    (('2.333331', '2.333333'), ('1+2j', '1+0j'))
    """
    if all(isinstance(x, Integral) for x in (value, exact)):
        return str(int(value))[:40], str(int(exact))[:40]
    value, exact = (attempt(lambda x=x: complex(x) if np.iscomplexobj(x) else _near(x),
                            lambda problem: math.inf) for x in (value, exact))
    for digits in range(4, 18):
        texts = tuple(f"{x:.{max(digits, 7) if 1e4 <= abs(x) < 1e7 else digits}g}"
                      for x in (value, exact))
        if texts[0] != texts[1]:
            break
    return texts


def _near(x):
    """Return a real number as the nearest float, or as a Decimal beyond or below the floats."""
    near = attempt(lambda: float(x), lambda problem: math.inf)
    exact, _ = exact_parts(x, "x")
    if not isinstance(exact, Fraction) or near == exact or 0 < abs(near) < math.inf:
        return near
    with localcontext(prec=30):
        return (Decimal(exact.numerator) / exact.denominator).normalize()


def _remark(value, exact):
    """Return what one factor explains: a wrong sign, or a power of 10 or 2; empty if none does."""
    if not (value and exact and math.isfinite(value) and math.isfinite(exact)):
        return ""
    said = ["the sign is wrong"] if (value < 0) != (exact < 0) else []
    logs = math.log10(abs(value)) - math.log10(abs(exact))  # of the quotient, which may overflow
    size = "large" if logs > 0 else "small"
    for base in (10, 2):
        power = logs / math.log10(base)
        if round(power) and abs(power - round(power)) < 1e-3:
            factor = base ** abs(round(power))
            text = f"{factor}" if factor < 10_000 else f"{base}**{abs(round(power))}"
            said.append(f"too {size} by a factor of {text}")
            break
    else:
        if abs(logs) > 1e-3:  # another size too: the sign is not all
            return ""
    return ", ".join(said)


def right_digits(relative):
    """Return how many digits are right at a relative error, to the nearest number, in words.

    Examples
    --------
    >>> right_digits(4e-7), right_digits(0.04)
    ('6 digits are right', '1 digit is right')
    """
    number = round(-math.log10(relative)) if 0 < relative < 1 else 0
    return f"{number} digit is right" if number == 1 else f"{number} digits are right"


def given_and_wanted(given, wanted):
    """Return that so many were given, or a single one where that is None, and so many are wanted.

    Examples
    --------
    >>> given_and_wanted(4, 5), given_and_wanted(None, 5)
    ('4 given, 5 wanted', 'a single one given, 5 wanted')
    """
    return f"{'a single one' if given is None else given} given, {wanted} wanted"


def place(index, parts=None):
    """Return the name of the component at an index, by its part or its place in the array.

    Examples
    --------
    >>> place((1,)), place((0, 2)), place((1,), ("mean", "M")), place(())
    ('[1]: ', '[0, 2]: ', 'M: ', '')
    """
    if not index:
        return ""
    if parts is None:
        return f"[{', '.join(str(int(i)) for i in index)}]: "
    rest = f"[{', '.join(str(int(i)) for i in index[1:])}]" if len(index) > 1 else ""
    return f"{parts[int(index[0])]}{rest}: "
