"""Let a reader run a chapter somewhere: in the browser by JupyterLite, or by the launch menu.

A site that has JupyterLite (`tools/lite.py`) says so by `web_lite`; each chapter has a button then.
The launch menu's link to Colab leads to a chapter as it is kept, which finds no `lib` there. The
copies that can be downloaded from the site have a first cell for that (`tools/download.py`); the
workflow of the site puts them on a branch of their own.
"""

import re
from urllib.parse import urlsplit

from web import runtime

BRANCH = "colab"
LITE = "lite/notebooks/index.html"
LINK = re.compile(r"(https://colab\.research\.google\.com/github/[^/]+/[^/]+/blob/)"
                  r".*?/chapters/([\w-]+\.ipynb)")


def guarded(address):
    """Return the address of the copy in Colab for that of a chapter; others stay as they are.

    >>> guarded("https://colab.research.google.com/github/a/b/blob/main/chapters/qr.ipynb")
    'https://colab.research.google.com/github/a/b/blob/colab/qr.ipynb'
    """
    return LINK.sub(rf"\1{BRANCH}/\2", address)


def host():
    """Return the host from which this build's pages get NumPy and its like; "" for their own."""
    return "" if runtime.given() else urlsplit(runtime.WHEELS).netloc


def note_host(app, config):
    """Keep the host among the settings: where it changes, all pages are written anew."""
    config.web_far_host = host()


def notebook(pathto, pagename, far):
    """Return the button that opens a chapter in the site's JupyterLite, and names a far host."""
    topic = pagename.rpartition("/")[2]
    told = f"; NumPy comes from {far}" if far else ""
    return {"type": "link", "url": f"{pathto(LITE, 1)}?path={topic}.ipynb", "icon": "fas fa-play",
            "tooltip": f"Run this notebook in your browser{told}", "label": "lite-button"}


def lead(app, pagename, templatename, context, doctree):
    """Change the links of a page's launch menu, and put the button before it."""
    if app.config.web_lite and str(context.get("sourcename", "")).endswith(".ipynb"):
        button = notebook(context["pathto"], pagename, app.config.web_far_host)
        context["header_buttons"].insert(0, button)
    for group in context.get("header_buttons") or ():
        for button in group.get("buttons", ()) if isinstance(group, dict) else ():
            if "url" in button:
                button["url"] = guarded(button["url"])


def setup(app):
    """Connect the change, after the theme has made its menu (at 501)."""
    app.add_config_value("web_lite", False, "html", bool)
    app.add_config_value("web_far_host", "", "html", str)
    app.connect("config-inited", note_host)
    app.connect("html-page-context", lead, priority=600)
