"""Hostile inputs for hypothesis, and the two answers that they may get: the truth or a refusal.

Tests of every room share this file: `from tests.hostile import NOT_NUMBERS, answer, steady`.
"""

import re
import traceback
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy.sparse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

LIB = Path(__file__).resolve().parents[1] / "lib"
WIDTH = {np.float64: 64, np.float32: 32, np.float16: 16}

# The same inputs on every machine and at every run, without a folder of past failures. Hypothesis
# would also draw the constants that stand in the modules loaded so far, hence other inputs when
# other tests ran before, and has no setting against it.
NO_CONSTANTS = providers._local_constants  # none so far
providers._get_local_constants = lambda: NO_CONSTANTS
steady = settings(derandomize=True, database=None, deadline=None, max_examples=100)

_MASKED = np.ma.masked_array([1.0, 2.0, 1000.0], mask=[0, 0, 1])

# No array of real numbers: each would lose its meaning, or has none, in a function of arrays.
NOT_NUMBERS = {
    "masked": _MASKED,
    "masked matrix": np.ma.masked_array(np.eye(2), mask=np.eye(2)),
    "list of masked": [_MASKED, _MASKED],
    "masked in a nested list": [[1.0, np.ma.masked], [1.0, 2.0]],
    "np.matrix": np.matrix([[1.0, 2.0], [3.0, 4.0]]),
    "sparse": scipy.sparse.eye(2).tocsr(),
    "complex": np.array([1.0, 2.0]) + 1j,
    "complex matrix": np.eye(2) + 1j,
    "ragged": [[1.0], [1.0, 2.0]],
    "text": "1.0",
    "texts": np.array(["1.0", "2.0"]),
    "bytes": b"1.0",
    "None": None,
    "None inside": [1.0, None],
    "dict": {0: 1.0},
    "set": {1.0},
    "object": object(),
    "function": abs,
    "date": date(2026, 11, 28),
    "dates": np.array(["2026-11-28"], dtype="datetime64[D]"),
    "record": np.zeros(2, dtype=[("a", float), ("b", int)]),
}

# Other layouts of the same numbers, which must give the same answer bit for bit.
LAYOUTS = {
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: x[..., ::-1].copy()[..., ::-1],
    "Fortran": np.asfortranarray,
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
    "read-only": lambda x: _read_only(x.copy()),
}


def _read_only(x):
    """Return an array after it was locked."""
    x.flags.writeable = False
    return x


def edges(dtype):
    """Return the numbers of a dtype at which methods fail: both ends of the range, and around 1."""
    info = np.finfo(dtype)
    sizes = [0.0, info.smallest_subnormal, info.tiny, info.eps, 1.0, 1 + info.eps, info.max / 2,
             info.max, np.inf]
    return [dtype(sign * float(size)) for size in sizes for sign in (1, -1)] + [dtype(np.nan)]


def floats(dtype=np.float64, finite=False):
    """Draw numbers of a dtype of every kind: nan, inf, subnormal, largest, -0.0, and ordinary."""
    ends = [x for x in edges(dtype) if np.isfinite(x) or not finite]
    ordinary = st.floats(width=WIDTH[dtype], allow_nan=not finite, allow_infinity=not finite)
    moderate = st.floats(-100, 100, width=WIDTH[dtype])
    return st.one_of(st.sampled_from(ends), ordinary, moderate).map(dtype)


def arrays(shape, dtype=np.float64, finite=False):
    """Draw arrays of a shape, as a tuple of sizes, or strategies of sizes."""
    sizes = st.tuples(*(st.just(n) if isinstance(n, int) else n for n in shape))
    return sizes.flatmap(lambda shape: st.lists(
        floats(dtype, finite), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))
    ).map(lambda values: np.array(values, dtype=dtype).reshape(shape)))


def vectors(dtype=np.float64, finite=False, min_size=0, max_size=9):
    """Draw arrays of one dimension."""
    return arrays((st.integers(min_size, max_size),), dtype, finite)


def answer(call, *names):
    """Return [call()], or [] where it refuses in words that help; fail on any other exception.

    A refusal is raised by lib on purpose, as a TypeError, a ValueError or an OverflowError, names
    one of the arguments, and says after a colon or a semicolon what holds or what to do.
    """
    try:
        with np.errstate(all="ignore"):
            return [call()]
    except (TypeError, ValueError, OverflowError) as error:
        place, text = traceback.extract_tb(error.__traceback__)[-1], str(error)
        if not (Path(place.filename).is_relative_to(LIB) and place.line.startswith("raise")):
            raise
        assert re.search(rf"\b({'|'.join(names)})\b", text), f"names no argument: {text}"
        assert re.search(r"[:;] \S", text), f"names no remedy: {text}"
        return []


def same(a, b):
    """Return whether two results are equal bit for bit, where one nan is as good as another."""
    a, b = np.asarray(a), np.asarray(b)
    return (a.dtype, a.shape) == (b.dtype, b.shape) and bool(np.all(
        (a == b) & (np.signbit(a.real) == np.signbit(b.real)) | (a != a) & (b != b)))


def exact(x):
    """Return a finite number as a fraction."""
    return Fraction(*x.as_integer_ratio()) if hasattr(x, "as_integer_ratio") else Fraction(int(x))
