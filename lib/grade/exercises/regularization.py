"""Check the exercises of the chapter on regularization."""

import numpy as np

from lib import grade, linear, problems
from lib.numbers import measure

# Of Woodbury's identity, whose trace the chapter prints; proposed is to subtract in 100 digits.
READING = (4, 5, 11, "no cure")
ROWS, ALPHA = 20_000, 0.1
JUDGEMENT = ("Ben", ROWS * ALPHA)


def check_factors(answer):
    """Judge three filter factors of ridge, and the largest amplification that there can be.

    Parameters
    ----------
    answer : tuple
        The factors for singular values 10, 1 and 0.1 with lambda 0.25, and the bound.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_factors((1, 1, 0, 0)).passed
    False
    """
    # The parts by number first, then the mistakes that spoil all three, then those in the bound.
    s = np.array([10.0, 1.0, 0.1])
    kept = s**2 / (s**2 + 0.25)
    shares = {"you compared singular values with lambda, not their squares": s / (s + 0.25),
              "these are the parts that are taken away": 1 - kept,
              "lambda was squared too": s**2 / (s**2 + 0.0625)}
    return grade.check_value(
        answer, (*kept, 1.0), within=(0.005, 0.005, 0.002, 0.02), name="factors",
        parts=("singular value 10", "singular value 1", "singular value 0.1",
               "largest amplification"),
        known={sentence: (*map(float, three), ...) for sentence, three in shares.items()} | {
            "these are gains, the factors divided by the singular values": (0.1, 0.8, ..., ...),
            "one over lambda; an error meets its root, and a 2": (..., ..., ..., 4.0),
            "one over the root of lambda; there was a 2 below the line": (..., ..., ..., 2.0),
            "the largest of these three, but another matrix may have a singular value at the root "
            "of lambda": (..., ..., ..., 0.8),
            "this is what least squares does to an error": (..., ..., ..., 10.0)})


def check_damping(answer):
    """Judge a symmetric A and a lambda > 0 with a condition number that lambda makes worse.

    Parameters
    ----------
    answer : tuple
        The matrix and the number.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_damping(([[2.0, 0.0], [0.0, 1.0]], 1.0)).passed
    False
    """
    def shifted(A, lam):
        return np.array(A, float) + float(lam) * np.eye(len(A))

    def times_worse(A, lam):
        return measure.condition(shifted(A, lam)) / measure.condition(np.array(A, float))

    def is_square(A, lam):
        return np.shape(A) in {(n, n) for n in (2, 3, 4, 5)}

    def eigenvalues(A):
        # Of a symmetric matrix shifted until it is definite, singular values are eigenvalues.
        A = np.array(A, float)
        size = np.sum(np.abs(A))
        return linear.jacobi_svd(A + size * np.eye(len(A))).s - size

    return grade.check_counterexample(answer, times_worse, above=1e6, name="damping",
                                      unit="times worse", valid={
        "a square matrix of size 2 to 5, and a number": is_square,
        "a symmetric matrix": lambda A, lam: bool(np.all(np.array(A, float) == np.transpose(A))),
        "finite numbers, and lambda above 0":
            lambda A, lam: bool(np.all(np.isfinite(A))) and 0 < float(lam) < np.inf,
        "a condition number of A below 1e6": lambda A, lam: measure.condition(
            np.array(A, float)) < 1e6,
        "a determinant above 0": lambda A, lam: np.sum(eigenvalues(A) < 0) % 2 == 0}, known={
        "no eigenvalue is negative, so that lambda can do no harm":
            lambda A, lam: np.min(eigenvalues(A)) > 0})


def check_choose(answer, seed=1966):
    """Judge `choose_lam(s, beta, unfit, delta)`: a whole residual of norm delta, to 5 digits.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the noise in a blur, and of a random problem.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_choose(lambda s, beta, unfit, delta: 1.0).passed
    False
    """
    cases = {name: _coordinates(*problem) for name, problem in _noisy_problems(seed).items()}
    return grade.check_accuracy(
        answer, _bisect, cases, bound=1e-5, name="choose_lam",
        budget=grade.Budget(forbidden=["lib.linear.discrepancy"]), shows={
            "four directions": "lambda is near 4e-13, and the interval has to reach it",
            "in large units": "lambda has the units of s squared, and so have the ends of a search",
            "in small units": "lambda has the units of s squared, and so have the ends of a search",
            "nothing unfit": "a square matrix can fit everything",
            "hardly any noise": "1 - f is near 1e-12; f is near 1, and has no such digits"},
        known=_mistaken())


