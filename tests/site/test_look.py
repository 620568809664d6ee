"""What a reader sees: the styles that a browser computes for the built pages, on screen and paper.

As in test_site, each check returns the faults of a page, and each has seen a page that has them.
"""

import base64
import re

import pytest

from tests.site.visits import CHAPTERS, PAGES, SOME, with_content, with_sheet, with_style
from web import mathematics, sheets

pytestmark = pytest.mark.browser

SMALLEST = 14  # pixels, of the letters of the text


def rubble(visit):
    """Return the parts of formulas that KaTeX's sheet does not lay out."""
    return visit.page.evaluate("""() => {
      const wants = {".katex .vlist": "relative", ".katex .katex-mathml": "absolute"};
      return Object.entries(wants).flatMap(([parts, position]) =>
        [...document.querySelectorAll(parts)].slice(0, 50)
          .filter(one => getComputedStyle(one).position != position)
          .map(one => `${parts} is not ${position}: ${one.textContent.slice(0, 40)}`));
    }""")


# Write what the formulas of a page write once more, one line for each font, to ask who draws it.
SAMPLES = """() => {
  const samples = {};
  for (const one of document.querySelectorAll(".katex-html *")) {
    const own = [...one.childNodes].filter(node => node.nodeType == 3).map(node => node.data);
    const text = own.join("").replace(/[\\s\\u200b\\u2061]/g, "");
    const style = getComputedStyle(one);
    const font = `${style.fontStyle} ${style.fontWeight} 20px ${style.fontFamily}`;
    if (text) samples[font] = new Set([...samples[font] ?? [], ...text]);
  }
  const box = document.body.appendChild(document.createElement("div"));
  box.id = "samples";
  for (const [font, text] of Object.entries(samples)) {
    const line = box.appendChild(document.createElement("p"));
    line.style.font = font;
    line.textContent = [...text].join("");
  }
  return document.fonts.ready.then(() => box.childElementCount);
}"""


def foreign_glyphs(visit):
    """Return the lines of formulas whose glyphs come from another font than the book's own."""
    session = visit.context.new_cdp_session(visit.page)
    count = visit.page.evaluate(SAMPLES)
    visit.page.wait_for_timeout(200)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    faults = []
    for number in range(1, count + 1):
        where = f"#samples > p:nth-child({number})"
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": where})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        faults += [f"{font['familyName']} draws {font['glyphCount']:.0f} of "
                   f"{visit.page.inner_text(where)}" for font in fonts if not font["isCustomFont"]]
    visit.page.evaluate("document.querySelector('#samples').remove()")
    return faults


def hidden(visit, parts):
    """Return the parts of a page that take no place or cannot be seen."""
    return visit.page.evaluate("""parts => [...document.querySelectorAll(parts)].filter(one => {
      const box = one.getBoundingClientRect();
      return box.height < 10 || box.width < 10 ||
        !one.checkVisibility({opacityProperty: true, visibilityProperty: true});
    }).map(one => "hidden: " + one.textContent.trim().slice(0, 60))""", parts)


def too_small(visit):
    """Return the paragraphs and items of the text whose letters are too small to read."""
    return visit.page.evaluate("""least => [...document.querySelectorAll(
        ".bd-article :is(p, li, dt, dd, figcaption)")].filter(one => one.textContent.trim() &&
        !one.closest(".lib-explore") && parseFloat(getComputedStyle(one).fontSize) < least)
      .map(one => `${getComputedStyle(one).fontSize}: ${one.textContent.trim().slice(0, 60)}`)""",
      SMALLEST)


def without_layout(visit):
    """Return the controls of moving figures that do not stand in rows, label beside slider."""
    return visit.page.evaluate("""() => [...document.querySelectorAll(".lib-explore-controls")]
      .filter(box => {
        const [label, control] = [box.querySelector("label"), box.querySelector("input, select")]
          .map(one => one.getBoundingClientRect());
        return getComputedStyle(box).display != "grid" || label.right > control.left
          || label.top > control.bottom || control.top > label.bottom;
      }).map(box => "no rows: " + box.textContent)""")


