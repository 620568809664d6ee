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
        The angles for gaps of 1, 1e-4, 2e-6 and 1e-9 with 1e-6 beside the diagonal, and the move
        of the larger eigenvalue for the third.

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
    moves = {"this is Weyl's bound, and the value moves less": 1e-6,
             "the change over the gap is no small number here: no power series will do": 5e-7,
             "this is the radius; how far is it from the old value?": 2**0.5 * 1e-6}
    report |= {sentence: (..., ..., ..., ..., move) for sentence, move in moves.items()}
    return grade.check_value(
        answer, (*map(float, degrees), (2**0.5 - 1) * 1e-6), factor=1.05, name="angles",
        known=report, parts=("gap 1", "gap 1e-4", "gap 2e-6", "gap 1e-9", "move for the gap 2e-6"))


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
    return grade.check_identity(answer, _angle_mistakes, cases, bound=1e-12, name="angle")


def _angle_mistakes(found, U, V):
    """Return what is known to be wrong with the largest angle, and by how much it is off."""
    if np.shape(found):
        return {f"of shape {np.shape(found)}, but one number is wanted": True}
    cosines, sines = _cosines_and_sines(U, V)
    right = np.arctan2(sines[0], cosines[0])
    by_column = np.arccos(np.minimum(np.abs(np.sum(U * V, axis=0)), 1))
    slips = {"in degrees": np.degrees(right), "the sine": sines[0], "the cosine": cosines[0],
             "the smallest of the angles": np.arctan2(sines[-1], cosines[-1]),
             "all angles together, by Frobenius' norm":
                 np.arctan2(np.linalg.norm(sines), np.linalg.norm(cosines)),
             "an angle of two columns, which are but one basis each": np.max(by_column)}
    told = {f"this is {slip}": True for slip, wrong in slips.items()
            if _near(found, wrong) and not _near(found, right)}
    return told | {_off(found, right, 1e-12, _flat(found, right)): found - right}


def _flat(found, right):
    """Return why an angle was lost whose cosine or sine is right to rounding."""
    for name, function, where in (("cosine", np.cos, "an angle of 0"),
                                  ("sine", np.sin, "a right angle")):
        if abs(function(found) - function(right)) <= 1e-15:
            return f"the {name} is right to rounding, and tells little near {where}"
    return ""


def _off(found, right, allowed, cause=""):
    """Return the name of an error: where it is too large, with both numbers and its cause."""
    if not abs(found - right) > allowed:
        return "off by"
    side = "large" if found > right else "small"
    reason = f" ({cause})" * bool(cause)
    return f"too {side}, got {found:.10g}, expected {right:.10g}{reason}: off by"


def _cosines_and_sines(U, V):
    """Return those of all angles between two spaces, the largest angle first."""
    products = U.T @ V
    cosines = np.linalg.svd(products, compute_uv=False)[::-1]
    return cosines, np.linalg.svd(V - U @ products, compute_uv=False)


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
               # 0.021, as it is to two digits, is nearer to this than to what it stands for
               "this is in radians": 0.0208,
               "this is the gap of the first two, which the plane does not need": 90.0,
               "the gap is the distance of the variances, not the variance": float(
                   np.degrees(np.arcsin(2 * CHANGE / ABOVE)))})


def check_deviations(answer, seed=1901):
    """Judge `deviations(X, counts)`: those along the principal directions, by no square.

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
    >>> check_deviations(lambda X, counts: X.std(axis=0)).passed
    False
    """
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((200, 4)) @ problems.random_rotation(4, rng)
    graded = problems.with_singular_values([1, 1e-3, 1e-9], rng, 50)
    data = {"each row once": normal * [1, 20, 3, 5], "mean 0": normal - normal.mean(axis=0),
            "mean 100": normal + 100.0, "unequal columns": normal * [1, 20, 300, 5],
            "six rows": normal[:6] * [1, 20, 3, 5], "5 rows of 9": rng.standard_normal((5, 9)),
            "down to 1e-9": graded, "in small units": 1e-30 * normal}
    cases = {label: (X, rng.integers(1, 8, len(X))) for label, X in data.items()}
    cases["each row once"] = data["each row once"], np.ones(200, int)
    return grade.check_identity(answer, _mistakes, cases, name="deviations", bound=1e-12)


