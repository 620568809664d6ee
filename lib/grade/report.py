"""Show verdicts on cases as text that can be stored and compared, and as accessible HTML."""

import html
from dataclasses import dataclass

import numpy as np

# From the worst to the best. All of an answer that went "another road" is right: see `Budget`.
VERDICTS = ("not attempted", "wrong", "inaccurate", "unstable", "another road", "stable")


@dataclass(frozen=True)
class Case:
    """One row of a report: what was tried, one of the `VERDICTS`, and what decided it.

    A word, where there is one, is shown in place of the verdict: nobody's prediction is stable.
    """

    name: str
    verdict: str
    reason: str = ""
    word: str = ""

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is none of these: {', '.join(VERDICTS)}")

    @property
    def shown(self):
        """The word that a reader sees."""
        return self.word or self.verdict


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

    @property
    def verdict(self):
        """The worst verdict; what was left out beside something attempted counts as wrong."""
        found = {case.verdict for case in self.cases}
        if found <= {"not attempted"}:
            return "not attempted"
        return "wrong" if "not attempted" in found else min(found, key=VERDICTS.index)

    @property
    def passed(self):
        """True if every case is stable."""
        return self.verdict == "stable"

    @property
    def headline(self):
        """The verdict in one line."""
        if not self.cases:
            return f"{self.name}: no cases"
        verdict, number = self.verdict, len(self.cases)
        fine = sum(case.verdict == "stable" for case in self.cases)
        share = f"{fine} of {number} {'cases ' * (self.good == 'stable')}{self.good}"
        if verdict == "not attempted":
            return f"{self.name}: not attempted"
        if verdict == "another road":
            return f"{self.name}: right, but by another road"
        if self.passed:
            return f"{self.name}: passed" + f", {self.good} in all {fine} cases" * (fine > 1)
        if fine and {case.verdict for case in self.cases} == {"stable", "not attempted"}:
            return f"{self.name}: {share}, the others not attempted"
        worst = next((case.shown for case in self.cases if case.verdict == verdict), verdict)
        return f"{self.name}: {worst}" + f", {share}" * (number > 1)

    def __repr__(self):
        rows = [(case.name, case.shown, case.reason) for case in self.cases]
        name, verdict = (max((len(row[i]) for row in rows), default=0) for i in (0, 1))
        lines = [f"  {row[0]:<{name}}  {row[1]:<{verdict}}  {row[2]}".rstrip() for row in rows]
        return "\n".join([self.headline, *lines, *[f"  {self.advice}"] * bool(self.note)])

    @property
    def advice(self):
        """The note as a sentence; empty without one."""
        return f"Perhaps {self.note}." if self.note else ""

    def _repr_html_(self):
        style = 'style="text-align:left;padding:0.2em 1.2em 0.2em 0;border:0"'
        head = "".join(f'<th scope="col" {style}>{text}</th>'
                       for text in ("case", "verdict", "what decided it"))
        rows = "".join(
            f'<tr><th scope="row" {style}>{html.escape(case.name)}</th>'
            f"<td {style}><strong>{html.escape(case.shown)}</strong></td>"
            f"<td {style}>{html.escape(case.reason) or '&nbsp;'}</td></tr>" for case in self.cases)
        return ('<div class="lib-report"><table style="border-collapse:collapse;margin:0">'
                '<caption style="caption-side:top;text-align:left;color:inherit">'
                f"{html.escape(self.headline)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
                + f"<p>{html.escape(self.advice)}</p>" * bool(self.note) + "</div>")


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
    >>> short(np.zeros(100)), short([1.0, 2.0]), short(...)
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
    return "..." if value is Ellipsis else str(value)
