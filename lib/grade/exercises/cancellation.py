"""Check the exercises of the chapter on cancellation."""

import itertools
import math
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from lib import digits, grade, problems

# Of the loss whose trace the chapter prints; proposed is log1p(p - 1) in place of log(p).
READING = (4, 5, 9, "no cure")
# The condition number of the cosine at the angle of the table.
ANGLE = 1.5707
JUDGEMENT = ("Ben", ANGLE * math.tan(ANGLE))
# Where each of Hamming's expressions is judged: last where the plain form has lost digits, before
# in places where it has not, or not so many, and where a first term of a series does not do.
LARGE, SMALL = ((2.0,), (3e5,), (1e12,)), ((0.5,), (1e-3,), (1e-9,))
STEPS, TAYLOR = ((2.5, 0.5), (0.7, 1e-4), (1.0, 1e-10)), ((1.0,), (0.02,), (1e-4,))
# For the other sign of b it is Viete's form that cancels.
ABOVE, BELOW = (tuple((1.0, sign * b, 1.0) for b in (-1e8, 2e3, 1e8)) for sign in (1, -1))
PLACES = {"example_3_3": STEPS, "example_3_9": TAYLOR, "problem_3_3_2": STEPS,
          "problem_3_3_5": STEPS, "p42_positive": ABOVE, "p42_negative": BELOW,
          "problem_3_2_1_positive": ABOVE, "problem_3_2_1_negative": BELOW,
          "problem_3_4_2": ((1.0, 2.0, 0.5), (1.0, 2.0, 1e-4), (1.0, 2.0, 1e-10)),
          "problem_3_4_5": TAYLOR, "problem_3_4_6": ((2.0, 5.0), (3e5, 5.0), (1e12, 5.0)),
          "section_3_5": STEPS} | dict.fromkeys(
    ["example_3_1", "example_3_5", "example_3_6", "problem_3_3_1", "problem_3_3_3",
     "problem_3_3_4", "problem_3_3_6", "example_3_8"], LARGE)  # of all others SMALL
# What "in float64" keeps out: the tracer's exact values, and other numbers of many digits. (Whose
# kinds are seen in the file of the answer; the functions of a dictionary may have several.)
FLOATS = grade.Budget(forbidden=("lib.digits", "mpmath", "fractions", "decimal"))
FLOAT64 = replace(FLOATS, numbers=("float64",))
# Half is judged from stretch to stretch; and where the plain form, which is nearly good enough
# there, is at its worst.
ENDS = (1e-161, 1e-155, 2e-154, 1e-8, 1e-5, 1e-3, 0.01, 0.1, 0.2, 0.5, 1.0, 1.8, 3.0)
HARD = (0.30259, 0.35401, 0.40598, 0.4386, 0.46361, 0.50035, 0.51274)


