"""The links that leave the book are asked for, and what they answer is told apart."""

import functools
import http.server
import json
import threading

import pytest

import links
from environment import Trouble
from tests.site import small
from web import addresses

NOBODY = "HTTPSConnectionPool: Max retries exceeded (NameResolutionError)"


def answer(address, status, info="", code=0, page="chapters/index.md"):
    """Return what linkcheck says of an address."""
    return {"uri": address, "status": status, "info": info, "code": code, "filename": page}


@pytest.mark.parametrize("status, info, code, kind", [
    ("working", "", 0, "well"),
    ("redirected", "https://a.org/new", 302, "well"),
    ("redirected", "https://a.org/new", 301, "moved"),
    ("broken", "404 Client Error: Not Found for url", 0, "gone"),
    ("broken", NOBODY, 0, "gone"),
    ("timeout", "timed out", 0, "gone"),
    ("broken", "403 Client Error: Forbidden for url", 0, "refused"),
    ("broken", "unauthorized", 0, "refused"),
    ("rate-limited", "", 0, "refused"),
    ("ignored", "", 0, ""),
    ("unchecked", "", 0, ""),
])
def test_an_answer_is_of_one_kind(status, info, code, kind):
    assert links.kind(answer("https://a.org", status, info, code)) == kind


def test_an_address_is_told_once_with_every_page_that_names_it():
    found = links.sort([answer("https://b.org", "broken", "404\n  Client Error", page=page)
                        for page in ("chapters/b.md", "chapters/a.md", "chapters/b.md")])
    assert links.lines(found["gone"]) == [
        "- <https://b.org> in chapters/a.md, chapters/b.md: 404 Client Error"]


@pytest.mark.parametrize("address, other", [
    ("https://doi.org/10.1137/1.9780898718027",
     "https://doi.org/api/handles/10.1137/1.9780898718027"),
    ("http://dx.doi.org/10.1007/s00211-1", "https://doi.org/api/handles/10.1007/s00211-1"),
    ("https://doi.org/", None), ("https://example.org/10.1137/1", None)])
def test_of_a_doi_its_registry_is_asked(address, other):
    assert addresses.asked(address) == other
    assert other is None or addresses.original(other).endswith(address.partition("doi.org/")[2])


@pytest.mark.parametrize("answers, said", [
    ([], "No address was asked"),
    ([answer("chapters/a.html", "ignored")], "No address was asked"),
    ([answer("https://a.org", "broken", NOBODY), answer("https://b.org", "broken", NOBODY)],
     "no network"),
])
def test_where_nothing_is_known_nothing_is_well(answers, said, monkeypatch, tmp_path):
    monkeypatch.setattr(links, "check", lambda *_: answers)
    with pytest.raises(Trouble, match=said):
        links.main(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answers, status, kept", [
    ([answer("https://a.org", "working"), answer("https://b.org", "broken", NOBODY)], 1,
     f"- <https://b.org> in chapters/index.md: {NOBODY}\n"),
    ([answer("https://a.org", "working"), answer("https://b.org", "broken", "403 No")], 0, "\n"),
])
def test_only_what_leads_nowhere_fails(answers, status, kept, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(links, "check", lambda *_: answers)
    assert links.main(tmp_path, tmp_path) == status
    assert (tmp_path / "failures.md").read_text() == kept
    assert "https://b.org" in capsys.readouterr().out


class Host(http.server.BaseHTTPRequestHandler):
    """A host on which one page is there, one gone, and one not for programs."""

    def do_GET(self):
        """Answer with the status that the address names."""
        self.send_response(int(self.path[1:4]))
        self.end_headers()

    def do_HEAD(self):
        """Answer as to GET."""
        self.do_GET()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def host():
    """Serve on this machine; return the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_book_is_asked_for_what_it_links(host, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    small.lay_out(tmp_path)
    page = " ".join(f"[{status}]({host}{status})" for status in (200, 404, 403))
    (tmp_path / "chapters" / "index.md").write_text(f"# A book\n\n{page}\n\nSee {{doc}}`tiny`.\n")
    asked = functools.partial(links.check, tmp_path, tmp_path / "links", linkcheck_retries=1)
    found = links.sort(asked())
    assert {kind: [address.rpartition("/")[2] for address in ones]
            for kind, ones in found.items()} == {
                "well": ["200"], "moved": [], "refused": ["403"], "gone": ["404"]}
    assert found["gone"][f"{host}404"][1] == ["chapters/index.md"]
    stored = json.loads((tmp_path / "chapters" / "tiny.ipynb").read_text("utf-8"))
    assert not any(cell.get("execution_count") for cell in stored["cells"])
