"""Judge the problem set on conjugate gradients."""

import numpy as np

from lib import grade, problems
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, one_argument
from lib.grade.variants import instances, own
from lib.grade.watched import counted_product

U = 2.0**-53
SMOOTH = "kappa above 1e9, b = A times a vector"


@np.errstate(all="ignore")
def check_honest(answer, seed=1952, variant=""):
    """Judge `honest_cg(product, b, tol, most)`: x, and whether b - A x is as small as asked for.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices and the right-hand sides; products are counted.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_honest(lambda product, b, tol, most: (0 * b, False)).cases[0].verdict
    'wrong'
    """
    rng, ledger, cases = instances(seed, variant, "honest"), {}, {}
    met = {}
    for name, (values, tol, most, reached) in _tolerances(rng).items():
        turn = problems.random_orthogonal(len(values), len(values), rng)
        A, b = turn * values @ turn.T, rng.normal(size=len(values)) * (name != "b = 0")
        # Of A times a vector little lies along the small eigenvalues, and x is no longer than it.
        b = A @ b if name == SMOOTH else b
        cases[name] = (counted_product(A, ledger), b, tol, most)
        met[cases[name][0]] = reached
    report = grade.check_identity(
        _as_numbers(answer), lambda x, said, product, *rest: _dishonest(
            x, said, ledger[product], met[product], *rest), cases,
        parts=("x", "converged"), bound=0.0, name="honest_cg", shows={
            "below what rounding allows": "the residual of the recursion goes on falling",
            "the same, more rows": "the residual of the recursion goes on falling",
            "kappa = 1e9": "tol is not small, and rounding allows less",
            SMOOTH: "x is not large: rounding allows this tol",
            "not definite": "stop where p^T A p is not positive"})
    return report.with_mild("b = 0")


def _tolerances(rng):
    """Return values, tolerance, products allowed, and whether they are enough, for each case.

    Where the recursion deceives, tol, kappa, n and most lie between those of cases where it does
    not, among all cases and among those that allow fewer products than there are columns.
    """
    few = [int(most) for most in rng.integers(80, 101, 3)]
    return {"well conditioned": (np.linspace(1, 10, 60), _tens(rng, -12.7, -11), 80, True),
            "a few clusters": (np.repeat([1.0, 50, 1e4], 20), _tens(rng, -10, -8.8), 40, True),
            "kappa = 1e5": (np.geomspace(1e-5, 1, 80), _tens(rng, -9, -8), 1500, True),
            "kappa = 3": (np.linspace(1, 3, rng.integers(165, 181)), _tens(rng, -12.7, -11.7),
                          int(rng.integers(105, 121)), True),
            SMOOTH: (_clusters(rng, 9.4, 9.6, 3), _tens(rng, -12.5, -11.5), few[0], True),
            "kappa = 1e9": (_clusters(rng, 9, 9.3, 5), _tens(rng, -9.4, -8.8), few[1], False),
            "below what rounding allows": (np.geomspace(1e-7, 1, 30), _tens(rng, -13.3, -12.8),
                                           2000, False),
            "the same, more rows": (_clusters(rng, 5.5, 7, 5), _tens(rng, -13.3, -12.8), few[2],
                                    False),
            "too few products": (np.geomspace(1e-6, 1, 90), 1e-10, 30, False),
            "not definite": (np.append(np.linspace(1, 2, 20), [-0.5, -3]), 1e-10, 200, None),
            "b = 0": (np.linspace(1, 2, 5), 1e-10, 10, True)}


def _tens(rng, low, high):
    """Return a power of ten whose exponent is drawn."""
    return 10.0 ** rng.uniform(low, high)


def _clusters(rng, low, high, count):
    """Return 120 to 160 values in so many clusters, and a kappa of 1e(low) to 1e(high)."""
    return np.resize(np.geomspace(1 / _tens(rng, low, high), 1, count), rng.integers(120, 161))


