"""The PDF and the offline copy are linked while they are there and of the pages as they are."""

import pytest

import extras

PAGE = '<html><p>text</p><p class="downloads" data-root="{}" hidden></p></html>'
PDF, ZIP = extras.WORDS


@pytest.fixture
def site(tmp_path):
    """Return a small site whose pages keep a place for extras, and one that does not."""
    (tmp_path / "html" / "chapters").mkdir(parents=True)
    (tmp_path / "html" / "index.html").write_text(PAGE.format(""))
    (tmp_path / "html" / "chapters" / "running.html").write_text(PAGE.format("../"))
    (tmp_path / "html" / "chapters" / "qr.html").write_text("<html></html>")
    return tmp_path / "html"


def links(site, name="chapters/running.html"):
    """Return what a page says of extras."""
    return extras.PLACE.search((site / name).read_text())[0]


def make(site, name, size=2_000_000):
    """Make an extra from the pages as they are."""
    (site / name).write_bytes(b"x" * size)
    extras.made(site, name)


def test_without_extras_a_page_says_nothing(site):
    before = (site / "index.html").read_text()
    extras.refresh(site)
    assert (site / "index.html").read_text() == before and "hidden" in links(site)


def test_an_extra_is_linked_from_each_place_with_its_size(site):
    make(site, PDF)
    assert f'<a href="../{PDF}">PDF</a> (2 MB).' in links(site)
    assert f'href="{PDF}"' in links(site, "index.html") and "hidden" not in links(site)
    make(site, ZIP, 9_400_000)
    assert f'(2 MB), <a href="../{ZIP}">offline ZIP</a> (9 MB).' in links(
        site)
    assert (site / "chapters" / "qr.html").read_text() == "<html></html>"


def test_a_build_that_changes_no_page_keeps_the_extras(site):
    make(site, PDF)
    extras.refresh(site)
    (site / "index.html").write_text(PAGE.format(""))  # written anew by a build
    extras.refresh(site)
    assert (site / PDF).exists() and PDF in links(site, "index.html")


def test_extras_of_other_pages_go(site):
    make(site, PDF)
    (site / "chapters" / "qr.html").write_text("<html>new</html>")
    make(site, ZIP)
    assert not (site / PDF).exists() and (site / ZIP).exists()
    assert PDF not in links(site) and ZIP in links(site)


def test_an_extra_of_unknown_origin_goes(site):
    (site / PDF).write_bytes(b"x")
    extras.refresh(site)
    assert not (site / PDF).exists() and "hidden" in links(site)


def test_dropped_extras_are_not_linked(site):
    make(site, PDF)
    make(site, ZIP)
    extras.drop(site)
    assert not (site / PDF).exists() and not (site / ZIP).exists()
    assert links(site).endswith("hidden></p>")


def test_what_a_page_says_of_extras_is_no_part_of_it(site):
    before = extras.digest(site)
    make(site, PDF)
    assert extras.digest(site) == before
    assert extras.bare((site / "index.html").read_text()) == PAGE.format("")
