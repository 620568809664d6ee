"""Show on which line of a function the digits go.

`trace` runs a function on numbers that carry a shadow: beside the float64 value v goes
the exact value r, computed by the same operations in 60 digits.  After every operation
the two are compared, and what the operation did is put down to its line.
"""

import copy
import dataclasses
import math
import operator
import re
import sys
from types import FunctionType, MethodType

import numpy as np
from mpmath.ctx_mp import MPContext

from lib.digits.code import Rebuilder, Source, instruction
from lib.digits.operations import ALIASES, OPERATIONS, stand_ins
from lib.digits.records import FULL, REMEDIES, Record, amplification, events, in_units, whole
from lib.digits.story import Line, Mark, Story
from lib.digits.values import leaves, mapped
from lib.digits.view import html_view, text_view

RESERVE = 64  # bits of the exact values that must be left, or they are computed anew
DEEP = 700  # in so many digits sums of float64 numbers are exact, whatever their exponents
MOST_SHARES = 24  # so many origins of an error are kept apart
ELSEWHERE = "branch: the exact numbers decide otherwise"


class ShadowLost(TypeError):  # noqa: N818 - its name is what happened
    """A number lost its shadow; the message names the line and the remedy."""


class _PrecisionError(BaseException):  # which no `except Exception` in f may stop
    """The exact values cancelled so far that they cannot judge the others."""


class Shadow:
    """A float64 number v with its exact value r, which answers to all arithmetic.

    It is no float, so that nothing can take its value and drop the shadow unseen.
    """

    __slots__ = ("digits", "fog", "m", "r", "shares", "tape", "v")

    def __init__(self, tape, v, r=None, shares=None, fog=-math.inf):
        self.tape, self.v, self.m = tape, v, tape.context.mpf(v)
        self.r = self.m if r is None or r == self.m else r
        self.shares = shares or {}  # of v - r, to first order, by the operation that made them
        self.fog = fog  # how many of the last bits of r may be wrong
        self.digits = _digits(self.m, self.r)

    def __repr__(self):
        return repr(self.v)

    def __format__(self, spec):
        return format(self.v, spec)

    def __hash__(self):
        return hash(self.v)

    def __bool__(self):
        return self != 0

    def __pow__(self, other, modulus=None):
        if isinstance(other, (int, np.integer)):
            return self.tape.apply("integer power", self, other)
        return self.tape.apply("power", self, other) if _is_number(other) else NotImplemented

    def __float__(self):
        raise self.tape.lost()

    __int__ = __index__ = __complex__ = __float__

    def __floor__(self):
        return self.tape.whole(self, math.floor, "floor")

    def __ceil__(self):
        return self.tape.whole(self, math.ceil, "ceil")

    def __trunc__(self):
        return self.tape.whole(self, math.trunc, "floor" if self.r > 0 else "ceil")

    def __round__(self, places=None):
        if places is not None:
            raise self.tape.lost()
        return self.tape.whole(self, round, "nint")

    rint = __round__

    def conjugate(self):
        return self


def _is_number(x):
    return isinstance(x, (Shadow, int, float, np.integer, np.floating))


def _binary(name, swap=False):
    def method(self, other):
        if not _is_number(other):
            return NotImplemented
        return self.tape.apply(name, *((other, self) if swap else (self, other)))

    return method


def _comparison(compare):
    def method(self, other):
        return self.tape.compare(compare, self, other) if _is_number(other) else NotImplemented

    return method


def _method(name):
    return lambda self, *others: self.tape.apply(name, self, *others)


for _name in OPERATIONS:
    setattr(Shadow, _name, _method(_name))
for _name, _operation in ALIASES.items():
    setattr(Shadow, _name, _method(_operation))
for _name, _operation in [("neg", "negative"), ("pos", "positive"), ("abs", "absolute")]:
    setattr(Shadow, f"__{_name}__", _method(_operation))
for _name, _operation in [("add", "addition"), ("sub", "subtraction"), ("mul", "product"),
                          ("truediv", "division"), ("mod", "modulus")]:  # fmt: skip
    setattr(Shadow, f"__{_name}__", _binary(_operation))
    setattr(Shadow, f"__r{_name}__", _binary(_operation, swap=True))
Shadow.__rpow__ = _binary("power", swap=True)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Shadow, f"__{_name}__", _comparison(getattr(operator, _name)))


def _digits(v, r):
    """Return how many digits of v agree with r, both mpmath numbers."""
    if v == r:
        return float(FULL)
    if not v or not r or (v - r) * 0 != 0:  # 0 on one side only, inf, nan
        return 0.0
    error = float(abs((v - r) / r))
    return min(float(FULL), max(0.0, -math.log10(error))) if error else float(FULL)


