"""Show verdicts on cases as text that can be stored and compared, and as accessible HTML."""

import html
from dataclasses import dataclass

import numpy as np

# From the worst to the best.
VERDICTS = ("not attempted", "wrong", "inaccurate", "unstable", "stable")


@dataclass(frozen=True)
class Case:
    """One row of a report: what was tried, one of the `VERDICTS`, and what decided it."""

    name: str
    verdict: str
    reason: str = ""

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is none of these: {', '.join(VERDICTS)}")


@dataclass(frozen=True, repr=False)
class Report:
    """The verdicts of a check, as text and as an accessible HTML table.

    Attributes
    ----------
    name : str
        What was checked.
    cases : tuple of Case
        One for each case, in order.

    Examples
    --------
    >>> Report("half", (Case("x = 3", "stable", "0 ulp, allowed 1"), Case("x = 5", "wrong", "nan")))
    half: wrong, 1 of 2 cases stable
      x = 3  stable  0 ulp, allowed 1
      x = 5  wrong   nan
    """

    name: str
    cases: tuple

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
        if self.verdict == "not attempted":
            return f"{self.name}: not attempted"
        stable = sum(case.verdict == "stable" for case in self.cases)
        if self.passed:
            return f"{self.name}: passed" + f", stable in all {stable} cases" * (stable > 1)
        return f"{self.name}: {self.verdict}, {stable} of {len(self.cases)} cases stable"

    def __repr__(self):
        rows = [(case.name, case.verdict, case.reason) for case in self.cases]
        name, verdict = (max((len(row[i]) for row in rows), default=0) for i in (0, 1))
        lines = [f"  {row[0]:<{name}}  {row[1]:<{verdict}}  {row[2]}".rstrip() for row in rows]
        return "\n".join([self.headline, *lines])

    def _repr_html_(self):
        style = 'style="text-align:left;padding:0.2em 1.2em 0.2em 0;border:0"'
        head = "".join(f'<th scope="col" {style}>{text}</th>'
                       for text in ("case", "verdict", "what decided it"))
        rows = "".join(
            f'<tr><th scope="row" {style}>{html.escape(case.name)}</th>'
            f"<td {style}><strong>{case.verdict}</strong></td>"
            f"<td {style}>{html.escape(case.reason) or '&nbsp;'}</td></tr>" for case in self.cases)
        return ('<div class="lib-report"><table style="border-collapse:collapse;margin:0">'
                '<caption style="caption-side:top;text-align:left;color:inherit">'
                f"{html.escape(self.headline)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")


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
    >>> shown(1 / 3, 2), shown(10**400, 2)
    ('0.33', 'beyond 1e308')
    """
    try:
        return f"{float(number):.{digits}g}"
    except OverflowError:
        return "beyond 1e308" if number > 0 else "beyond -1e308"


def _text(value):
    """Return a text for anything, a short one for a large array."""
    if isinstance(value, np.ndarray):
        return f"array of {value.size}" if value.size > 4 else str(value.tolist())
    return "..." if value is Ellipsis else str(value)
