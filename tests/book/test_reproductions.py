"""Every row of the page of symptoms shows itself, is cured, and leads to a chapter.

A row's listing says which assert shows the symptom and which the cure, by a comment, and what it
NumPy warns of on the way.
"""

import ast
import csv
import io
import os
import re
import subprocess
import sys
import tokenize
import warnings

import pytest

import chapter
import stages
from web.symptoms import Row, rows

PAGE = (chapter.ROOT / "chapters" / "symptoms.md").read_text(encoding="utf-8")
ROWS = rows(PAGE)
LINES = 6  # of a reproduction, beside imports and what it asserts
LINK = re.compile(r"→ .*\]\(\w+\.ipynb#[^)]+\)")
WARNS = re.compile(r"warns of ([a-z -]+)")

every = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.anchor)


def comments(code):
    """Return the comments of a listing: line number to text."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def asserts(code, what):
    """Return the asserts of a listing whose comment begins with a word."""
    told = {number for number, text in comments(code).items() if re.match(rf"# {what}\b", text)}
    return [node for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Assert) and node.end_lineno in told]


def run(code):
    """Run a listing by itself; return its names, and what it warned of."""
    names = {}
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        exec(compile(code, "<reproduction>", "exec"), names)
    return names, {str(one.message) for one in seen}


def faults(row):
    """Return what a row lacks, or has too much of; what it asserts is not looked at."""
    (code, *others) = row.listings or [""]
    tree = ast.parse(code)
    aside = {number for node in ast.walk(tree)
             if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert)
             for number in range(node.lineno, node.end_lineno + 1)}
    written = [number for number, text in enumerate(code.splitlines(), 1)
               if text.strip() and text.lstrip()[0] != "#" and number not in aside]
    wrong = {"no cure": "*Cure*:" not in row.text, "no chapter": not LINK.search(row.text),
             "no reproduction": not row.listings, "more than one listing": bool(others),
             "no assert of the symptom": not asserts(code, "symptom"),
             "no assert of the cure": not asserts(code, "cure"),
             "too long": len(written) > LINES,
             "too wide": any(len(line) > 79 for line in code.splitlines())}
    return [fault for fault, found in wrong.items() if found]


def mistold(code, seen):
    """Return the warnings that a listing does not tell, and those that it tells and do not come."""
    told = {one.strip() for text in comments(code).values()
            for match in WARNS.findall(text) for one in match.split(" and ")}
    return ([message for message in seen if not any(one in message for one in told)]
            + [one for one in told if not any(one in message for message in seen)])


@every
def test_a_row_has_a_reproduction_a_cure_and_a_chapter(row):
    assert faults(row) == []


@every
def test_the_symptom_shows_and_the_cure_cures(row):
    (code,) = row.listings
    _, seen = run(code)
    assert mistold(code, seen) == []


ALL = """
from web.symptoms import rows

for row in rows(open("chapters/symptoms.md", encoding="utf-8").read()):
    exec(compile(row.listings[0], row.anchor, "exec"), {})
