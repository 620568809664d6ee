"""Terms, long lists, contents and the end of a chapter: what tells a reader where they are.

As in test_site, each check returns the faults of a page, and each has seen a page that has them.
"""

import re

import pytest

from environment import ROOT
from tests.site.visits import CHAPTERS, SOME, with_style
from web.symptoms import rows

pytestmark = pytest.mark.browser

CHAPTER = "chapters/qr.html"
SYMPTOMS = "chapters/symptoms.html"
CLAIMS = "chapters/claims.html"
MUSEUM = "chapters/museum.html"
TERM = '.bd-article a[href*="glossary.html#term-"]'


# --- Terms ----------------------------------------------------------------------------------------

def unexplained(visit):
    """Return the terms whose definition does not come with the focus, in sight, and go again."""
    visit.page.keyboard.press("Shift")  # from here on the keyboard moves the focus
    return visit.page.evaluate("""async links => {
      const faults = [];
      for (const link of document.querySelectorAll(links)) {
        const name = link.textContent;
        if (!link.checkVisibility() || link.closest(".chapter-end")) continue;
        link.focus({focusVisible: true});
        await nextFrame();
        const note = document.getElementById(link.getAttribute("aria-describedby"));
        const box = note?.getBoundingClientRect();
        if (!box?.height) { faults.push(`${name}: no definition is shown`); continue; }
        if (box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight)
          faults.push(`${name}: its definition runs off the window`);
        if (note.textContent.trim().length < 20) faults.push(`${name}: says nothing`);
        dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
        if (note.checkVisibility()) faults.push(`${name}: does not go`);
        link.blur();
      }
      return faults;
    }""", TERM)


@pytest.mark.parametrize("path", CHAPTERS)
def test_terms_show_their_definition_on_focus(visit, path):
    assert visit(path).page.locator(TERM).count() > 5
    assert unexplained(visit(path)) == []


def test_a_term_shows_its_definition_under_the_pointer_which_may_move_onto_it(visit):
    seen = visit(CHAPTER, fresh=True)
    link = seen.page.locator(TERM).first
    note = seen.page.locator(f"#{link.get_attribute('aria-describedby')}")
    link.hover()
    note.wait_for(state="visible")
    note.hover()
    seen.page.wait_for_timeout(400)
    assert note.is_visible()
    seen.page.mouse.move(5, 5)
    note.wait_for(state="hidden")


def test_a_definition_is_the_one_of_the_glossary(visit):
    glossary, seen = visit("chapters/glossary.html"), visit(CHAPTER)
    note = seen.page.locator(".term-note").first
    name = note.get_attribute("id").removeprefix("note-")
    words = ("name => document.getElementById(name).closest('dt').nextElementSibling"
             ".textContent.replace(/\\s+/g, '')")
    assert re.sub(r"\s", "", note.text_content()) == glossary.page.evaluate(words, name)


def test_a_term_without_a_definition_is_seen(broken):
    silent = broken(lambda page: page.replace('class="term-note"', 'class="note" hidden'), CHAPTER)
    assert "no definition is shown" in unexplained(silent)[0]


# --- Long lists -----------------------------------------------------------------------------------

def unlinked(visit, entries):
    """Return the entries of a list that have no anchor of their own with a link to it."""
    return visit.page.evaluate("""entries => [...document.querySelectorAll(entries)]
      .filter(one => !one.id || document.querySelectorAll("#" + CSS.escape(one.id)).length != 1
        || one.querySelector("a.place")?.hash != "#" + one.id
        || !one.querySelector("a.place").checkVisibility({visibilityProperty: true}))
      .map(one => one.textContent.slice(0, 60))""", entries)


@pytest.mark.parametrize("path, entries", [(SYMPTOMS, "dl.filtered > dt"),
                                           (CLAIMS, "ol.filtered > li")])
def test_every_symptom_and_every_claim_can_be_linked(visit, path, entries):
    assert visit(path).page.locator(entries).count() >= 60
    assert unlinked(visit(path), entries) == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_law_can_be_linked(visit, path):
    page = visit(path).page
    links = page.locator("p.claim > a.place")
    assert links.count() == page.locator("p.claim").count() >= 3
    far = links.evaluate_all("""all => all.map(one => [one, document.querySelector(one.hash)])
      .filter(([one, place]) => !place || !(place.compareDocumentPosition(one) & 4)
        || one.getBoundingClientRect().top - place.getBoundingClientRect().top > innerHeight)
      .map(([one]) => one.hash)""")
    assert far == []


