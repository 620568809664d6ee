"""A run draws what a plain call would, and leaves sources of random numbers and buffers alone."""

import io
import random
from array import array

import numpy as np
import pytest

from lib.digits import trace

GENERATOR = np.random.default_rng(3)
LEGACY = np.random.RandomState(3)
PYTHON = random.Random(3)
SYSTEM = random.SystemRandom()
DRAW, DRAW_PYTHON, DRAW_COMMON = GENERATOR.random, PYTHON.random, random.random
BYTES, NUMBERS, TEXT, FILE = bytearray(), array("d"), io.StringIO(), io.BytesIO()
LOG, COUNTS = [], {}
APPEND, COUNT = LOG.append, COUNTS.setdefault


def seeded():
    generator = np.random.default_rng(5)
    return lambda x: x * generator.random()


DRAWING = {
    "Generator": lambda x: x * GENERATOR.random(), "RandomState": lambda x: x * LEGACY.rand(),
    "Random": lambda x: x * PYTHON.random(), "its method": lambda x: x * DRAW(),
    "a built-in method": lambda x: x * DRAW_PYTHON(), "a closure": seeded(),
    "random": lambda x: x * random.random() * random.gauss(1, 1),
    "random by its method": lambda x: x * DRAW_COMMON(),
    "np.random": lambda x: x * np.random.rand(),  # noqa: NPY002
}


def states():
    """Return how all the sources stand."""
    return str((GENERATOR.bit_generator.state, LEGACY.get_state(), PYTHON.getstate(),
                random.getstate(), np.random.get_state()))  # noqa: NPY002


@pytest.mark.parametrize("name", DRAWING)
def test_a_trace_draws_what_a_call_draws_and_advances_nothing(name):
    before = states()
    traced = trace(DRAWING[name], 0.5)
    assert states() == before and not traced.note
    # Were nothing drawn, or not from the source itself, this would not be equal.
    assert traced.value == DRAWING[name](0.5) == traced.plain
    assert name == "a closure" or states() != before


def test_a_method_of_an_object_draws_without_advancing_it():
    class Layer:
        def __init__(self):
            self.source = random.Random(5)

        def noisy(self, x):
            return x * self.source.random()

    assert trace(Layer().noisy, 0.5).value == Layer().noisy(0.5)
    layer = Layer()
    trace(layer.noisy, 0.5)
    assert layer.noisy(0.5) == Layer().noisy(0.5)


def test_sources_are_put_back_where_f_raises_too():
    def failing(x):
        np.random.seed(5)  # noqa: NPY002
        raise IndexError(random.random())

    before = states()
    with pytest.raises(IndexError):
        trace(failing, 0.5)
    assert states() == before


def test_buffers_and_what_built_in_methods_write_to_stay_as_they_were():
    def writes(x):
        BYTES.append(1)
        NUMBERS.append(1.0)
        TEXT.write("1")
        FILE.write(b"1")
        APPEND(1)
        COUNT("1", 1)
        lengths = len(BYTES), len(NUMBERS), len(TEXT.getvalue()), len(FILE.getvalue()), len(LOG)
        return x * sum(lengths) * len(COUNTS)

    traced = trace(writes, 0.5)
    assert traced.value == traced.plain == 2.5 and not traced.note
    assert not (BYTES or NUMBERS or TEXT.getvalue() or FILE.getvalue() or LOG or COUNTS)


def test_the_source_of_the_system_has_no_state_to_keep():
    assert trace(lambda x: x * (SYSTEM.random() < 2), 0.5).value == 0.5
