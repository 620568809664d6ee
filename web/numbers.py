"""Offer the numbers behind each figure: a link to a table in CSV, below its caption.

The run of a chapter leaves a table for each of its figures in `_build/tables` (`tools/tabled.py`);
the site has them in `_static/tables`, where nobody loads them who does not ask.
"""

import shutil
from pathlib import Path

from docutils import nodes

from web.cells import is_code_cell, read_cells

PLACE = "_static/tables"
LINK = '<span class="figure-data"><a href="{}" download type="text/csv">{}</a></span>'
WORDS = "Data (CSV)"


def tables(env, name, cell):
    """Return the names of the tables of a cell, in the order of its figures."""
    folder = Path(env.srcdir) / "_build" / "tables" / Path(name).name
    found = [*folder.glob(f"{cell}.csv"), *sorted(folder.glob(f"{cell}.[0-9].csv"))]
    return [path.name for path in found]


def offer(app, doctree):
    """Put the links below the captions of a chapter's figures."""
    name = app.env.docname
    cells = read_cells(app.env.doc2path(name))
    for code in doctree.findall(is_code_cell) if cells else ():
        found = tables(app.env, name, cells[code["cell_index"]].get("id", ""))
        caption = next(iter(code.findall(nodes.caption)), None)
        for number, table in enumerate(found, 1):
            address = f"{'../' * name.count('/')}{PLACE}/{Path(name).name}-{table}"
            link = LINK.format(address, f"{WORDS}, {number}" if number > 1 else WORDS)
            raw = nodes.raw("", f" {link}", format="html")
            if caption is None:
                code += nodes.paragraph("", "", raw)
            else:
                caption += raw


def copy(app, exception):
    """Put the tables of the site's chapters into its folder."""
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / PLACE
    shutil.rmtree(target, ignore_errors=True)
    for name in sorted(app.env.found_docs):
        folder = Path(app.srcdir) / "_build" / "tables" / Path(name).name
        for path in sorted(folder.glob("*.csv")):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / f"{folder.name}-{path.name}")


def setup(app):
    """Connect both; the links come after numbered captions have been collected."""
    app.connect("doctree-read", offer, priority=650)
    app.connect("build-finished", copy)
