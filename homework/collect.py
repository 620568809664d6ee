"""Take in what a learning platform exports: python -m homework collect FOLDER."""

import datetime
from dataclasses import replace
from pathlib import Path

from homework import Trouble, late, moodle, origin
from homework.course import Course, parser, put, student_id
from homework.notebooks import Unreadable, read
from homework.opening import found_in, telling
from homework.plain import plain
from homework.whose import person_of, topic_of, who_is_who

ABOUT = """Take in what a learning platform exports: a folder or a zip, with files renamed, nested,
zipped again, as it comes. Names of Canvas and Moodle are known; else the folder, or the name of the
file, is the student: the outermost that names somebody, and nothing inside a student's zip.
students.csv in the course's folder (id, name, email, lms_id) settles who is who; whom it does not
know is named and left. What is no notebook is named and left. Exit status 1 if nothing was
collected, or somebody's file could not be taken."""


def options_of(arguments):
    """Return the options of the command."""
    made = parser("collect", ABOUT, "~/Downloads/submissions.zip --topic svd", topic=False)
    made.add_argument("folder", type=Path, help="a folder, a zip or a notebook")
    made.add_argument("--topic", help="of all of them; by default each notebook says")
    made.add_argument("--strangers", action="store_true",
                      help="take those in too whom students.csv does not know")
    made.add_argument("--worksheet", metavar="CSV", type=Path,
                      help="Moodle's grading worksheet, which says when each was handed in")
    made.add_argument("--in-time", action="store_true",
                      help="where a file in time is there already, a late one does not replace it")
    late.options(made)
    return made.parse_args(arguments)


def main(arguments):
    """Collect submissions; return the exit status."""
    options = options_of(arguments)
    course = Course(options.course).made()
    if not options.folder.exists():
        raise Trouble(f"There is no {options.folder}.")
    if options.topic:
        course.master(options.topic)
    sheet = moodle.worksheet(options.worksheet) if options.worksheet else []
    told, refused, number = [], [], 0
    chosen = newest(found_in(options.folder, told), course, options, told)
    found = settled(chosen, refused)
    dated({topic for _, topic in found}, course, options)
    for (student, topic), one in sorted(found.items()):
        with telling(refused, one.path, f"{student}'s {topic} could not be kept"):
            why = arrived(course, student, topic, one, sheet, options.in_time, told)
            print("  " + plain(f"{student:<24} {topic:<20} {one.path}"))
            number += 1
            if why:
                refused.append(f"{one.path}: {student}'s {topic} is no notebook: {why}; ask for "
                               "it again")
    print(f"{number} submissions are collected.")
    for line in told + refused:
        print(f"  {plain(line)}")
    return 0 if number and not refused else 1


def dated(topics, course, options):
    """Keep the deadline that is given; complain where it may be that of another problem set."""
    if (options.due or options.late) and not options.topic and len(topics) != 1:
        raise Trouble(f"--due and --late are of one problem set, and here are "
                      f"{', '.join(sorted(topics)) or 'none'}: say --topic.")
    for topic in [options.topic] if options.topic else topics:
        for line in late.keep(course, topic, options.due, options.late):
            print(line)


def arrived(course, student, topic, one, sheet, in_time, told):
    """Keep a submission; set another one aside that was there, and say so.

    Returns
    -------
    str
        Why it is no notebook; empty where it is one.
    """
    place, clock = course.place("submitted", student, topic), late.Clock(course, topic)
    before = clock.of(student)
    other = place.is_file() and place.read_bytes() != one.data
    copy = origin.set_aside(place) if other else None
    keep(place, one, sheet)
    if copy:
        after, where = clock.of(student), copy.relative_to(course.folder)
        graded = " and was graded" if student in course.records(topic) else ""
        said = f"replaces another, which is kept as {where}{graded}"
        if after and after.late and not (before and before.late):
            said += f"; the new one is {after.said}, and --in-time leaves the earlier"
            if in_time:
                new = origin.set_aside(place)
                origin.put_back(place, copy)
                said = (f"is {after.said} and does not count, for another is in time: "
                        f"{new.relative_to(course.folder)}")
        told.append(f"{one.path}: {student}'s {topic} {said}")
    try:
        read(one.data)
    except Unreadable as why:
        return str(why)
    return ""


def keep(place, one, sheet=()):
    """Write a submission, and what is known of when it was handed in."""
    when = datetime.datetime.fromtimestamp(one.when, datetime.UTC)
    put(place.with_name("timestamp.txt"), f"{when:%Y-%m-%d %H:%M:%S} UTC\n")
    name = one.outer or one.path
    origin.note(place, name, one.when, one.data, moodle.submitted(sheet, name, [place.stem]))
    put(place, one.data)


def newest(files, course, options, told):
    """Return the newest file of each Person and topic; say of the others why they are left."""
    chosen, students, topics = {}, course.students(), course.topics()
    people = who_is_who(students)
    for one in files:
        with telling(told, one.path, "it cannot be read"):
            topic = options.topic or topic_of(one, topics)
            if not topic:
                told.append(f"{one.path}: whose problem set it is cannot be told; say --topic")
                continue
            person = person_of(one.outer or one.path, topics, people)
            if students and not (person.known or person.why or options.strangers):
                person = replace(person, why=f"{person.student} is not in students.csv; put the "
                                             "name there, or say --strangers")
            other = chosen.get((person, topic))
            if other is not None and other.data != one.data:
                left = min(one, other, key=lambda each: each.when)
                why = "is older and is left" if one.when != other.when else "is left"
                told.append(f"{person.student} has handed in {topic} more than once; "
                            f"{(other if why == 'is left' else left).path} {why}")
            if other is None or one.when >= other.when:
                chosen[person, topic] = one
    return chosen


def settled(chosen, refused):
    """Return what counts by student and topic; say whose files are refused, and why.

    Other numbers of the platform are other people. Of those whom the list takes for one, the one
    counts whose number it has; without a list, the numbers become part of their ids.
    """
    found, rivals = {}, {}
    for (person, topic), one in chosen.items():
        if person.why:
            refused.append(f"{one.path}: {person.why}")
        else:
            rivals.setdefault((person.student, topic), []).append((person, one))
    for (student, topic), claims in rivals.items():
        for person, one in claims:
            if len(claims) == 1 or not person.number:
                found[student, topic] = one
            elif person.known:
                refused.append(f"{one.path}: {student} goes by more than one number; which is the "
                               "right one, lms_id in students.csv may say")
            else:
                found[student_id(f"{student[:60]}_{person.number}"), topic] = one
    return found
