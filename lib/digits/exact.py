"""Exact arithmetic of `lib.digits`: so many digits, and a sense of when they are too few."""

import math

import numpy as np
from mpmath.ctx_mp import MPContext

RESERVE = 64  # bits of the exact values that must be left, or they are computed anew
FAR = 1e300  # stands for binary exponents that are larger
SUMS = ("addition", "subtraction", "sum")
# Functions that come near to their operand, near to 1, and those that turn round at pi.
NEAR_X = (*SUMS, "hypot", "logaddexp", "sin", "tan", "sinh", "tanh", "arcsin", "arctan", "arcsinh",
          "arctanh", "log1p", "expm1")  # fmt: skip
NEAR_1 = ("exp", "exp2", "cos", "cosh", "tanh", "erf")
TURNING = ("sin", "cos", "tan")


class PrecisionError(BaseException):  # which no `except Exception` in f may stop
    """The exact values cancelled so far that they cannot judge the others."""


class Exact:
    """Arithmetic in so many digits.

    Parameters
    ----------
    digits : int
    deep : bool
        Whether these are enough for most.  If not, PrecisionError is raised where they are too
        few; if they are, numbers that agree to half of them count as equal, unless one of them
        has met a number that much smaller than itself.

    Attributes
    ----------
    context : mpmath context
    coarse : bool
        Whether PrecisionError was raised: f may have stopped it.
    unsettled : bool
        Whether even all digits were too few.
    swamped : bool
        Whether what was added, or what parts a function from 1 or from its operand, lies in
        the lower half of the digits: then noise may stand for a number that is not 0.
    """

    def __init__(self, digits, deep):
        self.context, self.deep, self.digits = MPContext(), deep, digits
        self.swamped = False
        self.context.dps, self.context.whole_below = digits, self._whole_below
        self.coarse = self.unsettled = False

    def number(self, x):
        """Return an int or float as a number of this arithmetic."""
        return self.context.mpf(int(x) if isinstance(x, (int, np.integer)) else float(x))

    def apply(self, function, xs, v, floats):
        """Return a function of numbers, or nan where it has no real value.

        At a pole its sign is that of v, which it gives for the floats, for zeros have no sign
        here; of inf, nan and -0.0 it is what IEEE 754 and C99 (Annex F) say, as floats do.
        """
        try:
            y = function(self.context, *xs)
        except (ArithmeticError, ValueError, TypeError):  # poles; complex numbers in order
            y = self.context.nan
        if not isinstance(y, self.context.mpf):
            y = self.context.nan
        if math.isinf(v) and self.context.isinf(y):
            return self.number(v)
        if math.isnan(v) or not all(map(self._is_alike, xs, floats)):
            return y
        return self._at_limits(y, v, xs, floats)

    def _is_alike(self, x, v):
        return self.context.isfinite(x) == math.isfinite(v)

    def _at_limits(self, y, v, xs, floats):
        if all(map(math.isfinite, floats)):
            negative = any(x == 0 and math.copysign(1, x) < 0 for x in floats)
            if not negative or not v or any(x != f for x, f in zip(xs, floats, strict=True)):
                return y
            return abs(y) * math.copysign(1, v) if y else self.number(v)
        if y == y and (y or not v):
            return y
        kept = (x if f == v else -x for x, f in zip(xs, floats, strict=True) if abs(f) == abs(v))
        return next(kept, self.number(v))

    def slopes(self, derivatives, xs, y):
        """Return the partial derivatives of y at xs, or inf where there are none."""
        try:
            slopes = derivatives(self.context, *xs, y)
        except (ArithmeticError, ValueError, TypeError):
            return [self.context.inf] * len(xs)
        return [self.context.inf if isinstance(s, self.context.mpc) else s for s in slopes]

    def difference(self, m, ideal, raised):
        """Return m - ideal; if f raised instead, inf where it need not have done so, or else 0."""
        if raised:
            return self.context.inf if self.context.isfinite(ideal) else self.context.zero
        both_nan = m != m and ideal != ideal
        return self.context.zero if m == ideal or both_nan else m - ideal

    def nearest(self, r, targets):
        """Return the target that nothing but the noise of exact values parts from r; else r.

        Such a target is an edge of a domain, or the other side of a comparison.
        """
        mag, enough = self.context.mag, self.context.prec // 2
        for target in targets:
            if r != target and mag(r) - mag(r - target) > enough:
                if not self.deep:
                    raise self._too_coarse()
                return self.context.mpf(target)
        return r

    def settled(self, name, r, xs, terms):
        """Return the result r, or 0 if it is but the noise of its operands; and its blur.

        An operation that amplifies the errors of an operand moves them up in r by as many bits
        as its term |x dr/dx| is larger than r; where the slope is infinite, as that of arcsin
        at 1, half the bits are left.  Where noise may stand for another number than 0, it is
        returned, and all its bits are blur.
        """
        bits = self.context.prec
        self.swamped = self.swamped or self._is_near(name, r, xs)
        blur = max([0, *(self._moved(x.blur, t, r) for x, t in zip(xs, terms, strict=True))])
        if blur <= bits - RESERVE or (len(xs) == 2 and xs[0] is xs[1]):
            return r, blur
        if not self.deep:
            raise self._too_coarse()
        if any(map(self.doubts, xs)):  # it is told where it matters
            return r, blur
        turned = name in TURNING and xs[0].blur + self._size(xs[0].r) > bits - RESERVE
        if turned or not all(self._size(t) - self._size(r) > bits // 2 for t in terms):
            self.unsettled = True
            return r, blur
        if self.swamped:
            return r or self.context.ldexp(max(terms), -bits), bits
        return self.context.zero, -math.inf

    def doubts(self, x):
        """Return whether no digit of the exact value of x is certain."""
        return x.blur > self.context.prec - RESERVE

    def _is_near(self, name, r, xs):
        """Return whether a result is so near to an operand, or to 1, without being it."""
        if not self.context.isfinite(r) or not all(x.r for x in xs):
            return False
        if name == "cos" and self._size(xs[0].r) > 0:  # and near to 1 at a multiple of pi
            return False
        near = [x.r for x in xs] if name in NEAR_X else []
        if name == "subtraction":
            near[1] = -near[1]
        near += [1, -1] if name in NEAR_1 else []
        return any(self._size(r - t) < self._size(r) - self.context.prec // 2 for t in near)

    def _size(self, x):
        """Return the binary exponent of a number, as a float."""
        size = self.context.mag(x)
        try:
            return float(size)
        except OverflowError:  # an exponent that is itself too large for a float
            return FAR if size > 0 else -FAR

    def _moved(self, blur, term, r):
        if r and self.context.isinf(term) and self.context.isfinite(r):
            return (self.context.prec + blur) / 2 - self._size(r)
        return blur + self._size(term) - self._size(r)

    def whole(self, r, rounding):
        """Return the int that math.floor, math.ceil, math.trunc or round makes of r."""
        r = self.nearest(r, (self.context.nint(2 * r) / 2,))
        names = {math.floor: "floor", math.ceil: "ceil", round: "nint"}
        name = names.get(rounding, "floor" if r > 0 else "ceil")
        return int(getattr(self.context, name)(r))

    def _whole_below(self, quotient):
        """Return the floor of a quotient.

        The fraction of a quotient of floats is a multiple of 2**-53 or more, for a remainder
        is a multiple of the spacing at the divisor; beside a large quotient it looks like noise.
        """
        if self.context.mag(quotient) > self.context.prec // 2 - RESERVE:
            if not self.deep:
                raise self._too_coarse()
            return self.context.floor(quotient)
        return self.context.floor(self.nearest(quotient, (self.context.nint(quotient),)))

    def _too_coarse(self):
        self.coarse = True
        return PrecisionError()
