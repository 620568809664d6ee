"""The operations that `lib.digits` follows: in float64, exactly, and their derivatives."""

import math
import operator

import numpy as np

from lib.digits.code import (
    # How each operation is done in float64, how by mpmath (c is its context), and its partial
    StandIn,
)

# derivatives at the operands x, y, ..., where the result is z.
OPERATIONS = {
    "addition": (operator.add, lambda c, x, y: x + y, lambda c, x, y, z: (1, 1)),
    "subtraction": (operator.sub, lambda c, x, y: x - y, lambda c, x, y, z: (1, -1)),
    "product": (operator.mul, lambda c, x, y: x * y, lambda c, x, y, z: (y, x)),
    "division": (
        np.divide,
        lambda c, x, y: x / y if y else x * c.inf,
        lambda c, x, y, z: (1 / y, -z / y),
    ),
    "modulus": (
        np.remainder,
        lambda c, x, y: x - y * c.floor(x / y),
        lambda c, x, y, z: (1, (z - x) / y),
    ),
    "fmod": (
        np.fmod,
        lambda c, x, y: c.sign(x) * (abs(x) - abs(y) * c.floor(abs(x / y))),
        lambda c, x, y, z: (1, (z - x) / y),
    ),
    "power": (
        np.power,
        lambda c, x, y: c.inf if x == 0 and y < 0 else c.power(x, y),
        lambda c, x, y, z: (y * z / x, z * c.log(abs(x))),
    ),
    "integer power": (  # a monomial: its exponent is no operand
        lambda x, n: x * x if n == 2 else np.power(x, n),
        lambda c, x, n: c.inf if x == 0 and n < 0 else c.power(x, n),
        lambda c, x, n, z: (n * z / x, 0),
    ),
    "sum": (
        lambda *xs: math.fsum(xs),
        lambda c, *xs: c.fsum(xs),
        lambda c, *xs: (1,) * (len(xs) - 1),
    ),
    "hypot": (
        np.hypot,
        lambda c, *xs: c.sqrt(c.fsum(xs, squared=True)),
        lambda c, *xs: tuple(x / xs[-1] for x in xs[:-1]),
    ),
    "arctan2": (
        np.arctan2,
        lambda c, x, y: c.atan2(x, y),
        lambda c, x, y, z: (y / (x * x + y * y), -x / (x * x + y * y)),
    ),
    "logaddexp": (
        np.logaddexp,
        lambda c, x, y: max(x, y) + c.log1p(c.exp(-abs(x - y))),
        lambda c, x, y, z: (c.exp(x - z), c.exp(y - z)),
    ),
    "copysign": (
        np.copysign,
        lambda c, x, y: abs(x) if y >= 0 else -abs(x),
        lambda c, x, y, z: (c.sign(x) * c.sign(z), 0),
    ),
}
# The same for one operand x and result y, under NumPy's name or else that of math.
UNARY = {
    "negative": (lambda c, x: -x, lambda c, x, y: -1),
    "positive": (lambda c, x: +x, lambda c, x, y: 1),
    "absolute": (lambda c, x: abs(x), lambda c, x, y: c.sign(x)),
    "sqrt": (lambda c, x: c.sqrt(x), lambda c, x, y: 1 / (2 * y)),
    "cbrt": (lambda c, x: c.sign(x) * c.cbrt(abs(x)), lambda c, x, y: y / (3 * x)),
    "exp": (lambda c, x: c.exp(x), lambda c, x, y: y),
    "exp2": (lambda c, x: c.power(2, x), lambda c, x, y: y * c.ln2),
    "expm1": (lambda c, x: c.expm1(x), lambda c, x, y: y + 1),
    "log": (lambda c, x: c.log(x), lambda c, x, y: 1 / x),
    "log2": (lambda c, x: c.log(x, 2), lambda c, x, y: 1 / (x * c.ln2)),
    "log10": (lambda c, x: c.log10(x), lambda c, x, y: 1 / (x * c.ln10)),
    "log1p": (lambda c, x: c.log1p(x), lambda c, x, y: 1 / (1 + x)),
    "sin": (lambda c, x: c.sin(x), lambda c, x, y: c.cos(x)),
    "cos": (lambda c, x: c.cos(x), lambda c, x, y: -c.sin(x)),
    "tan": (lambda c, x: c.tan(x), lambda c, x, y: 1 + y * y),
    "arcsin": (lambda c, x: c.asin(x), lambda c, x, y: 1 / c.sqrt(1 - x * x)),
    "arccos": (lambda c, x: c.acos(x), lambda c, x, y: -1 / c.sqrt(1 - x * x)),
    "arctan": (lambda c, x: c.atan(x), lambda c, x, y: 1 / (1 + x * x)),
    "sinh": (lambda c, x: c.sinh(x), lambda c, x, y: c.cosh(x)),
    "cosh": (lambda c, x: c.cosh(x), lambda c, x, y: c.sinh(x)),
    "tanh": (lambda c, x: c.tanh(x), lambda c, x, y: 1 - y * y),
    "arcsinh": (lambda c, x: c.asinh(x), lambda c, x, y: 1 / c.sqrt(x * x + 1)),
    "arccosh": (lambda c, x: c.acosh(x), lambda c, x, y: 1 / c.sqrt(x * x - 1)),
    "arctanh": (lambda c, x: c.atanh(x), lambda c, x, y: 1 / (1 - x * x)),
    "degrees": (lambda c, x: x * 180 / c.pi, lambda c, x, y: 180 / c.pi),
    "radians": (lambda c, x: x * c.pi / 180, lambda c, x, y: c.pi / 180),
    "erf": (lambda c, x: c.erf(x), lambda c, x, y: 2 * c.exp(-x * x) / c.sqrt(c.pi)),
    "erfc": (lambda c, x: c.erfc(x), lambda c, x, y: -2 * c.exp(-x * x) / c.sqrt(c.pi)),
    "gamma": (lambda c, x: c.gamma(x), lambda c, x, y: y * c.psi(0, x)),
    "lgamma": (lambda c, x: c.log(abs(c.gamma(x))), lambda c, x, y: c.psi(0, x)),
}
for _name, (_real, _slope) in UNARY.items():
    _float = getattr(np, _name, None) or getattr(math, _name)
    OPERATIONS[_name] = _float, _real, lambda c, x, y, slope=_slope: (slope(c, x, y),)

