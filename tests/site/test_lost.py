"""The page for addresses that are none, from any depth, at the root of a host and below it."""

import http.client
import threading

import pytest

import book
from tests.site.test_site import inaccessible, strangers
from tests.site.visits import CHAPTERS, PAGES, Handler, Visit, serving
from web import lost

LINKS = ('<html data-content_root="./"><head><link rel="stylesheet" href="_static/book.css"></head>'
         '<a class="x" href="chapters/lu.html#top"><a href="#main"><a href="https://a.b/">'
         '<img src="data:image/gif;base64,x"><form action="search.html">')


def test_links_begin_at_the_host_where_its_address_is_known():
    made = lost.anchored(LINKS, "/book/")
    assert 'data-content_root="/book/"' in made and 'href="/book/chapters/lu.html#top"' in made
    assert 'action="/book/search.html"' in made and 'href="/book/_static/book.css"' in made
    for same in ('href="#main"', 'href="https://a.b/"', 'src="data:image/gif;base64,x"'):
        assert same in made


def test_nothing_is_asked_for_before_the_folder_of_the_site_is_known():
    made = lost.searching(LINKS, "f()")
    assert "<head><script>f()</script>" in made
    assert '<link rel="stylesheet" data-lost="href" data-href="_static/book.css">' in made
    assert 'href="chapters/lu.html#top" data-lost="href" data-href="chapters/lu.html#top"' in made
    assert made.count("data-lost") == 3


def test_the_course_s_own_server_shows_the_page(tmp_path):
    (tmp_path / "404.html").write_text("no such page")
    (tmp_path / "a.txt").write_text("a page")
    with book.open_server(tmp_path, 8700) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = {}
        for path in ("/a.txt", "/b/c/d.html"):
            asked = http.client.HTTPConnection("127.0.0.1", server.server_port)
            asked.request("GET", path)
            answer = asked.getresponse()
            found[path] = answer.status, answer.read().decode()
            asked.close()
        server.shutdown()
    assert found == {"/a.txt": (200, "a page"), "/b/c/d.html": (404, "no such page")}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["nothing.html", "chapters/no/such/page.html"])
def test_an_address_that_is_none_leads_home_from_any_depth(visit, path, scheme):
    one = visit(path, scheme=scheme, fresh=True)
    one.page.wait_for_function("document.styleSheets.length && window.bootstrap")
    assert one.page.locator("h1").inner_text() == "There is no such page"
    links = one.page.locator("article a").evaluate_all("all => all.map(one => one.href)")
    wanted = {one.server + name for name in [*CHAPTERS, "chapters/symptoms.html", PAGES[0]]}
    assert wanted <= {link.partition("#")[0] for link in links}
    assert inaccessible(one) == [] and strangers(one) == []
    size = one.page.locator("h1").evaluate("one => getComputedStyle(one).fontSize")
    assert size != "32px"  # the browser's own, without the sheet


class Below(Handler):
    """Serve the site under /book/ of a host, and nothing beside it."""

    def do_GET(self):
        """Answer one request."""
        inside = self.path.startswith("/book/")
        self.path = self.path.removeprefix("/book") if inside else "/none"
        super().do_GET()

    do_HEAD = do_GET  # noqa: N815, so the server calls it


@pytest.mark.browser
@pytest.mark.parametrize("path", ["book/nothing.html", "book/chapters/no/such/page.html"])
def test_an_address_that_is_none_leads_home_where_the_site_is_in_a_folder(browser, path):
    with serving(Below) as host:
        one = Visit(browser, host, path)
        one.page.wait_for_function("document.styleSheets.length && window.bootstrap")
        links = one.page.locator("article a").evaluate_all("all => all.map(one => one.href)")
        assert links and all(link.startswith(f"{host}book/") for link in links)
        one.page.locator("article a", has_text="Cholesky").click()
        one.page.wait_for_url(f"{host}book/chapters/cholesky.html")
        assert one.page.locator("section > h1").first.inner_text().startswith("7. Cholesky")
        one.context.close()


@pytest.mark.browser
def test_the_page_for_no_page_can_search(visit):
    one = visit("chapters/no/such/page.html", fresh=True)
    one.page.wait_for_selector("article .finder-list:not([aria-busy])", state="attached")
    one.page.locator("article input").fill("jitter")
    one.page.wait_for_selector("[role=option]")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/chapters/glossary.html#term-jitter")
    assert one.page.locator("#term-jitter").is_visible()
