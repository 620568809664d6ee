"""Check the exercises of the chapter on eigenvalues."""

import functools

import numpy as np

from lib import grade, linear, problems

# Of the smaller eigenvalue of a 2 x 2 matrix, whose trace the chapter prints.
READING = (3, 4, 8, "cure")
# The variances on both sides of a gap, a change, and by what angle a plane may turn.
ABOVE, BELOW, CHANGE = 41.2, 12.0, 0.3
JUDGEMENT = ("Ben", float(np.degrees(np.arcsin(2 * CHANGE / (ABOVE - BELOW)))))
PRODUCTS = 60


def check_angles(answer):
    """Judge by how many degrees an eigenvector turns for four gaps, and how far a value moves.

    Parameters
    ----------
    answer : tuple
        The angles for gaps of 1, 1e-4, 2e-6 and 1e-9 with 1e-6 beside the diagonal, and the move.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_angles((1, 1, 1, 1, 1)).passed
    False
    """
    # First mistakes that spoil all four angles, then those in one of the five parts.
    ratios = 1e-6 / np.array([1, 1e-4, 2e-6, 1e-9])
    degrees = np.degrees(np.arctan(2 * ratios) / 2)
    bounds = np.degrees(np.arcsin(np.minimum(2 * ratios, 1)))
    wrong = {"these are radians": np.radians(degrees),
             "tan 2 theta is twice the change over the gap, and you forgot to halve": 2 * degrees,
             "these are angles with the tangent change over gap; it is tan 2 theta that counts":
                 np.degrees(np.arctan(ratios)),
             "these are the largest angles that the bound allows; this change turns less": bounds}
    report = {sentence: (*map(float, four), ...) for sentence, four in wrong.items()}
    report["a vector does not turn as little as its value moves"] = (..., 5.7e-5, 5.7e-5, 5.7e-5,
                                                                    ...)
    report["a right angle would exchange the two vectors; this change sends them half-way"] = (
        ..., ..., ..., 90.0, ...)
    report["half of the gap is what an average moves; the change is far larger"] = (
        ..., ..., ..., ..., 5e-10)
    report["the value moves to first order, as the gap is tiny"] = (..., ..., ..., ..., 1e-3)
    return grade.check_value(
        answer, (*map(float, degrees), 1e-6), factor=1.05, name="angles", known=report,
        parts=("gap 1", "gap 1e-4", "gap 2e-6", "gap 1e-9", "move of the larger eigenvalue"))


def check_angle(answer, seed=1973):
    """Judge `angle(U, V)`: the largest angle between two spaces, to 1e-12, whatever their bases.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the spaces and of their bases.

    Returns
    -------
    Report

    References
    ----------
    Bjorck & Golub, Math. Comp. 27 (1973).

    Examples
    --------
    >>> check_angle(lambda U, V: 0.0).passed
    False
    """
    rng = np.random.default_rng(seed)
    wanted = {"half a radian": (0.5, 0.3, 0.2), "one angle of three": (1e-3, 0.0, 0.0),
              "1e-9": (1e-9, 0.0), "the same space": (0.0, 0.0, 0.0),
              "nearly a right angle": (np.pi / 2 - 1e-9, 0.4),
              "a right angle": (np.pi / 2, 0.1, 0.0), "two lines": (0.25,)}
    cases = {label: _two_spaces(angles, rng) for label, angles in wanted.items()}
    first = [max(angles) for angles in wanted.values()]
    return grade.check_accuracy(
        answer, first, cases, bound=lambda U, V: 1e-12, name="angle", shows={
            "1e-9": "the cosine of such an angle is 1 to rounding",
            "the same space": "another basis and other signs, and no angle",
            "nearly a right angle": "the sine of such an angle is 1 to rounding",
            "one angle of three": "the columns of V are mixed, as any basis of its space may be"},
        known={"these are degrees": [float(np.degrees(angle)) for angle in first],
               "this is the sine": [float(np.sin(angle)) for angle in first]})