def _as_numbers(answer):
    """Return an answer whose second part, a truth value, comes back as 0.0 or 1.0."""
    if not callable(answer):
        return answer

    def numbered(*args):
        found = answer(*args)
        if isinstance(found, tuple | list) and len(found) == 2 and isinstance(
                found[1], bool | np.bool_):
            return found[0], float(found[1])
        return found

    return numbered


def _dishonest(x, said, counted, reached, b, tol, most):
    """Return what is wrong with an answer and with what it says of itself."""
    A, calls = counted
    if x.shape != b.shape or np.shape(said):
        fails(f"shapes {x.shape} and {np.shape(said)}, wanted {b.shape} and ()")
    true = np.linalg.norm(b - A @ x) <= tol * np.linalg.norm(b)
    return {f"{calls} products, {most} are allowed": calls > most,
            "says converged, and b - A x is larger than tol": bool(said == 1 and not true),
            "says not converged, and b - A x is small enough": bool(said == 0 and true),
            "gives up, where the products are enough": bool(reached and not true),
            "says that it cannot fail: A is not definite": bool(reached is None and said == 1
                                                                 and not true),
            "neither True nor False": bool(said not in (0, 1))}


@np.errstate(all="ignore")
def check_shifts(answer, seed=1996, variant=""):
    """Judge `shifted(product, b, shifts, most)`: rows (A + s I)^-1 b, by as many products as one.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices; products are counted.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_shifts(lambda product, b, shifts, most: 0 * b).cases[0].verdict
    'wrong'
    """
    rng, ledger, cases = instances(seed, variant, "shifts"), {}, {}
    for name, values, shifts, most in (
            ("three shifts", np.linspace(1, 5, 80), [0.5, 1.0, 20.0], 40),
            ("twelve shifts", np.geomspace(1e-2, 1, 120), np.geomspace(1e-2, 10, 12), 100),
            ("from 1e-3 to 1e3", np.append(np.linspace(1, 2, 70), [10, 30.0]),
             np.geomspace(1e-3, 1e3, 7), 30),
            ("a space of 4", np.repeat([1.0, 2, 3, 7], 10), [0.1, 1.0], 20),
            ("one shift", np.linspace(1, 4, 30), [2.0], 30)):
        # Most is what conjugate gradients takes for the smallest shift.
        basis = problems.random_orthogonal(len(values), len(values), rng)
        cases[name] = (counted_product(basis * values @ basis.T, ledger),
                       rng.normal(size=len(values)), np.array(shifts), most)
    report = grade.check_identity(
        answer, lambda X, product, *rest: _off_shifts(X, ledger[product], *rest), cases,
        bound={"a residual, relative to b, of": 1e-8}, name="shifted", shows={
            "a space of 4": "the space ends: do not divide by what is left of it"})
    return report.with_mild("one shift", "a space of 4")


def _off_shifts(X, counted, b, shifts, most):
    """Return the residuals of all shifts, or that there were too many products."""
    A, calls = counted
    if X.shape != (len(shifts), len(b)):
        fails(f"of shape {X.shape}, wanted {(len(shifts), len(b))}")
    left = [np.linalg.norm(b - A @ x - shift * x) for x, shift in zip(X, shifts, strict=True)]
    return {f"{calls} products, {most} are allowed": calls > most,
            "a residual, relative to b, of": np.array(left) / np.linalg.norm(b)}


