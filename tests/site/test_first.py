"""The first page in a real browser: what it weighs and says, its figure, cards, finder, way back.

As in test_site, a check returns the faults of a page, and has seen a page that has them.
"""

import json
import os
import re

import pytest

import extras
from environment import ROOT
from tests.site.test_access import FORCED, lost_in_forced_colours
from tests.site.test_site import DRAWN, idle, inaccessible, stuck
from tests.site.visits import CHAPTERS, SITE, Handler, Visit, with_content, with_style
from web.chips import PAGE as SYMPTOMS
from web.ends import minutes
from web.pixels import LOOKS, WAYS
from web.proof import zipped
from web.symptoms import rows

pytestmark = pytest.mark.browser

FIRST = "index.html"
WORDS, BYTES = 350, 180_000
ROWS = {row.anchor for row in rows((ROOT / f"{SYMPTOMS}.md").read_text(encoding="utf-8"))}
NOTEBOOKS = {path: json.loads((ROOT / path).with_suffix(".ipynb").read_text(encoding="utf-8"))
             for path in CHAPTERS}


# --- Short and light ------------------------------------------------------------------------------

def words(visit):
    """Return the words that a reader sees, without code and what a list offers."""
    return visit.page.evaluate("""() => {
      const told = [], skip = "pre, code, script, style, option, .visually-hidden, .headerlink";
      const walk = one => { for (const child of one.childNodes) {
        const box = child.parentElement;
        const seen = box.checkVisibility({visibilityProperty: true});
        if (child.nodeType == 3 && seen) told.push(child.data);
        if (child.nodeType == 1 && !child.matches(skip)) walk(child);
      }};
      walk(document.querySelector("article"));
      return told.join(" ").split(/\\s+/).filter(word => /\\p{L}/u.test(word));
    }""")


def weight(visit):
    """Return what the page and all that it fetches weigh, the pictures far below included."""
    visit.page.evaluate("""async () => {
      for (const one of document.querySelectorAll("img")) one.loading = "eager";
      await Promise.all([...document.images].map(one => one.complete || one.decode()));
    }""")
    return sum(request.sizes()["responseBodySize"] for request in visit.requests
               if visit.own(request) and not request.url.startswith("data:"))


def test_the_page_is_short_and_light(visit):
    seen = visit(FIRST, fresh=True)
    told, bytes_ = words(seen), weight(seen)
    print(f"first page: {len(told)} words, {bytes_ / 1000:.0f} kB in {len(seen.requests)} requests")
    assert 200 < len(told) <= WORDS
    assert bytes_ <= BYTES


def test_the_page_is_short_with_the_book_to_take_along_too(broken):
    links = extras.paragraph("", dict.fromkeys(extras.WORDS, 99_000_000))
    seen = broken(lambda page: extras.PLACE.sub(lambda _: links, page), FIRST)
    assert seen.page.locator(".downloads a:visible").count() == len(extras.WORDS)
    assert len(words(seen)) <= WORDS


def test_a_long_or_heavy_page_is_seen(broken):
    more = broken(with_content(f"<p>{'word ' * 200}</p>"), FIRST)
    assert len(words(more)) > WORDS
    noise = os.urandom(100_000).hex()
    assert weight(broken(with_content(f"<p hidden>{noise}</p>"), FIRST)) > BYTES


# --- The first screen -----------------------------------------------------------------------------

def boxes(visit, *parts):
    """Return where parts of the page are: left, top, right, bottom."""
    return [visit.page.locator(part).first.evaluate("""one => {
      const box = one.getBoundingClientRect();
      return [box.left, box.top + scrollY, box.right, box.bottom + scrollY];
    }""") for part in parts]


@pytest.mark.parametrize("width, height, beside, screens", [
    (1440, 900, True, 1), (1200, 900, True, 1), (1024, 900, True, 1), (900, 900, True, 1),
    (899, 1200, False, 1.3), (390, 844, False, 1.3)])
