"""Check the exercises of the chapter on the singular value decomposition."""

import warnings
from numbers import Real

import numpy as np

from lib import grade, linear, problems
from lib.numbers import FP64

# Of the singular value whose trace the chapter prints; proposed is a hundred digits, too late.
READING = (2, 3, 10, "no cure")
# Errors of 1e-3 in y, divided by a singular value of 1e-5.
JUDGEMENT = ("Ben", 1e-3 / 1e-5)
READY = ("numpy.linalg.pinv", "numpy.linalg.lstsq", "scipy.linalg.pinv", "scipy.linalg.lstsq",
         "scipy.linalg.orth", "lib.linear.pseudoinverse", "lib.linear.truncated_least_squares")
DIRECT = (*(f"{room}.linalg.{name}" for room in ("numpy", "scipy") for name in (
    "svd", "inv", "eigh", "eigvalsh", "eig", "eigvals")), "lib.linear.jacobi_svd")


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
    return grade.check_trace_reading(answer, READING, within=0.5)


def check_judge(answer):
    """Judge which colleague is right about a direction without data, and how far it can move.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=2.0, number="movement of the weights",
        known={"you took kappa u, what the solver adds": 1e5 * FP64.u,
               "you took kappa without the size of the errors": 1e5,
               "you took the errors without dividing by the third singular value": 1e-3})


def check_pinv(answer, seed=1955):
    """Judge `pinv(A)`, run with floating-point warnings as errors, against the pseudoinverse.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrix with a condition number of 1e12.

    Returns
    -------
    Report
        Of a residual relative to the norm of the pseudoinverse, or to 1 for zeros. Where the
        pseudoinverse overflows, right is what lets NumPy say so: who mutes a division that need not
        have been made mutes that as well. NumPy in a browser says nothing; there what is not finite
        is right.
    """
    # The cases are data: they make the function long, and it does little else.
    rank_two = np.outer(np.arange(1.0, 6), np.ones(3)) + np.outer(np.ones(5), [0.0, 1.0, 0.0])
    harsh = problems.with_singular_values([1, 1e-6, 1e-12], np.random.default_rng(seed), 5)
    tall = np.vander([1.0, 2.0, 3.0], 2)
    cases = {"rank 2": rank_two, "rank 2, large": 1e20 * rank_two, "κ = 1e12": harsh,
             "tiny": 1e-20 * tall, "wide": tall.T, "zero": np.zeros((3, 2)),
             "beyond": 1e-310 * tall}

    def strict(A):
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                result = answer(A)
        except FloatingPointError as problem:
            if "overflow" in str(problem) and np.max(A) < 1e-300:
                return np.inf  # as it is right to be told
            raise
        silent = isinstance(result, np.ndarray) and np.max(A) < 1e-300 and not _flags_work()
        return np.inf if silent and not np.isfinite(result).all() else result

    return grade.check_identity(
        answer if answer is ... or not callable(answer) else strict, _away, cases, bound=1e-2,
        name="pinv", budget=grade.Budget(forbidden=READY), shows={
            "rank 2": "the third singular value is rounding", "tiny": "the rank is 2 in any unit",
            "rank 2, large": "the same matrix in another unit", "κ = 1e12": "the rank is 3",
            "beyond": "the pseudoinverse overflows, and nobody may mute that"})


def _flags_work():
    """Return whether NumPy sees an overflow: WebAssembly has no flags that could tell."""
    try:
        with np.errstate(over="raise"):
            return bool(np.isfinite(np.exp(np.float64(1000))))
    except FloatingPointError:
        return True


def _away(P, A):
    """Return how far a pseudoinverse is from the right one; one beyond the range has no size."""
    right = np.linalg.pinv(A, rcond=1e-13)
    size = np.linalg.norm(right) or 1.0
    if np.isfinite(size) and np.shape(P) != right.shape:
        raise ValueError(f"of shape {np.shape(P)}, not {right.shape}")
    return np.linalg.norm(P - right) / size if np.isfinite(size) else float(np.ndim(P) > 0)


def check_terms(answer):
    """Judge `terms(A, share)`: how many terms leave at most that share of the Frobenius norm.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report
    """
    rng = np.random.default_rng(1907)
    halving = problems.with_singular_values(2.0 ** -np.arange(45), rng, 50)
    cases = {"3, 2, 1": (np.diag([3.0, 2.0, 1.0]), 0.3), "rank 1": (np.ones((4, 3)), 1e-3),
             "coins": (problems.read_image("coins"), 0.1), "halving, 1e-3": (halving, 1e-3),
             "halving, 1e-10": (halving, 1e-10), "zeros": (np.zeros((3, 2)), 0.1),
             "share met": (np.eye(4), 0.5), "share 1": (np.eye(4), 1.0)}
    right = [_terms(*case) for case in cases.values()]
    return grade.check_accuracy(answer, right, cases, bound=0.0, name="terms", shows={
        "halving, 1e-10": "next to 1 the square of this share is below u"}, known={
        "this is one too many": [k + 1 for k in right], "one too few": [k - 1 for k in right],
        "this is for the 2-norm": [_terms(A, share, spectral=True) for A, share in cases.values()],
        "one minus the part that was kept cancels": _by_difference})


def _terms(A, share, spectral=False):
    """Return how many terms are needed, for the Frobenius or the 2-norm."""
    s = np.append(np.linalg.svd(A)[1], 0.0)
    rest = s if spectral else np.sqrt(np.cumsum(s[::-1] ** 2)[::-1])
    return int(np.argmax(rest <= share * rest[0]))


def _by_difference(A, share):
    """Return the count that cancels."""
    squares = np.linalg.svd(A)[1] ** 2
    total = np.sum(squares)
    left = 1 - np.append(0.0, np.cumsum(squares)) / (total or 1.0)
    return int(np.argmax(left <= share**2)) if total else 0


def check_projection(answer, seed=1963):
    """Judge `projection(A)`: the orthogonal projection on the column space, of any rank.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the columns.

    Returns
    -------
    Report
    """
    # The cases are data: they make the function long, and it does little else.
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((12, 3))
    # What is repeated stands first: a QR without pivoting goes astray in the columns behind it.
    multiple = basis[:, [0, 0, 1]] * [1.0, -3.0, 1.0]
    cases = {"full rank": basis, "a column twice": basis[:, [0, 0, 1]],
             "in small units": 1e-14 * basis[:, [0, 1, 1]],
             "in large units": 1e14 * multiple, "wide": basis.T, "zeros": np.zeros((4, 2)),
             "κ = 1e12": problems.with_singular_values([1, 1e-6, 1e-12], rng, 12)}

    def faults(P, A):
        kept = linear.jacobi_svd(A).s
        rank = np.count_nonzero(kept > linear.default_cutoff(A.shape, A.dtype) * kept[0])
        return {"the trace is not the rank": np.trace(P) - rank,
                "P A is not A": np.max(np.abs(P @ A - A)) / (np.linalg.norm(A) or 1.0),
                "not symmetric": np.max(np.abs(P - P.T)),
                "P P is not P": np.max(np.abs(P @ P - P))}

    return grade.check_identity(
        answer, faults, cases, name="projection", bound=1e-12, budget=grade.Budget(forbidden=READY),
        shows={"a column twice": "the rank is 2", "zeros": "the rank is 0"})


def check_correlation(answer):
    """Judge a correlation at which the normal equations lose all in float32, and QR does not.

    Parameters
    ----------
    answer : float

    Returns
    -------
    Report
    """
    return grade.check_counterexample(
        answer, lambda rho: _float32_errors(rho)[0], above=0.5, name="correlation", valid={
            "a number between 0 and 1": lambda rho: isinstance(rho, Real) and 0 < float(rho) < 1,
            "QR keeps two digits": lambda rho: _float32_errors(rho)[1] < 0.01})


def _float32_errors(rho):
    """Return the median error of the normal equations for five pairs of columns, the worst of QR.

    Sums are NumPy's, pairwise, so that no BLAS has a say.
    """
    rho, wanted = float(rho), np.float32([1, 2])
    lost, kept = [], []
    for seed in range(20, 25):
        p, q = problems.random_orthogonal(100, 2, np.random.default_rng(seed)).T
        Z = np.float32(np.column_stack([p, rho * p + np.sqrt(1 - rho**2) * q]))
        right = np.sum(Z * wanted, axis=1)
        with np.errstate(all="ignore"):
            (a, c), (_, b) = np.sum(Z[:, :, None] * Z[:, None, :], axis=0)
            r, t = np.sum(Z * right[:, None], axis=0)
            w = np.array([b * r - c * t, a * t - c * r]) / (a * b - c * c)
        w = np.where(np.isfinite(w), w, 0)
        lost.append(np.linalg.norm(w - wanted) / np.sqrt(5))
        with warnings.catch_warnings():  # it says what is asked for here
            warnings.simplefilter("ignore", linear.IllConditionedWarning)
            kept.append(np.linalg.norm(linear.least_squares(Z, right) - wanted) / np.sqrt(5))
    return float(np.median(lost)), float(np.max(kept))


def check_smallest(answer):
    """Judge `smallest(A)`: the smallest singular value, to 1e-6; solves are free.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report
    """
    cases = {"Hilbert, n = 6": (problems.hilbert(6),), "Hilbert, n = 7": (problems.hilbert(7),)} | {
        name: (problems.read_matrix(name).toarray(),) for name in ("west0067", "bfwa62")}
    right = [linear.jacobi_svd(A).s[-1] for A, in cases.values()]
    return grade.check_accuracy(answer, right, cases, bound=1e-6, name="smallest", known={
        "this is its square": [s**2 for s in right], "this is its inverse": [1 / s for s in right],
        "this is the largest": [linear.jacobi_svd(A).s[0] for A, in cases.values()]},
        budget=grade.Budget(forbidden=DIRECT))


def check_careful(answer, seed=1987):
    """Judge `careful(A, b, cutoff)`: what is left after a truncation with columns of norm 1.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices that are random.

    Returns
    -------
    Report
    """
    # The cases are data: they make the function long, and it does little else.
    rng = np.random.default_rng(seed)
    wampler = problems.read_strd("Wampler1")
    powers = problems.vandermonde(np.arange(33.0), 11)
    tight = problems.with_singular_values(np.geomspace(1, 1e-8, 6), rng, 40)
    twice = rng.standard_normal((20, 3))[:, [0, 1, 2, 0]] * [1, 1e-20, 1, 1e3]
    wide = rng.standard_normal((5, 8))
    # Nearly parallel, so that the largest singular value at norm 1 is sqrt(8): one of the others is
    # above the cutoff, and not above the cutoff times the largest.
    alike = rng.standard_normal((30, 1)) + rng.standard_normal((30, 8)) * 10.0 ** -np.arange(1, 9)
    s = linear.jacobi_svd(alike / np.linalg.norm(alike, axis=0)).s
    between = float(s[4] / np.sqrt(s[0]))
    cases = {"degree 10": (powers, np.sum(powers / np.max(powers, axis=0), axis=1), 1e-13),
             "Wampler": (wampler.X, wampler.y, 1e-6), "κ = 1e8": (tight, tight @ np.ones(6), 1e-13),
             "a column twice": (twice, twice @ [1, 1e20, 1, 1e-3], 1e-13),
             "wide": (wide, np.ones(5), 1e-13), "cut": (tight, tight @ np.ones(6), 1e-3),
             "nearly parallel": (alike, alike @ np.ones(8), between),
             "cutoff 0": (np.array([[2.0, 3.0], [0.0, 0.0]]), np.array([6.0, 0.0]), 0.0)}

    return grade.check_identity(
        _joined(answer) if callable(answer) else answer, _faults_of_careful, cases, name="careful",
        bound={"error over 100 κ u": 1.0}, budget=grade.Budget(forbidden=READY), shows={
            "nearly parallel": "the largest singular value is near √8, not 1",
            "cutoff 0": "a singular value of 0 is at most 0 times the largest"})


def _joined(answer):
    """Return a function that puts x and the number of an answer into one array."""
    def joined(A, b, cutoff):
        found = answer(A, b, cutoff)
        pair = isinstance(found, tuple | list) and len(found) == 2
        fits = pair and (np.shape(found[0]), np.shape(found[1])) == (A.shape[1:], ())
        if fits:
            return np.append(*found)
        return np.zeros(1) if pair else found  # of no length that fits

    return joined


def _faults_of_careful(answered, A, b, cutoff):
    """Return what is wrong with a truncated solution and the number that it dropped."""
    if np.shape(answered) != (A.shape[1] + 1,):
        return {"not a tuple of x and a number": 1.0}
    x, dropped, lengths = answered[:-1], answered[-1], np.linalg.norm(A, axis=0)
    right = linear.truncated_least_squares(A / lengths, b, cutoff)
    unscaled = linear.truncated_least_squares(A, b, cutoff).dropped
    kappa = right.singular_values[0] / right.singular_values[right.rank - 1]
    off = np.linalg.norm(lengths * x - right.x) / np.linalg.norm(right.x)
    still = off > 1e-2 and np.linalg.norm(x - right.x) < 1e-2 * np.linalg.norm(right.x)
    return {"as many dropped as without scaling": 1.0 * (dropped == unscaled != right.dropped),
            "dropped, off by": dropped - right.dropped, "x still of scaled columns": 1.0 * still,
            "error over 100 κ u": off / (100 * kappa * FP64.u)}
