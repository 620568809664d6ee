"""Follow derivatives through ordinary NumPy code: what forward and reverse mode share.

A traced number, or array of numbers, takes the place of a plain one. Every function that is applied
to it, by an operator, a ufunc or another function of NumPy, lands in its method `follow`, which
leaves it to the newest derivative among the arguments. What has no rule is refused by name: nothing
drops a derivative.
"""

import operator
from functools import cache
from inspect import signature
from itertools import count

import numpy as np

from lib.gradients.elementary import CONSTANT, ELEMENTARY

# {function: rule}, where rule(y, *args) returns, for each argument of y = function(*args), a
# function that takes the gradient by y to the gradient by that argument, or None where that is 0.
RULES = dict(ELEMENTARY)
# {function of NumPy: the same for traced arrays}, written with what has a rule.
HANDLERS = {}
# Functions whose rules only move numbers, add them up and fill in zeros.
MOVES = set()
REMEDY = "write it with what lib.gradients.supported() lists, or give it one by primitive"
new_level = count(1).__next__


class Traced:
    """A number or array whose derivative is followed through every function applied to it.

    Attributes
    ----------
    value : ndarray or scalar
        What it is without its derivative: use it where you want a constant.
    level : int
        Which derivative follows it; one that began later has a higher level.
    """

    __slots__ = ("level", "value")
    __hash__ = None

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        if method != "__call__":
            raise TypeError(f"np.{ufunc.__name__}.{method} has no derivative here: {REMEDY}")
        if kwargs:
            raise TypeError(f"np.{ufunc.__name__} cannot follow a derivative with "
                            f"{', '.join(kwargs)}=: leave it out; where a place was to be "
                            "overwritten, as by +=, make a new array")
        if ufunc in CONSTANT:
            return ufunc(*map(plain, args))
        return self.follow(ufunc, args)

    def __array_function__(self, function, types, args, kwargs):
        handler = HANDLERS.get(function)
        if handler is None:
            raise TypeError(f"{name_of(function)} has no derivative here: {REMEDY}")
        try:
            bound = known_signature(handler).bind(*args, **kwargs)
        except TypeError as problem:
            raise TypeError(f"{name_of(function)}: {problem}; here it takes "
                            f"{known_signature(handler)}") from None
        return handler(*bound.args, **bound.kwargs)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("a traced number would become a plain array and lose its derivative: leave "
                        "out np.array and np.asarray, join numbers by np.stack or np.concatenate, "
                        "make a new array by np.where where a place was to be overwritten, and for "
                        "other rooms of lib use np.linalg or lib.gradients.logsumexp")

    def __float__(self):
        raise TypeError("a traced number would become a plain one and lose its derivative: leave "
                        "out float and item, use np.sin for math.sin, and make a new array by "
                        "np.stack where a place was to be overwritten; a constant is x.value")

    __int__ = __complex__ = __index__ = __float__

    def __setitem__(self, index, value):
        raise TypeError("a place of a traced array cannot be overwritten, as derivatives need what "
                        "was there: make a new array by np.where, np.stack or np.concatenate")

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"a traced array has no .{name}: use a function of NumPy instead, "
                             "which says whether it has a derivative")

    def __getitem__(self, index):
        return self.follow(operator.getitem, (self, index))

    def __len__(self):
        return len(plain(self))

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return bool(plain(self))

    def __copy__(self, memo=None):
        return self  # nothing in it changes, and a copy is to be followed by the same derivative

    __deepcopy__ = __copy__

    def __format__(self, spec):
        return format(plain(self), spec)

    shape = property(lambda self: np.shape(plain(self)))
    ndim = property(lambda self: np.ndim(plain(self)))
    size = property(lambda self: np.size(plain(self)))
    dtype = property(lambda self: np.asarray(plain(self)).dtype)
    T = property(lambda self: np.transpose(self))


def plain(x):
    """Return what is left of x when no derivative is followed."""
    while isinstance(x, Traced):
        x = x.value
    return x


def apply(function, *args):
    """Return function(*args), followed by the derivatives of its arguments."""
    for x in args:
        if isinstance(x, Traced):
            return x.follow(function, args)
    return function(*args)


def rule_of(function):
    """Return the rule of a function, or refuse it by name."""
    try:
        return RULES[function]
    except KeyError:
        raise TypeError(f"{name_of(function)} has no derivative here: {REMEDY}") from None


def name_of(function):
    """Return what a function is called in code, such as np.linalg.qr."""
    name = getattr(function, "__name__", repr(function))
    if getattr(np, name, None) is function:
        return f"np.{name}"
    inside = getattr(function, "__module__", "") == "numpy.linalg"
    return f"np.linalg.{name}" if inside else name


def primitive(function, rule, moves=False):
    """Return a function like the given one, with a derivative.

    Parameters
    ----------
    function : callable
        Of arrays, by position; it returns one float32 or float64 array or number.
    rule : callable
        rule(y, *args), with y = function(*args), returns a tuple that has for each argument a
        function of g, the gradient by y, which returns the gradient by that argument; or None in
        place of a function where that gradient is always zero. Higher derivatives exist where the
        rule uses only what has a derivative itself.
    moves : bool
        Whether these functions of g only move numbers, add them up and fill in zeros.

    Examples
    --------
    >>> import math
    >>> from lib.gradients import grad
    >>> erf = primitive(math.erf, lambda y, x: (lambda g: g * 2 / np.pi**0.5 * np.exp(-x * x),))
    >>> round(float(grad(erf)(0.0)), 12), round(2 / np.pi**0.5, 12)
    (1.128379167096, 1.128379167096)
    """
    def followed(*args):
        for x in args:
            if isinstance(x, Traced):
                return x.follow(followed, args)
        y = function(*args)
        return y if isinstance(y, np.ndarray | np.generic | Traced) else np.asarray(y)[()]

    followed.__name__ = getattr(function, "__name__", "a primitive").lstrip("_")
    followed.__doc__ = function.__doc__
    RULES[followed] = rule
    if moves:
        MOVES.add(followed)
    return followed


def handles(*functions):
    """Return a decorator that lets a function stand for some of NumPy on traced arrays."""
    def enter(handler):
        HANDLERS.update(dict.fromkeys(functions, handler))
        return handler

    return enter


known_signature = cache(signature)


def _operators(function):
    """Return the methods of an operator, for a traced number on its left and on its right."""
    return (lambda self, other: self.follow(function, (self, other)),
            lambda self, other: self.follow(function, (other, self)))


def _comparison(compare):
    """Return the method of a comparison, whose result is constant between its jumps."""
    return lambda self, other: compare(plain(self), plain(other))


for _name, _function in {"add": np.add, "sub": np.subtract, "mul": np.multiply,
                         "truediv": np.divide, "matmul": np.matmul, "mod": np.remainder,
                         "pow": operator.pow}.items():
    _left, _right = _operators(_function)
    setattr(Traced, f"__{_name}__", _left)
    setattr(Traced, f"__r{_name}__", _right)
for _name in ("lt", "le", "eq", "ne", "gt", "ge", "floordiv"):
    setattr(Traced, f"__{_name}__", _comparison(getattr(operator, _name)))
Traced.__rfloordiv__ = _comparison(lambda self, other: other // self)
for _name, _function in {"neg": np.negative, "pos": np.positive, "abs": np.absolute}.items():
    setattr(Traced, f"__{_name}__", lambda self, function=_function: self.follow(function, (self,)))
