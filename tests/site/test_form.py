"""A chapter's form on the page: folds, anchors, predictions, paths, listings, in a real browser.

As in test_site, a check returns the faults of a page, and each has seen a page that has them.
"""

import functools
import gzip
import json
import pathlib
import re
from itertools import pairwise

import pytest
from docutils import nodes

from tests.site import small
from tests.site.test_look import cut_on_paper, lost_in_print, too_small
from tests.site.test_site import (
    ALL_REQUESTS,
    TEXT_BYTES,
    TEXT_REQUESTS,
    inaccessible,
    repeated_ids,
    shifts,
    strangers,
    stuck,
    too_wide,
    unfit_for_paper,
    without_figures,
)
from tests.site.visits import Visit, serving
from web import cells, folds, listings, predictions

TINY = "chapters/tiny.html"
WIDTHS = (768, 1024, 1200, 1440)
TOUCH = 44  # pixels that a thumb needs


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the folder of the small book's site."""
    folder, status, said = small.shared(tmp_path_factory)
    assert status == 0, said
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def text(built):
    """Return the page of the small chapter."""
    return (built / TINY).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(built):
    """Serve the small book; return its address."""
    handler = functools.partial(small.Quiet, directory=str(built))
    with serving(handler) as address:
        yield address


@pytest.fixture
def tiny(browser, address):
    """Return a function that opens the small chapter, as a reader who comes for the first time."""
    seen = []

    def get(anchor="", scheme="light", **options):
        seen.append(Visit(browser, address, TINY + anchor, scheme, answers=None, **options))
        return seen[-1]

    yield get
    for one in seen:
        one.context.close()


@pytest.fixture
def spoilt(tiny, text):
    """Return a function that opens the small chapter after a change to its text."""
    def get(*changes, **options):
        page = text
        for old, new in changes:
            assert old in page
            page = page.replace(old, new)
        small.Quiet.broken[TINY] = page
        return tiny(**options)

    yield get
    small.Quiet.broken.clear()


def style(css):
    """Return a change that adds rules to a page."""
    return "</body>", f"<style>{css}</style></body>"


SEEN = """one => one.checkVisibility({visibilityProperty: true, opacityProperty: true,
  contentVisibilityAuto: true})"""


def in_sight(visit, *ids):
    """Return those of some elements of a page that can be seen."""
    return [name for name in ids if visit.page.locator(f"#{name}").first.evaluate(SEEN)]


# --- Folds ----------------------------------------------------------------------------------------

WORDS = {
    "setup": "Imports",
    "claim-gap": "✓ checked by every build",
    "explore-line": "Code of this figure",
    "run-helper": "Helper: Return half of a gap.",
    "explore-size": "Code of this figure",
    "run-again": "Code of this figure",
    "check-add": "Check your answer: how this is judged",
    "solution-add": "A solution",
}


def unfolded(visit):
    """Return what is wrong with the folds of the small chapter: one that is open, or misnamed."""
    found = visit.page.evaluate("""() => Object.fromEntries(
      [...document.querySelectorAll(".cell:has(> details)")].map(cell => {
        const fold = cell.querySelector(":scope > details");
        const inside = [...fold.children].filter(one => one.localName != "summary");
        const open = inside.some(one => one.checkVisibility({contentVisibilityAuto: true}));
        const words = fold.querySelector("summary > " + (fold.open ? ".expanded" : ".collapsed"));
        return [cell.id, (open ? "open: " : "") + words.textContent.trim()];
      }))""")
    return sorted(set(found.items()) ^ set(WORDS.items()))


def test_cells_are_folded_under_words_that_say_what_is_inside(tiny):
    assert unfolded(tiny()) == []
    assert unfolded(tiny(java_script_enabled=False)) == []


def test_a_fold_that_is_open_is_seen(spoilt):
    opened = spoilt(('<details class="admonition hide', '<details open class="admonition hide'))
    assert len(unfolded(opened)) == 2 * len(WORDS)


def test_a_figure_stays_in_sight_while_its_code_is_folded(tiny):
    seen = tiny("?", java_script_enabled=False)
    assert in_sight(seen, "fig-line", "fig-two", "fig-sum") == ["fig-line", "fig-two", "fig-sum"]
    assert not seen.page.locator("#explore-line .cell_input").is_visible()
    assert not seen.page.locator("#check-add .lib-report").is_visible()


def test_a_fold_opens_by_keyboard_and_without_scripts(tiny):
    seen = tiny(java_script_enabled=False)
    for key in ("Enter", "Space"):
        seen.page.locator("#setup summary").press(key)
        assert seen.page.locator("#setup .cell_input").is_visible() == (key == "Enter")


