"""Oral cards: each chapter has some, no key for students, a rubric of four levels for examiners."""

import random
import re
from fractions import Fraction

import pytest

from homework import Trouble
from homework.exams import exam, listing, oral, seen
from homework.exams.bank import bank, topics, traced, traced_systems
from homework.exams.codes import code
from homework.exams.origins import origins
from lib.numbers import formats


@pytest.mark.parametrize("topic", topics())
def test_a_card_has_a_trace_a_law_and_a_change(topic):
    first, second = oral.card(topic, 5, 1), oral.card(topic, 5, 2)
    assert first == oral.card(topic, 5, 1)
    assert first["trace"].kind == "read" and first["trace"].options
    assert first["trace"].listing != second["trace"].listing or first["law"] != second["law"]
    assert first["law"] in oral.laws(topic) and len(oral.laws(topic)) >= 8


def test_the_cards_of_a_seed_trace_many_functions():
    traces = [oral.card("qr", 7, number)["trace"] for number in range(1, 13)]
    assert len({seen.traced_in(one) for one in traces}) == 12
    assert seen.traced_in(traces[0]) == "gram_determinant"
    assert oral.order("qr", 7) != oral.order("qr", 8) and len(oral.order("qr", 7)) >= 18


def test_lines_that_both_make_an_error_are_both_told():
    """By exact fractions line 2 brings 7.9e-17, doubled by the square, and line 3 9.2e-17."""
    e = Fraction(9.8e-5)
    length = 1 + 9.8e-5 * 9.8e-5
    square = Fraction(9.8e-5 * 9.8e-5)
    first = abs(2 * (Fraction(length) - 1 - e * e))
    second = abs(Fraction(length * length) - Fraction(length) ** 2)
    assert abs(square - e * e) < Fraction(1, 10**24)
    parts = origins(traced_systems.gram_determinant, (9.8e-5,))
    u = 2.0**-53 * float((1 + e * e) ** 2 - 1)
    assert [one.brings * u for one in parts.values()] == pytest.approx(
        [float(first), float(second), 0, 0], rel=1e-6, abs=0)
    assert float(first) == pytest.approx(7.9e-17, rel=0.01, abs=0)
    told = listing.who(random.Random(7), traced_systems.gram_determinant, 9.8e-5)
    at = {name: line for line, (name, _) in programs(told.listing).items()}
    assert told.options[told.key].text == listing.said(sorted([at["length"], at["product"]]),
                                                       at["det"])


def test_a_card_prints_the_net_error_of_a_line():
    """Of two operations whose roundings cancel, not the larger of the two."""
    k, noise = 4.2, 2e-6
    inverse, explained = 1 / (k + noise), k * k * (1 / (k + noise))
    second = (Fraction(inverse) * (Fraction(k) + Fraction(noise)) - 1) * 2**53
    third = (Fraction(explained) / (Fraction(k) ** 2 * Fraction(inverse)) - 1) * 2**53
    assert (float(abs(second)), float(abs(third))) == pytest.approx((0.11, 1.03), abs=0.006)
    told = listing.who(random.Random(7), traced_systems.posterior_variance, k, noise)
    printed = printed_rows(told.listing)
    at = {name: line for line, (name, _) in programs(told.listing).items()}
    assert [printed[at[one]][1] for one in ("inverse", "explained", "left")] == [0.11, 1.0, 0.0]
    assert printed[at["explained"]][2] == pytest.approx(1.03 * k / noise, rel=0.03, abs=0)
    assert told.options[told.key].text == listing.said([at["explained"]], at["left"])


def test_what_a_narrow_format_rounds_is_printed_as_well():
    parts = origins(traced.gained, (16.0, 0.05), formats.BF16)
    step = Fraction(float(formats.round_to(0.05, formats.BF16)))
    assert [one.brings for one in parts.values()] == [256.0, 0.0, 0.0]  # all of the step is lost
    first = next(iter(parts.values()))
    assert first.rounds == pytest.approx(float(step / (16 + step)) * 256, rel=1e-12, abs=0)


def printed_rows(text):
    """Return {line: (digits left, rounds, brings)} as they stand on paper."""
    return {int(number): (int(left), float(rounds), float(brings))
            for left, rounds, brings, number in re.findall(
                r"^ *(\d+) [█·]+ +([\de.-]+) +([\de.-]+) +(\d+)  ", text, re.MULTILINE)}


def programs(text):
    """Return {line: (name that it sets, names that it reads)} of a printed program."""
    lines = re.findall(r"^.* (\d+)      ?(?:(\w+) = |return )(.*)$", text, re.MULTILINE)
    return {int(number): (name, set(re.findall(r"[a-z]\w*", right)))
            for number, name, right in lines}


def losses(rows, program):
    """Return (digits that a line loses of the fewest that it is given, line), in rising order."""
    held, found = {}, []
    for line, (left, _, _) in sorted(rows.items()):
        name, read = program[line]
        found.append((min([held[one] for one in read if one in held], default=99) - left, line))
        held[name] = left
    return sorted((0 if lost > 50 else lost, line) for lost, line in found)


