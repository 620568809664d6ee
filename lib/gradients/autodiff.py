"""Gradients of programs by reverse mode: write the function in NumPy, and get its gradient.

One run of f writes the tape, one sweep back through it gives all partial derivatives, so that a
gradient takes a few times the work of its value, however many parameters there are. Two calls share
nothing, and one inside the other is a derivative of a derivative.
"""

import numpy as np

from lib.gradients.structures import function, leaves, map_leaves, parameter, parts_like
from lib.gradients.tape import Node, Tape
from lib.gradients.traced import Traced, plain


def value_and_grad(f):
    """Return a function that computes f and its gradient by the first argument.

    Parameters
    ----------
    f : callable
        f(x, *args, **kwargs) returns one number. It may use the operators, indexing, the ufuncs and
        those functions of NumPy that `supported()` lists, on arrays of any shape. What has no
        derivative there is refused by name.

    Returns
    -------
    callable
        Of the same arguments; x is a number or an array of float32 or float64, or a list, tuple or
        dictionary of such, inside each other too. It returns the value, bit for bit that of f(x),
        and the gradient: a structure like x, whose arrays have the
        shapes and dtypes of x's and are its own. That is exact for the program f, up to rounding
        errors; lib.gradients says what it is where f has no derivative. Infinities and nans pass as
        through NumPy, with its warnings. It takes a few times the operations of f, and keeps what
        the rules need of what f computed. Arrays that f reads beside x are locked meanwhile.

    Raises
    ------
    TypeError
        If x holds whole numbers, or what is no number; if f uses what has no derivative here, or
        returns no number.
    ValueError
        If f returns more than one number, or changes an array after a traced number has met it.

    References
    ----------
    Linnainmaa (1970); Griewank & Walther, Evaluating Derivatives (2008), chapter 3.

    Examples
    --------
    >>> value_and_grad(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """
    function(f, "f")

    def value_and_gradient(x, *args, **kwargs):
        tape = Tape()  # of this call alone, closed whatever happens
        try:
            parameters = map_leaves(lambda part: tape.add(parameter(part, x)), x)
            y = one_number(f(parameters, *args, **kwargs))
            mine = isinstance(y, Node) and y.tape is tape
            found = tape.gradients(y.place, y.dtype.type(1)) if mine else []
            gradient = map_leaves(tape.own(found), parameters)
            return (y.value if mine else y), gradient
        except ValueError as problem:
            explained = _explained(problem)
            if explained is None:
                raise
            raise explained from problem
        finally:
            tape.close()

    return value_and_gradient


def _explained(problem):
    """Return an error that names the derivative, where NumPy refused for its sake, or None."""
    cause = problem.__cause__
    if isinstance(cause, TypeError) and "traced" in str(cause):  # of x in place[i] = x
        return cause
    if "read-only" in str(problem):
        return ValueError("an array was to be changed after a traced number had met it, and the "
                          "derivative needs what was there: change a copy")
    return None


def one_number(y):
    """Return what f returned if it is one number, or refuse it."""
    if not isinstance(y, Traced | float | int | np.generic | np.ndarray):
        raise TypeError(f"f returned {y!r:.80}, which is no number: return one, such as a loss")
    if isinstance(y, Node):
        y.tape.is_open()
    if np.shape(plain(y)) != ():
        raise ValueError(f"f returned an array of shape {np.shape(plain(y))}, and a gradient is of "
                         "one number: take np.sum or np.mean of it, or one of its elements")
    return y


def grad(f):
    """Return a function that computes the gradient of f by its first argument.

    What it takes, returns and raises is said of `value_and_grad`.

    Examples
    --------
    >>> grad(lambda x: x[0] * x[1] + np.sin(x[0]))(np.array([0.0, 2.0]))
    array([3., 0.])
    """
    both = value_and_grad(f)
    return lambda x, *args, **kwargs: both(x, *args, **kwargs)[1]


def hvp(f, x, v, *args):
    """Return the product of the Hessian of f(x, *args) by x with v, without forming the Hessian.

    It is the gradient of <grad f(x), v>, and so takes a few times the work of a gradient, however
    many parameters there are.

    Parameters
    ----------
    f : callable
        As in `value_and_grad`.
    x : number, array, or structure of such
    v : like x

    Returns
    -------
    like x
        Exact up to rounding errors; no difference is taken.

    Raises
    ------
    TypeError, ValueError
        As `value_and_grad`; if v is not like x.

    References
    ----------
    Pearlmutter, Neural Computation 6 (1994).

    Examples
    --------
    >>> hvp(lambda x: x[0] ** 2 * x[1], np.array([3.0, 5.0]), np.array([1.0, 0.0]))
    array([10.,  6.])
    """
    parts = parts_like(v, x)

    def slope(x):
        gradient = leaves(grad(f)(x, *args))
        return sum(np.sum(g * part) for g, part in zip(gradient, parts, strict=True))

    return grad(slope)(x)
