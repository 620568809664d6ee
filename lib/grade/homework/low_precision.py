"""Judge the problem set on low precision."""

import numpy as np

from lib import grade
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, one_argument
from lib.grade.report import shown
from lib.grade.variants import instances, own
from lib.numbers import BF16, round_to


@np.errstate(all="ignore")
def check_masked(answer, seed=2017, variant=""):
    """Judge `masked_log_softmax(z, mask)`: rows in float16, to one unit in the last place.

    Parameters
    ----------
    answer : callable
    seed : int
        Of scores and masks.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_masked(lambda z, mask: z).cases[0].verdict
    'wrong'
    """
    # A score that is masked may be anything: the largest, an infinity, a nan.
    report = grade.check_identity(
        answer, _off_masked, _scores(instances(seed, variant, "masked")), name="masked_log_softmax",
        bound={"in units of 2048 ulp, off by": 2.0**-11}, shows={
            "3000 alike": "in float16 a sum of ones stops at 2048",
            "a masked score is the largest": "the largest is to be sought among the others",
            "large scores": "exp overflows float16 from 12 on",
            "one is nearly sure": "the logarithm of a rounded softmax is 0 or -inf"}, known={
            "the logarithm was taken of a softmax that had underflowed": lambda z, mask: _late(
                np.where(mask, z, -np.inf).astype(float))})
    return report.with_mild("no place left", "one place left")


def _scores(rng):
    """Return scores and masks."""
    def case(size, rows=3, columns=8, share=0.7):
        mask = rng.random((rows, columns)) < share
        mask[:, 2] = True
        scores = np.clip(size * rng.normal(size=(rows, columns)), -6e4, 6e4)
        return scores.astype(np.float16), mask

    cases = {"ordinary": case(2.0), "large scores": case(2e4),
             "3000 alike": case(0.01, 2, 3000, 0.98),
             "one is nearly sure": case(0.5), "a masked score is the largest": case(1.0),
             "a masked score is nan": case(1.0), "nothing masked": case(3.0, share=1.1),
             "one place left": case(2.0, share=-1.0), "no place left": case(1.0)}
    cases["one is nearly sure"][0][:, 2] = 10
    for name, value in (("a masked score is the largest", 6e4), ("a masked score is nan", np.nan)):
        cases[name][0][:, 5], cases[name][1][:, 5] = value, False
    cases["no place left"][1][1] = False
    return cases | {"of any shape": case(2.0, *rng.integers([4, 9], [12, 60]))}


def _off_masked(found, z, mask):
    """Return what is not -inf, and by how many spacings of float16 the others are off."""
    if found.shape != z.shape:
        fails(f"of shape {found.shape}, wanted {z.shape}")
    right = _masked(z, mask)
    gone = right < -65520.0
    least = np.where(gone, 1.0, np.maximum(np.abs(right), 2.0**-14))
    spacing = 2.0 ** (np.floor(np.log2(least)) - 10)
    infinite = np.all(found[~mask] == -np.inf) and np.all(found[gone] <= -65520.0)
    return {"not -inf where masked, or below the range": not infinite,
            "in units of 2048 ulp, off by": np.where(
                gone, 0.0, (found - np.where(gone, 0.0, right)) / spacing / 2048)}


def _masked(z, mask):
    """Return the logarithm of the softmax over what mask admits, in float64."""
    z = np.where(mask, z.astype(float), -np.inf)
    top = np.max(z, axis=1, keepdims=True)
    shifted = z - np.where(top > -np.inf, top, 0.0)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True) + (top == -np.inf))


def _late(z):
    """Return the logarithm of the softmax, each rounded to float16."""
    weights = np.exp(z - np.max(z, axis=1, keepdims=True)).astype(np.float16)
    total = np.sum(weights.astype(float), axis=1, keepdims=True)
    return np.log((weights / total).astype(np.float16).astype(float))


