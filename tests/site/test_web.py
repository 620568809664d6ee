"""The Sphinx extension `web`: formulas, claims, bundles, and a small book built twice."""

import io
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docutils import nodes
from fontTools.ttLib import TTFont

from tests.site import small
from web import bundle, cells, claims, mathematics, pages, sheets

ROOT = Path(__file__).resolve().parents[2]


# --- Mathematics ----------------------------------------------------------------------------------

def test_a_formula_is_typeset_for_the_eye_and_for_screen_readers():
    markup = mathematics.typeset(r"\frac{1}{2}", display=True)
    assert 'class="katex-display"' in markup
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in markup


def test_macros_take_arguments():
    macros = ((r"\norm", r"\lVert #1 \rVert"),)
    assert mathematics.typeset(r"\norm{x}", macros=macros).count("<mi>x</mi>") == 1


@pytest.mark.parametrize("tex", [r"\frac{1}", r"\nosuchcommand", r"\begin{align} a"])
def test_a_formula_that_cannot_be_read_is_an_error_with_its_reason(tex):
    with pytest.raises(mathematics.TexError, match="KaTeX parse error"):
        mathematics.typeset(tex)


def test_sphinx_numbers_a_display_so_katex_does_not():
    node = nodes.math_block("", "\\begin{align} a &= b \\\\ c &= d \\end{align}", nowrap=True)
    assert mathematics.display_source(node) == (
        "\\begin{align*} a &= b \\\\ c &= d \\end{align*}")


def test_a_display_of_several_lines_is_split():
    node = nodes.math_block("", r"a \\ b", nowrap=False)
    assert mathematics.display_source(node) == r"\begin{split}a \\ b\end{split}"


def test_a_title_reads_as_plain_text():
    formula = mathematics.typeset(r"\ell_2") + mathematics.END
    assert mathematics.plain(f"The <em>{formula}</em> norm") == "The ℓ2 norm"


def test_the_characters_of_formulas_are_known():
    formula = mathematics.typeset(r"\alpha < 1") + mathematics.END
    assert mathematics.visible(f"<p>text {formula} more</p>") >= set("α<1")
    assert not mathematics.visible(f"<p>text {formula} more</p>") & set("text more")


# --- Claims ---------------------------------------------------------------------------------------

def cell(name, source, kind="code"):
    return {"id": name, "cell_type": kind, "source": source.splitlines(keepends=True)}


NOTEBOOK = {"cells": [
    cell("title", "# Sums", "markdown"),
    cell("say-a", "It is so.\n**Eight\nis even.**", "markdown"),
    cell("claim-a", "assert 8 % 2 == 0\n# ledger: S1-02-03, S1-02-04"),
    cell("say-b", "**Nobody checks me.**", "markdown"),
    cell("run-b", "1 + 1"),
]}


def test_a_claim_is_a_sentence_directly_before_its_check():
    assert claims.claims(NOTEBOOK) == [("claim-a", "Eight is even.", "assert 8 % 2 == 0")]
    assert claims.title(NOTEBOOK) == "Sums"


# --- Pages ----------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")


