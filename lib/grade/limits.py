"""Stop an answer that takes more memory than its task allows, or loops over single elements."""

import sys
from contextlib import contextmanager
from functools import wraps

from lib.numbers import peak_memory


def within_limits(f, nbytes, steps):
    """Return f as a function that fails where it takes too many bytes, or loops on.

    Parameters
    ----------
    f : callable
        What is no function comes back as it is.
    nbytes : float
        Of memory that Python and NumPy may take beyond what they hold before; the message names
        it in whole megabytes.
    steps : callable
        ``steps(*args)`` is the largest number of lines and calls of f's own file.

    Returns
    -------
    callable
        Raises MemoryError or RuntimeError, with the remedy, beyond a limit. A trace of Python, and
        a watch on memory, that were there before are put back.

    Examples
    --------
    >>> within_limits(lambda n: bytearray(n), 1e6, lambda n: 100)(9_000_000)
    Traceback (most recent call last):
    MemoryError: 9 MB of arrays at a time, allowed is 1
    """
    if not callable(f):
        return f

    @wraps(f)
    def limited(*args):
        def stopped():
            with _stopped(f, steps(*args)):
                return f(*args)

        result, most = peak_memory(stopped)
        if result is not None and most > nbytes:
            raise MemoryError(f"{most / 1e6:.0f} MB of arrays at a time, allowed is "
                              f"{nbytes / 1e6:.0f}")
        return result

    return limited


@contextmanager
def _stopped(f, most):
    """Stop f after so many calls and lines of its file, and put back the hook that was there."""
    home = getattr(f, "__globals__", None)

    def count(frame, event, arg):
        nonlocal most
        most -= 1
        if most < 0:
            raise RuntimeError("a loop over single elements is too slow: take blocks of rows")
        return count if frame.f_globals is home else None

    before = sys.gettrace()
    sys.settrace(count)
    try:
        yield
    finally:
        sys.settrace(before)
