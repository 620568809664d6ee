"""The built site in a real browser: moving figures, budgets, accessibility, no third party.

Every check is a function that returns the faults of a page. It is run on the pages of the book, and
once on a page that was broken on purpose: a check that finds nothing there would be worth nothing.
"""

import functools
import gzip
import os
import re
import statistics
from html.parser import HTMLParser
from pathlib import Path

import axe_playwright_python
import pytest

from tests.site.visits import CHAPTERS, PAGES, SITE, SOME, Handler, with_content

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

# Budgets of a page: gzip bytes and requests, on the first visit.
TEXT_BYTES, TEXT_REQUESTS = 200_000, 10
# The claims of all chapters on one page: beside what each page needs, at most 10 kB a chapter.
OF_ALL_CHAPTERS = {"chapters/claims.html": 120_000 + 10_000 * len(CHAPTERS)}
ALL_BYTES, ALL_REQUESTS = 450_000, 20
SHIFT = 0.01
STEP = 50  # milliseconds, median; the test fails at three times the figure


# --- The checks -----------------------------------------------------------------------------------

class Addresses(HTMLParser):
    """Collect what a page makes a browser fetch."""

    fetching = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",  # noqa: RUF012
                "audio": "src", "embed": "src", "object": "data", "link": "href"}

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Note the address of a tag that fetches."""
        address = dict(attributes).get(self.fetching.get(tag), "")
        if address:
            self.found.append(address)


def third_parties(text, kind=".html"):
    """Return the addresses in a page or a style sheet that lead elsewhere."""
    if kind == ".html":
        found = Addresses(text).found
        found += re.findall(r"url\(\s*[\"']?([^\"')]+)", " ".join(
            re.findall(r"<style.*?</style>|style=\"[^\"]*\"", text, re.S)))
    else:
        found = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
        found += re.findall(r"@import\s+[\"']([^\"']+)", text)
    return [address for address in found if re.match(r"(\w+:)?//", address)]


def strangers(visit):
    """Return the requests of a page that went to another host."""
    return [request.url for request in visit.requests if not visit.own(request)]


def heavy(visit):
    """Return what is over budget on a page, in words."""
    sizes = visit.sizes()
    pictures = [one for one in sizes if "/_images/" in one[0]]
    total = sum(size for _, size in sizes)
    html = Handler.broken.get(visit.path) or (SITE / visit.path).read_text(encoding="utf-8")
    figures = zipped(html) - zipped(without_figures(html))
    text = total - figures - sum(size for _, size in pictures)
    found = {"text bytes": (text, OF_ALL_CHAPTERS.get(visit.path, TEXT_BYTES)),
             "bytes": (total, ALL_BYTES),
             "text requests": (len(sizes) - len(pictures), TEXT_REQUESTS),
             "requests": (len(sizes), ALL_REQUESTS)}
    print(f"{visit.path}: {text / 1e3:.0f} kB in {len(sizes) - len(pictures)} requests without "
          f"pictures, {total / 1e3:.0f} kB in {len(sizes)} with those above the fold")
    return [f"{name}: {value} > {limit}" for name, (value, limit) in found.items() if value > limit]


def zipped(text):
    """Return the size of a text as it is sent."""
    return len(gzip.compress(text.encode(), 6, mtime=0))


def without_figures(html):
    """Return a page without the frames of its moving figures and the pictures that they show."""
    html = re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.S)
    return re.sub(rf'<div class="{PICTURE}".*?</div>', "", html, flags=re.S)


def shifts(visit):
    """Return how far the page's contents moved while it loaded and was scrolled, if too far."""
    visit.page.evaluate("""async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 900) {  // Page Down, at 30 a second
        scrollTo(0, y);
        await nextFrame(); await nextFrame();
      }
      scrollTo(0, 0);
    }""")
    visit.page.wait_for_timeout(150)
    shift, nodes = visit.page.evaluate("[window.shift, window.shifted]")
    return [f"layout shift {shift:.4f}: {nodes}"] if shift > SHIFT else []


