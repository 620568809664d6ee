"""The map of the chapters: what builds on what, drawn while the book is built, and as a list.

`{map}` draws it; with the option `list` it also says, chapter by chapter, what the arrows say. A
column is a part of the book, and each arrow goes down. On a narrow screen the drawing gives way to
the list, or to whatever table stands beside it.
"""

import html
import textwrap

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from web.contents import parts
from web.needs import all_before, direct, read

WIDTH, HEIGHT = 132, 44  # of a box
ACROSS, DOWN = 156, 66  # from box to box
TOP = 46  # for the names of the parts
EDGE = 8  # at the left, for an arrow around a box of the first column
LETTERS = 18  # in a line of a box
HEAD = ('<marker id="map-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0 8 4 0 8z"/></marker>')
NAME = "Map of the chapters: an arrow leads from what is needed to what builds on it"


def places(book, columns):
    """Return {topic: (column, row)}: each chapter below all that it needs, no two in one place."""
    found = {}
    for topic, one in book.items():
        column = next(at for at, names in enumerate(columns) if one.page in names)
        row = max((found[need][1] + 1 for need in one.needs), default=0)
        while (column, row) in found.values():
            row += 1
        found[topic] = (column, row)
    return found


def corner(place):
    """Return the middle of the box at a place."""
    return place[0] * ACROSS + ACROSS // 2, TOP + place[1] * DOWN + DOWN // 2


def arrow(start, end, taken):
    """Return the curve from one place to another, around what stands between."""
    (x, y), (to_x, to_y) = corner(start), corner(end)
    half, low, gap = WIDTH // 2, HEIGHT // 2, ACROSS - WIDTH
    if start[0] != end[0]:  # down beside the first box, then along the lane above the last one
        side = 1 if end[0] > start[0] else -1
        x, to_x, lane = x + side * half, to_x - side * half, to_y - DOWN // 2
        out, into = x + side * gap, to_x - side * gap
        if abs(start[0] - end[0]) == 1:
            return f"M{x} {y}C{out} {y} {x} {to_y} {to_x} {to_y}"
        return (f"M{x} {y}C{out} {y} {x} {lane} {out} {lane}H{into}"
                f"C{to_x} {lane} {into} {to_y} {to_x} {to_y}")
    if any((start[0], row) in taken for row in range(start[1] + 1, end[1])):
        x -= half
        return f"M{x} {y}C{x - gap} {y} {x - gap} {to_y} {x} {to_y}"
    return f"M{x} {y + low}V{to_y - low}"


def box(one, place, address):
    """Return the link of a chapter."""
    x, y = corner(place)
    lines = textwrap.wrap(one.title, LETTERS, break_on_hyphens=False)
    first = y + 5 - 8 * (len(lines) - 1)
    text = " ".join(f'<tspan x="{x}" y="{first + 16 * at}">{html.escape(line)}</tspan>'
                    for at, line in enumerate(lines))
    return (f'<a href="{address}"><rect x="{x - WIDTH // 2}" y="{y - HEIGHT // 2}" width="{WIDTH}" '
            f'height="{HEIGHT}" rx="6"/><text>{text}</text></a>')


def drawing(book, captions, columns, address):
    """Return the map as SVG: links in the order of the book, below them the arrows."""
    at = places(book, columns)
    size = EDGE + len(columns) * ACROSS, TOP + DOWN * (1 + max(row for _, row in at.values()))
    arrows = "".join(f'<path d="{arrow(at[need], at[topic], at.values())}"/>'
                     for topic in book for need in direct(book, topic))
    heads = "".join(f'<text x="{column * ACROSS + ACROSS // 2}" y="{18 + 17 * line}">'
                    f"{html.escape(words)}</text>" for column, caption in enumerate(captions)
                    for line, words in enumerate(textwrap.wrap(caption, LETTERS)))
    boxes = "\n".join(box(one, at[topic], address(one.page)) for topic, one in book.items())
    return (f'<div class="map"><svg role="group" aria-label="{NAME}" viewBox="{-EDGE} 0 '
            f'{size[0]} {size[1]}" width="{size[0]}" height="{size[1]}">{HEAD}'
            f'<g class="map-parts">{heads}</g><g class="map-arrows">{arrows}</g>\n{boxes}\n'
            "</svg></div>")


def sentence(book, topic):
    """Return what the map says about one chapter, as Markdown."""
    one, before = book[topic], all_before(book, book[topic].needs)
    after = [other for other in book if topic in direct(book, other)]
    said = [f"{link(one)}: {one.core} minutes on its core path."]
    if before:
        said.append(f"Builds on {listed(link(book[need]) for need in one.needs)}.")
    if one.takes:
        said.append(f"Uses their {listed(f'`{name}`' for name in sorted(one.takes))}.")
    if after:
        said.append(f"Leads to {listed(link(book[other]) for other in after)}.")
    if len(before) > 1:
        total = one.core + sum(book[need].core for need in before)
        said.append(f"With the {len(before)} chapters before it, {total} minutes.")
    return " ".join(said)


def link(one):
    """Return a link to a chapter, as Markdown."""
    return f"[{one.title}]({one.topic}.ipynb)"


def listed(words):
    """Return words with commas, and an "and" before the last."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


class Map(SphinxDirective):
    """Draw the map of the chapters."""

    option_spec = {"list": directives.flag}  # noqa: RUF012, as docutils wants it

    def run(self):
        """Return the drawing, and the list that says the same."""
        book = read(self.env)
        for one in book.values():
            self.env.note_dependency(self.env.doc2path(one.page))
        pages = {one.page for one in book.values()}
        columns = {caption: names for caption, names in
                   parts(self.env.config.external_site_map).items() if pages & set(names)}
        drawn = drawing(book, list(columns), list(columns.values()), self.address)
        made = [nodes.raw("", drawn, format="html")]
        if "list" in self.options:
            made += [self.part(book, caption, names) for caption, names in columns.items()]
        return made

    def address(self, page):
        """Return the address of a page, seen from this one."""
        return self.env.app.builder.get_relative_uri(self.env.docname, page)

    def part(self, book, caption, names):
        """Return the list of one part of the book."""
        section = nodes.section(ids=[nodes.make_id(f"map-{caption}")])
        section += nodes.title("", caption)
        own = [topic for topic, one in book.items() if one.page in names]
        section += nodes.bullet_list("", *(nodes.list_item("", *self.markdown(
            sentence(book, topic))) for topic in own), classes=["map-list"])
        return section

    def markdown(self, text):
        """Return the nodes of a line of Markdown."""
        made = nodes.Element()
        self.state.nested_parse(StringList([text]), self.content_offset, made)
        return made.children


def setup(app):
    """Register the directive."""
    app.add_directive("map", Map)
