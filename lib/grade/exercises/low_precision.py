"""Check the exercises of the chapter on low precision."""

import functools
import math
from dataclasses import replace

import numpy as np

from lib import grade, problems
from lib.numbers import MXFP4_E2M1, block_scales, formats, round_blocks

# Of the rotary angle whose trace the chapter prints.
READING = (2, 3, 3, "no cure")
# The gap of bfloat16 at 20.
JUDGEMENT = ("Ben", 0.125)
ROUNDS = 300
READY = ("lib.numbers.round_blocks", "lib.numbers.block_scales")
SOLVERS = ("numpy.linalg", "scipy", "lib.linear")


def check_stops(answer):
    """Judge where four weights stop that are rounded to nearest.

    Parameters
    ----------
    answer : tuple of four numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_stops((75, 1.951, 0.02, 0)).note
    'it would stop there if it came from below; it begins nearer, where it does not start'
    """
    near = 2 - 100 * 2.0**-11
    return grade.check_value(
        answer, (90, near, 0.02, 0), within=(0.9, 0.0195, 2e-4, 0.01), name="stops",
        parts=("from 90", "float16", "decay of 0.001", "decay of 0.01"), known={
            "it would stop there if it came from below; it begins nearer, where it does not start":
                (75, ..., ..., ...),
            "descent arrives only if its steps count": (100, ..., ..., ...),
            "that is where the step falls below a whole gap; half of it is enough":
                (..., 2 - 200 * 2.0**-11, ..., ...),
            "that is where it stops in bfloat16": (..., 1.61, ..., ...),
            "half a gap is not all that is left; divide by the rate": (..., 2 - 2.0**-11, ..., ...),
            "a thousandth is below half the gap of every number of bfloat16": (..., ..., 0, ...),
            "a hundredth is above half the gap of every normal number of bfloat16":
                (..., ..., ..., 1)})


def check_scale(answer, seed=6):
    """Judge `scale_exponent(a)`: the exponent of the scale of a block of MXFP4, by OCP's rule.

    Parameters
    ----------
    answer : callable
    seed : int
        Of six sizes beside those that stay the same.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_scale(lambda a: int(np.floor(np.log2(a / 6)))).passed
    False
    """
    rng = np.random.default_rng(seed)
    drawn = 2.0 ** rng.integers(-100, 100, 6) * rng.uniform(1, 2, 6)
    cases = SIZES | {f"{a:.4g}": a for a in drawn.tolist()}
    return grade.check_identity(
        answer, _exponent_mistakes, cases, bound=0.0, name="scale_exponent", known=NOT_THE_RULE)


def _exponent_mistakes(found, a):
    """Return what is wrong with an exponent."""
    if np.shape(found):
        return {f"of shape {np.shape(found)}, but one number is wanted": True}
    right = _clipped(_power(a) - 2)
    if found == right:
        return {"off by": 0.0}
    side = "large" if found > right else "small"
    why = ""
    if a > 0 and _clipped(np.floor(np.log2(a)) - 2) == found:
        why = " (log2 has rounded up to a whole number)"
    elif abs(right) == 127:
        why = " (exponents end at -127 and 127)"
    return {f"too {side}, got {found:g}, expected {right}{why}": True}


def _power(a):
    """Return the exponent of the largest power of two that is not above a; far below for 0."""
    return int(np.frexp(a)[1]) - 1 if a else -10_000


def _log2(a):
    """Return the logarithm of a as floats give it, far below for 0."""
    return np.log2(a) if a else -10_000.0


def _clipped(exponent):
    """Return an exponent that a scale can have."""
    return int(min(max(exponent, -127), 127))


SIZES = {f"{a:.4g}": a for a in (2.7, 5.5, 1.2, 4.0, 6.0, 7.99, 1.0, 2.0**-20, 3e38, 2.0**-125,
                                 2.0**-126, 1e-300, 5e-324, 1e300)}
SIZES |= {"zeros": 0.0, "next to 8": float(np.nextafter(8.0, 0)),
          "next to 2^-60": float(np.nextafter(2.0**-60, 0))}