class _Tape:
    """One run of a function: its arithmetic, and a record for each of its operations."""

    def __init__(self, digits, packages, deep):
        self.context, self.deep = MPContext(), deep
        self.context.dps = digits
        self.records, self.unsettled, self.followed = {}, False, 0
        self.rebuild = Rebuilder(stand_ins(self, Shadow), self.lift, self.returned, packages)

    def lift(self, tree):
        """Return arguments with a shadow on every float."""
        return mapped(tree, self._lifted)

    def _lifted(self, x):
        if isinstance(x, (complex, np.inexact)) and not isinstance(x, float):
            raise TypeError(f"trace follows float64 numbers only, got {x!r}: convert it")
        if not isinstance(x, float):
            return self.rebuild(x)
        self.followed += 1
        return Shadow(self, float(x))

    def apply(self, name, *xs, in_float=None):
        """Do one operation in float64 and exactly, and record it."""
        # Three results: v in float64, r exactly, and ideal: exactly from the operands in float64.
        xs = [x if isinstance(x, Shadow) else Shadow(self, float(x)) for x in xs]
        own_float, function, derivatives = OPERATIONS[name]
        v = float((in_float or own_float)(*(x.v for x in xs)))
        r = ideal = self._exactly(function, [x.r for x in xs])
        if any(x.r is not x.m for x in xs):
            ideal = self._exactly(function, [x.m for x in xs])
        slopes = self._slopes(derivatives, [x.r for x in xs], r)
        terms = [abs(x.r * slope) for x, slope in zip(xs, slopes, strict=True)]
        r, fog = self._settled(r, xs, terms)
        rounding = self._difference(v, ideal)
        place = self._place(name)
        result = Shadow(self, v, r, self._shares(xs, slopes, place, rounding), fog)
        record = self.records.setdefault(place, Record())
        record.add(min(x.digits for x in xs), result, amplification(terms, r))
        record.rounding = max(record.rounding, in_units(rounding, v))
        record.events.update(dict.fromkeys(events(v, xs, ideal, rounding, r)))
        return result

    def compare(self, relation, x, y):
        """Compare by the values of float64; record if the exact ones decide otherwise."""
        x, y = (x if isinstance(x, Shadow) else Shadow(self, float(x)) for x in (x, y))
        answer = relation(x.v, y.v)
        worst = min(x, y, key=lambda number: number.digits)
        return self._decided(worst, answer, relation(x.r, y.r))

    def whole(self, x, rounding, name):
        """Return the int that a rounding of v gives; record if that of r is another."""
        r = x.r
        exact = int(getattr(self.context, name)(r)) if self.context.isfinite(r) else None
        return self._decided(x, rounding(x.v), exact)

    def _decided(self, number, answer, exact):
        record = self.records.setdefault(self._place("comparison"), Record())
        record.add(number.digits, number, 0.0)
        if answer != exact:
            record.events[ELSEWHERE] = None
        return answer

    def returned(self, result):
        """Record the digits of what a function returns at the line that called it."""
        place, numbers = self._place("call"), leaves(result, Shadow)
        if place and numbers:
            worst = min(numbers, key=lambda number: number.digits)
            self.records.setdefault(place, Record()).add(worst.digits, worst, 0.0)

    def lost(self, error=None):
        """Return the exception for a shadow lost in the line that runs, or raised the error."""
        code, offset, _ = self._place("", error)
        source, (name, position) = Source(code.co_filename), instruction(code, offset)
        text = " ".join(source.statement(position[0]).split())
        inside, signs = sys._getframe(2).f_code, f"{name} {source.expression(position)} {error}"
        if not error and inside is not code:  # what runs is not traced: NumPy, or another's method
            at = instruction(inside, sys._getframe(2).f_lasti)[1]
            signs += f" {Source(inside.co_filename).expression(at)} {inside.co_filename}"
        advice = next(advice for sign, advice in REMEDIES if re.search(sign, signs))
        reason = f" ({error})" if error else f" (in {inside.co_name})" if inside is not code else ""
        return ShadowLost(
            f"line {source.span(position[0])[0]}"
            + (f", `{text}`," if text else "")
            + f" would lose the exact value beside the float{reason}: {advice}"
        )

    def _place(self, name, error=None):
        """Return the innermost instruction of traced code that is running or raised the error."""
        frame = sys._getframe(2)
        trace = error and error.__traceback__
        while trace:
            frame, trace = trace.tb_frame, trace.tb_next
        while frame and id(frame.f_globals) not in self.rebuild.copies:
            frame = frame.f_back
        return frame and (frame.f_code, frame.f_lasti, name)

    def _exactly(self, function, xs):
        try:
            y = function(self.context, *xs)
        except (ArithmeticError, ValueError, TypeError):  # poles; complex numbers in order
            return self.context.nan
        return y if isinstance(y, self.context.mpf) else self.context.nan

    def _slopes(self, derivatives, rs, r):
        try:
            slopes = derivatives(self.context, *rs, r)
        except (ArithmeticError, ValueError, TypeError):
            return [self.context.inf] * len(rs)
        return [self.context.inf if isinstance(s, self.context.mpc) else s for s in slopes]

    def _difference(self, v, ideal):
        both_nan = math.isnan(v) and self.context.isnan(ideal)
        return self.context.zero if v == ideal or both_nan else self.context.mpf(v) - ideal

    def _settled(self, r, xs, terms):
        """Return r, or 0 if it is nothing but the error of its operands, and its fog."""
        mag, bits = self.context.mag, self.context.prec
        fog = max([0, *(x.fog + mag(t) - mag(r) for x, t in zip(xs, terms, strict=True))])
        if fog <= bits - RESERVE or (len(xs) == 2 and xs[0] is xs[1]):
            return r, fog
        if not self.deep:
            raise _PrecisionError
        if all(mag(t) - mag(r) > bits // 2 for t in terms):
            return self.context.zero, -math.inf
        self.unsettled = True
        return r, fog

    def _shares(self, xs, slopes, place, rounding):
        shares = {}
        for x, slope in zip(xs, slopes, strict=True):
            for origin, share in x.shares.items():
                shares[origin] = shares.get(origin, 0) + share * slope
        if rounding:
            shares[place] = shares.get(place, 0) + rounding
        undefined = [origin for origin, share in shares.items() if self.context.isnan(share)]
        shares.update(dict.fromkeys(undefined, self.context.inf))
        if len(shares) > MOST_SHARES:
            largest = sorted(shares, key=lambda origin: abs(shares[origin]), reverse=True)
            shares = {origin: shares[origin] for origin in largest[: MOST_SHARES // 2]}
        return shares


@dataclasses.dataclass(frozen=True, repr=False, eq=False)
class Trace:
    """What `trace` returns; its text and HTML views show the source with the digits left.

    Attributes
    ----------
    name : str
        The function's.
    value : object
        What f returned, in float64.
    exact : object
        The same with mpmath numbers.
    digits : float
        Correct digits of the worst number in it; nan if there is none.
    components : object
        The same as value, with the digits of each number.
    lines : tuple of Line
        What each statement did, in the order of the source; f first, then what it calls.
    shows, cause : Mark or None
        The operation at which most digits show as lost, and the one whose rounding that
        loss amplified; None where nothing is lost.
    plain : object
        What f returns on plain numbers.
    note : str
        Says so where plain differs from value, and what else concerns the run as a whole.
    rows : tuple of Row
        The listing of the views.
    """

    name: str
    value: object
    exact: object
    digits: float
    components: object
    lines: tuple[Line, ...]
    shows: Mark | None
    cause: Mark | None
    plain: object
    note: str
    rows: tuple

    def __repr__(self):
        return text_view(self)

    def _repr_html_(self):
        return html_view(self)


def trace(f, *args, digits=60, **kwargs):
    """Run f on its arguments and return how many digits are right after each line.

    Every float among the arguments (in lists, tuples, dicts and float64 arrays too) is
    exact and carries its exact value through f.  Numbers that f computes without touching
    one count as exact data as well.  Control flow follows float64.

    Parameters
    ----------
    f : function
        Of a file, a notebook cell, a lambda, nested, a bound method, recursive, decorated.
        It is run two or three times, on copies of its arguments.
    *args, **kwargs
        Its arguments; floats must be float64, and at least one must be there.
    digits : int
        Digits of the exact values.  Where too many of them cancel, f is run again with 700.

    Returns
    -------
    Trace
        Its digits are min(16, -log10 |v - r|/|r|), at least 0, for the value v and the
        exact r; if r = 0, they are 16 for v = 0 and else 0.

    Raises
    ------
    ShadowLost
        Where f turns a number into a float or int, stores it in a float array, or gives it
        to compiled code.
    TypeError
        If f is no Python function, or no argument holds a float, or one in other precision.

    References
    ----------
    Benz, Hildebrandt & Hack, A dynamic program analysis to find floating-point accuracy
    problems, PLDI 2012; Sanchez-Stern, Panchekha, Lerner & Tatlock, Finding root causes of
    floating point error, PLDI 2018 (origins of an error, followed through the run).

    Examples
    --------
    >>> result = trace(lambda x: (x + 1) - x, 1e16)
    >>> result.value, result.digits
    (0.0, 0.0)
    >>> result.cause.operation, result.shows.operation
    ('addition', 'subtraction')
    """
    f = _function(f)
    plain = _plain_run(f, args, kwargs)
    try:
        tape, result = _traced_run(f, args, kwargs, digits)
    except _PrecisionError:
        tape, result = _traced_run(f, args, kwargs, max(DEEP, 4 * digits), deep=True)
    return _report(f, digits, tape, result, plain)


def _function(f):
    """Return a callable that has Python code: f itself, or the method that it calls."""
    if isinstance(getattr(type(f), "__call__", None), FunctionType):  # noqa: B004
        f = f.__call__
    if not isinstance(_innermost(f), FunctionType):
        raise TypeError(f"trace needs a Python function, got {f!r}: write lambda x: f(x)")
    return f


def _innermost(f):
    """Return the function inside a method, partial or cache."""
    for name in ("__func__", "func", "__wrapped__"):
        if not isinstance(f, FunctionType) and hasattr(f, name):
            return _innermost(getattr(f, name))
    return f


def _packages(f):
    return {__package__.split(".")[0], (_innermost(f).__module__ or "").split(".")[0]}


def _call(f, args, kwargs, rebuild):
    """Call a copy of f, bound to a copy of its object if it is a method."""
    if isinstance(f, MethodType):
        f = MethodType(f.__func__, copy.deepcopy(f.__self__))
        rebuild.give_methods(f.__self__)
    with np.errstate(all="ignore"):  # what overflows is told by its line
        return rebuild(f)(*args, **kwargs)


def _plain_run(f, args, kwargs):
    rebuild = Rebuilder([], lambda x: x, lambda x: None, _packages(f))
    return _call(f, *copy.deepcopy((args, kwargs)), rebuild)


def _traced_run(f, args, kwargs, digits, deep=False):
    tape = _Tape(digits, _packages(f), deep)
    args, kwargs = tape.lift(copy.deepcopy((args, kwargs)))
    if not tape.followed:
        raise TypeError("trace follows floats, but no argument holds one: write 2.0 for 2")
    try:
        return tape, _call(f, args, kwargs, tape.rebuild)
    except ShadowLost:
        raise
    except Exception as error:  # f runs on plain numbers, so the shadow is the reason
        raise tape.lost(error) from error


def _report(f, digits, tape, result, plain):
    """Put together what a run has recorded."""
    tape.context.dps = digits
    value = mapped(result, lambda x: x.v if isinstance(x, Shadow) else x, float)
    exact = mapped(result, lambda x: tape.context.mpf(getattr(x, "r", x)) if
                   isinstance(x, (Shadow, float)) else x)  # fmt: skip
    components = mapped(result, _digits_of, float)
    left = min(leaves(components, float), default=math.nan)
    root = _innermost(f)
    story = Story({k: r for k, r in tape.records.items() if k}, root.__code__, left)
    return Trace(
        root.__name__.strip("<>"), value, exact, left, components, story.lines,
        story.shows, story.cause, plain, "; ".join(_notes(tape, value, exact, plain)), story.rows,
    )  # fmt: skip


def _digits_of(x):
    if isinstance(x, Shadow):
        return x.digits
    return float(FULL) if isinstance(x, (int, float)) else x


def _notes(tape, value, exact, plain):
    """Say what concerns the run as a whole."""
    if tape.unsettled:
        yield f"even {DEEP} digits are too few for the exact values"
    if any(ELSEWHERE in record.events for record in tape.records.values()):
        yield "the exact numbers decide otherwise in a branch; digits are those of the way taken"
    number = (int, float, np.number, tape.context.mpf)
    ours, theirs, truth = (leaves(tree, number) for tree in (value, plain, exact))
    if len(ours) != len(theirs):
        yield "a plain run returns something of another shape"
    elif any(x != y and (x == x or y == y) for x, y in zip(ours, theirs, strict=True)):
        kept = min(_digits(tape.context.mpf(x), r) for x, r in zip(theirs, truth, strict=True))
        yield (
            f"a plain run returns other floats, {whole(kept)} digits right, "
            "for NumPy adds in an order of its own"
        )
