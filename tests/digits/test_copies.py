"""Any Python function is followed, and nothing but copies of it changes."""

import functools
import math
import re

import numpy as np
import pytest

from lib.digits import trace


class Model:
    """An object with state, whose methods call each other."""

    def __init__(self, weight):
        self.weight, self.calls = weight, 0

    def score(self, x):
        """Add up."""
        self.calls += 1
        return self.weight * self._link(x)

    def _link(self, x):
        return 1 - math.cos(x)


def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return 2 * function(*args)

    return wrapper


@twice
def decorated(x):
    return 1 - math.cos(x)


@functools.lru_cache
def cached(x):
    return 1 - math.cos(x)


def recursive(x, n=3):
    return 1 - math.cos(x) if n == 0 else recursive(x, n - 1)


def nested(x):
    from math import cos

    def inner(y):
        return one - cos(y)

    one = 1
    return inner(x)


def with_import(x):
    import math as m
    return 1 - m.cos(x)


def counter():
    calls = 0

    def count(x):
        nonlocal calls
        calls += 1
        return 1 - math.cos(x), calls

    return count


CALLS = {"total": 0}
TOTAL = 0


def uses_global(x):
    global TOTAL
    TOTAL += 1
    return 1 - math.cos(x)


@pytest.mark.parametrize("f", [
    decorated, cached, recursive, nested, with_import, uses_global, Model(1.0).score,
    functools.partial(recursive, n=1), counter(), lambda x: 1 - math.cos(x),
    lambda x, f=math.cos: 1 - f(x),
], ids=lambda f: getattr(f, "__qualname__", "partial"))  # fmt: skip
def test_every_kind_of_function_is_followed(f):
    result = trace(f, 1e-5)
    assert 6 < result.digits < 8
    assert result.shows.operation == "subtraction" and result.cause.operation == "cos"
    number = re.search(r"\d+", str(result.cause))[0]
    assert f"{number}  " in repr(result)


def test_nothing_but_the_copies_changes():
    model, count, x = Model(2.0), counter(), np.array([1.0, 2.0])
    before = uses_global.__globals__["TOTAL"], math.cos, math
    trace(uses_global, 0.1)
    trace(model.score, 0.1)
    trace(count, 0.1)
    trace(operator_in_place, x)
    assert before == (uses_global.__globals__["TOTAL"], math.cos, math)
    assert vars(model) == {"weight": 2.0, "calls": 0}
    assert count(0.1)[1] == 1
    assert x.tolist() == [1, 2]


def operator_in_place(x):
    x += x
    x[0] = 7
    return x


def test_the_last_value_of_an_interpreter_may_be_a_function_of_yours(monkeypatch):
    monkeypatch.setattr("builtins._", lambda x: np.sqrt(x), raising=False)
    assert trace(lambda x: x * 2, 0.5).value == 1.0


def test_a_function_of_yours_among_the_builtins_is_followed(monkeypatch):
    monkeypatch.setattr("builtins.shifted", lambda x: (x + 1e16) - 1e16, raising=False)
    found = trace(lambda x: shifted(x), 1.0)  # noqa: F821  as a profiler puts one there
    assert (found.value, found.exact) == (0.0, 1)
