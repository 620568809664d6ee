"""Show on which line of a function the digits go.

`trace` runs a function on numbers that carry a shadow: beside the float64 value v
goes the exact value r, computed by the same operations in 60 digits.  After every
operation the two are compared, and what that operation did is put down to its line.
"""

import copy
import dataclasses
import math
import operator
import sys
from types import FunctionType, MethodType
from typing import NamedTuple

import numpy as np
from mpmath.ctx_mp import MPContext

from lib._trace_code import Rebuilder, Source, StandIn, instruction
from lib._trace_operations import ALIASES, OPERATIONS
from lib._trace_view import Line, Mark, Story, html_view, text_view, whole

U = 2.0**-53  # unit roundoff
FULL = 16.0  # digits of a number without error
TINY = 2.0**-1022  # the smallest normal number
RESERVE = 64  # bits of the exact values that must be left, or they are computed anew
DEEP = 700  # with so many digits: sums of float64 numbers, of any exponents, are exact


MOST_SHARES = 24  # so many origins of an error are kept apart

# What a lost shadow is told, by a sign of it in the instruction, the line or the error.
REMEDIES = [
    ("STORE_SUBSCR", "make the array on the left of an argument, as np.zeros_like(A) does"),
    ("linalg", "compiled routines know floats only; trace the loop that the chapter teaches"),
    ("Cannot cast", "make the array on the left of an argument, as np.zeros_like(A) does"),
    ("math.", "call the function through np, which asks the number itself"),
    ("", "use the number itself, without turning it into a float or an int"),
]


class ShadowLost(TypeError):  # noqa: N818
    """A number lost its shadow: the message names the line and the remedy."""


class _PrecisionError(Exception):
    """The exact values cancelled so far that they cannot judge the others."""


class Shadow:
    """A float64 number v with its exact value r, which answers to all arithmetic.

    It is no float, so that nothing can take its value and drop the shadow unseen.
    """

    __slots__ = ("digits", "fog", "m", "parts", "r", "tape", "v")

    def __init__(self, tape, v, r=None, parts=None, fog=-math.inf):
        self.tape, self.v, self.m = tape, v, tape.mp.mpf(v)
        self.r = self.m if r is None or r == self.m else r
        self.parts = parts or {}  # shares of v - r to first order, by the operation that made them
        self.fog = fog  # how far r may be off, in bits above its last
        self.digits = FULL if self.r is self.m else _digits(self.m, self.r)

    def __repr__(self):
        return repr(self.v)

    def __format__(self, spec):
        return format(self.v, spec)

    def __hash__(self):
        return hash(self.v)

    def __bool__(self):
        return self != 0

    def __pow__(self, other, modulus=None):
        if type(other) is int:
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
        return self.tape.decide(compare, self, other) if _is_number(other) else NotImplemented

    return method


def _method(name):
    return lambda self, *others: self.tape.apply(name, self, *others)


for _name in OPERATIONS.keys() - {"sum"}:
    setattr(Shadow, _name, _method(_name))
for _name, _alias in ALIASES.items():
    setattr(Shadow, _name, _method(_alias))
for _name, _alias in {"neg": "negative", "pos": "positive", "abs": "absolute"}.items():
    setattr(Shadow, f"__{_name}__", _method(_alias))
for _name, _alias in {
    "add": "addition", "sub": "subtraction", "mul": "product", "truediv": "division"
}.items():  # fmt: skip
    setattr(Shadow, f"__{_name}__", _binary(_alias))
    setattr(Shadow, f"__r{_name}__", _binary(_alias, swap=True))
Shadow.__rpow__ = _binary("power", swap=True)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Shadow, f"__{_name}__", _comparison(getattr(operator, _name)))


def _digits(v, r):
    """Return how many digits of v agree with r (mpf)."""
    if v == r:
        return FULL
    if not v or not r or (v - r) * 0 != 0:
        return 0.0
    error = float(abs((v - r) / r))
    return FULL if error == 0 else min(FULL, max(0.0, -math.log10(error)))


class _Loss(NamedTuple):
    """One execution of an operation."""

    before: float
    after: float
    amplification: float
    parts: dict