def test_the_figure_stands_beside_its_question_or_below(width, height, beside, screens, visit):
    seen = visit(FIRST, width=width)
    hook, figure = boxes(seen, ".hook", ".sum-figure")
    assert (figure[0] >= hook[2]) == beside and (figure[1] >= hook[3]) == (not beside)
    assert figure[3] <= screens * height and figure[2] <= width and hook[0] >= 0


def cut(visit):
    """Return the code, traces and drawn letters that run over the edge of their box or the page."""
    return visit.page.evaluate("""() => {
      const edge = document.documentElement.clientWidth;
      const code = [...document.querySelectorAll("article :is(pre, .lib-trace, .lib-trace > div)")]
        .filter(one => one.scrollWidth > one.clientWidth + 1
                       || one.getBoundingClientRect().right > edge);
      const all = document.querySelector(".sum-figure svg").getBoundingClientRect();
      const letters = [...document.querySelectorAll(".sum-figure text")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.left < all.left - .5 || box.right > all.right + .5
          || box.bottom > all.bottom + .5;
      });
      return [...code, ...letters].map(one => one.textContent.slice(0, 40));
    }""")


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1200, 1440])
def test_nothing_is_cut(width, visit):
    assert cut(visit(FIRST, width=width)) == []


def test_what_is_cut_is_seen(broken):
    assert cut(broken(with_style(".sum-figure svg { font-size: 60px !important }"), FIRST)) != []


def put(visit, count, way):
    """Move the controls of the figure."""
    visit.page.locator("#sum-count").evaluate(
        "(one, at) => { one.value = at; one.dispatchEvent(new Event('input', {bubbles: true})); }",
        LOOKS.index(count))
    visit.page.locator("#sum-way").select_option(str(WAYS.index(way)))
    return visit.page.locator(".sum-figure [role=status]").inner_text()


def test_the_figure_answers_why_64(visit):
    seen = visit(FIRST, fresh=True)
    answer = put(seen, LOOKS[-1], WAYS[0])
    assert answer.endswith("and 2³² / 2²⁶ is 64.")
    assert "mean: 64.0" in seen.page.locator(".sum-figure svg").text_content()
    for way in WAYS[1:]:
        assert "127.5" in put(seen, LOOKS[-1], way)
    name = seen.page.locator(".sum-figure [role=img]").get_attribute("aria-label")
    assert "pixels added = 67.1 million" in name and "in pairs" in name


def test_the_figure_moves_by_mouse_keyboard_and_play(visit):
    seen = visit(FIRST, fresh=True)
    assert idle(seen) == [] and stuck(seen) == []


def test_play_rests_on_the_last_frame_and_then_begins_again(visit):
    seen = visit(FIRST, fresh=True)
    put(seen, LOOKS[-3], WAYS[0])
    button, slider = seen.page.locator(".sum-figure button"), seen.page.locator("#sum-count")
    button.click()
    seen.page.get_by_role("button", name="Play pixels added again").wait_for()
    seen.page.wait_for_timeout(500)
    assert slider.input_value() == str(len(LOOKS) - 1) and button.inner_text() == "↻"
    slider.press("ArrowLeft")
    assert button.get_attribute("aria-label") == "Play pixels added"
    slider.press("End")
    button.click()
    assert int(slider.input_value()) < len(LOOKS) - 3
    assert button.get_attribute("aria-label") == "Pause pixels added"


def test_the_figure_shows_its_first_frame_and_its_sentence_without_scripts(visit):
    plain = visit(FIRST, fresh=True, java_script_enabled=False, answers=None)
    box = plain.page.locator(".sum-figure svg").bounding_box()
    assert box["width"] > 200 and plain.page.locator(".sum-figure svg path").count() > 5
    assert plain.page.locator(".sum-figure [role=status]").inner_text().startswith("The next float")
    assert plain.page.locator(".card:visible").count() == len(CHAPTERS)
    assert not plain.page.locator("#finder").is_visible()
    assert plain.page.locator(".chips a:visible").count() == 6


