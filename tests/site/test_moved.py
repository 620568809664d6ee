"""Old addresses lead on: renamed pages with their anchors, ids of cells that are called otherwise.

A line of the table that leads nowhere, or hides a page, fails the build.
"""

import functools
import re

import pytest

from tests.site import small
from tests.site.visits import Visit, serving
from web import moved

TABLE = """
[pages]
"chapters/small" = "chapters/tiny"
"first/of all" = "chapters/index"

[anchors]
"chapters/tiny#claim-spacing" = "chapters/tiny#claim-gap"
"chapters/tiny#numbers-and-holes" = "chapters/tiny#numbers-with-gaps"
"chapters/tiny#run-elsewhere" = "chapters/index#a-book"
"chapters/small#quiz" = "chapters/tiny#question-why"
"""
FOUND = {"chapters/index": {"a-book"}, "chapters/tiny": {"title", "claim-gap"}}


@pytest.mark.parametrize("pages, anchors, said", [
    ({"chapters/tiny": "chapters/index"}, {}, "chapters/tiny is a page of the book"),
    ({"chapters/old": "chapters/none"}, {}, "chapters/none, and there is no such page"),
    ({}, {"chapters/tiny#old": "chapters/tiny#none"}, "and there is no such place"),
    ({}, {"chapters/tiny#old": "chapters/none#title"}, "and there is no such place"),
    ({}, {"chapters/none#old": "chapters/tiny#title"}, "on no page of today or before"),
    ({}, {"chapters/tiny#claim-gap": "chapters/index#a-book"}, "is a place of the book"),
    ({}, {"chapters/tiny": "chapters/index#a-book"}, "is a place of the book"),
])
def test_a_line_that_cannot_be_kept_is_told(pages, anchors, said):
    [fault] = moved.faults(pages, anchors, FOUND, FOUND.get)
    assert said in fault


def test_a_sound_table_has_no_faults():
    pages = {"chapters/old": "chapters/tiny"}
    anchors = {"chapters/old#x": "chapters/index#a-book", "chapters/tiny#y": "chapters/tiny#title"}
    assert moved.faults(pages, anchors, FOUND, FOUND.get) == []


def test_the_table_of_the_book_can_be_read():
    pages, anchors = moved.table(small.ROOT)
    assert all("#" not in name for name in pages) and all("#" in name for name in anchors)


def lay_out(folder, text):
    """Write the small book with a table of old addresses into a folder."""
    small.lay_out(folder)
    folder.joinpath(*moved.TABLE).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the site of a small book of which much has moved."""
    folder = tmp_path_factory.mktemp("moved")
    lay_out(folder, TABLE)
    status, said = small.build(folder)
    assert status == 0, said
    return folder / "_build" / "html"


def test_a_renamed_page_leads_on_without_scripts(site):
    page = (site / "chapters" / "small.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../chapters/tiny.html">' in page
    assert '<a href="../chapters/tiny.html">Tiny numbers</a>' in page
    assert '<link rel="canonical" href="../chapters/tiny.html">' in page and "noindex" in page
    assert "book.css" not in page and len(page) < 1200
    assert (site / "first" / "of all.html").exists()


def test_old_ids_are_places_of_the_page_beside_the_new(site):
    page = (site / "chapters" / "tiny.html").read_text(encoding="utf-8")
    for old, new in (("claim-spacing", "claim-gap"), ("numbers-and-holes", "numbers-with-gaps")):
        assert page.count(f'id="{old}"') == 1 == page.count(f'id="{new}"')
        assert 0 < page.index(f'id="{old}"') - page.index(f'id="{new}"') < 200
    line = re.search(r'<p class="moved" id="run-elsewhere">.*?</p>', page)[0]
    assert '<a href="index.html#a-book">A book</a>' in line


def test_a_table_that_leads_nowhere_fails_the_build(tmp_path):
    lay_out(tmp_path, '[pages]\n"chapters/tiny" = "chapters/index"\n'
            '[anchors]\n"chapters/tiny#riddle" = "chapters/tiny#card"\n')
    status, said = small.build(tmp_path)
    assert status != 0
    assert "WARNING: web/redirects.toml: chapters/tiny is a page of the book" in said
    assert "WARNING: web/redirects.toml: chapters/tiny#riddle is a place of the page today" in said
    assert "Mend that line." in said


# --- In a browser ---------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def place(site):
    """Serve the site; return its address."""
    handler = functools.partial(small.Quiet, directory=str(site))
    with serving(handler) as address:
        yield address


def arrival(browser, place, path, **options):
    """Return where a reader who follows an old address arrives."""
    visit = Visit(browser, place, path, **options)
    visit.page.wait_for_function("document.querySelector('article h1')", timeout=10_000)
    address = visit.page.url.removeprefix(place)
    visit.context.close()
    return address


@pytest.mark.parametrize("old, new", [
    ("chapters/small.html", "chapters/tiny.html"),
    ("chapters/small.html#card", "chapters/tiny.html#card"),
    ("chapters/small.html?term=a#card", "chapters/tiny.html?term=a#card"),
    ("chapters/small.html#quiz", "chapters/tiny.html#question-why"),
    ("first/of%20all.html", "chapters/index.html"),
])
def test_an_old_address_arrives_with_its_anchor(old, new, browser, place):
    assert arrival(browser, place, old) == new


def test_an_old_id_scrolls_to_the_new_place(browser, place):
    visit = Visit(browser, place, "chapters/tiny.html#claim-spacing")
    top = visit.page.evaluate("document.getElementById('claim-gap').getBoundingClientRect().top")
    assert -5 < top < 300
    visit.context.close()
