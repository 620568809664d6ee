"""Judge a function by how well its result satisfies an identity, or several by name."""

import numpy as np

from lib.grade.calls import Verdict, fails, numbers, quiet
from lib.grade.judging import judged, level
from lib.grade.precision import format_of_args, largest
from lib.grade.report import VERDICTS, attempt, short, shown
from lib.grade.returned import as_floats
from lib.numbers import plain_array


def check_identity(f, identity, cases, *, bound, weak=None, name=None, known=None, budget=None,
                   shows=None, parts=None, as_it_is=False):
    """Judge a function by how well its result satisfies an identity.

    Parameters
    ----------
    f : callable
        The reader's function, or an Ellipsis.
    identity : callable
        ``identity(result, *args)`` returns a residual (number or array) relative to the size of
        its terms, 0 in exact arithmetic: a backward error, a loss of orthogonality. Or a dict of
        such residuals, by the name of what is wrong where they are large: "off the grid"; True
        says no more than its name. One that is an empty array says that the result is empty, or
        has too few entries, which is wrong.
    cases, weak, name, known, budget, shows
        As for `check_accuracy`, with the residual in the place of the relative error.
    bound : float, callable or dict
        Stable means: the largest |residual| is at most this, or at most ``bound(*args)``; a dict,
        or a function that gives one, holds those for names that are not to be 0. Numbers of every
        kind are compared exactly, but for the size of complex ones, which is rounded up, by 2**-64
        of it at most.
    parts : sequence of str, optional
        Where f returns several things, what they are called: ``identity(first, second, *args)``.
    as_it_is : bool
        Whether the identity is given the numbers in the format in which they came, and nan, to
        judge that too; by default in float64 at least, as `lib.grade.returned` says, and nan fails.

    Returns
    -------
    Report
        A row tells of the first residual, in the order of the dict, that has the worst verdict;
        where all is well, of those that need not be 0.

    Examples
    --------
    >>> def root(x):
    ...     return x ** 0.5
    >>> check_identity(root, lambda r, x: r * r / x - 1, [2.0], bound=2**-51)
    root: passed
      2.0  stable  residual 2.2e-16, allowed 4.4e-16
    >>> check_identity(root, lambda r, x: {"too small": x > r * r, "no root": r * r / x - 1},
    ...                {"x = 3": 3.0}, bound={"no root": 2**-51})
    root: wrong
      x = 3  wrong  too small
    """
    def judge(number, args, result):
        one = numbers if as_it_is else lambda part: as_floats(part, args)
        values = _results(result(), parts, one)
        with quiet():
            found = attempt(lambda: _residuals(identity(*values, *args)), _unfit)
        unknown = any(np.any(value != value) for value in values)
        if any(size != size for size in found.values()) and unknown:
            fails("returned nan", Verdict)
        allowed = bound(*args) if callable(bound) else bound
        limits = allowed if isinstance(allowed, dict) else dict.fromkeys(found, allowed)
        rows = [_row(label, size, limits.get(label, 0.0), weak, format_of_args(args))
                for label, size in found.items()]
        verdict, reason = min(rows, key=lambda row: VERDICTS.index(row[0]))
        if verdict == "stable" and unknown and not as_it_is:  # each comparison with nan is false
            fails("returned nan", Verdict)
        measured = [text for label, (_, text) in zip(found, rows, strict=True) if limits.get(label)]
        return verdict, reason if verdict != "stable" else "; ".join(measured) or reason

    return judged(f, cases, judge, name=name, known=known, budget=budget, shows=shows)


def _unfit(problem):
    """Raise the Verdict on a result of which an identity cannot be computed."""
    if isinstance(problem, Verdict):
        raise problem
    fails(f"the result does not fit: {short(problem, 100)}")


def _results(value, parts, one):
    """Return what came back as a list of arrays by one(), one, or as many as there are parts."""
    if not parts:
        return [one(value)[()]]
    wanted = f"{len(parts)} things, {' and '.join(parts)}"
    if not isinstance(value, tuple | list):
        fails(f"returned {type(value).__name__}, expected {wanted}")
    if len(value) != len(parts):
        fails(f"returned {len(value)}, expected {wanted}")
    return [one(part)[()] for part in value]


def _residuals(found):
    """Return the largest residual of each name; one without a name is called residual."""
    named = found if isinstance(found, dict) else {"": found}
    if not named:
        raise ValueError("the identity has no residuals: give one at least")
    arrays = {label: plain_array(residual, "residual") for label, residual in named.items()}
    if any(array.size == 0 for array in arrays.values()):
        raise ValueError("it is empty, or has too few entries to be judged")
    return {label: largest(array) for label, array in arrays.items()}


def _row(label, size, allowed, weak, fmt):
    """Return the verdict on one residual, and the numbers that decided it."""
    if label and size is True:
        return level(size, allowed, size, weak, fmt), label
    text = f"{label}: {shown(size, 2)}" if label else f"residual {shown(size, 2)}"
    return level(size, allowed, size, weak, fmt), f"{text}, allowed {shown(allowed, 2)}"