OFF_PAPER = ".step-check .cell_output"  # reports on exercises that nobody has answered


def lost_in_print(visit):
    """Return what the page does not do to itself for print, and undo after it."""
    visit.page.emulate_media(media="print")
    faults = visit.page.evaluate("""OFF_PAPER => {
      const root = document.documentElement, before = root.dataset.theme;
      const folds = [...document.querySelectorAll(".bd-article details")];
      const open = folds.map(fold => fold.open);
      dispatchEvent(new Event("beforeprint"));
      const faults = folds.filter(fold => !fold.open).map(() => "stays folded");
      for (const one of document.querySelectorAll(".bd-article details > :not(summary)"))
        if (!one.matches(OFF_PAPER) && !one.checkVisibility({opacityProperty: true}))
          faults.push("still fading in");
      if (root.dataset.theme != "light") faults.push("printed in dark colours");
      dispatchEvent(new Event("afterprint"));
      if (folds.some((fold, at) => fold.open != open[at])) faults.push("stays unfolded");
      if (root.dataset.theme != before) faults.push("stays light");
      return [...new Set(faults)];
    }""", OFF_PAPER)
    visit.page.emulate_media(media="screen")
    return faults


def cut_on_paper(visit, width=680):
    """Return the code and the traces that run over the edge of a sheet of A4."""
    visit.page.set_viewport_size({"width": width, "height": 960})
    visit.page.emulate_media(media="print")
    found = visit.page.evaluate("""() => {
      dispatchEvent(new Event("beforeprint"));
      const wide = [...document.querySelectorAll(".bd-article :is(pre, .lib-trace)")]
        .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => "cut: "
          + one.textContent.trim().slice(0, 60));
      dispatchEvent(new Event("afterprint"));
      return wide;
    }""")
    visit.page.emulate_media(media="screen")
    visit.page.set_viewport_size({"width": 1350, "height": 940})
    return found


def out_of_sight(visit, width=390):
    """Return what happened in a trace but stands beyond the edge of a phone."""
    visit.page.set_viewport_size({"width": width, "height": 844})
    found = visit.page.evaluate("""() => {
      const edge = document.documentElement.clientWidth;
      for (const one of document.querySelectorAll(".bd-article details")) one.open = true;
      const faults = [...document.querySelectorAll(".lib-trace td")]
        .filter(one => one.getBoundingClientRect().right > edge + 1)
        .map(one => `beyond the edge: ${one.textContent.trim().slice(0, 60)}`);
      for (const one of document.querySelectorAll(".lib-trace tr")) {
        const [, , source, story] = [...one.children].map(part => part.getBoundingClientRect());
        if (one.children[3]?.textContent && story.top < source.bottom - 1)
          faults.push(`beside its source: ${one.textContent.trim().slice(0, 60)}`);
      }
      return faults;
    }""")
    visit.page.set_viewport_size({"width": 1350, "height": 940})
    return found


# --- The book -------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", CHAPTERS)
def test_formulas_are_laid_out_and_drawn_in_the_fonts_of_the_book(visit, path):
    assert visit(path).page.locator(".katex .vlist").count() > 10
    assert rubble(visit(path)) == []
    assert foreign_glyphs(visit(path)) == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_what_happened_in_a_trace_is_seen_on_a_phone(visit, path):
    assert out_of_sight(visit(path)) == []


def test_a_trace_that_runs_off_a_phone_is_seen(broken):
    table = ".lib-trace :is(table, tbody, tr, td) { display: revert !important; }"
    wide = broken(with_style(table), "chapters/floating_point.html")
    assert out_of_sight(wide)


