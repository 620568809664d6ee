"""What a traced function finds under the names of Python, math and NumPy."""

import builtins
import math

import numpy as np

from lib.digits.code import StandIn
from lib.digits.operations import ALIASES, OPERATIONS


def stand_ins(tape, number):
    """Return pairs: what a function finds under a name, and what it gets while it is traced.

    Parameters
    ----------
    tape : the run whose `apply` does an operation
    number : the class of numbers that it follows
    """
    in_math = {
        name: _follow(tape, number, ALIASES.get(name, name), getattr(math, name))
        for name in dir(math)
        if ALIASES.get(name, name) in OPERATIONS
    }
    in_math["dist"] = lambda p, q: in_math["hypot"](*(x - y for x, y in zip(p, q, strict=True)))
    parts = _parts(tape)
    in_math |= {name: _where(number, getattr(math, name), parts[name]) for name in parts}
    in_numpy = {  # for these NumPy asks no objects
        name: _elementwise(getattr(np, name), getattr(number, name))
        for name in ("logaddexp", "copysign", "float_power")
    }
    in_numpy |= {name: _elementwise(getattr(np, name), in_math[name]) for name in parts}
    in_numpy["divmod"] = _elementwise(np.divmod, divmod)
    in_numpy |= {name: _rounded(getattr(np, name), number) for name in ("round", "around")}
    for name in ("isfinite", "isnan", "isinf"):
        in_math[name] = _test(getattr(math, name))
        in_numpy[name] = _elementwise(getattr(np, name), in_math[name], bool)
    in_python = {"isinstance": lambda x, kinds: isinstance(getattr(x, "v", x), kinds)
                 if type(x) is number else isinstance(x, kinds)}  # fmt: skip
    pairs = []
    for module, names in [(math, in_math), (np, in_numpy), (builtins, in_python)]:
        pairs += [(module, StandIn(module, names))]
        pairs += [(getattr(module, name), new) for name, new in names.items()]
    return pairs


def _follow(tape, number, operation, original):
    def call(*xs):
        operands = list(xs[0]) if operation == "sum" else xs
        if not any(isinstance(x, number) for x in operands):
            return original(operands) if operation == "sum" else original(*xs)
        if operation == "log" and len(xs) == 2:
            return call(xs[0]) / call(xs[1])
        in_float = (lambda *vs: math.fsum(vs)) if operation == "sum" else original
        return tape.apply(operation, *operands, in_float=in_float)

    return call


def _parts(tape):
    """Return how a number comes apart into a fraction and whole numbers, which are exact."""

    def scaled(x, n):
        return tape.apply("scaling by a power of two", x, n, in_float=math.ldexp)

    def frexp(x):
        exponent = math.frexp(x.v)[1]
        return scaled(x, -exponent), exponent

    def modf(x):
        fraction = tape.apply("fmod", x, 1.0, in_float=lambda v, _: math.modf(v)[0])
        return fraction, float(math.trunc(x))

    return {"ldexp": scaled, "frexp": frexp, "modf": modf}


def _where(number, original, function):
    return lambda x, *rest: (function if isinstance(x, number) else original)(x, *rest)


def _test(original):
    return lambda x: original(getattr(x, "v", x))


def _rounded(original, number):
    def call(a, decimals=0, **options):
        if not isinstance(a, number) and np.asarray(a).dtype != object:
            return original(a, decimals, **options)
        entry = (lambda x: round(x, decimals)) if decimals else (lambda x: np.float64(round(x)))
        return np.frompyfunc(entry, 1, 1)(a, **options)

    return call


def _elementwise(original, function, dtype=None):
    def call(*xs, **options):
        try:
            return original(*xs, **options)
        except TypeError:  # an array of objects
            result = np.frompyfunc(function, len(xs), original.nout)(*xs)
            return result if dtype is None else np.asarray(result, dtype)[()]

    return call
