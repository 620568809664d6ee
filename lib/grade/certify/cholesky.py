"""Certify Cholesky's factorisation, and that it refuses what has none."""

import numpy as np

from lib.grade.calls import fails
from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import array_of, largest, ratio
from lib.grade.certify.systems import EASY, RANGE
from lib.numbers import residual

JITTER = ("It may add a number to the diagonal in silence: what was factored is another matrix. "
          "Add in units of the diagonal, and say so.")
TRIANGLE = ("What it returns is no triangular factor with a positive diagonal: a root of the "
            "eigenvalues is none, nor is a factor of the matrix in another order.")
ROOT = ("It may take the root of a number that rounding has made negative, or that came out of "
        "another factorisation: take it of what is left of the diagonal.")
PRODUCT = ("L L^T is another matrix: beside its row and its column of the diagonal each entry of "
           "A - L L^T is a few u where nothing but A enters.")
INDEFINITE = ("It factors a matrix that has a negative eigenvalue: refuse it, by an exception or "
              "by nan, where what is left of the diagonal is not positive.")
_TURN = "Q = np.linalg.qr(rng.normal(size=({0}, {0})))[0]; "
_EVEN = "; A = (A + A.T) / 2"


def shape(result, bad):
    """Return whether the form is at fault: what stands above the diagonal, or is negative on it."""
    return "diagonal of L" in result.label


def on_the_diagonal(result, bad):
    """Return whether A - L L^T stands on the diagonal alone, in units of the diagonal of A."""
    L, A = result.parts, result.case["A"]
    if L is None or not np.isfinite(result.size):
        return False
    size = np.sqrt(np.diag(A))
    gap = np.abs(A / size / size[:, None] - (L / size[:, None]) @ (L / size[:, None]).T)
    return np.max(gap - np.diag(np.diag(gap))) < np.max(np.diag(gap)) / 100


def not_finite(result, bad):
    """Return whether what came back is no finite matrix."""
    return not np.isfinite(result.size)


FORM = (Fault(TRIANGLE, shape), EASY)
SHIFT = (Fault(JITTER, on_the_diagonal), Fault(TRIANGLE, shape), Fault(ROOT, not_finite), PRODUCT)


def read_cholesky(value, case):
    """Return L with L @ L.T = A; an upper factor U, with U.T @ U = A, is turned.

    Which of the two it is, the first that is not diagonal settles for the cases to come.
    """
    factor = array_of(value, case["A"].shape, case)
    sizes = {"lower": largest(np.tril(factor, -1)), "upper": largest(np.triu(factor, 1))}
    if min(sizes.values()) == 0 < max(sizes.values()):
        triangle = max(sizes, key=sizes.get)
        before = case.settled.setdefault("triangle", triangle)
        if before != triangle:
            fails(f"returned the {triangle} factor, and the {before} one before")
    return factor.T if sizes["lower"] == 0 else factor


def measure_cholesky(L, case):
    """Return the largest |A - L L^T| in units of sqrt(a_ii a_jj), and 10 n u (Demmel 1989).

    What stands above the diagonal of L, and what is negative on it, is measured by its largest
    number.
    """
    if not np.isfinite(L).all():
        fails("returned inf")
    above = {"above the diagonal of L": (ratio(largest(np.triu(L, 1)), largest(L)), 0.0),
             "negative on the diagonal of L": (ratio(max(-np.diag(L).min(), 0), largest(L)), 0.0)}
    # In units of powers of two each, so that nothing leaves the range.
    unit = 2.0 ** -np.round(np.log2(np.diag(case["A"])) / 2)
    A, L = case["A"] * unit[:, None] * unit, L * unit[:, None]
    size = np.sqrt(np.diag(A))
    gap = residual(L, np.ascontiguousarray(L.T), A) / size[:, None] / size
    return {"scaled A - L L^T": (largest(gap), 10 * case.n * case.u)} | above


CHOLESKY = Kind(
    "cholesky", "factors A = L L^T",
    "cholesky(A) -> L, lower triangular (or L.T), with A (n, n) symmetric positive definite",
    ("A",), ("A",), "L = np.float64({f}(A)); L = L.T if not np.tril(L, -1).any() else L",
    {"scaled A - L L^T": "d = np.diag(A)**0.5; (abs(A - L @ L.T) / d / d[:, None]).max()",
     "above the diagonal of L": "abs(np.triu(L, 1)).max() / abs(L).max()",
     "negative on the diagonal of L": "-np.diag(L).min() / abs(L).max()"},
    read_cholesky, measure_cholesky, (
        Trial("random numbers", "B = rng.normal(size=(6, 6)); A = B @ B.T + np.eye(6)", FORM),
        Trial("n = 1", "A = rng.uniform(1, 2, (1, 1))", EASY),
        Trial("diagonal", "A = np.diag(rng.uniform(1, 2, 5))", EASY),
        Trial("κ = 1/(1000 u)", _TURN.format(4)
              + "A = Q * np.geomspace(1, 1000 * u, 4) @ Q.T" + _EVEN, SHIFT),
        Trial("unequal scales", "B = rng.normal(size=(5, 5)); d = 2.0 ** rng.integers(-25, 25, 5); "
              "A = (B @ B.T + np.eye(5)) * d * d[:, None]", SHIFT),
        Trial("a negative eigenvalue", _TURN.format(5)
              + "A = Q * np.array([3, 2, 1, 1, -u**rng.uniform(0.05, 0.4)]) @ Q.T" + _EVEN,
              INDEFINITE, refuses=True),
        Trial("an eigenvalue just below 0", _TURN.format(3)
              + "A = Q * np.array([2, 1, -u**0.4]) @ Q.T" + _EVEN, INDEFINITE, refuses=True),
        Trial("a zero on the diagonal", "A = np.eye(4); A[2, 2] = 0; "
              "A[2, 0] = A[0, 2] = rng.uniform(0.1, 0.9)", INDEFINITE, refuses=True),
        Trial("huge entries", "B = rng.normal(size=(4, 4)); A = (B @ B.T + np.eye(4)) * top**0.6",
              RANGE, "floating_point", last=True),
        Trial("tiny entries", "B = rng.normal(size=(4, 4)); A = (B @ B.T + np.eye(4)) * top**-0.6",
              SHIFT),
    ), "cholesky", "backward stable")
