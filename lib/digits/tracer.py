"""Show on which line of a function the digits go.

`trace` runs a function on numbers that carry a shadow: beside the float value v goes the
exact value r, computed by the same operations in 60 digits.  After every operation the two
are compared, and what the operation did is put down to its line.
"""

import dataclasses
import inspect
import math
import sys

import numpy as np

from lib.digits.compare import differences, hidden
from lib.digits.records import FULL, named, said, whole
from lib.digits.runs import check, function_of, innermost, run_plain, run_traced
from lib.digits.shadow import Shadow, digits_of, unmarked
from lib.digits.story import Line, Mark, Raised, Story
from lib.digits.values import REAL, leaves, mapped
from lib.digits.values import plain as as_plain
from lib.digits.view import html_view, text_view
from lib.numbers import FP64, Format

ANOTHER_WAY = "a plain run took another way"
REORDERED = 1000  # by so many times its error, at most, a sum changes with the order of its terms


@dataclasses.dataclass(frozen=True, repr=False, eq=False)
class Trace:
    """What `trace` returns; its text and HTML views show the source with the digits left.

    Attributes
    ----------
    name : str
        The function's.
    value : object
        What f returned, in floats, which the objects and keys in it hold as well, and arrays of
        objects that are numbers in float64; None if it raised.
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
        loss amplified; None where nothing is lost, and no cause where the result keeps its
        digits, as a compensated sum does.
    raised : Raised or None
        What f raised, where, and at which numbers; None if it returned.
    plain : object
        What f returns on plain numbers; None if it raises.
    branch : Mark or None
        The first comparison, or rounding to a whole number, that exact numbers decide otherwise;
        digits, exact and components are those of the way that the floats take.
    stalled : Mark or None
        The sum in which terms left no trace, if they are half of all that was rounded away there;
        of several that with fewest correct digits.
    note : str
        Says so where plain differs from value (in kinds, lengths and keys of containers, in
        attributes and leaves), or value holds what could not be made plain, as a closure; and
        what else concerns the run as a whole.
    rows : tuple of Row
        The listing of the views.
    fmt : Format
        In which f computed.
    full : int
        The digits of a number without error: 16 in float64, 8 in float32, 3 in bfloat16.
    """

    name: str
    value: object
    exact: object
    digits: float
    components: object
    lines: tuple[Line, ...]
    shows: Mark | None
    cause: Mark | None
    raised: Raised | None
    plain: object
    branch: Mark | None
    stalled: Mark | None
    note: str
    rows: tuple
    fmt: Format
    full: int

    def __repr__(self):
        return text_view(self)

    def _repr_html_(self):
        return html_view(self)


