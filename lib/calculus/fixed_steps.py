"""Solve y' = f(t, y) by steps of one size, explicit or implicit.

An explicit step is a formula. An implicit one is an equation for what comes next, solved by
Newton's method: linear systems with the matrix I - c h J, with the Jacobian J of f and a number c.
What each makes of decaying and of fast modes, `stability_function` tells.
"""

import numpy as np

from lib.calculus.odes import Problem, Stopped
from lib.numbers import whole_number


def explicit_euler(f, y, span, steps):
    """Return the solution of y' = f(t, y) by y + h f(t, y), the method of order 1.

    Parameters
    ----------
    f : callable
        Of a float t and an array y; returns an array of the shape and dtype of y.
    y : ndarray, shape (n,), float32 or float64
        At the start. All is computed in its dtype.
    span : (float, float)
        The start and the end, which may be earlier.
    steps : int
        How many steps of equal size h = (end - start) / steps.

    Returns
    -------
    Trajectory
        With `.t`, `.y`, `.reached` and what it cost, one evaluation of f a step. The error at a
        fixed time is O(h) as h goes to 0. It is a number at all only where each mode exp(lambda t)
        that decays has |1 + h lambda| <= 1: for real lambda h is at most 2 / |lambda|.

    Raises
    ------
    TypeError, ValueError
        If an argument, or what f returns, is of the wrong kind, shape or dtype, or h too small for
        floats. What happens on the way (nan, overflow) is said in the result.

    References
    ----------
    Euler, Institutionum calculi integralis I (1768); Hairer, Nørsett & Wanner, Solving Ordinary
    Differential Equations I (1993), section II.1.

    Examples
    --------
    >>> explicit_euler(lambda t, y: -3 * y, np.array([1.0]), (0.0, 3.0), 3).y[:, 0]
    array([ 1., -2.,  4., -8.])
    """
    def step(problem, t, h):
        y = problem.y[-1]
        return y + h * problem.slope(t, y)

    return _march(Problem(f, y, span), steps, step)


def rk4(f, y, span, steps):
    """Return the solution of y' = f(t, y) by the classical Runge-Kutta method, of order 4.

    Parameters
    ----------
    f, y, span, steps
        As for `explicit_euler`.

    Returns
    -------
    Trajectory
        The error at a fixed time is O(h**4), for four evaluations of f a step. Real modes that
        decay do so for h |lambda| <= 2.785, imaginary ones do not grow for h |lambda| <= 2.828.

    Raises
    ------
    TypeError, ValueError
        As `explicit_euler`.

    References
    ----------
    Kutta, Z. Math. Phys. 46 (1901).

    Examples
    --------
    >>> rk4(lambda t, y: y, np.array([24.0]), (0.0, 1.0), 1).y[:, 0]  # 24 (1 + 1 + 1/2 + ...)
    array([24., 65.])
    """
    def step(problem, t, h):
        y = problem.y[-1]
        first = problem.slope(t, y)
        second = problem.slope(t + h / 2, y + h / 2 * first)
        third = problem.slope(t + h / 2, y + h / 2 * second)
        fourth = problem.slope(t + h, y + h * third)
        return y + h / 6 * (first + 2 * second + 2 * third + fourth)

    return _march(Problem(f, y, span), steps, step)


def implicit_euler(f, jacobian, y, span, steps):
    """Return the solution of y' = f(t, y) by new = y + h f(t + h, new), of order 1.

    Parameters
    ----------
    f, y, span, steps
        As for `explicit_euler`.
    jacobian : callable
        Of t and y; returns an array of shape (n, n), of df[i] / dy[j]. A wrong one costs steps of
        Newton's method, or its convergence, but moves no solution.

    Returns
    -------
    Trajectory
        The error at a fixed time is O(h). Every mode that decays is damped, however large h is, but
        so are modes that grow, for real lambda where h lambda > 2. Each equation is solved up to
        u**(2/3) max(|y|), from y on, by some factorisations of I - h J.

    Raises
    ------
    TypeError, ValueError
        As `explicit_euler`. Where Newton's method does not converge within 50 steps, or its matrix
        is singular, as it is for h lambda = 1, the result says so.

    References
    ----------
    Curtiss & Hirschfelder, Proc. Nat. Acad. Sci. 38 (1952); Hairer & Wanner, Solving Ordinary
    Differential Equations II (1996), section IV.1.

    Examples
    --------
    >>> implicit_euler(lambda t, y: -3 * y, lambda t, y: np.array([[-3.0]]), np.array([64.0]),
    ...                (0.0, 3.0), 3).y[:, 0]
    array([64., 16.,  4.,  1.])
    """
    def step(problem, t, h):
        y = problem.y[-1]
        return problem.stage(t + h, y, h, start=y)

    return _march(Problem(f, y, span, _given(jacobian)), steps, step)


