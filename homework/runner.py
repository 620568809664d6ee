"""What runs inside a sandbox: the cells of a notebook, then calls of what they have defined.

It is started once for a submission and talks to the grader over its standard input and output, as
`homework.peer` says. Nothing that it sends is trusted, for the student's code shares its process.
"""

import contextlib
import os
import resource
import signal
import sys

import numpy as np

from homework.calls import forbid
from homework.capture import Capture
from homework.peer import Peer
from homework.wire import BYTES, HEAD, TEXT


class Pipe:
    """The grader's end, read and written to the last byte."""

    def __init__(self, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing

    def send(self, frame):
        """Write a frame."""
        view = memoryview(frame)
        while view:
            view = view[os.write(self.outgoing, view):]

    def receive(self):
        """Return the text and the data of the next frame; leave where the grader is gone."""
        size, extent = HEAD.unpack(self._read(HEAD.size))
        if size > TEXT or extent > BYTES:
            os._exit(3)
        return self._read(size), self._read(extent)

    def _read(self, size):
        parts = bytearray()
        while len(parts) < size:
            part = os.read(self.incoming, min(size - len(parts), 2**20))
            if not part:
                os._exit(0)
            parts += part
        return bytes(parts)


def pipe():
    """Return the pipe to the grader, taken away from print and input.

    What C code prints goes nowhere.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return Pipe(incoming, outgoing)


def limit(limits):
    """Set the limits of this process, and leave the user who may do more.

    A real user of its own has to be, where root grades: the kernel counts no processes of root's.
    """
    if limits.get("user"):
        with contextlib.suppress(PermissionError):
            os.setgroups([])
        os.setgid(limits["user"])
        os.setuid(limits["user"])
    for name, value in limits.items():
        if name.startswith("RLIMIT_"):
            number = getattr(resource, name)
            hard = resource.getrlimit(number)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(number, (value, value))


def limits_of(arguments):
    """Return the limits that stand in arguments as NAME=NUMBER.

    Examples
    --------
    >>> limits_of(["RLIMIT_CPU=60", "user=70000"])
    {'RLIMIT_CPU': 60, 'user': 70000}
    """
    return {name: int(value) for name, _, value in (text.partition("=") for text in arguments)}


def is_stub(function):
    """Return whether nothing is written in a function."""
    from lib.grade import is_stub as written_by_lib

    return written_by_lib(function)


def quiet():
    """Return a context without warnings: the visible check calls an answer in such a one."""
    from lib.grade.calls import quiet as of_lib

    return of_lib()


def main(arguments):
    """Serve the grader until it is gone."""
    channel = pipe()
    limit(limits_of(arguments))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whatever was inherited; `forbid` keeps it so
    forbid()
    np.set_printoptions(legacy=False)
    capture = Capture()
    peer = Peer(channel, {"run": capture.run, "get": capture.get}, is_stub, quiet)
    peer.served["ready"] = lambda: True
    peer.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
