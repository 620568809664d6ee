"""The notebook tool: one canonical form, its faults told, a text form that can be read back."""

import copy
import json

import pytest

import notebooks


def cell(source="x = 1", kind="code", name="run-x", outputs=(), **metadata):
    """Return a cell as nbformat stores it."""
    made = {"cell_type": kind, "id": name, "metadata": metadata, "source": [source]}
    return made | ({"execution_count": 7, "outputs": list(outputs)} if kind == "code" else {})


def book(*cells):
    """Return a notebook as Jupyter writes it, with metadata that does not belong in a diff."""
    return {"cells": list(cells), "nbformat": 4, "nbformat_minor": 4,
            "metadata": {"language_info": {"version": "3.11.7"}, "kernelspec": {"name": "mine"}}}


def result(data, kind="execute_result"):
    """Return an output that shows something."""
    return {"output_type": kind, "data": data, "metadata": {"needs": "no"}, "execution_count": 7}


def only(notebook):
    """Return the canonical form of a notebook's first cell."""
    return notebooks.canonical(notebook)["cells"][0]


def test_the_canonical_form_keeps_what_a_person_wrote():
    kept = only(book(cell("x = 2\n", tags=["hide-cell"], mystnb={"figure": {}}, scrolled=True)))
    assert kept["metadata"] == {"tags": ["hide-cell"], "mystnb": {"figure": {}}}
    assert kept["source"] == ["x = 2"] and kept["id"] == "run-x"


def test_counts_run_from_one():
    made = notebooks.canonical(book(cell(), cell(kind="markdown"), cell()))["cells"]
    assert [one.get("execution_count") for one in made] == [1, None, 2]


def test_there_is_one_kernelspec_and_no_language_info():
    assert notebooks.canonical(book())["metadata"] == {"kernelspec": notebooks.KERNELSPEC}


def test_pictures_go_and_their_text_stays():
    shown = result({"image/png": "iVBOR", "text/plain": ["<Figure size 1x1>"]}, "display_data")
    assert only(book(cell(outputs=[shown])))["outputs"][0]["data"] == {
        "text/plain": ["<Figure size 1x1>"]}


def test_a_table_in_html_stays_and_a_live_control_goes():
    table = result({"text/html": "<table>", "text/plain": "t"})
    live = result({"text/html": "<div>", "text/plain": "<explore: k (3)>",
                   notebooks.STATE_OF_A_WIDGET: {"model_id": "a"}})
    outputs = only(book(cell(outputs=[table, live])))["outputs"]
    assert [sorted(output["data"]) for output in outputs] == [["text/html", "text/plain"],
                                                             ["text/plain"]]


def test_an_error_keeps_name_and_message_and_no_traceback():
    error = {"output_type": "error", "ename": "E", "evalue": "why", "traceback": ["/home/me"]}
    assert only(book(cell(outputs=[error])))["outputs"] == [{**error, "traceback": []}]


def test_pieces_of_a_stream_are_joined():
    pieces = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("a", "b\nc")]
    assert only(book(cell(outputs=pieces)))["outputs"][0]["text"] == ["ab\n", "c"]


def test_the_canonical_form_is_its_own():
    once = notebooks.canonical(book(cell(outputs=[result({"text/plain": "1"})])))
    assert notebooks.canonical(copy.deepcopy(once)) == once


@pytest.mark.parametrize("name, complaint", [
    ("Run X", "is not words joined by hyphens"),
    ("", "is not words joined by hyphens"),
    ("a1b2c3d4", "made by a machine"),
    ("3f9e2b1c-77aa", "is not words joined by hyphens"),
])
def test_ids_are_written_by_hand(tmp_path, name, complaint):
    path = tmp_path / "x.ipynb"
    notebooks.fix(path, book(cell(name=name)))
    assert any(complaint in fault for fault in notebooks.faults(path))


def test_an_id_occurs_once(tmp_path):
    path = tmp_path / "x.ipynb"
    notebooks.fix(path, book(cell(), cell()))
    assert any("occurs twice" in fault for fault in notebooks.faults(path))


def test_check_fails_until_fix(tmp_path, capsys):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(book(cell())))
    assert notebooks.main(["check", str(path)]) == 1
    assert "not in canonical form" in capsys.readouterr().out
    assert notebooks.main(["fix", str(path)]) == 0
    assert notebooks.main(["check", str(path)]) == 0


def test_line_ends_of_windows_are_told(tmp_path):
    path = tmp_path / "x.ipynb"
    notebooks.fix(path, book(cell()))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert notebooks.faults(path) == [notebooks.NOT_CANONICAL]


def test_a_cell_that_never_ran_is_told(tmp_path):
    path = tmp_path / "x.ipynb"
    notebooks.fix(path, book(cell("1 + 1")))
    assert any("shows no output" in fault for fault in notebooks.faults(path))


def test_a_file_that_is_no_notebook_is_told(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text('{"cells": [')
    assert any("is no notebook" in fault for fault in notebooks.faults(path))


def test_show_can_be_read_back(tmp_path):
    path = tmp_path / "x.ipynb"
    outputs = [result({"text/plain": ["2\n", "3"]})]
    notebooks.fix(path, book(cell("# A\n\ntext", "markdown", "title"),
                             cell("x = 1\nx + 1", outputs=outputs, tags=["hide-cell"])))
    text = notebooks.show(path)
    assert "=> 2\n=> 3" in text and '%% code run-x {"tags": ["hide-cell"]}' in text
    again = notebooks.canonical(notebooks.from_text(text))
    for one in again["cells"]:
        one.update({"outputs": outputs} if one["cell_type"] == "code" else {})
    assert notebooks.canonical(again) == json.loads(path.read_text(encoding="utf-8"))


def test_a_head_that_is_none_is_told():
    with pytest.raises(ValueError, match="no head of a cell"):
        notebooks.from_text("%% prose title\nA\n")


def test_run_executes_and_stores(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebooks.from_text("%% code run-x\n1 + 1")))
    notebooks.run(path)
    assert "=> 2" in notebooks.show(path) and not notebooks.faults(path)
