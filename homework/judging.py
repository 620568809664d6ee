"""Grade one submission: run it in a sandbox, judge its answers here, and say how it went.

What a sandbox sends is data. The judges run on this side, on inputs drawn for this grading, and see
of an answer what it returned.
"""

import hashlib
import html
import json
import time

from homework import Trouble, harmless
from homework.faults import asked, ended, not_run
from homework.limits import Limits
from homework.notebooks import Cell, Unreadable, read, text_of, written
from homework.order import END, first, later, replaced
from homework.peer import Remote
from homework.plain import plain, plainly
from homework.problems import checks_of, problems_of, release_of
from homework.running import Run
from homework.transplant import is_check, transplanted, with_variant
from lib.grade import Case, Report, points

ALL_BUT_MILD = "stable but for mild cases"


def graded(request, folder):
    """Return what came of grading one submission.

    Parameters
    ----------
    request : dict
        master, submission : bytes, or arrays of them; seed : int; variant, sandbox : str; limits :
        dict; files : list of str, names of data in folder.
    folder : path
        Where the judges may lie, and the data do.

    Returns
    -------
    dict
        problems : list of dict, with grade_id, points, of, state ("judged", "by hand" or
        "failed"), headline, cases, note and seconds; notebook : its text, with outputs and reports;
        notes : what was odd; seconds.
    """
    began = time.monotonic()
    master = read(bytes(request["master"]))
    problems = problems_of(master)
    checks = checks_of(master, folder)
    release = with_variant(release_of(master), request["variant"])
    try:
        graft = transplanted(release, read(bytes(request["submission"])))
    except Unreadable as problem:
        return unreadable(release, problems, str(problem))
    sources = {n: cell.source for n, cell in enumerate(graft.cells)
               if cell.kind == "code" and not is_check(cell) and cell.points is None}
    files = [folder / name for name in request["files"]]
    with Run(sources, request["sandbox"], Limits(**request["limits"]), files) as run:
        results = judged(problems, run, (checks, request, graft))
        shown = run.outputs
    for n, cell in enumerate(graft.cells):
        for result in results:
            if cell.grade_id == result["grade_id"] and cell.kind == "code":
                shown[n] = [result.pop("shown")] if "shown" in result else []
    cells = shown_cells(graft.cells, release)
    return {"problems": plainly(results), "notebook": text_of(written(cells, shown)),
            "notes": plainly(graft.notes + ended(run, graft.cells, results)
                             + asked(run, problems, results)),
            "seconds": time.monotonic() - began}


def judged(problems, run, given):
    """Return the result of each problem, the better one where a later cell gives what it needs.

    The second time is in a sandbox of its own, which knows nothing of the first; the cases are the
    same, so that an answer which is the same gets no other chance. There is no third time.
    """
    graft, found = given[2], [None] * len(problems)
    places = [END if problem.by_hand else first(problem, graft.cells, run.sources)
              for problem in problems]
    for number in sorted(range(len(problems)), key=places.__getitem__):
        found[number] = one(problems[number], run, *given, places[number])
    run.rest()
    run.close()
    for number, problem in enumerate(problems):
        if lost(found[number]):
            found[number] = again(problem, run, given, found[number])
    return found


def again(problem, run, given, result):
    """Return the better one of a result and of that which a later cell may have mended."""
    graft = given[2]
    place = later(problem, graft.cells, run.sources)
    if place is not None and run.left(1) > 0.01 and run.forgiven != problem.name:
        with Run(run.sources, run.kind, run.limits, run.files, run) as fresh:
            second = one(problem, fresh, *given, place)
        if (second["points"] or 0) > result["points"]:
            graft.notes.append(f"{problem.name!r} is judged as a cell below its check has it")
            return second
    below = [n for n in run.sources if n >= first(problem, graft.cells, run.sources)]
    if replaced(problem.name, below, run.sources):
        graft.notes.append(f"{problem.name!r} has another meaning below its check; judged is what "
                           "stands at the check")
    return result


def lost(result):
    """Return whether code was judged, whose report is shown, and lost points."""
    return "shown" in result and result["points"] < result["of"]