def _two_spaces(angles, rng):
    """Return orthonormal bases, at random, of two spaces with the given angles between them."""
    k = len(angles)
    Q = problems.random_orthogonal(2 * k + 3, 2 * k, rng)
    V = Q[:, :k] * np.cos(angles) + Q[:, k:] * np.sin(angles)
    return (Q[:, :k] @ problems.random_orthogonal(k, k, rng),
            V @ problems.random_orthogonal(k, k, rng))


def check_judge(answer):
    """Judge who repairs a test of principal directions, and by what angle a plane may turn.

    Parameters
    ----------
    answer : tuple
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 0.59)).note
    "you left out the 2 of the chapter's bound"
    """
    right = JUDGEMENT[1]
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.02, number="the largest angle, degrees",
        known={"you left out the 2 of the chapter's bound": right / 2,
               "this is in radians": float(np.radians(right)),
               "this is the gap of the first two, which the plane does not need": 90.0,
               "the gap is the distance of the variances, not the variance": float(
                   np.degrees(np.arcsin(2 * CHANGE / ABOVE)))})


def check_deviations(answer, seed=1901):
    """Judge `deviations(X)`: standard deviations along the principal directions, by no square.

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
    >>> check_deviations(lambda X: X.std(axis=0)).passed
    False
    """
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((200, 4)) @ problems.random_rotation(4, rng)
    graded = problems.with_singular_values([1, 1e-3, 1e-9], rng, 50)
    graded = graded - graded.mean(axis=0)
    cases = {"mean 0": normal - normal.mean(axis=0), "mean 100": normal + 100.0,
             "unequal columns": normal * [1, 20, 300, 5], "six rows": normal[:6] * [1, 20, 3, 5],
             "5 rows of 9": rng.standard_normal((5, 9)), "down to 1e-9": graded,
             "in small units": 1e-30 * normal}
    return grade.check_identity(
        answer, _mistakes, cases, name="deviations",
        bound={"off by, of the largest": 1e-12}, shows={
            "mean 100": "the mean is no part of a deviation",
            "5 rows of 9": "five values are wanted; the fifth is zero up to rounding",
            "down to 1e-9": "its variance is 1e-18 of the largest, and lost beside it",
            "six rows": "m or m - 1 matters most where rows are few"})


def _mistakes(found, X):
    """Return what is known to be wrong with standard deviations, and by how much they are off."""
    right, m = _deviations(X), len(X)
    if np.shape(found) != right.shape:
        return {f"of shape {np.shape(found)}, but {len(right)} values are wanted": True}
    slips = {"the smallest stands first": right[::-1],
             "divided by m, the number of rows, and not by m - 1": right * np.sqrt(1 - 1 / m),
             "these are variances": right**2,
             "these are singular values; the number of rows is missing": right * np.sqrt(m - 1)}
    told = {slip: _near(found, wrong) and not _near(found, right) for slip, wrong in slips.items()}
    return told | {"off by, of the largest": (found - right) / right[0]}


def _near(found, wanted):
    """Return whether numbers agree to 1e-6 of the largest."""
    return bool(np.max(np.abs(found - wanted)) <= 1e-6 * np.max(wanted))


