"""Tell what a trace has recorded: by line of the source, in text and in HTML."""

import dataclasses
import html
import math
import re
from typing import NamedTuple

from lib._trace_code import Source, expression, instruction

WIDTH = 16


@dataclasses.dataclass(frozen=True)
class Line:
    """What the operations of one statement did.

    Attributes
    ----------
    number : int
        Number of its first line in the file or notebook cell.
    source : str
        Its text, without indentation.
    runs : int
        How often its busiest operation ran; on arrays it runs once per element.
    digits : float
        The fewest correct digits, 0 to 16, of any result on the line.
    loss : float
        The most digits lost by one operation: fewest digits of its operands minus
        digits of its result; negative where every result is better than its operands.
    amplification : float
        The largest sum of |x_i dop/dx_i / op| over the operands x_i, at the exact values.
    rounding : float
        The largest |v - op(operands' v)| in units of u|v|, u = 2**-53; inf after overflow
        and underflow to 0.
    note : str
        In words: whether digits show as lost here, whether the error was made here,
        overflow, underflow, nan, a branch that the exact values would not have taken.
    """

    number: int
    source: str
    runs: int
    digits: float
    loss: float
    amplification: float
    rounding: float
    note: str


class Mark(NamedTuple):
    """One operation of the source: its line, what it is, its text, how much it amplifies."""

    number: int
    operation: str
    expression: str
    amplification: float

    def __str__(self):
        quoted = f" `{self.expression}`" if self.expression else ""
        return f"the {self.operation}{quoted} in line {self.number}"


class Row(NamedTuple):
    """One line of the listing; remarks are (first column, width, words)."""

    number: int
    text: str
    line: Line | None
    remarks: tuple


class Story:
    """The records of a trace, read beside the source.

    A record belongs to a key: code object, offset of the instruction, name of the operation.
    """

    def __init__(self, records, root, digits):
        self.records, self.root, self.sources = records, root, {}
        self.shows, self.cause = self._marks(digits)
        self.remarks = {key: tuple(self._remarks(key)) for key in records}
        self.statements = {}  # (section, first line): keys
        self.sections = self._sections()
        for key in records:
            source, line, _ = self.place(key)
            section = next(i for i, s in enumerate(self.sections) if _inside(source, line, s))
            self.statements.setdefault((section, source.span(line)[0]), []).append(key)
        self.statements = dict(sorted(self.statements.items()))
        by_place = {place: self._line(place) for place in self.statements}
        self.lines = tuple(by_place.values())
        self.rows = tuple(self._rows(by_place))

    def _marks(self, digits):
        """Return the key of the largest loss, and that of the rounding which it amplified."""
        shows = max(self.records, key=lambda key: self.records[key].loss, default=None)
        least = 1.0 if not digits < WIDTH - 2 else 0.0
        if shows is None or self.records[shows].loss <= least:
            return None, None
        shares = self.records[shows].worst.parts
        return shows, max(shares, key=lambda key: abs(shares[key]), default=None)

    def place(self, key):
        """Return the source of an operation, the line it stands in, and its whole position."""
        code, offset, _ = key
        if code.co_filename not in self.sources:
            self.sources[code.co_filename] = Source(code.co_filename)
        position = instruction(code, offset)[1]
        return self.sources[code.co_filename], position[0] or code.co_firstlineno, position

    def mark(self, key):
        """Return the Mark of an operation."""
        if key is None:
            return None
        source, line, position = self.place(key)
        words, amplification = expression(source, position), self.records[key].amplification
        return Mark(source.span(line)[0], key[2], words, amplification)

    def _sections(self):
        """Return (source, first, last line) of the functions that computed, f first."""
        sections = []
        keys = sorted(self.records, key=lambda key: key[0] is not self.root)
        for key in keys or [(self.root, 0, "")]:
            source, line, _ = self.place(key)
            if any(_inside(source, line, section) for section in sections):
                continue
            around = source.span if key[0].co_name == "<lambda>" else source.function
            first, last = around(line)[:2]
            inner = [s for s in sections if s[0] is source and first <= s[1] <= s[2] <= last]
            sections = [s for s in sections if s not in inner] + [(source, first, last)]
        return sections

    def _remarks(self, key):
        """Say in words what an operation did that needs saying."""
        record = self.records[key]
        if key == self.cause:
            yield "error made here"
        if key == self.shows:
            before, after = map(whole, record.worst[:2])
            yield f"digits show as lost here: {before} before, {after} after"
        yield from record.events

    def _line(self, place):
        records = [self.records[key] for key in self.statements[place]]
        notes = [
            f"{words} (`{self.mark(key).expression}`)"
            for key in self.statements[place]
            for words in self.remarks[key]
        ]
        return Line(
            number=place[1],
            source=self.sections[place[0]][0].statement(place[1]),
            runs=max(record.runs for record in records),
            digits=min(record.digits for record in records),
            loss=max(record.loss for record in records),
            amplification=max(record.amplification for record in records),
            rounding=max(record.rounding for record in records),
            note="; ".join(dict.fromkeys(notes)),
        )

    def _rows(self, by_place):
        for index, (source, first, last) in enumerate(self.sections):
            for number, text in source.listing(first, last):
                remarks = [
                    (*self._columns(key, number, text), words)
                    for key in self.statements.get((index, source.span(number)[0]), ())
                    for words in self.remarks[key]
                    if self.place(key)[1] == number
                ]
                line = by_place.get((index, number))
                yield Row(number, text, line, tuple(dict.fromkeys(remarks)))

    def _columns(self, key, number, text):
        """Return the column and width of an operation within one line of the listing."""
        source, line, (first, last, start, end) = self.place(key)
        if start is None or first != last:
            return 0, len(text)
        row = source.lines[line - 1]
        start, end = (len(row.encode()[:column].decode()) for column in (start, end))
        return start - (len(row) - len(text)), end - start


