"""Write a formula in one line of plain text, for results of a search and for cards.

KaTeX has read the TeX already: its MathML is a tree of which each part is a few letters and signs.
"""

import re
from xml.etree import ElementTree

from web.mathematics import TexError, typeset

SIMPLE = re.compile(r"[−-]?[\w.]+'*|.")  # needs no parentheses as a part of something else
SPACED = frozenset("=<>≤≥≈≠∼+−×·⋅∈→≪≫⇒")
ACCENTS = {"^": "\u0302", "~": "\u0303", "ˉ": "\u0304", "¯": "\u0304", "˙": "\u0307"}
UNSEEN = dict.fromkeys(map(ord, "\u2062\u200b"))
APPLIED = "\u2061"  # stands between a function and what it is applied to
BACK = "\u2063"  # ends the blank that KaTeX writes for \\!, which draws its neighbours together


def one_line(tex, macros=()):
    """Return a formula as a line of text; the TeX itself where it cannot be read.

    Examples
    --------
    >>> one_line(r"2^{-53} \\approx 1.1 \\times 10^{-16}")
    '2^−53 ≈ 1.1 × 10^−16'
    >>> one_line(r"\\frac{a + b}{2}"), one_line(r"65\\,536")
    ('(a + b)/2', '65\\u202f536')
    """
    try:
        markup = typeset(tex, False, tuple(macros))
    except TexError:
        return tex
    tree = ElementTree.fromstring(re.search(r"<math.*?</math>", markup, re.S)[0])
    text = re.sub(rf"(?<=\w){APPLIED}(?=[\w∑])", " ", told(tree)).replace(APPLIED, "")
    text = re.sub(r"(?<=\d)\s+(?=\d{3}\b)", "\u202f", text.replace("^′", "′"))
    text = re.sub(r"[ \u00a0\u2000-\u200a\u205f]+", " ", text.translate(UNSEEN))
    return text.replace("; )", ")").strip()


def told(part):
    """Return what one element of MathML says."""
    name = part.tag.rpartition("}")[2]
    inside = [told(one) for one in part]
    if name in ("annotation", "mspace"):
        return ""
    if name in FORMS:
        parts = [one.removesuffix(APPLIED) for one in inside if one != APPLIED]
        return FORMS[name](*parts) + (APPLIED if "".join(inside).count(APPLIED) else "")
    if name == "msqrt":
        return f"√{held(''.join(inside))}"
    if name == "mtr":
        return ", ".join(inside) + "; "
    if name in ("mrow", "mstyle", "math", "semantics"):
        return row(inside)
    text = (part.text or "").replace("∣", "|")
    return "" if text.endswith(BACK) else text + "".join(inside)


def row(parts):
    """Return the parts of a row, with blanks around what relates two of them."""
    made = ""
    for part in parts:
        binary = part in SPACED and made and made.rstrip()[-1:] not in {*SPACED, "(", ""}
        made += f" {part} " if binary or (part in SPACED and part not in "+−") else part
    return made


def held(text):
    """Return a part in parentheses, unless it is one name, number or sign."""
    return text if SIMPLE.fullmatch(text) else f"({text.strip()})"


def accented(base, accent):
    """Return a letter with the accent above it, where there is such a letter."""
    return base + ACCENTS.get(accent, "")


FORMS = {
    "msup": lambda base, above: f"{base}^{held(above)}",
    "msub": lambda base, below: f"{base}_{held(below)}",
    "msubsup": lambda base, below, above: f"{base}_{held(below)}^{held(above)}",
    "munder": lambda base, below: f"{base}_{held(below)}",
    "munderover": lambda base, below, above: f"{base}_{held(below)}^{held(above)}",
    "mover": accented,
    "mfrac": lambda over, under: f"{held(over)}/{held(under)}",
    "mroot": lambda inside, degree: f"{held(inside)}^(1/{degree})",
}
