"""The command `oral`: cards for eight minutes on a student's own submission and an unseen trace."""

import argparse
import html
import math
import random
import re
from functools import cache

from homework.exams import papers, seen, write
from homework.exams.bank import bank, topics
from homework.exams.codes import code, note
from homework.exams.exam import known
from homework.exams.words import markup, plain
from homework.kit import lessons
from homework.kit.markup import formula, line

EXAMPLE = """example:
  python -m homework oral lu --seed 402718365 --cards 12
writes to a folder in work/oral cards.pdf, one card a page for the students, and examiner.pdf with
what to ask, the seed, the key of each trace and the rubric. Functions that an exam in work/exams
traces are left out (--exams FOLDER names another place). Draw a card for each student; a language
model that wrote the submission does not sit in the room. Take a seed of your own."""
CHANGES = (
    "all numbers of the input are multiplied by 10²⁰⁰", "the input is float32 instead of float64",
    "the input has a single element", "one element of the input is nan",
    "the input comes in reverse order", "all elements of the input are equal",
    "all numbers of the input are divided by 10²⁰⁰", "one element is 10¹⁶ times all others")
OWN = (
    "Say in three sentences what your function does, and why in this order.",
    "The input changes: {change}. Which line is the first to behave differently, and what comes "
    "out?",
    "Which input would you hand in against your own function, and what does it then lose?")
LAW = "The chapter says: “{law}” Where does your code rely on it, and what if its condition fails?"
TRACE = (
    "Which line, or lines, make the error, and which line only shows it?",
    "By about which factor does that line amplify what it is given? Show it with the numbers.",
    "Is there a cure: another formula, another format, another reading of the data, or none? Why?")
RUBRIC = (
    ("", "3: sure", "2: good", "1: partly", "0: not yet"),
    ("Own code", "explains each line and its order; predicts the change before any help",
     "explains the steps; the change after one hint", "names the steps, cannot predict",
     "does not know the code"),
    ("Trace", "both lines, the factor from the numbers", "both lines, the factor roughly",
     "the line that shows it only", "no line, or every line"),
    ("Judgement", "a cure that fits, its price, where it ends", "a cure that fits",
     "a cure by name, without a reason", "“more digits”, or none"))


def laws(topic):
    """Return the laws of a chapter, as its summary words them."""
    found = []
    for cell in lessons.lesson(topic).of("say"):
        found += re.findall(r"\*\*(.+?)\*\*", cell.source, re.DOTALL)[:1]
    return [" ".join(law.split()) for law in found]


def first_trace(topic, seed):
    """Return the item of a chapter that asks which line makes an error."""
    held = bank(topic)
    name = next(name for name, (_, row) in held.items.items() if row["kind"] == "read")
    return held.draw(name, f"oral {seed}")


@cache
def order(topic, seed, used=frozenset()):
    """Return chapters in the order of the cards' traces, its own first, no function twice.

    Functions that are used are left out, unless there is no other.
    """
    rest = [one for one in topics() if one != topic]
    random.Random(f"oral {topic} {seed}").shuffle(rest)
    found = {}
    for one in [topic, *rest]:
        found.setdefault(seen.traced_in(first_trace(one, seed)), one)
    return [one for name, one in found.items() if name not in used] or list(found.values())


def questions(topic, seed, number):
    """Return the law and the change of a card: no pair twice while there are others."""
    rng = random.Random(f"oral {topic} {seed}")
    held, changes = laws(topic), list(CHANGES)
    rng.shuffle(held)
    rng.shuffle(changes)
    turn = (number - 1) // math.lcm(len(held), len(changes))
    return held[(number - 1 + turn) % len(held)], changes[(number - 1) % len(changes)]


def card(topic, seed, number, used=frozenset()):
    """Return what stands on a card: questions on one's own code, an item with a trace, a law."""
    chapters = order(topic, seed, used)
    law, change = questions(topic, seed, number)
    trace = first_trace(chapters[(number - 1) % len(chapters)], f"{seed} {number}")
    return {"number": number, "law": law, "change": change, "trace": trace}


def unseen(cards, used):
    """Return a sentence on what the traces of some cards have been used for."""
    functions = [seen.traced_in(held["trace"]) for held in cards]
    known = sorted(set(functions) & used)
    if known:
        return (f"An exam has traced {', '.join(known)} before: no function is left that none has. "
                "These traces are not new to who sat it.")
    again = len(functions) - len(set(functions))
    return "No exam that was found traces one of these functions." + (
        f" On {again} cards a function comes again, with other numbers: let who has sat not meet "
        "who waits." if again else "")


