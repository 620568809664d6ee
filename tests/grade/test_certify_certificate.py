"""A certificate tells the same as text, as HTML and as JSON."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest

from lib.grade.certify import KINDS, certify
from tests.grade.certified import no_pivoting


@pytest.fixture(scope="module")
def found():
    return certify(no_pivoting, "solver", seed=101)


def test_the_text_has_the_table_the_fault_and_the_script(found):
    text = repr(found)
    assert text.startswith("no_pivoting: wrong, ") and "(solver, float64, seed 101)" in text
    assert "a tiny pivot" in text and "allowed 6.7e-15" in text
    assert "exchanging rows" in text and "See chapters/lu.html." in text
    assert all(line in text for line in found.script.split("\n"))


def test_the_page_is_well_formed_and_links_the_chapter(found):
    class Balance(HTMLParser):
        depth = 0

        def handle_starttag(self, tag, attributes):
            self.depth += 1

        def handle_endtag(self, tag):
            self.depth -= 1

    page, parser = found._repr_html_(), Balance()
    parser.feed(page)
    assert parser.depth == 0 and page.endswith("</div>")
    assert '<a href="lu.html">chapters/lu.html</a>' in page
    assert ">import numpy" in page and 'tabindex="0"' in page
    assert '<th scope="row"' in page and "backward stable" in page


def test_the_json_is_strict_and_complete(found):
    told = json.loads(found.json(), parse_constant=lambda name: pytest.fail(name))
    assert (told["what"], told["dtype"], told["seed"]) == ("solver", "float64", 101)
    assert told["verdict"] == "wrong" and told["passed"] is False
    assert [case["name"] for case in told["cases"]] == [case.name for case in found.cases]
    numbers = {case["name"]: case["number"] for case in told["cases"]}
    assert numbers["random numbers"] <= 8.9e-15 and numbers["zeros on the diagonal"] is None
    assert told["chapter"] == "chapters/lu.html" and told["script"] == found.script
    naive = json.loads(certify(lambda x: np.log(np.sum(np.exp(x))), "logsumexp", seed=102).json())
    assert "inf" in {case["number"] for case in naive["cases"]}


def test_what_is_stable_has_no_fault_and_no_script():
    found = certify(np.linalg.solve, "solver", seed=103)
    assert found.passed and not found.fault and not found.script
    assert "worst" not in repr(found) and "<pre" not in found._repr_html_()
    assert f"backward stable in all {len(KINDS['solver'].trials)} cases" in found.headline
    assert json.loads(found.json())["chapter"] == ""
