"""The command `exam`: items of a chapter, or of several, on paper, with key, for two platforms."""

import argparse
import textwrap
from collections import Counter

from homework import Trouble
from homework.exams import seen, write
from homework.exams.bank import bank, topics
from homework.exams.codes import code, note
from homework.kit import lessons

MOST = 10  # items of a chapter
EXAMPLE = """examples:
  python -m homework exam lu --seed 402718365 --to work/exam
writes questions.pdf and key.pdf to a folder in work/exam, the same for Moodle (GIFT) and as QTI
2.1, and as plain text. Three letters stand for the seed; the key says it. Another seed draws
other numbers and situations, of the same difficulty. Take a seed of your own: this one everybody
has.
  python -m homework exam floating_point,cancellation,lu --seed 402718365 --items 8
writes one exam on several chapters, with one key."""


def parser():
    """Return the parser of the command."""
    made = argparse.ArgumentParser(
        prog="python -m homework exam", formatter_class=argparse.RawDescriptionHelpFormatter,
        description=textwrap.fill("Write an exam on a chapter, or on several: predict the digits, "
                                  "read a trace, judge two answers, count a cost.", 88),
        epilog=EXAMPLE)
    made.add_argument("topic", help="a chapter; several, with commas; or all, for an exam on each")
    made.add_argument("--seed", type=int, required=True,
                      help="a whole number, best of nine digits; keep it secret")
    made.add_argument("--items", type=int, default=MOST, help="how many; of a chapter 1 to 10 (10)")
    made.add_argument("--to", default="work/exams", help="folder to write to (work/exams)")
    made.add_argument("--html", action="store_true", help="make no PDF")
    return made


def known(topic):
    """Return the topics of a name; tell which there are."""
    if topic == "all":
        return topics()
    if topic not in topics():
        raise Trouble(f"There are no items on {topic!r}. Chapters: {', '.join(topics())}.")
    return [topic]


def exams_of(named):
    """Return a tuple of topics for each exam that is asked for."""
    if "," not in named:
        return [(one,) for one in known(named)]
    parts = [one.strip() for one in named.split(",") if one.strip()]
    if "all" in parts or len(set(parts)) < len(parts):
        raise Trouble(f"{named!r}: name each chapter once, with commas between.")
    return [tuple(one for part in parts for one in known(part))]


def chosen(parts, count):
    """Return (topic, name of an item): the chapters in turn, kinds in turn, no function twice.

    Each chapter gives as many as the others, or one more, and they stay together.
    """
    if len(parts) == 1:
        return [(parts[0], name) for name in bank(parts[0]).chosen(count)]
    taken, kinds, functions = [], Counter(), set()
    for at in range(count):
        topic = parts[at % len(parts)]
        left = [name for name in bank(topic).items if (topic, name) not in taken]
        name = min(left, key=lambda name: rank(topic, name, kinds, functions))
        taken.append((topic, name))
        kinds.update(both(topic, name))
        functions |= traced(topic, name)
    return sorted(taken, key=lambda one: (parts.index(one[0]), [*bank(one[0]).items].index(one[1])))


def rank(topic, name, kinds, functions):
    """Return what decides on an item: is its function traced, how often its kind was taken."""
    return bool(traced(topic, name) & functions), *(kinds[one] for one in both(topic, name))


def both(topic, name):
    """Return the kind of an item, in the whole exam and in its chapter."""
    kind = bank(topic).items[name][1]["kind"]
    return kind, (topic, kind)


def traced(topic, name):
    """Return the function that an item traces, in a set, which is empty where it traces none."""
    held = bank(topic)
    return set(seen.functions([held.draw(name, 5)])) if held.items[name][1]["kind"] == "read" \
        else set()


def drawn(parts, seed, count):
    """Return the items of an exam."""
    seed = seed if len(parts) == 1 else f"{seed} of {' '.join(parts)}"
    return [bank(topic).draw(name, seed) for topic, name in chosen(parts, count)]


def title_of(parts, name):
    """Return the heading of an exam, with the code that stands for its seed."""
    return f"{', '.join(lessons.title(lessons.lesson(topic)) for topic in parts)}: exam {name}"


def outcomes_of(parts):
    """Return {(topic, number): outcome} of some chapters."""
    return {(topic, number): text for topic in parts
            for number, text in lessons.outcomes(lessons.lesson(topic)).items()}


def main(arguments):
    """Write the exam; return the exit status."""
    asked = parser().parse_args(arguments)
    for parts in exams_of(asked.topic):
        if not len(parts) <= asked.items <= MOST * len(parts):
            raise Trouble(f"--items {asked.items}: a chapter has ten items; ask for {len(parts)} "
                          f"to {MOST * len(parts)}.")
        name = code("exam", ",".join(parts), asked.seed)
        items = drawn(parts, asked.seed, asked.items)
        folder = f"{asked.to}/{parts[0] if len(parts) == 1 else 'mixed'}-{name}"
        paths = write.everything(folder, title_of(parts, name), items, outcomes_of(parts),
                                 pdf=not asked.html, note=note(asked.seed, name))
        write.told([*paths, seen.note(folder, items)], pdf=not asked.html)
    return 0
