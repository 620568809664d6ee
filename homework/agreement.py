"""Read the sheet of a second reader back, beside the first marks."""

import csv
import io
import json
import math
from pathlib import Path

from homework import Trouble
from homework.course import put
from homework.gradebook import Book
from homework.kappa import told
from homework.plain import plain, table
from homework.tables import text_of

HEAD = ["answer", "problem", "of", "mark", "remark"]


def rows_of(path):
    """Return the rows of a sheet, whatever a spreadsheet has made of its commas."""
    try:
        text = text_of(path)
    except OSError as problem:
        raise Trouble(f"{path} cannot be read: {problem}") from problem
    comma = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=comma))
    if not rows or not set(HEAD) <= set(rows[0]):
        raise Trouble(f"{path} is no sheet of this command: its columns are {', '.join(HEAD)}.")
    return [{name: (row[name] or "").strip() for name in HEAD} for row in rows]


def compare(course, asked):
    """Say how far two readers agree, and what to discuss; return the exit status."""
    path = course.folder / "second" / asked.topic / "key.json"
    if not path.is_file():
        raise Trouble(f"There is no {path}: draw a sample first, with --seed.")
    key = json.loads(path.read_text(encoding="utf-8"))
    sheet = [(row, mark) for row in rows_of(Path(asked.back))
             if (mark := mark_of(row, key)) is not None]
    if not sheet:
        raise Trouble(f"{asked.back} has no marks: they go into the column mark.")
    pairs, out = beside(course, asked.topic, key, sheet)
    for problem in dict.fromkeys(pair["problem"] for pair in pairs):
        own = [pair for pair in pairs if pair["problem"] == problem]
        print(f"{problem}:", *told([p["first"] for p in own], [p["second"] for p in own]),
              sep="\n  ")
    discuss(pairs, asked.apart)
    for line in out:
        print(plain(line, 300))
    names = ["student", "problem", "of", "first", "second", "apart", "remark"]
    place = course.folder / "marks" / f"{asked.topic}-second.csv"
    put(place, table([names, *([pair[name] for name in names] for pair in pairs)]))
    print(place)
    return 1 if out else 0


def discuss(pairs, least):
    """Print the answers whose marks are so many points apart, the farthest first."""
    apart = sorted((pair for pair in pairs if abs(pair["apart"]) >= least),
                   key=lambda pair: -abs(pair["apart"]))
    print(f"To discuss, {least:g} points apart or more: {len(apart)}.")
    for pair in apart:
        print(" ", plain(f"{pair['student']}, {pair['problem']}: {pair['first']:g} and "
                         f"{pair['second']:g} of {pair['of']:g}. {pair['remark']}", 300))


def mark_of(row, key):
    """Return the mark of a row, None where it is empty; raise a Trouble where it is none."""
    if not row["mark"]:
        return None
    known = key.get(row["answer"])
    if known is None or known["problem"] != row["problem"]:
        raise Trouble(f"The sheet has an answer {row['answer']!r} of {row['problem']!r}, which was "
                      "not drawn: is it the sheet of another sample?")
    try:
        mark = float(row["mark"].replace(",", "."))
    except ValueError:
        mark = math.nan
    if not 0 <= mark <= known["of"]:
        raise Trouble(f"Answer {row['answer']}: {row['mark']!r} is no mark from 0 to "
                      f"{known['of']:g}.")
    return mark


def beside(course, topic, key, sheet):
    """Return the answers with two marks, and a sentence on each that has not."""
    with Book(course) as book:
        marks = {student: {name: mark for name, mark, _ in found}
                 for student, found in book.marks(topic).items()}
    records, pairs, out, seen = course.records(topic), [], [], set()
    for row, mark in sheet:
        if row["answer"] in seen:
            raise Trouble(f"The sheet has answer {row['answer']} twice.")
        seen.add(row["answer"])
        known = key[row["answer"]]
        student, problem = known["student"], known["problem"]
        now = next((one.get("text") for one in records.get(student, {}).get("problems", [])
                    if one["grade_id"] == problem), None)
        first = marks.get(student, {}).get(problem)
        if not student:
            out.append(f"answer {row['answer']}, {problem}: its writer is forgotten; left out.")
        elif now != known["text"]:
            out.append(f"{student}, {problem}: the text is another one since; left out.")
        elif first is None:
            out.append(f"{student}, {problem}: there is no first mark; left out.")
        else:
            pairs.append(known | {"first": first, "second": mark, "apart": mark - first,
                                  "remark": row["remark"]})
    return pairs, out
