"""Show verdicts on cases as text that can be stored and compared, and as accessible HTML."""

import html
from dataclasses import dataclass, replace

import numpy as np

from lib.grade.marks import MILD, WORDS, WORTH, arithmetic, explained

# From the worst to the best. All of an answer that went "another road" is right: see `Budget`.
VERDICTS = ("not attempted", "wrong", "inaccurate", "unstable", "another road", "stable")
CELL = 'style="text-align:left;padding:0.2em 1.2em 0.2em 0;border:0"'
# Around a table that may be wider than its page: it is scrolled, by keys too.
WIDE = ('<div style="overflow-x:auto" tabindex="0" role="region" aria-label="report">',
        ";min-width:28em", "</div>")


@dataclass(frozen=True)
class Case:
    """One row of a report: what was tried, one of the `VERDICTS`, and what decided it.

    A word, where there is one, is shown in place of the verdict: nobody's prediction is stable.
    A mild case counts as one among others in a mark, and does not cap it, however it ends.
    """

    name: str
    verdict: str
    reason: str = ""
    word: str = ""
    mild: bool = False

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is none of these: {', '.join(VERDICTS)}")

    @property
    def shown(self):
        """The word that a reader sees."""
        return self.word or self.verdict

    @property
    def worth(self):
        """What the case counts in the mean of a mark, in words."""
        return WORDS[WORTH[self.verdict]]

    def html(self, marked):
        """Return the row of a table; where it is marked, with what the case is worth."""
        return (f'<tr><th scope="row" {CELL}>{html.escape(self.name)}</th>'
                f"<td {CELL}><strong>{html.escape(self.shown)}</strong>"
                f"{', mild' * (marked and self.mild)}</td>"
                + f"<td {CELL}>{self.worth}</td>" * marked
                + f"<td {CELL}>{html.escape(self.reason) or '&nbsp;'}</td></tr>")


@dataclass(frozen=True, repr=False)
class Report:
    """The verdicts of a check, as text and as an accessible HTML table.

    Attributes
    ----------
    name : str
        What was checked.
    cases : tuple of Case
        One for each case, in order.
    note : str
        A mistake that explains all of the cases, where one was recognised.
    good : str
        What is said of a case that is as it should be: stable, right, breaks.
    marked : bool
        Whether it tells what each case is worth, and how the mark comes about.
    maximum : float, optional
        The points of the problem, where they are known.
    apart : tuple of (str, frozenset)
        Named mistakes, and the numbers of the cases that each does not explain.

    Examples
    --------
    >>> Report("half", (Case("x = 3", "stable", "0 ulp, allowed 1"), Case("x = 5", "wrong", "nan")))
    half: wrong, 1 of 2 cases stable
      x = 3  stable  0 ulp, allowed 1
      x = 5  wrong   nan
    """

    name: str
    cases: tuple
    note: str = ""
    good: str = "stable"
    marked: bool = False
    maximum: float | None = None
    apart: tuple = ()

    @property
    def verdict(self):
        """The worst verdict on what is not mild; what was left out of several counts as wrong."""
        if all(case.verdict == "not attempted" for case in self.cases):
            return "not attempted"
        return _worst([case for case in self.cases if not case.mild])

    @property
    def mild_verdict(self):
        """The worst verdict on the mild cases, stable without any."""
        return _worst([case for case in self.cases if case.mild])

    @property
    def passed(self):
        """True if every case is stable."""
        return self.verdict == self.mild_verdict == "stable"

    @property
    def standing(self):
        """The verdict, and that on the mild cases where it is worse, in words."""
        return self.verdict + self._beside("mild cases")

    def with_mild(self, *names):
        """Return the same report, marked, the cases of these names mild.

        Raises
        ------
        ValueError
            If there is no case of a name: a fault of the exercise.

        Examples
        --------
        >>> report = Report("f", (Case("n = 0", "wrong"), Case("n = 9", "stable")))
        >>> [case.mild for case in report.with_mild("n = 0").cases]
        [True, False]
        """
        unknown = set(names) - {case.name for case in self.cases}
        if unknown:
            raise ValueError(f"no case is called {sorted(unknown)[0]!r}")
        cases = tuple(replace(case, mild=case.mild or case.name in names) for case in self.cases)
        note = explained(cases, self.apart) if self.apart else self.note
        return replace(self, cases=cases, note=note, marked=True)

    def for_points(self, maximum):
        """Return the same report, marked out of so many points.

        Examples
        --------
        >>> Report("f", (Case("n = 9", "unstable"),)).for_points(4)
        f: unstable
          n = 9  unstable  worth 1/2
          Mean: 1 × 1/2 = 50%. Cap: 50%, by “n = 9”, unstable. Mark: 50%: 2 of 4 points.
        """
        return replace(self, marked=True, maximum=maximum)

    def _beside(self, where=""):
        """Return what is to be said of mild cases beside the verdict: they went worse, and where.

        Where is nothing, their names.
        """
        if VERDICTS.index(self.mild_verdict) >= VERDICTS.index(self.verdict):
            return ""
        names = [case.name for case in self.cases
                 if case.mild and case.verdict in (self.mild_verdict, "not attempted")]
        few = f"a mild case: {names[0]}" if len(names) == 1 else (
            f"{len(names)} mild cases: {', '.join(names)}")
        word = "but" if self.verdict == "stable" else "and"
        return f", {word} {self.mild_verdict} in {where or few}"

    @property
    def headline(self):
        """The verdict in one line."""
        if not self.cases:
            return f"{self.name}: no cases"
        if self.passed:
            number = len(self.cases)
            return f"{self.name}: passed" + f", {self.good} in all {number} cases" * (number > 1)
        if self.verdict == "another road":
            return f"{self.name}: right, but by another road"
        return f"{self.name}: {self._fault()}"

    def _fault(self):
        """Return what keeps the report from passing."""
        if self.verdict in ("stable", "not attempted"):
            return self.verdict + self._beside()
        fine, number = sum(case.verdict == "stable" for case in self.cases), len(self.cases)
        share = f"{fine} of {number} {'cases ' * (self.good == 'stable')}{self.good}"
        if fine and {case.verdict for case in self.cases} == {"stable", "not attempted"}:
            return f"{share}, the others not attempted"
        worst = next((case.shown for case in self.cases
                      if case.verdict == self.verdict and not case.mild), self.verdict)
        return worst + f", {share}" * (number > 1) + self._beside()

    def __repr__(self):
        rows = [(case.name, case.shown + ", mild" * (self.marked and case.mild),
                 *[f"worth {case.worth}"] * self.marked, case.reason) for case in self.cases]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(["", *(f"{text:<{size}}" for text, size in zip(row, wide, strict=True))]
                           ).rstrip() for row in rows]
        said = [*[self.advice] * bool(self.note), *self.account]
        return "\n".join([self.headline, *lines, *(f"  {line}" for line in said)])

    @property
    def account(self):
        """The sentences on how the mark comes about; none where the report is not marked."""
        mild = any(case.mild for case in self.cases)
        return [arithmetic(self, self.maximum), *[MILD] * mild] if self.marked else []

    @property
    def advice(self):
        """The note as a sentence; empty without one."""
        return f"Perhaps {self.note}." if self.note else ""

    def _repr_html_(self):
        heads = "case", "verdict", *["worth"] * self.marked, "what decided it"
        head = "".join(f'<th scope="col" {CELL}>{text}</th>' for text in heads)
        rows = "".join(case.html(self.marked) for case in self.cases)
        said = [*[self.advice] * bool(self.note), *self.account]
        wide, least, end = WIDE if self.marked else ("", "", "")
        return (f'<div class="lib-report">{wide}'
                f'<table style="border-collapse:collapse;margin:0{least}">'
                '<caption style="caption-side:top;text-align:left;color:inherit">'
                f"{html.escape(self.headline)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{end}"
                + "".join(f"<p>{html.escape(line)}</p>" for line in said) + "</div>")


