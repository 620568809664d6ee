"""Judge what a reader wrote by its numerical quality, case by case, without ever raising.

Every check takes the reader's object first and returns a `Report`. It calls the function on copies
of the cases, silences warnings, and turns whatever goes wrong into a verdict:

===================  ============================================================================
verdict              meaning
===================  ============================================================================
``not attempted``    an Ellipsis or None is still there, or NotImplementedError was raised
``wrong``            fewer than two digits (relative error above 1e-2 and `weak`), or no number
                     at all: an exception, nan, another shape or type, a changed argument
``inaccurate``       two digits, but fewer than `weak` asks for
``unstable``         as many digits as `weak` asks for, by default half of those that the format
                     has (relative error sqrt(u)) and no fewer than two, but fewer than a good
                     method keeps
``stable``           within the bound that a good method meets
===================  ============================================================================
"""

import math
from decimal import Decimal
from numbers import Integral, Real

import numpy as np

from lib.grade.calls import Verdict, called, fails, numbers, quiet, written
from lib.grade.precision import format_of_args, replaced, rounded_to, ulps_off
from lib.grade.report import Case, Report, attempt, short, shown
from lib.numbers import absolute_error, plain_array, relative_error


def check_accuracy(f, reference, cases, *, ulps=None, bound=None, weak=None, name=None):
    """Judge a function by its error against the exact values.

    Parameters
    ----------
    f : callable
        The reader's function, or an Ellipsis. Returns a number or an array; whole numbers count
        with all their digits, unless they stand in one list with floats, or in one that mixes
        numbers below 0 with some from 2**63 on: NumPy reads these as float64.
    reference : callable or sequence
        Exact value of each case: ``reference(*args)``, or one entry per case. Floats, Fractions,
        Decimals, mpmath numbers, or arrays of these; their extra digits count.
    cases : dict of str to arguments, or iterable of arguments
        The arguments of one call are a tuple; anything else is one argument.
    ulps : float, optional
        Stable means: every component within this many spacings of floats at the exact value. The
        format is the widest among the floats of NumPy type in the arguments, alone, in arrays or in
        lists; float64 if there are none. A complex number has the format of its parts.
    bound : float or callable, optional
        In place of ulps. A float bounds the relative error of every component; a callable gives,
        from the arguments of a case, a bound of the absolute error.
    weak : float, optional
        Largest relative error of the verdict unstable; by default sqrt(u), for float16 1e-2.
    name : str, optional
        Heading of the report; the name of f by default.

    Returns
    -------
    Report
        Where the exact value is 0, only 0 has any digits. Where it overflows the format, the
        infinity of its sign is right; where it is nan, nan is right. A wrong count, a whole
        number in the place of another, is shown beside the right one.

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
    third: inaccurate, 0 of 1 cases stable
      x = 7  inaccurate  5.3e+09 ulp, allowed 1
    """
    if (ulps is None) == (bound is None):
        raise TypeError("check_accuracy needs either ulps or bound")

    def judge(number, args):
        exact = reference(*args) if callable(reference) else reference[number]
        exact, fmt = plain_array(exact, "reference"), format_of_args(args)
        rounded = rounded_to(exact, fmt)
        exact = replaced(exact, np.isinf(rounded), rounded)
        value = numbers(called(f, args), exact.shape)
        if np.any((value == value) & np.isnan(rounded)):
            fails("returned a number where nan is right")
        if np.any((value != value) & ~np.isnan(rounded)):
            fails("returned nan")
        # Compared as inf with inf, so that nan equals nan.
        value, exact = (replaced(side, np.isnan(rounded), np.inf) for side in (value, exact))
        relative = relative_error(value, exact)
        if ulps is not None:
            sizes = ulps_off(value, exact, rounded), ulps, " ulp"
        elif callable(bound):
            sizes = absolute_error(value, exact), bound(*args), ""
        else:
            sizes = relative, bound, ""
        verdict, reason = _judge(*sizes, relative, weak, fmt)
        return verdict, reason if verdict == "stable" else _both(value, rounded) or reason

    return _report(name or _name(f), cases, judge)


