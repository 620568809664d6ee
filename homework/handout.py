"""Write what students need beside a notebook: how to install, work and hand in; a text for an LMS.

The notebook is not all: its checks are in `lib`, which lies beside it as a wheel.
"""

import importlib.metadata
import platform
import re

from homework import examtext
from homework.course import MASTERS, put
from homework.late import Clock
from homework.returning import zipped
from homework.wheel import exam_wheel, wheel

POLICIES = {"allowed": "allowed", "log": "allowed with a log", "not-allowed": "not allowed"}
PAGE = """# {title}

## Install, once

You need Python 3.11, 3.12, 3.13 or 3.14. Unpack the zip, open a terminal in its folder, and type:

```
python3 -m venv digits                # Windows: py -m venv digits
source digits/bin/activate            # Windows: digits\\Scripts\\activate
pip install jupyterlab ./{wheel}
```

The last file holds the package `lib` with the checks of this set, and brings NumPy, SciPy and
Matplotlib.{package} It is graded with {versions}; others should do.

## Work

```
source digits/bin/activate            # Windows: digits\\Scripts\\activate
jupyter lab {topic}.ipynb
```

{own}Run the cells from the top. Write where a cell says `...`, and leave the other cells and the
names of the functions as they are. {checks}
At the end: *Kernel, Restart Kernel and Run All Cells*.

In VS Code, choose the environment `digits` as the kernel. In Colab, upload all files and run
`!pip install ./{wheel}` in a cell of its own first.

## Hand in

The one file `{topic}.ipynb`, under this name, {until}.

## How it is marked

{marking}

## Help

{policy}
"""
LMS = """{title}

{problems}

What you need: {link}. Unpack it and follow its README.md.

Hand in: the one file {topic}.ipynb, {by}.

How it is marked: {marking}

{policy}
"""
CHECKS = """The cell below an answer checks it at once: run it as often as
you like."""
PACKAGE = """
For this exam it is smaller than at other times: install this file also where you have a `lib`."""
MARKING = ("This set is public, and so are its checks. Marks come from the same checks on fresh "
           "numbers, which are drawn when it is graded: what is right for the examples alone earns "
           "nothing. There the checks are silent: an input that you found by asking one is handed "
           "in as numbers. Feedback is a web page: where it comes under the name of your notebook, "
           "save it as .html.")


def policy(kind, where=""):
    """Return what policy.md says of a kind of help, in words for students.

    Examples
    --------
    >>> policy("not-allowed"), policy("allowed", ", in code")  # doctest: +NORMALIZE_WHITESPACE
    ('Language models and other people: not allowed.',
     'Language models and other people, in code: allowed.')
    """
    said = f"Language models and other people{where}: {POLICIES[kind]}."
    if kind == "log":
        text = (MASTERS / "policy.md").read_text(encoding="utf-8")
        said += " " + " ".join(re.search(r"\*Allowed with a log\* means: (.+)\n(.+)\n",
                                         text).groups())
        said = said.replace(" at the end of what", " At the end of what")
    return said


def hand_out(course, topic, cells, problems, options, exam=None):
    """Write README.md and the wheel into release/TOPIC, and release/TOPIC.zip and TOPIC.txt.

    Parameters
    ----------
    course : Course
    topic : str
    cells : list of Cell
        Of the release.
    problems : list of Problem
    options : Namespace
        variants, policy and link.
    exam : Exam, optional
        What its students get in place of the judges.

    Returns
    -------
    list of str
        Sentences on what was written, and on what is still to be filled in.
    """
    folder = course.folder / "release" / topic
    name, data = exam_wheel(exam.package) if exam else wheel()
    for old in folder.glob(f"{name.partition('-')[0]}-*.whl"):
        old.unlink()  # ours, of another content
    put(folder / name, data)
    words = words_of(course, topic, cells, problems, options) | {"wheel": name}
    told = []
    if "README.md" in course.data(topic):
        told.append("README.md of the master's folder is kept: the page for students is START.md.")
    page = "START.md" if told else "README.md"
    put(folder / page, PAGE.format(**words))
    put(folder.with_name(f"{topic}.txt"), LMS.format(**words))
    # Where each has an own notebook, the common one is for nobody; the seed of all is the course's.
    names = {*course.data(topic), name, page, *[f"{topic}.ipynb"] * (not options.variants)}
    names -= set(exam.left if exam else ())
    files = {f"{topic}/{one}": (folder / one).read_bytes() for one in names}
    put(folder.with_name(f"{topic}.zip"), zipped(files))
    blank = [word for word in ("[deadline]", "[link]") if word in LMS.format(**words)]
    fill = f"; {' and '.join(blank)} to be filled in (--due, --link)" if blank else ""
    return [*told, f"{folder}.zip: for the students ({', '.join(sorted(files))})",
            f"{folder}.txt: to paste into the LMS{fill}"]


def words_of(course, topic, cells, problems, options):
    """Return what the texts say of a problem set, by name."""
    clock = Clock(course, topic)
    versions = ", ".join(f"{shown} {importlib.metadata.version(shown.lower())}"
                         for shown in ("NumPy", "SciPy"))
    due = (f"by {clock.due:%A}, {clock.due.day} {clock.due:%B %Y, %H:%M} (UTC{clock.due:%z}). "
           + clock.told().rstrip(".") if clock.due else "")
    title = next((cell.source.lstrip().splitlines()[0].strip("# ") for cell in cells
                  if cell.source.lstrip().startswith("# ")), topic)
    prose = " What is written in words is read by a person." if any(
        one.by_hand for one in problems) else ""
    rules = policy(options.policy) if not prose else (
        policy(options.policy, ", in code") + "\n\n"
        + policy(options.policy_prose, ", in words"))
    rows = [f"- {one.title or one.name}: {one.points:g} points" for one in problems]
    return {"topic": topic, "title": title, "problems": "\n".join(rows),
            "versions": f"Python {platform.python_version()}, {versions}",
            "own": "Your file has your own numbers: work in the one that you were given.\n"
            * options.variants, "policy": rules,
            "by": due or "by [deadline]", "until": due or "by the deadline of your course",
            "marking": (examtext.MARKING if options.exam else MARKING) + prose,
            "checks": examtext.CHECKS if options.exam else CHECKS,
            "package": PACKAGE * options.exam, "link": options.link or "[link]"}
