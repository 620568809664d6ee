"""Check the exercises of the chapter on QR and least squares."""

import numpy as np

from lib import grade, linear, problems
from lib.numbers import measure

U = 2.0**-53
# Of the straight line over seconds since 1970; proposed is the order of modified Gram-Schmidt.
READING = (3, 4, 9, "no cure")
# The problem has kappa + kappa**2 norm(r) / (norm(A) norm(x)), kappa = 3000, and a ratio of 1/2.
JUDGEMENT = ("Ada", float(-np.log10((3000 + 3000**2 / 2) * U)))
# What factors or solves in place of the reader.
FACTORED = (*(f"{room}.linalg.{name}" for room in ("numpy", "scipy") for name in (
    "lstsq", "qr", "svd", "pinv", "eigh")), "lib.linear.orthogonal", "lib.linear.jacobi",
    "lib.linear.systems", "lib.linear.filters")
INVERTED = ("numpy.linalg.solve", "numpy.linalg.inv", "scipy.linalg.solve", "scipy.linalg.inv")
SOLVED = (*INVERTED, "numpy.linalg.cholesky", "scipy.linalg.cholesky", "lib.linear.elimination")


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
    >>> check_read((4, 4, 9, "no cure")).cases[0].reason
    'line 4 only shows what another line has made'
    """
    return grade.check_trace_reading(answer, READING)


def check_judge(answer):
    """Judge which of three methods to ship, and the digits that Householder's promises.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 12.5)).cases[1].reason
    '12.5 is too large'
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben", "Cleo"), within=0.1,
        number="digits that Ben's method promises", known={
            "you left out the residual, which brings kappa squared back for QR too":
                float(-np.log10(3000 * U)),
            "you squared the ratio of the residual too": float(-np.log10((3000 + 3000**2 / 4) * U)),
            "this is kappa squared alone, or eps in place of u; the residual counts by half":
                float(-np.log10(3000**2 * U))})


def check_householder(answer, seed=1958):
    """Judge `by_mirrors(A, b)`: least squares to a backward error of 100 u, without lib's own.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a tall matrix with columns in different units, some of which have no square.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_householder(lambda A, b: linear.least_squares(A, b)).verdict
    'another road'
    """
    rng, longley = np.random.default_rng(seed), problems.read_strd("Longley")
    tall = rng.normal(size=(12, 5)) * 10.0 ** np.array([-200, 6, 200, -6, 0])
    near = problems.collinear(60, 6, 1e-6, rng)
    cases = {  # What people forget: a first element of 0, both ends of the axis, units.
        "4 by 3": ([[1, -1, 4], [1, 4, -2], [1, 4, 2], [1, -1, 0]], [5, 4, 6, -1]),
        "begins with 0": ([[0, 1], [1, 0], [1, 1]], [1, 2, 4]),
        "near the axis": ([[1, 2], [1e-9, 3], [0, 1]], [1, 2, 4]),
        "near its other end": ([[-1, 2], [1e-9, 3], [0, 1]], [1, 2, 4]),
        "on the axis": ([[-3, 1], [0, 2], [0, 1]], [1, 2, 4]), "square": ([[0, 2], [3, 1]], [2, 3]),
        "units": (tall, rng.normal(size=12)), "Longley": (longley.X, longley.y),
        "nearly dependent": (near, near @ np.ones(6))}
    cases = {name: (np.array(A, float), np.array(b, float)) for name, (A, b) in cases.items()}
    return grade.check_identity(
        answer, _least_squares_error, cases, bound=100 * U, name="by_mirrors",
        budget=grade.Budget(forbidden=(*FACTORED, *SOLVED)), shows={
            "begins with 0": "here np.sign(x[0]) is 0",
            "Longley": "here the Gram matrix loses twice the digits",
            "near the axis": "here x[0] - norm(x) cancels",
            "near its other end": "here x[0] + norm(x) cancels",
            "units": "here columns have no square in float64",
            "nearly dependent": "here one pass of Gram-Schmidt loses its right angles"},
        known={"b was not reflected": lambda A, b: linear.back_substitution(
            linear.householder_qr(A)[1], b[: A.shape[1]])})


def _least_squares_error(x, A, b):
    """Return how little A must change for x to be its solution; 1 for another shape."""
    if x.shape != (A.shape[1],):
        return {f"of shape {x.shape}, wanted {(A.shape[1],)}": 1.0}
    error, largest = measure.least_squares_backward_error(A, x, b), np.max(np.abs(A), axis=0)
    if error > 0.01 and measure.least_squares_backward_error(A, x / largest, b) < 100 * U:
        return {"x belongs to columns divided by their largest elements, off by": error}
    return {"backward error": error}


