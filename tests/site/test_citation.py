"""How to cite the book: from CITATION.cff, with the commit as long as nothing is released."""

import re

import pytest

from environment import ROOT
from tests.site.visits import SITE
from web import citation

ADDRESS = "https://github.com/example/digits"
CFF = """cff-version: 1.2.0
title: "Digits: a course"
authors:
  - name: "The authors"
  - given-names: Ada
    family-names: Lovelace
version: {version}
"""


def known(folder, version="0.2.0", more=""):
    """Return the facts of a CITATION.cff."""
    (folder / "CITATION.cff").write_text(CFF.format(version=version) + more, encoding="utf-8")
    return citation.facts(folder, "2026")


def test_what_is_not_released_is_cited_with_its_commit(tmp_path):
    facts = known(tmp_path)
    assert citation.sentence(facts, "", "0123456789ab") == (
        "The authors and Ada Lovelace (2026). Digits: a course. "
        "Version 0.2.0, before its release, commit 0123456789ab.")
    assert citation.edition(facts, "") == "version 0.2.0, before its release"


def test_a_release_is_cited_with_its_year_and_its_doi(tmp_path):
    facts = known(tmp_path, more='date-released: 2027-01-02\ndoi: 10.5281/zenodo.1\n')
    assert citation.sentence(facts, ADDRESS, "0123") == (
        "The authors and Ada Lovelace (2027). Digits: a course. Version 0.2.0. "
        "https://doi.org/10.5281/zenodo.1")


@pytest.mark.parametrize("version", ["0.10", "1.0"])
def test_a_version_that_yaml_takes_for_a_number_is_told(version, tmp_path):
    # 0.10 would be cited as 0.1: it has to stand in quotes, as three numbers need not.
    with pytest.raises(ValueError, match=r"CITATION\.cff: put the version in quotes"):
        known(tmp_path, version)


def test_the_record_keeps_names_and_names_its_fields_once(tmp_path):
    record = citation.bibtex(known(tmp_path), ADDRESS, "0123")
    assert record.startswith("@misc{Digits,\n") and record.endswith("\n}")
    fields = dict(re.findall(r"^  (\w+) += \{(.*)\},$", record, re.M))
    assert fields == {"author": "{The authors and Ada Lovelace}", "title": "{Digits: a course}",
                      "year": "2026", "url": ADDRESS,
                      "note": "Version 0.2.0, before its release, commit 0123"}


@pytest.mark.browser
def test_the_page_says_it_and_shows_the_changes():
    page = re.sub("<[^>]*>", "", (SITE / "chapters" / "cite.html").read_text(encoding="utf-8"))
    facts = citation.facts(ROOT, "2026")
    assert facts["title"] in page and f"ersion {facts['version']}" in page and "@misc{" in page
    assert "Keep a Changelog" in page and "Unreleased" in page
