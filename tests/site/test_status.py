"""The page of the status and the page of the claims say all of each chapter that they promise.

As in test_site, a check returns the faults of a page, and has seen a page that has them.
"""

import json
import re

import pytest

from environment import ROOT
from tests.site.visits import CHAPTERS
from web.status import BUDGETS

pytestmark = pytest.mark.browser

STATUS = "chapters/status.html"
CLAIMS = "chapters/claims.html"
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"


def dear(visit):
    """Return the chapters without a date or a cost on the page, or over a budget."""
    rows = visit.page.locator("table").first.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))")
    assert len(rows) == len(CHAPTERS)
    limits = [most for _, _, most in BUDGETS.values()]
    return [row[0] for row in rows if not int(row[1]) or not re.fullmatch(STAMP, row[2])
            or not all(cost.isdecimal() and int(cost) <= most
                       for cost, most in zip(row[3:], limits, strict=True))]


def test_every_chapter_has_a_date_and_keeps_its_budgets(visit):
    assert dear(visit(STATUS)) == []
    words = visit(STATUS).page.locator("article").inner_text()
    assert re.search(r"Machine: \w+, \w+, \d+ cores", words) and "numpy" in words


@pytest.mark.parametrize("cell, other", [("<td><p>1?[0-9]</p></td>", "<td><p>900</p></td>"),
                                         (f"<p>{STAMP}</p>", "<p></p>"),
                                         (r"<td><p>\d+</p></td></tr>", "<td><p>501</p></td></tr>")])
def test_a_chapter_over_budget_or_without_a_date_is_seen(cell, other, broken):
    def change(page):
        page = re.sub(r">\s+<", "><", page)
        assert re.search(cell, page)
        return re.sub(cell, other, page)

    assert dear(broken(change, STATUS)) != []


def laws():
    """Return {chapter: how many claims it checks}."""
    found = {}
    for path in CHAPTERS:
        cells = json.loads((ROOT / path).with_suffix(".ipynb").read_text(encoding="utf-8"))["cells"]
        found[path] = sum(cell["id"].startswith("claim-") for cell in cells)
    return found


def unlisted(visit):
    """Return the chapters whose claims the page does not list all, with check, date, versions."""
    sections = visit.page.locator(".bd-article section section").evaluate_all("""all => all.map(
      one => [one.querySelector("li > p > a")?.getAttribute("href").split("#")[0],
        one.querySelectorAll("ol.ledger > li:has(> details pre)").length,
        one.querySelector(".ledger-run")?.innerText])""")
    told = {f"chapters/{path}": (count, run) for path, count, run in sections}
    run = rf"Last run {STAMP} with Python [\d.]+, numpy [\d.]+, scipy [\d.]+, .*"
    return [path for path, count in laws().items() if told.get(path, (0, ""))[0] != count
            or not re.fullmatch(run, told[path][1])]


def test_every_law_is_listed_with_check_chapter_date_and_versions(visit):
    assert unlisted(visit(CLAIMS)) == []


@pytest.mark.parametrize("part, other", [
    ("<summary>The check</summary>", "</details><summary>"), (STAMP, "long ago")])
def test_a_law_without_its_check_or_its_date_is_seen(part, other, broken):
    assert unlisted(broken(lambda page: re.sub(part, other, page, count=1), CLAIMS)) != []


def test_the_claims_of_one_chapter_are_found_by_its_title(visit):
    seen = visit(CLAIMS, fresh=True)
    seen.page.get_by_label("Only").fill("in conjugate gradients")
    left = seen.page.locator("ol.ledger > li:visible").count()
    assert left >= laws()["chapters/conjugate_gradients.html"]
    assert left < seen.page.locator("ol.ledger > li").count() / 4
