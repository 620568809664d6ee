"""Say where a number lost its exact value, and what to do about it."""

import re
import sys
from typing import NamedTuple

from lib.digits.code import Source, instruction
from lib.digits.operations import ALIASES, OPERATIONS
from lib.digits.shadow import unmarked


class ShadowLost(TypeError):  # noqa: N818 - its name is what happened
    """A number lost its shadow; the message names the line and the remedy."""

    needs_room = False  # whether f had made arrays that hold floats alone


class Site(NamedTuple):
    """Where a shadow was lost: an instruction of the traced function, and what ran inside it.

    Attributes
    ----------
    line : int
        First line of the statement.
    statement, expression : str
        Its text, and that of the part which the instruction computes.
    instruction : str
        Name of the instruction, such as STORE_SUBSCR.
    inside : str
        Name of the function that ran, if it is not traced, such as NumPy's; or "".
    home, call : str
        The file of that function, and the expression in it.
    reason : str
        What Python or NumPy said, or "".
    text : bool
        Whether what was raised may come of reading a number from text.
    """

    line: int
    statement: str
    expression: str
    instruction: str
    inside: str
    home: str
    call: str
    reason: str
    text: bool

    @property
    def words(self):
        """What is called: the expressions of the traced function and of what ran inside it."""
        return f"{self.expression} {self.call}"


def _is_compiled(site):
    routines = ("linalg", "fft", "scipy")
    in_library = any(name in site.words + site.home + site.reason for name in routines)
    signs = r"ufunc '\w+' input|Cannot cast array data|'function' object has no attribute"
    return in_library or re.search(signs, site.reason)


def _is_followed_elsewhere(site):
    names = [name for name in (OPERATIONS | ALIASES) if f"math.{name}(" in site.words]
    return bool(names)


# What is advised, by the first sign that is there.
REMEDIES = [
    (lambda site: "is beyond 2**" in site.reason,
     "a function of a number of that size takes too long; scale the problem, or take logarithms"),
    (lambda site: "Fraction" in site.reason + site.words or "Decimal" in site.reason + site.words,
     "floats are followed, no fractions and decimals; make floats of them first"),
    (lambda site: "complex" in site.reason + site.words or "cmath." in site.words,
     "real numbers only are followed; trace real and imaginary part as two numbers, "
     "or take math.cbrt for a cube root"),
    (lambda site: "method round" in site.reason, "write np.round(x, 3), which keeps it"),
    (lambda site: "does not have an identity" in site.reason,
     "say where it starts, as in np.sum(x, where=mask, initial=0.0)"),
    (lambda site: "longdouble" in site.reason, "float64 is followed; convert that number to float"),
    (lambda site: site.text,
     "text has no exact value; round(x, 3) rounds as f'{x:.3f}' does, and keeps it"),
    (lambda site: site.instruction == "BINARY_OP" and "%" in site.expression,
     "write f'{x:.3f}' to show a number, round(x, 3) to compute with it"),
    (lambda site: "ZeroDivisionError" in site.reason,
     "a float or int of Python stays one in an array of numbers with a shadow, and raises where "
     "NumPy's gives inf or nan; put np.float64(0) into the array, not 0"),
    (_is_compiled, "compiled routines know floats only; write the loop out in Python"),
    (lambda site: "not supported for the input" in site.reason,
     "NumPy has it for floats only; write it with other functions"),
    (lambda site: site.instruction.startswith("STORE_S") or "Cannot cast" in site.reason,
     "make the array like an argument, as in np.zeros_like(A)"),
    (lambda site: "got object" in site.reason or "object does not fit" in site.reason,
     "let it take arrays of objects, or trace a version without that check"),
    (lambda site: re.match(r"(int|float)\(", site.expression),
     "use the number as it is, without int or float; "
     "math.floor(x) and round(x) give whole numbers"),
    (_is_followed_elsewhere, "call the function through np, which asks the number itself"),
    (lambda site: "math." in site.words, "write it with other functions"),
    (lambda site: re.search(r"\bdtype\s*=", site.expression),
     "leave dtype out, and choose the precision of the whole trace by fmt"),
    (lambda site: "dtype" in site.expression or "float64(" in site.expression,
     "leave the conversion to float out, and use the number as it is"),
    (lambda site: "numpy" in site.home or re.search("attribute '(dtype|shape)'", site.reason),
     "NumPy has it for floats only; write it with other functions"),
    (lambda site: True, "use the number as it is, without turning it into a float or an int; "
     "math.floor(x) and round(x) give whole numbers"),
]


def lost(place, wrote, error=None, reason=""):
    """Return the exception for a shadow lost.

    Parameters
    ----------
    place : (code object, offset of instruction, ...) or None
        Where the traced function stands, or raised the error.
    wrote : bool
        Whether numbers were written as text before.
    error : Exception or None
        What was raised for want of a float; None if nothing was yet.
    reason : str
        The same in words.
    """
    if place is None:  # not in a line of f, but before or after it
        what = "a default value, or what f returns,"
        return ShadowLost(f"{what} cannot be followed: {error or reason}")
    code, offset = place[:2]
    source, (name, position) = Source(code.co_filename), instruction(code, offset)
    inside, home, call = ("", "", "") if error else _untraced(code)
    site = Site(
        source.span(position[0])[0], " ".join(source.statement(position[0]).split()),
        source.expression(position), name, inside, home, call,
        f"{type(error).__name__}: {unmarked(str(error))}" if error else reason,
        wrote and isinstance(error, (ValueError, ArithmeticError, SyntaxError)),
    )  # fmt: skip
    return ShadowLost(_message(site))


def _message(site):
    advice = next(advice for sign, advice in REMEDIES if sign(site))
    said = site.reason or (f"in {site.inside}" if site.inside else "")
    return (
        f"line {site.line}"
        + (f", `{site.statement}`," if site.statement else "")
        + " would lose the exact value beside the float"
        + (f" ({said})" if said else "")
        + f": {advice}"
    )


def _untraced(code):
    """Return name, file and expression of what runs, if it is not the traced function itself."""
    frame = sys._getframe()
    while frame.f_globals.get("__name__", "").startswith(__package__):
        frame = frame.f_back
    if frame.f_code is code:
        return "", "", ""
    home = frame.f_code.co_filename
    position = instruction(frame.f_code, frame.f_lasti)[1]
    return frame.f_code.co_name, home, Source(home).expression(position)
