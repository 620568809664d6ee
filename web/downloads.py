"""Keep a place on a page for links to the PDF of the book and to its offline copy.

The build of the pages does not make them; whoever makes them fills the place (tools/extras.py).
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

PLACE = '<p class="downloads" data-root="{}" hidden></p>'


class Downloads(SphinxDirective):
    """Keep the place."""

    def run(self):
        """Return an empty, hidden paragraph that knows where the root of the site is."""
        return [nodes.raw("", PLACE.format("../" * self.env.docname.count("/")), format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("downloads", Downloads)
