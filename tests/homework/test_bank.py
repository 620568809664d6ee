"""Every chapter's bank: ten items of four kinds, new numbers from each seed, one key each."""

import math
import re

import pytest

from homework.exams import gift, listing, papers, texts
from homework.exams.bank import bank, topics, traced, traced_systems
from homework.exams.items import KINDS, Bank, Collision, choose, fill, judge
from homework.kit import lessons
from lib.digits import trace
from tests.homework import formats

SEEDS = (2027, 2028, 31, 77)
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def value_of(text):
    """Return the number that an option consists of; None if it has other words."""
    plain = text.replace("\u202f", "").removeprefix("About ").removeprefix("At ")
    plain = re.sub(r"^10([⁻⁰-⁹¹²³]+)$", r"1 × 10\1", plain)
    plain = re.sub(r" × 10([⁻⁰-⁹¹²³]+)", lambda m: "e" + m[1].translate(RAISED), plain)
    try:
        return float(plain)
    except ValueError:
        return None


@pytest.fixture(scope="module", params=topics())
def drawn(request):
    """Return a topic and its exams of some seeds."""
    return request.param, [bank(request.param).exam(seed) for seed in SEEDS]


def test_all_chapters_have_a_bank():
    assert topics() == sorted(lessons.order())


def test_ten_items_of_four_kinds_assess_outcomes_of_the_chapter(drawn):
    topic, exams = drawn
    known = lessons.outcomes(lessons.lesson(topic))
    kinds = [item.kind for item in exams[0]]
    assert len(kinds) == 10 and set(kinds) == set(KINDS)
    assert all(kinds.count(kind) >= 2 for kind in KINDS)
    assert all(item.outcome in known for item in exams[0])
    assert len({item.outcome for item in exams[0]}) >= 3


def test_each_item_has_one_key_and_named_misconceptions(drawn):
    for exam in drawn[1]:
        for item in exam:
            if item.options:
                assert len(item.options) == 4
                assert sum(not one.misconception for one in item.options) == 1
                assert not item.options[item.key].misconception and item.letter in "ABCD"
                assert len({one.text for one in item.options}) == 4
            else:
                assert math.isfinite(item.number) and math.isfinite(item.within)
                assert item.within >= 0
            assert item.stem and item.why and item.points in (2, 3) and 2 < item.minutes < 10


def test_no_wrong_number_is_near_the_right_one(drawn):
    for exam in drawn[1]:
        for item in exam:
            numbers = [value_of(one.text) for one in item.options]
            if numbers and numbers[item.key] is not None:
                right = numbers[item.key]
                wrong = [x for at, x in enumerate(numbers) if at != item.key and x is not None]
                near = 1e-9 if right.is_integer() else 0.02
                assert all(not math.isclose(x, right, rel_tol=near) for x in wrong), item


def test_a_key_on_two_answers_says_whose_error_is_which(drawn):
    """Options are A to D, the answers X and Y."""
    for item in [item for exam in drawn[1] for item in exam if item.kind == "judge"]:
        for text in (item.why, item.listing, *(option.text for option in item.options)):
            assert not re.search(r"^[AB](:|,|  )", text, re.MULTILINE), text
        _, found, told = item.why.partition("errors are ")
        assert not found or ("for X" in told and "for Y" in told), item.why


def test_no_key_marks_a_computed_number_wrong(drawn):
    """Paper, text and the range in Moodle take what a program gave, and the key as printed."""
    topic, _ = drawn
    for seed in (*SEEDS, *range(500, 503)):
        items = bank(topic).exam(seed)
        back = formats.read_gift(gift.gift(items, topic))
        for item, one in zip(items, back, strict=True):
            if item.options:
                continue
            assert bool(item.ran) or not re.search("omputed[,:]|Counted|costs about", item.why)
            told = value_of(texts.right(item).removesuffix(item.unit).strip())
            first = re.search(r"(?:=|about) ([\d\u202f]+)\b(?![.,]\d|\u202f| ×)", item.why)
            lead = [value_of(first[1])] if "Counted" in item.why and first else []
            for number in (*item.ran, told, *lead):
                assert abs(number - one["number"]) <= one["within"], (item.name, seed)
                assert abs(number - item.number) <= item.within
            assert f"{texts.right(item)}{texts.tolerance(item)}" in texts.key("x", [item], {})
            assert f">{texts.right(item)}{texts.tolerance(item)}<" in papers.key("x", [item], {})


