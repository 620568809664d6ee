"""Recognise a named mistake in what a function returned, whatever machine it was computed on.

The last bits of a result depend on how its arguments lie in memory, so that the same answer differs
by some roundings between a notebook and a sandbox. Where the result is not unique, or is all
rounding, it differs by more; cases of that kind are to be mild, and are left out.
"""

import re

import numpy as np

from lib.grade.calls import called, numbers, outcome
from lib.grade.precision import format_of_args
from lib.grade.report import attempt
from lib.numbers import absolute_error

# How near to a mistake, in an identity, an answer is that has its verdict and its reason: far
# nearer than to what is right where both are wrong; else the error itself is one of rounding.
ROOM = {"wrong": 2.0**-26, "unstable": 2.0**-26, "inaccurate": 1e-2}
NOTHING = object()  # in place of an answer, where none came back


def apart(known, judge, cases, found, answers, rights):
    """Return each sentence with the numbers of the cases in which its mistake is not the answer's.

    Parameters
    ----------
    known : dict of str to callable or sequence
        The wrong value of each case.
    judge : callable
        ``judge(number, args, result)``, as for `judged`.
    cases : list of tuple
        Of arguments.
    found : list of tuple
        The verdict and the reason that each case got.
    answers : dict of int to object
        What was returned, where something was.
    rights : list
        The exact values, where they are known.

    Returns
    -------
    tuple of (str, frozenset)
    """
    def one(number, wrong):
        right = rights[number] if number < len(rights) else None
        return _differs(wrong if callable(wrong) else lambda *args: wrong[number], cases[number],
                        lambda args, result: judge(number, args, result), found[number],
                        answers.get(number, NOTHING), right)

    return tuple((sentence, frozenset(
        number for number in range(len(cases))
        if attempt(lambda n=number, w=wrong: one(n, w), lambda problem: True)))
        for sentence, wrong in known.items())


def _differs(wrong, args, judge, found, answer, right):
    """Return whether a mistake is not what an answer made of one case."""
    value = attempt(lambda: (called(wrong, args),), lambda problem: problem)

    def result():
        if isinstance(value, tuple):
            return value[0]
        raise value

    verdict = outcome(lambda: judge(args, result))
    if verdict[0] == found[0] == "stable":
        return False
    if answer is NOTHING or not isinstance(value, tuple):  # both have failed, in the same words
        return answer is not NOTHING or isinstance(value, tuple) or verdict != found
    room = ROOM.get(verdict[0], 0.0) if _label(verdict) == _label(found) else 0.0
    return not _near(value[0], answer, args, right, room)


def _label(verdict):
    """Return a verdict and its reason without numbers."""
    return verdict[0], re.sub(r"[-+.\d]+(e[-+]?\d+)?", "#", verdict[1])


def _near(value, answer, args, right, room):
    """Return whether an answer is that of a mistake, much nearer to it than to what is right.

    Where what is right is not known, so near as there is room for, relative to the largest number.
    """
    eps = float(np.finfo(format_of_args(args)).eps)
    one, other = _flat(value), _flat(answer)
    if one.shape != other.shape:  # before exact errors of what may be millions of numbers
        return False
    with np.errstate(all="ignore"):
        gap = np.asarray(absolute_error(other, one), float)
        error = 0.0 if right is None else np.asarray(absolute_error(other, right), float)
        rounding = 4 * eps * np.abs(one.astype(complex))
        if right is None and room:
            rounding = np.fmax(rounding, max(room, eps) * _sizes(value))
        equal = (other == one) | ((other != other) & (one != one))
        # An infinite answer is as far from the mistake as from what is right: it must be equal.
        near = equal | (np.isfinite(gap) & (gap <= np.fmax(rounding, 1e-3 * error)))
    return bool(np.all(near))


def _parts(value):
    """Return the arrays of a result, one or several."""
    if isinstance(value, tuple | list) and any(np.ndim(part) for part in value):
        return [numbers(part) for part in value]
    return [numbers(value)]


def _flat(value):
    """Return a result as one array; several of other shapes one after another."""
    parts = _parts(value)
    return parts[0] if len(parts) == 1 else np.concatenate([part.ravel() for part in parts])


def _sizes(value):
    """Return, for each number of a result, the size of the largest finite one of its part."""
    sizes = []
    for part in _parts(value):
        size = np.abs(part.astype(complex))
        sizes.append(np.full(part.shape, np.max(size[np.isfinite(size)], initial=0.0)))
    return sizes[0] if len(sizes) == 1 else np.concatenate([size.ravel() for size in sizes])
