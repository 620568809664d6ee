"""The edition of a term: its solutions are nowhere, its banner is everywhere, others stay."""

import datetime
import json
import re

import pytest

import extras
import term
from environment import Trouble

SOLUTION = ('<div class="cell tag_hide-cell step-solution docutils container" id="solution-row">\n'
            '<details><div class="cell_input"><div>SECRET = 42</div></div></details>\n</div>')
PAGE = ('<html><body><article class="bd-article"><div class="cell step-run" id="run-x">'
        f"<div>seen</div></div>{SOLUTION}<p>after</p></article></body></html>")
NOTEBOOK = json.dumps({"cells": [{"id": "run-x", "source": "seen"},
                                 {"id": "solution-row", "source": "SECRET = 42"}]})


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Return a folder with a small built site; no wheel is made."""
    for name in ("html/chapters", "html/_sources/chapters"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "html/index.html").write_text("<html></html>")
    (tmp_path / "html/chapters/softmax.html").write_text(PAGE)
    (tmp_path / "html/_sources/chapters/softmax.ipynb").write_text(NOTEBOOK)
    monkeypatch.setattr(term, "wheel", small_wheel)
    return tmp_path


def small_wheel(folder, name):
    """Write something in the wheel's place; return its name."""
    (folder / f"lib-{name}.whl").write_text("lib")
    return f"lib-{name}.whl"


def reached(start):
    """Return the files that links lead to from a page, a redirect among them, itself too."""
    seen, todo = set(), [start.resolve()]
    while todo:
        page = todo.pop()
        seen.add(page)
        links = re.findall(r'(?:href="|url=)([^"]+)"', page.read_text())
        assert all((page.parent / link).is_file() for link in links), page
        todo += [target for link in links
                 if (target := (page.parent / link).resolve()) not in {*seen, *todo}]
    return seen


def texts(folder):
    """Return the texts of all files of a folder."""
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_a_term_without_solutions_has_them_nowhere(build):
    (build / "html/_static/tables").mkdir(parents=True)
    made_of_pages = [*extras.WORDS, "_static/tables/softmax-solution-row-1.csv"]
    for name in made_of_pages:
        (build / "html" / name).write_text("SECRET")
    term.release("2027a", "hidden", build)
    made = texts(build / "release/2027a")
    assert "SECRET" not in made and "seen" in made and "after" in made
    assert 'id="solution-row"' in made  # links to it lead somewhere
    assert "SECRET" in texts(build / "html")


@pytest.mark.parametrize("solutions", ["hidden", "after:9999-01-01"])
def test_no_link_leads_from_a_term_to_solutions(solutions, build):
    (build / "html/index.html").write_text(PAGE + '<a href="chapters/softmax.html">first</a>')
    term.release("2026b", "shown", build)
    term.release("2027a", solutions, build)
    pages = reached(build / "release/index.html")
    assert len(pages) >= 5 and not any("SECRET" in page.read_text() for page in pages)
    assert "SECRET" not in texts(build / "release/latest")
    assert build / "release/2027a/chapters/softmax.html" in pages
    assert build / "release/2027a/lib-2027a.whl" in pages


def test_the_latest_edition_is_without_them_as_long_as_a_term_is(build):
    term.release("2027b", "hidden", build)
    term.release("2027a", "shown", build)
    assert "SECRET" not in texts(build / "release/latest")
    assert "2027b/index.html" in (build / "release/index.html").read_text()
    term.release("2027b", "shown", build)
    assert texts(build / "release/latest").count("SECRET") == 2
    assert "latest/index.html" in (build / "release/index.html").read_text()


def test_a_term_may_show_them(build):
    term.release("2027a", "shown", build)
    assert texts(build / "release/2027a").count("SECRET") == 2


@pytest.mark.parametrize("today, shown", [("2027-02-28", False), ("2027-03-01", True)])
def test_a_date_decides(today, shown):
    today = datetime.date.fromisoformat(today)
    assert term.asked("after:2027-03-01", today) == (
        shown, "" if shown else " · Solutions from 2027-03-01 on.")


def test_the_banner_says_from_when_on_there_are_solutions(build):
    term.release("2027a", "after:9999-01-01", build)
    page = (build / "release/2027a/chapters/softmax.html").read_text()
    assert "Solutions from 9999-01-01 on." in page and "latest" not in page


def test_the_banner_leads_to_errata_the_wheel_and_the_same_page(build):
    term.release("2027a", "shown", build)
    page = (build / "release/2027a/chapters/softmax.html").read_text()
    assert page.count("term-banner") == 1 and "Edition 2027a" in page
    for link in ('href="../errata.html"', 'href="../lib-2027a.whl"',
                 'href="../../latest/chapters/softmax.html"'):
        assert link in page
        target = build / "release/2027a/chapters" / link[6:-1]
        assert target.resolve().is_file()
    assert "None so far" in (build / "release/2027a/errata.html").read_text()
    assert "latest/index.html" in (build / "release/index.html").read_text()


def test_errata_are_the_lines_with_a_dash(tmp_path):
    (tmp_path / "2027a.md").write_text("# Errata\n\n- A < B, not > B.\nNot this.\n- Two.\n")
    page = term.errata("2027a", tmp_path)
    assert "<li>A &lt; B, not &gt; B.</li><li>Two.</li>" in page and "Not this" not in page


def test_another_term_stays_and_the_same_is_made_anew(build):
    term.release("2026b", "hidden", build)
    before = texts(build / "release/2026b")
    term.release("2027a", "hidden", build)
    term.release("2027a", "shown", build)
    assert texts(build / "release/2026b") == before
    assert sorted(path.name for path in (build / "release").iterdir()) == [
        "2026b", "2027a", "index.html", "latest"]


@pytest.mark.parametrize("name, solutions, said", [
    ("spring", "hidden", "'spring' is no name of a term"),
    ("../x", "hidden", "is no name of a term"), ("latest", "hidden", "is no name of a term"),
    ("2027a", "later", "'later' is none of hidden, shown"),
    ("2027a", "after:March", "'after:March' is none of hidden"),
    ("2027a", "2027-03-01", "is none of hidden")])
def test_what_cannot_be_is_told_before_anything_is_written(name, solutions, said, build):
    with pytest.raises(Trouble, match=said):
        term.release(name, solutions, build)
    assert not (build / "release").exists()


def test_a_page_that_is_cut_off_is_told():
    with pytest.raises(Trouble, match="solution-row of a page has no end"):
        term.without_solutions(PAGE[:PAGE.index("SECRET")])


def test_the_wheel_has_the_term_in_its_version(tmp_path):
    assert term.wheel(tmp_path, "2027a") == "where_the_digits_go-0.1.0+2027a-py3-none-any.whl"
