"""Hold the course's hostile cases against a routine."""

from numbers import Integral, Real

import numpy as np

from lib.grade.certify.certificate import Certificate
from lib.grade.certify.cholesky import CHOLESKY
from lib.grade.certify.exponentials import LOGSUMEXP, SOFTMAX
from lib.grade.certify.factors import EIGH, QR
from lib.grade.certify.faults import FORGETS, MEMORY, OVERWRITTEN, likely
from lib.grade.certify.integrals import QUADRATURE
from lib.grade.certify.iterations import CG
from lib.grade.certify.kinds import DTYPES, Case
from lib.grade.certify.limits import NO_LIMIT, Guard
from lib.grade.certify.running import Routine, judge
from lib.grade.certify.scripts import origin_of, script_of
from lib.grade.certify.slopes import GRADIENT
from lib.grade.certify.systems import LEAST_SQUARES, SOLVER
from lib.grade.certify.totals import SUM, VARIANCE
from lib.grade.judging import name_of
from lib.grade.report import VERDICTS, attempt, short
from lib.grade.report import Case as Row

KINDS = {kind.name: kind for kind in (SOLVER, LEAST_SQUARES, QR, CHOLESKY, EIGH, SUM, VARIANCE,
                                      LOGSUMEXP, SOFTMAX, QUADRATURE, GRADIENT, CG)}
TOTAL = 10  # times the limit of a call: that of all calls together


def certify(f, what, *, seed=None, seconds=2.0, dtype="float64", origin=None):
    """Hold the hostile cases of a kind of routine against f.

    Parameters
    ----------
    f : callable
        Of the signature that ``KINDS[what].signature`` tells. NumPy, SciPy, or torch on the CPU:
        where f takes no arrays, and its file imports torch, it is given tensors.
    what : str
        One of `KINDS`: solver, least_squares, qr, cholesky, eigh, sum, variance, logsumexp,
        softmax, quadrature, gradient, cg.
    seed : int, optional
        From which the cases are drawn; a fresh one by default, which the certificate tells.
    seconds : float
        Limit of each call, from 0.05 to 3600; all calls together have ten times as much. What is
        left when that is spent, or after three calls without a result, is not attempted. There is
        no limit outside of the main thread, on Windows and in a browser, which the certificate
        says.
    dtype : {"float64", "float32"} or dtype
        Format of what f is given. Bounds are in its unit roundoff u.
    origin : str, optional
        ``FILE.py:FUNCTION`` or ``module:function``, for the script.

    Returns
    -------
    Certificate
        A `Report` with one row for each case, and with `.script`, `.fault` and `.json()`. A right
        algorithm is stable in every case: each docstring of a measure says which bound it takes
        from theory, and what it adds. Beyond, up to sqrt(u) a case is unstable, up to 1e-2
        inaccurate, and then wrong. An exception, nan, a wrong shape or type and a changed argument
        are wrong as well; another float format than came in is another road.

    Raises
    ------
    TypeError
        If f cannot be called, or seed is no whole number.
    ValueError
        If what, dtype, seed or seconds is none of these.

    Examples
    --------
    >>> certify(lambda A, b: np.linalg.inv(A) @ b, "solver", seed=11).verdict
    'inaccurate'
    >>> certify(np.linalg.solve, "solver", seed=11).passed
    True
    """
    what, dtype, seed = _checked(f, what, dtype, seed, seconds)
    # Draw the cases, judge each, judge some again, and say what is worst.
    kind, guard, bring = KINDS[what], Guard(seconds, TOTAL * seconds), origin_of(f, origin)
    routine = Routine(f, guard)
    cases = [Case(kind, trial, [seed, number], dtype) for number, trial in enumerate(kind.trials)]
    results = [judge(routine, case) for case in cases]
    _refused(results)
    results[0] = _again(routine, results[0], Case(kind, kind.trials[0], [seed, 0], dtype))
    # The plainest case with other numbers, so that the call before has a later one, too.
    judge(routine, Case(kind, kind.trials[0], [seed, len(cases)], dtype))
    _overwritten(routine, results)
    told = {}
    if any(result.verdict not in ("stable", "not attempted") for result in results):
        worst = min(results, key=lambda result: VERDICTS.index(result.verdict)
                    if result.verdict != "not attempted" else len(VERDICTS))
        _steady(routine, worst)
        fault, chapter = likely(results, routine)
        told = {"script": script_of(worst, bring, routine.tensors), "chapter": chapter,
                "fault": f"{fault} See chapters/{chapter}.html."}
    rows = tuple(_row(kind.word, result) for result in results)
    return Certificate(origin or name_of(f), rows, what=what, dtype=dtype, seed=seed,
                       remarks=_remarks(guard), good=kind.word or "stable",
                       numbers=tuple((one.number, one.bound) for one in results), **told)