@pytest.mark.parametrize("path", CHAPTERS)
def test_claims_and_controls_of_figures_are_seen(visit, path):
    assert visit(path).page.locator("p.claim").count() >= 3
    assert hidden(visit(path), "p.claim") == []
    assert without_layout(visit(path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_text_is_large_enough_to_read(visit, path):
    assert too_small(visit(path)) == []


@pytest.mark.parametrize("path", SOME)
def test_print_shows_all_in_dark_ink_and_leaves_the_page_as_it_was(visit, path):
    assert lost_in_print(visit(path)) == []
    assert lost_in_print(visit(path, "dark")) == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_no_code_and_no_trace_runs_over_the_edge_of_paper(visit, path):
    assert cut_on_paper(visit(path)) == []


# --- Every check fails once -----------------------------------------------------------------------

def without(css, name):
    """Return a sheet without the rules whose selectors hold a name."""
    return re.sub(rf"[^{{}}]*{re.escape(name)}[^{{}}]*\{{[^{{}}]*\}}", "", css)


def test_formulas_without_their_sheet_are_seen(broken):
    page = broken(with_sheet(lambda css: without(css, ".katex")), CHAPTERS[0])
    assert {fault.partition(" is")[0] for fault in rubble(page)} == {
        ".katex .vlist", ".katex .katex-mathml"}


def test_fonts_without_digits_are_seen(broken):
    font = mathematics.KATEX / "fonts" / "KaTeX_Main-Regular.woff2"
    letters = base64.b64encode(sheets.cut(font, set("abcxyz=+()"))).decode()

    def no_digits(css):
        face = r"(@font-face\s*\{[^}]*KaTeX_Main\b[^}]*)url\(\"data:[^)]*\)"
        return re.sub(face, rf'\1url("data:font/woff2;base64,{letters}")', css)

    faults = foreign_glyphs(broken(with_sheet(no_digits), CHAPTERS[0]))
    assert any("0" in fault for fault in faults)


def test_fonts_that_do_not_load_are_seen(broken):
    page = broken(with_sheet(lambda css: without(css, "@font-face")), CHAPTERS[0])
    assert len(foreign_glyphs(page)) > 2


@pytest.mark.parametrize("css", ["p.claim { display: none }", "p.claim { opacity: 0 }",
                                 "p.claim { height: 2px; overflow: hidden; padding: 0 }"])
def test_a_hidden_claim_is_seen(css, broken):
    assert len(hidden(broken(with_style(css), CHAPTERS[0]), "p.claim")) >= 3


def test_tiny_letters_are_seen(broken):
    assert too_small(broken(with_style(".bd-article * { font-size: 6px }"))) != []


def test_controls_without_their_sheet_are_seen(broken):
    page = broken(with_sheet(lambda css: without(css, ".lib-explore")), CHAPTERS[0])
    assert len(without_layout(page)) >= 2


FOLD = with_content("<details><summary>more</summary><p>text</p></details>")


def test_a_page_that_does_nothing_for_print_is_seen(broken):
    def no_script(page):
        return re.sub(r"<script defer[^>]*book\.js[^>]*></script>", "", FOLD(page))

    assert set(lost_in_print(broken(no_script, scheme="dark"))) >= {
        "stays folded", "printed in dark colours"}


def test_a_page_that_print_changes_for_good_is_seen(broken):
    stop = "<script>addEventListener('afterprint', event => event.stopImmediatePropagation())"

    def stopped(page):
        return FOLD(page).replace("<head>", f"<head>{stop}</script>", 1)

    assert lost_in_print(broken(stopped, scheme="dark")) == ["stays unfolded", "stays light"]


def test_what_fades_in_while_it_is_printed_is_seen(broken):
    fade = ("@keyframes late { from { opacity: 0 } } "
            ".bd-article details[open] > p { animation: late 1s !important }")
    assert lost_in_print(broken(lambda page: with_style(fade)(FOLD(page)))) == ["still fading in"]


def test_code_that_paper_cuts_is_seen(broken):
    one_line = ".bd-main .bd-article pre { white-space: pre !important }"
    assert cut_on_paper(broken(with_style(one_line), CHAPTERS[0])) != []
