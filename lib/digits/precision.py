"""In which precision `lib.digits` runs a function: float64, or a narrower format by rounding."""

import math

import numpy as np

from lib.numbers import FP64, formats

# Operations whose second operand is a whole number that counts, and no number of the format.
COUNTED = ("integer power", "scaling by a power of two", "rounding to decimals")


class Precision:
    """A format, what a trace says of its numbers, and how results come to be of it.

    In float64 floats do the arithmetic by themselves.  In another format each operation is
    done exactly, in so many digits, on numbers of the format, and rounded to it once: no
    rounding to float64 comes between, so none has to be proved harmless.

    Parameters
    ----------
    fmt : Format

    Attributes
    ----------
    full : int
        Digits of a number without error: as many as u has, and one for what is exact.
    u, tiny : float
        Unit roundoff, and the smallest normal number.
    narrow : bool
        Whether it is another format than float64.
    changed : int
        How many numbers from outside were none of the format.

    Examples
    --------
    >>> from lib.numbers import BF16
    >>> Precision(FP64).full, Precision(BF16).full
    (16, 3)
    """

    def __init__(self, fmt):
        self.fmt, self.u, self.tiny = fmt, fmt.u, fmt.smallest_normal
        self.full = math.ceil(-math.log10(fmt.u))
        self.narrow, self.changed = fmt != FP64, 0

    def given(self, x):
        """Return a float that comes from outside as a number of the format."""
        if not self.narrow:
            return x
        rounded = np.float64(formats.round_float(float(x), self.fmt))
        self.changed += int(rounded != x and x == x)
        return rounded

    def outcome(self, v, error, ideal, function, xs, exact):
        """Return the result and the error of an operation that had these in float64.

        In a narrower format the result is the exact one of the operands as they are in it, rounded,
        and nothing overflows by an error.  It is ideal, unless a constant had to be rounded.
        """
        if not self.narrow:
            return v, error
        held = [exact.number(x.v) for x in xs]
        if any(one != x.m for one, x in zip(held, xs, strict=True)):
            ideal = exact.apply(function, held, v, [x.v for x in xs])
        return self._rounded(v, ideal, exact.context), (
            None if isinstance(error, OverflowError) else error)

    def _rounded(self, v, ideal, context):
        if not context.isfinite(ideal):  # a pole, or no result: v says which, with its sign
            rounded = float(v)
        elif not ideal:
            rounded = math.copysign(0.0, v)
        elif abs(ideal) > 2 * context.mpf(self.fmt.max):
            rounded = math.copysign(math.inf, ideal)
        else:
            exponent = max(context.mag(ideal) - 1, self.fmt.emin) - self.fmt.precision + 1
            steps = context.nint(context.ldexp(ideal, -exponent))  # of ties, the even one
            rounded = math.copysign(math.ldexp(int(steps), exponent), ideal)
        return np.float64(formats.round_float(rounded, self.fmt))  # for what is beyond its range
