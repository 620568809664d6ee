"""The search of the built book: what readers look for, in the browser as they would."""

import functools
import gzip
import json
import re
import statistics
import tomllib
from pathlib import Path

import pytest
import quickjs

from tests.site.test_site import inaccessible, strangers
from tests.site.visits import PAGES, SITE, Handler, with_content
from web import entries

QUERIES = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))
WEIGHT = 120_000  # bytes, zipped: all that the search loads
FAILING = 2  # of the queries may be answered first by something else
KEY = 50  # milliseconds for a key, on a processor a fourth as fast; the test fails at three times
READY = ".finder-list:not([aria-busy])"


def shipped(name="finder.js"):
    return (SITE / "_static" / name).read_text(encoding="utf-8")


@functools.cache
def index():
    """Return the entries of the site, from the script that it ships."""
    context = quickjs.Context()
    context.set_max_stack_size(8 * 2**20)
    context.eval(shipped() + "\n;0")
    return json.loads(context.eval("JSON.stringify(finder.index())")), context


def place(one):
    """Return where an entry leads, as the table of queries writes it."""
    return one["page"].rpartition("/")[2] + (one["anchor"] and f"#{one['anchor']}")


def dead(places, folder=SITE):
    """Return those of some (page, anchor) pairs that are on no page."""
    ids = functools.cache(lambda name: set(re.findall(
        r'\bid="([^"]*)"', (folder / f"{name}.html").read_text(encoding="utf-8"))))
    return [one for one in places if one[1] and one[1] not in ids(one[0])]


@pytest.mark.browser
def test_every_result_leads_to_a_place_that_is_there():
    places = [(one["page"], one["anchor"]) for one in index()[0]["entries"]]
    assert len(places) > 1000 and {one["kind"] for one in index()[0]["entries"]} == {*entries.KINDS}
    assert dead(places) == []
    assert dead([(places[0][0], "no-such-place")]) != []


@pytest.mark.browser
def test_what_readers_type_is_said_in_the_book():
    made = "globalThis.book ??= finder.make({...finder.index(), synonyms: {}})"
    context, lost = index()[1], []
    context.eval(f"{made};0")
    for others in index()[0]["synonyms"].values():
        for other in others:
            share = context.eval(f"book.find({json.dumps(other)})[0]?.share ?? 0")
            lost += [other] if share < 1 else []
    assert lost == []
    assert context.eval('book.find("zyxwvut jitter")[0].share') < 1


@pytest.mark.browser
def test_all_that_the_search_loads_is_light():
    weight = sum(len(gzip.compress(shipped(name).encode(), 6, mtime=0))
                 for name in ("finder.js", "finder.css"))
    print(f"the search loads {weight / 1e3:.0f} kB, {len(index()[0]['entries'])} entries")
    assert weight <= WEIGHT


def opened(visit, path="chapters/lu.html", **options):
    """Open a page and its search."""
    one = visit(path, fresh=True, **options)
    one.page.keyboard.press("Control+k")
    one.page.wait_for_selector(READY, state="attached")
    return one


def type_(one, text):
    """Type into the search; wait for what it shows."""
    one.page.keyboard.press("Control+a")
    one.page.keyboard.insert_text(text)
    one.page.evaluate("async () => { await nextFrame(); await nextFrame(); }")


FIRST = """() => [...document.querySelectorAll("dialog [role=option]")].slice(0, 1).map(
  one => new URL(one.href)).map(one => one.pathname.split("/").pop().replace(".html", "")
    + decodeURIComponent(one.hash))[0] ?? null"""


def missed(one, queries):
    """Return the queries that something else answers first."""
    wrong = []
    for query, right in queries.items():
        type_(one, query)
        got = one.page.evaluate(FIRST)
        print(f"{query}: {got}")
        wrong += [] if got in right else [f"{query}: {got}, not {' or '.join(right)}"]
    return wrong


@pytest.mark.browser
def test_readers_are_led_to_the_right_place_at_once(visit):
    assert len(QUERIES) == 24
    wrong = missed(opened(visit), QUERIES)
    assert len(wrong) <= FAILING, wrong


