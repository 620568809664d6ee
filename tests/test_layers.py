"""lib stays small and layered: imports point down, modules and functions fit on few pages."""

import ast
import io
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# An import points down, and within a row from left to right.
LAYERS = """
explore _pieces figures show grade report
descent krylov svd components filters jacobi network odes
factor systems estimate elimination orthogonal triangular interpolation autodiff quadrature
digits problems matrices datasets measure stable sums
arguments formats
"""
PLACES = {name: (row, column) for row, line in enumerate(LAYERS.split("\n"))
          for column, name in enumerate(line.split())}
# Parts of one module in files of their own, named by how they begin.
PARTS = {"_trace": "digits", "_pieces": "explore"}
THIRD_PARTY = {
    "explore": {"matplotlib", "IPython", "ipywidgets"},
    "figures": {"matplotlib", "matplotlib_inline"},
    "matrices": {"scipy.sparse"},
    "digits": {"mpmath"},
}
# What the browser cannot run, or what would make a lesson depend on the machine.
BANNED = {"threading", "multiprocessing", "concurrent", "subprocess", "ctypes", "socket", "urllib",
          "http", "requests", "tempfile", "pickle"}
LINALG = {"matrices", "measure"}
LONG_MODULES = {"digits", "explore"}
MODULES = sorted((ROOT / "lib").glob("*.py"))


def names_imported(tree):
    """Return the dotted names of all modules that a module imports, wherever it does so."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def wrong_imports(name, source):
    """Return the imports that a module of lib may not have."""
    wrong = []
    for imported in sorted(names_imported(ast.parse(source))):
        top, _, rest = imported.partition(".")
        allowed = THIRD_PARTY.get(whole(name), set()) | {"numpy"}
        if top == "lib":
            other = rest.split(".")[0]
            if not points_down(name, other):
                wrong.append(f"lib.{other} does not lie below or right of lib.{name}")
        elif top in BANNED:
            wrong.append(f"{top} cannot run in the browser, or depends on the machine")
        elif top not in sys.stdlib_module_names and not any(
                imported == one or imported.startswith(one + ".") for one in allowed):
            wrong.append(f"{imported} may not be imported by lib.{name}")
    return wrong


def whole(name):
    """Return the module that a file belongs to: itself, unless it is a part of another."""
    return next((owner for part, owner in PARTS.items() if name.startswith(part)), name)


def points_down(name, other):
    """Return whether an import of lib.other by lib.name points down or right, or stays inside."""
    if other.startswith("_") or whole(name) == whole(other):
        return whole(name) == whole(other)
    name = whole(name)
    if name not in PLACES or other not in PLACES:
        return False
    (row, column), (other_row, other_column) = PLACES[name], PLACES[other]
    return other_row > row or (other_row == row and other_column > column)


def code_lines(source):
    """Return the numbers of the lines that hold code: no docstring, no comment, no blank."""
    lines = set()
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
               tokenize.ENDMARKER)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def long_functions(source):
    """Return the functions of more than 25 lines, or of more than 15 without a comment."""
    code = code_lines(source)
    comments = {token.start[0] for token in tokenize.generate_tokens(io.StringIO(source).readline)
                if token.type == tokenize.COMMENT}
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        inside = set(range(node.lineno, node.end_lineno + 1))
        length = len(code & set(range(node.body[0].lineno, node.end_lineno + 1)))
        if length > 25 or (length > 15 and not comments & inside):
            found.append(f"{node.name} has {length} lines")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_point_down(path):
    if path.stem != "__init__":
        assert whole(path.stem) in PLACES, f"give {path.stem} a place in LAYERS, or in PARTS"
        assert not wrong_imports(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_modules_and_functions_are_short(path):
    source = path.read_text(encoding="utf-8")
    assert len(code_lines(source)) <= (300 if path.stem in LONG_MODULES else 150)
    assert not long_functions(source)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_only_measurements_and_problems_call_linalg(path):
    used = [node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr == "linalg"]
    norms_only = path.stem in ("factor", "svd", "krylov")
    assert path.stem in LINALG or norms_only or not used


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_and_public_function_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
              and not node.name.startswith("_")]
    assert ast.get_docstring(tree)
    assert not [node.name for node in public if not ast.get_docstring(node)]


@pytest.mark.parametrize("name, source", [
    ("formats", "from lib.sums import two_sum"),
    ("sums", "from lib import stable"),
    ("sums", "import scipy.linalg"),
    ("problems", "import scipy.linalg"),
    ("explore", "import threading"),
    ("measure", "import pandas as pd"),
    ("measure", "from lib._trace_code import Source"),
    ("_trace_code", "from lib import explore"),
])
def test_a_wrong_import_is_told(name, source):
    assert wrong_imports(name, source)


def test_a_long_function_is_told():
    body = "\n".join(f"    x = {number}" for number in range(20))
    assert long_functions(f"def f():\n{body}\n")
    assert not long_functions(f"def f():\n    # Twenty steps of one recipe.\n{body}\n")
    assert long_functions(f"def f():\n    # Twenty steps of one recipe.\n{body}\n{body}\n")
