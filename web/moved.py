"""Keep old addresses alive: pages that were renamed, and ids that are called otherwise now.

`redirects.toml` has the table. A renamed page leaves one that leads on, with its anchors, without
scripts too. An old id becomes a second id of the new place or, where that is on another page, a
line at the foot of its own page. A target that is not there, or an old name that is a page today,
fails the build.
"""

import json
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from web.head import address
from web.mathematics import plain

STUB = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} (moved)</title>
<meta name="robots" content="noindex"><link rel="canonical" href="{canonical}">
<script>(moved => {{
  const to = moved[decodeURIComponent(location.hash.slice(1))];
  location.replace(to ?? "{to}" + location.search + location.hash);
}})({anchors})</script>
<meta http-equiv="refresh" content="0; url={to}">
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><p>This page has moved: <a href="{to}">{title}</a></p></body></html>
"""
LINE = '<p class="moved" id="{old}">What stood here has moved: <a href="{to}">{title}</a></p>\n'
TABLE = ("web", "redirects.toml")
log = logging.getLogger(__name__)


def table(folder):
    """Return the table of a book: {old page: page}, {old page#id: page#id}."""
    path = Path(folder).joinpath(*TABLE)
    known = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return known.get("pages", {}), known.get("anchors", {})


def names(doctree):
    """Return all ids of a page."""
    return {name for node in doctree.findall(nodes.Element) for name in node.get("ids", ())}


def faults(pages, anchors, found, ids):
    """Return, in sentences, the lines of a table that lead nowhere or hide a page.

    `found` are the pages of the book; `ids(page)` are those of a page.
    """
    told = [f"{old} is a page of the book: it cannot lead to {new}"
            for old, new in pages.items() if old in found]
    told += [f"{old} leads to {new}, and there is no such page"
             for old, new in pages.items() if new not in found]
    for old, new in anchors.items():
        [page, _, name], [target, _, place] = old.partition("#"), new.partition("#")
        if page not in found and page not in pages:
            told.append(f"{old} is on no page of today or before")
        elif target not in found or place not in ids(target):
            told.append(f"{old} leads to {new}, and there is no such place")
        elif not name or (target != page and page in found and name in ids(page)):
            told.append(f"{old} is a place of the book: it cannot lead to {new}")
    return told


def check(app, env):
    """Warn of each line of the table that cannot be kept, which fails a strict build."""
    pages, anchors = table(app.srcdir)
    for fault in faults(pages, anchors, env.found_docs,
                        lambda page: names(env.get_doctree(page))):
        log.warning("%s: %s. Mend that line.", "/".join(TABLE), fault)


def alias(app, doctree):
    """Give places of a page the ids that they had before."""
    page, (_, anchors) = app.env.docname, table(app.srcdir)
    for old, new in anchors.items():
        if old.startswith(f"{page}#") and new.startswith(f"{page}#"):
            name, place = old.partition("#")[2], new.partition("#")[2]
            bearer = next((node for node in doctree.findall(nodes.Element)
                           if place in node.get("ids", ())), None)
            if name in names(doctree):
                log.warning("%s: %s is a place of the page today. Mend that line.",
                            "/".join(TABLE), old)
            elif bearer is not None:
                bearer["ids"].append(name)


def lead_on(app, pagename, templatename, context, doctree):
    """Put a line at the foot of a page for each of its old ids that is on another page now."""
    for old, new in table(app.srcdir)[1].items():
        page, target = old.partition("#")[0], new.partition("#")[0]
        if page == pagename != target and target in app.env.found_docs:
            to = app.builder.get_relative_uri(pagename, target) + "#" + new.partition("#")[2]
            context["body"] += LINE.format(old=escape(old.partition("#")[2]), to=escape(to),
                                           title=escape(title(app, target)))


def title(app, page):
    """Return the title of a page as plain text."""
    return plain(app.env.titles[page].astext())


def stub(app, old, new, anchors):
    """Return the page that leads from an old name to a new one."""
    def way(target):
        page, _, place = target.partition("#")
        return "../" * old.count("/") + f"{page}.html" + f"#{place}" * bool(place)

    moved = {place.partition("#")[2]: way(target) for place, target in anchors.items()
             if place.startswith(f"{old}#")}
    canonical = address(app.config, new) or way(new)
    return STUB.format(title=escape(title(app, new)), to=way(new), canonical=escape(canonical),
                       anchors=json.dumps(moved).replace("<", r"\u003c"))


def write(app, exception):
    """Write the pages that lead on; the table has been judged by then."""
    if exception or app.builder.format != "html":
        return
    pages, anchors = table(app.srcdir)
    for old, new in pages.items():
        if new in app.env.found_docs and old not in app.env.found_docs:
            path = Path(app.outdir) / f"{old}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(stub(app, old, new, anchors), encoding="utf-8")


def setup(app):
    """Connect the table; the pages that lead on come last, and stay as light as they are."""
    app.connect("doctree-read", alias, priority=650)  # after the ids of cells
    app.connect("env-check-consistency", check)
    app.connect("html-page-context", lead_on, priority=930)
    app.connect("build-finished", write, priority=950)
