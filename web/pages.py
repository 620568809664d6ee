"""Make each page lighter to load and open to everyone.

Titles as plain text, a launch menu without invented addresses, pictures that reserve their place,
and the accessibility faults of the theme mended.
"""

import re
import struct
from pathlib import Path

from web.listings import wrap_lines
from web.mathematics import plain

IMAGE = re.compile(r'<img\b[^>]*\bsrc="([^"]*_images/[^"]*\.png)"[^>]*>')
# What every page leads to at its foot: page, place on it, words.
FOOT = (("chapters/status", "", "Status of this build"),
        ("chapters/running", "#its-source", "Source"))
STYLED = re.compile(r' style="width: (\d+)px; height: (\d+)px;"')

# (what the theme writes, what it should write); where axe-core found it, its rule is named.
MENDINGS = [(re.compile(pattern), remedy) for pattern, remedy in [
    # label-content-name-mismatch: a button's name contains the text that is seen
    (r'(<button class="btn[^>]*search-button[^>]*?) aria-label="Search"', r"\1"),
    (r'(<i class="theme-switch[^>]*?) title="[^"]*"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # icons say nothing
    (r'<i class="((?:theme-switch )?fa-)', r'<i aria-hidden="true" class="\1'),
    # by this name the theme's script finds the contents and marks wrong places in them
    (r'\bpst-page-toc-nav\b', "page-contents"),
    # region: all content lies in landmarks
    (r'<div id="pst-primary-sidebar"',
     r'<div role="navigation" aria-label="Book" id="pst-primary-sidebar"'),
    # empty-table-header: the empty corner of a table is no heading
    (r"<th\b[^>]*>(?:<p></p>)?</th>", "<td></td>"),
    # the status of the build is for authors: it has a link at the foot of each page
    (r'<li class="toctree-l1"><a class="reference internal" href="[^"]*\bstatus\.html">'
     r"[^<]*</a></li>\n?", ""),
    # the search page tells the console what it does
    (r'console\.log\("\[PST\][^"]*"\);', ""),
]]


def plain_titles(app, pagename, templatename, context, doctree):
    """Strip the markup from what goes into <title> and the links to the neighbours."""
    context["title"] = plain(context.get("title") or "")
    neighbours = (context.get("prev"), context.get("next"), *(context.get("parents") or ()))
    for link in filter(None, neighbours):
        link["title"] = plain(link["title"])


def furnish(app, pagename, templatename, context, doctree):
    """Call the first page Start in the contents, and let its foot lead to status and source."""
    context["root_title"] = "Start"
    links = [f'<a href="{app.builder.get_relative_uri(pagename, page)}{place}">{words}</a>'
             for page, place, words in FOOT if page in app.env.found_docs]
    told = context.get("theme_extra_footer") or ""
    context["theme_extra_footer"] = f"{told} {' · '.join(links)}".strip()


# Code has a button that copies it, what it prints has none.
CODE = "div[class*=highlight-]:not(.output) div.highlight pre"


def copy_code_alone(app, config):
    """Leave out the buttons on what cells print: each is a stop for the keyboard."""
    config.copybutton_selector = CODE


def launch_menu(app, config):
    """Drop links that need the book's public address while `repository: url` is empty."""
    if not config.html_theme_options.get("repository_url"):
        config.html_theme_options["launch_buttons"] = {}


def png_size(path):
    """Return width and height of a PNG file in pixels."""
    with open(path, "rb") as file:
        return struct.unpack(">II", file.read(24)[16:])


def place_pictures(page, folder):
    """Give pictures their size, so that nothing moves when they come, and load them when near.

    Each waits until it is near, the first one too: on a slow line it would come with the style
    sheet, for which nothing can be read. A size that a notebook asked for in a style (a picture
    for fine screens) becomes a pair of attributes as well: these keep its shape where the screen
    is narrower.
    """
    def place(match):
        tag = match[0]
        if "loading=" in tag:
            return tag
        asked = STYLED.search(tag)
        width, height = asked.groups() if asked else png_size(folder / match[1])
        rest = STYLED.sub("", tag).removeprefix("<img")
        return f'<img width="{width}" height="{height}" loading="lazy" decoding="async"{rest}'

    return IMAGE.sub(place, page)


def mend(page):
    """Return a page without the theme's accessibility faults."""
    for pattern, remedy in MENDINGS:
        page = pattern.sub(remedy, page)
    return page


def finish(app, exception):
    """Mend the written pages; doing it twice changes nothing."""
    if exception or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        if "_static" not in path.parts:
            old = path.read_text(encoding="utf-8")
            new = wrap_lines(mend(place_pictures(old, path.parent)))
            if new != old:
                path.write_text(new, encoding="utf-8")


def setup(app):
    """Connect the changes."""
    app.connect("config-inited", launch_menu)
    app.connect("config-inited", copy_code_alone, priority=100)  # before sphinx_copybutton reads
    app.connect("html-page-context", plain_titles, priority=900)
    app.connect("html-page-context", furnish, priority=900)
    app.connect("build-finished", finish, priority=800)
