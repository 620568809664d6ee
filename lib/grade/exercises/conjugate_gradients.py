"""Check the exercises of the chapter on conjugate gradients."""

from fractions import Fraction

import numpy as np

from lib import grade

LIMIT = 12.5e6  # bytes, of which half a million is for what is no array
STEPS = 40  # lines and calls of Python a point: a loop over rows takes ten or two


def check_log(answer):
    """Judge how a log of two residuals was read: a step, a power of ten, a cure.

    Parameters
    ----------
    answer : tuple of int, float and str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_log((80, 4, "C")).cases[0].reason
    '80 is too large'
    """
    return grade.check_value(
        answer, (40, 4, "C"), name="reading",
        parts=("the last step to believe", "powers of ten", "the cure"), known={
            "the two residuals have parted by step 60: compare the columns": (60, ..., ...),
            "at step 80 the report is smallest, and least true": (80, ..., ...),
            "you gave the ratio itself, not its power of ten": (..., 8000, ...),
            "this is the power itself: its exponent was asked for": (..., 10_000, ...),
            "the exponent was asked for as a whole number": (..., float(np.log10(8000)), ...),
            "8000 is nearer to 10 000 than to 1000": (..., 3, ...),
            "the power was asked for, without its sign": (..., -4, ...),
            "you compared the report with itself at another step": (..., 2, ...),
            "the updated residual falls on, and the true one stays where it is": (..., ..., "A"),
            "a smaller tolerance asks the same residual for more": (..., ..., "B")})


def check_judge(answer):
    """Judge whose plan to follow, and how many steps are enough without rounding.

    Parameters
    ----------
    answer : tuple of str and int

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 8)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, ("Ben", 8), choices=("Ada", "Ben"), number="steps that are enough", known={
            "you left out the eigenvalue of all other directions, 0.5": 7,
            "this is the number of unknowns": 5000,
            "this is the bound, which knows the ends of the spectrum only": 956,
            "the 4993 other directions have one eigenvalue in common": 5001})


def check_plan(answer, seed=1966):
    """Judge `steps_planned(kappa, eps)`: the steps that the bound asks for, rounded up.

    Parameters
    ----------
    answer : callable
    seed : int
        Of six pairs of kappa and eps.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_plan(lambda kappa, eps: 1).cases[1].verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    cases = {"kappa 1": (1.0, 1e-8), "kappa 2": (2.0, 1e-8), "kappa 100": (100.0, 1e-8),
             "kappa 1e4": (1e4, 1e-8), "eps 0.9": (1.5, 0.9), "kappa 1e20": (1e20, 1e-6)}
    for power in (1, 2, 3, 5, 8, 12):
        kappa = float(10.0 ** (power + rng.random()))
        cases[f"kappa near 1e{power}"] = kappa, float(10.0 ** -rng.uniform(2, 12))
    # Where the bound meets eps within rounding either whole number would do; no case is there.
    return grade.check_accuracy(
        answer, _steps, cases, bound=lambda kappa, eps: 1e-9 * _steps(kappa, eps),
        name="steps_planned", shows={
            "kappa 1": "the bound is 0 after one step",
            "kappa 1e20": "the factor is so near 1 that its digits are gone"}, known={
            "the square root of kappa is missing": lambda k, e: _steps(k, e, root=float),
            "the 2 in front is missing": lambda k, e: _steps(k, e, two=1),
            "this is rounded down": lambda k, e: _steps(k, e, whole=np.floor),
            "this is rounded to the nearest": lambda k, e: _steps(k, e, whole=np.round),
            "this is one step more than the bound asks for": lambda k, e: _steps(k, e) + 1,
            "this is the card's estimate, which is never below the bound's": lambda k, e: (
                max(1, np.ceil(np.sqrt(k) * np.log(2 / e) / 2))),
            "one logarithm is natural, and one is not": lambda k, e: _steps(k, e, log=np.log10)})


def _steps(kappa, eps, root=np.sqrt, two=2, whole=np.ceil, log=np.log):
    """Return the least k of 1 or more with two * factor**k <= eps."""
    part = 2 / (root(kappa) + 1)
    if part >= 1:
        return 1
    return max(1, int(whole(log(two / eps) / -np.log1p(-part))))


