"""Let a notebook's cell ids speak on the page.

A chapter names each cell by its step (`claim-absorbed`, `exercise-x`). On the page every code cell
keeps its id as an anchor and its step as a class (`step-claim`), the sentence that a claim cell
checks is marked as checked, and the stars of an exercise are set apart from its title. Notes for
the book's own tests (`# ledger: S4-01-07`) stay in the notebook.
"""

import json
import re

from docutils import nodes

# What the fold of a hidden cell says, by the cell's step.
FOLDS = {"solution": "A solution"}

LEDGER = re.compile(r"\n*# ledger: [^\n]*\Z")
STARS = re.compile(r"^(.*\S)\s+(★+)$")
KINDS = ("exercise", "question")


def cell_ids(path):
    """Return the ids of a notebook's cells, in order; none for another kind of file."""
    if not path.endswith(".ipynb"):
        return []
    with open(path, encoding="utf-8") as file:
        return [cell.get("id", "") for cell in json.load(file)["cells"]]


def is_code_cell(node):
    """Tell whether a node holds the code and the outputs of one cell."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def name_cells(doctree, ids):
    """Give each code cell its id and the class of its step."""
    for cell in doctree.findall(is_code_cell):
        name = ids[cell["cell_index"]]
        if name and name not in doctree.ids:
            cell["ids"].append(name)
        step = name.partition("-")[0]
        cell["classes"].append(f"step-{step}")
        if step in FOLDS and "hide_mode" in cell:
            cell["prompt_show"] = cell["prompt_hide"] = FOLDS[step]
        if step == "claim":
            mark_sentence(cell)
        for code in cell.findall(nodes.literal_block):
            code[:] = [nodes.Text(without_ledger(code.astext()))]
            code.rawsource = code.astext()


def without_ledger(code):
    """Return the code of a cell without the note that ties it to the ledger."""
    return LEDGER.sub("", code)


def mark_sentence(cell):
    """Mark the paragraph before a claim cell whose bold sentence that cell checks."""
    before = cell.parent[:cell.parent.index(cell)]
    for node in reversed(before):
        if is_code_cell(node):
            return
        if isinstance(node, nodes.paragraph) and any(node.findall(nodes.strong)):
            node["classes"].append("claim")
            return


def set_stars_apart(doctree):
    """Give sections of exercises and questions their class, and stars a span of their own."""
    for title in doctree.findall(nodes.title):
        kind = title.astext().partition(":")[0].lower()
        if kind in KINDS:
            title.parent["classes"].append(kind)
        match = STARS.match(title[-1]) if isinstance(title[-1], nodes.Text) else None
        if match:
            stars = nodes.inline("", match[2], classes=["stars"])
            title[-1:] = [nodes.Text(match[1] + " "), stars]


def read(app, doctree):
    """Apply the conventions to a page that has been read."""
    ids = cell_ids(app.env.doc2path(app.env.docname))
    if ids:
        name_cells(doctree, ids)
        set_stars_apart(doctree)


def setup(app):
    """Install the marks; a priority after Sphinx's own collectors of titles."""
    app.connect("doctree-read", read, priority=600)
