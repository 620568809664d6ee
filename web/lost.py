"""The page for addresses that are none: 404.html, which hosts show at any depth of path.

If the address of the site is known, its links begin at the host's root. If not, a small script on
the page (`assets/lost.js`) asks which folder above holds the book's style sheet, and completes the
links; until then the page asks for nothing that would not be there.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from web.contents import parts
from web.mathematics import plain
from web.search import bare

NAME = "404"
SCRIPT = Path(__file__).parent / "assets" / "lost.js"
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?!/|#|\w+:)(?:\./)?([^"]*)"')


def page(app):
    """Make the page, with the chapters of the book by part."""
    env = app.env
    found = [(caption, [(name, plain(env.titles[name].astext())) for name in names])
             for caption, names in parts(app.config.external_site_map).items() if caption]
    return [(NAME, {"title": "There is no such page", "book_parts": found}, "404.html")]


def anchored(text, folder):
    """Return the page with its relative addresses below a folder of the host.

    Examples
    --------
    >>> anchored('<a href="chapters/lu.html"> <a href="#x"> <img src="./a.png">', "/book/")
    '<a href="/book/chapters/lu.html"> <a href="#x"> <img src="/book/a.png">'
    """
    return RELATIVE.sub(lambda match: f'{match[1]}="{folder}{match[2]}"', text)


def searching(text, script):
    """Return the page with its relative addresses kept for a script that finds their folder.

    Links stay what they are, too: of use where the page has no scripts and lies at the root.

    Examples
    --------
    >>> searching('<head></head><img src="a.png"><a href="b">', "f()").splitlines()[1]
    '</head><img data-lost="src" data-src="a.png"><a href="b" data-lost="href" data-href="b">'
    """
    def keep(match):
        name, value = match.groups()
        if name == "data-content_root":
            return match[0]
        kept = f'data-lost="{name}" data-{name}="{value}"'
        return f"{match[0]} {kept}" if name == "href" and is_link(match) else kept

    def is_link(match):
        return re.search(r"<a\b[^<>]*\Z", match.string[:match.start()]) is not None

    return RELATIVE.sub(keep, text).replace("<head>", f"<head><script>{script}</script>\n", 1)


def finish(app, exception):
    """Give the page addresses that lead home from any depth."""
    if exception or app.builder.format != "html":
        return
    path = Path(app.outdir, f"{NAME}.html")
    text, home = path.read_text(encoding="utf-8"), urlsplit(app.config.html_baseurl).path
    made = anchored(text, home) if home else searching(text, bare(SCRIPT.read_text("utf-8")))
    path.write_text(made, encoding="utf-8")


def setup(app):
    """Make the page; its addresses are changed when it links the bundles."""
    app.connect("html-collect-pages", page)
    app.connect("build-finished", finish, priority=950)
