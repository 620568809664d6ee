"""The operations that `lib.digits` follows: in float64, exactly, and their derivatives."""

import math
import operator

import numpy as np


def _erfc(c, x):
    """Return erfc(x) in the context c, far out by its asymptotic series, which mpmath fails at."""
    if x < 2**300:
        return c.erfc(x)
    total = term = c.one
    for k in range(1, c.prec // 600 + 2):  # each term is 2**-600 of the one before, or less
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total * c.exp(-x * x) / (x * c.sqrt(c.pi))


# How each operation is done in float64, how by mpmath (c is its context, c.whole_below its floor),
# and its partial derivatives at the operands x, y, ..., where the result is z.
OPERATIONS = {
    "addition": (operator.add, lambda c, x, y: x + y, lambda c, x, y, z: (1, 1)),
    "subtraction": (operator.sub, lambda c, x, y: x - y, lambda c, x, y, z: (1, -1)),
    "product": (operator.mul, lambda c, x, y: x * y, lambda c, x, y, z: (y, x)),
    "division": (
        operator.truediv,
        lambda c, x, y: x / y if y else x * c.inf,
        lambda c, x, y, z: (1 / y, -z / y),
    ),
    "modulus": (
        operator.mod,
        lambda c, x, y: x - y * c.whole_below(x / y),
        lambda c, x, y, z: (1, (z - x) / y),
    ),
    "floor division": (  # constant between its jumps
        operator.floordiv,
        lambda c, x, y: c.whole_below(x / y),
        lambda c, x, y, z: (0, 0),
    ),
    "fmod": (
        np.fmod,
        lambda c, x, y: c.sign(x) * (abs(x) - abs(y) * c.whole_below(abs(x / y))),
        lambda c, x, y, z: (1, (z - x) / y),
    ),
    "power": (
        operator.pow,
        lambda c, x, y: c.inf if x == 0 and y < 0 else c.power(x, y),
        lambda c, x, y, z: (y * z / x, z * c.log(abs(x))),
    ),
    "integer power": (  # a monomial: its exponent is no operand
        lambda x, n: x * x if n == 2 and isinstance(x, np.floating) else x**n,
        lambda c, x, n: c.inf if x == 0 and n < 0 else c.power(x, n),
        lambda c, x, n, z: (n * z / x, 0),
    ),
    "scaling by a power of two": (
        math.ldexp,
        lambda c, x, n: c.ldexp(x, int(n)),
        lambda c, x, n, z: (c.ldexp(1, int(n)), 0),
    ),
    "rounding to decimals": (  # an error made on purpose: the exact number stays as it is
        round,
        lambda c, x, n: x,
        lambda c, x, n, z: (1, 0),
    ),
    "log to a base": (
        math.log,
        lambda c, x, y: c.log(x) / c.log(y),
        lambda c, x, y, z: (1 / (x * c.log(y)), -z / (y * c.log(y))),
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
    "erfc": (_erfc, lambda c, x, y: -2 * c.exp(-x * x) / c.sqrt(c.pi)),
    "gamma": (lambda c, x: c.gamma(x), lambda c, x, y: y * c.psi(0, x)),
    "lgamma": (lambda c, x: c.log(abs(c.gamma(x))), lambda c, x, y: c.psi(0, x)),
}
PYTHON = {"negative": operator.neg, "positive": operator.pos, "absolute": abs}
for _name, (_real, _slope) in UNARY.items():
    _float = PYTHON.get(_name) or getattr(np, _name, None) or getattr(math, _name)
    OPERATIONS[_name] = _float, _real, lambda c, x, y, slope=_slope: (slope(c, x, y),)

# The names that `math` and NumPy have besides.
ALIASES = {"fabs": "absolute", "pow": "power", "float_power": "power", "fsum": "sum",
           "deg2rad": "radians", "rad2deg": "degrees"}  # fmt: skip
ALIASES |= {f"a{name[3:]}": name for name in OPERATIONS if name.startswith("arc")}

# Beyond so many bits of the operand only these do not take too long.
HUGE = 2**14
CHEAP = ("addition", "subtraction", "product", "division", "sum", "negative", "positive",
         "absolute", "sqrt", "cbrt", "log", "log2", "log10", "log1p", "hypot", "copysign",
         "integer power")  # fmt: skip

# Where a domain ends, or a branch cut begins, at a number other than 0.
EDGES = {"arcsin": (-1, 1), "arccos": (-1, 1), "arctanh": (-1, 1), "arccosh": (1,), "log1p": (-1,)}

# The operation that each ufunc of NumPy is.
UFUNCS = {getattr(np, name): operation for name, operation in (
    {name: name for name in OPERATIONS} | ALIASES | {
        "add": "addition", "subtract": "subtraction", "multiply": "product",
        "divide": "division", "remainder": "modulus", "floor_divide": "floor division",
        "ldexp": "scaling by a power of two", "power": "power"}
).items() if isinstance(getattr(np, name, None), np.ufunc)}  # fmt: skip
