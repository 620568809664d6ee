"""Judge the problem set on the flow of gradients."""

import math
from fractions import Fraction

import numpy as np

from lib import grade
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, several_arguments
from lib.grade.variants import instances, own

U = 2.0**-53
NAMES = ("first", "second", "third")


@np.errstate(all="ignore")
def check_clip(answer, seed=2013, variant=""):
    """Judge `clip(first, second, third, limit)`: three gradients with a joint norm in bounds.

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
    >>> check_clip(lambda a, b, c, limit: (a, b, c)).note
    'nothing was clipped'
    """
    # Known are the four other ways of making a gradient shorter.
    cases = _gradients(instances(seed, variant, "clip"))
    report = grade.check_identity(
        answer, _no_clip, cases, parts=NAMES, name="clip", known={
            "nothing was clipped": lambda a, b, c, limit: (a, b, c),
            "each part was clipped by itself, which turns the step": lambda *given: tuple(
                part * min(1, given[3] / max(_norm(part), 1e-300)) for part in given[:3]),
            "elements were clipped, which turns the step": lambda *given: tuple(
                np.clip(part, -given[3], given[3]) for part in given[:3]),
            "a gradient below the limit was stretched to it": lambda *given: tuple(
                part * (given[3] / max(_norm(*given[:3]), 1e-300)) for part in given[:3])},
        bound=lambda *given: dict.fromkeys(
            ("the norm exceeds the limit, relatively, by", "the direction is off by"),
            40 * float(np.finfo(given[0].dtype).eps)),
        shows={"float32, 1e25": "squares in float32 end at 3e38",
               "zeros": "a division by the norm, which is 0"})
    return report.with_mild("zeros", "float64, 1e200")


def _gradients(rng):
    """Return three gradients and a limit, in both formats, up to the end of their range."""
    def three(size, dtype=np.float32):
        shapes = ((4, 3), (3,), (2, 2, 2))
        return tuple((size * rng.normal(size=shape)).astype(dtype) for shape in shapes)

    zeros = tuple(0 * part for part in three(1))
    sizes, unit = rng.integers(1, 9, 4), 10.0 ** rng.uniform(-15, 15)
    others = [(unit * rng.normal(size=shape)).astype(np.float32)
              for shape in ((sizes[0],), (sizes[1], sizes[2]), (sizes[3], 2))]
    return {"of any shape and size": (*others, float(unit / 9)),
            "above": (*three(1), 1.5), "below": (*three(0.1), 25.0),
             "one part is far larger": (*(part * size for part, size in zip(
                 three(1, float), (1e-3, 1e6, 1.0), strict=True)), 2.0),
             "float64, 1e200": (*three(1e200, float), 1.0),
             "float32, 1e25": (*three(1e25), 1.0), "float32, below, 1e-30": (*three(1e-30), 1.0),
             "far below the limit": (*three(1e-12, float), 1e-3), "zeros": (*zeros, 1.0)}


def _norm(*parts):
    """Return the joint norm of arrays, scaled, in float64."""
    flat = np.concatenate([np.ravel(part).astype(float) for part in parts])
    largest = np.max(np.abs(flat)) or 1.0
    return float(largest * np.sqrt(np.sum((flat / largest) ** 2)))


def _no_clip(first, second, third, *given):
    """Return what is wrong with clipped gradients: shape, size, or direction."""
    parts, limit = given[:3], given[3]
    found = (first, second, third)
    if any(part.shape != other.shape for part, other in zip(found, parts, strict=True)):
        fails("a gradient of another shape came back")
    if _norm(*parts) <= limit:
        same = all(np.array_equal(*pair) for pair in zip(found, parts, strict=True))
        return {"changed, though the norm is below the limit": not same}
    wanted = [part.astype(float) / _norm(*parts) for part in parts]
    off = [np.max(np.abs(part.astype(float) / limit - right))
           for part, right in zip(found, wanted, strict=True)]
    return {"the norm exceeds the limit, relatively, by": max(_norm(*found) / limit - 1, 0.0),
            "the direction is off by": np.array(off)}


