"""A generated page: the museum of real bugs, run and traced while the page is built.

`{museum}` lists the exhibits in the folder that is named as its page: a table of them, with the
share in which the tracer blames a line that the fix changed, then each one under its chapter.
"""

import json
import math
from pathlib import Path

import numpy as np
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from web.claims import table
from web.contents import in_order, source, title
from web.exhibits import each_mark, exhibits, last_lines, share, split
from web.places import link_to

HEADS = ("Bug", "Line blamed", "Project", "Year", "Digits before", "After")


def address(report):
    """Return where a report is, such as numpy/numpy#8775; GitHub leads on to pull requests."""
    return "https://github.com/" + report.replace("#", "/issues/")


def link(report):
    """Return a link to a report."""
    return nodes.reference("", report, refuri=address(report))


def digits(trace):
    """Return how many digits are right, of how many."""
    printed = math.floor(trace.digits + 0.02)  # as the trace itself prints them
    return f"{printed}\u00a0of\u00a0{trace.full}"


def shown(value):
    """Return what a function returned, to be read: numbers to eight digits."""
    if np.ndim(value):
        return f"[{', '.join(shown(float(one)) for one in value)}]"
    return f"{value:.8g}"


def verdict(found):
    """Return the sentences above the table."""
    hits, chance = share(found)
    sure, lost, open_ = split(found)
    decided, luck = share(open_)
    traces, shows, cause = each_mark(found)
    return (f"There are {len(found)} exhibits. In {hits} of them, {hits / len(found):.0%}, the "
            "tracer blames a line that the fix changed. That is less than it seems. These "
            "functions are short, and a fix changes much of one: as many lines drawn at random "
            f"would hit {rounded(chance)}, and to blame the last two lines always, "
            f"{last_lines(found)}. In {len(sure)} exhibits nothing could miss, in {len(lost)} "
            "nothing could hit, for the fix only inserts lines or no line is named; of the other "
            f"{len(open_)} the tracer hits {decided}, chance {rounded(luck)}. Nor is a change a "
            "fault: a fix that renames a variable counts as one that changes its lines. Of the "
            f"{traces} traces that name a line the fix changed the one in which the loss shows in "
            f"{shows}, and the one that made the error in {cause}. Where the tracer misses, the "
            "exhibit says why.")


def rounded(number):
    """Return the nearest integer, and the larger one of two."""
    return math.floor(number + 0.5)


class Museum(SphinxDirective):
    """List the exhibits beside this page."""

    def run(self):
        """Return the table, and a section for each chapter."""
        folder = Path(self.env.doc2path(self.env.docname)).with_suffix("")
        names = [Path(name).name for name in in_order(self.env.config.external_site_map)]
        found = sorted(exhibits(folder), key=lambda one: (names.index(one.chapter), one.name))
        chapters = dict.fromkeys(one.chapter for one in found)
        return [*self.markdown(verdict(found)), table(HEADS, [self.row(one) for one in found]),
                *(self.chapter(name, [one for one in found if one.chapter == name])
                  for name in chapters)]

    def row(self, one):
        """Return the cells of an exhibit's row."""
        place = nodes.reference("", one.title, refid=anchor(one), internal=True)
        blamed = "yes" if one.blamed else "no"
        project = one.report.partition("#")[0].partition("/")[2].replace("_", "_\u200b")
        texts = (blamed, project, str(one.year), digits(one.before), digits(one.after))
        return [place, *(nodes.Text(text) for text in texts)]

    def chapter(self, name, found):
        """Return the section of the exhibits that one chapter explains."""
        section = nodes.section(ids=[nodes.make_id(f"museum-{name}")])
        path = Path(self.env.doc2path(self.env.docname)).with_name(f"{name}.ipynb")
        heading = title(json.loads(path.read_text(encoding="utf-8")))
        section += nodes.title("", "", *self.markdown(heading)[0].children)
        link_there = nodes.reference("", "The chapter", refuri=f"{name}.html", internal=True)
        section += nodes.paragraph("", "", link_there, nodes.Text(" explains these."))
        section += [self.exhibit(one) for one in found]
        return section

    def exhibit(self, one):
        """Return one exhibit: story, code, trace, cure."""
        section = nodes.section(ids=[anchor(one)], classes=["exhibit"])
        section += nodes.title("", "", nodes.Text(one.title))
        section += origin(one)
        section += self.markdown(one.story)
        section += nodes.literal_block(one.listing, one.listing, language="python")
        section += nodes.raw("", one.before._repr_html_(), format="html")
        section += self.markdown(f"*The fix.* {one.cure}")
        difference = "\n".join(one.difference)
        section += nodes.literal_block(difference, difference, language="diff")
        section += self.markdown(outcome(one))
        return section

    def markdown(self, text):
        """Return the nodes of a line of Markdown."""
        box = nodes.Element()
        self.state.nested_parse(StringList([text]), self.content_offset, box)
        return box.children


def anchor(one):
    """Return the anchor of an exhibit."""
    return nodes.make_id(f"exhibit-{one.name}")


def origin(one):
    """Return the paragraph that says where and when a bug was reported and mended."""
    paragraph = nodes.paragraph("", f"Reported in {one.year}: ", link(one.report))
    if one.fix:
        paragraph += [nodes.Text("; the fix: "), link(one.fix)]
    paragraph += [nodes.Text(f" ({one.state}). "), link_to(anchor(one), "exhibit")]
    return paragraph


def outcome(one):
    """Return what both functions return, and whether the tracer found the line."""
    wider = ""
    if one.marked:
        wider = (f" Here the whole function is run in {one.fixed_format}; the fix needs it for the "
                 "lines with a minus.")
    found = "The tracer blames a line that the fix changed."
    before, after = shown(one.before.value), shown(one.after.value)
    if before == after:
        before, after = str(float(one.before.value)), str(float(one.after.value))
    return (f"Before: `{before}`, {digits(one.before)} digits. After: `{after}`, "
            f"{digits(one.after)} digits.{wider} {found if one.blamed else one.miss}")


def outdated(app, env, added, changed, removed):
    """Read the page again in every build: an exhibit, or the tracer, may have changed."""
    return [name for name in env.found_docs if "{museum}" in source(env, name)]


def setup(app):
    """Register the directive."""
    app.add_directive("museum", Museum)
    app.connect("env-get-outdated", outdated)
