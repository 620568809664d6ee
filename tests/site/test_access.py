"""What the accessibility statement says was tried, beside axe, keyboard, phones and print.

A page at 200 %, with wider letters and lines, without motion, and in colours that the system
forces. As in test_site, each check returns the faults of a page, and has seen one that has them.
"""

import io
import re

import pytest
from PIL import Image

from environment import ROOT
from tests.site.test_places import STOPS
from tests.site.visits import CHAPTERS, PAGES, SOME, with_content, with_style

pytestmark = pytest.mark.browser

CHAPTER = CHAPTERS[0]
ZOOMED = {"width": 640, "device_scale_factor": 2}  # a window of 1280 pixels at 200 %
FORCED = {"forced_colors": "active"}
# What WCAG 2.1 asks a page to bear, 1.4.12.
SPACED = """body :not(.katex *, svg *) { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-bottom: 2em !important }"""


def sideways(visit):
    """Return what runs over the edge of a page, if it has to be scrolled sideways."""
    return visit.page.evaluate("""() => {
      const edge = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= edge) return [];
      const out = [...document.body.querySelectorAll("*")].filter(
        one => one.getBoundingClientRect().right > edge + 1);
      return ["the page is wider than its window: " + (out[0]?.outerHTML ?? "").slice(0, 200)];
    }""")


def cut(visit):
    """Return the lines of text that their box cuts off at the right edge."""
    return visit.page.evaluate("""() => [...document.querySelectorAll(
        ".bd-article :is(p, li, dt, dd, h1, h2, h3, summary, button, label)")]
      .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).overflowX == "hidden" && one.clientWidth > 1)
      .map(one => "cut: " + one.textContent.trim().slice(0, 60))""")


def shaded(visit, rest):
    """Return whether the first table is shaded at its right edge: at rest, or at its end."""
    table = visit.page.locator("article table.table").first
    table.evaluate("(one, rest) => { one.scrollLeft = rest ? 0 : 9999; }", rest)
    # Below its last row, where no letter is.
    table.evaluate("one => { one.style.paddingBottom = '20px'; one.scrollIntoView(false); }")
    box = table.bounding_box()
    clip = {"x": box["x"] + box["width"] - 8, "y": box["y"] + box["height"] - 10,
            "width": 8, "height": 4}
    picture = Image.open(io.BytesIO(visit.page.screenshot(clip=clip))).convert("L")
    return picture.getpixel((6, 1)) < 240


def restless(visit):
    """Return what moves by itself, or takes its time, while a reader unfolds and scrolls."""
    return visit.page.evaluate("""async () => {
      const faults = new Set();
      const look = () => document.getAnimations().forEach(move => {
        if (move.effect.getComputedTiming().activeDuration > 0)
          faults.add(move.animationName ?? move.transitionProperty);
      });
      look();
      for (const fold of document.querySelectorAll(".bd-article details")) {
        fold.open = true;
        await nextFrame();
        look();
        if (faults.size) break;
      }
      if (getComputedStyle(document.documentElement).scrollBehavior != "auto")
        faults.add("scrolling");
      return [...faults];
    }""")


def lost_in_forced_colours(visit):
    """Return the letters and lines of figures that look like their ground, and hidden controls."""
    return visit.page.evaluate("""() => {
      const grey = colour => {
        const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return alpha < .5 ? null : .2126 * r + .7152 * g + .0722 * b;
      };
      const faults = [];
      for (const root of document.querySelectorAll(".lib-explore")) {
        const picture = root.querySelector(".lib-explore-picture");
        const [ink, ground] = ["color", "backgroundColor"].map(
          name => grey(getComputedStyle(picture)[name]));
        if (ground === null || Math.abs(ink - ground) < 120) faults.push("letters of a figure");
        for (const one of root.querySelectorAll("input, select, button"))
          if (!one.checkVisibility({opacityProperty: true})) faults.push(one.localName);
      }
      for (const bar of document.querySelectorAll(".lib-trace td:first-child span"))
        if (getComputedStyle(bar).forcedColorAdjust != "none") faults.push("a bar of a trace");
      return [...new Set(faults)];
    }""")