def test_the_trace_names_the_line_that_made_the_error_and_the_one_that_shows_it(visit):
    rows_ = visit(FIRST).page.locator("section > .lib-trace tbody tr")
    assert rows_.count() == 6
    marked = {row.locator("td").nth(1).inner_text(): row.locator("strong").inner_text()
              for row in rows_.all() if row.locator("strong").count()}
    assert "error made here" in marked["2"] and "digits show as lost here" in marked["4"]
    told = visit(FIRST).page.locator("section > .lib-trace > p")
    assert told.inner_text().splitlines() == [
        "normalised(np.array([30000.1, 30000.2, 30000.4]))", "5 of 16 digits are right."]


def columns(visit):
    """Return the left edges of the cells of the trace's second line, and the width of its table."""
    return visit.page.evaluate("""() => {
      const table = document.querySelector(".lib-trace table");
      const cells = [...table.querySelectorAll("tbody tr:nth-child(2) td")];
      return [table, ...cells].map(one => one.getBoundingClientRect())
        .map((box, at) => Math.round(at ? box.left : box.width));
    }""")


def half_received(page):
    """Return a page of which two lines of the trace have come."""
    head, body = page.split("<tbody>", 1)
    return f"{head}<tbody>{'</tr>'.join(body.split('</tr>')[:2])}</tr>"


@pytest.mark.parametrize("width", [1440, 390])
def test_no_column_of_the_trace_moves_when_its_later_lines_come(width, visit, broken):
    half = broken(half_received, FIRST)
    half.page.set_viewport_size({"width": width, "height": 900})
    assert half.page.locator(".lib-trace tbody tr").count() == 2
    assert columns(half) == columns(visit(FIRST, width=width))


def test_the_chapter_to_which_the_question_leads_answers_it(visit):
    first = visit(FIRST).page.locator(".buttons a").first.get_attribute("href")
    chapter = visit(first).page
    link = chapter.get_by_role("link", name="why at 64", exact=True).get_attribute("href")
    answer = chapter.locator(f"[id='{link.rpartition('#')[2]}']").text_content()
    assert "is 64." in answer and "more than any pixel" in answer


# --- Links ----------------------------------------------------------------------------------------

def dead(visit):
    """Return the links of the page that lead to no page, or to no place on it."""
    found = []
    for address in visit.page.locator("article a[href]:not(.headerlink)").evaluate_all(
            "all => all.filter(one => one.origin == location.origin).map(one => "
            "one.pathname.slice(1) + one.hash)"):
        path, _, place = address.partition("#")
        file = SITE / path
        if file.suffix in (".pdf", ".zip") and file.is_file():
            continue
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not text or (place and f'id="{place}"' not in text):
            found.append(address)
    return found


def test_every_link_leads_somewhere(visit):
    assert visit(FIRST).page.locator("article a[href]").count() > 40
    assert dead(visit(FIRST)) == []


def test_a_dead_link_is_seen(broken):
    links = '<a href="chapters/none.html">x</a><a href="chapters/map.html#none">y</a>'
    assert dead(broken(with_content(links), FIRST)) == ["chapters/none.html",
                                                        "chapters/map.html#none"]


def test_the_old_address_leads_here(visit):
    old = visit("chapters/index.html#the-map", fresh=True)
    old.page.wait_for_url("**/index.html#the-map")
    assert old.page.url == f"{old.server}{FIRST}#the-map"
    assert old.page.locator("h1:visible").inner_text().startswith("Where the Digits Go")


def test_the_root_is_the_page_itself_and_not_a_page_that_leads_on():
    text = (SITE / FIRST).read_text(encoding="utf-8")
    assert "http-equiv" not in text.lower() and "<h1>Where the Digits Go" in text


