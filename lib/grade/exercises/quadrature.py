"""Check the exercises of the chapter on quadrature."""

import functools
from math import cos, erf, erfc, exp, isfinite, log, pi, prod, sqrt

import numpy as np

from lib import grade
from lib.calculus import adaptive

# Of the panels that the chapter prints: where they lead to, the exponent there, the last error.
PLACE, EXPONENT, LAST = 2.0, 0.25, 3.3e-6
HALVINGS = log(LAST / 1e-9) / log(2 ** (1 + EXPONENT))
# The answers of two people, and their bars.
APART, ADAS, BENS = 0.0032, 3e-10, 5e-10
LEAST_WIDTH = 0.007
VALUES = 20_000  # of g, for one expectation


def check_read(answer):
    """Judge how a list of panels was read: the place, the exponent, the halvings still to come.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((2, 1.25, 9.4)).note
    'the power of 2 is 1 + a: take 1 off'
    """
    return grade.check_value(
        answer, (PLACE, EXPONENT, HALVINGS), within=(0.003, 0.05, 1.0), known=MISREADINGS,
        name="reading of the panels", parts=("the place", "the exponent", "halvings to come"))


# By what was read of the panels, if it was not the place, the exponent and the number to come.
MISREADINGS = {
    "the power of 2 is 1 + a: take 1 off": (..., 1 + EXPONENT, ...),
    "this is the factor from line to line; its power of 2 tells a": (..., 2 ** (1 + EXPONENT), ...),
    "a power of 2, so the logarithm to the base 2": (..., log(2 ** (1 + EXPONENT)) - 1, ...),
    "for a root the error falls by 2.83 a line, for a jump by 2": (..., 0.5, ...),
    "for a jump the error falls by 2 a line": (..., 0.0, ...),
    "the errors fall by more than 2 a line, so a is above 0": (..., -EXPONENT, ...),
    "all panels contain the place, and the shortest says most": (2.5, ..., ...),
    "this is how many digits are missing, not how many halvings": (..., ..., log(LAST / 1e-9, 10)),
    "a halving divides the error by more than 2": (..., ..., log(LAST / 1e-9, 2)),
    "a halving gains 2.83 for a root, and less here": (..., ..., HALVINGS - 1.5),
    "count from the last line, not from the first": (..., ..., HALVINGS + 10)}


