"""The foot of a page: an edit and typed reports, where the book has an address, and only there."""

import functools
import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from environment import ROOT
from tests.site import small
from tests.site.test_site import inaccessible, strangers, too_wide
from tests.site.visits import Visit, serving
from web import feet

FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
ADDRESS = "https://github.com/example/digits"
LINK = re.compile(r'<a class="page-report" href="([^"]*)">(\w+)</a>')


def form(kind):
    """Return the form of a kind of report."""
    return yaml.safe_load((FORMS / f"{kind}.yml").read_text(encoding="utf-8"))


def fields(address):
    """Return the fields that an address fills in."""
    return {key: text for key, [text] in parse_qs(urlsplit(address).query).items()}


# --- The forms ------------------------------------------------------------------------------------

def test_every_kind_of_report_has_its_form_and_every_form_its_link():
    assert {path.stem for path in FORMS.glob("*.yml")} == {*feet.KINDS, "config"}


@pytest.mark.parametrize("kind", feet.KINDS)
def test_a_form_has_the_fields_that_the_links_fill_in(kind):
    asked = {part["id"]: part for part in form(kind)["body"]}
    filled = fields(feet.report(ADDRESS, kind, "chapters/qr", "0123456789ab")).keys()
    assert filled - {"template"} | {"section", "words"} <= asked.keys()
    required = [name for name, part in asked.items()
                if part.get("validations", {}).get("required")]
    assert required[0] == "page" and 2 <= len(required) <= 3  # the others say what is wrong


def test_what_the_script_fills_in_is_a_field():
    code = (ROOT / "web" / "assets" / "feet.js").read_text(encoding="utf-8")
    known = re.search(r"known = \{(\w+): .*, (\w+)\};", code).groups()
    assert known == ("section", "words")


# --- What a page gets -----------------------------------------------------------------------------

class Settings:
    """Settings of a build with an address."""

    def __init__(self, url):
        self.html_theme_options = {"repository_url": url}


@pytest.mark.parametrize("url, expected", [
    ("", ""), (None, ""), (ADDRESS, ADDRESS), (ADDRESS + "/", ADDRESS), (ADDRESS + ".git", ADDRESS),
    ("https://example.org/a/b", "")])  # another host has no such forms
def test_an_address_is_one_on_github(url, expected):
    assert feet.address(Settings(url)) == expected


def test_the_commit_is_that_of_the_sources_or_none(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    assert feet.commit_of(tmp_path) == ""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=tmp_path, text=True)
    monkeypatch.setenv("GITHUB_SHA", "f" * 40)
    assert feet.commit_of(tmp_path) == head[:12]
    monkeypatch.setenv("PATH", "")
    assert feet.commit_of(tmp_path) == "f" * 12