# The names that `math` and NumPy have besides.
ALIASES = {"fabs": "absolute", "pow": "power", "float_power": "power", "fsum": "sum",
           "deg2rad": "radians", "rad2deg": "degrees"}  # fmt: skip
ALIASES |= {f"a{name[3:]}": name for name in OPERATIONS if name.startswith("arc")}


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
    in_numpy = {  # for these NumPy asks no objects
        name: _elementwise(getattr(np, name), getattr(number, name))
        for name in ("logaddexp", "copysign", "float_power")
    }
    for name in ("isfinite", "isnan", "isinf"):
        in_math[name] = _test(getattr(math, name))
        in_numpy[name] = _elementwise(getattr(np, name), in_math[name], bool)
    pairs = []
    for module, names in [(math, in_math), (np, in_numpy)]:
        pairs += [(module, StandIn(module, names))]
        pairs += [(getattr(module, name), new) for name, new in names.items()]
    return pairs


def _follow(tape, number, operation, original):
    def call(*xs):
        operands = list(xs[0]) if operation == "sum" else xs
        if not any(isinstance(x, number) for x in operands):
            return original(*xs)
        if operation == "log" and len(xs) == 2:
            return call(xs[0]) / call(xs[1])
        in_float = None if operation == "sum" else original
        return tape.apply(operation, *operands, in_float=in_float)

    return call


def _test(original):
    return lambda x: original(getattr(x, "v", x))


def _elementwise(original, function, dtype=None):
    def call(*xs, **options):
        try:
            return original(*xs, **options)
        except TypeError:  # an array of objects
            result = np.frompyfunc(function, len(xs), 1)(*xs)
            return result if dtype is None else np.asarray(result, dtype)[()]

    return call