NOT_THE_RULE = {
    "that is the exponent of a/6, the bug": lambda a: _clipped(np.floor(_log2(a / 6))),
    "that is the rule that never clips, another one": lambda a: _clipped(np.ceil(_log2(a / 6))),
    "that rounds the logarithm; asked is the power of two that is not above a":
        lambda a: _clipped(np.rint(_log2(a)) - 2),
    "that is the power of two in a; divide it by 4": lambda a: _clipped(_power(a)),
    "frexp's exponent is one more than that of the power of two":
        lambda a: _clipped(_power(a) - 1)}


def check_add(answer, seed=1541):
    """Judge `short_sum(terms, add)`: a sum in bfloat16 whose error grows with log2(n) alone.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the terms, and of where large ones stand.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_add(lambda terms, add: float(np.sum(terms))).passed
    False
    """
    rng = np.random.default_rng(seed)
    cases = {"one term": np.array([3.0]), "two terms": np.array([256.0, 1.0]),
             "seven terms": rng.random(7), "600 ones": np.ones(600),
             "700 of one sign": rng.random(700), "500 of both signs": rng.normal(size=500),
             "a large one first": np.append(2048.0, np.ones(511)),
             "a large one last": np.append(np.ones(599), 2.0**12)}
    for label, terms in (("a large one, always last", LATE), ("the same, reversed", LATE[::-1])):
        cases[label] = terms
    for period in (16, 32, 64, 128):
        terms = np.ones(512)
        terms[::period] = 256.0
        cases[f"a large one in {period}"] = terms
    cases = {label: formats.round_to(terms, formats.BF16) for label, terms in cases.items()}
    return grade.check_identity(_with_adder(answer), _sum_mistakes, cases, bound=_sum_bound,
                                name="short_sum")


# Whoever puts two terms together wherever their number is odd adds the first one 16 times.
LATE = np.zeros(511)
LATE[0] = 256.0
LATE[[1, 2, 3, 5, 7, 11, 15, 23, 31, 47, 63, 95, 127, 191, 255, 383, 384, 385]] = 1.0


def _with_adder(answer):
    """Return a function of terms that hands the answer an adder, and says how it was used."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def of_terms(terms):
        used, last = [0], [terms]

        def add(a, b):
            total = _short_sum(a, b)
            used[0] += np.size(total)
            last[0] = total
            return total

        found = answer(terms, add)
        if found is None or found is Ellipsis:
            return found
        return [found, used[0], float(np.any(np.asarray(last[0]) == found))]

    return of_terms


def _short_sum(a, b):
    """Return the sum of two numbers, or of two arrays of one length, rounded to bfloat16."""
    if np.shape(a) != np.shape(b):
        raise ValueError(f"add takes two of one shape: got {np.shape(a)} and {np.shape(b)}")
    return formats.round_to(np.asarray(a, float) + np.asarray(b, float), formats.BF16)


def _sum_mistakes(found, terms):
    """Return what is wrong with a sum, how often it added, and how far it is off."""
    if np.shape(found) != (3,):
        return {"one number is wanted": True}
    value, used, is_last = found
    n, exact, size = len(terms), math.fsum(terms), math.fsum(np.abs(terms))
    off = abs(value - exact) / size
    told = {f"{used:.0f} additions by add for {n} terms, {n - 1} are asked for": used != n - 1,
            "what comes back is no sum that add has returned": not is_last}
    if off <= _sum_bound(terms)[OFF]:
        return told | {OFF: off}
    running = functools.reduce(_short_sum, terms)
    why = " (as it is from left to right)" if value == running else ""
    side = "large" if value > exact else "small"
    return told | {f"too {side}, got {value:.6g}, expected about {exact:.6g}{why}: off by more "
                   "than the logarithm allows": True}


OFF = "off by, of the sum of sizes"


def _sum_bound(terms):
    """Return the error that is allowed: as many roundings as the logarithm of the number."""
    return {OFF: math.ceil(math.log2(len(terms))) * formats.BF16.u}


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
    >>> check_read((3, 3, 3, "no cure")).cases[0].reason
    'line 3 only shows what another line has made'
    """
    report = grade.check_trace_reading(answer, READING, within=0.5)
    if len(report.cases) != 4:
        return report
    power, cure = report.cases[2:]
    if power.verdict == "stable" and answer[2] != READING[2]:
        power = replace(power, verdict="wrong", word="not right",
                        reason=f"{answer[2]:g} is no whole number")
    if power.reason.startswith("2 is too small"):
        power = replace(power, reason=f"{power.reason}; {BARS}")
    if cure.verdict == "wrong" and "is not right" in cure.reason:
        cure = replace(cure, reason=f"{cure.reason}: {TOO_LATE}")
    return replace(report, cases=(*report.cases[:2], power, cure))


