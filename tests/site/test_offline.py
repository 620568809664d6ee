"""The offline copy, unpacked and opened from a file: it works, says nothing, asks nobody."""

import re
import zipfile

import pytest

import offline
from tests.site.visits import SITE, SOME

pytestmark = pytest.mark.browser

ROOTED = re.compile(r'\b(?:href|src|action|poster|data-src)="(/[^"]*|file:[^"]*)"')
MOST = 30_000_000  # bytes of the archive: a few minutes on a slow line


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return the folder of the offline copy, unpacked where a folder's name is odd."""
    folder = tmp_path_factory.mktemp("a reader's ümlaut")
    offline.make(SITE, folder / "copy.zip")
    size = (folder / "copy.zip").stat().st_size
    print(f"offline copy: {size / 1e6:.1f} MB")
    assert size < MOST
    with zipfile.ZipFile(folder / "copy.zip") as archive:
        archive.extractall(folder)
    return folder / offline.FOLDER


class Reader:
    """Somebody who opens files; what the console said, and what left the files, is noted."""

    def __init__(self, browser, address):
        self.context = browser.new_context(viewport={"width": 1350, "height": 940})
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self.note)
        self.page.goto(address)

    def note(self, request):
        """Note a request that is for no file."""
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.faults.append(request.url)


@pytest.fixture
def reader(browser, copy):
    """Return a reader on the page to start from."""
    one = Reader(browser, (copy / "START-HERE.html").as_uri())
    yield one
    one.context.close()


def rooted(folder):
    """Return the addresses of pages that begin at the root of a disk or a server."""
    return [(path.name, address) for path in sorted(folder.rglob("*.html"))
            for address in ROOTED.findall(path.read_text(encoding="utf-8"))]


def test_no_page_names_an_absolute_path(copy):
    assert rooted(copy) == []


def test_an_absolute_path_is_seen(tmp_path):
    (tmp_path / "a.html").write_text('<a href="/chapters/x.html"><img src="b.png"></a>')
    assert rooted(tmp_path) == [("a.html", "/chapters/x.html")]


def test_a_reader_clicks_through(reader):
    page = reader.page
    page.get_by_role("link", name="Open the book").click()
    page.wait_for_load_state()
    assert page.url.endswith("/site/index.html") and page.locator("h1:visible").count()
    page.locator('.bd-article a[href*="floating_point.html"]:visible').first.click()
    page.wait_for_load_state()
    figure = page.locator(".lib-explore:has(input)").first
    before = figure.locator(".lib-explore-picture").inner_html()
    figure.locator("input").first.press("ArrowRight")
    assert figure.locator(".lib-explore-picture").inner_html() != before
    assert page.locator(".katex-html").first.bounding_box()["width"] > 5
    assert page.evaluate("[...document.fonts].some(one => one.status == 'loaded')")
    page.locator(".prediction-options button:visible").first.click()
    assert page.locator(".prediction-verdict.is-said:not(.is-start)").first.is_visible()
    with page.expect_download() as told:
        page.locator(".figure-data a").first.click()
    assert told.value.suggested_filename.endswith(".csv")
    page.locator('a[href*="glossary.html#term-"]:visible').first.click()
    page.wait_for_load_state()
    assert "glossary.html#term-" in page.url
    page.keyboard.press("Control+k")
    page.wait_for_selector(".finder-list:not([aria-busy])", state="attached")
    page.keyboard.insert_text("cross entropy inf")
    page.wait_for_selector("dialog [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url("file:**/symptoms.html#the-cross-entropy-is-inf*")
    assert reader.faults == []


@pytest.mark.parametrize("name", [*SOME, "chapters/symptoms.html", "chapters/trace.html"])
def test_a_page_says_nothing_and_asks_nobody(browser, copy, name):
    one = Reader(browser, (copy / "site" / name).as_uri())
    one.page.wait_for_timeout(300)
    ground = one.page.evaluate("getComputedStyle(document.documentElement).scrollPaddingTop")
    assert ground != "auto"  # the book's sheet has come
    assert one.faults == []
    one.context.close()


def test_a_page_that_asks_somebody_or_complains_is_seen(browser, tmp_path):
    (tmp_path / "a.html").write_text('<img src="http://127.0.0.1:9/x.png"><script>no()</script>')
    one = Reader(browser, (tmp_path / "a.html").as_uri())
    one.page.wait_for_timeout(300)
    assert "http://127.0.0.1:9/x.png" in one.faults
    assert any("no is not defined" in fault for fault in one.faults)
    one.context.close()
