"""Formulas of feedback are drawn by the browser alone, and a student's do no harm there."""

import json
import re
from pathlib import Path

import pytest

from homework import feedback, formulas
from tests.homework.test_hostile_prose import MATH

MASTERS = sorted(Path(formulas.__file__).parent.glob("*/*.ipynb"))
OFF = [r"\href{https://a.example}{x}", r"\url{https://a.example}", r"\includegraphics{a.png}",
       r"\htmlClass{a}{b}", r"\htmlStyle{position: fixed}{b}", r"\htmlData{a=b}{c}",
       r"\color{url(//a.example)}x", r"\def\a{\a\a}\a", r"\require{html}", "{" * 5000,
       r"\def\a{xxxx}" + r"\a" * 300, r"\newcommand{\a}{x}\a", r"\let\a\frac\a12",
       "{" * 900 + "}" * 900, r"\frac{1}{" * 200 + "}" * 200, "x" * 3000, "<script>\\oops"]


def shown(source):
    return feedback.exporters()().markdown2html({}, source)


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: path.stem)
def test_each_formula_of_a_set_is_typeset(master):
    cells = json.loads(master.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    pages = [shown(text) for text in texts]
    assert sum(page.count("<math") for page in pages) > 5
    assert not [page for page in pages if "$" in page]


@pytest.mark.parametrize("tex", OFF, ids=range(len(OFF)))
def test_what_links_loads_or_has_no_end_is_shown_as_typed(tex):
    for display in (False, True):
        made = formulas.mathml(tex, display)
        assert made.startswith("$") and "<" not in made


@pytest.mark.parametrize("source", MATH)
def test_a_hostile_formula_makes_no_tag_but_those_of_formulas(source):
    tags = set(re.findall(r"<(\w+)", shown(source)))
    assert tags <= {"p", "math", "mrow", "mi", "mo", "mn", "mstyle", "mtext", "msub", "mspace"}


def test_names_of_formulas_in_a_text_are_no_formulas():
    assert shown("\ue0000\ue001 " * 20 + "$x$ \ue0000\ue001 \ue0007\ue001").count("<math") == 1
    assert shown("$x$ $x$").count("<math") == 2


def test_a_page_has_so_many_formulas(monkeypatch):
    monkeypatch.setattr(formulas, "COUNT", 3)
    assert shown("$x$ " * 5).count("<math") == 3


def test_display_environments_and_words_are_drawn():
    page = shown("$$\\begin{pmatrix}1 & 2\\\\3 & 4\\end{pmatrix}$$\n\n"
                 "\\begin{align}a &= b\\end{align}\n\n$\\text{a < b}$")
    assert page.count('display="block"') == 2 and "<mtext>a\xa0&lt;\xa0b</mtext>" in page


def test_a_page_of_feedback_loads_nothing():
    page = ('<head><script src="https://cdn.example/m.js"> </script>\n<script type="text/x-m">\n'
            'init();\n</script></head><p>one</p>')
    assert feedback.alone(page) == "<head>\n</head><p>one</p>"