BARS = ("the bars show whole digits of 3; a cosine amplifies relative errors by x tan(x), "
        "some hundreds here")
TOO_LATE = "the angle was stored before, off by up to 1"


def check_judge(answer):
    """Judge who makes answers repeat, and how far apart neighbouring logits are.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 0.0625)).note
    'that is half the gap'
    """
    report = grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), number="the gap at 20", known={
            "that is half the gap": 0.0625, "that is the gap from 32 on": 0.25,
            "that is the gap of float16": 2.0**-6, "that is the gap at 1": 2.0**-7,
            "that is u times 20; gaps are powers of two": 20 * 2.0**-8})
    which, gap = report.cases if len(report.cases) == 2 else (None, None)
    if which and which.reason == "'Ada' is not right":
        which = replace(which, reason=f"{which.reason}: {NO_CHANCE}")
        report = replace(report, cases=(which, gap))
    return report


NO_CHANCE = ("at temperature 0 nothing is drawn, and one thread adds in another order for another "
             "batch, too")


def check_window(answer):
    """Judge at most three gradients that no scale saves in float16.

    Parameters
    ----------
    answer : list of float

    Returns
    -------
    Report

    Examples
    --------
    >>> check_window([2.0**-24, 2.0**15]).passed
    False
    """
    answer = list(answer) if isinstance(answer, tuple | np.ndarray) else answer
    return grade.check_counterexample(
        answer, lambda gradients: _saving(gradients) is not None, name="gradients",
        valid={"a list of one to three numbers": lambda gradients: 1 <= len(gradients) <= 3,
               "finite numbers above 0": lambda gradients: all(
                   0 < float(value) < math.inf for value in gradients)},
        known={"with a scale near 2**-40 to 2**40 all of them survive; which ratio is too much?":
               lambda gradients: abs(_saving(gradients)) <= 40,
               "a very large or small scale still saves all of them":
               lambda gradients: abs(_saving(gradients)) > 40})


def _saving(gradients):
    """Return the exponent of a scale that leaves all gradients finite and above 0; or None."""
    fractions, exponents = np.frexp(np.array(gradients, float))
    for scale in range(-1100, 1101):
        shifted = np.clip(exponents + scale, -200, 200)  # far outside of float16 on either side
        kept = formats.round_to(np.ldexp(fractions, shifted), formats.FP16)
        if np.all(np.isfinite(kept) & (kept > 0)):
            return scale
    return None


def check_store(answer, seed=2310):
    """Judge `store_block(x)`: 32 numbers as MXFP4 keeps them, to the last bit.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the blocks.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_store(lambda x: x).passed
    False
    """
    return grade.check_identity(
        answer, _store_mistakes, _blocks(seed), bound=0.0, name="store_block",
        budget=grade.Budget(forbidden=READY), known={
            "the scale is largest / 6, which is no power of two": _by(lambda a: a / 6),
            "the scale is the exponent of largest / 6, the bug of the chapter":
                _by(lambda a: 2.0 ** np.floor(np.log2(a / 6))),
            "that is the rule that never clips": lambda x: round_blocks(
                x, MXFP4_E2M1, rule="fit"),
            "half-way cases go to the even element, not away from 0": lambda x: round_blocks(
                x, MXFP4_E2M1, "away")})


def _blocks(seed):
    """Return blocks by what is hard about them."""
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=(3, 32))
    ties = np.append([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0, 4.0], np.zeros(24))
    return {"normal": normal[0], "half-way": ties, "half-way, negative": -ties,
              "the largest is clipped": np.append(7.5, normal[1, 1:]),
              "the largest is negative": np.append(-7.5, normal[1, 1:]), "zeros": np.zeros(32),
              "next to 8": np.append(np.nextafter(8.0, 0), normal[2, 1:]),
              "powers of two": 2.0 ** rng.integers(-5, 5, 32),
              "large": 1e30 * normal[0], "small": 1e-30 * normal[1],
              "at the end of scales": 2.0**-127 * normal[2]}


def _by(scale_of):
    """Return a function that stores a block with a scale of its own."""
    def store(x):
        scale = scale_of(np.max(np.abs(x))) if np.any(x) else 1.0
        return formats.round_to(x / scale, formats.E2M1) * scale

    return store