@pytest.mark.parametrize("name", ["setup", "check-add", "solution-add", "explore-size"])
def test_a_link_into_a_folded_cell_opens_the_fold(name, tiny):
    direct = tiny(f"#{name}")
    assert direct.page.locator(f"#{name} .cell_input").is_visible()
    assert direct.page.locator("details[open]").count() == 1
    later = tiny()
    later.page.evaluate(f"location.hash = '{name}'")
    later.page.wait_for_timeout(100)
    assert later.page.locator(f"#{name} .cell_input").is_visible()
    top = later.page.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
    assert 0 <= top < 940


def test_paper_shows_all_in_dark_ink_and_the_page_is_as_it_was_afterwards(tiny):
    for scheme in ("light", "dark"):
        seen = tiny(scheme=scheme)
        assert lost_in_print(seen) == []
        assert unfit_for_paper(seen) == []
        assert cut_on_paper(seen) == []


@pytest.mark.parametrize("code, words", [
    ('def half(x):\n    """Return a half.\n\n    More.\n    """\ndef f(x): pass', "Return a half."),
    ("def half(x):\n    return x / 2\n\ndef third(x):\n    return x / 3", "half, third"),
    ("class Box:\n    size = 1", "Box"),
    ("first, (second, third) = 1, (2, 3)\nfourth = 4", "first, second, third, fourth"),
])
def test_a_helper_is_named_by_what_it_is_for(code, words):
    assert folds.purpose(code) == words


# --- Anchors --------------------------------------------------------------------------------------

def lost_anchors(visit):
    """Return the cells whose ids are no anchors of the page, or stand in another order."""
    names = [name for name, _, _ in small.CELLS]
    tops = visit.page.evaluate("""names => names.map(name => {
      const all = document.querySelectorAll(`[id="${name}"]`);
      return all.length == 1 ? all[0].getBoundingClientRect().top : null;
    })""", names)
    lost = [name for name, top in zip(names, tops, strict=True) if top is None]
    known = [(top, name) for name, top in zip(names, tops, strict=True) if top is not None]
    turned = [after[1] for before, after in pairwise(known) if after < before
              and after[0] < before[0]]
    return lost + turned


def test_every_cell_is_an_anchor_in_order(tiny):
    seen = tiny()
    assert lost_anchors(seen) == []
    assert repeated_ids(seen) == []


def test_a_cell_that_is_no_anchor_is_seen(spoilt):
    seen = spoilt((' id="riddle"', ""), (' id="predict-share"', ""), (' id="card"', ' id="title"'))
    assert lost_anchors(seen) == ["title", "riddle", "predict-share", "card"]


def test_a_heading_keeps_its_own_link(tiny):
    link = tiny().page.locator("#numbers-with-gaps > h2 > a.headerlink")
    assert link.get_attribute("href") == "#numbers-with-gaps"


def test_an_id_that_means_two_places_is_a_warning(caplog):
    page = nodes.document(None, None)
    for line in (10_001, 20_001):
        paragraph = nodes.paragraph()
        paragraph.line = line
        page += paragraph
    page.ids["say"] = page[0]
    cells.anchor(page, [{"id": "x"}, {"id": "say"}], [(0, page[0]), (1, page[1])])
    assert page[0]["ids"] == ["x"] and page[1]["ids"] == []
    assert "'say' is also another anchor" in caplog.text


# --- Predictions ----------------------------------------------------------------------------------

ANSWERS = {  # prediction: what its answer covers, by anchors
    "predict-gap": ["explain-gap", "say-gap", "claim-gap", "fig-line", "explain-more"],
    "predict-share": [],
    "predict-size": ["fig-two", "explain-size"],
    "predict-again": ["fig-sum", "explain-again"],
}
COVERED = [name for names in ANSWERS.values() for name in names]
FREE = ["failure-sum", "riddle", "predict-gap", "run-gap", "run-wide", "explain-free", "run-share",
        "predict-size", "predict-again", "exercise-add", "summary"]


def box(visit, name):
    """Return the box of a prediction: its options or field, and what is said about the guess."""
    data = f'[data-prediction*="{name}&quot;"]'.replace("&quot;", '\\"')
    return visit.page.locator(".prediction", has=visit.page.locator(data))


def output(visit, name):
    """Return whether the output of a code cell can be seen."""
    return visit.page.locator(f"#{name} > .cell_output > .output").first.evaluate(SEEN)


def verdict(visit, name):
    """Return what is said about a guess, with the mark before it."""
    said = box(visit, name).locator(".prediction-verdict:visible")
    assert said.count() == 1
    return f"{said.get_attribute('data-mark')} {said.inner_text()}".strip()


def show_all(visit):
    """Ask for every answer that is still covered."""
    reveal = visit.page.get_by_role("button", name="Show me")
    while reveal.count():
        reveal.first.click()


def give(visit, name, number):
    """Answer a question for a number."""
    field = box(visit, name).get_by_label("Your number")
    field.fill(number)
    field.press("Enter")


def kept(visit):
    """Return the guesses that the browser keeps."""
    return visit.page.evaluate("JSON.parse(localStorage.predictions ?? null)")


