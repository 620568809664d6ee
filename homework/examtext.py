"""Say in an exam's notebook and on its page what the checks of an exam tell."""

import re

from homework.notebooks import Cell

TOLD = ("This is an exam. The cell below an answer tells its form only: whether it takes the "
        "arguments, returns, and gives the number, shapes and formats of results that are asked "
        "for, or whether an input has the form that is admitted.\n"
        "It says nothing about the values, which may be wrong.\n"
        "They are judged when the exam is graded, on numbers that are drawn then, and the worst "
        "case that tells two methods apart caps the mark.")
MARKING = ("The checks in the notebook tell the form of an answer only: that it takes the "
           "arguments, returns, and gives the number, shapes and formats of results that are asked "
           "for. An answer that is told “as asked” or “admitted” may be wrong. Marks come from "
           "judges that you do not have, on fresh numbers, which are drawn when it is graded. "
           "Feedback is a web page: where it comes under the name of your notebook, save it as "
           ".html.")
CHECKS = """The cell below an answer tells the
form of what it gives, as asked or not, and nothing of its values: run it as often as you like."""


def as_in_exam(cells):
    """Return the cells of a release as an exam has them: the first text says what checks tell.

    Its lines on checks give way to that.

    Examples
    --------
    >>> (cell,) = as_in_exam([Cell("markdown", "# A set\\n\\nA check tells all.\\n\\nThe end.")])
    >>> [line[:16] for line in cell.source.splitlines()]
    ['# A set', '', 'This is an exam.', 'It says nothing ', 'They are judged ', '', 'The end.']
    """
    first = next((number for number, cell in enumerate(cells) if cell.kind == "markdown"
                  and not cell.is_answer and cell.points is None), None)
    if first is None:
        return list(cells)
    cell, lines = cells[first], cells[first].source.splitlines()
    gone = [number for number, line in enumerate(lines) if on_checks(line)]
    kept = [line for number, line in enumerate(lines) if number not in gone]
    place = gone[0] if gone else len(kept)
    before = kept[:place] if gone or not kept else [*kept, ""]
    told = Cell(cell.kind, "\n".join([*before, TOLD, *kept[place:]]), cell.id, cell.marks,
                cell.attachments)
    return [*cells[:first], told, *cells[first + 1:]]


def on_checks(line):
    """Return whether a line of a notebook's first text speaks of its checks."""
    return re.search(r"\bchecks?\b", line) is not None
