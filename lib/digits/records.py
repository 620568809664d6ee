"""What one operation of a traced function did, over all its executions."""

import math
from typing import NamedTuple

import numpy as np

from lib.digits.shadow import NARROW

FULL = 16  # digits of a float64 without error
ELSEWHERE = "branch: the exact numbers decide otherwise"
LITTLE = 1.0  # digits: an operation that loses no more does not stand out
MOST_SHARES = 24  # so many origins of an error are kept apart


class Loss(NamedTuple):
    """The execution of an operation that lost most digits."""

    before: float
    after: float
    amplification: float
    shares: dict


class Failure(NamedTuple):
    """What was raised, where, by an operation on which operands, and its exact result."""

    error: Exception
    place: tuple
    operands: tuple = ()
    result: object = None

    @property
    def digits(self):
        """Digits left in the worst operand; nan if no operation raised."""
        return min((x.digits for x in self.operands), default=math.nan)


class Record:
    """What one operation of the source did, over all its executions."""

    def __init__(self, full):
        self.runs, self.digits, self.loss, self.worst = 0, float(full), -math.inf, None
        self.amplification = self.rounding = 0.0
        self.events = {}  # a set that keeps its order
        self.absorbed = None  # a term that left no trace in a sum, and what it was added to
        self.rounded = self.dropped = 0.0  # sizes of all roundings of a sum, and of such terms

    def add(self, before, result, amplification):
        """Add an execution that had so many digits before it."""
        self.runs += 1
        self.digits = min(self.digits, result.digits)
        self.amplification = max(self.amplification, amplification)
        if before - result.digits > self.loss:
            self.loss = before - result.digits
            self.worst = Loss(before, result.digits, amplification, result.shares)

    def add_sum(self, v, xs, rounding):
        """Add an execution of a sum that was rounded to v."""
        size, pair = abs(float(rounding)), absorbed(v, xs)
        self.rounded += size
        if pair:
            self.dropped += size
            self.absorbed = self.absorbed or pair

    @property
    def is_stalled(self):
        """Whether terms that left no trace are at least half of all that was rounded away here."""
        return bool(self.absorbed) and self.dropped >= self.rounded / 2

    def lost_words(self):
        """Say that digits show as lost here: at once, or little by little."""
        if self.loss <= LITTLE and self.runs > 1:
            return f"digits show as lost here little by little: at worst {whole(self.digits)} left"
        before, after = map(whole, self.worst[:2])
        return f"digits show as lost here: {before} before, {after} after"


def amplification(terms, r):
    """Return by how much an operation amplifies relative errors of its operands."""
    total = sum(terms)
    if not total:
        return 0.0 if r else 1.0  # 0 * 0, sqrt(0): as near 0
    return float(total / abs(r)) if r and total == total else math.inf


def shares(xs, slopes, place, rounding):
    """Return the parts of a result's error, to first order, by the operation that made them.

    They are those of the operands xs times the slopes, and the rounding at this place; a part
    without bound is inf.  Of many, the largest are kept.
    """
    parts = {}
    for x, slope in zip(xs, slopes, strict=True):
        for origin, share in x.shares.items():
            parts[origin] = parts.get(origin, 0) + share * slope
    if rounding:
        parts[place] = parts.get(place, 0) + rounding
    parts = {origin: share if share == share else math.inf for origin, share in parts.items()}
    if len(parts) > MOST_SHARES:
        largest = sorted(parts, key=lambda origin: abs(parts[origin]), reverse=True)
        parts = {origin: parts[origin] for origin in largest[: MOST_SHARES // 2]}
    return parts


def in_units(rounding, m, u):
    """Return a rounding error in units of u|m|, where m is the float as an mpmath number."""
    if not rounding:
        return 0.0
    return float(abs(rounding / m)) / u if m and m * 0 == 0 else math.inf


def events(v, xs, ideal, rounding, r, tiny):
    """Name what happened beyond rounding, where numbers are normal from tiny on."""
    if math.isnan(v) and not any(math.isnan(x.v) for x in xs):
        overflow = abs(ideal) < math.inf
        yield ("overflow: the format has no inf, and the result is nan" if overflow
               else "nan: no real number is the result")
    elif math.isinf(v) and all(math.isfinite(x.v) for x in xs):
        overflow = abs(ideal) < math.inf
        yield "overflow: the result is inf" if overflow else "a division by zero, or a pole"
    elif abs(v) < tiny and rounding and abs(ideal) < tiny:  # 0.001 to two decimals is none
        yield "underflow: the result is below the normal numbers"
    if r != r and not math.isnan(v):
        yield "the exact operands have no real result here"
    if isinstance(v, NARROW):
        yield narrow_words(v)


def absorbed(v, xs):
    """Return (term, other) if a rounded sum of two is one of them, and the other is not 0.

    A correction whose exact value is 0, as in a compensated sum, is no term.
    """
    for term, other in (xs, reversed(xs)):
        if abs(v) == abs(other.v):
            return (term.v, other.v) if term.v and term.r else None
    return None


def absorbed_words(term, other):
    """Say that a term left no trace."""
    return f"{abs(float(term)):.3g} is absorbed by {abs(float(other)):.3g}"


def narrow_words(v):
    """Say that a result has the precision of v, a NumPy number of less than 64 bits."""
    info = np.finfo(type(v))
    return f"computed in {info.dtype}: NumPy rounds to {info.precision + 1} digits here"


def named(kind, text):
    """Return the name of an exception, and in brackets what it says."""
    return f"{kind} ({text})" if text else kind


def said(error):
    """Return what an exception says, without its number."""
    return str(error.args[-1]) if error.args else ""


def raised_words(error, xs, result, context):
    """Say what an operation raised, at which operands, and what the exact ones would have given."""
    values, exact = [float(x.v) for x in xs], [x.r for x in xs]
    left = whole(min(x.digits for x in xs))
    at = f"at {_listed(map(repr, values))}"
    if values != exact:
        at += f", exactly {_listed(context.nstr(r, 6) for r in exact)}"
    if context.isnan(result):
        would = "no real number is the exact result either"
    elif context.isinf(result):
        would = "the exact result is infinite, too"
    else:
        would = f"the exact result is {context.nstr(result, 6)}"
    raised = named(type(error).__name__, said(error))
    return f"raises {raised} {at}: {left} digits were left; {would}"


def _listed(words):
    return " and ".join(words)


def whole(digits):
    """Return digits as they are printed: whole, rounded down after adding 0.02."""
    return math.floor(digits + 0.02)
