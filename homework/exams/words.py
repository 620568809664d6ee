"""Write numbers and short texts as they stand on paper, on a page and in a plain file.

A text of an item is written once: paragraphs between blank lines, `code` between backticks and
$formulas$ in TeX. Numbers carry their powers of ten as raised digits, which every format shows.
"""

import html
import re

SUPER = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
PARTS = re.compile(r"(`[^`]+`|\$[^$]+\$)")


def raised(exponent):
    """Return a whole number as raised digits."""
    return str(exponent).translate(SUPER)


def sci(x, digits=2):
    """Return a number in so many digits: plain from 0.001 to 100 000, else with a power of ten.

    Examples
    --------
    >>> sci(3.21e-8), sci(1e-8, 1), sci(0.25), sci(0)
    ('3.2 × 10⁻⁸', '10⁻⁸', '0.25', '0')
    """
    x = float(x)
    if x != x or x in (float("inf"), float("-inf")) or x == 0:
        return f"{x:g}"
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    if -4 < int(exponent) < 5:
        return f"{float(f'{mantissa}e{exponent}'):.{max(0, digits - 1 - int(exponent))}f}"
    times = "" if float(mantissa) == 1 else f"{mantissa} × "
    return f"{times}10{raised(int(exponent))}"


def whole(n):
    """Return a whole number in groups of three digits."""
    return f"{int(n):,}".replace(",", "\u202f")


def exactly(x):
    """Return a float as the shortest decimal that reads back as it."""
    return whole(x) if float(x).is_integer() and abs(x) < 1e15 else repr(float(x))


def two(exponent):
    """Return a power of two as it is written."""
    return f"2{raised(exponent)}"


def plain(text):
    """Return a text without marks: code and formulas as they are typed."""
    return PARTS.sub(lambda part: part[0][1:-1], text)


def markup(text, formula=None):
    """Return a text as HTML; `formula` turns TeX into HTML, without it TeX stands in \\( \\)."""
    formula = formula or (lambda tex: rf"\({html.escape(tex, quote=False)}\)")
    pieces = []
    for part in PARTS.split(text):
        if part.startswith("`"):
            pieces.append(f"<code>{html.escape(part[1:-1], quote=False)}</code>")
        elif part.startswith("$") and len(part) > 1:
            pieces.append(formula(part[1:-1]))
        else:
            pieces.append(html.escape(part, quote=False))
    return "".join(pieces)


def paragraphs(text, formula=None):
    """Return a text as paragraphs of HTML."""
    return "".join(f"<p>{markup(one, formula)}</p>" for one in text.split("\n\n"))


def num(x):
    """Return a number as it is stored, where that is short, else in three digits."""
    text = exactly(x)
    return text if len(text) < 9 else sci(x, 3)
