"""In an exam the checks tell the form of an answer, and nothing from which its values follow."""

import functools
import importlib
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from homework import Trouble
from homework.course import MASTERS
from homework.examroom import checks_in_exam, exam_of
from homework.notebooks import Cell, read
from tests.grade.test_homework_sets import CHECKS, TOPICS, WRONG, right
from tests.homework import leaks, small
from tests.homework.test_loop import make, said
from tests.homework.test_references import solved

ROWS = [(topic, word, number) for topic, word in CHECKS
        for number in range(len(WRONG[topic][word]))]
FREE = {"kernel": 1, "lanczos": 0}  # how many vectors or values there are: the axis of that
JUDGES = ("accuracy", "identity", "counterexamples", "certify", "exercises", "judging", "budget")
WORK = """
import json, sys
import lib
cells = json.load(open("svd.ipynb"))["cells"]
given = json.load(open(sys.argv[1]))["cells"]
for cell, mine in zip(cells, given, strict=True):
    if cell["cell_type"] == "code":
        text = (mine if cell["id"].startswith("answer") else cell)["source"]
        if cell["id"].startswith("check-"):
            print(repr(eval(text)))
        else:
            exec(text)
print(lib.__file__)
"""


@functools.cache
def forms(topic):
    """Return what the module of an exam of a topic defines."""
    path, made = MASTERS / topic / f"{topic}.ipynb", {}
    name, text = checks_in_exam(read(path.read_bytes()), path)
    assert name == f"lib.grade.homework.{topic}"
    exec(text, made)
    return made


def told(topic, word, answer):
    """Return what the visible check of an exam says of an answer, as text and as a page."""
    found = forms(topic)[f"check_{word}"](answer, variant="")
    assert repr(found) in found._repr_html_().replace("&#x27;", "'")
    return repr(found)


def form(topic, word, answer):
    """Return the formats and shapes of what comes back for the example of an exam, or a word."""
    given = []
    forms(topic)[f"check_{word}"](lambda *args: given.extend(args))
    try:
        with np.errstate(all="ignore"):
            value = answer(*given)
    except Exception as fault:
        return type(fault).__name__
    parts = value if isinstance(value, tuple | list) else [value]
    shapes = [list(np.shape(part)) for part in parts]
    for shape in shapes if word in FREE else ():
        shape[FREE[word]] = "any"
    return isinstance(value, tuple | list), [
        (np.asarray(part).dtype.name, shape) for part, shape in zip(parts, shapes, strict=True)]


@pytest.mark.parametrize("topic, word", CHECKS)
def test_a_right_answer_has_the_form_that_is_asked_for(topic, word):
    said_of = told(topic, word, right(topic, word))
    assert said_of.endswith(": as asked") if callable(right(topic, word)) else (
        said_of.startswith("form: admitted: "))
    assert "\n" not in said_of and len(said_of) < 120
    if not callable(right(topic, word)):
        own = forms(topic)[f"check_{word}"](right(topic, word, "ada"), variant="ada")
        assert repr(own).startswith("form: admitted: ")


@pytest.mark.parametrize("topic, word, number", ROWS)
def test_of_two_answers_of_one_form_the_same_is_told(topic, word, number):
    what, wrong, *_ = WRONG[topic][word][number]
    said_of, said_of_right = told(topic, word, wrong), told(topic, word, right(topic, word))
    if callable(wrong):
        same = form(topic, word, wrong) == form(topic, word, right(topic, word))
        assert (said_of == said_of_right) == same, (what, said_of)
    elif said_of != said_of_right:
        asked = said_of_right.removeprefix("form: admitted: ")
        assert said_of == f"form: not admitted; asked for: {asked}", what


def test_answers_of_right_and_of_wrong_form_were_both_tried():
    alike = [told(topic, word, WRONG[topic][word][number][1]) == told(
        topic, word, right(topic, word)) for topic, word, number in ROWS]
    assert sum(alike) > 150 and len(alike) - sum(alike) > 15


