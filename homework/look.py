"""List whose submission needs a look, and what to do next: python -m homework look TOPIC."""

import re

from homework import Trouble
from homework.course import Course, parser
from homework.gradebook import Book
from homework.notebooks import Unreadable, read
from homework.plain import plain
from homework.rubric import rubric, shares

ABOUT = """List whose submission needs a look, the gravest first, with the file and the next
command: ungraded, prose to be read, the judge failed, stopped by a limit, newer files, locked cells
that were changed, prose beside the answers, the same text in two answers, marks just under a limit.
Exit status 1 while something is ungraded."""
LONG = 200  # letters of an answer from which the same text is told
PROSE = "Prose to be read"
WITHOUT = ("Ungraded", "The judge failed", "Newer than what was graded")
TIME = r"no answer within|took more than \S+ seconds"
MEMORY = r"took more than \d+ MiB|MemoryError"
STOPPED = r"ended \d+ sandboxes|made more than|took more than one processor|the process ended while"


def main(arguments):
    """Print the list; return the exit status."""
    made = parser("look", ABOUT, "svd --limit 50 --limit 85")
    made.add_argument("--limit", type=float, action="append", metavar="PERCENT",
                      help="of all points, which decides something; repeatable (50)")
    made.add_argument("--within", type=float, default=2.0, metavar="PERCENT",
                      help="of all points, that are just under it (2)")
    made.add_argument("--split", type=int, metavar="N", help="prose to be read, among N readers")
    options = made.parse_args(arguments)
    course = Course(options.course)
    course.master(options.topic)
    if options.split is not None and options.split < 1:
        raise Trouble(f"--split {options.split}: there is one reader at least.")
    groups = groups_of(course, options.topic, options.limit or [50.0], options.within)
    print(f"{options.topic}, in {course.folder}:")
    for title, following, lines in groups:
        if lines:
            print(f"\n{title} ({len(lines)}). {following}")
            print("\n".join("  " + plain(line) for line in lines))
        if title == PROSE and options.split:
            for n, names in enumerate(shares([line.split()[0] for line in lines], options.split)):
                print(f"  reader {n + 1}: {', '.join(names)}")
    if not any(lines for *_, lines in groups):
        print("Nobody needs a look.")
    return int(any(lines for title, _, lines in groups if title in WITHOUT))


def groups_of(course, topic, limits, within):
    """Return a title, what to do next, and lines, for each group, the gravest first."""
    with Book(course) as book:
        records, marks = book.as_read(topic), book.marks(topic)
    submitted = course.submissions(topic)
    records = {student: record for student, record in records.items() if student in submitted}
    return unfinished(course, topic, submitted, records) + odd(course, topic, records) + [
        ("Just under a limit", "Read once more what cost the points.",
         [line(course, "autograded", student, topic, found) for student in records
          if (found := near(marks.get(student, []), limits, within))])]


def unfinished(course, topic, submitted, records):
    """Return the groups that wait for something."""
    again = f"python -m homework grade {topic}"
    failed, broken = ungraded(course, topic, submitted, records)
    unread = {student: ", ".join(row["grade_id"] for row in record["problems"]
                                 if row["state"] == "by hand")
              for student, record in records.items()}
    return [
        ("Ungraded", again, failed),
        (PROSE, f"cd {course.folder} && jupyter lab, then Nbgrader, Formgrader; the rubric: "
                f"{rubric(course, topic)}", [
            line(course, "autograded", student, topic, names)
            for student, names in unread.items() if names]),
        ("The judge failed", f"Mend it, of {course.master(topic)}, or give the mark by hand; then "
                             f"{again}", broken),
        ("Stopped by a limit of time", f"{again} --again --student ID --seconds 600, which gives "
                                       "each call, cell and problem its share of more",
         noted(course, topic, records, TIME)),
        ("Stopped by the limit of memory", f"{again} --again --student ID --memory 4096",
         noted(course, topic, records, MEMORY)),
        ("Ended its sandbox", "No option changes that: read what the code does.",
         noted(course, topic, records, STOPPED)),
        ("Newer than what was graded", again, [
            line(course, "submitted", student, topic, "another file than the one that was graded")
            for student in course.newer(topic)])]


