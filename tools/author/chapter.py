"""Read a chapter as a list of cells whose ids name the step of the story that they tell.

`say-absorbed` is the cell with step `say` and word `absorbed`. Everything that judges or lists
chapters (the contract, the claims, the ledger) reads them through this module.
"""

import argparse
import ast
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from environment import ROOT, Trouble

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LEDGER = re.compile(r"(?:#|<!--)\s*ledger:\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?:-->)?\s*\Z")


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook: kind ("code" or "markdown"), id, source, metadata and outputs."""

    kind: str
    id: str
    source: str
    metadata: dict
    outputs: tuple = ()

    @property
    def step(self):
        """Return the first word of the id: the step of the skeleton."""
        return self.id.partition("-")[0]

    @property
    def word(self):
        """Return the rest of the id: what this cell's round is about."""
        return self.id.partition("-")[2]

    @property
    def tags(self):
        """Return the cell's tags."""
        return tuple(self.metadata.get("tags", ()))

    @property
    def code_lines(self):
        """Return the lines that a reader reads: neither blank nor a ledger marker."""
        return [line for line in self.source.splitlines()
                if line.strip() and not re.match(r"\s*# ledger:", line)]

    @property
    def ledger_ids(self):
        """Return the ids of the ledger rows that the cell's last line says it teaches."""
        found = LEDGER.search(self.source.rstrip())
        return re.split(r"\s*,\s*", found[1]) if found else []

    @property
    def tree(self):
        """Return the syntax tree of the code; an empty one for text, or where it does not parse."""
        try:
            return ast.parse(self.source if self.kind == "code" else "")
        except SyntaxError:
            return ast.parse("")

    @property
    def text_output(self):
        """Return what the cell shows as plain text."""
        parts = []
        for output in self.outputs:
            parts += output.get("text", []) or output.get("data", {}).get("text/plain", [])
        return "".join(parts)


@dataclass(frozen=True)
class Chapter:
    """A notebook by its topic (the file's name) and its cells in order."""

    topic: str
    cells: tuple

    @cached_property
    def by_id(self):
        """Return the cells by their ids."""
        return {cell.id: cell for cell in self.cells}

    def of(self, *steps):
        """Return the cells of these steps, in order."""
        return [cell for cell in self.cells if cell.step in steps]

    @cached_property
    def lesson(self):
        """Return the cells before the first exercise."""
        steps = [cell.step for cell in self.cells]
        return self.cells[:steps.index("exercise")] if "exercise" in steps else self.cells

    @cached_property
    def claims(self):
        """Return {word: sentence}: the bold sentence of each say cell that has exactly one."""
        return {cell.word: said[0] for cell in self.of("say")
                if len(said := bold_sentences(cell.source)) == 1}


def bold_sentences(text):
    """Return the texts in bold, each on one line."""
    return [" ".join(found.split()) for found in BOLD.findall(text)]


def prose(text):
    """Return Markdown without code, formulas, tags, directives and addresses: words to count."""
    text = re.sub(r"^(`{3,}|~{3,}|:{3,}).*?^\1\s*$", " ", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{[\w:]+\}`([^`<]*?)\s*(<[^`]*>)?`", r"\1", text)
    text = re.sub(r"`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"<[^>]+>", " ", text)


def words(text):
    """Return the words of a Markdown text, as a reader counts them."""
    return re.findall(r"[^\W\d_][\w'’-]*", prose(text))


def from_notebook(topic, notebook):
    """Return the Chapter of a notebook given as a dict."""
    cells = tuple(
        Cell(cell["cell_type"], cell.get("id", ""), "".join(cell["source"]), cell["metadata"],
             tuple(cell.get("outputs", ())))
        for cell in notebook["cells"])
    return Chapter(topic, cells)


def read(path):
    """Return the Chapter of a notebook file."""
    path = Path(path)
    return from_notebook(path.stem, load(path))


def load(path):
    """Return the notebook in a file, a dict; raise Trouble where there is none."""
    path = Path(path)
    if not path.is_file():
        known = ", ".join(known.stem for known in paths())
        raise Trouble(f"There is no notebook {path}. Give a path such as "
                      f"{Path('chapters', 'softmax.ipynb')}. Chapters: {known}")
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        missing = {"cells", "metadata"} - notebook.keys()
    except (ValueError, AttributeError) as error:
        raise Trouble(f"{path} is no notebook: {error}. Is it empty, damaged, or does it hold the "
                      f"marks of a merge? Its last good state: git checkout -- {path}") from error
    if missing:
        raise Trouble(f"{path} is no notebook of format 4: it has no {' and no '.join(missing)}")
    return notebook


def asked(about, arguments):
    """Return the notebooks that a command line names, by path or topic; all if it names none."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="paths or topics; default: all chapters")
    named = parser.parse_args(arguments).notebooks
    topics = {path.stem: path for path in paths()}
    return [topics.get(name, Path(name)) for name in named] or list(topics.values())


def paths(root=ROOT):
    """Return the notebooks of all chapters."""
    return sorted((root / "chapters").glob("*.ipynb"))
