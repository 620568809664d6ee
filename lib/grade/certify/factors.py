"""Certify QR, and the eigenvalues and vectors of symmetric matrices."""

import numpy as np

from lib.grade.calls import fails
from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import array_of, largest, parts_of, ratio
from lib.grade.certify.systems import EASY, RANGE
from lib.numbers import orthogonality_loss, residual

GRAM_SCHMIDT = ("It may orthogonalise by classical Gram-Schmidt, or by way of A^T A, which loses "
                "with the square of the condition number: take Householder's reflections, or "
                "orthogonalise twice.")
MODIFIED = ("It may orthogonalise by Gram-Schmidt once, which loses with the condition number: "
            "take Householder's reflections, or orthogonalise twice.")
NO_DIRECTION = "It may divide by the length of a column that vanishes: a reflection needs none."
REPEATED = ("Its eigenvectors of equal or close eigenvalues are not orthogonal: use a method for "
            "symmetric matrices, eigh and not eig.")
CLUSTER = ("It fails where eigenvalues are equal or close: use a method for symmetric matrices, "
           "eigh and not eig.")
SIGNS = ("Its eigenvalues may be unsorted, sorted by size, or singular values: they ascend, the "
         "negative first.")

COLUMN = ("Q has a column that is not at right angles to the others, where a column of A depends "
          "on them: any direction that is left will do, as reflections give.")
TURNED = "Q R is not A, or R is not triangular: look at the order of columns and of rows."


def angles(result, bad):
    """Return whether what is lost is the right angle between columns."""
    return result.label == "loss of orthogonality"


def quadratic(result, bad):
    """Return whether κ = 1/sqrt(u) costs far more than the half of all digits."""
    root = bad.get("κ = 1/sqrt(u)")
    return angles(result, bad) and root is not None and root.size > root.case.u**0.4


def gram(result, bad):
    """Return whether A^T A was at work: by the loss, or as it was found to be not definite."""
    return quadratic(result, bad) or result.reason.startswith("raised LinAlgError")


def lengths(result, bad):
    """Return whether 0 was divided by 0: what came back is no finite number."""
    return not np.isfinite(result.size) and "LinAlg" not in result.reason


def product(result, bad):
    """Return whether Q R is not A, or R no triangle."""
    return result.label in ("columns of A - Q R", "below the diagonal of R")


def clustered(result, bad):
    """Return whether eigenvalues that lie apart do no harm."""
    return "random numbers" not in bad


def values(result, bad):
    """Return whether eigenvalues are out of order, or belong to other vectors."""
    return result.label in ("a step down", "residual A V - V w")


OTHER = Fault(TURNED, product)
SQUARES = (Fault(GRAM_SCHMIDT, gram), Fault(MODIFIED, angles), OTHER)
ONCE = (Fault(NO_DIRECTION, lengths), Fault(GRAM_SCHMIDT, quadratic), Fault(MODIFIED, angles),
        OTHER)
VANISHES = (Fault(NO_DIRECTION, lengths), Fault(COLUMN, angles), OTHER)
COMPLEX = Fault(CLUSTER, lambda result, bad: clustered(result, bad) and "complex" in result.reason)
ORDER = (Fault(SIGNS, values), EASY)
CLOSE = (Fault(REPEATED, angles), Fault(CLUSTER, clustered), Fault(SIGNS, values))
_FACTORS = ("U = np.linalg.qr(rng.normal(size=(10, 5)))[0]; "
            "V = np.linalg.qr(rng.normal(size=(5, 5)))[0]; ")
_TURN = "Q = np.linalg.qr(rng.normal(size=({0}, {0})))[0]; "
_EVEN = "; A = (A + A.T) / 2"


def _scaled(A):
    """Return A divided by the power of two that brings its largest entry below 1; and that."""
    power = 2.0 ** int(np.frexp(largest(A))[1]) if A.any() else 1.0
    return A / power, power


def read_qr(value, case):
    """Return Q and R, of the reduced or the full factorisation."""
    m, n = case["A"].shape
    Q, R = parts_of(value, 2, case)
    k = m if array_of(Q, None, case).shape == (m, m) else min(m, n)
    return array_of(Q, (m, k), case), array_of(R, (k, n), case)


def measure_qr(parts, case):
    """Return the loss of orthogonality, and how far Q R is from A, column by column; 10 m u.

    Householder's reflections change each column by its own size times m n u at most, in practice
    by a few u (Higham 2002, theorem 19.4).
    """
    Q, R = parts
    if not (np.isfinite(Q).all() and np.isfinite(R).all()):
        fails("returned inf")
    A, power = _scaled(case["A"])
    R = R / power
    gaps = np.abs(residual(Q, R, A)).max(axis=0)
    columns = max(ratio(gap, size) for gap, size in zip(gaps, np.abs(A).max(axis=0) +
                                                        np.where(A.any(axis=0), 0, 1), strict=True))
    bound = 10 * case.n * case.u
    return {"loss of orthogonality": (orthogonality_loss(Q), bound),
            "columns of A - Q R": (columns, bound),
            "below the diagonal of R": (ratio(largest(np.tril(R, -1)), largest(A)), bound)}


def read_eigh(value, case):
    """Return the eigenvalues and the matrix of eigenvectors."""
    n = len(case["A"])
    w, V = parts_of(value, 2, case)
    return array_of(w, (n,), case), array_of(V, (n, n), case)