@np.errstate(all="ignore")
def check_cgls(answer, seed=1979, variant=""):
    """Judge `cgls(times, transposed, b, n, steps)`: least squares without a square of kappa.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the problems; products are counted.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_cgls(lambda times, transposed, b, n, steps: np.zeros(n)).cases[0].verdict
    'wrong'
    """
    rng, ledger, cases = instances(seed, variant, "cgls"), {}, {}
    for name, kappa, size, steps in (("kappa = 10", 10.0, 1.0, 60), ("consistent", 100.0, 0.0, 200),
                                     ("kappa = 1e4", 1e4, 1e-4, 200), ("clusters", None, 1.0, 8)):
        values = np.geomspace(1, 1 / kappa, 12) if kappa else np.repeat([1.0, 0.5, 0.1], 4)
        A = problems.with_singular_values(values, rng, m=40)
        b = A @ rng.normal(size=12) + size * rng.normal(size=40)
        cases[name] = (counted_product(A, ledger), counted_product(A.T, ledger), b, 12, steps)
    # In the last there are more unknowns than steps: nobody finds the matrix by its columns.
    for number, each, steps in ((1, 1, 300), (2, 1, 300), (3, 10, 50)):
        values = np.repeat(np.geomspace(1, 1e-6, 6), each)
        A, n = problems.with_singular_values(values, rng, m=24 + len(values)), len(values)
        cases[f"kappa = 1e6, consistent {number}"] = (
            counted_product(A, ledger), counted_product(A.T, ledger), A @ rng.normal(size=n), n,
            steps)
    # The bound is that of a backward stable method, times what the recursion may add.
    report = grade.check_identity(
        answer, lambda x, times, transposed, *rest: _off_fit(
            x, ledger[times], ledger[transposed], *rest), cases, name="cgls",
        bound=lambda times, transposed, b, n, steps: {
            "x is off, relatively, by": 200 * U * _sensitivity(ledger[times][0], b)})
    return report.with_mild()  # none is


def _sensitivity(A, b):
    """Return how far a relative error of A moves the least squares solution, at most."""
    x, kappa = np.linalg.lstsq(A, b, rcond=None)[0], np.linalg.cond(A)
    residual = np.linalg.norm(b - A @ x) / (np.linalg.norm(A, 2) * np.linalg.norm(x))
    return kappa + kappa**2 * residual


def _off_fit(x, counted, transposed, b, n, steps):
    """Return how far x is from the least squares solution, or that products were too many."""
    (A, calls), (_, backwards) = counted, transposed
    if x.shape != (n,):
        fails(f"of shape {x.shape}, wanted {(n,)}")
    right = np.linalg.lstsq(A, b, rcond=None)[0]
    return {f"{calls} products with A, {steps} are allowed": calls > steps,
            f"{backwards} products with its transpose, {steps + 1} are allowed":
                backwards > steps + 1,
            "x is off, relatively, by": np.linalg.norm(x - right) / np.linalg.norm(right)}


def own_smallest(variant=""):
    """Return the smallest eigenvalue that the break-it problem asks for.

    Examples
    --------
    >>> own_smallest()
    1.0
    """
    return own(variant, [1.0, *(k / 100 for k in range(101, 1000))], "late")


@np.errstate(all="ignore")
def check_late(answer, seed=0, variant=""):
    """Judge a spectrum for which CG needs more than twice as many steps as there are values.

    Parameters
    ----------
    answer : list of floats
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_smallest`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_late(list(range(1, 25))).cases[0].shown
    'does not break'
    """
    n, smallest = 24, own_smallest(variant)
    return grade.check_counterexample(
        one_argument(answer), on_arrays(_steps), above=2 * n, name="late", unit="steps", valid={
            f"{n} numbers": on_arrays(lambda values: values.shape == (n,)),
            "positive numbers, the largest at most 1e6 times the smallest": on_arrays(
                lambda values: np.min(values) > 0 and np.max(values) <= 1e6 * np.min(values)),
            f"a smallest number of {smallest}": on_arrays(
                lambda values: np.min(values) == smallest)},
        known={"they lie evenly, and the bound with sqrt(kappa) is what CG takes": on_arrays(
            lambda values: np.max(np.diff(np.sort(values))) < 3 * np.min(np.diff(
                np.sort(values)))),
               "kappa is small: CG is done before rounding tells": on_arrays(
            lambda values: np.max(values) < 1e3 * np.min(values))})


def _steps(values, tol=1e-10, most=400):
    """Return how many steps CG takes until b - A x is below tol of b, b = A times ones."""
    b = values.copy()
    x, r, p = 0 * b, b.copy(), b.copy()
    for step in range(most):
        if np.linalg.norm(b - values * x) <= tol * np.linalg.norm(b):
            return step
        image = values * p
        length = (r @ r) / (p @ image)
        x, fresh = x + length * p, r - length * image
        r, p = fresh, fresh + (fresh @ fresh) / (r @ r) * p
    return most