def one(problem, run, checks, request, graft, place):
    """Return the result of one problem as it stands at a place."""
    began = time.monotonic()
    found = {"grade_id": problem.grade_id, "of": problem.points, "points": None, "state": "by hand",
             "headline": "to be read", "cases": [], "note": "", "title": problem.title,
             "text": fingerprint(problem, graft.cells)}
    if problem.by_hand:
        if problem.grade_id in graft.untouched - graft.missing:
            found |= {"state": "judged", "points": 0.0, "verdict": "not attempted",
                      "headline": f"{problem.grade_id}: not attempted"}
        return found
    run.ready_or_not(place)
    used = run.judged
    report, why = verdict(problem, run, checks, request, place)
    if used and not run.is_alive and not run.forgiven:
        run.forgiven = problem.name  # once: problems before may have left behind what ended it
        report, why = verdict(problem, run, checks, request, place)
    run.judged += 1
    if report is None:
        return found | {"state": "failed", "headline": why, "seconds": time.monotonic() - began}
    fault = not_run(problem, run, graft.cells) if report.verdict == "not attempted" else ""
    return found | told(report, fault, problem) | {"seconds": time.monotonic() - began}


def told(report, fault, problem):
    """Return what a result says of a report; of the fault, where the answer does not run."""
    if fault:
        report = Report(report.name, (Case("the answer", "wrong", f"does not run: {fault}"),))
    report = report.for_points(problem.points)
    verdict = report.verdict if report.passed or report.verdict != "stable" else ALL_BUT_MILD
    return {"state": "judged", "points": points(report, problem.points), "note": report.note,
            "headline": f"{report.name}: does not run: {fault}" if fault else report.headline,
            "verdict": "does not run" if fault else verdict, "account": report.account,
            "cases": [[case.name, case.verdict, case.reason, case.mild] for case in report.cases],
            "shown": page(report)}


def fingerprint(problem, cells):
    """Return what tells whether an answer is another than before, in any letter or picture.

    All code is one text, and ends of lines are alike.
    """
    parts = [("\n".join(cell.source.splitlines()), cell.attachments) for cell in cells if (
        cell.grade_id == problem.grade_id if problem.by_hand else cell.kind == "code")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=repr).encode()).hexdigest()


def verdict(problem, run, checks, request, place=END):
    """Return the report on an answer; or None and why, where it is the judge that failed."""
    check = getattr(checks, problem.check, None)
    if check is None:
        raise Trouble(f"{checks.__name__} has no {problem.check}.")
    try:
        answer = run.answer(problem.name, place)
    except Exception as why:  # it ended, or what cannot be handed over
        return Report(problem.name, (Case("the answer", "wrong", plain(why, 120)),)), ""
    if isinstance(answer, Remote):
        answer.afresh = lambda: run.afresh(problem.name, place)
    try:
        return check(unwritten(answer), seed=request["seed"], variant=request["variant"]), ""
    except (MemoryError, RecursionError) as fault:  # a value beyond what its judge can bear
        why = f"its judge ended with {type(fault).__name__} on this answer"
        return Report(problem.name, (Case("the answer", "wrong", why),)), ""
    except Exception as fault:
        return None, f"the judge failed: {type(fault).__name__}: {str(fault)[:200]}"


def unwritten(answer):
    """Return an answer as it is, and a function in which nothing is written as one here."""
    if getattr(answer, "is_stub", False) is True:
        def stub(*args): ...
        stub.__name__ = answer.__name__
        return stub
    return answer


def page(report):
    """Return a report as the output of a cell."""
    return {"output_type": "display_data", "metadata": {}, "data": {
        "text/html": report._repr_html_(),
        "text/plain": "\n".join(plain(line) for line in repr(report).split("\n"))}}


def shown_cells(cells, release):
    """Return cells as they are shown: what a student wrote in Markdown holds no tags.

    Of all that, answers first, there is no more than a page can bear.
    """
    left, shown = harmless.ALL_PROSE, list(cells)
    for n, cell in sorted(enumerate(cells), key=lambda pair: not pair[1].is_answer):
        if cell.kind != "code" and cell not in release:
            pictures = harmless.attachments(cell.attachments)
            most = min(harmless.PROSE, left)
            left -= min(len(cell.source), most)
            shown[n] = Cell(cell.kind, harmless.prose(cell.source, pictures, most), cell.id,
                            cell.marks, pictures)
    return shown


def unreadable(release, problems, why):
    """Return the result of a submission that is no notebook: no marks, and the reason."""
    said = plain(f"the file could not be read: {why}; ask for it again")
    told = Cell("markdown", f"**This file could not be read:** {html.escape(why)}", "unreadable")
    return {"problems": [{"grade_id": problem.grade_id, "of": problem.points, "points": None,
                          "state": "failed", "headline": said, "cases": [], "note": "",
                          "title": problem.title, "text": "unreadable"}
                         for problem in problems],
            "notebook": text_of(written([told, *release])), "seconds": 0.0,
            "notes": [said]}
