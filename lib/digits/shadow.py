"""Numbers that carry their exact value with them."""

import math
import operator
import re

import numpy as np

from lib.digits.operations import ALIASES, OPERATIONS, UFUNCS

NARROW = (np.float16, np.float32)
# What stands for the characters of a number in text: no digits, so none can be read back.
WRITTEN = {ord(c): 0xE000 + ord(c) for c in "0123456789ainfAINF"}
READ = {new: old for old, new in WRITTEN.items()}
MARKED = re.compile("|".join(map(chr, READ)).encode())  # in UTF-8


class Shadow:
    """A float v with its exact value r, which answers to all arithmetic.

    It is no float, so that nothing can take its value and drop the shadow unseen.  Its v is of
    the type that a plain run would have: float, np.float64, or np.float32 where that computes
    in less precision; so it raises where they raise.

    Attributes
    ----------
    v : float
    r : mpf
        What the same operations give exactly, up to the digits of the run.
    m : mpf
        v as such a number.
    digits : float
        How many of v agree with r.
    shares : dict
        Parts of v - r, to first order, by the operation whose rounding made them.
    blur : float
        How many of the last bits of r may be wrong: -inf if r is exact, 0 after an operation,
        more after one that amplifies the errors of its operands.
    """

    __slots__ = ("blur", "digits", "m", "r", "shares", "tape", "v")

    def __init__(self, tape, v, r=None, shares=None, blur=-math.inf, m=None):
        self.tape, self.v = tape, v
        self.m = tape.context.mpf(float(v)) if m is None else m
        self.r = self.m if r is None or r == self.m else r
        self.shares = shares or {}
        self.blur = blur
        self.digits = digits_of(self.m, self.r, tape.precision.full)

    def of_numpy(self):
        """Return the same number as an element of an array."""
        return Shadow(self.tape, np.float64(self.v), self.r, self.shares, self.blur)

    def __repr__(self):
        return self.tape.written(repr(float(self.v)))

    def __format__(self, spec):
        return self.tape.written(format(float(self.v), spec))

    def __hash__(self):
        return hash(self.v)

    def __bool__(self):
        return bool(self != 0)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __pow__(self, other, modulus=None):
        if isinstance(other, (int, np.integer)):
            return self.tape.apply("integer power", self, other)
        return self.tape.apply("power", self, other) if is_number(other) else NotImplemented

    def __float__(self):
        raise self.tape.lost()

    __int__ = __index__ = __float__

    def __complex__(self):
        raise self.tape.lost(reason="it becomes complex")

    def __floor__(self):
        return self.tape.whole(self, math.floor)

    def __ceil__(self):
        return self.tape.whole(self, math.ceil)

    def __trunc__(self):
        return self.tape.whole(self, math.trunc)

    def __round__(self, places=None):
        if places is None:
            return self.tape.whole(self, round)
        return self.tape.apply("rounding to decimals", self, places)

    def rint(self):
        if not math.isfinite(self.v):
            return self
        return np.float64(math.copysign(self.tape.rint(self), self.v))

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self

    def is_integer(self):
        return math.isfinite(self.v) and self == math.floor(self)

    def conjugate(self):
        return self

    item = conjugate
    real = property(conjugate)
    imag = property(lambda self: 0.0)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        operation = UFUNCS.get(ufunc)
        if operation and method == "__call__" and not options and all(map(is_number, inputs)):
            if operation == "power" and isinstance(inputs[1], (int, np.integer)):
                operation = "integer power"
            return self.tape.apply(operation, *inputs, in_float=ufunc)
        narrow = any(getattr(x, "dtype", None) in NARROW for x in inputs)
        return getattr(ufunc, method)(*(_boxed(x, narrow) for x in inputs), **options)


def is_number(x):
    """Return whether arithmetic with a shadow makes a shadow of x."""
    return isinstance(x, (Shadow, int, float, np.integer, np.floating))


def _boxed(x, narrow):
    """Return an operand of a ufunc so that NumPy asks each of its numbers."""
    if isinstance(x, Shadow):
        box = np.empty((), object)
        box[()] = x if narrow else x.of_numpy()  # a Python number takes the precision of arrays
        return box
    if isinstance(x, np.ndarray) and x.dtype in NARROW:
        return np.asarray(np.frompyfunc(x.dtype.type, 1, 1)(x.astype(object)))
    return x


def digits_of(v, r, full):
    """Return how many digits of v agree with r, both mpmath numbers, and full if all do."""
    if v == r:
        return float(full)
    if not v or not r or (v - r) * 0 != 0:  # 0 on one side only, inf, nan
        return 0.0
    error = float(abs((v - r) / r))
    return min(float(full), max(0.0, -math.log10(error))) if error else float(full)


def marked(text):
    """Return the text of a number in characters that no routine reads as one."""
    return text.translate(WRITTEN)


def unmarked(text):
    """Return text, or its bytes in UTF-8, as the plain function would have written it."""
    if not isinstance(text, str):
        return type(text)(MARKED.sub(lambda match: unmarked(match[0].decode()).encode(), text))
    escaped = re.sub(r"\\u(e0[0-7][0-9a-f])", lambda match: chr(int(match[1], 16)), text)
    new = escaped.translate(READ)
    return text if new == text else new  # which may be of a class of its own


def _binary(name, swap=False):
    def method(self, other):
        if not is_number(other):
            return NotImplemented
        return self.tape.apply(name, *((other, self) if swap else (self, other)))

    return method


def _comparison(compare):
    def method(self, other):
        return self.tape.compare(compare, self, other) if is_number(other) else NotImplemented

    return method


def _method(name):
    function = getattr(np, name, None)  # NumPy calls it for an element of an array
    in_float = function if isinstance(function, np.ufunc) else None
    return lambda self, *others: self.tape.apply(name, self, *others, in_float=in_float)


for _name in OPERATIONS:
    setattr(Shadow, _name, _method(_name))
for _name, _operation in ALIASES.items():
    setattr(Shadow, _name, _method(_operation))
for _name, _operation in [("neg", "negative"), ("pos", "positive"), ("abs", "absolute")]:
    setattr(Shadow, f"__{_name}__", lambda self, _name=_operation: self.tape.apply(_name, self))
for _name, _operation in [("add", "addition"), ("sub", "subtraction"), ("mul", "product"),
                          ("truediv", "division"), ("floordiv", "floor division"),
                          ("mod", "modulus")]:  # fmt: skip
    setattr(Shadow, f"__{_name}__", _binary(_operation))
    setattr(Shadow, f"__r{_name}__", _binary(_operation, swap=True))
Shadow.__rpow__ = _binary("power", swap=True)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Shadow, f"__{_name}__", _comparison(getattr(operator, _name)))