def _deviations(X):
    """Return the standard deviations along the principal directions, the largest first."""
    centred = X - X.mean(axis=0)
    tall = centred if len(X) >= X.shape[1] else centred.T
    return linear.jacobi_svd(np.ascontiguousarray(tall)).s / np.sqrt(len(X) - 1)


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
    >>> check_read((4, 4, 8, "cure")).cases[0].reason
    'line 4 only shows what another line has made'
    """
    return grade.check_trace_reading(answer, READING)


def check_growth(answer):
    """Judge a triangular matrix with a diagonal of at most 0.9, a power of which has grown.

    Parameters
    ----------
    answer : ndarray
        The matrix.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_growth(np.array([[0.9, 10.0], [0.0, 0.9]])).passed
    False
    """
    # What the task admits, then why a matrix that it admits has not grown.
    def matrix(A):
        return np.array(A, float)

    def largest(A):
        A = matrix(A)
        power, found = A, 0.0
        for _ in range(100):
            found, power = max(found, float(np.max(np.abs(power)))), power @ A
        return found

    return grade.check_counterexample(
        _whole(answer), largest, above=2e4, name="growth", unit="at most in the powers", valid={
            "a square matrix of order 2 to 4": lambda A: np.shape(A) in {(2, 2), (3, 3), (4, 4)},
            "finite numbers": lambda A: bool(np.all(np.isfinite(matrix(A)))),
            "zeros below the diagonal": lambda A: bool(np.all(np.tril(matrix(A), -1) == 0)),
            "nothing above 0.9 in size on the diagonal":
                lambda A: bool(np.all(np.abs(np.diag(matrix(A))) <= 0.9)),
            "no entry above 10 in size": lambda A: bool(np.all(np.abs(matrix(A)) <= 10))},
        known={"a diagonal matrix has orthonormal eigenvectors, and its powers only shrink":
                   lambda A: bool(np.all(matrix(A) == np.diag(np.diag(matrix(A))))),
               "of order 2 the powers grow like k times 0.9**k, which is never large":
                   lambda A: np.shape(A) == (2, 2),
               "the third power of what is above the diagonal is zero for order 3":
                   lambda A: np.shape(A) == (3, 3),
               "with a smaller diagonal the powers shrink before they have grown":
                   lambda A: bool(np.all(np.abs(np.diag(matrix(A))) < 0.9))})


def _whole(answer):
    """Return a matrix written as a tuple of rows as one list; a tuple would be several inputs."""
    return list(answer) if isinstance(answer, tuple) else answer


def check_top(answer, seed=1950):
    """Judge `top(product, n)`: the most positive eigenvalue by at most 60 products.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_top(lambda product, n: 7.0).passed
    False
    """
    # The answer of each case is known beforehand: the matrix is made with these eigenvalues.
    rng = np.random.default_rng(seed)
    inner = rng.uniform(-1, 3, 78)
    spectra = {"the most negative is larger": np.append(inner, [-7.0, 3.8]),
               "the most positive is larger": np.append(inner, [-3.0, 9.0]),
               "all are negative": np.append(-rng.uniform(3, 9, 78), [-1.0, -20.0]),
               "all are positive": np.append(rng.uniform(1, 3, 78), [4.0, 8.0]),
               "both ends nearly alike": np.append(inner, [-7.0, 6.99]),
               "order 2": np.array([-3.0, 1.0])}
    cases = {label: problems.with_eigenvalues(values, rng) for label, values in spectra.items()}
    cases["a diagonal matrix"] = np.diag(np.append([-7.0, 1.0, 2.0], [3.8] + 20 * [0.5]))
    spectra["a diagonal matrix"] = np.diag(cases["a diagonal matrix"])
    cases["order 1"], spectra["order 1"] = np.array([[-2.0]]), np.array([-2.0])
    every = list(spectra.values())
    return grade.check_accuracy(
        _counted(answer), [float(np.max(values)) for values in every], cases, name="top",
        bound=lambda A: 1e-8 * np.sqrt(np.sum(A**2)), known={
            "this is the eigenvalue of largest size":
                [float(values[np.argmax(np.abs(values))]) for values in every],
            "this is the size of the largest": [float(np.max(np.abs(values))) for values in every],
            "this is the smallest one": [float(np.min(values)) for values in every]},
        shows={"a diagonal matrix": "a start with zeros is blind to what they stand for",
               "order 1": "a matrix of order 1 takes one step",
               "order 2": "a matrix of order 2 takes two steps"})


def _counted(answer):
    """Return a function of a matrix that hands the answer its product, for so many uses."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def of_matrix(A):
        used = [0]

        def product(v):
            used[0] += 1
            if used[0] > PRODUCTS:
                raise RuntimeError(f"more than {PRODUCTS} products")
            return A @ v

        return answer(product, len(A))

    return of_matrix
