"""What a traced function finds under the names of Python, math and NumPy."""

import builtins
import math

import numpy as np

from lib.digits.entries import as_float, of_bools, of_floats, of_shadows, with_room
from lib.digits.operations import ALIASES, OPERATIONS, UFUNCS

TESTS = ("isfinite", "isnan", "isinf")
WHOLE = {"floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "fix": math.trunc,
         "rint": round}  # fmt: skip
# What makes arrays, or picks from them, of numbers of NumPy; these do not raise at 1/0.
MADE = ("zeros_like", "ones_like", "full_like", "array", "asarray", "where", "clip",
        "maximum", "minimum", "fmax", "fmin", "max", "min", "amax", "amin")  # fmt: skip
# What makes arrays of numbers that are exact, into which a function may write others later.
ROOMS = ("zeros", "ones", "empty", "full", "eye", "identity", "array", "zeros_like", "ones_like",
         "empty_like", "full_like")  # fmt: skip
LOGICAL = ("logical_and", "logical_or", "logical_xor", "logical_not")


class StandIn:
    """A module some of whose names mean something else."""

    def __init__(self, module, names):
        self.__dict__.update(names, _module=module)

    def __getattr__(self, name):
        return getattr(self._module, name)


def stand_ins(tape, number):
    """Return pairs: what a function finds under a name, and what it gets while it is traced.

    Parameters
    ----------
    tape : the run whose `apply` does an operation
    number : the class of numbers that it follows
    """
    in_math = _in_math(tape, number)
    in_numpy = _in_numpy(tape, number, in_math)
    names = [(math, in_math), (np, in_numpy), (builtins, _in_python(number))]
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


def _in_numpy(tape, number, in_math):
    """Return what NumPy has for floats, for arrays of objects too."""
    entries = {name: _follow(tape, number, ALIASES.get(name, name), getattr(np, name))
               for name in ("logaddexp", "copysign", "float_power")}  # fmt: skip
    entries |= {"ldexp": in_math["ldexp"], "divmod": divmod, "heaviside": _heaviside}
    names = {name: _elementwise(getattr(np, name), entry) for name, entry in entries.items()}
    names["modf"] = _elementwise(np.modf, in_math["modf"], [None, np.float64])
    names["frexp"] = _elementwise(np.frexp, in_math["frexp"], [None, np.int32])
    names["signbit"] = _elementwise(np.signbit, _is_negative, [bool])
    for name in TESTS:
        names[name] = _elementwise(getattr(np, name), in_math[name], [bool])
    for name, in_python in WHOLE.items():
        names[name] = _entrywise(getattr(np, name), number, _whole(in_python))
    names["sign"] = _entrywise(np.sign, number, _sign)
    asked = {f.__name__: f for f in UFUNCS if f.__name__ not in names}  # ask each entry
    names |= {name: of_shadows(function, tape, number) for name, function in asked.items()}
    names |= {name: of_floats(getattr(np, name), number) for name in MADE}
    names |= {name: with_room(names.get(name, getattr(np, name)), tape) for name in ROOMS}
    names |= {name: of_bools(getattr(np, name), number) for name in LOGICAL}
    return names | {name: _rounded(getattr(np, name), number) for name in ("round", "around")}


def _sign(x):
    return x if x != x else np.float64(int(x > 0) - int(x < 0))


def _heaviside(x, at_zero):
    if x != x or not x:
        return x if x != x else as_float(at_zero)
    return np.float64(x > 0)


def _is_negative(x):
    return bool(x < 0) or math.copysign(1, getattr(x, "v", x)) < 0


def _whole(in_python):
    """Return how an entry becomes a whole number that keeps its sign, be it of a zero."""
    def entry(x):
        v = getattr(x, "v", x)
        return np.float64(math.copysign(in_python(x), v)) if math.isfinite(v) else x

    return entry


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
        whole = math.trunc(x) if math.isfinite(x.v) else x.v
        return fraction, math.copysign(whole, x.v)

    return {"ldexp": scaled, "frexp": frexp, "modf": modf}


def _where(number, original, function):
    return lambda x, *rest: (function if isinstance(x, number) else original)(x, *rest)


def _test(original):
    return lambda x: original(getattr(x, "v", x))


def _rounded(original, number):
    def call(a, decimals=0, **options):
        if not _asks_entries(a, number):
            return original(a, decimals, **options)
        entry = (lambda x: round(x, decimals)) if decimals else _whole(round)
        return np.frompyfunc(entry, 1, 1)(a, **options)

    return call


def _entrywise(original, number, entry):
    def call(a, *rest, **options):
        if not _asks_entries(a, number):
            return original(a, *rest, **options)
        return np.frompyfunc(entry, 1, 1)(a, *rest, **options)

    return call


def _asks_entries(a, number):
    return isinstance(a, number) or np.asarray(a).dtype == object


def _elementwise(original, function, dtypes=()):
    def call(*xs, **options):
        try:
            return original(*xs, **options)
        except TypeError:  # an array of objects
            results = np.frompyfunc(function, len(xs), original.nout)(*xs)
        if not dtypes:
            return results
        results = results if original.nout > 1 else (results,)
        results = [result if dtype is None else np.asarray(result, dtype)[()]
                   for result, dtype in zip(results, dtypes, strict=True)]  # fmt: skip
        return tuple(results) if original.nout > 1 else results[0]

    return call
