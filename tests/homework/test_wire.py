"""Values cross the wire unchanged, and nothing else crosses it."""

import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from homework import wire
from homework.wire import HEAD, WireError, pack, unpack

VALUES = [None, True, 3, -2**60, 10**400, 0.1, -0.0, math.inf, -math.inf, "ä\n", [], (1, [2.0]),
          {"a": 1, 2: (3,)}, ..., 1 + 2j, Fraction(1, 3), Decimal("1e-30"),
          np.float32(0.1), np.int64(7), np.bool_(True)]
ARRAYS = [np.arange(6.0).reshape(2, 3), np.zeros((0, 3)), np.array(2.5), np.ones(3, ">f8"),
          np.ones((2, 2), np.float16), np.arange(3) + 1j, np.array([True, False]),
          np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(10)[::3]]


def there_and_back(value, **options):
    """Return what a value is on the other side."""
    frame = pack(value)
    size, extent = HEAD.unpack(frame[:HEAD.size])
    text = frame[HEAD.size:HEAD.size + size]
    assert len(frame) == HEAD.size + size + extent
    return unpack(text, frame[HEAD.size + size:], **options)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value):
    found = there_and_back(value)
    assert found == value and type(found) is type(value)
    assert repr(found) == repr(value)


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype} {array.shape}")
def test_an_array_comes_back_with_dtype_shape_and_bits(array):
    found = there_and_back([array])[0]
    assert found.dtype == array.dtype and found.shape == array.shape
    assert np.array_equal(found, array) and found.flags.writeable and found.base is None


def test_nan_and_arrays_of_whole_numbers_of_any_size():
    assert math.isnan(there_and_back(math.nan))
    objects = np.array([[10**30, Fraction(1, 2)]], dtype=object)
    found = there_and_back(objects)
    assert found.dtype == object and found.tolist() == objects.tolist()


@pytest.mark.parametrize("value, word", [
    (object(), "a object"), ({1, 2}, "a set"), (len, "a builtin"),
    (np.ones((1, 1)).view(np.matrix), "a matrix"), (np.ma.ones(2), "a MaskedArray"),
    (np.zeros(2, "V4"), "dtype |V4"),
    (np.array(["2020"], "datetime64"), "datetime64")])
def test_what_cannot_be_carried_is_named(value, word):
    with pytest.raises(TypeError, match="cannot be handed over") as caught:
        pack(value)
    assert word in str(caught.value)


def test_a_frame_has_a_limit(monkeypatch):
    monkeypatch.setattr(wire, "BYTES", 100)
    with pytest.raises(ValueError, match="too large to carry"):
        pack(np.zeros(100))


FORGED = [
    {"t": "array", "d": "<f8", "s": [10], "n": 8}, {"t": "array", "d": "<f8", "s": [2**39], "n": 8},
    {"t": "array", "d": "O", "s": [1], "n": 8}, {"t": "array", "d": "V8", "s": [1], "n": 8},
    {"t": "array", "d": "<f8", "s": [-1], "n": 8}, {"t": "array", "d": "<f8", "s": [1], "n": 16},
    {"t": "array", "d": "<f8", "s": [1.0], "n": 8}, {"t": "array", "d": "f8,f8", "s": [1], "n": 16},
    {"t": "array", "d": "__import__('os')", "s": [1], "n": 8}, {"t": "nothing"}, {"v": 1},
    {"t": "int", "v": "f" * 10**6}, {"t": "int", "v": 7}, {"t": "fraction", "v": ["0x1", "0x0"]},
    {"t": "fraction", "v": ["0x1"]}, {"t": "decimal", "v": "1e999999"}, {"t": "float", "v": "1"},
    {"t": "decimal", "v": "9" * 10**5}, {"t": "dict", "v": [[[1], 2]]}, {"t": "dict", "v": [1]},
    {"t": "function", "v": {"mine": 0, "name": "f"}}, {"t": "complex", "v": [1, 2, 3]},
    {"t": "objects", "s": [10**6], "v": [1]}, {"t": "tuple", "v": 3}, 2**80,
]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: str(forged)[:50])
def test_a_forged_message_is_refused(forged):
    with pytest.raises(WireError):
        unpack(json.dumps(forged), bytes(16))


@pytest.mark.parametrize("text", [
    b"", b"{", b"\xff", b"[" * 10**6, b"1" * 10**6, b"[" + b"1," * 300_000 + b"1]",
    b"[" * 50 + b"]" * 50])
def test_what_is_no_message_is_refused(text):
    with pytest.raises(WireError):
        unpack(text, b"")
