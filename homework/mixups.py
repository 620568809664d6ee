"""See from a file's text that it was made from somebody else's, or calls what judges it."""

import re

from homework.notebooks import Unreadable, read

INSIDE = re.compile(r"\bchecks\s*\.\s*_[a-z]\w*|getattr\(\s*checks\b[^)\n]*|"
                    r"from\s+lib\.grade\S*\s+import[^\n]*\b_[a-z]\w*")
LINE = re.compile(r'^VARIANT = "(.*)"$', re.M)


def foreign(course, topic, student):
    """Return, in a list, a sentence where a file has another student's variant, or none.

    Nothing is said where the set was released without variants, or the line was lost.
    """
    own = course.variant(topic, student)
    path = course.place("submitted", student, topic)
    try:
        cells = read(path.read_bytes()) if own and path.is_file() else []
    except Unreadable:
        return []
    found = next((line[1] for cell in cells if (line := LINE.search(cell.source))), own)
    if found == own:
        return []
    if not found:
        return ["made from the common notebook: its VARIANT is empty"]
    whose = [other for other in {*course.students(), *course.submissions(topic)}
             if course.variant(topic, other) == found]
    return [f"made from the file of {', '.join(whose)}: its VARIANT is not {student}'s" if whose
            else f"its VARIANT, {found[:20]!r}, is nobody's"]


def inward(course, topic, student):
    """Return, in a list, a sentence where a file's code names private parts of the judges.

    The judges are public, and some hold a reference: who calls it has written no method. It is
    found by the text alone, so it may be hidden, and it decides nothing.
    """
    path = course.place("submitted", student, topic)
    try:
        cells = read(path.read_bytes()) if path.is_file() else []
    except Unreadable:
        return []
    found = [" ".join(hit[0].split()) for cell in cells if cell.kind == "code"
             for hit in INSIDE.finditer(cell.source)]
    return [f"its code reads the judges' own: {', '.join(dict.fromkeys(found))}"] * bool(found)


def remarks(course, topic, student):
    """Return all that is to be said of a file's text."""
    return foreign(course, topic, student) + inward(course, topic, student)
