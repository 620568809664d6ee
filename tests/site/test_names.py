"""The names of errors and warnings lead to their symptoms: typed or pasted, wherever one looks.

`names.toml` is the table of what is typed. Of the installed packages the messages are made here, so
that a new wording is noticed; others are kept in the table as they were printed.
"""

import math
import tomllib
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.sparse.linalg

from environment import ROOT
from tests.site.test_search import missed, opened
from web.chips import PAGE
from web.symptoms import names_of, rows

ROWS = {row.anchor: row for row in rows((ROOT / f"{PAGE}.md").read_text(encoding="utf-8"))}
TYPED = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
# A search knows other places too: these may be as good.
ELSEWHERE = {"underflow": "glossary#term-underflow",
             "not converging": "symptoms#eigenvalues-did-not-converge",
             "does not converge": "symptoms#eigenvalues-did-not-converge"}
PAIRS = [(typed, anchor) for anchor, all_ in TYPED.items() for typed in all_]


# --- What the installed packages say --------------------------------------------------------------

def said(act):
    """Return the message of the warning or of the error that an act makes."""
    with warnings.catch_warnings(record=True) as heard, np.errstate(all="warn"):
        warnings.simplefilter("always")
        try:
            act()
        except (ArithmeticError, AssertionError, MemoryError, ValueError) as error:
            return str(error)
    return str(heard[0].message)


X, EYE = np.arange(3.0), np.eye(2)
MESSAGES = [
    (lambda: np.exp(np.array([1000.0])), "the-loss-is-inf-or-nan-although-no"),
    (lambda: math.exp(1000), "the-loss-is-inf-or-nan-although-no"),
    (lambda: np.float16([300]) ** 2, "the-loss-a-norm-or-a-variance-is"),
    (lambda: np.log(np.zeros(1)), "the-cross-entropy-is-inf-for-one-confident"),
    (lambda: np.array([1e5]).astype(np.float16), "value-cannot-be-converted-to-type-at-half"),
    (lambda: np.array([np.inf]) - np.inf, "attention-returns-nan-for-some-rows"),
    (lambda: np.array([np.inf]) * 0, "the-loss-is-finite-its-gradient-is-nan"),
    (lambda: np.exp(np.array([-1000.0])), "logsumexp-of-very-negative-numbers-is-inf"),
    (lambda: np.sqrt(np.array([-1.0])), "a-variance-is-negative-a-standard-deviation-nan"),
    (lambda: np.arccos(np.array([1.1])), "a-cosine-similarity-is-above-1-and-its"),
    (lambda: scipy.linalg.solve([[1, 1], [1, 1 + 1e-16 * 4]], [1, 1]),
     "scipy-warns-of-an-ill-conditioned-matrix-and"),
    (lambda: np.polyfit(1e9 + X, X, 2), "the-coefficients-of-an-interpolating-polynomial-have-no"),
    (lambda: np.linalg.cholesky(-EYE), "matrix-is-not-positive-definite-for-a-covariance"),
    (lambda: scipy.linalg.cholesky(-EYE), "matrix-is-not-positive-definite-for-a-covariance"),
    (lambda: np.linalg.svd(EYE * np.nan), "eigenvalues-did-not-converge"),
    (lambda: np.linalg.eig(EYE * np.nan), "eigenvalues-did-not-converge"),
    (lambda: scipy.linalg.svd(EYE * np.nan), "eigenvalues-did-not-converge"),
    (lambda: np.array([1j]).astype(float), "eigenvalues-of-a-symmetric-matrix-come-out-complex"),
    (lambda: scipy.optimize.curve_fit(lambda x, a, b: a + b + x, X, X),
     "matrix-rank-or-lstsq-finds-a-rank-below"),
    (lambda: scipy.integrate.quad(lambda x: math.sin(1 / x), 0, 1),
     "the-integrator-reports-ten-digits-and-the-integral"),
    (lambda: scipy.integrate.odeint(lambda y, t: y * y, 1.0, [0, 2]),
     "the-maximum-number-of-solver-steps-was-reached"),
    (lambda: np.linalg.inv(0 * EYE), "linalgerror-singular-matrix-on-one-machine-numbers-on"),
    (lambda: scipy.linalg.inv(0 * EYE), "linalgerror-singular-matrix-on-one-machine-numbers-on"),
    (lambda: scipy.sparse.linalg.spsolve(scipy.sparse.csc_array(0 * EYE), X[:2]),
     "linalgerror-singular-matrix-on-one-machine-numbers-on"),
    (lambda: np.zeros((2**22, 2**22)), "memory-runs-out-in-a-difference-of-two"),
    (lambda: np.testing.assert_allclose(1, 2), "a-test-passes-here-and-fails-in-ci"),
]


