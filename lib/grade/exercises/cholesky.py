"""Check the exercises of the chapter on Cholesky's factorisation."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from lib import grade
from lib.linear import (
    NotPositiveDefiniteError,
    back_substitution,
    cholesky,
    forward_substitution,
    jacobi_svd,
    lu,
)
from lib.numbers import FP32, FP64, measure
from lib.problems import read_strd, read_table

# Of the kernel entry whose trace the chapter prints; proposed is jitter of the size of rounding.
READING = (2, 3, 12, "no cure")
# Rounding of the entries and of the factorisation of a kernel of 100 points, variance 1.
JUDGEMENT = ("Ben", 102 * 100 * FP64.u)
EIGENVALUES = tuple(f"{package}.linalg.{name}" for package in ("numpy", "scipy")
                    for name in ("eig", "eigh", "eigvals", "eigvalsh"))
FACTORS = ("numpy.linalg.cholesky", "scipy.linalg.cholesky", "scipy.linalg.cho_factor",
           "lib.linear.cholesky", "lib.linear.lu", "numpy.linalg.inv", "numpy.linalg.solve",
           "scipy.linalg.inv", "scipy.linalg.solve")
ROUNDS = 100  # of a thousand directions each: a matrix that passes one round by luck fails others
REFUSED = np.full((1, 1), -1.0)  # stands for a ValueError, of which a report cannot ask


def check_float32(answer):
    """Judge the jitter that rounding asks for in two formats, and what a ladder promises.

    Parameters
    ----------
    answer : tuple of float, float and str

    Returns
    -------
    Report
    """
    double, single = (2 * 1000 * fmt.u * 1000.0 for fmt in (FP64, FP32))
    return grade.check_value(
        answer, (double, single, "no"), factor=1.5, name="jitter_sizes",
        parts=("float64", "float32", "will the ladder succeed?"), known={
            "the trace is 1000, not 1": (double / 1000, single / 1000, ...),
            "you took eps for u, which is half of it": (2 * double, 2 * single, ...),
            "you left out the factor of 2": (double / 2, single / 2, ...),
            "you took 2 n u, which is for a trace of 1": (2000 * FP64.u, 2000 * FP32.u, ...)})


def check_read(answer):
    """Judge how the printed trace was read: two lines, a power of ten, a word.

    Parameters
    ----------
    answer : tuple
        As for `check_trace_reading`.

    Returns
    -------
    Report
    """
    return grade.check_trace_reading(answer, READING)


def check_judge(answer):
    """Judge which colleague is right about two refusals, and what rounding explains.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.5, number="what rounding can push",
        known={"you gave an eigenvalue; how far below 0 it lies has no sign": -JUDGEMENT[1],
               "you took eps for u, or gave the jitter, which is more": 2 * JUDGEMENT[1],
               "you took n u; the factorisation multiplies by n again": 100 * FP64.u,
               "you took u alone": FP64.u})


def check_weights(answer, seed=1910):
    """Judge `weights(y, K)`, which returns K^-1 y, by its backward error in fitting units.

    Parameters
    ----------
    answer : callable
    seed : int
        Of two random definite matrices beside the tables.

    Returns
    -------
    Report
        A general solver fails in mixed units, where its exchanges of rows choose small pivots; an
        inverse fails also where a variable is nearly known.
    """
    rng = np.random.default_rng(seed)
    patients = np.cov(read_table("diabetes").X.T)
    speeds = read_strd("Michelso").data / 299.792458
    drift = 1.7e-4**2 * _smooth(np.arange(100.0), 10) + 2e-4**2 * np.eye(100)
    rows = rng.normal(size=(40, 30))
    near = _smooth(np.linspace(0, 1, 20), 0.2) + 1e-6 * np.eye(20)
    units, mixed = _mixed(rng, 12)
    # Easy cases first; the two last tell an inverse and a general solver from a triangle.
    cases = {"Michelson": (speeds - np.mean(speeds), drift), "diabetes": (np.ones(10), patients),
             "random": (rng.normal(size=30), rows.T @ rows),
             "nearly known": (near @ rng.normal(size=20), near),
             "mixed units": (units * rng.normal(size=12), mixed)}
    report = grade.check_identity(
        answer, _faults_of_weights, cases, name="weights",
        bound=lambda y, K: {"residual": 10 * len(y) * FP64.u},
        known={"this is y: nothing was solved": lambda y, K: y})
    return _with_remarks(report, {
        "nearly known": "K is nearly singular, where an inverse loses digits",
        "mixed units": "deviations of 1e-9 to 1e9: what compares elements of two units loses "
                       "digits"})