def test_pictures_reserve_their_place_and_wait_until_they_are_near(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images" / "a.png").write_bytes(PNG)
    page = '<img alt="" src="_images/a.png"><p><img alt="" src="_images/a.png"></p>'
    placed = pages.place_pictures(page, tmp_path)
    assert placed.count('width="640" height="480"') == 2
    assert re.findall(r'loading="(\w+)"', placed) == ["lazy", "lazy"]
    assert pages.place_pictures(placed, tmp_path) == placed


def test_a_picture_for_fine_screens_keeps_the_size_that_it_asked_for(tmp_path):
    page = '<img alt="" src="_images/a.png" style="width: 320px; height: 240px;" />'
    placed = pages.place_pictures(page, tmp_path)
    assert 'width="320" height="240"' in placed and "style" not in placed


def test_mending_twice_changes_nothing():
    page = ('<th></th><i class="fa-solid fa-x"></i><div id="pst-primary-sidebar">'
            '<button class="btn search-button" aria-label="Search">')
    mended = pages.mend(page)
    assert mended == ('<td></td><i aria-hidden="true" class="fa-solid fa-x"></i>'
                      '<div role="navigation" aria-label="Book" id="pst-primary-sidebar">'
                      '<button class="btn search-button">')
    assert pages.mend(mended) == mended


# --- Bundles --------------------------------------------------------------------------------------

def sheet(folder, text, words=("used",)):
    """Return what becomes of a style sheet in a book that uses some words."""
    path = folder / "a.css"
    path.write_text(text, encoding="utf-8")
    return sheets.joined([path], set(words), "", folder).removeprefix('@charset "utf-8";')


@pytest.mark.parametrize(("rule", "kept"), [
    (".used{color:red}", True),
    (".unused{color:red}", False),
    (".used .unused{color:red}", False),
    ("p.used>a:hover{color:red}", True),
    ("p{color:red}", True),
    (":is(.used,.unused){color:red}", True),
    ("p:not(.unused){color:red}", True),
    ("[class=unused]{color:red}", True),
    ("@media print{.used{color:red}}", True),
    ("@media print{.unused{color:red}}", False),
    ("@media print{@supports (display:grid){.unused{color:red}}}", False),
    ("@keyframes unused{0%{color:red}}", True),
    ("@font-face{font-family:'a;b}c'}".replace("'", '"'), True),
    ('.used:before{content:"}"}', True),
    ("p{background:url(data:image/gif;base64,x)}", True),
])
def test_a_sheet_loses_the_rules_that_no_page_can_use(rule, kept, tmp_path):
    assert sheet(tmp_path, rule) == (rule if kept else "")


def test_a_sheet_keeps_those_selectors_of_a_rule_that_are_used(tmp_path):
    assert sheet(tmp_path, ".used,/* no */.unused{a:b}") == ".used{a:b}"


@pytest.mark.parametrize(("text", "left"), [
    ("p{--a:1;color:red}", "p{color:red}"),
    ("p{color:red;--a:1}", "p{color:red;}"),
    ("p{--a:1;color:var(--a)}", "p{--a:1;color:var(--a)}"),
    ("p{--a:1;--b:var( --a,2);color:red}", "p{color:red}"),
    ("p{--a:1;--a-b:2;color:var(--a-b)}", "p{--a-b:2;color:var(--a-b)}"),
    ("p{--used:1}", "p{--used:1}"),
    ('p{--a:"};--b:1";--c:url(data:x;y,{});color:red}', "p{color:red}"),
    ('p{--a:url("d;{}");--used:"var(--a"}', 'p{--a:url("d;{}");--used:"var(--a"}'),
])
def test_a_sheet_loses_the_properties_that_nothing_asks_for(text, left, tmp_path):
    assert sheet(tmp_path, text, ["--used"]) == left


def test_a_sheet_holds_what_it_imports_and_addresses_seen_from_its_place(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.css").write_text("p{background:url(./c.png?v=1)}")
    assert sheet(tmp_path, '@import "inner/b.css";') == 'p{background:url("inner/c.png")}'


FONT = mathematics.KATEX / "fonts" / "KaTeX_Main-Regular.woff2"


def test_a_font_keeps_the_wanted_glyphs_and_the_same_bytes():
    small = sheets.cut(FONT, {"x", "0"})
    assert len(small) < FONT.stat().st_size / 10
    assert small == sheets.cut(FONT, {"x", "0"})
    assert set(TTFont(io.BytesIO(small)).getBestCmap()) == {ord("x"), ord("0")}


def test_a_font_of_which_nothing_is_drawn_keeps_one_glyph():
    for wanted in ("", "字"):
        assert len(TTFont(io.BytesIO(sheets.cut(FONT, wanted))).getBestCmap()) == 1


def test_a_font_that_few_pages_need_is_a_file_beside_the_sheet(tmp_path):
    shutil.copy(FONT, tmp_path / "far away.woff2")
    rule = '@font-face{src:url("far away.woff2")format("woff2"),url(x.ttf)format("truetype")}'
    assert sheet(tmp_path, rule) == '@font-face{src:url("far away.woff2")format("woff2")}'
    assert (tmp_path / "far away.woff2").stat().st_size < FONT.stat().st_size / 10


@pytest.mark.parametrize("page, kept", [
    ('<button class="btn dropdown-toggle">', []),
    ('<p class="admonition tip dropdown">', ["togglebutton.js"]),
    ('<div class="toggle">', ["togglebutton.js"]),
    ('<input class="sd-tab-label">', ["design-tabs.js"]),
])
def test_scripts_that_find_nothing_to_do_are_left_out(page, kept, tmp_path):
    assets = bundle.Assets(tmp_path)
    assets.scripts = dict.fromkeys(["book", *bundle.IDLE], "")
    assets.drop_idle(page)
    assert list(assets.scripts) == ["book", *kept]


def test_scripts_do_not_write_to_the_console():
    assert bundle.quiet('console.log("busy");f()') == 'void("busy");f()'


# --- A small book ---------------------------------------------------------------------------------

def notebook(caption, sentence="Two and two are 4."):
    """Return a chapter as text: one picture with a caption, one claim."""
    figure = {"image": {"alt": "a line"}, "figure": {"name": "fig-line", "caption": caption}}
    parts = [
        ("markdown", "title", "# A chapter\n\nSee {numref}`fig-line` and {doc}`index`.", {}),
        ("code", "setup", "import matplotlib.pyplot as plt\nimport os", {}),
        ("code", "run-line", "ax = plt.plot([1, 2])", {"mystnb": figure}),
        ("markdown", "say-sum", f"**{sentence}**", {}),
        ("code", "claim-sum", "four = 2 + 2\nassert four == 4\n# ledger: S1-02-03", {}),
        ("markdown", "exercise-sum", "## Exercise: add ★★", {}),
        ("code", "solution-sum", "os.environ['EXPLORE_STATIC']", {"tags": ["hide-cell"]}),
    ]
    made = []
    for kind, name, source, metadata in parts:
        made.append({"cell_type": kind, "id": name, "source": source, "metadata": metadata})
        if kind == "code":
            made[-1].update(outputs=[], execution_count=None)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                       "nbformat_minor": 5})


