"""Say where the book's source is: at the address that `_config.yml` names, or who has it.

While `repository: url` is empty no address is invented; the page says what the site itself holds.
"""

import html

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

PUBLIC = '<p>All of it, with its tests and its history: <a href="{url}">{url}</a>.</p>'
PRIVATE = """<p>The book has no public address for its source yet. The folder from which these pages
were built holds all of it, with its tests: ask whoever gave you this site for a copy.</p>
<p>What the site itself holds: each chapter's notebook, behind the download button above it, and
the course's own code. Unpack <a href="{root}_static/run/python.zip">python.zip</a> and
<a href="{root}_static/run/lib.zip">lib.zip</a> beside a notebook, and it finds <code
class="literal">lib</code>; NumPy, SciPy, matplotlib and ipywidgets it needs as well.</p>"""


def told(url, root):
    """Return what a page says of the source, from the root of the site.

    >>> "public address" in told("", "../"), "public address" in told("https://a.org/b", "../")
    (True, False)
    """
    return (PUBLIC if url else PRIVATE).format(url=html.escape(url), root=root)


class Origin(SphinxDirective):
    """Say where the source is."""

    def run(self):
        """Return it as HTML."""
        url = self.config.html_theme_options.get("repository_url") or ""
        return [nodes.raw("", told(url, "../" * self.env.docname.count("/")), format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("origin", Origin)
