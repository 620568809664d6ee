"""The judge's own way to the right value is no answer: where students' code runs, it is not there.

Each of the 41 answers asks first, by every road that we know, for a private function of its judges;
where it has found one it answers as the master does, and where not it answers nothing.
"""

import ast
import inspect
import os
import sys
from pathlib import Path

import pytest

from homework import sandbox, silent
from homework.judging import graded
from homework.limits import Limits
from homework.notebooks import read, text_of, written
from homework.problems import checks_of, problems_of, release_of
from homework.running import Run
from tests.homework import leaks, small
from tests.homework.test_references import solved

ROADS = '''
import gc, glob, importlib, importlib.util, inspect, os, pathlib

def texts(places):
    for place in places:
        for folder, _, names in os.walk(place):
            for name in names:
                if name.endswith((".py", ".pyc")):
                    try:
                        yield pathlib.Path(folder, name).read_bytes()
                    except OSError:
                        pass

def by_module(judges, name):
    return getattr(judges, name)

def by_import(judges, name):
    scope = {}
    exec(f"from {judges.__name__} import {name} as found", scope)
    return scope["found"]

def by_importlib(judges, name):
    importlib.reload(judges)
    return getattr(importlib.import_module(judges.__name__), "".join(reversed(name[::-1])))

def by_star(judges, name):
    return vars(judges)[name]

def by_file(judges, name):
    return bytes(f"def {name}(", "ascii") in pathlib.Path(judges.__file__).read_bytes() or 1 / 0

def by_source(judges, name):
    return f"def {name}(" in inspect.getsource(judges) or 1 / 0

def by_spec(judges, name):
    for path in glob.glob(os.path.join(os.path.dirname(judges.__file__), "**", "*.py*"),
                          recursive=True):
        spec = importlib.util.spec_from_file_location("again", path)
        again = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(again)
        if hasattr(again, name):
            return True
    raise LookupError

def by_memory(judges, name):
    return next(one for one in gc.get_objects() if type(one).__name__ == "function"
                and (one.__module__, one.__qualname__) == (judges.__name__, name))

def by_closure(judges, name):
    check = next(vars(judges)[one] for one in dir(judges) if one.startswith("check_"))
    return check.__wrapped__.__globals__[name]

def by_walk(judges, name):
    return any(mark in text for text in texts(PLACES) for mark in MARKS) or 1 / 0

def reach(judges, names):
    found = []
    for road in (by_module, by_import, by_importlib, by_star, by_file, by_source, by_spec,
                 by_memory, by_closure, by_walk):
        for name in names:
            try:
                road(judges, name)
            except Exception:
                continue
            found.append(road.__name__)
            break
    return found
'''
PLACES = ["/course", sandbox.HOME, "/tmp", "/dev/shm"]


def judged_names(judges):
    """Return the private functions of a module with judges, and the first lines that they have."""
    found = {node.name: ast.get_docstring(node) or "" for node in ast.parse(
        inspect.getsource(judges)).body if isinstance(node, ast.FunctionDef)
        and node.name.startswith("_")}
    return list(found), [text.splitlines()[0].encode() for text in found.values() if text]


def attack(judges):
    """Return the code that looks for a way to the private functions of some judges."""
    names, marks = judged_names(judges)
    return (f"PLACES, MARKS, NAMES = {PLACES!r}, {marks!r}, {names!r}\n{ROADS}\n"
            "found = reach(checks, NAMES)\n")


def stealing(path):
    """Return the bytes of a submission that is right where its judges can be reached."""
    cells = read(path.read_bytes())
    notebook = read(solved(cells))
    setup = next(cell for cell in notebook if cell.id == "setup")
    setup.source += "\n" + attack(checks_of(cells, path.parent))
    for cell in notebook:
        if cell.is_answer and cell.kind == "code":
            cell.source = "assert found, 'no judge is here'\n" + cell.source
    return text_of(written(notebook)).encode()


def result_of(path, data):
    """Return what grading some bytes for a project's set gives."""
    limits = Limits.of(900, 2048)  # to look everywhere takes a busy machine long
    return graded({"master": path.read_bytes(), "submission": data, "variant": "c0ffee",
                   "seed": 20270503, "sandbox": "bubblewrap", "limits": limits.as_dict(),
                   "files": []}, path.parent)


def test_each_road_leads_to_the_judges_where_nothing_is_in_the_way():
    """The attack has teeth: here, outside a sandbox, each of its roads leads there."""
    from lib.grade.homework import svd

    scope = {"checks": svd}
    exec(attack(svd).replace(repr(PLACES), repr([os.path.dirname(svd.__file__)])), scope)
    assert len(scope["found"]) == 10 and "_turn" in judged_names(svd)[0]