def check_judge(answer):
    """Judge which of two answers to believe, and how many times too far apart they lie.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 4e6)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, ("Ben", APART / (ADAS + BENS)), choices=("Ada", "Ben"), factor=1.03,
        number="how many times too far", known={
            "this takes Ada's bar alone; both may be off": APART / ADAS,
            "this takes Ben's bar alone; both may be off": APART / BENS,
            "the two errors may have opposite signs: the bars add up": APART / (BENS - ADAS),
            "no chance is involved here, which would add squares: bars add up":
                APART / sqrt(ADAS**2 + BENS**2),
            "this is how far apart they are, not how many times too far": APART})


def check_mean(answer):
    """Judge `circle_mean(f, n)`: exact up to frequency n - 1, from one call with n angles.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report

    Examples
    --------
    >>> check_mean(lambda f, n: 0.0).passed
    False
    """
    # What a wave was asked is kept here, where an answer does not see it.
    heard, means, cases = {}, {}, {}
    for label, (wave, n, mean) in _waves().items():
        listening, angles = _listening(wave)
        cases[label] = listening, n
        heard[listening], means[listening] = angles, mean

    def faults(found, f, n):
        if np.shape(found):
            return {f"of shape {np.shape(found)}, but one number is wanted": True}
        return _asked(heard[f], n) or _wrong_mean(found, means[f], np.max(_gaps(heard[f][0])), n)

    return grade.check_identity(answer, faults, cases, bound=1e-13, name="circle_mean")


def _asked(calls, n):
    """Return what is wrong with the angles at which a wave was asked."""
    if len(calls) != 1:
        return {f"f was called {len(calls)} times, once is asked for": True}
    if calls[0].shape != (n,):
        return {f"f was asked at an array of shape {calls[0].shape}, ({n},) is wanted": True}
    return {"two of the angles are the same point": True} if np.min(_gaps(calls[0])) < 1e-9 else {}


def _gaps(angles):
    """Return the distances of neighbouring angles around the circle."""
    around = np.sort(np.mod(angles, 2 * pi))
    return np.diff(around, append=around[0] + 2 * pi)


def _wrong_mean(found, mean, widest, n):
    """Return by how much a mean is off, and why, where the angles or the number tell."""
    if abs(found - mean) <= 1e-13:
        return {"off by": found - mean}
    told = {"off: this is the integral; divide by the period": abs(found - 2 * pi * mean) < 1e-12,
            f"off: two neighbouring angles lie {widest:.4g} apart, where {n} equal steps around "
            f"the circle are {2 * pi / n:.4g}": bool(widest > 1.001 * 2 * pi / n)}
    return told | {f"got {found:.6g}, expected {mean:.6g}: off by": found - mean}


def _waves():
    """Return functions of period 2 pi by name, with a number of angles and their mean."""
    return {"cos x, n = 8": (np.cos, 8, 0.0),
            "cos 7x, n = 8": (lambda x: np.cos(7 * x), 8, 0.0),
            "2 + sin(5x + 1), n = 6": (lambda x: 2 + np.sin(5 * x + 1), 6, 2.0),
            "exp(cos x), n = 24": (lambda x: np.exp(np.cos(x)), 24, float(np.i0(1.0))),
            "cos 60x, n = 61": (lambda x: np.cos(60 * x), 61, 0.0),
            "cos x, n = 2": (np.cos, 2, 0.0),
            "3, n = 1": (lambda x: 3.0 + 0.0 * x, 1, 3.0)}


def _listening(wave):
    """Return a function that keeps a copy of what it is asked, and the list of these."""
    calls = []

    def f(x):
        calls.append(np.array(x, float))
        return wave(x)

    return f, calls


def check_blind(answer):
    """Judge where `adaptive` is blind: the middle and the width of a peak that it does not see.

    Parameters
    ----------
    answer : tuple of two numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_blind((0.5, 0.007)).passed
    False
    """
    near = "a point that adaptive asks lies within four widths of c, and sees the peak"
    return grade.check_counterexample(
        answer, _missed, above=0.99, name="blind", unit="of the peak are missed", valid=ADMITTED,
        known={near: lambda c, w: np.min(np.abs(_points() - c)) < 4 * w})


def _missed(c, w):
    """Return the share of a peak that is missing in what `adaptive` finds, 0 where it says so."""
    found = adaptive(lambda x: 1 + np.exp(-(((x - c) / w) ** 2)), 0, 1, rtol=1e-9)
    peak = w * sqrt(pi) / 2 * (erf((1 - c) / w) + erf(c / w))
    return float(found.converged) * (1 + peak - found.value) / peak


@functools.cache
def _points():
    """Return the points at which `adaptive` asks for the values of 1."""
    listening, calls = _listening(np.ones_like)
    adaptive(listening, 0, 1)
    return np.sort(np.concatenate(calls))


# What the task admits.
ADMITTED = {"two finite numbers": lambda c, w: isfinite(c) and isfinite(w),
            "c between 0 and 1": lambda c, w: 0 < c < 1,
            f"w of {LEAST_WIDTH} at least": lambda c, w: w >= LEAST_WIDTH}


def check_expectation(answer):
    """Judge `expectation(g, mean, deviation)`: nine digits, by at most 20 000 values of g.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report

    Examples
    --------
    >>> check_expectation(lambda g, mean, deviation: float(g(np.array([mean]))[0])).passed
    False
    """
    cases, values = {}, {}
    for label, (g, mean, deviation, value) in _expectations().items():
        counted = _counted(g)
        cases[label] = counted, mean, deviation
        values[counted] = value, SIZES.get(label, value(mean, deviation))

    def faults(found, g, mean, deviation):
        if np.shape(found):
            return {f"of shape {np.shape(found)}, but one number is wanted": True}
        return _wrong_expectation(found, *values[g], float(g.plain(np.array([mean]))[0]), mean,
                                  deviation)

    return grade.check_identity(answer, faults, cases, bound=1e-9, name="expectation")


def _wrong_expectation(found, of, size, at_mean, mean, deviation):
    """Return by how much an expectation is off, with its name if it is a known mistake's."""
    value = of(mean, deviation)
    off = (found - value) / size
    if abs(off) <= 1e-9:
        return {"off by": off}
    slips = {"nearly nothing: the mass was missed": 0.0,
             "this is g at the mean": at_mean,
             "the density lacks 1 / deviation, or g its place": value * deviation,
             "the density has 1 / deviation once too often": value / deviation,
             "the deviation was taken for a variance": of(mean, sqrt(deviation)),
             "the density lacks 1 / sqrt(2 pi)": value * sqrt(2 * pi)}
    numbers = f"got {found:.10g}, expected {value:.10g}: "
    step = np.spacing(mean) / deviation
    if abs(off) < step < 1e-6:  # the density of x - mean is no better than these
        numbers += f"neighbouring floats x lie {step:.1e} deviations apart, those of z do not; "
    told = {numbers + slip: True for slip, wrong in slips.items()
            if abs(found - wrong) <= 1e-6 * size < abs(found - value)}
    return told | {f"{numbers}off by": off}


