"""Write the marks for a learning platform: python -m homework export TOPIC."""

from homework.course import Course, parser, put
from homework.gradebook import Book
from homework.late import Clock
from homework.plain import table

ABOUT = """Write the marks as CSV: for Canvas (Grades, Import), for Moodle (Gradebook, Import), or
plain, with a column for each problem. What is ungraded, was not handed in, or waits in a newer
file is an empty field and never a zero; the last lines say how many there are.

Where deadlines.csv has a deadline, a column says how late each was. A rule on lateness never
changes the mark: what it makes of it stands in a column of its own, empty where it is unknown when
something was handed in."""
NEWER = "ungraded (newer file)"


def main(arguments):
    """Write the marks; return the exit status."""
    made = parser("export", ABOUT, "svd --lms canvas")
    made.add_argument("--lms", choices=("canvas", "moodle", "plain"), default="plain")
    made.add_argument("--partial", action="store_true",
                      help="give what is judged so far where prose is still to be read")
    options = made.parse_args(arguments)
    course = Course(options.course)
    course.master(options.topic)
    rows, clock = rows_of(course, options.topic, options.partial), Clock(course, options.topic)
    write = {"canvas": canvas, "moodle": moodle, "plain": plain}[options.lms]
    place = course.folder / "marks" / f"{options.topic}-{options.lms}.csv"
    put(place, table(write(rows, options.topic, clock.rule != "none")))
    empty = [row["id"] for row in rows if row["mark"] is None]
    print(f"{place}: {len(rows) - len(empty)} marks, {len(empty)} empty fields"
          + f" ({', '.join(empty)})" * bool(empty) + ".")
    newer = [row["id"] for row in rows if row["state"] == NEWER]
    if newer:
        print(f"Newer files, which nobody has graded, are there of {', '.join(newer)}: "
              f"python -m homework grade {options.topic}")
    tell(rows, clock.rule)
    return 0


def tell(rows, rule):
    """Print of whom the lateness is not known well enough."""
    unknown = [row["id"] for row in rows if row["late"] == "unknown"]
    if unknown:
        print(f"When it was handed in is unknown of {', '.join(unknown)}: times.csv may say it.")
    vague = [row["id"] for row in rows if row["late"] == "late" and rule not in ("none", "reject")]
    if vague:
        print(f"How late is unknown of {', '.join(vague)}, and no rule applied: times.csv may say "
              "it.")


def rows_of(course, topic, partial=False):
    """Return a dict for each student.

    Its keys are id, name, email, lms_id, state, mark, of, problems; late, in words, and after, the
    mark after the rule on lateness.
    """
    records, students, submitted = course.records(topic), course.students(), course.submissions(
        topic)
    with Book(course) as book:
        marks = book.marks(topic)
    rows, newer, clock = [], course.newer(topic), Clock(course, topic)
    for student in sorted({*students, *submitted, *marks}):
        about, found = students.get(student, {}), marks.get(student, [])
        state = NEWER if student in newer else state_of(
            records.get(student), found, student in submitted)
        known = [mark for _, mark, _ in found if mark is not None]
        fine = state == "graded" or (partial and state == "prose to be read")
        rows.append({"id": student, **{key: about.get(key) or "" for key in (
            "name", "email", "lms_id")}, "state": state, "mark": sum(known) if fine else None,
            "of": sum(most for _, _, most in found), "problems": {
                name: None if state == NEWER else mark for name, mark, _ in found}})
        found = clock.of(student) if student in submitted else None
        rows[-1] |= {"late": found.said if found else "", "after": clock.after(
            rows[-1]["mark"], rows[-1]["of"], student) if student in submitted else None}
    return rows


def state_of(record, marks, handed_in):
    """Return the state of a student's marks in words.

    Examples
    --------
    >>> state_of(None, [], False), state_of({"state": "graded"}, [("a", None, 2)], True)
    ('not handed in', 'prose to be read')
    """
    if not handed_in:
        return "not handed in"
    if record is None or (record["state"] == "failed" and any(m is None for _, m, _ in marks)):
        return "ungraded"
    return "prose to be read" if any(mark is None for _, mark, _ in marks) else "graded"


def number(mark):
    """Return a mark as a field: empty where there is none."""
    return "" if mark is None else f"{mark:g}"


def canvas(rows, topic, ruled=False):
    """Return Canvas's table; where there is a rule on lateness, with a column for it."""
    most = max((row["of"] for row in rows), default=0)
    return [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", topic,
             *ruling(topic, ruled)],
            ["Points Possible", "", "", "", "", number(most), *[number(most)] * ruled],
            *([row["name"] or row["id"], row["lms_id"], "", row["id"], "", number(row["mark"]),
               *[number(row["after"])] * ruled] for row in rows)]


def moodle(rows, topic, ruled=False):
    """Return Moodle's table; the id is its ID number."""
    return [["ID number", "Full name", "Email address", topic, *ruling(topic, ruled)],
            *([row["id"], row["name"], row["email"], number(row["mark"]),
               *[number(row["after"])] * ruled] for row in rows)]


def ruling(topic, ruled):
    """Return the name of the column of marks after the rule on lateness, in a list."""
    return [f"{topic} after lateness"] * ruled


def plain(rows, topic, ruled=False):
    """Return a table with a column for each problem."""
    names = list(dict.fromkeys(name for row in rows for name in row["problems"]))
    timed = any(row["late"] for row in rows)
    return [["id", "name", "state", "mark", "of", *names, *["late"] * timed,
             *ruling("mark", ruled)],
            *([row["id"], row["name"], row["state"], number(row["mark"]), number(row["of"]),
               *(number(row["problems"].get(name)) for name in names), *[row["late"]] * timed,
               *[number(row["after"])] * ruled] for row in rows)]
