"""Check the exercises of the chapter on softmax and log-sum-exp."""

import math
from decimal import Decimal, localcontext

import numpy as np

from lib import grade
from lib.numbers import formats, log_relative_error, logsumexp, softmax

# Of the monitor whose trace the chapter prints; proposed is log1p(-p) for lines 3 and 4.
READING = (2, 3, 11, "no cure")
# The gap of bfloat16 at 300.
JUDGEMENT = ("Ben", 2.0)
# What takes the logarithm of a sum of exponentials in place of the reader.
READY = (*(f"lib.numbers.{name}" for name in ("cross_entropy", "log_softmax", "logsumexp")),
         "numpy.logaddexp", "scipy.special")
HIDDEN = -np.inf
LARGEST = np.finfo(float).max


def check_row(answer):
    """Judge from how many equal terms on three sums of exponentials overflow or stop.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_row((3, 65_504, 256)).cases[1].reason
    '65504 is too small'
    """
    wrong = {
        "you gave how many fit, not the first that does not": (2, ..., ...),
        "bfloat16 has the range of float32, but its digits run out": (..., ..., 3.39e38),
        "you stopped the sum in float16; bfloat16 has 8 significant bits": (..., ..., 2048),
        "you took the limit of the exponent, 11.09": (11.09, ..., ...),
        "65 504 terms fit: asked is the first sum that does not": (..., 65_504, ...),
        "a sum just above 65 504 is rounded down to it": (..., 65_505, ...),
        "a sum just below 65 536 is rounded up to it, if it were there": (..., 65_536, ...),
        "65 519 is still nearer to 65 504 than to 65 536": (..., 65_519, ...),
        "half the gap is 1 already at 256, and a tie goes to the even neighbour": (..., ..., 257)}
    return grade.check_value(
        answer, (3, 65_520, 2**formats.BF16.precision), name="limits",
        parts=("as printed, float16", "shifted, float16", "shifted, bfloat16"), known=wrong)


def check_sigmoid(answer, seed=2016):
    """Judge `log_sigmoid(x)` for one float of any sign and size, to 4 ulp.

    Parameters
    ----------
    answer : callable
    seed : int
        Of six cases beside fifteen that stay the same.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_sigmoid(lambda x: min(x, 0.0)).passed
    False
    """
    ends = (1, 9), (9, 20), (20, 36), (36, 700), (-36, -1), (-1, 1)
    drawn = np.random.default_rng(seed).uniform(*np.transpose(ends))
    cases = {f"{x:.4g}": float(x) for x in (-1e300, -1000, -31, -1, 0, 1, 5, 10, 25, 31, 33, 40,
                                            700, 740, 1e300, *drawn)}
    report = grade.check_accuracy(
        answer, _log_sigmoid, cases, ulps=4, name="log_sigmoid",
        budget=grade.Budget(forbidden=READY), known={
            "as printed, exp(-x) overflows": lambda x: -np.log(1 + np.exp(-np.float64(x))),
            "in 1 + exp(-x) the 1 swallows what is small: the rest wants log1p":
                lambda x: min(x, 0.0) - np.log(1 + np.exp(-abs(x))),
            "this is the other class": lambda x: min(-x, 0.0) - np.log1p(np.exp(-abs(x))),
            "log1p is right, but exp(-x) overflows": lambda x: -np.log1p(np.exp(-np.float64(x))),
            "x - LSE(x, 0) cancels where x is large": lambda x: x - logsumexp([x, 0.0])})
    # The branches of a threshold fail beside it, and nowhere else.
    missed = [abs(cases.get(case.name, 0)) for case in report.cases if case.verdict != "stable"]
    cut = missed and not report.note and 1 < min(missed) <= max(missed) <= 40
    note = "beside a threshold, what either of its branches leaves out still counts"
    return grade.Report(report.name, report.cases, note=note) if cut else report


def _log_sigmoid(x):
    """Return -log(1 + exp(-x)) as a Decimal with 40 digits, or more where 1 hides the rest."""
    if abs(x) > 2000:  # beside which exp(-2000), far below the range, is nothing
        return Decimal(min(x, 0.0))
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 40 + int(abs(x)), 10**6, -(10**6)
        return -(1 + (-Decimal(x)).exp()).ln()


