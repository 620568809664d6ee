"""The contract of prerequisites: a chapter uses of lib what it, or one that it needs, has taught.

What a chapter says in its text, in `backticks`, or shows through `source(…)`, it teaches.
"""

import ast
import re
from functools import cache
from pathlib import Path

from chapter import ROOT, read
from story import contents

ROOMS = ("numbers", "linear", "gradients", "calculus")


def imported(chapter):
    """Return {name in the chapter: room} for all that its cells import from the taught rooms."""
    found = {}
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    place = f"{node.module}.{alias.name}".split(".")
                    if place[0] == "lib" and len(place) > 1 and place[1] in ROOMS:
                        found[alias.asname or alias.name] = ".".join(place[1:])
    return found


def used(chapter):
    """Return {function of lib: id of the first cell that uses it}."""
    names, found = imported(chapter), {}
    modules = {name for name, place in names.items() if (ROOT / "lib" / Path(
        *place.split("."))).with_suffix(".py").exists() or place in ROOMS}
    for cell in chapter.cells:
        if cell.kind != "code" or cell.step == "setup":
            continue
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in modules \
                    and not node.attr.isupper():  # the constants name themselves
                found.setdefault(node.attr, cell.id)
            elif isinstance(node, ast.Name) and node.id in set(names) - modules:
                found.setdefault(names[node.id].split(".")[-1], cell.id)
    return found


def taught(chapter):
    """Return the names that a chapter's text says in backticks, or that it shows the source of."""
    text = "\n".join(cell.source for cell in chapter.lesson if cell.kind == "markdown")
    said = re.findall(r"`[^`]*`", text)
    code = "\n".join(cell.source for cell in chapter.lesson if cell.kind == "code")
    shown = re.findall(r"\bsource\(([\w.]+)\)", code)
    return {word for part in (*said, *shown) for word in re.findall(r"\w+", part)}


def needed(chapter):
    """Return the topics that the title cell links as prerequisites."""
    source = chapter.cells[0].source if chapter.cells else ""
    lines = re.findall(r"^.*\bNeeds\b.*$", source, re.MULTILINE)
    return {name for line in lines for name in re.findall(r"\{doc\}`(?:[^`<]*<)?(\w+)>?`", line)}


@cache
def known_from(topic):
    """Return all that a chapter of the book and those that it needs teach."""
    path = ROOT / "chapters" / f"{topic}.ipynb"
    if topic not in contents() or not path.exists():
        return frozenset()
    made = read(path)
    before = [known_from(other) for other in needed(made) if other != topic]
    return frozenset(taught(made)).union(*before)


def prerequisites(chapter):
    """What a chapter uses of lib was taught, here or in a chapter that its title names."""
    known = taught(chapter).union(*(known_from(topic) for topic in needed(chapter)))
    for name, where in used(chapter).items():
        if name not in known:
            yield (f"{where}: uses {name} of lib, which neither this chapter's text names nor one "
                   "that it needs: say in a sentence what `" + name + "` does")


RULES = (prerequisites,)
