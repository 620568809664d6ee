"""Solve n equations for n unknowns by Newton's method: one linear system a step.

The same loop serves a system of its own, a layer that is defined by an equation, the best weights
of a model, where f is a gradient and its Jacobian a Hessian, and each implicit step of a method for
differential equations.
"""

from math import inf

import numpy as np

from lib.calculus.roots import RootResult, estimated_error, tolerance
from lib.linear import SingularMatrixError, lu
from lib.numbers import real_array, truth_value, unit_roundoff, whole_number

HALVINGS = 30


class CountedField:
    """A function with arrays as arguments and results, whose calls and shapes are looked at."""

    def __init__(self, function, name, shape, dtype):
        if not callable(function):
            raise TypeError(f"{name} = {function!r:.80}: give a function")
        self.function, self.name, self.calls = function, name, 0
        self.shape, self.dtype = shape, dtype

    def __call__(self, *arguments):
        self.calls += 1
        with np.errstate(all="ignore"):  # the caller looks at what is not finite
            found = self.function(*arguments)
        if type(found) is np.ndarray and (found.dtype, found.shape) == (self.dtype, self.shape):
            return found.copy()  # the function may fill and return one array again and again
        found = real_array(found, f"the result of {self.name}", self.dtype, finite=False)
        if found.shape != self.shape or found.dtype != self.dtype:
            raise ValueError(f"{self.name} returned {found.dtype} of shape {found.shape}: give "
                             f"{self.dtype} of shape {self.shape}")
        return found.copy()


def state_vector(x, name):
    """Return a copy of x, a vector of finite floats, or refuse it by name."""
    x = real_array(x, name)
    if x.dtype == object or x.ndim != 1:
        raise TypeError(f"{name} is of {x.dtype} and of shape {x.shape}: give a vector of float32 "
                        "or float64, such as np.array([1.0])")
    return x.copy()


def newton_system(f, jacobian, x, tol=1e-12, maxiter=50, damped=False):
    """Return a root of f near x, by solving the linear system that f is near each point.

    Parameters
    ----------
    f : callable
        Of an array of shape (n,); returns one of the same shape and dtype.
    jacobian : callable
        Of the same; returns an array of shape (n, n), of df[i] / dx[j]. A wrong one costs steps,
        and may keep the method from arriving, but moves no root.
    x : ndarray, shape (n,), float32 or float64
        The start.
    tol : float
        What the largest error of an element is to be, an absolute distance; raised to
        4 u max(|x|).
    maxiter : int
        The most steps, 1 or more.
    damped : bool
        Whether a step is halved until norm(f) becomes smaller. From afar, undamped steps may lead
        away, even where f is the gradient of a convex function.

    Returns
    -------
    RootResult
        With `.root`, `.error`, `.iterates` and more. `.error` is an estimate from the last two
        steps, and proves nothing; two steps are taken at least, unless f is exactly 0. Near a root
        with a regular Jacobian, errors are squared from step to step. Each step takes one
        factorisation, 2/3 n**3 operations. `.derivatives` counts Jacobians and, unless f is 0,
        factorisations.

    Raises
    ------
    TypeError, ValueError
        If an argument, or what f or jacobian returns, is of the wrong kind, shape or dtype. What
        happens on the way (a singular Jacobian, nan, overflow) is said in the result.

    References
    ----------
    Dennis & Schnabel, Numerical Methods for Unconstrained Optimization and Nonlinear Equations
    (1983), algorithms 5.1.1 and, for damping, 6.3.1.

    Examples
    --------
    >>> def circle_and_line(x):
    ...     return np.array([x[0]**2 + x[1]**2 - 2, x[0] - x[1]])
    >>> def derivative(x):
    ...     return np.array([[2 * x[0], 2 * x[1]], [1.0, -1.0]])
    >>> newton_system(circle_and_line, derivative, np.array([2.0, 0.5])).root.round(12)
    array([1., 1.])
    """
    x, tol, maxiter = state_vector(x, "x"), tolerance(tol), whole_number(maxiter, "maxiter", 1)
    f = CountedField(f, "f", x.shape, x.dtype)
    jacobian = CountedField(jacobian, "jacobian", 2 * x.shape, x.dtype)
    unit = 4 * float(unit_roundoff(x.dtype))

    def small(x):
        return max(tol, unit * float(np.max(np.abs(x))))

    x.flags.writeable = False  # an f that writes into its argument is stopped
    path = [x]
    reason, error, message = newton_path(f, jacobian, path, small, maxiter,
                                         truth_value(damped, "damped"))
    if reason == "maxiter":
        message += ": start nearer, or use damped=True"
    return RootResult(path[-1].copy(), error, f.calls, jacobian.calls, reason in ("zero", "steps"),
                      reason, message, np.array(path))


@np.errstate(all="ignore")  # what overflows is found in the next value of f
def newton_path(f, jacobian, path, small, maxiter, damped=False):
    """Append Newton's iterates to a path that has one point, and return why they end.

    Sizes of steps are measured elementwise in units of `small(x)`, what is small there: a number,
    or an array of x's shape. Nothing is checked.

    Returns
    -------
    (str, float, str)
        The reason, the estimated error in the unit of x, and a sentence.
    """
    # One loop with five ways out, each of which has to be told apart.
    size, y = inf, f(path[-1])
    for number in range(maxiter + 1):
        x = path[-1]
        if not np.isfinite(y).all():
            return ("nan" if np.isnan(y).any() else "overflow"), inf, f"f is not finite at {x}"
        if not y.any():
            return "zero", 0.0, "f is exactly 0 there"
        if number == maxiter:
            break
        step, trouble = _newton_step(jacobian(x), y)
        if trouble:
            return trouble, inf, f"after {number} steps the matrix is {TROUBLE[trouble]}"
        scale = small(x - step)
        previous, size = size, float(np.max(np.abs(step / scale)))
        error = estimated_error(size, previous)
        if error <= 1:
            path.append(x - step)
            return "steps", error * float(np.max(scale)), f"the last step was {_size(step)}"
        x, y = _damped(f, x, y, step) if damped else (x - step, f(x - step))
        if x is None:
            return "no descent", inf, ("no part of the step makes norm(f) smaller: a local minimum "
                                       "of it, rounding, or a wrong jacobian")
        path.append(x)
    return "maxiter", inf, f"after {maxiter} steps the last one was {_size(step)}"


TROUBLE = {"singular": "singular", "nan": "not finite", "overflow": "so near to a singular one, or "
           "so large, that the step leaves the range of floats"}


def _size(step):
    """Return the size of a step as text."""
    return f"{np.max(np.abs(step)):.1e}"


def _newton_step(J, y):
    """Return the solution of J step = y, and what kept it from being found, or None."""
    if not np.isfinite(J).all():
        return None, "nan"
    try:
        return lu(J).solve(y), None
    except SingularMatrixError:
        return None, "singular"
    except OverflowError:
        return None, "overflow"


def _damped(f, x, y, step):
    """Return the first of x - step, x - step / 2, ... at which norm(f) is smaller, and f there."""
    for halvings in range(HALVINGS):
        shorter = x - step / 2**halvings
        value = f(shorter)
        if _norm(value) < (1 - 2.0**-halvings / 1e4) * _norm(y):
            return shorter, value
    return None, None


def _norm(y):
    """Return the 2-norm in float64, without overflow: inf or nan only where y holds one."""
    largest = float(np.max(np.abs(y)))
    if not 0 < largest < inf:
        return largest
    return largest * float(np.sqrt(np.sum((y.astype(float) / largest) ** 2)))