def check_twice(answer):
    """Judge the floors of a loss that takes the softmax twice, for 2 and 1000 classes.

    Parameters
    ----------
    answer : tuple of two numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_twice((0.3133, 5.909)).passed
    True
    """
    sizes = 2, 1000
    floors = [math.log1p((k - 1) / math.e) for k in sizes]
    return grade.check_value(
        answer, tuple(floors), within=(0.0005, 0.005), name="floors",
        parts=("2 classes", "1000 classes"), known={
            "that is the loss of one softmax, which has no floor": (0, 0),
            "that is the loss of a guess, all classes alike": tuple(map(math.log, sizes)),
            "one of the k classes is the true one, and k - 1 are left":
                tuple(math.log1p(k / math.e) for k in sizes),
            "that is the probability, not its logarithm":
                tuple(math.e / (math.e + k - 1) for k in sizes)})


def check_stream(answer, seed=2018):
    """Judge `stream(z)`: the log-sum-exp of finite numbers and -inf, from an iterator.

    Parameters
    ----------
    answer : callable
    seed : int
        Of two rows, one of them with masks, and of where they are.

    Returns
    -------
    Report
        The error may be 4u for the size of the logits, and 4u for each term.

    Examples
    --------
    >>> check_stream(max).passed
    False
    """
    def bound(z):
        seen = np.abs(z[np.isfinite(z)])
        return 4 * formats.FP64.u * (np.max(seen, initial=0) + len(z))

    walked = (lambda z: answer(iter(z))) if callable(answer) else answer
    return grade.check_accuracy(
        walked, logsumexp, _rows(seed), bound=bound, name="stream",
        budget=grade.Budget(forbidden=READY), known={
            "you have left the masked row as it was: -inf - (-inf) is nan": _broken,
            "some logits lie below this start, -1e9": lambda z: _broken(z, -1e9),
            "walked a second time, an iterator has nothing left": lambda z: HIDDEN,
            "you have returned the maximum: the logarithm of the sum is missing": np.max})


def _rows(seed):
    """Return rows of logits, finite or -inf, by what they are there for."""
    rng = np.random.default_rng(seed)
    row = rng.normal(scale=20, size=30)
    row[np.append(0, rng.permutation(30)[:12])] = HIDDEN
    return {"no mask": np.array([1.0, 2.0, 3.0]), "one number": np.array([-3.5]),
            "first masked": np.array([HIDDEN, 0.0, 2.0]), "last masked": np.array([5.0, HIDDEN]),
            "large": np.array([999.0, 1000.0]), "below -1e9": np.array([-2e9, -2e9, HIDDEN]),
            "at -1.7e308": np.array([HIDDEN, -1.7e308]),
            "random": rng.normal(scale=20, size=30), "random masks": row,
            "fully masked": np.array([HIDDEN, HIDDEN])}


def _broken(z, start=HIDDEN):
    """Return what the loop of the task returns, from a start of its own."""
    m, s = np.float64(start), np.float64(0)
    for t in z:
        top = max(m, t)
        m, s = top, s * np.exp(m - top) + np.exp(t - top)
    return m + np.log(s)


def check_attend(answer, seed=2017):
    """Judge `attend(scores, values)`: masked attention in which an empty row gives zeros.

    Parameters
    ----------
    answer : callable
    seed : int
        Of one case of 5 queries, 7 keys and 3 features, with masks and an empty row.

    Returns
    -------
    Report
        Absolute errors may be 16u for the largest value.

    Examples
    --------
    >>> check_attend(lambda scores, values: softmax(scores) @ values).cases[2].verdict
    'wrong'
    """
    def bound(scores, values):
        return 16 * formats.FP64.u * np.nanmax(np.abs(values))

    return grade.check_accuracy(
        answer, _attended, _attention(seed), bound=bound, name="attend", shows={
            "empty row": "a query that sees no key returns zeros",
            "unequal rows": "each query has a maximum of its own"}, known={
            "0 * nan is nan: set the empty row of the result, not of the weights":
                lambda s, v: np.where(_seen(s), softmax(s), 0) @ v,
            "the empty row is not guarded": lambda s, v: softmax(s) @ v,
            "you cleaned a nan of the values too": lambda s, v: np.nan_to_num(softmax(s) @ v),
            "-1e9 is a finite score: an empty row sees all keys":
                lambda s, v: softmax(np.where(s == HIDDEN, -1e9, s)) @ v,
            "the maximum is not subtracted": _plain_attended,
            "that is one maximum for all rows": lambda s, v: _plain_attended(s - np.max(s), v)})


