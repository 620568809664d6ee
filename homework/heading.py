"""Say on top of a page of feedback whose it is, when it was, and how to see the same numbers."""

import html

from homework import origin
from homework.late import Clock
from homework.mixups import foreign
from homework.notebooks import read
from homework.problems import problems_of


class Headings:
    """What stands on top of the pages of a problem set.

    Parameters
    ----------
    course : Course
    topic : str
    marks : dict
        Of each student, as the gradebook has them.
    """

    def __init__(self, course, topic, marks):
        self.course, self.topic, self.marks = course, topic, marks
        path = course.master(topic)
        self.problems = problems_of(read(path.read_bytes()), path)
        self.clock, self.students = Clock(course, topic), course.students()

    def of(self, student, record):
        """Return the paragraphs of a student's page as HTML."""
        noted = origin.read(self.course.place("submitted", student, self.topic))
        name = self.students.get(student, {}).get("name")
        whose = f"{name} ({student})" if name else student
        parts = [whose, f"file {noted['name']}" if noted.get("name") else "",
                 f"graded {record['graded'].replace('T', ' ')}" if record.get("graded") else ""]
        found = [f"<strong>{html.escape(' · '.join(filter(None, parts)))}</strong>"]
        if foreign(self.course, self.topic, student):
            found.append("This file has not your own numbers; it was judged with yours.")
        found += [f"<strong>{html.escape(line)}</strong>" for line in [self.late(student)] if line]
        return "".join(f"\n<p>{part}</p>" for part in found) + self.again(record)

    def late(self, student):
        """Return a sentence for a student whose submission is late; empty for others."""
        found, marks = self.clock.of(student), self.marks.get(student, [])
        if not (found and found.late):
            return ""
        mark = None if any(mark is None for _, mark, _ in marks) else sum(m for _, m, _ in marks)
        after = self.clock.after(mark, sum(most for *_, most in marks), student)
        ruled = self.clock.rule != "none" and after is not None
        return (f"Handed in {found.said}. {self.clock.told()}"
                + ruled * f" By that rule {after or 0:g} points count.")

    def again(self, record):
        """Return the lines with which a student sees the reports of this grading again."""
        if "seed" not in record:
            return ""
        lines = [f"checks.{one.check}({one.name}, seed={record['seed']}, "
                 f"variant={record.get('variant', '')!r})"
                 for one in self.problems if not one.by_hand]
        return ("\n<details><summary>The numbers of this grading</summary><p>In your notebook, "
                "below your answers, each of these lines shows its report again:</p><pre>"
                + html.escape("\n".join(lines)) + "</pre></details>")