def trace(f, *args, digits=60, fmt=FP64, **kwargs):
    """Run f on its arguments and return how many digits are right after each line.

    Every float among the arguments (in lists, tuples, dicts, dataclasses and float64 arrays
    too) is exact and carries its exact value through f.  Numbers that f computes without
    touching one count as exact data as well.  Control flow follows floats: comparisons, the
    whole numbers that math.floor, math.ceil, math.trunc and round(x) give, and exceptions that
    f handles.  Exactly, round(x, 3) is x: rounding to decimals is an error made on purpose.

    Parameters
    ----------
    f : function
        Of a file, a notebook cell, a lambda, nested, a method, recursive, decorated, a partial.
        It is run two to thirteen times; what it prints is shown once.  Each run has copies of its
        own of the arguments, and of the containers, arrays and objects that it reaches through
        globals, closures, defaults and attributes of your modules; their caches are empty.  So
        are generators of random numbers, bytearrays, array.array and io.StringIO; the common
        sources of random and np.random are put back.  So, unlike a plain call, none changes any
        of these, and all runs draw the same.  Iterators, files, memoryviews and objects of other
        libraries are not copied: each run goes on where the last one left them.  Your modules
        are f's, and all that are loaded from elsewhere than the standard library and
        site-packages; their classes lend their methods while a run lasts.  A result out of a
        cache of an installed module, or out of a dict that held it before, counts as exact data.
        Copies are made one by one: a list or array that f changes in place and reaches in a
        second way (as an argument and a global, as a view) is two things for it.
    *args, **kwargs
        Its arguments; floats must be float64, and at least one must be there.
    digits : int
        Digits of the exact values.  Where too many of them cancel, f is run again with 700, and
        then, if it has at most 200 operations, with 5000; where even these are too few, the
        note says so.
    fmt : Format
        Such as lib.numbers.BF16: in which f computes.  Its float arguments are first rounded to
        fmt, and are exact from there on.  Then each single operation, be it inside np.sum or @,
        is rounded to fmt once, correctly; a number in the code that meets one of these is
        rounded as well, and what that does counts as an error of the operation.
        So sums add up in fmt too, where PyTorch and tensor cores have a float32 accumulator;
        nothing raises for overflow or a division by 0, as in their arrays; `plain` is still
        what f returns in float64, and neither compared nor noted.

    Returns
    -------
    Trace
        Its digits are min(16, -log10 |v - r|/|r|), at least 0, for the value v and the
        exact r; if r = 0, they are 16 for v = 0 and else 0.  In another format than float64 the
        most is not 16 but `full`.  Where f raises an
        ArithmeticError, a ValueError or an AssertionError, be it in an operation on floats
        or by its own judgement, the story ends there: `raised` says which operation, at
        which floats, at which exact numbers, how many digits were left, and what the exact
        ones would have given; value, exact and components are None, digits is nan.

    Raises
    ------
    ShadowLost
        Where f turns a number into a float or int, gives it to compiled code, reads it back from
        text, makes it complex, or stores it in an array of floats that is not followed: one that
        f did not make by itself, by np.zeros(n), say, or one of another precision.
    TypeError
        If f is no Python function or returns a generator; if no argument holds a float, or
        one holds another precision, or is masked, sparse or a np.matrix; if fmt is no Format; if
        digits or fmt is given, and f has an argument of that name which no partial binds.
    ValueError
        If digits is no int from 1 on; if an argument is beyond the range of fmt; if fmt is one of
        those that occur inside blocks only (FP4, FP6, E8M0); if a tuple or frozenset contains
        itself, as a member of a list in it, say.
    RecursionError
        Where f calls itself half as deep as Python allows: a traced call takes two frames.
    Exception
        What f raises besides those named above, such as an IndexError, as it is.

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
    >>> raised = trace(lambda x: 1 / ((x + 1) - x), 1e16).raised
    >>> raised.kind, raised.values, [float(r) for r in raised.exact], float(raised.result)
    ('ZeroDivisionError', (1.0, 0.0), [1.0, 1.0], 1.0)
    >>> from lib.numbers import BF16
    >>> trace(lambda w: w - 1e-3 * w, 1.0, fmt=BF16).value  # a weight that stands still
    1.0
    """
    _refuse_shared(function_of(f), digits=digits != 60, fmt=fmt != FP64)
    return trace_call(f, args, kwargs, digits, fmt)


def trace_call(f, args, kwargs, digits=60, fmt=FP64):
    """Trace f(*args, **kwargs), whatever the names of its arguments: digits and fmt are trace's.

    Returns what `trace` returns, and raises what it raises, but takes a tuple and a dict.

    Examples
    --------
    >>> def rounded(x, digits):
    ...     return round(x, digits)
    >>> trace_call(rounded, (0.12345,), {"digits": 3}).value
    0.123
    """
    if type(digits) is not int or digits < 1:
        raise ValueError(f"digits must be an int from 1 on, got {digits!r}: leave it out for 60")
    if not isinstance(fmt, Format):
        raise TypeError(f"fmt must be a Format, such as lib.numbers.BF16: got {fmt!r}")
    if fmt.is_scale or not fmt.has_nan:
        raise ValueError(f"fmt = {fmt} serves inside blocks, and has no nan, no sign or no zero to "
                         "compute with: take E4M3, E5M2 or a wider one")
    f = function_of(f)
    check((args, kwargs), fmt)
    plain = run_plain(f, args, kwargs)
    tape, ending = run_traced(f, args, kwargs, digits, plain, fmt)
    return _report(innermost(f), digits, tape, ending, plain)


def _refuse_shared(f, **given):
    """Refuse an argument that could be meant for f, which has one of that name."""
    bound, own = getattr(f, "keywords", {}), innermost(f).__name__.strip("<>")  # of a partial
    for name in inspect.signature(f).parameters:
        if given.get(name) and name not in bound:
            raise TypeError(f"{name} is an argument of trace and of {own}, too: bind that of {own} "
                            f"by functools.partial({own}, {name}=...), or take trace_call")


