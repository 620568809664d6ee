"""The instructor's side keeps the measure of lib: short modules, short functions, docstrings."""

import ast

import pytest

from environment import ROOT
from tests.book.test_layers import code_lines, long_functions

MODULES = {path.stem: path.read_text(encoding="utf-8")
           for path in sorted((ROOT / "homework").glob("*.py"))}
INSIDE = ("plain", "wire", "peer", "calls", "lenient", "capture", "hushed", "runner")


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_are_short_and_say_what_they_are(name):
    assert len(code_lines(MODULES[name])) <= 150
    assert not [found for found in long_functions(MODULES[name]) if int(found.split()[-2]) > 25]
    tree = ast.parse(MODULES[name])
    assert ast.get_docstring(tree)
    assert not [node.name for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node)]


@pytest.mark.parametrize("name", INSIDE)
def test_what_runs_in_the_sandbox_needs_nothing_that_is_not_there(name):
    from homework import sandbox

    assert f"{name}.py" in sandbox.INSIDE
    ours = {node.module for node in ast.walk(ast.parse(MODULES[name]))
            if isinstance(node, ast.ImportFrom) and node.module.startswith("homework")}
    assert ours <= {f"homework.{other}" for other in INSIDE}