def _mistakes(found, X, counts):
    """Return what is known to be wrong with standard deviations, and by how much they are off."""
    right = _deviations(X, counts)
    if np.shape(found) != right.shape:
        return {f"of shape {np.shape(found)}, but {len(right)} values are wanted": True}
    told = {slip: True for slip, wrong in _slips(right, X, counts).items()
            if _near(found, wrong) and not _near(found, right)}
    if not told and not _near(found, right) and _near(np.sort(found)[::-1], right):
        told["right, but not the largest first"] = True
    off = (found - right) / right[0]
    squares = np.max(np.abs(found**2 - right**2)) <= 1e-13 * right[0]**2
    lost = " (the variances are right to rounding, which is more than a small one has)"
    return told | {f"off by, of the largest{lost * bool(squares and np.max(np.abs(off)) > 1e-12)}":
                   off}


def _slips(right, X, counts):
    """Return the standard deviations of a table by what was done wrong."""
    m, samples, once = len(X), np.sum(counts), np.ones(len(X))
    values = right * np.sqrt(samples - 1)
    return {"the smallest stands first": right[::-1],
            "divided by the number of samples, and not by one less": values / np.sqrt(samples),
            "divided by m - 1, but m rows are more samples": values / np.sqrt(m - 1),
            "divided by m, but m rows are more samples": values / np.sqrt(m),
            "these are variances": right**2,
            "these are singular values; the number of samples is missing": values,
            "the counts are left out": _deviations(X, once),
            "the mean leaves out the counts": _deviations(X, counts, X.mean(axis=0)),
            "the mean is no part of a deviation": _deviations(X, counts, 0.0),
            "without counts, and with the mean": _deviations(X, once, 0.0)}


def _near(found, wanted):
    """Return whether numbers agree to 1e-6 of the largest."""
    return bool(np.max(np.abs(found - wanted)) <= 1e-6 * np.max(np.abs(wanted)))


def _deviations(X, counts, middle=None):
    """Return the standard deviations along the principal directions, the largest first."""
    samples = np.sum(counts)
    middle = counts @ X / samples if middle is None else middle
    scaled = np.sqrt(counts)[:, None] * (X - middle)
    tall = scaled if len(X) >= X.shape[1] else scaled.T
    return linear.jacobi_svd(np.ascontiguousarray(tall)).s / np.sqrt(samples - 1)


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
    return grade.check_counterexample(
        _whole(answer), _growth, above=2e4, name="growth", unit="at most in the powers",
        valid=ADMITTED, known={why: lambda A, is_it=is_it: all(
            condition(A) for condition in ADMITTED.values()) and is_it(np.array(A, float))
            for why, is_it in NOT_GROWN.items()})


def _growth(A):
    """Return the largest entry, in size, of the first hundred powers of a matrix."""
    A = np.array(A, float)
    power, found = A, 0.0
    for _ in range(100):
        found, power = max(found, float(np.max(np.abs(power)))), power @ A
    return found


def _diagonal(A):
    """Return the sizes on the diagonal."""
    return np.abs(np.diag(np.array(A, float)))


# What the task admits, then why a matrix that it admits has not grown.
ADMITTED = {
    "a square matrix of order 2 to 4": lambda A: np.shape(A) in {(2, 2), (3, 3), (4, 4)},
    "finite numbers": lambda A: bool(np.all(np.isfinite(np.array(A, float)))),
    "zeros below the diagonal": lambda A: bool(np.all(np.tril(np.array(A, float), -1) == 0)),
    "nothing above 0.9 in size on the diagonal": lambda A: bool(np.all(_diagonal(A) <= 0.9)),
    "no entry above 10 in size": lambda A: bool(np.all(np.abs(np.array(A, float)) <= 10))}
