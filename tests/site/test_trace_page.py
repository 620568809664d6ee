"""The page on which a reader traces a function, used in a browser, without a network.

It is served under a sub-path, as a project's pages are. All that the pages ask of the server, and
would ask of others, is written down.
"""

import functools
import http.server
import json
import math
import re
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.site.test_site import inaccessible, too_wide
from tests.site.visits import SITE, serving
from web import runtime
from web.tracing import PRECISIONS, example

sys.path.append(str(runtime.HERE / "assets" / "run"))
import tracing

pytestmark = pytest.mark.xdist_group("trace page")  # one Python for many questions
FOLDER = runtime.HERE.parent / "chapters" / "trace"
EXAMPLES = {path.stem: example(path) for path in sorted(FOLDER.glob("*.py"))}
LIGHT = [one for one in EXAMPLES.values() if "numpy" not in one.code]
PATIENCE = 300_000  # ms: a first start takes seconds, but the machine may be busy
ENDED = """() => document.querySelector('form.tracing [type=submit]')
  .getAttribute('aria-disabled') === 'false'"""


class Kept(http.server.SimpleHTTPRequestHandler):
    """Serve the site under /book/, and keep what is asked for."""

    asked = []  # noqa: RUF012, shared on purpose

    def log_message(self, *_):
        """Say nothing."""

    def translate_path(self, path):
        """Return the file behind an address below /book/."""
        return super().translate_path(path.removeprefix("/book"))

    def do_GET(self):
        """Answer, and remember the question."""
        self.asked.append(self.path)
        if not self.path.startswith("/book/"):
            return self.send_error(404)
        return super().do_GET()


@pytest.fixture(scope="module")
def address():
    """Serve the site; return the address of its folder."""
    if not (SITE / "chapters" / "trace.html").exists():
        pytest.fail("there is no _build/html: run `make book`, or `make test`, which builds it")
    with serving(functools.partial(Kept, directory=str(SITE))) as address:
        yield f"{address}book/"


class Reader:
    """Somebody on the page, with a browser that has nothing of it yet."""

    def __init__(self, browser, address, anchor="", script="", **options):
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900},
                                              "permissions": ["clipboard-read",
                                                              "clipboard-write"], **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.server, self.requests, self.messages = address, [], []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("console", lambda one: self.messages.append(one.text))
        self.page.on("pageerror", lambda one: self.messages.append(str(one)))
        if script:
            self.context.add_init_script(script)
        self.page.goto(f"{address}chapters/trace.html{anchor}", wait_until="load")
        self.page.wait_for_timeout(300)

    def fetched(self):
        """Return the names of the files that make Python which this reader has asked for."""
        own = {*runtime.CORE, *runtime.INSIDE, "python.zip", "lib.zip"}
        return [name for one in self.requests if (name := name_of(one)) in own]

    def foreign(self):
        """Return the addresses that are none of the site's."""
        return [one for one in self.requests if not one.startswith((self.server, "data:"))]

    def fill(self, code, arguments="1.0", precision="float64"):
        """Write into the form."""
        self.page.fill("#tracing-code", code)
        self.page.fill("#tracing-arguments", arguments)
        self.page.select_option("#tracing-precision", precision)

    def press(self, name):
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def run(self, *filling):
        """Fill the form, run it to its end; return what the status line says."""
        if filling:
            self.fill(*filling)
        self.press("Run")
        self.page.wait_for_function(ENDED)
        return self.said()

    def said(self):
        """Return the status line."""
        return self.page.locator(".tracing-said").inner_text()

    def markdown(self):
        """Return what "Copy as Markdown" copies."""
        self.press("Copy as Markdown")
        self.page.wait_for_function(
            "document.querySelector('.tracing-said').textContent.includes('is copied')")
        return self.page.evaluate("navigator.clipboard.readText()")

    def text(self):
        """Return the story as text, from its Markdown."""
        return re.search(r"^```text\n(.*?)\n```$", self.markdown(), re.S | re.M)[1]


def name_of(address):
    """Return the last part of an address without its version, of a packed file too."""
    return urlsplit(address).path.rpartition("/")[2].removesuffix(".packed")


@pytest.fixture(scope="module")
def open_page(browser, address):
    """Return a function that opens the page as a new reader."""
    opened = []

    def get(*args, **options):
        opened.append(Reader(browser, address, *args, **options))
        return opened[-1]

    yield get
    for one in opened:
        one.context.close()


