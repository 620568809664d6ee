"""Every figure of the book shows what was noted of it (tests/book/test_drawn.py breaks some)."""

import json

import pytest

import drawn

pytestmark = pytest.mark.browser  # which comes after the build


def test_figures_show_what_was_noted():
    noted = json.loads(drawn.NOTED.read_text(encoding="utf-8"))
    told = drawn.faults(drawn.all_shown(), noted)
    assert not told, "look at them, then: python tools/author/drawn.py note\n" + "\n".join(told)
