"""Let a reader point at one line of a long list: entries have anchors, and lists can be filtered.

A symptom, a claim of the claims page and a law in its chapter carry a link to themselves. Above
lists of the class `filtered` stands a field, to which `filter.js` listens.
"""

import re

from docutils import nodes

WORDS = 8  # of a symptom make its anchor


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
