"""Judge the problem set on conditioning."""

import numpy as np

from lib import grade, problems
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, one_argument
from lib.grade.variants import instances, own

U = 2.0**-53


@np.errstate(all="ignore")
def check_blame(answer, seed=1964, variant=""):
    """Judge `blame(A, x, b)`: E and f, as small as any by components, with (A + E) x = b + f.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the systems, and of what is wrong with x.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_blame(lambda A, x, b: (0 * A, A @ x - b)).note
    'all the blame is on b: A may change too'
    """
    # Known are the three ways in which people share the blame.
    cases = _blamed(instances(seed, variant, "blame"))
    report = grade.check_identity(
        answer, _no_blame, cases, parts=("E", "f"), name="blame",
        bound=lambda A, x, b: {
            "(A + E) x is off b + f by": (len(b) + 6) * U, "larger than need be by": 1e-6}, known={
            "all the blame is on b: A may change too": lambda A, x, b: (0 * A, A @ x - b),
            "the blame is shared by norms: zeros of A are filled": lambda A, x, b: (
                np.outer(b - A @ x, x) / (x @ x), 0 * b),
            "E needs the signs of x": lambda A, x, b: _shared(A, np.abs(x), b, A @ x)},
        shows={"with zeros": "where A has a zero, E has one"})
    return report.with_mild("a row that holds exactly")


