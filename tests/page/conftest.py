"""What the tests of figures share."""

import sys

import pytest

from lib.page import explore
from tests.page.drawings import line


@pytest.fixture
def shown(monkeypatch):
    """Return a function that explores without displaying and returns what would be displayed."""
    def show(draw=line, static=True, alt="A line.", **options):
        seen = []
        monkeypatch.setenv("EXPLORE_STATIC", str(int(static)))
        monkeypatch.setattr(sys.modules["lib.page.explore"], "display", seen.append)
        assert explore(draw, alt=alt, **options) is None
        return seen[0]
    return show
