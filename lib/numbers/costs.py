"""Measure what a call costs on this machine: its time beside another's, its memory at the peak.

What can be counted should be (`lib.numbers.counted`): a count is the same on every machine.
"""

import time
import tracemalloc
from contextlib import contextmanager
from statistics import median

from lib.numbers.scalars import whole_number


def _clock():
    """Return the clock of this thread's CPU time, or that on the wall where it is too coarse."""
    own = getattr(time, "thread_time", None)
    fine = own is not None and time.get_clock_info("thread_time").resolution < 1e-5
    return own if fine else time.perf_counter


CLOCK = _clock()
# Of each call of peak_memory that is under way: the peak before an inner one reset it.
_UNDER_WAY = []


def time_ratio(f, g, repeat=5):
    """Return how many times as long f() takes as g(), by the medians of runs in turn.

    Parameters
    ----------
    f, g : callable
        Called without arguments, each once to warm up, then f, g, f, g and so on.
    repeat : int
        How many runs of each are timed.

    Returns
    -------
    float
        Time is that of the calling thread where the machine can tell. Twice or half may be chance.

    Raises
    ------
    TypeError
        If f or g is no function, or repeat no integer.
    ValueError
        If repeat is not positive, or g too quick for the clock.

    Examples
    --------
    >>> time_ratio(lambda: sorted(range(10**5)), lambda: sorted(range(100))) > 10
    True
    """
    repeat = whole_number(repeat, "repeat", 1)
    calls = _callable(f, "f"), _callable(g, "g")
    seconds = [], []
    for number in range(repeat + 1):
        for taken, call in zip(seconds, calls, strict=True):
            start = CLOCK()
            call()
            if number > 0:
                taken.append(CLOCK() - start)
    longer, shorter = map(median, seconds)
    if shorter <= 0:
        raise ValueError("g is too quick for the clock: let it do its work many times")
    return longer / shorter


def peak_memory(f):
    """Return f() and the bytes that Python and NumPy took at most meanwhile.

    Parameters
    ----------
    f : callable
        Called once, without arguments.

    Returns
    -------
    result : object
    most : int
        Beyond what they held before, the result included. Memory that other libraries take, BLAS
        among them, is not seen; nor is what the operating system adds. f may measure calls of its
        own in this way.

    Raises
    ------
    TypeError
        If f is no function.

    Examples
    --------
    >>> held, most = peak_memory(lambda: bytearray(3_000_000))
    >>> round(most / 1e6)
    3
    """
    _callable(f, "f")
    with _watched():
        before, peak = tracemalloc.get_traced_memory()
        _UNDER_WAY[:] = [max(peak, earlier) for earlier in _UNDER_WAY]
        _UNDER_WAY.append(0)
        tracemalloc.reset_peak()
        try:
            result = f()
            return result, max(tracemalloc.get_traced_memory()[1], _UNDER_WAY[-1]) - before
        finally:
            _UNDER_WAY.pop()


@contextmanager
def _watched():
    """Watch the memory, and leave a watch that was there before as it was."""
    if tracemalloc.is_tracing():
        yield
        return
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def _callable(f, name):
    """Return f if it can be called, or refuse it by name."""
    if not callable(f):
        raise TypeError(f"{name} = {f!r:.80} is no function: write lambda: before the expression")
    return f
