"""Take the sentences of a text apart, and keep as many as there is room for.

Each sentence of a chapter has a line of its own; code, displays and tables stay whole.
"""

import re

from homework.kit import markup


def pieces(text):
    """Return the sentences of a text (each has a line of its own); code and displays stay whole."""
    found = re.split(r"(^```.*?^```$|^\$\$.*?\$\$$|^\|.*?\|$(?!\n\|))", text.strip(),
                     flags=re.DOTALL | re.MULTILINE)
    made = []
    for part in found:
        whole = part.startswith(("```", "$$", "|"))
        made += [part] if whole else [one for one in part.splitlines() if one.strip()]
    return made


def suffix(parts, budget):
    """Return as many of the last parts as have at most so many words; the last one anyway."""
    kept = parts[-1:]
    for part in reversed(parts[:-1]):
        if len(markup.words(markup.block("\n\n".join([part, *kept])))) > budget:
            break
        kept.insert(0, part)
    return kept


def without_asides(parts):
    """Return parts without those in parentheses, which are for readers; one may span several."""
    kept, inside = [], False
    for part in parts:
        inside = inside or part.startswith("(")
        kept += [] if inside else [part]
        inside = inside and not part.endswith(")")
    return kept


def last_sentence(text):
    """Return the last sentence of a line."""
    return ["**Predict**: " + re.split(r"[.?] +(?=[A-Z])", text)[-1].removeprefix("**Predict**: ")]


def clause(text):
    """Return the first clause of an option; the notes have all of it."""
    return re.split(r"[,;:] (?=[^$]*(?:\$[^$]*\$[^$]*)*$)", text)[0]
