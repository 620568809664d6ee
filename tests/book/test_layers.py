"""lib stays small and layered: rooms with one door each, imports that point down, short modules."""

import ast
import graphlib
import io
import sys
import tokenize
from pathlib import Path

import pytest

import chapter

ROOT = Path(__file__).resolve().parents[2]
# The law of layers: numbers < linear < gradients, calculus; problems and digits use numbers only;
# grade uses all of these, and so do its exercises and its problem sets, a module for each chapter,
# to which their packages are the doors; page is used by chapters alone.
ROOMS = {
    "numbers": set(),
    "linear": {"numbers"},
    "gradients": {"numbers", "linear"},
    "calculus": {"numbers", "linear"},
    "problems": {"numbers"},
    "digits": {"numbers"},
    "grade": {"numbers", "linear", "gradients", "calculus", "problems", "digits"},
    "page": set(),
}
THIRD_PARTY = {
    "page/explore": {"IPython"},
    "page/places": {"matplotlib"},
    "page/shapes": {"matplotlib"},
    "page/stage": {"matplotlib"},
    "page/live": {"ipywidgets"},
    "page/figures": {"matplotlib", "matplotlib_inline"},
    "problems/matrices": {"scipy.sparse"},
    "digits/exact": {"mpmath"},
}
# What the browser cannot run, or what would make a lesson depend on the machine.
BANNED = {"threading", "multiprocessing", "concurrent", "subprocess", "ctypes", "socket", "urllib",
          "http", "requests", "tempfile", "pickle"}
# What may call np.linalg: matrices with known answers, measurements, and the rules that give its
# functions a derivative.
LINALG = {"problems/matrices", "numbers/measure", "gradients/solutions",
          "gradients/decompositions"}


def place(path):
    """Return a file's place in lib, such as "linear/systems"; a door's is its room's name."""
    name = path.relative_to(ROOT / "lib").with_suffix("").as_posix()
    return name.removesuffix("/__init__")


MODULES = {place(path): path.read_text(encoding="utf-8")
           for pattern in ("*/*.py", "grade/exercises/*.py", "grade/homework/*.py",
                           "grade/certify/*.py")
           for path in sorted((ROOT / "lib").glob(pattern))}
JUDGES = ("grade/exercises/", "grade/homework/")  # a module for each chapter, for each set
TOPICS = {folder.split("/")[1]: {name.rpartition("/")[2] for name in MODULES
                                 if name.startswith(folder)} for folder in JUDGES}
# A room in a room: certify has a door of its own, and so many modules that a folder keeps them.
INNER = "grade/certify"
DOORS = {room: {alias.name for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.ImportFrom) for alias in node.names}
         for room, source in MODULES.items() if "/" not in room or room == INNER}


