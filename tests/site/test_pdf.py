"""The book on paper, from its file: text, pages, links, outline, tags.

Two chapters are printed for it, or the file that PDF names is judged, such as that of the whole
book. As in test_site, a check returns faults, and has seen a file that has them.
"""

import html
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from pypdf.generic import IndirectObject

import binding
import chapter
import pdf
from environment import ROOT
from tests.site.visits import SITE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pdf")]

TOPICS = ("svd", "derivatives")
MARGIN = 20 / 25.4 * 72 - 2  # points left free at the right edge, but for what rounding takes
HEAD = 60  # points at the top of a page that are the head's
COLUMN = 25  # points at the right of the contents that are the numbers'
MATHEMATICS = re.compile(r'<span class="katex">.*?<!--/math-->', re.S)
PRINT = """import sys; sys.path[:0] = {paths!r}
import pathlib, pdf
pdf.SHELL = pdf.SHELL.replace("</style>", {braced!r} + "</style>")
pdf.make(pathlib.Path({site!r}), pathlib.Path({target!r}), {names!r})"""


def printed(target, names, style=""):
    """Print pages of the site into a file; return it. A browser of its own needs a process."""
    paths = [str(ROOT / folder) for folder in ("tools", "tools/author", ".")]
    braced = style.replace("{", "{{").replace("}", "}}")  # a shell is a format
    code = PRINT.format(paths=paths, braced=braced, site=str(SITE), target=str(target), names=names)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return target


class Paper:
    """A file, opened by two readers, and the pages that it holds: chapters, or all."""

    def __init__(self, path, names):
        self.names, self.size = names, path.stat().st_size
        self.topics = names or [one.stem for one in chapter.paths()]
        self.reader = pypdf.PdfReader(path)
        self.root = self.reader.trailer["/Root"]
        self.drawn = pypdfium2.PdfDocument(path)
        self.pages = [page.get_textpage() for page in self.drawn]
        self.texts = [page.get_text_range() for page in self.pages]
        self.text = bare("".join(self.texts))
        self.html = {topic: (SITE / "chapters" / f"{topic}.html").read_text(encoding="utf-8")
                     for topic in self.topics}


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """Return the file that PDF names, or one with two chapters."""
    if os.environ.get("PDF"):
        return Paper(Path(os.environ["PDF"]), ())
    return Paper(printed(tmp_path_factory.mktemp("pdf") / "two.pdf", TOPICS), TOPICS)


def bare(text):
    """Return a text without spaces, hyphens that break lines, and marks of lines that go on."""
    return re.sub(r"[\s↪\u200b\u00ad\ufffe\x02]", "", text)


def words(markup, least=4):
    """Return the runs of letters in markup between formulas and elements, without spaces."""
    parts = re.split(r"<[^>]*>", MATHEMATICS.sub("<>", markup))
    return [part for part in map(bare, map(html.unescape, parts)) if len(part) >= least]


def unsaid(text, page):
    """Return what a page of the site says and a text does not: title, laws, code of solutions."""
    wanted = words(re.search(r"<h1><span class=\"section-number\">.*?</h1>", page, re.S)[0])
    for law in re.findall(r'<p class="claim".*?</p>', page, re.S):
        wanted += words(law)
    for cell in re.findall(r'<div class="cell [^"]*step-solution.*?</pre>', page, re.S):
        code = re.search(r"<pre>(.*)</pre>", cell, re.S)[1]
        wanted += [line for line in map(bare, html.unescape(
            re.sub(r"<[^>]*>", "", code)).split("\n")) if line]
    assert len(wanted) > 50
    return [one for one in wanted if one not in text]


def at_the_edge(paper):
    """Return the pages on which letters stand in the right margin, with where they end."""
    found = []
    for number, (page, text) in enumerate(zip(paper.drawn, paper.pages, strict=True), 1):
        limit = page.get_width() - MARGIN
        ends = [text.get_rect(i)[2] for i in range(text.count_rects())]
        found += [f"page {number}: {max(ends):.0f} > {limit:.0f}"] if max(ends) > limit else []
    return found


def notes(paper):
    """Yield (page, link) for each link of the file."""
    for page in paper.reader.pages:
        for note in page.get("/Annots", ()):
            yield page, note.get_object()


def lost(paper):
    """Return the links that lead to no page of the file, nor to an address in the world."""
    pages = {page.indirect_reference.idnum for page in paper.reader.pages}
    found = []
    for _, link in notes(paper):
        target = link.get("/Dest")
        address = str(link["/A"].get("/URI", "")) if "/A" in link else ""
        inside = isinstance(target, list) and target[0].indirect_reference.idnum in pages
        if not inside and (not re.match("https?:|mailto:", address) or binding.HOST in address):
            found.append(address or str(target))
    return found


def tags_of(root):
    """Yield all tags of a file."""
    waiting = [root["/StructTreeRoot"].get_object()]
    while waiting:
        one = waiting.pop()
        if "/S" in one:
            yield one
        kids = one.get("/K", [])
        for kid in kids if isinstance(kids, list) else [one.raw_get("/K")]:
            if isinstance(kid, IndirectObject) and isinstance(kid.get_object(), dict):
                waiting.append(kid.get_object())


# --- The file -----------------------------------------------------------------------------------

def test_it_says_titles_laws_and_solutions(paper):
    for topic in paper.topics:
        assert unsaid(paper.text, paper.html[topic]) == []


def test_figures_that_move_stand_still_with_their_sentence(paper):
    for page in paper.html.values():
        told = re.findall(r'<p class="lib-explore-words[^>]*>(.*?)</p>', page, re.S)
        assert len(told) >= 2
        assert [one for one in told if bare(html.unescape(one)) not in paper.text] == []


