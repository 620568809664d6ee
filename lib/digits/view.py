"""Text and HTML views of a `lib.digits.Trace`."""

import html
import math
import re

from lib.digits.records import whole
from lib.numbers import formats

CELL = 'style="text-align:left;vertical-align:top;padding:.1em .6em'
HEAD = ("Digits left", "Line", "Source", "What happened")


def summary(trace):
    """Yield the sentences that say how many digits are left, where they went, and why."""
    if trace.raised:
        yield f"{trace.name} raises {trace.raised}."
    elif math.isnan(trace.digits):
        yield f"{trace.name} returns no number."
    else:
        where = "" if trace.fmt == formats.FP64 else f" of {trace.fmt}"
        yield f"{trace.name}: {whole(trace.digits)} of {trace.full} digits{where} are right."
    yield from _marked(trace) if trace.shows else ["No operation loses digits."]
    if trace.note:
        yield f"Note: {trace.note}."


def _marked(trace):
    if trace.digits >= trace.full - 1:
        yield f"On the way digits are lost in {trace.shows}, but the result does not need them."
    elif trace.shows == trace.cause:
        yield f"The digits show as lost in {trace.shows}, and the error was made there, too."
    elif trace.shows.amplification < 2:
        yield f"The digits show as lost in {trace.shows}."
    else:
        times = _times(trace.shows.amplification)
        yield f"The digits show as lost in {trace.shows}, which amplifies errors {times}."
    if trace.cause and trace.cause != trace.shows:
        yield f"The error was made in {trace.cause}."


def _times(amplification):
    """Return a factor in words, with one digit: 2e16 times."""
    if math.isinf(amplification):
        return "without bound"
    mantissa, exponent = f"{amplification:.0e}".split("e")
    small = int(exponent) < 4
    return f"{mantissa}{'0' * int(exponent) if small else f'e{int(exponent)}'} times"


def text_view(trace):
    """Return the source with a bar of digits left before each line, and remarks below it."""
    full, gutter = trace.full, max((len(str(row.number)) for row in trace.rows), default=1)
    lines = [*summary(trace), ""]
    for row in trace.rows:
        left = _bar(whole(row.line.digits), full) if _has_bar(row) else ""
        lines.append(f"{left:{full + 3}} {row.number:{gutter}}  {row.text}")
        for column, width, words in row.remarks:
            lines.append(" " * (full + gutter + 6 + column) + "^" * width + " " + words)
    return "\n".join(lines)


def _has_bar(row):
    return row.line is not None and not math.isnan(row.line.digits)


def _bar(digits, full):
    return f"{digits:2} " + "█" * digits + "·" * (full - digits)


def html_view(trace):
    """Return the same as a table: bar and number of digits, line, source, remarks.

    It takes its colours from the page, so it reads in light and dark; nothing is told by
    colour alone, and wide lines scroll inside their own region.
    """
    head = "".join(f'<th scope="col" {CELL}">{name}</th>' for name in HEAD)
    body = "\n".join(_html_row(row, trace.full) for row in trace.rows)
    words = re.sub(r"`(.*?)`", r"<code>\1</code>", html.escape(" ".join(summary(trace))))
    label = f"Digits left in {html.escape(trace.name)}, line by line"
    return (
        f'<div class="lib-trace"><p>{words}</p>\n'
        f'<div role="region" tabindex="0" aria-label="{label}" style="overflow-x:auto">\n'
        f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div></div>"
    )


def _html_row(row, full):
    remarks = "".join(
        f"<div><strong>{html.escape(words)}</strong>: "
        f"<code>{html.escape(row.text[column : column + width])}</code></div>"
        for column, width, words in row.remarks
    )
    bar = _html_bar(row.line, full) if _has_bar(row) else ""
    return (
        f'<tr><td {CELL};white-space:nowrap">{bar}</td>'
        f'<td {CELL}">{row.number}</td>'
        f'<td {CELL}"><code style="white-space:pre">{html.escape(row.text)}</code></td>'
        f'<td {CELL};min-width:12em">{remarks}</td></tr>'
    )


def _html_bar(line, full):
    digits = whole(line.digits)
    return (
        '<span aria-hidden="true" style="display:inline-block;width:5em;height:.7em;'
        'border:1px solid currentColor"><span style="display:block;height:100%;'
        f'width:{100 * digits / full:g}%;background:currentColor"></span></span> {digits}'
    )