def _with_remarks(report, remarks):
    """Return a report that says what the hard cases show, if all but them are right."""
    if any(case.verdict != "stable" for case in report.cases if case.name not in remarks):
        return report
    cases = [case if case.verdict == "stable" else
             replace(case, reason=f"{case.reason} ({remarks[case.name]})") for case in report.cases]
    return replace(report, cases=tuple(cases))


def _smooth(x, length):
    """Return the Gaussian kernel of points."""
    return np.exp(-(np.subtract.outer(x, x) / length)**2 / 2)


def _mixed(rng, n):
    """Return n units, from small to large, and a covariance of variables hardly correlated.

    Elimination takes its first pivots off the diagonal there, and they are small in their units.
    """
    units = 2.0**np.linspace(-30, 30, n).round()
    rows = rng.uniform(1, 2, (n, n)) * 1e-6
    return units, (np.eye(n) + rows + rows.T) * np.outer(units, units)


def _faults_of_weights(w, y, K):
    """Return the backward error of K w = y in units in which all variances are about 1."""
    if np.shape(w) != np.shape(y):
        raise ValueError(f"shape {np.shape(w)} for {len(y)} unknowns")
    units = 2.0**np.round(np.log2(np.diag(K)) / 2)
    L = cholesky(K)
    half = forward_substitution(L, y)
    # Below the diagonal of its upper factor cho_factor leaves K as it was.
    mixture = np.tril(K, -1) + np.diag(np.diag(L))
    unrepaired = back_substitution(mixture.T, forward_substitution(mixture, y))
    return {"below its diagonal this L holds K": np.allclose(w, unrepaired, rtol=1e-6, atol=0),
            "half of the way, L z = y": np.allclose(w, half, rtol=1e-6, atol=0),
            "residual": measure.backward_error(K / np.outer(units, units), w * units, y / units)}


def check_sneaky(answer, seed=1000):
    """Judge a matrix that a thousand random directions take for definite.

    Parameters
    ----------
    answer : array_like, shape (n, n), n at most 200
    seed : int
        Of the directions.

    Returns
    -------
    Report
        The directions are drawn a hundred times, and no draw may notice.
    """
    def noticed(A):
        rng, A = np.random.default_rng(seed), np.array(A, float)
        rounds = (rng.normal(size=(1000, len(A))) for _ in range(ROUNDS))
        return sum(bool(np.any(np.sum((x @ A) * x, axis=1) <= 0)) for x in rounds)

    def negative(A):
        A = np.array(A, float)
        # Rounding, of A and of its factors, moves an eigenvalue by 10 n u of the largest at most.
        return not _factors(A, (1e-3 - 10 * len(A) * FP64.u) * jacobi_svd(A).s[0])

    return grade.check_counterexample(
        answer, noticed, below=1, name="sneaky",
        unit=f"of {ROUNDS} draws of a thousand directions notice it", valid={
            "a square matrix of finite floats": lambda A: (
                np.ndim(A) == 2 and len(A) == len(A[0]) and bool(np.all(np.isfinite(A)))),
            "at most 200 rows": lambda A: len(A) <= 200,
            "a symmetric matrix": lambda A: np.array_equal(A, np.transpose(A)),
            "an eigenvalue of -1e-3 of the largest, or less": negative})