def total(visit):
    """Return the sum at the end of the chapter."""
    return visit.page.locator(".prediction-sum p").inner_text()


def test_answers_are_covered_until_an_option_is_chosen(tiny):
    seen = tiny()
    assert in_sight(seen, *COVERED, *FREE) == FREE
    assert not output(seen, "run-gap") and not output(seen, "run-share")
    assert output(seen, "failure-sum")
    box(seen, "predict-gap").get_by_role("button", name="as many numbers").click()
    assert verdict(seen, "predict-gap") == "✓ Right."
    assert output(seen, "run-gap")
    assert in_sight(seen, *COVERED) == ANSWERS["predict-gap"]
    said = seen.page.locator("[role=status].prediction-said")
    assert said.inner_text() == "Right. The answer is uncovered below."
    assert kept(seen) == {"chapters/tiny": {"predict-gap": 1}}


def test_a_wrong_option_is_told_its_misconception_and_the_first_guess_counts(tiny):
    seen = tiny()
    options = box(seen, "predict-gap").locator("ol button")
    options.nth(2).click()
    options.nth(0).click(force=True)
    assert verdict(seen, "predict-gap") == (
        "✗ Not right: it is “as many numbers as between 1 and 2”. "
        "Perhaps you thought that the gap is eps.")
    marks = [options.nth(at).evaluate("one => getComputedStyle(one, '::before').content")
             for at in range(3)]
    assert [mark[1] for mark in marks] == ["✓", "○", "✗"]
    assert kept(seen) == {"chapters/tiny": {"predict-gap": 3}}


def test_show_me_shows_and_is_no_prediction(tiny):
    seen = tiny()
    box(seen, "predict-again").get_by_role("button", name="Show me").click()
    assert verdict(seen, "predict-again") == "It is “as many”."
    assert in_sight(seen, *COVERED) == ANSWERS["predict-again"]
    assert total(seen) == "Your predictions in this chapter: none yet, of 4."
    assert box(seen, "predict-again").evaluate("one => one == document.activeElement")


NUMBERS = {  # prediction: what may be typed, and whether it is right; None: no number
    "predict-share": {"0.25": True, " 1 / 4": True, "26 %": True, "2^-2": True, "2**(-2)": True,
                      "2.4 × 10^-1": True, ".24": True, "0.2": False, "−0.25": False,
                      "": None, "0,25": None, "a lot": None, "1/2/3": None, "1e": None,
                      "NaN": None},
    "predict-size": {"3e-16": True, "3.4E-17": True, "10^-16": True, "3.1e-16": False,
                     "-1e-16": False, "0": False},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_right_within_its_bounds_however_it_is_written(name, tiny):
    seen = tiny()
    told = {True: "✓ Right: ", False: "✗ Not right: it is ", None: "Write one number, such as"}
    for given, right in NUMBERS[name].items():
        give(seen, name, given)
        assert verdict(seen, name).startswith(told[right]), given
        assert bool(kept(seen)) == (right is not None)
        if right is not None:
            seen.page.get_by_role("button", name="Forget my predictions").click()
    give(seen, name, "none")
    give(seen, name, "0.25")  # one may try again
    assert verdict(seen, name).endswith(("is 1e-16.", ": 0.25 of all sums."))


def test_guesses_are_remembered_summed_up_and_forgotten(tiny):
    seen = tiny()
    box(seen, "predict-gap").locator("ol button").nth(1).click()
    box(seen, "predict-again").locator("ol button").nth(0).click()
    box(seen, "predict-share").get_by_label("Your number").fill("0.25")
    box(seen, "predict-share").get_by_role("button", name="Predict").click()
    words = ("You predicted 1 of 4; 1 still open. "
             "Twice you thought that numbers are spread evenly.")
    assert total(seen) == words
    seen.page.reload()
    assert total(seen) == words
    assert verdict(seen, "predict-gap").startswith("✗ Not right")
    assert box(seen, "predict-share").get_by_label("Your number").input_value() == "0.25"
    assert in_sight(seen, *ANSWERS["predict-size"]) == []
    assert shifts(seen) == []
    seen.page.get_by_role("button", name="Forget my predictions").click()
    assert total(seen) == "Your predictions in this chapter: none yet, of 4."
    assert in_sight(seen, *COVERED) == [] and kept(seen) is None
    box(seen, "predict-gap").locator("ol button").nth(0).click()
    assert total(seen) == "You predicted 1 of 4; 3 still open."


def handed_in(visit):
    """Return the name and the content of the file that the page saves."""
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name="Hand in my predictions").click()
    name = saved.value.suggested_filename
    return name, json.loads(pathlib.Path(saved.value.path()).read_text(encoding="utf-8"))


