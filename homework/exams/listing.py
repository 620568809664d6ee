"""Print a trace for paper: numbered lines, the digits left after each, and nothing given away.

A key says nothing that the printed numbers do not: it is read from them, as a student reads them.
"""

import ast
import math

from homework.exams.dressed import dressed, names
from homework.exams.items import Collision, choose, fill
from homework.exams.origins import origins
from homework.exams.words import sci
from lib.digits import trace
from lib.numbers.formats import FP64

LEGEND = ("`rounds`: by how many u a line's value is off what its inputs give exactly; `brings`: "
          "by how many u that moves the result. A line makes the error if it brings at least a "
          "quarter of the largest part; the one that loses the most of the digits it is given "
          "shows it.")


def story(function, *values, fmt=None, parts=None):
    """Return a trace, its listing and its lines as numbered there.

    `parts`, of `origins`, are printed beside the digits. Without them a blank stands for the
    digits of the line that shows the loss, and of all after it.
    """
    values = tidy(values)
    traced = trace(function, *values) if fmt is None else trace(function, *values, fmt=fmt)
    rows = [row for row in traced.rows if not row.text.lstrip().startswith('"""')]
    numbered = {row.number: at + 1 for at, row in enumerate(rows)}
    counted = left_after(rows)
    width = max(traced.full, 7) + 5
    lines = [f"{'digits left':{width}}line" if parts is None else
             f"{'digits left':{width}}rounds  brings  line"]
    for row in rows:
        bar = own = ""
        if row.number in counted:
            left = counted[row.number]
            bar = f"{left:2} " + "█" * left + "·" * (traced.full - left)
            own = "" if parts is None else (
                f"{short(parts[row.number].rounds):7} {short(parts[row.number].brings)}")
            if parts is None and traced.shows and row.number >= traced.shows.number:
                bar = " ?"
        own = "" if parts is None else f"{own:15}"
        lines.append(f"{bar:{width}}{own} {numbered[row.number]:3}  {row.text}")
    return traced, "\n".join(lines), numbered


def left_after(rows):
    """Return {number of a line: whole digits that are left after it}."""
    return {row.number: math.floor(row.line.digits + 1e-9) for row in rows
            if row.line and row.line.digits >= 0}


def dropped(traced):
    """Return {number of a line: digits that it loses of the fewest that it is given}."""
    held, drops, counted = {}, {}, left_after(traced.rows)
    for row in traced.rows:
        if row.number in counted:
            line = ast.parse(row.text.strip())
            given = min(held.get(name, traced.full) for name in names(line, ast.Load))
            drops[row.number] = given - counted[row.number]
            held.update(dict.fromkeys(names(line, ast.Store), counted[row.number]))
    return drops


def short(x):
    """Return a number in two digits, in as few letters as a program writes it.

    Examples
    --------
    >>> short(2134567.0), short(0.1134), short(28.4), short(0.0), short(1.2e-9)
    ('2.1e6', '0.11', '28', '0', '1.2e-9')
    """
    mantissa, _, exponent = f"{x:.2g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def tidy(values):
    """Return numbers that are short to write: ten digits."""
    return tuple(float(f"{value:.10g}") for value in values)


def call(function, values, fmt=None):
    """Return the sentence that says what was traced."""
    shown = ", ".join(repr(value) for value in tidy(values))
    where = f", in {fmt}" if fmt else ""
    return f"`{function.__name__}({shown})` was traced{where}."


def by_hand(function, traced):
    """Return by how much the line amplifies, as one computes it: an exact operand counts nothing.

    Of a sum that nearly cancels, each operand makes half of the condition number.
    """
    asked = ast.parse(traced.shows.expression, mode="eval").body
    given = function.__code__.co_varnames[:function.__code__.co_argcount]
    sides = [asked.left, asked.right] if isinstance(asked, ast.BinOp) and isinstance(
        asked.op, ast.Add | ast.Sub) else []
    exact = sum(isinstance(side, ast.Constant) or getattr(side, "id", "") in given
                for side in sides)
    return traced.shows.amplification / (2 if exact == 1 else 1)


def makers(parts):
    """Return the lines that make the error, by the numbers as they are printed.

    A line makes it that brings at least a quarter of what the largest brings; one between that
    and an eighth is neither, and the draw is made again.
    """
    brought = {line: float(short(part.brings)) for line, part in parts.items()}
    most = max(brought.values())
    unclear = any(not math.isfinite(one) or most / 8 < one < most / 4 for one in brought.values())
    if most == 0 or unclear:
        raise Collision("a line makes a small part of the error, or none makes any")
    return [line for line, one in brought.items() if one >= most / 4]


