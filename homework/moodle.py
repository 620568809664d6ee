"""Read Moodle's grading worksheet: who is which participant, and when each has handed in."""

import csv
import datetime
import io
import re
from dataclasses import dataclass
from pathlib import Path

from homework import Trouble
from homework.origin import part_of
from homework.tables import text_of
from homework.whose import MOODLE, who_is_who

SUBMITTED = "Last modified (submission)"
FORMS = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M",
         "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Participant:
    """A row of the worksheet: the number that Moodle uses in this assignment, and the fields."""

    number: str
    name: str
    fields: tuple
    submitted: str  # in the time zone of whoever has downloaded it; empty where it is not known


def worksheet(path):
    """Return the participants of a grading worksheet.

    Raises
    ------
    Trouble
        If it is none: its first column names participants, "Participant 123".
    """
    try:
        text = io.StringIO(text_of(Path(path)), newline="")
        first, *others = list(csv.reader(text)) or [[]]
    except (OSError, csv.Error) as problem:
        raise Trouble(f"{path} cannot be read: {problem}") from None
    place = first.index(SUBMITTED) if SUBMITTED in first else None
    found = [Participant(number[0], row[1], tuple(row[1:]), time_of(row[place])
                         if place is not None and place < len(row) else "")
             for row in others if len(row) > 1 and (number := re.search(r"\d+$", row[0]))]
    if not found:
        raise Trouble(f"{path} is no grading worksheet: in Moodle, at the assignment, View all "
                      "submissions, Download grading worksheet (the assignment needs the feedback "
                      "type Offline grading worksheet).")
    return found


def time_of(text):
    """Return a time of the worksheet in ISO's form, without a zone; empty where it is none.

    Examples
    --------
    >>> time_of("Monday, 3 May 2027, 11:58 PM"), time_of("-")
    ('2027-05-03T23:58:00', '')
    """
    for form in FORMS:
        try:
            return datetime.datetime.strptime(text.strip(), form).isoformat()
        except ValueError:
            continue
    return ""


def submitted(participants, name, topics=()):
    """Return when a submission was handed in, by the number in the name that Moodle gave it."""
    part, platform = part_of(name, topics)
    if platform != "moodle":
        return ""
    number = MOODLE.match(part)["lms"]
    return next((one.submitted for one in participants if one.number == number), "")


def whose(participants, students):
    """Return the participant of each student, found by id, email or name."""
    people, found = who_is_who(students), {}
    for one in participants:
        known = {people.known(field) for field in one.fields if field} - {"", None}
        if len(known) == 1:
            found[known.pop()] = one
    return found
