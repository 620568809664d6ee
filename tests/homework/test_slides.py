"""Slides of every chapter: few words, all predictions and laws; a deck needs no network."""

import re

import pytest

from homework import Trouble
from homework.kit import deck, files, lessons, markup, pictures, pieces, slides

TOPICS = lessons.order()


def test_all_twenty_chapters_are_there():
    assert len(TOPICS) == 20


@pytest.mark.parametrize("core", [False, True])
@pytest.mark.parametrize("topic", TOPICS)
def test_no_slide_has_more_than_40_words(topic, core):
    made = slides.slides(lessons.lesson(topic), core)
    assert 10 < len(made) <= 50
    assert [(one.label, one.words) for one in made if one.words > 40] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_every_prediction_and_every_law_has_its_slide(topic):
    chapter = lessons.lesson(topic)
    made = slides.slides(chapter)
    kinds = [one.kind for one in made]
    assert kinds[0] == "title" and kinds[-1] == "lab" and "question" in kinds
    assert kinds.count("predict") == len(chapter.of("predict"))
    assert kinds.count("law-slide") == len(chapter.of("say"))
    assert kinds.count("figure") >= len(chapter.of("explore"))
    for one in made:
        if one.kind == "predict":
            assert one.steps == 1
            assert one.body.count("is-answer") + one.body.count("answered") == 1


@pytest.mark.parametrize("topic", TOPICS)
def test_the_notes_have_the_whole_prose(topic):
    chapter = lessons.lesson(topic)
    notes = "\n".join(text for one in slides.slides(chapter) for text in one.notes)
    for cell in chapter.lesson:
        if cell.kind == "markdown" and cell.step not in ("title", "predict"):
            assert lessons.source(cell) in notes
    for one in lessons.predictions(chapter):
        assert one.question in notes and one.right in notes
        assert all(words[1:].rstrip(".") in notes for words in one.misconceptions.values())


def test_the_core_path_is_a_part_of_it():
    whole, core = (slides.slides(lessons.lesson("quadrature"), core) for core in (False, True))
    assert len(core) < len(whole)
    assert {one.body for one in core} <= {one.body for one in whole}


def test_a_deck_is_one_file_that_fetches_nothing():
    page = deck.deck(lessons.lesson("softmax"), core=True)
    assert re.findall(r"(?:src|href|url\()\s*=?[\"']?(?!data:)(?:https?:|//|\.\.?/|[\w/]+\.\w+)",
                      re.sub(r"<aside.*?</aside>", "", page)) == []
    assert "@import" not in page and "<link" not in page
    assert page.count("<section") == page.count("</section>") == len(
        slides.slides(lessons.lesson("softmax"), core=True))
    assert "font/woff2;base64" in page  # the formulas bring their fonts


@pytest.mark.parametrize("text, shown", [
    ("a {term}`logit`", "a logit"), ("{term}`logits <logit>` here", "logits here"),
    ("see {doc}`lu`", "see LU"), ("see {doc}`this <lu>`", "see this"),
    ("as {footcite:t}`bridle1990` wrote", "as Bridle (1990) wrote"),
    ("it collapsed {footcite:p}`flax677`.", "it collapsed."),
    ("a [section](lu.ipynb#x) of it", "a section of it"), ("text <!-- ledger: X -->", "text "),
    ("`x < y` and $a < b$", "`x < y` and $a < b$")])
def test_references_become_words(text, shown):
    assert markup.flat(text) == shown


def test_words_are_counted_in_sight():
    page = markup.block("One *two* `three` $x + y$ don't\n\n```python\nfour\n```\n\n$$z$$")
    assert markup.words(page) == ["One", "two", "three", "don't"]
    assert markup.words("<p>a</p><aside>not this</aside>") == ["a"]


def test_a_formula_that_cannot_be_set_stays_as_it_is_typed():
    assert markup.formula(r"\nonsense{") == r"<code>\nonsense{</code>"


def test_html_in_a_text_is_no_html_of_the_page():
    assert "<script>" not in markup.block("<script>alert(1)</script>")
    assert "<script>" not in slides.pre(["<script>"], "output")


def test_sentences_are_kept_from_the_end():
    text = "One two three.\nFour five.\n\n```python\nsix\n```\nSeven?"
    parts = pieces.pieces(text)
    assert parts == ["One two three.", "Four five.", "```python\nsix\n```", "Seven?"]
    assert pieces.suffix(parts, 3) == parts[1:]
    assert pieces.suffix(parts, 0) == ["Seven?"]


def test_what_is_in_parentheses_is_for_the_notes():
    parts = ["(One.)", "Two (three).", "(Four.", "Five.)", "Six."]
    assert pieces.without_asides(parts) == ["Two (three).", "Six."]


def test_long_and_wide_output_ends_in_dots():
    shown = slides.pre([*"abcdefghijklmnopqrstuvwxyz"], "output")
    assert shown.count("\n") == slides.ROWS - 1 and "…" in shown
    assert f"{'x' * (slides.COLUMNS - 1)}…" in slides.pre(["x" * 200], "output")


def test_what_is_missing_is_told_with_the_remedy(tmp_path):
    with pytest.raises(Trouble, match=r"no chapter .sofmax.\. Chapters: floating_point,"):
        files.topics("sofmax")
    with pytest.raises(Trouble, match=r"tools/run\.py book --only softmax"):
        pictures.site_of("softmax", tmp_path)
    (tmp_path / "softmax").write_text("")
    with pytest.raises(Trouble, match="Choose another folder"):
        files.write(tmp_path, "softmax", "slides.html", "")


PAGE = """<div class="cell x" id="explore-a"><div class="lib-explore" role="group">
<div class="lib-explore-picture" role="img"><svg><g></g></svg></div><p class="w">said</p>
<script type="application/json">{"alt":"a","words":{"0":"One.","1":"Two \\"x\\"."},"texts":[]}
</script></div></div><div class="cell y" id="run-b"><img alt="a line" src="../_images/b.png"></div>
<div class="cell z" id="run-c"></div>"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_images").mkdir()
    (tmp_path / "chapters" / "softmax.html").write_text(PAGE)
    (tmp_path / "_images" / "b.png").write_bytes(b"png")
    return tmp_path


def test_figures_come_from_the_page(site):
    moving = pictures.figure(site, "softmax", "explore-a")
    assert moving.startswith('<div class="lib-explore"') and moving.endswith("</script></div>")
    assert "<svg>" in pictures.still(moving) and "script" not in pictures.still(moving)
    assert pictures.figure(site, "softmax", "run-b") == (
        '<img alt="a line" src="data:image/png;base64,cG5n">')
    assert pictures.figure(site, "softmax", "run-c") == ""
    with pytest.raises(Trouble, match="no cell 'run-d'"):
        pictures.figure(site, "softmax", "run-d")
