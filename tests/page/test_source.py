"""The source of lib functions, displayed."""

import pytest

from lib.numbers import whole_number
from lib.page import source


def _same(*values):
    return values


def _checked(function):
    return function


@_checked
def sample(x, y):
    """Return x.

    Whatever it is.
    """
    x, y = _same(x, y)
    whole_number(x, "x")

    def inner():
        """Say nothing."""
        return _same(y)  # as it is
    x = _same(y)
    return x, inner


class Sample:
    """Two things."""

    size = 2


def test_a_source_leaves_out_docstrings_and_checks_of_arguments_and_nothing_else():
    assert repr(source(sample)) == """\
def sample(x, y):
    def inner():
        return _same(y)  # as it is
    x = _same(y)
    return x, inner"""
    assert repr(source(Sample)) == "class Sample:\n    size = 2"


def test_what_is_shown_works_without_what_was_left_out():
    namespace = {}
    exec(repr(source(source.__repr__)), namespace)
    assert namespace["__repr__"](source(sample)) == repr(source(sample))


def test_a_source_is_shown_as_python():
    assert source(sample)._repr_markdown_() == f"```python\n{source(sample)!r}\n```"


@pytest.mark.parametrize("thing", [len, 3, "sample"])
def test_what_has_no_source_is_named(thing):
    with pytest.raises(TypeError, match="has no Python source: give a function of lib"):
        source(thing)
