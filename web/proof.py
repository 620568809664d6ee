"""Numbers that prove something, counted while the book is built.

`{number-of}` followed by `claims`, `figures` or `exhibits` counts them; by `kilobytes` it is the
median weight of a chapter's page as it is sent, with the sheet and the script that all share.
"""

import gzip
import re
import statistics
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from web.cells import is_code_cell
from web.claims import claims
from web.contents import chapters

WEIGHT = re.compile(r'(<span class="page-weight">)[^<]*')


class number_of(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801, a node's name
    """A place for a number that is known when all chapters have been read."""


def count_claims(env):
    """Return how many claims the chapters check."""
    return sum(len(claims(notebook)) for _, _, notebook in chapters(env))


def count_figures(env):
    """Return how many figures of the chapters move."""
    return sum("lib-explore" in node.astext() for name, _, _ in chapters(env)
               for cell in env.get_doctree(name).findall(is_code_cell)
               for node in cell.findall(nodes.raw))


def count_exhibits(env):
    """Return how many exhibits the museum has."""
    return len(list((Path(env.srcdir) / "chapters" / "museum").glob("*.py")))


COUNTS = {"claims": count_claims, "figures": count_figures, "exhibits": count_exhibits}
KILOBYTES = "kilobytes"


class NumberOf(SphinxRole):
    """Say one of these numbers."""

    def run(self):
        """Return the place for the number, or say that there is none of this name."""
        if self.text in (*COUNTS, KILOBYTES):
            return [number_of(what=self.text)], []
        known = ", ".join((*COUNTS, KILOBYTES))
        report = self.inliner.reporter.error(f"number-of: {self.text!r} is none of {known}")
        return [nodes.problematic("", self.rawtext)], [report]


def fill(app, doctree, docname):
    """Write the numbers into their places; the weight follows when the pages are written."""
    for place in list(doctree.findall(number_of)):
        if place["what"] == KILOBYTES:
            weight = '<span class="page-weight"></span>'
            place.replace_self(nodes.raw("", weight, format="html"))
        else:
            place.replace_self(nodes.Text(str(COUNTS[place["what"]](app.env))))


def zipped(path):
    """Return the size of a file as it is sent."""
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def weigh(app, exception):
    """Write the weight where pages name it, when all files of the site are what they will be."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = [zipped(site / f"{name}.html") for name, _, _ in chapters(app.env)]
    for page in map(site.joinpath, (f"{name}.html" for name in app.env.found_docs)):
        text = page.read_text(encoding="utf-8") if pages and page.exists() else ""
        if WEIGHT.search(text):
            shared = sum(zipped(site / "_static" / name) for name in ("book.css", "book.js"))
            weight = (statistics.median(pages) + shared) / 1000
            page.write_text(WEIGHT.sub(rf"\g<1>{weight:.0f}", text), encoding="utf-8")


def setup(app):
    """Register the role."""
    app.add_node(number_of)
    app.add_role("number-of", NumberOf())
    app.connect("doctree-resolved", fill)
    app.connect("build-finished", weigh, priority=950)  # after the bundle
