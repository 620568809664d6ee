"""Name the likely fault of a routine by what it does: no sentence that it contradicts."""

import copy
import re

import numpy as np

from lib.grade.certify.kinds import Fault
from lib.grade.certify.systems import EASY
from lib.grade.changes import changed
from lib.grade.report import VERDICTS, attempt, short

# What is said of a failure that needs no mathematics, by the beginning of its reason.
PLAIN = {
    "changed its argument": "It changes its argument, which the caller still needs: work on a "
                            "copy.",
    "no result after": "It takes longer than the limit, or does not end: bound the number of "
                       "steps, and let a test that can be met end the loop.",
    "returned (?!nan|inf|a result)": "What it returns is not what is asked for: {signature}.",
    "the result cannot": "What it returns is not what is asked for: {signature}.",
}
RAISES = "It raises {what} where it has to return, first in \"{name}\"."
CALLED = "It raises {what}: it is called as {signature}."
NARROW = "It computes in {other} inside, whatever comes in: keep the format of the arguments."
FORGETS = ("It returns another result for the same arguments: it remembers earlier calls, or draws "
           "at random.")
MEMORY = ('Its result of "{name}" was overwritten by a later call: it returns memory of its own. '
          "Return a new array.")
OVERWRITTEN = "overwritten by a later call"
WIDER = "It returns another format than came in: give the result the format of the arguments."
NOT_A_NUMBER = ("It returns nan or inf where the answer is finite: look for 0/0, inf - inf, or the "
                "root of a negative number on the way.")
UNKNOWN = "None of the classic mistakes fits all of its results: begin with the script."
# Exceptions that follow from the numbers, and not from a mistake of another sort.
OF_NUMBERS = re.compile(r"raised \w*((ZeroDivision|FloatingPoint|Overflow)Error"
                        r"|.*(definite|minor))")


def likely(results, routine):
    """Return the sentences that name the likely fault of what failed, and the chapter on it.

    A narrower format is known for certain; then comes what it raises. Of results the worst count,
    the plainest of them first; a number out of range, or a column that vanishes, is the end of many
    a routine that has another fault, so it is named only where nothing else fails.
    """
    # What is certain comes first, then what is raised, then what the numbers tell.
    failed = [one for one in results if one.verdict not in ("stable", "not attempted")]
    kind, raised = failed[0].case.kind, [one for one in failed if one.reason.startswith("raised")]
    said = next((one.said for one in failed if one.said), "")
    if said:
        return said, kind.chapter
    plainest = [one for one in failed if one.case.trial is kind.trials[0] and one not in raised]
    if plainest and (other := narrower(plainest[0].case, routine)):
        return NARROW.format(other=other), "floating_point"
    rest = [one for one in failed if one not in raised] or [
        one for one in raised if OF_NUMBERS.match(one.reason)]
    before = _raises(raised, kind)
    sentence, chapter = _named(rest, failed) if rest else ("", "")
    if rest and rest[0] in raised and sentence in (UNKNOWN, NOT_A_NUMBER, EASY):
        sentence = ""  # what it raises is all that is known
    return " ".join(filter(None, [before, sentence])), chapter or kind.chapter


def _raises(raised, kind):
    """Return what is said of the plainest exception; empty where there is none."""
    if not raised:
        return ""
    what = short(raised[0].reason.removeprefix("raised "), 90).rstrip(".: ")
    if what.startswith("TypeError") and "argument" in what:
        return CALLED.format(what=what, signature=kind.signature)
    return RAISES.format(what=what, name=raised[0].case.trial.name)


def _named(rest, failed):
    """Return the sentence for what was returned, and its chapter."""
    # Form first, then the first fault of the worst and plainest results that fits.
    kind = rest[0].case.kind
    bad = {one.case.trial.name: one for one in failed}
    inside = [one for one in rest if not one.case.trial.last]
    order = sorted(inside or rest, key=lambda one: _rank(one, kind, _most(rest)))
    first = order[0]
    for fault in kind.faults:
        if fault.when(first, bad):
            return fault.said, fault.chapter
    for beginning, sentence in PLAIN.items():
        if re.match(beginning, first.reason):
            chapter = "arrays" if beginning.startswith("changed") else kind.chapter
            return sentence.format(signature=kind.signature), chapter
    if first.verdict == "another road":
        return WIDER, "floating_point"
    for one in order:
        trial = one.case.trial
        for fault in [*trial.faults, *[Fault(EASY)] * is_plain(trial, kind)]:
            if fault.when(one, bad):
                return fault.said, fault.chapter or trial.chapter
    return (UNKNOWN if np.isfinite(first.size) else NOT_A_NUMBER), ""


def _most(results):
    """Return by what factor a bound is missed at most where a result is unstable."""
    return max((one.badness[1] for one in results if one.verdict == "unstable"), default=0.0)


def _rank(result, kind, most):
    """Return what to sort by: the verdict, what is plain, and of what is unstable the misses.

    What is plain, and misses a bound a thousand times less than something else, is no sign. What
    returns where it has to refuse comes last: what it returns elsewhere tells more.
    """
    unstable = result.verdict == "unstable"
    trial = result.case.trial
    plain = is_plain(trial, kind) and not (unstable and 1000 * result.badness[1] < most)
    return (VERDICTS.index(result.verdict), not plain, trial.refuses,
            unstable and -result.badness[1], kind.trials.index(trial))


def is_plain(trial, kind):
    """Return whether nothing is hostile in a trial: the first two, and what is EASY."""
    return trial in kind.trials[:2] or trial.fault == EASY


def narrower(case, routine):
    """Return the narrower format in which a routine computes; empty if it is none.

    Such a routine returns the same, bit by bit, when its arguments are rounded to that format
    beforehand, and another result when they are changed by more.
    """
    # The same, rounded, and moved: what rounding does not change was rounded in any case.
    def result_of(change):
        moved = copy.copy(case)
        moved.args = tuple(change(one, place) if isinstance(one, np.ndarray) else one
                           for place, one in enumerate(case.args, 3))
        return routine(moved)

    def compared():
        own = result_of(lambda x, place: x)
        other = result_of(lambda x, place: x * x.dtype.type(1 + 2.0**-place))
        for name in ("float16", "float32"):
            rounded = result_of(lambda x, place, name=name: x.astype(name).astype(x.dtype))
            if case.dtype != name and changed(own, other) and not changed(own, rounded):
                return name
        return ""

    return attempt(compared, lambda problem: "")