@np.errstate(all="ignore")
def check_quantize(answer, seed=2022, variant=""):
    """Judge `quantize(x)`: whole numbers from -127 to 127 and a scale for each row, best possible.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the rows.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_quantize(lambda x: (x, np.ones(len(x)))).cases[0].verdict
    'wrong'
    """
    # Rows are in units of their own, and two of them at the ends of the range.
    rng = instances(seed, variant, "quantize")
    x = rng.normal(size=(4, 40)).astype(np.float32)
    outlier = x.copy()
    outlier[1] *= np.float32(1e4)
    cases = {"ordinary": (x,), "one row is larger": (outlier,),
             "ends at +-127": (np.array([[127, -127, 3.4], [-1, 1, 0.3]], np.float32),),
             "any shape, any units": ((rng.normal(size=(int(rng.integers(5, 9)), 30)) * 10.0
                                       ** rng.uniform(-30, 30)).astype(np.float32),),
             "rows of 1e30": (x * np.float32(1e30),), "rows of 1e-35": (x * np.float32(1e-35),),
             "a row of zeros": (x * np.array([[1], [0], [1], [1]], np.float32),),
             "subnormal rows": (np.array([[1e-42, 9e-43], [-4e-44, 1e-44]], np.float32),)}
    report = grade.check_identity(
        answer, _no_codes, cases, parts=("q", "scale"), name="quantize", bound={
            "a scale, over the smallest possible, of": 1.0 + 1e-4,
            "an error, in units of the scale, of": 0.5 + 1e-4}, known={
            "one scale for all rows": lambda x: _codes(x, np.full(len(x), np.max(np.abs(x)) / 127)),
            "128 does not fit: the largest is to become 127": lambda x: _codes(
                x, np.max(np.abs(x), axis=1) / 128),
            "numbers were cut off towards 0, not rounded": lambda x: _codes(
                x, np.max(np.abs(x), axis=1) / 127, np.trunc)},
        shows={"subnormal rows": "the scale rounds to 0, or too far down: round it up",
               "a row of zeros": "a division by its largest, which is 0"})
    return report.with_mild("a row of zeros", "subnormal rows")


def _codes(x, scale, to_whole=np.round):
    """Return whole numbers and scales."""
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    whole = to_whole(x.astype(float) / scale[:, None].astype(float))
    return np.clip(whole, -127, 127), scale


def _no_codes(q, scale, x):
    """Return what is wrong with whole numbers and scales: range, size of the scale, error."""
    if q.shape != x.shape or scale.shape != (len(x),):
        fails(f"shapes {q.shape} and {scale.shape}, wanted {x.shape} and {(len(x),)}")
    q, scale, x = q.astype(float), scale.astype(float), x.astype(float)
    largest = np.max(np.abs(x), axis=1)
    # The smallest scale that float32 has for a row: a spacing of subnormal numbers may be added.
    least = np.where(largest == 0, scale, largest / 127 + 2.0**-149)
    safe = np.where(scale > 0, scale, 1.0)[:, None]
    return {"a scale that is not positive, or no number of float32": bool(np.any(
                ~(scale > 0) | (scale.astype(np.float32) != scale))),
            "no whole number from -127 to 127": bool(np.any((q != np.round(q))
                                                            | (np.abs(q) > 127))),
            "a scale, over the smallest possible, of": scale / least,
            "an error, in units of the scale, of": x / safe - q}


@np.errstate(all="ignore")
def check_split(answer, seed=2019, variant=""):
    """Judge `split(x)`: three numbers of bfloat16 whose sum is a number of float32, exactly.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the numbers.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_split(lambda x: (x, 0 * x, 0 * x)).note
    'nothing was rounded to bfloat16'
    """
    # The sum is to be exact: a float32 has 24 bits, three numbers of bfloat16 have 24.
    rng = instances(seed, variant, "split")
    ordinary = rng.normal(size=60).astype(np.float32)
    cases = {"ordinary": (ordinary,), "all sizes": (
                 (rng.normal(size=60) * 10.0 ** rng.integers(-20, 30, 60)).astype(np.float32),),
             "just below 2": (np.nextafter(np.float32([2, 4, -8]), np.float32(0)),),
             "whole": (np.arange(5, dtype=np.float32),), "the largest": (
                 np.array([np.finfo(np.float32).max], np.float32),)}

    def by_rounding(x, parts=3):
        found, rest = [], x.astype(float)
        for number in range(3):
            found.append(round_to(rest, BF16) * (number < parts))
            rest = rest - found[-1]
        return tuple(found)

    report = grade.check_identity(
        answer, _no_split, cases, parts=("high", "middle", "low"), name="split",
        bound={"the sum is off, relatively, by": 0.0}, known={
            "nothing was rounded to bfloat16": lambda x: (x, 0 * x, 0 * x),
            "two parts hold 16 bits, float32 has 24": lambda x: by_rounding(x, 2),
            "the largest rounds up to an infinity": by_rounding})
    return report.with_mild("the largest", "whole")


def _no_split(high, middle, low, x):
    """Return which parts are not in bfloat16, and how far their sum is from x."""
    parts = [np.asarray(part, float) for part in (high, middle, low)]
    if any(part.shape != x.shape for part in parts):
        fails("a part of another shape")
    outside = any(np.any(round_to(part, BF16) != part) for part in parts)
    total = parts[0] + (parts[1] + parts[2])
    return {"a part is no number of bfloat16": outside,
            "a part is infinite": not all(np.all(np.isfinite(part)) for part in parts),
            "the sum is off, relatively, by": (total - x) / np.where(x == 0, 1, np.abs(x))}