TOC = """format: jb-book
root: chapters/index
chapters:
  - file: chapters/one
  - file: chapters/claims
  - file: chapters/museum
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Lay out a small book with the settings of the real one, in a folder with an odd name."""
    folder = tmp_path_factory.mktemp("book") / "mÿ bôok 数 (1) %20 it's"
    folder.mkdir()
    shutil.copy(ROOT / "_config.yml", folder)
    small.copy_web(folder)
    (folder / "_toc.yml").write_text(TOC)
    chapters = folder / "chapters"
    chapters.mkdir()
    (chapters / "references.bib").write_text("")
    (chapters / "index.md").write_text("# A book\n\n$x^2$\n")
    (chapters / "claims.md").write_text(
        "# Claims\n\n```{claims}\n```\n\n## Runs\n\n```{status}\n```\n")
    (chapters / "one.ipynb").write_text(notebook("The first caption."))
    (chapters / "museum.md").write_text("# Museum\n\n```{museum}\n```\n")
    (chapters / "museum").mkdir()
    hang(folder, "log_loss", "far_points")
    return folder


def hang(folder, *names):
    """Put exhibits of the real museum into a book, under its only chapter."""
    for name in names:
        text = (ROOT / "chapters" / "museum" / f"{name}.py").read_text(encoding="utf-8")
        text = re.sub("CHAPTER(.*?) = .*?([,\n])", r'CHAPTER\1 = "one"\2', text)
        (folder / "chapters" / "museum" / f"{name}.py").write_text(text, encoding="utf-8")


