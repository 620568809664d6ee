"""The numbers behind the figures of the built book: each has its table, and the table is right."""

import csv
import io
import os
import re
from contextlib import redirect_stdout

import matplotlib.pyplot as plt
import numpy as np
import pytest

import chapter
from environment import ROOT
from tests.site.visits import CHAPTERS, SITE

pytestmark = pytest.mark.browser

TABLES = SITE / "_static" / "tables"
FIGURE = re.compile(r"<figure\b.*?</figure>", re.S)
LINK = re.compile(r'<a href="\.\./_static/tables/([^"]+)" download type="text/csv">Data')
MOST = 150_000_000  # bytes of all tables: what a reader of the offline copy has to unpack


def without_table(html):
    """Return the figures of a page whose caption leads to no table with rows."""
    found = []
    for figure in FIGURE.findall(html):
        link = LINK.search(figure.partition("<figcaption>")[2])
        if not link or len(rows(link[1])) < 1:
            found.append(re.search(r'id="([^"]*)"', figure)[1])
    return found


def rows(name):
    """Return the rows of a table of the site, as dicts; none where there is no such file."""
    if not (TABLES / name).is_file():
        return []
    text = (TABLES / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_figure_of_a_chapter_leads_to_its_table(path):
    html = (SITE / path).read_text(encoding="utf-8")
    assert len(FIGURE.findall(html)) >= 3
    assert without_table(html) == []


def test_a_figure_without_a_table_is_seen():
    html = (SITE / CHAPTERS[0]).read_text(encoding="utf-8")
    figures = FIGURE.findall(html)
    assert len(without_table(LINK.sub("", html, count=1))) == 1
    assert len(without_table(html.replace('.csv"', '.none"'))) == len(figures)


def test_all_tables_together_keep_their_weight():
    sizes = {path.name: path.stat().st_size for path in TABLES.glob("*.csv")}
    worst = max(sizes, key=sizes.get)
    print(f"{len(sizes)} tables, {sum(sizes.values()) / 1e6:.1f} MB; {worst}: "
          f"{sizes[worst] / 1e6:.1f} MB")
    assert sum(sizes.values()) < MOST


# --- A fresh run --------------------------------------------------------------------------------

def run_until(topic, name, monkeypatch):
    """Run the cells of a chapter up to one, checks and solutions left out; return its names."""
    monkeypatch.setenv("EXPLORE_STATIC", "words")
    monkeypatch.chdir(ROOT / "chapters")
    names = {"__name__": "__main__"}
    with (open(os.devnull, "w") as nowhere, redirect_stdout(nowhere),
          plt.rc_context({"backend": "agg"})):
        for cell in chapter.read(ROOT / "chapters" / f"{topic}.ipynb").cells:
            if cell.kind == "code" and not cell.id.startswith(("check", "solution")):
                if cell.id == name:
                    plt.close("all")
                exec(cell.source, names)
            if cell.id == name:
                return names
    raise KeyError(name)


def numbers(found, *names):
    """Return columns of rows as an array, nan where a cell is empty."""
    return np.array([[float(row[name] or "nan") for name in names] for row in found])


def test_the_table_of_a_still_figure_holds_what_a_fresh_run_draws(monkeypatch):
    run_until("derivatives", "explain-drawing", monkeypatch)
    table, lines = rows("derivatives-explain-drawing.csv"), plt.gcf().axes[0].lines
    assert len({row["curve"] for row in table}) == len(lines) == 4
    for line in lines:
        label = line.get_label() if not line.get_label().startswith("_") else "points 1"
        drawn = numbers([row for row in table if row["curve"] == label], "step", "relative error")
        assert np.array_equal(drawn, line.get_xydata())
    plt.close("all")


def test_the_table_of_a_moving_figure_holds_what_fresh_frames_draw(monkeypatch):
    draw = run_until("svd", "explore-play", monkeypatch)["draw"]
    table = rows("svd-explore-play.csv")
    settings = list(dict.fromkeys(row["cond"] for row in table if row["cond"]))
    assert len(settings) == 15  # a row without a setting is drawn at each of them
    for cond in settings[::7]:
        left, right = plt.figure().subplots(1, 2)
        draw((left, right), cond=float(cond))
        frame = [row for row in table if row["cond"] in ("", cond)]
        for line in left.lines:
            drawn = numbers([row for row in frame if row["curve"] == line.get_label()], "x", "y")
            assert np.array_equal(drawn, line.get_xydata())
        level, squares = right.lines
        drawn = [row for row in frame if row["panel"] == "2" and row["drawn as"] == "points"]
        assert np.array_equal(numbers(drawn, "power of x", "coefficient"), squares.get_xydata())
        [row] = [row for row in frame if row["drawn as"] == "horizontal line"]
        assert float(row["coefficient"]) == level.get_ydata()[0] == 1
        plt.close("all")
    said = [row["text"] for row in table if row["drawn as"] == "sentence"]
    assert len(said) == 15 and all("of 6 coefficients" in text for text in said)


def test_a_number_that_is_off_is_seen():
    table = rows("derivatives-explain-drawing.csv")
    right = numbers(table, "step", "relative error")
    table[0]["step"] = repr(float(np.nextafter(float(table[0]["step"]), 1)))
    assert not np.array_equal(numbers(table, "step", "relative error"), right)
