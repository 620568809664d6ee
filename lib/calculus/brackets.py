"""Narrow a bracket, at whose ends f has opposite signs, and never lose it: by halving, or faster.

Whatever f is, it crosses 0 inside: a bracket proves where f changes its sign, which at a pole or a
jump is no root. Signs are compared, not multiplied, as a product underflows.
"""

from math import copysign, inf, isnan, log2

import numpy as np

from lib.calculus.roots import CountedFunction, RootResult, finite_number, quotient, tolerance

LEAST = 5e-324  # the smallest positive float
PATIENCE = 20  # evaluations that tangents may take before they have to pay


def bisect(f, a, b, tol=1e-12):
    """Return where f changes its sign between a and b, by halving: one bit for each evaluation.

    Parameters
    ----------
    f : callable
        Of a float; f(a) and f(b) have opposite signs. They may be infinite.
    a, b : float
        In either order.
    tol : float
        How far the root may be from where f changes its sign, an absolute distance. It is raised to
        the distance of two neighbouring floats, below which no loop would end.

    Returns
    -------
    RootResult
        With `.root`, `.error`, `.brackets` and more. `.error`, half the width of the last bracket,
        is a bound: within it f, as computed, changes its sign. Each evaluation halves the width,
        so that it takes 2 + log2(|b - a| / (2 tol)) of them, rounded up, and about 2100 at most; 2
        if tol is |b - a| / 2 or more.
        A sign also changes by a leap, at a pole or a jump: where |f| has not fallen towards the
        change, `.reason` is "leap" and `.converged` false, until a smaller tol shows it falling.

    Raises
    ------
    TypeError, ValueError
        If an argument is not finite or of the wrong kind, f(a) or f(b) is nan, or both have one
        sign: then there may be no root, or an even number of them.

    References
    ----------
    Wilkinson, Two Algorithms Based on Successive Linear Interpolation (1967), for signs in place of
    products, which underflow.

    Examples
    --------
    >>> bisect(lambda x: x**2 - 2, 0.0, 2.0, tol=1e-3).root
    1.4150390625
    >>> bisect(lambda x: 1 / (x - 0.3), 0.0, 1.0).reason
    'leap'
    """
    return _narrowed(CountedFunction(f, "f"), a, b, tolerance(tol), lambda bracket: bracket.middle)


def safeguarded(f, derivative, a, b, tol=1e-12):
    """Return where f changes its sign between a and b, by tangents that a bracket keeps in check.

    Newton's step is taken where it stays inside the bracket and is at most half as long as the one
    before; else the bracket is halved. A step is never shorter than tol: in the end it leaps over
    the root, and closes the bracket.

    Parameters
    ----------
    f, a, b, tol
        As for `bisect`.
    derivative : callable
        Of f. A wrong one, or nan, costs evaluations and no digit.

    Returns
    -------
    RootResult
        As from `bisect`, with the same bound `.error`. Near a simple root it takes a handful of
        evaluations, and for tol up to |b - a| / 2 never more than 24 + 2 log2(|b - a| / (2 tol)),
        whatever f and derivative return.

    Raises
    ------
    TypeError, ValueError
        As `bisect`.

    References
    ----------
    Dekker, in Constructive Aspects of the Fundamental Theorem of Algebra (1969), for the bracket;
    Press et al., Numerical Recipes (2007), section 9.4, for Newton's step in it.

    Examples
    --------
    >>> found = safeguarded(lambda x: x**2 - 2, lambda x: 2 * x, 0.0, 2.0)
    >>> round(found.root, 11), found.evaluations
    (1.41421356237, 9)
    """
    slope, tol, last = CountedFunction(derivative, "derivative"), tolerance(tol), inf

    # Halved first, then by steps that have to shrink; after one as short as tol, halved again.
    def choose(bracket):
        nonlocal last
        if last == inf:
            last = bracket.half
            return bracket.middle
        x, y = bracket.latest
        least = max(tol, float(np.spacing(abs(x))))
        step = bracket.middle - x
        if last > least and bracket.spent <= 2 * bracket.gained + PATIENCE:
            newton = quotient(-y, slope(x))
            newton = copysign(max(abs(newton), least), newton)
            if abs(newton) <= max(last / 2, least) and bracket.a < x + newton < bracket.b:
                step = newton
        last = abs(step)
        return x + step

    return _narrowed(CountedFunction(f, "f"), a, b, tol, choose, slope)


