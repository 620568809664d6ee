"""Check the exercises of the chapter on LU."""

import functools
from fractions import Fraction

import numpy as np

from lib import grade, linear, problems
from lib.numbers import measure

# Of two equations eliminated with the pivot 2**-42, as the chapter prints the trace; proposed is to
# compute the multiplier with a hundred digits.
READING = (4, 6, 15, "no cure")
# The backward error of (1.0005, 1) for the rows (1, 1) and (1, 1.0001), and b their sums.
JUDGEMENT = ("Ben", 0.0005 / (2.0001 * 1.0005 + 2.0001))
U = 2.0**-53
OTHER_ROADS = ("scipy.linalg.solve", "scipy.linalg.inv", "scipy.linalg.lu_factor", "lib.linear.lu",
               "lib.linear.solve")


def check_permutation(answer, seed=2011):
    """Judge `solve_with_factors(A, b)`: one LU of SciPy's, two triangular systems, right rows.

    Parameters
    ----------
    answer : callable
    seed : int
        Of two of the matrices, and of what one of them is multiplied by.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_permutation(lambda A, b: b).cases[0].verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    # In other units no pivots are tied, so that SciPy exchanges the rows that lib exchanges.
    practice = {name: M * rng.uniform(1, 2, (len(M), 1)) for name, M in _practice().items()}
    cases = _systems(practice | {"κ = 1e8": _with_condition(1e8, rng),
                                 "random": rng.normal(size=(5, 5))}, rng)

    # A right answer solves A x = b; the others solve systems that have names.
    return grade.check_identity(
        answer, _order_faults, cases, bound=_ten_n_u, name="solve_with_factors",
        budget=grade.Budget(calls={"scipy.linalg.lu": (1, 1)}, forbidden=(
            "numpy.linalg.solve", "numpy.linalg.inv", *OTHER_ROADS)))


def _order_faults(x, A, b):
    """Return which other system x solves, and its backward error for A x = b."""
    factors, true = linear.lu(A), linear.solve(A, b)
    LU, back = A[factors.rows], np.argsort(factors.rows)
    faults = _named(x, A, b, {
        "it solves L U x = P b, but SciPy's P is the transpose of the textbook's": (LU, x, b[back]),
        "it solves L U x = b: you forgot to reorder b": (LU, x, b),
        "b is to be reordered before the two systems, not x after them": (LU, x[back], b),
        "L was read as an upper triangle: say lower=True": (factors.upper, x, b[factors.rows])})
    is_near = np.max(np.abs(x - true)) < 1e-3 * np.max(np.abs(true))
    return {"x is near, but its residual is not small, as with an inverse":
            is_near and faults["backward error"] > _ten_n_u(A, b)["backward error"]} | faults


def _named(x, A, b, others):
    """Return whether x solves other systems well, and A x = b not; and its backward error."""
    eta, enough = measure.backward_error(A, x, b), _ten_n_u(A, b)["backward error"]
    return {sentence: eta > enough >= measure.backward_error(*other)
            for sentence, other in others.items()} | {"backward error": eta}


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
    >>> check_read((6, 6, 15, "no cure")).cases[0].reason
    'line 6 only shows what another line has made'
    """
    # It is 14.6; the bars, which end at 16 digits, fall by 13 only.
    return grade.check_trace_reading(answer, READING, within=0.5)


