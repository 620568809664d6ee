"""A chapter is laid out where it is read; whoever comes to a place in it stands there."""

import pytest

from tests.site.test_site import SOME
from web.heights import LAST, PICTURE, SECTION, Sections, told

pytestmark = pytest.mark.browser

FAR = "section:nth-of-type(6)[style]"  # far from the top, and none of the last ones
# Whether a browser draws it, apart from what is not laid out yet.
LAID_OUT = """place => document.querySelector(place).firstElementChild
  .checkVisibility({contentVisibilityAuto: true})"""
HEIGHT = "() => document.querySelector('.bd-article').getBoundingClientRect().height"
SHARES = """() => [...document.querySelectorAll('section[style]')].slice(8)
  .map(one => one.offsetHeight)"""  # of those that a page has not laid out at its top
TOP = "() => document.querySelector('#exercises').getBoundingClientRect().top"


def test_letters_and_folds_are_those_that_are_seen():
    fold = "<details>no<details>no</details></details>"
    page = (f"{SECTION}><h1>No</h1>text{fold}\n{SECTION} id='a'><p>Five.</p>\n{fold}"
            f"{SECTION}><img src='b.png'>b{fold}</section></section>"
            f"{SECTION}><svg>no</svg></section></section>")
    assert [counts for _, *counts in Sections(page).found] == [[5 + PICTURE + 1, 2], [0, 0]]
    assert "--letters" not in told(page)
    page = page.removesuffix("</section>") + LAST * "<section></section>" + "</section>"
    assert told(page).count("--letters") == 2 and told(told(page)) == told(page)
    assert f'{SECTION} style="--letters:{PICTURE + 6};--folds:2" id=' in told(page)
    assert told("<p>A page without sections.</p>") == "<p>A page without sections.</p>"


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("path", SOME)
def test_the_page_is_about_as_high_before_all_is_laid_out(path, width, visit):
    seen = visit(path, width=width, fresh=True, whole=False)
    assert not seen.page.evaluate(LAID_OUT, FAR)
    guessed = seen.page.evaluate(HEIGHT)
    shares = seen.page.evaluate(SHARES)
    seen.lay_out()
    assert seen.page.evaluate(LAID_OUT, FAR)
    assert 0.93 < guessed / seen.page.evaluate(HEIGHT) < 1.16  # rather too high: web/heights.py
    laid_out = seen.page.evaluate(SHARES)
    # Folds of exercises, which letters alone did not count, made that section a third too low.
    assert all(guess > 0.72 * high for guess, high in zip(shares, laid_out, strict=True))


def test_a_link_into_a_page_leads_there_and_a_reader_who_reloads_stays(visit):
    seen = visit(f"{SOME[0]}#exercises", width=390, fresh=True, whole=False)
    assert seen.page.evaluate(LAID_OUT, FAR) and 0 <= seen.page.evaluate(TOP) < 150
    seen.page.mouse.wheel(0, 900)
    seen.page.wait_for_function(f"({TOP})() < -500")
    seen.page.wait_for_timeout(200)  # the wheel turns a little longer
    before = seen.page.evaluate(TOP)
    seen.page.goto(seen.server + "index.html")
    seen.page.go_back()
    seen.page.wait_for_function(f"where => Math.abs(({TOP})() - where) < 3", arg=before)


def test_contents_lead_to_a_section_that_was_not_laid_out(visit):
    seen = visit(SOME[0], width=1200, fresh=True, whole=False)
    seen.page.locator("#page-contents a.nav-link[href='#exercises']").click()
    seen.page.wait_for_function(f"({TOP})() < 150")
    seen.page.wait_for_timeout(200)
    assert 0 <= seen.page.evaluate(TOP) < 150


def test_what_is_wide_can_be_reached_once_it_is_near(visit):
    seen = visit(SOME[0], width=390, fresh=True, whole=False)
    wide = """() => [...document.querySelectorAll('pre, .formula')]
        .filter(box => box.scrollWidth > box.clientWidth + 1 && !box.closest('details:not([open])'))
        .map(box => box.tabIndex)"""
    assert -1 in seen.page.evaluate(wide)
    seen.lay_out()
    assert set(seen.page.evaluate(wide)) == {0}


@pytest.mark.parametrize("path", SOME)
def test_a_section_is_as_high_now_as_later(path, visit):
    seen = visit(path, width=390, fresh=True, whole=False)
    heights = "() => [...document.querySelectorAll('section[style]')].map(one => one.offsetHeight)"
    seen.page.evaluate("""async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 700) {
        scrollTo(0, y);
        await nextFrame();
      }
    }""")
    later = seen.page.evaluate(heights)
    seen.lay_out()
    assert len(later) > 5
    assert all(abs(a - b) <= 1 for a, b in zip(later, seen.page.evaluate(heights), strict=True))
