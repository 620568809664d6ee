"""Let a reader point at one line of a long list: symptoms have anchors, and lists can be filtered.

Each symptom gets an anchor from its words; a symptom, a claim of the claims page and a law in its
chapter carry a link to themselves. Above lists of the class `filtered` stands a field, to which
`filter.js` listens.
"""

import re

from docutils import nodes
from sphinx.util import logging

WORDS = 8  # of a symptom make its anchor
log = logging.getLogger(__name__)


def anchor_of(text):
    """Return an anchor from the first words of a sentence: letters, digits and hyphens."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words[:WORDS])


def link_to(name, what):
    """Return a link to a place on its own page, which a reader can copy."""
    return nodes.reference("", "#", refid=name, internal=True, classes=["headerlink", "place"],
                           reftitle=f"Link to this {what}")


def filter_box(what):
    """Return the field that filters lists; it has its place before a script listens."""
    html = (f'<div class="filter" data-what="{what}"><label>Only {what} with the words '
            '<input type="search" autocomplete="off"></label><p role="status"></p></div>')
    return nodes.raw("", html, format="html")


def anchor_symptoms(app, doctree):
    """Give each symptom an anchor from its words, and a link to it."""
    if app.env.docname.rpartition("/")[2] != "symptoms":
        return
    section = next(iter(doctree.findall(nodes.definition_list))).parent
    section.parent.insert(section.parent.index(section), filter_box("symptoms"))
    for entries in doctree.findall(nodes.definition_list):
        entries["classes"].append("filtered")
        for term in list(entries.findall(nodes.term)):
            name = anchor_of(term.astext())
            if name in doctree.ids:
                log.warning("two symptoms begin with the same words: %s", name, location=term)
                continue
            doctree.ids[name] = term
            term["ids"].append(name)
            term += [nodes.Text(" "), link_to(name, "symptom")]


def setup(app):
    """Connect the changes."""
    app.connect("doctree-read", anchor_symptoms)
