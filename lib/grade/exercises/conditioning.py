"""Check the exercises of the chapter on conditioning."""

from fractions import Fraction
from functools import partial

import numpy as np

from lib import grade
from lib.numbers import measure, two_prod
from lib.problems import hilbert, with_singular_values

# Of the pivot whose trace the chapter prints; proposed is to exchange the two equations.
READING = (3, 4, 6.3, "no cure")
# Ben's x solves his second equation up to 0.0014; A and b have the sizes 2 and 2.
JUDGEMENT = ("Ben", 0.0014 / (2 * 1.0014 + 2))
OPENING = np.array([[1.0, 0.999], [0.999, 0.998]])


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
    >>> check_read((4, 4, 6, "no cure")).cases[0].reason
    'line 4 only shows what another line has made'
    """
    read = grade.check_trace_reading(answer, READING, within=0.2)
    lost = grade.check_trace_reading(answer, (*READING[:2], 6.0, READING[3]), within=0.05).cases
    forgot = any(case.verdict == "stable" for case in lost[2:3])
    return grade.Report(read.name, read.cases, read.note or "you left out |q|" * forgot, "right")


def check_judge(answer):
    """Judge which of two programs has the bug, and the backward error that shows it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 3.5e-4)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.01, number="its backward error",
        known={"this is in the 2-norm, and the maximum norm is asked for": 3.094e-4,
               "this is the forward error, or the residual without its denominator": 0.0014,
               "this is the backward error of the other one": 6e-8 / (1.999 * 1.05994 + 1.999),
               "you left b out of the denominator": 0.0014 / (2 * 1.0014)})


def check_labels(answer):
    """Judge the condition numbers of two matrices, and the rank of a covariance.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_labels(17).cases[0].reason
    'a single one given, 3 wanted'
    """
    radius = 2 * np.sqrt(2 * 1000)
    return grade.check_value(
        answer, (18 / 16, (1000 + radius) / (1000 - radius), 4), factor=(1.01, 1.05, 1),
        name="labels", parts=("17 and 1", "B + B^T + nI", "rank"), known={
            "you divided the entries, not the eigenvalues": (17, ..., ...),
            "you forgot the factor 2 in the radius": (..., 1.0936, ...),
            "you forgot that the mean is subtracted": (..., ..., 5),
            "this is the order of the covariance, not its rank": (..., ..., 10)})


def check_bound(answer, seed=1961):
    """Judge `error_bound(A, x, b)`, only A to blame: kappa e / (1 - kappa e), or inf.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three random systems, their units and the errors of their solutions; of the units of
        four systems where kappa e is near 1, or 1.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_bound(lambda A, x, b: np.inf).cases[0].verdict
    'wrong'
    """
    shows = {"κε = 0.995": "κε is below 1 here: the bound is large, and still a bound",
             "κε = 1": "κε has reached 1 here, so nothing is promised"}
    slips = {"the formula is right": {}, "the denominator is missing": {"minus": 0},
             "this is the bound for changes of A and b": {"of": 1, "factor": 2},
             "this ε is that for changes of A and b": {"of": 1},
             "this ε is for changes of b alone": {"of": 0},
             "the 2 is for a change of b, and b is exact": {"factor": 2},
             "this κ is in the 2-norm, ε in the maximum norm": {"norm": 2}}
    # Whoever forgets where the bound ends may have slipped before.
    known = {slip + ", and beyond 1 it promises nonsense" * no: partial(_bound, ends=not no, **how)
             for slip, how in slips.items() for no in (False, True)}
    return grade.check_accuracy(answer, _bound, _systems(np.random.default_rng(seed)), bound=1e-3,
                                name="error_bound", shows=shows, known=known)


def _systems(rng):
    """Return the systems A x = b of `check_bound`, with answers x, by name."""
    # The bound is met by a change of the last entry.
    cases = {"the bound is met": (np.diag([1, 1e-3]), np.array([1, 8 / 7]), np.array([1, 1e-3])),
             "(0, 2.001)": (OPENING, np.array([0, 2.001]), np.array([1.999, 1.997])),
             "x = 0": (np.eye(2), np.zeros(2), np.array([1.0, 3.0]))}
    for n in (2, 3, 6):
        # A large first row makes kappa in one norm unlike that in others.
        A = np.round(64 * rng.normal(size=(n, n))) / 64 + 3 * np.eye(n)
        A[0] *= int(rng.integers(30, 60))
        x = 1 + rng.integers(0, 64, n) / 64  # few bits, so that the residual does not round
        size = 0.02 / measure.condition(A, np.inf) * rng.normal(size=n)
        cases[f"order {n}, other units"] = A, np.round(x * (1 + size) * 2**30) / 2**30, A @ x
    # Powers of two, so that the product is 1 without rounding.
    D = np.diag(2.0 ** -rng.integers(-9, 10) * np.array([1.0, 2.0 ** -rng.integers(5, 12)]))
    return cases | {f"κε = {product}": (D, np.array([1, 1 - product]), D.diagonal())
                    for product in (0.4, 0.995, 1, 1.005)}


