"""Judge the problem set on LU, QR and Cholesky."""

import numpy as np

from lib import grade, problems
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, several_arguments
from lib.grade.variants import instances, own
from lib.numbers import backward_error

U = 2.0**-53
# What factors in place of the student; seen in their own check, not where they are graded.
ROTATED = grade.Budget(forbidden=(
    *(f"{room}.linalg.{name}" for room in ("numpy", "scipy") for name in (
        "qr", "cholesky", "svd", "eigh")), "scipy.linalg.cho_factor", "scipy.linalg.lu",
    "lib.linear"))


@np.errstate(all="ignore")
def check_givens(answer, seed=1958, variant=""):
    """Judge `givens_qr(A)`: Q and R with a diagonal of R that is not negative, to 30 m u.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices, 6 by 6 and smaller, and tall ones.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_givens(lambda A: A).cases[0].reason
    'returned ndarray, expected 2 things, Q and R'
    """
    rng = instances(seed, variant, "givens")
    near = problems.with_singular_values(np.geomspace(1, 1e-12, 6), rng, m=9)
    sizes = 10.0 ** np.array([-170, 170, 0, 160])
    cases = {"square": (rng.normal(size=(5, 5)) - 0.5,), "tall": (rng.normal(size=(12, 4)) - 0.5,),
             "kappa = 1e12": (near,), "squares overflow": (rng.normal(size=(7, 4)) * sizes,),
             "has zeros": (np.triu(rng.normal(size=(5, 5)), -1) * (1 - np.eye(5)),),
             "one column": (rng.normal(size=(3, 1)),), "1 by 1": (-rng.random((1, 1)) - 0.5,)}
    report = grade.check_identity(
        answer, _no_qr, cases, parts=("Q", "R"), name="givens_qr", budget=ROTATED,
        bound=lambda A: dict.fromkeys(("Q R is off A by", "Q loses right angles by"),
                                      30 * len(A) * U),
        shows={"kappa = 1e12": "Gram-Schmidt and the Gram matrix lose right angles here",
               "squares overflow": "hypot, or a scaled pair, has no squares that overflow",
               "has zeros": "a rotation of a zero is the identity: do not divide by 0"})
    return report.with_mild("squares overflow", "one column", "1 by 1")


def _no_qr(Q, R, A):
    """Return what keeps Q and R from being a thin QR factorisation of A, column by column."""
    m, n = A.shape
    if Q.shape != (m, n) or R.shape != (n, n):
        return {f"Q of shape {Q.shape} and R of shape {R.shape}, wanted {(m, n)} and {(n, n)}":
                True}
    scale = np.max(np.abs(A), axis=0)
    scale[scale == 0] = 1
    return {"R is not upper triangular": bool(np.any(np.tril(R, -1))),
            "R has a negative number on its diagonal": bool(np.any(np.diag(R) < 0)),
            "Q R is off A by": (Q @ (R / scale) - A / scale) / m**0.5,
            "Q loses right angles by": Q.T @ Q - np.eye(n)}


@np.errstate(all="ignore")
def check_update(answer, seed=1974, variant=""):
    """Judge `update(L, v)`: the Cholesky factor of L L^T + v v^T, without forming either.

    The last diagonal element may be off by 20 n u kappa(L), that of the Gram matrix by its square.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the factors and the vectors.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_update(lambda L, v: L).note
    'v was left out'
    """
    rng = instances(seed, variant, "update")
    # The first five tell rotations from the Gram matrix, the others what rotations forget.
    cases = {f"n = {n}, kappa = {kappa:.0e}": _factor_and_vector(n, kappa, 1.5, rng)
             for n, kappa in ((4, 10), (8, 1e3), (6, 3e6), (7, 5e6), (8, 1e10))}
    L = _factor(5, 100, rng)
    cases |= {"v in other units": (L * 1e170, rng.normal(size=5) * 1e170),
              "v = 0": (L, np.zeros(5)), "v begins with 0": (L, np.array([0, 0, 1.0, -2, 1])),
              "n = 1": (np.array([[3.0]]), np.array([-4.0]))}

    def by_product(L, v):
        return np.linalg.cholesky(L @ L.T + np.outer(v, v))

    report = grade.check_identity(
        answer, _no_update, cases, name="update", budget=ROTATED, bound=lambda L, v: {
            "the diagonal is off by": 20 * len(v) * U * _kappa(L),
            "L L^T is off by": 20 * len(v) * U},
        known={"v was left out": lambda L, v: L,
               "the factors were added: a product is no sum": lambda L, v: L + np.outer(v, v),
               "v v^T was taken away, not added": lambda L, v: _rotated(L, v, -1),
               "L was multiplied out: kappa is squared": by_product},
        shows={"n = 8, kappa = 1e+10": "L L^T has no Cholesky factor in float64",
               "n = 6, kappa = 3e+06": "L L^T keeps no more than kappa squared times u",
               "n = 7, kappa = 5e+06": "L L^T keeps no more than kappa squared times u",
               "v in other units": "squares overflow here: use hypot"})
    return report.with_mild("n = 8, kappa = 1e+10", "v in other units", "v = 0", "n = 1")


