"""Find a symptom from the first page: some as links, all of them in a list that comes when asked.

`{symptoms}` has a line for each chip, `words: anchor`. The list of all symptoms is a script beside
the pages, which `chips.js` loads when a reader first goes to the field: a script, since a page that
was opened from a file may not fetch.
"""

import hashlib
import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from web.contents import source
from web.symptoms import rows, words

PAGE = "chapters/symptoms"
FILE = "_static/symptoms.js"
BOX = """<div class="finder" data-list="{file}?v={version}" data-page="{page}" \
data-search="{search}">
<ul class="chips">
{chips}
</ul>
<div class="finder-box"><label for="finder">or search all {count} symptoms</label>
<input id="finder" type="search" autocomplete="off" spellcheck="false">
<p role="status"></p>
<ul class="finder-found" hidden></ul></div></div>
"""
log = logging.getLogger(__name__)


def bare(markdown):
    """Return Markdown as it reads: words alone, numbers not in groups.

    >>> bare("Use `np.sum`, see [QR](qr.ipynb#x) and $10^{16}$: 16\u202f777\u202f217")
    'Use np.sum, see QR and 10^16: 16777217'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words(markdown))
    text = re.sub(r"[`$*{}\\]|→", "", text)
    text = re.sub(r"(?<=\d)[ \u2009\u202f](?=\d{3}\b)", "", text)
    return " ".join(text.split())


def entries(page):
    """Return (anchor, symptom, what is behind it, names by which it is found) for each symptom."""
    return [(row.anchor, bare(row.symptom), bare(row.text).lower(), row.names.lower())
            for row in rows(page)]


def script(page):
    """Return the script that holds the list."""
    return f"window.symptoms = {json.dumps(entries(page), ensure_ascii=False)};\n"


class Symptoms(SphinxDirective):
    """Show some symptoms as links, and a field that finds all."""

    has_content = True

    def run(self):
        """Return the links and the field."""
        page = source(self.env, PAGE)
        self.env.note_dependency(self.env.doc2path(PAGE))
        known = {row.anchor for row in rows(page)}
        address, search = (self.env.app.builder.get_relative_uri(self.env.docname, name)
                           for name in (PAGE, "search"))
        chips = []
        for line in filter(str.strip, self.content):
            said, _, anchor = (part.strip() for part in line.partition(":"))
            if anchor not in known:
                log.warning("symptoms: no symptom has the anchor %r", anchor,
                            location=self.get_location())
            chips.append(f'<li><a href="{address}#{anchor}">{html.escape(said)}</a></li>')
        version = hashlib.sha256(script(page).encode()).hexdigest()[:8]
        box = BOX.format(file=FILE, version=version, page=address, search=search,
                         chips="\n".join(chips), count=len(known))
        return [nodes.raw("", box, format="html")]


def write(app, exception):
    """Write the list beside the pages."""
    page = "" if exception or app.builder.format != "html" else source(app.env, PAGE)
    if page:
        (Path(app.outdir) / FILE).write_text(script(page), encoding="utf-8")


def setup(app):
    """Register the directive."""
    app.add_directive("symptoms", Symptoms)
    app.connect("build-finished", write)
