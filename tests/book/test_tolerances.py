"""A tolerance in a test is the one that it says."""

import ast

import pytest

from environment import ROOT

TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


def hidden_tolerances(source):
    """Return the lines of pytest.approx with rel alone: it adds abs=1e-12.

    A bound of 4e-16 would then equal anything below 1e-12.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("approx"):
            given = {keyword.arg for keyword in node.keywords}
            if len(node.args) < 3 and "abs" not in given and (len(node.args) > 1 or given):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_no_tolerance_is_hidden(path):
    found = hidden_tolerances(path.read_text(encoding="utf-8"))
    assert not found, f"lines {found}: pytest.approx adds abs=1e-12 to rel: write abs=0 beside it"


@pytest.mark.parametrize("call, hidden", [
    ("pytest.approx(x, rel=1e-9)", True), ("approx(x, 1e-9)", True), ("approx(x)", False),
    ("approx(x, rel=1e-9, abs=0)", False), ("approx(x, 1e-9, 0)", False),
    ("approx(x, abs=1e-9)", False)])
def test_a_hidden_tolerance_is_seen(call, hidden):
    assert bool(hidden_tolerances(f"assert y == {call}")) == hidden
