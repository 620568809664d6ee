"""Know the folder of a course: masters, releases, submissions, gradebook, records.

The folders are nbgrader's: source, release, submitted, autograded, feedback and gradebook.db.
Beside them lie records, a file for each submission that was graded, and marks.
"""

import argparse
import hashlib
import hmac
import json
import os
import re
import unicodedata
from pathlib import Path

from homework import Trouble
from homework.tables import rows

ROOT = Path(__file__).resolve().parents[1]
MASTERS = ROOT / "homework"
DEFAULT = ROOT / "work" / "course"
CONFIG = '''"""nbgrader's settings: formgrader and feedback work on this folder."""

from nbgrader.converters import Autograde, BaseConverter

c = get_config()  # noqa: F821
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = {name!r}


def refuse(self):
    """Refuse nbgrader's Autograde here: it runs students' code without a sandbox."""
    if str(self.coursedir.root) == {root!r}:
        raise RuntimeError("nothing was changed: this course is graded by "
                           "`python -m homework grade TOPIC`, in its sandbox; here read and mark")
    BaseConverter.start(self)


Autograde.start = refuse
'''


class Course:
    """The folder of a course.

    Parameters
    ----------
    folder : path
        Made where it is missing.
    """

    def __init__(self, folder):
        self.folder = Path(folder).resolve()

    def made(self):
        """Make the folder, with nbgrader's settings, and return this course."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nbgrader_config.py"
        if not config.exists():
            put(config, CONFIG.format(root=str(self.folder), name=self.folder.name))
        return self

    def master(self, topic):
        """Return the path of a master: the course's own, or the project's."""
        for place in (self.folder / "source", MASTERS):
            path = place / topic / f"{topic}.ipynb"
            if re.fullmatch(r"\w+", topic) and path.is_file():
                return path
        raise Trouble(f"There is no problem set {topic!r}. There are: {', '.join(self.topics())}.")

    def topics(self):
        """Return the names of all problem sets."""
        return sorted({path.parent.name for place in (self.folder / "source", MASTERS)
                       for path in place.glob("*/*.ipynb") if path.stem == path.parent.name})

    def data(self, topic):
        """Return the files beside a master, by name: data and judges of its own."""
        folder = self.master(topic).parent
        return {path.name: path for path in sorted(folder.iterdir())
                if path.is_file() and path.suffix != ".ipynb" and not path.name.startswith(".")}

    def submissions(self, topic):
        """Return the submitted file of each student, by student."""
        return {path.parents[1].name: path for path in sorted(
            (self.folder / "submitted").glob(f"*/{topic}/{topic}.ipynb"))}

    def place(self, kind, student, topic):
        """Return the path of a student's notebook in one of nbgrader's folders."""
        return self.folder / kind / student / topic / f"{topic}.ipynb"

    def records(self, topic):
        """Return what was noted of each graded submission, by student."""
        found = {}
        for path in sorted((self.folder / "records" / topic).glob("*.json")):
            try:
                found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:  # a disk that was full: it is graded again
                continue
        return found

    def newer(self, topic):
        """Return the students whose file is another than the one that was graded, sorted."""
        submitted = self.submissions(topic)
        return [student for student, record in self.records(topic).items()
                if student in submitted and "file" in record
                and record["file"] != hashlib.sha256(submitted[student].read_bytes()).hexdigest()]

    def students(self):
        """Return the rows of students.csv by id; none where there is no such file.

        Two ids that may be one folder, such as Ada and ada on macOS and Windows, are refused.
        """
        path = self.folder / "students.csv"
        if not path.is_file():
            return {}
        found, folders = {}, {}
        for row in rows(path, "id"):
            if not row["id"]:
                continue
            student = student_id(row["id"])
            other = folders.setdefault(same(student), row)
            if other is not row:
                pair = " and ".join(repr(", ".join(one.values())) for one in (other, row))
                raise Trouble(f"{path} has two rows with the id {student}, or with ids that are "
                              f"one folder on some machines: {pair}. Give one of them another id.")
            found[student] = row
        return found

    def variant(self, topic, student):
        """Return the variant of a student; empty where the set was released without variants."""
        path = self.folder / "variants" / f"{topic}.json"
        if not path.is_file():  # where it was once
            path = self.folder / "release" / topic / "variants.json"
        if not path.is_file():
            return ""
        seed = json.loads(path.read_text(encoding="utf-8"))["seed"]
        return variant_of(seed, student)


def variant_of(seed, student):
    """Return the variant of a student: eight digits of a keyed hash.

    Examples
    --------
    >>> variant_of("autumn", "ada") == variant_of("autumn", "ada") != variant_of("autumn", "ben")
    True
    """
    return hmac.new(str(seed).encode(), student.encode(), hashlib.sha256).hexdigest()[:8]


def name_of(data):
    """Return what names some bytes."""
    return hashlib.sha256(data).hexdigest()


def student_id(text):
    """Return a text as the name of a folder, in which nothing leads elsewhere.

    Examples
    --------
    >>> student_id("../Ada Lovelace"), student_id("b.noether@x.org"), student_id("..")
    ('Ada_Lovelace', 'b.noether@x.org', 'nameless')
    >>> student_id("Jose\\u0301") == student_id("Jos\\u00e9")  # as macOS writes it
    True
    """
    plain = re.sub(r"[^\w.@-]+", "_", composed(text).strip()).strip("._-")
    cut = plain[:80].encode()[:200].decode("utf-8", "ignore")  # a file's name has 255 bytes
    return cut.rstrip("._-") or "nameless"


def composed(text):
    """Return a text in which a letter with its marks is one letter (NFC), as most write it."""
    return unicodedata.normalize("NFC", str(text))


def same(text):
    """Return what texts have in common that differ by case, width or the form of their marks.

    Examples
    --------
    >>> same("ADA") == same("ada") == same("\uff21da"), same("Jose\\u0301") == same("jose")
    (True, False)
    """
    return composed(unicodedata.normalize("NFKC", str(text)).casefold())


def put(path, data):
    """Write a file in one step: whatever happens, it is whole, or not there, or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data.encode() if isinstance(data, str) else data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def parser(name, about, example, topic=True):
    """Return the parser of a command, with an example, a topic and the course."""
    made = argparse.ArgumentParser(
        prog=f"python -m homework {name}", description=about,
        epilog=f"example: python -m homework {name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    if topic:
        made.add_argument("topic", help="the problem set, such as svd")
    made.add_argument("--course", type=Path, metavar="FOLDER",
                      default=Path(os.environ.get("HOMEWORK_COURSE", DEFAULT)),
                      help="the folder of the course (work/course, or $HOMEWORK_COURSE)")
    return made
