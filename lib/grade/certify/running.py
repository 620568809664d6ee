"""Call a routine on a case, as arrays or as tensors, and judge what comes back."""

import re
import sys
import types

import numpy as np

from lib.grade.calls import Verdict, called, fails
from lib.grade.certify.limits import OutOfTime, watched
from lib.grade.certify.results import untorched
from lib.grade.changes import changed
from lib.grade.judging import level
from lib.grade.report import VERDICTS, attempt, short, shown

# A routine refuses by nan, or by an exception; these are mistakes of its own.
REFUSED = re.compile(r"returned nan|raised (?!(?:Type|Name|UnboundLocal|Attribute|Index|Key|Memory"
                     r"|Recursion|Import|ModuleNotFound)Error|SystemExit)")


class Result:
    """The verdict on one case.

    Attributes
    ----------
    case : Case
    verdict : str
        One of `lib.grade`'s.
    reason : str
    label : str
        The name of the measure that decided; empty where none did.
    number, bound : float or None
        What decided, and what is allowed.
    said : str
        The fault, where it is not that of the trial.
    call : int
        How many calls the routine had by then.
    later : int
        How many calls came after it, where one of them overwrote what it had returned; else 0.
    repeats : bool
        Whether it takes the calls before to show the failure.
    parts : object
        What was read of the result; None if nothing could be.
    """

    said, call, later, repeats, parts = "", 1, 0, False, None

    def __init__(self, case, verdict, reason, label="", number=None, bound=None):
        self.case, self.verdict, self.reason = case, verdict, reason
        self.label, self.number, self.bound = label, number, bound

    @property
    def badness(self):
        """What to sort by: the verdict, then by how much the bound is missed."""
        times = np.inf if self.number is None else self.number / (self.bound or 1e-300)
        return -VERDICTS.index(self.verdict), times

    @property
    def size(self):
        """The number that decided, in units of the answer; inf where there is none."""
        return np.inf if self.number is None else self.number


class Late(Verdict):
    """Ends the judging of a case that has no result in time."""


class Routine:
    """A routine under test: it is called on arrays, or on tensors where it wants them."""

    def __init__(self, f, guard):
        self.f, self.guard, self.tensors = f, guard, False
        self.calls, self.kept, self.settled = 0, [], {}

    def __call__(self, case):
        """Return the parts of the result for a case; raise a Verdict where there are none.

        The very first call may import or compile: where it is stopped, there is a second.
        """
        if self.guard.spent:
            raise Verdict("not attempted", self.guard.spent)
        try:
            return self._either(case)
        except Late:
            if self.calls > 1 or self.guard.spent:
                raise
            return self._either(case)

    def _either(self, case):
        """Return what is read of f of a case, on tensors where f refuses arrays and knows torch."""
        try:
            return self._called(self._on_tensors if self.tensors else self.f, case)
        except Verdict as problem:
            if self.tensors or not wants_tensors(self.f, problem.args[1]):
                raise
            value = self._called(self._on_tensors, case)
            self.tensors = True
            return value

    def _called(self, f, case):
        """Return what is read of f of a case; no result in time, caught by f or not, is a Verdict.

        Reading is watched as well: an object may compute only when it is read.
        """
        self.calls += 1
        value = self._timed(lambda: called(watched(f), case.args, self.guard.around))
        parts = self._read(value, case)
        self.kept.append((case, value, parts, self.calls))
        return parts

    def _read(self, value, case):
        """Return the parts of what f returned, which share no memory with it."""
        def read():
            with self.guard.around():
                return watched(case.kind.read)(untorched(value), case)

        return self._timed(lambda: attempt(read, _unread))

    def _timed(self, call):
        """Return call(); raise a Verdict if it was stopped."""
        value = None
        try:
            value = call()
        except OutOfTime:  # in the last moment, outside of f
            pass
        except Verdict:
            if not self.guard.late:
                raise
        if self.guard.late:
            raise Late("wrong", f"no result after {self.guard.limit:.2g} s")
        return value

    def overwritten(self):
        """Return the name of the trial, and the number of the call, of each overwritten result.

        Every result is read once more, in whatever form it came: an array, a tensor, a list, a
        tuple, an object. The first overwritten one of a trial counts.
        """
        found = {}
        for case, value, parts, call in self.kept:
            if case.trial.name not in found and self._differs(case, value, parts):
                found[case.trial.name] = call
        return found

    def _differs(self, case, value, parts):
        """Return whether a result that was read is another one when it is read again."""
        try:
            return changed(self._read(value, case), parts)
        except Late:  # nothing is known of what takes too long
            return False
        except Verdict:
            return True

    def _on_tensors(self, *args):
        """Return f of arguments whose arrays have become tensors, which share their memory."""
        from_numpy = sys.modules["torch"].from_numpy
        return self.f(*(from_numpy(arg) if isinstance(arg, np.ndarray) else arg for arg in args))


