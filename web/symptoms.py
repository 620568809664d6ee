"""The page of symptoms: what one sees, why, the cure, and the fewest lines that reproduce it.

A row is an entry of a definition list, in `chapters/symptoms.md` and nowhere else: the symptom,
what is behind it, and last a listing. The page gives it an anchor from its words and a link to
itself, and folds the listing; the tests run it (`tests/book/test_reproductions.py`). A comment
`% Found by: words; a message` has what readers type and the page does not say: it is not shown,
and the finder, the filter and the search look through it.
"""

import html
import re
from dataclasses import dataclass

from docutils import nodes
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from sphinx.util import logging

from web.places import anchor_of, filter_box, link_to

FOLD = '<details class="reproduction"><summary>Reproduce it</summary>'
NAMES = "Found by:"
HIDDEN = '<span class="names" hidden>{}</span>'
PAGE = re.compile(r"(?:.*/)?symptoms")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """One symptom: its anchor and words, the Markdown of what is behind it, its listings, names."""

    anchor: str
    symptom: str
    text: str
    listings: tuple
    names: str = ""


def rows(page):
    """Return the rows of a page's Markdown, in order."""
    found, told = [], []
    for token in MarkdownIt().use(deflist_plugin).use(myst_block_plugin).parse(page):
        if token.type in ("dt_open", "dd_open"):
            told = []
        elif token.type in ("inline", "fence", "myst_line_comment"):
            told.append(token)
        elif token.type == "dt_close":
            symptom = told[0].content
        elif token.type == "dd_close":
            text = "\n".join(one.content for one in told if one.type == "inline")
            listings = tuple(one.content for one in told if one.type == "fence")
            names = "".join(names_of(one.content) for one in told if one.type.endswith("comment"))
            found.append(Row(anchor_of(words(symptom)), symptom, text, listings, names))
    return found


def names_of(comment):
    """Return the names by which a comment lets a symptom be found, or "".

    >>> names_of(" Found by: LinAlgError; singular"), names_of("a note")
    ('LinAlgError; singular', '')
    """
    said = comment.strip()
    return " ".join(said.removeprefix(NAMES).split()) if said.startswith(NAMES) else ""


def words(markdown):
    """Return a line of Markdown as it reads: of a role or a link its text."""
    return re.sub(r"\{\w+\}`([^`<]*?)\s*(?:<[^`]*>)?`", r"\1", markdown)


def mark_rows(app, doctree):
    """Give each symptom an anchor from its words, and a link to it; fold what reproduces it."""
    if not PAGE.fullmatch(app.env.docname):
        return
    title = next(iter(doctree.findall(nodes.title)))  # the field comes first, below the subtitle
    title.parent.insert(2, filter_box("symptoms"))
    for entries in doctree.findall(nodes.definition_list):
        entries["classes"].append("filtered")
        for term in list(entries.findall(nodes.term)):
            anchor(doctree, term)
        for listing in list(entries.findall(nodes.literal_block)):
            fold(listing)
        for comment in list(entries.findall(nodes.comment)):
            names = names_of(comment.astext())
            hidden = nodes.raw("", HIDDEN.format(html.escape(names)), format="html", names_=names)
            comment.replace_self(hidden)


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
