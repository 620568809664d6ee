"""Finish the site: one style sheet, one script, fonts with the glyphs in use.

A page of the theme links a dozen scripts and as many sheets, among them Font Awesome twice. When
all pages are written, their sheets become `book.css` without the rules that no page can use, their
scripts become `book.js`, and fonts keep only the book's own glyphs. The result depends on nothing
but the pages, and a page left over from an earlier build is linked to the new files.
"""

import hashlib
import re
from pathlib import Path

from web import mathematics, search, sheets

STYLE = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>\s*')
PRELOAD = re.compile(r'<link rel="preload" as="script"[^>]*>\s*')
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>\s*", re.S)
LINKED = re.compile(r"<script\b([^>]*\bsrc=[^>]*)>(.*?)</script>\s*", re.S)

LATER = Path(__file__).parent / "assets" / "run"
ICONS = "fontawesome.js"  # 1.5 MB; the theme's web fonts draw the same icons
DROPPED = (ICONS, "searchindex.js", *search.SPHINX)
IDLE = {  # scripts that do nothing but for elements of these classes
    "togglebutton.js": re.compile(r'class="[^"]*(?<![\w-])(toggle|admonition[^"]* dropdown)[" ]'),
    "design-tabs.js": re.compile(r'class="[^"]*\bsd-tab-'),
}
# Fonts that draw few characters, and the classes under which KaTeX asks for them.
FEW = {"KaTeX_SansSerif": ("mathsf", "textsf"), "KaTeX_AMS": ("amsrm", "mathbb", "textbb")}
# Last, after the theme and KaTeX.
# The theme's call, at the end of its script, of what gives wide boxes a stop for the keyboard.
MEASURES = re.compile(r'"complete"===document\.readyState\?(\w+)\(\)'
                      r':window\.addEventListener\("load",\1\)')
OWN_SHEETS = ("explore.css", "style.css", "chapter.css", "run.css", "cells.css")

# Choose light or dark before the first paint; the theme does so late, with a flash and an error.
# Answers to predictions are covered as early, unless the reader wants to see them all, and
# uncovered if the script that could do so later fails. A browser may refuse its storage.
# Who comes for the first time, and to the top, gets what is near laid out (web/heights.py). Others
# get the whole page: a browser restores where a reader was by the heights of all that stands above.
MODE = """<script>(root => {
  let kept = {};
  try { kept = localStorage; } catch {}
  root.mode = kept.mode || "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.theme = root.mode == "auto" ? dark : root.mode;
  root.answers = kept.answers || "covered";
  const [came] = performance.getEntriesByType("navigation");
  if (!location.hash && came?.type == "navigate") root.near = "";
  addEventListener("error", ({target}) => {
    if ("predictions" in root || !(target == window || target.localName == "script")) return;
    delete root.answers;
  }, true);
})(document.documentElement.dataset)</script>
"""

# Decode the commonest fonts of formulas before the first layout, so that no line moves later.
FONTS = """<script>["1em KaTeX_Main", "italic 1em KaTeX_Math", "1em KaTeX_AMS"].forEach(
  font => document.fonts.load(font))</script>
"""


class Assets:
    """The sheets and scripts that the pages of one site link, each once, in order."""

    def __init__(self, site):
        self.site = site
        self.static = site / "_static"
        self.sheets = {}
        self.scripts = {}

    def link(self, page, path):
        """Return a page that links the bundles instead of the files that it linked."""
        root = "../" * (len(path.relative_to(self.site).parts) - 1)

        def take_sheet(match):
            file = self.file(re.search(r'href="([^"]*)"', match[0])[1], root)
            self.sheets.setdefault(file.name, file)
            return ""

        def take_script(match):
            return self.take_script(match, root)

        head, end_head, body = page.partition("</head>")
        head = SCRIPT.sub(take_script, STYLE.sub(take_sheet, PRELOAD.sub("", head)))
        body = LINKED.sub(take_script, body)  # others are the data of figures
        links = (f'<link rel="stylesheet" href="{root}_static/book.css">\n'
                 f'<script defer src="{root}_static/book.js"></script>\n{FONTS}')
        head = re.sub(r"(?=<script defer|\Z)", lambda _: links, head, count=1)
        return head + end_head + body

    def take_script(self, match, root):
        """Note a script; return what stays of it on the page."""
        attributes, code = match.groups()
        if "application/ld+json" in attributes:  # data of the page
            return match[0]
        address = re.search(r'src="([^"]*)"', attributes)
        if "data-cfasync" in attributes:
            return MODE
        if address is None:  # constants: the same on every page, or about versions alone
            if not code.startswith("DOCUMENTATION_OPTIONS."):
                self.scripts.setdefault(code, code)
            return ""
        file = self.file(address[1], root)
        if file.name not in DROPPED:
            self.scripts.setdefault(file.name, quiet(file.read_text(encoding="utf-8")))
        return ""

    def file(self, address, root):
        """Return the file behind an address on a page."""
        return self.site / address.partition("?")[0].removeprefix(root)

    def drop_idle(self, pages):
        """Leave out the scripts that would find nothing to do on the pages."""
        for name, needed in IDLE.items():
            if not needed.search(pages):
                self.scripts.pop(name, None)

    def script(self):
        """Return one script: all of them, in the order in which the pages name them."""
        return "\n;\n".join(self.scripts.values())

    def sheet(self, pages):
        """Return one style sheet with the rules and the glyphs that the pages use."""
        theme = [path for name, path in self.sheets.items() if name not in OWN_SHEETS]
        own = [self.sheets[name] for name in OWN_SHEETS if name in self.sheets]
        words = set(re.findall(r"[\w-]+", pages + self.script() + asked_for()))
        return sheets.joined([*theme, mathematics.KATEX / "katex.min.css", *own], words,
                             mathematics.visible(pages), self.static,
                             {font: mathematics.set_in(pages, *classes)
                              for font, classes in FEW.items()})


def asked_for():
    """Return the book's own scripts that a page fetches when a reader asks for what they do."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(LATER.glob("*.js")))


def quiet(code):
    """Return a script that neither names a source map nor writes to the console as it works.

    Nor does it measure every box of a page as soon as that is there, as the theme does, and lay out
    all of it by that again and again: `assets/page.js` does the same when a box is seen.
    """
    code = re.sub(r"//# sourceMappingURL=.*", "", code).replace("console.log(", "void(")
    return MEASURES.sub("void 0", code)


def bundle(site):
    """Link every page of a folder to one sheet and one script."""
    paths = (path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts)
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    # A page that only leads on (web/moved.py) links no sheet, and is none of them.
    fresh = [path for path, text in pages.items() if STYLE.search(text) and "book.css" not in text]
    if not fresh:
        return
    assets = Assets(site)
    for path in fresh:
        pages[path] = assets.link(pages[path], path)
    text = "".join(pages.values())
    assets.drop_idle(text)
    made = {"book.css": assets.sheet(text), "book.js": assets.script()}
    for name, text in made.items():
        (assets.static / name).write_text(text, encoding="utf-8")
        version = hashlib.sha256(text.encode()).hexdigest()[:8]
        for path in pages:  # those of earlier builds too: the bundle is new
            pages[path] = re.sub(rf'{name}(\?v=\w*)?"', f'{name}?v={version}"', pages[path])
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")


def finish(app, exception):
    """Bundle the site when its pages are written."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir).resolve()
    bundle(site)
    for path in site.rglob(ICONS + "*"):
        path.unlink()


def setup(app):
    """Run last."""
    app.connect("build-finished", finish, priority=900)