def _checked(f, what, dtype, seed, seconds):
    """Return the kind, the name of the format, and a seed; refuse what is none, with a remedy."""
    if not callable(f) and f is not Ellipsis:
        raise TypeError(f"{short(f)} is no function: give the routine itself, without brackets")
    if what not in KINDS:
        raise ValueError(f"no kind {what!r}: choose one of {', '.join(KINDS)}")
    # The format may be given as a type, too.
    name = attempt(lambda: np.dtype(dtype).name, lambda problem: None)
    if dtype is None or name not in DTYPES:
        raise ValueError(f"no dtype {dtype!r}: choose float64 or float32")
    if not isinstance(seconds, Real) or not 0.05 <= seconds <= 3600:
        raise ValueError(f"seconds = {seconds!r} is no limit: choose some from 0.05 to 3600")
    if seed is None:
        return what, name, int(np.random.default_rng().integers(2**31))
    if not isinstance(seed, Integral):
        raise TypeError(f"seed = {seed!r} is no whole number: choose one from 0 on")
    if seed < 0:
        raise ValueError(f"seed = {seed} is negative: choose one from 0 on")
    return what, name, int(seed)


def _row(word, result):
    return Row(result.case.trial.name, result.verdict, result.reason,
               word * (result.verdict == "stable"))


def _remarks(guard):
    """Return what the routine said, and whether there was a limit."""
    said = [f"It prints: {short(guard.printed, 60)!r}."] if guard.printed else []
    said += [f"It warns: {'; '.join(list(guard.warned)[:3])}."] if guard.warned else []
    return (*said, *[NO_LIMIT] * (not guard.limited))


def _refused(results):
    """Let it be no refusal of a routine to raise, where it raises in every case."""
    others = [one for one in results if not one.case.trial.refuses]
    for one in results:
        if one not in others and all(other.reason.startswith("raised") for other in others):
            one.verdict, one.reason = "wrong", one.reason.removeprefix("refused, as it has to: ")


def _again(routine, first, case):
    """Return the Result of the first case, or that of calling it once more, if that is worse."""
    again = judge(routine, case)
    if again.verdict in (first.verdict, "not attempted") or again.badness <= first.badness:
        return first
    again.said, again.repeats = FORGETS, True
    again.reason = f"called again, {again.reason}"
    return again


def _overwritten(routine, results):
    """Call wrong what a later call overwrote, in every case of which it was seen.

    The second call of the first case counts where nothing before it was overwritten.
    """
    last, found = routine.calls, routine.overwritten()
    if found and (first := results[0].case.trial.name) != next(iter(found)):
        found.pop(first, None)
    for one in results:
        if call := found.get(one.case.trial.name):
            one.verdict, one.reason, one.label = "wrong", OVERWRITTEN, ""
            one.number = one.bound = None
            one.repeats, one.call, one.later = False, call, last - call
            one.said = MEMORY.format(name=next(iter(found)))


def _steady(routine, worst):
    """Note of the worst result whether it fails by itself, or in the order of the calls alone."""
    if worst.said or worst.verdict == "another road":
        return
    if judge(routine, worst.case).verdict == "stable":
        worst.said, worst.repeats = FORGETS, True