def names_imported(source):
    """Return the dotted names that a module imports, wherever it does so."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def wrong_imports(name, source):
    """Return the imports that a module of lib may not have."""
    room, wrong = name.partition("/")[0], []
    for imported in sorted(names_imported(source)):
        top, *rest = imported.split(".")
        allowed = THIRD_PARTY.get(name, set()) | {"numpy"}
        if top == "lib":
            if rest[0] == room:
                continue
            if rest[0] not in ROOMS[room]:
                wrong.append(f"{room} may not use {rest[0]}")
            elif not through_door(imported):
                wrong.append(f"{imported} is not imported from the door lib.{rest[0]}")
        elif top in BANNED:
            wrong.append(f"{top} cannot run in the browser, or depends on the machine")
        elif top not in sys.stdlib_module_names and not any(
                imported == one or imported.startswith(one + ".") for one in allowed):
            wrong.append(f"{imported} may not be imported by lib/{name}")
    return wrong


def through_door(imported):
    """Return whether lib.room or lib.room.name is what a door gives, and nothing behind it."""
    _, room, *rest = imported.split(".")
    if room == "grade" and rest[:1] and rest[0] in TOPICS:
        return len(rest) == 2 and rest[1] in TOPICS[rest[0]]
    if len(rest) == 2 and f"{room}/{rest[0]}" == INNER:
        return rest[1] in DOORS[INNER]
    return room in DOORS and (not rest or (len(rest) == 1 and rest[0] in DOORS[room]))


def neighbours(name, source):
    """Return the modules of its own room that a module imports."""
    found = set()
    for imported in names_imported(source):
        parts = imported.split(".")
        if parts[:2] == ["lib", name.partition("/")[0]] and len(parts) > 2:
            found |= {"/".join(parts[1:end]) for end in (3, 4)}
    return (found & MODULES.keys()) - {INNER}


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


@pytest.mark.parametrize("name", [name for name in MODULES if "/" in name])
def test_tests_mirror_the_package(name):
    room, *modules = name.split("/")
    if name.startswith("grade/homework/"):  # tests/grade/test_homework_sets.py reads them all
        assert (ROOT / "tests" / "grade" / "wrong" / f"{modules[1]}.py").exists()
        return
    module = "_".join(modules)
    assert list((ROOT / "tests" / room).glob(f"test_{module}*.py"))


def test_the_rooms_are_those_of_the_law():
    assert set(DOORS) - {INNER} <= set(ROOMS)
    assert {path.name for path in (ROOT / "lib").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_the_command_goes_through_doors_and_is_short():
    source = (ROOT / "lib" / "__main__.py").read_text(encoding="utf-8")
    ours = {name for name in names_imported(source) if name.split(".")[0] == "lib"}
    others = {name.split(".")[0] for name in names_imported(source)} - {"lib", "numpy"}
    assert ours and all(map(through_door, ours)) and others <= sys.stdlib_module_names - BANNED
    assert len(code_lines(source)) <= 150 and not long_functions(source)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down_and_go_through_doors(name):
    assert not wrong_imports(name, MODULES[name])


def test_no_room_turns_in_a_circle():
    inside = {name: neighbours(name, source) for name, source in MODULES.items()
              if "/" in name and name != INNER}
    assert len(list(graphlib.TopologicalSorter(inside).static_order())) == len(inside)


@pytest.mark.parametrize("room", DOORS)
def test_a_door_says_what_it_gives_and_nothing_else(room):
    tree = ast.parse(MODULES[room])
    listed = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    assert set(ast.literal_eval(listed[0])) == DOORS[room]
    assert all(isinstance(node, ast.ImportFrom | ast.Assign | ast.Expr) for node in tree.body)


@pytest.mark.parametrize("path", chapter.paths(), ids=lambda path: path.stem)
def test_chapters_import_from_doors(path):
    setup = "\n".join(cell.source for cell in chapter.read(path).of("setup"))
    ours = {name for name in names_imported(setup) if name.split(".")[0] == "lib"}
    assert ours and not [name for name in ours if not through_door(name)]


def longest(name):
    """Return how many lines of code a module may have.

    A chapter has five to eight checks, and each hard case, each mistake with a name of its own, is
    a line or more: who had to squeeze them into fewer left cases out.
    """
    return 270 if name.startswith(JUDGES) else 150


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_are_short(name):
    assert len(code_lines(MODULES[name])) <= longest(name)
    assert not long_functions(MODULES[name])


@pytest.mark.parametrize("name", MODULES)
def test_only_measurements_and_problems_call_linalg(name):
    used = [node.lineno for node in ast.walk(ast.parse(MODULES[name]))
            if isinstance(node, ast.Attribute) and node.attr == "linalg"]
    # A check may judge a routine of lib by another one than lib's own.
    assert name in LINALG or name.startswith(JUDGES) or not used


@pytest.mark.parametrize("name", MODULES)
def test_every_module_and_public_function_says_what_it_is(name):
    # A decorator with arguments says it for its function, as in a table.
    tree = ast.parse(MODULES[name])
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
              and not node.name.startswith("_")
              and (isinstance(node, ast.ClassDef) or not node.decorator_list)]
    assert ast.get_docstring(tree)
    assert not [node.name for node in public if not ast.get_docstring(node)]


@pytest.mark.parametrize("name, source", [
    ("numbers/sums", "from lib.linear import solve"),
    ("numbers/sums", "import scipy.linalg"),
    ("linear/systems", "from lib.numbers.measure import residual"),
    ("linear/systems", "from lib import problems"),
    ("problems/sums", "from lib import linear"),
    ("problems/datasets", "import scipy.linalg"),
    ("page/figures", "import threading"),
    ("numbers/measure", "import pandas as pd"),
    ("linear/krylov", "from lib.page import figures"),
    ("digits/code", "def f():\n    from lib import page"),
])
def test_a_wrong_import_is_told(name, source):
    assert wrong_imports(name, source)


def test_an_import_past_a_door_is_told():
    assert through_door("lib.linear") and through_door("lib.linear.solve")
    assert not through_door("lib.linear.systems") and not through_door("lib.linear.systems.solve")
    assert through_door("lib.grade.exercises.floating_point")
    for behind in ("exercises", "exercises.no_chapter", "exercises.floating_point.check_clock"):
        assert not through_door(f"lib.grade.{behind}")


def test_a_circle_is_told():
    circle = {"a": neighbours("linear/systems", "from lib.linear.estimate import x")}
    assert circle == {"a": {"linear/estimate"}}
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).static_order())


def test_a_long_function_is_told():
    body = "\n".join(f"    x = {number}" for number in range(20))
    assert long_functions(f"def f():\n{body}\n")
    assert not long_functions(f"def f():\n    # Twenty steps of one recipe.\n{body}\n")
    assert long_functions(f"def f():\n    # Twenty steps of one recipe.\n{body}\n{body}\n")
