"""Carry values and calls between the grader and a sandbox, as JSON and plain bytes.

Both sides run this module, and neither trusts the other: nothing is unpickled or evaluated, numbers
of array elements are checked against the bytes that came, every size has a limit. A frame is two
lengths, a JSON text and the bytes of its arrays.
"""

import json
import math
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np

HEAD = struct.Struct(">II")
TEXT, BYTES = 16 * 2**20, 64 * 2**20  # the most of a frame
DEEP, MANY, BITS = 20, 200_000, 100_000  # nesting, parts of a frame, bits of a whole number
ELEMENTS = 2**25  # of all arrays of a frame


class WireError(Exception):
    """What came is not what this module sends, or larger than it may be."""


def pack(message, export=None):
    """Return a message of plain values, arrays and functions as one frame.

    Parameters
    ----------
    message : object
        Numbers, texts, arrays, and lists, tuples and dicts of these; functions where there is an
        export.
    export : callable, optional
        ``export(function)`` is what stands for a function, a dict of plain values.

    Raises
    ------
    TypeError
        Where a value cannot be carried; the message names its type and what can be.
    ValueError
        If the frame is too large.
    """
    blobs = []
    text = json.dumps(_encoded(message, blobs, export, 0)).encode()
    size = sum(map(len, blobs))
    if len(text) > TEXT or size > BYTES:
        raise ValueError(f"a value of {(len(text) + size) / 2**20:.0f} MiB is too large to carry")
    return b"".join([HEAD.pack(len(text), size), text, *blobs])


def unpack(text, data, admit=None):
    """Return the message of a frame; ``admit(reference)`` is what stands for a function."""
    try:
        return _decoded(json.loads(text), memoryview(data), admit, [MANY, 0, ELEMENTS], 0)
    except WireError:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError,
            ArithmeticError) as problem:
        raise WireError(f"what came cannot be read: {type(problem).__name__}") from None


def _encoded(value, blobs, export, depth):
    """Return a value in JSON's terms, and put the bytes of its arrays into blobs."""
    if depth > DEEP:
        raise TypeError(f"lists are nested in more than {DEEP} levels")
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
    if kind is int:
        return value if abs(value) < 2**53 else {"t": "int", "v": hex(value)}
    if kind in (list, tuple):
        inside = [_encoded(item, blobs, export, depth + 1) for item in value]
        return inside if kind is list else {"t": "tuple", "v": inside}
    if isinstance(value, np.ndarray):
        return _array(value, blobs, export, depth)
    return _other(value, blobs, export, depth)


def _other(value, blobs, export, depth):
    """Return one of the rarer values in JSON's terms."""
    if value is Ellipsis:
        return {"t": "ellipsis"}
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return {**_array(np.asarray(value), blobs, export, depth), "t": "scalar"}
    for kind, plain in ((str, str), (bool, bool), (int, int), (float, float), (list, list),
                        (tuple, tuple)):
        if isinstance(value, kind) and type(value) is not kind:
            return _encoded(plain(value), blobs, export, depth + 1)
    if isinstance(value, complex):
        return {"t": "complex", "v": [_encoded(part, blobs, export, depth + 1)
                                      for part in (value.real, value.imag)]}
    if isinstance(value, Fraction):
        return {"t": "fraction", "v": [hex(value.numerator), hex(value.denominator)]}
    if isinstance(value, Decimal):
        return {"t": "decimal", "v": str(value)}
    if isinstance(value, dict):
        return {"t": "dict", "v": [[_encoded(part, blobs, export, depth + 1) for part in pair]
                                   for pair in value.items()]}
    if callable(value) and export:
        return {"t": "function", "v": export(value)}
    raise TypeError(f"a {type(value).__name__} cannot be handed over: give arrays, numbers, texts, "
                    "or lists, tuples and dicts of these")