@np.errstate(divide="ignore", invalid="ignore")
def _bound(A, x, b, norm=np.inf, of=2, factor=1, ends=True, minus=1):
    """Return the bound where A changes (of = 2), A and b (1), or b (0); inf where it ends."""
    size, side = np.linalg.norm(A, np.inf) * np.max(np.abs(x)), np.max(np.abs(b))
    product = measure.condition(A, norm) * np.max(np.abs(b - A @ x)) / (side, size + side, size)[of]
    return np.inf if ends and product >= 1 else np.divide(factor * product, (1, 1 - product)[minus])


def check_singular(answer, seed=1936):
    """Judge `nearest_singular(A)`: a singular matrix, 2 by 2, as near as any to a thousandth.

    Parameters
    ----------
    answer : callable
    seed : int
        Of four random matrices with condition numbers from 2 to 100.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_singular(lambda A: 0 * A).cases[0].verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    cases = {"mild": (np.array([[2.0, 1.0], [1.0, 2.0]]),)}
    # Up to 100 a walk around the circle finds the shortest image well enough.
    for kappa in (2, 10, 100):
        A = with_singular_values(np.array([1.0, 1 / kappa]), rng)
        cases[f"kappa {kappa}"] = (10.0 ** int(rng.integers(-3, 4)) * A,)

    def faults(S, A):
        if np.shape(S) != (2, 2):
            return {f"of shape {np.shape(S)}, not (2, 2)": 1.0}
        short, left = (np.linalg.norm(M, -2) for M in (A, S))
        found = {"half-axis left": left / short, "detour": np.linalg.norm(S - A, 2) / short - 1}
        right, near = all(found[label] <= bound[label] for label in found), _nearest(A)
        slips = {"this is the change, not the changed matrix": near - A,
                 "this changes one entry": np.array([A[0], A[0] * A[1, 0] / A[0, 0]]),
                 "this is v y^T, where y v^T maps v to y": A - (A - near).T,
                 "this adds the image of v": 2 * A - near,
                 "this takes away the long half-axis": A - near}
        return {slip: bool(not right and np.linalg.norm(S - M, 2) < 1e-2 * short)
                for slip, M in slips.items()} | found

    # Shares of the distance, which is the short half-axis of A; the slips are to be 0.
    bound = {"half-axis left": 1e-9, "detour": 1e-3}
    return grade.check_identity(answer, faults, cases, bound=bound, name="nearest_singular", shows={
        "kappa 100": "a walk in coarse steps misses the shortest image"})


def _nearest(A):
    """Return the singular matrix that is nearest to A, whose short half-axis is taken away."""
    v = np.linalg.svd(A)[2][1]
    return A - np.outer(A @ v, v)


def check_safe(answer, seed=1988):
    """Judge `safe_digits(A, u)`: the digits that kappa u leaves, the rows scaled, to a tenth.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three random matrices, their condition numbers and their units.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_safe(lambda A, u: -np.log10(u)).cases[1].verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    double, single = 2.0**-53, 2.0**-24
    cases = {"diagonal": (np.diag([1.0, 1e-13]), double), "opening": (OPENING, double),
             "opening, float32": (OPENING, single), "Hilbert 8": (hilbert(8), double),
             "Hilbert 8, float32": (hilbert(8), single),
             "negative": (np.array([[1.0, 0.0], [1e-19, -1e-13]]), double),
             "singular": (np.arange(1.0, 10.0).reshape(3, 3), double)}
    # The full row has another sum, and another length, than largest element.
    cases["one full row"] = np.eye(9) + np.eye(9)[:, :1] * (np.arange(9) > 0), double
    # With small rows a guard that does not scale is told apart from one that does.
    for n in (2, 5, 9):
        A = with_singular_values(np.geomspace(1, 10.0 ** -rng.uniform(2, 6), n), rng)
        cases[f"order {n}, rows in units"] = 10.0 ** rng.integers(-4, 5, (n, 1)) * A, double
    return grade.check_accuracy(
        answer, _digits, cases, bound=lambda A, u: 0.1, name="safe_digits", shows={
            "one full row": "divide by its largest element, not by its sum or length"}, known={
            "the columns were scaled, not the rows": lambda A, u: _digits(A, u, axis=0),
            "the rows have not been scaled": lambda A, u: _digits(A, u, axis=None),
            "largest in size was asked for, with abs": lambda A, u: _digits(A, u, size=np.asarray),
            "without keepdims the columns are divided": lambda A, u: _digits(A, u, keepdims=False),
            "this κ is in the 2-norm": lambda A, u: _digits(A, u, norm=2),
            "u is half of eps": lambda A, u: _digits(A, 2 * u),
            "u was taken for that of float64 throughout": lambda A, u: _digits(A, 2.0**-53),
            "this can be negative: nothing is left then, 0": lambda A, u: _digits(A, u, least=-99),
            "the logarithm was the natural one": lambda A, u: np.log(10) * _digits(A, u)})