@pytest.mark.browser
def test_a_wrong_answer_is_seen(visit):
    assert len(missed(opened(visit), {"jitter": ["lu"], "zyxwvut": ["lu"]})) == 2


@pytest.mark.browser
def test_nothing_is_loaded_before_the_search_is_opened_and_all_of_it_then(visit):
    one = visit(PAGES[0], fresh=True)
    assert [request.url for request in one.requests if "finder" in request.url] == []
    before = len(one.requests)
    one.page.keyboard.press("Control+k")
    one.page.wait_for_selector(READY, state="attached")
    type_(one, "jitter")
    names = [re.sub(r".*/|\?.*", "", request.url) for request in one.requests[before:]]
    assert sorted(names) == ["finder.css", "finder.js"]
    assert strangers(one) == [] and one.messages == []


@pytest.mark.browser
def test_the_keyboard_alone_leads_to_a_result(visit):
    one = opened(visit)
    type_(one, "jitter")
    options = one.page.locator("dialog [role=option]")
    chosen = one.page.locator("dialog [role=option][aria-selected=true]")
    field = one.page.locator("dialog input")
    assert chosen.get_attribute("id") == options.nth(0).get_attribute("id")
    one.page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    one.page.keyboard.press("ArrowUp")
    one.page.keyboard.press("ArrowUp")  # from the first to the last
    assert chosen.get_attribute("id") == options.last.get_attribute("id")
    one.page.keyboard.press("ArrowDown")
    assert field.evaluate("one => one === document.activeElement")
    address = chosen.get_attribute("href")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/glossary.html#term-jitter")
    assert address == "../chapters/glossary.html#term-jitter"
    assert one.page.locator("#term-jitter").is_visible()


@pytest.mark.browser
def test_escape_closes_and_a_result_on_the_same_page_is_shown(visit):
    one = opened(visit, "chapters/glossary.html")
    one.page.keyboard.press("Escape")
    assert one.page.locator("dialog[open]").count() == 0
    one.page.keyboard.press("Control+k")
    type_(one, "jitter")
    one.page.locator("dialog [role=option]").first.click()
    assert one.page.locator("dialog[open]").count() == 0
    top = one.page.evaluate("document.getElementById('term-jitter').getBoundingClientRect().top")
    assert 0 <= top < 900


@pytest.mark.browser
def test_results_are_grouped_counted_and_link_to_all(visit):
    one = opened(visit)
    type_(one, "rounding")
    groups = one.page.locator("dialog [role=listbox] > [role=group]")
    heads = [one.page.locator(f"#{groups.nth(at).get_attribute('aria-labelledby')}").inner_text()
             for at in range(groups.count())]
    assert len(heads) > 3 and len(set(heads)) == len(heads)
    one.page.wait_for_selector(".finder-said:text-matches('^[0-9]+ results')")
    count = int(one.page.locator(".finder-said").inner_text().split()[0])
    assert one.page.locator("dialog [role=option]").count() < count
    one.page.locator("dialog .finder-all").click()
    one.page.wait_for_url("**/search.html?q=rounding")
    one.page.wait_for_selector("[role=option]")
    assert one.page.locator("[role=option]").count() > 20
    assert one.page.get_by_role("combobox").input_value() == "rounding"


@pytest.mark.browser
def test_a_result_is_called_by_its_title_and_then_its_page(visit):
    one = opened(visit)
    type_(one, "jitter reasoning")
    assert one.page.get_by_role("option", name="Jitter by reasoning Cholesky").is_visible()


@pytest.mark.browser
def test_nan_has_as_many_symptoms_wherever_it_is_typed(visit):
    found = json.loads(index()[1].eval(
        "JSON.stringify(finder.make(finder.index()).find('nan').map(one => one.kind))"))
    page = visit("chapters/symptoms.html", fresh=True).page
    page.get_by_label("Only").fill("nan")
    filtered = page.locator(".filter [role=status]").inner_text()
    page = visit("index.html", fresh=True).page
    page.locator("#finder").fill("nan")
    told = page.locator(".finder [role=status]:text-matches('^[0-9]+ of')").inner_text()
    counts = [found.count("symptom"), int(filtered.split()[0]), int(told.split()[0])]
    assert counts[0] > 0 and len(set(counts)) == 1, counts


