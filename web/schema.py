"""What schema.org wants to know: of the book as a course, of a chapter as a part of it."""

import json

from docutils import nodes

from web.contents import chapters
from web.ends import minutes, outcomes
from web.mathematics import plain
from web.oneline import one_line

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
COMMON = {"inLanguage": "en-GB", "isAccessibleForFree": True, "license": LICENCE}


def words(node):
    """Return what a node says in one line, its formulas as text."""
    text = "".join(one_line(part.parent.astext()) if isinstance(part.parent, nodes.math)
                   else part.astext() for part in node.findall(nodes.Text))
    return " ".join(text.split())


def known(kind, **facts):
    """Return a thing of schema.org, with those facts that are known.

    Examples
    --------
    >>> known("Course", name="Sums", url="")
    {'@type': 'Course', 'name': 'Sums'}
    """
    return {"@type": kind, **{key: value for key, value in facts.items() if value}}


def course(env, text, address):
    """Return the book as a course; `address` says where a page is, or ""."""
    config = env.config
    parts = [known("LearningResource", name=plain(env.titles[name].astext()), url=address(name))
             for name, _, _ in chapters(env)]
    return known("Course", name=config.html_title, description=text, url=address(config.root_doc),
                 provider=known("Organization", name=config.author), hasPart=parts, **COMMON)


def chapter(env, name, doctree, text, address):
    """Return a chapter as a resource for learning; None for a page that is no chapter."""
    path = env.doc2path(name)
    if not str(path).endswith(".ipynb"):
        return None
    with open(path, encoding="utf-8") as file:
        took = minutes(json.load(file))
    book = known("Course", name=env.config.html_title, url=address(env.config.root_doc))
    return known("LearningResource", name=plain(env.titles[name].astext()), description=text,
                 url=address(name), learningResourceType="chapter", isPartOf=book,
                 timeRequired=took and f"PT{took[0]}M",
                 teaches=[words(one).rstrip(";.") for one in outcomes(doctree) or ()], **COMMON)


def script(thing):
    """Return the element that holds what schema.org wants to know, or nothing."""
    if thing is None:
        return ""
    text = json.dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False,
                      separators=(",", ":")).replace("</", r"<\/")
    return f'<script type="application/ld+json">{text}</script>'
