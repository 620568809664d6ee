"""Judge a function case by case, and recognise a mistake that explains all of its cases."""

import numpy as np

from lib.grade.calls import Verdict, called, numbers
from lib.grade.precision import format_of_args
from lib.grade.report import Case, Report, attempt, short
from lib.numbers import absolute_error, exact_parts, plain_array


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
        entry. What agrees with one in all cases, to 4 roundings or to a thousandth of its error, is
        told so; where a mistake does no harm, both being stable is agreement.
    budget : Budget, optional
        What is allowed on the way.
    shows : dict of str to str, optional
        What a case is there for; said where it is not stable.
    rights : list, optional
        Where judge leaves the exact value of each case.
    """
    # One pass over the cases; then what can be said of all of them together.
    rows, answers, roads = [], [], []
    named = list(cases.items() if isinstance(cases, dict) else ((None, args) for args in cases))
    everything = [args if isinstance(args, tuple) else (args,) for _, args in named]
    for number, ((label, _), args) in enumerate(zip(named, everything, strict=True)):
        label = ", ".join(map(short, args)) if label is None else str(label)
        watch = budget.watch(f) if budget else None

        def result(args=args, watch=watch):
            answers.append(called(f, args, watch.on) if watch else called(f, args))
            return answers[-1]

        verdict, reason = outcome(lambda n=number, a=args, r=result: judge(n, a, r))
        missed = (shows or {}).get(label, "") if verdict not in ("stable", "not attempted") else ""
        rows.append(Case(label, verdict, reason + f" ({missed})" * bool(missed)))
        fault = budget.fault(f, args, watch) if budget and verdict == "stable" else ""
        roads += [Case("the road", "another road", f"{label}: {fault}")] if fault else []
    report = Report(name or name_of(f), tuple(rows))
    if report.passed:
        return Report(report.name, (*rows, *roads[:1]))

    def harmless(number, value):
        return rows[number].verdict == "stable" == outcome(
            lambda: judge(number, everything[number], lambda: value))[0]

    found = len(answers) == len(rows) > 0 and recognised(known or {}, answers, everything, rights,
                                                         harmless)
    return Report(report.name, report.cases, note=found or "")


def outcome(judge):
    """Return judge(), or the verdict and the reason of the Verdict that it raises."""
    try:
        return judge()
    except Verdict as early:
        return early.args


def recognised(known, answers, cases, rights, harmless):
    """Return the first sentence whose wrong answer agrees in all cases; empty if none does."""
    rights = rights or [None] * len(cases)
    for sentence, wrong in known.items():
        if all(attempt(lambda n=n, w=wrong: _agrees(w, n, answers[n], cases[n], rights[n],
                                                    harmless),
                       lambda problem: False) for n in range(len(cases))):
            return sentence
    return ""


def _agrees(wrong, number, answer, args, right, harmless):
    """Return whether an answer is that of a named mistake, much nearer to it than to the right."""
    value = numbers(called(wrong, args) if callable(wrong) else wrong[number])
    if harmless(number, value):
        return True
    answer = numbers(answer)
    with np.errstate(all="ignore"):
        gap = np.asarray(absolute_error(answer, value), float)
        error = 0.0 if right is None else np.asarray(absolute_error(answer, right), float)
        rounding = 4 * np.finfo(format_of_args(args)).eps * np.abs(value.astype(complex))
        equal = (answer == value) | ((answer != answer) & (value != value))
        # An infinite answer is as far from the mistake as from what is right: it must be equal.
        near = equal | (np.isfinite(gap) & (gap <= np.fmax(rounding, 1e-3 * error)))
    return value.shape == answer.shape and bool(np.all(near))


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