@pytest.mark.browser
def test_a_query_without_an_answer_gets_a_sentence_with_ways_on(visit):
    one = opened(visit)
    type_(one, "zyxwvut")
    assert "Nothing in the book has “zyxwvut”." in one.page.locator(".finder-said").inner_text()
    links = one.page.locator(".finder-said a").evaluate_all("all => all.map(one => one.href)")
    assert [link.rpartition("/")[2] for link in links] == ["symptoms.html", "glossary.html",
                                                           "left_out.html"]
    assert one.page.locator("dialog input").get_attribute("aria-expanded") == "false"


@pytest.mark.browser
def test_a_search_leaves_no_mark_on_any_page(visit):
    one = opened(visit)
    type_(one, "loss nan")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/symptoms.html#*")
    assert one.page.locator("mark, .highlighted, article b").count() == 0
    kept = one.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "nan" not in kept and "highlight" not in kept + one.page.url


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_search_is_accessible(visit, scheme):
    one = opened(visit, scheme=scheme)
    assert inaccessible(one) == []
    for text in ("loss nan", "zyxwvut"):
        type_(one, text)
        assert inaccessible(one) == []
    page = visit("search.html?q=rounding", scheme=scheme, fresh=True)
    page.page.wait_for_selector("[role=option]")
    assert inaccessible(page) == [] and page.messages == [] and strangers(page) == []


@pytest.mark.browser
def test_an_open_search_fits_a_phone(visit):
    one = visit("chapters/lu.html", width=320, fresh=True)
    one.page.locator(".search-button__button:visible").first.click()
    one.page.wait_for_selector(READY, state="attached")
    type_(one, "matrix not positive definite")
    box = one.page.locator("#pst-search-dialog").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["y"] + box["height"] <= 940
    assert one.page.evaluate("document.querySelector('.finder-list').scrollWidth") <= box["width"]


@pytest.mark.browser
def test_the_search_works_from_a_file(browser):
    context = browser.new_context()
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((SITE / "chapters" / "lu.html").resolve().as_uri())
    page.keyboard.press("Control+k")
    page.wait_for_selector(READY, state="attached")
    page.keyboard.insert_text("cross entropy inf")
    page.wait_for_selector("dialog [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url("file:**/symptoms.html#the-cross-entropy-is-inf*")
    assert said == []
    context.close()


@pytest.mark.browser
def test_a_search_that_cannot_be_loaded_says_so(visit, broken):
    one = visit(PAGES[0], fresh=True)
    one.page.route("**/finder.js*", lambda route: route.abort())
    one.page.keyboard.press("Control+k")
    one.page.wait_for_selector("dialog [role=status]")
    assert "could not be loaded" in one.page.locator("dialog [role=status]").inner_text()


TYPE = """async text => {
  const field = document.querySelector("dialog input");
  for (let end = 1; end <= text.length; end++) {
    field.value = text.slice(0, end);
    field.dispatchEvent(new Event("input", {bubbles: true}));
    await nextFrame();
    await nextFrame();
  }
}"""


def spent(client):
    """Return the processor's seconds that the page's main thread has spent on tasks."""
    metrics = client.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


@pytest.mark.browser
def test_a_key_is_answered_in_time_on_a_slow_processor(visit):
    one = visit("chapters/lu.html", width=390, fresh=True)
    client = one.context.new_cdp_session(one.page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    one.page.locator(".search-button__button:visible").first.click()
    one.page.wait_for_selector(READY, state="attached")
    times = []
    for query in ("matrix not positive definite", "kahan summation", "0.1 + 0.2", "lu"):
        before = spent(client)
        one.page.evaluate(TYPE, query)
        times.append(4e3 * (spent(client) - before) / len(query))
    print(f"a key takes {statistics.mean(times):.0f} ms on a processor a fourth as fast")
    assert statistics.mean(times) < 3 * KEY


@pytest.mark.browser
def test_a_highlight_that_leaks_is_seen(broken):
    one = broken(with_content('<p><span class="highlighted">nan</span></p>'))
    assert one.page.locator("mark, .highlighted, article b").count() == 1
    assert Handler.broken
