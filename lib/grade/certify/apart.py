"""Run a command so that no routine, whatever it does to its process, ends it with a status of 0."""

import contextlib
import os
import signal
import sys
import traceback
import warnings

END = b"end"
LOST = ("python -m lib: the process ended {how} before the report was made: the routine ended it, "
        "or what it imports, as os._exit or a fault in compiled code does")


def apart(command):
    """Return the exit status of command(), which runs in a child process where the system has them.

    Its status counts where it ends; where its process ends without it, the status is 1, and a
    sentence says so. KeyboardInterrupt is 130.

    Parameters
    ----------
    command : callable
        Without arguments; returns an exit status.

    Examples
    --------
    >>> apart(lambda: 2)
    2
    """
    if not hasattr(os, "fork"):
        return _status(command)
    _flush()
    reader, writer = os.pipe()
    with warnings.catch_warnings():  # of the threads of a BLAS, which stand still meanwhile
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        own, status = os.getpid(), _status(command)
        _flush()
        if os.getpid() == own:  # and no process that the routine has forked
            os.write(writer, END)
        os._exit(status)
    os.close(writer)
    return _awaited(child, reader)


def _status(command):
    """Return the exit status of command(), whatever it raises."""
    try:
        return command()
    except BrokenPipeError:  # as of head, which reads no more than it shows
        return 1
    except SystemExit as problem:
        return problem.code if isinstance(problem.code, int) else int(problem.code is not None)
    except KeyboardInterrupt:
        print("python -m lib: stopped by KeyboardInterrupt", file=sys.stderr)
        return 130
    except BaseException:  # a fault of ours: shown as Python shows it
        traceback.print_exc()
        return 1


def _flush():
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _awaited(child, reader):
    """Return the status of the child, or 1 and a sentence if it ended without a word."""
    # What stops this process is passed on; Ctrl-C reaches the child by itself.
    before = (signal.signal(signal.SIGINT, signal.SIG_IGN),
              signal.signal(signal.SIGTERM, lambda number, frame: os.kill(child, number)))
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.set_blocking(reader, False)  # a process that the routine left may still hold its end
        with contextlib.suppress(BlockingIOError):
            if os.read(reader, len(END)) == END:
                return status
    finally:
        os.close(reader)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    print(LOST.format(how=how), file=sys.stderr)
    return 1


@contextlib.contextmanager
def own_output():
    """Give what Python prints a descriptor of its own; whatever else writes, goes to the errors.

    So a report is all that comes out, also where a child process, or compiled code, writes: it does
    so as late as at the end, so that descriptor 1 stays with the errors.
    """
    before = sys.stdout
    try:
        before.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, AttributeError, ValueError):  # one of them is closed
        yield
        return
    with open(kept, "w", encoding=before.encoding, errors="replace") as sys.stdout:
        try:
            yield
        finally:
            own, sys.stdout = sys.stdout, before
            own.flush()
