"""Judge a function case by case, and recognise a mistake that explains all of its cases."""

from dataclasses import replace

import numpy as np

from lib.grade.calls import called, measured
from lib.grade.marks import explained
from lib.grade.recognition import apart
from lib.grade.report import Case, Report, attempt, short
from lib.numbers import exact_parts, plain_array


def judged(f, cases, judge, *, name=None, known=None, budget=None, shows=None, rights=None):
    """Return the Report of judge(number, args, result) -> (verdict, reason) over all cases.

    Parameters
    ----------
    f : callable
        The reader's function.
    cases : dict or iterable
        As for `check_accuracy`.
    judge : callable
        Calls result() for what f returns; may raise a Verdict.
    known : dict of str to callable or sequence, optional
        Wrong answers by what was done to get them: the value of each case, ``wrong(*args)`` or an
        entry. What agrees with one in all cases but the mild ones is told so; where a mistake does
        no harm, both being stable is agreement.
    budget : Budget, optional
        What is allowed on the way.
    shows : dict of str to str, optional
        What a case is there for; said where it is not stable, and something was measured, or an
        error raised that other cases do not raise.
    rights : list, optional
        Where judge leaves the exact value of each case.
    """
    # One pass over the cases; then what can be said of all of them together.
    rows, found, answers, roads, fitting = [], [], {}, [], []
    named = list(cases.items() if isinstance(cases, dict) else ((None, args) for args in cases))
    everything = [args if isinstance(args, tuple) else (args,) for _, args in named]
    for number, ((label, _), args) in enumerate(zip(named, everything, strict=True)):
        label = ", ".join(map(short, args)) if label is None else str(label)
        watch = budget.watch(f) if budget else None

        def result(number=number, args=args, watch=watch):
            answers[number] = called(f, args, watch.on) if watch else called(f, args)
            return answers[number]

        (verdict, reason), fits = measured(lambda n=number, a=args, r=result: judge(n, a, r))
        found.append((verdict, reason))
        fitting.append(fits)
        rows.append(Case(label, verdict, reason))
        fault = budget.fault(f, args, watch) if budget and verdict == "stable" else ""
        roads += [Case("the road", "another road", f"{label}: {fault}")] if fault else []
    rows = [_shown(row, fits, shows or {}, True in fitting)
            for row, fits in zip(rows, fitting, strict=True)]
    report = Report(name or name_of(f), tuple(rows))
    if report.passed:
        return Report(report.name, (*rows, *roads[:1]))
    sentences = apart(known or {}, judge, everything, found, answers, rights or [])
    return Report(report.name, report.cases, explained(rows, sentences), apart=sentences)


def _shown(row, fits, shows, any_fits):
    """Return a row that says what it is there for, unless it failed for another reason.

    A limit and another shape are such reasons, and so is an error that each case raises.
    """
    why = shows.get(row.name, "") if fits is True or (fits and any_fits) else ""
    return replace(row, reason=f"{row.reason} ({why})") if why and row.verdict != "stable" else row


def name_of(f):
    """Return the name of a function, or "answer" for what has none."""
    return attempt(lambda: str(f.__name__), lambda problem: "answer")


def level(error, allowed, relative, weak, fmt):
    """Return the verdict on an error within a bound or not, and on the digits that are left.

    Errors are Fractions, or floats where they are infinite or nan.
    """
    weak = min(float(np.finfo(fmt).eps / 2) ** 0.5, 1e-2) if weak is None else weak
    if error <= exact_parts(plain_array(allowed, "bound").item(), "bound")[0]:
        return "stable"
    if relative <= weak:
        return "unstable"
    return "inaccurate" if relative <= 1e-2 else "wrong"