def _report(root, digits, tape, ending, plain):
    """Put together what a run has recorded."""
    # One field of the Trace after the other.
    tape.context.dps = digits
    opens = tape.rebuild.opens
    originals = tape.rebuild.originals()
    value = mapped(ending.result, lambda x: originals.get(id(x), as_plain(x)), float, opens)
    precision = tape.precision
    compared = () if precision.narrow else _beside_plain(ending, plain, value, tape)
    note = "; ".join([*_notes(tape), *compared, *_kept(value)])
    if tape.loss and ANOTHER_WAY in note:  # f went on without the shadow
        raise tape.loss
    exact = mapped(ending.result, lambda x: tape.context.mpf(getattr(x, "r", x)) if
                   isinstance(x, (Shadow, float)) else as_plain(x), opens=opens)  # fmt: skip
    components = mapped(ending.result, lambda x: _digits(x, precision.full), float, opens)
    left = min(leaves(components, float, opens), default=math.nan)
    failure = tape.failed(ending.error) if ending.error else None
    numbers = failure.operands if failure else leaves(ending.result, Shadow, opens)
    tape.forget_harmless(numbers)
    records = {place: record for place, record in tape.records.items() if place}
    story = Story(records, root.__code__, failure.digits if failure else left, precision.full)
    cause = None if left >= precision.full - 1 else story.cause
    return Trace(
        root.__name__.strip("<>"), value, exact, left, components, story.lines, story.shows,
        cause, _raised(failure, story), plain.result, story.branch, story.stalled, note, story.rows,
        precision.fmt, precision.full,
    )  # fmt: skip


def _raised(failure, story):
    return failure and Raised(
        type(failure.error).__name__, unmarked(said(failure.error)), story.mark(failure.place),
        tuple(float(x.v) for x in failure.operands), tuple(+x.r for x in failure.operands),
        failure.digits, failure.result and +failure.result.r,
    )  # fmt: skip


def _digits(x, full):
    if isinstance(x, Shadow):
        return x.digits
    return float(full) if isinstance(x, REAL) else as_plain(x)


def _notes(tape):
    """Say what concerns the run as a whole."""
    if tape.precision.changed:
        yield f"numbers that {tape.precision.fmt} cannot hold were rounded to it before use"
    if tape.exact.unsettled:
        yield f"even {tape.exact.digits} digits are too few for the exact values"


def _beside_plain(ending, plain, value, tape):
    """Say how the run differs from a plain one."""
    if plain.error and not ending.error:
        yield f"{ANOTHER_WAY}: it raises {named(type(plain.error).__name__, said(plain.error))}"
    elif not ending.error:
        ours, found = (list(differences(result, plain.result, tape.rebuild.opens))
                       for result in (ending.result, value))  # fmt: skip
        places = {d.place for d in ours}
        yield from _told(ours + [d for d in found if d.place not in places])


def _kept(value):
    """Say what in a value could not be made plain."""
    for name in hidden(value):
        yield f"value holds {name}, in which numbers still have a shadow: return them by themselves"


def _told(found):
    """Say how what a plain run returns differs from ours, and why."""
    strange = [d for d in found if not _is_reordered(d.ours, d.theirs)]
    if strange:
        yield f"{ANOTHER_WAY}: it returns {_contrasted(*strange[0])}"
    elif found:
        kept = min(digits_of(d.ours.tape.context.mpf(float(d.theirs)), d.ours.r, FULL)
                   for d in found)
        yield f"a plain run returns other floats, {whole(kept)} digits right: {_reordering(found)}"


def _reordering(found):
    """Say what adds in another way than one operation after the other."""
    if sys.version_info < (3, 12) or any(isinstance(d.ours.v, np.float64) for d in found):
        return "NumPy adds in an order of its own, and has routines of its own for arrays"
    return "Python's sum, from 3.12 on, carries along what rounding loses"


def _contrasted(place, ours, theirs, is_shape):
    """Say what a plain run has in a place, and what this one has."""
    where = f" at {place.strip()}" if place else ""
    if is_shape:
        return f"something of another shape{where}"
    ours = as_plain(ours)
    if str(ours) == str(theirs):
        ours, theirs = repr(ours), repr(theirs)
    return f"{theirs} where this one returns {ours}{where}"


def _is_reordered(x, y):
    """Return whether sums in another order could make y of the number x."""
    if not isinstance(x, Shadow) or not isinstance(y, (int, float)):
        return False
    if not math.isfinite(x.v) or not math.isfinite(y):
        return False
    errors = [abs(x.m - x.r), FP64.u * abs(x.r), *map(abs, x.shares.values())]
    return abs(x.m - float(y)) <= REORDERED * max(errors)