def test_predictions_are_saved_to_hand_them_in_and_sent_nowhere(tiny):
    seen = tiny()
    box(seen, "predict-again").locator("ol button").nth(0).click()
    give(seen, "predict-share", "1/4")
    seen.page.reload()
    box(seen, "predict-gap").get_by_role("button", name="Show me").click()
    before = len(seen.requests)
    name, told = handed_in(seen)
    assert name == "predictions-tiny.json"
    assert list(told) == ["chapter", "version", "choices"]
    assert told["chapter"] == "tiny" and told["version"]
    assert told["choices"] == [["predict-again", 1], ["predict-share", "1/4"],
                               ["predict-gap", "shown"]]
    assert seen.page.locator(".prediction-said").inner_text() == (
        "Saved as predictions-tiny.json; nothing was sent.")
    sent = [one.url for one in seen.requests[before:] if not one.url.startswith("data:")]
    assert sent == [] and strangers(seen) == []
    seen.page.get_by_role("button", name="Forget my predictions").click()
    assert handed_in(seen)[1]["choices"] == []


def how_sure(visit, name, word):
    """Say how sure a guess is, as a screen reader finds the row."""
    row = box(visit, name).get_by_role("radiogroup", name="How sure are you?")
    row.get_by_role("radio", name=word, exact=True).check()


def test_how_sure_a_guess_is_may_be_said_before_it_and_is_handed_in(tiny):
    seen = tiny()
    how_sure(seen, "predict-gap", "guess")
    how_sure(seen, "predict-gap", "sure")  # one may think again
    box(seen, "predict-gap").locator("ol button").nth(1).click()
    how_sure(seen, "predict-share", "think so")
    give(seen, "predict-share", "0.25")
    box(seen, "predict-again").locator("ol button").nth(1).click()  # and nothing said
    choices = [["predict-gap", 2, "sure"], ["predict-share", "0.25", "think so"],
               ["predict-again", 2]]
    assert handed_in(seen)[1]["choices"] == choices
    assert kept(seen) == {"chapters/tiny": {"predict-gap": 2, "predict-share": "0.25",
                                            "predict-again": 2}}
    assert "Of 1 that you were sure of, 0 right." in total(seen)
    seen.page.reload()
    assert handed_in(seen)[1]["choices"] == choices
    seen.page.get_by_role("button", name="Forget my predictions").click()
    assert seen.page.locator(".prediction-sure :checked").count() == 0
    assert seen.page.evaluate("localStorage.sureness") is None


def test_what_is_said_after_the_answer_or_without_a_guess_is_no_confidence(tiny):
    seen = tiny()
    box(seen, "predict-gap").locator("ol button").nth(1).click()
    radios = box(seen, "predict-gap").get_by_role("radio", include_hidden=True)
    assert radios.count() == 3
    assert all(radio.is_disabled() and not radio.is_visible() for radio in radios.all())
    how_sure(seen, "predict-again", "sure")
    box(seen, "predict-again").get_by_role("button", name="Show me").click()
    assert handed_in(seen)[1]["choices"] == [["predict-gap", 2], ["predict-again", "shown"]]


@pytest.mark.parametrize("stored", ["[1]", '{"chapters/tiny": {"predict-gap": "certain"}}', "{"])
def test_a_sureness_that_the_page_did_not_write_is_none(stored, tiny):
    seen = tiny()
    seen.page.evaluate("""stored => {
      localStorage.predictions = '{"chapters/tiny": {"predict-gap": 1}}';
      localStorage.sureness = stored;
    }""", stored)
    seen.page.reload()
    assert handed_in(seen)[1]["choices"] == [["predict-gap", 1]]
    assert seen.messages == []


def test_how_sure_is_one_stop_of_the_keyboard_and_its_arrows_choose(tiny):
    seen = tiny()
    radio = box(seen, "predict-gap").get_by_role("radio", name="guess", exact=True)
    radio.focus()
    seen.page.keyboard.press("Space")
    seen.page.keyboard.press("ArrowRight")
    assert box(seen, "predict-gap").locator(":checked").get_attribute("value") == "think so"
    ring = seen.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert ring == "3px"
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.innerText").startswith("as many numbers")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_sure_fits_the_narrowest_screen_and_shows_what_was_said(scheme, tiny):
    seen = tiny(scheme=scheme, width=320)
    before = seen.page.evaluate(WHERE)
    how_sure(seen, "predict-gap", "sure")
    how_sure(seen, "predict-share", "think so")
    assert seen.page.evaluate(WHERE) == before
    assert too_wide(seen) == [] and inaccessible(seen, skip=()) == []
    assert too_small_for_thumbs(seen) == []
    box(seen, "predict-gap").locator("ol button").nth(1).click()
    words = box(seen, "predict-gap").locator(".prediction-sure label span")
    assert [word.inner_text() for word in words.all() if word.is_visible()] == ["sure"]


