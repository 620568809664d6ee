"""One run of a function on numbers with a shadow: what each operation did is recorded here."""

import math
import re

import numpy as np

from lib.digits import records
from lib.digits.code import Source, instruction
from lib.digits.copies import Rebuilder
from lib.digits.entries import Kept
from lib.digits.exact import Exact
from lib.digits.losses import lost
from lib.digits.operations import CHEAP, EDGES, HUGE, OPERATIONS
from lib.digits.precision import COUNTED, Precision
from lib.digits.records import Failure, Record, said
from lib.digits.shadow import NARROW, Shadow, marked, unmarked
from lib.digits.standins import stand_ins
from lib.digits.values import leaves, mapped
from lib.numbers import FP64


class Tape:
    """One run of a function: its arithmetic, and a record for each of its operations.

    Parameters
    ----------
    digits : int
        Digits of the exact values.
    packages : collection of str
        Top-level modules whose functions are followed.
    deep : bool
        Whether these are all the digits that there will be.
    kind : type or None
        What all numbers are: float, np.float64, or each what it is in a plain run.
    fmt : Format
        To which every result is rounded.
    roomy : bool
        Whether arrays of floats that f makes have room for numbers with a shadow.
    """

    def __init__(self, digits, packages, deep=False, kind=None, fmt=FP64, roomy=False):
        self.exact, self.kind, self.precision = Exact(digits, deep), kind, Precision(fmt)
        self.context = self.exact.context
        self.roomy, self.makes_arrays = roomy, False  # whether f has made such arrays
        self.records, self.caught = {}, set()
        self.wrote, self.failure, self.loss = False, None, None
        self.rebuild = Rebuilder(stand_ins(self, Shadow), self.lift, self.returned, packages)

    def lift(self, tree):
        """Return arguments, or their default values, with a shadow on every float64."""
        return mapped(tree, self._lifted, form=Kept if self.kind is np.float64 else np.ndarray)

    def _lifted(self, x):
        if not isinstance(x, float):
            return self.rebuild(x)
        return Shadow(self, self.precision.given(self.kind(x) if self.kind else x))

    def number(self, x):
        """Return x as a number with a shadow; without one it is exact data.

        In a narrower format its v is rounded: an error of the operation that it takes part in.
        """
        if self.precision.narrow and not isinstance(x, Shadow):
            return Shadow(self, self.precision.given(x), m=self.exact.number(x))
        return self._exactly(x)

    def _exactly(self, x):
        """Return x as a number with a shadow, as it is."""
        if isinstance(x, Shadow):
            return x
        if isinstance(x, (float, *NARROW)):
            return Shadow(self, x)
        return Shadow(self, float(x), self.exact.number(x))

    def written(self, text):
        """Return text made of a number, and remember that there is some."""
        self.wrote = True
        return marked(text)

    def apply(self, name, *xs, in_float=None):
        """Do one operation in floats and exactly, and record it; raise what floats raise."""
        # Three results: v in floats, r exactly, and ideal: exactly from the operands in floats.
        own_float, function, derivatives = OPERATIONS[name]
        xs, v, error = self._attempt(name, in_float or own_float, xs)
        self._refuse_huge(name, xs)
        rs, vs = [self.exact.nearest(x.r, EDGES.get(name, ())) for x in xs], [x.v for x in xs]
        r = ideal = self.exact.apply(function, rs, v, vs)
        if any(x.r is not x.m for x in xs):
            ideal = self.exact.apply(function, [x.m for x in xs], v, vs)
        v, error = self.precision.outcome(v, error, ideal, function, xs, self.exact)
        slopes = self.exact.slopes(derivatives, rs, r)
        terms = [abs(x.r * slope) for x, slope in zip(xs, slopes, strict=True)]
        r, blur = self.exact.settled(name, r, xs, terms)
        m = self.context.mpf(float(v))
        rounding = self.exact.difference(m, ideal, error)
        place = self.rebuild.place(name)
        result = Shadow(self, v, r, records.shares(xs, slopes, place, rounding), blur, m)
        if error and not self.context.isfinite(r):  # neither has a result: nothing is lost
            result.digits = min(x.digits for x in xs)
        record = self.record(place)
        record.add(min(x.digits for x in xs), result, records.amplification(terms, r))
        record.rounding = max(record.rounding, records.in_units(rounding, m, self.precision.u))
        self._tell(name, record, result, xs, (ideal, rounding, error))
        if error:
            self.failure = Failure(error, place, tuple(xs), result)
            raise error
        return result

    def record(self, place):
        """Return the record of a place, an empty one at first."""
        return self.records.setdefault(place, Record(self.precision.full))

    def compare(self, relation, x, y):
        """Compare by the values of floats; record if the exact ones decide otherwise."""
        if self.precision.narrow:
            x, y = self.number(x), self.number(y)
        answer = relation(getattr(x, "v", x), getattr(y, "v", y))
        left, right = (n.r if isinstance(n, Shadow) else self.exact.number(n) for n in (x, y))
        worst = min((n for n in (x, y) if isinstance(n, Shadow)), key=lambda n: n.digits)
        return self._decided(worst, answer, relation(left, self.exact.nearest(right, (left,))))

    def whole(self, x, rounding):
        """Return the int that a rounding of v gives; record if that of r is another."""
        whole, r = rounding(x.v), x.r
        if not self.context.isfinite(r):
            return self._decided(x, whole, None)
        return self._decided(x, whole, self.exact.whole(r, rounding))

    def rint(self, x):
        """Return the whole number nearest to x, for NumPy; refuse a part of rounding to decimals.

        The method round of an array multiplies, asks this of every entry, and divides.
        """
        code, offset, _ = self.rebuild.place("")
        position = instruction(code, offset)[1]
        if re.search(r"\.round\([^)]", Source(code.co_filename).expression(position)):
            raise self.lost(reason="the method round of an array")
        return self.whole(x, round)

    def returned(self, result):
        """Record the digits of what a function returns at the line that called it."""
        place, numbers = self.rebuild.place("call"), leaves(result, Shadow)
        if place and numbers:
            worst = min(numbers, key=lambda number: number.digits)
            self.record(place).add(worst.digits, worst, 0.0)

    def lost(self, error=None, reason=""):
        """Return the exception for a shadow lost in the line that runs, or raised the error."""
        place = self.rebuild.place_of(error) if error else self.rebuild.place("")
        loss = lost(place, self.wrote, error, reason)
        loss.needs_room = self.makes_arrays and not self.roomy
        self.loss = self.loss or loss
        return loss

    def failed(self, error):
        """Return what is known of the exception with which the run ended."""
        if not self.failure or self.failure.error is not error:  # f raised it by its own judgement
            self.failure = Failure(error, self.rebuild.place_of(error))
            record = self.records[self.failure.place] = Record(self.precision.full)
            record.runs, record.digits = 1, math.nan
            words = records.named(type(error).__name__, unmarked(said(error)))
            record.events[f"raises {words}"] = None
        return self.failure

    def is_in_doubt(self, ending):
        """Return whether the digits were too few for what a run ended with."""
        failed = self.failure and self.failure.error is ending.error
        numbers = self.failure.operands if failed else leaves(ending.result, Shadow)
        return self.exact.unsettled or any(map(self.exact.doubts, numbers))

    def forget_harmless(self, numbers):
        """Forget what was absorbed where that is no part of the error of numbers."""
        missing = {place for x in numbers for place, share in x.shares.items() if share}
        for place, record in self.records.items():
            if place in self.caught or place not in missing:
                record.absorbed = None

    def _refuse_huge(self, name, xs):
        """Refuse functions of numbers so huge that they would take minutes, or all memory."""
        if name not in CHEAP and any(self.context.isfinite(x.r) and self.context.mag(x.r) > HUGE
                                     for x in xs):
            raise self.lost(reason=f"the exact operand is beyond 2**{HUGE}")

    def _attempt(self, name, function, xs):
        """Return the operands, what a function of floats gives, and None; or nan and its error."""
        if self.precision.narrow:
            xs = [x if name in COUNTED and k else self.number(x) for k, x in enumerate(xs)]
        numbers = list(map(self._exactly, xs))
        try:
            v = function(*(x.v if isinstance(x, Shadow) else x for x in xs))
        except (ArithmeticError, ValueError) as error:
            return numbers, math.nan, error
        if not isinstance(v, (float, *NARROW)):
            raise self.lost(reason=f"the result is {type(v).__name__}")
        return numbers, self.kind(v) if self.kind else v, None

    def _tell(self, name, record, result, xs, outcome):
        """Record what an operation did beyond rounding."""
        # One sentence for each thing that can happen.
        ideal, rounding, error = outcome
        if error:
            record.events[records.raised_words(error, xs, result.r, self.context)] = None
            return
        record.events.update(dict.fromkeys(records.events(
            result.v, xs, ideal, rounding, result.r, self.precision.tiny)))
        if name in ("addition", "subtraction") and rounding:
            record.add_sum(result.v, xs, rounding)
        if result.v and not result.r:  # an error computed on purpose, as in a compensated sum
            half = abs(result.m) / 2
            self.caught |= {place for place, share in result.shares.items() if abs(share) > half}

    def _decided(self, number, answer, exact):
        record = self.record(self.rebuild.place("comparison"))
        record.add(number.digits, number, 0.0)
        if answer != exact:
            record.events[records.ELSEWHERE] = None
        return answer
