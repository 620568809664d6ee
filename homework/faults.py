"""Say what went wrong in the cells of a submission, and which answers it kept from being."""

import re

from homework.hushed import HUSHED
from homework.lenient import LEFT_OUT
from homework.plain import plain

ASKS = re.compile(r"\bcheck_\w+\(")


def not_run(problem, run, cells):
    """Return the error that kept an answer's cell from defining it; empty where there is none."""
    place, graded = None, [cell.grade_id for cell in cells].index(problem.grade_id)
    for n, cell in enumerate(cells[:graded]):
        place = n if cell.is_answer and cell.kind == "code" else place
    last = (run.outputs.get(place) or [{}])[-1]
    first = cells[place].source.lstrip().partition("\n")[0] if place is not None else ""
    failed = last.get("output_type") == "error"
    if first.startswith("%%") and (not failed or last["ename"] == "CalledProcessError"):
        return plain(f"its first line is {first[:40]}")
    if not failed:
        return ""
    if last["ename"] == "SystemExit":
        return "the cell ended with SystemExit, which ends Python"
    line = re.search(r"\(.*?line (\d+)\)$", last["evalue"])
    said = f", line {line[1]}" if line else f": {last['evalue'][:80]}" * bool(last["evalue"])
    return plain(last["ename"] + said)


def ended(run, cells, results):
    """Return a sentence on each cell that ended its sandbox or failed, and on what it lacked."""
    said = []
    for n, cell in enumerate(cells):
        last = (run.outputs.get(n) or [{}])[-1]
        if n in run.barred:
            first = [*cell.source.strip().splitlines(), ""][0][:40]
            said.append(f"a cell was stopped: {last['evalue']}: {first!r}")
        elif cell.is_answer and last.get("output_type") == "error":
            said.append(f"the cell {cell.grade_id!r} failed: {last['ename']}: "
                        f"{last['evalue'][:80]}".rstrip(": "))
    return said + left_out(run, cells, results)


def left_out(run, cells, results):
    """Return a sentence on each import that the grader lacks, where an answer lost points."""
    if all(row["points"] in (None, row["of"]) for row in results):
        return []
    shown = [line for n, cell in enumerate(cells) if cell.kind == "code"
             for output in run.outputs.get(n, []) if output.get("name") == "stderr"
             for line in output["text"].splitlines()]
    return list(dict.fromkeys(line[:120] for line in shown if re.match(
        rf"{LEFT_OUT}(import|from) ", line)))


def asked(run, problems, results):
    """Return a sentence on each answer that lost points where its cell asks a check for it."""
    said = []
    for problem, row in zip(problems, results, strict=True):
        if problem.by_hand or row["points"] in (None, row["of"]):
            continue
        made = re.compile(rf"^ *(?:def +)?{re.escape(problem.name)}\b *[=(]", re.M)
        if any(ASKS.search(source) and made.search(source) for source in run.sources.values()):
            said.append(f"{problem.name!r} is made by a cell that asks a check; {HUSHED[0].lower()}"
                        f"{HUSHED[1:]}")
    return said
