"""Judge the two exercises that ask for a judgement: reading a trace, choosing between answers."""

import re
from numbers import Real

from lib.grade.predictions import WORDS, entries, miscounted, row
from lib.grade.report import Case, Report, short, shown

PARTS = ("the line that makes the error", "the line where it shows",
         "its amplification, a power of ten", "cure or no cure")


def check_trace_reading(answer, expected, *, within=1, name="reading of the trace"):
    """Judge how a printed trace was read.

    Parameters
    ----------
    answer : tuple of int, int, float and str
        What the reader wrote: the number (or the text) of the line that makes the error, that of
        the line where it shows, by which power of ten it was amplified on the way (8 for 1e8), and
        "cure" or "no cure": whether the change that the task proposes cures it.
    expected : tuple of the same
        Where the making and the showing line are one, the error is not amplified on the way.
    within : float
        How far the power of ten may lie from the expected one.
    name : str
        Heading of the report.

    Returns
    -------
    Report
        Four cases. A line that only shows what was made elsewhere is told so; so are two lines in
        exchanged places, and an amplification in the place of its power.

    Examples
    --------
    >>> check_trace_reading((4, 4, 1e8, "cure"), (2, 4, 8, "cure"))
    reading of the trace: not right, 2 of 4 right
      the line that makes the error      not right  line 4 only shows what another line has made
      the line where it shows            right      line 4 is right
      its amplification, a power of ten  not right  1e+08 is no power of ten: give 3 for 1e+03
      cure or no cure                    right      'cure' is right
    """
    given = entries(answer, 4)
    if given is None:
        return miscounted(answer, 4, name)
    given = (*map(_numbered, given[:2], expected[:2]), *given[2:])
    lines = [_line(PARTS[i], given[i], expected[i], expected[1 - i]) for i in (0, 1)]
    rows = (*lines, _power(given[2], expected[2], within),
            _choice(PARTS[3], given[3], expected[3], ("cure", "no cure")))
    swapped = expected[0] != expected[1] and tuple(
        row("", part, right).verdict for part, right in zip(given[:2], expected[1::-1], strict=True)
    ) == ("stable", "stable")
    note = "you have exchanged the two lines: an error is made first, and shows later"
    return Report(name, rows, note=note * swapped, good="right")


def check_judgement(answer, expected, *, choices=("A", "B"), within=0.0, factor=1.0, unit="",
                    number="the number that decides", name="judgement", known=None):
    """Judge which of several answers a reader would ship, and the number that decides it.

    Parameters
    ----------
    answer : tuple of str and float
        The choice, and the number.
    expected : tuple of str and float
    choices : sequence of str
        The answers that there are.
    within, factor : float
        How far the number may lie from the expected one, as in `check_value`.
    unit, number : str
        What stands after the number, and what it is called.
    name : str
        Heading of the report.
    known : dict of str to float, optional
        Named wrong numbers; one that is given is told so, after "Perhaps".

    Returns
    -------
    Report
        Two cases. A right choice for a wrong reason is not right.

    Examples
    --------
    >>> check_judgement(("b", 0.25), ("B", 2.0**-8), factor=1.1, number="half the gap at 1")
    judgement: not right, 1 of 2 right
      which one          right      'b' is right
      half the gap at 1  not right  0.25 is too large
    """
    given = entries(answer, 2)
    if given is None:
        return miscounted(answer, 2, name)
    rows = (_choice("which one", given[0], expected[0], choices),
            row(number, given[1], expected[1], within, factor, unit))
    notes = [sentence for sentence, wrong in (known or {}).items()
             if row(number, given[1], wrong, within, factor).verdict == "stable"]
    found = rows[1].verdict == "wrong" and notes
    return Report(name, rows, note=notes[0] if found else "", good="right")


def _numbered(answer, expected):
    """Return "2" or "line 2" as the number that it says, where a number is expected."""
    said = isinstance(answer, str) and re.fullmatch(r"\s*(?:line)?\s*(\d+)\s*", answer, re.I)
    return int(said[1]) if said and isinstance(expected, Real) else answer


def _line(part, answer, expected, other):
    """Return the Case of a line; of a number no more is said than whether it is right."""
    case = row(part, answer, expected)
    if case.verdict == "not attempted":
        return case
    text = f"line {short(answer)} {'is right' if case.verdict == 'stable' else 'is not it'}"
    if case.verdict == "wrong" and row(part, answer, other).verdict == "stable":
        text = (f"line {short(answer)} only shows what another line has made" if part == PARTS[0]
                else f"line {short(answer)} makes it, but it does not show there yet")
    return Case(part, case.verdict, text, case.word)


def _power(answer, expected, within):
    """Return the Case of a power of ten; the number itself in its place is told so."""
    case = row(PARTS[2], answer, expected, within)
    itself = isinstance(answer, Real) and abs(answer) >= 10 ** max(abs(expected) - within, 2)
    if case.verdict == "wrong" and itself:
        text = f"{shown(answer, 3)} is no power of ten: give 3 for 1e+03"
        return Case(case.name, "wrong", text, case.word)
    return case


def _choice(part, answer, expected, choices):
    """Return the Case of a choice; what is none of the choices is told which there are."""
    case = row(part, answer, expected)
    if case.verdict == "wrong" and all(row("", answer, one).verdict == "wrong" for one in choices):
        text = f"{short(repr(answer))} is none of these: {', '.join(choices)}"
        return Case(part, "wrong", text, WORDS["wrong"])
    return case