def check_shift(answer, seed=1931):
    """Judge `shift(A)`: a number that makes A definite, near what Gershgorin asks for.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three random symmetric matrices.

    Returns
    -------
    Report
    """
    rng = np.random.default_rng(seed)
    valley = np.array([[2.0, 2.0], [2.0, 2.0]])
    signs = rng.permutation([1.0, 1, 1, -1, -1, -1])
    cases = {}
    for n in (3, 8, 40):
        G = rng.normal(size=(n, n))
        cases[f"random, n = {n}"] = G + G.T
    # Gershgorin's bound is attained there: the smallest eigenvalue is -5.
    cases |= {"two signs": np.eye(6) - np.outer(signs, signs), "semidefinite": valley,
              "semidefinite, small": 1e-9 * valley, "semidefinite, large": 1e6 * valley,
              "definite": np.array([[3.0]])}
    report = grade.check_identity(
        answer, _faults_of_shift, cases, bound=lambda A: {"c": _limit(A)}, name="shift",
        budget=grade.Budget(forbidden=(*EIGENVALUES, *FACTORS[:4])))
    return _with_remarks(report, dict.fromkeys(
        ("semidefinite, small", "semidefinite, large"), "no constant is small in every unit"))


def _limit(A):
    """Return the largest shift that is allowed."""
    size = np.abs(A)
    needed = np.max(size.sum(axis=1) - np.diag(size) - np.diag(A))
    return 1.01 * max(0.0, needed) + 1e-6 * np.max(size)


def _faults_of_shift(c, A):
    """Return a shift of A by its name, or raise a ValueError that says what is wrong with it."""
    if np.ndim(c):
        raise ValueError(f"not a number, but of shape {np.shape(c)}")
    if not c >= 0:
        raise ValueError(f"c = {c:.2g} is not 0 or more")
    if not _factors(A, c):
        raise ValueError(f"c = {c:.2g} is too small: A + cI does not factor")
    if c > _limit(A):
        raise ValueError(f"c = {c:.2g} is too large: {_limit(A):.2g} is allowed")
    return {"c": c}


def _factors(A, c):
    try:
        cholesky(A + c * np.eye(len(A)))
    except NotPositiveDefiniteError:
        return False
    return True


def check_longley(answer):
    """Judge `left_over(X)`: the share of the last column that the others do not explain.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report
        The exact shares are computed in fractions.
    """
    longley, patients = read_strd("Longley").X[:, 1:], read_table("diabetes").X
    cases = {"Longley, year": (longley,), "Longley, army": (longley[:, [0, 1, 2, 4, 5, 3]],),
             "diabetes, s6": (patients,), "Longley, in small units": (longley * 2.0**-40,)}
    exact = [_share(*case) for case in cases.values()]
    raw = [_share(*case, mean=0) for case in cases.values()]
    # A pivot has the unit of a variance; one over m beside one over m - 1 is off by m / (m - 1).
    sizes = [len(X) / (len(X) - 1) for X, in cases.values()]
    squares = [np.mean(X[:, -1]**2) / np.var(X[:, -1]) for X, in cases.values()]
    return grade.check_accuracy(answer, exact, cases, bound=1e-9, name="left_over", known={
        "this is what the others explain": [1 - float(share) for share in exact],
        "this is its inverse, the variance inflation factor": [1 / float(s) for s in exact],
        "this is its root: a pivot is the square of the diagonal": [float(s)**0.5 for s in exact],
        "this is the first pivot, that of a column before which there is none": [1.0] * len(exact),
        "one of the variances is a mean over m, the other over m - 1": [
            float(s) / size for s, size in zip(exact, sizes, strict=True)],
        "this divides a mean over m - 1 by one over m": [
            float(s) * size for s, size in zip(exact, sizes, strict=True)],
        "this is the pivot itself; divide by the variance":
            lambda X: cholesky(np.cov(X.T))[-1, -1] ** 2,
        "the constant was left out: subtract the means": [float(s) for s in raw],
        "the constant is missing among the others": [
            float(s) * square for s, square in zip(raw, squares, strict=True)]})