def check_mirror(answer, seed=1971):
    """Judge `mirror(x)`: a v that reflects x onto the positive end of the first axis, to 10 u.

    Parameters
    ----------
    answer : callable
    seed : int
        Of two vectors beside those of the story.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_mirror(lambda x: 0 * x).cases[0].reason
    'v is zero'
    """
    rng = np.random.default_rng(seed)
    given = ([3, 4], [-3, 4], [0, 1], [-0.0, 2], [1, 1e-9], [-1, 1e-9], [1e-140, 1e-149],
             [1e140, 1e131], [5, 0], [-5, 0, 0])
    cases = {str(x): x for x in given} | {
        "four elements": rng.normal(size=4), "near the axis": [1, *1e-5 * rng.normal(size=2)]}
    cases = {name: (np.array(x, float),) for name, x in cases.items()}
    return grade.check_identity(
        answer, _off_axis, cases, bound={"off +norm(x) on the axis": 10 * U}, name="mirror",
        shows={"[1, 1e-09]": "x[0] - norm(x) cancels", "[-1, 1e-09]": "x[0] + norm(x) cancels"})


def _off_axis(v, x):
    """Return how far the reflection along v leaves x from +norm(x) on the first axis, or why."""
    if v.shape != x.shape or not np.any(v):
        return {"v is zero" if v.shape == x.shape else f"v has shape {v.shape}": True}
    v, x = v / np.max(np.abs(v)), x / np.max(np.abs(x))
    image = x - 2 * v * (np.sum(v * x) / np.sum(v * v))
    goal = np.sqrt(np.sum(x * x)) * np.eye(len(x))[0]
    here, there = (np.max(np.abs(image - end)) / goal[0] for end in (goal, -goal))
    if there < 0.1:  # 0.1 is far from 2, the distance of the ends
        return {"x is sent to -norm(x), not to +norm(x), off by": here}
    return {"off +norm(x) on the axis": here}


def check_threshold(answer, seed=1883):
    """Judge `basis(A)`: orthonormal columns, zeros where A's depends to 1e-10, whatever the units.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the data.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_threshold(lambda A: np.eye(*A.shape)).cases[0].reason[:24]
    'columns of A left out: 0'
    """
    directions = problems.random_orthogonal(6, 4, np.random.default_rng(seed))
    A = directions @ np.array([[2, 1, 0, 1], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1.0]])
    dependent = A @ np.array([[1, 0, 1, 0], [0, 1, 3, 0], [0, 0, 0, 0], [0, 0, 0, 1.0]])
    units = np.array([1, 1e-12, 1e12, 1e-3])  # no columns of the whole in one size
    cases = {f"{name}, size {size:g}": (size * B,) for size in (1, 1e-12, 1e12) for name, B in (
        ("independent", A), ("dependent", dependent))}
    cases |= {"other units": (A * units,), "dependent, other units": (dependent * units,),
              "zeros come first": (A * [0, 1, 0, 1],), "3 rows, 4 columns": (A[:3] * units,)}
    for label, angle in {"1e-9, above 1e-10": 1e-9, "1e-11, below 1e-10": 1e-11}.items():
        turned = np.column_stack([*A[:, :2].T, A[:, 0] + angle * 2 * directions[:, 3]])
        cases[f"angle {label}"] = (turned,)
    # The bound: one pass at an angle of 1e-9 leaves errors of 1e9 u.
    return grade.check_identity(
        answer, lambda Q, A: _no_span(Q, A, _basis(A, lambda A, k: 1e-10 * _lengths(A)[k])),
        cases, bound=1e-5, name="basis",
        shows={"dependent, size 1": "here column 3 comes after one that depends"}, known={
            "your threshold has a unit: that of the data": lambda A: _basis(A, lambda A, k: 1e-10),
            "you compared with the whole matrix: a column in small units is lost in it":
                lambda A: _basis(A, lambda A, k: 1e-10 * np.max(_lengths(A)))})


def _no_span(Q, A, like):
    """Return what of A the columns of Q leave out, how far they are from orthonormal, or why.

    Columns of zeros have to stand where those of another matrix stand.
    """
    if Q.shape != A.shape:
        return {f"of shape {Q.shape} for an A of {A.shape}": 1.0}
    kept, wanted = np.any(Q, axis=0), np.any(like, axis=0)
    if np.any(kept != wanted):
        k = int(np.argmax(kept != wanted))
        fault = "not zero, and depends" if kept[k] else "zero, and does not depend"
        return {f"column {k} is {fault} on those before it": 1.0}
    scaled = A / np.where(_lengths(A) == 0, 1, _lengths(A))
    off = Q.T @ Q - np.diag(wanted)
    return {"columns of A left out": scaled - Q @ (Q.T @ scaled),
            "wrong angles or lengths": np.sqrt(np.sum(off * off))}