def odd(course, topic, records):
    """Return the groups of what is odd about a submission."""
    return [
        ("Somebody else's file", "Ask whose it is: its numbers are another's, and it was judged by "
                                 "the owner's.",
         noted(course, topic, records, r"made from the |is nobody's$")),
        ("Code that reads the judges", "Read it: who calls a reference has written no method. The "
                                       "mark is yours to change, in formgrader.",
         noted(course, topic, records, r"^its code reads the judges")),
        ("Code that does not run", "Points that a mended line may be worth are yours to give, by "
                                   "hand in formgrader.",
         noted(course, topic, records, r": does not run: ")),
        ("Locked cells were changed, and restored", "Read what was made of them, below each.",
         noted(course, topic, records, r"locked, changed and restored")),
        ("Prose beside the answers", "Read it; it has no mark of its own.",
         noted(course, topic, records, r"belongs? to no answer")),
        ("The same text in an answer", f"Of {LONG} letters and more. A reason to talk, no verdict: "
                                       "policy.md.", alike(course, topic, records))]


def noted(course, topic, records, pattern):
    """Return a line on each student of whom something that matches a pattern is noted."""
    return [line(course, "autograded", student, topic, found)
            for student, record in records.items() if (found := said(record, pattern))]


def line(course, kind, student, topic, words):
    """Return a line on a student, with the file in one of the course's folders."""
    path = course.place(kind, student, topic).relative_to(course.folder)
    return f"{student:<20} {path}: {words}"


def ungraded(course, topic, submitted, records):
    """Return lines on those without marks, and on those whose judge failed."""
    failed, broken = [], []
    for student in submitted:
        record = records.get(student)
        rows = [row["headline"] for row in record["problems"] if row["state"] == "failed"
                ] if record else ["not graded yet"]
        kind = broken if rows and all("the judge failed" in row for row in rows) else failed
        if rows:
            kind.append(line(course, "submitted", student, topic, "; ".join(dict.fromkeys(rows))))
    return failed, broken


def said(record, pattern):
    """Return what a record says that matches a pattern: notes, headlines, reasons of cases."""
    texts = [*record["notes"], *(row["headline"] for row in record["problems"]), *(
        case[2] for row in record["problems"] for case in row["cases"])]
    found = [text for text in texts if re.search(pattern, text)]
    return "; ".join(list(dict.fromkeys(found))[:3])


def alike(course, topic, records):
    """Return a line on each group of students who wrote the same text in long answers."""
    texts, groups = {}, {}
    for student in records:
        try:
            cells = read(course.place("autograded", student, topic).read_bytes())
        except (OSError, Unreadable):
            continue
        for cell in cells:
            text = " ".join(cell.source.split())
            if cell.is_answer and len(text) >= LONG:
                texts.setdefault((cell.grade_id, text), []).append(student)
    for (name, _), students in texts.items():
        if len(students) > 1:
            groups.setdefault(tuple(students), []).append(name)
    return [f"{', '.join(students)}: {', '.join(names)}" for students, names in groups.items()]


def near(marks, limits, within):
    """Return in words that a mark lies just under a limit; empty where it does not.

    Examples
    --------
    >>> near([("half", 3.96, 8.0)], [50.0], 2.0), near([("half", 4.0, 8.0)], [50.0], 2.0)
    ('3.96 of 8, 49.5 % of 50 %', '')
    """
    most = sum(maximum for *_, maximum in marks)
    if not most or any(mark is None for _, mark, _ in marks):
        return ""
    got = sum(mark for _, mark, _ in marks)
    part = 100 * got / most
    limit = next((one for one in sorted(limits) if one - within <= part < one), None)
    return "" if limit is None else f"{got:g} of {most:g}, {part:.3g} % of {limit:g} %"
