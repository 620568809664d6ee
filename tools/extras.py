"""Keep what lies beside the pages in step with them: the PDF of the book and its offline copy.

They are made by commands of their own. A page links them only while they are there and were made
from the pages as they are; the directive `{downloads}` (web/downloads.py) keeps a place for that.
"""

import hashlib
import json
import re

from environment import write

PLACE = re.compile(r'<p class="downloads" data-root="([^"]*)"( hidden)?>.*?</p>', re.S)
EMPTY = '<p class="downloads" data-root="{root}" hidden></p>'
FULL = '<p class="downloads" data-root="{root}">Take along: {links}.</p>'
WORDS = {"where-the-digits-go.pdf": "PDF", "where-the-digits-go.zip": "offline ZIP"}
RECORD = "extras.json"  # beside the site: from which pages each was made


def bare(page):
    """Return a page without what it says of extras."""
    return PLACE.sub(lambda match: EMPTY.format(root=match[1]), page)


def digest(site):
    """Return a fingerprint of the pages of a site, whatever they say of extras."""
    found = hashlib.sha256()
    for path in sorted(site.rglob("*.html")):
        found.update(path.relative_to(site).as_posix().encode())
        found.update(bare(path.read_text(encoding="utf-8")).encode())
    return found.hexdigest()


def made(site, name):
    """Note that an extra was made from the pages as they are, and link it."""
    record = known(site)
    record[name] = digest(site)
    write(site.parent / RECORD, json.dumps(record, indent=1))
    refresh(site)


def known(site):
    """Return from which pages each extra was made: {name: fingerprint}."""
    path = site.parent / RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def refresh(site):
    """Remove the extras of other pages, and let the pages link those that are left."""
    record = known(site)
    now = digest(site) if any((site / name).exists() for name in WORDS) else ""
    for name in WORDS:
        if record.get(name) != now:
            (site / name).unlink(missing_ok=True)
    link(site)


def drop(site):
    """Remove all extras from a site, and what its pages say of them."""
    for name in WORDS:
        (site / name).unlink(missing_ok=True)
    link(site)


def link(site):
    """Let the pages of a site link the extras that are there, and no others."""
    there = {name: (site / name).stat().st_size for name in WORDS if (site / name).exists()}
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        new = PLACE.sub(lambda match: paragraph(match[1], there), page)
        if new != page:
            write(path, new)


def paragraph(root, there):
    """Return what a page says of the extras that are there: {name: bytes}.

    Examples
    --------
    >>> paragraph("../", {"where-the-digits-go.pdf": 17_400_000})[37:]
    'Take along: <a href="../where-the-digits-go.pdf">PDF</a> (17 MB).</p>'
    """
    if not there:
        return EMPTY.format(root=root)
    links = [f'<a href="{root}{name}">{WORDS[name]}</a> ({size / 1e6:.0f} MB)'
             for name, size in there.items()]
    return FULL.format(root=root, links=", ".join(links))