def check_identity(f, identity, cases, *, bound, weak=None, name=None):
    """Judge a function by how well its result satisfies an identity.

    Parameters
    ----------
    f : callable
        The reader's function, or an Ellipsis.
    identity : callable
        ``identity(result, *args)`` returns a residual (number or array) relative to the size of
        its terms, 0 in exact arithmetic: a backward error, a loss of orthogonality.
    cases, weak, name
        As for `check_accuracy`, with the residual in the place of the relative error.
    bound : float or callable
        Stable means: the largest |residual| is at most this, or at most ``bound(*args)``.

    Returns
    -------
    Report

    Examples
    --------
    >>> def root(x):
    ...     return x ** 0.5
    >>> check_identity(root, lambda r, x: r * r / x - 1, [2.0], bound=2**-51)
    root: passed
      2.0  stable  residual 2.2e-16, allowed 4.4e-16
    """
    def judge(number, args):
        value = numbers(called(f, args))[()]
        with quiet():
            residual = attempt(
                lambda: np.max(np.abs(plain_array(identity(value, *args), "residual")
                                      .astype(complex))),
                lambda problem: fails(f"the result does not fit: {short(problem, 100)}"))
        if np.isnan(residual) and np.any(value != value):
            fails("returned nan")
        allowed = bound(*args) if callable(bound) else bound
        verdict, reason = _judge(residual, allowed, "", residual, weak, format_of_args(args))
        return verdict, reason.replace("error", "residual")

    return _report(name or _name(f), cases, judge)


def check_value(answer, expected, *, within=0.0, factor=1.0, name="answer"):
    """Judge a prediction: a number, a word, a truth value, or a tuple of these.

    Parameters
    ----------
    answer : object
        What the reader wrote; an Ellipsis, alone or in a tuple, is not attempted. Scalars of NumPy
        count as what they hold, a list or an array of one dimension as a tuple.
    expected : float, str, bool, or tuple of these
        Words are compared without regard to case and surrounding blanks; neither a truth value
        nor a word is a number.
    within : float
        How far a number may lie from the expected one.
    factor : float
        How many times larger or smaller than the expected one a number may be.
    name : str
        Heading of the report.

    Returns
    -------
    Report
        One case for each entry of expected. A wrong number is called too large or too small; the
        expected one is not given away.

    Examples
    --------
    >>> check_value((8, "yes"), (7.2, "no"), within=1, name="digits, safe?")
    digits, safe?: wrong, 1 of 2 cases stable
      entry 1  stable  8 is right
      entry 2  wrong   'yes' is not right
    """
    several = isinstance(expected, tuple)
    wanted = expected if several else (expected,)
    given = attempt(lambda: _entries(answer), lambda problem: (answer,)) if several else (answer,)
    if len(given) != len(wanted):  # no entry can be right, but all may be missing
        missing = given and all(part is None or part is Ellipsis for part in given)
        given = (... if missing else answer,) * len(wanted)
    cases = {f"entry {i}" if several else "your answer": (g, w)
             for i, (g, w) in enumerate(zip(given, wanted, strict=True), 1)}
    return _report(name, cases, lambda _, pair: _compare(*pair, within, factor))


def check_counterexample(example, measure, *, below=None, above=None, valid=None,
                         name="counterexample"):
    """Judge an input that is to break a claim or a method.

    Parameters
    ----------
    example : object
        The reader's input: a tuple of arguments, or one argument; an Ellipsis is not attempted.
    measure : callable
        ``measure(*example)``: a truth value, False where the claim fails, or a number such as
        the correct digits that are left.
    below, above : float, optional
        The number must lie below or above this, one of them; not needed with a truth value.
    valid : callable, optional
        ``valid(*example)`` is true for the inputs that the task admits.
    name : str
        Heading of the report.

    Returns
    -------
    Report
        Of one case: stable if the example breaks the claim, otherwise wrong.

    Raises
    ------
    TypeError
        If below and above are given, or neither is and measure gives a number: a fault of the
        exercise.

    Examples
    --------
    >>> check_counterexample((1e16, 1.0), lambda a, b: a + b != a, name="absorbed")
    absorbed: passed
      1e+16, 1.0  stable  the claim fails here
    """
    if below is not None and above is not None:
        raise TypeError("check_counterexample needs below or above, not both")

    def judge(number, args):
        for value in args:
            written(value)
        if valid is not None and not called(lambda *given: bool(valid(*given)), args):
            fails("the task does not admit this input")
        value = called(lambda *given: np.asarray(measure(*given)).item(), args)
        return _outcome(value, below, above)

    return _report(name, [example], judge)


