"""Write marks into nbgrader's gradebook. One process does; the others grade."""

import json
import os
import sys
import warnings
from pathlib import Path

from homework import Trouble


class Book:
    """The gradebook of a course; a context that closes it.

    Parameters
    ----------
    course : Course
    """

    def __init__(self, course):
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SAWarning

        warnings.simplefilter("ignore", SAWarning)  # of the order in which nbgrader joins its rows
        # nbgrader calls alembic, which lies beside this Python, by its name alone.
        folder, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
        if folder not in path.split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([folder, path])
        self.course = course.made()
        self.book = Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}", course.folder.name)

    def assign(self, topic, cells):
        """Make an assignment of a release, or bring its points up to date.

        Raises
        ------
        Trouble
            If problems were added or taken away after submissions were graded.
        """
        from nbgrader.api import MissingEntry

        self.book.update_or_create_assignment(topic)
        now = {cell.grade_id for cell in cells if cell.points is not None}
        try:
            notebook = self.book.find_notebook(topic, topic)
            before = {cell.name for cell in notebook.grade_cells}
            if before != now and notebook.submissions:
                raise Trouble(
                    f"The problems of {topic} have changed since submissions were graded: "
                    f"{', '.join(sorted(before ^ now))}.\nPut the master back, or forget the marks "
                    f"of this set: nbgrader db assignment remove {topic} --force")
            if before != now:
                self.book.remove_notebook(topic, topic)
                raise MissingEntry
        except MissingEntry:
            self.book.add_notebook(topic, topic, kernelspec=json.dumps({"name": "python3"}))
        for cell in cells:
            self._cell(topic, cell)

    def _cell(self, topic, cell):
        """Note a cell of a release."""
        if not cell.grade_id:
            return
        if cell.points is not None:
            self.book.update_or_create_grade_cell(
                cell.grade_id, topic, topic, max_score=cell.points, cell_type=cell.kind)
        if cell.is_answer:
            self.book.update_or_create_solution_cell(cell.grade_id, topic, topic)
        self.book.update_or_create_source_cell(
            cell.grade_id, topic, topic, source=cell.source, cell_type=cell.kind,
            locked=bool(cell.marks.get("locked")))

    def record(self, topic, student, result, about=None, same=()):
        """Write the marks of one submission, in place of those of an earlier grading.

        A mark that a person has given, and a comment, stay with the text for which they were given:
        of other problems than `same` (grade_ids) they go, and are asked for again.

        Returns
        -------
        list of str
            Sentences on the marks that have gone.
        """
        about = about or {}
        self.book.update_or_create_student(student, **{
            mine: about[theirs] for mine, theirs in (
                ("first_name", "name"), ("email", "email"), ("lms_user_id", "lms_id"))
            if about.get(theirs)})
        when = {"timestamp": result["submitted"]} if result.get("submitted") else {}
        submission = self.book.update_or_create_submission(topic, student, **when)
        scores, notebook = {row["grade_id"]: row for row in result["problems"]}, (
            submission.notebooks[0])
        gone = [said for grade in notebook.grades if grade.name in scores
                if (said := _graded(grade, scores[grade.name], grade.name in same))]
        code = set(scores) - {comment.name for comment in notebook.comments}
        for comment in notebook.comments:
            blank = scores.get(comment.name, {}).get("verdict") == "not attempted"
            comment.auto_comment = "No response." if blank else None
            # A comment on code hangs on the answer's cell, its mark on the graded cell.
            if not ({comment.name} if comment.name in scores else code) <= set(same):
                comment.manual_comment = None
        self.book.db.commit()
        return gone

    def marks(self, topic):
        """Return the grades of each student: lists of (grade_id, mark, maximum).

        A mark is None where a person has to read, or to read again.
        """
        return {submission.student_id: [
            (grade.name, None if grade.needs_manual_grade else grade.score, grade.max_score)
            for notebook in submission.notebooks for grade in notebook.grades]
            for submission in self.book.assignment_submissions(topic)}

    def as_read(self, topic):
        """Return the records of a course with the marks that people have given since.

        What they have read is in the state "read", what they have to read "by hand".
        """
        records, marks = self.course.records(topic), self.marks(topic)
        for student, record in records.items():
            found = {name: mark for name, mark, _ in marks.get(student, [])}
            for row in record["problems"]:
                mark = found.get(row["grade_id"], row["points"])
                if mark == row["points"]:
                    continue
                row |= {"points": mark, "state": "by hand" if mark is None else "read",
                        "headline": f"{row['grade_id']}: {mark:g} of {row['of']:g}, by hand"
                        if mark is not None else "to be read", "note": "", "cases": [],
                        "account": []}
            if not any(row["state"] == "failed" for row in record["problems"]):
                record["state"] = "graded"
        return records

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.book.close()


def _graded(grade, row, same):
    """Write the result of a problem into its grade; return what is to be said of a mark by hand."""
    given = grade.manual_score
    grade.auto_score, grade.needs_manual_grade = row["points"], (
        given is None and row["points"] is None)
    if given is None or same:
        return ""
    grade.manual_score, grade.needs_manual_grade = None, True
    return (f"{grade.name}: the mark {given:g}, given by hand, was for another text: "
            "read it again")