def test_an_entry_without_a_link_is_seen(broken):
    page = broken(lambda page: re.sub(r'<a class="headerlink place[^>]*>#</a>', "", page), SYMPTOMS)
    assert len(unlinked(page, "dl.filtered > dt")) >= 60


@pytest.mark.parametrize("path, entries", [(SYMPTOMS, "dl.filtered > dt"),
                                           (CLAIMS, "ol.filtered > li")])
def test_a_filter_leaves_the_entries_with_all_its_words(visit, path, entries):
    seen = visit(path, fresh=True)
    count = seen.page.locator(entries).count()
    field, said = seen.page.get_by_label("Only"), seen.page.locator(".filter [role=status]")
    assert said.inner_text().startswith(f"All {count} ")
    field.fill("Float32 sum")
    left = seen.page.locator(f"{entries}:visible")
    assert 0 < left.count() < count / 2
    assert said.inner_text().startswith(f"{left.count()} of {count} ")
    assert seen.page.locator("h2:visible").count() < seen.page.locator("h2").count()
    field.fill("no entry has these words")
    assert left.count() == 0 and said.inner_text().startswith("0 of ")
    hidden = seen.page.locator(entries).last.get_attribute("id")
    seen.page.evaluate("name => { location.hash = name; }", hidden)
    seen.page.locator(f"[id='{hidden}']").wait_for(state="visible")
    assert left.count() == count


def test_the_field_comes_first_and_its_answers_follow_it(visit):
    seen = visit(SYMPTOMS, fresh=True, width=390)
    top = "place => document.querySelector(place).getBoundingClientRect().top"
    field = seen.page.get_by_label("Only")
    assert field.bounding_box()["y"] < 400 < seen.page.evaluate(top, "dl.filtered")
    field.fill("nan")
    first = seen.page.locator("dl.filtered > dt:visible").first
    assert first.bounding_box()["y"] - field.bounding_box()["y"] < 500
    field.fill("")
    assert seen.page.get_by_text("It is two in the morning").is_visible()


def test_numbers_are_found_however_their_digits_are_grouped(visit):
    seen = visit(SYMPTOMS, fresh=True)
    seen.page.get_by_label("Only").fill("65504")
    assert seen.page.locator("dl.filtered > dt:visible").count() >= 1


def test_without_scripts_a_list_is_whole(visit):
    plain = visit(SYMPTOMS, fresh=True, java_script_enabled=False, answers=None)
    assert plain.page.locator(".filter:visible").count() == 0
    assert plain.page.locator("dl.filtered > dt:visible").count() >= 60


ROWS = rows((ROOT / "chapters" / "symptoms.md").read_text(encoding="utf-8"))


def poor_rows(visit):
    """Return the symptoms without a closed fold, in which there is code that can be copied."""
    return visit.page.evaluate("""() => [...document.querySelectorAll("dl.filtered > dt")]
      .filter(term => {
        const folds = term.nextElementSibling.querySelectorAll("details.reproduction");
        if (folds.length != 1 || folds[0].open) return true;
        const [fold] = folds, code = fold.querySelector("pre");
        if (fold.querySelector("summary").textContent != "Reproduce it") return true;
        if (!code?.textContent.includes("assert")) return true;
        fold.open = true;
        const seen = code.checkVisibility() && fold.querySelector("button.copybtn");
        fold.open = false;
        return !seen || code.checkVisibility();
      }).map(term => term.id)""")


def test_each_symptom_has_its_anchor_and_its_folded_reproduction(visit):
    seen = visit(SYMPTOMS)
    there = seen.page.locator("dl.filtered > dt").evaluate_all("all => all.map(one => one.id)")
    assert there == [row.anchor for row in ROWS]
    assert poor_rows(seen) == []


@pytest.mark.parametrize("width", [320, 1350])
def test_a_fold_stands_nearer_to_its_own_symptom_than_to_the_next(width, visit):
    far = visit(SYMPTOMS, width=width).page.evaluate("""() => {
      const box = one => one.getBoundingClientRect();
      return [...document.querySelectorAll("dl.filtered > dt ~ dt")].filter(next => {
        const fold = next.previousElementSibling.querySelector(":scope > details.reproduction");
        const text = [...fold.parentElement.querySelectorAll(":scope > p")].at(-1);
        return box(fold).top - box(text).bottom > (box(next).top - box(fold).bottom) / 2;
      }).map(next => next.id);
    }""")
    assert far == []


