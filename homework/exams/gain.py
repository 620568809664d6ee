"""Compare two runs of the concept inventory: normalised gain, and the wrong option chosen most.

A table has the columns student, form, seed, code (three letters of the paper's title), and one for
each item, named by its number, with the letter that the student marked, followed by + where the
paper has a tick at "sure" and by ? where it has one at "guess". The gain of
an item is (after - before) / (1 - before), with the shares of right answers among the students of
both tables (Hake, Am. J. Phys. 66, 1998).
"""

import argparse
import csv
import re
from collections import Counter
from pathlib import Path

from homework import Trouble
from homework.exams.codes import code
from homework.plain import table
from homework.tables import rows

MOST = 5_000_000  # bytes of a table


def blank(form, seed, numbers):
    """Return a table to fill in: its heading, and a line that shows how."""
    return table([["student", "form", "seed", "code", *map(str, numbers)],
                  ["", form, seed, code("inventory", form, seed), *[""] * len(numbers)]])


def read(path):
    """Return {student: {item: (right, misconception, sure)}} of a table."""
    path = Path(path)
    try:
        if path.stat().st_size > MOST:
            raise Trouble(f"{path} is larger than {MOST} bytes, and no table of answers.")
        held = rows(path, "student", "form", "seed", "code")
    except (OSError, csv.Error) as error:
        raise Trouble(f"{path} cannot be read: {error}. Give the table as a CSV file.") from error
    if not held:
        raise Trouble(f"{path} has no rows: begin with the answers.csv that `inventory` writes.")
    return {row["student"]: answers(row, path) for row in held if row["student"]}


def answers(row, path):
    """Return what a student answered, item by item; blank ones are left out."""
    from homework.exams import inventory

    form, seed = of_paper(row, path)
    given = {}
    for name, mark in row.items():
        if not name.isdecimal() or not mark:
            continue
        try:
            drawn = inventory.item(int(name), form, seed)
            option = drawn.options["ABCD".index(mark[0].upper())]
        except (StopIteration, ValueError) as error:
            raise Trouble(f"{path}, student {row['student']!r}, item {name}: answer {mark!r} is "
                          "none, or there is no such item. An answer is one of the letters A to "
                          "D.") from error
        if mark[1:].strip() not in ("", "+", "?"):
            raise Trouble(f"{path}, student {row['student']!r}, item {name}: behind the letter of "
                          f"{mark!r} stands + for sure, ? for a guess, or nothing.")
        given[int(name)] = (not option.misconception, option.misconception, "+" in mark)
    return given


def of_paper(row, path):
    """Return form and seed of a row, which have to give the letters that stand on the paper."""
    who, form, seed = f"{path}, student {row['student']!r}", row["form"], row["seed"]
    if form not in ("A", "B") or not re.fullmatch(r"-?\d{1,40}", seed):
        raise Trouble(f"{who}: form {form!r}, seed {seed!r}. A form is A or B, a seed a whole "
                      "number.")
    if row["code"].upper() != (right := code("inventory", form, int(seed))):
        raise Trouble(f"{who}: the paper is {row['code'] or 'without a code'}, and form {form} "
                      f"with the seed {seed} is {right}. Put the three letters of the paper's "
                      "title into the column code, and its seed into seed: the key hangs on it.")
    return form, int(seed)


def compare(before, after):
    """Return a row for each item: number, students, shares right, gain, sure and wrong, most."""
    both = sorted(set(before) & set(after))
    if not both:
        raise Trouble("No student is in both tables: the column `student` has to agree.")
    found = []
    for n in sorted({n for student in both for n in (*before[student], *after[student])}):
        pairs = [(before[one][n], after[one][n]) for one in both
                 if n in before[one] and n in after[one]]
        if pairs:
            found.append((n, len(pairs), *shares(pairs)))
    return found


def shares(pairs):
    """Return share before, share after, gain (nan if all were right), sure and wrong, the most."""
    first = sum(one[0] for one, _ in pairs) / len(pairs)
    second = sum(one[0] for _, one in pairs) / len(pairs)
    wrong = Counter(one[1] for _, one in pairs if not one[0])
    most = wrong.most_common(1)[0] if wrong else ("", 0)
    sure = sum(one[2] and not one[0] for _, one in pairs)
    return first, second, (second - first) / (1 - first) if first < 1 else float("nan"), sure, *most


def parser():
    """Return the parser of the command."""
    made = argparse.ArgumentParser(
        prog="python -m homework inventory gain", description="Compare two runs of the inventory.",
        epilog="example: python -m homework inventory gain pre.csv post.csv --to gain.csv")
    made.add_argument("before", help="table of the first run")
    made.add_argument("after", help="table of the second run")
    made.add_argument("--to", help="write the rows to this CSV as well")
    return made


def main(arguments):
    """Print the comparison; return the exit status."""
    from homework.exams import write

    asked = parser().parse_args(arguments)
    found = compare(read(asked.before), read(asked.after))
    print("item  students  before  after  gain   sure and wrong  wrong option chosen most")
    for n, count, first, second, gained, sure, thought, times in found:
        told = f"{times} × {thought}" if times else "-"
        print(f"{n:4}  {count:8}  {first:6.2f}  {second:5.2f}  {gained:5.2f}  {sure:14}  {told}")
    known = [row[4] for row in found if row[4] == row[4]]
    print(f"Mean gain of {len(known)} items: {sum(known) / max(1, len(known)):.2f}. It says "
          "nothing of single students, and is no mark.")
    if asked.to:
        print(write.put(Path(asked.to), table([
            ["item", "students", "before", "after", "gain", "sure_and_wrong", "misconception",
             "chosen"], *found])))
    return 0
