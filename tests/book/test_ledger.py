"""Each of the audited claims is taught by a cell that says so, or has a reason not to be."""

import pytest

import chapter
import ledger

ROW = {"id": "S4-01-07", "chapter": "floating_point", "correct": "eps is the gap at 1", "cell": "",
       "reason": ""}


def one_cell(source, kind="code"):
    cell = {"cell_type": kind, "id": "claim-gap", "metadata": {}, "source": source}
    return chapter.from_notebook("floating_point", {"cells": [cell]})


def test_the_table_is_complete():
    names = [row["id"] for row in ledger.rows()]
    # The audit of the five lessons; after it, claims on regularization, eigenvalues, gradients,
    # quadrature, roots, low precision, arrays, solvers, stiff equations.
    assert len(names) == len(set(names)) == 456 + 20 + 31 + 25 + 12 + 10 + 26 + 14 + 3 + 7


def test_table_and_chapters_agree():
    found = ledger.faults(ledger.rows(), [chapter.read(path) for path in chapter.paths()])
    assert not found, "\n  ".join(["", *found])


@pytest.mark.parametrize("source, kind, expected", [
    ("assert gap == 8\n# ledger: S4-01-07", "code", ["S4-01-07"]),
    ("assert gap == 8\n# ledger: S4-01-07, S4-01-08\n", "code", ["S4-01-07", "S4-01-08"]),
    ("The gap.\n\n<!-- ledger: S4-01-07 -->", "markdown", ["S4-01-07"]),
    ("# ledger: S4-01-07\nassert gap == 8", "code", []),
])
def test_a_marker_is_the_last_line(source, kind, expected):
    assert one_cell(source, kind).cells[0].ledger_ids == expected


def test_fill_writes_the_marked_cell_and_drops_the_reason():
    marked = one_cell("assert gap == 8\n# ledger: S4-01-07")
    table = ledger.fill([{**ROW, "reason": "editorial"}], [marked])
    assert (table[0]["cell"], table[0]["reason"]) == ("floating_point#claim-gap", "")
    assert not ledger.faults(table, [marked])


@pytest.mark.parametrize("row, source, complaint", [
    (ROW, "gap", "needs either"),
    ({**ROW, "cell": "floating_point#claim-gap"}, "gap", "run `python tools/author/ledger.py`"),
    (ROW, "gap\n# ledger: S4-01-07", "run `python tools/author/ledger.py`"),
    (ROW, "gap\n# ledger: S4-99-07", "no row S4-99-07"),
    ({**ROW, "reason": "later 2"}, "gap", "exists now"),
    ({**ROW, "reason": "no time"}, "gap", "is none of"),
    ({**ROW, "reason": "duplicate S4-01-08"}, "gap", "is not taught"),
])
def test_each_disagreement_is_told(row, source, complaint):
    found = ledger.faults([row], [one_cell(source)])
    assert any(complaint in sentence for sentence in found)


def test_a_table_survives_writing_and_reading(tmp_path):
    table = ledger.rows()
    ledger.write(table, tmp_path / "ledger.csv")
    assert ledger.rows(tmp_path / "ledger.csv") == table
    assert (tmp_path / "ledger.csv").read_bytes() == ledger.TABLE.read_bytes()