def _expectations():
    """Return functions, means and deviations by name, and E g(X) as a function of these two."""
    half = sqrt(2 / pi)
    return {"1": (np.ones_like, 3.0, 1.0, lambda m, s: 1.0),
            "x, mean 800": (lambda x: x, 800.0, 1.0, lambda m, s: m),
            "x², mean 1e6, deviation 1e-3": (lambda x: x**2, 1e6, 1e-3, lambda m, s: m * m + s * s),
            "(x - 800)² + 1": (lambda x: (x - 800) ** 2 + 1, 800.0, 4.0, lambda m, s: s * s + 1),
            "x³, mean 0": (lambda x: x**3, 0.0, 2.0, lambda m, s: 0.0),
            "x²⁰, mean 0": (lambda x: x**20, 0.0, 1.0, lambda m, s: s**20 * prod(range(1, 20, 2))),
            "|x - 5| / 1e12": (lambda x: abs(x - 5) / 1e12, 5.0, 0.1, lambda m, s: s * half / 1e12),
            "max(x - 103, 0), mean 100":
                (lambda x: np.maximum(x - 103, 0), 100.0, 2.0, lambda m, s: _beyond(103 - m, s)),
            "max(x - 110, 0), mean 100":
                (lambda x: np.maximum(x - 110, 0), 100.0, 1.0, lambda m, s: _beyond(110 - m, s)),
            "cos x, mean 50": (np.cos, 50.0, 1.0, lambda m, s: cos(m) * exp(-s * s / 2))}


# E abs(g(X)), or a bound of it, where it is not abs(E g(X)).
SIZES = {"x³, mean 0": 16 * sqrt(2 / pi), "cos x, mean 50": 1.0}


def _beyond(distance, deviation):
    """Return the expectation of max(X - distance, 0) for a normal X with mean 0."""
    z = distance / deviation
    return deviation * (exp(-z * z / 2) / sqrt(2 * pi) - z * erfc(z / sqrt(2)) / 2)


def _counted(g):
    """Return g, for so many values."""
    used = [0]

    def counted(x):
        used[0] += np.size(x)
        if used[0] > VALUES:
            raise RuntimeError(f"more than {VALUES} values of g")
        return g(x)

    counted.plain = g
    return counted


def check_bars(answer):
    """Judge four numbers about error bars and dimensions.

    Parameters
    ----------
    answer : tuple of four numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_bars((10, 5, 0.818, 4**12)).note
    'the bar falls with the root of the number of samples'
    """
    return grade.check_value(
        answer, (100.0, 5.0, 0.99**20, 4.0**12), factor=1.02, name="numbers about bars",
        parts=("samples for a tenth", "25 copies", "a bar of 0", "values in 12 dimensions"), known={
            "the bar falls with the root of the number of samples": (10.0, ..., ..., ...),
            "ten times shorter, not ten digits": (1e20, ..., ..., ...),
            "the bar falls with the root of the number of copies": (..., 25.0, ..., ...),
            "too short by a factor above 1": (..., 0.2, ..., ...),
            "this is the chance of one hit or more": (..., ..., 1 - 0.99**20, ...),
            "this is the expected number of hits": (..., ..., 0.2, ...),
            "one sample may miss, but all twenty have to": (..., ..., 0.99, ...),
            "points multiply from dimension to dimension": (..., ..., ..., 48.0),
            "4 points in each of 12 dimensions, not the reverse": (..., ..., ..., 12.0**4)})