def test_odd_names_stay_one_field():
    address = feet.report(ADDRESS, "text", "chapters/a&b=c d", "")
    assert fields(address) == {"template": "text.yml", "page": "chapters/a&b=c d"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Return the small book's site without an address, as the book is today."""
    folder, status, said = small.shared(tmp_path_factory)
    assert status == 0, said
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def addressed(tmp_path_factory):
    """Return the site of a small book that has an address."""
    folder = tmp_path_factory.mktemp("addressed")
    small.lay_out(folder, repository=ADDRESS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_SHA", "0123456789abcdef")
        status, said = small.build(folder)
    assert status == 0, said
    return folder / "_build" / "html"


def test_without_an_address_nothing_is_shown_and_no_script_is_sent(bare):
    for name in ("chapters/index.html", "chapters/tiny.html"):
        page = (bare / name).read_text(encoding="utf-8")
        assert "page-foot" not in page and "github.com/example" not in page
    assert "page-report" not in (bare / "_static" / "book.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("page, source", [("chapters/index", "chapters/index.md"),
                                          ("chapters/tiny", "chapters/tiny.ipynb")])
def test_with_an_address_each_page_has_an_edit_and_typed_reports(page, source, addressed):
    text = (addressed / f"{page}.html").read_text(encoding="utf-8")
    assert f'href="{ADDRESS}/edit/main/{source}">Suggest an edit</a>' in text
    links = LINK.findall(text.replace("&amp;", "&"))
    assert [kind for _, kind in links] == list(feet.KINDS)
    for address, kind in links:
        assert address.startswith(f"{ADDRESS}/issues/new?")
        assert fields(address) == {"template": f"{kind}.yml", "page": page,
                                   "commit": "0123456789ab"}


def test_the_launch_menu_leads_to_the_guarded_copy_in_colab(addressed):
    text = (addressed / "chapters" / "tiny.html").read_text(encoding="utf-8")
    colab = "https://colab.research.google.com/github/example/digits/blob"
    assert f'href="{colab}/colab/tiny.ipynb"' in text and f"{colab}/main" not in text
    assert 'href="https://mybinder.org/v2/gh/example/digits/main?urlpath=' in text


def test_pages_without_a_source_have_no_foot(addressed):
    assert "page-foot" not in (addressed / "search.html").read_text(encoding="utf-8")


# --- In a browser ---------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def place(addressed):
    """Serve the site; return its address."""
    handler = functools.partial(small.Quiet, directory=str(addressed))
    with serving(handler) as address:
        yield address


@pytest.fixture
def tiny(browser, place):
    """Return a function that opens the small chapter."""
    seen = []

    def get(anchor="", scheme="light", **options):
        seen.append(Visit(browser, place, f"chapters/tiny.html{anchor}", scheme, **options))
        return seen[-1]

    yield get
    for one in seen:
        one.context.close()


def reported(visit, kind="text"):
    """Return the fields that a report of a page would fill in."""
    link = visit.page.locator(".page-report", has_text=kind)
    return fields(link.evaluate("one => one.href"))


SELECT = """([name, from, to]) => {
  const text = document.createTreeWalker(document.getElementById(name), NodeFilter.SHOW_TEXT);
  let node = text.nextNode();
  while (node.data.trim().length < to) node = text.nextNode();
  getSelection().setBaseAndExtent(node, from, node, to);
}"""


def test_a_report_carries_the_section_of_the_address(tiny):
    seen = tiny("#say-gap")
    assert reported(seen)["section"] == "say-gap"
    seen.page.evaluate("location.hash = 'card'")
    seen.page.wait_for_timeout(100)
    assert reported(seen)["section"] == "card"
    assert "section" not in reported(tiny())


def test_a_report_quotes_what_was_selected_though_the_click_takes_that_away(tiny):
    seen = tiny("#card")
    seen.page.evaluate(SELECT, ["explain-free", 0, 15])
    seen.page.wait_for_timeout(100)
    seen.page.locator(".page-foot").click(position={"x": 815, "y": 45})  # beside its words
    seen.page.wait_for_timeout(100)
    told = reported(seen, "mathematics")
    assert told["section"] == "explain-free" and told["words"] == "This is in sigh"
    assert told["template"] == "mathematics.yml" and told["commit"] == "0123456789ab"
    seen.page.evaluate("location.hash = 'setup'")
    seen.page.wait_for_timeout(100)
    assert reported(seen)["section"] == "setup" and "words" not in reported(seen)


def test_the_foot_is_reached_by_keyboard_and_thumb_and_asks_nobody(tiny):
    for scheme in ("light", "dark"):
        seen = tiny(scheme=scheme)
        assert inaccessible(seen, skip=()) == [] and seen.messages == [] and strangers(seen) == []
    assert seen.page.locator(".page-foot-hint").is_visible()
    seen.page.locator(".page-foot a").first.focus()
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "mathematics"
    phone = tiny(width=320, has_touch=True, is_mobile=True)
    assert too_wide(phone) == []
    small_ones = phone.page.locator(".page-foot a").evaluate_all(
        "all => all.filter(one => Math.min(one.offsetWidth, one.offsetHeight) < 44).length")
    assert small_ones == 0


def test_without_scripts_the_links_are_whole_and_promise_nothing_more(tiny):
    plain = tiny(java_script_enabled=False)
    assert pages_named(plain) == ["chapters/tiny"] * len(feet.KINDS)
    assert not plain.page.locator(".page-foot-hint").is_visible()


def pages_named(visit):
    """Return the pages that the links name."""
    return [fields(link.get_attribute("href"))["page"]
            for link in visit.page.locator(".page-report").all()]
