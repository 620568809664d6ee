"""Write items in GIFT, which Moodle imports: the choices and the numbers; reasons need paper."""

import re

from homework.exams.words import paragraphs

SPECIAL = re.compile(r"([\\~=#{}:])")


def escaped(text):
    """Return a text in which GIFT sees no sign of its own; a line break is written as one."""
    return SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def body(item):
    """Return stem and listing as HTML on one line."""
    text = paragraphs(item.stem)
    if item.listing:
        text += "<pre>" + item.listing.replace("&", "&amp;").replace("<", "&lt;") + "</pre>"
    return escaped(text)


def answers(item):
    """Return what stands between the braces."""
    if not item.options:
        return f"#{item.number!r}:{item.within!r}#{escaped(paragraphs(item.why))}"
    lines = []
    for option in item.options:
        mark, said = ("~", f"Behind it: {option.misconception}.") if option.misconception else (
            "=", item.why)
        lines.append(f"{mark}{escaped(paragraphs(option.text))}#{escaped(paragraphs(said))}")
    return "\n" + "\n".join(lines) + "\n"


def gift(items, category):
    """Return a file for Moodle: a category, then a question for each item."""
    lines = [f"$CATEGORY: {category}", ""]
    for number, item in enumerate(items, 1):
        name = escaped(f"{item.place or number:02} {item.name}")
        lines += [f"// {item.topic}, outcome {item.outcome}, {item.minutes} minutes",
                  f"::{name}::[html]{body(item)}{{{answers(item)}}}",
                  ""]
    return "\n".join(lines)
