"""What stands for NumPy on a page that has not loaded it: its float64, in plain Python.

`lib.digits` follows arrays too, and asks NumPy what its numbers do. Where a reader's function has
no array, the page saves NumPy's three megabytes: `install` puts this module in its place. The
float64 here does what NumPy's does, and raises nothing; a function that only NumPy has says so when
it is called.
"""

import contextlib
import math
import sys
from types import SimpleNamespace

# The classes that somebody may be an instance of, each with the one above it.
KINDS = {"number": "", "bool_": "number", "integer": "number", "inexact": "number",
         "floating": "inexact", "complexfloating": "inexact", "float16": "floating",
         "float32": "floating", "ndarray": "", "matrix": "ndarray", "ufunc": "", "Generator": "",
         "BitGenerator": "", "RandomState": "", "MaskedArray": "ndarray"}


class NumPyAbsentError(ImportError):
    """Something that NumPy alone can do was asked for."""


class OnlyInNumPy:
    """A function of NumPy that is not here."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *_, **__):
        raise NumPyAbsentError(f"np.{self.__name__} needs NumPy, which was not loaded: write "
                               "`import numpy as np` above your function, and Run fetches it")


def __getattr__(name):
    """Return what has another name in Python, or a function that says where it is to be had."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(math, name) if hasattr(math, name) else OnlyInNumPy(name)


for _name, _base in KINDS.items():
    _bases = (globals()[_base],) if _base else ()
    globals()[_name] = type(_name, _bases, {"__module__": "numpy"})


class errstate(contextlib.ContextDecorator):  # noqa: N801  NumPy's name
    """Changes nothing: here nothing warns."""

    def __init__(self, **_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


random = SimpleNamespace(get_state=lambda **_: None, set_state=lambda _: None,
                         **{name: globals()[name] for name in
                            ("Generator", "BitGenerator", "RandomState")})
ma = SimpleNamespace(MaskedArray=globals()["MaskedArray"])


def quotient(x, y):
    """Return x / y as IEEE 754 has it."""
    if y:
        return x / y
    return math.nan if x == 0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y)


def power(x, y):
    """Return x**y as C99 has it."""
    if -math.inf < x < 0 and math.isfinite(y) and y != int(y):
        return math.nan
    try:
        return x**y
    except ZeroDivisionError:  # of a zero to an odd whole power the sign is kept
        return math.copysign(math.inf, x) if y % 2 == 1 else math.inf
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf


def rounded(x, places):
    """Return x to so many decimals, by a product, a whole number and a quotient."""
    scale = 10.0 ** abs(places)
    scaled = x * scale if places >= 0 else x / scale
    whole = math.copysign(float(round(scaled)), x) if math.isfinite(scaled) else scaled
    return quotient(whole, scale) if places >= 0 else whole * scale


# How two floats are combined. Python's own differ where they raise.
BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "truediv": quotient,
    "floordiv": lambda x, y: x // y if y else quotient(x, y),
    "mod": lambda x, y: x % y if y and math.isfinite(x) else math.nan,
    "pow": power,
}


class float64(globals()["floating"], float):  # noqa: N801  NumPy's name
    """A float that stays one of NumPy in arithmetic, where it gives inf or nan and never raises."""

    def __repr__(self):
        return f"np.float64({float(self)!r})"

    __str__ = float.__repr__

    def __round__(self, places=None):
        return round(float(self)) if places is None else float64(rounded(float(self), places))

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return float64(other) // self, float64(other) % self


def _method(function, swap):
    def method(self, other):
        if not isinstance(other, int | float):
            return NotImplemented
        x, y = float(self), float(other)
        return float64(function(y, x) if swap else function(x, y))

    return method


for _name, _function in BINARY.items():
    setattr(float64, f"__{_name}__", _method(_function, False))
    setattr(float64, f"__r{_name}__", _method(_function, True))
for _name in ("neg", "pos", "abs"):
    setattr(float64, f"__{_name}__",
            lambda self, name=f"__{_name}__": float64(getattr(float, name)(self)))


def install():
    """Let `import numpy` find this module."""
    sys.modules["numpy"] = sys.modules[__name__]
