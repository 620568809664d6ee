"""The concept inventory: two forms, one order of options a seed, a gain that is computed right."""

import csv
import json
import math
import re

import pytest
import yaml

from homework import Trouble
from homework.exams import gain, gift, inventory, papers, qti, texts
from homework.exams.codes import code
from homework.kit import ROOT, lessons
from tests.homework import formats

CORE = inventory.numbers()


def test_twenty_core_items_and_five_in_reserve():
    assert len(CORE) == 20 and len(inventory.numbers((3, 14, 22, 23, 25))) == 25
    assert {one["chapter"] for one in inventory.inventory()["items"]} <= set(lessons.order())
    assert "provenance" in inventory.inventory()


@pytest.mark.parametrize("form", "AB")
def test_the_options_are_shuffled_and_the_formats_agree(form):
    items = inventory.form_items(form, 2027)
    assert {item.letter for item in items} == set("ABCD")
    assert items == inventory.form_items(form, 2027) != inventory.form_items(form, 2028)
    back = formats.read_gift(gift.gift(items, "x"))
    _, _, files = formats.read_qti(qti.package(items, "x"))
    for item, one, tree in zip(items, back, files.values(), strict=True):
        right = item.options[item.key].text
        assert [text for good, text, _ in one["options"] if good] == [right]
        key = tree.find(f".//{formats.QTI}correctResponse/{formats.QTI}value").text
        told = {choice.get("identifier"): "".join(choice.itertext())
                for choice in tree.iter(f"{formats.QTI}simpleChoice")}
        assert told[key] == right


def test_the_sheet_asks_for_confidence_and_has_no_key():
    page = papers.survey("x", inventory.form_items("A", 3))
    assert page.count("☐ sure") == 20 and "right" not in re.findall(r'class="(\w+)"', page)
    assert "Behind it" not in page and "Verified" not in page


@pytest.mark.parametrize("reserve", [(), (3, 22)])
def test_the_key_is_numbered_as_the_paper_and_the_table_are(reserve):
    items, numbers = inventory.form_items("A", 7, reserve), inventory.numbers(reserve)
    assert numbers != list(range(1, len(numbers) + 1))
    head = next(csv.reader(gain.blank("A", 7, numbers).splitlines()))
    assert [int(one) for one in head[4:]] == numbers
    page, text = papers.key("x", items, {}), texts.key("x", items, {})
    for made in (papers.survey("x", items), page):
        assert [int(n) for n in re.findall(r"<h2>Question (\d+)</h2>", made)] == numbers
    told = re.findall(r"^(\d+)\. ([A-D])\) (.*)$", text, re.MULTILINE)
    assert [int(n) for n, _, _ in told] == numbers
    assert [which for _, which, _ in told] == [inventory.item(n, "A", 7).letter for n in numbers]
    names = re.findall(r"::(\d+) concept (\d+)::", gift.gift(items, "x"))
    assert [int(n) for n, _ in names] == [int(n) for _, n in names] == numbers
    assert [int(name[5:7]) for name in formats.read_qti(qti.package(items, "x"))[2]] == numbers
    for made in (page, text):
        assert "Predict the digits" not in made and not re.search(r"\d points?:", made)


