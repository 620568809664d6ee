"""Put the answers of a submission into a pristine copy of the release.

Of a submission the texts of its cells are taken and nothing else: no metadata, tag or output. What
the release has locked comes from the release. Cells that a student added stay where they are, after
the cell that they follow, and run: a later definition wins, as it does in the student's own
notebook.
"""

import ast
import re
from collections import Counter
from dataclasses import dataclass, field

from homework.bounds import COPIES, LONGEST, Budget, chosen, shortened
from homework.examtext import as_in_exam
from homework.harmless import attachments
from homework.notebooks import Cell

VARIANT = r'^VARIANT = ".*"$'  # the line of the first cell that differs between students


@dataclass
class Transplant:
    """The cells to run, and sentences on what was odd about the submission."""

    cells: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    untouched: set = field(default_factory=set)  # grade ids of answers as they were released
    missing: set = field(default_factory=set)  # grade ids of answers that were not found
    prose: list = field(default_factory=list)  # cells of text that belong to no answer


def transplanted(release, submitted):
    """Return the Transplant of a submission.

    Parameters
    ----------
    release, submitted : list of Cell
    """
    result = Transplant()
    ids = {cell.grade_id or cell.id for cell in release} | {cell.id for cell in release}
    submitted = shortened(submitted, lambda one: bool(
        {one.grade_id, one.id} & ids - {""}), result.notes)
    places, extras = _matched(release, submitted, result.notes)
    told = as_in_exam(release)
    for number, cell in enumerate(release):
        given, own = places.get(number, []), cell
        if cell.is_answer and given:
            own = Cell(cell.kind, _text(given[0]), cell.id, cell.marks,
                       given[0].attachments if cell.kind == "markdown" else {})
        elif cell.is_answer:
            result.notes.append(f"the answer cell {cell.grade_id!r} is missing")
            result.missing.add(cell.grade_id)
        if cell.is_answer and _bare(own) == _bare(cell):
            result.untouched.add(cell.grade_id)
        added = given[1:] if cell.is_answer else given
        copies = [_added(one) for one in added if _bare(one) not in (
            _bare(cell), _bare(told[number]))]
        others = [_added(one) for one in extras.get(number, [])]
        result.cells += [own, *copies, *others]
        result.prose += [one for one in copies if is_prose(one, cell)]
        result.prose += [one for one in others if is_prose(one)]
    _house(result)
    return result


def _added(cell):
    """Return a cell of a student's own as it is taken over."""
    return Cell(_kind(cell), re.sub(VARIANT, "", _text(cell), flags=re.M),
                attachments=cell.attachments if cell.kind == "markdown" else {})


def is_prose(cell, pristine=None):
    """Return whether a cell is text with a word that the released one has not.

    Examples
    --------
    >>> is_prose(Cell("markdown", "It rounds.")), is_prose(Cell("markdown", "---"))
    (True, False)
    """
    known = set(_bare(pristine)) if pristine else set()
    return cell.kind != "code" and any(
        re.search(r"\w", word) for word in set(_bare(cell)) - known)


def _house(result):
    """Show a student's own cells of text in the answers to be read that were left as released.

    Who leaves the answer's cell alone and writes beside it has answered: a person is to read it.
    """
    empty = [place for place, cell in enumerate(result.cells) if cell.kind == "markdown"
             and cell.is_answer and cell.points is not None and cell.grade_id in result.untouched]
    if not empty or not result.prose:
        return
    text, pictures = "", {}
    for number, one in enumerate(result.prose, 1):
        own = one.source[:max(0, LONGEST - len(text))]
        for name, picture in attachments(one.attachments).items():  # each may have an image.png
            own = own.replace(f"attachment:{name}", f"attachment:{number}-{name}")
            pictures[f"{number}-{name}"] = picture
        text += f"\n\n---\n\n*From a cell of the student's own:*\n\n{own}"
    for place in empty:
        cell = result.cells[place]
        result.cells[place] = Cell(cell.kind, cell.source + text[:LONGEST], cell.id, cell.marks,
                                   {**cell.attachments, **pictures})
        result.untouched.discard(cell.grade_id)
    counts = [len(re.findall(r"\w+", one.source)) for one in result.prose]
    result.notes.append(
        f"{len(counts)} Markdown cells, of {sum(counts)} words, belong to no answer: read them"
        if counts[1:] else f"a Markdown cell of {counts[0]} words belongs to no answer: read it")


