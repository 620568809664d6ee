"""Tell whose a file is, and of which problem set, from its name, its folders and its text."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from homework.course import composed, same, student_id
from homework.notebooks import Unreadable, read

MOODLE = re.compile(r"(?P<who>[^/]+?)_(?P<lms>\d+)_assignsubmission_file(?:_|$)")
CANVAS = re.compile(r"(?P<who>[^/_]+)_(?P<late>LATE_)?(?P<lms>\d+)_\d+_.+")
NOBODY = ("submitted", "submissions", "downloads", "inbox", "all", "canvas", "moodle", "export")


@dataclass(frozen=True)
class Person:
    """Whose a file is, as the platform has it.

    Attributes
    ----------
    student : str
        The id.
    known : bool
        Whether students.csv has it.
    number : str
        The platform's, where students.csv does not confirm it; empty without one.
    why : str
        Why the file is not taken for this student's after all; empty where it is.
    """

    student: str
    known: bool = False
    number: str = ""
    why: str = ""


@dataclass
class People:
    """The students of a list by their names, empty where two have one, and by their numbers."""

    names: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)

    def called(self, name):
        """Return the id under a name; empty where two have it, None where nobody does."""
        return self.names.get(composed(name), self.names.get(_plain(name)))

    def known(self, name):
        """Return the id under a name or a number; empty or None as for a name."""
        return self.called(name) or self.numbers.get(name)


def topic_of(one, topics):
    """Return the problem set to which a notebook belongs: by its imports, or by its name."""
    try:
        text = "\n".join(cell.source for cell in read(one.data))
    except Unreadable:
        text = ""
    named = re.search(r"from lib\.grade\.homework import (\w+) as checks", text) or re.search(
        r"import (\w+)_checks as checks", text)
    if named and named[1] in topics:
        return named[1]
    hits = [topic for topic in topics if topic in "/".join(one.path.parts).lower()]
    return max(hits, key=len, default="")


def who_is_who(students):
    """Return the People of a list: all names under which a platform may know a student."""
    people = People()
    for student, row in students.items():
        words = (row.get("name") or "").split()
        turned = "".join([*words[-1:], *words[:-1]])  # Canvas: surname first, in one word
        email = row.get("email") or ""
        for value in {_plain(name) for name in (
                student, row.get("name"), turned, email, email.partition("@")[0]) if name}:
            people.names[value] = student if people.names.get(value, student) == student else ""
        number = (row.get("lms_id") or "").strip()
        if number:
            people.numbers[number] = student if number not in people.numbers else ""
    people.names |= {student: student for student in students}
    return people


def student_of(path, topics, people):
    """Return the id of the student whose file it is, by its path.

    Examples
    --------
    >>> from pathlib import PurePosixPath
    >>> for name in ("noetheremmy_4711_99_svd.ipynb", "Ada Lovelace_17_assignsubmission_file_/a.b",
    ...              "submitted/ben/svd/svd.ipynb", "svd (1).ipynb", "ada/my work.ipynb"):
    ...     student_of(PurePosixPath(name), "svd", People())
    'noetheremmy'
    'Ada_Lovelace'
    'ben'
    'nameless'
    'ada'
    """
    return person_of(path, topics, people).student


def person_of(path, topics, people):
    """Return the Person whose file it is: the outermost part that names somebody decides.

    Parameters
    ----------
    path : PurePosixPath
        As far as the platform wrote it: nothing of what lies in a student's zip.
    topics : str or list of str
        Problem sets, whose names are nobody's.
    people : People
    """
    topics = [topics] if isinstance(topics, str) else topics
    path = PurePosixPath(composed(path))
    for place, part in enumerate(path.parts):
        canvas, moodle = CANVAS.match(part), MOODLE.match(part)
        if canvas and moodle:
            return Person(student_id(part), why="it may be a name of Canvas or of Moodle, for two "
                                                "students: rename it")
        if canvas or moodle:
            return (_of_canvas if canvas else _of_moodle)(canvas or moodle, people)
        name = path.stem if place == len(path.parts) - 1 else part
        rest = without(name, topics)
        known = people.known(name) or people.known(rest)
        if known or not names_nobody(rest):
            return Person(known or student_id(rest), bool(known))
    return Person("nameless")


def names_nobody(name):
    """Return whether a name is one of those that folders and zips of all submissions have."""
    return not name or _plain(name) in NOBODY


def _of_canvas(match, people):
    """Return the Person of a name of Canvas: the number decides, for nobody chooses it."""
    by_number, found = people.numbers.get(match["lms"]), _by_name(match, people)
    if by_number:
        return Person(by_number, True)
    if found.known and found.student in people.numbers.values():
        return replace(found, why=f"its name is that of {found.student}, its number is not")
    return found


def _of_moodle(match, people):
    """Return the Person of a name of Moodle, whose numbers are others in each assignment."""
    by_number, found = people.numbers.get(match["lms"]), _by_name(match, people)
    if by_number and (found.why or by_number == found.student):
        return Person(by_number, True)
    return found


def _by_name(match, people):
    """Return the Person of a platform's name, by the name in it."""
    known = people.called(match["who"])
    why = "several in students.csv have this name" if known == "" else ""
    return Person(known or student_id(match["who"]), bool(known), match["lms"], why)


def without(name, topics):
    """Return a name without topics, and without what browsers and people add to copies."""
    name = re.sub(r"\s*\(\d+\)$|[-_ ]?copy\d*$", "", name, flags=re.I)
    for topic in topics:
        name = re.sub(rf"(?<![^\W_])[-_ ]*{re.escape(topic)}[-_ ]*(?![^\W_])", "", name, flags=re.I)
    return name.strip(" _-.")


def _plain(name):
    """Return a name in small letters without blanks and marks, whatever its form in Unicode."""
    return re.sub(r"[^\w@]+|_", "", same(name))