def test_the_switch_stands_at_the_top_and_the_sum_below_the_summary(text):
    places = [text.index(part) for part in (
        'id="title"', 'class="prediction-switch"', 'id="setup"', 'id="summary"',
        "equally full.</p>", 'class="prediction-sum"', 'id="references"')]
    assert places == sorted(places)


def test_one_switch_shows_all_answers_and_is_remembered(tiny):
    seen = tiny()
    switch = seen.page.get_by_role("switch", name="Show all answers")
    switch.click()
    assert in_sight(seen, *COVERED) == COVERED
    box(seen, "predict-gap").locator("ol button").nth(0).click()
    assert kept(seen) is None  # no prediction: the answer was in sight
    seen.page.reload()
    assert switch.is_checked() and in_sight(seen, *COVERED) == COVERED
    switch.press("Space")
    assert in_sight(seen, *COVERED) == []
    assert seen.page.evaluate("localStorage.answers") is None


def test_an_answer_that_is_not_covered_is_seen(spoilt):
    seen = spoilt((" answer to-", " to-"), ('"answer to-', '"to-'))
    assert in_sight(seen, *COVERED) == COVERED


WHERE = f"""() => [...document.querySelectorAll(
    {[*('#' + name for name in FREE), '.prediction']}.join())].map(
    one => one.getBoundingClientRect().top + scrollY)"""


def moved(visit):
    """Return what predicting everything moves."""
    before = visit.page.evaluate(WHERE)
    for option in visit.page.locator("ol.prediction-options").all():
        option.locator("button").nth(1).click()
    show_all(visit)
    after = visit.page.evaluate(WHERE)
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize("width", [390, 1200])
def test_predicting_moves_nothing(width, tiny):
    seen = tiny(width=width)
    assert moved(seen) == []
    assert shifts(seen) == []


def test_a_verdict_that_moves_the_page_is_seen(spoilt):
    seen = spoilt(style(".prediction-verdict:not(.is-said) { display: none !important }"))
    assert moved(seen) != []


def test_nothing_is_covered_without_scripts_or_without_the_one_script(tiny, browser, address):
    plain = tiny(java_script_enabled=False)
    assert in_sight(plain, *(set(COVERED) - {"claim-gap"})) and output(plain, "run-gap")
    assert plain.page.locator(".prediction ol li:visible").count() == 5
    assert plain.page.locator(":is(.prediction-tools, .prediction-sure, .prediction-number,"
                              " .prediction-switch, .prediction-sum):visible").count() == 0
    context = browser.new_context()
    page = context.new_page()
    page.route("**/book.js*", lambda route: route.abort())
    page.goto(address + TINY)
    page.wait_for_function("!document.documentElement.dataset.answers")
    assert page.locator("#run-gap > .cell_output > .output").evaluate(SEEN)
    context.close()


def test_paper_shows_the_options_as_a_list_and_every_answer(tiny):
    seen = tiny()
    box(seen, "predict-gap").locator("ol button").nth(1).click()
    seen.page.emulate_media(media="print")
    assert in_sight(seen, *COVERED) == COVERED and output(seen, "run-share")
    assert seen.page.locator(":is(.prediction-tools, .prediction-number, .prediction-switch,"
                             " .prediction-sum, .answer-label):visible").count() == 0
    first = seen.page.locator("ol.prediction-options > li").first
    assert first.evaluate("one => getComputedStyle(one).listStyleType") == "decimal"
    assert first.inner_text() == "as many numbers as between 1 and 2;"


def test_a_browser_that_keeps_nothing_covers_and_uncovers(browser, address):
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw 0; }})")
    page = context.new_page()
    page.goto(address + TINY)
    answer = page.locator("#run-gap > .cell_output > .output")
    assert not answer.evaluate(SEEN)
    page.locator("ol.prediction-options button").first.click()
    assert answer.evaluate(SEEN)
    page.get_by_role("switch", name="Show all answers").click()
    assert page.locator("#run-share > .cell_output > .output").evaluate(SEEN)
    context.close()


def test_a_link_into_an_answer_uncovers_it(tiny):
    seen = tiny("#claim-gap")
    assert in_sight(seen, *COVERED) == ANSWERS["predict-gap"]
    assert seen.page.locator("#claim-gap .cell_input").is_visible()
    assert kept(seen) is None
    seen.page.evaluate("location.hash = 'fig-sum'")
    seen.page.wait_for_timeout(100)
    assert in_sight(seen, *COVERED) == ANSWERS["predict-gap"] + ANSWERS["predict-again"]


def test_a_figure_in_an_answer_moves_once_it_is_uncovered(tiny):
    seen = tiny()
    show_all(seen)
    assert len(seen.page.query_selector_all(".lib-explore")) == 2
    assert stuck(seen) == []


