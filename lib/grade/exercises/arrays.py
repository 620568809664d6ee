"""Check the exercises of the chapter on arrays."""

import functools
import itertools

import numpy as np

from lib import grade, linear, problems

# Of the second diagonal element of R by way of the Gram matrix, whose trace the chapter prints.
READING = (3, 5, 13, "cure")
# Entries up to a million in size: how many products of two float64 adds without rounding.
LONGEST = float(2**53 // 10**12)
MEGABYTES = (0.0, 4.0, 0.5, 4000.0, 2.0)
# What explains a number of megabytes that is wrong.
MEMORY = {
    "these are megabytes of 1000 kB, not bytes": tuple(1e6 * x for x in MEGABYTES),
    "these are units of 2**20 bytes; a million bytes are asked for":
        tuple(1e6 * x / 2**20 for x in MEGABYTES),
    "a truth value takes one byte, and no bit": (..., ..., 0.0625, ..., ...),
    "NumPy makes each difference in both directions": (..., ..., ..., 2000.0, ...),
    "reshape copies where one stride does not lead from each to the next":
        (..., 0.0, ..., ..., ...),
    "a truth value takes one byte": (..., ..., 4.0, ..., ...),
    "each row meets each other row: 1000 x 1000 x 500 numbers":
        (..., ..., ..., 4.0, ...),
    "those are the shapes (1000, 1, 500) and (1000, 500): not one number is left out":
        (..., ..., ..., 8.0, ...),
    "numbers of float32 have 4 bytes, and have to be made":
        (..., ..., ..., ..., 0.0),
    "a slice and a transpose copy nothing": (2.0, ..., ..., ..., ...)}
NUMBERS = 100_000
# What an error of sums by word is called, and one that float32 explains.
OFF = "error, over what is allowed"
SINGLE = f"{OFF} (added in float32, whose sums of many terms are off)"


def check_memory(answer):
    """Judge how many megabytes five results take anew.

    Parameters
    ----------
    answer : tuple
        For A[::2, 1:].T, A.T.reshape(-1), A > 0, A[:, None] - A, A.astype(np.float32).T, where A
        has 1000 rows of 500 float64 numbers.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_memory((0, 0, 0, 0, 0)).passed
    False
    """
    return grade.check_value(
        answer, MEGABYTES, factor=1.01, name="new memory", units="MB",
        parts=("a slice, turned", "turned, in a row", "a comparison", "all differences",
               "another type, turned"),
        known=MEMORY)


def check_gradient(answer, seed=2014):
    """Judge `gradient(tokens, slopes, words)`: the slopes added up by word.

    Parameters
    ----------
    answer : callable
    seed : int
        Of tokens and slopes.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_gradient(lambda tokens, slopes, words: np.zeros((words, slopes.shape[1]))).passed
    False
    """
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, 20, 300)
    slopes = rng.standard_normal((300, 4))
    cases = {"each word once": (rng.permutation(20), slopes[:20], 20),
             "words that repeat": (tokens, slopes, 20),
             "a word that never occurs": (tokens, slopes, 25),
             "one column": (tokens, slopes[:, :1], 20),
             "float32": (tokens, slopes.astype(np.float32), 20),
             "float32, one word, 30 000 times": (
                 np.zeros(30_000, int), np.full((30_000, 2), 0.1, np.float32), 3),
             "float64, one word, 30 000 times": (
                 np.zeros(30_000, int), np.full((30_000, 2), 0.1), 3),
             "no token": (tokens[:0], slopes[:0], 3)}
    return grade.check_identity(answer, _gradient_mistakes, cases, name="gradient",
                                bound={OFF: 1.0, SINGLE: 1.0}, as_it_is=True)


def _gradient_mistakes(found, tokens, slopes, words):
    """Return what is known to be wrong with sums by word, and their error over what is allowed."""
    right, sizes = np.zeros((2, words, slopes.shape[1]))
    np.add.at(right, tokens, slopes.astype(float))
    np.add.at(sizes, tokens, np.abs(slopes.astype(float)))
    if np.shape(found) != right.shape:
        return {f"of shape {np.shape(found)}, but {right.shape} is wanted": True}
    if found.dtype != slopes.dtype:
        return {f"of {found.dtype}, but the slopes are {slopes.dtype}": True}
    # One rounding to the dtype of the slopes, and those of a sum in float64.
    unit = np.finfo(slopes.dtype).eps / 2
    allowed = (2 * unit + len(tokens) * 2.0**-53) * sizes + 1e-300
    told = {slip: True for slip, wrong in _gradient_slips(tokens, slopes, right).items()
            if _near(found, wrong) and not _near(found, right)}
    single = slopes.dtype == np.float32 and np.max(np.abs(found - right) / allowed) > 1
    return told | {SINGLE if single else OFF: (found - right) / allowed}