@np.errstate(all="ignore")
def check_gain(answer, seed=1963, variant=""):
    """Judge `log_gain(jacobians)`: the logarithm of the largest singular value of a product.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the Jacobians.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_gain(lambda J: float(len(J))).cases[0].verdict
    'wrong'
    """
    rng = instances(seed, variant, "gain")
    cases = {name: (size * rng.normal(size=(layers, n, n)) / n**0.5,)
             for name, layers, n, size in (
                 ("12 layers", 12, 6, 1.0), ("400 layers of 1/5", 400, 6, 0.2),
                 ("300 layers of 30", 300, 5, 30.0), ("400 layers near 1", 400, 4, 1.1),
                 ("1500 layers of 1/3", 1500, 3, 1 / 3), ("one layer", 1, 4, 1.0))}
    # Each of these has norm above 1, and two of them after one another have norm 1e-8.
    turn = np.array([[[1e-8, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1e-8]]])
    cases["each undoes the other"] = (np.tile(turn, (60, 1, 1)),)
    cases["a layer of zeros"] = (np.concatenate([cases["12 layers"][0], np.zeros((1, 6, 6))]),)
    report = grade.check_accuracy(
        answer, _log_gain, cases, bound=lambda J: 1e-9 * (1 + len(J)) * bool(np.all(
            np.any(J, axis=(1, 2)))), name="log_gain", weak=1e-6, known={
            "the product left the range before its logarithm was taken": _late_log,
            "the gains of the layers were added: no vector is amplified most by each of them":
                lambda J: np.sum(np.log(np.linalg.svd(J, compute_uv=False)[:, 0])),
            "this is the mean per layer, not the sum": lambda J: _log_gain(J) / len(J),
            "eigenvalues were taken, not singular values": lambda J: _log_gain(J, eigen=True)},
        shows={"each undoes the other": "gains do not add up where directions differ"})
    return report.with_mild("a layer of zeros", "one layer")


def _log_gain(J, eigen=False):
    """Return the logarithm of the norm of the product, rescaled at each layer."""
    product, total = np.eye(J.shape[1]), 0.0
    for layer in J:
        product = layer @ product
        size = np.max(np.abs(product))
        if size == 0:
            return -np.inf
        product, total = product / size, total + math.log(size)
    if eigen:
        return total + math.log(np.max(np.abs(np.linalg.eigvals(product))))
    return total + math.log(np.linalg.norm(product, 2))


def _late_log(J):
    """Return the logarithm of the norm of the product as it is."""
    product = np.eye(J.shape[1])
    for layer in J:
        product = layer @ product
    product = np.where(np.isfinite(product), product, np.inf)
    return np.log(np.linalg.norm(product, 2) if np.all(np.isfinite(product)) else np.inf)


@np.errstate(all="ignore")
def check_slope(answer, seed=2016, variant=""):
    """Judge `norm_slope(x, g)`: the gradient through a layer norm, to 1e-12 of its size.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the activations and the gradients that arrive.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_slope(lambda x, g: g / np.std(x)).note
    'mean and deviation were taken for constants'
    """
    rng = instances(seed, variant, "slope")
    cases = {"8 features": (rng.normal(size=8), rng.normal(size=8)),
             "g in direction of x": None, "g constant": (rng.normal(size=6), np.full(6, 0.75)),
             "tiny features": (1e-9 * rng.normal(size=7), rng.normal(size=7)),
             "an offset of 1e6": (1e6 + rng.normal(size=8), rng.normal(size=8)),
             "1e-170": (1e-170 * rng.normal(size=5), 1e-170 * rng.normal(size=5)),
             "two features": (rng.normal(size=2), rng.normal(size=2))}
    x = rng.normal(size=9)
    cases["g in direction of x"] = (x, 2 * x + 0.5 + 1e-3 * rng.normal(size=9))
    # The size is that of g over the deviation; the exact gradient may be far smaller.
    report = grade.check_accuracy(
        answer, lambda x, g: _slope(x, g), cases, name="norm_slope",
        bound=lambda x, g: 1e-12 * float(np.max(np.abs(g))) / float(_deviation(x)) * (
            1 + 10 * abs(float(np.mean(x))) / float(_deviation(x)) / 1e3), known={
            "mean and deviation were taken for constants": lambda x, g: g / np.std(x),
            "the deviation was taken for a constant": lambda x, g: (g - np.mean(g)) / np.std(x),
            "the mean was taken for a constant": lambda x, g: (
                g - _unit(x) * np.mean(g * _unit(x))) / np.std(x),
            "a variance with n - 1 in place of n": lambda x, g: _formula(x, g, 1)})
    return report.with_mild("1e-170", "two features")