def test_a_symptom_without_a_fold_is_seen(broken):
    page = broken(lambda page: page.replace('<details class="reproduction">', "<div>", 1), SYMPTOMS)
    assert len(poor_rows(page)) >= 1


def test_a_reproduction_unfolds_by_keyboard_and_without_scripts(visit):
    plain = visit(SYMPTOMS, fresh=True, java_script_enabled=False, answers=None)
    fold = plain.page.locator("details.reproduction").first
    assert not fold.locator("pre").is_visible()
    fold.locator("summary").focus()
    plain.page.keyboard.press("Enter")
    fold.locator("pre").wait_for(state="visible")


def test_a_reproduction_is_copied_whole(visit):
    seen = visit(SYMPTOMS, fresh=True, permissions=["clipboard-read", "clipboard-write"])
    last = seen.page.locator("details.reproduction").last
    last.locator("summary").click()
    last.locator("button.copybtn").click(force=True)
    copied = seen.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == ROWS[-1].listings[0].strip()


def test_words_of_code_are_not_what_a_filter_finds(visit):
    seen = visit(SYMPTOMS, fresh=True)
    seen.page.get_by_label("Only").fill("import numpy")
    assert seen.page.locator("dl.filtered > dt:visible").count() == 0


EXHIBITS = {"exhibit-" + path.stem.replace("_", "-")
            for path in (ROOT / "chapters" / "museum").glob("*.py")}


def poor_hangings(visit):
    """Return the exhibits without a row, a story, a trace, a fix or a link that leads there."""
    return visit.page.evaluate("""names => names.filter(name => {
      const room = document.getElementById(name);
      const row = document.querySelector(`table a[href="#${name}"]`)?.closest("tr");
      return !row || row.cells.length != 6 || !/^(yes|no)$/.test(row.cells[1].innerText.trim())
        || room?.querySelectorAll(".highlight").length != 2 || !room.querySelector(".lib-trace")
        || !room.querySelector(`a.place[href="#${name}"]`)
        || !room.querySelector('a[href^="https://github.com/"]');
    })""", sorted(EXHIBITS))


def test_the_museum_shows_every_exhibit_and_counts_them(visit):
    seen = visit(MUSEUM)
    assert len(EXHIBITS) >= 24 and poor_hangings(seen) == []
    text = seen.page.inner_text("article")
    told = re.search(r"There are (\d+) exhibits\. In (\d+) of them", text)
    cells = seen.page.locator('tr:has(a[href^="#exhibit-"]) > td:nth-child(2)')
    blamed = [cell.strip() for cell in cells.all_inner_texts()]
    assert int(told[1]) == len(EXHIBITS) == len(blamed)
    assert int(told[2]) == blamed.count("yes")


def test_an_exhibit_without_a_trace_is_seen(broken):
    theirs = broken(lambda text: text.replace('class="lib-trace"', "", 1), MUSEUM)
    assert len(poor_hangings(theirs)) == 1


# --- Place and progress ---------------------------------------------------------------------------

def wrong_places(visit):
    """Return where the contents mark another section than the one that is read, up and down."""
    return visit.page.evaluate("""async () => {
      const faults = [], contents = document.querySelector(".bd-sidebar-secondary");
      const links = [...contents.querySelectorAll(".toc-h2 > a")];
      const parts = links.map(link => document.querySelector(link.hash));
      const tall = document.documentElement.scrollHeight - innerHeight;
      const steps = [...Array(21).keys()].map(step => step * tall / 20);
      for (const y of [...steps, ...steps.reverse()]) {
        scrollTo({top: y, behavior: "instant"});
        await nextFrame(); await nextFrame();
        const read = links[parts.findLastIndex(part => part.getBoundingClientRect().top
                                                       < innerHeight / 3)];
        const shown = links.filter(link => link.hasAttribute("aria-current"));
        if (shown.length != (read ? 1 : 0) || shown[0] != read)
          faults.push(`at ${Math.round(y)}: ${shown.map(one => one.textContent)} is marked, `
                      + `${read?.textContent} is read`);
      }
      scrollTo({top: 0, behavior: "instant"});
      return links.length > 4 ? faults : ["no contents"];
    }""")


@pytest.mark.parametrize("path", SOME)
def test_the_contents_mark_what_is_read_in_both_directions(visit, path):
    assert wrong_places(visit(path)) == []


def test_a_wrong_mark_is_seen(broken):
    theirs = broken(lambda page: page.replace("page-contents", "pst-page-toc-nav"), CHAPTER)
    assert len(wrong_places(theirs)) > 5


