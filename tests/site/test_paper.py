"""What a printed page says: the text of the PDF that the browser makes of it.

As in test_site, the check returns the faults of a page, and has seen a page that has them.
"""

import re

import pypdfium2
import pytest

from tests.site.visits import CHAPTERS, SOME, with_style

pytestmark = pytest.mark.browser

# Of the page: each line of code, solutions included, and what happened in each line of a trace.
WRITTEN = """() => {
  const code = [...document.querySelectorAll(".bd-article :is(.cell_input, .reproduction) pre")]
    .flatMap(one => one.textContent.split("\\n"));
  const stories = [...document.querySelectorAll(".lib-trace td:nth-child(4)")]
    .map(one => one.innerText);
  return [...code, ...stories];
}"""


def bare(text):
    """Return a text without spaces and without the mark of a line that goes on."""
    return re.sub(r"[\s↪\u200b]", "", text)


def missing_on_paper(visit):
    """Return the lines of code and the stories of traces that the PDF of a page does not say."""
    lines = [line for line in visit.page.evaluate(WRITTEN) if len(bare(line)) > 12]
    assert len(lines) > 100
    pages = pypdfium2.PdfDocument(visit.page.pdf(format="A4"))
    printed = bare("".join(page.get_textpage().get_text_range() for page in pages))
    return [line.strip() for line in lines if bare(line) not in printed]


def filled(visit):
    """Return whether the bars of a trace, made red, are red on paper without grounds."""
    visit.page.add_style_tag(content=".lib-trace td span > span { background: red !important; }")
    pages = pypdfium2.PdfDocument(visit.page.pdf(format="A4", print_background=False))
    return any((page.render().to_numpy() == (0, 0, 255)).all(axis=2).any() for page in pages)


@pytest.mark.parametrize("path", [*SOME, "chapters/symptoms.html"])
def test_paper_says_all_that_the_page_says(visit, path):
    assert missing_on_paper(visit(path, fresh=True)) == []


def test_the_bars_of_a_trace_are_filled_on_paper(visit, broken):
    assert filled(visit("index.html", fresh=True))
    plain = "@media print { .lib-trace span { print-color-adjust: economy !important; } }"
    assert not filled(broken(with_style(plain), "index.html"))


def test_paper_that_cuts_its_lines_is_seen(broken):
    cut = ".bd-main .bd-article pre, .lib-trace { white-space: pre !important; overflow: hidden; }"
    folded = "details > :not(summary) { display: none !important; }"
    assert len(missing_on_paper(broken(with_style(folded), CHAPTERS[0]))) > 50
    assert missing_on_paper(broken(with_style(f"{cut} .bd-article {{ width: 9cm }}"), CHAPTERS[0]))
