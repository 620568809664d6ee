"""What the book holds: its pages in order, its chapters, their titles, parts and sections."""

import json
import re
from pathlib import Path

HEADING = re.compile(r"^#{1,4} (.+)$", re.M)
LEDGER = re.compile(r"ledger: *([\w-]+(?:, *[\w-]+)*)[ >-]*\Z")


def title(notebook):
    """Return the first heading of a notebook."""
    text = "".join("".join(cell["source"]) + "\n" for cell in notebook["cells"])
    return re.search(r"^# (.+)$", text, re.M)[1]


def in_order(site_map):
    """Return the names of the book's pages in the order of the table of contents."""
    order = [site_map.root.docname]
    for name in order:  # grows while it is walked: a page is followed by its children
        children = site_map[name].child_files()
        at = order.index(name) + 1
        order[at:at] = [child for child in children if child not in order]
    return order


def chapters(env):
    """Return (name, path, notebook) of each chapter that is a notebook, in order."""
    paths = ((name, Path(env.doc2path(name))) for name in in_order(env.config.external_site_map))
    return [(name, path, json.loads(path.read_text(encoding="utf-8")))
            for name, path in paths if path.suffix == ".ipynb" and path.exists()]


def parts(site_map):
    """Return {caption of a part of the book: names of its pages}, in order."""
    return {tree.caption or "": [str(item) for item in tree.items]
            for tree in site_map.root.subtrees}


def sections(notebook):
    """Return (id of the cell with the heading, heading) of the section of each cell."""
    found, place = [], ("", "")
    for cell in notebook["cells"]:
        headings = cell["cell_type"] == "markdown" and HEADING.findall("".join(cell["source"]))
        place = (cell["id"], headings[-1]) if headings else place
        found.append(place)
    return found


def teaching(notebook):
    """Return {row of the ledger: (id, heading) of the section that teaches it}.

    A cell says in its last line which rows it teaches. Sections of the lesson come before
    exercises and questions.
    """
    found = {}
    for cell, section in zip(notebook["cells"], sections(notebook), strict=True):
        named = LEDGER.search("".join(cell["source"]).rstrip())
        for row in re.split(r", *", named[1]) if named else ():
            found.setdefault(row, []).append(section)
    return {row: min(places, key=is_task) for row, places in found.items()}


def is_task(section):
    """Tell whether a section is an exercise or a question."""
    return section[0].startswith(("exercise-", "question-"))


def source(env, name):
    """Return the text of a Markdown page; nothing for other kinds."""
    path = Path(env.doc2path(name))
    return path.read_text(encoding="utf-8") if path.suffix == ".md" else ""