def check_count(answer):
    """Judge the digits that are left of five differences, each to one digit.

    Parameters
    ----------
    answer : tuple
        Five numbers.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_count((11, 10)).cases[0].reason
    '2 given, 5 wanted'
    """
    # The factors (|a| + |b|)/|a - b|: 2/x, 2x, 4x, pi N**2 and 2 N log N.
    lost = np.log10([2e5, 2e6, 4e12, math.pi * 1e10, 2e8 * math.log(1e8)])
    return grade.check_value(
        answer, tuple(16 - lost), within=1, name="digits left", units="digits",
        parts=("exp(x) - 1", "1/(x+1) - 1/x", "sqrt(x+1) - sqrt(x)", "arctan", "log"), known={
            "these are the digits that are lost, not those that are left": tuple(lost),
            "you counted no loss at all": (16,) * 5})


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
    >>> check_read((5, 5, 9, "no cure")).cases[0].reason
    'line 5 only shows what another line has made'
    """
    report = grade.check_trace_reading(answer, READING)
    taken = report.note or report.cases[-1].shown == "right" or "'cure'" not in repr(report)
    return report if taken else replace(report, note="you saw that p - 1 is exact: so it is, but "
                                        "p has forgotten q before")


def check_print(answer):
    """Judge a format specification that tells log(1 + x) and log1p(x) apart for two small x.

    Parameters
    ----------
    answer : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_print(".16f").cases[0].reason
    'the claim holds'
    """
    def print_alike(spec):
        return any(format(math.log(1 + x), spec) == format(math.log1p(x), spec)
                   for x in (1e-10, 1e-20))

    def digits_shown(spec):
        shown = [format(x, spec).lower().partition("e")[0] for x in (2 / 3, math.log1p(1e-20))]
        return max(len("".join(filter(str.isdigit, x)).lstrip("0")) for x in shown)

    return grade.check_counterexample(
        answer, print_alike, name="spec", valid={
            "a text with a number of digits, such as '.16f'": lambda spec: "." in str(spec),
            "a specification that prints a number": lambda spec: float(format(2 / 3, spec)) > 0,
            "17 significant digits at most": lambda spec: digits_shown(spec) <= 17}, known={
            "you counted decimals: 1e-20 has none among the first 17": lambda spec: "f" in spec,
            "so few digits show no difference":
                lambda spec: "." in spec and digits_shown(spec) <= 7})


def check_half(answer, seed=1879):
    """Judge `half(x)`, (1 - cos x)/x**2 in float64, to 4 units in the last place from 1e-161 to 3.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the points between the ends of the stretches: spread evenly, so that a switch anywhere
        is noticed, and those of many at which the formula as printed is worst.

    Returns
    -------
    Report
        A case for each stretch, its reason from the first of the worst points.

    Examples
    --------
    >>> check_half(lambda x: 0.5).cases[-2].reason
    'at 1.8: got 0.5, expected 0.3788'
    """
    rng, printed = np.random.default_rng(seed), problems.hamming_expressions()["problem_3_4_1"]
    points = {f"{low:g} to {high:g}": [
        low, *(low * (high / low) ** ((np.arange(14) + rng.random(14)) / 14)).tolist(), high]
        for low, high in itertools.pairwise(ENDS)} | {"0.3 to 0.54, chosen": HARD}
    return _by_name(points, grade.check_accuracy(
        answer, _half, list(itertools.chain(*points.values())), ulps=4, name="half",
        budget=FLOAT64, known={
            "this is the formula as printed": printed.function,
            "below your switch the polynomial is right, above it the formula as printed is not yet":
                lambda x: (0.5 - x * x / 24) if x < 0.01 else printed.function(x),
            "you divide by x**2, which underflows for the smallest x: divide by x, then square":
                lambda x: 2 * math.sin(x / 2) ** 2 / x**2},
        shows={str(x): "x**2 is subnormal here" for x in points["1e-161 to 1e-155"]}))


def _by_name(points, report):
    """Return a Report on all points, in their order, with one row for the points of each name."""
    rows = iter(report.cases)

    def row(name, inside):
        found = tuple(itertools.islice(rows, len(inside)))
        verdict = grade.Report(name, found).verdict
        # Of points that are stable, and others left out, the verdict is wrong.
        worst = next(case for case in found if case.verdict in (verdict, "not attempted"))
        text = f"at {worst.name.removeprefix(name + ', ')}: {worst.reason}" if worst.reason else ""
        return grade.Case(name, verdict, f"all {len(found)}" if verdict == "stable" else text)

    named = [row(*item) for item in points.items()]
    return grade.Report(report.name, (*named, *rows), report.note)  # what is left is of the road


def _half(x):
    """Return (1 - cos x)/x**2 of a float up to 3, as a fraction right to 30 digits."""
    top, bottom = (Fraction(x) ** 2).as_integer_ratio()
    unit = 10**40
    term, total = unit // 2, 0
    for k in range(2, 60, 2):
        total += term
        term = -term * top // (bottom * (k + 1) * (k + 2))
    return Fraction(total, unit)


def check_near_duplicates(answer, seed=1859):
    """Judge `cosine_distance(q, d)` in float64, to a relative error of 1e-12.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the pairs, whose difference is between 1 and 1e-9 times as long as they are.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_near_duplicates(lambda q, d: 0.0).verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    cases = {}
    for power in (0, -3, -6, -8, -9):
        q, way = rng.normal(size=(2, 8))
        # Across q, so that 1 - cos does not depend on a direction that happens to be near q's.
        way = way - q * (way @ q) / (q @ q) + rng.uniform(-1, 1) * q
        cases[f"1e{power} apart" if power else "1 apart"] = q, q + 10.0**power * way

    def printed(q, d):
        return 1 - np.sum(q * d) / np.sqrt(np.sum(q * q) * np.sum(d * d))

    return grade.check_accuracy(
        answer, _cosine_distance, cases, bound=1e-12, name="cosine_distance",
        budget=FLOAT64, known={
            "this is the formula as printed": printed,
            "this is the formula as printed; a clip hides the sign, no more":
                lambda q, d: max(printed(q, d), 0.0),
            "you divide by the norms first: that rounds before you subtract": lambda q, d:
                np.sum((d / np.sqrt(np.sum(d * d)) - q / np.sqrt(np.sum(q * q))) ** 2) / 2,
            "an error that does not shrink with the difference is algebra: lengths differ too":
                lambda q, d: np.sum((d - q) ** 2) / (2 * np.sqrt(np.sum(q * q) * np.sum(d * d)))})


def _cosine_distance(q, d):
    """Return 1 - q.d / (|q| |d|), computed in decimals and right to 40 digits."""
    with localcontext() as context:
        context.prec = 80
        q, d = ([Decimal(float(x)) for x in vector] for vector in (q, d))
        qq, qd, dd = (sum(a * b for a, b in zip(x, y, strict=True))
                      for x, y in ((q, q), (q, d), (d, d)))
        return 1 - qd / (qq * dd).sqrt()


