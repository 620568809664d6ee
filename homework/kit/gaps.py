r"""Leave gaps in a derivation, and in a trace; the key has what was left out.

A formula with a relation loses what stands after its last one: of `$a = b = c$` the gap takes `c`.
"""

import re

RELATION = re.compile(r"\\(?:le|ge|leq|geq|approx|to|gets|leftarrow)(?![a-zA-Z])|[=<>]|\\;\\le\\;")
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+)\$", re.DOTALL)
END = re.compile(r"(?:\\[,;]|\s|[.,;])*\Z")
BAR = re.compile(r"^( ?\d+) ([█·]+)( \d+  )", re.MULTILINE)
MOST, SHORT = 6, 10  # gaps of a derivation; letters of an inline formula that keeps all of its


def cut(tex):
    """Return (start, end) of what stands after the last relation outside braces, or None."""
    depth, place = 0, None
    for found in re.finditer(r"\\[a-zA-Z]+|\\.|.", tex, re.DOTALL):
        token = found[0]
        if token in ("{", r"\left", r"\begin") or token in "([":
            depth += 1
        elif token in ("}", r"\right", r"\end") or token in ")]":
            depth -= 1
        elif depth == 0 and RELATION.fullmatch(token):
            place = found.end()
    if place is None:
        return None
    end = END.search(tex).start()
    return (place, end) if end > place and tex[place:end].strip(" \\,;") else None


def parts(tex):
    """Return the formulas that stand side by side in a display, with what separates them."""
    return re.split(r"((?:,\s*)?\\qquad)", tex)


def with_gaps(text, filled=False):
    """Return a derivation with gaps, numbered, or with their contents in boxes."""
    count = 0

    def one(tex, least):
        nonlocal count
        place = cut(tex)
        if count >= MOST or place is None or len(tex) < least or "&" in tex:
            return tex
        count += 1
        inside = tex[place[0]:place[1]].strip()
        gap = (rf"\boxed{{{inside}}}" if filled else r"\underline{\hspace{7em}}")
        return rf"{tex[:place[0]]} \underset{{({count})}}{{{gap}}}{tex[place[1]:]}"

    def replace(found):
        if found[1] is not None:
            return f"$${''.join(one(part, 0) for part in parts(found[1]))}$$"
        return f"${one(found[2], SHORT)}$"

    return FORMULA.sub(replace, text)


def trace_with_gaps(listing):
    """Return what the tracer printed without the digits of its lines; other listings as they are.

    The first line that has digits keeps them, so that everybody sees what is asked for.
    """
    seen = 0

    def replace(found):
        nonlocal seen
        seen += 1
        return found[0] if seen == 1 else f"__ {'·' * len(found[2])}{found[3]}"

    return BAR.sub(replace, listing)
