"""The first page: its trace, the reader's way back, and its own sheet and scripts.

The page is `index.md`. Its sheet and its scripts serve no other page, so they travel inside it, and
the bundle of the others stays as light as it was.
"""

import html
import linecache
import re
from pathlib import Path

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from lib.digits import trace
from web.contents import chapters
from web.ends import minutes

ASSETS = Path(__file__).parent / "assets"
SHEET, SCRIPTS = "first.css", ("first.js", "chips.js")
MARK = "first-page"  # the class of the first thing on the page
CALL = re.compile(r"(\w+)\((.*)\)", re.S)
BACK = '<p class="back"><span>{words}</span><a hidden></a></p>'


class Minutes(SphinxRole):
    """Say how many minutes the core path of a chapter takes."""

    def run(self):
        """Return the number, or say that there is no such chapter."""
        for _, path, notebook in chapters(self.env):
            told = path.stem == self.text and minutes(notebook)
            if told:
                self.env.note_dependency(str(path))
                return [nodes.Text(told[1])], []
        report = self.inliner.reporter.error(f"minutes: no chapter {self.text!r} tells its time")
        return [nodes.problematic("", self.rawtext)], [report]


class Traced(SphinxDirective):
    """Trace a function: the argument is a call of it, the content is its source."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return the trace as HTML."""
        call = self.arguments[0].strip()
        made = traced(call, "\n".join(self.content))
        result = str(made).partition("\n")[0].partition(": ")[2]  # the table tells the rest
        told = f"<p><code>{html.escape(call)}</code><br>{html.escape(result)}</p>"
        table = re.sub(r"<p>.*?</p>", lambda _: told, made._repr_html_(), count=1, flags=re.S)
        return [nodes.raw("", table, format="html")]


def traced(call, source):
    """Return the trace of a call of a function, whose lines count from 1."""
    found = CALL.fullmatch(call.strip())
    if not found:
        raise ValueError(f"{call!r} is no call: write the name of the function and its arguments, "
                         "such as f(1.0)")
    file, space = "<the first page>", {"np": np}
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), space)
    return trace(space[found[1]], *eval(f"({found[2]},)", space))


class Back(SphinxDirective):
    """Lead a reader who comes again to where they were; a newcomer reads the content instead."""

    has_content = True

    def run(self):
        """Return a line, which `first.js` turns into a link."""
        return [nodes.raw("", BACK.format(words=" ".join(self.content)), format="html")]


def dress(app, pagename, templatename, context, doctree):
    """Give the first page its sheet and its scripts, and take the link to the next page away."""
    if doctree is None or not any(MARK in one["classes"]
                                  for one in doctree.findall(nodes.container)):
        return
    sheet = (ASSETS / SHEET).read_text(encoding="utf-8")
    scripts = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    context["metatags"] = f"{context.get('metatags') or ''}\n<style>\n{sheet}</style>"
    context["body"] += f"<script>\n{scripts}</script>\n"
    context["theme_show_prev_next"] = False


def outdated(app, env, added, changed, removed):
    """Read the first page again in every build: it counts and shows what others hold."""
    return [app.config.root_doc]


def setup(app):
    """Register the role and the directives, and connect the rest."""
    app.add_role("minutes", Minutes())
    for name, directive in {"traced": Traced, "back": Back}.items():
        app.add_directive(name, directive)
    app.connect("html-page-context", dress, priority=920)
    app.connect("env-get-outdated", outdated)
