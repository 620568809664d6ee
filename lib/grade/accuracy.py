"""Judge a function by its error against exact values, case by case, without ever raising.

Like every check it takes the reader's object first and returns a `Report`. It calls the function on
copies of the cases, silences warnings, and turns whatever goes wrong into a verdict:

===================  ============================================================================
verdict              meaning
===================  ============================================================================
``not attempted``    an Ellipsis or None is still there, the function has no body, or
                     NotImplementedError was raised
``wrong``            fewer than two digits (relative error above 1e-2 and `weak`), or no number
                     at all: an exception, nan, another shape or type, a changed argument
``inaccurate``       two digits, but fewer than `weak` asks for
``unstable``         as many digits as `weak` asks for, by default half of those that the format
                     has (relative error sqrt(u)) and no fewer than two, but fewer than a good
                     method keeps
``another road``     right, but not as the task asks for: see `Budget`
``stable``           within the bound that a good method meets
===================  ============================================================================
"""

import numpy as np

from lib.grade.calls import Verdict, fails
from lib.grade.judging import judged, level
from lib.grade.precision import (
    distances,
    format_of_args,
    in_ulps,
    relative_to,
    replaced,
    rounded_to,
)
from lib.grade.report import shown
from lib.grade.returned import as_asked, holds_complex
from lib.grade.sentences import got, place, right_digits
from lib.numbers import plain_array


def check_accuracy(f, reference, cases, *, ulps=None, bound=None, weak=None, name=None,
                   parts=None, known=None, budget=None, shows=None):
    """Judge a function by its error against the exact values.

    Parameters
    ----------
    f : callable
        The reader's function, or an Ellipsis. Returns a number or an array, taken as
        `lib.grade.returned` says; whole numbers count with all their digits, unless they stand in
        one list with floats, or in one that mixes numbers below 0 with some from 2**63 on: NumPy
        reads these as float64.
    reference : callable or sequence
        Exact value of each case: ``reference(*args)``, or one entry per case. Floats, Fractions,
        Decimals, mpmath numbers, or arrays of these; their extra digits count.
    cases : dict of str to arguments, or iterable of arguments
        The arguments of one call are a tuple; anything else is one argument.
    ulps : float, optional
        Stable means: every component within this many spacings of floats at the exact value, which
        are 2**(max(e, emin) - p + 1) for 2**e <= |exact| < 2**(e + 1), whichever float that rounds
        to. The format is the widest among the floats of NumPy type in the arguments, alone, in
        arrays or in lists, longdouble too; float64 if there are none. A complex number has the
        format of its parts, and the spacing at its size.
    bound : float or callable, optional
        In place of ulps. A float bounds the relative error of every component; a callable gives,
        from the arguments of a case, a bound of the absolute error.

        Errors are measured and compared exactly, but for the sizes of complex numbers, which are
        right to 2**-64 of them.
    weak : float, optional
        Largest relative error of the verdict unstable; by default sqrt(u), for float16 1e-2.
    name : str, optional
        Heading of the report; the name of f by default.
    parts : sequence of str, optional
        What the entries of the result are called, in place of their indices.
    known : dict of str to callable or sequence, optional
        Named wrong answers: "0.1 was the float, not the fraction", say, and the value in each case,
        ``wrong(*args)`` or one entry per case. An answer that agrees in all cases is told so.
    budget : Budget, optional
        By which road a right answer may be reached.
    shows : dict of str to str, optional
        What a case is there for, "x**2 underflows", by its name; said where it is not stable.

    Returns
    -------
    Report
        Where the exact value is 0, only 0 has any digits. Where it overflows the format, the
        infinity of its sign is right, and a whole number that is equal to it; where it is nan, nan
        is right. A row says of the worst component by how many ulps it misses, or, where these are
        beyond 10 000, what came and what is right.

    Raises
    ------
    TypeError
        If not exactly one of ulps and bound is given: a fault of the exercise, not of its reader.

    Examples
    --------
    >>> from fractions import Fraction
    >>> def third(x):
    ...     return x * 0.333333
    >>> check_accuracy(third, lambda x: Fraction(x) / 3, {"x = 7": 7.0}, ulps=1)
    third: inaccurate
      x = 7  inaccurate  got 2.333331, expected 2.333333: 6 digits are right
    """
    if (ulps is None) == (bound is None):
        raise TypeError("check_accuracy needs either ulps or bound")
    rights = []

    def judge(number, args, result):
        exact = reference(*args) if callable(reference) else reference[number]
        exact, fmt = plain_array(exact, "reference"), format_of_args(args)
        rounded = rounded_to(exact, fmt)
        rights.append(replaced(exact, np.isinf(rounded), rounded))
        value = as_asked(result(), args, exact.shape, holds_complex([exact]))
        _refuse_nan(value, rounded, parts)
        # A whole number may be right where its float is an infinity.
        exact = replaced(exact, np.isinf(rounded) & (distances(value, exact) != 0), rounded)
        # Compared as inf with inf, so that nan equals nan.
        value, exact = (replaced(side, np.isnan(rounded), np.inf) for side in (value, exact))
        error = distances(value, exact)
        relative = relative_to(error, exact)
        if ulps is not None:
            measured = in_ulps(error, exact, fmt), ulps, "ulp"
        else:
            measured = (error, bound(*args), "") if callable(bound) else (relative, bound, "")
        return _verdict(*measured, (value, exact, rounded), relative, weak, fmt, parts)

    return judged(f, cases, judge, name=name, known=known, budget=budget, shows=shows,
                  rights=rights)


def _refuse_nan(value, rounded, parts):
    """Raise the Verdict on a nan, or on a number where nan is right, and say where."""
    for text, where in (("returned a number where nan is right", np.isnan(rounded)
                         & (value == value)), ("returned nan", ~np.isnan(rounded)
                                               & (value != value))):
        if np.any(where):
            fails(place(tuple(np.argwhere(where)[0]), parts) + text, Verdict)


def _verdict(error, allowed, unit, numbers, relative, weak, fmt, parts):
    """Return the verdict on the errors of all components, and what decided it: the worst one."""
    if not error.size:
        return "stable", f"nothing to compare, allowed {shown(allowed, 2)}"
    # Of two that miss alike, or beyond all measure, the one with fewer digits is the worse.
    index = max(np.ndindex(error.shape), key=lambda i: (error[i], relative[i]))
    verdict = level(error[index], allowed, np.max(relative), weak, fmt)
    text = f"{_size(error[index])} ulp" if unit else f"error {shown(error[index], 2)}"
    text = f"{text}, allowed {shown(allowed, 2)}"
    if verdict == "stable":
        return verdict, text
    value, exact, rounded = (side[index] for side in numbers)
    whole = isinstance(exact, int | np.integer)
    if verdict == "wrong":
        text = got(value, exact if whole else rounded)
    elif unit and error[index] > 1e4:
        text = f"{got(value, exact if whole else rounded)}: {right_digits(relative[index])}"
    return verdict, place(index, parts) + text


def _size(ulps):
    """Return a number of ulps as text; what lies far below one says no more than that."""
    return shown(ulps, 2) if ulps == 0 or ulps >= 0.01 else "below 0.01"
