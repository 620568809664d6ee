"""The source of lib functions, displayed."""

import inspect

import pytest

from lib.page import source


def sample(x):
    """Return x."""
    return x  # as it is


def test_a_source_is_whole_and_ends_without_a_blank_line():
    assert repr(source(sample)) == inspect.getsource(sample).rstrip("\n")
    assert repr(source(sample)).startswith("def sample(x):")
    assert repr(source(sample)).endswith("# as it is")


def test_a_source_is_shown_as_python():
    assert source(sample)._repr_markdown_() == f"```python\n{source(sample)!r}\n```"


@pytest.mark.parametrize("thing", [len, 3, "sample"])
def test_what_has_no_source_is_named(thing):
    with pytest.raises(TypeError, match="has no Python source: give a function of lib"):
        source(thing)
