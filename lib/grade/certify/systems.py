"""Certify solvers of square systems and of least-squares problems by their backward error."""

import numpy as np

from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import largest, norm, ratio, vector_like
from lib.linear import forward_substitution, householder_qr
from lib.numbers import backward_error, residual

INVERSE = ("It may multiply by an explicit inverse, or square the matrix, so that the residual "
           "grows with the condition number: factor and solve.")
PIVOT = "It may eliminate without exchanging rows: choose the largest pivot in each column."
SQUARES = ("It may square the matrix, as normal equations do, and with it the condition number, or "
           "multiply by a pseudoinverse: factor the matrix itself.")
RANGE = ("A product on the way may leave the range of the format: scale by a power of two, and "
         "form no squares.")
SMALL = ("It may square the matrix, or take for 0 what is small beside something large: rows and "
         "columns may have units of their own.")
ZERO = "It may divide by the size of something that is 0 here: the answer is 0."
CUTOFF = "It may cut off small singular values: a cutoff far above n u throws data away."
EASY = "It fails where nothing is hostile: look at the formula and at the order of arguments."


def squared(result, bad):
    """Return whether more of κ costs no more: of κ**2 all digits were gone before.

    An inverse loses with κ: from the one case to the other a factor of their quotient.
    """
    less, more = (next((one.size for name, one in bad.items() if name.startswith(start)), None)
                  for start in ("κ = 1/sqrt(u)", "κ = 1/(1"))
    u = result.case.u
    return less is not None and (more is None or not np.isfinite(more)
                                 or more < less * (u**0.5 / (100 * u)) ** 0.5)


def thrown_away(result, bad):
    """Return whether what is lost has the size of the singular value, which is u**0.4."""
    return result.case.u**0.5 < result.size < 3 * result.case.u**0.4


def pivots(result, bad):
    """Return whether a small pivot does harm, too."""
    return any("pivot" in name and one.size > 2 * one.bound for name, one in bad.items()
               if one.bound)


SQUARED = Fault(SQUARES, squared, "qr")
LOSES = (SQUARED, Fault(INVERSE, lambda result, bad: np.isfinite(result.size), "lu"))
THROWS = (Fault(CUTOFF, thrown_away, "svd"), *LOSES)
UNITS = (SQUARED, Fault(SMALL, chapter="qr"))
_FACTORS = "U, V = np.linalg.qr(rng.normal(size=(2, 8, 8)))[0]; "
_RIGHT = "; b = A @ rng.normal(size=len(A))"
_TALL = ("U = np.linalg.qr(rng.normal(size=(12, 4)))[0]; "
         "V = np.linalg.qr(rng.normal(size=(4, 4)))[0]; ")
_DATA = "; b = A @ rng.normal(size=A.shape[1]) + rng.normal(size=len(A))"


def read_solution(value, case):
    """Return the solution x of a system or of a least-squares problem."""
    return vector_like(value, case["A"].shape[1], case)


def measure_solution(x, case):
    """Return the normwise backward error of x, and 10 n u.

    Elimination with partial pivoting has n times the growth of its pivots times u (Wilkinson 1961),
    orthogonal factors have n u (Higham 2002, chapters 9 and 19). Subnormal numbers round by a fixed
    step, which is added.
    """
    A, b = case["A"], case["b"]
    step = float(np.finfo(case.dtype).smallest_subnormal)
    size = largest(b) or 1.0
    bound = 10 * case.n * case.u + 10 * case.n * step / size
    return {"backward error": (backward_error(A, x, b), bound)}


def measure_fit(x, case):
    """Return how little A must change, relatively, for x to be the least-squares solution.

    It is right to a factor of 2, by the estimate of Karlson and Waldén (BIT 37, 1997): the norm of
    the projection of the residual on the columns of [A; s I], s = norm(r) / norm(x), which is that
    of R^-T A^T r with the triangular factor R of this matrix. Rounding adds about m u, and the
    bound is 10 m u, with m rows (Higham 2002, theorem 20.3).
    """
    # Powers of two bring A and b to sizes near 1, and change nothing.
    scale = [2.0 ** -np.frexp(largest(part))[1] if part.any() else 1.0
             for part in (case["A"], case["b"])]
    A, b = case["A"] * scale[0], case["b"] * scale[1]
    with np.errstate(over="ignore"):
        x = x * scale[1] / scale[0]
    bound = 10 * case.n * case.u
    if not np.isfinite(x).all():
        return {"backward error": (np.inf, bound)}
    r = residual(A, x, b)
    size, norm_x, norm_A = norm(r), norm(x), norm(A)
    if size == 0:
        return {"backward error": (0.0, bound)}
    if norm_x < 2.0**-60 * size:
        return {"backward error": (ratio(norm(r @ A), size * norm_A), bound)}
    _, R = householder_qr(np.vstack([A, size / norm_x * np.eye(A.shape[1])]))
    projected = norm(forward_substitution(R.T, r @ A))
    return {"backward error": (projected / norm_x / norm_A, bound)}


