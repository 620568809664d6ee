"""Grade a problem set's own solutions, and what should fail: python -m homework try TOPIC."""

import json
import secrets
import tempfile
from pathlib import Path

from homework import Trouble, attempts, farm, sandbox
from homework.course import Course, parser, put
from homework.grade import Job
from homework.limits import Limits
from homework.notebooks import read
from homework.plain import plain
from homework.problems import problems_of

ABOUT = """Grade the master's own solutions as a student's are, in the sandbox, on fresh seeds and
with another variant each; say which problem its own solution does not solve. Then constants are
handed in for every problem, 0.0, nan, an empty list and the like: a judge that gives one half of
the points or more is named. --wrong FILE lists wrong answers, in Python: a line
`# NAME: what was done`, and below it the code; what each earns is shown, and full points are named.
Nothing of the course is touched. Exit status 1 if something is to be mended."""


def options_of(arguments):
    """Return the options of the command."""
    made = parser("try", ABOUT, "svd --seeds 20 --wrong ~/numerics-2027/svd_wrong.py")
    made.add_argument("--seeds", type=int, default=10, metavar="N", help="of the solutions (10)")
    made.add_argument("--wrong", type=Path, metavar="FILE", help="wrong answers to try")
    made.add_argument("--workers", type=int, metavar="N", help="how many at a time (all cores)")
    made.add_argument("--i-trust-this-code-unsandboxed", action="store_true", dest="trusted",
                      help="run the code of the master and of FILE as yourself")
    options = made.parse_args(arguments)
    if options.seeds < 1:
        raise Trouble(f"--seeds {options.seeds}: at least one is needed.")
    return options


def main(arguments):
    """Try a problem set; return the exit status."""
    options = options_of(arguments)
    master = Course(options.course).master(options.topic)
    cells = read(master.read_bytes())
    every = problems_of(cells, master)
    problems = [one for one in every if not one.by_hand]
    if not problems:
        raise Trouble(f"{master} has no problem that a machine judges.")
    if options.wrong and options.wrong.resolve().parent == master.parent:
        raise Trouble(f"{options.wrong} lies beside the master, and what lies there is handed to "
                      "students: move it elsewhere.")
    wrong = attempts.listed(options.wrong.read_text(encoding="utf-8"), [
        one.name for one in problems]) if options.wrong else []
    texts = texts_of(cells, problems, options.seeds, wrong)
    results = graded(master, texts, options.trusted, options.workers)
    faults = (own(problems, results) + constants(problems, results)
              + others(problems, wrong, results))
    for one in every:
        if one.by_hand:
            print(f"  {one.grade_id:<16} in words: you read it")
    print(f"{options.topic}: to be mended: {', '.join(dict.fromkeys(faults))}." if faults else
          f"{options.topic}: its solutions solve it, and nothing else that was tried does.")
    return int(bool(faults))


def texts_of(cells, problems, seeds, wrong):
    """Return submissions by a name that says what each is."""
    found = {f"seed-{n}": attempts.submission(cells) for n in range(seeds)}
    for n, value in enumerate([*attempts.CONSTANTS, attempts.ZEROS]):
        found[f"constant-{n}"] = attempts.submission(cells, {
            one.name: attempts.constant(cells, one.name, value) for one in problems})
    return found | {f"wrong-{n}": attempts.submission(cells, {name: code})
                    for n, (name, _, code) in enumerate(wrong)}


def graded(master, texts, trusted=False, workers=None):
    """Return what grading gives for each of some submissions, in a course that is thrown away."""
    kind, topic = sandbox.chosen(trusted), master.stem
    with tempfile.TemporaryDirectory() as place:
        course = Course(place)
        for path in master.parent.iterdir():
            if path.is_file() and not path.name.startswith("."):
                put(course.folder / "source" / topic / path.name, path.read_bytes())
        put(course.folder / "variants" / f"{topic}.json",
            json.dumps({"seed": secrets.token_hex(8)}))
        for name, text in texts.items():
            put(course.place("submitted", name, topic), text)
        job = Job(course, topic, kind, Limits())
        requests = {name: (lambda s=name: job.request(s)) for name in job.waiting()}
        print(f"{topic}: {len(requests)} submissions to try.", flush=True)
        return dict(farm.results(requests, None, workers))


def row_of(result, problem):
    """Return the result of a problem; of a grading that has failed, a row that says so."""
    why = result.get("trouble") or result.get("ended")
    return {"points": None, "headline": why, "note": ""} if why else next(
        row for row in result["problems"] if row["grade_id"] == problem.grade_id)


def own(problems, results):
    """Print how often a master's own solutions solve each problem; return those that do not."""
    mine, faults = [one for name, one in results.items() if name.startswith("seed-")], []
    for problem in problems:
        bad = [(one, row) for one in mine if (row := row_of(one, problem))["points"]
               != problem.points]
        print(f"  {problem.name:<16} its own solution: {len(mine) - len(bad)} of {len(mine)} in "
              "full")
        for one, row in bad[:3]:
            print("    " + plain(f"{row['headline']} (seed {one.get('seed')}, variant "
                                 f"{one.get('variant')!r})"))
        faults += [problem.name] * bool(bad)
    return faults


def constants(problems, results):
    """Print which constants have half of a problem's points or more; return the problems."""
    faults = []
    for problem in problems:
        passing = []
        for n, value in enumerate([*attempts.CONSTANTS, attempts.ZEROS]):
            got = row_of(results[f"constant-{n}"], problem)["points"]
            if got is not None and 2 * got >= problem.points > 0:
                passing.append(f"{value} ({got:g} of {problem.points:g})")
        if passing:
            print(f"  {problem.name:<16} a constant passes: {', '.join(passing)}")
            faults.append(problem.name)
    return faults


def others(problems, wrong, results):
    """Print what each wrong answer earns; return those that have all points."""
    faults = []
    for n, (name, done, _) in enumerate(wrong):
        problem = next(one for one in problems if one.name == name)
        row = row_of(results[f"wrong-{n}"], problem)
        full = row["points"] == problem.points
        got = "no mark" if row["points"] is None else f"{row['points']:g} of {problem.points:g}"
        print("  " + plain(f"{name:<16} {got}{', ALL' * full}: {done} ({row['headline']}"
                           + f"; {row['note']}" * bool(row["note"]) + ")", 300))
        faults += [name] * full
    return faults
