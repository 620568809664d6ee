"""Search as you type: an index by section, made by the build, in place of Sphinx's search by page.

What can be found (`entries`) is noted while pages are read. `_static/finder.js` holds it, with the
library MiniSearch and what `web/finder/` has; a page loads it when a search field gets the focus,
as a script, for a page opened from a file may fetch nothing else. `tests/site/test_search.py` has
the queries that must lead to the right place.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import astuple, fields
from pathlib import Path

from sphinx.errors import ExtensionError

from web import modules
from web.contents import in_order
from web.entries import KINDS, Entry, Page, name_symbols, titled
from web.rare import with_rare_words

HERE = Path(__file__).parent / "finder"
PARTS = ("words.js", "rank.js", "view.js")
LIBRARY = Path("minisearch", "dist", "umd", "index.js")
LICENCE = Path("minisearch", "LICENSE.txt")
SPHINX = ("searchtools.js", "language_data.js", "sphinx_highlight.js", "doctools.js")
COMMENT = re.compile(r"^\s*(?:/\*[\s\S]*?\*/|//[^\n]*)", re.M)  # on lines of its own


def note(app, doctree):
    """Note what a page has to find; what other pages are called is filled in later."""
    if app.env.docname.endswith("notation"):
        name_symbols(doctree)
    macros = sorted(app.config.katex_macros.items())
    found = Page(app.env.docname, doctree, macros).entries()
    noted(app.env)[app.env.docname] = found


def noted(env):
    """Return {page: its entries} as far as pages have been read."""
    if not hasattr(env, "finder_entries"):
        env.finder_entries = {}
    return env.finder_entries


def forget(app, env, docname):
    """Forget the entries of a page that changed or went."""
    noted(env).pop(docname, None)


def merge(app, env, docnames, other):
    """Take over what another process has read."""
    noted(env).update({name: noted(other)[name] for name in docnames if name in noted(other)})


def entries_of(env):
    """Return all entries, in the order of the book."""
    titles = {name.rpartition("/")[2]: page[0].where for name, page in noted(env).items() if page}
    order = in_order(env.config.external_site_map)
    found = [one for name in order for one in noted(env).get(name, ())]
    return with_rare_words([titled(one, titles) for one in found])


def packed(entries):
    """Return entries as JSON: {"kind": [...], "page": [...], ...}, names of pages and kinds once.

    Examples
    --------
    >>> packed([Entry("law", "a", "x", "A", "So it is.")])[:53]
    '{"kind":[2],"page":[0],"anchor":["x"],"where":["A"],"'
    """
    rows = [astuple(one) for one in entries]
    columns = dict(zip((one.name for one in fields(Entry)), zip(*rows, strict=True), strict=True))
    pages = list(dict.fromkeys(columns["page"]))
    columns["kind"] = [KINDS.index(one) for one in columns["kind"]]
    columns["page"] = [pages.index(one) for one in columns["page"]]
    return json.dumps({**columns, "kinds": KINDS, "pages": pages}, ensure_ascii=False,
                      separators=(",", ":"))


def synonyms():
    """Return what readers type, with what the book says instead."""
    return tomllib.loads((HERE / "synonyms.toml").read_text(encoding="utf-8"))


def script(entries):
    """Return the script that finds: the library, what knows words and ranks, the index."""
    try:
        installed = modules.modules()
    except modules.MissingError as error:
        raise ExtensionError(str(error)) from error
    library, licence = ((installed / name).read_text("utf-8") for name in (LIBRARY, LICENCE))
    parts = [library, *((HERE / name).read_text(encoding="utf-8") for name in PARTS)]
    code = "\n;\n".join(bare(part) for part in parts)
    words = json.dumps(synonyms(), ensure_ascii=False, separators=(",", ":"))
    return (f"/* MiniSearch. {licence.strip()} */\n{code}\n;\n"
            f"finder.packed = {packed(entries)};\nfinder.synonyms = {words};\n")


def bare(code):
    """Return a script without its comments and indents.

    Examples
    --------
    >>> bare("/** Says\\n * it. */\\nf();  // now\\n  // then\\n  g(/[+*/]/);")
    'f();  // now\\ng(/[+*/]/);'
    """
    return "\n".join(line.lstrip() for line in COMMENT.sub("", code).splitlines() if line.strip())


def finish(app, exception):
    """Write what finds, under a name that changes with it; remove Sphinx's own search."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    code, sheet = script(entries_of(app.env)), (HERE / "finder.css").read_text(encoding="utf-8")
    (static / "finder.js").write_text(code, encoding="utf-8")
    (static / "finder.css").write_text(sheet, encoding="utf-8")
    version = hashlib.sha256((code + sheet).encode()).hexdigest()[:8]
    opener = static / "search.js"
    text = opener.read_text(encoding="utf-8")
    opener.write_text(text.replace('VERSION = ""', f'VERSION = "?v={version}"'), encoding="utf-8")
    for name in (*SPHINX, "../searchindex.js"):
        (static / name).unlink(missing_ok=True)


def leave_out_sphinx(app):
    """Let Sphinx make no index and no page for its own search."""
    app.builder.search = False


def search_page(app):
    """Make the search page, of our own template."""
    return [("search", {"title": "Search"}, "finder.html")]


def setup(app):
    """Connect the parts."""
    app.connect("builder-inited", leave_out_sphinx)
    app.connect("doctree-read", note, priority=900)  # when all others have changed the page
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", finish, priority=850)
