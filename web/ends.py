"""A chapter ends with what the reader can do now, and with what the next one asks."""

import re

from docutils import nodes

from web.contents import chapters
from web.mathematics import plain
from web.terms import without_links

TIME = re.compile(r"\*\*Time\*\*: (\d+) minutes, core path (\d+)")
QUESTION = "The question of this chapter."


def outcomes(doctree):
    """Return the list of what a chapter teaches, which stands in its first section; or None."""
    first = next(iter(doctree.findall(nodes.section)), None)
    own = (part for part in first or () if isinstance(part, nodes.enumerated_list))
    return next(own, None)


def question(doctree):
    """Return the paragraph with the question of a chapter, without the words that announce it."""
    for strong in doctree.findall(nodes.strong):
        if strong.astext() == QUESTION:
            paragraph = strong.parent.deepcopy()
            del paragraph[:strong.parent.index(strong) + 1]
            return paragraph
    return None


def minutes(notebook):
    """Return the minutes of a whole chapter and of its core path, or None, from its title cell."""
    found = TIME.search("".join(notebook["cells"][0]["source"]))
    return found and found.groups()


def html_of(builder, part):
    """Return the HTML of a part of a page, without its links and anchors."""
    return builder.render_partial(without_links(part))["fragment"]


def end(app, pagename, templatename, context, doctree):
    """Put the card at the end of a chapter."""
    notebooks = {name: notebook for name, _, notebook in chapters(app.env)}
    learnt = outcomes(doctree) if pagename in notebooks else None
    if learnt is None:
        return
    card = f"<p><b>You can now</b></p>{html_of(app.builder, learnt)}"
    names = list(notebooks)
    for name in names[names.index(pagename) + 1:][:1]:
        address = app.builder.get_relative_uri(pagename, name)
        card += about(app, name, notebooks[name], address)
    context["body"] += ('<section class="chapter-end" aria-label="End of the chapter">'
                        f"{card}</section>\n")


def about(app, name, notebook, address):
    """Return what a chapter is called, how long it takes, and what it asks."""
    took = minutes(notebook)
    time = f" · {took[0]} minutes, core path {took[1]}" if took else ""
    asked = question(app.env.get_doctree(name))
    asks = html_of(app.builder, asked) if asked is not None else ""
    title = plain(app.env.titles[name].astext())
    return f'<p><b>Next: <a href="{address}">{title}</a></b>{time}</p>{asks}'


def setup(app):
    """Connect the card; after the titles have become plain text."""
    app.connect("html-page-context", end, priority=910)