@pytest.fixture(scope="module")
def reader(open_page):
    """Return a reader whose Python many tests share."""
    return open_page()


def native(code, arguments, precision="float64"):
    """Return the story that lib tells here, with NumPy."""
    found = tracing.answer(code, arguments, precision)
    assert found["good"], found
    return found["text"].rstrip("\n")


def as_asked(one):
    """Return code, arguments and precision of an example."""
    return one.code, one.arguments, one.precision


def test_nothing_is_fetched_before_the_click_and_nothing_is_foreign_ever(open_page):
    fresh = open_page()
    assert not fresh.fetched() and len(fresh.requests) <= 10
    before = len(fresh.requests)
    assert fresh.run() == "Traced: the story is below."
    after = [name_of(one) for one in fresh.requests[before:] if not one.startswith("data:")]
    assert sorted(after) == sorted({*after})  # each once
    assert len(fresh.fetched()) == 6 and "lib.zip" not in after
    assert len(after) <= 9  # the six, python.js, clean.js, worker.js
    assert not fresh.foreign() and not fresh.messages


def test_a_list_of_fourteen_begins_with_the_first_and_its_story(reader):
    assert reader.page.locator("#tracing-example option").count() == len(EXAMPLES) == 14
    assert sum("16 of 16 digits are right" in native(*as_asked(one)) for one in LIGHT) >= 2


@pytest.mark.parametrize("name", [one.name for one in LIGHT])
def test_every_example_tells_the_story_of_lib_to_the_letter(reader, name):
    reader.page.select_option("#tracing-example", name)
    assert reader.page.input_value("#tracing-code") == EXAMPLES[name].code
    assert reader.run() == "Traced: the story is below."
    assert reader.text() == native(*as_asked(EXAMPLES[name]))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_tells_the_story_of_lib(reader, precision):
    asked = (EXAMPLES["roots"].code, "b=50.0, c=1.0", precision)
    reader.run(*asked)
    assert reader.text() == native(*asked)


def test_the_story_on_the_page_is_the_view_of_the_book(reader):
    reader.page.select_option("#tracing-example", "cosine")
    reader.run()
    found = tracing.answer(*as_asked(EXAMPLES["cosine"]))["html"]
    shown, wanted = reader.page.evaluate("""html => {
      const template = document.createElement("template");
      template.innerHTML = html;
      const plain = root => [...root.querySelectorAll("*")].map(
        one => [one.localName, one.style.cssText, one.textContent]);
      return [plain(document.querySelector(".tracing-story")), plain(template.content)];
    }""", found)
    assert shown == wanted and len(wanted) > 20


def test_a_link_fills_the_form_elsewhere_and_runs_nothing(reader, open_page):
    code = "def f(x):\n    return (x + 1) - x  # <b>&amp;</b> ü + 50 %\n"
    asked = (code, 'x=1e16', "float32")
    reader.run(*asked)
    reader.press("Copy link")
    link = reader.page.evaluate("navigator.clipboard.readText()")
    assert link == reader.page.url and parse_qs(urlsplit(link).fragment)["code"] == [code]
    other = open_page("#" + urlsplit(link).fragment)
    found = [other.page.input_value(f"#tracing-{name}")
             for name in ("code", "arguments", "precision")]
    assert tuple(found) == asked
    chosen = "document.querySelector('#tracing-example').selectedOptions[0].text"
    assert other.page.evaluate(chosen) == "the code of a link"
    assert "Read it, then press Run" in other.said()
    other.page.wait_for_timeout(1000)
    assert not other.fetched() and other.page.locator(".tracing-story > *").count() == 0
    assert not other.messages


@pytest.mark.parametrize("anchor", ["#code=", "#code=%zz&precision=float512", "#arguments=1",
                                    "#code=" + "x" * 60_000, "#how-to-read-the-story"])
def test_a_strange_address_does_no_harm(open_page, anchor):
    odd = open_page(anchor)
    assert not odd.messages and not odd.fetched()
    assert odd.page.input_value("#tracing-precision") == "float64"
    assert len(odd.page.input_value("#tracing-code")) < 50_000


