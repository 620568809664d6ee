"""Tell how a chapter reads: what the page shows unfolded, how long it takes, which part is core.

Minutes are computed, not promised: 200 words a minute, 15 seconds a visible line of code,
3 minutes a prediction.
"""

import ast
import re

from chapter import words

WORDS_A_MINUTE, SECONDS_A_LINE, MINUTES_A_PREDICTION = 200, 15, 3
FOLDED_STEPS = ("setup", "claim", "explore", "try", "check", "solution")
BEYOND = "*Beyond the core path.*"
HEADING = re.compile(r"^## .*$", re.MULTILINE)


def is_visible(cell):
    """Return whether the page shows the cell's code unfolded: a reader is to read it."""
    return (cell.kind == "code" and cell.step not in FOLDED_STEPS and not draws(cell)
            and "helper" not in cell.tags)


def draws(cell):
    """Return whether a cell shows a figure; its code is folded."""
    return "<Figure size" in cell.text_output or "<explore:" in cell.text_output or any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore"
        for node in ast.walk(cell.tree))


def visible(chapter):
    """Return the code cells of the lesson that a reader is to read."""
    return [cell for cell in chapter.lesson if is_visible(cell)]


def minutes(cells):
    """Return the minutes that some cells take to read."""
    texts = [cell.source for cell in cells if cell.kind == "markdown"]
    lines = sum(len(cell.code_lines) for cell in cells if is_visible(cell))
    predictions = sum(cell.step == "predict" for cell in cells)
    return (len(words("\n\n".join(texts))) / WORDS_A_MINUTE + lines * SECONDS_A_LINE / 60
            + MINUTES_A_PREDICTION * predictions)


def sections(chapter):
    """Return (heading, cells) for each section of the lesson; what precedes them has no heading."""
    parts = [("", [])]
    for cell in chapter.lesson:
        found = HEADING.search(cell.source) if cell.kind == "markdown" else None
        if found:
            parts.append((found[0].removeprefix("## "), []))
        parts[-1][1].append(cell)
    return parts


def is_core(cells):
    """Return whether a section is on the core path: its heading is not followed by BEYOND."""
    source = cells[0].source if cells else ""
    found = HEADING.search(source)
    return not (found and source[found.end():].lstrip().startswith(BEYOND))


def core_minutes(chapter):
    """Return the minutes of the sections on the core path."""
    return sum(minutes(cells) for _, cells in sections(chapter) if is_core(cells))
