"""Cells of the chapters run on their pages, in a real browser, with the test core of `tools/wasm`.

The pages are those of the site; only the Python that they load is another one, with NumPy at hand.
"""

import json
import re
from pathlib import Path

import pytest

from environment import ROOT
from tests.site.test_site import inaccessible, repeated_ids, strangers
from tests.site.visits import SITE, Handler, Visit, python_beside, serving
from web import editing, modules, runtime

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("cells")]

SOFTMAX, LU = "chapters/softmax.html", "chapters/lu.html"
# Note all that is said below a cell, and all that is spoken.
FOLLOW = """name => {
  [window.followed, window.spoken] = [[], []];
  const note = (kept, text) => { if (text && kept.at(-1) !== text) kept.push(text); };
  new MutationObserver(() => {
    note(window.followed, document.querySelector(`#${name} .run-said`)?.textContent);
    note(window.spoken, document.querySelector("main > [role=status]")?.textContent);
  }).observe(document.querySelector("main"), {subtree: true, childList: true, characterData: true});
}"""
PATIENCE = 300_000  # milliseconds: a start is seconds of work, and a machine may be busy


@pytest.fixture(scope="module")
def address(full, tmp_path_factory):
    """Serve the site with the test core in place of its own; return the address."""
    run = python_beside(tmp_path_factory.mktemp("site"), full)
    editing.put(run, modules.modules())
    changed = type("Changed", (Handler,), {"broken": {}, "instead": {"_static/run/": run}})
    with serving(changed) as address:
        yield address, changed


class Page(Visit):
    """A chapter whose cells are run."""

    def cell(self, name):
        """Return a cell, unfolded."""
        cell = self.page.locator(f"#{name}")
        cell.evaluate("one => { for (const fold of one.querySelectorAll('details')) "
                      "fold.open = true; }")
        return cell

    def hush(self, name):
        """Take away what is said below a cell."""
        self.page.locator(f"#{name} .run-said").evaluate_all("all => all.forEach(one => "
                                                             "one.remove())")

    def press(self, name, button="Run"):
        """Press a button of a cell."""
        self.hush(name)
        bar = self.cell(name).locator(".run-bar")
        bar.get_by_role("button", name=f"{button}: ", exact=False).click()

    def said(self, name):
        """Return what is said below a cell."""
        said = self.page.locator(f"#{name} .run-said")
        return said.inner_text() if said.count() else ""

    def ended(self, name):
        """Wait until a cell has run; return what is said."""
        self.page.wait_for_function(
            """name => document.querySelector(`#${name} .run-bar [data-act=run]`)
              && /[^…]$/.test(document.querySelector(`#${name} .run-said`)?.textContent ?? "…")""",
            arg=name, timeout=PATIENCE)
        return self.said(name)

    def run(self, name, button="Run"):
        """Run a cell to its end; return what is said."""
        self.press(name, button)
        return self.ended(name)

    def output(self, name):
        """Return the output of a cell's run."""
        return self.page.locator(f"#{name} .run-output")

    def write(self, name, code):
        """Put code into a cell."""
        cell = self.cell(name)
        edit = cell.get_by_role("button", name="Edit: ", exact=False)
        if edit.count():
            edit.click()
        else:
            cell.locator(".run-code").click()
        cell.locator(".cm-content").wait_for()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def answer(self, name, code):
        """Write code into a cell and run it; return what is said."""
        self.write(name, code)
        return self.run(name)

    def kept(self, key):
        """Return what the browser keeps for this page."""
        page = self.path.removesuffix(".html")
        return self.page.evaluate("([key, page]) => JSON.parse(localStorage[key] ?? '{}')[page]",
                                  [key, page])


@pytest.fixture(scope="module")
def softmax(browser, address):
    """Return the chapter on softmax; its Python starts once, for all tests that ask for it."""
    page = Page(browser, address[0], SOFTMAX)
    yield page
    page.context.close()


