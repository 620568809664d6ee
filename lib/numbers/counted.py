"""Count the operations of an algorithm by giving it numbers that count: cost without a clock.

`count_operations(f, *args)` is what a reader needs. It counts what works on plain numbers and on
arrays of objects, as the routines of lib do; compiled routines refuse such arrays.
"""

from numbers import Complex, Real

import numpy as np

from lib.numbers.arguments import plain_array


class Tally:
    """A number of operations, which only grows.

    Attributes
    ----------
    operations : int
        How many additions, subtractions, multiplications and divisions there were of numbers that
        `counting` gave, and of what came of them.

    Examples
    --------
    >>> tally = Tally()
    >>> x, y = tally.counting([2.0, 3.0])
    >>> (x + 1) * y, tally.operations
    (9.0, 2)
    """

    def __init__(self):
        self.operations = 0

    def counting(self, x):
        """Return the numbers of an array_like as an array of objects that count here.

        Refuses by name, with a TypeError, ValueError or OverflowError, what is complex, masked, no
        number, or beyond the range of floats.
        """
        array = plain_array(x, "x")
        _refuse_complex(array.flat if array.dtype.kind in "cO" else ())
        try:
            floats = array.astype(float)
        except OverflowError:
            raise OverflowError("x holds a number beyond the range of floats: scale it") from None
        return np.frompyfunc(lambda number: Counted(number, self), 1, 1)(floats)


class Counted:
    """A number that adds to a tally whenever it takes part in an operation.

    It behaves as the float that it holds, and the result is a number that counts as well.
    Comparisons, abs, signs and powers count nothing; the last, like roots, give a plain float. It
    is no float itself, so that NumPy keeps it in arrays of objects, where it goes on counting.
    """

    def __init__(self, number, tally):
        self.value, self.tally = float(number), tally

    def __float__(self):
        return self.value

    def __neg__(self):
        return Counted(-self.value, self.tally)

    def __abs__(self):
        return Counted(abs(self.value), self.tally)

    def __pos__(self):
        return self

    def __deepcopy__(self, memo):
        return self  # nothing in it changes, and a copy is to count in the same tally

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        kept = ufunc in KEPT
        return getattr(ufunc, method)(*(
            (np.array(x, object) if kept else x.value) if isinstance(x, Counted) else x
            for x in inputs), **kwargs)

    def sqrt(self):
        """Return the root as a plain float; so NumPy calls it, for arrays of objects."""
        return float(np.sqrt(self.value))

    def conjugate(self):
        """Return the number itself; so NumPy calls it, as in np.vdot."""
        return self

    real = property(conjugate)
    imag = 0.0


Real.register(Counted)

# What gives numbers that count; other functions of NumPy take one that does as a plain float.
KEPT = {np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.absolute,
        np.maximum, np.minimum, np.conjugate}


def _counting(name):
    """Return the operation of a name, on numbers that count."""
    def operation(a, b):
        if isinstance(b, np.ndarray):
            return np.frompyfunc(lambda one: operation(a, one), 1, 1)(b)
        if not isinstance(b, Real | np.bool_):
            return NotImplemented
        value = getattr(float, name)(a.value, float(b))
        a.tally.operations += 1
        return Counted(value, a.tally)

    return operation


def _plain(name):
    """Return a method of floats, for numbers that count: its result counts nothing."""
    def method(a, *others):
        if name in BINARY and not isinstance(others[0], Real | np.bool_):
            return NotImplemented
        return getattr(float, name)(a.value, *(float(b) if name in BINARY else b for b in others))

    return method


BINARY = {f"__{name}__" for name in (
    "eq", "ne", "lt", "le", "gt", "ge", "pow", "rpow", "mod", "rmod", "floordiv", "rfloordiv",
    "divmod", "rdivmod")}
for _name in ("add", "sub", "mul", "truediv"):
    for _side in ("__", "__r"):
        setattr(Counted, f"{_side}{_name}__", _counting(f"{_side}{_name}__"))
for _name in (*BINARY, "__hash__", "__bool__", "__int__", "__trunc__", "__floor__", "__ceil__",
              "__round__", "__repr__", "__str__", "__format__", "is_integer", "as_integer_ratio",
              "hex"):
    setattr(Counted, _name, _plain(_name))


def count_operations(f, *args):
    """Return how many operations of arithmetic f(*args) takes.

    Parameters
    ----------
    f : callable
        It is called once, on numbers of a kind of their own, and on arrays of these as objects.
    args : array_like or float
        Whole numbers and truth values, alone and in lists, and arrays of truth values are handed
        on as they are: they are sizes and places. Arrays of integers count, and are no places.

    Returns
    -------
    int
        Additions, subtractions, multiplications and divisions of numbers that came from args.
        What f stores in an array of floats, or converts by float(x) or .astype(float), counts no
        more.

    Raises
    ------
    TypeError
        If an argument is complex, masked or a np.matrix; where f hands the numbers to compiled code
        that takes floats alone, as np.linalg does.

    Examples
    --------
    >>> count_operations(lambda x, y: sum(x * y), np.ones(10), np.ones(10))
    20
    """
    tally = Tally()
    try:
        f(*(counted_argument(x, tally) for x in args))
    except AttributeError as error:  # of np.hypot, say; other functions of NumPy raise TypeError
        if "'Counted' object" not in str(error):
            raise
        raise TypeError(f"{error}: numbers that count are no floats; write it with + - * / and "
                        "np.sqrt") from error
    return tally.operations


def counted_argument(x, tally):
    """Return an argument with its numbers counting in a tally, and sizes as they are."""
    if isinstance(x, list | tuple):
        parts = [counted_argument(part, tally) for part in x]
        return x._make(parts) if hasattr(x, "_make") else type(x)(parts)
    if isinstance(x, np.ndarray):
        x = plain_array(x, "an argument")
    _refuse_complex(x.flat if isinstance(x, np.ndarray) and x.dtype == object else [x])
    if isinstance(x, float | np.floating):
        return Counted(x, tally)
    return tally.counting(x) if isinstance(x, np.ndarray) and x.dtype.kind in "fiuO" else x


def _refuse_complex(parts):
    """Refuse numbers of which one is complex."""
    for part in parts:
        if (isinstance(part, Complex) and not isinstance(part, Real)) or np.iscomplexobj(part):
            raise TypeError(f"an argument holds {part!r}, which is complex: operations are counted "
                            "of real numbers; give real and imaginary parts")
