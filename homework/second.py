"""Have prose read a second time, blind: python -m homework second TOPIC."""

import json
import math
import random
import re

from homework import Trouble, harmless
from homework.agreement import HEAD, compare, rows_of
from homework.course import Course, parser, put
from homework.exams import papers, write
from homework.notebooks import read
from homework.plain import table
from homework.problems import SOLUTION, master_of, problems_of

ABOUT = """Draw a sample of the prose answers for a second reader, who sees neither name nor mark:
second/TOPIC/reader/ has the texts with their rubrics (page.html, and a PDF where there is a
Chromium) and sheet.csv to fill in. Send that folder; second/TOPIC/key.json, which knows whose text
is which, stays with you.

--back SHEET reads the sheet, and says how far the two readers agree and which answers to discuss;
marks/TOPIC-second.csv has the list. It changes no mark."""
NOTE = ("<p>Write a mark for each answer into <code>sheet.csv</code>, from 0 to its points; leave "
        "empty what you do not read. You see no name and no first mark: discuss neither before all "
        "marks are in. Formulas stand as they were typed.</p>")
BLACK = "\N{BLACK RECTANGLE}" * 3


def main(arguments):
    """Draw a sample, or read a sheet back; return the exit status."""
    made = parser("second", ABOUT, "svd --part 0.2 --seed 2027")
    made.add_argument("--part", type=float, default=0.2, help="of the texts of each problem (0.2)")
    made.add_argument("--seed", type=int, help="a whole number; draws the sample and its order")
    made.add_argument("--back", metavar="SHEET", help="the sheet that the second reader has filled")
    made.add_argument("--apart", type=float, default=1.0, help="points from which to discuss (1)")
    made.add_argument("--html", action="store_true", help="make no PDF")
    asked = made.parse_args(arguments)
    course = Course(asked.course)
    master = master_of(course.master(asked.topic))
    if asked.back:
        return compare(course, asked)
    if asked.seed is None or not 0 < asked.part <= 1:
        raise Trouble("Say --seed and a whole number to draw a sample, and --part above 0 and at "
                      "most 1; or --back SHEET to read one.")
    texts = drawn(course, asked.topic, master, asked.part, asked.seed)
    return hand_out(course, asked, master, texts)


def drawn(course, topic, master, part, seed):
    """Return (problem, student, cell, fingerprint) of the sample, in the order of the sheet."""
    found = []
    for problem in problems_of(master):
        texts = []
        for student, record in sorted(course.records(topic).items()):
            row = next((row for row in record["problems"]
                        if row["grade_id"] == problem.grade_id), {})
            cell = text_of(course, topic, student, problem.grade_id)
            if problem.by_hand and row.get("verdict") != "not attempted" and cell:
                texts.append((problem, student, cell, row.get("text", "")))
        rng = random.Random(f"second {topic} {seed} {problem.grade_id}")
        found += rng.sample(texts, math.ceil(part * len(texts) - 1e-9))
    if not found:
        raise Trouble(f"There is no graded prose of {topic}: python -m homework grade {topic}")
    return found


def text_of(course, topic, student, grade_id):
    """Return the cell of a student's prose, as it was made harmless; None where there is none."""
    path = course.place("autograded", student, topic)
    cells = read(path.read_bytes()) if path.is_file() else []
    return next((cell for cell in cells if cell.grade_id == grade_id and cell.source.strip()), None)


def hand_out(course, asked, master, texts):
    """Write page, sheet and key; return the exit status."""
    folder = course.folder / "second" / asked.topic
    sheet = folder / "reader" / "sheet.csv"
    if sheet.exists() and any(row["mark"] for row in rows_of(sheet)):
        raise Trouble(f"{sheet} has marks: move it away before you draw another sample.")
    rows = [[n, problem.grade_id, f"{problem.points:g}", "", ""]
            for n, (problem, *_) in enumerate(texts, 1)]
    paths = write.printed(folder / "reader" / "page.html", page(course, asked.topic, master, texts),
                          not asked.html)
    put(sheet, table([HEAD, *rows]))
    put(folder / "key.json", json.dumps({str(n): {
        "student": student, "problem": problem.grade_id, "of": problem.points, "text": text}
        for n, (problem, student, _, text) in enumerate(texts, 1)}, indent=1))
    write.told([*paths, sheet, folder / "key.json"], not asked.html)
    print(f"{len(texts)} answers: send {folder / 'reader'} to the second reader, keep key.json.")
    return 0


def page(course, topic, master, texts):
    """Return the texts with tasks and rubrics as HTML."""
    parts, before, people = [NOTE], None, course.students()
    for n, (problem, student, cell, _) in enumerate(texts, 1):
        if problem != before:
            asked, rubric = task_of(master, problem.grade_id)
            parts += [f"<section>{shown(asked)}<h3>Rubric</h3>{shown(rubric)}</section>"]
        names = [student, *((people.get(student) or {}).get(key) for key in ("name", "email"))]
        text = shown(blind(cell.source, names), cell.attachments)
        parts.append(f'<section><h2>Answer {n} <small>{problem.points:g} points</small></h2>'
                     f'<div class="card">{text}</div></section>')
        before = problem
    return papers.page(f"Second reading: {topic}", parts)


def task_of(master, grade_id):
    """Return the task before an answer, and its rubric, as Markdown."""
    place = next(n for n, cell in enumerate(master) if cell.grade_id == grade_id)
    task = next((cell.source for cell in reversed(master[:place]) if cell.kind == "markdown"), "")
    rubric = master[place].source
    return task, "\n".join(line for line in rubric.splitlines() if line.strip() not in SOLUTION)


def shown(source, attachments=None):
    """Return Markdown as HTML that is harmless, with the pictures that are attached to it."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    pictures = harmless.attachments(attachments or {})
    renderer = IPythonRenderer(escape=False, attachments=pictures,
                               exclude_anchor_links=True)
    return harmless.page(MarkdownWithMath(renderer=renderer).render(
        harmless.prose(source, pictures)))


def blind(text, names):
    """Return a text without the names of who wrote it.

    Examples
    --------
    >>> blind("I, ada lovelace (ada@x.org), say: adamant.", ["ada", "Ada Lovelace", "ada@x.org"])
    'I, ▬▬▬ (▬▬▬), say: adamant.'
    """
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", BLACK, text)
    return text
