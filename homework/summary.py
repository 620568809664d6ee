"""Say in a sentence how a submission went, and in a table how a class did."""

from homework.gradebook import Book
from homework.late import Clock
from homework.plain import plain

NOTES = 6  # of a submission that a sentence tells


def sentence(record):
    """Return one sentence on a graded submission: its points, what cost the others, what was odd.

    Examples
    --------
    >>> sentence({"state": "graded", "notes": [], "problems": [
    ...     {"grade_id": "grade-half", "points": 2.0, "of": 4.0, "state": "judged",
    ...      "headline": "half: unstable, 3 of 4 cases stable", "cases": []}]})
    '2 of 4 points; half: unstable, 3 of 4 cases stable'
    """
    parts, notes = [standing(record)], record["notes"]
    for row in record["problems"]:
        if row["state"] == "failed" or (row["points"] is not None and row["points"] < row["of"]):
            parts.append(row["headline"] + reason(row))
    if len(notes) > NOTES:
        notes = [*notes[:NOTES], f"and {len(notes) - NOTES} more such notes"]
    return plain("; ".join(dict.fromkeys([*parts, *notes])), 20_000)


def standing(record):
    """Return the points of a submission in words that tell a zero from what is ungraded."""
    if record["state"] == "failed":
        return "UNGRADED"
    rows = record["problems"]
    got = sum(row["points"] for row in rows if row["points"] is not None)
    most = sum(row["of"] for row in rows if row["points"] is not None)
    rest = sum(row["of"] for row in rows if row["points"] is None)
    read = f", {rest:g} more to be read" if rest else ""
    return f"{got:g} of {most:g} points{read}"


def reason(row):
    """Return what decided the first of the worst cases, in brackets; empty where nothing did."""
    decided = deciding(row)
    note = f", perhaps {row['note']}" if row.get("note") else ""
    return f" ({decided}{note})" if decided else ""


def deciding(row):
    """Return what decided the first of the worst cases; where only mild ones went wrong, of these.

    Examples
    --------
    >>> deciding({"cases": [["a", "stable", "0"], ["b", "wrong", "got 3, expected 2"]]})
    'got 3, expected 2'
    """
    order = ("wrong", "inaccurate", "unstable", "another road")
    worst = min((case for case in row["cases"] if case[1] in order and case[2]),
                key=lambda case: (case[3:] == [True], order.index(case[1])), default=None)
    return worst[2] if worst else ""


def summary_of(course, topic):
    """Return the table of a problem set as text, with the marks that were given by hand."""
    with Book(course) as book:
        records = book.as_read(topic)
    submitted, students = course.submissions(topic), course.students()
    late, unknown = lateness(course, topic, submitted)
    lines = [f"  {student:<24} {sentence(records[student])}{late.get(student, '')}"
             for student in sorted(records) if student in submitted]
    failed = [student for student in submitted
              if records.get(student, {"state": "failed"})["state"] == "failed"]
    zero = [student for student, record in records.items() if record["state"] == "graded" and
            all(row["points"] == 0 for row in record["problems"])]
    read = [student for student, record in records.items()
            if any(row["state"] == "by hand" for row in record["problems"])]
    missing = sorted(set(students) - set(submitted))
    lines += ["", f"{topic}: {len(submitted)} submissions, {len(submitted) - len(failed)} graded"
              f" ({len(zero)} of them with zero), {len(failed)} UNGRADED."]
    return "\n".join(lines + left(failed, course.newer(topic), read, missing) + unknown + [
        f"Whose submission needs a look, and why: python -m homework look {topic}"])


def lateness(course, topic, submitted):
    """Return how late each was that was late, and a sentence on those of whom it is unknown."""
    clock = Clock(course, topic)
    found = {student: one for student in submitted if (one := clock.of(student))}
    unknown = [student for student, one in found.items() if one.late is None]
    return {student: f"; {one.said}" for student, one in found.items() if one.late}, [
        f"When it was handed in is unknown of {', '.join(unknown)}: README.md, Lateness, says "
        "what tells."] * bool(unknown) + [
        "Canvas calls nobody LATE: it can do so only where it has the deadline, too."
        ] * clock.silent(submitted)


def left(failed, newer, read, missing):
    """Return the sentences on what is left to do: lists of students."""
    lines = []
    if failed:
        lines.append(f"Ungraded, which is not zero: {', '.join(failed)}. Grade again, or by hand "
                     "in formgrader.")
    if newer:
        lines.append(f"Newer files, which nobody has graded, are there of {', '.join(newer)}. "
                     "Grade again.")
    if read:
        lines.append(f"Prose to be read in formgrader: {len(read)} submissions.")
    if missing:
        lines.append(f"Nothing was handed in by {', '.join(missing)}.")
    return lines