def test_the_numbers_of_the_proof_are_those_of_the_book(visit):
    told = visit(FIRST).page.locator(".proof").inner_text()
    target = visit(FIRST).page.locator(".proof a").last.get_attribute("href")
    claims = sum(cell["id"].startswith("claim-") for book in NOTEBOOKS.values()
                 for cell in book["cells"])
    figures = sum((SITE / path).read_text(encoding="utf-8").count('class="lib-explore"')
                  for path in CHAPTERS)
    exhibits = len(list((ROOT / "chapters" / "museum").glob("*.py")))
    shared = sum(zipped(SITE / "_static" / name) for name in ("book.css", "book.js"))
    pages = sorted(zipped(SITE / path) for path in CHAPTERS)
    assert [int(one) for one in re.findall(r"\d+", told)[:3]] == [claims, figures, exhibits]
    assert "0 trackers" in told
    kilobytes = int(re.search(r"(\d+)\s*kB", told)[1])
    assert pages[0] < kilobytes * 1000 - shared < pages[-1]
    path, _, place = target.partition("#")
    assert f" {kilobytes} kB " in visit(path).page.locator(f"[id='{place}']").text_content()


# --- Cards ----------------------------------------------------------------------------------------

def poor_cards(visit):
    """Return the chapters without a card that has all of its parts."""
    made = visit.page.locator(".card").evaluate_all("""all => Promise.all(all.map(async one => {
      const image = one.querySelector("img");
      image.loading = "eager";
      await image.decode().catch(() => {});
      const text = name => one.querySelector(name).innerText;
      return [one.querySelector("a").getAttribute("href"), {
        wide: image.naturalWidth, height: image.naturalHeight, given: image.width > 60,
        cost: text(".card-cost"), failure: text(".card-failure"),
        said: one.querySelector(".card-cost").title,
        ring: !!one.querySelector("circle")}];
    }))""")
    cards = dict(made)
    poor = [path for path in CHAPTERS if path not in cards]
    for path, card in cards.items():
        exercises = sum(cell["id"].startswith("exercise-") for cell in NOTEBOOKS[path]["cells"])
        cost = [int(one) for one in re.findall(r"\d+", card["cost"])[:2]]
        if ((card["wide"], card["height"]) != (320, 180) or not card["given"] or not card["ring"]
                or not 2 <= len(card["failure"].split()) <= 8
                or cost != [int(minutes(NOTEBOOKS[path])[1]), exercises]
                or card["said"] != f"{cost[0]} minutes to read, {exercises} exercises"):
            poor.append(path)
    return poor


def test_every_chapter_has_a_card_with_its_picture_failure_and_cost(visit):
    seen = visit(FIRST)
    assert seen.page.locator(".card a").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))") == CHAPTERS
    assert poor_cards(seen) == []
    captions = seen.page.locator("#the-map h3").all_inner_texts()
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert captions == [one for one in re.findall(r"caption: (.*)", toc) if one in captions]
    assert len(captions) == 5
    told = seen.page.locator("#the-map").inner_text()
    assert "✎ exercises" in told and "◯ what you have done" in told


@pytest.mark.parametrize("change", [
    lambda page: re.sub(r'<li class="card" data-page="chapters/qr".*?</li>', "", page, flags=re.S),
    lambda page: page.replace("cards.svg#qr", "cards-none.svg#qr"),
    lambda page: re.sub(r'(?s)(data-page="chapters/qr".*?"card-cost".*?>)\d+', r"\g<1>7", page),
    lambda page: page.replace("one method keeps 7 digits, another 11", "")])
def test_a_poor_card_is_seen(change, broken):
    assert poor_cards(broken(change, FIRST)) == ["chapters/qr.html"]


def test_all_pictures_are_views_of_one_small_file_without_letters(visit):
    picture = SITE / "_images" / "cards.svg"
    text = picture.read_text(encoding="utf-8")
    assert zipped(picture) < 25_000 and "scale(" not in text and "var(" not in text
    ids = re.findall(r'\bid="([\w-]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([\w-]+)', text)) <= set(ids)
    topics = visit(FIRST).page.locator(".card img").evaluate_all(
        "all => all.map(one => one.src.split('#')[1])")
    assert topics == [path[9:-5] for path in CHAPTERS] and set(topics) <= set(
        re.findall(r'<view id="(\w+)"', text))