@np.errstate(all="ignore")
def check_scaler(answer, seed=2018, variant=""):
    """Judge `unscale(g, scale)`: float32 gradients, and the power of 2 for the next step.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the gradients.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_scaler(lambda g, scale: (g, scale)).cases[0].verdict
    'wrong'
    """
    # Both results are exact, so any difference is wrong.
    rng = instances(seed, variant, "scaler")
    g = rng.normal(size=30).astype(np.float16)

    def spoilt(*values):
        found = g.copy()
        found[rng.permutation(30)[:len(values)]] = values
        return found

    cases = {"ordinary": (g, 1024.0), "small, a large scale": (g / 1024, 2.0**24),
             "near the end of the range": (
                 np.clip(g.astype(float) * 2e4, -6e4, 6e4).astype(np.float16), 2.0**15),
             "a scale below 1": (g, 2.0**-10),
             "any scale": (rng.normal(size=45).astype(np.float16), 2.0 ** rng.integers(-9, 24)),
             "subnormal": ((g.astype(float) * 2e-7).astype(np.float16), 2.0**10),
             "an infinity": (spoilt(np.inf), 4096.0), "a nan": (spoilt(np.nan), 4096.0),
             "both infinities": (spoilt(np.inf, -np.inf), 4096.0), "zeros": (0 * g, 256.0)}
    report = grade.check_identity(
        answer, _no_step, cases, parts=("gradient", "fresh"), name="unscale", bound=0.0, known={
            "the division was done in float16, where it underflows": lambda g, scale: (
                (g / np.float16(min(scale, 6e4))).astype(float), _step(g, scale)[1]),
            "an infinity was noticed, a nan was not": lambda g, scale: (
                _step(g, scale) if not np.any(np.isnan(g)) else (g / scale, scale))},
        shows={"a nan": "nan is not above anything: ask whether all are finite",
               "zeros": "a logarithm of 0: keep the scale",
               "both infinities": "their sum is nan"})
    return report.with_mild("zeros", "both infinities")


def _step(g, scale):
    """Return unscaled gradients, and the scale that leaves the largest at most 2**13."""
    if not np.all(np.isfinite(g)):
        return np.zeros(len(g)), scale / 4
    largest = float(np.max(np.abs(g)))
    if largest == 0:
        return g / scale, scale
    return g.astype(float) / scale, min(2.0**24, 2.0 ** np.floor(np.log2(8192 * scale / largest)))


def _no_step(gradient, fresh, g, scale):
    """Return what is wrong with gradients and the next scale."""
    right, power = _step(g, scale)
    if gradient.shape != g.shape or np.shape(fresh):
        fails(f"shapes {gradient.shape} and {np.shape(fresh)}, wanted {g.shape} and ()")
    kept = np.all(np.isfinite(g))
    word = "a gradient is off its value"
    word = word if kept else "a gradient is not 0, though one has overflowed"
    times = float(fresh) / power if fresh > 0 else 0.0
    return {word: bool(np.any(gradient != right)),
            f"the scale is {shown(times, 3)} times what it should be": times != 1}


def own_length(variant=""):
    """Return how many numbers the break-it problem asks for.

    Examples
    --------
    >>> own_length()
    400
    """
    return own(variant, range(400, 900), "stalled")


@np.errstate(all="ignore")
def check_stalled(answer, seed=0, variant=""):
    """Judge numbers whose sum of squares is 10 % too small in float16, and finite.

    Parameters
    ----------
    answer : list of floats
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_length`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_stalled([1.0] * 400).cases[0].shown
    'does not break'
    """
    n = own_length(variant)

    def exact(x):
        return float(np.sum(x.astype(np.float16).astype(float) ** 2))

    # The numbers are given in float16; their squares are summed exactly to know what is right.
    return grade.check_counterexample(
        one_argument(answer), on_arrays(lambda x: abs(_loop(x) / exact(x) - 1)), above=0.1,
        name="stalled", unit="is the relative error", valid={
            f"{n} numbers from 1 to 200 in size": on_arrays(lambda x: x.shape == (n,) and bool(
                np.all((np.abs(x) >= 1) & (np.abs(x) <= 200)))),
            "an exact sum of squares of at most 60000": on_arrays(lambda x: exact(x) <= 60000),
            "a finite sum in float16": on_arrays(lambda x: bool(np.isfinite(_loop(x))))},
        known={"they are all alike: put a large one first": on_arrays(
            lambda x: np.max(np.abs(x)) < 2 * np.min(np.abs(x))),
            "the large one comes too late: what was added before it is kept": on_arrays(
                lambda x: np.argmax(np.abs(x)) > len(x) // 4)})


def _loop(x):
    """Return the sum of squares by a loop in float16."""
    total = np.float16(0)
    for value in x.astype(np.float16):
        total = np.float16(total + np.float16(value * value))
    return float(total)
