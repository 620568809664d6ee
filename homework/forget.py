"""Take a student's data out of a course: python -m homework forget ID."""

import json
import shutil

from homework import Trouble
from homework.course import Course, composed, parser, put
from homework.gradebook import Book

ABOUT = """Remove all that a course holds of a student: submissions, graded notebooks, feedback,
records, variants, and the marks and comments in the gradebook. Without --yes it says what would go.
Tables and zips in marks, feedback and variants are of the whole class: they go too, since export,
feedback, report and release write them again. Of a second reading the page goes, since it has their
text, and their name in the key; the sheet stays. The row in students.csv and other tables is yours
to delete."""
FOLDERS = ("submitted", "autograded", "feedback")


def main(arguments):
    """Remove a student's data; return the exit status."""
    made = parser("forget", ABOUT, "ada --yes", topic=False)
    made.add_argument("student", type=composed, help="the id")
    made.add_argument("--yes", action="store_true", help="do it")
    options = made.parse_args(arguments)
    course = Course(options.course)
    own, common = held(course, options.student)
    with Book(course) as book:
        known = options.student in {one.id for one in book.book.students}
        if not own and not known:
            raise Trouble(f"{course.folder} holds nothing of {options.student!r}.")
        if options.yes and known:
            book.book.remove_student(options.student)
    for path in [*own, *common]:
        print(f"  {path.relative_to(course.folder)}")
        if options.yes:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    nameless(course, options.student, options.yes)
    print(f"{'  marks and comments in the gradebook' if known else '  nothing in the gradebook'}\n"
          + (f"{options.student} is forgotten; delete the row in students.csv, extensions.csv and "
             "times.csv, tables that predictions wrote, copies elsewhere, and logs of blackbox."
             if options.yes else "Nothing was removed yet: say --yes."))
    return 0


def held(course, student):
    """Return what is a student's own in a course, and the class's tables and zips."""
    folder = course.folder
    own = [folder / kind / student for kind in FOLDERS]
    own += sorted(folder.glob(f"records/*/{student}.json"))
    own += sorted(folder.glob(f"variants/*/{student}.ipynb"))
    own += [page for path in keys(course, student) for page in sorted(
        (path.parent / "reader").glob("page.*"))]
    common = sorted([*folder.glob("feedback/*.zip"), *folder.glob("variants/*.zip"),
                     *folder.glob("variants/*.csv"), *folder.glob("marks/*.csv"),
                     *folder.glob("marks/*.html")])
    found = [path for path in own if path.exists()]
    return found, common if found else []


def keys(course, student):
    """Return the keys of second readings in which a student is named."""
    return [path for path in sorted(course.folder.glob("second/*/key.json"))
            if student in {one["student"] for one in json.loads(path.read_text("utf-8")).values()}]


def nameless(course, student, now):
    """Take a student's name out of the keys of second readings, or say where it would go."""
    for path in keys(course, student):
        print(f"  {path.relative_to(course.folder)}: the name")
        held = json.loads(path.read_text("utf-8"))
        for one in held.values():
            one |= {"student": "", "text": ""} if one["student"] == student else {}
        if now:
            put(path, json.dumps(held, indent=1))
