"""Read a syllabus, and compare what it says with the chapters: their names, order and minutes.

A syllabus is a table of Markdown: week, chapters, exercises of the lab, minutes of reading on the
core path, minutes of these exercises, what is due and by which command. Its last row has the sums.
"""

import re

from homework.kit import ROOT, lessons

FOLDER = ROOT / "homework" / "syllabi"
LINK = re.compile(r"`(\w+)(?:#([\w-]+))?`")
NEEDS = re.compile(r"^\*\*Needs\*\*: (.*)$", re.MULTILINE)
LAB = 100  # minutes a week
# By what the part of a row on what is due begins with, the command that makes it.
COMMANDS = {"problem set": "release", "test": "exam", "orals": "oral", "pre-test": "inventory",
            "post-test": "inventory", "predictions": "predictions"}


def weeks(text):
    """Return a dict for each row of the table: week, chapters, exercises, reading, tasks."""
    made = []
    for line in re.findall(r"^\| *(?:\d+|all) *\|.*$", text, re.MULTILINE):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        made.append({"week": cells[0], "chapters": [name for name, _ in LINK.findall(cells[1])],
                     "exercises": LINK.findall(cells[2]), "reading": int(cells[3]),
                     "tasks": int(cells[4]), "due": "".join(cells[5:])})
    return made


def needs(topic):
    """Return the chapters that a chapter needs."""
    line = NEEDS.search(lessons.lesson(topic).by_id["title"].source)[1]
    named = re.findall(r"\{doc\}`(?:[^`<]*<)?(\w+)>?`", line)
    return [name for name in named if name in lessons.order()]


def computed(week):
    """Return the minutes of reading and of exercises of a week, from its chapters."""
    reading = sum(lessons.minutes(lessons.lesson(topic))[1] for topic in week["chapters"])
    tasks = sum(one.minutes for topic, name in week["exercises"]
                for one in lessons.exercises(lessons.lesson(topic)) if one.id == name)
    return reading, tasks


def faults(text):
    """Yield what is wrong with a syllabus, as sentences."""
    *rows, total = weeks(text)
    taught = []
    for row in rows:
        name = f"week {row['week']}"
        unknown = set(row["chapters"]) - set(lessons.order())
        if unknown:
            yield f"{name}: there is no chapter {', '.join(sorted(unknown))}"
            continue
        taught += row["chapters"]
        for topic in row["chapters"]:
            if late := set(needs(topic)) - set(taught):
                yield f"{name}: {topic} needs {', '.join(sorted(late))}, which is not taught yet"
        yield from exercise_faults(name, row)
        yield from due_faults(name, row["due"], taught)
        if (row["reading"], row["tasks"]) != (right := computed(row)):
            yield f"{name}: the minutes are {right[0]} and {right[1]}"
        if row["tasks"] > LAB:
            yield f"{name}: {row['tasks']} minutes of exercises; a lab has {LAB}"
    sums = tuple(sum(row[name] for row in rows) for name in ("reading", "tasks"))
    if (total["reading"], total["tasks"]) != sums:
        yield f"all: the minutes are {sums[0]} and {sums[1]}"


def due_faults(name, due, taught):
    """Yield what is due without its command, or on what is not taught yet."""
    for part in filter(None, (one.strip() for one in due.split(";"))):
        wanted = next((command for word, command in COMMANDS.items() if re.match(word, part)), "")
        found = re.search(rf"`{wanted} ([\w,]*)", part)
        if wanted and not found:
            yield f"{name}: {part} has no command `{wanted} ...`"
        elif found and wanted in ("release", "exam", "oral"):
            topics = chapters_of(found[1])
            if late := [topic for topic in topics if topic not in taught]:
                yield f"{name}: {part} asks for {', '.join(late)}, which is not taught yet"


def chapters_of(named):
    """Return the chapters of an exam or of a problem set; one set is on three.

    Examples
    --------
    >>> chapters_of("lu,svd"), chapters_of("lu_qr_cholesky"), chapters_of("gradient_flow")
    (['lu', 'svd'], ['lu', 'qr', 'cholesky'], ['gradient_flow'])
    """
    return [topic for one in named.split(",")
            for topic in ([one] if one in lessons.order() else one.split("_"))]


def exercise_faults(name, row):
    """Yield the exercises of a week that are not there, or not on the core path."""
    for topic, cell in row["exercises"]:
        known = {one.id: one for one in lessons.exercises(lessons.lesson(topic))} \
            if topic in row["chapters"] else {}
        if cell not in known:
            yield f"{name}: no chapter of this week has the exercise {topic}#{cell}"
        elif not known[cell].core:
            yield f"{name}: {topic}#{cell} lies beyond the core path"
