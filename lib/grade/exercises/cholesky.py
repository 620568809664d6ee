"""Check the exercises of the chapter on Cholesky's factorisation."""

from fractions import Fraction

import numpy as np

from lib import grade
from lib.linear import NotPositiveDefiniteError, cholesky, jacobi_svd, lu
from lib.numbers import FP32, FP64, measure
from lib.problems import read_strd, read_table

# Of the kernel entry whose trace the chapter prints; proposed is jitter of the size of rounding.
READING = (2, 3, 12, "no cure")
# Rounding of the entries and of the factorisation of a kernel of 100 points, variance 1.
JUDGEMENT = ("Ben", 102 * 100 * FP64.u)
EIGENVALUES = tuple(f"numpy.linalg.{name}" for name in ("eig", "eigh", "eigvals", "eigvalsh"))
FACTORS = ("numpy.linalg.cholesky", "scipy.linalg.cholesky", "scipy.linalg.cho_factor",
           "lib.linear.cholesky", "lib.linear.lu", "numpy.linalg.inv", "numpy.linalg.solve",
           "scipy.linalg.inv", "scipy.linalg.solve")


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
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=2.0, number="what rounding can push",
        known={"you took n u; the factorisation multiplies by n again": 100 * FP64.u,
               "you took u alone": FP64.u})


def check_weights(answer, seed=1910):
    """Judge `weights(y, K)`, which returns K^-1 y, by its backward error.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a random definite matrix beside the two tables.

    Returns
    -------
    Report
    """
    rng = np.random.default_rng(seed)
    patients = np.cov(read_table("diabetes").X.T)
    speeds = read_strd("Michelso").data / 299.792458
    apart = np.subtract.outer(np.arange(100.0), np.arange(100.0))
    drift = 1.7e-4**2 * np.exp(-apart**2 / 200) + 2e-4**2 * np.eye(100)
    rows = rng.normal(size=(40, 30))
    cases = {"Michelson": (speeds - np.mean(speeds), drift), "diabetes": (np.ones(10), patients),
             "random": (rng.normal(size=30), rows.T @ rows)}
    return grade.check_identity(
        answer, lambda w, b, A: measure.backward_error(A, w, b), cases, name="weights",
        bound=lambda b, A: 10 * len(b) * FP64.u, known={
            "this is y: nothing was solved": lambda y, K: y})


def check_sneaky(answer, seed=1000):
    """Judge a matrix that a thousand random directions take for definite.

    Parameters
    ----------
    answer : array_like, shape (n, n)
    seed : int
        Of the directions.

    Returns
    -------
    Report
    """
    def passes(A):
        x = np.random.default_rng(seed).normal(size=(1000, len(A)))
        return not bool(np.all(np.sum((x @ A) * x, axis=1) > 0))

    def negative(A):
        largest = jacobi_svd(np.array(A, float)).s[0]
        return not _factors(np.array(A, float), (1 - 1e-9) * 1e-3 * largest)

    return grade.check_counterexample(answer, passes, name="sneaky", valid={
        "a square matrix of finite floats": lambda A: (
            np.ndim(A) == 2 and len(A) == len(A[0]) and bool(np.all(np.isfinite(A)))),
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
    cases = {}
    for n in (3, 8, 40):
        G = rng.normal(size=(n, n))
        cases[f"random, n = {n}"] = G + G.T
    cases |= {"semidefinite": valley, "semidefinite, small": 1e-9 * valley,
              "definite": np.array([[3.0]])}

    return grade.check_identity(
        answer, _faults_of_shift, cases, bound=0, name="shift",
        budget=grade.Budget(forbidden=(*EIGENVALUES, *FACTORS[:4])))


def _faults_of_shift(c, A):
    """Return what is wrong with a shift of A: each is 0 where it is right."""
    if np.ndim(c):
        return {f"not a number, but of shape {np.shape(c)}": 1.0}
    size = np.abs(A)
    needed = max(0.0, np.max(size.sum(axis=1) - np.diag(size) - np.diag(A)))
    return {"negative": c < 0, "too small: A + cI does not factor": not _factors(A, c),
            "too large": c > 1.01 * needed + 1e-6 * np.max(size)}


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
             "diabetes, s6": (patients,)}
    exact = [_share(*case) for case in cases.values()]
    return grade.check_accuracy(answer, exact, cases, bound=1e-9, name="left_over", known={
        "this is what the others explain": [1 - float(share) for share in exact],
        "this is its inverse, the variance inflation factor": [1 / float(s) for s in exact],
        "this is its root: a pivot is the square of the diagonal": [float(s)**0.5 for s in exact],
        "this is the pivot itself; divide by the variance":
            lambda X: cholesky(np.cov(X.T))[-1, -1] ** 2})


def _share(X):
    """Return the share as a fraction."""
    F = np.vectorize(Fraction, otypes=[object])(X)
    F = F - F.sum(axis=0) / len(F)
    products = F.T @ F
    return lu(products, pivot=False).upper[-1, -1] / products[-1, -1]


def check_grow(answer, seed=1983):
    """Judge `grow(L, column, corner)`: the factor of a matrix that is larger by one.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices; the last case has no variance left, and asks for a ValueError.

    Returns
    -------
    Report
        Within twice the operations of a triangular solve, and without a new factorisation.
    """
    rng = np.random.default_rng(seed)
    cases = {}
    for k in (1, 9, 60):
        rows = rng.normal(size=(k + 3, k + 1))
        K = rows.T @ rows
        cases[f"{k} old points"] = cholesky(K[:k, :k]), K[:k, k], K[k, k]
    cases["nothing left"] = np.eye(2), np.array([0.8, 0.8]), 1.0

    # A report cannot ask for an exception: where one is asked for, it becomes a matrix of zeros.
    def grown(L, column, corner):
        try:
            return answer(L, column, corner)
        except ValueError:
            if column @ column > corner:
                return np.zeros((3, 3))
            raise

    return grade.check_identity(
        grown if callable(answer) else answer, _faults_of_factor, cases, name="grow",
        bound={"residual": 100 * FP64.u}, budget=grade.Budget(forbidden=FACTORS))


def _faults_of_factor(G, L, column, corner):
    """Return what is wrong with a factor that has grown by one row; all but the last must be 0."""
    if len(L) == 2:
        return {"a factor where no variance is left": np.any(G)}
    K = np.block([[L @ L.T, column[:, None]], [column, corner]])
    return {"not lower triangular": np.max(np.abs(np.triu(G, 1))),
            "residual": np.max(np.abs(G @ G.T - K)) / np.max(np.abs(K))}
