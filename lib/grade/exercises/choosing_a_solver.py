"""Check the exercises of the chapter on choosing a solver."""

from fractions import Fraction

import numpy as np

from lib import grade, linear, problems

# Of the report that the chapter prints: the method, the digits, the question that turned it away
# from Cholesky's method, and whether data of five digits leave one.
READING = ("lu", 9, "definite", "no")
# After scaling the two columns of the judged matrix are at a right angle, of one length.
JUDGEMENT = ("Ben", 1.0)
SITUATIONS = ("cg", "lu", "truncated_least_squares", "cholesky", "substitution", "least_squares")
STEEP = "ill-conditioned triangle"
WORDS = ("substitution", "cholesky", "lu", "none")


def check_digits(answer):
    """Judge how many digits of a solution to expect in five situations, to one digit.

    Parameters
    ----------
    answer : tuple of float

    Returns
    -------
    Report

    Examples
    --------
    >>> check_digits((10.5, 1.7, 0, 12.7, 0)).passed
    True
    """
    # 16 - 5.5, 7.2 - 5.5, 4 - 5.5, 16 - 3.3, and none beyond 1 / (n u).
    known = {"float32 has 7 digits to begin with, not 16": (..., 10.5, ..., ..., ...),
             "digits that the data do not have are no digits of the answer":
                 (..., ..., 10.5, ..., ...),
             "the data have four digits, and the matrix costs more than these":
                 (..., ..., 4, ..., ...),
             "scale first: this is the number of digits for a unit, not for the data":
                 (..., ..., ..., 1.5, ...),
             "a factorisation that succeeds promises no digit": (..., ..., ..., ..., 8),
             "where the count comes out negative no digit is left: give 0":
                 (..., ..., -1.5, ..., ...),
             "beyond 1 / (n u) no digit is left, and a negative count is none: give 0":
                 (..., ..., ..., ..., -1.7)}
    return grade.check_value(
        answer, (10.5, 1.7, 0.0, 12.7, 0.0), within=(1, 1, 0.5, 1, 0.5), name="digits",
        parts=("float64", "float32", "data of 4 digits", "scaled", "accepted by Cholesky"),
        units="digits", known=known)


def check_read(answer):
    """Judge how a report of `advise` was read.

    Parameters
    ----------
    answer : tuple of str, int, str, str
        The method, the digits, the key word of a question, and yes or no.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read(("lu", 9, "definite", "no")).passed
    True
    """
    known = {"it is symmetric, but the next question was answered by no":
             ("cholesky", ..., ..., ...),
             "it says that rows and columns were scaled, so the number is that of the data":
             (..., 0, ..., ...),
             "scaling sends no matrix another way": (..., ..., "scale", ...),
             "of five digits the matrix takes more than six": (..., ..., ..., "yes")}
    return grade.check_value(
        answer, READING, within=(0, 1, 0, 0), name="reading", units=("", "digits", "", ""),
        parts=("the method", "digits, if the data are exact", "the question that decided",
               "a digit left of data with five"), known=known)


def check_judge(answer):
    """Judge whether a warning calls for ridge or for scaling, and the condition number that says.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ben", 1.0)).passed
    True
    """
    return grade.check_judgement(
        answer, JUDGEMENT, choices=("Ada", "Ben"), factor=1.05,
        number="the condition number after scaling",
        known={"this is the condition number in the units given": 1e12,
               "this is its reciprocal in the units given": 1e-12,
               "the columns are at a right angle and of one length: the singular values are equal":
                   2.0,
               "this is the length of both columns; what is asked for is a ratio": 2**0.5})


def check_choose(answer, seed=1979):
    """Judge `choose(A)`: a word for each matrix, and none for those that leave no digit.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices that are drawn.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_choose(lambda A: "lu").passed
    False
    """
    rows = _matrices(np.random.default_rng(seed))
    cases = {label: A for label, (A, _, _) in rows.items()}
    wanted = {label: (word, why) for label, (_, word, why) in rows.items()}
    place = {id(A): label for label, A in cases.items()}

    def identity(found, A):
        word, why = wanted[place[id(A)]]
        given = WORDS[int(found)] if 0 <= found < len(WORDS) else "another word"
        return {f"returned {given}, expected {word}: {why}": given != word,
                f"{word} is right": 0.0}

    return grade.check_identity(_numbered(answer), identity, cases, bound=0.5, name="choose",
                                budget=grade.Budget(forbidden=["lib.linear.advise"]))