@pytest.fixture
def fresh(browser, address):
    """Return a function that opens a page as a reader who comes for the first time."""
    opened = []

    def get(path=SOFTMAX, **options):
        opened.append(Page(browser, address[0], path, **options))
        return opened[-1]

    yield get
    address[1].broken.clear()
    for one in opened:
        one.context.close()


@pytest.fixture
def clean(softmax):
    """Return the chapter on softmax as the book has it."""
    softmax.page.evaluate("""() => {
      const asked = window.confirm;
      window.confirm = () => true;
      window.book.editing?.resetAll();
      window.confirm = asked;
    }""")
    softmax.page.evaluate("document.documentElement.dataset.theme = 'light'")
    return softmax


def notebook(topic):
    """Return {id: cell} of a chapter as it is stored."""
    text = (ROOT / "chapters" / f"{topic}.ipynb").read_text(encoding="utf-8")
    return {cell["id"]: cell for cell in json.loads(text)["cells"]}


def first_line(name):
    """Return the first line of a cell of the chapter on softmax."""
    return "".join(notebook("softmax")[name]["source"]).splitlines()[0]


def asked(visit, part="_static/run/"):
    """Return the files that a page has asked for below a folder."""
    return [one.url.partition(part)[2].partition("?")[0] for one in visit.requests
            if part in one.url]


# --- Before the first click -----------------------------------------------------------------------

def test_nothing_is_asked_for_before_a_click_not_even_with_own_code_kept(fresh):
    seen = fresh()
    assert asked(seen) == []
    assert seen.page.locator(".run-bar").count() == seen.page.locator("div.cell[id]").count() > 50
    seen.page.evaluate("""() => {
      const {print, original} = book.cells, cell = document.getElementById("failure-loss");
      const code = {"failure-loss": [print(original(cell)), "print('mine')"]};
      localStorage.code = JSON.stringify({"chapters/softmax": code});
    }""")
    seen.page.reload()
    field = seen.page.locator("#failure-loss textarea")
    assert field.input_value() == "print('mine')" and asked(seen) == []
    assert strangers(seen) == [] and seen.messages == []


