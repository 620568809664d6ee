"""Say how late a submission is, and what the instructor's rule makes of its mark.

Deadlines stand in deadlines.csv (topic, due, late), longer ones for single students in
extensions.csv (id, topic, due), times that the instructor knows in times.csv (id, topic,
submitted). The zips of Canvas and Moodle are dated by their download: of Canvas's names LATE
counts, of Moodle its grading worksheet. What nobody has told is unknown, and no mark is made of it.
"""

import datetime
import math
import re
from dataclasses import dataclass

from homework import Trouble, origin, tables
from homework.course import put, student_id
from homework.plain import table

DAY = 86400
EXAMPLE = "2027-05-03T23:59+02:00"


@dataclass(frozen=True)
class Lateness:
    """How late a submission is.

    Attributes
    ----------
    late : bool or None
        None where it is unknown.
    seconds : float or None
        After the deadline; None where that is unknown.
    why : str
        Where this is known from, or why it is not.
    """

    late: bool | None
    seconds: float | None = None
    why: str = ""

    @property
    def said(self):
        """The lateness in words."""
        if self.late is None:
            return "unknown"
        if not self.late:
            return "in time"
        return f"late by {span(self.seconds)}" if self.seconds is not None else "late"


class Clock:
    """The deadline of a problem set, and all that is known of when it was handed in.

    Parameters
    ----------
    course : Course
    topic : str

    Attributes
    ----------
    due : datetime or None
        None where there is no deadline; then nothing is late.
    rule : str or float
        "none", "reject", or per cent of all points for each day begun.
    """

    def __init__(self, course, topic):
        self.course, self.topic = course, topic
        row = {row["topic"]: row for row in rows(course, "deadlines.csv", "topic")}.get(topic, {})
        self.due = moment(row["due"], "deadlines.csv") if row.get("due") else None
        self.rule = rule_of(row.get("late") or "none")
        self.longer = self._own("extensions.csv", "due")
        self.times = self._own("times.csv", "submitted")

    def _own(self, name, column):
        """Return the moments of single students for this problem set."""
        return {student_id(row["id"]): moment(row[column], name) for row in rows(
            self.course, name, "id", "topic", column) if row["topic"] == self.topic}

    def due_of(self, student):
        """Return the deadline of a student."""
        return self.longer.get(student, self.due)

    def of(self, student):
        """Return the Lateness of a student's submission; None where there is no deadline."""
        due = self.due_of(student)
        if due is None:
            return None
        noted = origin.read(self.course.place("submitted", student, self.topic))
        when, why = self.times.get(student), "times.csv"
        if when is None and noted.get("submitted"):
            when, why = datetime.datetime.fromisoformat(noted["submitted"]), "Moodle's worksheet"
            when = when.replace(tzinfo=when.tzinfo or (self.due or due).tzinfo)
        if when is not None:
            after = (when - due).total_seconds()
            return Lateness(after > 0, max(after, 0.0), why)
        part, platform = origin.part_of(noted.get("name", ""), [self.topic])
        if platform != "canvas":
            return Lateness(None, why="the file's date is that of its download")
        if not origin.calls_late(part):
            return Lateness(False, why="Canvas does not call it LATE")
        if student in self.longer:
            return Lateness(None, why="Canvas calls it LATE, but there is an extension")
        return Lateness(True, why="Canvas calls it LATE and does not say by how much")

    def after(self, mark, most, student):
        """Return a mark after the rule; None where it is not known, of lateness or of the mark."""
        found = self.of(student)
        if mark is None or self.rule == "none" or found is None or found.late is False:
            return mark
        if found.late is None or (self.rule != "reject" and found.seconds is None):
            return None
        if self.rule == "reject":
            return 0.0
        lost = self.rule / 100 * most * math.ceil(found.seconds / DAY)
        return max(round(mark - lost, 2), 0.0)

    def silent(self, students):
        """Return whether Canvas calls none of some submissions LATE, so that it may know no date.

        Nothing is said against that where another source tells.
        """
        places = [self.course.place("submitted", student, self.topic) for student in students]
        parts = [origin.part_of(origin.read(place).get("name", ""), [self.topic])
                 for place in places]
        named = [part for part, platform in parts if platform == "canvas"]
        return self.due is not None and bool(named) and not any(
            map(origin.calls_late, named))

    def told(self):
        """Return the rule in words, for students."""
        if self.rule == "none":
            return "What comes later is marked all the same."
        if self.rule == "reject":
            return "What comes later is not marked."
        return f"Each day begun after that costs {self.rule:g} % of all points."


def rows(course, name, *columns):
    """Return the rows of a table in the course's folder; none where there is no such file."""
    path = course.folder / name
    if not path.is_file():
        return []
    return tables.rows(path, *columns)


def moment(text, where="--due"):
    """Return a time with its zone.

    Examples
    --------
    >>> moment("2027-05-03T23:59+02:00").utcoffset().seconds
    7200
    """
    try:
        found = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Trouble(f"{text!r} in {where} is no time with its zone: write it as {EXAMPLE}.")
    return found


def rule_of(text):
    """Return a rule on lateness: "none", "reject", or per cent of all points a day.

    Examples
    --------
    >>> rule_of("10%"), rule_of("reject")
    (10.0, 'reject')
    """
    if text in ("none", "reject"):
        return text
    number = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text.strip())
    if number and 0 < float(number[1]) <= 100:
        return float(number[1])
    raise Trouble(f"{text!r} is no rule on lateness: none, reject, or per cent of all points for "
                  "each day begun, such as 10%.")


def span(seconds):
    """Return a duration in days, hours and minutes.

    Examples
    --------
    >>> span(90000), span(30)
    ('1 day 1 h', '1 min')
    """
    minutes = math.ceil(seconds / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} day{'s' * (days > 1)}" * (days > 0), f"{hours} h" * (hours > 0),
             f"{rest} min" * (rest > 0 and not days)]
    return " ".join(filter(None, parts))


def options(made):
    """Add the options on lateness to a parser."""
    made.add_argument("--due", metavar="TIME", help=f"the deadline, such as {EXAMPLE}; it is kept "
                                                    "in deadlines.csv")
    made.add_argument("--late", metavar="RULE", help="none, reject, or such as 10%%: of all points "
                                                     "for each day begun; kept there, too")


def keep(course, topic, due, late):
    """Write a deadline and a rule, where they are given, into deadlines.csv; leave the rest.

    Returns
    -------
    list of str
        A sentence on what was written there before and is not the same.
    """
    if due is None and late is None:
        return []
    if due is not None:
        moment(due)
    rule_of(late or "none")
    found = rows(course, "deadlines.csv", "topic")
    row = next((row for row in found if row["topic"] == topic), None)
    if row is None:
        row = {"topic": topic, "due": "", "late": "" if late else "none"}
        found.append(row)
    before = dict(row)
    row |= ({"due": due} if due else {}) | ({"late": late} if late else {})
    names = list(dict.fromkeys(name for one in found for name in one))
    put(course.folder / "deadlines.csv", table([names, *(
        [one.get(name, "") for name in names] for one in found)]))
    return [f"deadlines.csv: {topic} had {key} {before[key]}, and has {row[key]} now."
            for key in ("due", "late") if before.get(key) and before[key] != row[key]]