def _numbered(answer):
    """Return a function that gives the number of the word which an answer returns."""
    if not callable(answer):
        return answer

    def choose(A):
        word = answer(A)
        if word is None or word is Ellipsis:
            return word
        said = str(word).strip().lower()
        return WORDS.index(said) if said in WORDS else len(WORDS)

    return choose


def _matrices(rng):
    """Return matrices by their names, each with the right word and with what it is there for."""
    normal = rng.standard_normal((7, 7))
    gram = normal.T @ normal + np.eye(7)
    return _triangles(normal) | _definite(gram, rng) | _others(normal, gram) | _without(normal, rng)


def _triangles(normal):
    """Return triangular matrices, one of which is singular."""
    lower, upper = np.tril(normal) + 3 * np.eye(7), np.triu(normal) + 3 * np.eye(7)
    steep = np.eye(70) - np.triu(np.ones((70, 70)), 1)
    return {
        "diagonal": (np.diag([1.0, 1e-20, 3]), "substitution", "each row is one division"),
        "lower triangle": (lower, "substitution", "it is a triangle"),
        "upper triangle": (upper, "substitution", "it is a triangle"),
        STEEP: (steep, "substitution", "of a triangle only a zero on the diagonal says none"),
        "zero on a triangle": (np.triu(normal, 1), "none", "an unknown is not determined")}


def _definite(gram, rng):
    """Return positive definite matrices with digits left."""
    scale = 10.0 ** rng.permutation(np.arange(-9, 12, 3))
    X = rng.standard_normal((40, 6))
    weighted = X.T @ (rng.uniform(0.5, 1, 40)[:, None] * X)
    return {
        "definite": (gram, "cholesky", "Cholesky accepts it"),
        "Hilbert 8": (problems.hilbert(8), "cholesky", "five digits are left"),
        "Hilbert 10": (problems.hilbert(10), "cholesky", "two digits are left"),
        "Hilbert 3, tiny": (1e-200 * problems.hilbert(3), "cholesky", "a common factor is no harm"),
        "weighted Gram": (weighted, "cholesky", "it differs from its transpose by rounding"),
        "definite, in units": (scale[:, None] * gram * scale, "cholesky",
                               "scaled, it is well-conditioned")}


def _others(normal, gram):
    """Return matrices that are not definite, or not symmetric, with digits left."""
    general = normal + 4 * np.eye(7)
    mixed = np.diag([1.0, 2, 3, -1, 5, 6, 7]) + 0.05 * (normal + normal.T)
    lopsided = gram + 1e-11 * np.triu(normal, 1) * np.max(gram)
    beside = np.diag([1e17, 4, 4])
    beside[1:, 1:] += [[0, 1], [3, 0]]
    return {
        "one triangle": (np.array([[4.0, 1], [3, 4]]), "lu", "it is not symmetric"),
        "tiny": (1e-12 * np.array([[4.0, 1], [3, 4]]), "lu", "it is not symmetric"),
        "beside a large element": (beside, "lu", "it is not symmetric"),
        "a small asymmetry": (lopsided, "lu", "rounding is far smaller than this asymmetry"),
        "indefinite": (mixed, "lu", "Cholesky refuses it"),
        "negative": (-gram, "lu", "Cholesky refuses it"),
        "a swap": (np.array([[0.0, 1], [1, 0]]), "lu", "its diagonal is zero"),
        "general": (general, "lu", "nothing special"),
        "a unit": (general * [1, 1, 1e-18, 1, 1, 1, 1], "lu", "scaled, it is well-conditioned")}