def _gradient_slips(tokens, slopes, right):
    """Return tables by what was done wrong."""
    once, mean, first = np.zeros_like(right), right.copy(), np.zeros_like(right)
    once[tokens] += slopes
    first[tokens[::-1]] = slopes[::-1]
    times = np.bincount(tokens.astype(np.intp), minlength=len(right))
    mean[times > 0] /= times[times > 0, None]
    return {"a word that occurs several times counts once": once,
            "only the first slope of each word is there": first,
            "these are means of the slopes, not sums": mean,
            "nothing was added": np.zeros_like(right),
            "with the opposite sign": -right}


def check_shapes(answer):
    """Judge two shapes of few numbers whose difference has very many.

    Parameters
    ----------
    answer : tuple of two tuples

    Returns
    -------
    Report

    Examples
    --------
    >>> check_shapes(((1000, 1), (1000,))).passed
    False
    """
    return grade.check_counterexample(
        answer, _places, above=2.4e9, name="shapes", unit="numbers", valid=ADMITTED, known={
            "these shapes are paired element by element, and no axis is stretched":
                lambda first, second: _admitted(first, second)
                and _places(first, second) <= max(_size(first), _size(second)),
            "it is a product of two sizes, which can share 100 000 better":
                lambda first, second: _admitted(first, second)
                and _places(first, second) > NUMBERS})


def _is_shape(shape):
    """Return whether something is a tuple of positive integers."""
    return isinstance(shape, tuple) and all(
        isinstance(length, int | np.integer) and not isinstance(length, bool) and length > 0
        for length in shape)


def _size(shape):
    """Return how many numbers an array of a shape holds, as an int without limit."""
    return functools.reduce(lambda x, y: x * int(y), shape, 1)


def _places(first, second):
    """Return how many numbers the difference of two arrays has."""
    return _size(_stretched(first, second))


def _stretched(first, second):
    """Return the shape of a difference, or None where the two do not fit."""
    lengths = itertools.zip_longest(first[::-1], second[::-1], fillvalue=1)
    pairs = [sorted(pair) for pair in lengths]
    fits = all(short in (1, long) for short, long in pairs)
    return tuple(long for _, long in pairs[::-1]) if fits else None


# What the task admits.
ADMITTED = {
    "two shapes, tuples of positive integers": lambda first, second: all(
        map(_is_shape, (first, second))),
    "two shapes that fit": lambda first, second: _stretched(first, second) is not None,
    "at most 100 000 numbers in both together":
        lambda first, second: _size(first) + _size(second) <= NUMBERS}


def _admitted(first, second):
    """Return whether two shapes are what the task admits."""
    return all(holds(first, second) for holds in ADMITTED.values())


def check_judge(answer):
    """Judge who is right about a detour by float64, and for how long the sums may be.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 9_223_372)).note
    'this is where int64 itself overflows; a float64 has 53 bits for a whole number'
    """
    return grade.check_judgement(
        answer, ("Ada", LONGEST), choices=("Ada", "Ben"), factor=1.00005,
        number="the largest number of columns", known={
            "this is where int64 itself overflows; a float64 has 53 bits for a whole number":
                2.0**63 / 1e12,
            "the entries are a million in size, so a product is their square": 2.0**53 / 1e6,
            "this is for sums up to 2**52; all integers up to 2**53 are floats": 2.0**52 // 1e12,
            "this is one column too many: 9008 products of 1e12 pass 2**53": 9008.0,
            "those are the decimals that float64 keeps in any case; count in binary":
                1e15 / 1e12})


def check_nearest(answer, seed=1967):
    """Judge `nearest(X, Y)`: for each row of X the place of the nearest row of Y, in 2 MB.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the points.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_nearest(lambda X, Y: np.zeros(len(X), int)).passed
    False
    """
    rng = np.random.default_rng(seed)
    near = rng.standard_normal((600, 16)), rng.standard_normal((1000, 16))
    single = [points.astype(np.float32) for points in near]
    few = [points[:40] for points in near]
    cases = {"around 0": tuple(near), "float32": tuple(single), "forty points": tuple(few),
             "far from 0": tuple(points + 1e8 for points in few),
             "float32, far from 0": tuple(points[:200] + np.float32(3000) for points in single),
             "one point": (near[0][:1], near[1][:5]), "one to choose from": (few[0], few[1][:1]),
             "in small units": tuple(1e-20 * points for points in few)}
    limited = grade.within_limits(answer, 2e6, lambda X, Y: 100 + len(X))
    return grade.check_identity(limited, _nearest_mistakes, cases, name="nearest", bound=1e-5,
                                as_it_is=True)


def _nearest_mistakes(found, X, Y):
    """Return what is wrong with the places of neighbours, and how much too far off these are."""
    if np.shape(found) != (len(X),):
        return {f"of shape {np.shape(found)}, but ({len(X)},) is wanted": True}
    if found.dtype.kind not in "iu":
        return {f"numbers of {found.dtype}, but places are wanted, which are integers": True}
    if len(found) and (found.min() < 0 or found.max() >= len(Y)):
        return {"places that Y does not have": True}
    squares = _squares(X, Y)
    chosen, least = squares[np.arange(len(X)), found], squares.min(axis=1)
    if len(Y) > 2 and np.array_equal(found, squares.argmax(axis=1)):
        return {"these are the farthest": True}
    missed = np.mean(chosen > 1.00001 * least)
    label = f"not the nearest, in {missed:.0%} of the rows; " * bool(missed)
    return {f"{label}farther than the nearest by": chosen / least - 1}