@pytest.fixture(scope="module")
def svd(tmp_path_factory):
    """Return the folder of what students of an exam on the svd unpack, and of the wheel in it."""
    from homework.__main__ import main

    folder = tmp_path_factory.mktemp("exam")
    assert main(["release", "svd", "--exam", "--course", str(folder / "course")]) == 0
    with zipfile.ZipFile(folder / "course" / "release" / "svd.zip") as archive:
        archive.extractall(folder)
    (package,) = (folder / "svd").glob("*+exam.*.whl")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "site")
    return folder


def test_the_zip_alone_tells_the_form_of_right_and_of_wrong_answers(svd):
    master = read((MASTERS / "svd" / "svd.ipynb").read_bytes())
    notebook = json.loads(solved(master))
    (svd / "right.ipynb").write_text(json.dumps(notebook))
    wrong = {"answer-turned": "def turned(P, Q):\n    return 2 * np.eye(3)",
             "answer-plane": "def plane(points):\n    return np.ones(3)"}
    for name, source in wrong.items():
        small.cell_of(notebook, name)["source"] = source
    (svd / "wrong.ipynb").write_text(json.dumps(notebook))
    found = []
    for name in ("right", "wrong"):
        done = subprocess.run(
            [sys.executable, "-c", WORK, str(svd / f"{name}.ipynb")], cwd=svd / "svd",
            env=os.environ | {"PYTHONPATH": str(svd / "site")}, capture_output=True, text=True)
        assert not done.returncode, done.stderr
        *lines, place = done.stdout.strip().splitlines()
        assert place.startswith(str(svd / "site"))
        found.append(lines[-4:] if len(lines) == 4 else [
            line for line in lines if line.startswith("form:")])
    assert found[0] == ["form: 1 result, of shape (3, 3), float64: as asked",
                        "form: 1 result, of shape (5, any), float64: as asked",
                        "form: 3 results, of shapes (3,), () and (), float64: as asked",
                        "form: admitted: 3 to 8 pairs of finite numbers, 100 at most in size"]
    assert [new == old for new, old in zip(*found, strict=True)] == [True, True, False, True]


def test_the_package_of_an_exam_holds_no_judge(svd):
    files = {path.relative_to(svd / "site").as_posix(): path.read_text()
             for path in (svd / "site" / "lib").rglob("*.py")}
    assert {name.rpartition("/")[2] for name in files if "/homework/" in name} == {
        "__init__.py", "svd.py"}
    words = [word for word in JUDGES for name in files if f"/{word}" in name]
    words += [word for word in ("_no_turn", "_no_kernel", "_between", "_ratio", "known", "verdict(")
              if word in files["lib/grade/homework/svd.py"]]
    assert not words and len(files) < 15
    secrets = leaks.all_secrets()
    whole = (svd / "course" / "release" / "svd.zip").read_bytes()
    assert not leaks.leaks("svd.zip", whole, secrets)


def test_what_students_read_says_what_the_checks_tell(svd):
    page, notebook = (svd / "svd" / "README.md").read_text(), json.loads(
        (svd / "svd" / "svd.ipynb").read_text())
    first = notebook["cells"][0]["source"]
    assert "tells its form only" in first and "a check tells at once" not in first
    assert "there is nothing to find out" not in first and "Work in the cells" in first
    assert "checks it at once" not in page and "form of what it gives" in page
    assert "for this exam it is smaller" in page.lower()
    for text in (page, (svd / "course" / "release" / "svd.txt").read_text()):
        assert "tell the form of an answer only" in text and "same checks" not in text
        assert "in code: not allowed." in text


def test_every_set_has_a_small_package_whose_doors_open():
    for topic in TOPICS:
        path = MASTERS / topic / f"{topic}.ipynb"
        files = exam_of(read(path.read_bytes()), path, {}).package
        assert not [name for name in files for word in JUDGES if f"/{word}" in name]
        door = files["lib/numbers/__init__.py"].decode()
        assert ("round_to" in door) == (topic == "low_precision") and "backward" not in door


