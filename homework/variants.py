"""Hand variants out in bulk: a folder for each id, a table for a mail merge, a zip for Moodle."""

import inspect
import itertools
import secrets

from homework import Trouble, moodle
from homework.course import put, variant_of
from homework.plain import table
from homework.returning import zipped


def fresh_seed(students, checks, tries=100):
    """Return a seed by which neighbours of a list have different numbers, as far as there are.

    Parameters
    ----------
    students : iterable of str
        The ids, in the order of the list.
    checks : module
        Its functions `own_...(variant)` give the numbers.
    tries : int
        How many seeds are drawn at most; the best of them counts.
    """
    owns = [one for name, one in vars(checks).items() if name.startswith("own_")
            and list(inspect.signature(one).parameters) == ["variant"]]

    def same(seed):
        numbers = [[own(variant_of(seed, student)) for own in owns] for student in students]
        return sum(one == other for one, other in itertools.pairwise(numbers))

    best = secrets.token_hex(8)
    for _ in range(tries if owns and same(best) else 0):
        best = min(best, secrets.token_hex(8), key=same)
        if not same(best):
            break
    return best


def hand_out(course, topic, sheet=None):
    """Write variants/TOPIC.zip and TOPIC.csv; for Moodle's worksheet TOPIC-moodle.zip.

    Canvas returns a file to who has handed one in, and to nobody else. Moodle takes feedback files
    for every participant whose number is known.

    Parameters
    ----------
    course : Course
    topic : str
    sheet : path, optional
        Moodle's grading worksheet.

    Returns
    -------
    list of str
        Sentences on what was written, and on whom it does not reach.
    """
    students, place = course.students(), course.folder / "variants" / f"{topic}.zip"
    files = {student: place.with_name(topic) / f"{student}.ipynb" for student in students}
    put(place, zipped({f"{student}/{topic}.ipynb": path.read_bytes()
                       for student, path in files.items()}))
    put(place.with_suffix(".csv"), table([["id", "name", "email", "file"], *(
        [student, row.get("name") or "", row.get("email") or "", str(files[student])]
        for student, row in students.items())]))
    mute = [student for student, row in students.items() if not (row.get("email") or "").strip()]
    told = [f"{place}: {len(files)} variants, a folder for each id",
            f"{place.with_suffix('.csv')}: for a mail merge"
            + f"; without an email: {', '.join(mute)}" * bool(mute)]
    if sheet is None:
        return [*told, "Canvas gives no file to who has handed in nothing: send them by mail. "
                       "Moodle does: say --worksheet with its grading worksheet."]
    return [*told, in_moodle(topic, files, sheet, students, place)]


def in_moodle(topic, files, sheet, students, place):
    """Write the zip for Moodle; return a sentence on it."""
    found = moodle.whose(moodle.worksheet(sheet), students)
    if not found:
        raise Trouble(f"{sheet} has nobody of students.csv: id, email or name have to agree.")
    place = place.with_name(f"{topic}-moodle.zip")
    put(place, zipped({
        f"{one.name.replace('_', ' ')}_{one.number}_assignsubmission_file_/{topic}.ipynb":
            files[student].read_bytes() for student, one in found.items()}))
    others = [student for student in students if student not in found]
    return (f"{place}: {len(found)} variants, as feedback files"
            + f"; not in the worksheet: {', '.join(others)}" * bool(others))
