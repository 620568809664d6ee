"""Let a notebook's cell ids speak on the page.

A chapter names each cell by its step (`claim-absorbed`, `exercise-x`). On the page every cell keeps
its id as an anchor, a code cell has its step as a class (`step-claim`), the sentence that a claim
cell checks is marked as checked, and the stars of an exercise are set apart from its title. Notes
for the book's own tests (`# ledger: S4-01-07`) stay in the notebook.

`folds`, `predictions` and `paths` read more of a chapter, and start from the same list of blocks.
"""

import json
import re

from docutils import nodes
from sphinx.util import logging

from web import folds, paths, predictions
from web.places import link_to

LEDGER = re.compile(r"\n*# ledger: [^\n]*\Z")
STARS = re.compile(r"^(.*\S)\s+(★+)$")
KINDS = ("exercise", "question")
LINES = 10_000  # MyST-NB counts a line of the first cell as 10001, of the second as 20001 ...
log = logging.getLogger(__name__)

# Blocks that the HTML writer gives their ids; before any other an empty target is put.
BEARERS = (nodes.section, nodes.paragraph, nodes.bullet_list, nodes.enumerated_list,
           nodes.definition_list, nodes.block_quote, nodes.math_block, nodes.container,
           nodes.Admonition)


def read_cells(path):
    """Return the cells of a notebook, in order; none for another kind of file."""
    if not path.endswith(".ipynb"):
        return []
    with open(path, encoding="utf-8") as file:
        return json.load(file)["cells"]


def is_code_cell(node):
    """Tell whether a node holds the code and the outputs of one cell."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def cell_of(block, before):
    """Return the number of the cell that a block comes from; `before` if nothing tells."""
    if is_code_cell(block):
        return block["cell_index"]
    lines = (node.line for node in block.findall() if getattr(node, "line", None))
    line = next((line for line in lines if line > LINES), None)
    return before if line is None else line // LINES - 1


def blocks_of(doctree):
    """Return (number of the cell, block) of all sections and of what stands in them, in order."""
    blocks, number = [], 0
    for section in doctree.findall(nodes.section):
        for block in (section, *section):
            if isinstance(block, nodes.title) or (block is not section
                                                  and isinstance(block, nodes.section)):
                continue
            number = cell_of(block, number)
            blocks.append((number, block))
    return blocks


def anchor(doctree, cells, blocks):
    """Let the id of each cell lead to its first block."""
    first = {}
    for number, block in blocks:
        first.setdefault(number, block)
    for number, block in first.items():
        name = cells[number].get("id", "")
        if name in doctree.ids:
            if cell_of(doctree.ids[name], number) != number:
                log.warning("the cell id %r is also another anchor of this page", name,
                            location=block)
        elif name:
            bearer = block
            if not isinstance(block, BEARERS):
                bearer = nodes.target()
                block.parent.insert(block.parent.index(block), bearer)
            bearer["ids"].append(name)
            doctree.ids[name] = bearer


def name_steps(doctree, cells):
    """Give each code cell the class of its step, and mark what a claim checks."""
    for cell in doctree.findall(is_code_cell):
        step = cells[cell["cell_index"]].get("id", "").partition("-")[0]
        cell["classes"].append(f"step-{step}")
        if step == "claim":
            mark_sentence(cell, cells[cell["cell_index"] - 1]["id"])
        for code in cell.findall(nodes.literal_block):
            code[:] = [nodes.Text(without_ledger(code.astext()))]
            code.rawsource = code.astext()


def without_ledger(code):
    """Return the code of a cell without the note that ties it to the ledger."""
    return LEDGER.sub("", code)


def mark_sentence(cell, name):
    """Mark the paragraph whose bold sentence a claim cell checks; it links to its own cell."""
    before = cell.parent[:cell.parent.index(cell)]
    for node in reversed(before):
        if is_code_cell(node):
            return
        if isinstance(node, nodes.paragraph) and any(node.findall(nodes.strong)):
            node["classes"].append("claim")
            node += [nodes.Text(" "), link_to(name, "law")]
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
    cells = read_cells(app.env.doc2path(app.env.docname))
    if cells:
        blocks = blocks_of(doctree)
        anchor(doctree, cells, blocks)
        name_steps(doctree, cells)
        set_stars_apart(doctree)
        folds.fold(cells, [block for _, block in blocks if is_code_cell(block)])
        paths.mark(doctree, app.env.tocs[app.env.docname])
        predictions.cover(cells, blocks, app.env.docname)


def setup(app):
    """Install the marks; a priority after Sphinx's own collectors of titles."""
    app.connect("doctree-read", read, priority=600)
