"""Count the operations of an algorithm by giving it numbers that count: cost without a clock.

`count_operations(f, *args)` is what a reader needs. It counts what works on plain numbers and on
arrays of objects, as the routines of lib do; compiled routines refuse such arrays.
"""

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
        """Return the numbers of an array_like as an array of objects that count here."""
        return np.frompyfunc(lambda number: Counted(number, self), 1, 1)(np.asarray(x, float))


class Counted(float):
    """A float that adds to a tally whenever it takes part in an operation.

    The result is a float that counts as well. Comparisons, abs, minus and powers count nothing;
    the last, like math.sqrt, give a plain float.
    """

    __array_priority__ = 1000.0  # arrays and scalars of NumPy leave their operations to it

    def __new__(cls, number, tally):
        """Return a number that counts in a tally."""
        counted = super().__new__(cls, number)
        counted.tally = tally
        return counted

    def __neg__(self):
        return Counted(-float(self), self.tally)

    def __abs__(self):
        return Counted(abs(float(self)), self.tally)

    def __deepcopy__(self, memo):
        return self  # nothing in it changes, and a copy is to count in the same tally


def _counting(name):
    """Return the operation of a name, on floats that count."""
    def operation(a, b):
        if isinstance(b, np.ndarray):
            return np.frompyfunc(lambda one: operation(a, one), 1, 1)(b)
        value = getattr(float, name)(a, b)
        if value is NotImplemented:
            return value
        a.tally.operations += 1
        return Counted(value, a.tally)

    return operation


for _name in ("add", "sub", "mul", "truediv"):
    for _side in ("__", "__r"):
        setattr(Counted, f"{_side}{_name}__", _counting(f"{_side}{_name}__"))


def count_operations(f, *args):
    """Return how many operations of arithmetic f(*args) takes.

    Parameters
    ----------
    f : callable
        It is called once, on arrays of objects and on floats.
    args : array_like or float
        Whole numbers and truth values, alone, are handed on as they are: they are sizes.

    Returns
    -------
    int
        Additions, subtractions, multiplications and divisions of numbers that came from args.

    Raises
    ------
    TypeError
        If an argument is masked or a np.matrix; where f hands the numbers to compiled code that
        takes floats alone, as np.linalg does.

    Examples
    --------
    >>> count_operations(lambda x, y: sum(x * y), np.ones(10), np.ones(10))
    20
    """
    tally = Tally()
    f(*(counted_argument(x, tally) for x in args))
    return tally.operations


def counted_argument(x, tally):
    """Return an argument with its floats counting in a tally, and whole numbers as they are."""
    if isinstance(x, float | np.floating):
        return Counted(float(x), tally)
    if isinstance(x, list | tuple):
        return type(x)(counted_argument(part, tally) for part in x)
    if isinstance(x, np.ndarray):
        x = plain_array(x, "an argument")
    real = isinstance(x, np.ndarray) and x.dtype.kind == "f"
    return tally.counting(x) if real else x
