"""Take the figures of a chapter from its built page: they move, or are pictures with their bytes.

The site lies in `_build/html` after `make book`; `_build/check/TOPIC` holds a single page.
"""

import base64
import re
from functools import cache
from pathlib import Path

from homework import Trouble
from homework.kit import ROOT

END = "</script></div>"
PICTURE = re.compile(r'<img\b[^>]*\bsrc="([^"]*_images/[^"]+)"[^>]*>')


def site_of(topic, asked=None):
    """Return the folder of a site that has a chapter's page; raise Trouble where none is built."""
    places = [Path(asked)] if asked else [
        ROOT / "_build" / "html", ROOT / "_build" / "check" / topic / "_build" / "html"]
    for place in places:
        if (place / "chapters" / f"{topic}.html").is_file():
            return place
    raise Trouble(f"The page of {topic} is not built, and its figures come from there: "
                  f"`python tools/run.py book --only {topic}`, then this again.")


@cache
def page(site, topic):
    """Return the text of a chapter's page."""
    return (Path(site) / "chapters" / f"{topic}.html").read_text(encoding="utf-8")


def shown(site, topic, cell):
    """Return what the page has from a cell's anchor up to the next cell of code."""
    text = page(site, topic)
    start = text.find(f'id="{cell}"')
    if start < 0:
        raise Trouble(f"The page of {topic} has no cell {cell!r}: is the site older than the "
                      "chapter? Build it again: make book")
    after = text.find('<div class="cell ', start + 1)
    return text[start:after if after > 0 else len(text)]


def figure(site, topic, cell):
    """Return the figure of a cell as HTML on its own: it moves, or is a picture; "" without one."""
    part = shown(site, topic, cell)
    start = part.find('<div class="lib-explore"')
    if start >= 0:
        return part[start:part.index(END) + len(END)]
    found = PICTURE.search(part)
    return picture(Path(site), found) if found else ""


def picture(site, found):
    """Return a picture of a page with its bytes inside."""
    path = site / "chapters" / found[1]
    kind = "svg+xml" if path.suffix == ".svg" else path.suffix[1:]
    alt = re.search(r'\balt="([^"]*)"', found[0])
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{alt[1] if alt else ""}" src="data:image/{kind};base64,{data}">'


def still(figure):
    """Return a moving figure as the picture of its first frame, for paper."""
    found = re.search(r'<div class="lib-explore-picture".*?</div>(?=<p)', figure, re.DOTALL)
    return found[0] if found else figure