@pytest.mark.browser
def test_the_printed_key_is_numbered_as_the_printed_paper(tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2")
    inventory.main(["--form", "A", "--seed", "7", "--to", str(tmp_path), "--key"])
    for name in ("questions", "key"):
        path, = tmp_path.rglob(f"{name}.pdf")
        text = "\n".join(page.get_textpage().get_text_range()
                         for page in pypdfium2.PdfDocument(path))
        assert [int(n) for n in re.findall(r"^Question (\d+)\s*$", text, re.MULTILINE)] == CORE


def test_the_command_writes_the_key_only_when_asked(tmp_path):
    assert inventory.main(["--form", "B", "--seed", "7", "--to", str(tmp_path), "--html"]) == 0
    folder = tmp_path / f"B-{code('inventory', 'B', 7)}"
    assert {path.name for path in folder.iterdir()} == {"questions.html", "answers.csv"}
    inventory.main(["--form", "A", "--seed", "7", "--to", str(tmp_path), "--html", "--key",
                    "--reserve", "22"])
    assert {"key.html", "key.txt", "moodle.gift.txt", "qti.zip"} < {
        path.name for path in (tmp_path / f"A-{code('inventory', 'A', 7)}").iterdir()}
    with pytest.raises(Trouble, match="in reserve are 3, 14"):
        inventory.main(["--form", "A", "--seed", "7", "--reserve", "4"])


def letter(n, form, seed, what):
    """Return the mark of an answer: "right", or the place of a wrong option and perhaps a +."""
    drawn = inventory.item(n, form, seed)
    wrong = [at for at in range(4) if at != drawn.key]
    if what in ("", "right"):
        return drawn.letter if what else ""
    return "ABCD"[wrong[int(what[0])]] + what[1:]


def table(path, form, seed, students):
    """Write the answers of students, {name: {item: what}}."""
    with path.open("w", newline="") as held:
        out = csv.writer(held)
        out.writerow(["student", "form", "seed", "code", *CORE])
        for name, given in students.items():
            out.writerow([name, form, seed, code("inventory", form, seed),
                          *(letter(n, form, seed, given.get(n, "")) for n in CORE)])
    return path


def test_the_gain_is_that_of_hake_over_students_of_both_runs(tmp_path, capsys):
    before = table(tmp_path / "pre.csv", "A", 5, {
        "ada": {1: "right", 2: "0"}, "bob": {1: "0"}, "cy": {1: "1"}, "dee": {1: "2"},
        "gone": {1: "right"}})
    after = table(tmp_path / "post.csv", "B", 9, {
        "ada": {1: "right", 2: "right"}, "bob": {1: "right"}, "cy": {1: "right"},
        "dee": {1: "2+"}, "new": {1: "0"}})
    rows = {row[0]: row[1:] for row in gain.compare(gain.read(before), gain.read(after))}
    count, first, second, gained, sure, thought, times = rows[1]
    assert (count, first, second) == (4, 0.25, 0.75) and gained == pytest.approx(2 / 3)
    drawn = inventory.item(1, "B", 9)
    wrong = [one.misconception for one in drawn.options if one.misconception]
    assert (sure, thought, times) == (1, wrong[2], 1)
    assert rows[2][:4] == (1, 0.0, 1.0, 1.0) and set(rows) == {1, 2}
    target = tmp_path / "gain.csv"
    assert inventory.main(["gain", str(before), str(after), "--to", str(target)]) == 0
    assert "0.67" in capsys.readouterr().out
    assert target.read_text().startswith('"item","students","before","after","gain"')


def test_the_table_that_is_written_is_read_also_as_excel_saves_it(tmp_path):
    text = gain.blank("A", 5, CORE).replace('"', "").replace("\n,A", "\nJürgen,A").replace(",", ";")
    (tmp_path / "pre.csv").write_bytes(text.replace(";;", ";B+;", 1).encode("cp1252"))
    read = gain.read(tmp_path / "pre.csv")
    assert list(read) == ["Jürgen"] and read["Jürgen"][CORE[0]][2] is True


def test_an_item_that_all_had_right_has_no_gain():
    one = {"ada": {1: (True, "", False)}}
    (row,) = gain.compare(one, one)
    assert math.isnan(row[4])


@pytest.mark.parametrize("text, said", [
    ("name,1\nada,B\n", "needs student and form and seed and code"),
    ("student,form,seed,1\nada,A,5,B\n", "needs student and form and seed and code"),
    ("student,form,seed,code,1\nada,C,5,,A\n", "form 'C'"),
    ("student,form,seed,code,1\nada,A,5,CODE,E\n", "answer 'E'"),
    ("student,form,seed,code,1\nada,A,5,CODE,C!\n", r"\+ for sure"),
    ("student,form,seed,code,1\nada,A,five,CODE,B\n", "seed 'five'"),
    ("student,form,seed,code,99\nada,A,5,CODE,B\n", "item 99"),
    ("student,form,seed,code,1\nada,A,6,CODE,B\n", "with the seed 6 is"),
    ("student,form,seed,code,1\nada,B,5,CODE,B\n", "form B with the seed 5 is"),
    ("student,form,seed,code,1\nada,A,5,,B\n", "without a code"),
    ("", "has no rows")])
def test_a_table_that_cannot_be_read_is_told(text, said, tmp_path):
    (tmp_path / "pre.csv").write_text(text.replace("CODE", code("inventory", "A", 5)))
    with pytest.raises(Trouble, match=said):
        gain.read(tmp_path / "pre.csv")


def test_no_table_and_no_common_student_are_told(tmp_path):
    with pytest.raises(Trouble, match="cannot be read"):
        gain.read(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Trouble, match="save it as CSV UTF-8"):
        gain.read(tmp_path / "bytes.csv")
    with pytest.raises(Trouble, match="No student is in both"):
        gain.compare({"ada": {}}, {"bob": {}})


def test_no_item_is_on_the_site():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert "homework" in settings["exclude_patterns"] and settings["only_build_toc_files"]
    assert "homework" not in (ROOT / "_toc.yml").read_text(encoding="utf-8")
    pages = [*(ROOT / "chapters").rglob("*.*"), *(ROOT / "web").rglob("*.py"),
             *(ROOT / "lib").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages
                     if path.suffix in (".md", ".toml", ".ipynb", ".py"))
    assert len(pages) > 100
    for one in inventory.inventory()["items"]:
        for form in "AB":
            asked = one[form]["question"]
            assert asked not in text and json.dumps(asked)[1:-1] not in text
    built = ROOT / "_build" / "html" / "_sources"
    if built.is_dir():
        assert not [path for path in built.rglob("*") if "homework" in path.parts]