# --- The book -------------------------------------------------------------------------------------

def test_a_table_wider_than_a_phone_is_shaded_where_it_goes_on(visit):
    wide = visit("chapters/museum.html", fresh=True, width=390)
    assert shaded(wide, rest=True) and not shaded(wide, rest=False)
    assert not shaded(visit("chapters/in_a_browser.html", fresh=True, width=390), rest=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_at_200_percent_is_read_without_scrolling_sideways(visit, path):
    zoomed = visit(path, **ZOOMED)
    assert sideways(zoomed) == [] and cut(zoomed) == []


@pytest.mark.parametrize("path", [*SOME, "chapters/symptoms.html", "index.html"])
def test_wider_letters_and_lines_cut_nothing_off(visit, path):
    spaced = visit(path, fresh=True, **ZOOMED)
    spaced.page.add_style_tag(content=SPACED)
    assert sideways(spaced) == [] and cut(spaced) == []


@pytest.mark.parametrize("path", SOME)
def test_nothing_moves_for_readers_who_ask_for_rest(visit, path):
    assert restless(visit(path, fresh=True, reduced_motion="reduce")) == []


@pytest.mark.parametrize("mode", ["auto", "light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_and_controls_show_in_colours_of_the_system(visit, scheme, mode):
    forced = visit(CHAPTER, scheme, fresh=True, **FORCED)
    forced.page.evaluate("mode => { localStorage.mode = mode; }", mode)
    forced.page.reload()
    assert forced.page.evaluate("document.documentElement.dataset.mode") == mode
    assert lost_in_forced_colours(forced) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_shows_where_it_is_in_colours_of_the_system(visit, scheme):
    forced = visit(CHAPTER, scheme, fresh=True, **FORCED)
    forced.page.keyboard.press("Tab")
    count, faults = forced.page.evaluate(STOPS)
    assert count > 20 and faults == []


# --- Every check fails once -----------------------------------------------------------------------

def test_a_page_that_is_too_wide_or_cut_is_seen(broken):
    wide = broken(with_content('<p style="width: 1500px">wide</p>'))
    wide.page.set_viewport_size({"width": ZOOMED["width"], "height": 940})
    assert sideways(wide) != []
    narrow = '<p style="width: 3em; overflow: hidden; white-space: nowrap">cut off here</p>'
    assert cut(broken(with_content(narrow))) == ["cut: cut off here"]


def test_what_moves_is_seen(broken):
    css = ("@keyframes turn { to { rotate: 1turn } } .bd-article h1 { animation: turn 9s infinite }"
           "html { scroll-behavior: smooth }")
    assert restless(broken(with_style(css))) == ["turn", "scrolling"]


@pytest.mark.parametrize("css, lost", [
    (".lib-explore-picture { color: #fff !important; background: #fff !important }",
     ["letters of a figure"]),
    (".lib-explore input { opacity: 0 }", ["input"]),
    (".lib-trace span { forced-color-adjust: auto !important }", ["a bar of a trace"]),
])
def test_what_is_lost_in_colours_of_the_system_is_seen(css, lost, visit, broken):
    seen = broken(with_style(css), CHAPTER)
    seen.page.emulate_media(forced_colors="active")
    assert lost_in_forced_colours(seen) == lost


# --- The statement --------------------------------------------------------------------------------

def test_the_statement_names_only_tests_that_there_are():
    text = (ROOT / "chapters" / "accessibility.md").read_text(encoding="utf-8")
    assert "WCAG 2.1" in text and "Level AA" in text
    named = re.findall(r"`(tests/site/\w+\.py)`", text)
    assert len(named) >= 5 and all((ROOT / name).is_file() for name in named)