def _matched(release, submitted, notes):
    """Return which cells of a submission stand for which of the release, and which follow it.

    A locked cell that was changed is given back as it was, and what was made of it runs after it:
    an import that somebody added to the first cell is not lost.
    """
    name, places, extras, last = _known(release, submitted, notes), {}, {}, 0
    numbers = [name(cell) for cell in submitted]
    told = as_in_exam(release)  # the same set, given as an exam, has another first text
    asis = [{_bare(cell), _bare(other)} for cell, other in zip(release, told, strict=True)]
    kept = _kept(submitted, numbers, asis, notes)
    for cell, number in zip(submitted, numbers, strict=True):
        last = last if number is None else number
        if id(cell) in kept:
            (extras if number is None else places).setdefault(last, []).append(cell)
    called = [cell.grade_id or cell.id for cell in release]
    for number, count in Counter(numbers).items():
        if number is not None and count > 1:
            times = "twice" if count == 2 else f"{count} times"
            notes.append(f"the cell {called[number]!r} is there {times}")
    edited = [repr(called[number]) for number, given in places.items()
              if not release[number].is_answer and _bare(given[0]) not in asis[number]]
    if edited:
        notes.append(f"{', '.join(edited)}, locked, changed and restored")
    return places, extras


def _kept(submitted, numbers, asis, notes):
    """Return the identities of the cells that are taken over.

    A cell of the release and few copies of it are; more copies count as added cells, unless they
    are as they were released.
    """
    seen, added, kept = Counter(), [], set()
    for cell, number in zip(submitted, numbers, strict=True):
        if number is None or (seen[number] > COPIES and _bare(cell) not in asis[number]):
            added.append(cell)
        elif seen[number] <= COPIES:
            kept.add(id(cell))
        seen[number] += 1
    return kept | {id(cell) for cell in chosen(added, notes)}


def _known(release, submitted, notes):
    """Return a function that says for which cell of the release a submitted one stands, or None.

    It is known by its grade_id, else by its id; where both are lost by its text, or by the name
    that it defines.
    """
    marks = ({cell.grade_id: n for n, cell in enumerate(release) if cell.grade_id},
             {cell.id: n for n, cell in enumerate(release) if cell.id})
    texts = {_bare(cell): n for n, cell in enumerate(release)}
    direct = [marks[0].get(cell.grade_id, marks[1].get(cell.id)) for cell in submitted]
    free = {name: n for n, cell in enumerate(release) if cell.is_answer and n not in direct
            and cell.kind == "code" for name in defined(cell.source)}
    if not any(cell.grade_id in marks[0] for cell in submitted):
        notes.append("nbgrader's metadata is lost: the answers were found by other marks")

    budget, known = Budget(), {}

    def name(cell):
        if id(cell) not in known:
            known[id(cell)] = named(cell)
        return known[id(cell)]

    def named(cell):
        found = marks[0].get(cell.grade_id, marks[1].get(cell.id))
        if found is None:
            found = texts.get(_bare(cell))
        if found is not None or not (free and budget.admits(cell.source)):
            return found
        return next((free[one] for one in sorted(defined(cell.source)) if one in free), None)

    return name


def _bare(cell):
    """Return the words of a cell, without the number of a variant."""
    return tuple(re.sub(VARIANT, "", cell.source, flags=re.M).split())


def _text(cell):
    """Return the text of a cell, without what no code can hold."""
    return cell.source.replace("\0", "").encode("utf-8", "replace").decode()


def _kind(cell):
    """Return the kind of an added cell; what is unknown is shown and does not run."""
    return cell.kind if cell.kind in ("code", "markdown") else "raw"


def defined(source):
    """Return the names that the top level of a cell defines.

    Examples
    --------
    >>> sorted(defined("def f(x): ...\\ny = 3\\nz, w = 1, 2\\nimport os"))
    ['f', 'w', 'y', 'z']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)
                      } if target is not None else set()
    return names


def with_variant(cells, variant):
    """Return cells in which the line VARIANT = "" holds a student's variant."""
    line = f'VARIANT = "{variant}"'
    return [Cell(cell.kind, re.sub(VARIANT, line, cell.source, flags=re.M), cell.id, cell.marks)
            if cell.kind == "code" and not cell.is_answer else cell for cell in cells]


def is_check(cell):
    """Return whether a cell of the release does nothing but show a check, which need not run.

    Examples
    --------
    >>> is_check(Cell("code", "checks.check_half(half, variant=VARIANT)"))
    True
    """
    if cell.kind != "code" or cell.is_answer:
        return False
    lines = [line for line in cell.source.splitlines() if line.strip()
             and not line.startswith("#")]
    return all(line.startswith("checks.check_") for line in lines)