def wants_tensors(f, reason):
    """Return whether a routine that failed for a reason asks for tensors of torch in its place."""
    if "torch" not in sys.modules or not reason.startswith("raised"):
        return False
    kind = reason.startswith(("raised TypeError", "raised AttributeError"))
    return "Tensor" in reason or (kind and uses_torch(f))


def uses_torch(f):
    """Return whether something of torch is known to f: in its file, its code, or as its module."""
    if "torch" not in sys.modules:
        return False
    f = attempt(lambda: getattr(f, "__func__", f), lambda problem: f)
    home = attempt(lambda: dict(f.__globals__), lambda problem: {})
    inside = attempt(lambda: f.__code__.co_names, lambda problem: ())
    return "torch" in inside or any(map(_of_torch, [f, *home.values()]))


def _of_torch(thing):
    """Return whether a thing is torch, or comes of it."""
    name = thing.__name__ if isinstance(thing, types.ModuleType) else attempt(
        lambda: thing.__module__, lambda problem: "")
    return isinstance(name, str) and name.partition(".")[0] == "torch"


def judge(routine, case):
    """Return the Result of a routine on a case."""
    case.other, case.settled = None, routine.settled
    try:
        found = _judged(routine, case)
    except Verdict as early:
        verdict, reason = early.args
        found = Result(case, verdict, reason)
        if case.trial.refuses and REFUSED.match(reason):
            found = Result(case, "stable", f"refused, as it has to: {reason}")
    found.call = routine.calls
    return found


def _judged(routine, case):
    """Return the Result of what a routine returns; the worst of what is measured decides."""
    parts = routine(case)
    if case.trial.refuses:
        return Result(case, "wrong", "returned a result, where it has to refuse")
    with np.errstate(all="ignore"):
        measured = attempt(lambda: case.kind.measure(parts, case), _unmeasured)
    rows = [Result(case, _verdict(number, bound, case), _told(label, number, bound), label, number,
                   bound) for label, (number, bound) in measured.items()]
    worst = max(rows, key=lambda row: row.badness)
    worst.parts = parts
    if case.other:
        worst.reason += f"; returned {case.other} for {case.dtype}"
        if worst.verdict == "stable" and case.other != case.dtype:
            worst.verdict = "another road"
    return worst


def _unread(problem):
    if isinstance(problem, Verdict | OutOfTime):
        raise problem
    fails(f"returned what cannot be read: {type(problem).__name__}: {short(problem, 60)}")


def _unmeasured(problem):
    if isinstance(problem, Verdict):
        raise problem
    fails(f"the result cannot be measured: {type(problem).__name__}: {short(problem, 60)}")


def _verdict(number, bound, case):
    return level(number, bound, number, None, case.dtype)


def _told(label, number, bound):
    return f"{label} {shown(number, 2)}, allowed {shown(bound, 2)}"
