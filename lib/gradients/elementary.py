"""The derivatives of NumPy's elementwise functions, as one table for both modes.

A function y = f(x), or f(a, b), of numbers multiplies a derivative by a number, forwards and
backwards alike; where it is constant between its jumps, that number is zero.
"""

import math
import operator

import numpy as np

LOG2, LOG10, DEGREE = math.log(2), math.log(10), math.pi / 180


def of_result(slope):
    """Return the rule of a function whose slope at x is known from y alone, so that x may go."""
    return lambda y, x: (lambda g: g * slope(y),)


def of_argument(slope):
    """Return the rule of a function whose slope is computed from x."""
    return lambda y, x: (lambda g: g * slope(x),)


def _same(g):
    """Return g."""
    return g


def _power(y, a, b):
    """Return the rule of y = a**b: at b = 0 by a, and at a = 0, b > 0 by b, the slope is 0."""
    a, b = (np.asarray(x) if isinstance(x, list | tuple) else x for x in (a, b))

    def base(g):
        return g * b * a ** (b - 1 if np.all(b != 0) else np.where(b == 0, 1, b - 1))

    return base, lambda g: g * y * np.log(np.where(a == 0, 1, a))


def _larger(y, a, b):
    """Return the rule of the maximum, and of the minimum: each of two equal numbers has half."""
    def half(x):
        return lambda g: g * np.where(a == b, 0.5, y == x)

    return half(a), half(b)


def _hypot(y, a, b):
    """Return the rule of hypot, with 0 at the origin, where it has no derivative."""
    length = np.where(y == 0, 1, y)
    return lambda g: g * (a / length), lambda g: g * (b / length)


def _arctan2(y, a, b):
    """Return the rule of arctan2, in which no square overflows."""
    length = np.hypot(a, b)
    return lambda g: g * (b / length / length), lambda g: -g * (a / length / length)


def _clip(y, x, low, high):
    """Return the rule of clip: at its bounds, and between them, the slope is 1."""
    return (lambda g: g * ((x >= low) & (x <= high)), lambda g: g * (x < low),
            lambda g: g * (x > high))


def _where(y, condition, a, b):
    """Return the rule of where: what was not chosen has no share, whatever its derivative is."""
    return None, lambda g: np.where(condition, g, 0), lambda g: np.where(condition, 0, g)


ELEMENTARY = {
    np.negative: lambda y, x: (lambda g: -g,),
    np.positive: lambda y, x: (_same,),
    np.absolute: of_argument(np.sign),  # 0 at 0
    np.fabs: of_argument(np.sign),
    np.exp: of_result(lambda y: y),
    np.exp2: of_result(lambda y: LOG2 * y),
    np.expm1: of_argument(np.exp),
    np.log: lambda y, x: (lambda g: g / x,),
    np.log2: lambda y, x: (lambda g: g / (LOG2 * x),),
    np.log10: lambda y, x: (lambda g: g / (LOG10 * x),),
    np.log1p: lambda y, x: (lambda g: g / (1 + x),),
    np.sqrt: lambda y, x: (lambda g: g / (2 * y),),  # infinite at 0
    np.cbrt: lambda y, x: (lambda g: g / (3 * y * y),),
    np.square: of_argument(lambda x: 2 * x),
    np.reciprocal: of_result(lambda y: -y * y),
    np.sin: of_argument(np.cos),
    np.cos: of_argument(lambda x: -np.sin(x)),
    np.tan: of_result(lambda y: 1 + y * y),
    np.arcsin: of_argument(lambda x: 1 / np.sqrt((1 - x) * (1 + x))),
    np.arccos: of_argument(lambda x: -1 / np.sqrt((1 - x) * (1 + x))),
    np.arctan: of_argument(lambda x: np.square(1 / np.hypot(1, x))),
    np.sinh: of_argument(np.cosh),
    np.cosh: of_argument(np.sinh),
    np.tanh: of_result(lambda y: 1 - y * y),  # within u, and not within u of what is left
    np.arcsinh: of_argument(lambda x: 1 / np.hypot(1, x)),
    np.arccosh: of_argument(lambda x: 1 / (np.sqrt(x - 1) * np.sqrt(x + 1))),
    np.arctanh: of_argument(lambda x: 1 / ((1 - x) * (1 + x))),
    np.deg2rad: of_argument(lambda x: DEGREE),
    np.radians: of_argument(lambda x: DEGREE),
    np.rad2deg: of_argument(lambda x: 1 / DEGREE),
    np.degrees: of_argument(lambda x: 1 / DEGREE),
    np.add: lambda y, a, b: (_same, _same),
    np.subtract: lambda y, a, b: (_same, lambda g: -g),
    np.multiply: lambda y, a, b: (lambda g: g * b, lambda g: g * a),
    np.divide: lambda y, a, b: (lambda g: g / b, lambda g: -g * y / b),
    np.power: _power,
    np.float_power: _power,
    operator.pow: _power,
    np.maximum: _larger,
    np.minimum: _larger,
    np.hypot: _hypot,
    np.arctan2: _arctan2,
    np.logaddexp: lambda y, a, b: (lambda g: g * np.exp(a - y), lambda g: g * np.exp(b - y)),
    np.logaddexp2: lambda y, a, b: (lambda g: g * np.exp2(a - y), lambda g: g * np.exp2(b - y)),
    np.remainder: lambda y, a, b: (_same, lambda g: -g * np.floor(a / b)),
    np.fmod: lambda y, a, b: (_same, lambda g: -g * np.trunc(a / b)),
    np.copysign: lambda y, a, b: (lambda g: g * np.sign(a) * np.sign(y), None),
    np.clip: _clip,
    np.where: _where,
    np.ldexp: lambda y, x, n: (lambda g: np.ldexp(g, n), None),
}
# Constant between their jumps, where they have no derivative.
CONSTANT = {np.sign, np.floor, np.ceil, np.rint, np.trunc, np.floor_divide, np.heaviside,
            np.signbit, np.isnan, np.isinf, np.isfinite, np.equal, np.not_equal, np.less,
            np.less_equal, np.greater, np.greater_equal, np.logical_and, np.logical_or,
            np.logical_not, np.logical_xor}