def _without(normal, rng):
    """Return matrices that leave no digit."""
    copied = normal.copy()
    copied[:, 3] = copied[:, 5]
    general = problems.with_singular_values([*np.geomspace(1, 1e-3, 11), 1e-18], rng)
    large = problems.with_singular_values([*np.geomspace(1, 1e-3, 199), 3e-15], rng)
    return {
        "Hilbert 12": (problems.hilbert(12), "none", "no digit is left"),
        "a copied column": (copied, "none", "no digit is left"),
        "no digit, general": (general, "none", "no digit is left"),
        "order 200": (large, "none", "the limit is 1/(n u), and n is 200"),
        "ones": (np.ones((4, 4)), "none", "it is singular")}


def check_variances(answer, seed=2021):
    """Judge `variances(F, G, noise)`: those of a Gaussian process with few features, to 1e-8.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the features.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_variances(lambda F, G, noise: np.zeros(len(G))).passed
    False
    """
    rng = np.random.default_rng(seed)
    F, G = rng.standard_normal((12, 3)), rng.standard_normal((6, 3))
    near = F.copy()
    near[:, 2] = near[:, 1] + 1e-5 * F[:, 2]
    cases = {"much noise": (F, G, 0.5), "noise 1e-6": (F, G, 1e-6), "noise 1e-10": (F, G, 1e-10),
             "noise 1e-14": (F, G, 1e-14), "far away": (F, 1e3 * G, 1e-10),
             "more features than points": (F[:2], G, 1e-3), "one place": (F, G[:1], 1e-8),
             "features nearly equal": (near, G[:, [0, 1, 1]], 1e-13),
             "two features": (F[:, :2], G[:, 1:], 1e-9),
             "five features": (np.hstack([F, F[::-1, :2]]), np.hstack([G, G[::-1, :2]]), 1e-9)}
    return grade.check_identity(answer, _variance_mistakes, cases, bound=1e-8, name="variances")


def _variance_mistakes(found, F, G, noise):
    """Return what is known to be wrong with variances, and by how much they are off."""
    # First mistakes of the formula, then signs, then sizes.
    if np.shape(found) != (len(G),):
        return {f"of shape {np.shape(found)}, but {len(G)} variances are wanted": True}
    right = _variances(F, G, noise)
    R = np.linalg.qr(np.vstack([F, np.sqrt(noise) * np.eye(F.shape[1])]))[1]
    untransposed = noise * np.sum(np.linalg.solve(R, G.T) ** 2, axis=0)
    slips = {"these are standard deviations": np.sqrt(right),
             "the noise in front is missing": right / noise,
             "with the noise of an observation; that of f(x) is wanted": right + noise,
             "noise squared": right * noise,
             "R was solved with, its transpose is wanted": untransposed}
    told = {f"{slip}": True for slip, wrong in slips.items()
            if np.allclose(found, wrong, rtol=1e-6, atol=0)
            and not np.allclose(found, right, rtol=1e-6, atol=0)}
    negative = int(np.count_nonzero(found < 0))
    if negative:
        told[f"{negative} of {len(G)} are negative"] = True
    zero = int(np.count_nonzero(found == 0))
    if zero:
        told[f"{zero} of {len(G)} are 0: a clip hides the law that was broken"] = True
    worst = int(np.argmax(np.abs(found / right - 1)))
    side = "large" if found[worst] > right[worst] else "small"
    far = f"too {side}, got {found[worst]:.4g}, expected {right[worst]:.4g}: "
    off = found / right - 1
    return told | {f"{far * bool(np.abs(off[worst]) > 1e-8)}off by": off}


def _variances(F, G, noise):
    """Return noise g^T (F^T F + noise I)^-1 g for the rows g of G, by fractions, rounded."""
    whole = np.vectorize(Fraction, otypes=[object])
    F, G, noise = whole(F), whole(G), Fraction(noise)
    S = F.T @ F + np.diag([noise] * F.shape[1])
    return (noise * np.sum(G.T * linear.solve(S, G.T), axis=0)).astype(float)