def _digits(A, u, axis=1, least=0.0, keepdims=True, size=np.abs, norm=np.inf):
    """Return the digits that kappa u leaves, all rows (or columns, or A) scaled to size 1."""
    scaled = A / np.max(size(A), axis=axis, keepdims=keepdims)
    return max(least, -np.log10(measure.condition(scaled, norm) * u))


def check_scaler(answer):
    """Judge a matrix whose condition number standardising makes ten times larger.

    Parameters
    ----------
    answer : array_like, shape (m, 2) or (m, 3)
        Of at least five rows, no column constant, of a condition number below 1e8.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_scaler(np.ones((5, 2))).cases[0].reason
    'the task asks for: no constant column'
    """
    def times_worse(X):
        X = np.array(X, float)
        return measure.condition((X - X.mean(axis=0)) / X.std(axis=0)) / measure.condition(X)

    # The conditions are asked in this order: a later one may take the earlier ones for granted.
    return grade.check_counterexample(
        answer if answer is ... else (answer,), times_worse, above=10, name="X",
        unit="times worse", valid={
            "real numbers": lambda X: not np.iscomplexobj(np.array(X)),
            "a matrix of two or three columns": _of_array(lambda X: X[0].shape in ((2,), (3,))),
            "at least five rows": _of_array(lambda X: len(X) >= 5),
            "finite numbers": _of_array(lambda X: np.all(np.isfinite(X))),
            "no constant column": _of_array(lambda X: np.all(np.ptp(X, axis=0) > 0)),
            "deviations that neither overflow nor underflow": _of_array(
                lambda X: np.all((X.std(axis=0) > 1e-150) & (X.std(axis=0) < 1e150))),
            "a condition number below 1e8": _of_array(lambda X: measure.condition(X) < 1e8)},
        known={"dividing alone: the means are 0 already": _of_array(
            lambda X: np.allclose(X.mean(axis=0), 0, atol=1e-9 * np.max(np.abs(X))))})


def _of_array(condition):
    """Return a condition on what a reader gave, taken as an array of floats."""
    return lambda given: bool(condition(np.array(given, float)))


def check_outer(answer):
    """Judge two vectors whose rounded products are the outer product of no two vectors.

    Parameters
    ----------
    answer : tuple of two vectors of two floats

    Returns
    -------
    Report

    Examples
    --------
    >>> check_outer(([1.0, 2.0], [3.0, 4.0])).cases[0].verdict
    'wrong'
    """
    def has_rank_1(pair):
        p, q, r, s = map(Fraction, np.outer(*np.array(pair, float)).flat)
        return p * s == q * r

    # A pair is one argument, so that a single vector is told from two.
    return grade.check_counterexample(
        answer if answer is ... else (answer,), has_rank_1, name="pair", valid={
            "a tuple of two vectors": lambda pair: isinstance(pair, tuple | list),
            "two vectors of two numbers each": _of_array(lambda pair: pair.shape == (2, 2)),
            "float64 numbers": lambda pair: {np.array(v).dtype.char for v in pair} <= {"d", "l"},
            "finite numbers": _of_array(lambda pair: np.all(np.isfinite(pair))),
            "no product that overflows or underflows": _of_array(lambda pair: np.all(
                np.abs(np.log10(np.abs(np.outer(*pair)))[np.outer(*(pair != 0))]) < 300))},
        known={
            "a factor 0 makes the determinant 0": _of_array(lambda pair: np.any(pair == 0)),
            "the products are exact, as those of whole numbers are: nothing is rounded": _of_array(
                lambda pair: np.all(two_prod(*np.meshgrid(*pair))[1] == 0)),
            "one number is a power of two times the other: doubling is exact": _of_array(
                lambda pair: any(np.frexp(one[0])[0] == np.frexp(one[1])[0] for one in pair))})