def _worst(cases):
    """Return the worst verdict of some cases, one of several left out being wrong; or stable."""
    found = {case.verdict for case in cases}
    return "wrong" if "not attempted" in found else min(
        found, key=VERDICTS.index, default="stable")


def attempt(call, otherwise):
    """Return call(), or otherwise(problem) if it raises anything but a KeyboardInterrupt.

    Examples
    --------
    >>> attempt(lambda: 1 / 0, lambda problem: type(problem).__name__)
    'ZeroDivisionError'
    """
    try:
        return call()
    except KeyboardInterrupt:  # of the person at the keyboard
        raise
    except BaseException as problem:  # SystemExit too, of whatever was written
        return otherwise(problem)


def short(value, limit=40):
    """Return a text of at most limit letters, on one line, for an argument, an answer or an error.

    Examples
    --------
    >>> short(np.zeros(100)), short([1.0, np.float64(2)]), short(...)
    ('array of 100', '[1.0, 2.0]', '...')
    """
    return attempt(lambda: " ".join(_text(value).split("\n"))[:limit],
                   lambda problem: type(value).__name__)


def shown(number, digits):
    """Return a real number of any kind as text, with so many digits.

    Examples
    --------
    >>> from decimal import Decimal
    >>> shown(1 / 3, 2), shown(10**400, 2), shown(Decimal("1e-400"), 2)
    ('0.33', 'beyond 1e308', 'below 1e-323')
    """
    try:
        near = float(number)
    except OverflowError:
        return "beyond 1e308" if number > 0 else "beyond -1e308"
    if near == 0 != number:
        return "below 1e-323" if number > 0 else "above -1e-323"
    return f"{near:.{digits}g}"


def _text(value):
    """Return a text for anything, a short one for a large array."""
    if isinstance(value, np.ndarray):
        return f"array of {value.size}" if value.size > 4 else str(value.tolist())
    return "..." if value is Ellipsis else str(_bare(value))


def _bare(value):
    """Return numbers of NumPy, alone or in lists, as those of Python: their text is the number."""
    if type(value) in (list, tuple):
        return type(value)(map(_bare, value[:40]))  # more are not shown
    number = isinstance(value, np.generic)
    return float(value) if isinstance(value, np.floating) else value.item() if number else value
