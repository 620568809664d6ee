"""The build keeps the numbers of each figure beside its picture, and notebooks keep none."""

import csv
import io
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.figure import Figure

import book
import tabled


@pytest.fixture
def formatter():
    """Return what gives all forms of a thing that is displayed, with the extension loaded."""
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    tabled.load_ipython_extension(shell)
    return shell.display_formatter


def test_a_figure_that_is_displayed_has_its_table(formatter):
    figure = Figure()
    figure.subplots().plot([1, 2], [0.1, 0.3], label="a, b")
    rows = list(csv.DictReader(io.StringIO(formatter.format(figure)[0]["text/csv"][1:])))
    assert [(row["curve"], row["x"], row["y"]) for row in rows] == [("a, b", "1", "0.1"),
                                                                    ("a, b", "2", "0.3")]


def test_a_figure_keeps_its_table_when_the_form_of_pictures_is_chosen(formatter):
    for one in formatter.formatters.values():  # as matplotlib's inline backend does
        one.pop(Figure, None)
    assert "text/csv" in formatter.format(Figure())[0]


def test_what_is_no_figure_has_none(formatter):
    assert "text/csv" not in formatter.format([1, 2])[0]


def notebook():
    """Return an executed notebook with three figures in two cells."""
    cells = [nbformat.v4.new_code_cell("1", id="run-a"), nbformat.v4.new_code_cell("2", id="run-b"),
             nbformat.v4.new_markdown_cell("text", id="explain-c")]
    for cell, texts in zip(cells, (["x\n1\n"], ["y\n2\n", "z\n3\n"]), strict=False):
        forms = [{"text/csv": text, "text/plain": "f"} for text in texts]
        cell.outputs = [nbformat.v4.new_output("display_data", one) for one in forms]
        cell.outputs.append(nbformat.v4.new_output("stream", text="said"))
    return nbformat.v4.new_notebook(cells=cells)


def test_tables_go_into_files_named_by_their_cells():
    executed = notebook()
    assert tabled.taken(executed) == {"run-a.csv": "x\n1\n", "run-b.csv": "y\n2\n",
                                      "run-b.2.csv": "z\n3\n"}
    assert tabled.taken(executed) == {}
    assert executed.cells[0].outputs[0].data == {"text/plain": "f"}


def test_the_tables_of_an_earlier_run_do_not_stay(tmp_path):
    folder = tmp_path / "build" / "tables" / "tiny"
    folder.mkdir(parents=True)
    (folder / "run-old.csv").write_text("x\n")
    path = tmp_path / "tiny.ipynb"
    nbformat.write(notebook(), path)
    book.keep(path, notebook(), 1.0, {}, tmp_path / "build")
    assert sorted(one.name for one in folder.iterdir()) == ["run-a.csv", "run-b.2.csv", "run-b.csv"]
    assert (folder / "run-a.csv").read_bytes() == b"x\n1\n"
