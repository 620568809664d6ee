"""A master is tried by the pipeline that grades students: solutions, constants, wrong answers."""

import re

import pytest

from homework import Trouble, attempts
from homework.notebooks import read
from homework.problems import problems_of
from tests.homework import small
from tests.homework.test_loop import make, said

LENIENT = small.CHECKS + '''

def check_pair(answer, seed=14, variant=""):
    """Judge nothing: whatever is handed in is stable."""
    word = "not attempted" if answer is Ellipsis else "stable"
    return grade.Report("pair", (grade.Case("any", word),))


def check_area(answer, seed=13, variant=""):
    """Judge area by a bound that its own solution misses at some seeds."""
    return grade.check_value(1.0 if seed % 2 else 2.0, 1.0, name="area")
'''
WRONG = """# half: subtracted first
def half(x):
    return np.sqrt(1 + x * x) - 1

# half: another way to write what is right
def half(x):
    root = np.sqrt(1 + x * x)
    return x * x / (root + 1)
"""


def test_a_good_set_has_nothing_to_mend(tmp_path, capsys):
    small.need_sandbox()
    course = make(tmp_path, small.master(["half", "pair"]))
    before = sorted(path for path in tmp_path.rglob("*"))
    status, out = said(course, capsys, "try", "small", "--seeds", "3")
    assert status == 0 and "14 submissions to try" in out
    assert "half             its own solution: 3 of 3 in full" in out
    assert "why              in words: you read it" in out
    assert "its solutions solve it, and nothing else that was tried does" in out
    assert before == sorted(path for path in tmp_path.rglob("*"))


def test_what_is_to_be_mended_is_named(tmp_path, capsys):
    small.need_sandbox()
    cells = small.master(["half", "area", "pair"])
    course = make(tmp_path, cells)
    (tmp_path / "source" / "small" / "small_checks.py").write_text(LENIENT)
    (tmp_path / "wrong.py").write_text(WRONG)
    status, out = said(course, capsys, "try", "small", "--seeds", "16", "--wrong",
                       str(tmp_path / "wrong.py"))
    assert status == 1
    assert "half             its own solution: 16 of 16 in full" in out
    assert "area             its own solution: 16 of 16" not in out
    assert re.search(r"\n    area: .+ \(seed \d+, variant '", out)
    assert "pair             a constant passes: 0.0 (2 of 2), 1.0 (2 of 2)" in out
    assert "half             a constant" not in out
    assert re.search(r"half +[0-3](\.\d+)? of 4: subtracted first \(half: ", out)
    assert "small: to be mended: area, pair, half." in out
    assert "4 of 4, ALL: another way to write what is right" in out


@pytest.mark.parametrize("text, words", [
    ("# no heads\n", "No wrong answer is listed"), ("# tan: x\ntan = 1\n", "is to no problem"),
    ("# half: x\nother = 1\n", "nothing is called half")])
def test_a_mistake_in_the_list_is_told(text, words):
    with pytest.raises(Trouble, match=words):
        attempts.listed(text, ["half"])


def test_constants_are_functions_where_the_solution_is_one():
    cells = small.master(["half", "pair"])
    names = [one.name for one in problems_of(cells) if not one.by_hand]
    for value in (*attempts.CONSTANTS, attempts.ZEROS):
        room = {}
        for name in names:
            exec(attempts.constant(cells, name, value), room)
        assert callable(room["half"]) and not callable(room["pair"])
        room["half"](3.0)
    text = attempts.submission(cells, {"half": "half = 1"})
    answers = {cell.id: cell.source for cell in read(text.encode())}
    assert answers["answer-half"] == "half = 1" and "1e16" in answers["answer-pair"]
    assert "BEGIN SOLUTION" not in text


def test_a_list_beside_the_master_would_be_handed_out(tmp_path, capsys):
    course = make(tmp_path)
    (tmp_path / "source" / "small" / "wrong.py").write_text(WRONG)
    status, out = said(course, capsys, "try", "small", "--wrong",
                       str(tmp_path / "source" / "small" / "wrong.py"))
    assert status == 2 and "is handed to students: move it elsewhere" in out


def test_no_seed_is_refused(tmp_path, capsys):
    status, out = said(make(tmp_path), capsys, "try", "small", "--seeds", "0")
    assert status == 2 and "at least one" in out
