"""A problem set keeps its contract: what nbgrader and the graders read is where they look."""

import ast
import functools
import importlib
import inspect
import json
import re
from pathlib import Path

import pytest

import notebooks

FOLDER = Path(__file__).resolve().parents[2] / "homework"
TOPICS = sorted(path.parent.name for path in FOLDER.glob("*/*.ipynb")
                if path.stem == path.parent.name)
KINDS = {"title", "setup", "task", "given", "answer", "check", "grade"}
SOLUTION = re.compile(r"^ *### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION$", re.M | re.S)


def path(topic):
    return FOLDER / topic / f"{topic}.ipynb"


@functools.cache
def cells(topic):
    """Return the cells of a master by their ids, in order, sources joined."""
    found = json.loads(path(topic).read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell | {"source": "".join(cell["source"])} for cell in found}


def words(topic):
    return [name.removeprefix("answer-") for name in cells(topic) if name.startswith("answer-")]


def codes(topic):
    return [word for word in words(topic) if cells(topic)[f"answer-{word}"]["cell_type"] == "code"]


def nbgrader(topic, name):
    return cells(topic)[name]["metadata"]["nbgrader"]


def test_there_is_a_set():
    assert "lu_qr_cholesky" in TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_a_master_is_canonical_and_stores_no_output(topic):
    assert not notebooks.faults(path(topic))
    assert not any(cell.get("outputs") for cell in cells(topic).values())


@pytest.mark.parametrize("topic", TOPICS)
def test_cells_come_in_their_order(topic):
    expected = ["title", "setup"]
    for word in words(topic):
        own = [f"task-{word}"] + [f"given-{word}"] * (f"given-{word}" in cells(topic))
        own += [f"answer-{word}"] + [f"check-{word}", f"grade-{word}"] * (word in codes(topic))
        expected += own
    assert list(cells(topic)) == expected
    assert {name.partition("-")[0] for name in expected} <= KINDS


@pytest.mark.parametrize("topic", TOPICS)
def test_four_to_six_problems_have_points_and_two_are_of_a_kind(topic):
    prose = set(words(topic)) - set(codes(topic))
    assert 4 <= len(words(topic)) <= 6 and prose
    data = [word for word in codes(topic) if ast.parse(
        cells(topic)[f"answer-{word}"]["source"]).body[0].__class__ is not ast.FunctionDef]
    assert any("*Break it" in cells(topic)[f"task-{word}"]["source"] for word in data)
    for word in words(topic):
        name = f"answer-{word}" if word in prose else f"grade-{word}"
        points = nbgrader(topic, name)["points"]
        assert isinstance(points, int) and 1 <= points <= 10
        said = re.search(r"^\*.* · (\d+) points?", cells(topic)[f"task-{word}"]["source"], re.M)
        assert said and int(said[1]) == points, word


@pytest.mark.parametrize("topic", TOPICS)
def test_the_metadata_are_those_of_nbgrader(topic):
    for name, cell in cells(topic).items():
        kind, word = name.partition("-")[::2]
        prose = kind == "answer" and cell["cell_type"] == "markdown"
        expected = {"grade": kind == "grade" or prose, "solution": kind == "answer",
                    "locked": kind != "answer", "task": False, "schema_version": 3,
                    "grade_id": word if kind == "answer" else name}
        found = dict(cell["metadata"]["nbgrader"])
        assert (found.pop("points", None) is None) == (not expected["grade"])
        assert found == expected and set(cell["metadata"]) == {"nbgrader"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_setup_ends_with_an_empty_variant(topic):
    source = cells(topic)["setup"]["source"]
    assert source.endswith('VARIANT = ""')
    assert f"from lib.grade.homework import {topic} as checks" in source.splitlines()


@pytest.mark.parametrize("topic, word", [(topic, word) for topic in TOPICS
                                         for word in codes(topic)])
def test_a_graded_cell_is_one_call_of_the_check_that_is_seen(topic, word):
    seen = re.fullmatch(rf"checks\.check_{word}\((\w+), variant=VARIANT\)",
                        cells(topic)[f"check-{word}"]["source"])
    hidden = re.fullmatch(
        r"### BEGIN HIDDEN TESTS\n"
        rf"checks\.check_{word}\((\w+), seed=(\d+), variant=VARIANT\)\n"
        r"### END HIDDEN TESTS", cells(topic)[f"grade-{word}"]["source"])
    judge = getattr(importlib.import_module(f"lib.grade.homework.{topic}"), f"check_{word}")
    assert seen and hidden and seen[1] == hidden[1]
    assert int(hidden[2]) != inspect.signature(judge).parameters["seed"].default


@pytest.mark.parametrize("topic, word", [(topic, word) for topic in TOPICS
                                         for word in codes(topic)])
def test_a_release_has_a_stub_with_the_name_that_is_checked(topic, word):
    source = cells(topic)[f"answer-{word}"]["source"]
    assert len(SOLUTION.findall(source)) == 1
    released = re.sub(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", r"\1...", source,
                      flags=re.M | re.S)
    body = ast.parse(released).body
    name = cells(topic)[f"check-{word}"]["source"].split("(")[1].split(",")[0]
    if isinstance(body[0], ast.FunctionDef):
        assert len(body) == 1 and ast.unparse(body[0].body) == "..." and body[0].name == name
        assert f"`{name}(" in inspect.getdoc(getattr(
            importlib.import_module(f"lib.grade.homework.{topic}"), f"check_{word}"))
    else:
        assert ast.unparse(body[0]) == f"{name} = ..."


@pytest.mark.parametrize("topic", TOPICS)
def test_prose_has_a_rubric_whose_points_add_up(topic):
    for word in set(words(topic)) - set(codes(topic)):
        (rubric,) = SOLUTION.findall(cells(topic)[f"answer-{word}"]["source"])
        assert "*graded by hand*" in cells(topic)[f"task-{word}"]["source"] or (
            "graded by hand" in cells(topic)[f"task-{word}"]["source"])
        numbered = re.findall(r"^\d+\. ", rubric, re.M)
        assert len(numbered) == nbgrader(topic, f"answer-{word}")["points"], word


@pytest.mark.parametrize("topic", TOPICS)
def test_tasks_say_what_is_given_and_what_is_promised(topic):
    for word in codes(topic):
        text = cells(topic)[f"task-{word}"]["source"]
        needed = ["**Hand in**"] if "*Break it" in text else ["**Given**", "**Return**",
                                                              "**Promise**"]
        assert all(part in text for part in [*needed, "For example"]), word
        assert not re.search(r"\b(simply|obviously|easy|easily)\b", text, re.I)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_judge_is_called_and_none_is_missing(topic):
    judges = importlib.import_module(f"lib.grade.homework.{topic}")
    assert {name for name in vars(judges) if name.startswith("check_")} == {
        f"check_{word}" for word in codes(topic)}