def _unit(x):
    """Return x, normalised."""
    return (x - np.mean(x)) / np.std(x)


def _formula(x, g, less=0):
    """Return the slope by the printed formula, with a variance of n - less degrees."""
    deviation = np.std(x, ddof=less)
    unit = (x - np.mean(x)) / deviation
    return (g - np.mean(g) - unit * np.mean(g * unit)) / deviation


def _exact(x):
    """Return an array of Fractions."""
    return np.array([Fraction(float(value)) for value in x], dtype=object)


def _deviation(x):
    """Return the standard deviation with n, right to rounding, at any size."""
    centred = _exact(x) - sum(_exact(x)) / len(x)
    largest = max(map(abs, centred))
    square = sum((value / largest) ** 2 for value in centred) / len(x)
    return largest * Fraction(math.sqrt(square))


def _slope(x, g):
    """Return the gradient as floats from exact means: sums do not round, a root does."""
    values, arriving, n = _exact(x), _exact(g), len(x)
    centred = values - sum(values) / n
    variance = sum(centred * centred) / n
    along = sum(arriving * centred) / n / variance
    free = arriving - sum(arriving) / n - centred * along
    return np.array([float(value / _deviation(x)) for value in free])


def own_corner(variant=""):
    """Return the upper right element of the first matrix of the break-it problem.

    Examples
    --------
    >>> own_corner()
    4.0
    """
    return own(variant, [4.0, *(k / 100 for k in range(250, 600) if k != 400)], "pair")


@np.errstate(all="ignore")
def check_pair(answer, seed=0, variant=""):
    """Judge two layers, each with small eigenvalues, which alternating make gradients explode.

    Parameters
    ----------
    answer : list of two 2 by 2 matrices
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_corner`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_pair([[[0.5, 4.0], [0.0, 0.5]]] * 2).cases[0].shown
    'does not break'
    """
    # Eigenvalues say nothing of a product, where the factors do not commute.
    corner = own_corner(variant)

    def radius(A):
        return np.max(np.abs(np.linalg.eigvals(A)))

    def grown(A, B):
        return float(np.linalg.norm(np.linalg.matrix_power(A @ B, 25), 2))

    return grade.check_counterexample(
        several_arguments(answer), on_arrays(grown), above=1e6, name="pair",
        unit="is the gain of 50 layers", valid={
            "two matrices, 2 by 2": on_arrays(lambda A, B: A.shape == B.shape == (2, 2)),
            "elements of at most 6 in size": on_arrays(
                lambda A, B: bool(np.all(np.abs([A, B]) <= 6))),
            f"a first matrix with {corner} in its upper right corner": on_arrays(
                lambda A, B: A[0, 1] == corner),
            "eigenvalues of at most 0.9 in size": on_arrays(
                lambda A, B: max(radius(A), radius(B)) <= 0.9)},
        known={"they commute, and then eigenvalues multiply": on_arrays(
            lambda A, B: np.allclose(A @ B, B @ A)),
            "both are symmetric: then norms are eigenvalues": on_arrays(
                lambda A, B: np.array_equal(A, A.T) and np.array_equal(B, B.T))})