class _Record:
    """What one operation of the source did, over all its executions."""

    def __init__(self):
        self.runs, self.digits, self.loss = 0, FULL, -math.inf
        self.amplification = self.rounding = 0.0
        self.events = {}  # in the order of their first occurrence; a set has none
        self.worst = None  # what happened at that loss


class _Tape:
    """One run of a function: its arithmetic, and a record for each of its operations."""

    def __init__(self, digits, deep=False):
        self.mp, self.deep = MPContext(), deep
        self.mp.dps = digits
        self.records, self.unsettled, self.followed = {}, False, 0
        self.rebuild = None

    def number(self, x):
        """Return x as a number with a shadow; anything else than a Shadow is exact."""
        return x if isinstance(x, Shadow) else Shadow(self, float(x))

    def lift(self, x):
        """Return an argument with a shadow on every float in it."""
        if isinstance(x, np.ndarray) and x.dtype.kind in "fc":
            if x.dtype != np.float64:
                raise TypeError(f"trace follows float64, got an array of {x.dtype}: convert it")
            out = np.empty(x.shape, object)
            for index in np.ndindex(x.shape):
                out[index] = self.lift(x[index])
            return out
        if isinstance(x, (complex, np.inexact)) and not isinstance(x, float):
            raise TypeError(f"trace follows float64, got {x!r} of {type(x).__name__}: convert it")
        if isinstance(x, float):
            self.followed += 1
            return self.number(x)
        if isinstance(x, dict):
            return {key: self.lift(value) for key, value in x.items()}
        if isinstance(x, (list, tuple)):
            items = map(self.lift, x)
            return type(x)(*items) if hasattr(x, "_fields") else type(x)(items)
        return self.rebuild(x)

    def exact(self, x):
        """Return the exact value of a number of a result, as an mpmath number."""
        return x.r if isinstance(x, Shadow) else self.mp.mpf(x)

    def apply(self, name, *xs, in_float=None):
        """Do one operation in float64 and exactly, and record it."""
        xs = [self.number(x) for x in xs]
        own_float, function, derivatives = OPERATIONS[name]
        v = float((in_float or own_float)(*(x.v for x in xs)))
        rs = [x.r for x in xs]
        r = ideal = self._real(function, rs)
        if any(x.r is not x.m for x in xs):
            ideal = self._real(function, [x.m for x in xs])
        slopes = self._slopes(derivatives, rs, r)
        terms = [abs(x * slope) for x, slope in zip(rs, slopes, strict=True)]
        r, fog = self._settled(r, xs, terms)
        key = self._place(name)
        rounding = self.mp.mpf(v) - ideal
        if v == ideal or (math.isnan(v) and self.mp.isnan(ideal)):
            rounding = self.mp.zero
        shares = self._shares(xs, slopes, key, rounding)
        result = Shadow(self, v, r, shares, fog)
        record = self._record(key, min(x.digits for x in xs), result, _amplification(terms, r))
        record.rounding = max(record.rounding, _in_units(rounding, v))
        record.events.update(dict.fromkeys(_events(v, xs, ideal, rounding, r)))
        return result

    def decide(self, compare, x, y):
        """Compare by the values of float64; record if the exact ones decide otherwise."""
        x, y = self.number(x), self.number(y)
        answer = compare(x.v, y.v)
        self._decision(min(x, y, key=lambda number: number.digits), answer, compare(x.r, y.r))
        return answer

    def whole(self, x, function, name):
        """Return the int that a rounding of v gives; record if that of r differs."""
        answer = function(x.v)
        exact = int(getattr(self.mp, name)(x.r)) if self.mp.isfinite(x.r) else None
        self._decision(x, answer, exact)
        return answer

    def _decision(self, number, answer, exact):
        record = self._record(self._place("comparison"), number.digits, number, 0.0)
        if answer != exact:
            record.events["branch: the exact numbers decide otherwise"] = None

    def _real(self, function, xs):
        try:
            y = function(self.mp, *xs)
        except (ArithmeticError, ValueError, TypeError):  # poles; ordering of complex numbers
            return self.mp.nan
        return y if isinstance(y, self.mp.mpf) else self.mp.nan

    def _slopes(self, derivatives, rs, r):
        try:
            slopes = derivatives(self.mp, *rs, r)
        except (ArithmeticError, ValueError, TypeError):
            return [self.mp.inf] * len(rs)
        return [self.mp.inf if isinstance(s, self.mp.mpc) else s for s in slopes]

    def _settled(self, r, xs, terms):
        """Return r, or 0 if it is nothing but the error of its operands, and its fog."""
        size = self.mp.mag(r)
        fog = max([0, *(x.fog + self.mp.mag(t) - size for x, t in zip(xs, terms, strict=True))])
        if fog <= self.mp.prec - RESERVE or (len(xs) == 2 and xs[0] is xs[1]):
            return r, fog
        if not self.deep:
            raise _PrecisionError
        if all(self.mp.mag(t) - size > self.mp.prec // 2 for t in terms):
            return self.mp.zero, -math.inf
        self.unsettled = True
        return r, fog

    def _shares(self, xs, slopes, key, rounding):
        shares = {}
        for x, slope in zip(xs, slopes, strict=True):
            for origin, share in x.parts.items():
                shares[origin] = shares.get(origin, 0) + share * slope
        if rounding:
            shares[key] = shares.get(key, 0) + rounding
        shares = {k: self.mp.inf if self.mp.isnan(s) else s for k, s in shares.items()}
        if len(shares) > MOST_SHARES:
            largest = sorted(shares, key=lambda k: abs(shares[k]), reverse=True)
            shares = {k: shares[k] for k in largest[: MOST_SHARES // 2]}
        return shares

    def _place(self, name, error=None):
        """Return the innermost instruction of the traced code that is running or has failed."""
        frame = sys._getframe(2)
        trace = error and error.__traceback__
        while trace:
            frame, trace = trace.tb_frame, trace.tb_next
        while frame and id(frame.f_globals) not in self.rebuild.copies:
            frame = frame.f_back
        return frame.f_code, frame.f_lasti, name

    def _record(self, key, before, result, amplification):
        record = self.records.setdefault(key, _Record())
        record.runs += 1
        record.digits = min(record.digits, result.digits)
        record.amplification = max(record.amplification, amplification)
        if before - result.digits > record.loss:
            record.loss = before - result.digits
            record.worst = _Loss(before, result.digits, amplification, result.parts)
        return record

    def lost(self, error=None):
        """Return the exception for a shadow lost on the line that is running."""
        code, offset = self._place("", error)[:2]
        source = Source(code.co_filename)
        name, position = instruction(code, offset)
        statement = " ".join(source.statement(position[0]).split())
        remedies = [text for sign, text in REMEDIES if sign in f"{name} {statement} {error}"]
        reason = f" ({error})" if error else ""
        return ShadowLost(
            f"line {source.span(position[0])[0]}, `{statement}`, "
            f"would lose the exact value beside the float{reason}: {remedies[0]}"
        )


def _amplification(terms, r):
    """Return by how much an operation amplifies relative errors of its operands."""
    total = sum(terms)
    if not total:
        return 0.0 if r else 1.0  # 0 * 0, sqrt(0): the limit is of the order of 1
    return float(total / abs(r)) if r and total == total else math.inf


def _in_units(rounding, v):
    """Return a rounding error in units of u|v|."""
    if not rounding:
        return 0.0
    return float(abs(rounding)) / (U * abs(v)) if v and math.isfinite(v) else math.inf


def _events(v, xs, ideal, rounding, r):
    """Name what happened beyond rounding."""
    if math.isnan(v) and not any(math.isnan(x.v) for x in xs):
        yield "nan: no real number is the result"
    elif math.isinf(v) and all(math.isfinite(x.v) for x in xs):
        finite = abs(ideal) < math.inf
        yield "overflow: the result is inf" if finite else "infinite: a division by zero or a pole"
    elif abs(v) < TINY and rounding:
        yield "underflow: the result is below the normal numbers"
    if r != r and not math.isnan(v):  # an mpf nan
        yield "the exact operands have no real result here"


def _exchange(tape):
    """Return pairs of what a traced function finds under a name, and what it gets instead."""
    in_math = {"log": _follow(tape, "log", math.log)}
    in_math["dist"] = lambda p, q: in_math["hypot"](*(x - y for x, y in zip(p, q, strict=True)))
    for name in set(dir(math)) - {"log", "dist"}:
        if (operation := ALIASES.get(name, name)) in OPERATIONS:
            in_math[name] = _follow(tape, operation, getattr(math, name))
    in_numpy = {}
    for name in ("logaddexp", "copysign", "float_power"):  # NumPy has them for floats only
        function = getattr(Shadow, name)
        in_numpy[name] = _elementwise(getattr(np, name), function)
    for name in ("isfinite", "isnan", "isinf"):
        test = _test(getattr(math, name))
        in_math[name], in_numpy[name] = test, _elementwise(getattr(np, name), test, bool)
    pairs = [(getattr(math, name), new) for name, new in in_math.items()]
    pairs += [(getattr(np, name), new) for name, new in in_numpy.items()]
    return [(math, StandIn(math, in_math)), (np, StandIn(np, in_numpy)), *pairs]


def _follow(tape, operation, original):
    def call(*xs):
        operands = list(xs[0]) if operation == "sum" else xs
        if not any(isinstance(x, Shadow) for x in operands):
            return original(*xs)
        if operation == "log" and len(xs) == 2:
            return call(xs[0]) / call(xs[1])
        in_float = None if operation == "sum" else original
        return tape.apply(operation, *operands, in_float=in_float)

    return call


def _test(original):
    return lambda x: original(x.v if isinstance(x, Shadow) else x)


def _elementwise(original, function, dtype=None):
    def call(*xs, **options):
        try:
            return original(*xs, **options)
        except TypeError:  # an array of objects
            result = np.frompyfunc(function, len(xs), 1)(*xs)
            return result if dtype is None else np.asarray(result, dtype)[()]

    return call


@dataclasses.dataclass(frozen=True, repr=False)
class Trace:
    """What `trace` returns; its text and HTML views show the source with the digits left.

    Attributes
    ----------
    value : what f returned, in float64
    exact : the same with mpmath numbers (float64 arrays become arrays of objects)
    digits : float
        Correct digits of the worst component of the value; nan if f returned no float.
    components : the same as value, with the digits of each component
    lines : tuple of Line
        In the order of the source; f first, then the functions it calls.
    shows, cause : Mark or None
        The operation at which most digits show as lost, and the one whose rounding that
        loss amplified; None where nothing was lost.
    plain : what f returns without a shadow
    note : str
        Whether the plain run differs, and what else concerns the run as a whole.
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

    Every float among the arguments (in lists, tuples, dicts and float64 arrays too)
    is exact data and carries its exact value through f.  Numbers that f computes
    without touching one count as exact data as well.  Control flow follows float64.

    Parameters
    ----------
    f : function
        Of a file, a notebook cell, a lambda, nested, a bound method, recursive, decorated.
        It is run twice, or three times, on copies of its arguments.
    *args, **kwargs
        Its arguments; floats must be float64, and at least one must be there.
    digits : int
        Digits of the exact values.  Where so many cancel, f is run again with 700.

    Returns
    -------
    Trace
        Its ``digits`` are min(16, -log10 |v - r|/|r|), at least 0, for the value v and the
        exact r; if r = 0, they are 16 for v = 0 and else 0.

    Raises
    ------
    ShadowLost
        Where f turns a number into a float or int, stores it in a float array, or gives it
        to compiled code.
    TypeError
        If f is no Python function, or no argument holds a float, or one of other precision.

    References
    ----------
    Benz, Hildebrandt & Hack, PLDI 2012, "A dynamic program analysis to find floating-point
    accuracy problems"; Sanchez-Stern et al., PLDI 2018, "Finding root causes of floating
    point error" (Herbgrind).

    Examples
    --------
    >>> result = trace(lambda x: (x + 1) - x, 1e16)
    >>> result.value, result.digits
    (0.0, 0.0)
    >>> result.cause.operation, result.shows.operation
    ('addition', 'subtraction')
    """
    plain = _plain_run(f, args, kwargs)
    try:
        tape, result = _traced_run(f, args, kwargs, digits)
    except _PrecisionError:
        tape, result = _traced_run(f, args, kwargs, max(DEEP, 4 * digits), deep=True)
    return _report(f, tape, result, plain)


def _plain_run(f, args, kwargs):
    args, kwargs = copy.deepcopy((args, kwargs))
    with np.errstate(all="ignore"):
        return _fresh(f)(*args, **kwargs)


def _traced_run(f, args, kwargs, digits, deep=False):
    tape, f = _Tape(digits, deep), _fresh(f)
    packages = {__package__, (_innermost(f).__module__ or "").split(".")[0]}
    tape.rebuild = Rebuilder(_exchange(tape), tape.lift, packages)
    f = tape.rebuild(f)
    args, kwargs = tape.lift(copy.deepcopy((args, kwargs)))
    if not tape.followed:
        raise TypeError("trace follows floats, but no argument holds one: write 2.0 for 2")
    try:
        with np.errstate(all="ignore"):
            return tape, f(*args, **kwargs)
    except (ShadowLost, _PrecisionError):
        raise
    except Exception as error:  # the plain run went well, so the shadow is the cause
        raise tape.lost(error) from error


def _fresh(f):
    """Return f, bound to a copy of its object if it is a method."""
    if isinstance(getattr(type(f), "__call__", None), FunctionType):  # noqa: B004
        f = f.__call__
    if isinstance(f, MethodType):
        return MethodType(f.__func__, copy.deepcopy(f.__self__))
    if not hasattr(_innermost(f), "__code__"):
        raise TypeError(f"trace needs a Python function, got {f!r}: write lambda x: f(x)")
    return f


def _innermost(f):
    """Return the function inside a method, partial or cache."""
    for name in ("__func__", "func", "__wrapped__"):
        if not isinstance(f, FunctionType) and hasattr(f, name):
            return _innermost(getattr(f, name))
    return f


def _mapped(tree, leaf, dtype):
    """Return a result with leaf applied to each number in it; arrays get a dtype."""
    if _is_number(tree) or hasattr(tree, "_mpf_"):
        return leaf(tree)
    if isinstance(tree, np.ndarray) and tree.dtype.kind in "fO":
        out = np.empty(tree.shape, dtype)
        for index in np.ndindex(tree.shape):
            out[index] = _mapped(tree[index], leaf, dtype)
        return out
    if isinstance(tree, dict):
        return {key: _mapped(value, leaf, dtype) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        items = [_mapped(item, leaf, dtype) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        fields = {f.name: getattr(tree, f.name) for f in dataclasses.fields(tree)}
        return dataclasses.replace(tree, **_mapped(fields, leaf, dtype))
    return tree


def _numbers(tree):
    """Return the numbers in a result as a flat list."""
    found = []
    _mapped(tree, lambda number: found.append(number) or 0.0, float)
    return found


def _report(f, tape, result, plain):
    """Put together what a run has recorded."""
    value = _mapped(result, lambda x: x.v if isinstance(x, Shadow) else x, float)
    exact = _mapped(result, tape.exact, object)
    components = _mapped(result, lambda x: x.digits if isinstance(x, Shadow) else FULL, float)
    digits = min(_numbers(components), default=math.nan)
    story = Story(tape.records, _innermost(f).__code__, digits)
    name = getattr(_innermost(f), "__name__", "").strip("<>")
    note = "; ".join(_remarks(tape, value, exact, plain))
    shows, cause = story.mark(story.shows), story.mark(story.cause)
    return Trace(
        name, value, exact, digits, components, story.lines, shows, cause, plain, note, story.rows
    )


def _remarks(tape, value, exact, plain):
    """Say what concerns the run as a whole."""
    if tape.unsettled:
        yield "even 700 digits were not enough for the exact values"
    ours, theirs, truth = _numbers(value), _numbers(plain), _numbers(exact)
    if len(ours) != len(theirs):
        yield "a plain run returns something of another shape"
    elif not np.array_equal(ours, theirs, equal_nan=True):
        kept = min(_digits(tape.mp.mpf(p), r) for p, r in zip(theirs, truth, strict=True))
        yield (
            "a plain run adds in another order than number by number and returns other floats, "
            f"with {whole(kept)} digits right"
        )
