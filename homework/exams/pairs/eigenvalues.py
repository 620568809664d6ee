"""Two answers to judge, on eigenvalues."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.linear import eigh
from lib.problems import with_eigenvalues

bank = Bank("eigenvalues")


def symmetric(rng, values):
    """Return a symmetric matrix with these eigenvalues, and a source of random numbers."""
    source = np.random.default_rng(rng.randrange(10**6))
    return with_eigenvalues(np.array(values, float), rng=source), source


def turned(A, E, at):
    """Return the degrees by which a vector turns, counted from the largest value."""
    old, new = (eigh(M).vectors[:, -1 - at] for M in (A, A + E))
    return math.degrees(math.acos(min(1, abs(old @ new))))


@bank.item("judge", 2)
def two_runs(rng):
    case, gap = rng.randrange(3), rng.randint(2, 9) * 1e-4
    values = [[4, 2 + gap, 2, 0.5], [4, 2.5, 1.2, 0.5], [4 + gap, 4, 1.2, 0.5]][case]
    A, source = symmetric(rng, values)
    E = source.normal(size=(4, 4)) * 1e-3
    angles = [turned(A, E + E.T, at) for at in (1, 0)]
    if verdict(*(angle < 2 for angle in angles)) != case or any(2 < one < 12 for one in angles):
        raise Collision("the vectors happen to agree")
    shown = ", ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)
    return weigh(
        rng, "Two runs of a principal component analysis, on data that differ in the third digit. "
        f"The variances are {shown}. Which of two directions may be reported?",
        f"the second direction, which turned by {angles[0]:.1f} degrees",
        f"the first direction, which turned by {angles[1]:.1f} degrees",
        [("@2: its variance is far from all others, @1's is not",
          "only the first direction can be trusted"),
         ("Either: the variances of both are far from all others",
          "safe values have safe vectors"),
         ("Neither: their variances are near, a plane is all that is fixed",
          "the same data give the same vectors, or there is a bug"),
         ("@1: once its sign is fixed, a direction is determined",
          "eigenvectors are free in the sign only")],
        case, "A vector turns by up to the change over the gap: some 0.002 over the distance to "
        "the nearest other variance.", ask="Which one, and why?")


def two_ways(rng, case):
    """Return eigenvalues by coefficients and by QR steps, the exact ones, and what was asked."""
    if case == 2:
        a, b = rng.randint(2, 9) / 7, rng.randint(2, 9) / 3
        J = np.array([[1 + a * b, a * a], [-b * b, 1 - a * b]])
        return np.roots(np.poly(J)), np.linalg.eigvals(J), np.ones(2), (
            "a matrix of order 2 with one eigenvalue, 1, and one eigenvector")
    degree = rng.randint(16, 20) if case == 0 else rng.randint(3, 4)
    exact = np.arange(1.0, degree + 1)
    A, _ = symmetric(rng, exact)
    return np.roots(np.poly(A)), eigh(A).values, exact, (
        f"a symmetric matrix of order {degree} with the eigenvalues 1, 2, …, {degree}")


@bank.item("judge", 3)
def roots_or_values(rng):
    case = rng.randrange(3)
    by_roots, by_steps, exact, told = two_ways(rng, case)
    errors = [float(np.max(np.abs(np.sort_complex(found) - exact))) for found in
              (by_roots, by_steps)]
    if verdict(*(error < 1e-10 for error in errors)) != case:
        raise Collision("rounding is kind")
    return weigh(
        rng, f"The eigenvalues of {told}, are computed in float64 by two programs that make no "
        "mistake in their code. Ten digits are wanted.",
        "roots of the characteristic polynomial from its coefficients", "QR steps on the matrix",
        [("@2: so many coefficients lose what turning the matrix keeps",
          "a characteristic polynomial always loses digits"),
         ("Either: so few roots, so far apart, lose little by coefficients",
          "equal in mathematics is equal in floats"),
         ("Neither: two eigenvalues with one vector move like a root of u",
          "eigenvalues are always ill-conditioned"),
         ("@1: roots keep all digits that the coefficients have",
          "roots are as good as the coefficients")],
        case, f"The errors are {sci(errors[0], 1)} for @1, {sci(errors[1], 1)} for @2.")


@bank.item("judge", 4)
def long_run(rng):
    case = rng.randrange(3)
    a, b = rng.sample([0.85, 0.87, 0.89, 0.91, 0.93, 0.95], 2)
    steep = [(f"[[{one:g}, {c}], [0, {one:g}]]", np.array([[one, c], [0.0, one]]))
             for one, c in ((a, rng.randint(30, 90)), (b, rng.randint(30, 90)))]
    even = [(f"[[{one:g}, 0.04], [0.04, {one - 0.1:.2f}]]",
             np.array([[one, 0.04], [0.04, one - 0.1]])) for one in (a, b)]
    pair = [(steep[0], even[1]), even, steep][case]
    peaks = [max(np.linalg.norm(np.linalg.matrix_power(M, k), 2) for k in range(1, 80))
             for _, M in pair]
    top = [float(np.max(np.abs(np.linalg.eigvals(M)))) for _, M in pair]
    assert max(top) < 1 and verdict(*(peak < 10 for peak in peaks)) == case
    return weigh(
        rng, "An error is multiplied by a matrix in each of some dozen steps; it must not grow "
        "beyond 10 times its size on the way.", f"{pair[0][0]}, eigenvalues up to {top[0]:.2f}",
        f"{pair[1][0]}, eigenvalues up to {top[1]:.2f}",
        [("@2: it is symmetric and falls at once, @1 grows first",
          "the first powers follow the eigenvalues of one matrix only"),
         ("Either: both are symmetric, and so they fall at once",
          "eigenvalues below 1 allow no growth"),
         ("Neither: both grow far before their eigenvalues count",
          "entries decide how powers grow, whatever the eigenvalues"),
         ("@1: an eigenvalue below 1 keeps it from growing at all",
          "eigenvalues decide how powers begin")],
        case, f"The powers of @1 reach a norm of {sci(peaks[0])}, those of @2 {sci(peaks[1])}.")
