"""The report of a certification: the table of verdicts, the worst case, the likely fault."""

import html
import json
import math
from dataclasses import dataclass, field

from lib.grade.report import Report


@dataclass(frozen=True, repr=False)
class Certificate(Report):
    """A `Report` that also tells how to reproduce the worst case, and what is likely behind it.

    Attributes
    ----------
    what, dtype : str
        The kind of routine, and the format in which it was tried.
    seed : int
        From which the cases were drawn: the same seed draws the same cases.
    script : str
        Five lines that reproduce the worst case with NumPy alone; empty if every case is stable.
    fault : str
        A sentence that names the likely fault, with the chapter; empty if every case is stable.
    chapter : str
        That chapter.
    remarks : tuple of str
        What else was seen: what the routine printed, whether there was a time limit.
    numbers : tuple of (float or None, float or None)
        The number that decided each case, and its bound.
    """

    what: str = ""
    dtype: str = "float64"
    seed: int = 0
    script: str = ""
    fault: str = ""
    chapter: str = ""
    remarks: tuple = ()
    numbers: tuple = field(default=())

    @property
    def verdict(self):
        """The worst verdict of what was attempted."""
        found = {case.verdict for case in self.cases}
        return "not attempted" if found == {"stable", "not attempted"} else super().verdict

    @property
    def headline(self):
        """The verdict in one line, with what was tried."""
        said, fine = super().headline, sum(case.verdict == "stable" for case in self.cases)
        if fine and self.verdict == "not attempted":
            share = f"{fine} of {len(self.cases)} {'cases ' * (self.good == 'stable')}{self.good}"
            said = f"{self.name}: {share}, the others not attempted"
        return f"{said} ({self.what}, {self.dtype}, seed {self.seed})"

    def __repr__(self):
        said = [f"  {text}" for text in (self.fault, *self.remarks) if text]
        worst = ["  The worst case, by itself:",
                 *(f"    {line}" for line in self.script.split("\n"))]
        return "\n".join([super().__repr__(), *said, *worst * bool(self.script)])

    def _repr_html_(self):
        said = [html.escape(text) for text in self.remarks]
        if self.fault:
            link = f'<a href="{self.chapter}.html">chapters/{self.chapter}.html</a>'
            said.insert(0, html.escape(self.fault).replace(f"chapters/{self.chapter}.html", link))
        worst = ('<p>The worst case, by itself:</p><pre tabindex="0" role="region" '
                 'aria-label="The worst case, by itself" style="overflow-x:auto">'
                 f"{html.escape(self.script)}</pre>") * bool(self.script)
        tail = "".join(f"<p>{text}</p>" for text in said) + worst + "</div>"
        return super()._repr_html_().removesuffix("</div>") + tail

    def json(self):
        """Return all of it as JSON; numbers that JSON has not are texts, such as "inf"."""
        cases = [{"name": case.name, "verdict": case.verdict, "shown": case.shown,
                  "reason": case.reason, "number": _plain(number), "bound": _plain(bound)}
                 for case, (number, bound) in zip(self.cases, self.numbers, strict=True)]
        return json.dumps({
            "name": self.name, "what": self.what, "dtype": self.dtype, "seed": self.seed,
            "verdict": self.verdict, "passed": self.passed, "cases": cases, "fault": self.fault,
            "chapter": f"chapters/{self.chapter}.html" if self.chapter else "",
            "script": self.script, "remarks": list(self.remarks)}, ensure_ascii=False, indent=1)


def _plain(number):
    """Return a number as JSON has it."""
    if number is None or math.isfinite(number):
        return number if number is None else float(number)
    return str(float(number))