def _mistaken():
    """Return the likeliest wrong answers to `choose_lam` by what was done to get them."""
    return {
        "you left out what no lambda can fit": lambda s, beta, unfit, delta: _bisect(
            s, beta, 0.0, delta),
        "you added the norms of two parts at right angles, not their squares":
            lambda s, beta, unfit, delta: _bisect(s, beta, 0.0, delta - unfit),
        "you compared the square of the norm with delta": lambda s, beta, unfit, delta: _bisect(
            s, beta, unfit, np.sqrt(delta)),
        "f is the part that ridge keeps, and 1 - f is left": lambda s, beta, unfit, delta: _bisect(
            s, beta, unfit, delta, lambda lam, *rest: _left(s**2 * (s**2 / lam), *rest)),
        "you left out the square of the singular values": lambda s, beta, unfit, delta: _bisect(
            s, beta, unfit, delta, lambda lam, *rest: _left(lam, np.sqrt(s), *rest[1:])),
        "this is the root of lambda": lambda *args: np.sqrt(_bisect(*args)),
        "this is the logarithm of lambda": lambda *args: np.log(_bisect(*args))}


def _noisy_problems(seed):
    """Return matrices, right-hand sides, and how far delta lies above what cannot be fitted."""
    rng = np.random.default_rng(seed)
    patients = problems.read_table("diabetes")
    X = (patients.X - patients.X.mean(axis=0)) / patients.X.std(axis=0)
    A = rng.standard_normal((30, 4))
    return {"diabetes": (X, patients.y - patients.y.mean(), 0.05),
            "four columns": (A, A @ np.ones(4) + 0.3 * rng.standard_normal(30), 0.2),
            "four directions": (np.eye(5, 4) * [1.0, 1e-2, 1e-4, 1e-6], np.arange(1.0, 6), 0.05),
            "in large units": (1e40 * A, A @ np.ones(4) + 0.1 * rng.standard_normal(30), 0.01),
            "in small units": (1e-40 * A, A @ np.ones(4) + 0.1 * rng.standard_normal(30), 0.5),
            "nothing unfit": (np.diag([1.0, 0.1, 0.01]), np.array([3.0, 2.0, 1.0]), 0.3),
            "hardly any noise": (np.diag([3.0, 1.0]), np.ones(2), 1e-12)}


def _coordinates(A, b, part):
    """Return s, beta, what cannot be fitted, and a delta that lies a part of the way above it."""
    U, s, _ = linear.jacobi_svd(A)
    beta = U.T @ b
    unfit = _length(b - U @ beta)
    return s, beta, unfit, unfit + part * (_length(b) - unfit)


def _length(x):
    """Return the 2-norm of x."""
    return float(np.sqrt(np.sum(np.square(x))))


def _left(lam, s, beta, unfit):
    """Return the norm of the whole residual of ridge."""
    return np.hypot(_length(beta / (1 + s**2 / lam)), unfit)


def _bisect(s, beta, unfit, delta, left=_left):
    """Return the lam that leaves a residual of norm delta, by the interval of the last hint."""
    low, high = np.log(1e-20 * s[-1] ** 2), np.log(1e20 * s[0] ** 2)
    for _ in range(100):
        middle = (low + high) / 2
        if left(np.exp(middle), s, beta, unfit) > delta:
            high = middle
        else:
            low = middle
    return float(np.exp(middle))