def _factor(n, kappa, rng):
    """Return a lower triangular matrix with a positive diagonal and such a condition number."""
    R = np.linalg.qr(problems.with_singular_values(np.geomspace(1, 1 / kappa, n), rng))[1]
    return R.T * np.where(np.diag(R) < 0, -1.0, 1.0)


def _factor_and_vector(n, kappa, length, rng):
    """Return a factor L and a vector v with |L^-1 v| of a length: v leaves kappa what it is."""
    L, p = _factor(n, kappa, rng), rng.normal(size=n)
    return L, L @ (p / np.linalg.norm(p) * length)


def _kappa(L):
    """Return the condition number of a factor, at least 1."""
    return max(1.0, float(np.linalg.cond(L)))


def _no_update(new, L, v):
    """Return how far new is from the factor of L L^T + v v^T, found by Householder's QR."""
    if new.shape != L.shape:
        fails(f"of shape {new.shape}, wanted {L.shape}")
    scale = max(np.max(np.abs(L)), np.max(np.abs(v)))
    R = np.linalg.qr(np.vstack([L.T, v]) / scale)[1]
    right, new = R.T * np.where(np.diag(R) < 0, -1.0, 1.0), new / scale
    product = right @ right.T
    return _shape_of_factor(new) | {
        "the diagonal is off by": np.diag(new) / np.diag(right) - 1,
        "L L^T is off by": (new @ new.T - product) / np.max(np.abs(product))}


def _shape_of_factor(L):
    """Return what keeps L from being a Cholesky factor at the first sight."""
    return {"not lower triangular": bool(np.any(np.triu(L, 1))),
            "the diagonal is not positive": bool(np.any(np.diag(L) <= 0))}


def _rotated(L, v, sign):
    """Return the factor of L L^T + sign v v^T by (hyperbolic) rotations of the columns."""
    L, v = L.copy(), v.copy()
    for k in range(len(v)):
        root = np.sqrt(L[k, k] ** 2 + sign * v[k] ** 2)
        c, s = root / L[k, k], v[k] / L[k, k]
        L[k, k] = root
        L[k + 1:, k] = (L[k + 1:, k] + sign * s * v[k + 1:]) / c
        v[k + 1:] = c * v[k + 1:] - s * L[k + 1:, k]
    return L


@np.errstate(all="ignore")
def check_downdate(answer, seed=1979, variant=""):
    """Judge `downdate(L, v)`: the factor of L L^T - v v^T, zeros where there is none.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the factors, and of vectors inside and outside the ellipsoid |L^-1 v| = 1.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_downdate(lambda L, v: 0 * L).cases[-1].verdict
    'stable'
    """
    # |L^-1 v| is known by construction; above 1 there is no factor.
    rng, cases = instances(seed, variant, "downdate"), {}
    for n, kappa, length in ((4, 10, 0.6), (8, 1e3, 0.99), (6, 3e6, 0.9), (7, 4e6, 0.85),
                             (5, 5e6, 0.8), (8, 1e11, 0.5), (5, 1e5, 1.2), (6, 1e11, 1.1)):
        cases[f"n = {n}, kappa = {kappa:.0e}, length {length}"] = _factor_and_vector(
            n, kappa, length, rng)
    cases["v = 0"] = (_factor(4, 10, rng), np.zeros(4))
    cases["n = 1, nothing left"] = (np.array([[3.0]]), np.array([-4.0]))

    def by_product(L, v):
        return np.linalg.cholesky(L @ L.T - np.outer(v, v))

    report = grade.check_identity(
        answer, _no_downdate, cases, name="downdate", budget=ROTATED,
        bound=lambda L, v: {"L L^T is off by": 20 * len(v) * U,
                            "L^-1 L' is off by": 100 * len(v) * U * _kappa(L)},
        known={"v v^T was added, not taken away": lambda L, v: _rotated(L, v, 1),
               "v was left out": lambda L, v: L,
               "L was multiplied out: kappa is squared": by_product},
        shows={name: "L L^T keeps no more than kappa squared times u"
               for name in cases if "e+06" in name or "e+11" in name} | {
            name: "there is no factor: |L^-1 v| > 1" for name in cases if "1.2" in name})
    # At 1e11 rounding decides whether the product is refused: luck, which is to cap nothing.
    return report.with_mild(*(name for name in cases if "e+11" in name), "v = 0",
                            "n = 1, nothing left")


