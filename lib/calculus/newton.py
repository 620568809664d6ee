"""Find a root from one point or two, by going where a line is 0: a tangent, or a chord.

Nothing holds these methods where they are. What they know is the size of their steps, which is no
error: where steps shrink by a factor q each, the error is q / (1 - q) of the last one. So a short
step is followed by a look at the other side of the root.
"""

from math import copysign, inf, isfinite, isnan

import numpy as np

from lib.calculus.roots import (
    CountedFunction,
    RootResult,
    estimated_error,
    finite_number,
    quotient,
    tolerance,
)
from lib.numbers import whole_number


def newton(f, derivative, x, tol=1e-12, maxiter=100):
    """Return a root near x, by going where the tangent is 0, again and again.

    Parameters
    ----------
    f, derivative : callable
        Of a float.
    x : float
        The start. In general a distant one promises nothing: tangents may lead away, or around.
    tol : float
        What the error is to be, an absolute distance; raised to two spacings of floats at the root.
    maxiter : int
        The most steps, 1 or more.

    Returns
    -------
    RootResult
        With `.root`, `.error`, `.iterates` and more. Once a step is shorter than tol, f is also
        evaluated at the distance tol in its direction. Where it has changed its sign (`.reason` is
        "sign change") that is a proof, and `.error` a bound; f is looked at once more, and where
        |f| has not fallen, `.reason` is "leap", as at a pole. Where f has kept its sign, as at a
        root of even multiplicity, or where it comes close to 0 only, `.reason` is "steps" and
        `.error` an estimate: steps that shrink by a factor q each leave step q / (1 - q).
        Near a simple root each error is f'' / (2 f') times the square of the one before, in the
        limit, so that right digits double; at a root of multiplicity m it is 1 - 1/m times that.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range. What happens on the way (a derivative
        of 0, nan, overflow, a cycle) is said in the result, and `.converged` is then false.

    References
    ----------
    Raphson, Analysis aequationum universalis (1690); Ypma, SIAM Rev. 37 (1995), for the history;
    Gautschi, Numerical Analysis (2012), section 4.6.

    Examples
    --------
    >>> newton(lambda x: x**2 - 2, lambda x: 2 * x, 1.5).iterates[:3].round(6)
    array([1.5     , 1.416667, 1.414216])
    >>> newton(lambda x: x**3 - 2 * x + 2, lambda x: 3 * x**2 - 2, 0.0).reason
    'cycle'
    """
    slope = CountedFunction(derivative, "derivative")
    return _walked(f, [finite_number(x, "x")], tol, maxiter, slope)


def secant(f, x0, x1, tol=1e-12, maxiter=100):
    """Return a root near x0 and x1, by going where the chord through the last two points is 0.

    Parameters
    ----------
    f : callable
        Of a float.
    x0, x1 : float
        Two different points to start from.
    tol, maxiter
        As for `newton`.

    Returns
    -------
    RootResult
        As from `newton`. Near a simple root the number of right digits grows by the factor 1.618 a
        step, each with one evaluation and no derivative. A short step along a chord between points
        far apart tells nothing: f is evaluated at the distance tol first, and the next chord is
        that through two neighbours.

    Raises
    ------
    TypeError, ValueError
        As `newton`; if x0 and x1 are equal.

    References
    ----------
    Papakonstantinou & Tapia, Amer. Math. Monthly 120 (2013), for the history; Gautschi, Numerical
    Analysis (2012), section 4.5.

    Examples
    --------
    >>> found = secant(lambda x: x**2 - 2, 1.0, 2.0)
    >>> round(found.root, 11), found.evaluations
    (1.41421356237, 10)
    """
    points = [finite_number(x0, "x0"), finite_number(x1, "x1")]
    if points[0] == points[1]:
        raise ValueError(f"x0 = x1 = {x0}: a chord needs two different points")
    return _walked(f, points, tol, maxiter)