class _Bracket:
    """Two ends between which f changes its sign, and what f was on the way there."""

    def __init__(self, f, a, b):
        self.f = f
        self.a, self.b = sorted((finite_number(a, "a"), finite_number(b, "b")))
        self.values = [f(self.a), f(self.b)]  # at the ends
        self.largest, self.moved = list(map(abs, self.values)), [False, False]
        self.latest, self.iterates, self.ends = None, [], [(self.a, self.b)]
        self.first_half = self.half

    @property
    def middle(self):
        """Return the middle of the bracket, without overflow."""
        return self.a / 2 + self.b / 2

    @property
    def half(self):
        """Return half of the width, without overflow, and not rounded to 0."""
        return max(self.b / 2 - self.a / 2, LEAST)

    @property
    def hit(self):
        """Return whether the last value was 0, or none."""
        return self.latest is not None and (self.latest[1] == 0 or isnan(self.latest[1]))

    @property
    def spent(self):
        """Return how many points were tried."""
        return len(self.iterates)

    @property
    def gained(self):
        """Return how many bits they gave."""
        return log2(self.first_half) - log2(self.half)

    @property
    def leaps(self):
        """Return whether |f| has not fallen towards the change of sign from any side."""
        return any(self.moved) and all(
            abs(value) >= largest for value, largest, moved
            in zip(self.values, self.largest, self.moved, strict=True) if moved)

    def narrow(self, x):
        """Evaluate f at x, and put x in the place of the end at which f has the same sign."""
        y = self.f(x)
        self.iterates.append(x)
        self.latest = x, y
        if y == 0 or isnan(y):
            return
        side = int((y > 0) == (self.values[1] > 0))
        self.a, self.b = (self.a, x) if side else (x, self.b)
        self.values[side], self.moved[side] = y, True
        self.largest[side] = max(self.largest[side], abs(y))
        self.ends.append((self.a, self.b))


def _narrowed(f, a, b, tol, choose, slope=None):
    """Return what is known when a bracket has been narrowed, at points that a rule chooses."""
    bracket = _checked(_Bracket(f, a, b))
    while not bracket.hit and bracket.half > tol and bracket.a < bracket.middle < bracket.b:
        bracket.narrow(choose(bracket))
    root, error, reason, message = _known(bracket, tol)
    iterates = np.array(bracket.iterates + [root] * (bracket.iterates[-1:] != [root]))
    return RootResult(root, error, f.calls, slope.calls if slope else 0,
                      reason in ("zero", "bracket", "neighbours"), reason, message, iterates,
                      np.array(bracket.ends))


def _checked(bracket):
    """Return a bracket, or refuse one at whose ends f has no value, or one sign."""
    (a, b), (low, high) = (bracket.a, bracket.b), bracket.values
    for x, y in ((a, low), (b, high)):
        if isnan(y):
            raise ValueError(f"f({x}) is nan: a bracket needs a sign at both ends, move this one")
    if low > 0 < high or low < 0 > high:
        raise ValueError(f"f({a}) = {low:.6g} and f({b}) = {high:.6g}: between ends of one sign "
                         "there may be no root, or two; move one until the signs differ")
    for x, y in ((b, high), (a, low)):
        if y == 0:
            bracket.latest = x, y
    return bracket


def _known(bracket, tol):
    """Return the root, the error, the reason and the sentence, when a search has stopped."""
    (a, b), (low, high), half = (bracket.a, bracket.b), bracket.values, bracket.half
    x, y = bracket.latest or (bracket.middle, inf)
    if y == 0:
        return x, 0.0, "zero", "f is exactly 0 there"
    if isnan(y):
        return x, max(x - a, b - x), "nan", f"f({x}) is nan: the sign still changes in [{a}, {b}]"
    root, error, reason = bracket.middle, half, "bracket"
    if half > tol:  # of the two floats left, the one at which |f| is smaller
        root, error, reason = a if abs(low) <= abs(high) else b, b - a, "neighbours"
    if bracket.leaps:
        return root, error, "leap", (
            f"f goes from {low:.3g} to {high:.3g} there, and |f| has not fallen on the way: a "
            "pole, a jump, or a root too steep for this tol; try a smaller one")
    return root, error, reason, f"f changes its sign within {error:.1e}"
