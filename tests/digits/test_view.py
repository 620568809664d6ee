"""The text and HTML views."""

import math
import re

from lib.digits import trace


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
    wanted = re.sub(r"00(\d)", lambda found: f"{int(found[1]) - 1 + first:3}", QUADRATIC)
    assert repr(trace(quadratic, 1, 1e8, 1)) == wanted


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