def test_predictions_are_made_by_keyboard_and_what_is_covered_is_out_of_reach(tiny):
    seen = tiny()
    seen.page.get_by_role("switch", name="Show all answers").focus()
    reached = []
    for _ in range(14):
        seen.page.keyboard.press("Tab")
        reached.append(seen.page.evaluate("""() => {
          const one = document.activeElement;
          return one.closest(".answer")?.className ?? one.innerText;
        }"""))
    assert not [one for one in reached if one.startswith("answer")]
    assert "as many numbers as between 1 and 2;" in [one.strip() for one in reached]
    box(seen, "predict-gap").locator("ol button").first.press("Enter")
    assert verdict(seen, "predict-gap") == "✓ Right."


def too_small_for_thumbs(visit):
    """Return the controls of predictions that a thumb would miss."""
    return visit.page.evaluate("""least => [...document.querySelectorAll(
      ".prediction :is(button, input), .prediction-switch label, .prediction-sum button")]
      .filter(one => one.checkVisibility({visibilityProperty: true}))
      .filter(one => Math.min(one.offsetHeight, one.offsetWidth) < least)
      .map(one => one.offsetHeight + ": " + one.textContent)""", TOUCH)


def test_controls_of_predictions_are_large_enough_for_thumbs(tiny, spoilt):
    assert too_small_for_thumbs(tiny(width=390)) == []
    low = spoilt(style(".prediction-options > li > button { min-height: 0 !important; "
                       "padding: 0 !important }"))
    assert len(too_small_for_thumbs(low)) >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chapter_is_accessible_before_and_after_predicting(scheme, tiny):
    seen = tiny(scheme=scheme)
    assert inaccessible(seen, skip=()) == []
    for option in seen.page.locator("ol.prediction-options").all():
        option.locator("button").nth(1).click()
    show_all(seen)
    seen.page.evaluate("document.querySelectorAll('.bd-article details').forEach("
                       "one => { one.open = true; })")
    seen.page.wait_for_timeout(500)  # the theme fades in what is unfolded
    assert inaccessible(seen, skip=()) == []
    assert too_small(seen) == []
    assert too_wide(seen) == []
    assert seen.messages == [] and strangers(seen) == []


def test_the_page_keeps_its_budget(tiny):
    seen = tiny()
    bodies = [request.response().body() for request in seen.at_first]
    sizes = [len(gzip.compress(body, 6, mtime=0)) for body in bodies]
    page = bodies[0].decode()
    figures = sizes[0] - len(gzip.compress(without_figures(page).encode(), 6, mtime=0))
    pictures = sum("/_images/" in request.url for request in seen.at_first)
    assert len(sizes) - pictures <= TEXT_REQUESTS < ALL_REQUESTS
    assert sum(sizes) - figures <= TEXT_BYTES


# --- What is wrong with a prediction fails the build ----------------------------------------------

def ordered(*options):
    """Return an ordered list."""
    items = [nodes.list_item("", nodes.paragraph("", option)) for option in options]
    return nodes.enumerated_list("", *items)


@pytest.mark.parametrize("options, prediction, fault", [
    (nodes.paragraph("", "x"), {"answer": 1}, "does not end in an ordered list"),
    (ordered("a"), {"answer": 1}, "1 options, not 2 to 5"),
    (ordered("a", "b"), {"answer": 3, "misconceptions": {"1": "x"}}, "answer 3 is not the number"),
    (ordered("a", "b"), {"misconceptions": {"1": "x"}}, "answer None is not the number"),
    (ordered("a", "b", "c"), {"answer": 1, "misconceptions": {"2": "x"}}, "not for each of"),
    (ordered("a", "b"), {"answer": 1, "misconceptions": {"1": "x", "2": "x"}}, "not for each of"),
])
def test_options_that_cannot_be_judged_are_refused(options, prediction, fault):
    with pytest.raises(predictions.PredictionError, match=fault):
        predictions.judge_options(options, prediction)


@pytest.mark.parametrize("prediction, fault", [
    ({"number": 1}, "either `within` or `factor`"),
    ({"number": 1, "within": 1, "factor": 2}, "either `within` or `factor`"),
    ({"number": "1", "within": 1}, "not all numbers"),
])
def test_numbers_that_cannot_be_judged_are_refused(prediction, fault):
    with pytest.raises(predictions.PredictionError, match=fault):
        predictions.judge_number(prediction)


def made_of(*kinds):
    """Return cells and blocks: a question and what follows it; a code cell has an output or not."""
    section = nodes.section("", nodes.title("", "x"))
    blocks = []
    for number, kind in enumerate(kinds):
        if kind == "text":
            section += nodes.paragraph("", str(number))
        else:
            output = nodes.container("", nb_element="cell_code_output", classes=[])
            section += nodes.container("", *([output] if kind == "code" else [nodes.paragraph()]),
                                       nb_element="cell_code", cell_index=number)
        blocks.append((number, section[-1]))
    return [{"id": f"x-{number}"} for number in range(len(kinds))], blocks


