"""Text and HTML views of a `lib.digits.Trace`."""

import html
import math
import re

from lib.digits.records import LITTLE, whole
from lib.digits.values import leaves
from lib.numbers import formats

CELL = 'style="text-align:left;vertical-align:top;padding:.1em .6em'
HEAD = ("Digits left", "Line", "Source", "What happened")


def summary(trace):
    """Yield the sentences that say how many digits are left, where they went, and why."""
    if trace.raised:
        yield f"{trace.name} raises {trace.raised}."
    if trace.branch:
        yield f"{'It' if trace.raised else trace.name} {_elsewhere(trace.branch)}"
    if not trace.raised:
        yield _kept(trace)
    yield from _marked(trace) if trace.shows else _unmarked(trace)
    if trace.note:
        yield f"Note: {trace.note}."


def _elsewhere(branch):
    where = f"`{branch.expression}` in " if branch.expression else ""
    return f"goes another way than exact numbers would, at {where}line {branch.number}."


def _kept(trace):
    """Say how many digits are right; before that, whether a nan or inf is returned."""
    subject = "This way it" if trace.branch else trace.name
    if math.isnan(trace.digits):
        return f"{subject} returns no number."
    strange = _strange(trace.value)
    where = "" if trace.fmt == formats.FP64 else f" of {trace.fmt}"
    right = f"{whole(trace.digits)} of {trace.full} digits{where} are right."
    if strange and not trace.shows:
        return f"{subject} returns {strange}, and so would exact numbers."
    if strange:
        return f"{subject} returns {strange}: {right}"
    return f"On the way taken {right}" if trace.branch else f"{subject}: {right}"


def _strange(value):
    """Name a nan in a value, or else an infinity: with an article if it is one of many numbers."""
    numbers = leaves(value, float)
    found = sorted({str(float(x)) for x in numbers if not math.isfinite(x)}, reverse=True)
    article = "an " if found and found[0] == "inf" else "a "
    return (article * (len(numbers) > 1) + found[0]) if found else ""


def _unmarked(trace):
    """Say what becomes of the digits where no operation stands out."""
    digits = trace.raised.digits if trace.raised else trace.digits
    if digits != digits or whole(digits) == trace.full or _strange(trace.value):
        yield from () if trace.branch else ["No operation loses digits."]
    elif digits >= trace.full - 1:
        yield "No operation loses more than one digit."
    elif trace.stalled:
        yield _stalled(trace.stalled)
    else:
        yield "No operation loses more than one digit: small losses add up."


def _stalled(mark):
    return f"Terms leave no trace in {mark}: each alone is too small for the sum."


def _marked(trace):
    if trace.digits >= trace.full - 1:
        yield f"On the way digits are lost in {trace.shows}, but the result does not need them."
    elif max(line.loss for line in trace.lines) <= LITTLE:
        yield (_stalled(trace.stalled) if trace.stalled else
               f"Digits are lost little by little; the largest loss shows in {trace.shows}.")
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