@pytest.mark.parametrize("path", leaks.masters(), ids=lambda path: path.stem)
def test_no_answer_reaches_the_judges(path):
    small.need_sandbox()
    result = result_of(path, stealing(path))
    rows = [row for row in result["problems"] if row["state"] == "judged" and row["cases"]]
    problems = [one for one in problems_of(read(path.read_bytes())) if not one.by_hand]
    assert len(rows) == len(problems) >= 4
    assert [row["points"] for row in rows] == [0] * len(rows)
    assert all("no judge is here" in row["headline"] for row in rows), rows
    # The cell that looks has run to its end.
    assert not any("setup" in note and "failed" in note for note in result["notes"])


def test_the_attack_succeeds_where_the_judges_are_seen(monkeypatch):
    small.need_sandbox()
    monkeypatch.setattr(sandbox, "rooms", dict)
    path = next(path for path in leaks.masters() if path.stem == "svd")
    rows = [row for row in result_of(path, stealing(path))["problems"] if row.get("cases")]
    assert rows and [row["points"] for row in rows] == [row["of"] for row in rows]


def test_there_are_41_problems():
    assert sum(not one.by_hand for path in leaks.masters()
               for one in problems_of(read(path.read_bytes()))) == 41


SEARCH = '''
import os, pathlib
seen, read, found = 0, 0, []
skip = {"/proc", "/sys", "/dev"}
for folder, inner, names in os.walk("/"):
    if folder in skip:
        inner.clear()
        continue
    for name in names:
        path = os.path.join(folder, name)
        seen += 1
        if not name.endswith((".py", ".pyc", ".ipynb", ".whl", ".zip")) or (
                folder.startswith(PACKAGES) and name.partition(".")[0] not in STEMS
                and "grade" not in path and "homework" not in path):
            continue
        try:
            text = pathlib.Path(path).read_bytes()
        except OSError:
            continue
        read += 1
        found += [(path, mark.decode()) for mark in MARKS if mark in text]
found, seen = found[:20], [seen, read]
'''


def prefixes():
    """Return the folders of Python and its packages."""
    return {Path(place).resolve() for place in (sys.prefix, sys.base_prefix)}


def references():
    """Return the first lines of all private functions of judges, that stand nowhere else."""
    marks = {}
    for room in silent.ROOMS:
        for path in (sandbox.ROOT / "lib" / "grade" / room).glob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith(("_", "check_")):
                    first = (ast.get_docstring(node) or "\n").splitlines()[0]
                    marks[first.encode()] = f"{path.stem}.{node.name}"
    others = b"".join(path.read_bytes() for path in (sandbox.ROOT / "lib").rglob("*.py")
                      if path.parent.name not in silent.ROOMS)
    return [mark for mark in marks if len(mark) > 25 and mark not in others]


def test_no_file_that_can_be_seen_holds_a_reference(tmp_path):
    small.need_sandbox()
    own = tmp_path / "own_checks.py"
    own.write_text('def _sum_of_mine(x):\n    """Return the sum that this judge holds for exact.'
                   '"""\n    return x\n\n\ndef check_own(answer, seed=3, variant=""):\n'
                   '    return _sum_of_mine(answer)\n')
    marks = [*references(), b"Return the sum that this judge holds for exact."]
    assert len(marks) > 300
    limits = Limits(cell=300, call=300, total=400)
    # Of the packages those files are read whose names could be ours: there are 65 000.
    stems = sorted({path.stem for room in silent.ROOMS for path in (
        sandbox.ROOT / "lib" / "grade" / room).glob("*.py")})
    given = (f"MARKS, STEMS = {marks!r}, {stems!r}\n"
             f"PACKAGES = {('/usr', *map(str, prefixes()))!r}\n")
    with Run({0: given + SEARCH}, "bubblewrap", limits, [own]) as run:
        assert run.answer("found") == []
        seen, count = run.answer("seen")
    assert seen > 10_000 and count > 200
    text = silent.rooms()["homework"].joinpath("svd.py").read_bytes()
    assert b"own_angle" in text and not [mark for mark in marks if mark in text]
    assert [mark for mark in marks if mark in (
        sandbox.ROOT / "lib" / "grade" / "homework" / "svd.py").read_bytes()]


def test_an_installed_lib_is_covered(tmp_path, monkeypatch):
    """The wheel that students get may be installed where answers are graded."""
    (tmp_path / "lib" / "grade").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(sandbox.ROOT)])
    assert silent.installed([tmp_path.resolve()]) == [tmp_path.resolve() / "lib"]
    assert silent.installed(["/nowhere"]) == []


