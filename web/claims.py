"""A generated page: every claim of the book with its check.

`{claims}` lists, chapter by chapter, the bold sentence before each claim cell, the cell itself
(folded), a link to the place, and when it last ran.
"""

import re
from datetime import UTC, datetime
from importlib import metadata
from platform import python_version

from docutils import nodes
from docutils.statemachine import StringList
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util.docutils import SphinxDirective

from web.cells import without_ledger
from web.contents import chapters, source, title
from web.places import filter_box, link_to

BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
PACKAGES = ("numpy", "scipy", "matplotlib", "mpmath", "jupyter-book", "sphinx", "myst-nb")


def claims(notebook):
    """Return (id, sentence, code) of each claim cell that follows the sentence it checks."""
    found = []
    for before, cell in zip(notebook["cells"], notebook["cells"][1:], strict=False):
        sentence = BOLD.search("".join(before["source"]))
        if cell.get("id", "").startswith("claim-") and sentence:
            text = " ".join(sentence[1].split())
            found.append((cell["id"], text, without_ledger("".join(cell["source"]))))
    return found


def last_run(env, name):
    """Return when a chapter last ran (a date and an hour); blank if unknown."""
    data = NbMetadataCollector.get_doc_data(env)[name].get("exec_data")
    if not data:
        return ""
    return datetime.fromtimestamp(data["mtime"], UTC).strftime("%Y-%m-%d %H:%M UTC")


def versions():
    """Return the names and versions that a chapter's numbers depend on."""
    return [("Python", python_version()), *((name, metadata.version(name)) for name in PACKAGES)]


class last_run_of(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801, a node's name
    """A place for the date of a chapter's last run, known when all chapters have been read."""


class Claims(SphinxDirective):
    """List every claim of the book."""

    def run(self):
        """Return one section for each chapter, below a field that filters them."""
        return [filter_box("claims"), *(self.chapter(*one) for one in chapters(self.env))]

    def chapter(self, name, path, notebook):
        """Return the section of one chapter."""
        self.env.note_dependency(str(path))
        section = nodes.section(ids=[nodes.make_id(f"claims-of-{path.stem}")])
        section += nodes.title("", "", *self.markdown(title(notebook))[0].children)
        when = nodes.paragraph(classes=["ledger-run"])
        when += [nodes.Text("Last run "), last_run_of(chapter=name), nodes.Text(" with "),
                 nodes.Text(", ".join(f"{one} {number}" for one, number in versions()[:4])),
                 nodes.Text(".")]
        section += when
        entries = nodes.enumerated_list(enumtype="arabic", classes=["ledger", "filtered"])
        for place, sentence, code in claims(notebook):
            entries += self.entry(path.stem, title(notebook), place, sentence, code)
        section += entries
        return section

    def entry(self, stem, chapter, place, sentence, code):
        """Return one claim: its sentence, links to its place and to itself, its folded check."""
        name = f"{stem}-{place}"
        item = nodes.list_item(ids=[name])
        item += self.markdown(sentence)
        item[0] += [nodes.Text(" "), nodes.reference("", f"In {chapter}", internal=True,
                                                    refuri=f"{stem}.html#{place}"),
                    nodes.Text(" "), link_to(name, "claim")]
        item += nodes.raw("", "<details><summary>The check</summary>", format="html")
        item += nodes.literal_block(code, code, language="python")
        item += nodes.raw("", "</details>", format="html")
        return item

    def markdown(self, text):
        """Return the nodes of a line of Markdown."""
        box = nodes.Element()
        self.state.nested_parse(StringList([text]), self.content_offset, box)
        return box.children


def table(heads, rows):
    """Return a table of inline nodes under text headings."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    head, body = nodes.thead(), nodes.tbody()
    head += line(nodes.Text(text) for text in heads)
    body += [line(row) for row in rows]
    group += [head, body]
    return nodes.table("", group, classes=["colwidths-auto"])


def line(cells):
    """Return a row of a table."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def outdated(app, env):
    """Ask for the generated pages again when a chapter has run."""
    wanted = [name for name in env.found_docs
              if any("{claims}" in text or "{status}" in text for text in [source(env, name)])]
    return wanted if NbMetadataCollector.new_exec_data(env) else []


def fill(app, doctree, docname):
    """Write dates into their places."""
    for place in list(doctree.findall(last_run_of)):
        place.replace_self(nodes.Text(last_run(app.env, place["chapter"])))


def setup(app):
    """Register the directive."""
    app.add_node(last_run_of)
    app.add_directive("claims", Claims)
    app.connect("env-updated", outdated)
    app.connect("doctree-resolved", fill)