def check_log(answer, seed=1906):
    """Judge `log_mean(logs)`: the logarithm of a mean of weights, and its standard error.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the weights.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_log(lambda logs: (np.log(np.mean(np.exp(logs))), 0.0)).passed
    False
    """
    rng = np.random.default_rng(seed)
    wide = 2 * rng.standard_normal(300)
    cases = {"two": rng.uniform(-1, 1, 2), "300, normal": wide, "equal": np.full(7, -3.0),
             "near +1000": 1000 + rng.standard_normal(50), "near -1000": wide - 1000,
             "some weights of 0": np.where(np.arange(40) % 3 == 0, -np.inf, rng.uniform(0, 2, 40)),
             "one large": np.append(np.zeros(99), 30.0)}
    return grade.check_identity(answer, _log_mistakes, cases, bound=1e-9, name="log_mean")


def _log_mistakes(found, logs):
    """Return what is known to be wrong with a log-mean and its bar, and by how much they err."""
    if np.shape(found) != (2,):
        return {f"of shape {np.shape(found)}, but two numbers are wanted": True}
    value, bar = _log_mean(logs)
    if _close(found[0], bar, bar) and _close(found[1], value, 1.0) and bar != value:
        return {"the two numbers are swapped": True}
    told = (_told("the value: ", found[0], value, 1.0, _log_slips(value, logs))
            | _told("the bar: ", found[1], bar, bar, _bar_slips(value, bar, logs)))
    if told and not np.all(np.isfinite(found)):
        return told
    off = found[0] - value, (found[1] - bar) / (bar or 1.0)
    return told | {f"the {part}{_gap(got, right, error)}": error for part, got, right, error in
                   zip(("value", "bar"), found, (value, bar), off, strict=True)}


def _told(part, found, right, size, slips):
    """Return the slips that give what was found, as one fault; without one where it is right."""
    same = [slip for slip, wrong in slips.items() if _close(found, wrong, size)]
    return {part + ", or ".join(same): True} if same and not _close(found, right, size) else {}


def _log_mean(logs):
    """Return the logarithm of the mean of weights, and its standard error."""
    weights = np.exp(logs - np.max(logs))
    mean, n = np.mean(weights), len(logs)
    return float(np.max(logs) + np.log(mean)), float(np.std(weights, ddof=1) / sqrt(n) / mean)


def _log_slips(value, logs):
    """Return log-means by what was done wrong."""
    finite = logs[np.isfinite(logs)]
    return {"the number of weights is missing": value + log(len(logs)),
            "the mean of the logarithms is smaller than the logarithm of the mean": np.mean(finite),
            "the mean of the logarithms, -inf for a weight of 0":
                np.mean(logs) if len(finite) < len(logs) else np.nan,
            "weights of 0 count in the mean": value + log(len(logs) / len(finite)),
            "exp overflows, so divide by the largest weight first":
                np.inf if np.max(logs) > 709 else np.nan,
            "exp underflows, so divide by the largest weight first":
                -np.inf if np.max(logs) < -745 else np.nan}


def _bar_slips(value, bar, logs):
    """Return standard errors by what was done wrong."""
    n, over_largest = len(logs), np.exp(value - np.max(logs))  # the mean weight, over the largest
    return {"that of the mean; divide by the mean": bar * np.exp(value),
            "that of weights over the largest; divide by their mean": bar * over_largest,
            "the variance in place of its root": bar**2 * over_largest * sqrt(n),
            "the variance of the mean; its root is wanted": bar**2 * over_largest,
            "the deviation of one weight; divide by the root of n": bar * sqrt(n),
            "divided by n, not by its root": bar / sqrt(n),
            "the variance has the denominator n - 1": bar * sqrt((n - 1) / n),
            "two standard errors, one is asked for": 2 * bar,
            "its logarithm": np.log(bar) if bar else np.nan}


def _close(found, wanted, size):
    """Return whether two numbers agree to 1e-6 of a size, or are the same infinity."""
    return bool(found == wanted or abs(found - wanted) <= 1e-6 * (size or 1e-9))


def _gap(got, right, error):
    """Return how a number is wrong, where it is."""
    if abs(error) <= 1e-9:
        return ""
    return f": got {got:.8g}, expected {right:.8g}, too {'large' if got > right else 'small'} by"
