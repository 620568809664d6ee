"""The map of the first page: a card for each chapter, in the parts of the book.

`{cards}` has a line for each chapter, `topic: the failure in a few words | cell`: the cell is that
of the moving figure whose first frame becomes the card's picture. Minutes, exercises and
predictions are counted; `first.js` fills the ring with what a reader has done.
"""

import html
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from web.cells import is_code_cell
from web.contents import chapters, parts, title
from web.ends import minutes
from web.mathematics import plain
from web.thumbs import HEIGHT, WIDTH, sheet, thumbnail

FILE = "_images/cards.svg"
CARD = """<li class="card" data-page="{page}" data-predictions="{predictions}" \
data-exercises="{exercises}">
<img src="{file}#{topic}" alt="" width="{width}" height="{height}" loading="lazy" \
decoding="async">
<p class="card-title"><a href="{address}">{number}{title}</a></p>
<p class="card-failure">{failure}</p>
<p class="card-cost" title="{minutes} minutes to read, {exercises} exercises">\
{minutes} minutes · {exercises}<span aria-hidden="true"> ✎</span>\
<span class="visually-hidden"> exercises</span>
<svg class="card-ring" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">\
<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="9" pathLength="100"/></svg>
<span class="card-done"></span></p></li>
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """What the first page itself says about a chapter: its failure, and the cell of its picture."""

    topic: str
    failure: str
    cell: str


class cards_of(nodes.General, nodes.Element):  # noqa: N801, a node's name
    """A place for the cards, whose pictures are known when all chapters have been read."""


def lines(content):
    """Return the lines of the directive.

    >>> lines(["qr: two methods, two answers | explore-loss"])
    [Line(topic='qr', failure='two methods, two answers', cell='explore-loss')]
    """
    found = []
    for text in filter(str.strip, content):
        topic, colon, rest = text.partition(":")
        failure, bar, cell = rest.partition("|")
        if not (colon and bar and failure.strip() and cell.strip()):
            raise ValueError(f"{text!r} is no card: write `topic: the failure | cell`")
        found.append(Line(topic.strip(), failure.strip(), cell.strip()))
    return found


class Cards(SphinxDirective):
    """List the chapters as cards."""

    has_content = True

    def run(self):
        """Return the place for the cards, or say which line is missing or wrong."""
        try:
            told = lines(self.content)
        except ValueError as error:
            raise self.error(str(error)) from error
        topics = {path.stem for _, path, _ in chapters(self.env)}
        for topic in topics ^ {line.topic for line in told}:
            what = "has no card" if topic in topics else "is no chapter of the book"
            log.warning("cards: %s %s", topic, what, location=self.get_location())
        return [cards_of(lines=[line for line in told if line.topic in topics])]


def figure(env, name, notebook, cell):
    """Return the HTML of the moving figure that a cell of a chapter puts out, or ""."""
    ids = [one["id"] for one in notebook["cells"]]
    for block in env.get_doctree(name).findall(is_code_cell):
        if ids[block["cell_index"]] == cell:
            return "".join(node.astext() for node in block.findall(nodes.raw)
                           if "lib-explore" in node.astext())
    return ""


def counted(notebook, kind):
    """Return how many exercises a notebook sets, or how many predictions it asks for."""
    cells = notebook["cells"]
    if kind == "predictions":
        return sum("prediction" in cell["metadata"] for cell in cells)
    return sum(cell["id"].startswith("exercise-") for cell in cells)


def card(app, line, name, notebook, docname):
    """Return a chapter's card as HTML."""
    number = app.env.toc_secnumbers.get(name, {}).get("", ())
    return CARD.format(
        page=name, topic=line.topic, file=FILE, width=WIDTH, height=HEIGHT,
        address=app.builder.get_relative_uri(docname, name),
        number=f"{number[0]}. " if number else "", title=plain(title(notebook)),
        failure=html.escape(line.failure), minutes=(minutes(notebook) or "??")[1],
        exercises=counted(notebook, "exercises"), predictions=counted(notebook, "predictions"))


def draw(app, told, book):
    """Write the pictures of all cards into one file of the site; warn where there is none."""
    pictures = {}
    for name, (topic, notebook) in book.items():
        line = told.get(topic)
        picture = line and thumbnail(figure(app.env, name, notebook, line.cell), topic)
        if picture:
            pictures[topic] = picture
        elif line:
            log.warning("cards: %s has no moving figure with axes in a cell %s", topic, line.cell)
    path = Path(app.outdir) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet(pictures), encoding="utf-8")


def fill(app, doctree, docname):
    """Put the cards into their places, under the names of the parts."""
    for place in list(doctree.findall(cards_of)):
        book = {name: (path.stem, notebook) for name, path, notebook in chapters(app.env)}
        told = {line.topic: line for line in place["lines"]}
        draw(app, told, book)
        made = []
        for caption, names in parts(app.env.config.external_site_map).items():
            own = [(name, *book[name]) for name in names if name in book]
            cards = "".join(card(app, told[topic], name, notebook, docname)
                            for name, topic, notebook in own if topic in told)
            if cards:
                made.append(f"<h3>{html.escape(caption)}</h3>\n<ul class=\"cards\">\n{cards}</ul>")
        place.replace_self(nodes.raw("", "\n".join(made), format="html"))


def setup(app):
    """Register the directive."""
    app.add_node(cards_of)
    app.add_directive("cards", Cards)
    app.connect("doctree-resolved", fill)