def test_markdown_holds_code_story_and_link_whatever_fences_the_code_has(reader):
    code = 'def f(x):\n    """````"""\n    return x + 0.1\n'
    reader.run(code, "0.2", "float64")
    text = reader.markdown()
    assert text.startswith(f"`````python\n{code}`````\n")
    assert "Traced in float64 (fp64), with the arguments `0.2`:" in text
    assert f"```text\n{native(code, '0.2')}\n```" in text
    back = tracing.answer(code, "0.2", "float64")["back"][0]
    assert f"```\n{back}\n```\n" in text and "Exactly   0.3000" in back
    assert re.search(rf"\[Trace it again\]\({re.escape(reader.server)}\S+#code=\S+\)", text)


def test_what_came_back_stands_above_the_story_beside_the_exact_number(reader):
    reader.run("def f(x):\n    return (x + 1e8) - 1e8\n", "0.1", "float64")
    back = reader.page.locator(".tracing-back")
    assert back.locator("th").all_inner_texts() == ["Returned", "Exactly"]
    assert back.locator("td").all_inner_texts() == ["0.09999999403953552",
                                                    "0.100000000000000005551…"]
    assert back.locator("b").all_inner_texts() == ["0.09999999", "0.1000000"]
    assert back.locator("b").first.evaluate("one => getComputedStyle(one).textDecorationLine"
                                            ) == "underline"
    assert "Right to 7 digits: the relative error is 6e-8." in back.inner_text()


def test_the_page_comes_with_what_its_first_story_gave_back(open_page):
    fresh = open_page()
    first = tracing.answer(*as_asked(EXAMPLES["cosine"]))
    assert fresh.page.locator(".tracing-back td").count() == 2
    text = fresh.markdown()
    assert f"```text\n{first['text'].rstrip()}\n```" in text and first["back"][0] in text
    assert not fresh.fetched()


def stale(reader):
    """Return what the page says where its story is not of the code in the form, or nothing."""
    marked = reader.page.locator(".tracing-result").get_attribute("data-stale") is not None
    words = reader.page.locator(".tracing-stale").inner_text()
    assert marked == bool(words)
    return words


@pytest.mark.parametrize("change", ["code", "arguments", "precision"])
def test_a_story_of_other_code_says_so_until_that_code_is_back(reader, change):
    code = "def f(x):\n    return x + 0.1\n"
    reader.run(code, "0.2", "float64")
    assert stale(reader) == ""
    changed = {"code": code + "#", "arguments": "0.3", "precision": "float32"}
    changed = {"code": code, "arguments": "0.2", "precision": "float64",
               change: changed[change]}
    reader.fill(*changed.values())
    assert "of the code before your change" in stale(reader)
    assert reader.page.locator(".tracing-stale").get_attribute("role") == "status"
    assert reader.page.locator(".tracing-result").evaluate(
        "one => getComputedStyle(one).borderLeftStyle") == "dashed"
    assert inaccessible(reader) == []
    text = reader.markdown()
    assert text.startswith(f"```python\n{code}```\n") and native(code, "0.2") in text
    assert "float64 (fp64), with the arguments `0.2`" in text
    assert "with the code before your change, is copied" in reader.said()
    reader.fill(code, "0.2", "float64")
    assert stale(reader) == ""
    reader.fill(*changed.values())
    reader.run()
    assert stale(reader) == "" and native(*changed.values()) in reader.markdown()


def test_what_is_changed_while_it_runs_is_not_told_as_run(reader):
    slow = "def f(x):\n    for _ in range(3000):\n        x = x + 1\n    return x\n"
    reader.fill(slow, "0.1")
    reader.press("Run")
    reader.page.fill("#tracing-arguments", "0.2")
    reader.page.wait_for_function(ENDED)
    assert stale(reader) and "arguments `0.1`" in reader.markdown()


def test_a_story_that_tells_nothing_comes_with_a_hint(reader):
    assert reader.run("def f(x):\n    y = x + 1\n", "1.0", "float64") == (
        "Traced: the story is below, with a hint.")
    assert "f returned None, which has no digits" in reader.page.inner_text(".tracing-back")
    assert reader.run("def f():\n    return 0.1\n", "", "float64").startswith(
        "f takes no argument, and numbers that stand in the code count as exact.")


def test_back_from_a_place_on_the_page_leaves_the_code_alone(reader):
    reader.run(*as_asked(LIGHT[0]))
    reader.page.evaluate("location.hash = 'what-it-follows'")
    reader.page.fill("#tracing-code", "def mine(x):\n    return x")
    reader.page.go_back()
    reader.page.wait_for_function("location.hash.includes('code=')")
    reader.page.wait_for_timeout(100)
    assert reader.page.input_value("#tracing-code") == "def mine(x):\n    return x"
    assert "came with the link" not in reader.said()


