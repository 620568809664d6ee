"""What pages say of themselves: heads, cards, the map for search engines, the page for no page."""

import http.client
import io
import json
import re
import threading
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from docutils import nodes
from PIL import Image
from sphinx.errors import ConfigError

import book
from tests.site import small
from tests.site.test_site import inaccessible, strangers
from tests.site.visits import CHAPTERS, PAGES, SITE
from web import head, lost, schema, social

DESCRIPTION = (50, 160)  # letters that search engines show, at least and at most
TITLE = 75
CARD = 40_000  # bytes
HOME = "https://example.org/book/"


# --- The address of the site ----------------------------------------------------------------------

def settings(baseurl=""):
    return SimpleNamespace(html_baseurl=baseurl)


@pytest.mark.parametrize("given, taken", [
    ("https://example.org/book/", HOME), ("https://example.org/book", HOME),
    ("http://localhost:8000", "http://localhost:8000/"), ("", ""),
])
def test_an_address_ends_in_a_slash(given, taken, monkeypatch):
    monkeypatch.delenv("SITE_ADDRESS", raising=False)
    config = settings(given)
    head.take_address(None, config)
    assert config.html_baseurl == taken


def test_the_address_of_a_build_wins(monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", HOME)
    config = settings("https://example.com/")
    head.take_address(None, config)
    assert config.html_baseurl == HOME


@pytest.mark.parametrize("given", ["example.org", "ftp://example.org", "https://a b", "https://",
                                   "https://example.org/?page=1", "https://example.org/#top"])
def test_what_is_no_address_is_refused_with_a_remedy(given, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", given)
    with pytest.raises(ConfigError, match=f"'{re.escape(given)}' is no address.*https://example"):
        head.take_address(None, settings())


def test_the_first_page_is_the_site_itself():
    assert head.address(settings(HOME), "index") == HOME
    assert head.address(settings(HOME), "chapters/lu") == f"{HOME}chapters/lu.html"
    assert head.address(settings(), "chapters/lu") == ""


# --- Descriptions, and what schema.org wants to know ----------------------------------------------

def paragraph(*parts):
    return nodes.paragraph("", "", *parts)


def page(*blocks):
    tree = nodes.document(None, None)
    tree += nodes.section("", nodes.title("", "A page"), *blocks)
    return tree


def test_a_page_is_described_by_its_sentence_in_italics():
    first = paragraph(nodes.emphasis("", "", nodes.Text("At "), nodes.math("", "2^{24}"),
                                     nodes.Text("\nit stops.")))
    tree = page(paragraph(nodes.Text("Plain, "), nodes.emphasis("", "partly")), first,
                paragraph(nodes.emphasis("", "Later.")))
    assert head.description(tree) == "At 2^24 it stops."
    assert head.description(page(paragraph(nodes.Text("Plain.")))) == ""


def test_a_field_of_the_page_wins():
    tree = page(paragraph(nodes.emphasis("", "In italics.")))
    tree.insert(0, nodes.meta("", name="description", content="From the field."))
    assert head.description(tree) == "From the field."


def test_what_schema_org_wants_to_know_ends_with_the_element():
    made = schema.script(schema.known("Course", name="</script><b>", url=""))
    assert made.count("</script>") == 1
    data = json.loads(re.search(r">(.*)</script>", made)[1])
    assert data == {"@context": "https://schema.org", "@type": "Course", "name": "</script><b>"}
    assert schema.script(None) == ""


# --- Cards ----------------------------------------------------------------------------------------

LONG = "A title that is much too long for any card and goes on and on, over more than two lines"
SENTENCE = "You tell, before you run it, which loss, counter, update or sum will go wrong. " * 3


def drawn(*parts):
    """Return a card as the bytes of its file."""
    data = io.BytesIO()
    social.card("A book", *parts).save(data, "PNG", optimize=True)
    return data.getvalue()


@pytest.mark.parametrize("parts", [
    ("LU", "Short."), (LONG, SENTENCE), (LONG, SENTENCE, ["x" * 60] * 4), ("LU", "", ["loss = 1"]),
])
def test_a_card_has_its_size_is_light_and_the_same_each_time(parts):
    made = Image.open(io.BytesIO(drawn(*parts)))
    assert made.size == (1200, 630)
    assert drawn(*parts) == drawn(*parts) and len(drawn(*parts)) < CARD
    edge = made.convert("RGB").crop((social.WIDTH - 30, 0, social.WIDTH, social.HEIGHT))
    assert len(edge.getcolors()) == 1  # nothing runs over the margin


def test_cards_of_two_pages_differ():
    assert len({drawn("LU", "One."), drawn("QR", "One."), drawn("LU", "Two."),
                drawn("LU", "One.", ["x"])}) == 4


def test_a_card_shows_what_the_failure_prints():
    def cell(step, *lines):
        printed = nodes.literal_block("", "\n".join(lines), classes=["output", "stream"])
        return nodes.container("", printed, classes=["cell", f"step-{step}"])

    tree = page(cell("setup", "no"), nodes.container(classes=["cell", "step-failure"]),
                cell("failure", "loss = inf", "y" * 90, *"abcd"), cell("failure", "later"))
    lines = social.failure(tree)
    assert lines[0] == "loss = inf" and len(lines) == 4 and len(lines[1]) <= social.LETTERS
    assert social.failure(page()) == []


def test_the_icon_fills_its_square():
    icon = social.icon()
    corners = {icon.getpixel((x, y)) for x in (0, 179) for y in (0, 179)}
    assert icon.size == (180, 180) and len(corners) == 1 and len(icon.getcolors(9999)) > 3


# --- The page for addresses that are none ---------------------------------------------------------

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


# --- A small book whose address is known ----------------------------------------------------------

@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    """Return the site of a small book that is told where it will be served."""
    folder = tmp_path_factory.mktemp("placed")
    small.lay_out(folder, small.CELLS[:4])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_ADDRESS", HOME.rstrip("/"))
        status, said = small.build(folder)
    assert status == 0, said
    return folder / "_build" / "html"


def test_a_site_with_an_address_names_it_in_full(placed):
    text = (placed / "chapters" / "tiny.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{HOME}chapters/tiny.html" />' in text
    assert f'<meta property="og:url" content="{HOME}chapters/tiny.html">' in text
    [image] = re.findall(r'property="og:image" content="([^"]*)"', text)
    assert (placed / image.removeprefix(HOME)).is_file()
    data = facts(text)["data"]
    assert data["url"] == f"{HOME}chapters/tiny.html" and data["teaches"] == ["tell gaps", "sum"]
    assert data["timeRequired"] == "PT60M" and data["isPartOf"]["@type"] == "Course"


def test_a_site_with_an_address_has_a_map_for_search_engines(placed):
    tree = ET.parse(placed / "sitemap.xml").getroot()
    urls = [one.text for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{HOME}chapters/tiny.html" in urls and len(urls) == 2
    robots = (placed / "robots.txt").read_text()
    assert f"Sitemap: {HOME}sitemap.xml" in robots and "Allow: /" in robots
    page = (placed / "404.html").read_text(encoding="utf-8")
    assert 'href="/book/_static/book.css' in page and 'href="/book/chapters/tiny.html"' in page
    assert 'name="robots" content="noindex"' in page and "canonical" not in page


# --- The book -------------------------------------------------------------------------------------

def facts(text):
    """Return what the head of a page says, each kind as often as it says it."""
    top = text.partition("</head>")[0]
    met = re.findall(r'<meta (?:name|property)="([^"]*)"[^>]*?content="([^"]*)"', top)
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', top, re.S)
    return {"title": re.findall(r"<title>(.*?)</title>", top, re.S), "met": met,
            "canonical": re.findall(r'rel="canonical"', top),
            "data": json.loads(data[0]) if data else None}


def faults(path, text, folder=SITE):
    """Return what is missing from the head of a page, there twice, or too long."""
    said = facts(text)
    count = [name for name, _ in said["met"]]
    met = dict(said["met"])
    found = [f"{count.count(name)} of {name}" for name in (
        "viewport", "description", "og:title", "og:description", "og:image", "og:image:alt",
        "og:site_name", "twitter:card") if count.count(name) != 1]
    found += ["no theme-color for both schemes"] if count.count("theme-color") != 2 else []
    if len(said["title"]) != 1 or not 5 < len(said["title"][0]) <= TITLE:
        found.append(f"title {said['title']}")
    if not DESCRIPTION[0] <= len(met.get("description", "")) <= DESCRIPTION[1]:
        found.append(f"description {met.get('description')!r}")
    image = (folder / path).parent / met.get("og:image", "none")
    if not image.is_file() or Image.open(image).size != (1200, 630):
        found.append(f"no card {image}")
    elif image.stat().st_size > CARD:
        found.append(f"card of {image.stat().st_size} bytes")
    return found


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_is(path):
    text = (SITE / path).read_text(encoding="utf-8")
    assert faults(path, text) == []
    kind = (facts(text)["data"] or {}).get("@type")
    assert kind == ("LearningResource" if path in CHAPTERS else "Course" if path == PAGES[0]
                    else None)


@pytest.mark.browser
def test_a_head_that_says_less_or_twice_is_seen():
    text = (SITE / PAGES[0]).read_text(encoding="utf-8")
    view = re.search(r'<meta name="viewport"[^>]*>', text)[0]
    assert faults(PAGES[0], text.replace(view, view + view)) == ["2 of viewport"]
    bare = re.sub(r'<meta name="description"[^>]*>', "", text)
    assert len(faults(PAGES[0], bare)) == 2
    assert len(faults(PAGES[0], re.sub(r'(og:image" content=")', r"\1no/", text))) == 1


@pytest.mark.browser
def test_no_two_pages_say_the_same():
    said = [facts((SITE / path).read_text(encoding="utf-8")) for path in PAGES]
    titles = [one["title"][0] for one in said]
    texts = [dict(one["met"])["description"] for one in said]
    assert len(set(titles)) == len(set(texts)) == len(PAGES)
    assert all(one.count("Where the Digits Go") == 1 for one in titles)


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


@pytest.mark.browser
def test_the_page_for_no_page_can_search(visit):
    one = visit("chapters/no/such/page.html", fresh=True)
    one.page.wait_for_selector("article .finder-list:not([aria-busy])", state="attached")
    one.page.locator("article input").fill("jitter")
    one.page.wait_for_selector("[role=option]")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/chapters/glossary.html#term-jitter")
    assert one.page.locator("#term-jitter").is_visible()