def _squares(X, Y):
    """Return all squared distances, from differences, a row of X after the other."""
    X, Y = X.astype(float), Y.astype(float)
    return np.array([np.sum((x - Y) ** 2, axis=1) for x in X])


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
    >>> check_read((5, 5, 13, "cure")).passed
    False
    """
    return grade.check_trace_reading(answer, READING)


def check_fit(answer, seed=2016):
    """Judge `fit(blocks)`: least squares of a table that comes in blocks of rows, in 1 MB.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the tables.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_fit(lambda blocks: next(iter(blocks))[0][0]).passed
    False
    """
    rng = np.random.default_rng(seed)
    plain = rng.standard_normal((90, 4))
    close = problems.with_singular_values(np.geomspace(1, 1e-7, 6), rng, 200)
    tables = {"three blocks": (plain, (0, 30, 60, 90)), "one block": (plain, (0, 90)),
              "a short last block": (plain, (0, 44, 88, 90)),
              "a short first block": (plain, (0, 2, 50, 90)),
              "columns in other units": (plain * [1e-6, 1.0, 1e6, 3.0], (0, 50, 90)),
              "columns that nearly agree": (close, (0, 60, 120, 200)),
              "24 000 rows": (rng.standard_normal((24_000, 12)), tuple(range(0, 24_001, 1000)))}
    cases = {label: (X, _targets(X, rng), cuts) for label, (X, cuts) in tables.items()}
    limited = grade.within_limits(_by_blocks(answer), 1e6, lambda X, y, cuts: 1e9)
    return grade.check_identity(limited, _fit_mistakes, cases, name="fit", bound=1e-7)


def _targets(X, rng):
    """Return targets: a combination of the columns, each of like weight, and some noise."""
    y = X @ (rng.uniform(1, 2, X.shape[1]) / np.linalg.norm(X, axis=0))
    return y + 1e-3 * np.std(y) * rng.standard_normal(len(y))


def _by_blocks(answer):
    """Return a function of a table that hands the answer its blocks, one at a time."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def of_table(X, y, cuts):
        return answer(_Once((X[a:b].copy(), y[a:b].copy()) for a, b in itertools.pairwise(cuts)))

    return of_table


class _Once:
    """Blocks that are gone through once: a second loop over them is told, not empty."""

    def __init__(self, blocks):
        self.blocks, self.ended = blocks, False

    def __iter__(self):
        if self.ended:
            raise ValueError("blocks were gone through a second time: they come only once")
        return self

    def __next__(self):
        for block in self.blocks:
            return block
        self.ended = True
        raise StopIteration


def _fit_mistakes(found, X, y, cuts):
    """Return what is known to be wrong with coefficients, and how far they are off."""
    if np.shape(found) != (X.shape[1],):
        return {f"of shape {np.shape(found)}, but ({X.shape[1]},) is wanted": True}
    lengths = np.linalg.norm(X, axis=0)
    right = _solved(X, y)
    told = {slip: True for slip, wrong in _fit_slips(X, y, cuts).items()
            if _near(found * lengths, wrong * lengths)
            and not _near(found * lengths, right * lengths)}
    off = np.abs(found - right) * lengths / np.max(np.abs(right) * lengths)
    # The Gram matrix loses digits where X hardly shows it: what X makes of the error is small.
    squared = np.max(off) > 1e-7 and np.linalg.norm(X @ (found - right)) < 1e-6 * np.linalg.norm(y)
    cause = " (as much as the square of the condition number costs)" * bool(squared)
    return told | {f"off by{cause}": off}


def _solved(X, y):
    """Return the coefficients of least squares, from columns of length 1."""
    lengths = np.linalg.norm(X, axis=0)
    return linear.least_squares(X / lengths, y) / lengths


def _fit_slips(X, y, cuts):
    """Return coefficients by what was done wrong."""
    pieces = [(X[a:b], y[a:b]) for a, b in itertools.pairwise(cuts) if b - a >= X.shape[1]]
    each = np.array([_solved(*piece) for piece in pieces])
    slips = {"these are the means of the coefficients of the blocks": np.mean(each, axis=0),
             "this is the fit of the first block alone": each[0],
             "this is the fit of the last block alone": each[-1],
             "with the opposite sign": -_solved(X, y)}
    if len(cuts) > 2:
        slips["the last block was left out"] = _solved(X[: cuts[-2]], y[: cuts[-2]])
        slips["the first block was left out"] = _solved(X[cuts[1] :], y[cuts[1] :])
    return {slip: wrong for slip, wrong in slips.items()
            if len(cuts) > 2 or slip == "with the opposite sign"}


def _near(found, wanted):
    """Return whether numbers agree to 1e-6 of the largest."""
    if np.size(wanted) == 0:
        return True
    return bool(np.max(np.abs(found - wanted)) <= 1e-6 * np.max(np.abs(wanted)))
