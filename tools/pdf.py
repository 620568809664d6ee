"""Make a PDF of the whole book, or of some of its pages, from the built site by Chromium.

    python tools/run.py pdf             the whole book, beside the site's pages
    python tools/run.py pdf svd         one page or several, into _build/pdf

`tools/paper/assemble.js` makes each page fit for paper: explorables stand at their first frame,
with its sentence; hints, solutions and answers stand at the end of each chapter; the code of
figures, imports and helpers, which the screen folds, is left out. Whatever the system's colours
are, paper is white. The pages are printed two at a time, then, when it is known on which sheets
they stand, a title page and the table of contents; `tools/binding.py` binds them.
"""

import asyncio
import re
import subprocess
import tomllib
from pathlib import Path

import binding
import extras
from environment import ROOT, Trouble, say

NAME = "where-the-digits-go.pdf"
PAPER = ROOT / "tools" / "paper"
AT_ONCE = 2
SHELL = """<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/_static/book.css"><style>{style}</style></head>
<body><main></main></body></html>"""
READY = """() => Promise.all([document.fonts.ready,
  ...[...document.images].map(one => one.decode().then(() => "", () => one.src))])
  .then(([, ...failed]) => failed.filter(Boolean))"""

COLUMN = {"width": 642, "height": 934}  # of A4 within the margins, in CSS pixels
WIDE = """() => [...document.querySelectorAll("main, main :is(pre, table, figure, div.math)")]
  .filter(one => one.scrollWidth > one.clientWidth + 1)
  .map(one => one.textContent.trim().slice(0, 70))"""


def settings(root=ROOT):
    """Return the book's settings."""
    import yaml

    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))


def pages(names=(), root=ROOT):
    """Return what is to be printed: {name, id, part} of each page, in the order of _toc.yml.

    The first page is not: the title page and the table of contents stand for it.
    """
    from sphinx_external_toc.parsing import parse_toc_yaml

    toc = parse_toc_yaml(root / "_toc.yml")
    first = toc.root.docname  # which has a picture to play with, and leads to the others
    parts = {str(item): tree.caption for tree in toc.root.subtrees for item in tree.items}
    found = [{"name": name, "id": Path(name).name, "part": parts.get(name) or ""}
             for name in toc if name != first]
    unknown = set(names) - {page["id"] for page in found}
    if unknown:
        raise Trouble(f"There is no page {', '.join(sorted(unknown))}. Pages: "
                      + ", ".join(page["id"] for page in found))
    return [page for page in found if not names or page["id"] in names]


def edition(root=ROOT):
    """Return the version of the book, when it was last changed and by which commit, if known."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    command = ["git", "-C", str(root), "log", "-1", "--format=%cs %h"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return f"Version {project['version']}"
    return " · ".join([f"Version {project['version']}", *done.stdout.split()])


def title_page(root=ROOT):
    """Return what stands on the title page."""
    config = settings(root)
    subtitle = re.search(r"^\*(.+)\*$", (root / "index.md").read_text(encoding="utf-8"), re.M)
    licences = config["sphinx"]["config"]["html_theme_options"]["extra_footer"]
    small = [edition(root), config["repository"]["url"], licences]
    return {"title": config["title"], "subtitle": subtitle[1] if subtitle else "",
            "author": config["author"], "small": [line for line in small if line]}


class Press:
    """A browser that prints documents made of a site's files, and sees nothing else."""

    def __init__(self, chrome, site, title):
        self.chrome, self.site, self.asked = chrome, site, []
        style = (PAPER / "paper.css").read_text(encoding="utf-8")
        self.shell = SHELL.format(title=title, style=style)
        self.free = asyncio.Semaphore(AT_ONCE)

    async def answer(self, route):
        """Answer a request from the site's folder."""
        host, _, path = route.request.url.removeprefix("http://").partition("/")
        file = self.site / path.partition("?")[0]
        if host == binding.HOST and not path:
            await route.fulfill(body=self.shell, content_type="text/html")
        elif host == binding.HOST and file.is_file():
            await route.fulfill(path=file)
        else:
            self.asked.append(route.request.url)
            await route.abort()

    async def print(self, script, **given):
        """Return what a script says of the document that it makes, and the document as PDF."""
        options = {"color_scheme": "light", "viewport": COLUMN}
        async with self.free, await self.chrome.new_context(**options) as context:
            page = await context.new_page()
            page.set_default_timeout(0)  # a large chapter on a busy machine takes its time
            await page.route("**/*", self.answer)
            await page.goto(f"http://{binding.HOST}/")
            await page.emulate_media(media="print")
            said = await page.evaluate((PAPER / script).read_text(encoding="utf-8"), given)
            if failed := await page.evaluate(READY) + self.asked:
                raise Trouble(f"Not in the site: {', '.join(failed)}. Run make book first.")
            if wide := await page.evaluate(WIDE):
                raise Trouble(f"Wider than paper, so that Chromium would shrink the page: "
                              f"{wide[0]!r}. Let it wrap, in tools/paper/paper.css.")
            data = await page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
            return said, data


async def printed(site, wanted, about, browser):
    """Return the printed pages, [(headings, PDF)], the front matter first, without headings."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=browser, args=["--disable-gpu"])
        press = Press(chrome, site, about["title"])
        made = await asyncio.gather(*(press.print("assemble.js", page=page, pages=wanted)
                                      for page in wanted))
        headings = binding.numbered(made)
        _, front = await press.print("front.js", about=about, headings=headings)
        await chrome.close()
    return [([], front), *made]


def make(site, target, names=(), browser=None):
    """Write the PDF of pages of a site; return how many sheets it has."""
    wanted, about = pages(names), title_page()
    missing = [page["name"] for page in wanted if not (site / f"{page['name']}.html").is_file()]
    if missing:
        raise Trouble(f"These pages are not built: {', '.join(missing)}. Run make book first.")
    made = asyncio.run(printed(site, wanted, about, browser or found_browser()))
    target.parent.mkdir(parents=True, exist_ok=True)
    return binding.bind(made, about, target)


def found_browser():
    """Return the path of a Chromium, or raise Trouble."""
    import stages

    path = stages.browser()
    if path is None:
        raise Trouble("A PDF of the book is printed by Chromium, and none was found. Debian, "
                      "Ubuntu: apt install chromium. Elsewhere: install Chrome, or set CHROMIUM "
                      "to its path.")
    return path


def main(names=(), build=ROOT / "_build"):
    """Write the PDF of the whole book into the built site, or of some pages beside it."""
    target = build / "pdf" / f"{'-'.join(names)}.pdf" if names else build / "html" / NAME
    sheets = make(build / "html", target, names)
    if not names:
        extras.made(build / "html", NAME)
    say(f"{target}: {sheets} pages, {target.stat().st_size / 1e6:.1f} MB")
    return 0