@pytest.mark.parametrize("function, values, times", [
    (traced_systems.gram_determinant, (1e-5,), 5e9), (traced.hypotenuse_gap, (1e-4,), 2e8),
    (traced.gained, (1e9, 0.1), 1e10),
    (traced_systems.second_pivot, (3.3, 2.1, 2.1**2 / 3.3 * 1.0001), 1e4),
    (traced.roots_apart, (1e10,), 4e10), (traced.softplus, (20.0,), math.exp(20))])
def test_a_trace_amplifies_as_one_computes_by_hand(function, values, times):
    """An exact 1, or an argument, brings no error; two rounded operands bring both."""
    shown = trace(function, *values)
    assert listing.by_hand(function, shown) == pytest.approx(times, rel=0.01, abs=0)


def test_a_key_that_its_own_program_misses_is_drawn_again():
    assert fill("?", 3, "why", within=1, ran=[2.0, 4.0]).ran == (2.0, 4.0)
    for far in (1.9, 4.1, math.nan):
        with pytest.raises(Collision, match="the key says 3"):
            fill("?", 3, "why", within=1, ran=[far])


def test_another_seed_has_other_numbers_and_the_same_difficulty(drawn):
    _, exams = drawn
    for same in zip(*exams, strict=True):
        assert len({(one.stem, one.options, one.listing) for one in same}) > 1
        assert len({(one.kind, one.outcome, one.minutes, one.marks, len(one.options),
                     one.listing.count("\n")) for one in same}) == 1


def test_everything_fits_on_paper(drawn):
    for exam in drawn[1]:
        for item in exam:
            lines = item.listing.split("\n")
            assert len(lines) <= 16 and max(map(len, lines)) <= 90
            assert len(item.stem) < 420 and all(len(one.text) < 110 for one in item.options)
            for text in (item.stem, item.why, *(one.text for one in item.options)):
                assert "@1" not in text and "@2" not in text
                assert not re.search(r"\d\.\d*(0{9}|9{9})\d|np\.float", text)


def test_a_seed_draws_the_same_exam_again():
    again = bank("lu").exam(SEEDS[0])
    assert again == bank("lu").exam(SEEDS[0]) != bank("lu").exam(SEEDS[1])


@pytest.mark.parametrize("count", [1, 4, 7, 10])
def test_a_shorter_exam_takes_of_each_kind(count):
    items = bank("svd").exam(5, count)
    kinds = {item.kind for item in items}
    assert len(items) == count and len(kinds) == min(4, count)


def test_a_wrong_option_that_equals_the_key_is_drawn_again_or_told():
    small = Bank("small")

    @small.item("predict", 1)
    def lucky(rng):
        return choose(rng, "?", "1", [(str(rng.randint(1, 2)), "…")], "why")

    @small.item("predict", 1)
    def hopeless(rng):
        return choose(rng, "?", "1", [("1 ", "…")], "why")

    for seed in range(20):
        assert {one.text for one in small.draw("lucky", seed).options} == {"1", "2"}
    with pytest.raises(Collision, match="same"):
        small.draw("hopeless", 3)


def test_two_answers_are_called_by_chance():
    small = Bank("small")

    @small.item("judge", 1)
    def two(rng):
        return judge(rng, "Two.", "first", "second", "@2: good", [("@1: bad", "…")], "@1 fails")

    drafts = [small.draw("two", seed) for seed in range(12)]
    assert {draft.options[draft.key].text for draft in drafts} == {"X: good", "Y: good"}
    for draft in drafts:
        letter = draft.options[draft.key].text[0]
        assert f"{letter}  second" in draft.listing.split("\n")
        assert draft.listing == "\n".join(sorted(draft.listing.split("\n")))


@pytest.mark.parametrize("topic", topics())
def test_a_question_about_digits_takes_a_whole_number(topic):
    for seed in (402718365, 55):
        for item in bank(topic).exam(seed):
            assert item.unit != "digits" or item.number.is_integer(), item