def _share(X, mean=None):
    """Return the share as a fraction, of the columns less their means or less what is given."""
    F = np.vectorize(Fraction, otypes=[object])(X)
    F = F - (F.sum(axis=0) / len(F) if mean is None else mean)
    products = F.T @ F
    return lu(products, pivot=False).upper[-1, -1] / products[-1, -1]


def check_grow(answer, seed=1983):
    """Judge `grow(L, column, corner)`: the factor of a matrix that is larger by one.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.

    Returns
    -------
    Report
        In the two last cases no variance is left, exactly, and a ValueError is asked for; in the
        one before a little is, 1e-12, which a test against a constant takes for nothing.
    """
    def grown(L, column, corner):
        try:
            return answer(L, column, corner)
        except ValueError:
            if _nothing_left(L, column, corner):
                return REFUSED
            raise

    report = grade.check_identity(
        grown if callable(answer) else answer, _faults_of_factor, _points(seed), name="grow",
        bound={"residual": 100 * FP64.u}, budget=grade.Budget(forbidden=FACTORS))
    return _with_remarks(report, {
        "in small units": "no constant is small in every unit",
        "in mixed units": "deviations of 1e-9 to 1e9: a triangular solve keeps all digits",
        "1e-12 left": "it is left exactly: nothing was rounded"})


def _points(seed):
    """Return a factor, a column and a corner for each case of a new point."""
    rng = np.random.default_rng(seed)
    cases = {}
    for k in (1, 9, 60):
        rows = rng.normal(size=(k + 3, k + 1))
        cases[f"{k} old points"] = _bordered(rows.T @ rows)
    rows = rng.normal(size=(8, 6))
    cases["in small units"] = _bordered(rows.T @ rows * 2.0**-80)
    L, row = cholesky(_mixed(rng, 12)[1]), rng.uniform(0.1, 0.2, 12)
    cases["in mixed units"] = L, L @ row, 1.0
    # Small whole numbers and powers of two: nothing is rounded, on any road.
    row = np.array([(3, 4), (5, 12), (8, 15), (20, 21)][rng.integers(4)], float)
    L = np.array([[2.0**rng.integers(-2, 3), 0], [rng.integers(1, 5), 2.0**rng.integers(-2, 3)]])
    known = row @ row
    for label, left in (("1e-12 left", 2.0**-40), ("nothing left", 0), ("less than nothing", -1)):
        cases[label] = L, L @ row, known + left
    return cases


def _bordered(K):
    """Return the factor of K without its last row, that row, and the corner."""
    return cholesky(K[:-1, :-1]), K[:-1, -1], K[-1, -1]


def _nothing_left(L, column, corner):
    """Return whether a point has no variance of its own; only the exact cases may have none."""
    row = forward_substitution(L, column)
    return len(L) == 2 and corner - row @ row <= 0


def _faults_of_factor(G, L, column, corner):
    """Return what is wrong with a factor that has grown by one row; all but the last must be 0."""
    if _nothing_left(L, column, corner):
        return {"a factor where no variance is left": not np.array_equal(G, REFUSED)}
    if np.shape(G) != (len(L) + 1, len(L) + 1):
        raise ValueError(f"shape {np.shape(G)} for {len(L) + 1} points")
    K = np.block([[L @ L.T, column[:, None]], [column, corner]])
    units = np.sqrt(np.diag(K))
    return {"not lower triangular": np.any(np.triu(G, 1)),
            "a diagonal that is not positive": np.any(np.diag(G) <= 0),
            "residual": np.max(np.abs(G @ G.T - K) / np.outer(units, units))}
