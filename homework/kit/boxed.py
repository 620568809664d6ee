"""The cells and the judge of a problem on a black box, for a course's private copy."""

from homework import Trouble
from homework.kit.finders import FINDERS
from homework.notebooks import Cell
from lib.grade.blackbox import BUDGET, TOPICS, Box, family

WORD, PROSE = "blackbox", "queries"
JUDGE = '''

def check_blackbox(answer, seed=0, variant=""):
    """Judge an input that is to break the student's own hidden routine; nothing is drawn anew."""
    from lib.grade.blackbox import check_broken

    return check_broken({topic!r}, answer, variant)
'''
TASK = """## Break it: {title}, unseen

*Break it · {points:g} points for the input, 2 points for your queries, graded by hand*

{task}

`ask(...)` below answers {budget} queries; your routine is your own.
The family that it is drawn from is public (`lib.grade.blackbox`), which member it is you are not
told.
Only the input is judged by a program. Nothing stops you from reading the member out of the source,
or from starting the kernel anew: you would skip what the lab and the oral ask of you."""
WORDS = """## Your queries

How many did you use? In at most 120 words: what did the first tell you, what did you ask next and
why, and how could you have done with half as many?"""
RUBRIC = """One point each:

1. *A query that tells much*: its answer differs between many members, for a reason that is
   numerical: what is absorbed, cancels, is missed, or is never looked at.
2. *A plan*: each query depends on the last, or a group is tested at once; the number that was used
   fits the plan."""


def cells(topic, points):
    """Return the cells of the problem: task, box, answer, check, graded cell, and the prose.

    The solution holds for the variant "", with which an instructor hands in first.
    """
    if topic not in TOPICS:
        raise Trouble(f"There is no black box for {topic!r}: choose {', '.join(TOPICS)}.")
    kind, found = family(topic), FINDERS[topic](Box(topic))
    text = TASK.format(title=kind.title, points=points, task=kind.task, budget=BUDGET)
    hidden = (f"### BEGIN HIDDEN TESTS\nchecks.check_{WORD}({WORD}, seed=2029, variant=VARIANT)\n"
              "### END HIDDEN TESTS")
    return [
        Cell("markdown", text, f"task-{WORD}", marks(f"task-{WORD}")),
        Cell("code", f"from lib.grade.blackbox import Box\n\nask = Box({topic!r}, VARIANT)\nask",
             f"given-{WORD}", marks(f"given-{WORD}")),
        Cell("code", f"### BEGIN SOLUTION\n{WORD} = {found!r}\n### END SOLUTION",
             f"answer-{WORD}", marks(WORD, locked=False, solution=True)),
        Cell("code", f"checks.check_{WORD}({WORD}, variant=VARIANT)", f"check-{WORD}",
             marks(f"check-{WORD}")),
        Cell("code", hidden, f"grade-{WORD}", marks(f"grade-{WORD}", grade=True, points=points)),
        Cell("markdown", WORDS, f"task-{PROSE}", marks(f"task-{PROSE}")),
        Cell("markdown", f"### BEGIN SOLUTION\n{RUBRIC}\n### END SOLUTION", f"answer-{PROSE}",
             marks(PROSE, locked=False, solution=True, grade=True, points=2.0))]


def marks(name, **others):
    """Return nbgrader's metadata of a cell."""
    return {"schema_version": 3, "locked": True, "solution": False, "grade": False, "task": False,
            "grade_id": name, **others}