def _basis(A, threshold):
    """Return classical Gram-Schmidt with zeros where no more is left than threshold(A, k)."""
    Q = np.zeros_like(A)
    for k in range(A.shape[1]):
        v = A[:, k] - Q[:, :k] @ (Q[:, :k].T @ A[:, k])
        left = np.sqrt(v @ v)
        if left > threshold(A, k):
            Q[:, k] = v / left
    return Q


def _lengths(A):
    """Return the norms of A's columns."""
    return np.sqrt(np.sum(A * A, axis=0))


def check_units(answer):
    """Judge units of two columns that take all digits from lstsq, and none from Householder.

    Parameters
    ----------
    answer : tuple of two floats

    Returns
    -------
    Report

    Examples
    --------
    >>> check_units((1.0, 1e15)).cases[0].reason
    'the task asks for: factors at most 1e12 apart'
    """
    data = problems.read_strd("Norris")

    def kept(solve, units):
        x = solve(data.X * units, data.y)
        return np.min(measure.log_relative_error(x, data.coefficients / units))

    def on_two(condition):
        return lambda *units: condition(np.array(units, float))

    # Conditions are asked in this order: a later one may take the earlier ones for granted.
    return grade.check_counterexample(
        tuple(answer) if isinstance(answer, list | np.ndarray) and getattr(
            answer, "ndim", 1) else answer, on_two(lambda units: kept(_lstsq, units)),
        below=1, name="units", unit="digits are right", valid={
            "two positive, finite factors": on_two(lambda units: units.shape == (2,) and bool(
                np.all((units > 0) & np.isfinite(units)))),
            "factors at most 1e12 apart": on_two(
                lambda units: bool(np.max(units) <= 1e12 * np.min(units))),
            "units that drive the norms apart, 6 and 3250": on_two(
                lambda units: bool(units[0] <= units[1])),
            "ten digits that Householder keeps": on_two(
                lambda units: bool(kept(linear.least_squares, units) >= 10))})


def _lstsq(A, b):
    """Return what np.linalg.lstsq does, with its cutoff of max(m, n) eps."""
    return linear.truncated_least_squares(A, b, max(A.shape) * 2 * U).x


def check_survey(answer, seed=1967):
    """Judge `adjust(Q, R, b)`: least squares with factors whose Q is not quite orthogonal.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a small problem beside the surveys.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_survey(lambda Q, R, b: linear.least_squares(Q @ R, b)).verdict
    'another road'
    """
    cases = {name: (*linear.modified_gram_schmidt(problems.read_matrix(name).toarray()),
                    problems.read_right_hand_side(name)) for name in ("well1033", "illc1033")}
    rng = np.random.default_rng(seed)
    A = problems.with_singular_values(np.geomspace(1, 1e-7, 8), rng, m=60)
    cases["60 by 8, kappa = 1e7"] = (*linear.modified_gram_schmidt(A), A @ rng.normal(size=8))
    return grade.check_identity(
        answer, lambda x, Q, R, b: _least_squares_error(x, Q @ R, b), cases, bound=100 * U,
        name="adjust", budget=grade.Budget(forbidden=(*FACTORED, *SOLVED)),
        shows={"illc1033": "its Q has lost more than the other's"}, known={
            "you took the components of the whole b, with a Q that is not quite orthogonal":
                lambda Q, R, b: linear.back_substitution(R, Q.T @ b)})


def check_products(answer, seed=2015):
    """Judge `by_products(A)`: a Q from products, Cholesky factorisations and triangular solves.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a matrix beside those of the surveys.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_products(lambda A: np.linalg.qr(A)[0]).verdict
    'another road'
    """
    cases = {name: (problems.read_matrix(name).toarray(),) for name in ("well1033", "illc1033")}
    rng = np.random.default_rng(seed)
    other = problems.with_singular_values(np.geomspace(1, 1e-6, 20), rng, m=90)
    cases["kappa = 1e6, in other units"] = (other * 10.0 ** rng.uniform(-9, 9, 20),)

    def one_round(A):
        return linear.forward_substitution(linear.cholesky(A.T @ A), A.T.copy()).T

    return grade.check_identity(
        answer, lambda Q, A: _no_span(Q, A, np.eye(*A.shape)), cases,
        bound=lambda A: 10 * np.sqrt(A.size) * U, name="by_products",
        budget=grade.Budget(forbidden=(*FACTORED, *INVERTED)), known={
            "one round leaves a loss of kappa squared times u": one_round,
            "the triangle was not transposed: A is to be multiplied by the inverse of L's":
                lambda A: linear.back_substitution(linear.cholesky(A.T @ A).T, A.T.copy()).T})