def check_judge(answer):
    """Judge which of two kernels to ship, and the number that decides it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 5e-4)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.05,
        number="backward error of the fast kernel", known={
            "divide the residual by norm(A) norm(x) + norm(b)": 5e-4,
            "you divided by one of norm(A) norm(x) and norm(b), not by their sum": 5e-4 / 2.0001,
            "for norm(A) add up the elements of each row": 5e-4 / (1.0001 * 1.0005 + 2.0001),
            "this is the backward error of the other kernel": 2e-7 / (2.0001 * 1.002 + 2.0001)})


def check_conspiracy(answer, seed=1994):
    """Judge a matrix of 20 rows that grows over 1000, with noise in the sixth decimal too.

    Parameters
    ----------
    answer : array_like
    seed : int
        Of five matrices of noise.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_conspiracy(np.eye(20)).cases[0].reason
    '1 is its growth with noise, wanted above 1000'
    """
    noise = 1e-6 * np.random.default_rng(seed).normal(size=(5, 20, 20))

    def growth(M):
        return min(linear.lu(np.array(M, float) + N).growth for N in noise)

    return grade.check_counterexample(
        answer, growth, above=1000, name="conspiracy", unit="is its growth with noise", valid={
            "20 rows and 20 columns": lambda M: np.shape(M) == (20, 20),
            "finite numbers": lambda M: bool(np.all(np.isfinite(np.array(M, float)))),
            "no element larger than 1": lambda M: np.max(np.abs(np.array(M, float))) <= 1,
            "at most 1/2 below the diagonal": lambda M: np.max(np.abs(np.tril(M, -1))) <= 0.5})


def check_transposed(answer, seed=2017):
    """Judge `solve_transposed(factors, g)`: from the factors of A, and no others.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a matrix beside the two from practice, and of the right-hand sides.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_transposed(lambda factors, g: factors.solve(g)).note
    'you solved with A, not with its transpose'
    """
    rng = np.random.default_rng(seed)
    matrices = _practice() | {"random": rng.normal(size=(7, 7))}
    cases = {f"{name}, {factor.__name__}": (factor(M), rng.normal(size=len(M)))
             for name, M in matrices.items() for factor in (linear.lu, linear.lu_complete)}
    # An inverse has no small residual here.
    hard = linear.lu(_with_condition(1e8, rng))
    cases["κ = 1e8, lu"] = hard, _matrix(hard).T @ rng.normal(size=50)
    return grade.check_identity(
        answer, _transposed_faults, cases, bound=_ten_n_u, name="solve_transposed",
        budget=grade.Budget(forbidden=("numpy.linalg", "lib.linear.lu_complete", *OTHER_ROADS)),
        known={"you solved with A, not with its transpose": lambda factors, g: factors.solve(g),
               "you forgot to reorder": _transposed})


def _transposed_faults(y, factors, g):
    """Return which other system y solves, and its backward error for A^T y = g."""
    T, (rows, columns) = _matrix(factors).T, (factors.rows, factors.columns)
    z, swapped = g[columns] / np.diag(factors.upper), (factors.upper @ factors.lower).T
    return _named(y, T, g, {
        "y[rows] is to be w; you took w[rows]": (T[:, rows], y[np.argsort(rows)], g),
        "you forgot to reorder g by columns": (T[columns], y, g),
        "the triangle of U^T comes first, then that of L^T": (swapped, y[columns], g[rows]),
        "U^T was read as an upper triangle: say lower=True": (factors.lower.T, y[rows], z)})


def _transposed(factors, g):
    """Return the solution of U^T z = g and L^T w = z, all in the order of the factors."""
    z = linear.forward_substitution(factors.upper.T, g)
    return linear.back_substitution(factors.lower.T, z)


def _matrix(factors):
    """Return the matrix that factors belong to."""
    A = np.empty_like(factors.lower)
    A[np.ix_(factors.rows, factors.columns)] = factors.lower @ factors.upper
    return A


def check_smart(answer, seed=1910):
    """Judge `smart_solve(A, b)`: by Cholesky's method where it may, and never where it may not.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the right-hand sides and of the random matrices.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_smart(lambda A, b: linear.solve(A, b)).verdict
    'another road'
    """
    rng = np.random.default_rng(seed)
    square = rng.normal(size=(30, 30))
    tall = rng.normal(size=(9, 4))
    definite = {"positive definite": square.T @ square + np.eye(30), "Gram matrix": tall.T @ tall}
    other = _practice() | {
        "from the text": np.array([[4.0, 1], [2, 3]]),
        "one element off": np.eye(4) + np.eye(4, k=-3) / 2,
        "symmetric to 12 digits": definite["Gram matrix"] * (1 + 1e-12 * np.tri(4, k=-1)),
        "from the text, in small units": 1e-9 * np.array([[4.0, 1], [2, 3]]),
        "lower triangle definite": definite["positive definite"] + np.triu(square, 1) / 8,
        "κ = 1e8": _with_condition(1e8, rng)}
    # Cholesky's method may be tried where only its failure tells.
    indefinite = {"symmetric, indefinite": np.array([[1.0, 2], [2, 1]]),
                  "a zero in the corner": np.array([[0.0, 1], [1, 0]])}
    return _together(*(grade.check_identity(
        answer, _triangle_faults, _systems(matrices, rng), bound=_ten_n_u, name="smart_solve",
        budget=grade.Budget(calls={"scipy.linalg.cho_factor": calls}))
        for matrices, calls in ((definite, (1, 1)), (other, (0, 0)), (indefinite, (0, 9)))))


def _triangle_faults(x, A, b):
    """Return which triangle of A, mirrored, x belongs to, and its backward error for A x = b."""
    return _named(x, A, b, {
        f"cho_factor has read the {name} triangle, and believed in the other": (
            half + half.T - np.diag(np.diag(A)), x, b)
        for name, half in (("lower", np.tril(A)), ("upper", np.triu(A)))})


def check_errors(answer, seed=2005):
    """Judge `standard_errors(X, s)`: for two certified data sets, and exactly known designs.

    Parameters
    ----------
    answer : callable
    seed : int
        Of a design of small whole numbers, whose inverse has fractions.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_errors(lambda X, s: s * np.ones(X.shape[1])).verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    sets = [problems.read_strd(name) for name in ("Norris", "NoInt1")]
    cases = {data.name: (data.X, data.residual_std) for data in sets}
    values = [data.deviations for data in sets]
    # In units of powers of two, which change no digit of the right answer.
    X = rng.integers(-9, 10, (12, 4)).astype(float)
    for name, units in {"whole numbers": 1.0, "all columns in small units": 2.0**-20,
                        "one column in small units": 0.5 ** np.array([0, 0, 0, 30])}.items():
        cases[name] = X * units, 5.0
        values.append(5.0 * np.sqrt(_inverse_diagonal(X)) / units)
    return grade.check_accuracy(answer, values, cases, bound=1e-9, name="standard_errors", known={
        "you forgot the root": lambda X, s: s * _diagonal(X),
        "you forgot s": lambda X, s: np.sqrt(_diagonal(X)),
        "you squared s": lambda X, s: s**2 * np.sqrt(_diagonal(X)),
        "s is given, with n - p in it already": lambda X, s: s * np.sqrt(
            _diagonal(X) * (1 - X.shape[1] / len(X))),
        "you took one over the diagonal of X^T X": lambda X, s: s / np.sqrt(np.diag(X.T @ X)),
        "s stands before the root": lambda X, s: np.sqrt(s * _diagonal(X))})