# Formulas, pictures and code are most of a long page, and alike on all pages: the short ones, which
# have them too, are seen whole. Axe walks what it is told to leave out, hence it is taken out.
ALIKE = (".katex", ".lib-explore svg", ".highlight")
#
# Whether a text can be read depends on its ink, its size and weight, and on what lies under it: the
# grounds of the elements around it. Of texts that agree in all of these, the first of the page is
# judged for all, hence each kind that a page has is judged on that page, in either scheme. Should
# a kind vanish with the elements taken out (the ground of every other row), all of them are judged.
LONG = [*CHAPTERS, "chapters/claims.html"]
RUN_AXE = """async ([skip, options, kinds]) => {
  const held = [], grounds = new Map([[null, ""]]);
  const take = one => {
    const mark = document.createComment("");
    one.replaceWith(mark);
    held.push([mark, one]);
  };
  const ground = one => {
    if (!grounds.has(one)) {
      const style = getComputedStyle(one), own = [style.backgroundColor, style.backgroundImage,
        style.opacity, style.filter, style.mixBlendMode, style.visibility].join();
      grounds.set(one, ground(one.parentElement) + (own == PLAIN ? "" : "/" + own));
    }
    return grounds.get(one);
  };
  const kind = one => {
    const style = getComputedStyle(one);
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, ground(one)].join();
  };
  const writes = one => [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim());
  const all = one => new Set([one, ...one.querySelectorAll("*")].filter(writes).map(kind));
  const PLAIN = "rgba(0, 0, 0, 0),none,1,none,normal,visible";
  const put = () => held.splice(0).reverse().forEach(([mark, one]) => mark.replaceWith(one));
  try {
    if (skip.length) document.querySelectorAll(skip.join()).forEach(take);
    if (kinds) {
      const seen = new Set(), wanted = all(document.body);
      const walk = one => {
        if (writes(one)) seen.add(kind(one));
        for (const child of [...one.children])
          if (all(child).isSubsetOf(seen)) take(child); else walk(child);
      };
      walk(document.body);
      grounds.clear();
      grounds.set(null, "");
      if (!wanted.isSubsetOf(all(document.body))) put();
    }
    return await axe.run(document, options);
  } finally { put(); }
}"""


