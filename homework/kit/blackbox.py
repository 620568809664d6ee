"""The command `blackbox`: answer queries on this machine, count them, and judge one input."""

import argparse
import json
import sys
from pathlib import Path

from homework import Trouble
from homework.course import student_id
from homework.exams.codes import code
from homework.kit.finders import FINDERS
from homework.kit.typed import value_of
from homework.plain import plain
from lib.grade.blackbox import BUDGET, TOPICS, Box, Spent, check_broken
from lib.grade.blackbox.box import member_of
from lib.grade.report import short

EXAMPLE = """example:
  python -m homework blackbox cancellation --seed 402718365 --student ada
answers one query a line, such as 1e-5 or [1] * 12, until the budget is used; a line that begins
with ! hands in. What was asked is kept in work/blackbox, and counts when it is started again.
  python -m homework blackbox cancellation --seed 402718365 --student ada --key
says what is hidden, and an input that breaks it. homework/kit/blackbox.md says how to use it."""
HELP = "A query a line; ! and an input hands in, once; an empty line or Ctrl-D stops."


class Log:
    """What a student asked and handed in, a line of JSON each, written before the answer is told.

    Parameters
    ----------
    path : path
    """

    def __init__(self, path):
        self.path, self.rows = path, []
        if path.exists():
            try:
                text = path.read_text(encoding="utf-8")
                self.rows = [json.loads(line) for line in text.splitlines()]
                assert all(isinstance(row, dict) for row in self.rows)
            except (ValueError, AssertionError) as problem:
                raise Trouble(f"{path} is no log of queries. It counts what was asked: move it "
                              "away to begin anew.") from problem

    def note(self, **row):
        """Add a row, and let it reach the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
        self.rows.append(row)

    @property
    def asked(self):
        """How many queries were answered."""
        return sum("query" in row for row in self.rows)

    @property
    def handed_in(self):
        """Whether an input was handed in."""
        return any("handed in" in row for row in self.rows)


def answered(box, log, line):
    """Return what is said to a query; count it where it is one."""
    if log.asked >= box.budget:
        raise Spent(f"all {box.budget} queries are used: hand in an input, with ! before it")
    given = value_of(line)
    found = box(given)
    log.note(query=log.asked + 1, asked=given, answer=found)
    return f"{found}\n({box.budget - log.asked} of {box.budget} left)"


def judged(topic, number, log, line):
    """Return the report on an input as text; note it as handed in, unless it is not admitted."""
    given = value_of(line)
    report = check_broken(topic, given, number)
    case = report.cases[0]
    if case.shown != "not admitted":
        log.note(**{"handed in": given, "verdict": case.shown, "reason": case.reason,
                    "queries": log.asked})
    return "\n".join(plain(part) for part in repr(report).split("\n"))


def serve(topic, number, log, budget, lines, say=print):
    """Answer lines until an input is handed in or they end; return whether it breaks.

    Returns
    -------
    bool or None
        None where nothing was handed in.
    """
    box = Box(topic, number, budget)
    say(f"{box.task}\n{budget - log.asked} of {budget} queries are left. {HELP}")
    for line in lines:
        if not line.strip():
            return None
        try:
            if line.lstrip().startswith("!"):
                say(judged(topic, number, log, line.lstrip()[1:]))
                if log.handed_in:
                    return log.rows[-1]["verdict"] == "breaks"
                continue
            say(answered(box, log, line))
        except (ValueError, Spent) as problem:
            say(plain(problem, 200))
    return None


def key(topic, number):
    """Return what is hidden, and what the reference finds by queries alone."""
    ask = Box(topic, number)
    found = FINDERS[topic](ask)
    return (f"{member_of(topic, number)[1]}\nThe reference hands in {short(found, 400)}, after "
            f"{len(ask.log)} queries.")


def parser():
    """Return the parser of the command."""
    made = argparse.ArgumentParser(
        prog="python -m homework blackbox", epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Answer queries to a hidden routine, and judge the input that is to break it.")
    made.add_argument("topic", choices=TOPICS, help=", ".join(TOPICS), metavar="topic")
    drawn = made.add_mutually_exclusive_group(required=True)
    drawn.add_argument("--seed", type=int,
                       help="a whole number, best of nine digits; keep it secret")
    drawn.add_argument("--variant", help="of a student's notebook, in place of a seed")
    made.add_argument("--student", default="", help="each has a routine and a budget of their own")
    made.add_argument("--queries", type=int, default=BUDGET, help=f"the budget ({BUDGET})")
    made.add_argument("--to", default="work/blackbox", help="folder of the logs (work/blackbox)")
    made.add_argument("--key", action="store_true", help="say what is hidden, and answer nothing")
    return made


def asking():
    """Give the lines of a terminal, with a prompt, or of a pipe."""
    while True:
        try:
            yield input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return


def main(arguments):
    """Answer queries, or say the key; return the exit status, 1 where the input does not break."""
    asked = parser().parse_args(arguments)
    if not 1 <= asked.queries <= 1000:
        raise Trouble(f"--queries {asked.queries}: ask for 1 to 1000.")
    number = asked.variant if asked.seed is None else f"{asked.seed}/{asked.student}"
    if asked.key:
        print(key(asked.topic, number))
        return 0
    log = open_log(asked, number)
    breaks = serve(asked.topic, number, log, asked.queries, asking())
    print(f"{log.asked} queries, kept in {log.path}")
    return 1 if breaks is False else 0


def open_log(asked, number):
    """Return the log of a student, whose name does not tell the seed; refuse one that is closed."""
    name = "-".join([asked.topic, code("blackbox", asked.topic, number),
                     student_id(asked.student or "nobody")])
    log = Log(Path(asked.to) / f"{name}.jsonl")
    if log.handed_in:
        raise Trouble(f"An input was handed in already, see {log.path}. Another --student or "
                      "--seed has another routine.")
    return log