def doubted(traced, parts, make):
    """Return why the printed numbers do not give the key, or nothing.

    They have to show the largest drop at the line that shows it, all that make it before that
    line, and its factor, as what the largest brings over what that one rounds: to a factor of 8,
    since of two operands each makes half of a condition number, and a root or square follows.
    """
    drops = dropped(traced)
    shows, largest = traced.shows.number, max(make, key=lambda line: parts[line].brings)
    if any(drops[line] >= drops[shows] for line in drops if line != shows):
        return "loses as many digits elsewhere"
    if any(line >= shows for line in make):
        return "makes its error where it shows it"
    factor = parts[largest].brings / parts[largest].rounds
    return "" if 1 / 8 <= factor / traced.shows.amplification <= 8 else "hides its factor"


def listed(lines):
    """Return numbers as a sentence lists them."""
    *others, last = map(str, lines)
    return f"{', '.join(others)} and {last}" if others else last


def said(lines, shows):
    """Return the sentence of an option."""
    return (f"Line {lines[0]} makes it" if len(lines) == 1 else
            f"Lines {listed(lines)} make it") + f", line {shows} shows it"


def accused(rng, make, shows, rounding, last):
    """Return three wrong (sentence, misconception): other makers, another line that shows, both.

    `rounding` are the other lines that round. All four options name as many lines, and none has
    more in common with the others.
    """
    innocent = rng.choice([line for line in rounding if line < shows] or rounding)
    replaced = sorted([*make[1:], innocent]), ("each line that rounds has its part in the error, "
                                               "whatever becomes of it")
    included = [*make[:-1], shows], "the line where digits vanish is one that made the error"
    others, blamed = rng.choice([replaced, replaced, included])
    later = rng.choice([line for line in range(make[-1] + 1, last + 1) if line != shows])
    seen = ("an error shows in the last line, where the result is returned" if later == last else
            "an error shows in any line after the one that made it")
    return [(said(others, shows), blamed), (said(make, later), seen),
            (said(others, later), f"{blamed}; and {seen}")]


def marked(rng, function, values, fmt):
    """Return a trace, its listing, the lines that make the error, the one that shows it, and
    three wrong answers; lines as numbered there.
    """
    parts = origins(function, tidy(values), fmt or FP64)
    traced, listing, numbered = story(function, *values, fmt=fmt, parts=parts)
    if not traced.shows:
        raise Collision(f"{function.__name__}{values} loses nothing")
    make = makers(parts)
    if fault := doubted(traced, parts, make) or "has many makers" * (len(make) > 4):
        raise Collision(f"{function.__name__}{values} {fault}")
    shows, last = traced.shows.number, max(parts)
    others = [numbered[line] for line, part in parts.items()
              if part.rounds and line not in (*make, shows, last)]
    if shows == last or not others:
        raise Collision(f"{function.__name__}{values} has no line to accuse")
    options = accused(rng, [numbered[line] for line in make], numbered[shows], others,
                      numbered[last])
    return traced, listing, [numbered[line] for line in make], numbered[shows], options


def who(rng, function, *values, fmt=None):
    """Return a draft: which lines make the error, and which one only shows it?

    The lines are moved by chance, among three more that round and do no harm.
    """
    function = dressed(rng, function)
    values = (*values, *map(float, rng.sample([2, 4, 5, 8, 10, 11], 2)))
    traced, listing, make, shows, wrong = marked(rng, function, values, fmt)
    where = f"{'lines' if len(make) > 1 else 'line'} {listed(make)}"
    return choose(
        rng, f"{call(function, values, fmt)} {LEGEND} Which line, or lines, make the error, and "
        "which one only shows it?", said(make, shows), wrong,
        f"What is rounded in {where} reaches line {shows} "
        f"({traced.shows.called}), which amplifies what it is given "
        f"{sci(by_hand(function, traced))} times; what other lines round does not count beside "
        "it.", listing)


def left(function, *values, fmt=None, hint=""):
    """Return a draft: how many digits are left at the end?"""
    traced, listing, numbered = story(function, *values, fmt=fmt)
    digits = math.floor(min(traced.digits, traced.full) + 1e-9)
    if not traced.shows:
        raise Collision(f"{function.__name__}{values} loses nothing")
    line, times = numbered[traced.shows.number], by_hand(function, traced)
    cost = max(0, round(math.log10(max(1, times))))
    return fill(
        f"{call(function, values, fmt)} The digits of the last lines are left out. How many "
        f"digits are right at the end? {hint}".rstrip(), digits,
        f"Line {line} ({traced.shows.called}) amplifies errors {sci(times)} times, and so costs "
        f"about {cost} digits.", within=1, unit="digits", listing=listing,
        ran=[min(traced.digits, traced.full), traced.full - cost])
