"""Let the launch menu open in Colab the notebooks that install what they need.

The theme's link leads to a chapter as it is kept, which finds no `lib` in Colab. The copies that
can be downloaded from the site have a first cell for that (`tools/download.py`); the workflow of
the site puts them on a branch of their own.
"""

import re

BRANCH = "colab"
LINK = re.compile(r"(https://colab\.research\.google\.com/github/[^/]+/[^/]+/blob/)"
                  r".*?/chapters/([\w-]+\.ipynb)")


def guarded(address):
    """Return the address of the copy in Colab for that of a chapter; others stay as they are.

    >>> guarded("https://colab.research.google.com/github/a/b/blob/main/chapters/qr.ipynb")
    'https://colab.research.google.com/github/a/b/blob/colab/qr.ipynb'
    """
    return LINK.sub(rf"\1{BRANCH}/\2", address)


def lead(app, pagename, templatename, context, doctree):
    """Change the links of a page's launch menu."""
    for group in context.get("header_buttons") or ():
        for button in group.get("buttons", ()) if isinstance(group, dict) else ():
            if "url" in button:
                button["url"] = guarded(button["url"])


def setup(app):
    """Connect the change, after the theme has made its menu (at 501)."""
    app.connect("html-page-context", lead, priority=600)