def _array(value, blobs, export, depth):
    """Return the description of an array whose plain bytes go into blobs."""
    if isinstance(value, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"a {type(value).__name__} cannot be handed over: give a plain array")
    if value.nbytes > BYTES:
        raise ValueError(f"an array of {value.nbytes / 2**20:.0f} MiB is too large to carry")
    if bulk(value.shape) > (ELEMENTS if value.size else MANY):
        raise ValueError(f"an array of shape {value.shape} is too large to carry")
    plain = np.array(value, copy=True, order="C", subok=False)
    if plain.dtype.kind in "biufc":
        blobs.append(plain.tobytes())
        return {"t": "array", "d": plain.dtype.str, "s": list(plain.shape), "n": len(blobs[-1])}
    if plain.dtype.kind in "OU":
        return {"t": "objects", "s": list(plain.shape), "v": [
            _encoded(item, blobs, export, depth + 1) for item in plain.ravel().tolist()]}
    raise TypeError(f"an array of dtype {plain.dtype} cannot be handed over: give numbers")


def _decoded(value, data, admit, left, depth):
    """Return the value that JSON's terms stand for; take the bytes of arrays from data in order."""
    left[0] -= 1
    if left[0] < 0 or depth > 2 * DEEP:
        raise WireError("what came has too many parts")
    if isinstance(value, list):
        return [_decoded(item, data, admit, left, depth + 1) for item in value]
    if not isinstance(value, dict):
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
            raise WireError("a whole number came in digits")
        # Half a character, which no file and no terminal takes, ends here.
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
    kind, inside = value["t"], value.get("v")
    if kind in ("array", "scalar"):
        return _numbers(value, data, left)
    if kind == "function":
        if admit is None or not isinstance(inside, dict):
            raise WireError("a function came where none may")
        return admit(inside)
    if kind in READ:
        return READ[kind](inside)
    parts = _decoded(inside, data, admit, left, depth + 1)
    if kind == "objects":
        filled = np.empty(len(parts), dtype=object)
        for k, part in enumerate(parts):
            filled[k] = part
        return filled.reshape(_admitted(value["s"], left))
    return {"tuple": tuple, "dict": dict, "complex": lambda pair: complex(*pair)}[kind](parts)


def _numbers(value, data, left):
    """Return an array or a scalar from the next of the bytes, if they are as many as it needs."""
    dtype, shape, size = np.dtype(str(value["d"])), _admitted(value["s"], left), value["n"]
    start = left[1]
    if dtype.kind not in "biufc" or type(size) is not int:
        raise WireError(f"an array of dtype {str(dtype)[:20]} came")
    if math.prod(shape) * dtype.itemsize != size or start + size > len(data):
        raise WireError("an array came with another number of bytes than its shape says")
    left[1] = start + size
    array = np.frombuffer(data[start:start + size], dtype).reshape(shape).copy()
    return array if value["t"] == "array" else array[()]


def bulk(shape):
    """Return how many elements a shape has, or empty rows where it has none."""
    return math.prod(max(n, 1) for n in shape)


def _admitted(shape, left):
    """Return a shape that is one, and take its elements off what is left of them.

    Rows without elements have no bytes, and are parts nevertheless to whoever takes them one by
    one.
    """
    if not isinstance(shape, list) or len(shape) > 32 or not all(
            type(n) is int and 0 <= n < 2**40 for n in shape):
        raise WireError("an array came without a shape")
    left[2 if all(shape) else 0] -= bulk(shape)
    if min(left[0], left[2]) < 0:
        raise WireError("an array came with too many elements")
    return shape


def _whole(text):
    """Return a whole number from its hexadecimal digits."""
    if not isinstance(text, str) or len(text) > BITS // 4:
        raise WireError("a whole number of too many digits came")
    return int(text, 16)


def _decimal(text):
    """Return a Decimal of a size that arithmetic can bear."""
    if not isinstance(text, str) or len(text) > 1000:
        raise WireError("a Decimal of too many digits came")
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > 10_000:
        raise WireError("a Decimal beyond all measure came")
    return number


READ = {
    "float": lambda text: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text],
    "int": _whole,
    "ellipsis": lambda _: ...,
    "fraction": lambda pair: Fraction(_whole(pair[0]), _whole(pair[1])),
    "decimal": _decimal,
}
