"""No table has a formula in it, and lists are read whoever wrote them, or refused in words."""

import ast
import csv
import io
import json
import unicodedata

import pytest

from environment import ROOT
from homework import Trouble, moodle
from homework.course import Course, student_id
from homework.exams import handed_in
from homework.kit import lessons
from homework.plain import SIGNS, safe, table
from homework.tables import rows
from tests.homework import small
from tests.homework.test_hostile_exports import collected, zipped

GOOD = small.bytes_of(small.submission())
SOURCES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
           for path in sorted((ROOT / "homework").rglob("*.py"))}
NFC = unicodedata.normalize("NFC", "José Núñez")
NFD = unicodedata.normalize("NFD", NFC)
HOSTILE = [before + sign + "1+cmd|' /C calc'!A0" for sign in SIGNS for before in (
    "", " ", "\t", "\n", "\u200b", '"', "x;", "x; ", 'x;"', "x；", "x\t", "x\n", "x ", 'x "')]


def parts(text):
    """Return what the fields of a text are, whatever it is split at, with and without quotes."""
    text = text.replace("\t", ";").replace("；", ";")
    for mark in ";", " ":
        for part in text.split(mark):
            yield part.lstrip(' "\ufffd')


@pytest.mark.parametrize("sign", SIGNS)
def test_no_part_of_a_field_is_a_formula(sign):
    for field in (one for one in HOSTILE if sign in one):
        line, = table([[field]]).splitlines()
        assert not [part for part in parts(line) if part[:1] and part[0] in SIGNS], (field, line)
        assert csv.reader([line]).__next__() == [safe(field)]


def test_the_signs_are_all_that_are_one_in_another_width():
    wide = {chr(n) for n in range(0x110000)
            if unicodedata.normalize("NFKC", chr(n))[:1] in set("=+-@|%−")}
    assert wide == set(SIGNS)


def test_what_is_no_formula_stays():
    for text in ("a = b - 2", "got -1.5, not 2", "below 1e-3 (at -2e-05).", "5 % of x", "a-b=c",
                 "José; Ada", "", "12/34"):
        assert safe(text) == text


def named(node):
    """Return the name that a call calls."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def calls(tree):
    """Return the names that are called in a tree."""
    return {named(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def makers():
    """Return `table` of homework.plain, and the functions that return what it makes."""
    return {"table"} | {
        node.name for tree in SOURCES.values() for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Return) and isinstance(one.value, ast.Call)
            and named(one.value) == "table" for one in ast.walk(node))}


def written(tree):
    """Return the calls in a tree that write a file called .csv, by its name or by a variable's."""
    holds = {node.targets[0].id for node in ast.walk(tree) if isinstance(node, ast.Assign)
             and isinstance(node.targets[0], ast.Name) and csv_in(node.value)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)
            and named(node) in ("put", "write", "write_text", "write_bytes")
            and (any(csv_in(part) for part in (node.func, *node.args))
                 or any(isinstance(part, ast.Name) and part.id in holds
                        for one in node.args[:1] for part in ast.walk(one)))]


def csv_in(tree):
    """Return whether a text that ends in .csv stands in a tree."""
    return any(isinstance(part, ast.Constant) and str(part.value).endswith(".csv")
               for part in ast.walk(tree))


@pytest.mark.parametrize("name", SOURCES)
def test_every_table_is_made_in_one_place(name):
    tree = SOURCES[name]
    if name != "homework/plain.py":
        assert not calls(tree) & {"writer", "DictWriter", "to_csv"}
        assert "table" not in {node.name for node in ast.walk(tree)
                               if isinstance(node, ast.FunctionDef)}
    for call in written(tree):
        assert any(calls(part) & makers() for part in call.args), ast.unparse(call)


def test_the_writers_of_tables_are_found():
    found = {name.removeprefix("homework/") for name, tree in SOURCES.items() if written(tree)}
    assert {"agreement.py", "exams/inventory.py", "export.py", "kit/outcomes.py", "late.py",
            "report.py", "second.py", "variants.py"} <= found
    assert {"exams/gain.py", "exams/handed_in.py"} <= {
        name.removeprefix("homework/") for name, tree in SOURCES.items() if "table" in calls(tree)}