@pytest.mark.parametrize("kinds, fault", [
    (["text"], "not code that answers"), (["text", "text", "code"], "not code that answers"),
    (["text", "silent", "text"], "puts nothing out"), (["text", "silent"], "not code that answers"),
])
def test_a_question_without_an_answer_is_refused(kinds, fault):
    with pytest.raises(predictions.PredictionError, match=fault):
        predictions.wrap_answer(*made_of(*kinds), 0)


def test_a_faulty_prediction_is_a_warning_with_its_cell_and_covers_nothing(caplog):
    cells_made, blocks = made_of("text", "code", "text")
    for cell in cells_made:
        cell["metadata"] = {}
    cells_made[0]["metadata"]["prediction"] = {"answer": 1, "misconceptions": {}}
    predictions.cover(cells_made, blocks, "page")
    assert "x-0: the cell does not end in an ordered list of options" in caplog.text
    assert not any("answer" in node["classes"] for node in blocks[1][1].findall(nodes.container))


def test_code_that_puts_nothing_out_may_stand_before_the_answer():
    cells_made, blocks = made_of("text", "silent", "code", "text")
    predictions.wrap_answer(cells_made, blocks, 0)
    assert "answer" not in blocks[1][1][-1]["classes"] and "answer" in blocks[2][1][-1]["classes"]


def test_an_answer_ends_before_code_in_sight():
    cells_made, blocks = made_of("text", "code", "text", "text", "code", "text")
    section = blocks[0][1].parent
    predictions.wrap_answer(cells_made, blocks, 0)
    assert [block.astext() for block in section[3]] == ["2", "3"]
    assert "answer" in section[3]["classes"] and section[4] is blocks[4][1]


# --- Paths ----------------------------------------------------------------------------------------

def test_the_line_about_an_exercise_has_its_parts(text):
    line = re.search(r'<p class="exercise-line">(.*?)</p>', text)[1]
    assert re.findall(r'<span class="(\w+)">(.*?)</span>', line) == [
        ("kind", "Break it"), ("outcome", "outcome 1"), ("minutes", "5 minutes"), ("core", "core")]
    assert re.search(r'<section class="exercise core" id="exercise-add">', text)
    assert '<p class="exercise-line"><span class="outcome">Outcome 2</span></p>' in text
    assert '<span class="stars">★★</span>' in text


def test_what_lies_beyond_the_core_is_marked_in_its_heading_and_in_the_contents(tiny):
    for scheme in ("light", "dark"):
        seen = tiny(scheme=scheme)
        marks = seen.page.evaluate("""() => [...document.querySelectorAll("section > h2")].filter(
          one => getComputedStyle(one, "::before").content.includes("◇")).map(
          one => one.innerText.replace("#", ""))""")
        assert marks == ["A second time"]
        entries = seen.page.locator("nav.page-toc a:has(.beyond-mark)")
        assert [text.split() for text in entries.all_text_contents()] == [
            ["A", "second", "time", "◇", "(beyond", "the", "core", "path)"]]
        assert entries.first.locator(".beyond-mark").is_visible()


# --- Listings -------------------------------------------------------------------------------------

LINES = """() => [...document.querySelectorAll(".bd-article .ln")].filter(
    one => one.textContent.trim() && one.checkVisibility({contentVisibilityAuto: true})
  ).map(one => ({
      text: one.textContent.replace(/\\n$/, ""),
      rows: Math.round(one.getBoundingClientRect().height / parseFloat(
        getComputedStyle(one).lineHeight)),
      marks: Math.round(parseFloat(getComputedStyle(one, "::before").height) / parseFloat(
        getComputedStyle(one).lineHeight)),
    }))"""
SCROLLING = """() => [...document.querySelectorAll(".bd-article pre")].filter(
    one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 60))"""
OPEN = "document.querySelectorAll('.bd-article details').forEach(one => { one.open = true; })"


def lines_at(visit, width):
    """Return the lines of the listings of a page that is so wide, with their rows and marks."""
    visit.page.set_viewport_size({"width": width, "height": 940})
    visit.page.evaluate(OPEN)
    visit.page.wait_for_timeout(100)
    return visit.page.evaluate(LINES)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_listing_of_79_columns_scrolls_or_wraps(width, spoilt):
    full = small.WIDE + " " * (79 - len(small.WIDE) - 1) + "#"
    blank = '</span><span class="ln">\n'  # such a line in each listing becomes one of 79 columns
    seen = spoilt((blank, blank.replace("\n", f"{full}\n")))
    lines = lines_at(seen, width)
    widest = [line for line in lines if len(line["text"]) == 79]
    assert len(widest) >= 3
    assert [line for line in lines if len(line["text"]) <= 79 and line["rows"] != 1] == []
    assert seen.page.evaluate(SCROLLING) == []


