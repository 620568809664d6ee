"""Slides and worksheets in a real browser: keys, letters, room, paper; they fetch nothing."""

import contextlib
import re

import pytest

from homework.kit import deck, lessons, pictures, worksheet
from tests.site.visits import SITE

pytestmark = pytest.mark.browser
TOPICS = ("quadrature", "qr")  # the most slides; a figure with three controls
# What a slide shows: texts in sight with the size of their letters; parts out of its frame.
TEXTS = """slide => {
  const walk = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    const out = "script, svg, option, .katex, .visually-hidden, .figure > h2";
    if (text && !one.closest(out) && one.checkVisibility({visibilityProperty: true}))
      found.push([text, parseFloat(getComputedStyle(one).fontSize)]);
  }
  return found;
}"""
OUTSIDE = """slide => [...slide.querySelectorAll(":scope > :not(.notes, h2), li, pre")].filter(
  one => !one.closest(".notes") && one.getClientRects().length).filter(one => {
    const {top, right, bottom, left} = one.getBoundingClientRect();
    return top < 0 || left < 0 || right > innerWidth || bottom > innerHeight
      || one.scrollWidth > one.clientWidth + 2;
  }).map(one => one.outerHTML.slice(0, 100))"""


@contextlib.contextmanager
def opened(browser, path, width=1280, height=720):
    """Open a file; give the page and the addresses that it asked for."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.goto(path.as_uri())
    yield page, asked
    context.close()


@pytest.fixture(scope="module", params=TOPICS)
def slides(request, tmp_path_factory):
    """Write the deck of a chapter; return its path."""
    path = tmp_path_factory.mktemp("deck") / f"{request.param}.html"
    chapter = lessons.lesson(request.param)
    path.write_text(deck.deck(chapter, pictures.site_of(chapter.topic, SITE)), encoding="utf-8")
    return path


def here(page):
    """Return the slide that is shown."""
    return page.locator(".slide.is-here")


def test_every_slide_is_large_enough_and_fits(slides, browser):
    with opened(browser, slides) as (page, asked):
        for _ in range(page.locator(".slide").count()):
            texts = here(page).evaluate(TEXTS)
            assert min((size for _, size in texts), default=24) >= 24  # a picture has no text
            assert here(page).evaluate(OUTSIDE) == []
            page.keyboard.press("ArrowRight")
            if "is-answered" in here(page).get_attribute("class"):
                page.keyboard.press("ArrowRight")
        own = [address for address in asked if not address.startswith("data:")]
        assert own == [slides.as_uri()]


def test_too_small_and_too_large_is_seen(slides, browser):
    with opened(browser, slides) as (page, _):
        page.add_style_tag(content=".slide.title p { font-size: 20px; width: 2000px; "
                           "max-width: none }")
        assert min(size for _, size in here(page).evaluate(TEXTS)) == 20
        assert len(here(page).evaluate(OUTSIDE)) == 1


def test_no_slide_shows_more_than_40_words(slides, browser):
    word = re.compile(r"[^\W\d_][\w'’-]*")
    with opened(browser, slides) as (page, _):
        for slide in page.locator(".slide").all():
            page.evaluate("id => location.hash = id", slide.get_attribute("id")[1:])
            page.wait_for_timeout(20)
            shown = [text for text, _ in here(page).evaluate(TEXTS)]
            code = " ".join(here(page).locator("pre").all_text_contents())
            assert sum(len(word.findall(text)) for text in shown if text not in code) <= 40


def test_the_next_click_marks_the_answer(slides, browser):
    with opened(browser, slides) as (page, _):
        number = page.evaluate("""() => [...document.querySelectorAll(".slide")].findIndex(
          one => one.querySelector("li.is-answer")) + 1""")
        page.evaluate("number => location.hash = number", number)
        page.wait_for_timeout(100)
        ground = "one => getComputedStyle(one).backgroundColor"
        answer = here(page).locator("li.is-answer")
        before = answer.evaluate(ground)
        page.locator(".deck-next").click()
        assert answer.evaluate(ground) != before
        assert page.locator(".deck-said").text_content() == answer.text_content()
        assert page.locator(".deck-place").text_content().startswith(f"{number} / ")
        page.keyboard.press("PageDown")
        assert page.locator(".deck-place").text_content().startswith(f"{number + 1} / ")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert answer.evaluate(ground) == before
        for key, place in (("End", page.locator(".slide").count()), ("Home", 1)):
            page.keyboard.press(key)
            assert page.evaluate("location.hash") == f"#{place}"


def test_a_figure_moves_and_its_keys_turn_no_slide(slides, browser):
    with opened(browser, slides) as (page, _):
        number = page.evaluate("""() => [...document.querySelectorAll(".slide")].findIndex(
          one => one.querySelector("input[type=range]")) + 1""")
        page.evaluate("number => location.hash = number", number)
        page.wait_for_timeout(100)
        picture = here(page).locator(".lib-explore-picture")
        before = picture.get_attribute("data-frame")
        here(page).locator("input").first.press("ArrowRight")
        here(page).locator("input").first.press("ArrowRight")
        assert picture.get_attribute("data-frame") != before
        assert page.evaluate("location.hash") == f"#{number}"
        page.keyboard.press("PageDown")
        assert page.evaluate("location.hash") == f"#{number + 1}"


def test_notes_are_shown_and_a_speaker_follows(slides, browser):
    with opened(browser, slides) as (page, _):
        notes = here(page).locator(".notes")
        assert notes.is_hidden()
        page.keyboard.press("n")
        assert notes.is_visible()
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        speaker = popup.value
        speaker.wait_for_selector("html.is-speaking")
        page.keyboard.press("ArrowRight")
        speaker.wait_for_function("location.hash === '#2'")
        assert speaker.locator(".is-here .notes").is_visible()
        speaker.keyboard.press("ArrowRight")
        page.wait_for_function("location.hash === '#3'")


def test_paper_has_every_slide_with_its_notes(slides, browser):
    with opened(browser, slides) as (page, _):
        page.emulate_media(media="print")
        count = page.locator(".slide").count()
        seen = "all => all.filter(one => one.checkVisibility({visibilityProperty: true})).length"
        assert page.locator(".slide").evaluate_all(seen) == count
        assert page.locator(".notes").evaluate_all(seen) == count
        assert page.locator(".deck-bar").is_hidden()


@pytest.mark.parametrize("key", [False, True])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_worksheet_has_two_pages_and_letters_to_read(topic, key, browser, tmp_path):
    site = pictures.site_of(topic, SITE)
    path = tmp_path / "worksheet.html"
    path.write_text(worksheet.sheet(lessons.lesson(topic), site, key), encoding="utf-8")
    with opened(browser, path) as (page, _):
        page.evaluate("document.fonts.ready.then(() => true)")
        sheets = page.locator(".sheet").evaluate_all(
            "all => all.map(one => [one.scrollHeight <= one.clientHeight + 1,"
            " parseFloat(one.dataset.size), one.querySelectorAll('.is-spared').length])")
        assert [fits for fits, _, _ in sheets] == [True, True]
        assert min(size for _, size, _ in sheets) >= 8.5
        assert page.locator("figure img, figure svg").first.is_visible()
        printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
