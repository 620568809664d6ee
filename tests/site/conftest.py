"""A server, a browser, and pages: as they are, and broken on purpose."""

import pytest

from tests.site.visits import PAGES, SITE, Handler, Visit, serving
from wasm import core, wheels
from web import runtime


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let one worker do all that is asked of a page in a row, so that each page is opened once.

    How a page holds still while it loads is asked before it is printed, walked through and looked
    at in other sizes, and what it said meanwhile comes last.
    """
    def place(item):
        return (page_of(item), item.get_closest_marker("last") is not None,
                item.path.name in ("test_look.py", "test_paper.py", "test_places.py"))

    for item in items:
        if page_of(item):
            item.add_marker(pytest.mark.xdist_group(page_of(item)))
    items.sort(key=place)


def page_of(item):
    """Return the page that a test asks about, or nothing."""
    path = getattr(item, "callspec", None) and item.callspec.params.get("path")
    return path if isinstance(path, str) and path.endswith(".html") else ""


@pytest.fixture(scope="session")
def server():
    """Serve the site; return its address."""
    if not SITE.is_dir():
        pytest.fail("there is no _build/html: run `make book`, or `make test`, which builds it")
    with serving(Handler) as address:
        yield address


@pytest.fixture(scope="session")
def full():
    """Return the folder of a Pyodide with NumPy: that of PYODIDE, or the one of tools/wasm."""
    if runtime.given():
        return runtime.given()
    try:
        return core.make()
    except wheels.Unavailable as problem:
        pytest.skip(f"NOTHING WITH NUMPY RAN IN A BROWSER: {problem}")


@pytest.fixture(scope="session")
def kept():
    """Return the pages that stay open for the next test: (path, scheme, ...) -> visit."""
    pages = {}
    yield pages
    close(pages, pages)


def close(pages, keys):
    """Close and forget some of the pages that were kept."""
    for key in list(keys):
        pages.pop(key).context.close()


@pytest.fixture
def visit(browser, server, kept):
    """Open pages by path; a page is kept until a test asks for others, a fresh one for its test.

    A browser in which all pages stay open takes gigabytes, and at some point stands still.
    """
    asked, fresh_ones = set(), []

    def get(path, scheme="light", fresh=False, **options):
        key = (path, scheme, *sorted(options.items()))
        asked.add(path)
        if fresh:
            fresh_ones.append(Visit(browser, server, path, scheme, **options))
            return fresh_ones[-1]
        if key not in kept:
            kept[key] = Visit(browser, server, path, scheme, **options)
        return kept[key]

    yield get
    for one in fresh_ones:
        one.context.close()
    close(kept, [key for key in kept if key[0] not in asked])


@pytest.fixture
def broken(visit):
    """Return a function that opens a copy of a page, changed on purpose, and forgets it after."""
    def get(change, path=PAGES[0], scheme="light"):
        changed = change((SITE / path).read_text(encoding="utf-8"))
        name = f"{path.removesuffix('.html')}-broken.html"
        Handler.broken[name] = changed
        return visit(name, scheme, fresh=True)

    yield get
    Handler.broken.clear()