def everything(course):
    """Return what grading noted of each student, without what is drawn, and time."""
    return {student: [record["state"], record["notes"], [
        (row["grade_id"], row["points"], row["headline"]) for row in record["problems"]]]
        for student, record in course.records("small").items()}


@pytest.mark.parametrize("variants", [[], ["--variants"]])
def test_an_exam_goes_round_the_loop_and_gives_the_same_marks(tmp_path, capsys, variants):
    small.need_sandbox()
    answers = {"ada": {}, "ben": {"half": "def half(x):\n    return 0 * x"},
               "eve": {"solve": "def solve(A, b):\n    return np.linalg.inv(A) @ b",
                       "pair": "pair = 1.0, 2.0"}}
    found = []
    for kind in ([], ["--exam"]):
        course = make(tmp_path / f"course{len(kind)}", small.master())
        status, out = said(course, capsys, "release", "small", *variants, *kind)
        assert status == 0, out
        for student, changed in answers.items():
            place = course.folder / "release" / "small" / "small.ipynb"
            if variants:
                place = course.folder / "variants" / "small" / f"{student}.ipynb"
            notebook = json.loads(place.read_text())
            for name, source in {**small.RIGHT, **changed}.items():
                small.cell_of(notebook, f"answer-{name}")["source"] = source
            assert ("This is an exam." in place.read_text()) == bool(kind)
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / "in" / f"{student}.ipynb").write_text(json.dumps(notebook))
        assert said(course, capsys, "collect", str(tmp_path / "in"), "--topic", "small")[0] == 0
        said(course, capsys, "grade", "small", "--workers", "2")
        found.append(everything(course))
        assert said(course, capsys, "feedback", "small")[0] == 0
    assert found[0] == found[1] and set(found[0]) == set(answers)
    assert found[0]["ada"][:2] == ["graded", []]
    assert [row[1] for row in found[0]["ben"][2]] == [0.0, 4.0, 2.0, 2.0, 0.0]


def test_a_courses_own_judges_give_way_and_its_other_modules_are_left_out(tmp_path, capsys):
    course = make(tmp_path)
    source = tmp_path / "source" / "small"
    (source / "answers.py").write_text("right = 1")
    (source / "table.csv").write_text("1")
    judges = (source / "small_checks.py").read_bytes()
    status, out = said(course, capsys, "release", "small", "--exam")
    assert status == 0 and "answers.py: left out of the exam" in out
    with zipfile.ZipFile(tmp_path / "release" / "small.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {name for name in files if not name.endswith(".whl")} == {
        f"small/{name}" for name in ("README.md", "small.ipynb", "small_checks.py", "table.csv")}
    text = files["small/small_checks.py"].decode()
    assert "check_accuracy" not in text and "form_of_input(answer, 'finite'" in text
    assert (source / "small_checks.py").read_bytes() == judges
    assert not (tmp_path / "release" / "small" / "answers.py").exists()
    said(course, capsys, "release", "small")
    assert (tmp_path / "release" / "small" / "small_checks.py").read_bytes() == judges
    assert len(list((tmp_path / "release" / "small").glob("*.whl"))) == 1


def test_what_no_exam_can_hold_is_named(tmp_path):
    cells = [*small.master(["half"], prose=False),
             *small.problem("odd", "def odd(x):\n    return 1.0", 1.0)]
    course = make(tmp_path, cells)
    path = course.master("small")
    judges = path.with_name("small_checks.py")
    judges.write_text(small.CHECKS + "\n\ndef check_odd(answer, seed=1, variant=''):\n"
                      "    return grade.check_accuracy(answer, [1.0], {'set': ({1},)}, ulps=1)\n")
    importlib.invalidate_caches()
    with pytest.raises(Trouble, match="'odd' is given a set, which an exam's example cannot hold"):
        checks_in_exam(read(path.read_bytes()), path)
    broken = [*cells, Cell("code", "import nowhere_at_all", "more")]
    with pytest.raises(Trouble, match=r"own cells do not run: ModuleNotFoundError"):
        checks_in_exam(broken, path)