def check_accepted(answer):
    """Judge a symmetric matrix with unit diagonal that Cholesky accepts and that has no digit.

    Parameters
    ----------
    answer : ndarray

    Returns
    -------
    Report

    Examples
    --------
    >>> check_accepted(np.eye(3)).passed
    False
    """
    example = list(answer) if isinstance(answer, tuple) else answer
    return grade.check_counterexample(
        example, _condition_times_nu, above=1.0, name="accepted", unit="is n u times kappa",
        valid=ADMITTED, known={why: lambda A, is_it=is_it: all(
            admits(A) for admits in ADMITTED.values()) and is_it(np.array(A, float))
            for why, is_it in HARMLESS.items()})


def _condition_times_nu(A):
    """Return n u times the condition number in the infinity norm, by fractions."""
    exact = np.vectorize(Fraction, otypes=[object])(np.array(A, float))
    n = len(exact)
    try:
        inverse = linear.solve(exact, np.vectorize(Fraction, otypes=[object])(np.eye(n, dtype=int)))
    except linear.SingularMatrixError:
        return float(2**60)  # singular, and accepted by a rounding
    norms = [max(sum(map(abs, row)) for row in matrix) for matrix in (exact, inverse)]
    return float(norms[0] * norms[1] * n / 2**53)


def _is_accepted(A):
    """Return whether Cholesky's method accepts a matrix."""
    try:
        linear.cholesky(np.array(A, float))
    except ValueError:
        return False
    return True


ADMITTED = {
    "a square matrix of order 2 to 4": lambda A: np.shape(A) in {(2, 2), (3, 3), (4, 4)},
    "finite numbers": lambda A: bool(np.all(np.isfinite(np.array(A, float)))),
    "symmetric to the last bit": lambda A: np.array_equal(np.array(A, float),
                                                          np.array(A, float).T),
    "ones on the diagonal": lambda A: bool(np.all(np.diag(np.array(A, float)) == 1)),
    "accepted by Cholesky's method": _is_accepted}
HARMLESS = {
    "the identity has a condition number of 1": lambda A: np.array_equal(A, np.eye(len(A))),
    "an element beside the diagonal has to be within some u of 1":
        lambda A: np.max(np.abs(A - np.eye(len(A)))) < 1 - 1e-6,
    "nearer to 1 still: the condition number is about two over the distance": lambda A: True}


def check_situations(answer):
    """Judge which routine was chosen for each of six situations.

    Parameters
    ----------
    answer : tuple of six str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_situations(("lu",) * 6).passed
    False
    """
    # Each reason speaks of one choice for one situation; ... stands for any.
    known = {"a factor of the cube does not fit into memory: products alone": ("lu", *[...] * 5),
             "a Cholesky factor of the cube does not fit into memory: products alone":
                 ("cholesky", *[...] * 5),
             "one factorisation, kept, serves all of them": (..., "inverse", *[...] * 4),
             "with a column that is the sum of two others QR leaves the weights undetermined":
                 (..., ..., "least_squares", *[...] * 3),
             "an LU does not give the likelihood's determinant in half the work":
                 (..., ..., ..., "lu", ..., ...),
             "a general solver does not look whether a matrix is a triangle":
                 (..., ..., ..., ..., "lu", ...),
             "QR does not notice units, and the columns are independent":
                 (*[...] * 5, "truncated_least_squares"),
             "five thousand runs of an iteration, where one factorisation serves all":
                 (..., "cg", *[...] * 4),
             "nothing says that this matrix is symmetric": (..., "cholesky", *[...] * 4),
             "conjugate gradients give no determinant": (*[...] * 3, "cg", ..., ...),
             "the factors are there already; one step is left": (*[...] * 4, "least_squares", ...),
             "a thousand rows and five columns are not square": (*[...] * 5, "lu"),
             "the normal equations square the condition number": (*[...] * 5, "cholesky")}
    return grade.check_value(answer, SITUATIONS, name="situations", known=known,
                             parts=("the cube", "one after the other", "a sum of two columns",
                                    "a likelihood", "after QR", "unlike units"))
