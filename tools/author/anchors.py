"""Note the anchors that the pages of the built site have, so that none is lost within a release.

    python tools/author/anchors.py          list the noted anchors that lead nowhere now
    python tools/author/anchors.py note     note those that are new; what is noted stays
    python tools/author/anchors.py anew     note those of today alone: after a release, for the next

People link to cells, headings, symptoms and terms. Their ids are in tests/site/anchors.txt, a page
and below it its anchors, in the order of the alphabet. Numbers that Sphinx gives (id7), and parts
of pictures, are nobody's address. An id that has to go gets a line in web/redirects.toml.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import re
import sys
import textwrap

import book
from environment import ROOT, Trouble, say, write

NOTED = ROOT / "tests" / "site" / "anchors.txt"
SITE = book.BUILD / "html"
TEXT = re.compile(r'<article class="bd-article".*</article>', re.S)
ID = re.compile(r'<(?:section|span|div|p|figure|dt|li|[oud]l|table|blockquote)\b[^<>]*?'
                r'\sid="([^"]+)"')
NOBODYS = re.compile(r"(id|index-|footcite-|cite|codecell|note-|x[0-9a-f]{8}-)\d*.*")


def anchors_of(page):
    """Return the anchors of a page, given as HTML, that somebody may link to.

    >>> anchors_of('<article class="bd-article"><p id="say-x"></p><p id="id3"></p></article>')
    {'say-x'}
    """
    article = TEXT.search(page)
    found = ID.findall(article[0]) if article else []
    return {name for name in found if not NOBODYS.fullmatch(name)}


def today(site=SITE, names=None):
    """Return {page: its anchors} of the pages of the table of contents."""
    missing = [name for name in names or book.pages() if not (site / f"{name}.html").exists()]
    if missing:
        raise Trouble(f"{site} has no page {missing[0]}: run python tools/run.py book --build-only")
    return {name: anchors_of((site / f"{name}.html").read_text(encoding="utf-8"))
            for name in names or book.pages()}


def noted(text):
    """Return {page: its anchors} from the text of the record."""
    found, page = {}, None
    for line in text.splitlines():
        if line.startswith(" "):
            found[page] |= set(line.split())
        elif line and not line.startswith("#"):
            page = line
            found[page] = set()
    return found


def record(pages):
    """Return the text of the record."""
    lines = ["# Written by tools/author/anchors.py: what people may have linked to."]
    for page, names in pages.items():
        lines += [page, *textwrap.wrap(" ".join(sorted(names)), 98, initial_indent="  ",
                                       subsequent_indent="  ", break_on_hyphens=False,
                                       break_long_words=False)]
    return "\n".join(lines) + "\n"


def lost(before, now, renamed):
    """Return, in sentences with the remedy, the noted anchors that lead nowhere now.

    `renamed` are the pages that lead on, which keep their anchors: {old page: page}.
    """
    told = []
    for page, names in before.items():
        target = renamed.get(page, page)
        if target not in now:
            told.append(f"the page {page} has vanished. If it has another name now, write under "
                        f'[pages] in web/redirects.toml: "{page}" = "its new name"')
            continue
        told += [f"{page}#{name} has vanished. Give the cell or heading its id again or, if the "
                 f'place has another id now, write under [anchors] in web/redirects.toml: '
                 f'"{page}#{name}" = "{target}#its-new-id"' for name in sorted(names - now[target])]
    return told


def main(arguments):
    """List what is lost, or note what is there; return the exit status."""
    if arguments not in ([], ["note"], ["anew"]):
        raise Trouble(f"{' '.join(arguments)!r} is neither note nor anew")
    from web.moved import table

    now = today()
    before = noted(NOTED.read_text(encoding="utf-8")) if NOTED.exists() else {}
    if arguments == ["anew"]:
        write(NOTED, record(now))
    elif arguments == ["note"]:
        write(NOTED, record({page: now.get(page, set()) | before.get(page, set())
                             for page in dict.fromkeys([*now, *before])}))
    told = [] if arguments == ["anew"] else lost(before, now, table(ROOT)[0])
    count = sum(map(len, now.values()))
    say("\n".join(told) or f"{count} anchors on {len(now)} pages; none that was noted is lost.")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