def test_a_table_of_predictions_holds_no_formula(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    data = {"chapter": "lu", "version": "1", "choices": []}
    (tmp_path / "in" / "ada.json").write_text(json.dumps(data))
    (tmp_path / "students.csv").write_text('id,name\nada,"x; =1+1"\n', encoding="utf-8")
    assert handed_in.main([str(tmp_path / "in"), "--to", str(tmp_path / "out"), "--course",
                           str(tmp_path), "--lms", "moodle"]) == 0
    for name in ("completion.csv", "predictions-lu-moodle.csv"):
        assert "\"x;' '=1+1\"" in (tmp_path / "out" / name).read_text()


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("listed, given", [(NFC, NFD), (NFD, NFC)], ids=["Mac", "list"])
def test_a_name_is_the_same_in_both_forms(listed, given, pack, tmp_path, capsys):
    students = f"id,name\njose,{listed}\n{listed.split()[1]},X Y\n"
    _, files, status, out = collected(tmp_path, capsys, {
        f"{given}/small.ipynb": GOOD, f"{given.split()[1]}/small.ipynb": GOOD}, students, pack)
    assert set(files) == {"jose", NFC[-5:]} and status == 0, out


@pytest.mark.parametrize("name", [
    f"{NFD}_5_assignsubmission_file_/small.ipynb",
    unicodedata.normalize("NFD", "núñezjosé_99_1_small.ipynb"), "Ｊｏｓé Núñez/small.ipynb"])
def test_names_of_platforms_are_the_same_in_both_forms(name, tmp_path, capsys):
    _, files, status, out = collected(tmp_path, capsys, {
        "submissions.zip": zipped({name: GOOD})}, f"id,name\njose,{NFC}\n")
    assert set(files) == {"jose"} and status == 0, out


def test_a_name_in_either_form_is_one_folder():
    assert student_id(NFD) == student_id(NFC) == "José_Núñez"


@pytest.mark.parametrize("first, second", [
    ("Ada", "ada"), ("straße", "STRASSE"), ("ada", "ａｄａ"), ("12/34", "12_34"), ("m2", "m2")])
def test_ids_that_may_be_one_folder_are_refused_with_both_rows(first, second, tmp_path):
    (tmp_path / "students.csv").write_text(
        f"id,name\nben,Ben B\n{first},Ada One\n{second},Ada Two\n", encoding="utf-8")
    with pytest.raises(Trouble, match=f"'{first}, Ada One' and '{second}, Ada Two'. Give one"):
        Course(tmp_path).students()


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_in_utf_16_is_read(form, tmp_path):
    text = ("" if form == "utf-16" else "\ufeff") + f"id\tname\nada\t{NFC}\n"
    (tmp_path / "students.csv").write_bytes(text.encode(form))
    assert Course(tmp_path).students() == {"ada": {"id": "ada", "name": NFC}}


@pytest.mark.parametrize("data", [
    b"\xff\xfei", "id,name\nada,Ada\n".encode("utf-16-le"), b"PK\3\4\0\0id,name\n"],
    ids=["half", "no mark", "a workbook"])
def test_what_is_no_text_is_refused_with_the_remedy(data, tmp_path):
    (tmp_path / "students.csv").write_bytes(data)
    with pytest.raises(Trouble, match=r"students\.csv cannot be read as text: save it as CSV"):
        Course(tmp_path).students()
    with pytest.raises(Trouble, match="save it as CSV UTF-8"):
        moodle.worksheet(tmp_path / "students.csv")


def test_names_of_columns_are_read_in_capitals_and_with_blanks(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text("ID, Name,E-Mail,LMS ID, Room\nada,Ada,x@y,17,R2\n")
    assert rows(path, "id") == [
        {"id": "ada", "name": "Ada", "E-Mail": "x@y", "lms_id": "17", "Room": "R2"}]
    path.write_text("ID,id\nada,ben\n")
    with pytest.raises(Trouble, match="two columns called id: give one of them another name"):
        rows(path, "id")


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", "\t\n", "-", "?", "\u2800"])
def test_a_blank_is_no_prediction(blank):
    chapter, asked = next((topic, one) for topic in lessons.order() for one in
                          lessons.predictions(lessons.lesson(topic)) if not one.options)
    for chosen, given in ((blank, 0), ("0.25", 1), ("half", 1), ("∞", 1)):
        data = {"chapter": chapter, "version": "1", "choices": [[asked.id, chosen]]}
        assert handed_in.read(json.dumps(data).encode(), "x").given == given


def test_a_table_is_read_back_as_it_was():
    made = table([["id", "mark"], ["a, \"b\"", 2.5], ["c", None]])
    assert list(csv.reader(io.StringIO(made))) == [["id", "mark"], ['a, "b"', "2.5"], ["c", ""]]
