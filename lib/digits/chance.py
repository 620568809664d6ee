"""Sources of random numbers, and buffers: what a run changes though it gives nothing a new value.

Each run of a function gets them as they were before, so that all runs draw the same.
"""

import contextlib
import copy
import io
import random
from array import array
from types import ModuleType

import numpy as np

# What is copied whole, for it holds no numbers with a shadow.
WHOLE = (np.random.Generator, np.random.BitGenerator, np.random.RandomState, random.Random,
         bytearray, array, io.StringIO, io.BytesIO)


def whole(_, old):
    """Return a copy of one of these, except of the system's own source, which has no state."""
    return old if isinstance(old, random.SystemRandom) else copy.deepcopy(old)


def method(rebuild, old):
    """Return a built-in method, such as the append of a list, bound to the copy of its object."""
    home = old.__self__
    if home is None or isinstance(home, ModuleType | type) or rebuild(home) is home:
        return old
    return getattr(rebuild(home), old.__name__)


@contextlib.contextmanager
def kept():
    """Put back the common sources of random and np.random as they were."""
    python, numpy = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 - not ours
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