def key_of_paper(item):
    """Return the sentence of the key, from what is printed and from nothing else."""
    rows = printed_rows(item.listing)
    assert "at least a quarter of the largest part" in item.stem
    most = max(brings for _, _, brings in rows.values())
    assert not any(most / 8 < brings < most / 4 for _, _, brings in rows.values())
    make = [line for line, (_, _, brings) in rows.items() if brings >= most / 4]
    drops = losses(rows, programs(item.listing))
    assert set(rows) == set(programs(item.listing))
    assert len(drops) == 1 or drops[-2][0] < drops[-1][0]
    return listing.said(make, drops[-1][1])


@pytest.mark.parametrize("topic", topics())
def test_the_key_of_a_card_follows_from_what_is_printed(topic):
    for seed in (2027, 402718365):
        for number in range(1, 13):
            item = oral.card(topic, seed, number)["trace"]
            assert item.options[item.key].text == key_of_paper(item), item.stem
            assert len(item.options) == 4


@pytest.mark.parametrize("topic", topics())
def test_the_key_of_an_exam_follows_from_what_is_printed(topic):
    held = bank(topic)
    for name, (_, row) in held.items.items():
        for seed in range(700, 706) if row["kind"] == "read" else ():
            item = held.draw(name, seed)
            if item.options:
                assert item.options[item.key].text == key_of_paper(item), item.stem


def test_the_student_sees_no_key_and_the_examiner_a_rubric_of_four_levels():
    held = oral.card("svd", 5, 1)
    key = held["trace"].options[held["trace"].key].text
    student, examiner = oral.student_card(held), oral.examiner_card(held)
    assert key not in student and key in examiner
    assert all(question in examiner for question in oral.TRACE)
    rows = re.findall(r"<tr>(.*?)</tr>", examiner)
    assert len(rows) == 4 and all(row.count("<t") == 5 for row in rows)
    assert held["change"] in student and held["change"] in examiner


def test_no_two_cards_ask_the_same_of_a_submission():
    asked = [oral.questions("lu", 7, number) for number in range(1, 41)]
    assert len(set(asked)) == 40 and len({change for _, change in asked[:8]}) == 8
    assert len({law for law, _ in asked[:8]}) == 8


def test_cards_leave_out_what_an_exam_has_traced(tmp_path, capsys):
    exams, cards = tmp_path / "exams", ["lu", "--seed", "5", "--html", "--to", str(tmp_path / "o")]
    cards += ["--exams", str(exams)]
    exam.main(["lu,qr", "--seed", "7", "--items", "20", "--to", str(exams), "--html"])
    used = seen.used(exams)
    assert {"no_exchange", "gram_determinant"} <= used
    capsys.readouterr()
    assert oral.main([*cards, "--cards", "12"]) == 0
    assert "No exam that was found traces one of these functions." in capsys.readouterr().out
    written = (tmp_path / f"o/lu-{code('oral', 'lu', 5)}/examiner.txt").read_text()
    assert not any(f"{name}(" in written for name in used)
    held = [oral.card("lu", 5, number, used) for number in range(1, 13)]
    assert len({seen.traced_in(one["trace"]) for one in held} - used) == 12
    assert "On 3 cards a function comes again" in oral.unseen(
        [oral.card("lu", 5, number, used) for number in range(
            1, len(oral.order("lu", 5, used)) + 4)], used)


def test_where_exams_have_traced_all_functions_the_cards_say_so(tmp_path, capsys):
    for topic in topics():
        seen.note(tmp_path / topic, bank(topic).exam(7))
    oral.main(["lu", "--seed", "5", "--cards", "2", "--html", "--to", str(tmp_path / "o"),
               "--exams", str(tmp_path)])
    said = "An exam has traced "
    assert said in capsys.readouterr().out
    folder = tmp_path / f"o/lu-{code('oral', 'lu', 5)}"
    assert said in (folder / "examiner.txt").read_text()
    assert said not in (folder / "cards.html").read_text()


def test_the_command_writes_cards(tmp_path):
    assert oral.main(["lu", "--seed", "5", "--cards", "3", "--to", str(tmp_path), "--html"]) == 0
    folder = tmp_path / f"lu-{code('oral', 'lu', 5)}"
    assert {path.name for path in folder.iterdir()} == {"cards.html", "examiner.html",
                                                        "examiner.txt"}
    assert (folder / "cards.html").read_text().count("<h2>Card ") == 3
    assert (folder / "examiner.txt").read_text().count("Key: ") == 3


@pytest.mark.parametrize("arguments, said", [
    (["lu", "--seed", "5", "--cards", "0"], "1 to 200"),
    (["cooking", "--seed", "5"], "no items on")])
def test_what_cannot_be_is_told(arguments, said):
    with pytest.raises(Trouble, match=said):
        oral.main(arguments)
