"""No anchor that was noted leads nowhere, and who lost one is told what to do."""

import pytest

import anchors
from environment import ROOT, Trouble
from tests.site.visits import NAMES, SITE
from web.moved import table

NOTED = anchors.noted(anchors.NOTED.read_text(encoding="utf-8"))
PAGE = """<aside id="not-of-the-text"></aside><article class="bd-article">
<section class="x" id="a-heading"><span id="title"></span><a id="id1"></a><p id="id12"></p>
<div class="cell" id="claim-x"><figure class="align-default" id="fig-x"><svg>
<path id="x15dc04ec-0"/><g id="x15dc04ec-"></g></svg></figure></div>
<dl><dt id="term-ulp"></dt></dl><div id="note-term-ulp"></div></section></article>"""


def test_anchors_are_those_that_somebody_may_link_to():
    assert anchors.anchors_of(PAGE) == {"a-heading", "title", "claim-x", "fig-x", "term-ulp"}
    assert anchors.anchors_of("<p id='x'></p>") == set()


def test_a_record_is_read_as_it_was_written():
    pages = {"chapters/a": {f"claim-{number}" for number in range(40)}, "chapters/b": {"title"},
             "chapters/c": set()}
    text = anchors.record(pages)
    assert anchors.noted(text) == pages
    assert max(map(len, text.splitlines())) < 100
    long = {"chapters/a": {"a-heading-of-many-words-" * 6, "b"}}
    assert anchors.noted(anchors.record(long)) == long


BEFORE = {"chapters/a": {"title", "claim-x"}, "chapters/b": {"run-y"}}


@pytest.mark.parametrize("now, renamed, said", [
    ({"chapters/a": {"title", "claim-x", "new"}, "chapters/b": {"run-y"}}, {}, []),
    ({"chapters/a": {"title"}, "chapters/b": {"run-y"}}, {},
     ['chapters/a#claim-x has vanished', '"chapters/a#claim-x" = "chapters/a#its-new-id"']),
    ({"chapters/a": BEFORE["chapters/a"]}, {},
     ["the page chapters/b has vanished", '"chapters/b" = "its new name"']),
    ({"chapters/a": BEFORE["chapters/a"], "chapters/c": {"run-y"}}, {"chapters/b": "chapters/c"},
     []),
    ({"chapters/a": BEFORE["chapters/a"], "chapters/c": set()}, {"chapters/b": "chapters/c"},
     ['"chapters/b#run-y" = "chapters/c#its-new-id"']),
])
def test_what_vanished_is_told_with_its_remedy(now, renamed, said):
    told = "\n".join(anchors.lost(BEFORE, now, renamed))
    assert bool(told) == bool(said) and all(words in told for words in said)


def test_a_site_that_is_not_built_is_told(tmp_path):
    with pytest.raises(Trouble, match="has no page chapters/qr: run"):
        anchors.today(tmp_path, ["chapters/qr"])


@pytest.mark.parametrize("arguments, kept, status", [
    ([], "  gone", 1), (["note"], "  claim-x gone title", 1), (["anew"], "  claim-x title", 0)])
def test_noting_adds_and_only_a_new_release_forgets(arguments, kept, status, monkeypatch, tmp_path):
    record = tmp_path / "anchors.txt"
    record.write_text("chapters/a\n  gone\n")
    monkeypatch.setattr(anchors, "NOTED", record)
    monkeypatch.setattr(anchors, "today", lambda: {"chapters/a": {"claim-x", "title"}})
    assert anchors.main(arguments) == status
    assert record.read_text().splitlines()[-1] == kept


def test_an_unknown_word_is_told():
    with pytest.raises(Trouble, match="'forget' is neither note nor anew"):
        anchors.main(["forget"])


def test_the_ids_of_cells_are_noted():
    # Of the record alone, without a site: every chapter is in it, each step of a chapter too.
    chapters = {name for name in NAMES if (ROOT / f"{name}.ipynb").exists()}
    assert chapters <= NOTED.keys()
    assert all({"title", "setup", "riddle", "card", "summary"} <= NOTED[name] for name in chapters)


@pytest.mark.browser
def test_no_anchor_that_was_noted_is_lost():
    assert anchors.lost(NOTED, anchors.today(SITE), table(ROOT)[0]) == []


@pytest.mark.browser
def test_a_page_without_one_of_its_anchors_is_seen():
    now = anchors.today(SITE)
    page = (SITE / "chapters" / "qr.html").read_text(encoding="utf-8")
    now["chapters/qr"] = anchors.anchors_of(page.replace(' id="claim-units"', ""))
    assert [line.partition(" ")[0] for line in anchors.lost(NOTED, now, {})] == [
        "chapters/qr#claim-units"]
