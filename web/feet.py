"""Let a reader suggest an edit or report a problem at the foot of each page.

The links are there where the book has an address on GitHub (`repository: url` in `_config.yml`),
and only there. They fill in the forms of `.github/ISSUE_TEMPLATE`: the page and the commit that it
was built from; `feet.js` adds the section and the words that a reader has selected. The names of
the fields are those of the forms.
"""

import os
import subprocess
from html import escape
from urllib.parse import urlencode

HOST = "https://github.com/"
KINDS = ("mathematics", "code", "text", "accessibility")  # each is a form
FOOT = """<footer class="page-foot" aria-label="About this page"><p>
<a href="{edit}">Suggest an edit</a> of this page, or report a problem: {reports}.
<span class="page-foot-hint" hidden>Select the words in question first, and the report quotes
them.</span></p></footer>
"""


def commit_of(folder):
    """Return the commit that a book is built from; "" where nothing tells.

    GitHub's own variable is asked second: where one workflow starts another it names neither's.
    """
    try:
        run = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, text=True,
                             capture_output=True, check=False)
    except OSError:  # there is no git
        run = None
    told = run.stdout if run and run.returncode == 0 else os.environ.get("GITHUB_SHA", "")
    return told.strip()[:12]


def address(config):
    """Return the address of the book's repository on GitHub; "" if it has none."""
    url = (config.html_theme_options.get("repository_url") or "").rstrip("/")
    return url.removesuffix(".git") if url.startswith(HOST) else ""


def report(url, kind, page, commit):
    """Return the address of a form that is filled in as far as a page knows.

    >>> report("https://github.com/a/b", "text", "chapters/qr", "")
    'https://github.com/a/b/issues/new?template=text.yml&page=chapters%2Fqr'
    """
    fields = {"template": f"{kind}.yml", "page": page, "commit": commit}
    return f"{url}/issues/new?{urlencode({key: text for key, text in fields.items() if text})}"


def foot(url, branch, source, page, commit):
    """Return the HTML at the foot of a page."""
    reports = [f'<a class="page-report" href="{escape(report(url, kind, page, commit))}">{kind}</a>'
               for kind in KINDS]
    return FOOT.format(edit=escape(f"{url}/edit/{branch}/{source}"),
                       reports=", ".join(reports[:-1]) + " or " + reports[-1])


def add(app, pagename, templatename, context, doctree):
    """Put the foot under a page that has a source."""
    url = address(app.config)
    if url and pagename in app.env.found_docs:
        options = app.config.html_theme_options
        folder = (options.get("path_to_docs") or "").strip("/")
        source = os.path.relpath(app.env.doc2path(pagename), app.srcdir).replace(os.sep, "/")
        place = f"{folder}/{source}" if folder else source
        branch = options.get("repository_branch") or "main"
        context["body"] += foot(url, branch, place, pagename, app.config.web_commit)


def listen(app, config):
    """Link the script where there is something for it to do."""
    if address(config):
        config.web_commit = commit_of(app.srcdir)
        app.add_js_file("feet.js")


def setup(app):
    """Connect the foot; after the card at a chapter's end."""
    app.add_config_value("web_commit", "", "", str)
    app.connect("config-inited", listen)
    app.connect("html-page-context", add, priority=920)
