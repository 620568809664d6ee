"""Write a chapter's predictions as polls: for Moodle (GIFT), for others (QTI 2.1), as plain text.

    python -m homework polls softmax

The plain text is for tools into which one pastes, such as Wooclap; its key stands at the end. On
the site, `?present` behind a chapter's address shows the same questions to a lecture hall.
"""

import re

from homework.exams import gift, qti
from homework.exams.items import Item, Option
from homework.kit import files, lessons, markup

FENCE = re.compile(r"^```\w*\n(.*?)^```\n?", re.DOTALL | re.MULTILINE)
LETTERS = "ABCDE"


def item(chapter, one):
    """Return a prediction as an item of the exams' writers."""
    listing = "\n".join(code.rstrip() for code in FENCE.findall(one.context))
    stem = f"{one.setting}\n\n{FENCE.sub('', one.context)}\n\nPredict: {one.question}"
    options = tuple(Option(inline(text), inline(one.misconceptions.get(number, "")))
                    for number, text in enumerate(one.options, 1))
    return Item(name=f"{chapter.topic} {one.id}", stem=paragraphs(stem), listing=listing,
                options=options, why=f"{inline(one.right)}. The cell after {one.id} shows it.",
                topic=chapter.topic, minutes=3, outcome=0, unit=one.number.get("unit", ""),
                number=float(one.number.get("number", 0)), within=float(within(one.number)))


def within(asked):
    """Return how far a number may lie off: a factor reaches as far up as it reaches down."""
    if "factor" in asked:
        return abs(asked["number"]) - abs(asked["number"]) / asked["factor"]
    return asked.get("within", 0.0)


def paragraphs(text):
    """Return Markdown as paragraphs of words, `code` and $formulas$, which the writers know."""
    parts = re.split(r"\n\s*\n|\n(?=[-*|] |\d\. )", text.strip())
    return "\n\n".join(made for part in parts if (made := inline(part)))


def inline(text):
    """Return a paragraph of Markdown without emphasis; displays stand in the line."""
    text = re.sub(r"\$\$\s*(.+?)\s*\$\$", r"$\1$", markup.flat(text), flags=re.DOTALL)
    pieces = re.split(r"(`[^`]*`|\$[^$]+\$)", text)
    pieces[::2] = [re.sub(r"\*+(?=\S)|(?<=\S)\*+", "", piece) for piece in pieces[::2]]
    return " ".join("".join(pieces).split())


def items(chapter):
    """Return the items of a chapter's predictions."""
    return [item(chapter, one) for one in lessons.predictions(chapter)]


def as_gift(made, name):
    """Return items as GIFT; a prediction assesses no outcome of its own."""
    text = gift.gift(made, f"Where the Digits Go/{name}")
    return re.sub(r"^(// \w+), outcome 0", r"\1", text, flags=re.MULTILINE)


def plain(chapter):
    """Return the predictions as text to paste, their key at the end."""
    lines, key = [], []
    for number, one in enumerate(lessons.predictions(chapter), 1):
        code = "".join(f"{listing}\n" for listing in FENCE.findall(one.context))
        context = markup.plain(FENCE.sub("", one.context))
        asked = " ".join(f"{markup.plain(one.setting)} {context} Predict: "
                         f"{markup.plain(one.question)}".split())
        offered = [f"{letter}. {markup.plain(text)}"
                   for letter, text in zip(LETTERS, one.options, strict=False)]
        lines += [f"{number}. {asked}", *([code.rstrip()] if code else []), *offered, ""]
        right = f"{LETTERS[one.answer - 1]}. " if one.options else ""
        key += [f"{number}. {right}{markup.plain(one.right)}"]
        key += [f"   {LETTERS[at - 1]}: they think that {markup.plain(words)}"
                for at, words in one.misconceptions.items()]
    return "\n".join([lessons.title(chapter), "", *lines, "KEY", "", *key, ""])


def main(arguments=None):
    """Write the polls in three formats; return the exit status."""
    options = files.parser("polls", __doc__).parse_args(arguments)
    for topic in files.topics(options.topic):
        chapter = lessons.lesson(topic)
        made, name = items(chapter), lessons.title(chapter)
        files.write(options.out, topic, "polls.gift", as_gift(made, name))
        files.write(options.out, topic, "polls.zip", qti.package(made, name))
        path = files.write(options.out, topic, "polls.txt", plain(chapter))
        print(f"{path}, .gift and .zip (QTI 2.1): {len(made)} questions")
    return 0