def _walked(f, points, tol, maxiter, slope=None):
    """Return what is known at the end of a walk along tangents or, without a slope, chords."""
    walk = _Walk(CountedFunction(f, "f"), points, tolerance(tol), slope)
    maxiter = whole_number(maxiter, "maxiter", 1)
    while walk.known is None:
        walk.advance(maxiter)
    reason, error, message, ends = walk.known
    return RootResult(walk.xs[-1], error, walk.f.calls, slope.calls if slope else 0,
                      reason in ("zero", "sign change", "steps"), reason, message,
                      np.array(walk.xs), ends)


class _Walk:
    """The points so far, what f is there, and at the end what is known."""

    def __init__(self, f, points, tol, slope):
        self.f, self.tol, self.slope, self.known = f, tol, slope, None
        values = [(f(x), x) for x in points]
        if values[0][0] == 0:
            values.reverse()
        self.xs, self.ys = [x for _, x in values], [y for y, _ in values]
        self.states, self.previous, self.ratio = [], inf, 0.0

    def advance(self, maxiter):
        """Take one step, or say why none is taken."""
        x, y = self.xs[-1], self.ys[-1]
        state = self.xs[-1:] if self.slope else self.xs[-2:]
        if y == 0:
            return self._end("zero", "f is exactly 0 there", 0.0)
        if not isfinite(y):
            return self._end("nan" if isnan(y) else "overflow", f"f({x}) is {y}: start elsewhere")
        if state in self.states:
            return self._end("cycle", f"{x} was reached before: start elsewhere, or keep a bracket")
        if len(self.states) == maxiter:
            return self._end("maxiter", f"the last step was {self.previous:.1e}, {self.ratio:.3g} "
                                        "times the one before")
        self.states.append(state)
        return self._go(x, y)

    def _go(self, x, y):
        """Go where the line is 0, or say that it is 0 nowhere."""
        rise = self.slope(x) if self.slope else quotient(y - self.ys[-2], x - self.xs[-2])
        if rise == 0:
            return self._end("flat", f"the slope at {x} is 0: the line there has no root")
        step = quotient(y, rise)
        if not (isfinite(rise) and isfinite(x - step)):
            return self._end("nan" if isnan(rise) else "overflow",
                             f"the slope at {x} is {rise:.3g}, the step {step:.3g}: start "
                             "elsewhere")
        small, size = max(self.tol, 2 * float(np.spacing(abs(x - step)))), abs(step)
        self.ratio = size / self.previous
        other = x - copysign(small, step)
        if size <= small and isfinite(other):
            value = self.f(other)
            self._judge(step, small, other, value)
            if self.known is None and not self.slope:  # a chord through neighbours is next
                return self._add(other, value, small)
        if self.known is None:
            self._add(x - step, self.f(x - step), size)
        return None

    def _judge(self, step, small, other, value):
        """Say what is known after a step that is small, from f on the other side of the root."""
        x, y = self.xs[-1], self.ys[-1]
        root, error = x - step, estimated_error(abs(step), self.previous)
        if value < 0 < y or value > 0 > y:
            ends, error = np.sort([[x, other]]), max(abs(root - x), abs(root - other))
            peak = max(abs(y), abs(self.f(root)))
            leaps = peak >= max(map(abs, [value, *self.ys[:-1]]))
            self.known = ("leap", error, f"f goes from {y:.3g} to {value:.3g} there, and |f| has "
                          "not fallen on the way: a pole or a jump", ends) if leaps else (
                          "sign change", error, f"f changes its sign within {error:.1e}", ends)
        elif error <= small and (self.slope or abs(x - self.xs[-2]) <= 2 * small):
            self._end("steps", f"the last step, {self.ratio:.2g} times the one before, was "
                      f"{abs(step):.1e}, but f has not changed its sign: a multiple root, or f "
                      "only comes close to 0", error)
        if self.known is not None:
            self.xs.append(root)

    def _add(self, x, y, size):
        """Remember a point."""
        self.xs.append(x)
        self.ys.append(y)
        self.previous = size

    def _end(self, reason, message, error=inf):
        """Remember why the walk ends."""
        self.known = reason, error, message, None