def _blamed(rng):
    """Return systems with what is off in x."""
    cases = {}
    for name, n, rows in (("dense", 5, 0), ("rows in other units", 6, 9), ("with zeros", 7, 0)):
        A = rng.normal(size=(n, n)) * 10.0 ** (rows * rng.uniform(-1, 1, (n, 1)))
        A *= rng.random((n, n)) < 0.6 if name == "with zeros" else 1.0
        largest = np.max(np.abs(A), axis=1)
        A[range(n), range(n)] = np.where(largest == 0, 1.0, largest)
        x = rng.permutation(np.where(np.arange(n) < n // 2, -1, 1)) * (1 + rng.random(n))
        cases[name] = (A, x * (1 + 1e-5 * rng.normal(size=n)), A @ x)
    A, x, b = cases["with zeros"]
    x, b = x.copy(), np.where(np.arange(7) == 2, 0.0, b)
    cases["a zero in b"] = (A, x, b)
    cases["a row that holds exactly"] = (np.diag([2.0, 4.0, 1.0]), np.array([1.0, 0.5, 1.001]),
                                         np.array([2.0, 2.0, 1.0]))
    return cases


def _shared(A, x, b, image):
    """Return the changes of Oettli and Prager."""
    reach = np.abs(A) @ np.abs(x) + np.abs(b)
    share = (b - image) / np.where(reach == 0, 1, reach)
    return share[:, None] * np.abs(A) * np.sign(x), -share * np.abs(b)


def _no_blame(E, f, A, x, b):
    """Return how far the changed system is from holding, and the changes from the smallest."""
    if E.shape != A.shape or f.shape != b.shape:
        fails(f"shapes {E.shape} and {f.shape}, wanted {A.shape} and {b.shape}")
    reach = np.abs(A) @ np.abs(x) + np.abs(b)
    least = np.max(np.abs(b - A @ x) / reach)
    zero = np.any(E[A == 0]) or np.any(f[b == 0])
    used = max(np.max(np.abs(E)[A != 0] / np.abs(A)[A != 0]),
               np.max(np.abs(f)[b != 0] / np.abs(b)[b != 0]))
    off = np.abs((A + E) @ x - (b + f)) / reach
    return {"a zero of A or b was changed": bool(zero),
            "(A + E) x and b + f differ by a tenth of what A x and b do, or more":
                bool(np.max(off) >= 0.1 * least > 0),
            "(A + E) x is off b + f by": off,
            "larger than need be by": max(used / least - 1, 0.0)}


@np.errstate(all="ignore")
def check_roots(answer, seed=1963, variant=""):
    """Judge `root_condition(roots, k)`: of a root, as a function of the coefficients, to 1e-6.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the roots.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_roots(lambda roots, k: 1.0).cases[0].verdict
    'wrong'
    """
    rng = instances(seed, variant, "roots")
    near = 1 + rng.random()
    cases = {"two roots": (np.array([1.0, 3.0 + rng.random()]), 0),
             "Wilkinson's, 20 roots": (np.arange(1.0, 21.0), int(rng.integers(12, 17))),
             "a pair 1e-6 apart": (np.array([near, near * (1 + 1e-6), 3.0, 5.0]), 1),
             "a pair 3e-15 apart": (np.array([near, near * (1 + 3e-15), 3.0, 5.0]), 0),
             "its other one": (np.array([near, near * (1 + 3e-15), 3.0, 5.0]), 1),
             "powers of 2": (2.0 ** np.arange(1, 13), int(rng.integers(2, 10))),
             "any number of roots": _many_roots(rng), "one root": (np.array([7.0]), 0)}
    # All roots are positive, so the sizes of the coefficients are sums of positive terms.
    report = grade.check_accuracy(
        answer, lambda roots, k: _root_condition(roots, k), cases, bound=1e-6,
        name="root_condition", known={
            "the slope was taken from rounded coefficients, where it cancels": _by_coefficients,
            "the leading coefficient is 1, and is not changed": lambda roots, k:
                _root_condition(roots, k, leading=True),
            "this is for an absolute change of the root": lambda roots, k:
                _root_condition(roots, k) * roots[k]},
        shows={"a pair 3e-15 apart": "a slope from coefficients has no digit here"})
    return report.with_mild("one root")


def _many_roots(rng):
    """Return 21 to 29 different roots in any order and any units, and the place of one of them."""
    number = int(rng.integers(21, 30))
    roots = (np.arange(number) + 0.8 * rng.random(number) + 1) * 10.0 ** rng.uniform(-3, 3)
    return rng.permutation(roots), int(rng.integers(number))


def _root_condition(roots, k, leading=False):
    """Return sum(|a_i| r^i) / (r |p'(r)|) over the coefficients that may change."""
    coefficients, r = np.abs(np.poly(roots)), roots[k]
    powers = r ** np.arange(len(roots), -1, -1.0)
    terms = (coefficients * powers)[0 if leading else 1:]
    slope = np.prod(np.abs(r - np.delete(roots, k)))
    return np.sum(terms) / (r * slope)


def _by_coefficients(roots, k):
    """Return the same with the slope by the derivative's coefficients."""
    coefficients, r = np.poly(roots), roots[k]
    powers = r ** np.arange(len(roots), -1, -1.0)
    slope = np.polyval(np.polyder(coefficients), r)
    return np.sum(np.abs(coefficients * powers)[1:]) / (r * abs(slope))


@np.errstate(all="ignore")
def check_scales(answer, seed=1969, variant=""):
    """Judge `row_scales(A)`: powers of 2 that make kappa in the infinity norm nearly smallest.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_scales(lambda A: np.ones(len(A))).note
    'nothing was scaled'
    """
    rng, cases = instances(seed, variant, "scales"), {}
    flat = rng.choice([-1.0, 1.0], (12, 12)) * (1 + rng.random((12, 12)) / 4)
    flat[:2] *= 1e-9  # two short rows that nearly agree, among long ones
    flat[:2, :2] = [[1.0, 0.0], [1.0, 1e-3]]
    for name, A in {"rows in other units": rng.normal(size=(6, 6)), "two short rows": flat,
                    "nearly singular too": problems.with_singular_values(
                        np.geomspace(1, 1e-5, 6), rng)}.items():
        cases[name] = (A * 10.0 ** rng.integers(-9, 9, (len(A), 1)),)
    cases["units of 1e-180 and 1e180"] = (
        rng.normal(size=(4, 4)) * np.array([[1e180], [1.0], [1e-180], [1.0]]),)
    cases["1 by 1"] = (np.array([[-7.0]]),)
    # With rows of norm 1 the condition number is Skeel's, which no scaling of rows changes.
    report = grade.check_identity(
        answer, _off_scales, cases, bound={"kappa over the smallest": 2.001}, name="row_scales",
        known={"nothing was scaled": lambda A: np.ones(len(A)),
               "the largest element of a row is not its sum of sizes": lambda A:
                   2.0 ** -np.round(np.log2(np.max(np.abs(A), axis=1))),
               "columns were scaled, not rows": lambda A:
                   2.0 ** -np.round(np.log2(np.sum(np.abs(A), axis=0))),
               "these are the reciprocals of what is to be multiplied by": lambda A:
                   2.0 ** np.round(np.log2(np.sum(np.abs(A), axis=1)))})
    return report.with_mild("1 by 1", "units of 1e-180 and 1e180")


def _off_scales(d, A):
    """Return what is no power of 2, and the condition number after scaling over Skeel's."""
    if d.shape != (len(A),):
        fails(f"of shape {d.shape}, wanted {(len(A),)}")
    unit = A / np.sum(np.abs(A), axis=1)[:, None]
    weights = d * np.sum(np.abs(A), axis=1)
    inverse = np.linalg.inv(unit)
    smallest = np.max(np.sum(np.abs(inverse), axis=1))
    kappa = np.max(weights) * np.max(np.sum(np.abs(inverse / weights), axis=1))
    return {"not a positive power of 2": bool(np.any(d <= 0) or np.any(np.frexp(d)[0] != 0.5)),
            "kappa over the smallest": kappa / smallest}


def own_first(variant=""):
    """Return the first element of the matrix of the break-it problem.

    Examples
    --------
    >>> own_first()
    1.0
    """
    return own(variant, [1.0, *(k / 10_000 for k in range(9001, 10_000))], "diagonal")


@np.errstate(all="ignore")
def check_diagonal(answer, seed=0, variant=""):
    """Judge a triangular matrix with a harmless diagonal and a large condition number.

    Parameters
    ----------
    answer : array_like
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_first`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_diagonal(np.eye(3)).cases[0].shown
    'does not break'
    """
    return grade.check_counterexample(
        one_argument(answer), on_arrays(np.linalg.cond), above=1e7, name="diagonal",
        unit="is the condition number", valid={
            "a square matrix of 2 to 40 rows": on_arrays(
                lambda T: T.ndim == 2 and T.shape[0] == T.shape[1] and 2 <= len(T) <= 40),
            "finite numbers": on_arrays(lambda T: np.all(np.isfinite(T))),
            "zeros below the diagonal": on_arrays(lambda T: not np.any(np.tril(T, -1))),
            "a diagonal of sizes from 0.9 to 1": on_arrays(
                lambda T: np.all((np.abs(np.diag(T)) >= 0.9) & (np.abs(np.diag(T)) <= 1))),
            f"a first element of {own_first(variant)}": on_arrays(
                lambda T: T[0, 0] == own_first(variant)),
            "no element above 1 in size": on_arrays(lambda T: np.max(np.abs(T)) <= 1)},
        known={"all signs agree, so the inverse does not grow": on_arrays(
            lambda T: np.all(np.triu(T, 1) >= 0)),
            "the inverse doubles from column to column: take more of them": lambda T: True})
