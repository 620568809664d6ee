"""Carry out one of the instructor's commands: python -m homework COMMAND ...

A command is a function of another module, imported when it is asked for. It takes the arguments
after its name, has a parser of its own with an example, and returns the exit status. A `Trouble`
that it raises is told as a sentence.
"""

import importlib
import os
import sys

from homework import Trouble

GROUPS = {
    "Before the term": {
        "check": ("homework.check:main", "say whether this machine can grade"),
        "private": ("homework.private:main", "make a private copy whose problems can be replaced"),
        "try": ("homework.rehearsal:main", "grade a set's own solutions, and what should fail")},
    "The loop": {
        "release": ("homework.release:main", "make the students' copy of a problem set"),
        "collect": ("homework.collect:main", "take in what a learning platform exports"),
        "grade": ("homework.grade:main", "grade what was collected, in a sandbox"),
        "look": ("homework.look:main", "list whose submission needs a look, and why"),
        "second": ("homework.second:main", "have prose read a second time, blind"),
        "feedback": ("homework.feedback:main", "write a page for each student"),
        "export": ("homework.export:main", "write the marks for Canvas, Moodle or a spreadsheet"),
        "report": ("homework.report:main", "draw what a class did, problem by problem")},
    "After the term": {
        "forget": ("homework.forget:main", "take a student's data out of a course")},
    "In the room": {
        "exam": ("homework.exams.exam:main", "draw an exam on paper, with key, GIFT and QTI"),
        "oral": ("homework.exams.oral:main", "draw cards for an oral examination"),
        "blackbox": ("homework.kit.blackbox:main", "answer queries to a routine that is hidden"),
        "predictions": ("homework.exams.handed_in:main",
                        "mark handed-in predictions for completion"),
        "inventory": ("homework.exams.inventory:main", "write the concept inventory, or its gain")},
    "For a lecture": {
        "slides": ("homework.kit.deck:main", "make slides of a chapter: failure, question, law"),
        "polls": ("homework.kit.polls:main", "write a chapter's predictions as polls"),
        "worksheet": ("homework.kit.worksheet:main",
                      "make two pages for the pencil, and their key"),
        "guide": ("homework.kit.guide:main", "make the page of a chapter for teaching assistants"),
        "outcomes": ("homework.kit.outcomes:main", "list what each exercise and question assesses"),
        "cartridge": ("homework.kit.cartridge:main", "link the sections of the site into an LMS")}}
COMMANDS = {name: row for group in GROUPS.values() for name, row in group.items()}


def usage():
    """Return the list of commands as text, in the order in which a term needs them."""
    lines = ["usage: python -m homework COMMAND ..."]
    for title, group in GROUPS.items():
        lines += ["", title, *(f"  {name:<12} {about}" for name, (_, about) in group.items())]
    return "\n".join([*lines, "", "python -m homework COMMAND --help shows the options and an "
                      "example."])


def listed():
    """Return the same list as the table of README.md: python -m homework --markdown."""
    rows = [f"| {title} | `{name}` | {about} |" for title, group in GROUPS.items()
            for title, (name, (_, about)) in zip([title, *[""] * len(group)], group.items(),
                                                 strict=False)]
    return "\n".join(["| | command | what it does |", "|---|---|---|", *rows])


def function_of(name):
    """Return the function that carries out a command."""
    module, _, function = COMMANDS[name][0].partition(":")
    return getattr(importlib.import_module(module), function)


def main(arguments):
    """Carry out a command; return its exit status, 2 where a Trouble ended it."""
    name = arguments[0] if arguments else ""
    if name in ("", "-h", "--help", "--markdown"):
        print(listed() if name == "--markdown" else usage())
        return 0 if name else 2
    if name not in COMMANDS:
        print(f"{name!r} is no command.\n{usage()}", file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A name that cannot be shown ends nothing.
            stream.reconfigure(errors="backslashreplace")
    try:
        return function_of(name)(arguments[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. What was done is kept: the same command goes on from here.",
              file=sys.stderr)
    return 2


def shown(arguments):
    """Carry out a command whose output may be cut off, by `| head` say."""
    try:
        status = main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


if __name__ == "__main__":
    sys.exit(shown(sys.argv[1:]))
