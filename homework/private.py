"""Make a private copy of the problem sets: python -m homework private FOLDER."""

import json
import re
from pathlib import Path

from homework import Trouble
from homework.course import MASTERS, Course, parser, put
from homework.kit import boxed
from homework.notebooks import Cell, cells_in, text_of, written

ABOUT = """Make a course's folder with an own copy of every problem set, to be changed at will.

source/TOPIC/TOPIC.ipynb is the master; source/TOPIC/TOPIC_checks.py has its judges, which are those
of the project until a function of the same name stands there. --add makes the cells and the judge
of a new problem, ready to be filled in; the word blackbox adds a routine that is hidden, whole.
Keep the folder out of public repositories."""
CHECKS = '''"""Judge the problems of this set: those of the project, and what is defined below."""

from lib import grade
from lib.grade.homework.{topic} import *  # noqa: F403  what is not replaced below
'''
GRADE = "from lib import grade\n"
JUDGE = '''

def check_{word}(answer, seed=2027, variant=""):
    """Judge `{word}(x)`: TODO what it has to do, and how well."""
    rng = instances(seed, variant, "{word}")
    cases = {{f"x near {{x:.0e}}": (x * rng.uniform(1, 2),) for x in np.geomspace(1e-12, 1, 5)}}
    report = grade.check_accuracy(answer, np.log1p, cases, ulps=4, name="{word}", known={{
        "you added 1 first: the digits of x are lost there": lambda x: np.log(1 + x)}})
    return report.with_mild("x near 1e+00")  # what lowers the mean of a mark, and caps nothing
'''


def main(arguments):
    """Make the copy, or add a problem to it; return the exit status."""
    made = parser("private", ABOUT, "~/numerics-2027 --add svd:log1p", topic=False)
    made.add_argument("folder", type=Path, help="of the course")
    made.add_argument("--only", action="append", metavar="TOPIC",
                      help="copy this set and no other; repeatable")
    made.add_argument("--add", metavar="TOPIC:WORD", help="a new problem; WORD is its function")
    made.add_argument("--points", type=float, default=4.0, help="of the new problem (4)")
    options = made.parse_args(arguments)
    course = Course(options.folder.expanduser()).made()
    masters = {path.stem: path for path in sorted(MASTERS.glob("*/*.ipynb"))
               if path.stem == path.parent.name}
    for topic in options.only or ():
        if topic not in masters:
            raise Trouble(f"There is no problem set {topic!r}. There are: {', '.join(masters)}.")
    copied = [topic for topic, path in masters.items()
              if topic in (options.only or masters) and own_copy(course, path)]
    print(f"{course.folder}: {len(copied)} problem sets are copied"
          + f" ({', '.join(copied)})" * bool(copied) + "; what was there is left as it was.")
    if options.add:
        topic, _, word = options.add.partition(":")
        add(course, topic, word, options.points)
    return 0


def own_copy(course, path):
    """Copy a master, which then imports its judges from a module beside it; say if it was made."""
    topic, place = path.stem, course.folder / "source" / path.stem / path.name
    if place.exists():
        return False
    text = path.read_text(encoding="utf-8")
    ours = f"from lib.grade.homework import {topic} as checks"
    if ours not in text:
        raise Trouble(f"{path} has no line {ours!r}.")
    put(place, text.replace(ours, f"import {topic}_checks as checks"))
    put(place.with_name(f"{topic}_checks.py"), CHECKS.format(topic=topic))
    for other in path.parent.iterdir():
        if other.is_file() and other.suffix != ".ipynb":
            put(place.with_name(other.name), other.read_bytes())
    return True


def add(course, topic, word, points):
    """Add the cells and the judge of a new problem to the course's own copy."""
    path = course.folder / "source" / topic / f"{topic}.ipynb"
    if not path.is_file():
        raise Trouble(f"There is no {path}: the new problem is --add TOPIC:WORD with a topic of "
                      f"{', '.join(course.topics())}.")
    if not re.fullmatch(r"[a-z]\w*", word):
        raise Trouble(f"{word!r} is no name of a function: small letters, such as log1p.")
    cells = cells_in(json.loads(path.read_text(encoding="utf-8")))
    if any(cell.grade_id == word for cell in cells):
        raise Trouble(f"{path} has a problem {word!r} already.")
    box = word == boxed.WORD
    made = boxed.cells(topic, points) if box else new_cells(word, points)
    put(path, text_of(written([*cells, *made])))
    checks = path.with_name(f"{topic}_checks.py")
    text = checks.read_text(encoding="utf-8")
    if "import numpy as np" not in text:
        text = text.replace(GRADE, f"import numpy as np\n\n{GRADE}", 1)
    if "import instances" not in text:
        text = text.replace(GRADE, f"{GRADE}from lib.grade.variants import instances\n", 1)
    judge = boxed.JUDGE.format(topic=topic) if box else JUDGE.format(word=word)
    put(checks, text + judge)
    print(f"A problem {word!r} is added to {path}; its judge is check_{word} in {checks.name}.\n"
          f"{'Release it' if box else 'Write both, then'}: "
          f"python -m homework release {topic} --course {course.folder}")


def new_cells(word, points):
    """Return the five cells of a code problem."""
    plain = {"schema_version": 3, "locked": True, "solution": False, "grade": False, "task": False}

    def marks(name, **others):
        return {**plain, "grade_id": name, **others}

    graded = marks(f"grade-{word}", grade=True, points=points)
    hidden = (f"### BEGIN HIDDEN TESTS\nchecks.check_{word}({word}, seed=2029, variant=VARIANT)\n"
              "### END HIDDEN TESTS")
    return [
        Cell("markdown", f"## `{word}`\n\n*Build · {points:g} points*\n\nWrite `{word}(x)`, which "
             "returns $\\log(1 + x)$ for every $x > 0$, to 4 ulp.", f"task-{word}",
             marks(f"task-{word}")),
        Cell("code", f"def {word}(x):\n    ### BEGIN SOLUTION\n    return np.log1p(x)\n"
             "    ### END SOLUTION", f"answer-{word}", marks(word, locked=False, solution=True)),
        Cell("code", f"checks.check_{word}({word}, variant=VARIANT)", f"check-{word}",
             marks(f"check-{word}")),
        Cell("code", hidden, f"grade-{word}", graded)]
