"""Run the cells of a submission in a sandbox, and again without one that ended it."""

import contextlib
import json
import time

from homework import harmless
from homework.limits import Limits
from homework.order import END
from homework.sandbox import command, ending, surroundings
from homework.session import Ended, Session, TooLong
from homework.silent import bare
from homework.weighing import Scale

ROOM = 8 * 2**20  # letters of all outputs
STARTS = 10  # of sandboxes for one submission, at most


class Run:
    """The cells of a submission, and a sandbox in which they have run.

    A cell that hangs, or takes its process with it, is left out of the next sandbox, so that the
    other answers are still judged; so is nothing else.

    Parameters
    ----------
    sources : dict of int to str
        The code cells, by their place, in order.
    kind : str
        Of the sandbox.
    limits : Limits
    files : list of path
    before : Run, optional
        Another of the same cells, whose time and whose barred cells count here too; while both
        have a sandbox, these are weighed together.

    Attributes
    ----------
    outputs : dict of int to list
        What each cell showed, made harmless.
    why : str
        Why no sandbox is started any more; empty while one may be.
    judged : int
        How many problems were judged in this sandbox.
    """

    def __init__(self, sources, kind, limits=None, files=(), before=None):
        self.sources, self.kind, self.files = sources, kind, files
        self.limits = limits or Limits()
        self.outputs, self.barred, self.session, self.starts, self.why = {}, set(), None, 0, ""
        self.second = None  # a run in which an answer is asked again
        self.forgiven = ""  # the problem that was judged again since its sandbox had ended
        self.end, self.judged, self.room = time.monotonic() + self.limits.total, 0, ROOM
        self.waiting, self.until, self.spare = [], float("inf"), self.limits.total
        self.scale = before.scale if before else Scale(self.limits.memory, self.limits.files)
        if before:
            self.end, self.barred, self.spare = before.end, set(before.barred), before.spare

    def left(self, most):
        """Return how many seconds there are, at most so many."""
        return self.allowance(most)[0]

    def allowance(self, most, until=float("inf")):
        """Return how many seconds a call may take, and what is said of the limit that it meets.

        Parameters
        ----------
        most : float
        until : float
            When the time of the problem is over, on the clock of time.monotonic.
        """
        now, took = time.monotonic(), "took more than {:.3g} seconds".format
        seconds, words = min((most, ""), (until - now, f"the problem {took(self.limits.problem)}"),
                             (self.end - now, f"the submission {took(self.limits.total)}"))
        return max(seconds, 0.01), words

    @property
    def is_alive(self):
        """Whether there is a sandbox, which nobody has stopped."""
        return bool(self.session and self.session.alive and not self.session.channel.stopped)

    def ready_or_not(self, place=END):
        """Start a sandbox where there is none; where none may be, the next question will say so."""
        with contextlib.suppress(Ended):
            self.ready(place)

    def ready(self, place=END):
        """Return a session in which the cells above a place have run; raise Ended if there is none.

        One that ends its sandbox is barred from the next, in which the others run once more.
        """
        while not self.is_alive or (self.waiting and self.waiting[0] < place):
            if self.is_alive:
                self._cell(self.waiting.pop(0))
            elif self.why:
                raise Ended(self.why)
            else:
                self._start()
        return self.session

    def rest(self):
        """Run the cells that have never run, for what they show."""
        if set(self.sources) - set(self.outputs):
            self.ready_or_not()

    def _start(self):
        """Start a sandbox."""
        self.close()
        self.starts, self.judged = self.starts + 1, 0
        if self.starts > STARTS or self.end < time.monotonic():
            self.why = (f"the submission took more than {self.limits.total:.3g} seconds"
                        if self.end < time.monotonic() else f"it ended {STARTS} sandboxes")
            return
        start = command(self.kind, self.limits, self.files)
        self.session = Session(start, self.scale, surroundings(self.kind), ending=ending(start),
                               folder=bare(self.files) if self.kind == "unsandboxed" else None)
        try:
            self.session.call("ready", [], 60)
        except Ended as problem:
            if self.session.channel.stopped:  # with another one, which takes too much
                raise
            raise RuntimeError(f"the sandbox does not start: {problem}\n{self.session.words()}"
                               ) from None
        self.waiting = sorted(set(self.sources) - self.barred)

    def _cell(self, place):
        """Run a cell."""
        self._forget()
        self.session.allowance = lambda: self.allowance(self.limits.cell)
        try:
            self._keep(place, self.session.call("run", [self.sources[place]]))
        except Ended as problem:
            kind = "TimeLimit" if isinstance(problem, TooLong) else "SandboxEnded"
            self.outputs[place] = [{"output_type": "error", "ename": kind, "evalue": str(problem),
                                    "traceback": [f"{kind}: {problem}"]}]
            self.barred.add(place)
        except Exception as problem:  # of the runner, in the hands of the student's code
            self.outputs[place] = [{"output_type": "error", "ename": type(problem).__name__,
                                    "evalue": str(problem), "traceback": [str(problem)]}]

    def _forget(self):
        """Take back the functions that were given to the code for the problem before."""
        self.session.exported[:] = [over] * len(self.session.exported)

    def _keep(self, place, found):
        """Keep what a cell has shown, as long as there is room for it."""
        shown = harmless.outputs_of(found)
        self.room -= len(json.dumps(shown))
        self.outputs[place] = shown if self.room > 0 else [
            {"output_type": "stream", "name": "stderr", "text": "[the output is too long]"}]

    def answer(self, name, place=END):
        """Return what a name stands for at a place: a value, a function to call, an Ellipsis."""
        session = self.ready(place)
        self.until = time.monotonic() + self.limits.problem
        self._forget()
        session.allowance = lambda: self.allowance(self.limits.call, self.until)
        return session.call("get", [name])

    def afresh(self, name, place=END):
        """Return the answer of a name from another sandbox, which knows nothing of this one.

        The cells above run there again, for the judge's sake: that counts neither to the problem
        nor to the submission, up to as many seconds as that may take in all.
        """
        if self.second is None:
            self.second = Run(self.sources, self.kind, self.limits, self.files, self)
            self.second.end, self.second.spare = self.end + self.spare, 0
        began = time.monotonic()
        try:
            return self.second.answer(name, place)
        finally:
            took = min(time.monotonic() - began, self.spare)
            self.until, self.end, self.spare = (
                self.until + took, self.end + took, self.spare - took)

    def close(self):
        """End the sandbox, and the other one."""
        if self.second:
            self.second.close()
            self.second = None
        if self.session:
            self.session.__exit__()
            self.session = None

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()


def over(*args):
    """Stand for a function of the problem before, whose calls would be counted there."""
    raise RuntimeError("this function belongs to another problem")