def test_every_button_and_field_has_a_name_of_its_own(fresh):
    seen = fresh()
    names = seen.page.evaluate("[...document.querySelectorAll('.run-bar > button, .run-code')]"
                               ".map(one => one.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) > 100
    row, loss = "answer to “Sums that fill a format”", f"cell “{first_line('failure-loss')}”"
    assert {f"Run: {loss}", f"Edit: {loss}", f"Check: {row}", f"Code: {row}"} <= {*names}
    ids = [name for name in notebook("softmax") if "-" in name]
    assert not [name for name in names if any(one.replace("-", " ") in name for one in ids)]


def test_thumbs_find_the_buttons(fresh):
    seen = fresh(has_touch=True, is_mobile=True, width=390)
    boxes = seen.page.locator("#failure-loss .run-bar > button, #try-row .run-bar > button").all()
    for box in [one.bounding_box() for one in boxes]:
        assert box["width"] >= 44 and box["height"] >= 44


def test_without_scripts_the_page_has_the_listings_alone(fresh):
    seen = fresh(java_script_enabled=False)
    assert seen.page.locator("#try-row pre").is_visible()
    assert seen.page.locator(".run-bar, .run-code").count() == 0


# --- Running --------------------------------------------------------------------------------------

@pytest.mark.parametrize("path, names", [
    (SOFTMAX, ["failure-loss", "run-shift", "run-chain", "explain-check"]),
    (LU, ["failure-gpu", "run-order", "run-product"]),  # the second with SciPy
])
def test_cells_print_what_the_book_stores_with_all_before_them(path, names, fresh, request):
    seen = request.getfixturevalue("clean") if path == SOFTMAX else fresh(path)
    cells = notebook(Path(path).stem)
    for name in names[::2] + names[1::2]:  # also one that lies before what has run
        assert seen.run(name).startswith("Run in"), seen.said(name)
        stored = "".join(text for one in cells[name]["outputs"] for text in one.get("text", ""))
        assert stored and seen.output(name).inner_text().strip() == stored.strip()
    assert strangers(seen) == [] and seen.messages == []
    assert ("scipy" in " ".join(asked(seen))) == (path == LU)


def test_a_package_comes_when_a_cell_uses_it(fresh):
    seen = fresh(LU)
    seen.page.evaluate(FOLLOW, "run-product")
    assert seen.run("run-product").startswith("Run in")
    first = " ".join(asked(seen))
    assert "numpy-" in first and "matplotlib-" not in first and "scipy-" not in first
    said = seen.page.evaluate("window.followed")
    assert any(re.fullmatch(r"Loading [\d.]+ of 1\d MB…", one) for one in said), said
    assert said[-1].startswith("Run in") and "Starting Python…" in said
    assert not [one for one in seen.page.evaluate("window.spoken") if "MB" in one]
    assert seen.run("run-another-drawing").startswith("Run in")
    assert seen.output("run-another-drawing").locator("img").count() == 1
    then = " ".join(asked(seen))
    assert "matplotlib-" in then and "fonttools" not in then and "pytz" not in then
    assert seen.answer("run-product", "from lib.page import figures\nfigures.curves"
                       "([1, 2], {'y': [1, 2]}, xlabel='x', ylabel='y')").startswith("Run in")
    assert strangers(seen) == [] and seen.messages == []


def test_a_trace_and_a_report_are_those_of_the_book(clean):
    for name in ("run-quiet", "check-row"):
        built = clean.cell(name).locator(".cell_output .text_html").first.inner_text()
        clean.run(name)
        assert clean.output(name).inner_text().strip() == built.strip()
        assert not clean.cell(name).locator(".cell_output > .text_html").is_visible()


def test_a_figure_keeps_its_size_its_caption_and_its_words(clean):
    built = clean.cell("explain-drawing").locator("figure img").first
    before = [built.get_attribute(one) for one in ("alt", "width", "height")]
    assert clean.run("explain-drawing").startswith("Run in")
    image = clean.output("explain-drawing").locator("img")
    assert [image.get_attribute(one) for one in ("alt", "width", "height")] == before
    assert image.evaluate("async one => { await one.decode(); "
                          "return one.naturalWidth == 2 * one.getAttribute('width'); }")
    assert clean.cell("explain-drawing").locator("figcaption").is_visible()
    clean.press("explain-drawing", "Reset")
    assert built.is_visible() and clean.output("explain-drawing").count() == 0


def test_a_covered_answer_is_asked_for_twice(fresh):
    seen = fresh(answers=None)
    built = seen.page.locator("#run-chain .cell_output")
    assert "is-seen" not in built.get_attribute("class")
    run = seen.cell("run-chain").locator(".run-bar > [data-act=run]")
    run.press("Enter")
    back = seen.page.locator("#run-chain .run-said > button")
    back.wait_for()
    assert seen.said("run-chain").startswith("You have not predicted yet")
    assert "core/pyodide.mjs" not in asked(seen) and "is-seen" not in built.get_attribute("class")
    assert seen.page.locator("main > [role=status]").inner_text().startswith("You have not")
    assert inaccessible(seen) == []
    back.click()
    assert seen.page.evaluate("document.activeElement.className").startswith("prediction")
    run.press("Enter")
    seen.ended("run-chain")
    assert seen.output("run-chain").evaluate(
        "one => one.checkVisibility({visibilityProperty: true})")
    assert "is-seen" not in seen.page.locator(
        "div.answer.to-predict-chain:not(.cell_output)").get_attribute("class")


def test_who_has_predicted_runs_with_one_press(fresh):
    seen = fresh(answers=None)
    seen.press("run-chain")
    seen.page.locator("#run-chain .run-said > button").click()
    seen.page.locator(".prediction:focus .prediction-options button").first.click()
    assert seen.page.locator("#run-chain .run-said").count() == 0
    seen.press("run-chain")
    assert seen.page.locator("#run-chain .run-bar > [data-act=stop]").count() == 1


def test_what_a_browser_does_otherwise_is_said_in_place_of_an_error(clean):
    told = runtime.differing()["chapters/softmax"]["run-raise"]
    assert "no floating-point flags" in told
    assert clean.run("run-raise") == told


# --- Editing --------------------------------------------------------------------------------------

def test_an_edited_cell_shows_its_own_output_and_makes_later_ones_old(clean):
    clean.run("run-shift")
    code = "".join(notebook("softmax")["failure-loss"]["source"]) + "\nprint('mine', 7 / 2)"
    assert clean.answer("failure-loss", code).startswith("Run in")
    assert clean.output("failure-loss").inner_text().strip().endswith("mine 3.5")
    assert "code was changed since" in clean.output("run-shift").inner_text()
    clean.run("run-shift")
    assert "code was changed since" not in clean.output("run-shift").inner_text()
    clean.press("failure-loss", "Reset")
    assert clean.page.locator("#failure-loss .cell_output pre").first.is_visible()
    assert clean.output("failure-loss").count() == 0
    assert "code was changed since" in clean.output("run-shift").inner_text()


def test_an_error_is_text_with_the_line_of_the_cell(clean):
    said = clean.answer("failure-loss", 'x = 1\nraise ValueError("<img src=x onerror=alert(1)>")')
    assert said == "It failed in line 2: ValueError: <img src=x onerror=alert(1)>"
    assert clean.output("failure-loss").inner_text().strip() == (
        'Line 2: raise ValueError("<img src=x onerror=alert(1)>")\n'
        "ValueError: <img src=x onerror=alert(1)>")
    assert clean.output("failure-loss").locator("img").count() == 0
    assert clean.run("run-shift") == (
        f"Your cell “{first_line('failure-loss')}”, which comes before, fails in line 2: "
        "ValueError: <img src=x onerror=alert(1)>. Change or reset it.")


def test_what_is_no_python_is_told_with_its_line(clean):
    said = clean.answer("failure-loss", "x = 1\ny = (1,\nz = 2")
    assert said.startswith("It failed in line 2: SyntaxError: '(' was never closed")
    assert clean.output("failure-loss").inner_text().strip() == (
        "Line 2: y = (1,\nSyntaxError: '(' was never closed")


def test_keys_alone_edit_run_and_leave(clean):
    clean.cell("run-chain").get_by_role("button", name="Edit: ").focus()
    clean.page.keyboard.press("Enter")
    clean.cell("run-chain").locator(".cm-content").wait_for()
    assert clean.page.evaluate("document.activeElement.className").startswith("cm-content")
    clean.page.keyboard.press("Control+End")
    clean.page.keyboard.type("\nif True:\n1/ 4")  # the second line is indented by the editor
    clean.hush("run-chain")
    clean.page.keyboard.press("Shift+Enter")
    assert clean.ended("run-chain").startswith("Run in")
    clean.page.wait_for_timeout(600)
    assert clean.kept("code")["run-chain"][1].endswith("\nif True:\n    1/ 4")
    clean.page.keyboard.press("Tab")
    assert clean.page.evaluate("document.activeElement.className").startswith("cm-content")
    clean.page.keyboard.press("Escape")
    clean.page.keyboard.press("Tab")
    assert clean.page.evaluate("document.activeElement.textContent") == "Run"
    clean.page.keyboard.press("Shift+Tab")
    clean.page.keyboard.press("Control+m")
    clean.page.keyboard.press("Tab")
    assert clean.page.evaluate("document.activeElement.textContent") == "Run"
    hint = clean.page.locator("#run-chain .cm-content").get_attribute("aria-describedby")
    assert "Esc and then Tab" in clean.page.locator(f"#{hint}").inner_text()


def test_where_the_editor_cannot_be_loaded_a_field_serves(fresh, address):
    address[1].broken["_static/run/editor.js"] = "throw Error('spoilt')"
    seen = fresh()
    seen.page.route("**/editor.js*", lambda route: route.abort())
    seen.press("failure-loss", "Edit")
    seen.cell("failure-loss").get_by_text("could not be loaded").wait_for()
    field = seen.page.locator("#failure-loss textarea")
    field.fill("print(6 * 7)")
    seen.hush("failure-loss")
    field.press("Shift+Enter")
    assert seen.ended("failure-loss").startswith("Run in")
    assert seen.output("failure-loss").inner_text().strip() == "42"
    assert inaccessible(seen) == []


# --- Exercises ------------------------------------------------------------------------------------

def test_a_check_passes_with_the_reference_answer_and_fails_with_a_wrong_one(clean):
    clean.page.evaluate("localStorage.removeItem('exercises')")
    solution = "".join(notebook("softmax")["solution-row"]["source"])
    right = next(line for line in solution.splitlines() if line.startswith("limits_solution"))
    clean.write("try-row", "limits = (2, 65_520, 256)")
    said = clean.run("try-row", "Check")
    assert said.startswith("limits: not right") and clean.kept("exercises") is None
    assert "you gave how many fit" in clean.output("check-row").inner_text()
    clean.write("try-row", right.replace("limits_solution", "limits"))
    said = clean.run("try-row", "Check")
    assert said.startswith("✓ limits: passed")
    assert clean.output("check-row").locator(".lib-report").is_visible()
    assert clean.kept("exercises") == {"exercise-row": "Sums that fill a format"}
    assert clean.page.locator("#try-row .run-done").is_visible()


def test_another_exercise_does_not_stand_in_the_way(clean):
    clean.write("try-row", "1 / 0")
    assert clean.run("try-sigmoid", "Check").startswith("log_sigmoid: not attempted")
    assert "fails in line 1: ZeroDivisionError" in clean.run("try-row", "Check")


# --- What is kept ---------------------------------------------------------------------------------

def test_own_code_outlasts_the_page_and_one_press_resets_all(fresh):
    seen = fresh()
    seen.write("failure-loss", "print('mine')")
    seen.write("try-row", "limits = (1, 2, 3)")
    seen.page.wait_for_timeout(600)
    seen.page.reload()
    assert seen.page.locator("#failure-loss textarea").input_value() == "print('mine')"
    assert seen.page.locator("#try-row textarea").input_value() == "limits = (1, 2, 3)"
    assert [*seen.kept("code")] == ["failure-loss", "try-row"]
    seen.press("failure-loss", "Reset")
    seen.cell("failure-loss").get_by_text("As in the book again.").wait_for()
    assert [*seen.kept("code")] == ["try-row"]
    seen.write("failure-loss", "print('again')")
    asked = []
    for answer, left in (("dismiss", ["try-row", "failure-loss"]), ("accept", [])):
        seen.page.once("dialog", lambda one, answer=answer: (asked.append(one.message),
                                                             getattr(one, answer)()))
        seen.cell("try-row").get_by_role("button", name="Reset all cells of this page").click()
        seen.page.wait_for_timeout(600)
        assert "changed in 2 cells" in asked[-1]
        assert sorted(seen.kept("code") or []) == sorted(left)
    assert seen.page.locator("#try-row .run-code").input_value() == "limits = ..."
    assert seen.page.locator("#failure-loss pre").first.is_visible()


@pytest.mark.parametrize("choice, shown", [("Use mine", "print('old')"),
                                           ("Keep the book's", None)])
def test_code_for_an_older_edition_is_offered_and_never_run_by_itself(choice, shown, fresh):
    seen = fresh()
    seen.page.evaluate("""localStorage.code = JSON.stringify(
      {"chapters/softmax": {"failure-loss": ["another", "print('old')"]}})""")
    seen.page.reload()
    assert seen.page.locator("#failure-loss pre").first.is_visible()
    seen.press("failure-loss", "Your earlier code")
    offer = seen.page.locator("#failure-loss .run-offer")
    offer.wait_for()
    assert "print('old')" in offer.inner_text() and "has changed" in offer.inner_text()
    offer.get_by_role("button", name=choice).click()
    seen.page.wait_for_timeout(600)
    code = (seen.kept("code") or {}).get("failure-loss")
    assert (code and code[1]) == shown and (code is None or code[0] != "another")
    assert offer.count() == 0


@pytest.mark.parametrize("stored", ["{", "[1]", '{"chapters/softmax": {"failure-loss": 3}}',
                                    '{"chapters/softmax": {"failure-loss": [1, {}]}}'])
def test_what_the_page_did_not_keep_does_no_harm(stored, fresh):
    seen = fresh()
    seen.page.evaluate("stored => { localStorage.code = localStorage.exercises = stored; }", stored)
    seen.page.reload()
    assert seen.messages == []
    assert seen.page.locator("#failure-loss pre").first.is_visible()


# --- Stop, and what cannot be had -----------------------------------------------------------------

def test_stop_ends_an_endless_loop_and_the_next_run_starts_anew(clean):
    clean.write("failure-loss", "print('begun')\nimport time\nwhile True:\n"
                                "    time.sleep(0.1)\n    print('on')")
    clean.press("failure-loss")
    clean.output("failure-loss").get_by_text("begun").wait_for(timeout=PATIENCE)
    clean.press("failure-loss", "Stop")
    assert clean.ended("failure-loss") == "Stopped. The next run starts Python anew."
    clean.press("failure-loss", "Reset")
    assert clean.run("run-shift").startswith("Run in")


def test_a_cell_that_never_ends_is_named_where_a_later_one_waits_for_it(clean):
    clean.write("failure-loss", "while True: pass")
    clean.press("run-shift")
    named = clean.page.locator("#run-shift .run-said", has_text=": your cell")
    named.wait_for(timeout=100_000)
    assert re.fullmatch(rf"Running what comes before, \d of \d+: your "
                        rf"cell “{re.escape(first_line('failure-loss'))}”…", named.inner_text())
    clean.press("run-shift", "Stop")
    assert clean.ended("run-shift") == "Stopped. The next run starts Python anew."
    clean.page.wait_for_timeout(1200)  # longer than it takes to name a cell
    assert clean.said("run-shift").startswith("Stopped.")


@pytest.fixture
def elsewhere(address):
    """Let the packages lie on another server."""
    run = address[1].instead["_static/run/"]
    listed = json.loads((run / "files.json").read_text())
    listed |= {"wheels": "https://wheels.example/full/", "weights": runtime.ABOUT}
    address[1].broken["_static/run/files.json"] = json.dumps(listed)
    yield listed
    address[1].broken.clear()


def test_another_server_is_asked_only_after_a_yes_that_knows_its_name(elsewhere, fresh):
    seen = fresh()
    seen.press("failure-loss")
    offer = seen.page.locator("#failure-loss .run-offer")
    offer.wait_for()
    words = offer.inner_text()
    near = elsewhere["size"] + elsewhere["sizes"]["lib.zip"]
    assert f"loads about {round((near + 3.1e6) / 1e6)} MB, once" in words
    assert f"from this site ({round(near / 1e6)} MB), NumPy from wheels.example" in words
    assert ("keep it (about 3 MB). More comes only with a cell that draws (matplotlib, about 8 MB) "
            "or uses SciPy (about 20 MB).") in words
    assert not any(name.startswith("core/") for name in asked(seen)) and strangers(seen) == []
    offer.get_by_role("button", name="Not now").click()
    assert seen.ended("failure-loss") == "Nothing was loaded." and strangers(seen) == []
    seen.press("failure-loss")
    offer.get_by_role("button", name="Load and run").click()
    said = seen.ended("failure-loss")
    assert "could not be fetched from wheels.example: is there a network?" in said
    assert all(url.startswith("https://wheels.example/full/") for url in strangers(seen))
    assert strangers(seen)


def test_a_page_opened_from_a_file_says_what_to_do(browser):
    page = browser.new_page()
    page.goto((SITE / SOFTMAX).resolve().as_uri())
    page.locator("#failure-loss .run-bar > button").first.click()
    page.locator("#failure-loss").get_by_text("python -m http.server").wait_for()
    page.close()


# --- Moving figures -------------------------------------------------------------------------------

def test_a_moving_figure_keeps_its_frames_until_its_code_is_edited(clean):
    built = clean.page.locator("#explore-born .lib-explore:not(.run-output *)")
    assert "is the one that this code draws" in clean.run("explore-born")
    assert built.is_visible() and clean.output("explore-born").count() == 0
    code = "".join(notebook("softmax")["explore-born"]["source"])
    said = clean.answer("explore-born", code.replace('"class"', '"kind"'))
    assert said.startswith("Run in") and not built.is_visible()
    mine = clean.output("explore-born").locator(".lib-explore")
    assert mine.locator("svg path").count() > 10
    picture, words = mine.locator(".lib-explore-picture"), mine.locator(".lib-explore-words")
    before = picture.inner_html(), picture.get_attribute("aria-label"), words.inner_text()
    assert before[1].startswith("Eight bars, ") and "(offset = 400, format = bf16)" in before[1]
    mine.get_by_role("slider").first.press("ArrowRight")
    clean.page.wait_for_function(
        "before => document.querySelector('#explore-born .run-output .lib-explore-words')"
        ".textContent != before", arg=before[2], timeout=PATIENCE)
    assert picture.inner_html() != before[0] and picture.get_attribute("aria-label") != before[1]
    assert repeated_ids(clean) == []
    clean.press("explore-born", "Reset")
    assert built.is_visible()


# --- A stranger's word ----------------------------------------------------------------------------

HOSTILE = """
class Hostile:
    def __init__(self, text):
        self.text = text

    def _repr_html_(self):
        return self.text

for text in (
    '<img src="https://far.example/a.png" onerror="window.broken = 1">',
    '<style>body { display: none } @import "https://far.example/b.css";</style>',
    '<iframe src="https://far.example/c"></iframe><object data="https://far.example/d"></object>',
    '<a href="javascript:window.broken = 2" id="bait">click</a>',
    '<svg><script>window.broken = 3</script><image href="https://far.example/e.png"/>'
    '<use href="https://far.example/f.svg#x"/><animate onbegin="window.broken = 4"/></svg>',
    '<div style="position: fixed; inset: 0; z-index: 9999; background: red">over all</div>',
    '<p style="background: url(https://far.example/g.png); margin: -500px">moved</p>',
    '<form action="https://far.example/h"><input name="q"><button>send</button></form>',
    '<math><mtext><table><mglyph><style><img src=x onerror="window.broken = 5"></style></table>',
    '<div class="bd-header lib-report answer" id="main-content" onclick="window.broken = 6">x'
    '</div>',
    '<template><script>window.broken = 7</script></template><base href="https://far.example/">',
    '<link rel="stylesheet" href="https://far.example/i.css"><meta http-equiv="refresh" '
    'content="0; url=https://far.example/">',
    "<p>" * 3000 + "deep",
):
    display(Hostile(text))
print("\\x00\\u202e<b>&amp;</b>" * 3, "\\x1b[31mred")
print("y" * 3_000_000)
"""
SENT = """
import json
from js import Object
import shell
evil = {"application/x-moving": {"figure": "x\\"><img src=x onerror=1>", "alt": "<b>", "start": 0,
        "told": True, "said": "<img src=x onerror='window.broken = 8'>",
        "controls": [{"label": "<i>k</i>", "texts": ["<u>0</u>", "1"], "start": 0,
                      "choice": False}],
        "picture": "<svg viewBox='0 0 9 9'><script>window.broken = 9</script>"
        "<a href='javascript:1'><path d='M0 0' onclick='window.broken = 10' style='fill:url(https://far.example/j)'/></a>"
        "<foreignObject><iframe src='https://far.example/k'></iframe></foreignObject>"
        "<image href='https://far.example/l.png'/><use href='https://far.example/m.svg#a'/></svg>"}}
for bad in ([evil], [None, 3, [], {"image/png": "x' onerror='1"}, {"text": {}}, {"error": []}],
            "no", {"length": 3}):
    shell.tell(bad)
evil
"""


LEFT = """() => {
  const TAGS = ["script", "style", "iframe", "object", "embed", "a", "form", "template", "link",
    "meta", "base", "foreignobject", "animate", "math"];
  const bad = ({name, value}) => name.startsWith("on") || /script:|far\\.example/.test(value)
    || (name === "style" && /url|position|fixed|-\\d/.test(value))
    || (name === "class" && /answer|bd-/.test(value)) || value === "main-content";
  const all = [...document.querySelectorAll(".run-output *")];
  const tags = [...new Set(all.map(one => one.localName.toLowerCase()))].filter(
    name => TAGS.includes(name));
  return [...tags.map(name => `it left <${name}>`), ...all.flatMap(one => [...one.attributes])
    .filter(bad).map(({name, value}) => `it left ${name}=${value}`)];
}"""


def harm(visit):
    """Return what hostile code has done to a page, in words."""
    ran = visit.page.evaluate("window.broken ?? 0")
    return [*[f"it ran script {ran}"] * bool(ran), *visit.page.evaluate(LEFT),
            *(f"it asked for {url}" for url in strangers(visit))]


def test_hostile_output_does_no_harm(clean):
    said = clean.answer("failure-loss", HOSTILE)
    assert said.startswith("Run in")
    output = clean.output("failure-loss")
    assert harm(clean) == []
    assert "over all" in output.inner_text() and "deep" in output.inner_text()
    assert "<b>&amp;</b>" in output.inner_text()
    assert "the rest is not shown" in output.inner_text()
    assert len(output.inner_text()) < 130_000
    assert clean.page.locator("body").is_visible()
    assert output.evaluate("""one => [...one.querySelectorAll("*")].every(
      part => ["static", "relative"].includes(getComputedStyle(part).position))""")


def test_what_hostile_code_sends_past_the_shell_does_no_harm(clean):
    clean.answer("failure-loss", SENT)
    clean.page.wait_for_timeout(500)
    assert harm(clean) == []
    assert clean.messages == []
    clean.press("failure-loss", "Reset")
    assert clean.run("run-shift").startswith("Run in")


def test_a_page_that_does_let_hostile_output_through_is_seen(clean):
    clean.run("run-shift")
    clean.output("run-shift").evaluate("""one => { one.innerHTML = '<a href="javascript:1">x</a>'
      + '<div style="position: fixed" class="answer" onclick="1">y</div>'; }""")
    assert len(harm(clean)) == 5


# --- For everyone ---------------------------------------------------------------------------------

def test_outputs_and_an_open_editor_are_accessible_in_light_and_dark(clean):
    clean.answer("failure-loss", "print('mine')\n1 / 0")
    clean.press("failure-loss", "Reset")
    for name in ("run-quiet", "explain-drawing", "run-shift"):
        clean.run(name)
    clean.run("try-row", "Check")
    code = "".join(notebook("softmax")["explore-born"]["source"])
    clean.answer("explore-born", f"mine = 1\n{code}")
    clean.answer("failure-gradient", "# mine\nprint('mine')\nraise ValueError('no')")
    clean.page.add_style_tag(content="* { transition: none !important; }")  # colours change at once
    for scheme in ("light", "dark"):
        clean.page.evaluate("scheme => { document.documentElement.dataset.theme = scheme; }",
                            scheme)
        clean.page.evaluate("nextFrame()")
        assert inaccessible(clean, skip=(".katex",)) == []
    assert repeated_ids(clean) == []
