"""Hold a conversation with a process that may die, hang or lie, within limits of time and size."""

import contextlib
import os
import select
import subprocess
import tempfile
import time

from homework.peer import Peer
from homework.wire import BYTES, HEAD, TEXT, WireError


class Ended(Exception):  # noqa: N818  the end of a conversation
    """The other side took too long or too much, or is gone; the message says which."""

    is_limit = True  # a report shows its words without its name


class TooLong(Ended):
    """No answer came in time."""


class Channel:
    """The pipes to a process, with a deadline.

    Parameters
    ----------
    process : Popen
        Its standard input and output are pipes.

    Attributes
    ----------
    deadline : float
        On the clock of time.monotonic; past it, what waits raises TooLong.
    stopped : str
        Why the process was stopped from outside; what waits raises Ended. Empty while it was not.
    """

    def __init__(self, process):
        self.process, self.stopped = process, ""
        self.within(60)
        self.inward, self.outward = process.stdout.fileno(), process.stdin.fileno()
        for number in (self.inward, self.outward):
            os.set_blocking(number, False)

    def within(self, seconds, words=""):
        """Set the deadline so many seconds from now, and what is said when it is past."""
        self.deadline = time.monotonic() + seconds
        self.words = words or f"no answer within {seconds:.3g} seconds"

    def send(self, frame):
        """Write a frame."""
        view = memoryview(frame)
        while view:
            self._wait([], [self.outward])
            try:
                view = view[os.write(self.outward, view[:2**16]):]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                self._gone()

    def receive(self):
        """Return the text and the data of the next frame."""
        size, extent = HEAD.unpack(self._read(HEAD.size))
        if size > TEXT or extent > BYTES:
            raise WireError("more came than may come at a time")
        return self._read(size), self._read(extent)

    def _read(self, size):
        parts = bytearray()
        while len(parts) < size:
            self._wait([self.inward], [])
            try:
                part = os.read(self.inward, min(size - len(parts), 2**20))
            except BlockingIOError:
                continue
            if not part:
                self._gone()
            parts += part
        return bytes(parts)

    def _wait(self, inward, outward):
        """Wait until a pipe is ready; look at the clock meanwhile."""
        while not self.stopped:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TooLong(self.words)
            if any(select.select(inward, outward, [], min(left, 0.25))):
                return
        raise Ended(self.stopped)

    def _gone(self):
        """Raise Ended on a process that has closed its pipes."""
        try:
            status = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            status = "none: it closed its pipes"
        raise Ended(self.stopped or f"the process ended while it ran (exit status {status})"
                    ) from None


class Session(Peer):
    """A process and the conversation with it; a context that ends it, whatever happens.

    Parameters
    ----------
    command : list of str
    scale : Scale, optional
        Which weighs what it takes, with the other sessions of the same submission.
    settings : dict of str to str, optional
        Of the environment.
    folder : path, optional
        Where it starts.
    ending : list of str
        A command that ends what outlives the process.

    Attributes
    ----------
    allowance : callable
        How many seconds the next call may take that does not say so itself, such as that of a
        `Remote`, and what is said where they are over, if it is not that.
    """

    def __init__(self, command, scale=None, settings=None, folder=None, ending=()):
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  as long as the session
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.said, env=settings, cwd=folder,
                                        start_new_session=True)
        super().__init__(Channel(self.process))
        self.ending, self.scale = ending, scale
        self.alive, self.allowance = True, lambda: (60.0,)
        if scale:
            scale.add(self)

    def call(self, target, args, seconds=None):
        """Return what the other side returns to a call; end it where it breaks a rule."""
        if not self.alive:
            raise Ended("not tried any more")
        self.channel.within(*(self.allowance() if seconds is None else (seconds,)))
        try:
            return super().call(target, args)
        except (Ended, WireError) as problem:
            self.end()
            raise problem if isinstance(problem, Ended) else Ended(str(problem)) from None

    def words(self):
        """Return what the process wrote on its standard error, its last thousand letters."""
        size = self.said.seek(0, os.SEEK_END)
        self.said.seek(max(0, size - 1000))
        return self.said.read().decode(errors="replace").strip()

    def stop(self, why):
        """Kill the process, from another thread; whoever talks to it reads why."""
        self.channel.stopped = why
        self._kill()

    def _kill(self):
        """Kill the process and all that it has started."""
        self.process.kill()
        if self.ending:
            subprocess.run(self.ending, capture_output=True, timeout=60)

    def end(self):
        """End the process and all that it has started."""
        self.alive = False
        if self.scale:
            self.scale.remove(self)
        self._kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.end()
        self.said.close()