def test_it_leaves_out_what_nobody_can_use_on_paper(paper):
    for text in (":notattempted", "Data(CSV)", "Showallanswers", "▶"):
        assert text not in paper.text


def test_solutions_stand_at_the_end_of_their_chapter(paper):
    for topic in paper.topics:
        first = re.search(r'id="(solution-[^"]*)".*?<pre>(.*?)</pre>', paper.html[topic], re.S)
        line = bare(html.unescape(re.sub(r"<[^>]*>", "", first[2])).split("\n")[0])
        end = paper.text.index("Hints,solutionsandanswers", len(bare(paper.texts[0])) + 9000)
        assert paper.text.rindex(line) > end > 0


def test_no_letter_stands_in_the_margin(paper):
    assert at_the_edge(paper) == []


def test_it_has_as_many_pages_as_it_takes_and_a_sane_size(paper):
    count = len(paper.reader.pages)
    print(f"{count} pages, {paper.size / 1e6:.1f} MB")
    assert 30 < count / len(paper.topics) < 60
    assert paper.size < 30_000 * count


def test_pages_are_numbered_as_viewers_count_them(paper):
    labels = paper.reader.page_labels
    first = labels.index("1")
    assert 2 <= first < 20 and labels[:2] == ["i", "ii"]
    for number, text in enumerate(paper.texts[first:], 1):
        assert text.split()[-1] == str(number)


def heads(paper):
    """Return what stands at the right of the heads of pages, each once."""
    first = paper.reader.page_labels.index("1")
    width, height = paper.drawn[first].get_size()
    found = [bare(page.get_text_bounded(width / 2, height - HEAD, width, height))
             for page in paper.pages[first:]]
    return [one for one, _ in itertools.groupby(found)]


def test_each_page_names_its_chapter_at_its_head(paper):
    titles = []
    for page in pdf.pages(paper.names):
        text = (SITE / f"{page['name']}.html").read_text(encoding="utf-8")
        titles.append("".join(words(re.findall(r"<h1>(.*?)<a", text, re.S)[-1], 0)))
    assert heads(paper) == titles


def chapters_of(paper):
    """Return the entries of chapters in the outline, which lie in parts or beside them."""
    found = []
    for one in paper.reader.outline:
        if isinstance(one, list):
            found += [inner for inner in one if not isinstance(inner, list)
                      and re.match(r"\d+\. ", inner.title)]
    return found


def test_the_outline_leads_to_chapters_and_sections_in_order(paper):
    found = chapters_of(paper)
    assert len(found) == len(paper.topics)
    pages = [paper.reader.get_destination_page_number(one) for one in found]
    assert pages == sorted(pages)
    for one, page in zip(found, pages, strict=True):
        assert bare(one.title) in bare(paper.texts[page])


def test_the_table_of_contents_names_the_pages_to_which_it_leads(paper):
    labels, checked = paper.reader.page_labels, 0
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(paper.reader.pages)}
    for page, link in notes(paper):
        at = numbers[page.indirect_reference.idnum]
        if labels[at].isdecimal():
            break
        _, low, right, high = map(float, link["/Rect"])
        said = paper.pages[at].get_text_bounded(right - COLUMN, low, right, high).strip()
        assert said == labels[numbers[link["/Dest"][0].indirect_reference.idnum]]
        checked += 1
    assert checked > 10 * len(paper.topics)


def test_every_link_leads_somewhere(paper):
    assert sum(1 for _ in notes(paper)) > 50
    assert lost(paper) == []


def test_a_link_to_another_chapter_leads_into_it(paper):
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(paper.reader.pages)}
    first = paper.reader.page_labels.index("1")
    starts = {paper.reader.get_destination_page_number(one) for one in chapters_of(paper)}
    jumps = [(numbers[page.indirect_reference.idnum], link["/Dest"][0].indirect_reference.idnum)
             for page, link in notes(paper) if isinstance(link.get("/Dest"), list)]
    assert [jump for jump in jumps if jump[0] >= first and numbers[jump[1]] in starts]


def test_it_says_what_it_is_and_is_tagged(paper):
    about = paper.reader.metadata
    assert about.title == "Where the Digits Go" and about.author and about.subject
    assert paper.root["/Lang"] == "en" and paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert all("/StructParents" in page for page in paper.reader.pages)
    found = list(tags_of(paper.root))
    kinds = {tag["/S"] for tag in found}
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Code", "/Figure", "/Table", "/TH"} <= kinds
    figures = [tag for tag in found if tag["/S"] == "/Figure"]
    assert len(figures) > 100 and [tag for tag in figures if not tag.get("/Alt")] == []


# --- Every check fails once ---------------------------------------------------------------------

def test_a_file_that_folds_is_seen(tmp_path):
    style = ".step-solution pre, .claim { display: none }"
    cut = Paper(printed(tmp_path / "cut.pdf", ("svd",), style), ("svd",))
    assert len(unsaid(cut.text, cut.html["svd"])) > 20


def test_letters_in_the_margin_are_seen(tmp_path):
    style = "@page { margin-right: 5mm !important }"
    moved = Paper(printed(tmp_path / "moved.pdf", ("svd",), style), ("svd",))
    assert at_the_edge(moved) != []


def test_code_that_is_wider_than_paper_is_not_printed(tmp_path):
    style = ".bd-article pre:not(#none) { white-space: pre !important; font-size: 12pt }"
    with pytest.raises(subprocess.CalledProcessError) as told:
        printed(tmp_path / "wide.pdf", ("svd",), style)
    assert "Wider than paper" in told.value.stderr
