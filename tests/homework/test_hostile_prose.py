"""Prose that a student wrote leads nowhere and runs nothing in the browser of who reads it."""

import re
from html.parser import HTMLParser

import pytest

from homework import feedback, harmless, judging
from homework.notebooks import Cell
from tests.homework import small
from tests.homework.test_loop import make

LINKS = [r"[a](javascript\:alert(1))", r"[a](vbscript\:x)", "[a](data:text/html;base64,PHNj)",
         "[a](java\tscript:alert(1))", "[a][b]\n\n[b]: javascript\\:alert(1)",
         "[a]( javascript\\:x )",
         "[b]:\njavascript\\:x\n\n[b]", "<javascript:alert(1)>", "[a](<javascript\\:x>)",
         "[a](//tracker.example)", "[a](file:///etc/passwd)", "[a](&#106;avascript:x)",
         "[a](https://fine.example\"onmouseover=x)", "![e](http://tracker.example/x.png)",
         "![e][r]\n\n[r]: http://tracker.example/x.png", "!\\[e](http://tracker.example/x.png)",
         "[![e](http://tracker.example/x.png)](https://a.example)", "<img src=x onerror=y>",
         "![e](data:image/svg+xml;base64,PHN2Zz4=)", "[a](http\\://x y)", "[a](https&colon;//x)"]
MATH = [r"$\href{java	script:alert(11)}{x}$", r"$\\href{javascript\:x}{y}$", r"$\require{html}$",
        r"$$\style{position:fixed}{x}$$", r"\(\href_{x}\)", r"$\mmlToken{mi}[href='x']{y}$",
        r"$\class{a}{x}\cssId{b}{y}$"]


class Found(HTMLParser):
    """The addresses and the tags of a page."""

    def __init__(self, page):
        super().__init__()
        self.links, self.pictures, self.tags, self.names = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        own = dict(attrs)
        self.links += [own["href"]] if "href" in own and own.get("class") != "anchor-link" else []
        self.pictures += [own["src"]] if "src" in own else []
        self.tags.append(tag)
        self.names += own


def rendered(source):
    """Return Markdown as nbconvert renders it, and as feedback shows it."""
    from nbconvert.exporters import HTMLExporter

    return [Found(kind().markdown2html({}, source))
            for kind in (HTMLExporter, feedback.exporters())]


@pytest.mark.parametrize("source", LINKS)
def test_links_lead_to_the_web_or_nowhere(source):
    for found in rendered(harmless.prose(source)):  # formgrader's, and our own
        assert all(re.match(r"https?://[\w.]+", link) for link in found.links)
        assert not found.pictures and "script" not in found.tags
        assert not any(name.startswith("on") for name in found.names)


@pytest.mark.parametrize("source", LINKS)
def test_what_is_rendered_is_cleaned_once_more(source):
    _, found = rendered(source)
    assert not any("script" in link or link.startswith(("data", "file", "//"))
                   for link in found.links)
    assert not any(link.startswith(("http", "//", "data:image/svg")) for link in found.pictures)
    assert not any(name.startswith("on") for name in found.names)


@pytest.mark.parametrize("source", MATH)
def test_mathematics_makes_no_links_and_no_styles(source):
    assert not re.search(r"\\(href|require|style|mmlToken|class|cssId)(?![A-Za-z])",
                         harmless.prose(source))


def test_what_is_meant_well_stays():
    source = ("# Why\n\nSee [here](https://a.example/b?c=1&d=2#e), `x[0]`, $a < b$, "
              "$\\displaystyle x$ and\n\n| a | b |\n|---|---|\n| 1 | *2* |")
    plain, ours = rendered(harmless.prose(source))
    assert ours.links == plain.links == ["https://a.example/b?c=1&d=2#e"]
    assert "\\displaystyle x" in harmless.prose(source)
    assert {"h1", "table", "em", "code"} <= set(ours.tags)


def test_only_pictures_that_are_attached_are_asked_for():
    source = "![p](attachment:p.png) ![q](attachment:q.png)"
    assert harmless.prose(source, {"p.png": {}}) == (
        "![p](attachment:p.png) ! [q] (attachment:q.png)")
    assert "![" not in harmless.prose(source)
    rendered(harmless.prose(source))  # nbconvert refuses the whole notebook for one that is missing


def test_a_page_that_cannot_be_made_stops_no_other(tmp_path, monkeypatch, capsys):
    def written(course, topic, student, unread, heading):
        if student == "ben":
            raise ValueError("missing\nattachment")
        page = course.place("feedback", student, topic).with_suffix(".html")
        page.parent.mkdir(parents=True)
        page.write_text("a page")
        return page

    course = make(tmp_path, small.master(["half"], prose=False))
    for student in ("ada", "ben", "cyd"):
        for place in (course.folder / "records" / "small" / f"{student}.json",
                      course.place("autograded", student, "small")):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text('{"state": "graded"}')
    monkeypatch.setattr(feedback, "written", written)
    assert feedback.main(["small", "--course", str(course.folder)]) == 1
    said = capsys.readouterr().out
    assert "2 pages" in said and "ben: no page: ValueError: missing attachment" in said


def test_no_more_prose_is_shown_than_a_page_can_bear():
    released = [Cell("markdown", "# A set " + "x" * 30_000, "title"),
                Cell("markdown", "*Write.*", "why", small.marks("why", solution=True, grade=True))]
    answer = Cell("markdown", "It rounds, \\begin{a}" * 3000, "why", released[1].marks)
    own = [Cell("markdown", f"{n} \\\\(" * 9000, f"own-{n}") for n in range(30)]
    shown = judging.shown_cells([released[0], *own, answer], released)
    assert shown[0] == released[0] and len(shown[-1].source) >= harmless.PROSE
    assert shown[-1].source.endswith(" [cut]")
    assert sum(len(cell.source) for cell in shown[1:]) < 1.2 * harmless.ALL_PROSE
    assert len(own) + 2 == len(shown) and shown[30].source == " [cut]"


def test_blanks_are_few():
    assert harmless.prose("a" + " \t" * 5000 + "b\n\n" + " " * 40 + "c") == (
        "a b\n\n" + " " * 40 + "c")
