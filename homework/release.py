"""Make the students' copy of a problem set: python -m homework release TOPIC."""

import json
import os
import re
import shutil
from pathlib import Path

from homework import Trouble, late, variants
from homework.course import Course, parser, put
from homework.examroom import exam_of
from homework.examtext import as_in_exam
from homework.gradebook import Book
from homework.handout import POLICIES, hand_out
from homework.notebooks import read, text_of, written
from homework.plain import plain
from homework.problems import checks_of, problems_of, release_of
from homework.transplant import with_variant

ABOUT = """Make the students' copy of a problem set.

The copy has no solution, no hidden check and no rubric. release/TOPIC.zip is what students get:
notebook, data, a page that says how to install and hand in, and the package that the checks need;
release/TOPIC.txt is a text to paste into the LMS. With --variants each student of students.csv gets
own numbers, in variants/TOPIC/ID.ipynb; the property that is judged is the same for all.
variants/TOPIC.zip and TOPIC.csv hand them out. With --exam the checks that students get tell only
the form of an answer: number, shapes and formats of its results; the package holds no judge."""


def options_of(arguments):
    """Return the options of the command."""
    made = parser("release", ABOUT, "svd --due 2027-05-03T23:59+02:00")
    made.add_argument("--variants", action="store_true", help="own numbers for each student")
    made.add_argument("--exam", action="store_true", help="students' checks tell the form only")
    made.add_argument("--seed", metavar="TEXT",
                      help="of the variants; by default it is drawn, and kept")
    made.add_argument("--worksheet", metavar="CSV", type=Path, help="Moodle's grading worksheet: "
                      "variants are laid out as feedback files, too")
    made.add_argument("--policy", choices=POLICIES,
                      help="on language models, as policy.md has it (log: allowed with a log; of "
                      "an exam: not-allowed)")
    made.add_argument("--policy-prose", choices=POLICIES, default="not-allowed",
                      help="the same for what is written in words (not-allowed)")
    made.add_argument("--link", metavar="URL", help="under which students find the zip")
    late.options(made)
    options = made.parse_args(arguments)
    options.policy = options.policy or ("not-allowed" if options.exam else "log")
    return options


def main(arguments):
    """Release a problem set; return the exit status."""
    options = options_of(arguments)
    course = Course(options.course).made()
    path = course.master(options.topic)
    cells = read(path.read_bytes())
    problems, released = problems_of(cells, path), release_of(cells)
    checks = checks_of(cells, path.parent)
    told = late.keep(course, options.topic, options.due, options.late)
    folder = course.folder / "release" / options.topic
    exam = exam_of(cells, path, course.data(options.topic)) if options.exam else None
    copied(path, course.data(options.topic), folder, course.folder / "source" / options.topic)
    if exam:
        exam.place(folder)
        released, told = as_in_exam(released), told + exam.told
    put(folder / path.name, text_of(written(released)))
    told += unequal(cells) + hand_out(course, options.topic, released, problems, options, exam)
    if options.variants:
        varied(course, options.topic, released, options.seed, checks)
        told += variants.hand_out(course, options.topic, options.worksheet)
    with Book(course) as book:
        book.assign(options.topic, released)
    print(f"{folder}: {len(problems)} problems, {sum(one.points for one in problems):g} points"
          + f", {len(course.students())} variants" * options.variants)
    print("\n".join(plain(line) for line in told))
    return 0


def unequal(cells):
    """Return sentences on tasks whose text has other points than their graded cell.

    Examples
    --------
    >>> from homework.notebooks import Cell
    >>> unequal([Cell("markdown", "## half\\n\\n*Build · 4 points*"),
    ...          Cell("code", "", "grade-half", {"grade_id": "half", "grade": True, "points": 10})])
    ['half: its task says 4 points, its graded cell 10.']
    """
    said, found = None, []
    for cell in cells:
        if cell.kind == "markdown" and not cell.is_answer:
            number = re.search(r"(\d+(?:\.\d+)?) points", cell.source)
            said = float(number[1]) if number else None if cell.source.startswith("#") else said
        if cell.points is not None and said is not None and said != cell.points:
            found.append(f"{cell.grade_id}: its task says {said:g} points, its graded cell "
                         f"{cell.points:g}.")
    return found


def copied(path, data, folder, source):
    """Copy the data to the students, and all to the term's own masters.

    Later changes of the project leave the term's copy alone.
    """
    if path.parent != source:
        put(source / path.name, path.read_bytes())
    for name, file in data.items():
        for place in {folder, source} - {path.parent}:
            put(place / name, file.read_bytes())


def varied(course, topic, released, seed, checks):
    """Write each student's variant, and keep the seed."""
    folder, old = course.folder / "variants" / topic, course.folder / "release" / topic
    students = course.students()
    if not students:
        raise Trouble(f"Variants need to know the students: write {course.folder}/students.csv, "
                      "with a column id, and perhaps name, email and lms_id.")
    known = folder.with_name(f"{topic}.json")
    if (old / "variants.json").is_file():  # of an earlier version, among what students get
        os.makedirs(folder.parent, exist_ok=True)
        os.replace(old / "variants.json", known)
        shutil.rmtree(old / "variants", ignore_errors=True)  # they are made anew from the seed
    if known.is_file():
        kept = json.loads(known.read_text(encoding="utf-8"))["seed"]
        if seed not in (None, kept):
            raise Trouble(f"{topic} was released with the seed {kept!r}: another one would change "
                          f"everybody's numbers. Remove {known} if nobody has them yet.")
        seed = kept
    put(known, json.dumps({"seed": seed or variants.fresh_seed(students, checks)}) + "\n")
    for student in students:
        own = with_variant(released, course.variant(topic, student))
        put(folder / f"{student}.ipynb", text_of(written(own)))
