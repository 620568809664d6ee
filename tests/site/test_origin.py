"""The site says honestly where its source is, and the code that it holds itself is whole."""

import re
import subprocess
import sys
import zipfile

import pytest

from tests.site.visits import PAGES, SITE
from web.origin import told

RUNNING = "chapters/running.html"


def test_an_address_is_named_where_there_is_one_and_none_is_invented():
    assert '<a href="https://a.org/b?x&amp;y">' in told("https://a.org/b?x&y", "")
    assert "http" not in told("", "") and "no public address" in told("", "")


@pytest.mark.browser
def test_every_page_leads_to_the_source(visit):
    for path in (PAGES[0], "index.html", RUNNING):
        link = visit(path).page.locator(".bd-footer-content").get_by_role("link", name="Source")
        assert link.evaluate("one => one.pathname + one.hash") == f"/{RUNNING}#its-source"
    assert visit(RUNNING).page.locator("#its-source p").count() > 0


@pytest.mark.browser
def test_the_code_that_the_page_offers_is_the_courses(tmp_path):
    page = (SITE / RUNNING).read_text(encoding="utf-8")
    files = re.findall(r'href="\.\./(_static/run/\w+\.zip)"', page)
    if "no public address" not in page:
        pytest.skip("the book has an address")
    assert len(files) == 2
    for name in files:
        zipfile.ZipFile(SITE / name).extractall(tmp_path)
    code = ("from lib import digits, grade, page; from lib.grade.exercises import floating_point; "
            "print(digits.__file__)")
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, text=True,
                         capture_output=True, check=True)
    assert run.stdout.startswith(str(tmp_path))