def _inside(source, line, section):
    return source is section[0] and section[1] <= line <= section[2]


def whole(digits):
    """Return digits as they are printed: whole, rounded down after adding 0.02."""
    return math.floor(digits + 0.02)


def _times(amplification):
    """Return a factor in words, with one digit: 2e16 times."""
    if math.isinf(amplification):
        return "without bound"
    mantissa, exponent = f"{amplification:.0e}".split("e")
    return f"{mantissa}e{int(exponent)} times" if int(exponent) else f"{mantissa} times"


def summary(trace):
    """Yield the sentences that say how many digits are left, where they went, and why."""
    if math.isnan(trace.digits):
        yield f"{trace.name} returns no number."
    else:
        yield f"{trace.name}: {whole(trace.digits)} of {WIDTH} digits are right."
    yield from _marked(trace) if trace.shows else ["No operation loses digits."]
    if trace.note:
        yield f"Note: {trace.note}."


def _marked(trace):
    if trace.digits >= WIDTH - 2:
        yield f"On the way digits are lost in {trace.shows}, but the result does not need them."
    elif trace.shows.amplification < 2:
        yield f"The digits show as lost in {trace.shows}."
    else:
        times = _times(trace.shows.amplification)
        yield f"The digits show as lost in {trace.shows}, which amplifies errors {times}."
    if trace.cause:
        yield f"The error was made in {trace.cause}."


def text_view(trace):
    """Return the source with a bar of digits left before each line and remarks below it."""
    gutter = max((len(str(row.number)) for row in trace.rows), default=1)
    lines = [*summary(trace), ""]
    for row in trace.rows:
        left = f"{whole(row.line.digits):2} {_bar(row.line.digits)}" if row.line else ""
        lines.append(f"{left:{WIDTH + 3}} {row.number:{gutter}}  {row.text}")
        for column, width, words in row.remarks:
            lines.append(" " * (WIDTH + gutter + 6 + column) + "^" * width + " " + words)
    return "\n".join(lines)


def _bar(digits):
    return "\u2588" * whole(digits) + "\u00b7" * (WIDTH - whole(digits))


CELL = 'style="text-align:left;vertical-align:top;padding:.1em .6em'
HEAD = ("Digits left", "Line", "Source", "What happened")


def html_view(trace):
    """Return the same as a table: a bar, the number and text of each line, remarks.

    It takes colours from the page, so it reads in light and dark; nothing is told by
    colour alone.
    """
    head = "".join(f'<th scope="col" {CELL}">{name}</th>' for name in HEAD)
    body = "\n".join(map(_html_row, trace.rows))
    words = html.escape(" ".join(summary(trace)))
    return (
        f'<div class="lib-trace"><p>{_code(words)}</p>\n'
        f'<div role="region" tabindex="0" aria-label="Digits left in {html.escape(trace.name)}, '
        f'line by line" style="overflow-x:auto">\n'
        f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div></div>"
    )


def _html_row(row):
    line, remarks = row.line, ""
    for column, width, words in row.remarks:
        where = html.escape(row.text[column : column + width])
        remarks += f"<div><strong>{html.escape(words)}</strong>: <code>{where}</code></div>"
    return (
        f'<tr><td {CELL};white-space:nowrap">{_html_bar(line.digits) if line else ""}</td>'
        f'<td {CELL}">{row.number}</td>'
        f'<td {CELL}"><code style="white-space:pre">{html.escape(row.text)}</code></td>'
        f'<td {CELL};min-width:12em">{remarks}</td></tr>'
    )


def _html_bar(digits):
    share = 100 * whole(digits) / WIDTH
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:5em;height:.7em;'
        f'border:1px solid currentColor"><span style="display:block;height:100%;'
        f'width:{share:g}%;background:currentColor"></span></span> {whole(digits)}'
    )


def _code(words):
    """Turn `quoted` code of an escaped text into <code>."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", words)