def _attention(seed):
    """Return scores and values, by what they are there for."""
    rng = np.random.default_rng(seed)
    values = np.array([[2.0, 4.0], [6.0, 8.0], [1.0, 3.0]])
    scores = np.where(rng.random((5, 7)) < 0.4, HIDDEN, rng.normal(scale=30, size=(5, 7)))
    scores[:, 0], scores[3] = 0.0, HIDDEN
    with_nan = np.array([[1.0, 2.0], [np.nan, np.nan]])
    return {"two keys": (np.array([[0.0, 1.0, HIDDEN]]), values),
            "huge scores": (np.array([[HIDDEN, 4000.0, 4000.0]]), values),
            "empty row": (np.array([[HIDDEN] * 3, [HIDDEN, 7.0, HIDDEN]]), values),
            "below -1e9": (np.array([[HIDDEN, -LARGEST, -LARGEST]]), values),
            "at -1e9": (np.array([[HIDDEN, -1e9, -1e9]]), values),
            "unequal rows": (np.array([[-4000.0, -4000.0, HIDDEN], [HIDDEN, 9000.0, 9000.0],
                                       [0.0, HIDDEN, 0.0]]), values),
            "one key": (np.array([[-3.5], [HIDDEN]]), values[:1]),
            "nan value": (np.array([[0.0, 1.0], [HIDDEN, HIDDEN]]), with_nan),
            "random": (scores, rng.normal(size=(7, 3)))}


def _attended(scores, values):
    """Return the weighted means of the values; zeros for a row without a key."""
    return np.where(_seen(scores), softmax(scores) @ values, 0)


def _seen(scores):
    """Return which rows have a key that is not masked."""
    return np.isfinite(np.max(scores, axis=-1, keepdims=True))


def _plain_attended(scores, values):
    """Return what the formula as printed gives, where empty rows are guarded."""
    terms = np.exp(scores)
    total = np.sum(terms, axis=-1, keepdims=True)
    return np.where(total == 0, 0, terms / np.where(total == 0, 1, total)) @ values


def check_break(answer):
    """Judge two logits whose shifted sum is not rounded to 1, and whose loss is wrong all the same.

    Parameters
    ----------
    answer : tuple of two floats

    Returns
    -------
    Report

    Examples
    --------
    >>> check_break((20.0, -20.0)).cases[0].reason
    'the task asks for: a gap of at most 36'
    """
    def digits(first, second):
        gap = np.float64(first) - np.float64(second)
        computed = np.log(np.sum(np.exp(np.array([0.0, -gap]))))
        return log_relative_error(computed, np.log1p(np.exp(-gap)))

    return grade.check_counterexample(
        answer, digits, below=1, name="breaker", unit="digits are right", valid={
            "two finite numbers": lambda first, second: bool(np.isfinite(first + second)),
            "z1 above z2": lambda first, second: first > second,
            "a gap of at most 36": lambda first, second: first - second <= 36}, known={
            "the gap has to be near 36, where the small term is a few u":
                lambda first, second: 0 < first - second < 34,
            "the small term is near 2u, where a float is: look half-way to the next":
                lambda first, second: 35.9 < first - second <= 36})


def check_read(answer):
    """Judge how the printed trace was read: two lines, a power of ten, a word.

    Parameters
    ----------
    answer : tuple
        As for `check_trace_reading`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((3, 3, 11, "no cure")).cases[0].reason
    'line 3 only shows what another line has made'
    """
    return grade.check_trace_reading(answer, READING, within=0.25)


def check_judge(answer):
    """Judge which of two remedies helps, and the gap that decides it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 4)).cases[1].reason
    '4 is too large'
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), number="gap of bfloat16 at 300", known={
            "that is half the gap, the largest error of one logit": 1.0,
            "that is the gap at 1": 2.0**-7,
            "that is the gap of float16, which has three bits more": 0.25})
