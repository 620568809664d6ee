"""A server, a browser, and pages: as they are, and broken on purpose."""

import http.server
import threading

import pytest

from tests.site.visits import PAGES, SITE, Handler, Visit


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let one worker do all that is asked of a page, so that each page is opened once.

    How a page holds still while it loads is asked before it is printed, walked through and looked
    at in other sizes, and what it said meanwhile comes last.
    """
    for item in items:
        path = getattr(item, "callspec", None) and item.callspec.params.get("path")
        if isinstance(path, str) and path.endswith(".html"):
            item.add_marker(pytest.mark.xdist_group(path))
    items.sort(key=lambda item: (item.get_closest_marker("last") is not None,
                                 item.path.name in ("test_look.py", "test_paper.py",
                                                    "test_places.py")))


@pytest.fixture(scope="session")
def server():
    """Serve the site; return its address."""
    if not SITE.is_dir():
        pytest.fail("there is no _build/html: run `make book`, or `make test`, which builds it")
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{host.server_address[1]}/"
    host.shutdown()
    host.server_close()
    thread.join()


@pytest.fixture(scope="session")
def visit(browser, server):
    """Open pages by path; each is opened once for a scheme and kept, a fresh one for its test."""
    opened, kept = [], {}

    def get(path, scheme="light", fresh=False, **options):
        key = (path, scheme, *sorted(options.items()))
        if not fresh and key in kept:
            return kept[key]
        opened.append(Visit(browser, server, path, scheme, **options))
        if not fresh:
            kept[key] = opened[-1]
        return opened[-1]

    yield get
    for one in opened:
        one.context.close()


@pytest.fixture
def broken(visit):
    """Return a function that opens a copy of a page, changed on purpose, and forgets it after."""
    seen = []

    def get(change, path=PAGES[0], scheme="light"):
        changed = change((SITE / path).read_text(encoding="utf-8"))
        name = f"{path.removesuffix('.html')}-broken.html"
        Handler.broken[name] = changed
        seen.append(visit(name, scheme, fresh=True))
        return seen[-1]

    yield get
    for one in seen:
        one.context.close()
    Handler.broken.clear()
