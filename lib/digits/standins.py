"""What a traced function finds under the names of Python, math and NumPy."""

import builtins
import math

import numpy as np

from lib.digits.operations import ALIASES, OPERATIONS
from lib.digits.ways import StandIn

TESTS = ("isfinite", "isnan", "isinf")
WHOLE = {"floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "rint": round}


def stand_ins(tape, number):
    """Return pairs: what a function finds under a name, and what it gets while it is traced.

    Parameters
    ----------
    tape : the run whose `apply` does an operation
    number : the class of numbers that it follows
    """
    in_math = _in_math(tape, number)
    names = [(math, in_math), (np, _in_numpy(number, in_math)), (builtins, _in_python(number))]
    pairs = []
    for module, new in names:
        pairs += [(module, StandIn(module, new))]
        pairs += [(getattr(module, name), thing) for name, thing in new.items()]
    return pairs


def _in_python(number):
    def is_instance(x, kinds):
        return isinstance(x.v if type(x) is number else x, kinds)

    return {"isinstance": is_instance}


def _in_math(tape, number):
    names = {
        name: _follow(tape, number, ALIASES.get(name, name), getattr(math, name))
        for name in dir(math)
        if ALIASES.get(name, name) in OPERATIONS
    }
    names["dist"] = lambda p, q: names["hypot"](*(x - y for x, y in zip(p, q, strict=True)))
    for name, function in _parts(tape).items():
        names[name] = _where(number, getattr(math, name), function)
    return names | {name: _test(getattr(math, name)) for name in TESTS}


def _in_numpy(number, in_math):
    """Return what NumPy has for floats, for arrays of objects too."""
    entries = {name: getattr(number, name) for name in ("logaddexp", "copysign", "float_power")}
    entries |= {name: in_math[name] for name in ("ldexp", "frexp", "modf")}
    entries |= {"divmod": divmod, "sign": _sign}
    names = {name: _elementwise(getattr(np, name), entry) for name, entry in entries.items()}
    for name in TESTS:
        names[name] = _elementwise(getattr(np, name), in_math[name], bool)
    for name, in_python in WHOLE.items():
        names[name] = _whole(getattr(np, name), number, in_python)
    names |= {name: _filled(getattr(np, name)) for name in ("zeros_like", "ones_like")}
    return names | {name: _rounded(getattr(np, name), number) for name in ("round", "around")}


def _sign(x):
    return x if x != x else np.float64(int(x > 0) - int(x < 0))


def _follow(tape, number, operation, original):
    def call(*xs):
        operands = list(xs[0]) if operation == "sum" else xs
        if not any(isinstance(x, number) for x in operands):
            return original(operands) if operation == "sum" else original(*xs)
        if operation == "log" and len(xs) == 2:
            return tape.apply("log to a base", *xs)
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
        return fraction, float(math.trunc(x)) if math.isfinite(x.v) else x.v

    return {"ldexp": scaled, "frexp": frexp, "modf": modf}


def _where(number, original, function):
    return lambda x, *rest: (function if isinstance(x, number) else original)(x, *rest)


def _test(original):
    return lambda x: original(getattr(x, "v", x))


def _rounded(original, number):
    def call(a, decimals=0, **options):
        if not _asks_entries(a, number):
            return original(a, decimals, **options)
        entry = (lambda x: round(x, decimals)) if decimals else (lambda x: np.float64(round(x)))
        return np.frompyfunc(entry, 1, 1)(a, **options)

    return call


def _whole(original, number, in_python):
    def call(a, *rest, **options):
        if not _asks_entries(a, number):
            return original(a, *rest, **options)
        return np.frompyfunc(lambda x: np.float64(in_python(x)), 1, 1)(a, *rest, **options)

    return call


def _filled(original):
    def call(*args, **options):
        array = original(*args, **options)
        if array.dtype != object:
            return array
        return np.frompyfunc(np.float64, 1, 1)(array)  # no ints, which raise

    return call


def _asks_entries(a, number):
    return isinstance(a, number) or np.asarray(a).dtype == object


def _elementwise(original, function, dtype=None):
    def call(*xs, **options):
        try:
            return original(*xs, **options)
        except TypeError:  # an array of objects
            result = np.frompyfunc(function, len(xs), original.nout)(*xs)
            return result if dtype is None else np.asarray(result, dtype)[()]

    return call