def check_steps(answer, seed=1951):
    """Judge `steps_needed(s, beta, step, delta)`: when descent may stop, to the very step.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the coordinates, in four cases beside the one that needs no step.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_steps(lambda s, beta, step, delta: 3).passed
    False
    """
    rng = np.random.default_rng(seed)
    # 5 and 2.5 are exact, and so are the residuals of the first two steps: at most means at most.
    cases = {"no step": (np.array([1.0, 0.5]), np.array([3.0, 4.0]), 1.0, 6.0),
             "delta is met at once": (np.array([1.0, 0.5]), np.array([3.0, 4.0]), 1.0, 5.0),
             "delta is met by 1 step": (np.ones(2), np.array([3.0, 4.0]), 0.5, 2.5)}
    expected, ties = [0, 0, 1], [0, 1, 1]
    for label, count, s, step in _descents(rng):
        beta = rng.standard_normal(len(s))
        # Half-way between the residuals of two neighbouring counts, so that rounding decides none.
        after, before = (_length((1 - step * s**2) ** k * beta) for k in (count, count - 1))
        cases[label] = s, beta, step, (after + before) / 2
        expected, ties = [*expected, count], [*ties, 0]
    return grade.check_accuracy(answer, expected, cases, ulps=0, name="steps_needed", shows={
        "delta is met at once": "at most delta includes delta itself",
        "delta is met by 1 step": "at most delta includes delta itself",
        "a long step": "1 - step s**2 is below 0 for the first direction"},
        known=_miscounted(expected, ties))


def _miscounted(expected, ties):
    """Return the likeliest wrong answers to `steps_needed` by what was done to get them."""
    return {
        "one step too few: at that one the residual was still too large":
            [max(0, count - 1) for count in expected],
        "one step too many": [count + 1 for count in expected],
        "you wait for a residual below delta; one that equals delta is at most delta":
            [count + tie for count, tie in zip(expected, ties, strict=True)],
        "you left out the square of the singular values": lambda s, beta, step, delta: _count(
            1 - step * s, beta, delta),
        "you compared the square of the norm with delta": lambda s, beta, step, delta: _count(
            1 - step * s**2, beta, np.sqrt(delta)),
        "this is the largest entry, not the norm": lambda s, beta, step, delta: _count(
            1 - step * s**2, beta, delta, _largest),
        "this is the limit of small steps, exp(-step s**2 k)": lambda s, beta, step, delta: _count(
            np.exp(-step * s**2), beta, delta)}


def _descents(rng):
    """Yield what a descent is called, its number of steps, singular values, and a step."""
    for count in (1, 7, 150, 2000):
        step = float(rng.uniform(0.5, 1.0))
        # The weakest has something left, so that no residual underflows.
        weakest = min(0.9, np.sqrt(3 / (step * count)))
        s = np.append(np.sort(rng.uniform(0.9, 1.0, 4))[::-1], weakest)
        yield f"{count} step{'s' * (count > 1)}", count, s, step
    # All forty go on to count, so that no single one of them is the norm.
    yield "40 directions", 25, np.linspace(0.3, 0.2, 40), 1.0
    yield "a long step", 10, np.array([1.0, 0.3]), 1.8


def _largest(x):
    """Return the largest size of an entry."""
    return np.max(np.abs(x))


def _count(factor, beta, delta, norm=_length):
    """Return how often beta has to be multiplied by a factor until its norm is at most delta."""
    count, left = 0, beta
    while norm(left) > delta and count < 100_000:
        left, count = factor * left, count + 1
    return count


