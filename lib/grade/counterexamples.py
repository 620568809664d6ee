"""Judge inputs that are to break a claim or a method."""

import inspect
from decimal import Decimal
from numbers import Real

import numpy as np

from lib.grade.calls import Verdict, called, fails, outcome, written
from lib.grade.handed import TOO_LARGE, is_small
from lib.grade.report import Case, Report, attempt, short, shown
from lib.grade.sentences import given_and_wanted
from lib.numbers import exact_parts

WORDS = {"wrong": "does not break", "stable": "breaks"}


def check_counterexample(example, measure, *, below=None, above=None, valid=None,
                         name="counterexample", unit="", known=None):
    """Judge an input that is to break a claim or a method.

    Parameters
    ----------
    example : object
        The reader's input: a tuple of arguments, or one argument; an Ellipsis is not attempted.
        One of more than 100 000 numbers, or nested deeply, is not admitted, and not looked at.
    measure : callable
        ``measure(*example)``: a truth value, False where the claim fails, or a number such as
        the correct digits that are left.
    below, above : float, optional
        The number must lie below or above this, one of them, and not at it: numbers of every kind
        are compared exactly. Not needed with a truth value.
    valid : callable or dict of str to callable, optional
        ``valid(*example)`` is true for the inputs that the task admits; a text is the reason why
        not. A dict holds such functions by what they ask for, "at most four numbers": the first
        that is not true is named.
    name : str
        Heading of the report.
    unit : str
        What stands after a number: "digits are right".
    known : dict of str to callable, optional
        Why an example does not break anything, and ``is_it(*example)``; not asked of an input
        that fails the first condition of valid, which is to be that on its size.

    Returns
    -------
    Report
        Of one case: stable, shown as "breaks", or wrong, shown as "does not break" or, where the
        task asks for another input, "not admitted".

    Raises
    ------
    TypeError
        If below and above are given, or neither is and measure gives a number: a fault of the
        exercise.

    Examples
    --------
    >>> check_counterexample((1e16, 1.0), lambda a, b: a + b != a, name="absorbed")
    absorbed: passed
      1e+16, 1.0  breaks  the claim fails here
    >>> check_counterexample(3.0, lambda x: 15, below=1, unit="digits are right",
    ...                      valid={"a number below 1": lambda x: x < 1})
    counterexample: not admitted
      3.0  not admitted  the task asks for: a number below 1
    """
    if below is not None and above is not None:
        raise TypeError("check_counterexample needs below or above, not both")
    args = example if isinstance(example, tuple) else (example,)
    small = is_small(example)

    # The word comes with the verdict: an input may be wrong in that it is not admitted.
    def judge():
        if not small:
            raise Verdict("wrong", TOO_LARGE, "not admitted")
        for value in args:
            written(value)
        _count(measure, example)
        _admit(valid, args)
        value = called(lambda *given: _measured(measure(*given)), args)
        verdict, reason = _outcome(value, below, above, unit)
        return verdict, reason, WORDS[verdict]

    verdict, reason, *word = outcome(judge)
    name_of_case = ", ".join(map(short, args)) if small else "the input"
    case = Case(name_of_case, verdict, reason, *word or [WORDS.get(verdict, "")])
    first = dict(list(valid.items())[:1]) if isinstance(valid, dict) else valid
    fits = small and outcome(lambda: _admit(first, args)) is None
    note = "" if verdict in ("stable", "not attempted") or not fits else next(
        (why for why, is_it in (known or {}).items()
         if attempt(lambda is_it=is_it: bool(called(is_it, args)), lambda problem: False)), "")
    return Report(name, (case,), note=note, good="breaks")


def _measured(value):
    """Return what was measured as one object of Python, or refuse what is masked."""
    if isinstance(value, np.ma.MaskedArray):  # its number is one that was not to be used
        raise TypeError("the measure is masked, which is no number")
    return np.asarray(value).item()


def _count(measure, example):
    """Raise the Verdict on another number of arguments than the measure takes."""
    takes = attempt(lambda: inspect.signature(measure), lambda problem: None)
    args = example if isinstance(example, tuple) else (example,)
    if takes and attempt(lambda: takes.bind(*args), lambda problem: None) is None:
        wanted = len(takes.parameters)
        said = given_and_wanted(len(args), wanted) if args is example else (
            f"a tuple of {wanted} is wanted, not a {type(example).__name__}")
        raise Verdict("wrong", said, "not admitted")


def _admit(valid, args):
    """Raise the Verdict on an input that the task does not admit, with the reason."""
    conditions = valid if isinstance(valid, dict) else {"": valid} if valid else {}
    for asked, condition in conditions.items():
        answer = called(lambda *given, is_met=condition: _truth(is_met(*given)), args)
        if isinstance(answer, str) or not answer:
            reason = answer if isinstance(answer, str) else asked and f"the task asks for: {asked}"
            reason = reason or "the task does not admit this input"
            raise Verdict("wrong", reason, "not admitted")


def _truth(answer):
    """Return a text as it is, and the one truth value of anything else."""
    return answer if isinstance(answer, str) else bool(answer)


def _outcome(value, below, above, unit):
    """Return the verdict on what was measured: a truth value or a number."""
    if isinstance(value, bool):
        return ("wrong", "the claim holds") if value else ("stable", "the claim fails here")
    if below is None and above is None:
        raise TypeError("check_counterexample needs below or above: measure gives a number")
    if not (isinstance(value, Real | Decimal) or hasattr(value, "_mpf_")):
        fails(f"measured {short(value)}, which is no number")
    broken = attempt(lambda: _is_less(value, below) if above is None else _is_less(above, value),
                     lambda problem: False)
    wanted = f"below {shown(below, 6)}" if above is None else f"above {shown(above, 6)}"
    text = attempt(lambda: shown(value, 3), lambda problem: repr(value))  # Decimal("sNaN")
    return "stable" if broken else "wrong", f"{text} {unit}".strip() + f", wanted {wanted}"


def _is_less(x, y):
    """Return whether one real number is less than another, exactly."""
    try:
        return exact_parts(x, "x", far=2**20)[0] < exact_parts(y, "y", far=2**20)[0]
    except TypeError:  # of a kind that knows best itself
        return bool(x < y)