def _no_downdate(new, L, v):
    """Return how far new is from the factor of L L^T - v v^T: L chol(I - p p^T), L p = v."""
    if new.shape != L.shape:
        fails(f"of shape {new.shape}, wanted {L.shape}")
    p = np.linalg.solve(L, v)
    if p @ p > 1:
        return {"a factor where there is none": bool(np.any(new))}
    # Between L and the new factor stands a factor that is as good as |p| is below 1.
    inner = np.linalg.cholesky(np.eye(len(p)) - np.outer(p, p))
    product = new @ new.T + np.outer(v, v) - L @ L.T
    return _shape_of_factor(new) | {
        "L L^T is off by": product / np.max(np.abs(L)) ** 2,
        "L^-1 L' is off by": (np.linalg.solve(L, new) - inner) * (1 - p @ p)}


def own_pivot(variant=""):
    """Return the first diagonal element that the break-it problem asks for.

    Examples
    --------
    >>> own_pivot()
    3.0
    """
    return own(variant, [3.0, *(k / 100 for k in range(301, 700))], "thomas")


@np.errstate(all="ignore")
def check_thomas(answer, seed=1949, variant=""):
    """Judge a tridiagonal system that elimination without exchanges gets wrong, and LU does not.

    Parameters
    ----------
    answer : tuple of three lists
        Below, on and above the diagonal.
    seed : int
        Of the right-hand side that is tried.
    variant : str
        Chooses `own_pivot`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_thomas(([1.0], [3.0, 5.0], [1.0])).cases[0].shown
    'does not break'
    """
    rng = instances(seed, variant, "thomas")

    def error(lower, diagonal, upper):
        A = _tridiagonal(lower, diagonal, upper)
        b = A @ (1 + rng.random(len(diagonal)))
        return backward_error(A, _thomas(lower, diagonal, upper, b), b)

    # What does not break anything has one of three reasons.
    return grade.check_counterexample(
        several_arguments(answer), on_arrays(error), above=1e-3, name="thomas",
        unit="is the backward error", valid=_admitted_bands(own_pivot(variant)), known={
            "the matrix is to blame, not the method: it is nearly singular": on_arrays(
                lambda *bands: np.linalg.cond(_tridiagonal(*bands)) >= 100),
            "the diagonal dominates, and then no pivot is small": on_arrays(
                lambda low, mid, up: np.all(np.abs(mid) >= np.append(np.abs(up), 0)
                                            + np.append(0, np.abs(low)))),
            "no pivot is small: the second is d1 - l0 u0 / d0": on_arrays(
                lambda *bands: _smallest_pivot(*bands) > 1e-3)})


def _admitted_bands(first):
    """Return what a tridiagonal system has to be, in words, and how each is decided."""
    return {
        "2 to 6 rows, bands of n - 1, n and n - 1 numbers": on_arrays(
            lambda low, mid, up: mid.ndim == 1 and 2 <= mid.size <= 6
            and low.shape == up.shape == (mid.size - 1,)),
        "sizes from 1/10 to 10": on_arrays(lambda *bands: all(
            np.all((np.abs(band) >= 0.1) & (np.abs(band) <= 10)) for band in bands)),
        f"a first diagonal element of {first}": on_arrays(lambda low, mid, up: mid[0] == first),
        "no pivot of exactly 0, which NumPy would tell": on_arrays(
            lambda *bands: _smallest_pivot(*bands) > 0),
        "a condition number below 100": on_arrays(
            lambda *bands: np.linalg.cond(_tridiagonal(*bands)) < 100)}


def _tridiagonal(lower, diagonal, upper):
    """Return the matrix of three bands."""
    return np.diag(diagonal) + np.diag(lower, -1) + np.diag(upper, 1)


def _thomas(lower, diagonal, upper, b):
    """Return the solution by elimination without exchanges."""
    pivots, b = diagonal.copy(), b.copy()
    for k in range(1, len(b)):
        factor = lower[k - 1] / pivots[k - 1]
        pivots[k] -= factor * upper[k - 1]
        b[k] -= factor * b[k - 1]
    for k in reversed(range(len(b))):
        after = upper[k] * b[k + 1] if k + 1 < len(b) else 0.0
        b[k] = (b[k] - after) / pivots[k]
    return b


def _smallest_pivot(lower, diagonal, upper):
    """Return the smallest pivot without exchanges, in size."""
    pivot = smallest = diagonal[0]
    for below, middle, above in zip(lower, diagonal[1:], upper, strict=True):
        pivot = middle - below / pivot * above if pivot else 0.0
        smallest = min(smallest, abs(pivot))
    return smallest