KEPT = {"chapters/qr": {"predict-a": 1, "predict-b": "shown", "predict-c": "0.5"}}


def returning(browser, server, stored):
    """Return a visit of somebody whose browser holds something from before."""
    lines = "".join(f"localStorage.setItem({key!r}, {value!r});" for key, value in stored.items())
    Handler.broken["before.html"] = f"<!doctype html><title>x</title><script>{lines}</script>"
    seen = Visit(browser, server, "before.html", answers=None)
    Handler.broken.pop("before.html")
    seen.page.goto(server + FIRST)
    seen.page.wait_for_timeout(300)
    return seen


def ring(visit, page):
    """Return how full the ring of a chapter is, and what a screen reader says of it."""
    card = visit.page.locator(f'.card[data-page="{page}"]')
    dash = card.locator("circle").last.evaluate("one => getComputedStyle(one).strokeDasharray")
    return round(float(re.match(r"[\d.]+", dash)[0])), card.locator(".card-done").text_content()


def asked(page, kind):
    """Return how many predictions or exercises a chapter has."""
    cells = NOTEBOOKS[f"{page}.html"]["cells"]
    return sum("prediction" in cell["metadata"] if kind == "predictions"
               else cell["id"].startswith("exercise-") for cell in cells)


def test_a_ring_shows_what_this_reader_has_done(browser, server):
    seen = returning(browser, server, {"predictions": json.dumps(KEPT)})
    all_ = asked("chapters/qr", "predictions")
    assert ring(seen, "chapters/qr") == (round(200 / all_), f"2 of {all_} done")
    assert ring(seen, "chapters/lu") == (0, "")
    seen.context.close()


def test_exercises_count_once_this_browser_has_seen_one_solved(browser, server):
    solved = {"chapters/qr": {"exercise-a": True}}
    seen = returning(browser, server, {"predictions": json.dumps(KEPT),
                                       "exercises": json.dumps(solved)})
    all_ = asked("chapters/qr", "predictions") + asked("chapters/qr", "exercises")
    assert ring(seen, "chapters/qr") == (round(300 / all_), f"3 of {all_} done")
    seen.context.close()


def test_exercises_that_were_solved_are_listed_by_title_each_with_a_link(browser, server):
    solved = {"chapters/qr": {"exercise-plane": "A <b>plane</b>"},
              "chapters/lu": {"exercise-read": "Read it", "exercise-old": 1},
              "chapters/no": {"exercise-a": "A"}}
    seen = returning(browser, server, {"exercises": json.dumps(solved)})
    box = seen.page.locator(".solved")
    box.locator("summary").click()
    assert box.locator("summary").inner_text() == "Exercises you have solved: 2"
    links = [(one.get_attribute("href"), one.inner_text()) for one in box.locator("a").all()]
    assert links == [("chapters/lu.html#try-read", "Read it"),
                     ("chapters/qr.html#try-plane", "A <b>plane</b>")]
    assert inaccessible(seen) == [] and seen.messages == []
    seen.context.close()


def test_without_a_solved_exercise_there_is_no_list(browser, server):
    seen = returning(browser, server, {"predictions": json.dumps(KEPT)})
    assert seen.page.locator(".solved").count() == 0
    seen.context.close()


@pytest.mark.parametrize("stored", ["{", "[1]", "null", '{"chapters/none": {"a": 1}}'])
def test_what_other_pages_never_wrote_does_no_harm(stored, browser, server):
    seen = returning(browser, server, dict.fromkeys(("predictions", "exercises", "place"), stored))
    assert ring(seen, "chapters/qr") == (0, "") and seen.messages == []
    assert seen.page.locator(".back span").is_visible()
    seen.context.close()


# --- The way back ---------------------------------------------------------------------------------

