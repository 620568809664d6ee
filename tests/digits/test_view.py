"""The text and HTML views."""

import math
import re

import numpy as np

from lib.digits import trace
from lib.digits.records import whole
from lib.numbers import BF16


def quadratic(a, b, c):
    disc = b * b - 4 * a * c
    root = math.sqrt(disc)
    x1 = (-b + root) / (2 * a)
    x2 = (-b - root) / (2 * a)
    return x1, x2


QUADRATIC = """\
quadratic: 0 of 16 digits are right.
The digits show as lost in the addition `-b + root` in line 004, which amplifies errors 1e16 times.
The error was made in the sqrt `math.sqrt(disc)` in line 003.

                    001  def quadratic(a, b, c):
16 ████████████████ 002      disc = b * b - 4 * a * c
16 ████████████████ 003      root = math.sqrt(disc)
                                    ^^^^^^^^^^^^^^^ error made here
 0 ················ 004      x1 = (-b + root) / (2 * a)
                                   ^^^^^^^^^ digits show as lost here: 16 before, 0 after
16 ████████████████ 005      x2 = (-b - root) / (2 * a)
                    006      return x1, x2"""


def test_the_text_view_shows_the_source_with_the_digits_left():
    first = quadratic.__code__.co_firstlineno
    width = len(str(first + 5))
    wanted = re.sub(r"line 00(\d)", lambda found: f"line {int(found[1]) - 1 + first}", QUADRATIC)
    wanted = re.sub(r"00(\d)", lambda found: f"{int(found[1]) - 1 + first:{width}}", wanted)
    wanted = re.sub(r"(?m)^ {30,}(?=\^)", lambda found: found[0][3 - width:], wanted)
    assert repr(trace(quadratic, 1, 1e8, 1)) == wanted


def deviation(x):
    total = squares = 0.0
    for v in x:
        total, squares = total + v, squares + v * v
    return math.sqrt(squares / len(x) - (total / len(x)) ** 2)


def test_both_views_tell_what_was_raised(refusal_of_sqrt):
    result = trace(deviation, [0.7] * 6)
    first, _, *rest = repr(result).split("\n")
    refusal = f"ValueError ({refusal_of_sqrt(result.raised.values[0])})"
    assert first == f"deviation raises {result.raised}."
    assert f"{refusal} in the sqrt `math.sqrt(squares" in first
    assert any(f"^ raises {refusal} at -" in row for row in rest)
    page = result._repr_html_()
    assert f"deviation raises {refusal}" in page
    assert "exactly 0.0: 0 digits were left; the exact result is 0.0" in page


def judge(x):
    if x > 1:
        raise ValueError(f"{x} is too large")
    return x


def test_a_line_that_only_raises_has_no_bar():
    result = trace(judge, 2.5)
    (row,) = [row for row in repr(result).split("\n") if "    raise ValueError" in row]
    assert row.startswith(" " * 20) and "2.5 is too large" in repr(result)
    assert math.isnan(result.lines[-1].digits)
    assert "aria-hidden" not in result._repr_html_().split("raise ValueError")[0].split("<tr>")[-1]


def test_the_html_view_is_a_table_that_says_the_same_in_words():
    first, second = (
        trace(lambda x: (x + 1) - x if x < 2e16 else x, 1e16)._repr_html_() for _ in range(2))
    page = first
    assert first == second
    assert page.startswith('<div class="lib-trace">') and page.count("<div") == page.count("</div>")
    assert page.count('<th scope="col"') == 4 and "<caption" not in page
    assert "error made here" in page and "digits show as lost here" in page
    assert "x &lt; 2e16" in page and "<code>x + 1</code>" in page
    assert not re.search(r"0x[0-9a-f]{6}|#[0-9a-f]{3}|color:(?!currentColor)(?! *inherit)", page)


def heads(result):
    """Return the sentences above the listing."""
    return repr(result).split("\n\n")[0].split("\n")


def steps(h):
    t, n = 0.0, 0
    while t < 1:
        t += h
        n += 1
    return n


def test_a_step_too_many_comes_before_the_digits():
    result = trace(steps, 0.1)
    line = steps.__code__.co_firstlineno + 2
    assert result.value == 11 and result.digits == 16
    assert heads(result) == [
        f"steps goes another way than exact numbers would, at `t < 1` in line {line}.",
        "On the way taken 16 of 16 digits are right."]
    # 1/8 has no error, and exact numbers take as many steps.
    assert heads(trace(steps, 0.125)) == ["steps: 16 of 16 digits are right.",
                                          "No operation loses digits."]


def total(terms):
    s = 0.0
    for term in terms:
        s += term
    return s


def test_a_sum_in_which_no_operation_stands_out():
    stalled = trace(total, [0.125] * 500, fmt=BF16)
    assert stalled.value == 32 and stalled.exact == 62.5  # 32 + 1/8 is 32: its ulp is 1/4
    line = total.__code__.co_firstlineno + 3
    assert stalled.stalled.number == line
    assert heads(stalled)[1] == (f"Terms leave no trace in {stalled.stalled}: each alone is too "
                                 "small for the sum.")
    # One term too small for the sum is not what two hundred roundings lose.
    assert trace(total, [1e-30] + [0.1] * 200).stalled is None
    many = trace(total, [0.1] * 300)
    assert 14 <= many.digits < 15 and many.shows is None and many.stalled is None
    assert heads(many)[1] == "No operation loses more than one digit: small losses add up."
    few = trace(total, [0.1] * 10)
    assert 15 <= few.digits < 15.98
    assert heads(few)[1] == "No operation loses more than one digit."


def test_digits_that_are_lost_little_by_little():
    result = trace(total, [0.1] * 40_000)
    line = total.__code__.co_firstlineno + 3
    assert result.digits < 14 and max(part.loss for part in result.lines) <= 1
    assert heads(result)[1] == ("Digits are lost little by little; the largest loss shows in the "
                                f"addition `s += term` in line {line}.")
    left = whole(result.lines[0].digits)
    assert f"digits show as lost here little by little: at worst {left} left" in repr(result)


def test_what_is_no_finite_number_is_named_first():
    product, quotient = lambda x: x * x, lambda x: x * x / (x * x)
    assert heads(trace(product, 1e200))[0] == "lambda returns inf: 0 of 16 digits are right."
    assert heads(trace(lambda x: -x * x, 1e200))[0].startswith("lambda returns -inf: 0 of 16")
    assert heads(trace(quotient, 1e200))[0] == "lambda returns nan: 0 of 16 digits are right."
    many = [(lambda x: x * 10, "an inf"), (lambda x: -x * 10, "a -inf"),
            (lambda x: x * 10 / (x * 10), "a nan")]
    for f, named in many:
        first = heads(trace(f, np.array([1.0, 1e308])))[0]
        assert first == f"lambda returns {named}: 0 of 16 digits are right."
    given = trace(lambda x: x + 1, math.nan)
    assert heads(given) == ["lambda returns nan, and so would exact numbers.",
                            "No operation loses digits."]