def _outcome(value, below, above):
    """Return the verdict on what was measured: a truth value or a number."""
    if isinstance(value, bool):
        return ("wrong", "the claim holds") if value else ("stable", "the claim fails here")
    if below is None and above is None:
        raise TypeError("check_counterexample needs below or above: measure gives a number")
    if not (isinstance(value, Real | Decimal) or hasattr(value, "_mpf_")):
        fails(f"measured {short(value)}, which is no number")
    broken = attempt(lambda: bool(value < below if above is None else value > above),
                     lambda problem: False)  # of Decimal("nan")
    wanted = f"below {shown(below, 6)}" if above is None else f"above {shown(above, 6)}"
    text = attempt(lambda: shown(value, 3), lambda problem: repr(value))  # Decimal("sNaN")
    return "stable" if broken else "wrong", f"{text}, wanted {wanted}"


def _report(name, cases, judge):
    """Return the Report of judge(number, args) -> (verdict, reason) over all cases."""
    named = cases.items() if isinstance(cases, dict) else ((None, args) for args in cases)
    rows = []
    for number, (label, args) in enumerate(named):
        args = args if isinstance(args, tuple) else (args,)
        try:
            verdict, reason = judge(number, args)
        except Verdict as early:
            verdict, reason = early.args
        label = ", ".join(map(short, args)) if label is None else str(label)
        rows.append(Case(label, verdict, reason))
    return Report(name, tuple(rows))


def _name(f):
    """Return the name of a function, or "answer" for what has none."""
    return attempt(lambda: str(f.__name__), lambda problem: "answer")


def _judge(error, allowed, unit, relative, weak, fmt):
    """Return the verdict on the largest error, and the numbers that decided it."""
    error, relative = np.max(error, initial=0.0), np.max(relative, initial=0.0)
    weak = min(np.sqrt(np.finfo(fmt).eps / 2), 1e-2) if weak is None else weak
    if error <= allowed:
        verdict = "stable"
    elif relative <= weak:
        verdict = "unstable"
    else:
        verdict = "inaccurate" if relative <= 1e-2 else "wrong"
    text = f"{error:.2g}{unit}" if unit else f"error {error:.2g}"
    return verdict, f"{text}, allowed {shown(allowed, 2)}"


def _both(value, right):
    """Return a text with two single numbers if they are whole, differ and are printed in full."""
    floats = [float(v) for v in (value, right) if v.ndim == 0 and v.dtype.kind in "fiu"]
    whole = [f"{v:.15g}" for v in floats if v == np.floor(v) and abs(v) < 1e15]
    return ", expected ".join(whole) if len(set(whole)) == 2 else ""


def _entries(answer):
    """Return the entries of a tuple, a list or an array of one dimension; others are one entry."""
    if isinstance(answer, np.ndarray) and answer.ndim == 1:
        return tuple(answer)
    return tuple(answer) if isinstance(answer, tuple | list) else (answer,)


def _plain(value):
    """Return what a scalar of NumPy, or an array of no dimension, holds; others as they are."""
    single = isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0
    return value.item() if single and not isinstance(value, np.ma.MaskedArray) else value


def _compare(answer, expected, within, factor):
    """Return the verdict on one entry of a prediction."""
    answer, expected = _plain(written(answer)), _plain(expected)
    if isinstance(expected, str | bool):
        same = type(answer) is type(expected) and (
            str(answer).strip().lower() == str(expected).strip().lower())
        shown = repr(answer)[:40] if isinstance(answer, str) else short(answer)
        return ("stable", f"{shown} is right") if same else ("wrong", f"{shown} is not right")
    number = attempt(lambda: _number(answer), lambda problem: math.nan)
    if math.isnan(number):
        return "wrong", f"{short(answer)} is not a number"
    near = _number(expected)
    low, high = sorted((near / factor, near * factor))
    if low - within <= number <= high + within and not _misses(answer, expected, within, factor):
        return "stable", f"{number:g} is right"
    return "wrong", f"{number:g} is too {'large' if number > expected else 'small'}"


def _misses(answer, expected, within, factor):
    """Return whether whole numbers, which floats may round to one, are further apart."""
    whole = isinstance(answer, Integral) and isinstance(expected, Integral)
    return whole and factor == 1 and abs(int(answer) - int(expected)) > within


def _number(answer):
    """Return an answer as a float, infinite beyond the range; nan for a truth value or a text."""
    if isinstance(answer, str | bytes | bytearray | bool):
        return math.nan
    try:
        return float(plain_array(answer, "answer").item() if isinstance(answer, np.ndarray)
                     else answer)
    except OverflowError:
        return math.inf if answer > 0 else -math.inf