def inaccessible(visit, only=None, skip=ALIKE, kinds=False):
    """Return the violations that axe-core sees; with `kinds`, on the first text of each kind."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    visit.page.evaluate(AXE)
    result = visit.page.evaluate(RUN_AXE, [list(skip), options, kinds])
    return [f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in result["violations"] for node in one["nodes"]]


def repeated_ids(visit):
    """Return the ids that occur twice: a reference to one would find the other."""
    return visit.page.evaluate("""() => {
      const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
      return [...new Set(ids.filter((id, at) => ids.indexOf(id) != at))];
    }""")


def too_wide(visit, width=320):
    """Return a sentence if a page scrolls sideways on a narrow screen."""
    visit.page.set_viewport_size({"width": width, "height": 700})
    wide = visit.page.evaluate("""() => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return null;
      const out = [...document.body.querySelectorAll("*")].filter(
        one => one.getBoundingClientRect().right > limit + 1);
      return `${document.documentElement.scrollWidth} px wide: ` + (out[0]?.outerHTML ?? "");
    }""")
    visit.page.set_viewport_size({"width": 1350, "height": 940})
    return [wide[:300]] if wide else []


PICTURE = "lib-explore-picture"
DRAWN = f"root => root.querySelector('.{PICTURE}').innerHTML"


def stuck(visit, patience=20_000):
    """Return the controls of a page that do not change their figure's picture.

    Play has so many milliseconds for its first step, since a machine may be busy.
    """
    figures = visit.page.query_selector_all(".lib-explore")
    return [f"{fault} does not move figure {number}" for number, figure in enumerate(figures, 1)
            for fault in stuck_controls(visit.page, figure, patience)]


def stuck_controls(page, figure, patience):
    """Return what one figure does not react to: mouse and keys on each slider, choices, Play."""
    found = []

    def moved(before, left):
        while figure.evaluate(DRAWN) == before and left > 0:
            page.wait_for_timeout(50)
            left -= 50
        return figure.evaluate(DRAWN) != before

    def expect(how, acts, wait=0):  # one of the acts has to change the picture
        before = figure.evaluate(DRAWN)
        if not any(act() or moved(before, wait) for act in acts):
            found.append(how)

    figure.scroll_into_view_if_needed()
    for slider in figure.query_selector_all("input[type=range]"):
        box = slider.bounding_box()
        places = [{"x": box["width"] * part, "y": box["height"] / 2} for part in (.1, .5, .9)]
        keys = ("ArrowRight", "Home", "End")
        expect("a click", [functools.partial(slider.click, position=place) for place in places])
        expect("a key", [functools.partial(slider.press, key) for key in keys])
    for button in figure.query_selector_all("button"):
        expect("Play", [button.click], patience)
        if button.get_attribute("aria-label").startswith("Pause"):
            button.click()
    # Choices last: one of them may be the cure, under which a slider moves nothing any more.
    for choice in figure.query_selector_all("select"):
        texts = choice.evaluate("one => [...one.options].map(option => option.value)")
        expect("a choice", [functools.partial(choose, choice, text) for text in texts])
    return found


def choose(control, text):
    """Choose an option of a control."""
    control.select_option(text)


# Put each control of each figure through its values, while the others stand as at first; if that
# shows one picture, while they stand at their other ends: what scales columns does nothing to
# columns of one size.
MOVE_ALL = """() => [...document.querySelectorAll(".lib-explore")].flatMap((root, number) => {
  const picture = root.querySelector(".lib-explore-picture");
  const controls = [...root.querySelectorAll("input, select")];
  const starts = controls.map(one => one.options ? one.selectedIndex : +one.value);
  const last = one => one.options ? one.options.length - 1 : +one.max;
  const put = (one, at) => {
    if (one.options) one.selectedIndex = at; else one.value = at;
    one.dispatchEvent(new Event("input", {bubbles: true}));
    return picture.innerHTML;
  };
  const first = picture.innerHTML;
  const back = () => controls.map((one, at) => put(one, starts[at])).at(-1);
  return controls.filter(one => {
    const moves = end => {
      for (const other of controls) if (other != one && end) put(other, end(other));
      const shown = new Set([...Array(last(one) + 1).keys()].map(at => put(one, at)));
      return shown.size > 1;
    };
    const moved = [null, last, () => 0].some(moves);
    return back() != first || !moved;
  }).map(one => `${one.labels[0].textContent} does not move figure ${number + 1}`);
})"""


def idle(visit):
    """Return the controls whose values all show one picture, or that do not come back to it."""
    return visit.page.evaluate(MOVE_ALL)


# Milliseconds from an input event to the next frame on the screen.
TIME_STEPS = """async root => {
  const slider = root.querySelector("input[type=range]"), times = [];
  if (!slider) return times;
  const steps = Math.min(+slider.max, 15);
  for (let step = 0; step <= steps; step++) {
    const start = performance.now();
    slider.value = step;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await nextFrame();
    await new Promise(done => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
    times.push(performance.now() - start);
  }
  return times;
}"""


def slow(visit):
    """Return the median time of a step if it is three times the figure or more."""
    times = [time for figure in visit.page.query_selector_all(".lib-explore")
             for time in figure.evaluate(TIME_STEPS)]
    if not times:
        return []
    median = statistics.median(times)
    print(f"{visit.path}: a step is painted in {median:.0f} ms (median of {len(times)})")
    return [f"a step takes {median:.0f} ms"] if median > 3 * STEP else []


def light_parts(visit):
    """Return what does not follow dark mode: the page's ground, the ink of its moving figures."""
    return visit.page.evaluate("""() => {
      const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
        return .2126 * r + .7152 * g + .0722 * b;
      };
      const faults = [];
      if (document.documentElement.dataset.theme != "dark") faults.push("the theme is not dark");
      if (light(getComputedStyle(document.body).backgroundColor) > 80) faults.push("a light page");
      for (const one of document.querySelectorAll(".lib-explore, .lib-report, .lib-trace")) {
        if (light(getComputedStyle(one).color) < 120) faults.push("dark ink in " + one.className);
      }
      return faults;
    }""")


def blank_without_scripts(visit):
    """Return the moving figures that show no first frame while scripts are off."""
    found = []
    for number, figure in enumerate(visit.page.query_selector_all(".lib-explore"), 1):
        picture = figure.query_selector(f".{PICTURE} svg")
        box = picture and picture.bounding_box()
        if not box or box["width"] < 100 or not picture.query_selector("path"):
            found.append(f"figure {number} is blank")
    return found


def unfit_for_paper(visit):
    """Return what a printed page shows of the screen's furniture, and what it leaves folded.

    The report on an exercise is furniture: it says of each case that nobody has tried.
    """
    visit.page.emulate_media(media="print")
    found = visit.page.evaluate("""() => {
      const seen = one => one.checkVisibility({contentVisibilityAuto: true});
      const report = ".step-check .cell_output";
      const furniture = `.bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, ${report}`;
      const inside = `.bd-article details > :not(summary, ${report})`;
      return [...document.querySelectorAll(furniture)].filter(seen).map(one => one.className)
        .concat([...document.querySelectorAll(inside)].filter(one => !seen(one))
          .map(one => "folded: " + one.textContent.trim().slice(0, 40)));
    }""")
    visit.page.emulate_media(media="screen")
    return found


# --- The book -------------------------------------------------------------------------------------

def test_every_page_of_the_table_of_contents_came_out():
    assert [path for path in PAGES if not (SITE / path).is_file()] == []


def test_no_file_of_the_site_names_a_third_party():
    paths = [path for path in SITE.rglob("*") if path.suffix in (".html", ".css")
             and "_sources" not in path.parts]
    assert len(paths) > len(PAGES)
    linked = [path for path in paths if path.suffix == ".html" or path.name == "book.css"]
    assert [(path.name, found) for path in linked
            if (found := third_parties(path.read_text(encoding="utf-8"), path.suffix))] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_its_budget(visit, path):
    assert heavy(visit(path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stays_where_it_is_and_fits_a_narrow_screen(visit, path):
    assert shifts(visit(path, whole=False)) == []
    assert too_wide(visit(path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_in_light_and_dark(visit, path):
    skip = ALIKE if path in LONG else ()
    assert inaccessible(visit(path), skip=skip) == []
    assert repeated_ids(visit(path)) == []
    dark = visit(path, "dark")
    assert light_parts(dark) == []
    assert inaccessible(dark, only=["color-contrast"], skip=skip, kinds=True) == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_control_of_every_figure_moves_it(visit, path):
    assert len(visit(path).page.query_selector_all(".lib-explore")) >= 2
    assert idle(visit(path)) == []


@pytest.mark.parametrize("path", SOME)
def test_figures_move_by_mouse_keyboard_and_play(visit, path):
    assert stuck(visit(path)) == []
    assert slow(visit(path)) == []


@pytest.mark.parametrize("path", SOME)
def test_the_first_frames_show_without_scripts(visit, path):
    assert blank_without_scripts(visit(path, java_script_enabled=False)) == []


@pytest.mark.parametrize("path", [*SOME, *(path for path in PAGES if path not in CHAPTERS)])
def test_a_printed_page_is_the_text_alone_and_unfolded(visit, path):
    assert unfit_for_paper(visit(path)) == []


def test_the_switch_turns_a_page_dark(visit):
    one = visit(PAGES[0], fresh=True)
    for _ in range(3):
        one.page.locator(".theme-switch-button:visible").first.click()
        if one.page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    assert light_parts(one) == []
    one.context.close()


@pytest.mark.last  # it judges all that other tests made the pages do
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_nothing_on_the_console_and_asks_nobody_else(visit, path):
    for scheme in ("light", "dark"):
        assert visit(path, scheme).messages == []
        assert strangers(visit(path, scheme)) == []


# --- Every check fails once -----------------------------------------------------------------------

@pytest.mark.parametrize("tag", [
    '<script src="https://example.org/x.js"></script>',
    '<link rel="stylesheet" href="//example.org/x.css">',
    '<img alt="" src="http://example.org/x.png">',
    '<p style="background: url(https://example.org/x.png)"></p>',
])
def test_a_third_party_is_seen(tag, broken):
    assert third_parties(tag) != []
    assert strangers(broken(with_content(tag))) != []


def test_a_third_party_in_a_style_sheet_is_seen():
    assert third_parties('@font-face { src: url("https://example.org/x.woff2") }', ".css") != []
    assert third_parties("p { background: url(x.png) } a { color: red }", ".css") == []


def test_a_message_on_the_console_is_seen(broken):
    assert broken(with_content("<script>console.error('no')</script>")).messages == ["no"]
    assert len(broken(with_content("<script>nosuchname</script>")).messages) == 1


def test_too_many_bytes_or_requests_are_seen(broken):
    noise = os.urandom(250_000).hex()
    assert len(heavy(broken(with_content(f"<p hidden>{noise[:420_000]}</p>")))) == 1
    many = "".join(f'<img alt="" src="../_static/logo.svg?{i}">' for i in range(20))
    assert len(heavy(broken(with_content(many)))) == 2


def test_a_page_that_moves_is_seen(broken):
    seen = broken(with_content('<p id="late"></p>'))
    # Only what has been painted in one place can move to another.
    seen.page.evaluate("""async () => {
      await nextFrame(); await nextFrame();
      late.style.height = "300px";
      await nextFrame();
    }""")
    assert shifts(seen) != []


@pytest.mark.parametrize("html", [
    '<img src="../_static/logo.svg">',
    '<p style="color: #bbb; background: #fff">pale</p>',
    '<button type="button"></button>',
])
def test_an_inaccessible_page_is_seen(html, broken):
    assert inaccessible(broken(with_content(html))) != []


def test_an_id_that_occurs_twice_is_seen(broken):
    assert repeated_ids(broken(with_content('<p id="x"></p><p id="x"></p>'))) == ["x"]


def test_what_is_readable_in_light_only_is_seen(broken):
    change = with_content('<p style="color: #444">dark ink</p>')
    assert inaccessible(broken(change, scheme="light"), only=["color-contrast"]) == []
    assert inaccessible(broken(change, scheme="dark"), only=["color-contrast"]) != []


def test_the_first_text_of_each_kind_stands_for_all(broken):
    # The pale ink is not the first of its element and class; the dark ground lies two levels up.
    pale = '<p class="x">fine</p><p class="x">fine</p><p class="x" style="color: #444">dark</p>'
    ground = '<div style="background: #ccc"><div><p class="x">light on light</p></div></div>'
    for html in (pale, ground):
        seen = broken(with_content(html), scheme="dark")
        found = inaccessible(seen, only=["color-contrast"], kinds=True)
        assert len(found) == len(inaccessible(seen, only=["color-contrast"])) > 0


def test_a_kind_that_vanishes_with_others_is_judged_all_the_same(broken):
    # Without the rows before it, which are as all text is, the fourth would no longer be one.
    rows = "".join(f"<div class=x><p>row {name}</p></div>" for name in "abcd")
    style = "<style>.x:nth-child(4) p { color: #444 }</style>"
    seen = broken(with_content(f"{style}<section>{rows}</section>"), scheme="dark")
    assert len(inaccessible(seen, only=["color-contrast"], kinds=True)) == 1


def test_a_page_that_ignores_dark_mode_is_seen(broken):
    def stay_light(page):
        return page.replace("</body>", "<style>body { background: #fff !important }</style></body>")

    assert light_parts(broken(stay_light, scheme="dark")) == ["a light page"]


def test_a_page_that_is_too_wide_is_seen(broken):
    assert too_wide(broken(with_content('<div style="width: 400px">wide</div>'))) != []


def test_a_page_that_stays_folded_on_paper_is_seen(broken):
    fold = "<details style='display: block'><summary>more</summary><p hidden>text</p></details>"
    assert unfit_for_paper(broken(with_content(fold))) == ["folded: text"]


def test_a_figure_that_is_stuck_is_seen(broken):
    def no_script(page):
        page = re.sub(r"<script defer[^>]*book\.js[^>]*></script>", "", page)
        return page.replace(" disabled", "")

    seen = broken(no_script, CHAPTERS[0])
    assert len(idle(seen)) == seen.page.locator(".lib-explore :is(input, select)").count()
    page = seen.page
    faults = stuck_controls(page, page.query_selector(".lib-explore:has(button)"), 1000)
    assert {"a click", "a key", "Play"} <= set(faults)


def test_a_slow_figure_is_seen(broken):
    wait = ("<script>addEventListener('input', () => { const end = performance.now() + 160;"
            " while (performance.now() < end); })</script>")
    assert slow(broken(with_content(wait), CHAPTERS[0])) != []


def test_a_figure_without_a_first_frame_is_seen(broken):
    empty = broken(lambda page: re.sub(r"(<svg\b[^>]*>).*?(</svg>)", r"\1\2", page, flags=re.S),
                   CHAPTERS[0])
    assert blank_without_scripts(empty) != []
