"""Lay out a section of a page when it comes near the window, not before.

A chapter has some 20 000 elements, most of them parts of formulas, and a phone needs a second to
lay them out. What is far below the window can wait, if the page knows about how high it will be:
else the scroll bar lies, and a reader who comes back lands elsewhere. Each section says how many
letters it shows, a picture counted as `PICTURE` of them, and how many folds, which are as high on
every screen; the style sheet turns both into a height. It rather guesses too much: what is laid out
early, by a program that measures it, overlaps what comes after a section whose guess was too small.
Of a whole chapter that height is right to a sixth (`tests/site/test_heights.py`).
"""

from html.parser import HTMLParser
from pathlib import Path

PICTURE = 300  # letters
# Sections at a page's end that are laid out at once: they are short, and the foot below them would
# move before the eyes of a reader who jumps to the end.
LAST = 4
UNSEEN = {"details", "script", "style", "svg", "math"}
SECTION = "<section"
LETTERS, FOLDS = 1, 2  # places in what is found of a section


class Sections(HTMLParser):
    """The sections of a page below its title: place in the text, letters, and folds of each."""

    def __init__(self, page):
        super().__init__()
        self.lines = [0]
        for line in page.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.depth, self.unseen, self.found = 0, 0, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Begin a section, or what is not seen; count a picture, or a fold."""
        if tag == "section":
            self.depth += 1
            if self.depth == 2:
                line, column = self.getpos()
                self.found.append([self.lines[line - 1] + column, 0, 0])
        if tag in ("img", "figure"):
            self.count(PICTURE)
        if tag == "details":
            self.count(1, what=FOLDS)
        self.unseen += tag in UNSEEN

    def handle_endtag(self, tag):
        """End what has begun."""
        self.unseen -= tag in UNSEEN
        self.depth -= tag == "section"

    def handle_data(self, data):
        """Count the letters that are seen."""
        self.count(len(" ".join(data.split())))

    def count(self, number, what=LETTERS):
        """Add letters or folds to the section that is open."""
        if self.depth >= 2 and not self.unseen:
            self.found[-1][what] += number


def told(page):
    """Return a page whose sections say how much they show; twice is as good as once.

    Examples
    --------
    >>> last = LAST * "<section></section>"
    >>> told(f"<section>Not me.<section>Five.</section>{last}</section>").replace(last, "")
    '<section>Not me.<section style="--letters:5;--folds:0">Five.</section></section>'
    """
    if f"{SECTION} style=" in page:
        return page
    for place, letters, folds in reversed(Sections(page).found[:-LAST]):
        end = place + len(SECTION)
        page = f'{page[:end]} style="--letters:{letters};--folds:{folds}"{page[end:]}'
    return page


def finish(app, exception):
    """Mark the sections of all chapters and of the pages beside them."""
    if exception or app.builder.format != "html":
        return
    for path in sorted((Path(app.outdir) / "chapters").glob("*.html")):
        old = path.read_text(encoding="utf-8")
        new = told(old)
        if new != old:
            path.write_text(new, encoding="utf-8")


def setup(app):
    """Connect the change."""
    app.connect("build-finished", finish, priority=850)