def implicit_trapezoid(f, jacobian, y, span, steps):
    """Return the solution of y' = f(t, y) by the mean of both slopes of a step, of order 2.

    Parameters
    ----------
    f, jacobian, y, span, steps
        As for `implicit_euler`.

    Returns
    -------
    Trajectory
        The error at a fixed time is O(h**2). Modes that decay are damped and modes that only
        oscillate are kept, at any h; but a very fast mode that decays is multiplied by almost -1 in
        each step, and hardly forgotten.

    Raises
    ------
    TypeError, ValueError
        As `implicit_euler`.

    References
    ----------
    Crank & Nicolson, Proc. Camb. Phil. Soc. 43 (1947); Dahlquist, BIT 3 (1963).

    Examples
    --------
    >>> implicit_trapezoid(lambda t, y: -6 * y, lambda t, y: np.array([[-6.0]]), np.array([8.0]),
    ...                    (0.0, 3.0), 3).y[:, 0]
    array([ 8., -4.,  2., -1.])
    """
    def step(problem, t, h):
        y = problem.y[-1]
        return problem.stage(t + h, y + h / 2 * problem.slope(t, y), h / 2, start=y)

    return _march(Problem(f, y, span, _given(jacobian)), steps, step)


def bdf2(f, jacobian, y, span, steps):
    """Return the solution of y' = f(t, y) by a difference of three values in place of y'.

    The first step is one of implicit Euler, all others 3 new - 4 y + before = 2 h f(t + h, new).

    Parameters
    ----------
    f, jacobian, y, span, steps
        As for `implicit_euler`.

    Returns
    -------
    Trajectory
        The error at a fixed time is O(h**2). All modes that decay are damped, the fastest ones
        most, by about 1 / sqrt(2 h |lambda|) a step; but so are slow oscillations.

    Raises
    ------
    TypeError, ValueError
        As `implicit_euler`.

    References
    ----------
    Curtiss & Hirschfelder, Proc. Nat. Acad. Sci. 38 (1952); Hairer & Wanner, Solving Ordinary
    Differential Equations II (1996), section V.1.

    Examples
    --------
    >>> bdf2(lambda t, y: -y, lambda t, y: np.array([[-1.0]]), np.array([30.0]),
    ...      (0.0, 2.0), 2).y[:, 0]
    array([30., 15.,  6.])
    """
    def step(problem, t, h):
        y = problem.y[-1]
        if len(problem.y) == 1:
            return problem.stage(t + h, y, h, start=y)
        return problem.stage(t + h, (4 * y - problem.y[-2]) / 3, 2 * h / 3, start=y)

    return _march(Problem(f, y, span, _given(jacobian)), steps, step)


def _given(jacobian):
    """Return the Jacobian, or refuse none."""
    if jacobian is None:
        raise TypeError("jacobian = None: an implicit step solves with it, give a function")
    return jacobian


@np.errstate(all="ignore")  # what is not finite is found in its step
def _march(problem, steps, step):
    """Return the trajectory of so many steps of equal size."""
    steps, start, end = whole_number(steps, "steps", 1), problem.start, problem.end
    h = (end - start) / steps
    if abs(h) < 2 * np.spacing(max(abs(start), abs(end))):
        raise ValueError(f"steps = {steps}: steps of {h:.1g} are lost beside t = {end}; take fewer")
    try:
        for number in range(steps):
            new = step(problem, problem.t[-1], h)
            problem.add(start + (number + 1) * h if number + 1 < steps else end, new)
    except Stopped as stopped:
        return problem.trajectory(stopped)
    return problem.trajectory()
