"""The page of symptoms: what one sees, why, the cure, and the fewest lines that reproduce it.

A row is an entry of a definition list, in `chapters/symptoms.md` and nowhere else: the symptom,
what is behind it, and last a listing. The page gives it an anchor from its words and a link to
itself, and folds the listing; the tests run it (`tests/book/test_reproductions.py`).
"""

import re
from dataclasses import dataclass

from docutils import nodes
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from sphinx.util import logging

from web.places import anchor_of, filter_box, link_to

FOLD = '<details class="reproduction"><summary>Reproduce it</summary>'
PAGE = re.compile(r"(?:.*/)?symptoms")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """One symptom: its anchor and words, the Markdown of what is behind it, its listings."""

    anchor: str
    symptom: str
    text: str
    listings: tuple


def rows(page):
    """Return the rows of a page's Markdown, in order."""
    found, told = [], []
    for token in MarkdownIt().use(deflist_plugin).parse(page):
        if token.type in ("dt_open", "dd_open"):
            told = []
        elif token.type in ("inline", "fence"):
            told.append(token)
        elif token.type == "dt_close":
            symptom = told[0].content
        elif token.type == "dd_close":
            text = "\n".join(one.content for one in told if one.type == "inline")
            listings = tuple(one.content for one in told if one.type == "fence")
            found.append(Row(anchor_of(words(symptom)), symptom, text, listings))
    return found


def words(markdown):
    """Return a line of Markdown as it reads: of a role or a link its text."""
    return re.sub(r"\{\w+\}`([^`<]*?)\s*(?:<[^`]*>)?`", r"\1", markdown)


def mark_rows(app, doctree):
    """Give each symptom an anchor from its words, and a link to it; fold what reproduces it."""
    if not PAGE.fullmatch(app.env.docname):
        return
    section = next(iter(doctree.findall(nodes.definition_list))).parent
    section.parent.insert(section.parent.index(section), filter_box("symptoms"))
    for entries in doctree.findall(nodes.definition_list):
        entries["classes"].append("filtered")
        for term in list(entries.findall(nodes.term)):
            anchor(doctree, term)
        for listing in list(entries.findall(nodes.literal_block)):
            fold(listing)


def anchor(doctree, term):
    """Give a symptom its anchor, and a link to it."""
    name = anchor_of(term.astext())
    if name in doctree.ids:
        log.warning("two symptoms begin with the same words: %s", name, location=term)
        return
    doctree.ids[name] = term
    term["ids"].append(name)
    term += [nodes.Text(" "), link_to(name, "symptom")]


def fold(listing):
    """Fold a listing: a closed <details> needs no script, and is open on paper."""
    opening, closing = (nodes.raw("", html, format="html") for html in (FOLD, "</details>"))
    listing.replace_self([opening, listing.deepcopy(), closing])


def setup(app):
    """Connect the changes."""
    app.connect("doctree-read", mark_rows)
