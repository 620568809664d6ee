"""The command `predictions`: read the files that the pages save, mark completion, sum beliefs.

A file holds chapter, version and choices, a prediction and what was chosen, in the order of
choosing, and after these, where the reader has said so, how sure that was; whoever made it may have
written anything. It is read as data of known size and shape, or left out with the reason. What was
chosen is not marked, only that something was.
"""

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from homework import export
from homework.course import Course
from homework.course import parser as of_course
from homework.exams import inbox, papers, write
from homework.kit import lessons
from homework.kit.markup import line
from homework.plain import plain, table

LARGEST = 64 * 1024  # bytes of a file; an honest one has less than 2000
KEYS = {"chapter", "version", "choices"}
LEVELS = ("sure", "think so", "guess")
UNSAID = "not said"
ABOUT = """Mark predictions for completion, and sum what was believed: a folder, a zip or a file, as
a platform exports it. Whose a file is is told as `collect` tells it, with students.csv in the
course's folder; of two files of a student on a chapter the newer counts. Writes completion.csv (a
line for each student and chapter), beliefs.csv (how often which misconception was chosen, and how
sure; what was sure and wrong comes first), calibration.csv (of which confidence how many choices
were right) and page.html; with --lms also a file for each chapter, to import: how many predictions
were made, of how many. Exit status 1 if a file was left out that may be a student's."""


class Refused(ValueError):  # noqa: N818  no error of the program
    """What is wrong with a file, in words."""


@dataclass(frozen=True)
class Handed:
    """The choices of a student in a chapter."""

    student: str
    chapter: str
    version: str
    choices: tuple  # (prediction, number of an option, what was written, or "shown", how sure)

    @property
    def given(self):
        """How many predictions were made before the answer was seen."""
        return sum(choice != "shown" for _, choice, _ in self.choices)


def shape(data):
    """Return chapter, version and choices; raise Refused where the data are not of that shape."""
    if not isinstance(data, dict) or set(data) != KEYS:
        raise Refused("it does not hold chapter, version and choices, and nothing else")
    chapter, version, choices = data["chapter"], data["version"], data["choices"]
    if not isinstance(chapter, str) or chapter not in lessons.order():
        raise Refused("it names no chapter of the book")
    if not isinstance(version, str) or not re.fullmatch(r"[\w.+-]{1,40}", version):
        raise Refused("it names no version")
    if not isinstance(choices, list) or len(choices) > 20:
        raise Refused("its choices are no list of at most 20")
    return chapter, version, choices


def choice_of(made, known):
    """Return a choice and how sure it was, checked against the predictions of the chapter.

    What is written is empty where it has no letter and no digit: that is no prediction.
    """
    if not isinstance(made, list) or len(made) not in (2, 3) or not isinstance(made[0], str):
        raise Refused("a choice is no pair of a prediction and what was chosen")
    name, chosen, *said = made
    asked = known.get(name)
    if asked is None:
        raise Refused("it answers a question that the chapter does not ask")
    if said and (said[0] not in LEVELS or chosen == "shown"):
        raise Refused(f"its confidence is none of {', '.join(LEVELS)}, or of no choice")
    if chosen == "shown":
        return name, chosen, UNSAID
    if asked.options:
        if type(chosen) is not int or not 1 <= chosen <= len(asked.options):
            raise Refused("it chooses an option that there is not")
    elif not isinstance(chosen, str) or len(chosen) > 60:
        raise Refused("a number is no text of at most 60 letters")
    elif not any(letter.isalnum() or letter == "∞" for letter in chosen):
        chosen = ""
    return name, chosen, said[0] if said else UNSAID


def read(data, student):
    """Return the Handed of a file's bytes; raise Refused with the reason where it is none."""
    if len(data) > LARGEST:
        raise Refused(f"it is larger than {LARGEST} bytes")
    try:
        data = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused("it is not JSON") from error
    chapter, version, choices = shape(data)
    known = {one.id: one for one in lessons.predictions(lessons.lesson(chapter))}
    made = tuple(choice_of(pair, known) for pair in choices)
    if len({name for name, _, _ in made}) < len(made):
        raise Refused("it answers a question twice")
    return Handed(student, chapter, version, tuple(one for one in made if one[1] != ""))


def asked_in(chapter):
    """Return how many predictions a chapter asks for."""
    return len(lessons.predictions(lessons.lesson(chapter)))


def chosen_options(handed):
    """Return (chapter, the prediction, number of an option, how sure) of all choices of options."""
    for one in handed:
        known = {each.id: each for each in lessons.predictions(lessons.lesson(one.chapter))}
        for name, chosen, sure in one.choices:
            if type(chosen) is int:
                yield one.chapter, known[name], chosen, sure