def _diagonal(X):
    """Return the diagonal of the inverse of X^T X in floating point."""
    return np.diag(np.linalg.inv(X.T @ X))


def _inverse_diagonal(X):
    """Return the diagonal of the inverse of X^T X for whole numbers, each entry rounded once."""
    gram = np.vectorize(Fraction, otypes=[object])((X.T @ X).astype(int))
    unit = np.vectorize(Fraction, otypes=[object])(np.eye(len(gram), dtype=int))
    return np.diag(linear.lu(gram).solve(unit)).astype(float)


def check_mixed(answer, seed=2018):
    """Judge `mixed_solve(A, b)`: as good as one rounding, by factors in float32 where these do.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices of given condition number and of the solutions.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_mixed(lambda A, b: b).verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    mild = _in_units(_systems(_practice() | {"κ = 1e5": _with_condition(1e5, rng, 12)}, rng))
    # Long, for three kinds of systems: factors in float32 do, do slowly, and do not.
    slow = _systems({"κ = 3e7": _with_condition(3e7, rng, 40)}, rng)
    hard = _in_units(_systems({"κ = 1e10": _hard(rng)}, rng))
    return _together(*(grade.check_identity(
        answer, lambda x, A, b: {"error of x": _error(x, A, b)}, systems, weak=0.0,
        bound={"error of x": 4 * U}, name="mixed_solve",
        shows={"κ = 3e7": "the residual is small long before the error is",
               "κ = 1e10": "factors in float32 do not converge here"},
        budget=grade.Budget(calls={"lib.linear.lu": calls}, given={
            "lib.linear.lu": kinds}, forbidden=("numpy.linalg.solve", "numpy.linalg.inv",
            "numpy.linalg.cond", "scipy.linalg", "lib.numbers.condition")),
        known={"you did not refine, or stopped at a small residual, which says nothing of x here: "
               "watch the corrections": lambda A, b: linear.lu(A).solve(b)})
        for systems, calls, kinds in (
            (mild, (1, 1), ("float32",)), (slow, (1, 2), ("float32", "float64")),
            (hard, (2, 2), ("float32", "float64")))))


def _in_units(systems):
    """Return systems, and the last of them with tiny and with huge unknowns."""
    name, (A, b) = list(systems.items())[-1]
    return systems | {f"{name}, tiny unknowns": (A, 2.0**-40 * b),
                      f"{name}, huge unknowns": (A, 2.0**40 * b)}


def _error(x, A, b):
    """Return the error of x in the maximum norm, relative to the exact solution."""
    true = linear.refine(A, b, linear.lu(A).solve(b), steps=20)
    return np.max(np.abs(x - true)) / np.max(np.abs(true))


def _ten_n_u(_, b):
    """Return the bound of a good solver's backward error, by its name."""
    return {"backward error": 10 * len(b) * U}


@functools.cache
def _practice():
    """Return the matrices of a chemical plant and of a waveguide."""
    return {name: problems.read_matrix(name).toarray() for name in ("west0067", "bfwa62")}


def _with_condition(kappa, rng, n=50):
    """Return a random matrix of a condition number."""
    return problems.with_singular_values(np.geomspace(1, 1 / kappa, n), rng)


def _hard(rng):
    """Return a matrix of condition number 1e10 that has factors in float32, though useless ones."""
    A = _with_condition(1e10, rng, 12)
    try:
        linear.lu(np.float32(A))
    except linear.SingularMatrixError:
        return _hard(rng)
    return A


def _systems(matrices, rng):
    """Return each matrix with the right-hand side of a random solution."""
    return {name: (M, M @ rng.normal(size=len(M))) for name, M in matrices.items()}


def _together(*reports):
    """Return one report on all cases of several."""
    cases = [case for report in reports for case in report.cases]
    # The largest note is one that says something, where there is one.
    return grade.Report(reports[0].name, tuple(cases), note=max(part.note for part in reports))
