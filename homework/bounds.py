"""Bound what the texts of a submission cost the grader, who reads them outside the sandbox."""

import re
from dataclasses import replace

EXTRA = 200  # cells with code that a student may add, and as many without
COPIES = 2  # of a released cell; more of them are added cells
LONGEST, ALL = 200_000, 2_000_000  # letters of a cell, and of all cells
PARSED = 300_000  # letters of all cells that are parsed, to see what they define


def shortened(cells, ours, notes):
    """Return cells whose texts are no longer than they may be; those that are ours come first.

    Parameters
    ----------
    cells : list of Cell
    ours : callable
        Whether a cell is one of the released ones.
    notes : list of str
        What was cut is said here.
    """
    kept, left, lost = {}, ALL, 0
    for number, cell in sorted(enumerate(cells), key=lambda pair: not ours(pair[1])):
        size = min(len(cell.source), LONGEST, left)
        left -= size
        if size < len(cell.source) and len(cell.source) > LONGEST:
            notes.append(f"a cell of {len(cell.source)} letters was cut to {size}")
        elif size < len(cell.source):
            lost += 1
        kept[number] = cell if size == len(cell.source) else replace(
            cell, source=cell.source[:size])
    if lost:
        notes.append(f"{lost} cells were cut: all together have more than {ALL} letters")
    return [kept[number] for number in range(len(cells))]


def chosen(added, notes):
    """Return the added cells that are kept; of too many those with definitions come first."""
    code = [cell for cell in added if holds_code(cell)]
    defining = r"(?m)^(def|class|import|from|@|[\w, ]+=)"
    kept = sorted(code, key=lambda cell: not re.search(defining, cell.source))[:EXTRA]
    if len(code) > EXTRA:
        notes.append(f"{len(code)} cells were added, of which {EXTRA} run")
    others = [cell for cell in added if not holds_code(cell)]
    if len(others) > EXTRA:
        notes.append(f"{len(others)} cells without code were added, of which {EXTRA} are shown")
    return kept + others[:EXTRA]


def holds_code(cell):
    """Return whether something is to run in a cell.

    Examples
    --------
    >>> from homework.notebooks import Cell
    >>> holds_code(Cell("code", "# nothing\\n\\n")), holds_code(Cell("code", "# a\\nx = 1"))
    (False, True)
    """
    return cell.kind == "code" and any(
        line.strip() and not line.lstrip().startswith("#") for line in cell.source.splitlines())


class Budget:
    """How many letters may still be parsed of one submission."""

    def __init__(self):
        self.left = PARSED

    def admits(self, source):
        """Return whether a text may be parsed, and count it."""
        if len(source) > self.left:
            return False
        self.left -= len(source)
        return True
