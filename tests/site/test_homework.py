"""The site, its sources, its downloads and the copy in the browser hold no solution of homework."""

import pytest

from tests.homework import leaks
from tests.site.visits import SITE


@pytest.mark.browser  # not for a browser, but after the site is built
def test_the_site_holds_no_solution_of_a_problem_set():
    secrets = leaks.all_secrets()
    assert secrets and SITE.is_dir()
    found = [leak for path in sorted(SITE.rglob("*")) if path.is_file() for leak in leaks.leaks(
        path.relative_to(SITE).as_posix(), path.read_bytes(), secrets)]
    assert not found


@pytest.mark.browser
def test_a_solution_on_a_page_is_found():
    secrets = leaks.all_secrets()
    path = leaks.masters()[0]
    lines = next(leaks.between(cell.source, leaks.SOLUTION)
                 for cell in leaks.read(path.read_bytes())
                 if len(leaks.bare(cell.source)) > 400 and "SOLUTION" in cell.source)
    page = "<pre>" + "\n".join(f"<span>{line}</span>".replace("<=", "&lt;=") for line in lines)
    assert leaks.leaks("x.html", page.encode(), secrets)
