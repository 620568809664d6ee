"""The archive to read offline: what it holds, and the same bytes for the same pages."""

import zipfile

import pytest

import extras
import offline
from environment import Trouble

PAGES = {
    "index.html": '<html><p class="downloads" data-root="">Take along: <a href="x">x</a>.</p>',
    "chapters/qr.html": "<html></html>", "_static/book.css": "p {}", "_images/a.png": "png",
    "_sources/chapters/qr.ipynb": "{}", "_static/tables/qr-a.csv": "x", "_static/run/worker.js": "",
    "_static/run/core/pyodide.asm.wasm": "wasm", "_static/run/python.zip": "zip",
}
OTHERS = ["_static/run/core/numpy-2.whl", "_sources/chapters/running.md", "objects.inv", "404.html",
          ".buildinfo", "sitemap.xml", "robots.txt", *extras.WORDS]


@pytest.fixture
def site(tmp_path):
    """Return a small site."""
    for name in [*PAGES, *OTHERS]:
        path = tmp_path / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES.get(name, "left out"))
    return tmp_path / "html"


def test_the_archive_holds_the_site_and_a_page_to_start_from(site, tmp_path):
    assert offline.make(site, tmp_path / "a.zip") == len(PAGES) + 1
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
        start = archive.read("where-the-digits-go/START-HERE.html").decode()
        index = archive.read("where-the-digits-go/site/index.html").decode()
        assert archive.read("where-the-digits-go/site/chapters/qr.html") == b"<html></html>"
    assert names == ["where-the-digits-go/START-HERE.html",
                     *(f"where-the-digits-go/site/{name}" for name in sorted(PAGES))]
    assert 'href="site/index.html"' in start and "Version " in start
    assert "Take along" not in index and "hidden" in index


def test_a_page_leads_to_no_application_that_needs_a_server(site, tmp_path):
    (site / "lite").mkdir()
    (site / "lite" / "index.html").write_text("JupyterLite")
    page = site / "chapters" / "qr.html"
    page.write_text('<p>1<a href="../lite/notebooks/index.html?path=qr.ipynb" class="btn"\n'
                    ' title="Run"><i></i>\n</a>2<a href="lu.html">LU</a></p>')
    offline.make(site, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not any("/lite/" in name for name in archive.namelist())
        kept = archive.read("where-the-digits-go/site/chapters/qr.html").decode()
    assert kept == '<p>12<a href="lu.html">LU</a></p>'


def test_the_same_pages_give_the_same_bytes_whenever_they_were_written(site, tmp_path):
    offline.make(site, tmp_path / "a.zip")
    for path in site.rglob("*.html"):
        path.write_bytes(path.read_bytes())
        path.chmod(0o600)
    offline.make(site, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_files_of_the_archive_may_be_read_by_everybody(site, tmp_path):
    offline.make(site, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o644}


def test_without_a_site_it_says_what_to_do(tmp_path):
    with pytest.raises(Trouble, match="Run make book first"):
        offline.make(tmp_path, tmp_path / "a.zip")