def check_merge(answer, seed=1983):
    """Judge `merge(n1, m1, M1, n2, m2, M2)`: mean and M of two parts together, to 4 ulps.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the parts of two cases beside the three of the story.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_merge(lambda n1, m1, M1, n2, m2, M2: (m1, M1 + M2)).cases[0].verdict
    'inaccurate'
    """
    rng = np.random.default_rng(seed)

    def part(centre):
        return float(rng.integers(5, 90)), centre + rng.random(), rng.uniform(0.2, 2)

    # Of few readings far away the mean moves by nearly all of the gap, from either side.
    cases = {"halves": (50.0, 299.85, 0.3, 50.0, 299.86, 0.32),
             "far from zero": (64.0, 3e8 + 0.25, 0.5, 32.0, 3e8 + 0.375, 0.25),
             "one point": (99.0, 1e8, 0.6, 1.0, 1e8 + 1, 0.0),
             "few, far, first": (1.0, 1e9, 0.0, 1e9, 1.0, 0.5),
             "few, far, last": (1000.0, 1.0, 0.25, 10.0, 300.0, 0.5),
             "near zero": (*part(2.0), *part(2.0)), "at 300 million": (*part(3e8), *part(3e8))}
    return grade.check_accuracy(
        answer, _merged, cases, ulps=4, name="merge", parts=("mean", "M"), budget=FLOAT64, known={
            "you moved from m1 towards m2: from a large m1 to a small mean, that cancels":
                lambda *parts: [_mean(*parts), float(_merged(*parts)[1])],
            "you moved from m2 towards m1: from a large m2 to a small mean, that cancels":
                lambda *parts: [_mean(*parts[3:], *parts[:3]), float(_merged(*parts)[1])],
            "you returned M first, the mean second":
                lambda *parts: [float(part) for part in reversed(_merged(*parts))],
            "you left out what the distance of the means adds to M":
                lambda n1, m1, M1, n2, m2, M2: (float(_merged(n1, m1, 0, n2, m2, 0)[0]), M1 + M2),
            "you rebuilt the sums of squares, and subtract them after they were rounded": _rebuilt,
            "you took both shifts from the merged mean, which is rounded": _two_shifts})


def _merged(n1, m1, M1, n2, m2, M2):
    """Return mean and M of two parts together, as fractions."""
    n1, m1, M1, n2, m2, M2 = map(Fraction, (n1, m1, M1, n2, m2, M2))
    total = n1 + n2
    return [(n1 * m1 + n2 * m2) / total, M1 + M2 + (m2 - m1) ** 2 * n1 * n2 / total]


def _mean(n1, m1, M1, n2, m2, M2):
    return m1 + (m2 - m1) * (n2 / (n1 + n2))


def _rebuilt(n1, m1, M1, n2, m2, M2):
    mean = (n1 * m1 + n2 * m2) / (n1 + n2)
    return mean, M1 + n1 * m1 * m1 + M2 + n2 * m2 * m2 - (n1 + n2) * mean * mean


def _two_shifts(n1, m1, M1, n2, m2, M2):
    mean = (n1 * m1 + n2 * m2) / (n1 + n2)
    return mean, M1 + M2 + n1 * (m1 - mean) ** 2 + n2 * (m2 - mean) ** 2


def check_judge(answer):
    """Judge who is right about a cosine, and its condition number.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 160.0)).cases[1].reason
    '160 is too small'
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.03, number="condition number", known={
            "this is tan x: the change of x is relative, so x is a factor": math.tan(ANGLE),
            "you divided the loss by u, which only bounds what rounding did to the angle": 8600.0,
            "this is the error that it explains: leave out u": JUDGEMENT[1] * 2.0**-24,
            "this is its logarithm, the digits at stake": math.log10(JUDGEMENT[1])})


def check_hamming(answer):
    """Judge rewritten forms of Hamming's 28 expressions, each at three points, to 1e-14.

    Parameters
    ----------
    answer : dict of str to callable
        What is missing counts as not attempted.

    Returns
    -------
    Report
        A case for each key, its reason from the first of the worst points.

    Examples
    --------
    >>> check_hamming({"section_3_5": lambda a, x: math.expm1(a * x)}).headline
    'rewrites: 1 of 28 cases stable, the others not attempted'
    """
    plain, given = problems.hamming_expressions(), {} if answer is ... else answer
    if not isinstance(given, dict):
        case = grade.Case("your answer", "wrong", "a dictionary from keys to functions is wanted, "
                          f"not a {type(given).__name__}")
        return grade.Report("rewrites", (case,))
    # What is missing is not tried, so that even one answer alone is asked for its road.
    points = {key: [(key, *args) for args in PLACES.get(key, SMALL)]
              for key in plain if given.get(key, ...) is not ...}

    report = _by_name(points, grade.check_accuracy(
        lambda key, *args: given[key](*args),
        lambda key, *args: digits.trace(plain[key].function, *args).exact,
        list(itertools.chain(*points.values())), bound=1e-14, name="rewrites",
        budget=FLOATS, known={
            "these are the expressions as printed": lambda key, *args: plain[key].function(*args)}))
    missing = [grade.Case(key, "not attempted") for key in plain if key not in points]
    extra = [grade.Case(key[:40], "wrong", "no such key: see problems.hamming_expressions()")
             for key in sorted(map(str, set(given) - set(plain)))]
    return grade.Report(report.name, (*report.cases, *missing, *extra), note=report.note)
