"""What pages say of themselves, and the map of them for search engines."""

import json
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from docutils import nodes
from PIL import Image
from sphinx.errors import ConfigError

from tests.site import small
from tests.site.test_social import CARD
from tests.site.visits import CHAPTERS, PAGES, SITE
from web import head, schema, social

DESCRIPTION = (50, 160)  # letters that search engines show, at least and at most
TITLE = 75
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


def size_of(path):
    """Return the width and height of a picture."""
    with Image.open(path) as image:
        return image.size


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
    if not image.is_file() or size_of(image) != (social.WIDTH, social.HEIGHT):
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