def beliefs(handed):
    """Return rows: chapter, prediction, misconception, times, and times by confidence.

    What most were sure of comes first, then what is commonest.
    """
    counted = {}
    for chapter, asked, chosen, sure in chosen_options(handed):
        if thought := asked.misconceptions.get(chosen):
            counted.setdefault((chapter, asked.id, thought), Counter())[sure] += 1
    rows = [(*key, count.total(), *(count[level] for level in (*LEVELS, UNSAID)))
            for key, count in counted.items()]
    return sorted(rows, key=lambda row: (-row[4], -row[3], row[:3]))


def calibration(handed):
    """Return rows: a confidence, how many options were chosen with it, how many of these right."""
    made, right = Counter(), Counter()
    for _, asked, chosen, sure in chosen_options(handed):
        made[sure] += 1
        right[sure] += chosen == asked.answer
    return [(level, made[level], right[level]) for level in (*LEVELS, UNSAID)]


def rows_of(head, rows):
    """Return a table of HTML; the cells are HTML already."""
    made = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return ("<table><tr>" + "".join(f"<th>{one}</th>" for one in head) + f"</tr>{made}</table>")


def page(handed, refused, believed):
    """Return a page that shows what the class believed, and which files were left out."""
    rows = [(sure, times, html.escape(chapter), html.escape(name),
             line(lessons.misconception(thought)))
            for chapter, name, thought, times, sure, *_ in believed]
    out = "".join(f"<li>{html.escape(one)}.</li>" for one in refused)
    return papers.page("Predictions of a class", [
        f"<p>Files read: {len(handed)}, left out: {len(refused)}. Only completion is marked.</p>"
        "<h2>What was believed before the run</h2><p>What was sure and wrong stands first.</p>",
        rows_of(("sure", "times", "chapter", "prediction", "behind the choice"), rows),
        "<h2>How sure, and how right</h2>",
        rows_of(("said", "choices", "right"), calibration(handed)),
        f"<h2>Left out</h2><ul>{out}</ul>" if refused else ""])


def completed(handed, students):
    """Return rows: student, name, chapter, version, given, asked, share."""
    return [(one.student, (students.get(one.student) or {}).get("name") or "", one.chapter,
             one.version, one.given, asked_in(one.chapter),
             round(one.given / asked_in(one.chapter), 2)) for one in handed]


def marks(handed, students, chapter, lms):
    """Return the table of a chapter for a platform; the field of who handed in nothing is empty."""
    given, rows = {one.student: one.given for one in handed if one.chapter == chapter}, []
    for student in sorted({*students, *given}):
        about, mark = students.get(student) or {}, given.get(student)
        rows.append({"id": student, **{key: about.get(key) or "" for key in (
            "name", "email", "lms_id")}, "mark": mark, "of": asked_in(chapter), "problems": {},
            "state": "not handed in" if mark is None else "read",
            "late": "", "after": None})
    made = getattr(export, lms)(rows, f"predictions {chapter}")
    return table(made)


def options_of(arguments):
    """Return the options of the command."""
    made = of_course("predictions", ABOUT, "~/Downloads/predictions.zip --lms canvas", topic=False)
    made.add_argument("folder", type=Path, help="a folder, a zip or a file that was handed in")
    made.add_argument("--to", default="work/predictions", help="folder (work/predictions)")
    made.add_argument("--lms", choices=("canvas", "moodle", "plain"),
                      help="write the completion for this platform as well")
    made.add_argument("--strangers", action="store_true",
                      help="take those in too whom students.csv does not know")
    return made.parse_args(arguments)


def main(arguments):
    """Read the files, write the tables and the page; return the exit status."""
    asked = options_of(arguments)
    students = Course(asked.course).students()
    handed, refused, told = inbox.taken(asked.folder, students, asked.strangers, read)
    believed, to = beliefs(handed), Path(asked.to)
    files = {"completion.csv": table([["student", "name", "chapter", "version", "given", "asked",
                                       "share"], *completed(handed, students)]),
             "beliefs.csv": table([["chapter", "prediction", "misconception", "times", *LEVELS,
                                    UNSAID], *believed]),
             "calibration.csv": table([["said", "choices", "right"], *calibration(handed)]),
             "page.html": page(handed, refused, believed)}
    for chapter in sorted({one.chapter for one in handed}) if asked.lms else ():
        files[f"predictions-{chapter}-{asked.lms}.csv"] = marks(handed, students, chapter,
                                                                asked.lms)
    for name, text in files.items():
        print(write.put(to / name, text))
    print(f"Files read: {len(handed)}, left out: {len(refused)}.")
    for one in [*told, *(f"Left out: {one}" for one in refused)]:
        print(plain(f"{one}."))
    return 1 if refused else 0
