"""Outcomes, links for a platform, and pages for assistants."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from homework import Trouble, __main__
from homework.kit import ROOT, cartridge, guide, lessons, outcomes

TOPICS = lessons.order()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_outcome_is_assessed_by_an_exercise(topic):
    chapter = lessons.lesson(topic)
    table = outcomes.rows(chapter)
    names = {f"LO-{topic}-{number}" for number in lessons.outcomes(chapter)}
    assert {row["outcome"] for row in table if row["assessed_by"] == "exercise"} == names
    assert {row["cell"].partition("#")[2] for row in table} == {
        cell.id for cell in chapter.of("exercise", "question")}


def test_the_table_is_read_back_from_csv():
    table = outcomes.rows(lessons.lesson("lu"))
    assert list(csv.DictReader(io.StringIO(outcomes.as_csv(table)))) == [
        {name: str(value) for name, value in row.items()} for row in table]


def test_the_page_has_a_row_for_each():
    page = outcomes.page(["lu"])
    assert page.count("<tr>") == 1 + len(outcomes.rows(lessons.lesson("lu")))
    assert page.count("rowgroup") == len(lessons.outcomes(lessons.lesson("lu")))


def test_the_page_on_the_kit_names_commands_that_there_are():
    text = (ROOT / "homework" / "kit" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"python -m homework (\w+)", text)
    assert set(named) <= set(__main__.COMMANDS)
    ours = {name for name, (place, _) in __main__.COMMANDS.items() if ".kit." in place}
    assert ours <= set(named)


# --- The cartridge --------------------------------------------------------------------------------

SPACE = {"cp": cartridge.MANIFEST, "wl": cartridge.LINK}


def opened(data):
    """Return {name: parsed XML} of a cartridge."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}


@pytest.fixture(scope="module")
def files():
    """Return the files of the cartridge of all chapters."""
    return opened(cartridge.cartridge(TOPICS, "https://example.org/digits/"))


def test_the_manifest_is_of_a_common_cartridge_1_3(files):
    manifest = files["imsmanifest.xml"]
    assert manifest.tag == f"{{{cartridge.MANIFEST}}}manifest"
    assert manifest.findtext("cp:metadata/cp:schema", None, SPACE) == "IMS Common Cartridge"
    assert manifest.findtext("cp:metadata/cp:schemaversion", None, SPACE) == "1.3.0"
    organization = manifest.find("cp:organizations/cp:organization", SPACE)
    assert organization.get("structure") == "rooted-hierarchy"
    modules = organization.findall("cp:item/cp:item", SPACE)
    assert [one.findtext("cp:title", None, SPACE) for one in modules] == [
        lessons.title(lessons.lesson(topic)) for topic in TOPICS]


def test_every_item_has_its_resource_and_every_resource_its_file(files):
    manifest = files["imsmanifest.xml"]
    wanted = [one.get("identifierref") for one in manifest.iterfind(".//cp:item", SPACE)
              if one.get("identifierref")]
    resources = manifest.findall("cp:resources/cp:resource", SPACE)
    assert wanted == [one.get("identifier") for one in resources]
    assert len(set(wanted)) == len(wanted)
    assert {one.get("type") for one in resources} == {"imswl_xmlv1p3"}
    named = [one.find("cp:file", SPACE).get("href") for one in resources]
    assert sorted([*named, "imsmanifest.xml"]) == sorted(files)


def test_links_lead_to_cells_of_the_chapters(files):
    for name, link in files.items():
        if name == "imsmanifest.xml":
            continue
        assert link.tag == f"{{{cartridge.LINK}}}webLink" and link.findtext("wl:title", "", SPACE)
        address = link.find("wl:url", SPACE).get("href")
        page, _, cell = address.removeprefix("https://example.org/digits/chapters/").partition("#")
        assert cell in lessons.lesson(page.removesuffix(".html")).by_id


def test_a_cartridge_is_the_same_at_every_call():
    assert cartridge.cartridge(["lu"], "https://a/") == cartridge.cartridge(["lu"], "https://a/")


@pytest.mark.parametrize("given, kept", [
    ("https://example.org", "https://example.org/"),
    ("http://a.b/c/", "http://a.b/c/"), ("https://a.b/c/index.html", "https://a.b/c/")])
def test_an_address_ends_in_a_slash(given, kept):
    assert cartridge.checked(given) == kept


@pytest.mark.parametrize("given", ["example.org", "file:///tmp", "https://", "https://a b/",
                                   "https://a/?x=1"])
def test_what_is_no_address_is_told(given):
    with pytest.raises(Trouble, match="no address of a site"):
        cartridge.checked(given)


# --- Pages for assistants -------------------------------------------------------------------------

@pytest.mark.parametrize("topic", TOPICS)
def test_the_wrong_answers_are_read_as_they_are_written(topic):
    words = {cell.id.partition("-")[2].replace("-", "_")
             for cell in lessons.lesson(topic).of("exercise")}
    written = guide.sources(guide.answers_file(topic).read_text(encoding="utf-8"))
    assert len(written) > 10 and all(written.values())
    assert len({word for word, _ in written} & words) >= 4


@pytest.mark.parametrize("source, shown", [
    ("lambda x: x + 1", "x + 1"), ("(1, 2)", "(1, 2)"), ("f", "if x:\n    return 1\nreturn 2"),
    ("g", "a = 1\nb = 2\nc = 3\nd = 4\n…")])
def test_an_answer_is_shown_in_a_few_lines(source, shown):
    text = ('def f(x):\n    "Nearly right."\n    if x:\n        return 1\n    return 2\n'
            "def g():\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    e = 5\n"
            f'WRONG = {{"w": {{"said": {source}}}}}\n')
    assert guide.sources(text) == {("w", "said"): shown}


def test_the_page_of_a_chapter_has_what_an_assistant_needs():
    chapter = lessons.lesson("softmax")
    page = guide.page(chapter)
    for words in ("Aim.", "Minutes.", "Stops of a lab of 100 minutes", "Predictions", "Ask first."):
        assert words in page
    assert page.count("<h3>") == len(chapter.of("exercise"))
    assert "Perhaps log1p is right, but exp(-x) overflows." in page
    assert page.count("<tr><td>") >= 3 * len(chapter.of("exercise"))
    for cell in chapter.of("solution"):
        assert cell.source not in page


def test_a_question_names_the_case_and_not_the_cure():
    from lib.grade import Case, Report

    cases = Case("x = 3", "stable"), Case("x = 5", "wrong", "nan")
    algorithm = Report("f", cases, note="use log")
    assert "x = 5" in guide.to_ask(algorithm) and "log" not in guide.to_ask(algorithm)
    assert guide.meaning(algorithm) == "Perhaps use log."
    word = Report("f", (Case("which", "wrong", "'Ada' is not right"),), good="right")
    assert "Point to it" in guide.to_ask(word)
    assert guide.meaning(word) == "which: wrong. 'Ada' is not right"
    road = Report("f", (Case("calls", "another road"),))
    assert "how it is to be done" in guide.to_ask(road)
    breaks = Report("f", (Case("digits", "wrong"),), good="breaks")
    assert "Which line" in guide.to_ask(breaks)