def test_code_of_ones_own_stays_in_the_list_when_an_example_is_chosen(open_page):
    reader = open_page()
    names = [one.name for one in EXAMPLES.values()]
    reader.fill("def mine(x):\n    return x", "2.5", "float32")
    for name in names[:2]:
        reader.page.select_option("#tracing-example", name)
    reader.fill("def other(x):\n    return x")
    reader.page.select_option("#tracing-example", "Your own, 1")
    assert reader.page.input_value("#tracing-code") == "def mine(x):\n    return x"
    assert reader.page.input_value("#tracing-arguments") == "2.5"
    assert reader.page.input_value("#tracing-precision") == "float32"
    found = reader.page.locator("#tracing-example option").all_inner_texts()
    assert found[len(names):] == ["Your own, 1", "Your own, 2"]


def test_run_before_the_page_is_ready_loses_nothing(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.route(lambda place: "/trace.js" in place, lambda route: route.abort())
    page.goto(f"{address}chapters/trace.html")
    page.fill("#tracing-code", "def mine(x):\n    return x")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(300)
    assert page.url == f"{address}chapters/trace.html"
    assert page.input_value("#tracing-code") == "def mine(x):\n    return x"
    context.close()


@pytest.mark.parametrize("motion, pace", [("no-preference", 1), ("reduce", 10)])
def test_a_clock_runs_and_after_ten_seconds_stop_is_named(open_page, motion, pace):
    waiting = open_page(reduced_motion=motion)
    waiting.run()
    waiting.page.clock.install()
    waiting.fill("def f(x):\n    while True:\n        x = x + 1\n")
    clock = waiting.page.locator(".tracing-clock")
    assert clock.inner_text() == "" and clock.get_attribute("role") == "timer"
    waiting.press("Run")
    waiting.page.wait_for_function(
        "document.querySelector('.tracing-said').textContent === 'Running…'")
    waiting.page.clock.run_for(7000)
    assert clock.inner_text() == ("7 s" if pace == 1 else "")
    assert waiting.said() == "Running…"
    waiting.page.clock.run_for(4000)
    assert clock.inner_text() == ("11 s" if pace == 1 else "10 s")
    assert waiting.said().endswith("a loop may have no end. Stop ends it.")
    waiting.press("Stop")
    waiting.page.wait_for_function(ENDED)
    assert clock.inner_text() == "" and waiting.said().startswith("Stopped.")


def test_how_much_has_come_is_not_read_aloud(open_page):
    loading = open_page(script="""addEventListener("DOMContentLoaded", () => {
      window.heard = [];
      const said = document.querySelector(".tracing-said");
      new MutationObserver(() => window.heard.push([said.textContent, said.ariaLive]))
        .observe(said, {childList: true});
    })""")
    loading.run()
    heard = loading.page.evaluate("heard")
    assert any(words.startswith("Loading ") for words, _ in heard)
    for words, live in heard:
        assert live == ("off" if words.startswith("Loading ") else "polite"), words


def test_once_python_is_there_its_version_is_told_and_nothing_is_announced(reader):
    reader.run("import sys\ndef f(x):\n    return x + float(sys.version_info[1])\n", "1.0",
               "float64")
    note = reader.page.inner_text(".tracing-note")
    minor = int(float(reader.page.locator(".tracing-back td").first.inner_text())) - 1
    assert re.fullmatch(rf"Python 3\.{minor}\.\S+ is here\. Run fetches nothing more\.", note)
    reader.page.select_option("#tracing-example", "numpy_variance")
    reader.page.wait_for_function(
        "document.querySelector('.tracing-note').textContent.startsWith('Run fetches NumPy from')")
    assert re.search(r" \(about \d+ MB\), unless", reader.page.inner_text(".tracing-note"))


def test_what_run_fetches_is_told_with_its_size(open_page):
    one = open_page()
    listed = json.loads((SITE / "_static" / "run" / "files.json").read_text(encoding="utf-8"))
    said = "text => document.querySelector('.tracing-note').textContent.includes(text)"
    core = math.ceil(listed["size"] / 1e6)
    one.page.wait_for_function(said, arg=f"Run fetches Python from this site ({core} MB), unless")
    one.fill("import numpy\ndef f(x):\n    return x\n", "1.0")
    one.page.wait_for_function(
        said, arg=f" (about {math.ceil(listed['weights']['numpy'] / 1e6)} MB), unless")
    one.fill("from lib import numbers\ndef f(x):\n    return x\n", "1.0")
    more = math.ceil((listed["size"] + listed["sizes"]["lib.zip"]) / 1e6)
    one.page.wait_for_function(said, arg=f"Python from this site ({more} MB), and NumPy from ")


def test_stop_ends_an_endless_loop_and_the_next_run_starts_anew(reader):
    reader.fill("def f(x):\n    while True:\n        x = x + 1\n")
    reader.press("Run")
    reader.page.wait_for_function(
        "document.querySelector('.tracing-said').textContent === 'Running…'")
    reader.page.wait_for_timeout(500)
    reader.press("Stop")
    reader.page.wait_for_function(ENDED)
    assert reader.said() == "Stopped. The next run starts Python anew."
    assert reader.page.locator("iframe").count() == 0
    for _ in range(100):  # the browser's own word that the worker is gone comes a little later
        if not reader.page.workers:
            break
        reader.page.wait_for_timeout(300)
    assert not reader.page.workers
    assert reader.page.evaluate("document.activeElement.textContent") == "Run"
    assert reader.run(*as_asked(EXAMPLES["cosine"])) == "Traced: the story is below."


MARKUP = "<img src=x onerror=document.title='caught'>"
WRONG = [
    ("def f(x):\n    return 1/", "The code cannot be read as Python in line 2: invalid syntax"),
    (f"def f(x):\n    raise KeyError({MARKUP!r})", f"line 2: KeyError: {MARKUP!r}"[8:]),
    (f"raise ValueError({MARKUP!r})", f"The code failed in line 1: ValueError: {MARKUP}"),
    ("def f(x, y):\n    return x", "f failed: TypeError: f() missing 1 required positional"),
    ("def f(x):\n    return f(x)", "RecursionError: maximum recursion depth exceeded"),
    ("x = 1", "The code defines no function: write def f(x): ..."),
    ("def f(x):\n    return [0] * 2**29", "MemoryError"),
    ("import sys\nsys.exit(3)", "The code failed in line 1: SystemExit: 3".replace("1:", "2:")),
    ("def f(x):\n    return input()", "f failed in line 2: "),
    ("import torch\ndef f(x): ...", "ModuleNotFoundError"),
    (f"def f(x):\n    return {{{MARKUP!r}: float(x)}}", "f cannot be followed: line 2, "),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_whatever_is_wrong_ends_in_a_sentence(reader, number):
    code, words = WRONG[number]
    assert words in reader.run(code, "1.0", "float64")
    assert reader.page.locator(".tracing-story img, .tracing-said img").count() == 0
    assert "caught" not in reader.page.title()


def test_a_python_that_ends_itself_is_told_and_comes_back(reader):
    assert "Python ended: " in reader.run("import os\nos._exit(3)", "1.0", "float64")
    assert reader.run(*as_asked(EXAMPLES["cosine"])) == "Traced: the story is below."


def test_what_a_function_prints_is_shown_as_text_and_not_without_end(reader):
    code = f"def f(x):\n    for _ in range(10**6):\n        print({MARKUP!r})\n    return x + 1"
    assert reader.run(code, "1.0", "float64") == "Traced: the story is below."
    printed = reader.page.locator(".tracing-story pre").inner_text()
    assert printed.startswith(f"{MARKUP}\n{MARKUP}\n") and len(printed) <= tracing.PRINTED
    assert "It printed more than a page can hold. It began with:" in reader.page.inner_text(
        ".tracing-story")
    assert reader.page.locator(".tracing-story img").count() == 0


HOSTILE = """\
import js
from pyodide.code import run_js
from pyodide.ffi import create_once_callable

def tried(what):
    try:
        return str(what())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"

def asked(request):
    request.open("GET", place + "leak-xhr", False)
    return request.send()

def f(x):
    return x

place = "PLACE"
found = [tried(lambda: js.localStorage), tried(lambda: js.document), tried(lambda: js.parent),
         tried(lambda: asked(js.XMLHttpRequest.new())),
         tried(lambda: run_js("1 + 1")), tried(lambda: js.Function("return 1")()),
         tried(lambda: js.importScripts(place + "leak-scripts")),
         tried(lambda: js.indexedDB.open("x")), tried(lambda: js.caches.open("x"))]
for leak in (lambda: js.fetch(place + "leak-fetch?" + str(f)),
             lambda: js.WebSocket.new(place.replace("http", "ws") + "leak-socket"),
             lambda: js.EventSource.new(place + "leak-events"),
             lambda: js.Worker.new(place + "leak-worker"),
             lambda: js.Worker.new("data:text/javascript,fetch('" + place + "leak-nested')")):
    found.append(tried(leak))
module = "data:text/javascript,import('" + place + "leak-import')"
found.append(tried(lambda: js.Worker.new(module)))
raise ValueError(found)
"""


def test_pasted_code_reaches_neither_network_nor_storage_nor_page(reader, address):
    site = address.removesuffix("book/")
    reader.page.evaluate("localStorage.secret = 'kept'")
    said = reader.run(HOSTILE.replace("PLACE", site), "1.0", "float64")
    assert re.match(r"The code failed in line \d+: ValueError: \['AttributeError", said), said
    for name in ("localStorage", "document", "parent"):
        assert f"AttributeError: {name}" in said
    assert said.count("EvalError") >= 2 and "SecurityError" in said
    reader.page.wait_for_timeout(2000)  # a request takes its time
    assert not [one for one in Kept.asked if "leak" in one]
    assert reader.page.evaluate("localStorage.secret") == "kept"
    assert reader.page.url.startswith(address)


FORGED = """\
import tracing

class Forged:
    def __str__(self):
        return "fine"

    def _repr_html_(self):
        return ('<div class="lib-trace present" onclick="hit()" style="position:fixed;inset:0;'
                'background:url(PLACEleak-style);width:5em"><img src="PLACEleak-img" '
                'onerror="hit()"><script>document.title="hit"</script><a href="PLACEleak">go</a>'
                '<svg><use href="PLACEleak-svg"/></svg><iframe src="PLACEleak-frame"></iframe>'
                '<p id="tracing-code">kept</p><form action="PLACEleak-form"><input></form></div>')

tracing.trace_call = lambda *args, **options: Forged()
tracing.returned.views = lambda found: ("fine", found._repr_html_())
tracing.advice.hint = lambda *args: '<img src="PLACEleak-hint" onerror="hit()">'

def f(x):
    return x
"""


def test_of_a_forged_story_only_text_and_tables_are_shown(open_page, address):
    victim = open_page()
    victim.run(FORGED.replace("PLACE", address.removesuffix("book/")), "1.0", "float64")
    victim.page.wait_for_timeout(1000)
    shown = victim.page.locator(".tracing-story").inner_html()
    assert shown == '<div style="width: 5em;"><p>kept</p></div>'
    beside = victim.page.locator(".tracing-back").inner_html()
    assert beside.startswith(shown) and "<img" not in beside and "&lt;img" in beside
    assert not [one for one in Kept.asked if "leak" in one] and not victim.foreign()
    assert "hit" not in victim.page.title()


def test_all_can_be_done_with_the_keyboard(reader):
    someone = reader
    someone.page.select_option("#tracing-example", "cosine")
    keys = someone.page.keyboard
    someone.page.locator("#tracing-example").focus()
    keys.press("ArrowDown")
    assert someone.page.input_value("#tracing-code") == EXAMPLES["half_angle"].code
    keys.press("Tab")
    keys.press("Control+End")
    keys.type("# mine")
    keys.press("Control+Enter")
    someone.page.wait_for_function(ENDED)
    assert someone.said() == "Traced: the story is below."
    stops = []
    for _ in range(6):  # out of the text, and through the form
        keys.press("Tab")
        stops.append(someone.page.evaluate(
            "document.activeElement.id || document.activeElement.textContent"))
    assert stops == ["tracing-arguments", "tracing-precision", "Run", "Copy link",
                     "Copy as Markdown", stops[-1]]
    assert someone.page.evaluate("!!document.activeElement.closest('.tracing-story')") or (
        stops[-1] != "tracing-code")


@pytest.mark.browser
def test_under_each_trace_of_the_book_stands_a_link_to_the_page():
    counted = 0
    for path in sorted((SITE / "chapters").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        traces = text.count('<div class="lib-trace">') * (path.stem != "trace")
        link = '<p class="own-trace"><a href="trace.html">Trace your own function</a></p>'
        assert text.count(link) == traces, path.name
        counted += traces
    assert counted > 50


@pytest.mark.browser
@pytest.mark.parametrize("page, link", [("index.html", "chapters/trace.html"),
                                        ("chapters/symptoms.html", "trace.html"),
                                        ("chapters/certify.html", "trace.html")])
def test_the_page_is_linked_where_somebody_may_look_for_it(page, link):
    text = (SITE / page).read_text(encoding="utf-8")
    article = text.partition("<article")[2].partition("</article>")[0]
    assert f'href="{link}"' in article


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_before_and_after_a_run(open_page, reader, scheme):
    assert inaccessible(open_page(color_scheme=scheme)) == []
    reader.page.emulate_media(color_scheme=scheme)
    reader.page.evaluate("scheme => { document.documentElement.dataset.theme = scheme; }", scheme)
    reader.run(*as_asked(EXAMPLES["compensated"]))
    assert inaccessible(reader) == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_story_fits_its_screen(reader, width):
    reader.run(*as_asked(EXAMPLES["variance"]))
    assert too_wide(reader, width) == []


def test_fingers_find_the_controls(open_page):
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    small_ones = phone.page.evaluate("""() => [...document.querySelectorAll(
      "form.tracing :is(button, select, input, textarea)")]
      .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)""")
    assert small_ones == []


def test_opened_from_a_file_it_says_why_it_cannot(browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto((SITE / "chapters" / "trace.html").as_uri())
    page.wait_for_function("window.book !== undefined")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("document.querySelector('.tracing-said').textContent.length > 20")
    assert "opened from a file cannot run Python" in page.locator(".tracing-said").inner_text()
    context.close()


def test_without_javascript_a_sentence_names_the_command_line(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}chapters/trace.html")
    assert "python -m lib trace does the same" in page.locator(".bd-article noscript").inner_text()
    assert not page.locator("form.tracing").is_visible()
    assert page.locator(".tracing-story .lib-trace").is_visible()
    context.close()


@pytest.mark.parametrize("script, words", [
    ("delete window.WebAssembly", "This browser cannot run Python: it has no WebAssembly"),
    ("delete window.Worker", "no workers"),
])
def test_a_browser_that_cannot_run_python_is_told(open_page, script, words):
    assert words in open_page(script=script).run()


@pytest.mark.parametrize("name, words", [
    ("pyodide.asm.wasm", "pyodide.asm.wasm could not be fetched from 127.0.0.1"),
    ("python.zip", "python.zip could not be fetched"),
    ("worker.js", "worker.js could not be fetched"),
    ("python.js", "python.js could not be fetched: reload the page."),
])
def test_a_file_that_does_not_come_is_named(open_page, name, words):
    unlucky = open_page()
    unlucky.context.route(re.compile(rf"/{re.escape(name)}(\.packed)?\?"),
                          lambda route: route.abort())
    assert words in unlucky.run().replace(".packed", "")
    unlucky.context.unroute_all()
    if name == "pyodide.asm.wasm":  # once it can be had, all is well
        assert unlucky.run() == "Traced: the story is below."


def test_numpy_is_announced_before_the_click_and_a_missing_one_is_told(open_page):
    listed = json.loads((SITE / "_static" / "run" / "files.json").read_text(encoding="utf-8"))
    host = urlsplit(listed["wheels"]).netloc or "this site"
    someone = open_page()
    note = someone.page.locator(".tracing-note")
    assert "NumPy" not in note.inner_text() and "Python from this site" in note.inner_text()
    someone.page.select_option("#tracing-example", "numpy_variance")
    someone.page.wait_for_function(
        "document.querySelector('.tracing-note').textContent.includes('NumPy')")
    assert f"NumPy from {host}" in note.inner_text()
    if listed["wheels"] == "core/":
        return
    someone.context.route(lambda url: host in url, lambda route: route.abort())
    assert re.search(rf"numpy-\S+ could not be fetched from {host}", someone.run())
    asked = [urlsplit(one).netloc for one in someone.foreign()]
    assert asked in ([host], [host] * 2)  # ahead of time, and once more in vain
    assert someone.run(*as_asked(EXAMPLES["cosine"])) == "Traced: the story is below."


def test_a_check_sees_what_it_looks_for(browser, address):
    """A page that asks for Python at once is caught."""
    early = Reader(browser, address, script="""addEventListener("load", () => setTimeout(() =>
      book.part("python.js").then(() => book.python.ask("trace", {}).catch(() => {}))))""")
    early.page.wait_for_timeout(3000)
    assert early.fetched()
    early.context.close()