def test_a_reader_who_comes_again_is_led_to_the_section_that_was_read(visit):
    seen = visit("chapters/qr.html", fresh=True)
    link = seen.page.locator("#page-contents .toc-h2 > a").nth(3)
    place, title = link.get_attribute("href"), link.inner_text().replace("◇", "").strip()
    seen.page.evaluate("place => document.querySelector(place).scrollIntoView()", place)
    seen.page.wait_for_function("localStorage.place")
    seen.page.goto(seen.server + FIRST)
    back = seen.page.locator(".back a")
    assert " ".join(back.inner_text().split()) == f"Continue: {' '.join(title.split())}"
    assert seen.page.locator(".card.is-here a").get_attribute("href") == "chapters/qr.html"
    assert not seen.page.locator(".back span").is_visible()
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("window.shift") < 0.01
    back.click()
    seen.page.wait_for_url(f"**/chapters/qr.html{place}")


def test_a_reader_who_comes_first_is_promised_that_nothing_is_sent(visit):
    seen = visit(FIRST, fresh=True)
    assert seen.page.locator(".back").inner_text() == "Nothing to install; nothing is sent."
    assert not seen.page.locator(".back a").is_visible()


# --- What do you see? -----------------------------------------------------------------------------

def fetched(visit):
    """Return whether the list of symptoms has been asked for."""
    return any("symptoms.js" in request.url for request in visit.requests)


def find(visit, text):
    """Type into the field; return what is found, and how much of it is said to be there."""
    visit.page.locator("#finder").fill(text)
    visit.page.wait_for_function("window.symptoms")
    visit.page.wait_for_timeout(50)
    return (visit.page.locator(".finder-found a:visible").all_inner_texts(),
            visit.page.locator(".finder [role=status]").inner_text())


def test_all_symptoms_are_found_and_their_list_comes_when_asked(visit):
    seen = visit(FIRST, fresh=True)
    assert not fetched(seen)
    seen.page.locator("#finder").focus()
    seen.page.wait_for_function("window.symptoms")
    assert fetched(seen)
    assert {one[0] for one in seen.page.evaluate("window.symptoms")} == ROWS
    found, said = find(seen, "Positive definite")
    assert any("not positive definite" in one for one in found)
    assert said.endswith(f" of {len(ROWS)} symptoms have these words")
    assert 0 < int(said.split()[0]) < 30
    assert find(seen, "16 777 216")[0] and find(seen, "") == ([], "")
    found, said = find(seen, "the")
    assert len(found) == 9 and found[-1] == f"All {said.split()[0]} on the page of symptoms"


def test_more_than_the_finder_shows_is_one_step_away(visit):
    seen = visit(FIRST, fresh=True)
    _, said = find(seen, "the loss")
    seen.page.locator(".finder-found a").last.click()
    seen.page.wait_for_url(f"**/{SYMPTOMS}.html?q=the%20loss")
    told = seen.page.locator(".filter [role=status]").inner_text()
    assert int(told.split()[0]) > 8 and told.split()[1:3] == said.split()[1:3]


def test_who_finds_nothing_is_advised(visit):
    seen = visit(FIRST, fresh=True)
    found, said = find(seen, "no symptom has this")
    assert found == [f"All {len(ROWS)} symptoms", "Search the whole book"]
    assert said.startswith("Nothing found. Try fewer or other words")
    assert inaccessible(seen) == []
    seen.page.locator(".finder-found a").last.click()
    seen.page.wait_for_url("**/search.html?q=no%20symptom%20has%20this")


def test_what_a_symptom_says_comes_before_what_is_behind_it(visit):
    found, _ = find(visit(FIRST, fresh=True), "jitter")
    inside = ["jitter" in one.lower() for one in found]
    assert any(inside) and inside == sorted(inside, reverse=True)


