"""The command `exam`: all formats say the same, and the key is on none of the questions' sheets."""

import re
import xml.etree.ElementTree as ET

import pytest

from homework import Trouble
from homework.exams import (
    codes,
    exam,
    gift,
    inventory,
    oral,
    papers,
    qti,
    seen,
    texts,
    words,
    write,
)
from homework.exams.bank import bank
from homework.exams.items import Item, Option
from tests.homework import formats

TOPICS = ("floating_point", "qr", "softmax")


@pytest.fixture(scope="module", params=TOPICS)
def items(request):
    """Return an exam of a chapter."""
    return bank(request.param).exam(2027)


def test_gift_says_what_the_items_say(items):
    back = formats.read_gift(gift.gift(items, "LU: exam"))
    assert len(back) == len(items)
    for one, item in zip(back, items, strict=True):
        assert one["stem"].startswith(words.plain(item.stem)) and item.listing in one["stem"]
        if item.options:
            assert [(right, text) for right, text, _ in one["options"]] == [
                (not option.misconception, words.plain(option.text)) for option in item.options]
        else:
            assert (one["number"], one["within"]) == (item.number, item.within)


def test_signs_of_gift_in_a_text_are_no_signs():
    text = "{a} = b ~ c # d: \\(e\\) \\n :: end"
    item = Item("odd", text, f"since {text}", listing=f"{text}\n  second",
                options=(Option(text), Option(f"{text}!", "~thought=")))
    back, = formats.read_gift(gift.gift([item], "x"))
    assert back["stem"].startswith(text) and f"{text}\n  second" in back["stem"]
    assert [option for _, option, _ in back["options"]] == [text, f"{text}!"]


def test_qti_says_what_the_items_say(items):
    _, _, files = formats.read_qti(qti.package(items, "exam"))
    assert len(files) == len(items)
    for tree, item in zip(files.values(), items, strict=True):
        right = tree.find(f".//{formats.QTI}correctResponse/{formats.QTI}value").text
        if item.options:
            told = {one.get("identifier"): "".join(one.itertext())
                    for one in tree.iter(f"{formats.QTI}simpleChoice")}
            assert told[right] == words.plain(item.options[item.key].text)
            assert len(told) == len(item.options)
        else:
            assert float(right) == item.number
            equal = tree.find(f".//{formats.QTI}equal")
            near = [float(x) for x in equal.get("tolerance", "0 0").split()]
            assert near == [item.within, item.within]


def test_a_package_without_its_structure_is_seen():
    tree = ET.fromstring(qti.item_file(bank("qr").draw("rank_lost", 1), "one"))
    body = tree.find(f"{formats.QTI}itemBody")
    ET.SubElement(body, f"{formats.QTI}simpleChoice")
    tree.remove(body)
    tree.insert(0, body)
    assert {"simpleChoice in itemBody", "simpleChoice without identifier"} < set(
        formats.faults_of(tree))
    assert any(fault.startswith("assessmentItem holds") for fault in formats.faults_of(tree))


def test_the_same_items_make_the_same_bytes(items):
    assert qti.package(items, "exam") == qti.package(items, "exam")


def test_the_sheet_has_no_key_and_the_key_has_all(items):
    outcomes = exam.outcomes_of([items[0].topic])
    sheet, key = papers.questions("exam", items), papers.key("exam", items, outcomes)
    plain, plain_key = texts.sheet("exam", items), texts.key("exam", items, outcomes)
    for item in items:
        assert words.markup(item.stem.split("`")[0])[:40] in sheet
        assert item.why[:30] not in plain
        said = f"Outcome {item.outcome} of {item.topic}: "
        assert said in key and said in " ".join(plain_key.split())
        for option in item.options:
            assert f") {words.plain(option.text)}" in plain
            if option.misconception:
                assert option.misconception not in sheet + plain
                assert f"Behind it: {option.misconception}" in plain_key
    assert 'class="right"' in key and 'class="right"' not in sheet
    assert "http" not in re.sub(r"http://www.w3.org/\S+", "", sheet + key)


def test_formulas_are_typeset_on_paper_and_tex_elsewhere():
    item = Item("tex", r"Take $\sqrt{2}$ of `a < b`.", "why", number=1.0)
    assert "katex" in papers.questions("x", [item])
    assert r"\(\sqrt{2}\) of <code>a &lt; b</code>" in words.paragraphs(item.stem)
    assert r"\\(\\sqrt\{2\}\\)" in gift.gift([item], "x")


def test_the_command_writes_everything(tmp_path, capsys):
    assert exam.main(["lu", "--seed", "5", "--items", "4", "--to", str(tmp_path), "--html"]) == 0
    folder = tmp_path / f"lu-{codes.code('exam', 'lu', 5)}"
    assert sorted(path.name for path in folder.iterdir()) == [
        "key.html", "key.txt", "moodle.gift.txt", "qti.zip", "questions.html", "questions.txt",
        "traced.txt"]
    assert len(formats.read_qti((folder / "qti.zip").read_bytes())[2]) == 4
    assert str(folder / "qti.zip") in capsys.readouterr().out


@pytest.mark.parametrize("count, shares", [(8, [3, 3, 2]), (3, [1, 1, 1]), (30, [10, 10, 10])])
def test_an_exam_on_several_chapters_has_its_share_of_each(count, shares):
    parts = ("floating_point", "cancellation", "lu")
    items = exam.drawn(parts, 5, count)
    assert [sum(item.topic == topic for item in items) for topic in parts] == shares
    assert [parts.index(item.topic) for item in items] == sorted(
        parts.index(item.topic) for item in items)
    kinds = [item.kind for item in items]
    assert len(set(kinds)) == min(count, 4)
    assert count != 8 or all(kinds.count(kind) == 2 for kind in kinds)
    assert len({(item.topic, item.name) for item in items}) == count


