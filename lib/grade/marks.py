"""Turn verdicts into a mark, and say in one line how it came about.

Everything here takes a report, or whatever has `cases` with a verdict, some of them `mild`.
"""

from collections import Counter

# What a case is worth by its verdict. A right answer that took another road than the task asks for
# is half of what was asked.
WORTH = {"stable": 1.0, "another road": 0.5, "unstable": 0.5, "inaccurate": 0.25, "wrong": 0.0,
         "not attempted": 0.0}
WORDS = {1.0: "1", 0.5: "1/2", 0.25: "1/4", 0.0: "0"}
MILD = "A mild case lowers the mean and caps nothing."


def fraction(report):
    """Return the part of the points that a report earns, from 0 to 1.

    The mean over all cases, but no more than the worst case that discriminates is worth: an
    explicit inverse, stable in nine easy cases and unstable in the one that tells, earns 1/2. A
    case that is `mild` does not cap, and counts in the mean alone.

    Parameters
    ----------
    report : Report

    Returns
    -------
    float
        0.0 without cases.

    Examples
    --------
    >>> from lib.grade import Case, Report
    >>> fraction(Report("f", (Case("easy", "stable"), Case("hard", "unstable"))))
    0.5
    """
    worst = _worst(report)
    return min(_mean(report), WORTH[worst.verdict] if worst else 1.0)


def _mean(report):
    """Return the mean of what the cases are worth, 0.0 without any."""
    return sum(WORTH[case.verdict] for case in report.cases) / max(len(report.cases), 1)


def _worst(report):
    """Return the first of the worst cases that are not mild; None without any."""
    return min((case for case in report.cases if not getattr(case, "mild", False)),
               key=lambda case: WORTH[case.verdict], default=None)


def points(report, maximum):
    """Return the points of a report out of a maximum, to the hundredth below.

    Examples
    --------
    >>> from lib.grade import Case, Report
    >>> points(Report("f", (Case("x", "unstable"),)), 5)
    2.5
    """
    return int(fraction(report) * maximum * 100 + 1e-9) / 100


def arithmetic(report, maximum=None):
    """Return in one line how the mark comes about: the mean, the cap, and the smaller of them.

    Parameters
    ----------
    report : Report
    maximum : float, optional
        The points of the problem; without it the mark is given in per cent alone.

    Returns
    -------
    str

    Examples
    --------
    >>> from lib.grade import Case, Report
    >>> cases = Case("small", "stable"), Case("large", "unstable"), Case("0", "wrong", mild=True)
    >>> print(arithmetic(Report("f", cases), 5).replace(". ", ".\\n"))
    Mean: (1 × 1 + 1 × 1/2 + 1 × 0) / 3 = 50%.
    Cap: 50%, by “large”, unstable.
    Mark: 50%: 2.5 of 5 points.
    >>> arithmetic(Report("f", cases[:1]))
    'Mean: 1 × 1 = 100%. Cap: 100%, no case lowers it. Mark: 100%.'
    """
    counts, worst = Counter(WORTH[case.verdict] for case in report.cases), _worst(report)
    terms = " + ".join(f"{counts[worth]} × {WORDS[worth]}" for worth in sorted(counts)[::-1])
    shown = f"({terms}) / {len(report.cases)}" if len(report.cases) > 1 else terms or "no cases"
    cap = WORTH[worst.verdict] if worst else 1.0
    why = "no case lowers it" if cap == 1 else f"by {_named(worst)}"
    same = _mean(report) == cap
    return (f"Mean: {shown} = {percent(_mean(report))}. Cap: {percent(cap)}, {why}. "
            f"Mark: {'' if same else 'the smaller, '}{percent(fraction(report))}"
            f"{_of(report, maximum)}.")


def explained(cases, sentences):
    """Return the first sentence that explains what went wrong; empty if none does.

    It has to explain all cases that discriminate; where these are stable, the mild ones too. Where
    no case was tried there is nothing to explain.

    Examples
    --------
    >>> explained((), (("you halved", frozenset()),))
    ''
    >>> from lib.grade import Case
    >>> cases = Case("x = 0", "wrong", mild=True), Case("x = 2", "wrong"), Case("x = 3", "wrong")
    >>> explained(cases, (("you halved", frozenset({0, 1})), ("you doubled", frozenset({0}))))
    'you doubled'
    """
    telling = [number for number, case in enumerate(cases) if not case.mild]
    if all(cases[number].verdict == "stable" for number in telling):
        telling = range(len(cases))
    return next((sentence for sentence, others in sentences if cases and not others & set(telling)),
                "")


def _named(case):
    """Return the name of a case, no more than a line has room for, and its verdict."""
    name = case.name if len(case.name) <= 40 else f"{case.name[:39]}…"
    return f"“{name}”, {getattr(case, 'shown', case.verdict)}"


def _of(report, maximum):
    """Return the points out of a maximum in words, and whether hundredths were cut."""
    if maximum is None:
        return ""
    earned = points(report, maximum)
    cut = abs(earned - fraction(report) * maximum) > 1e-9
    return f": {earned:g} of {maximum:g} points" + ", cut to hundredths" * cut


def percent(part):
    """Return a part of 1 as a percentage of three digits.

    Examples
    --------
    >>> percent(0.25), percent(13 / 15)
    ('25%', '86.7%')
    """
    return f"{100 * part:.3g}%"