SOLVER = Kind(
    "solver", "solves a square system", "solve(A, b) -> x, with A (n, n), b and x (n,)",
    ("A", "b"), ("A", "b"), "x = np.float64({f}(A, b))",
    {"backward error": "abs(b - A @ x).max() / (abs(A).sum(1).max() * abs(x).max() "
                       "+ abs(b).max())"},
    read_solution, measure_solution, (
        Trial("random numbers", "A = rng.normal(size=(8, 8))" + _RIGHT, EASY),
        Trial("n = 1", "A = rng.normal(size=(1, 1))" + _RIGHT, EASY),
        Trial("n = 60", "A = rng.normal(size=(60, 60))" + _RIGHT, (Fault(PIVOT, pivots), EASY)),
        Trial("zeros on the diagonal",
              "A = np.roll(np.diag(rng.uniform(1, 2, 6)), 1, 0)" + _RIGHT, PIVOT),
        Trial("a tiny pivot", "A = rng.normal(size=(6, 6)); A[0, 0] = u / 8" + _RIGHT, PIVOT),
        Trial("a pivot of sqrt(u)", "A = rng.normal(size=(6, 6)); A[0, 0] = u**0.5" + _RIGHT,
              PIVOT),
        Trial("a pivot of u**0.25", "A = rng.normal(size=(6, 6)); A[0, 0] = u**0.25" + _RIGHT,
              PIVOT),
        *(Trial(f"a pivot of u**0.17, n = {n}", f"A = rng.normal(size=({n}, {n})); A[0] *= 4; "
                "A[0, 0] = u**0.17" + _RIGHT, PIVOT) for n in (4, 6)),
        Trial("one small singular value", _FACTORS
              + "A = U * np.r_[np.ones(7), u**0.4] @ V; b = A @ V.sum(0)", THROWS),
        Trial("rows of unequal sizes", "A = rng.normal(size=(8, 8)) "
              "* 2.0 ** rng.integers(-20, 20, (8, 1))" + _RIGHT, UNITS),
        Trial("columns of unequal sizes", "A = rng.normal(size=(8, 8)) "
              "* 2.0 ** rng.integers(-20, 20, 8)" + _RIGHT, UNITS),
        Trial("κ = 1/sqrt(u)",
              _FACTORS + "A = U * np.geomspace(1, u**0.5, 8) @ V" + _RIGHT, LOSES),
        Trial("κ = 1/(100 u)", _FACTORS + "A = U * np.geomspace(1, 100 * u, 8) @ V" + _RIGHT,
              LOSES),
        Trial("b = 0", "A = rng.normal(size=(5, 5)); b = np.zeros(5)", ZERO),
        Trial("subnormal b", "A = rng.normal(size=(5, 5)); b = rng.normal(size=5) / top / 256",
              RANGE, "floating_point", last=True),
        Trial("huge entries", "A = rng.normal(size=(6, 6)) * top**0.6" + _RIGHT,
              RANGE, "floating_point", last=True),
        Trial("tiny entries", "A = rng.normal(size=(6, 6)) * top**-0.6" + _RIGHT,
              RANGE, "floating_point", last=True),
    ), "lu", "backward stable")

LEAST_SQUARES = Kind(
    "least_squares", "minimises norm(b - A x)",
    "fit(A, b) -> x, with A (m, n) of full rank, m >= n, b (m,) and x (n,)",
    ("A", "b"), ("A", "b"), "x = np.float64({f}(A, b))",
    {"backward error": "r = b - A @ x; s = np.linalg.norm(r) / np.linalg.norm(x); "
                       "R = np.linalg.qr(np.vstack([A, s * np.eye(x.size)]))[1]; "
                       "np.linalg.norm(np.linalg.solve(R.T, r @ A)) / np.linalg.norm(x) "
                       "/ np.linalg.norm(A)"},
    read_solution, measure_fit, (
        Trial("random numbers", "A = rng.normal(size=(12, 4))" + _DATA, EASY),
        Trial("n = 1", "A = rng.normal(size=(5, 1))" + _DATA, EASY),
        Trial("as many rows as columns", "A = rng.normal(size=(5, 5))" + _DATA,
              (Fault(SQUARES, lambda result, bad: "κ = 1/(1000 u)" in bad), EASY)),
        Trial("powers 0 to 5 on a grid", "A = np.vander(np.linspace(0, 1, 50), 6)" + _DATA,
              SQUARES),
        Trial("one small singular value", _TALL + "A = U * np.array([1, 1, 1, u**0.4]) @ V; "
              "b = A @ V.sum(0)", (Fault(CUTOFF, thrown_away, "svd"), SQUARES)),
        Trial("κ = 1/sqrt(u), exact fit", _TALL + "A = U * np.geomspace(1, u**0.5, 4) @ V"
              + _RIGHT.replace("len(A)", "4"), SQUARES),
        Trial("κ = 1/(1000 u)", _TALL + "A = U * np.geomspace(1, 1000 * u, 4) @ V" + _DATA,
              SQUARES),
        Trial("Läuchli's matrix", "A = np.vstack([np.ones(4), u**0.5 / 2 * np.eye(4)])" + _DATA,
              SQUARES),
        Trial("columns of unequal sizes", "A = rng.normal(size=(12, 4)) "
              "* 2.0 ** rng.integers(-12, 12, 4)" + _DATA, SQUARES),
        Trial("rows of unequal sizes", "A = rng.normal(size=(12, 4)) "
              "* 2.0 ** rng.integers(-12, 12, (12, 1))" + _DATA, SQUARES),
        Trial("b at right angles to A", "A = rng.normal(size=(12, 4)); b = rng.normal(size=12); "
              "b -= A @ np.linalg.lstsq(A, b)[0]", SQUARES),
        Trial("b = 0", "A = rng.normal(size=(8, 3)); b = np.zeros(8)", ZERO),
        Trial("huge entries", "A = rng.normal(size=(9, 3)) * top**0.6"
              + _DATA.replace("+ rng", "+ top**0.6 * rng"), RANGE, "floating_point", last=True),
        Trial("tiny entries", "A = rng.normal(size=(9, 3)) * top**-0.6"
              + _DATA.replace("+ rng", "+ top**-0.6 * rng"), RANGE, "floating_point", last=True),
    ), "qr", "backward stable")
