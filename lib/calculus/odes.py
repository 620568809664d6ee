"""What all methods for y' = f(t, y) share: the problem, the equation of a stage, what they return.

A method says what it met on the way in its result, up to where it came, and raises only where it
cannot begin, or where a function returns what is no array that fits.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lib.calculus.newton_system import CountedField, newton_path, state_vector
from lib.calculus.roots import finite_number
from lib.numbers import unit_roundoff

NEWTON_STEPS = 50


class Attempt(NamedTuple):
    """One step that was tried: from where, how far, its error in units of what is allowed."""

    t: float
    step: float
    error: float
    accepted: bool


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """The solution of a differential equation, as far as a method came, and what it cost.

    Attributes
    ----------
    t : ndarray, shape (steps + 1,), float64
    y : ndarray, shape (steps + 1, n), of the dtype of the start
        Finite, row by row what the method found for t.
    reached : bool
        Whether the end was reached. How near y is to the solution it does not say.
    reason : str
        Why it stopped: "end"; or "nan", "overflow" (of f or y), "newton" (an implicit equation was
        not solved), "singular" (its matrix), "underflow" (a step too small for the floats at t, as
        at a singularity of the solution), "max_steps".
    message : str
        The same in a sentence, with the numbers.
    evaluations, jacobians, factorisations : int
        How often f and its Jacobian were called, and matrices factored.
    attempts : tuple of Attempt
        Of an adaptive method: each step that was tried, with `.t`, `.step`, `.error` (at most 1 if
        accepted; inf where nothing could be computed) and `.accepted`.
    steps, rejected : int
        How many steps were taken, and how many were tried in vain.
    """

    t: np.ndarray
    y: np.ndarray
    reached: bool
    reason: str
    message: str
    evaluations: int
    jacobians: int
    factorisations: int
    attempts: tuple = ()

    @property
    def steps(self):
        """Return the number of steps that were taken."""
        return len(self.t) - 1

    @property
    def rejected(self):
        """Return the number of steps that were tried in vain."""
        return sum(not attempt.accepted for attempt in self.attempts)

    def __repr__(self):
        work = f"{self.steps} step{'s' * (self.steps != 1)}"
        work += f" ({self.rejected} rejected)" if self.attempts else ""
        work += f", {self.evaluations} evaluations of f"
        work += f", {self.factorisations} factorisations" if self.jacobians else ""
        return f"t = {self.t[-1]:.6g} {'reached' if self.reached else self.message} after {work}"


class Stopped(Exception):  # noqa: N818 - its name is what happened
    """A step that cannot be taken, with the reason and a sentence."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


class Problem:
    """An equation y' = f(t, y) with its start, and the calls so far."""

    def __init__(self, f, y, span, jacobian=None):
        y = state_vector(y, "y")
        self.start, self.end = time_span(span)
        self.f = CountedField(f, "f", y.shape, y.dtype)
        self.jacobian = jacobian
        if jacobian is not None:
            self.jacobian = CountedField(jacobian, "jacobian", 2 * y.shape, y.dtype)
        self.t, self.y, self.factorisations = [self.start], [locked(y)], 0
        self.identity, self.u = np.eye(len(y), dtype=y.dtype), float(unit_roundoff(y.dtype))

    def slope(self, t, y):
        """Return f(t, y), or stop where it is not finite."""
        found = self.f(t, y)
        if not np.isfinite(found).all():
            reason, held = ("nan", "nan") if np.isnan(found).any() else ("overflow", "inf")
            raise Stopped(reason, f"not reached: f({t:.9g}, y) holds {held}; try smaller steps, or "
                          "an end before")
        return found

    def stage(self, t, constant, factor, start, small=None):
        """Return the solution y of y = constant + factor f(t, y), by Newton's method from a start.

        It is found up to small, an array, or up to u**(2/3) max(|y|).
        """
        def residual(y):
            return y - constant - factor * self.f(t, y)

        def matrix(y):
            return self.identity - factor * self.jacobian(t, y)

        path, floor = [start], float(np.finfo(start.dtype).tiny)
        reason, _, message = newton_path(
            residual, matrix, path, lambda y: small if small is not None else
            max(self.u ** (2 / 3) * float(np.max(np.abs(y))), floor), NEWTON_STEPS)
        self.factorisations += len(path) - 1
        if reason not in ("steps", "zero"):
            reason = "newton" if reason == "maxiter" else reason
            raise Stopped(reason, f"not reached: in the implicit step to {t:.9g}, {message}; try "
                          "smaller steps")
        return path[-1]

    def add(self, t, y):
        """Append a state, or stop where it is not finite."""
        if not np.isfinite(y).all():
            raise Stopped("overflow", f"not reached: y leaves the range of {y.dtype} at {t:.6g}: "
                          "the step is too large, or the solution does; try a smaller one")
        self.t.append(t)
        self.y.append(locked(y))

    def trajectory(self, stopped=None, attempts=()):
        """Return the result, at the end or where it stopped."""
        reason, message = (stopped.reason, str(stopped)) if stopped else ("end", "reached the end")
        jacobians = self.jacobian.calls if self.jacobian else 0
        return Trajectory(np.array(self.t), np.array(self.y), stopped is None, reason, message,
                          self.f.calls, jacobians, self.factorisations, tuple(attempts))


def time_span(span):
    """Return the start and the end, or refuse them by name."""
    try:
        start, end = span
    except (TypeError, ValueError):
        raise TypeError(f"span = {span!r:.80}: give the start and the end, such as (0.0, 1.0)"
                        ) from None
    start, end = finite_number(start, "span[0]"), finite_number(end, "span[1]")
    if start == end or not np.isfinite(end - start):
        raise ValueError(f"span = ({start}, {end}): give two different times, not too far apart")
    return start, end


def locked(y):
    """Return an array after it was made read-only."""
    y.flags.writeable = False
    return y
