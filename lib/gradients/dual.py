"""Forward mode: numbers that carry their derivative along.

A dual number value + slope e, where e**2 = 0, goes through a program as an ordinary number does,
and each function multiplies its slope by a derivative (Clifford, 1873; Wengert, 1964). One run
gives the derivative by one variable; for many variables `lib.gradients.grad` is the way.
"""

import numpy as np

from lib.gradients.elementary import ELEMENTARY
from lib.gradients.structures import checked, function
from lib.gradients.traced import REMEDY, Traced, name_of, new_level


class Dual(Traced):
    """A number with its derivative by one variable, or an array of such numbers.

    Operators, elementwise functions of NumPy, np.where and np.clip take it, and comparisons compare
    values. What has no rule for it is refused by name. An infinite slope, as of the square root at
    0, comes with NumPy's warning; at the kinks of abs and maximum it is the mean of both sides.

    Parameters
    ----------
    value, slope : float, or array_like of floats
        The slope has the shape of the value, or is one number.
    level : int
        Numbers of a lower level count as constants, as in derivatives inside derivatives.

    Raises
    ------
    TypeError
        If value or slope is no real float.

    Examples
    --------
    >>> x = Dual(3.0, 1.0)
    >>> x * x + 1 / x
    Dual(9.333333333333334, 5.888888888888889)
    """

    __slots__ = ("slope",)

    def __init__(self, value, slope, level=0):
        self.value, self.slope, self.level = checked(value, "value"), checked(slope, "slope"), level

    def __repr__(self):
        value, slope = (x if isinstance(x, Traced) or np.ndim(x) else float(x)
                        for x in (self.value, self.slope))
        return f"Dual({value!r}, {slope!r})"

    def follow(self, function, args):
        """Return function(*args) with its slope, the sum of what each argument contributes."""
        for x in args:
            if isinstance(x, Traced) and x.level > self.level:
                return x.follow(function, args)
        if function not in ELEMENTARY:
            raise TypeError(f"{name_of(function)} is not followed forwards, only elementwise "
                            f"functions are: use grad, or {REMEDY}")
        # Numbers of a lower level are constants here.
        mine = [isinstance(x, Dual) and x.level == self.level for x in args]
        values = [x.value if own else x for x, own in zip(args, mine, strict=True)]
        y, total = function(*values), None
        for x, own, share in zip(args, mine, ELEMENTARY[function](y, *values), strict=True):
            if own and share is not None:
                total = share(x.slope) if total is None else total + share(x.slope)
        if total is None:
            return y
        if np.shape(total) != y.shape:
            total = total + np.zeros(y.shape, y.dtype)
        return Dual(y, total, self.level)


def derivative(f):
    """Return a function that computes the derivative of a function of one variable.

    Parameters
    ----------
    f : callable
        f(x) of a number, written with operators, elementwise functions of NumPy and comparisons;
        or an array of them, where each number of the result may depend on one number of x alone.

    Returns
    -------
    callable
        Of x, a float32 or float64 number or array; it returns the derivative, in the dtype of f(x),
        which for the program f is exact up to rounding errors. Derivatives of derivatives, and
        those inside a function that is differentiated itself, do not mix.

    Raises
    ------
    TypeError
        If x is a whole number, or no number; if f uses what cannot be followed.

    References
    ----------
    Wengert, Comm. ACM 7 (1964); Griewank & Walther, Evaluating Derivatives (2008), chapter 3; for
    nested derivatives, Siskind & Pearlmutter, Higher-Order Symb. Comput. 21 (2008).

    Examples
    --------
    >>> float(derivative(np.exp)(0.0)), float(derivative(derivative(lambda x: x**3))(2.0))
    (1.0, 12.0)
    """
    function(f, "f")

    def slope(x):
        x, level = checked(x, "x"), new_level()
        y = f(Dual(x, np.ones(np.shape(x), x.dtype)[()], level))
        if isinstance(y, Dual) and y.level == level:
            return y.slope
        if not isinstance(y, Traced | float | int | np.generic | np.ndarray):
            raise TypeError(f"f returned {y!r:.80}, which is no number: return one")
        return np.zeros(np.shape(y), x.dtype)[()]

    return slope