NOT_GROWN = {
    "a diagonal matrix has orthonormal eigenvectors, and its powers only shrink":
        lambda A: bool(np.all(np.diag(np.diag(A)) == A)),
    "of order 2 the powers grow like k times 0.9**k, which is never large":
        lambda A: np.shape(A) == (2, 2),
    "the third power of what is above the diagonal is zero for order 3":
        lambda A: np.shape(A) == (3, 3),
    "with a smaller diagonal the powers shrink before they have grown":
        lambda A: bool(np.all(_diagonal(A) < 0.9))}


def _whole(answer):
    """Return a matrix written as a tuple of rows as one list; a tuple would be several inputs."""
    return list(answer) if isinstance(answer, tuple) else answer


def check_top(answer, seed=1950):
    """Judge `top(product, n)`: the two most positive eigenvalues by at most 60 products.

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
    >>> check_top(lambda product, n: (7.0, 6.0)).passed
    False
    """
    rng = np.random.default_rng(seed)
    inner, below = rng.uniform(-1, 3, 77), -rng.uniform(3, 9, 77)
    spectra = {"two apart": np.append(inner, [-7.0, 4.6, 3.8]),
               "two equal": np.append(inner, [-7.0, 5.0, 5.0]),
               "three equal": np.append(inner, [4.5, 4.5, 4.5]),
               "all positive, two apart": np.append(2 - inner / 2, [4.0, 8.0, 4.0]),
               "all negative, two apart": np.append(below, [-2.0, -1.0, -20.0]),
               "all negative, two equal": np.append(below, [-1.0, -1.0, -20.0]),
               "order 3": np.array([-3.0, 1.0, 1.0])}
    cases = {label: problems.with_eigenvalues(values, rng) for label, values in spectra.items()}
    cases["a diagonal matrix"] = np.diag([-7.0, 1.0, 2.0, 3.8, 3.8] + 20 * [0.5])
    cases["the Laplacian of the club"] = problems.read_graph("karate").laplacian
    cases["the Laplacian of a complete graph"] = 8 * np.eye(8) - np.ones((8, 8))
    cases["a multiple of I"] = 3 * np.eye(5)
    return grade.check_identity(_counted(answer), _top_mistakes, cases, bound=1e-8, name="top")


def _top_mistakes(found, A):
    """Return what is known to be wrong with two eigenvalues, and how far they are off."""
    if np.shape(found) != (2,):
        return {f"of shape {np.shape(found)}, but two numbers are wanted": True}
    values, size = np.linalg.eigvalsh(A)[::-1], np.linalg.norm(A)
    right = values[:2]
    told = {slip: True for slip, wrong in _top_slips(values, size).items() if len(wrong) == 2
            and _close(found, wrong, size) and not _close(found, right, size)}
    constant = np.max(np.abs(A @ np.ones(len(A)))) < 1e-12 * size
    if constant and not told and _close(found[0], 0.0, size):
        told["this is 0, that of the constant vector, and a start of ones sees no other"] = True
    worst = int(np.argmax(np.abs(found - right)))
    name = _off(found[worst], right[worst], 1e-8 * size)
    return told | {f"the {('first', 'second')[worst]}: {name}, of the norm": (found - right) / size}


def _top_slips(values, size):
    """Return two eigenvalues by what was done wrong, from all of them, the largest first."""
    by_size = values[np.argsort(-np.abs(values))][:2]
    distinct = values[np.append(True, np.diff(values) < -1e-6 * size)]
    return {"the smaller of the two stands first": values[1::-1],
            "one start sees equal eigenvalues once, and these are equal": distinct[:2],
            "one run has brought the first one back; the second is another": values[[0, 0]],
            "these are the two of largest size": by_size,
            "these are the sizes of the two of largest size": np.abs(by_size),
            "these are the two smallest": values[:-3:-1],
            "the second is 0, which comes of the vector that was taken out": [values[0], 0.0]}


def _close(found, wanted, size):
    """Return whether numbers agree to 1e-6 of a size."""
    return bool(np.max(np.abs(found - np.asarray(wanted))) <= 1e-6 * size)


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