def own_questions(held):
    """Return the questions on the submission as HTML."""
    asked = [html.escape(one.format(change=held["change"])) for one in OWN]
    asked.insert(2, html.escape(LAW).replace("{law}", line(held["law"])))
    return "".join(f"<li>{one}</li>" for one in asked)


def shown(held):
    """Return the trace as HTML: the call and the listing."""
    stem = held["trace"].stem.partition(" The result")[0].partition(" Which")[0]
    return f"<p>{markup(stem, formula)}</p><pre>{html.escape(held['trace'].listing)}</pre>"


def student_card(held):
    """Return the card that a student sees."""
    return (f'<section class="card page"><h2>Card {held["number"]}</h2>'
            "<h3>Your submission, four minutes</h3><p>Have it open. You will be asked what it "
            f"does, and what happens when {html.escape(held['change'])}.</p>"
            f"<h3>A trace, four minutes</h3>{shown(held)}<ol>"
            + "".join(f"<li>{one}</li>" for one in TRACE) + "</ol></section>")


def examiner_card(held):
    """Return the card that the examiner sees: questions, key, rubric."""
    trace = held["trace"]
    head, *rows = RUBRIC
    table = "<tr>" + "".join(f"<th>{one}</th>" for one in head) + "</tr>" + "".join(
        f"<tr><th>{first}</th>" + "".join(f"<td>{one}</td>" for one in rest) + "</tr>"
        for first, *rest in rows)
    return (f'<section class="card page"><h2>Card {held["number"]}: examiner</h2>'
            f"<h3>Own submission, four minutes</h3><ol>{own_questions(held)}</ol>"
            f"<h3>Trace, four minutes</h3>{shown(held)}<ol>"
            + "".join(f"<li>{one}</li>" for one in TRACE)
            + f'</ol><p class="right">{html.escape(trace.options[trace.key].text)}</p>'
            f"<p>{markup(trace.why, formula)}</p><h3>Rubric, nine points</h3>"
            f"<table>{table}</table></section>")


def plain_cards(cards):
    """Return the examiner's cards as plain text."""
    made = []
    for held in cards:
        trace = held["trace"]
        asked = [one.format(change=held["change"]) for one in OWN]
        asked.insert(2, LAW.format(law=plain(held["law"])))
        made.append("\n".join([f"Card {held['number']}", *(f"- {one}" for one in asked), "",
                               plain(trace.stem), trace.listing, *(f"- {one}" for one in TRACE),
                               f"Key: {trace.options[trace.key].text}. {plain(trace.why)}"]))
    rubric = "\n".join(" | ".join(row) for row in RUBRIC)
    return "\n\n".join([*made, "Rubric, nine points", rubric]) + "\n"


def parser():
    """Return the parser of the command."""
    made = argparse.ArgumentParser(
        prog="python -m homework oral", epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Write cards for an oral examination of eight minutes.")
    made.add_argument("topic", help="a chapter, or all")
    made.add_argument("--seed", type=int, required=True,
                      help="a whole number, best of nine digits; keep it secret")
    made.add_argument("--cards", type=int, default=6, help="how many, 1 to 200 (6)")
    made.add_argument("--to", default="work/oral", help="folder to write to (work/oral)")
    made.add_argument("--exams", default="work/exams", metavar="FOLDER",
                      help="where the exams of the term are (work/exams)")
    made.add_argument("--html", action="store_true", help="make no PDF")
    return made


def main(arguments):
    """Write the cards; return the exit status."""
    asked = parser().parse_args(arguments)
    if not 1 <= asked.cards <= 200:
        raise write.Trouble(f"--cards {asked.cards}: ask for 1 to 200.")
    used = seen.used(asked.exams)
    for topic in known(asked.topic):
        name = code("oral", topic, asked.seed)
        cards = [card(topic, asked.seed, number, used) for number in range(1, asked.cards + 1)]
        title = f"{lessons.title(lessons.lesson(topic))}: oral {name}"
        folder = write.Path(asked.to) / f"{topic}-{name}"
        said = f"{note(asked.seed, name)} {unseen(cards, used)}"
        paths = []
        for kind, make, head in (("cards", student_card, []),
                                 ("examiner", examiner_card, [f"<p>{said}</p>"])):
            page = papers.page(title, [*head, *(make(held) for held in cards)])
            paths += write.printed(folder / f"{kind}.html", page, not asked.html)
        paths.append(write.put(folder / "examiner.txt", f"{said}\n\n{plain_cards(cards)}"))
        write.told(paths, pdf=not asked.html)
        print(unseen(cards, used))
    return 0
