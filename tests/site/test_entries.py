"""What can be found in the book: entries of pages, their rare words, formulas in one line."""

import json

import pytest
from docutils import nodes
from sphinx import addnodes

from tests.site.test_finder import run
from web import entries, oneline, rare, search


def section(name, title, *inside, classes=()):
    made = nodes.section("", nodes.title("", title), *inside, ids=[name], classes=list(classes))
    return made


def paragraph(*inside, **attributes):
    parts = (nodes.Text(one) if isinstance(one, str) else one for one in inside)
    return nodes.paragraph("", "", *parts, **attributes)


def item(term, names, *blocks):
    return nodes.definition_list_item("", nodes.term("", term, ids=names),
                                      nodes.definition("", *blocks))


def page(name, *inside, title="A page"):
    """Return a page that has been read."""
    tree = nodes.document(None, None)
    tree += section("a-page", title, *inside)
    return entries.Page(f"chapters/{name}", tree)


def entry(kind, found):
    """Return the only entry of a kind."""
    [one] = [one for one in found if one.kind == kind]
    return one


def test_a_page_and_its_sections_have_entries():
    found = page("tiny", paragraph("First."),
                 section("gaps", "Gaps", paragraph("Between numbers."))).entries()
    assert [(one.kind, one.page, one.anchor, one.where, one.title, one.text) for one in found] == [
        ("section", "chapters/tiny", "", "A page", "A page", "First."),
        ("section", "chapters/tiny", "gaps", "A page", "Gaps", "Between numbers.")]


def test_what_only_holds_others_has_none():
    found = page("tiny", section("x", "Exercises"), section("y", "Summary"),
                 section("claims-of-lu", "LU")).entries()
    assert [one.title for one in found] == ["A page"]


def test_exercises_and_questions_are_called_by_what_they_ask():
    found = page("tiny", section("exercise-x", "Exercise: Four counters", paragraph("Count."),
                                 classes=["exercise"]),
                 section("question-x", "Question: “Why?”", paragraph("Because."),
                         classes=["question"])).entries()
    assert entry("exercise", found).title == "Four counters"
    assert (entry("question", found).title, entry("question", found).text) == ("Why?", "")


def test_symptoms_are_found_by_where_they_lead_and_show_no_arrow():
    link = addnodes.pending_xref("", nodes.Text("Gaps"), reftype="myst", refexplicit=True,
                                 reftarget="chapters/tiny")
    rows = nodes.definition_list("", item("It stalls.", ["it-stalls"],
                                          paragraph("Half a gap. → ", link)))
    one = entry("symptom", page("symptoms", section("sums", "Sums", rows)).entries())
    assert (one.title, one.text, one.where, one.anchor) == (
        "It stalls.", "Half a gap.", "Sums", "it-stalls")
    assert "Floating" in entries.titled(one, {"tiny": "Floating point"}).more


def test_terms_laws_and_beliefs_have_entries():
    terms = nodes.definition_list("", item("ulp", ["term-ulp"], paragraph("A gap.")),
                                  classes=["glossary"])
    assert entry("term", page("glossary", terms).entries()).text == "A gap."
    link = nodes.reference("", "#", refid="say-x", classes=["headerlink"])
    law = paragraph(nodes.strong("", "It holds."), " Here: 3.", link, classes=["claim"])
    found = entry("law", page("tiny", law).entries())
    assert (found.title, found.anchor) == ("It holds.", "say-x")
    quiz = nodes.container("", paragraph("1. What is 1 + 1?"), paragraph("The third."),
                           classes=["quiz"], ids=["what-is-1-1"])
    found = entry("belief", page("beliefs", quiz).entries())
    assert (found.title, found.text, found.anchor) == ("What is 1 + 1?", "", "what-is-1-1")
    assert [one.kind for one in page("self_test", quiz).entries()] == ["section"]


def test_a_formula_is_read_in_one_line_and_a_page_called_by_its_title():
    link = addnodes.pending_xref("", nodes.Text("tiny"), reftype="doc", refexplicit=False,
                                 reftarget="tiny")
    made = page("a", paragraph("At ", nodes.math("", r"2^{-53}"), " see ", link, "."))
    assert entries.titled(made.entries()[0], {"tiny": "Gaps"}).text == "At 2^−53 see Gaps."


@pytest.mark.parametrize("tex, line", [
    (r"\frac{a+b}{|a-b|}", "(a + b)/(|a − b|)"), (r"\sqrt a", "√a"), (r"\hat x", "x\u0302"),
    (r"\kappa\!\left( A \right)", "κ(A)"), (r"a \le -b", "a ≤ −b"), (r"\log_2 n", "log_2 n"),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1, 2; 3, 4)"), (r"f'(x)", "f′(x)"),
    (r"\operatorname*{arg\,min}_x f(x)", "arg min_x f(x)"), (r"\nosuch", r"\nosuch"),
])
def test_formulas_in_one_line(tex, line):
    assert oneline.one_line(tex) == line


def test_rows_of_symbols_get_anchors():
    row = nodes.row("", nodes.entry("", paragraph(nodes.math("", "u"))),
                    nodes.entry("", paragraph("unit roundoff: a half gap")))
    table = nodes.table("", nodes.tgroup("", nodes.tbody("", row), cols=2))
    made = page("notation", table)
    entries.name_symbols(made.tree)
    one = entry("term", made.entries())
    assert (one.anchor, one.title) == ("symbol-unit-roundoff", "u")


def test_words_worth_finding_are_names_and_words_of_titles_in_few_places():
    code = nodes.literal_block("", "w, *_ = np.linalg.lstsq(A, b, rcond=None)\nmine = 3")
    pages = [page(f"p{at}", paragraph("The everywhere word."), paragraph("Kahan"),
                  title="Everywhere") for at in range(3)]
    made = [one for each in pages for one in each.entries()]
    made += page("q", paragraph("Shown."), code, paragraph("the quick fox")).entries()
    more = rare.with_rare_words(made)[-1].more.split()
    assert more == ["linalg", "lstsq", "rcond"]


def test_the_index_is_packed_and_unpacked():
    rows = page("tiny", paragraph("First."), section("gaps", "Gaps")).entries()
    code = "packed => { finder.packed = packed; return finder.index().entries; }"
    again = run(code, json.loads(search.packed(rows)))
    assert [{key: value for key, value in one.items() if key != "number"} for one in again] == [
        vars(one) for one in rows]
