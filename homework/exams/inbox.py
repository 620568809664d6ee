"""Take predictions in as `collect` takes notebooks: folders, zips, the names of platforms."""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from homework import Trouble
from homework.collect import settled
from homework.kit import lessons
from homework.opening import found_in
from homework.whose import person_of, who_is_who

MOST = 20_000  # files
WORD = "predictions"  # in the names that the pages give, and nobody's


@dataclass(frozen=True)
class Sheet:
    """A file that could be read: where it was, its date, and what `handed_in.read` made of it."""

    path: PurePosixPath
    when: float
    handed: object


def taken(place, students, strangers, read):
    """Return what counts of the predictions in a place, by student and chapter.

    Parameters
    ----------
    place : Path
        A folder, a zip or a file.
    students : dict
        The rows of students.csv by id; without them the names decide.
    strangers : bool
        Whether those are taken whom the list does not know.
    read : callable
        Makes a Handed of bytes and an id; raises ValueError with the reason where it cannot.

    Returns
    -------
    handed, refused, told : list
        Handed; lines on files that were left out, and on those that another one replaces.
    """
    if not place.exists():
        raise Trouble(f"There is no folder or file {place}. Give the one of your class.")
    lines, refused, told, chosen = [], [], [], {}
    people = who_is_who(students)
    for count, one in enumerate(found_in(place, lines), 1):
        if count > MOST:
            raise Trouble(f"{place} holds more than {MOST} files.")
        try:
            person = owner(one, students, strangers, people)
            sheet = Sheet(one.path, one.when, read(one.data, person.student))
        except ValueError as fault:
            refused.append(f"{one.path}: {fault}")
            continue
        keep(chosen, person, sheet, told)
    refused += [line.replace(": no notebook", ": no file of predictions") for line in lines]
    if not chosen and not refused:
        raise Trouble(f"{place} holds no file of predictions, such as predictions-lu.json.")
    found = settled(chosen, refused)
    return [replace(sheet.handed, student=student)
            for (student, _), sheet in sorted(found.items())], refused, told


def owner(one, students, strangers, people):
    """Return the Person whose file it is; raise ValueError where that cannot be told."""
    person = person_of(one.outer or one.path, [WORD, *lessons.order()], people)
    if person.why:
        raise ValueError(person.why)
    if students and not (person.known or strangers):
        raise ValueError(f"{person.student} is not in students.csv; put the name there, or say "
                         "--strangers")
    if person.student == "nameless":
        raise ValueError("whose it is cannot be told; put it into a folder with the student's name")
    return person


def keep(chosen, person, sheet, told):
    """Keep the newer file of a person and chapter, of two with one date the later in order."""
    place = person, sheet.handed.chapter
    other = chosen.get(place)
    if other is None or sheet.when >= other.when:
        chosen[place] = sheet
    if other is not None and other.handed != sheet.handed:
        left, = {other, sheet} - {chosen[place]}
        told.append(f"{person.student} has handed in {sheet.handed.chapter} more than once; "
                    f"{left.path} is left")
