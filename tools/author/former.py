"""The former contract of the chapters that are still to be unfolded; it goes with the last of them.

Each rule takes a Chapter and yields what is wrong, as a sentence that tells the author what to do.
"""

import ast
import re

from chapter import bold_sentences, words
from numerals import MISSPELT, unstated
from story import folds
from tasks import stub_name

TOPICS = (
)


def title(chapter):
    """The title cell says what the reader will be able to do, and how long it takes."""
    for cell in chapter.of("title"):
        if not cell.source.startswith("# "):
            yield "title: starts with `# ` and the chapter's title"
        if not re.search(r"^[*_][^*_].*[*_]$", cell.source, re.MULTILINE):
            yield "title: one line in *italics* says what you will be able to do"
        if (promised := minutes_promised(cell.source)) is None:
            yield "title: say how long the chapter takes: `Time: 90 minutes` or `Time: 2 hours`"
        elif not 1 / 2 <= promised / (computed := reading_minutes(chapter)) <= 2:
            yield f"title: promises {promised:g} minutes; counted are {computed:.0f}"
        if not re.search(r"\b(prerequisites?|you need|needs?)\b", cell.source, re.IGNORECASE):
            yield "title: name the prerequisites, as links (`Prerequisites: {doc}`…`` or none)"


def minutes_promised(text):
    """Return the minutes that a title cell promises, or None: "90 minutes", "2 hours"."""
    found = re.search(r"(\d+(?:\.\d+)?) (minute|hour)s?\b", text)
    return found and float(found[1]) * {"minute": 1, "hour": 60}[found[2]]


def reading_minutes(chapter):
    """Return the time that the lesson takes: 200 words a minute, 15 s a line, 3 min a question."""
    text = "\n\n".join(cell.source for cell in chapter.lesson if cell.kind == "markdown")
    lines = sum(len(cell.code_lines) for cell in chapter.lesson
                if cell.kind == "code" and not {"hide-cell", "hide-input"} & set(cell.tags))
    return len(words(text)) / 200 + lines * 15 / 60 + 3 * len(chapter.of("predict"))


def claims(chapter):
    """Each claim is one bold sentence before its asserts, which use all its numbers."""
    for cell in chapter.of("say"):
        if len(said := bold_sentences(cell.source)) != 1:
            yield f"{cell.id}: exactly one **bold sentence**, the claim; it has {len(said)}"
        elif not said[0].endswith((".", "?", "!")):
            yield f"{cell.id}: the bold text is a sentence: its full stop stands inside"
        claim = chapter.by_id.get(f"claim-{cell.word}")
        if claim is None:
            yield f"{cell.id}: no cell claim-{cell.word} asserts it"
            continue
        if chapter.cells[chapter.cells.index(cell) + 1] is not claim:
            yield f"{cell.id}: claim-{cell.word} stands directly after it"
        for number in MISSPELT.findall(" ".join(said)):
            yield f"{cell.id}: write {number} as $10^{{-3}}$ or 20 000, which can be compared"
        for number in unstated(" ".join(said), claim.tree):
            yield (f"{claim.id}: the sentence says {number}; let an assert, or what sets a name in "
                   "it, use that number with its sign (2^{53} as 2**53, 10^{-8} as 1e-8), once "
                   "for each time that the sentence says it")
    for cell in chapter.of("claim"):
        if not any(isinstance(node, ast.Assert) for node in ast.walk(cell.tree)):
            yield f"{cell.id}: holds no assert"
        if cell.outputs:
            yield f"{cell.id}: a claim cell shows nothing; show the value in a run cell before it"
        if f"say-{cell.word}" not in chapter.by_id:
            yield f"{cell.id}: no cell say-{cell.word} says it"


def exercises(chapter):
    """Every exercise has stars, hints in folds, a stub, a check and a solution that passes it."""
    for cell in chapter.of("exercise"):
        if not re.search(r"^### Exercise: \S.* ★{1,3}$", cell.source, re.MULTILINE):
            yield f"{cell.id}: needs the heading `### Exercise: title ★` with one to three stars"
        yield from folds(cell, "Hint")
        for step in ("try", "check", "solution"):
            if f"{step}-{cell.word}" not in chapter.by_id:
                yield f"{cell.id}: no cell {step}-{cell.word}"
    for cell in chapter.of("try"):
        name = stub_name(cell)
        if not name:
            yield f"{cell.id}: one stub and nothing else: `def name(x): ...` or `name = ...`"
            continue
        check = chapter.by_id.get(f"check-{cell.word}")
        if check and not uses(check, name):
            yield f"{check.id}: checks {name}, the name of its try cell"
        if check and "not attempted" not in check.text_output:
            yield f"{check.id}: is stored as *not attempted*: run it with the stub untouched"
        solution = chapter.by_id.get(f"solution-{cell.word}")
        if solution and not uses(solution, f"{name}_solution"):
            yield f"{solution.id}: defines {name}_solution"
    for cell in chapter.of("solution"):
        if "hide-cell" not in cell.tags:
            yield f'{cell.id}: fold it: metadata {{"tags": ["hide-cell"]}}'
        if not any(isinstance(node, ast.Assert) and "passed" in ast.unparse(node)
                   for node in ast.walk(cell.tree)):
            yield f"{cell.id}: asserts that its report passes (`assert check(…).passed`)"


def uses(cell, name):
    """Return whether a cell reads, sets or defines a name."""
    return any(name in (getattr(node, "id", ""), getattr(node, "name", ""))
               for node in ast.walk(cell.tree))


RULES = (title, claims, exercises)
