"""What the tests of the tracer share: 100 digits, and the definition of digits left."""

import math

import mpmath
import pytest


@pytest.fixture(autouse=True)
def precise():
    """Let mpmath work in 100 digits."""
    with mpmath.workdps(100):
        yield


@pytest.fixture
def digits_left():
    """Return the definition of digits left, in mpmath throughout."""
    def definition(v, r):
        if r == 0:
            return 16.0 if v == 0 else 0.0
        error = abs((mpmath.mpf(v) - r) / r)
        return 16.0 if error == 0 else float(min(16, max(0, -mpmath.log10(error))))

    return definition


@pytest.fixture
def line_of():
    """Return a function that finds the line of a trace whose source holds a text."""
    def find(result, text):
        (line,) = [line for line in result.lines if text in line.source]
        return line

    return find


@pytest.fixture
def refusal_of_sqrt():
    """Return a function: the words with which this Python's math.sqrt refuses a number."""
    def words(number):
        with pytest.raises(ValueError) as refused:
            math.sqrt(number)
        return str(refused.value)

    return words
