"""Matrices that a task gives to be multiplied with, and for nothing else."""

from functools import wraps

import numpy as np


class WatchedMatrix:
    """A symmetric matrix that multiplies vectors so often, and notes what else it is asked for.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
    name : str
        What messages call it.
    most : int
        How many products are enough.

    Attributes
    ----------
    asked : str
        What else it was asked for; empty if nothing.

    Raises
    ------
    RuntimeError
        At a product beyond these.
    ValueError
        At anything but one vector of n finite floats.
    AttributeError
        Where it is asked for anything else, as a routine of NumPy does that needs its elements.

    Examples
    --------
    >>> A = WatchedMatrix(np.diag([2.0, 3.0]), "A", 1)
    >>> A @ np.ones(2)
    array([2., 3.])
    >>> A @ np.ones(2)
    Traceback (most recent call last):
    RuntimeError: too many products with A: allowed is 1
    """

    use = "{} @ v"

    def __init__(self, matrix, name, most):
        self.matrix, self.name, self.enough = matrix, name, most
        self.left, self.shape, self.asked = most, matrix.shape, ""

    def __deepcopy__(self, memo):
        return type(self)(self.matrix.copy(), self.name, self.enough)

    def __repr__(self):
        return self.name

    def product(self, v):
        """Return the product with v, if it is not one too many."""
        self.left -= 1
        if self.left < 0:
            raise RuntimeError(f"too many products with {self.name}: allowed is {self.enough}")
        return self.matrix @ _one_vector(v, self.matrix.shape[1])

    def __matmul__(self, v):
        return self.product(v)

    __rmatmul__ = dot = __matmul__  # the matrix is symmetric

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if ufunc is not np.matmul or len(inputs) != 2:
            self.__getattr__(ufunc.__name__)
        return self @ inputs[inputs[0] is self]

    def __array_function__(self, function, types, args, options):
        if function is not np.dot or len(args) != 2:
            self.__getattr__(function.__name__)
        return self @ args[args[0] is self]

    def __getitem__(self, place):
        return self.__getattr__("__getitem__")

    def __getattr__(self, name):
        self.asked = "its elements" if name.startswith("_") else name
        raise AttributeError(f"{self.name} has no {self.asked}")


class WatchedMap(WatchedMatrix):
    """The same as a function v -> A v.

    Examples
    --------
    >>> times_A = WatchedMap(np.diag([2.0, 3.0]), "times_A", 1)
    >>> times_A(np.ones(2))
    array([2., 3.])
    """

    use = "{}(v)"

    def __call__(self, v):
        return self.product(v)


def counted_product(A, ledger):
    """Return v -> A v, which takes one vector at a time and counts each.

    Parameters
    ----------
    A : ndarray, shape (m, n)
    ledger : dict
        Holds A and the number of calls, also of refused ones, under the function.

    Returns
    -------
    callable
        Raises ValueError for anything but one vector of n finite floats.

    Examples
    --------
    >>> ledger = {}
    >>> product = counted_product(np.diag([2.0, 3.0]), ledger)
    >>> product(np.ones(2)), ledger[product][1]
    (array([2., 3.]), 1)
    >>> product(np.eye(2))
    Traceback (most recent call last):
    ValueError: a product takes one vector of 2 finite floats
    """
    def product(v):
        ledger[product][1] += 1
        return A @ _one_vector(v, A.shape[1])

    ledger[product] = [A, 0]
    return product


def only_products(f):
    """Return f as a function that fails with a reason where it asks a watched matrix for more.

    What is no function comes back as it is.

    Examples
    --------
    >>> only_products(lambda A: np.linalg.inv(A))(WatchedMatrix(np.eye(2), "A", 1))
    Traceback (most recent call last):
    TypeError: A was asked for inv: use A @ v only, no solver
    """
    if not callable(f):
        return f

    @wraps(f)
    def alone(*args):
        try:
            return f(*args)
        except Exception:
            for given in args:
                if isinstance(given, WatchedMatrix) and given.asked:
                    raise TypeError(f"{given} was asked for {given.asked}: use "
                                    f"{given.use.format(given)} only, no solver") from None
            raise

    return alone


def _one_vector(v, n):
    """Return n finite floats, or refuse what may hold several vectors."""
    vector = np.asarray(v)
    if vector.shape != (n,) or vector.dtype.kind not in "fiu" or not np.all(np.isfinite(vector)):
        raise ValueError(f"a product takes one vector of {n} finite floats")
    return vector.astype(float)
