"""Stop what does not return in time, where the system can, and keep what is said meanwhile."""

import contextlib
import io
import random
import signal
import sys
import time
import warnings

import numpy as np

from lib.grade.report import attempt, short

NO_LIMIT = ("There is no time limit here: a routine that does not return has to be stopped by hand "
            "(a limit needs the main thread, and Linux or macOS).")
# Seconds from one alarm to the next where the first is ignored. A routine that catches the first is
# ended by an alarm that falls between two of its `try`, less than 1e-6 s: so once it is late, the
# next alarm comes after a random time up to SOON, some tens of alarms and milliseconds.
AGAIN, SOON = 2e-4, 3e-5
STOPS = 3  # so many calls are stopped before the others are left out
_jitter = random.Random()  # its own: the routine's numbers stay as they were


class OutOfTime(BaseException):
    """Ends a call that takes too long; no `except Exception` of a routine catches it."""


def watched(f):
    """Return f as a function that a `Guard` can stop; what is no function comes back as it is."""
    def inside(*args):
        return f(*args)

    return inside if callable(f) else f


INSIDE = watched(print).__code__


class Guard:
    """What stands around the calls of a routine.

    Attributes
    ----------
    seconds : float
        The limit of each call.
    total : float
        What is left for all calls together; a call ends with it.
    limited : bool
        Whether calls can be stopped; known after the first.
    late : bool
        Whether the last call was stopped.
    stops : int
        How many calls were stopped.
    printed : str
        What was printed, 1000 letters at most.
    warned : dict of str to None
        What was warned of, each once.

    Examples
    --------
    >>> guard = Guard(0.05, 1.0)
    >>> with guard.around():
    ...     watched(print)("noise")
    >>> guard.printed, guard.late
    ('noise\\n', False)
    """

    def __init__(self, seconds, total):
        self.seconds, self.total, self.all = seconds, total, total
        self.limited, self.late, self.stops = True, False, 0
        self.printed, self.warned = "", {}
        self.limit = seconds

    @property
    def spent(self):
        """Why nothing more is called, as a sentence; empty while there is time."""
        if self.stops >= STOPS:
            return f"left out: {STOPS} calls had no result in time"
        return f"left out: all calls together have {self.all:g} s" * (self.total <= 0)

    @contextlib.contextmanager
    def around(self, out=None):
        """Watch one call of a function that is `watched`: OutOfTime ends it at its limit.

        What it prints is kept, or goes to the stream out.
        """
        # The alarm is set last and stopped first, so that it falls on the call alone.
        kept = out or _Short()
        start = time.monotonic()
        self.limit = max(min(self.seconds, self.total), 0.05)
        self.late = False
        before = self._arm()
        try:
            with (contextlib.redirect_stdout(kept), contextlib.redirect_stderr(kept), _untold(),
                  np.errstate(all="warn"), warnings.catch_warnings(record=True) as heard):
                warnings.simplefilter("default")
                yield
        finally:
            self._disarm(before)
            self.stops += self.late
            self.total -= time.monotonic() - start
            self.printed = (self.printed + getattr(kept, "kept", ""))[:1000]
            self.warned |= {_said(one): None for one in heard[:9]}

    def _arm(self):
        """Set the alarm; return the handler of before, or False where there is no alarm."""
        if not hasattr(signal, "setitimer"):
            self.limited = False
            return False
        try:
            before = signal.signal(signal.SIGALRM, self._ring)
        except ValueError:  # not the main thread
            self.limited = False
            return False
        signal.setitimer(signal.ITIMER_REAL, self.limit, AGAIN)
        return before

    def _ring(self, number, frame):
        """End the call, again and again; after it, where it is on no frame, do nothing."""
        while frame is not None and frame.f_code is not INSIDE:
            frame = frame.f_back
        if frame is not None:
            if self.late:
                signal.setitimer(signal.ITIMER_REAL, _jitter.uniform(1e-6, SOON), AGAIN)
            self.late = True
            raise OutOfTime

    def _disarm(self, before):
        """Stop the alarm and put back the handler of before."""
        if before is not False:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)


def in_time(call, seconds):
    """Return call(), or raise TimeoutError after so many seconds; its prints go to the errors.

    Examples
    --------
    >>> in_time(lambda: 7, 1.0)
    7
    """
    guard, found = Guard(seconds, seconds), None
    with contextlib.suppress(OutOfTime), guard.around(sys.stderr):
        found = watched(call)()
    if guard.late:
        raise TimeoutError(f"no result after {seconds:g} s: bound the number of steps, or give "
                           "--seconds")
    return found


@contextlib.contextmanager
def _untold():
    """Say nothing of an alarm that falls into a `__del__`, which lets no exception out."""
    before = sys.unraisablehook

    def hook(unraisable):
        if not issubclass(unraisable.exc_type, OutOfTime):
            before(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


def _said(warning):
    """Return what a warning says, by its class."""
    text = attempt(lambda: short(warning.message, 80), lambda problem: "")
    return f"{warning.category.__name__}: {text}"


class _Short(io.TextIOBase):
    """A stream that keeps the first 1000 letters, however much is printed."""

    kept = ""

    def writable(self):
        return True

    def write(self, text):
        self.kept = (self.kept + str(text)[:1000])[:1000]
        return len(text)