def check_variance(answer, seed=2014):
    """Judge `variance(F, d, x)`: a predictive variance that does not cancel, to ten digits.

    Parameters
    ----------
    answer : callable
    seed : int
        Of features and directions.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_variance(lambda F, d, x: 0.0).passed
    False
    """
    # Below 1e-16 of what is subtracted nothing is left of the difference; equal columns hide it.
    rng = np.random.default_rng(seed)
    cases = {}
    for d in (0.5, 1e-6, 1e-16):
        n, k = int(rng.integers(20, 40)), int(rng.integers(2, 6))
        cases[f"noise {d:g}"] = rng.standard_normal((n, k)), d, rng.standard_normal(k)
    cases["fewer rows than columns"] = rng.standard_normal((2, 5)), 1e-8, rng.standard_normal(5)
    cases["one row"] = np.array([[3.0, 4.0]]), 1e-16, np.array([0.6, 0.8])
    cases["two equal columns"] = (rng.standard_normal((20, 3))[:, [0, 0, 1, 2]], 1e-8,
                                  rng.standard_normal(4))

    return grade.check_accuracy(answer, _variance, cases, bound=1e-10, name="variance", shows={
        "noise 1e-16": "the variance is below the rounding errors of what is subtracted; neither a "
                       "cut at 0 nor a larger d brings it back",
        "fewer rows than columns": "there are directions that no row sees",
        "two equal columns": "along their difference no row sees anything"}, known={
        "you forgot to multiply by d": lambda F, d, x: _variance(F, d, x) / d,
        "this is the standard deviation": lambda F, d, x: np.sqrt(_variance(F, d, x)),
        "this is the variance of an observation, with its own noise": lambda F, d, x: (
            _variance(F, d, x) + d)})


def _variance(F, d, x):
    """Return x^T x minus what the rows of F explain of it, direction by direction."""
    _, s, Vt = linear.jacobi_svd(F)
    inside = Vt @ x
    outside = x - Vt.T @ inside if len(F) < len(x) else np.zeros_like(x)
    return float(np.sum(d / (s**2 + d) * inside**2) + np.sum(outside**2))


def check_whiten(answer, seed=1997):
    """Judge `whiten(X)`: features of covariance I, as many as the data have dimensions.

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
    >>> check_whiten(lambda X: X - X.mean(axis=0)).passed
    False
    """
    rng = np.random.default_rng(seed)
    normal, turned = rng.normal(size=(200, 4)), problems.random_rotation(4, rng)
    cases = {"standard normal": normal, "in other units": 1e-12 * normal,
             "mixed, then rotated": normal * [1, 1e-2, 1e-4, 1e-6] @ turned,
             "5 samples of 10": rng.normal(size=(5, 10)),
             "in huge units": 1e12 * rng.normal(size=(5, 10)),
             "one column twice": normal[:, [0, 1, 2, 3, 0]]}
    return grade.check_identity(
        answer, _not_white, cases, bound={"not made of the columns of X, a part of": 1e-6,
                                         "covariance off by": 1e-8}, name="whiten", shows={
            "in other units": "a variance of 1e-24 is not small, in units of its own",
            "5 samples of 10": "what does not vary cannot be whitened, only left out",
            "in huge units": "rounding is huge too; as many dimensions are left as in other units",
            "one column twice": "along the difference of two equal columns nothing varies"})


def _not_white(Z, X):
    """Return how far features are from white, and from being made of the columns of X."""
    U, wanted = _directions(X)
    if np.shape(Z) != (len(X), wanted):
        return {f"of shape {np.shape(Z)}, but the centred data have rank {wanted}": 1.0}
    centred = Z - Z.mean(axis=0)
    strange = _length(centred - U @ (U.T @ centred)) / _length(centred)
    return {"not made of the columns of X, a part of": strange,
            "covariance off by": np.cov(Z.T) - np.eye(wanted)}


def _directions(X):
    """Return the columns of U that span the centred data, and their number, up to rounding."""
    U, s, _ = linear.jacobi_svd(X - X.mean(axis=0))
    wanted = int(np.count_nonzero(s > s[0] * max(X.shape) * 2.0**-52))
    return U[:, :wanted], wanted


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
    >>> check_read((5, 5, 10, "no cure")).cases[0].reason
    'line 5 only shows what another line has made'
    """
    return grade.check_trace_reading(answer, READING)


def check_judge(answer):
    """Judge how a penalty is carried over to another library, and the number that decides it.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 0.1)).cases[1].reason
    '0.1 is too small'
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.03, number="lambda for the sum", known={
            "you carried the number over, and its penalty grew or shrank with the rows": ALPHA,
            "both terms have their factor 1/2, so that it cancels": ROWS * ALPHA / 2,
            "both terms have their factor 1/2, and neither is left": 2 * ROWS * ALPHA,
            "you divided by the number of rows": ALPHA / ROWS})