@pytest.mark.parametrize("parts", [("lu", "qr"), ("lu", "qr", "svd", "softmax")])
def test_each_chapter_of_an_exam_has_several_kinds(parts):
    items = exam.drawn(parts, 5, 4 * len(parts))
    for topic in parts:
        assert len({item.kind for item in items if item.topic == topic}) == 4


def test_an_exam_on_several_chapters_traces_no_function_twice():
    parts = ("floating_point", "low_precision", "gradient_flow")  # they share two functions
    items = [item for item in exam.drawn(parts, 5, 12) if item.kind == "read"]
    assert len(items) == len({seen.traced_in(item) for item in items}) >= 3


def test_a_midterm_is_one_exam_with_one_key(tmp_path, capsys):
    named = "floating_point,cancellation,lu"
    assert exam.main([named, "--seed", "5", "--items", "8", "--to", str(tmp_path), "--html"]) == 0
    folder, = tmp_path.iterdir()
    assert folder.name == f"mixed-{codes.code('exam', named, 5)}"
    sheet, key = ((folder / name).read_text() for name in ("questions.txt", "key.txt"))
    assert sheet.startswith("Floating point, Cancellation, LU: exam ")
    assert len(re.findall(r"^\d\. ", sheet, re.MULTILINE)) == 8
    assert all(f" of {topic}: " in " ".join(key.split()) for topic in named.split(","))
    assert len(formats.read_qti((folder / "qti.zip").read_bytes())[2]) == 8
    alone = {item.stem for item in exam.drawn(("lu",), 5, 10)}
    assert not alone & {item.stem for item in exam.drawn(tuple(named.split(",")), 5, 8)}


@pytest.mark.parametrize("command, arguments", [
    (exam, ["lu"]), (exam, ["lu,qr"]), (oral, ["lu"]), (inventory, ["--form", "A", "--key"])])
def test_the_seed_is_on_the_key_alone(command, arguments, tmp_path, capsys):
    seed = "736401829"
    command.main([*arguments, "--seed", seed, "--to", str(tmp_path), "--html"])
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    if "qti.zip" in held:
        manifest, test, trees = formats.read_qti(held.pop("qti.zip"))
        held["qti"] = b"".join(map(ET.tostring, (manifest, test, *trees.values())))
    keys = {name for name in held if name.startswith(("key", "examiner", "answers"))}
    assert keys and all(seed.encode() in held[name] for name in keys)
    assert not [name for name in held.keys() - keys if seed.encode() in held[name]]
    assert seed not in capsys.readouterr().out
    folder, = tmp_path.iterdir()
    name = folder.name.partition("-")[2]
    assert re.fullmatch("[B-Z]{3}", name)
    assert all(name.encode() in held[one] for one in held if one.endswith(".html"))


def test_a_code_tells_papers_apart_and_not_the_seed():
    made = {codes.code("exam", topic, seed) for topic in ("lu", "qr") for seed in (5, 6, 7)}
    assert len(made) == 6 and len(codes.LETTERS) ** 3 == 8000


@pytest.mark.parametrize("arguments, said", [
    (["cooking", "--seed", "1"], "no items on 'cooking'"),
    (["lu", "--seed", "1", "--items", "11"], "ten items"),
    (["lu", "--seed", "1", "--items", "0"], "1 to 10"),
    (["lu,qr,svd", "--seed", "1", "--items", "2"], "3 to 30"),
    (["lu,cooking", "--seed", "1"], "no items on 'cooking'"),
    (["lu,qr,lu", "--seed", "1"], "each chapter once"),
    (["lu,all", "--seed", "1"], "each chapter once")])
def test_what_cannot_be_is_told(arguments, said):
    with pytest.raises(Trouble, match=said):
        exam.main(arguments)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="--to FOLDER"):
        exam.main(["lu", "--seed", "1", "--to", str(tmp_path / "file"), "--html"])


def test_without_a_browser_the_html_is_said_to_be_all(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stages.browser", lambda: None)
    item = Item("one", "Stem", "why", number=1.0)
    write.told(write.everything(tmp_path, "x", [item], {}))
    assert "No Chromium was found" in capsys.readouterr().out
    assert (tmp_path / "key.html").is_file() and not list(tmp_path.glob("*.pdf"))


@pytest.mark.browser
def test_the_pdf_says_what_the_page_says(tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2")
    items = bank("lu").exam(2027)
    write.everything(tmp_path, "LU: exam", items, {})
    for name in ("questions", "key"):
        pages = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        text = "".join(page.get_textpage().get_text_range() for page in pages)
        bare = re.sub(r"\s", "", text)
        assert 2 <= len(pages) <= 9
        assert all(re.sub(r"[\s`]", "", item.stem)[:40] in bare for item in items)


@pytest.mark.parametrize("number, text", [
    (0, "0"), (3.21e-8, "3.2 × 10⁻⁸"), (1e-8, "10⁻⁸"), (12345, "12000"), (1e5, "10⁵"),
    (float("inf"), "inf"), (-2.5e7, "-2.5 × 10⁷")])
def test_numbers_are_written_short(number, text):
    assert words.sci(number) == text
