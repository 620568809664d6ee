"""Read the cells of notebooks, of those too that no tool accepts any more."""

import json
from dataclasses import dataclass, field

LARGEST = 20 * 2**20  # bytes of a notebook that is read


class Unreadable(Exception):  # noqa: N818  a state of a file
    """A file is no notebook; the message says why."""


@dataclass
class Cell:
    """A cell: its kind, its text, the names by which it is known, its metadata, its pictures."""

    kind: str
    source: str
    id: str = ""
    marks: dict = field(default_factory=dict)  # what nbgrader's metadata says
    attachments: dict = field(default_factory=dict)

    @property
    def grade_id(self):
        """The name in nbgrader's metadata; empty without one."""
        return str(self.marks.get("grade_id", ""))

    @property
    def is_answer(self):
        """Whether a student is to write here."""
        return self.marks.get("solution") is True

    @property
    def points(self):
        """The points of a graded cell; None for others."""
        return float(self.marks.get("points", 0)) if self.marks.get("grade") is True else None


def read(data):
    """Return the cells of a notebook's bytes, as well as they can be read.

    What has the form of a cell counts, whatever else is broken: ids, metadata, the version.

    Raises
    ------
    Unreadable
        If there are no cells, or the bytes are no JSON.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"it has {len(data) / 2**20:.0f} MiB, {LARGEST / 2**20:.0f} are allowed")
    if not data.strip():
        raise Unreadable("it is empty")
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is no text in UTF-8") from None
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"it is no JSON, or was cut off: {str(problem)[:80]}") from None
    found = cells_in(whole)
    if not found:
        raise Unreadable("it has no cells")
    return found


def cells_in(whole):
    """Return the cells of a decoded notebook of version 3 or 4; none of anything else."""
    sheets = [whole, *_list(whole, "worksheets")]
    return [cell for sheet in sheets for raw in _list(sheet, "cells")
            if (cell := _cell(raw)) is not None]


def _list(value, name):
    """Return a list under a name, empty where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _cell(raw):
    """Return the Cell of decoded JSON; None where it is no cell."""
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    pictures = raw.get("attachments")
    return Cell(str(raw.get("cell_type", "code")), source, str(raw.get("id", "")),
                marks if isinstance(marks, dict) else {},
                pictures if isinstance(pictures, dict) else {})


def written(cells, outputs=None, kernel="python3"):
    """Return a notebook of version 4.5 as a dict that nbformat accepts.

    Parameters
    ----------
    cells : list of Cell
    outputs : dict of int to list, optional
        What the cells show, by their place.
    """
    outputs, names, found = outputs or {}, set(), []
    for place, cell in enumerate(cells):
        name = cell.id if cell.id and cell.id not in names else f"cell-{place}"
        names.add(name)
        raw = {"cell_type": cell.kind, "id": name, "source": cell.source,
               "metadata": {"nbgrader": cell.marks} if cell.marks else {}}
        if cell.kind == "code":
            raw |= {"execution_count": None, "outputs": outputs.get(place, [])}
        elif cell.attachments:
            raw["attachments"] = cell.attachments
        found.append(raw)
    return {"nbformat": 4, "nbformat_minor": 5, "cells": found, "metadata": {
        "kernelspec": {"name": kernel, "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"}}}


def text_of(notebook):
    """Return a notebook as the text of a file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