def test_a_listing_that_scrolls_is_seen(spoilt):
    large = spoilt(style(".bd-article .highlight pre { white-space: pre !important; "
                         "font-size: 16px !important }"))
    lines_at(large, 1200)
    assert large.page.evaluate(SCROLLING) != []
    wrapped = spoilt(style(".bd-article .highlight pre { font-size: 16px !important }"))
    assert [line for line in lines_at(wrapped, 1200) if line["rows"] > 1] != []


@pytest.mark.parametrize("width", [320, 390])
def test_a_long_line_wraps_under_a_mark_on_a_phone(width, tiny):
    lines = lines_at(tiny(), width)
    wrapped = [line for line in lines if line["rows"] > 1]
    assert {small.WIDE, small.LONG} <= {line["text"] for line in wrapped}
    assert [line for line in lines if line["marks"] != line["rows"] - 1] == []


def test_a_listing_is_copied_as_it_is_written(tiny):
    seen = tiny(permissions=["clipboard-read"])
    seen.page.locator("#run-wide .cell_input").hover()
    seen.page.locator("#run-wide .copybtn").click()
    [source] = [source for name, source, _ in small.CELLS if name == "run-wide"]
    assert seen.page.evaluate("navigator.clipboard.readText()").rstrip("\n") == source
    assert seen.page.locator(".cell_output .copybtn").count() == 0


def test_a_listing_keeps_its_text_and_is_split_once():
    page = ('<div class="highlight-ipython3 notranslate"><div class="highlight"><pre><span></span>'
            '<span class="k">if</span> <span class="n">x</span>:\n    <span class="k">pass</span>'
            '\n\ny\n'
            "</pre></div>\n</div>")
    split = listings.wrap_lines(page)
    assert re.sub("<[^>]*>", "", split) == re.sub("<[^>]*>", "", page)
    assert split.count('class="ln"') == 4 and split.count('style="--in:4"') == 1
    assert split.count('class="k"') == 2 and 'class="n"' not in split  # looks like its surroundings
    assert listings.wrap_lines(split) == split


def test_what_a_cell_prints_keeps_its_columns():
    page = ('<div class="output stream highlight-myst-ansi notranslate"><div class="highlight">'
            "<pre><span></span>1  2\n</pre></div>\n</div>")
    assert listings.wrap_lines(page) == page


# --- In a lecture ---------------------------------------------------------------------------------

def presented(visit):
    """Return what a lecture hall sees: the place, what is asked, the options, the answer."""
    return visit.page.evaluate("""seen => {
      const dialog = document.querySelector("dialog.present[open]");
      const see = eval(seen);
      const right = dialog.querySelector(".present-right");
      const ground = right && getComputedStyle(right).backgroundColor;
      return {said: dialog.querySelector(".present-bar > p").textContent,
              asked: [...dialog.querySelectorAll(":scope > div:first-child > :not(ol, div)")].map(
                one => one.textContent.replace(/\\s+/g, " ").trim()),
              options: dialog.querySelectorAll("li").length,
              right: right && ground !== "rgba(0, 0, 0, 0)" ? right.textContent.trim() : null,
              shown: [...dialog.querySelectorAll(".present-shown > *")].filter(see).map(
                one => one.textContent.trim())};
    }""", SEEN)


def test_a_lecture_votes_talks_and_sees_the_answer(tiny):
    seen = tiny("?present")
    first = presented(seen)
    assert first["said"] == "1 of 4. Vote."
    assert first["asked"][0] == "Numbers with gaps" and first["asked"][1].startswith("Predict: ")
    assert (first["options"], first["right"], first["shown"]) == (3, None, [])
    seen.page.keyboard.press("ArrowRight")
    again = presented(seen)
    assert again == {**first, "said": "1 of 4. Talk to your neighbour, then vote again."}
    seen.page.get_by_role("button", name="Next").click()
    answered = presented(seen)
    assert answered["said"] == "1 of 4. The answer."
    assert answered["right"] == "as many numbers as between 1 and 2;"
    assert answered["shown"] == ["It is “as many numbers as between 1 and 2”.", "1024 numbers each"]
    seen.page.keyboard.press("PageDown")
    share = presented(seen)
    assert share["said"] == "2 of 4. Vote." and share["options"] == 0
    seen.page.keyboard.press("ArrowLeft")
    assert presented(seen) == answered


def test_a_lecture_is_large_begins_anew_and_ends_where_it_was(tiny):
    seen = tiny("?present")
    for _ in range(20):
        seen.page.keyboard.press("ArrowRight")
    assert presented(seen)["said"] == "4 of 4. The answer."
    sizes = seen.page.locator(".present :is(p, li, h3)").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 24
    assert repeated_ids(seen) == [] and inaccessible(seen) == []
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("dialog.present").is_hidden()
    assert seen.page.evaluate("scrollY") > 500
    assert seen.page.evaluate("localStorage.predictions") is None
    assert tiny().page.locator("dialog.present").count() == 0