"""


def test_they_show_and_cure_on_other_kernels_as_well():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", ALL], cwd=chapter.ROOT, text=True,
                          env={**os.environ, **stages.other_kernels()}, capture_output=True)
    assert done.returncode == 0, done.stderr


GOOD = "x = 1\nassert x == 1  # symptom\nassert x + 1 == 2  # cure: more"
CURED = "It is so.\n*Cure*: that.\n→ [There](lu.ipynb#there)"


def row_of(*listings, text=CURED):
    """Return a row with some listings, which says all else that it has to."""
    return Row("it", "It.", text, listings)


@pytest.mark.parametrize("row, fault", [
    (row_of(), "no reproduction"),
    (row_of(GOOD, GOOD), "more than one listing"),
    (row_of(GOOD, text=CURED.replace("#there", "")), "no chapter"),
    (row_of(GOOD, text=CURED.replace("*Cure*: ", "")), "no cure"),
    (row_of(GOOD.replace("# symptom", "# what one sees")), "no assert of the symptom"),
    (row_of(GOOD.replace("assert x + 1 == 2  # cure", "x + 1  # cure")), "no assert of the cure"),
    (row_of(6 * "y = 2\n" + GOOD), "too long"),
    (row_of(f"y = {80 * '1'}\n{GOOD}"), "too wide"),
])
def test_what_a_row_lacks_is_told(row, fault):
    assert fault in faults(row)


def test_imports_asserts_and_comments_do_not_count():
    assert faults(row_of("import math\n\n# so\n" + 5 * "y = 2\n" + GOOD)) == []


@pytest.mark.parametrize("anchor, old, new", [
    ("the-loss-a-norm-or-a-variance-is", "np.float32(errors)", "errors"),
    ("a-counter-steps-tokens-correct-answers-is-stuck", "np.float16", "np.float32"),
    ("inv-a-b-looks-right-but-a-x", "np.linalg.inv(A) @ b", "np.linalg.solve(A, b)"),
])
def test_a_cure_that_is_none_and_a_symptom_that_is_gone_are_seen(anchor, old, new):
    [row] = [row for row in ROWS if row.anchor == anchor]
    (code,) = row.listings
    assert old in code
    with pytest.raises(AssertionError):
        run(code.replace(old, new))


def test_a_warning_that_is_not_told_or_does_not_come_is_seen():
    code = "import numpy as np\nnp.exp(np.array([1000.0]))"
    assert mistold(code, run(code)[1]) == ["overflow encountered in exp"]
    told = f"{code}  # NumPy warns of overflow and invalid value"
    assert mistold(told, run(told)[1]) == ["invalid value"]


def test_pytorch_refuses_the_mask_in_the_words_of_the_row(torch):
    [row] = [row for row in ROWS if "at::Half" in row.symptom]
    quoted = re.match("`([^`]*)`", row.symptom)[1]
    newer = re.search("`(.*::Half)`", row.text)[1]
    scores, hidden = torch.zeros(2, dtype=torch.float16), torch.tensor([True, False])
    with pytest.raises(RuntimeError, match=f"{quoted}|{quoted.replace('at::Half', newer)}"):
        scores.masked_fill(hidden, -1e9)


def test_there_are_many_rows_with_anchors_of_their_own():
    assert len(ROWS) >= 100
    assert len({row.anchor for row in ROWS}) == len(ROWS)


# --- Bugs that people reported in public ----------------------------------------------------------

with open(chapter.ROOT / "tests" / "reports.csv", encoding="utf-8", newline="") as file:
    REPORTS = list(csv.DictReader(file))


def found(words):
    """Return the anchors of the rows that the field above the page leaves for some words."""
    texts = {row.anchor: re.sub(r"[`*]|\]\([^)]*\)", "", f"{row.symptom} {row.text}").lower()
             for row in ROWS}
    return [anchor for anchor, text in texts.items() if all(one in text for one in words.split())]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["issue"])
def test_a_report_finds_its_row_or_is_about_no_number(report):
    if report["reason"]:
        assert report["reason"].endswith(": no number is wrong")
        assert not report["symptom"] and not report["words"]
    else:
        left = found(report["words"])
        assert report["symptom"] in left and len(left) <= 4


def test_reports_are_public_and_entered_once():
    issues = [report["issue"] for report in REPORTS]
    assert len(issues) >= 70 and len(set(issues)) == len(issues)
    public = r"https://(github\.com/[\w.-]+/[\w.-]+/issues|stackoverflow\.com/questions)/\d+"
    assert all(re.fullmatch(public, issue) for issue in issues)


def test_most_reports_are_about_a_number():
    idle = {report["report"] for report in REPORTS if report["reason"]}
    assert len(idle) <= 4 < 29 <= len({report["report"] for report in REPORTS} - idle)
