"""Say what a term means where it occurs.

A link to the glossary shows the definition while it is pointed at or has the focus (`terms.js`);
the definitions of a page stand hidden at its end, so that a page needs nothing but itself.
"""

import re

from docutils import nodes
from sphinx import addnodes

GLOSSARY = "glossary"
LINK = re.compile(r'href="[^"]*\bglossary\.html#(term-[^"]+)"')


def definitions(glossary):
    """Return the definition of each term of a page by the term's anchor: a list of nodes."""
    found = {}
    for item in glossary.findall(nodes.definition_list_item):
        for term in item.findall(nodes.term):
            for name in term["ids"]:
                found[name] = [without_links(part) for part in item[-1]]
    return found


def without_links(part):
    """Return a copy of a part of the text that may stand elsewhere: no anchors, no links."""
    copy = part.deepcopy()
    for inside in copy.findall(nodes.Element):
        inside["ids"] = []
    for note in list(copy.findall(nodes.footnote_reference)):
        note.parent.remove(note)
    for link in list(copy.findall(lambda node: isinstance(node, addnodes.pending_xref
                                                          | nodes.reference))):
        words = [nodes.Text(link.astext())] if isinstance(link, addnodes.pending_xref) else link[:]
        link.replace_self(words)
    return copy


def glossary_of(env):
    """Return the name of the page with the terms, or None."""
    return next((name for name in env.found_docs if name.rpartition("/")[2] == GLOSSARY), None)


def explain(app, pagename, templatename, context, doctree):
    """Put the definitions of a page's terms at its end."""
    glossary = glossary_of(app.env)
    if doctree is None or glossary in (None, pagename):
        return
    known = definitions(app.env.get_doctree(glossary))
    used = sorted(set(LINK.findall(context["body"])) & known.keys())
    notes = "".join(note(app.builder, name, known[name]) for name in used)
    if notes:
        context["body"] += f'<div class="term-notes">{notes}</div>\n'


def note(builder, name, definition):
    """Return the HTML of one definition."""
    text = nodes.container("", *definition)
    html = "".join(builder.render_partial(part)["fragment"] for part in text)
    return f'<div class="term-note" id="note-{name}" role="tooltip">{html}</div>'


def outdated(app, env):
    """Ask for every page again when the glossary has changed."""
    glossary = glossary_of(env)
    text = env.get_doctree(glossary).astext() if glossary else ""
    changed = getattr(env, "glossary_text", text) != text
    env.glossary_text = text
    return sorted(env.found_docs) if changed else []


def setup(app):
    """Connect the changes; after everything that reads a page's text."""
    app.connect("env-updated", outdated)
    app.connect("html-page-context", explain, priority=900)