def test_the_finder_is_used_by_keyboard(visit):
    seen = visit(FIRST, fresh=True)
    find(seen, "loss inf")
    keys = seen.page.keyboard
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    second = seen.page.locator(".finder-found a").nth(1)
    assert second.evaluate("one => one == document.activeElement")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert seen.page.locator("#finder").evaluate("one => one == document.activeElement")
    keys.press("ArrowDown")
    keys.press("Escape")
    assert not seen.page.locator(".finder-found").is_visible()
    assert seen.page.locator("#finder").evaluate("one => one == document.activeElement")
    find(seen, "loss is inf")
    keys.press("ArrowDown")
    keys.press("Enter")
    seen.page.wait_for_url(f"**/{SYMPTOMS}.html#*")
    assert seen.page.url.partition("#")[2] in ROWS


def test_enter_opens_the_first_that_is_found(visit):
    seen = visit(FIRST, fresh=True)
    find(seen, "negative variance")
    first = seen.page.locator(".finder-found a").first.get_attribute("href")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(f"**/{first}")


def test_a_list_that_does_not_come_is_told(visit):
    seen = visit(FIRST, fresh=True)
    seen.page.route("**/symptoms.js*", lambda route: route.abort())
    seen.page.locator("#finder").fill("loss")
    said = seen.page.locator(".finder [role=status]")
    said.filter(has_text="does not load").wait_for()


def test_the_finder_works_from_a_file(browser):
    context = browser.new_context()
    page = context.new_page()
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto((SITE / FIRST).as_uri())
    page.locator("#finder").fill("negative variance")
    page.locator(".finder-found a").first.wait_for()
    page.locator(".finder-found a").first.click()
    page.wait_for_url(f"**/{SYMPTOMS}.html#*")
    assert messages == []
    context.close()


# --- Thumbs and keys ------------------------------------------------------------------------------

def small_targets(visit):
    """Return the controls of the page that a thumb would miss."""
    return visit.page.evaluate("""() => [...document.querySelectorAll(
        "article :is(.button, .chips a, .card, #finder, .sum-figure :is(button, input, select))")]
      .map(one => [one, one.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.height, box.width) < 44)
      .map(([one, box]) => `${one.className || one.id} ${box.height}`)""")


@pytest.mark.parametrize("width", [320, 390])
def test_everything_is_large_enough_for_thumbs(width, visit):
    phone = visit(FIRST, width=width, has_touch=True, is_mobile=True)
    assert small_targets(phone) == []


def test_on_a_narrow_phone_the_slider_is_as_long_as_its_figure(visit):
    phone = visit(FIRST, width=320, has_touch=True, is_mobile=True)
    width = "place => document.querySelector(place).getBoundingClientRect().width"
    picture = phone.page.evaluate(width, ".sum-figure .lib-explore-picture")
    assert phone.page.evaluate(width, "#sum-count") > 0.95 * picture


def test_what_leads_to_the_top_stands_over_nothing_that_is_touched(visit):
    phone = visit(FIRST, width=320, fresh=True, has_touch=True, is_mobile=True)
    back = phone.page.locator("#pst-back-to-top")
    phone.page.evaluate("async () => { scrollTo(0, 900); await nextFrame(); await nextFrame(); "
                        "scrollTo(0, 500); }")
    back.wait_for()
    phone.page.locator("#sum-count").tap()
    back.wait_for(state="hidden")
    phone.page.evaluate("scrollBy(0, -50)")
    back.tap()
    phone.page.wait_for_function("scrollY == 0")


def test_a_small_target_is_seen(broken):
    css = ".chips a { min-height: 0 !important; line-height: 1 !important }"
    assert len(small_targets(broken(with_style(css), FIRST))) >= 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_shows_in_colours_of_the_system(scheme, visit):
    assert lost_in_forced_colours(visit(FIRST, scheme, fresh=True, **FORCED)) == []


def test_nothing_moves_by_itself(visit):
    seen = visit(FIRST, fresh=True, reduced_motion="reduce")
    moves = "document.getAnimations().map(one => one.effect.target?.className)"
    assert seen.page.evaluate(moves) == []
    picture = seen.page.query_selector(".sum-figure")
    before = picture.evaluate(DRAWN)
    seen.page.wait_for_timeout(600)
    assert picture.evaluate(DRAWN) == before
