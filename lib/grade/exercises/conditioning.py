"""Check the exercises of the chapter on conditioning."""

from fractions import Fraction

import numpy as np

from lib import grade
from lib.numbers import measure
from lib.problems import hilbert, with_singular_values

# Of the pivot whose trace the chapter prints; proposed is to exchange the two equations.
READING = (3, 4, 6, "no cure")
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
    return grade.check_trace_reading(answer, READING, within=0.5)


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
    right = (18 / 16, (1000 + radius) / (1000 - radius), 4)
    return grade.check_value(
        answer, right, factor=(1.01, 1.05, 1), name="labels",
        parts=("17 and 1", "B + B^T + nI", "rank"), known={
            "you divided the entries, not the eigenvalues": (17, ..., ...),
            "this is the determinant": (288, ..., ...),
            "you forgot the factor 2 in the radius":
                (..., (1000 + radius / 2) / (1000 - radius / 2), ...),
            "you forgot that the mean is subtracted": (..., ..., 5),
            "this is the order of the covariance, not its rank": (..., ..., 10)})


def check_bound(answer, seed=1961):
    """Judge `error_bound(A, x, b)`: 2 kappa eta / (1 - kappa eta), and inf from kappa eta = 1 on.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three random systems, their units and the errors of their solutions; of the units of
        four systems where kappa eta is near 1, or 1.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_bound(lambda A, x, b: np.inf).cases[0].verdict
    'wrong'
    """
    nothing = "κη has reached 1 here, so nothing is promised"
    much = "κη is below 1 here: the bound is large, and still a bound"
    shows = {label: nothing for label in ("(0, 2.001)", "x = 0", "κη = 1", "κη = 1.005")}
    return grade.check_accuracy(
        answer, _bound, _systems(np.random.default_rng(seed)), bound=1e-3, name="error_bound",
        shows=shows | {"κη = 0.4": much, "κη = 0.995": much}, known={
            "you left out the 2: both A and b may be to blame": lambda A, x, b: _bound(A, x, b, 1),
            "beyond κη = 1 this promises nonsense": lambda A, x, b: _bound(A, x, b, ends=False),
            "2κη is no bound: the denominator is missing":
                lambda A, x, b: _bound(A, x, b, ends=False, minus=0),
            **{f"this κ is in the {p}-norm, the backward error in the maximum norm":
               lambda A, x, b, p=p: _bound(A, x, b, norm=p) for p in (1, 2)}})


def _systems(rng):
    """Return the systems A x = b of `check_bound`, with answers x, by name."""
    edge, push = np.diag([1.0, 1e-3]), 1e-3 / 8  # the bound is met by an error of A and one of b
    cases = {"the bound is met": (edge, np.array([1.0, (1e-3 + push) / (1e-3 - push)]),
                                  edge.diagonal()),
             "(0, 2.001)": (OPENING, np.array([0, 2.001]), np.array([1.999, 1.997]))}
    for n in (2, 3, 6):
        # A large first row makes kappa in one norm unlike that in others.
        A = rng.normal(size=(n, n)) + 3 * np.eye(n)
        A[0] *= float(rng.uniform(30, 60))
        x = rng.uniform(1, 2, n)
        size = 0.02 / measure.condition(A, np.inf)
        cases[f"order {n}, other units"] = A, x * (1 + size * rng.normal(size=n)), A @ x
    # Powers of two, so that the product is 1 without rounding.
    D = np.diag(2.0 ** -rng.integers(-9, 10) * np.array([1.0, 2.0 ** -rng.integers(5, 12)]))
    for product, *x in (0.4, 1, 0.2), (0.995, 1, -0.99), (1, 1, -1), (1.005, 0.99, -1):
        cases[f"κη = {product}"] = D, np.array(x, float), D @ [x[0], 1]
    return cases | {"x = 0": (np.eye(2), np.zeros(2), np.array([1.0, 3.0]))}


def _bound(A, x, b, factor=2, norm=np.inf, ends=True, minus=1):
    """Return the bound of the forward error; inf, if it ends, where it promises nothing."""
    product = measure.condition(A, norm) * measure.backward_error(A, x, b)
    return np.inf if ends and product >= 1 else np.divide(factor * product, 1 - minus * product)


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
        scale = 10.0 ** int(rng.integers(-3, 4))
        A = scale * with_singular_values(np.array([1.0, 1 / kappa]), rng)
        cases[f"kappa {kappa}"] = (A,)

    def faults(S, A):
        if np.shape(S) != (2, 2):
            return {f"of shape {np.shape(S)}, not (2, 2)": 1.0}
        short, left, after = (_half_axes(M)[1] for M in (A, S, A + S))
        return {"this is the change, not the changed matrix":
                    max(_half_axes(S)[0] - short, after) < 1e-3 * short,
                "not singular: the short half-axis, relative to that of A": left / short,
                "too far, by this share of the distance": _half_axes(S - A)[0] / short - 1}

    return grade.check_identity(
        answer, faults, cases, name="nearest_singular", bound={
            "not singular: the short half-axis, relative to that of A": 1e-9,
            "too far, by this share of the distance": 1e-3}, known={
            "this changes one entry, which is enough, but seldom nearest":
                lambda A: np.array([A[0], A[0] * A[1, 0] / A[0, 0]])})


