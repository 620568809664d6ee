"""What a student gets holds no solution, no rubric and no hidden check."""

import pytest

from environment import ROOT
from homework.notebooks import read, text_of, written
from homework.problems import judge_of, problems_of, release_of
from tests.homework import leaks


@pytest.mark.parametrize("path", leaks.masters(), ids=lambda path: path.stem)
def test_a_release_holds_nothing_of_the_solutions(path):
    cells = read(path.read_bytes())
    secrets = leaks.secrets_of(cells)
    assert len(secrets) > 4
    released = text_of(written(release_of(cells))).encode()
    assert not leaks.leaks("release.ipynb", released, secrets)
    assert not [mark for mark in (b"SOLUTION", b"HIDDEN") if mark in released]
    # The search has teeth: it finds all of it in the master.
    assert len(leaks.leaks("master.ipynb", path.read_bytes(), secrets)) == len(secrets)


@pytest.mark.parametrize("path", leaks.masters(), ids=lambda path: path.stem)
def test_a_release_is_a_notebook_whose_stubs_define_what_is_judged(path):
    import nbformat

    from homework.transplant import defined

    cells = read(path.read_bytes())
    released = release_of(cells)
    nbformat.validate(nbformat.from_dict(written(released)))
    names = set().union(*(defined(cell.source) for cell in released if cell.is_answer))
    problems = problems_of(cells)
    assert {problem.name for problem in problems if not problem.by_hand} <= names
    assert [judge_of(cell) for cell in cells if cell.points is not None and not cell.is_answer]


def test_the_wheel_and_the_chapters_hold_none():
    secrets = leaks.all_secrets()
    files = [path for folder in ("lib", "chapters") for path in (ROOT / folder).rglob("*")
             if path.suffix in (".py", ".ipynb", ".md")]
    found = [leak for path in files for leak in leaks.leaks(
        path.relative_to(ROOT).as_posix(), path.read_bytes(), secrets)]
    assert files and not found