@pytest.mark.parametrize("path", CHAPTERS)
def test_sections_are_numbered_and_progress_is_drawn(visit, path):
    page = visit(path).page
    numbers = page.locator(".bd-article section > h2 > .section-number").all_inner_texts()
    chapter = numbers[0].partition(".")[0]
    assert [number.strip() for number in numbers] == [
        f"{chapter}.{at}." for at in range(1, len(numbers) + 1)]
    width = "document.querySelector('.progress-line').getBoundingClientRect().width"
    page.evaluate("scrollTo({top: document.body.scrollHeight / 2, behavior: 'instant'})")
    page.wait_for_function(f"{width} > 0.4 * innerWidth && {width} < 0.6 * innerWidth")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


def poor_end(visit, following):
    """Return what the card at a chapter's end lacks: outcomes, the next chapter, its question."""
    page, card = visit.page, visit.page.locator(".chapter-end")
    outcomes = page.locator(".bd-article ol").first.locator("li").all_inner_texts()
    addresses = card.locator("a").evaluate_all("all => all.map(one => one.pathname.slice(1))")
    asked = [text for text in card.locator("p").all_inner_texts() if text.endswith("?")]
    lacks = {"outcomes": card.locator("li").all_inner_texts() != outcomes or len(outcomes) < 3,
             "next": addresses != following, "question": len(asked) < len(following)}
    return [name for name, lacking in lacks.items() if lacking]


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_ends_with_what_was_learnt_and_what_is_next(visit, path):
    assert poor_end(visit(path), CHAPTERS[CHAPTERS.index(path) + 1:][:1]) == []


def test_a_poor_end_is_seen(broken):
    following = CHAPTERS[CHAPTERS.index(CHAPTER) + 1:][:1]
    card = re.compile(r'(<section class="chapter-end"[^>]*>).*?(?=</section>)', re.S)
    bare = broken(lambda page: card.sub(r"\1", page), CHAPTER)
    assert poor_end(bare, following) == ["outcomes", "next", "question"]


# --- Keyboard and thumbs --------------------------------------------------------------------------

STOPS = """() => {
  const focus = one => { one.focus({focusVisible: true, preventScroll: true}); };
  const looks = one => ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow",
    "backgroundColor", "borderColor", "textDecoration"].map(name => getComputedStyle(one)[name]);
  const kinds = "a[href], button, input, select, summary, [tabindex='0']";
  const stops = [...document.querySelectorAll(kinds)]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled);
  const faults = new Set();
  for (const one of stops) {
    document.activeElement?.blur();
    const before = looks(one).join();
    focus(one);
    for (const move of one.getAnimations()) move.finish();
    const ringed = looks(one), kind = `${one.localName}.${one.className}`.slice(0, 60);
    if (document.activeElement == one && (ringed.join() == before
        || (ringed[0] == "none" && ringed[3] == "none"))) faults.add(kind);
  }
  document.activeElement?.blur();
  return [stops.length, [...faults]];
}"""


@pytest.mark.parametrize("path", [CHAPTER, SYMPTOMS, "index.html"])
def test_every_stop_of_the_keyboard_shows_its_ring(visit, path):
    seen = visit(path, fresh=True)
    seen.page.keyboard.press("Tab")
    count, faults = seen.page.evaluate(STOPS)
    assert count > 20 and faults == []


def test_a_stop_without_a_ring_is_seen(broken):
    bare = broken(with_style("*:focus { outline: none !important; box-shadow: none !important }"))
    bare.page.keyboard.press("Tab")
    assert len(bare.page.evaluate(STOPS)[1]) > 3


def small_controls(visit):
    """Return the controls of moving figures that are too small for a thumb."""
    return visit.page.evaluate("""() => [...document.querySelectorAll(
        ".lib-explore-controls :is(button, input, select)")].filter(one => {
      const box = one.getBoundingClientRect();
      return box.height < 44 || box.width < 44;
    }).map(one => `${one.localName} ${Math.round(one.getBoundingClientRect().height)} px`)""")


@pytest.mark.parametrize("width", [320, 390])
def test_controls_of_figures_are_large_enough_for_thumbs(visit, width):
    phone = visit(CHAPTER, width=width, has_touch=True, is_mobile=True)
    assert phone.page.locator(".lib-explore-controls").count() >= 2
    assert small_controls(phone) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_controls_for_a_pointer_are_too_small_for_a_thumb(visit):
    assert small_controls(visit(CHAPTER)) != []
