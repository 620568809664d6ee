"""Write items and their key as plain text."""

import textwrap

from homework.exams.words import exactly, num, plain

WIDE = 78


def wrapped(text, indent=""):
    """Return paragraphs of at most 78 columns."""
    return "\n\n".join(textwrap.fill(plain(one), WIDE, initial_indent=indent,
                                     subsequent_indent=indent) for one in text.split("\n\n"))


def tolerance(item):
    """Return how far an answer may lie from the number, in words."""
    return f" (within {num(item.within)})" if item.within else ""


def right(item):
    """Return the number of the key as it is printed: exactly, where no other one is right."""
    return f"{num(item.number) if item.within else exactly(item.number)} {item.unit}".strip()


def question(item, number):
    """Return one question."""
    head = f"{item.heading(number)} ({item.points} points, {item.minutes} minutes)"
    lines = [head, "", wrapped(item.stem)]
    if item.listing:
        lines += ["", textwrap.indent(item.listing, "    ")]
    lines.append("")
    for letter, option in zip("ABCDEFGH", item.options, strict=False):
        lines.append(f"  {letter}) {plain(option.text)}")
    if not item.options:
        lines.append(f"  Your number: ____________ {item.unit}".rstrip())
    return "\n".join(lines)


def answer(item, number, outcomes):
    """Return the key to one question."""
    said = f"{item.letter}) {plain(item.options[item.key].text)}" if item.options else (
        right(item) + tolerance(item))
    lines = [f"{item.place or number}. {said}", "", wrapped(item.why, "   "), ""]
    lines += [f"   {points} point: {what}" for points, what in item.marks]
    for letter, option in zip("ABCDEFGH", item.options, strict=False):
        if option.misconception:
            lines.append(f"   {letter}) Behind it: {option.misconception}.")
    if said := outcomes.get((item.topic, item.outcome)):
        lines.append(wrapped(f"Outcome {item.outcome} of {item.topic}: {said}", "   "))
    return "\n".join(lines)


def sheet(title, items):
    """Return a question sheet."""
    total = f"{sum(item.points for item in items)} points, {sum(i.minutes for i in items)} minutes"
    return "\n\n".join([title, total, *(question(item, at) for at, item in enumerate(items, 1))]) \
        + "\n"


def key(title, items, outcomes, note=""):
    """Return the key; `outcomes` maps (chapter, number) to the text of an outcome."""
    return "\n\n".join([f"{title}: key", *([wrapped(note)] if note else []),
                        *(answer(item, at, outcomes) for at, item in enumerate(items, 1))]) + "\n"