def measure_eigh(parts, case):
    """Return residual, loss of orthogonality, and steps down among the eigenvalues.

    Orthogonal transformations change A by its norm times a few u (Parlett 1998, chapter 6), and
    with the residual, 10 n u, the eigenvalues are right to the same (Weyl 1912). Multiple
    relatively robust representations, SciPy's first choice, promise n u / 1e-3 of orthogonality,
    1e-3 being the gap from which on they count eigenvalues as apart (Dhillon and Parlett 2004).
    """
    w, V = parts
    if not (np.isfinite(w).all() and np.isfinite(V).all()):
        fails("returned inf")
    A, power = _scaled(case["A"])
    w, bound = w / power, 10 * case.n * case.u
    size = np.abs(A).sum(axis=1).max()
    return {"residual A V - V w": (ratio(largest(A @ V - V * w), size), bound),
            "loss of orthogonality": (orthogonality_loss(V), case.n * case.u / 1e-3),
            "a step down": (ratio(largest(np.minimum(np.diff(w), 0)), size), 0.0)}


QR = Kind(
    "qr", "factors A = Q R", "qr(A) -> (Q, R), with A (m, n), m >= n, Q (m, n) and R (n, n)",
    ("A",), ("A",), "Q, R = map(np.float64, {f}(A))", {
        "loss of orthogonality": "abs(Q.T @ Q - np.eye(len(R))).max()",
        "columns of A - Q R": "(abs(A - Q @ R).max(0) / (abs(A).max(0) + (A == 0).all(0))).max()",
        "below the diagonal of R": "abs(np.tril(R, -1)).max() / abs(A).max()"},
    read_qr, measure_qr, (
        Trial("random numbers", "A = rng.normal(size=(10, 5))", EASY),
        Trial("n = 1", "A = rng.normal(size=(4, 1))", EASY),
        Trial("square", "A = rng.normal(size=(6, 6))", EASY),
        Trial("κ = 1/sqrt(u)", _FACTORS + "A = U * np.geomspace(1, u**0.5, 5) @ V", SQUARES),
        Trial("Läuchli's matrix", "A = np.vstack([np.ones(4), u**0.5 / 2 * np.eye(4)])",
              SQUARES),
        Trial("κ = u**-0.7", _FACTORS + "A = U * np.geomspace(1, u**0.7, 5) @ V", ONCE),
        Trial("equal columns", "A = rng.normal(size=(8, 4)); A[:, 2] = A[:, 0]", ONCE, last=True),
        Trial("a column of zeros", "A = rng.normal(size=(8, 4)); A[:, 1] = 0", VANISHES, last=True),
        Trial("zeros", "A = np.zeros((4, 2))", VANISHES, last=True),
        Trial("columns of unequal sizes", "A = rng.normal(size=(8, 4)) "
              "* 2.0 ** rng.integers(-20, 20, 4)", ONCE),
        Trial("huge entries", "A = rng.normal(size=(7, 3)) * top**0.6",
              RANGE, "floating_point", last=True),
        Trial("tiny entries", "A = rng.normal(size=(7, 3)) * top**-0.6",
              RANGE, "floating_point", last=True),
    ), "qr", "backward stable")

EIGH = Kind(
    "eigh", "finds eigenvalues and eigenvectors of a symmetric matrix",
    "eigh(A) -> (w, V), with A (n, n) symmetric, w (n,) ascending, V (n, n) orthogonal",
    ("A",), ("A",), "w, V = map(np.float64, {f}(A))", {
        "residual A V - V w": "abs(A @ V - V * w).max() / abs(A).sum(1).max()",
        "loss of orthogonality": "abs(V.T @ V - np.eye(w.size)).max()",
        "a step down": "-np.diff(w).min() / abs(A).sum(1).max()"},
    read_eigh, measure_eigh, (
        Trial("random numbers", "A = rng.normal(size=(8, 8))" + _EVEN, ORDER),
        Trial("n = 1", "A = -rng.uniform(1, 2, (1, 1))", ORDER),
        Trial("zeros", "A = np.zeros((4, 4))", EASY),
        Trial("unsorted diagonal", "A = np.diag(rng.normal(size=6))", ORDER),
        Trial("equal eigenvalues", _TURN.format(6)
              + "A = Q * np.array([1, 1, 1, 2, 2, -3]) @ Q.T" + _EVEN, CLOSE),
        Trial("close eigenvalues", _TURN.format(6)
              + "A = Q * (1 + u**0.75 * np.arange(6)) @ Q.T" + _EVEN, CLOSE),
        Trial("ones", "A = np.ones((7, 7))", CLOSE),
        Trial("Wilkinson's pairs", "A = np.diag(abs(np.arange(-10.0, 11))) + np.eye(21, k=1) "
              "+ np.eye(21, k=-1)", CLOSE),
        Trial("eigenvalues from 1 to u", _TURN.format(6)
              + "A = Q * np.geomspace(1, u, 6) @ Q.T" + _EVEN, CLOSE),
        Trial("huge entries", "A = rng.normal(size=(5, 5)) * top**0.6" + _EVEN,
              RANGE, "floating_point", last=True),
        Trial("tiny entries", "A = rng.normal(size=(5, 5)) * top**-0.6" + _EVEN,
              RANGE, "floating_point", last=True),
    ), "eigenvalues", "backward stable", faults=(COMPLEX,))
