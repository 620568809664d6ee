"""A submission of any size costs the grader, who reads it outside the sandbox, little.

What is counted here is letters, and not time.
"""

import ast

import pytest

from homework import bounds, harmless, order, transplant
from homework.notebooks import Cell
from homework.problems import release_of
from tests.homework import small

RELEASE = release_of(small.master(["half"], prose=True))


def added(*sources, kind="code", attachments=None):
    """Return a submission with cells of one's own, each of which has a text."""
    return [*RELEASE, *(Cell(kind, source, f"own-{n}", attachments=attachments or {})
                        for n, source in enumerate(sources))]


@pytest.fixture
def letters(monkeypatch):
    """Count the letters that are parsed."""
    parse, seen = ast.parse, []

    def counted(source, *args, **kwargs):
        seen.append(len(source))
        return parse(source, *args, **kwargs)

    monkeypatch.setattr(ast, "parse", counted)
    return seen


@pytest.mark.parametrize("sources", [["0;" * 10**6], ["0;" * 10**5] * 30, ["a = b\n"] * 60_000],
                         ids=["one cell", "thirty cells", "sixty thousand cells"])
@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_little_is_parsed(sources, kind, letters):
    nameless = [cell for cell in added(*sources, kind=kind) if cell.grade_id != "half"]
    result = transplant.transplanted(RELEASE, nameless)
    running = {n: cell.source for n, cell in enumerate(result.cells) if cell.kind == "code"}
    order.needs("half", running)
    assert sum(letters) < bounds.PARSED + bounds.EXTRA * order.LONG + 10**4
    assert sum(len(cell.source) for cell in result.cells) < (
        bounds.ALL + bounds.LONGEST + 10**4)


def test_a_name_is_found_where_the_budget_allows(letters):
    nameless = [cell for cell in RELEASE if cell.grade_id != "half"]
    own = [Cell("code", "0;" * 10**6), Cell("code", small.RIGHT["half"])]
    result = transplant.transplanted(RELEASE, [*own, *nameless])
    assert small.RIGHT["half"] in [cell.source for cell in result.cells if cell.is_answer]
    assert letters


def test_released_cells_are_cut_last():
    flood = [Cell("code", "x = 1\n" * 30_000, f"own-{n}") for n in range(40)]
    answered = [Cell(cell.kind, small.RIGHT["half"], cell.id, cell.marks)
                if cell.grade_id == "half" else cell for cell in RELEASE]
    result = transplant.transplanted(RELEASE, [*flood, *answered])
    assert small.RIGHT["half"] in [cell.source for cell in result.cells]
    assert any("all together have more than 2000000 letters" in note for note in result.notes)


def test_definitions_and_code_come_before_scratch():
    scratch = ["# nothing", "", "print(1)"] * 250
    result = transplant.transplanted(RELEASE, added(*scratch, "def helper(x):\n    return x"))
    assert any(cell.source.startswith("def helper") for cell in result.cells)
    assert "251 cells were added, of which 200 run" in result.notes


def test_copies_of_a_released_cell_are_added_cells():
    half = next(cell for cell in RELEASE if cell.grade_id == "half")
    made = [Cell("code", f"x = {n}", half.id, half.marks) for n in range(2000)]
    blank = [Cell("code", half.source, half.id, half.marks) for _ in range(1000)]
    result = transplant.transplanted(RELEASE, [*RELEASE, *blank, *made, *blank])
    assert len(result.cells) <= len(RELEASE) + bounds.COPIES + bounds.EXTRA
    assert result.notes == ["2000 cells were added, of which 200 run",
                            "the cell 'half' is there 4001 times"]
    assert half.source not in [cell.source for cell in result.cells if not cell.grade_id]


def test_few_copies_stand_where_others_are_many():
    half = next(cell for cell in RELEASE if cell.grade_id == "half")
    own = [Cell("code", "half = 2", half.id, half.marks)]
    result = transplant.transplanted(RELEASE, [*RELEASE, *own, *added(*["y = 1"] * 300)[
        len(RELEASE):]])
    assert [cell.source for cell in result.cells].count("half = 2") == 1
    assert "the cell 'half' is there twice" in result.notes


def test_pictures_in_prose_of_ones_own_are_few():
    pictures = {f"{n}.png": {"image/png": small.PNG} for n in range(2000)}
    own = added(*["A word. " * 10_000] * 60, kind="markdown", attachments=pictures)
    result = transplant.transplanted(RELEASE, own)
    prose = next(cell for cell in result.cells if cell.grade_id == "why")
    assert len(prose.source) < 2 * bounds.LONGEST and len(prose.attachments) <= 20 * 60


def test_backslashes_are_looked_at_once():
    run = "\\" * 200_000  # ten minutes, if it were looked at from each of them
    assert harmless.prose(run, most=len(run)) == run
    assert harmless.prose("\\" * 5 + "href{x}") == " href{x}"