def _store_mistakes(found, x):
    """Return what is wrong with a stored block."""
    if np.shape(found) != np.shape(x):
        return {f"of shape {np.shape(found)}, but {len(x)} numbers are wanted": True}
    right = round_blocks(x, MXFP4_E2M1)
    if np.array_equal(found, right):
        return {"off by": 0.0}
    place = int(np.argmax(found != right))
    size = f"{abs(x[place]) / np.max(np.abs(x)):.4g} of the largest" if np.any(x) else "0"
    elements = np.unique(np.abs(formats.values(formats.E2M1)))
    middles = (elements[1:] + elements[:-1]) / 2
    is_tie = abs(x[place]) / block_scales(x, MXFP4_E2M1)[0] in middles
    why = " (half-way, so the even element)" if is_tie else ""
    return {f"x[{place}], {size}, became {found[place]:.6g}, expected {right[place]:.6g}{why}":
            True}


def check_refined(answer, seed=1948):
    """Judge `refined(A, b, coarse)`: a solution to working accuracy from a rough solver.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the systems, and of how their solvers err.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_refined(lambda A, b, coarse: coarse(b)).passed
    False
    """
    rng = np.random.default_rng(seed)
    cases = {}
    for label, n, rate, size in (("gains a digit a round", 20, 0.1, 1.0), ("slow", 12, 0.8, 1.0),
                                 ("nearly exact", 30, 1e-6, 1.0), ("one equation", 1, 0.5, 1.0),
                                 ("b near 1e-200", 8, 0.3, 1e-200), ("b near 1e200", 8, 0.3, 1e200),
                                 ("b = 0", 5, 0.5, 0.0)):
        values = np.geomspace(1, 0.02, n)
        A = problems.with_singular_values(values, rng)
        E = rng.normal(size=(n, n))
        inverse = (np.eye(n) - rate * E / np.linalg.norm(E, 2)) @ np.linalg.inv(A)
        cases[label] = A, size * rng.normal(size=n), inverse
    A, b, _ = cases["slow"]
    cases["leaves eight tenths"] = A, b, 0.2 * np.linalg.inv(A)
    return grade.check_identity(_with_coarse(answer), _refined_mistakes, cases, name="refined",
                                bound={RESIDUAL: 10.0}, budget=grade.Budget(forbidden=SOLVERS))


RESIDUAL = "residual, in n u (|A| |x| + |b|)"


def _with_coarse(answer):
    """Return a function of a system and an inverse that hands the answer a rough solver."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def of_system(A, b, inverse):
        used = [0]

        def coarse(r):
            used[0] += 1
            if used[0] > ROUNDS:
                raise RuntimeError(f"coarse was called more than {ROUNDS} times")
            return inverse @ np.asarray(r, float)

        found = answer(A, b, coarse)
        if np.shape(found) != np.shape(b):
            return found
        return np.stack([found, np.full(len(b), used[0])])

    return of_system


def _refined_mistakes(found, A, b, inverse):
    """Return what is wrong with a solution, and its residual in units of what is allowed."""
    if np.shape(found) != (2, len(b)):
        return {f"of shape {np.shape(found)}, but {len(b)} numbers are wanted": True}
    found, used = found
    if not np.any(b):
        return {"b is 0, and so is the solution": bool(np.any(found))}
    # In units of b, so that nothing below overflows or underflows.
    x, one = found / np.max(np.abs(b)), b / np.max(np.abs(b))
    size = np.max(np.sum(np.abs(A), axis=1)) * np.max(np.abs(x)) + 1
    missing = np.max(np.abs(one - A @ x))
    residual = missing / (len(b) * formats.FP64.u * size)
    told = {"coarse was not called": used[0] == 0}
    if residual > 10:
        times = f"{residual:.2g} n u (|A| |x| + |b|), allowed 10"
        once = _near(x, inverse @ one)
        told |= {f"the residual has grown, to {missing:.2g} of b: {times}":
                     missing > 1 and not once,
                 f"one solution by coarse, without a correction: residual {times}": once,
                 f"not refined until the residual is one of float64: {times}": not once}
    return told | {RESIDUAL: residual}


def _near(x, y):
    """Return whether two vectors agree to 1e-9 of the larger."""
    return bool(np.max(np.abs(x - y)) <= 1e-9 * np.max(np.abs(y)))