PRIVATE = '''"""Judges of a private set."""

import numpy as np

from lib import grade
from lib.grade.variants import own

EXACT = 7.25
RATES = [3, 5, 7]


def own_rate(variant=""):
    """Return a rate."""
    return own(variant, RATES, "rate")


def exact(x):
    return EXACT * x


def check_rate(answer, seed=3, variant=""):
    """Judge rate(x)."""
    return grade.check_accuracy(answer, exact, {f"x = {x}": float(x) for x in (1, 2, 3)}, ulps=4,
                                name="rate")
'''
STOLEN = {
    "by import": "from small_checks import exact as rate",
    "by name": "rate = checks.exact",
    "from its file": "scope = {}\nexec(open('small_checks.py').read(), scope)\n"
                     "rate = scope['exact']",
    "by its number": "def rate(x):\n    return checks.EXACT * x",
    "by its folder": "import glob\nfor place in ('/home', '/course', '/tmp'):\n"
                     "    for path in glob.glob(place + '/**/*checks.py*', recursive=True):\n"
                     "        scope = {}\n        exec(open(path).read(), scope)\n"
                     "        rate = scope.get('exact', ...)"}


def private(tmp_path, source, kind="bubblewrap"):
    """Return what grading an answer to a private set of one problem gives."""
    from homework.notebooks import Cell

    (tmp_path / "small_checks.py").write_text(PRIVATE)
    setup = Cell("code", 'import small_checks as checks\n\nVARIANT = ""', "setup",
                 small.marks("setup"))
    text = "def rate(x):\n    ### BEGIN SOLUTION\n    return 7.25 * x\n    ### END SOLUTION"
    cells = [setup, *small.problem("rate", text, 4.0)]
    notebook = written(release_of(cells))
    small.cell_of(notebook, "answer-rate")["source"] = source
    return graded({"master": small.data_of(cells), "submission": small.bytes_of(notebook),
                   "seed": 5, "variant": "ada", "sandbox": kind, "files": ["small_checks.py"],
                   "limits": Limits().as_dict()}, tmp_path)


@pytest.mark.parametrize("road", STOLEN)
def test_judges_of_ones_own_hold_no_reference_either(road, tmp_path):
    small.need_sandbox()
    assert small.points_of(private(tmp_path, STOLEN[road])) == {"rate": 0}


HONEST = """def rate(x):
    return 7.25 * x
if checks.own_rate('ada') != {own} or checks.own_rate() != 3:
    rate = None
print(checks.check_rate(rate), checks.check_rate(rate).passed)"""


@pytest.mark.parametrize("kind", ["bubblewrap", "unsandboxed"])
def test_an_honest_answer_has_its_numbers_and_hears_that_checks_are_silent(kind, tmp_path):
    if kind == "bubblewrap":
        small.need_sandbox()
    from lib.grade.variants import own

    source = HONEST.format(own=own("ada", [3, 5, 7], "rate"))
    result = private(tmp_path, source, kind)
    assert small.points_of(result) == {"rate": 4} and not result["notes"]
    assert "Checks are silent where answers are graded" in result["notebook"]
    stolen = private(tmp_path, STOLEN["by import"], kind)
    assert small.points_of(stolen) == {"rate": 0}


def test_who_searches_with_a_check_is_told(tmp_path):
    small.need_sandbox()
    search = ("for k in range(9):\n    def rate(x, k=k):\n        return k / 4 * x\n"
              "    if checks.check_rate(rate).passed:\n        break")
    result = private(tmp_path, search)
    assert small.points_of(result) == {"rate": 0}
    assert any("made by a cell that asks a check; checks are silent" in note
               for note in result["notes"])


def test_a_missing_name_is_told_in_words():
    text = silent.silent(PRIVATE, "small_checks")
    scope = {}
    exec(text, scope)
    assert scope["own_rate"]() == 3 and "EXACT" not in scope and "exact" not in scope
    with pytest.raises(AttributeError, match="has no 'exact' where answers are graded"):
        scope["__getattr__"]("exact")


@pytest.mark.parametrize("path", leaks.masters(), ids=lambda path: path.stem)
def test_what_a_notebook_needs_is_kept_and_nothing_private(path):
    judges = checks_of(read(path.read_bytes()), path.parent)
    scope = {}
    exec(silent.rooms()["homework"].joinpath(f"{path.stem}.py").read_text(), scope)
    own = [name for name in vars(judges) if name.startswith(("own_", "first_pivot"))]
    for name in own:
        for variant in ("", "ada", "c0ffee"):
            if name in scope:
                assert scope[name](variant) == getattr(judges, name)(variant)
    used = {node.attr for cell in read(path.read_bytes()) for node in ast.walk(ast.parse(
        cell.source if cell.kind == "code" else "")) if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name) and node.value.id == "checks"}
    checks = {name for name in vars(judges) if name.startswith("check_")}
    assert not [cell.id for cell in read(path.read_bytes())
                if cell.is_answer and "check_" in cell.source]  # they are silent there
    assert used and used | checks <= scope.keys()
    assert not [name for name in scope if name.startswith("_") and not name.startswith("__")]
