"""Worksheets have all their parts and blanks; the key has what was left out."""

import re

import pytest

from homework import Trouble
from homework.kit import gaps, lessons, markup, worksheet

TOPICS = lessons.order()


@pytest.fixture(autouse=True)
def without_fonts(monkeypatch):
    """Leave the sheet of the formulas away, which takes most of the time."""
    monkeypatch.setattr(markup, "sheet", lambda page: "")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_worksheet_has_its_parts_and_no_answer(topic):
    chapter = lessons.lesson(topic)
    sheet, key = worksheet.sheet(chapter), worksheet.sheet(chapter, key=True)
    for page in (sheet, key):
        assert page.count('<main class="sheet">') == 2
        assert all(f"<h2>{part}" in page for part in (
            "Before you run it", "One figure", "One trace", "By pencil"))
    chosen = worksheet.predictions(chapter)
    assert 3 <= len(chosen) <= worksheet.QUESTIONS
    assert sheet.count("☐ sure") == len(chosen) and "☒" not in sheet
    assert key.count("☒") == sum(bool(one.options) for one in chosen)
    assert sheet.count("☐") == 3 * len(chosen) + sum(len(one.options) for one in chosen)
    # The gaps of the sheet are the boxes of the key.
    blanks = sheet.count("underline{\\hspace")
    assert blanks == key.count("boxed{") >= 1
    answer = worksheet.solution(chapter, worksheet.reading(chapter))
    assert answer and answer.replace("'", "&#x27;") in key


@pytest.mark.parametrize("topic", TOPICS)
def test_each_prediction_says_what_it_speaks_of(topic):
    chapter = lessons.lesson(topic)
    sheet, key = worksheet.sheet(chapter), worksheet.sheet(chapter, key=True)
    for one in lessons.predictions(chapter):
        assert one.setting.endswith(".") and 6 <= len(one.setting.split()) <= 60, one.id
        assert one.setting not in one.context, one.id
        shown = f'<p class="setting">{markup.line(one.setting)}</p>'
        assert (shown in sheet) == (one in worksheet.predictions(chapter)) and shown not in key


def test_no_setting_sends_the_reader_elsewhere():
    """On paper there is no cell above, no story before, and no page to click on."""
    for topic in TOPICS:
        for one in lessons.predictions(lessons.lesson(topic)):
            assert not re.search(r"\b(folded|this chapter|the opening|earlier)\b|"
                                 r"\{\w+\}`", one.setting), (topic, one.id, one.setting)


def test_paper_does_not_speak_of_cells_that_it_has_not():
    sheet = worksheet.sheet(lessons.lesson("gradient_descent"))
    assert "turn the valley by one degree" in sheet and "folded cell" not in sheet


@pytest.mark.parametrize("topic", TOPICS)
def test_something_printed_is_to_be_read(topic):
    one = worksheet.reading(lessons.lesson(topic))
    assert one.kind == "Read"
    assert worksheet.LISTING.search(one.text)[0].count("\n") >= 4
    assert "tuple" not in worksheet.task(one)


def test_the_core_path_comes_first():
    chapter = lessons.lesson("softmax")
    assert len(worksheet.predictions(chapter)) < len(lessons.predictions(chapter))
    ids = [one.id for one in lessons.predictions(chapter)]
    chosen = [one.id for one in worksheet.predictions(chapter)]
    assert chosen == [one for one in ids if one in chosen]


@pytest.mark.parametrize("tex, left", [
    ("a = b", "b"), ("a = b = c", "c"), (r"f(x = 1) \le \frac{a = 2}{b}", r"\frac{a = 2}{b}"),
    (r"a = b ,", "b"), (r"a = b\,.", "b"), ("a + b", None), ("a =", None),
    (r"\left( a = b \right)", None)])
def test_a_gap_is_what_stands_after_the_last_relation(tex, left):
    place = gaps.cut(tex)
    assert (place and tex[place[0]:place[1]].strip()) == left


def test_gaps_are_numbered_and_boxes_hold_them():
    text = "With $abcdefgh = ijk$ and $x$:\n\n$$a = b, \\qquad c \\le d .$$"
    open_, filled = gaps.with_gaps(text), gaps.with_gaps(text, filled=True)
    assert re.findall(r"\\underset\{\((\d)\)\}", open_) == ["1", "2", "3"]
    assert re.findall(r"\\boxed\{(\w+)\}", filled) == ["ijk", "b", "d"]
    assert "ijk" not in open_ and "$x$" in open_


def test_a_derivation_has_at_most_six_gaps():
    text = "\n".join(f"$abcdefgh_{number} = c_{number}$" for number in range(9))
    assert gaps.with_gaps(text).count("underset") == gaps.MOST


def test_a_trace_keeps_the_digits_of_its_first_line_alone():
    shown = gaps.trace_with_gaps("                    1  def f(x):\n"
                                 "16 ████████████████ 2      y = 1 - x\n"
                                 " 5 █████··········· 3      return y")
    assert shown.splitlines()[1].startswith("16 ████████████████ 2")
    assert shown.splitlines()[2] == "__ ················ 3      return y"
    assert gaps.trace_with_gaps("step 1  distance 2") == "step 1  distance 2"


def test_a_browser_that_prints_nothing_is_told(tmp_path):
    (tmp_path / "worksheet.html").write_text("")
    with pytest.raises(Trouble, match="did not print worksheet\\.html"):
        worksheet.as_pdf(tmp_path / "worksheet.html", "false")