def check_mended(answer, seed=1977):
    """Judge `mended_gradients(A, b, times_M, steps)`: x after so many preconditioned steps.

    Parameters
    ----------
    answer : callable
    seed : int
        Of three systems and their preconditioners, of small whole numbers.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_mended(lambda A, b, times_M, steps: b).cases[0].verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    cases, exact = {}, []
    for name, full in (("diagonal M", False), ("full M", True), ("M = I", None)):
        A, M, b = _system(rng, full)
        for steps in (1, 2, len(b)):
            # What multiplies by M keeps its matrix, from which the answer is known exactly.
            cases[f"{name}, {steps} step{'s' * (steps > 1)}"] = (
                grade.WatchedMatrix(A.astype(float), "A", steps), b.astype(float),
                grade.WatchedMap(M.astype(float), "times_M", steps + 1), steps)
            exact.append(_iterate(A, M, b, steps))
    known = {sentence: [np.array(_iterate(*_exact(args), **slip), float) for args in cases.values()]
             for sentence, slip in SLIPS.items()}
    return grade.check_accuracy(grade.only_products(answer), exact, cases,
                                bound=1e-9, weak=1e-6, name="mended_gradients", known=known)


SLIPS = {
    "the residual was not mended at all": {"mend": False},
    "r · r was left in alpha and beta: it is r · z": {"alpha": "rr", "beta": "rr"},
    "r · r was left in beta: it is r · z, as in alpha": {"beta": "rr"},
    "r · r was left in alpha: it is r · z, as in beta": {"alpha": "rr"},
    "z · z stands where r · z should": {"alpha": "zz", "beta": "zz"},
    "the ratio in beta is upside down": {"turned": True},
    "the direction forgets the one before it": {"forget": True},
    "the direction is made of r after the first step, not of z": {"made": "zr"},
    "the first direction is r, not z": {"made": "rz"},
    "every direction is made of r, not of z": {"made": "rr"},
    "this is the plain loop on M A and M b, which is not symmetric": {"joined": True},
}


def _system(rng, full):
    """Return A, M and b in fractions, A and M symmetric positive definite."""
    n = 4
    R, S = rng.integers(-3, 4, (n, n)), rng.integers(-2, 3, (n, n))
    A = R.T @ R + np.diag(rng.integers(1, 40, n))
    M = S.T @ S + np.diag(rng.integers(1, 9, n)) if full else np.diag(rng.integers(1, 9, n))
    M = np.eye(n, dtype=int) if full is None else M
    fractions = np.vectorize(Fraction, otypes=[object])
    return fractions(A), fractions(M), fractions(rng.integers(1, 9, n))


def _exact(args):
    """Return A, M, b in fractions, and steps, of the arguments of a case."""
    A, b, M, steps = args
    fractions = np.vectorize(Fraction, otypes=[object])
    return fractions(A.matrix), fractions(M.matrix), fractions(b), steps


def _iterate(A, M, b, steps, mend=True, alpha="rz", beta="rz", turned=False, forget=False,
             made="zz", joined=False):
    """Return x after so many steps, exactly, or with a slip."""
    # Each slip does one line of the loop otherwise.
    if joined:
        A, b, mend = M @ A, M @ b, False
    x, r, p, old = 0 * b, b, None, None
    for _ in range(steps + 1):
        z = M @ r if mend else r
        squares, both = {"rz": r @ z, "rr": r @ r, "zz": z @ z}, {"r": r, "z": z}
        new = squares[beta]
        if p is None:
            p = both[made[0]]
        else:
            share = 0 if forget or not new else old / new if turned else new / old
            p = both[made[1]] + share * p
        old, form = new, p @ (A @ p)
        if not steps or not squares[alpha] or not form:
            return x
        steps, step = steps - 1, squares[alpha] / form
        x, r = x + step * p, r - step * (A @ p)
    return x


def check_product(answer, seed=2001):
    """Judge `kernel_product(X, v, lam)`: (K + lam I) v, in 12 MB of arrays at a time.

    A loop over single elements is stopped, and the package's own kernel is another road.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the points and vectors.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_product(lambda X, v, lam: lam * v).cases[0].verdict
    'wrong'
    """
    limited = grade.within_limits(answer, LIMIT, lambda X, v, lam: STEPS * (len(v) + 10))
    return grade.check_accuracy(
        limited, _product, _points(np.random.default_rng(seed)), name="kernel_product",
        bound=lambda X, v, lam: 1e-12 * len(v) * np.max(np.abs(v)),
        budget=grade.Budget(forbidden=("lib.problems.kernels",)),
        shows={"57 points": "57 is no multiple of a block's rows"}, known={
            "the lam is missing": lambda X, v, lam: _product(X, v, 0),
            "the 2 under the squared distance is missing": lambda X, v, lam: _product(X, v, lam, 1),
            "the 2 before p · q is missing": lambda X, v, lam: (
                np.exp(-(_squares(X)[:, None] + _squares(X) - X @ X.T) / 2) @ v + lam * v),
            "the distance was not squared": lambda X, v, lam: _product(X, v, lam, 2, 1),
            "lam was added to every element of K": lambda X, v, lam: (
                _product(X, v, 0) + lam * np.sum(v))})


def _squares(X):
    """Return the squared lengths of the rows."""
    return np.sum(X**2, axis=1)


def _points(rng):
    """Return the cases of `check_product`: points, a vector and lam, by name."""
    cases = {name: (rng.uniform(-1, 1, (n, d)), rng.normal(size=n), lam)
             for name, n, d, lam in (("3 points", 3, 2, 0.5), ("no penalty", 150, 3, 0.0),
                                     ("57 points", 57, 1, 2.0), ("2000 points", 2000, 3, 1.0))}
    pairs = np.repeat(rng.uniform(-1, 1, (30, 2)), 2, axis=0)
    return cases | {"pairs of points": (pairs, rng.normal(size=60), 0.1)}


def _product(X, v, lam, under=2, power=2):
    """Return (K + lam I) v from differences of coordinates, a row of K at a time."""
    rows = (np.exp(-np.linalg.norm(X - x, axis=1) ** power / under) @ v for x in X)
    return np.array(list(rows)) + lam * v


def check_rise(answer):
    """Judge two eigenvalues and a right-hand side for which the first residual is twice as large.

    Parameters
    ----------
    answer : tuple of two pairs of numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_rise(((1, 100), (1, 1))).cases[0].verdict
    'wrong'
    """
    # One condition, then one mistake, after the other.
    return grade.check_counterexample(
        answer, _times, above=2, name="rising", unit="times the norm of the first", valid={
            "two pairs of numbers": lambda s, b: np.shape(s) == np.shape(b) == (2,),
            "real, finite numbers": lambda s, b: bool(
                not np.iscomplexobj([*s, *b]) and np.all(np.isfinite(np.array([*s, *b], float)))),
            "eigenvalues from 1 to 100": lambda s, b: min(s) >= 1 and max(s) <= 100,
            "a right-hand side that is not 0, nor beyond 1e100 or below 1e-100": lambda s, b: (
                1e-100 < np.max(np.abs(np.array(b, float))) < 1e100)},
        known={
            "b is an eigenvector: the first step arrives": lambda s, b: any(b) and (
                0 in b or s[0] == s[1]),
            "both parts of b are alike: the large eigenvalue keeps the step short": lambda s, b: (
                abs(b[0]) == abs(b[1]) > 0),
            "most of b lies along the large eigenvalue, so the step is short": lambda s, b: (
                abs(b[int(np.argmax(s))]) > abs(b[int(np.argmin(s))])),
            "the eigenvalues are too near each other for any b": lambda s, b: (
                max(s) < 17 * min(s))})


def _times(eigenvalues, b):
    """Return how many times as long the residual is after the first step."""
    spectrum, b = np.array(eigenvalues, float), np.array(b, float)
    alpha = (b @ b) / (b @ (spectrum * b))
    return np.linalg.norm(b - alpha * spectrum * b) / np.linalg.norm(b)


def check_rank(answer):
    """Judge the rank of a sketch and the steps that are left.

    Parameters
    ----------
    answer : tuple of two whole numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_rank((13, 9)).cases[0].reason
    '13 is too large'
    """
    return grade.check_value(
        answer, (12, 9), name="design", parts=("rank", "steps"), known={
            "the first value that is missed is that after the rank, so one column less does": (
                13, ...),
            "you stopped where the missed value is below 1, and lam is 0.5": (11, ...),
            "the 2 in front of the bound is missing, or the result was rounded down": (..., 8),
            "you took kappa, not its root": (..., 14),
            "this is the card's estimate, and the bound itself asks for fewer": (..., 11),
            "the 2 in front is missing, and so is the root of kappa": (..., 13)})


def check_many(answer):
    """Judge from how many right-hand sides on a factor pays, against two iterations.

    Parameters
    ----------
    answer : tuple of two whole numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_many((45, 1201)).cases[0].reason
    '45 is too small'
    """
    return grade.check_value(
        answer, (64, 1201), name="many", parts=("without", "with the incomplete factor"), known={
            "you left out what a solution with the factor costs": (45, 134),
            "at so many the factor is not cheaper yet": (63, ...),
            "at so many both cost the same": (..., 1200),
            "you added the two costs of a right-hand side": (35, ...)})
