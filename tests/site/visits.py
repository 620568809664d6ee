"""The pages of the book, served as a static host does and opened in a browser."""

import contextlib
import gzip
import http.server
import os
import shutil
import threading
from pathlib import Path

import yaml

from environment import ROOT
from web import runtime

SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html"))
ZIPPED = (".html", ".css", ".js", ".svg", ".json")

WATCH_SHIFTS = """
window.shift = 0;
window.shifted = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
    window.shift += entry.value;
    for (const {node} of entry.sources) window.shifted.push(node?.outerHTML?.slice(0, 80));
  }
}).observe({type: "layout-shift", buffered: true});
"""


def files(node):
    """Return the files of a table of contents, in order."""
    if isinstance(node, list):
        return [name for child in node for name in files(child)]
    own = [node[key] for key in ("root", "file") if key in node]
    return own + files(node.get("parts", [])) + files(node.get("chapters", [])) + files(
        node.get("sections", []))


NAMES = files(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
PAGES = [f"{name}.html" for name in NAMES]
CHAPTERS = [f"{name}.html" for name in NAMES if (ROOT / f"{name}.ipynb").exists()]
# One sheet and one script serve all pages. What they alone decide is asked of some chapters: the
# first, one in the middle, the largest, and the one whose figures have most controls.
SOME = [f"chapters/{topic}.html" for topic in ("floating_point", "qr", "conjugate_gradients",
                                               "root_finding")]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve the site as a static host does, zipped; pages broken on purpose come from memory."""

    protocol_version = "HTTP/1.1"
    broken = {}  # noqa: RUF012, shared on purpose: path -> text
    instead = {}  # noqa: RUF012, the same: start of a path -> folder that is served for it

    def log_message(self, *args):
        """Say nothing."""

    def do_GET(self):
        """Answer one request."""
        path = self.path.partition("?")[0].lstrip("/")
        folder = next((start for start in self.instead if path.startswith(start)), None)
        file = self.instead[folder] / path.removeprefix(folder) if folder else SITE / path
        if path in self.broken:
            data = self.broken[path].encode()
        elif file.is_file():
            data = file.read_bytes()
        else:  # hosts show this page, whatever the depth of the path
            page = SITE / "404.html"
            lost = page.read_bytes() if page.is_file() else b"not found"
            return self.answer(404, lost, "text/html; charset=utf-8")
        if path.endswith(ZIPPED):
            data = gzip.compress(data, 6, mtime=0)
        return self.answer(200, data, self.guess_type(path), zipped=path.endswith(ZIPPED))

    do_HEAD = do_GET  # noqa: N815, so the server calls it

    def answer(self, status, data, kind, zipped=False):
        """Send one answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command == "HEAD":
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(data)


@contextlib.contextmanager
def serving(handler):
    """Serve with a handler; give the address of the host."""
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{host.server_address[1]}/"
    finally:
        host.shutdown()
        host.server_close()
        thread.join()


def python_beside(folder, core):
    """Put another Pyodide than the site's into a folder, with the site's scripts; return its place.

    The folder stands for that of a site, whose pages ask for what lies below `_static/run`.
    """
    run = folder / "_static" / "run"
    run.mkdir(parents=True)
    for path in (runtime.HERE / "assets" / "run").glob("*.js"):
        shutil.copy(path, run)
    runtime.put(folder, core)
    return run


SHOW_ANSWERS = "try { localStorage.answers = %r; } catch {}"


# Wait for a frame, or for a second where a browser stands still and draws none.
NEXT_FRAME = """
window.nextFrame = () => new Promise(done => {
  requestAnimationFrame(done);
  setTimeout(done, 1000);
});
"""


# As for who comes back, all of a page is laid out at once (web/heights.py) and has text to be read.
WHOLE = """
const entries = performance.getEntriesByType.bind(performance);
performance.getEntriesByType = type => type == "navigation" ? [{type: "reload"}] : entries(type);
"""


class Visit:
    """One page, opened with an empty cache, with what it fetched and said.

    The answers to its predictions are in sight, unless `answers` is None. The page is laid out as a
    whole, unless `whole` is false: then as a reader gets it who comes for the first time.
    """

    def __init__(self, browser, server, path, scheme="light", width=1350, answers="shown",
                 whole=True, **options):
        self.server = server
        self.path = path
        self.context = browser.new_context(color_scheme=scheme, **options,
                                           viewport={"width": width, "height": 940})
        self.context.add_init_script(WATCH_SHIFTS)
        self.context.add_init_script(NEXT_FRAME)
        if whole:
            self.context.add_init_script(WHOLE)
        if answers:
            self.context.add_init_script(SHOW_ANSWERS % answers)
        self.page = self.context.new_page()
        self.messages = []
        self.requests = []
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.goto(server + path, wait_until="load")
        self.page.wait_for_timeout(150)
        # What came before anybody scrolled.
        self.at_first = [request for request in self.requests if self.own(request)]

    def lay_out(self):
        """Lay out the whole page, as it is when all of it was read (web/heights.py)."""
        self.page.evaluate("""async () => {
          delete document.documentElement.dataset.near;
          await nextFrame(); await nextFrame();
        }""")

    def own(self, request):
        """Tell whether a request went to the site itself."""
        return request.url.startswith((self.server, "data:", "blob:"))

    def sizes(self):
        """Return (address, zipped bytes) of all that the page fetched at first."""
        return [(request.url, request.sizes()["responseBodySize"]) for request in self.at_first
                if not request.url.startswith("data:")]


def with_content(html):
    """Return a change that puts a piece of HTML below a page's title (the first is for print)."""
    def change(page):
        head, title, text = page.rpartition("</h1>")
        assert title
        return head + title + html + text

    return change


def with_style(css):
    """Return a change that adds rules to a page, after all others."""
    return lambda page: page.replace("</body>", f"<style>{css}</style></body>")


def with_sheet(change):
    """Return a change that gives a page its own, changed copy of the book's style sheet."""
    def change_page(page):
        Handler.broken["_static/broken.css"] = change(
            (SITE / "_static" / "book.css").read_text(encoding="utf-8"))
        assert Handler.broken["_static/broken.css"]
        return page.replace("_static/book.css", "_static/broken.css")

    return change_page