def holders(message):
    """Return the anchors of the symptoms that have the longest name in a message."""
    held = {anchor: max((len(name) for name in row.names.lower().split("; ")
                         if name in " ".join(message.lower().split())), default=0)
            for anchor, row in ROWS.items()}
    most = max(held.values())
    return {anchor for anchor, length in held.items() if length == most > 0}


@pytest.mark.parametrize("act, anchor", MESSAGES)
def test_what_the_packages_say_is_a_name_of_its_symptom(act, anchor):
    message = said(act)
    assert holders(message) == {anchor}, message


def test_each_name_is_that_of_one_symptom():
    names = [name.lower() for row in ROWS.values() for name in row.names.split("; ") if name]
    assert len(names) > 200 and sorted(names) == sorted(set(names))
    assert set(TYPED) <= set(ROWS) and len(PAIRS) > 90
    assert names_of(" Found by: a;\n   b") == "a; b" and names_of(" A note") == ""


# --- Where one looks ------------------------------------------------------------------------------

# What the first page's finder shows first, the anchors that the page of symptoms leaves.
FOUND = """async typed => {
  const field = document.querySelector("#finder");
  field.value = typed;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  return document.querySelector(".finder-found a")?.hash.slice(1) ?? "";
}"""
LEFT = """typed => {
  const field = document.querySelector(".filter input");
  field.value = typed;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  return [...document.querySelectorAll("dl.filtered > dt:not([hidden])")].map(one => one.id);
}"""


def astray(visit, pairs):
    """Return what is typed into the first page's finder and answered by another symptom first."""
    page = visit("index.html", fresh=True).page
    page.locator("#finder").focus()
    page.wait_for_function("window.symptoms")
    found = {typed: page.evaluate(FOUND, typed) for typed, _ in pairs}
    return [(typed, found[typed]) for typed, anchor in pairs if found[typed] != anchor]


def left_out(visit, pairs):
    """Return what is typed above the list of symptoms and leaves many, or not the right one."""
    page = visit(f"{PAGE}.html", fresh=True).page
    left = {typed: page.evaluate(LEFT, typed) for typed, _ in pairs}
    return [(typed, left[typed]) for typed, anchor in pairs
            if anchor not in left[typed] or len(left[typed]) > 12]


@pytest.mark.browser
def test_the_first_pages_finder_shows_the_right_symptom_first(visit):
    assert astray(visit, PAIRS) == []


@pytest.mark.browser
def test_the_list_of_symptoms_keeps_the_right_one_among_few(visit):
    assert left_out(visit, PAIRS) == []


@pytest.mark.browser
def test_the_search_leads_to_the_right_symptom_first(visit):
    queries = {typed: [f"symptoms#{anchor}", ELSEWHERE.get(typed)] for typed, anchor in PAIRS}
    assert missed(opened(visit), queries) == []


@pytest.mark.browser
def test_a_symptom_without_its_names_is_seen(visit, broken):
    wrong = [("LinAlgError", "the-caller-s-data-have-changed")]
    assert len(astray(visit, wrong)) == len(left_out(visit, wrong)) == 1
    assert len(missed(opened(visit), {"LinAlgError": ["lu"]})) == 1


@pytest.mark.browser
def test_names_are_searched_and_not_shown(visit):
    page = visit(f"{PAGE}.html", fresh=True).page
    assert page.locator("dl .names").count() == sum(bool(row.names) for row in ROWS.values())
    assert page.locator("dl .names:visible").count() == 0
