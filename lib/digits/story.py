"""Put the records of a trace beside the source: which line did what, in numbers and in words."""

import dataclasses
import math
from typing import NamedTuple

from lib.digits.code import Source, instruction
from lib.digits.records import ELSEWHERE, FULL, LITTLE, absorbed_words, named

BOOKKEEPING = ("comparison", "call", "raise")  # records that are no operations


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
        How often its busiest operation ran; on an array it runs once per element.
    digits : float
        The fewest correct digits, 0 to 16 in float64, of any result on the line; nan if none.
    loss : float
        The most digits lost in one operation: fewest digits of its operands minus
        digits of its result; negative where every result is better than its operands.
    amplification : float
        The largest sum of |x_i dop/dx_i / op| over the operands x_i, at their exact values.
    rounding : float
        The largest |v - op(operands' v)| in units of u|v|, u = 2**-53 or that of the
        format; inf after overflow
        and after underflow to 0.
    note : str
        In words: whether digits show as lost here, whether the error was made here,
        overflow, underflow, nan, a term that was absorbed in a sum, what was raised, a result
        in float32, a branch that the exact values would not have taken.
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

    @property
    def called(self):
        """What the operation is called in a sentence, such as "the addition `x + 1`"."""
        return f"the {self.operation}" + (f" `{self.expression}`" if self.expression else "")

    def __str__(self):
        return f"{self.called} in line {self.number}"


class Raised(NamedTuple):
    """What a traced function raised.

    Attributes
    ----------
    kind, text : str
        Class and message of the exception.
    mark : Mark
        The operation that raised it; its operation is "raise" where f did so by itself.
    values, exact : tuple
        The operands, in floats and as mpmath numbers; empty where f raised by itself.
    digits : float
        Correct digits of the worst operand; nan where f raised by itself.
    result : mpf or None
        What the exact operands give: nan if no real number.
    """

    kind: str
    text: str
    mark: Mark
    values: tuple
    exact: tuple
    digits: float
    result: object

    def __str__(self):
        own = self.mark.operation == "raise"
        where = f"line {self.mark.number}" if own else str(self.mark)
        return f"{named(self.kind, self.text)} in {where}"


class Row(NamedTuple):
    """One line of the listing; remarks are (column, width, words)."""

    number: int
    text: str
    line: Line | None
    remarks: tuple


class Story:
    """The records of a trace by statement.

    Parameters
    ----------
    records : dict
        What `lib.digits` recorded under (code object, offset of instruction, operation).
    root : code object
        That of the traced function, whose lines come first.
    digits : float
        The digits of the result.
    full : int
        The digits of a number without error.

    Attributes
    ----------
    shows, cause : Mark or None
    branch : Mark or None
        The first comparison, or rounding to a whole number, that exact numbers decide otherwise.
    stalled : Mark or None
        Of the sums in which terms that left no trace make up half of all that was rounded away,
        that with fewest correct digits.
    lines : tuple of Line
    rows : tuple of Row
    """

    def __init__(self, records, root, digits, full):
        self.records, self.sources = records, {}
        # In few digits an error is often made of many terms that left no trace: then it is told.
        self.stalls = full < FULL
        self.marked = self._marked(digits, full)
        self.shows, self.cause = (key and self.mark(key) for key in self.marked)
        self.branch = self._first(key for key in records if ELSEWHERE in records[key].events)
        stalled = [key for key in records if records[key].is_stalled]
        self.stalled = self._first(sorted(stalled, key=lambda key: records[key].digits))
        sections = self._sections(root)
        self.statements = {}
        for key in records:
            source, line, _ = self._place(key)
            section = next(i for i, s in enumerate(sections) if _is_inside(source, line, s))
            self.statements.setdefault((section, source.span(line)[0]), []).append(key)
        lines = {place: self._line(keys) for place, keys in sorted(self.statements.items())}
        self.lines = tuple(lines.values())
        self.rows = tuple(self._rows(sections, lines))

    def mark(self, key):
        """Return the Mark of an operation."""
        source, line, position = self._place(key)
        amplification = self.records[key].amplification
        return Mark(source.span(line)[0], key[2], source.expression(position), amplification)

    def _first(self, keys):
        """Return the Mark of the first of some operations; None if there is none."""
        return next(map(self.mark, keys), None)

    def _marked(self, digits, full):
        """Return the key of the largest loss, and that of the rounding which it amplified."""
        shows = max(self.records, key=lambda key: self.records[key].loss, default=None)
        noticed = 0.0 if digits < full - 2 else LITTLE  # many small losses count if they add up
        if shows is None or self.records[shows].loss <= noticed:
            return None, None
        shares = self.records[shows].worst.shares
        return shows, max(shares, key=lambda key: abs(shares[key]), default=None)

    def _place(self, key):
        """Return the source of an operation, the line it stands in, and its whole position."""
        code, offset, _ = key
        if code.co_filename not in self.sources:
            self.sources[code.co_filename] = Source(code.co_filename)
        position = instruction(code, offset)[1]
        return self.sources[code.co_filename], position[0] or code.co_firstlineno, position

    def _sections(self, root):
        """Return (source, first, last line) of the functions that computed, root first."""
        sections = []
        for key in sorted(self.records, key=lambda key: key[0] is not root):
            source, line, _ = self._place(key)
            if not any(_is_inside(source, line, section) for section in sections):
                around = source.span if key[0].co_name == "<lambda>" else source.function
                first, last = around(line)
                inner = [s for s in sections if s[0] is source and first <= s[1] <= s[2] <= last]
                sections = [s for s in sections if s not in inner] + [(source, first, last)]
        return sections

    def _line(self, keys):
        records = [self.records[key] for key in keys]
        losses = [self.records[key].loss for key in keys if key[2] not in BOOKKEEPING]
        source, line, _ = self._place(keys[0])
        notes = [f"{words} ({self.mark(key).called})" for key in keys for words in self._words(key)]
        return Line(
            number=source.span(line)[0],
            source=source.statement(line),
            runs=max(record.runs for record in records),
            digits=min((r.digits for r in records if r.digits == r.digits), default=math.nan),
            loss=max(losses, default=0.0),
            amplification=max(record.amplification for record in records),
            rounding=max(record.rounding for record in records),
            note="; ".join(dict.fromkeys(notes)),
        )

    def _words(self, key):
        """Say what an operation did, where that needs saying."""
        shows, cause = self.marked
        if key == cause:
            yield "error made here"
        if key == shows:
            yield self.records[key].lost_words()
        yield from self.records[key].events
        if self.records[key].absorbed and (key != cause or self.stalls):
            yield absorbed_words(*self.records[key].absorbed)

    def _rows(self, sections, lines):
        for index, (source, first, last) in enumerate(sections):
            for number, text in source.listing(first, last) or [(first, "(source not found)")]:
                keys = self.statements.get((index, source.span(number)[0]), ())
                remarks = [
                    (*self._columns(key, text), words)
                    for key in keys
                    for words in self._words(key)
                    if self._place(key)[1] == number
                ]
                line = lines.get((index, number))
                yield Row(number, text, line, tuple(dict.fromkeys(remarks)))

    def _columns(self, key, text):
        """Return column and width of an operation in its line of the listing."""
        source, line, (first, last, start, end) = self._place(key)
        if start is None or first != last or line > len(source.lines):
            return len(text) - len(text.lstrip()), len(text.strip())
        row = source.lines[line - 1]
        start, end = (len(row.encode()[:column].decode()) for column in (start, end))
        return start - (len(row) - len(text)), end - start


def _is_inside(source, line, section):
    return source is section[0] and section[1] <= line <= section[2]