def _half_axes(A):
    """Return the long and the short half-axis of a matrix of order 2: their product, squares."""
    product = np.abs(A[0][0] * A[1][1] - A[0][1] * A[1][0])
    squares = np.sum(np.square(A))
    longest = (np.sqrt(squares + 2 * product) + np.sqrt(max(squares - 2 * product, 0.0))) / 2
    return longest, product / longest if longest else 0.0


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
             "singular": (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]), double)}
    # The full row has another sum, and another length, than largest element.
    cases["one full row"] = np.eye(9) + np.eye(9)[:, :1] * (np.arange(9) > 0), double
    # With small rows a guard that does not scale is told apart from one that does.
    for n in (2, 5, 9):
        A = with_singular_values(np.geomspace(1, 10.0 ** -rng.uniform(2, 6), n), rng)
        cases[f"order {n}, rows in units"] = 10.0 ** rng.integers(-4, 5, (n, 1)) * A, double
    return grade.check_accuracy(
        answer, _digits, cases, bound=lambda A, u: 0.1, name="safe_digits", shows={
            "singular": "its condition number is above 1/u, or inf",
            "one full row": "each row is divided by its largest element, not by its sum or length",
            "diagonal": "with its rows scaled it is the identity"}, known={
            "the columns were scaled, not the rows": lambda A, u: _digits(A, u, axis=0),
            "the rows have not been scaled": lambda A, u: _digits(A, u, axis=None),
            "u was taken for that of float64 throughout": lambda A, u: _digits(A, 2.0**-53),
            "this can be negative: nothing is left then, 0": lambda A, u: _digits(A, u, least=-99),
            "the logarithm was the natural one": lambda A, u: np.log(10) * _digits(A, u)})


def _digits(A, u, axis=1, least=0.0):
    """Return the digits that kappa u leaves, all rows (or columns, or A) scaled to size 1."""
    scaled = A / np.max(np.abs(A), axis=axis, keepdims=True)
    return max(least, -np.log10(measure.condition(scaled, np.inf) * u))


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
    def matrix(condition):
        return lambda X: bool(condition(np.array(X, float)))

    def times_worse(X):
        X = np.array(X, float)
        standard = (X - X.mean(axis=0)) / X.std(axis=0)
        return measure.condition(standard) / measure.condition(X)

    # The conditions are asked in this order: a later one may take the earlier ones for granted.
    return grade.check_counterexample(
        answer if answer is ... else (answer,), times_worse, above=10, name="X",
        unit="times worse", valid={
            "real numbers": lambda X: not np.iscomplexobj(np.array(X)),
            "a matrix of two or three columns": matrix(lambda X: X[0].shape in ((2,), (3,))),
            "at least five rows": matrix(lambda X: len(X) >= 5),
            "finite numbers": matrix(lambda X: np.all(np.isfinite(X))),
            "no constant column": matrix(lambda X: np.all(np.ptp(X, axis=0) > 0)),
            "deviations that neither overflow nor underflow": matrix(
                lambda X: np.all((X.std(axis=0) > 1e-150) & (X.std(axis=0) < 1e150))),
            "a condition number below 1e8": matrix(lambda X: measure.condition(X) < 1e8)},
        known={"dividing alone: the means are 0 already": matrix(
            lambda X: np.allclose(X.mean(axis=0), 0, atol=1e-9 * np.max(np.abs(X))))})


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
        (p, q), (r, s) = np.outer(*np.array(pair, float)).tolist()
        return Fraction(p) * Fraction(s) == Fraction(q) * Fraction(r)

    def exact(pair):
        (p, q), right = np.array(pair, float), np.vectorize(Fraction, otypes=[object])
        return np.all(np.outer(right(p), right(q)) == right(np.outer(p, q)))

    def pair_of(condition):
        return lambda pair: bool(condition(np.array(pair, float)))

    def in_range(pair):
        products = np.abs(np.outer(*pair))
        return np.all((products > 1e-300) & (products < 1e300) | ~np.outer(*(pair != 0)))

    # A pair is one argument, so that a single vector is told from two.
    return grade.check_counterexample(
        answer if answer is ... else (answer,), has_rank_1, name="pair", valid={
            "two vectors of two numbers each": pair_of(lambda pair: pair.shape == (2, 2)),
            "finite numbers": pair_of(lambda pair: np.all(np.isfinite(pair))),
            "no product that overflows or underflows": pair_of(in_range)},
        known={"the products are exact, as those of whole numbers are: nothing is rounded": exact,
            "one number is a power of two times the other: doubling is exact": pair_of(
                lambda pair: any(np.frexp(one[0])[0] == np.frexp(one[1])[0] for one in pair))})
