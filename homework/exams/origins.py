"""Say how much of an error each line of a short function has made, by exact arithmetic.

A function is one assignment a line, and a return: those of `bank.traced` and its neighbour.
"""

import ast
import inspect
import math
import textwrap
from dataclasses import dataclass
from types import SimpleNamespace

import mpmath
import numpy as np

from lib.numbers import formats

EXACT = SimpleNamespace(sqrt=mpmath.sqrt, exp=mpmath.exp, log=mpmath.log)


def steps(function):
    """Return (line of the file, name, code) of each statement; the last one's name is result."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    before = function.__code__.co_firstlineno - 1
    return [(one.lineno + before, one.targets[0].id if isinstance(one, ast.Assign) else "result",
             compile(ast.Expression(one.value), function.__name__, "eval"))
            for one in tree.body if not isinstance(one, ast.Expr)]


def onward(todo, names):
    """Run steps in exact arithmetic from given names; return all names."""
    names = dict(names)
    for _, target, code in todo:
        names[target] = eval(code, {"np": EXACT}, names)
    return names


class Stored(float):
    """A number of a narrow format: each operation is done in float64 and rounded to the format."""

    def __new__(cls, x, fmt):
        """Return a number rounded to the format."""
        made = super().__new__(cls, formats.round_to(float(x), fmt))
        made.fmt = fmt
        return made


def _rounding(name):
    def operation(self, other):
        return Stored(getattr(float, name)(self, float(other)), self.fmt)
    return operation


for _sign in ("add", "sub", "mul", "truediv"):
    for _side in (f"__{_sign}__", f"__r{_sign}__"):
        setattr(Stored, _side, _rounding(_side))


@dataclass(frozen=True)
class Part:
    """What a line rounds, and what that makes of the result.

    Attributes
    ----------
    rounds : float
        Distance of the line's value from the exact one of what it is given, in u of that value.
    brings : float
        By how much that moves the result of the function, in u of the result.
    """

    rounds: float
    brings: float


def relative(off, value, u):
    """Return the size of an error in u of a value; inf where the value is 0 and it is not."""
    return float(abs(off / value) / u) if value else math.inf if off else 0.0


def origins(function, values, fmt=formats.FP64):
    """Return {line: the Part of the error that it makes}, all of its operations together.

    To first order: each line is moved by what it rounds away, and the rest runs exactly.
    """
    todo, parts = steps(function), {}
    store = float if fmt == formats.FP64 else lambda x: Stored(x, fmt)
    with mpmath.workdps(60):
        floats = {name: store(x) for name, x in
                  zip(inspect.signature(function).parameters, values, strict=True)}
        exact = onward(todo, {name: mpmath.mpf(float(x)) for name, x in floats.items()})
        for at, (line, target, code) in enumerate(todo):
            given = {name: mpmath.mpf(float(x)) for name, x in floats.items()}
            with np.errstate(all="ignore"):
                floats[target] = eval(code, {"np": np}, floats)
            ideal = onward(todo[at:at + 1], given)[target]
            off = mpmath.mpf(float(floats[target])) - ideal
            moved = onward(todo[at + 1:], {**exact, target: exact[target] + off})
            parts[line] = Part(relative(off, ideal, fmt.u), relative(
                moved["result"] - exact["result"], exact["result"], fmt.u))
    return parts
