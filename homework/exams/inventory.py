"""The command `inventory`: the concept inventory on paper, its key, and what a term has gained.

Twenty core items and five in reserve, in two forms with the same misconceptions. It stays out of
the book: neither a chapter nor the site holds one of its items.
"""

import argparse
import json
import random
from functools import cache
from pathlib import Path

from homework import Trouble
from homework.exams import gain, papers, write
from homework.exams.codes import code, note
from homework.exams.items import Item, Option

PATH = Path(__file__).resolve().parents[1] / "data" / "concept_inventory.json"
EXAMPLE = """examples:
  python -m homework inventory --form A --seed 402718365 --key
writes questions.pdf to a folder in work/inventory, the same for Moodle (GIFT) and as QTI 2.1, the
key, and answers.csv, which holds the seed and is yours, to fill in: a line for each
student and the letter of each answer, with + behind it for "sure" and ? for "guess".
  python -m homework inventory gain pre.csv post.csv
prints the normalised gain of each item and the wrong option chosen most often."""


@cache
def inventory():
    """Return the items as they are stored."""
    return json.loads(PATH.read_text(encoding="utf-8"))


def numbers(reserve=()):
    """Return the numbers of the core items, and of those in reserve that are asked for."""
    held = inventory()
    unknown = set(reserve) - set(held["reserve"])
    if unknown:
        raise Trouble(f"--reserve {' '.join(map(str, sorted(unknown)))}: in reserve are "
                      f"{', '.join(map(str, held['reserve']))}.")
    return [one["n"] for one in held["items"]
            if one["n"] not in held["reserve"] or one["n"] in reserve]


def item(n, form, seed):
    """Return an item of a form, its options in an order drawn from the seed."""
    stored = next(one for one in inventory()["items"] if one["n"] == n)
    held = stored[form]
    options = [Option(held["right"]), *(Option(one["option"], one["misconception"])
                                        for one in held["distractors"])]
    random.Random(f"inventory {form} {n} {seed}").shuffle(options)
    why = f"{stored['concept']}. Verified: {held['verified']}."
    return Item(f"concept {n}", held["question"], why, options=tuple(options),
                topic=stored["chapter"], kind="", place=n, outcome=0, minutes=1)


def form_items(form, seed, reserve=()):
    """Return the items of a form in the order of the inventory."""
    return [item(n, form, seed) for n in numbers(reserve)]


def parser():
    """Return the parser of the command."""
    made = argparse.ArgumentParser(
        prog="python -m homework inventory", epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Write the concept inventory for a class; with `gain` compare two runs of it.")
    made.add_argument("--form", choices=("A", "B"), required=True, help="which of the two forms")
    made.add_argument("--seed", type=int, required=True, help="a whole number: order of options")
    made.add_argument("--key", action="store_true",
                      help="write the key as well, and GIFT and QTI, which hold it")
    made.add_argument("--reserve", type=int, nargs="*", default=[], metavar="N",
                      help="items in reserve to add, for chapters that were taught")
    made.add_argument("--to", default="work/inventory", help="folder (work/inventory)")
    made.add_argument("--html", action="store_true", help="make no PDF")
    return made


def main(arguments):
    """Write the inventory, or compare two runs; return the exit status."""
    if arguments[:1] == ["gain"]:
        return gain.main(arguments[1:])
    asked = parser().parse_args(arguments)
    items = form_items(asked.form, asked.seed, asked.reserve)
    name = code("inventory", asked.form, asked.seed)
    title = f"Concept inventory, form {asked.form}, {name}"
    folder = Path(asked.to) / f"{asked.form}-{name}"
    paths = write.printed(folder / "questions.html", papers.survey(title, items), not asked.html)
    paths.append(write.put(folder / "answers.csv", gain.blank(asked.form, asked.seed,
                                                              numbers(asked.reserve))))
    if asked.key:
        paths += write.keyed(folder, title, items, {}, not asked.html, note(asked.seed, name))
    write.told(paths, pdf=not asked.html)
    return 0