def build(folder):
    """Build a book as the real one is built; return exit status and output."""
    code = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "build", "-W", "-n", "--keep-going", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def page(folder, name):
    return (folder / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def began():
    """Return the time before the book was built."""
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def built(book, began):
    status, output = build(book)
    assert status == 0, output
    return book


def test_cells_keep_their_names_and_steps_on_the_page(built):
    text = page(built, "one")
    assert re.search(r'class="[^"]*step-claim[^"]*" id="claim-sum"', text)
    assert re.search(r'<p class="claim"[^>]*><strong>Two and two are 4.</strong>', text)
    assert '<span class="stars">★★</span>' in text
    assert "A solution" in text


def test_notes_for_the_ledger_stay_in_the_notebook(built):
    assert "ledger" not in page(built, "one").lower()
    assert "four" in page(built, "one")


def test_kernels_of_the_build_draw_frames(built):
    assert "</span>'1'\n" in page(built, "one")


def test_a_figure_without_numbers_offers_none(built):
    assert "text/csv" not in page(built, "one")


def test_the_claims_page_has_sentence_and_check(built):
    text = page(built, "claims")
    assert "Two and two are 4." in text and 'href="one.html#claim-sum"' in text


def test_the_museum_counts_and_shows_its_exhibits(built):
    text = page(built, "museum")
    assert "There are 2 exhibits. In 1 of them, 50%, the tracer blames a line" in text
    assert text.count('class="exhibit') == 2 and text.count('class="lib-trace"') == 2
    for name in ("log-loss", "far-points"):
        assert f'href="#exhibit-{name}"' in text and f'id="exhibit-{name}"' in text
    assert 'href="https://github.com/apache/spark/issues/1659"' in text
    assert 'href="one.html"' in text and "Points far from the origin" in text


def last_run(text):
    """Return when a page with claims and status says that the chapter ran, to the minute."""
    stamp = r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC"
    told = re.findall(rf"Last run {stamp} with Python|<td><p>{stamp}</p></td>", text)
    assert len(told) == 2, text
    [when] = {first or second for first, second in told}
    return datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def test_the_last_run_is_the_one_that_the_build_made(built, began):
    # The cache keeps the time of a run in seconds, and the page its minute.
    text = page(built, "claims")
    assert began - timedelta(minutes=1) < last_run(text) <= datetime.now(UTC)
    assert last_run(re.sub(r"20\d\d(-\d\d-\d\d )", r"2001\1", text)) < began - timedelta(days=1)


def test_pages_link_one_sheet_and_one_script(built):
    for name in ("index", "one", "claims"):
        text = page(built, name)
        assert re.findall(r'<link rel="stylesheet" href="([^?"]*)', text) == [
            "../_static/book.css"]
        assert re.findall(r'<script\b[^>]*src="([^?"]*)', text) == ["../_static/book.js"]


@pytest.fixture(scope="module")
def rebuilt(built):
    """Build once more, with another chapter and a formula that cannot be typeset; return it all."""
    (built / "chapters" / "one.ipynb").write_text(
        notebook("The second caption, with $\\mathfrak{g}$.", "Two plus two are 4."))
    claims_page = built / "chapters" / "claims.md"
    claims_page.write_text(claims_page.read_text() + "\n$\\frac{1}$\n")
    hang(built, "pareto")
    tables = built / "_build" / "tables" / "one"
    tables.mkdir(parents=True)
    (tables / "run-line.csv").write_text("x,y\n0,1\n")
    (tables / "run-line.2.csv").write_text("x,y\n0,2\n")
    (tables / "run-line-long.csv").write_text("of another cell\n")
    return built, *build(built)


def test_a_second_build_updates_what_changed_and_links_every_page_anew(rebuilt):
    folder = rebuilt[0]
    assert "The second caption" in page(folder, "one")
    assert "Two plus two are 4." in page(folder, "claims")
    assert "There are 3 exhibits. In 2 of them, 67%," in page(folder, "museum")
    versions = {re.search(r"book\.css\?v=(\w+)", page(folder, name))[1]
                for name in ("index", "one", "claims")}
    assert len(versions) == 1


def test_a_figure_offers_its_numbers_below_its_caption(rebuilt):
    text = page(rebuilt[0], "one")
    caption = re.search(r"<figcaption>.*?</figcaption>", text, re.S)[0]
    assert re.findall(r'<a href="([^"]*)" download type="text/csv">([^<]*)</a>', caption) == [
        ("../_static/tables/one-run-line.csv", "Data (CSV)"),
        ("../_static/tables/one-run-line.2.csv", "Data (CSV), 2")]
    assert text.count("text/csv") == 2
    static = rebuilt[0] / "_build" / "html" / "_static" / "tables"
    assert (static / "one-run-line.csv").read_text() == "x,y\n0,1\n"


def test_a_formula_that_cannot_be_typeset_fails_the_build_with_its_place_and_nothing_else(rebuilt):
    _, status, output = rebuilt
    assert status != 0
    assert re.search(r"claims\.md.*WARNING: KaTeX parse error", output)
    assert output.count("WARNING: ") == 1 and "ERROR: " not in output, output


def test_cell_ids_of_other_files_are_none():
    assert cells.read_cells("index.md") == []


def test_a_font_of_few_characters_holds_what_it_draws():
    formula = '<span class="mord mathsf mtight">T</span><span class="mord">x</span>'
    assert mathematics.set_in(f"<p>y</p>{formula}", "mathsf") == {"T"}
    formula = '<span class="mrel amsrm" style="x">≲</span><span class="mord mathnormal">R</span>'
    assert mathematics.set_in(formula, "amsrm", "mathbb") == {"≲"}


def test_titles_of_references_hold_no_raw_formula():
    # A style of references prints what it does not know: of $O(n^2)$ the dollars and all.
    text = (ROOT / "chapters" / "references.bib").read_text(encoding="utf-8")
    titles = re.findall(r"^\s*title\s*=\s*(.*)", text, re.M)
    assert len(titles) > 200 and [title for title in titles if "$" in title] == []
