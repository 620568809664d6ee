"""Grade what was collected: python -m homework grade TOPIC."""

import hashlib
import json
import secrets
import time

from homework import Trouble, farm, sandbox
from homework.alone import alone
from homework.bench import as_array
from homework.course import Course, name_of, parser, put
from homework.gradebook import Book
from homework.limits import Limits
from homework.mixups import remarks
from homework.notebooks import read
from homework.problems import checks_of, problems_of, release_of
from homework.progress import Progress
from homework.summary import sentence, summary_of

ABOUT = """Grade what was collected of a problem set.

Each submission's answers are put into a pristine copy, which runs in a sandbox; the judges run
outside, on inputs drawn for this grading. Interrupted, it goes on where it stopped; what was
graded is graded again only if it, or the problem set, has changed. Exit status 0: everything has
its marks, but for prose that a person reads; 1: something is ungraded, which the summary names."""


def options_of(arguments):
    """Return the options of the command."""
    made = parser("grade", ABOUT, "svd --workers 4")
    made.add_argument("--workers", type=int, metavar="N", help="how many at a time (all cores)")
    made.add_argument("--scheduler", metavar="ADDRESS", help="of a dask cluster, tls://host:8786")
    made.add_argument("--i-trust-this-network", action="store_true", dest="open",
                      help="use a cluster that takes code from whoever reaches it, by tcp")
    made.add_argument("--student", action="append", metavar="ID", help="only this one; repeatable")
    made.add_argument("--again", action="store_true", help="grade anew what is graded already")
    made.add_argument("--seconds", type=float, default=Limits.total, metavar="S",
                      help=f"that one submission may take ({Limits.total:g}); with more, a call, a "
                           "cell and a problem have their share of it")
    made.add_argument("--memory", type=int, default=Limits.memory, metavar="MIB",
                      help=f"that one submission may take ({Limits.memory})")
    made.add_argument("--i-trust-this-code-unsandboxed", action="store_true", dest="trusted",
                      help="run the code of students as yourself, with your files and your network")
    return made.parse_args(arguments)


def main(arguments):
    """Grade a problem set; return the exit status."""
    options = options_of(arguments)
    if not options.open:
        farm.private(options.scheduler)
    course = Course(options.course)
    with alone(course):
        return graded(course, options)


def graded(course, options):
    """Grade what waits in a course that is held; return the exit status."""
    kind = sandbox.chosen(options.trusted)
    limits = Limits.of(options.seconds, options.memory)
    job = Job(course, options.topic, kind, limits)
    todo = job.waiting(options.student, options.again)
    spoilt = [student for student in job.spoilt() if student in todo]
    if spoilt:
        print(f"Graded anew, for autograded/ has lost what was written or holds something else: "
              f"{', '.join(spoilt)}.\nIn formgrader only read and mark: its Autograde is not this "
              "one.")
    with Book(course) as book:
        book.assign(options.topic, job.release)
        progress = Progress(len(todo), job.all)
        requests = {student: (lambda s=student: job.request(s)) for student in todo}
        for student, result in farm.results(requests, options.scheduler, options.workers):
            record = job.keep(book, student, result)
            progress.show(f"{student}: {sentence(record)}")
        progress.end()
    print(summary_of(course, options.topic))
    return 0 if all(record["state"] == "graded" for record in course.records(
        options.topic).values()) else 1


class Job:
    """The grading of one problem set of a course."""

    def __init__(self, course, topic, kind, limits):
        self.course, self.topic, self.kind, self.limits = course, topic, kind, limits
        path = course.master(topic)
        self.master = path.read_bytes()
        cells = read(self.master)
        self.problems, self.release = problems_of(cells, path), release_of(cells)
        checks_of(cells, path.parent)  # complains at once where they are missing
        self.data = {name: as_array(file.read_bytes())
                     for name, file in course.data(topic).items()}
        self.all, self.sent = course.submissions(topic), {}
        self.before = course.records(topic)

    def waiting(self, students=None, again=False):
        """Return the students whose submissions are to be graded."""
        known, spoilt = self.before, self.spoilt()
        unknown = set(students or ()) - set(self.all)
        if unknown:
            raise Trouble(f"Nothing was collected of {', '.join(sorted(unknown))} for "
                          f"{self.topic}.")
        return [student for student in students or self.all
                if again or known.get(student, {}).get("digest") != self.digest(student)
                or known[student]["state"] == "failed" or student in spoilt]

    def spoilt(self):
        """Return the students whose graded notebook is gone, or is not what grading wrote."""
        found = []
        for student, record in self.before.items():
            path = self.course.place("autograded", student, self.topic)
            if record["state"] == "graded" and student in self.all and not (
                    path.is_file() and record.get("shown", name_of(path.read_bytes()))
                    == name_of(path.read_bytes())):
                found.append(student)
        return found

    def digest(self, student, content=None):
        """Return what names a submission, the problem set and the variant by which it is judged."""
        parts = [self.all[student].read_bytes() if content is None else content, self.master,
                 self.course.variant(self.topic, student).encode(),
                 *(bytes(content) for content in self.data.values())]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def request(self, student):
        """Return the task of grading one submission; its seed is drawn here.

        What is noted of the file later is what is read now: a newer one may come meanwhile.
        """
        content = self.all[student].read_bytes()
        sent = self.sent[student] = {"digest": self.digest(student, content),
                                     "file": name_of(content)}
        return {"master": as_array(self.master), "data": self.data,
                "submission": as_array(content),
                "files": list(self.data), "seed": secrets.randbits(128),
                "variant": self.course.variant(self.topic, student), "sandbox": self.kind,
                "limits": self.limits.as_dict(), "digest": sent["digest"]}

    def keep(self, book, student, result):
        """Write what came of one submission: notebook, gradebook, and last the record."""
        if "trouble" in result or "ended" in result:
            why = result.get("trouble") or result["ended"]
            result = {"problems": [{
                "grade_id": problem.grade_id, "of": problem.points, "points": None, "cases": [],
                "state": "failed", "headline": why, "note": "", "title": problem.title}
                for problem in self.problems], "notes": [why], "seconds": 0.0,
                "notebook": as_array(b"")}
        notebook = bytes(result.pop("notebook"))
        before = self.before.get(student, {})
        if notebook:
            put(self.course.place("autograded", student, self.topic), notebook)
        record = result | {"student": student, **self.sent.get(student, {}),
                           "shown": name_of(notebook) if notebook else before.get("shown", ""),
                           "graded": time.strftime("%Y-%m-%dT%H:%M:%S"), "state": "graded"}
        if any(row["state"] == "failed" for row in result["problems"]):
            record["state"] = "failed"
        stamp = self.all[student].with_name("timestamp.txt")
        if stamp.is_file():
            record["submitted"] = stamp.read_text(encoding="utf-8").strip()
        gone = book.record(self.topic, student, record, self.course.students().get(student),
                           unchanged(before, record))
        record["notes"] = [*gone, *remarks(self.course, self.topic, student), *record["notes"]]
        put(self.course.folder / "records" / self.topic / f"{student}.json",
            json.dumps(record, indent=1))
        return record


def unchanged(before, record):
    """Return the grade_ids of the answers that are the same text as in the record before."""
    texts = {row["grade_id"]: row.get("text") for row in before.get("problems", [])}
    return {row["grade_id"] for row in record["problems"]
            if (record.get("file") and record["file"] == before.get("file"))
            or (row.get("text") and row["text"] == texts.get(row["grade_id"]))}
