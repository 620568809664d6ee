"""The instructor's side of the course: problem sets, their grading, exams and the kit.

`python -m homework` lists the commands; README.md walks through a term. Nothing here is part of
the installed package `lib`, and nothing of `lib` needs it.
"""


class Trouble(Exception):  # noqa: N818  not an error of the program
    """Something that the instructor can mend; the message says how. The exit status is 2."""
