"""Choose a solver for a matrix by measuring it, one question after the other.

Cheap questions come first: zeros, sizes, symmetry. Then a factorisation is tried, and its factors
are asked for what no method can give: digits that the matrix does not hold. The last question goes
to a solution, its backward error.
"""

from dataclasses import replace

import numpy as np

from lib.linear.attempts import elimination_solver, substitution_solver, symmetric_solver
from lib.linear.checks import float_matrix, float_vector, right_hand_side, sparse_matrix
from lib.linear.findings import (
    CALLS,
    Advice,
    answered,
    digits_left,
    in_given_units,
    leaves_digits,
    refusal,
    small_residual,
)
from lib.linear.krylov import cg
from lib.linear.large import advise_by_products
from lib.linear.preconditioners import incomplete_cholesky
from lib.linear.rectangular import advise_rectangular
from lib.linear.scaled import ScaledSystem, equilibrate, scaled_diagonal, scaled_rows
from lib.linear.structure import density, spread, triangle_kind, zero_line, zero_pivot
from lib.numbers import backward_error, unit_roundoff

LARGE = 2000  # rows of a sparse matrix, up to which it is stored in full to be measured
DECADES = 8  # by which the sizes of rows, or of columns, may differ
LEVEL = 0.5  # decades that scaling leaves, about
SHARE, MANY = 0.05, 200  # of elements that are not zero, at most; of rows, at least


def advise(A, b=None):
    """Return which solver to take for A x = b, what was measured to find it, and what to expect.

    Parameters
    ----------
    A : ndarray or sparse matrix, shape (m, n), float32 or float64
        Integers are taken as float64. A sparse square matrix of up to 2000 rows is stored in full
        and factored, for the sake of the measurements. A larger one is only multiplied with.
    b : ndarray, shape (m,), of A's dtype, optional
        With it the system is solved, and the backward error is that of its solution.

    Returns
    -------
    Advice
        With `.method`, `.digits`, `.kappa`, `.questions`, `.next_steps`, `.backward_error`, `.x`,
        and a view of them. Where A is square and stored, and the backward error small, the relative
        error of x in the maximum norm is at most 60 n 10**-digits, unless the estimate of kappa is
        off by more than the usual factor 3. That is in the units in which A and b are given; small
        unknowns may have no digit. Without b, and with `.scaled`, it holds for y = 2**columns x,
        the unknowns in the units of `equilibrate`, and for no other units. Multiplying A by a power
        of two changes nothing else.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite, or of the wrong shape; if A is sparse, not square,
        and larger than four million elements.
    OverflowError
        If x is too large for the dtype.

    Notes
    -----
    Refused is what has a condition number above 1 / (n u), in the infinity norm. Rows and columns
    are scaled first where their largest elements differ by more than 1e8, and always before a
    refusal. Of a triangle Skeel's condition number counts, as substitution makes small errors in
    each element; only its rows are scaled, unless it were refused. Each unknown of a diagonal
    matrix is one division. Advice costs about as much as a solution, half more where Cholesky's
    method is tried in vain, and twice as much before a refusal.

    What it cannot see: that the data are no more exact than some of their digits; a better scaling
    than that of `equilibrate`, which a matrix with zeros may need, and so be refused; a condition
    number that hides from its estimate, which is one from below. Of a sparse matrix above 2000 rows
    conjugate gradients tell the condition number, in the 2-norm, of what has a unit diagonal, as
    far as a vector without a pattern shows it; no more is promised there. The digits of a matrix
    that is not square are those of the rank that was found, and of the shortest solution for it.
    Where rows and columns were scaled, an element of b that is 1e-308 times the largest (float32:
    1e-38) may become 0, which is told.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 7.3, 9.3, 10.3, 15.2.

    Examples
    --------
    >>> advise(np.array([[2.0, 1.0], [1.0, 2.0]]))
    cholesky, about 15 digits: symmetric and accepted, so half the work, and no pivoting
      Are all elements finite numbers?    yes  float64
      As many equations as unknowns?      yes  2 x 2
      Is it triangular?                   no   elements on both sides of the diagonal
      Are rows and columns of like size?  yes  within a factor 1
      Is it symmetric?                    yes  equal to its transpose
      Does Cholesky's method accept it?   yes  definite, up to rounding
      Does rounding leave a digit?        yes  condition number about 3e+00
      Is it large and nearly empty?       no   100.0 % of 2 x 2, bandwidth 1
      Is the backward error small?        yes  below 10 n u = 2e-15
      next: L = cholesky(A) once, then two substitutions for each b
    >>> advise(np.ones((3, 3))).method
    'none'
    """
    given = getattr(A, "dtype", None)
    A = sparse_matrix(A) if hasattr(A, "tocsr") else float_matrix(A)
    b = b if b is None else float_vector(right_hand_side(b, A), "b")
    taken = "" if given is None or given.kind == "f" else f"{given}, taken as "
    asked = [answered("numbers", True, f"{taken}{A.dtype}"),
             answered("shape", A.shape[0] == A.shape[1], f"{A.shape[0]} x {A.shape[1]}")]
    sparse = hasattr(A, "tocsr")
    if sparse and A.shape[0] == A.shape[1] > LARGE:
        return advise_by_products(A, b, asked)
    if sparse and A.shape[0] * A.shape[1] > LARGE**2:
        raise ValueError(f"A is sparse, of shape {A.shape}: nobody factors it here; use products "
                         "alone, as scipy.sparse.linalg.lsqr does")
    A = A.toarray() if sparse else A
    return _square(A, b, asked) if len(A) == A.shape[1] else advise_rectangular(A, b, asked)


def _square(A, b, asked):
    """Return the advice for a square matrix stored in full."""
    kind = triangle_kind(A)
    asked.append(answered("zeros", kind, kind or "elements on both sides of the diagonal"))
    empty = zero_line(A) or (kind and zero_pivot(A))
    if empty:
        asked.append(answered("condition", False, f"{empty} is zero"))
        return refusal(asked, np.inf)
    scaled, solver = _triangular(A, b, kind, asked) if kind else _factored(A, asked)
    if solver is None:
        return refusal(asked, np.inf)
    return _judged(ScaledSystem.of(scaled, b), solver, b, asked)


def _factored(A, asked):
    """Return A, scaled if it has to be, as `equilibrate`, and its solver or None.

    No units may be left in what is refused.
    """
    for decades in (DECADES, LEVEL):
        found = []
        scaled, remarks = _scaled(A, found, decades)
        solver = symmetric_solver(scaled[0], found) or elimination_solver(scaled[0], found)
        if remarks or _accepted(solver, A) or spread(A) <= LEVEL:
            break
    asked += found
    return scaled, solver and replace(solver, remarks=solver.remarks + remarks)


def _accepted(solver, A):
    """Return whether there is a solver, with a condition number that leaves digits."""
    return solver is not None and leaves_digits(solver.kappa, len(A), A.dtype, [])


def _triangular(T, b, kind, asked):
    """Return a triangle, its rows scaled, as `equilibrate`, and its solver.

    Scaling columns would change Skeel's number, and does so only where that leaves no digit.
    """
    if kind == "diagonal":
        scaled = scaled_diagonal(T, b)
        return scaled, replace(substitution_solver(scaled[0], kind), separate=True)
    scaled = scaled_rows(T)
    solver = substitution_solver(scaled[0], kind)
    if _accepted(solver, T):
        return scaled, solver
    scaled, remarks = _scaled(T, asked, -1)
    return scaled, replace(substitution_solver(scaled[0], kind), remarks=remarks)


def _scaled(A, asked, most):
    """Return A as `equilibrate`, scaled if sizes differ by more decades than most, and a remark."""
    decades = spread(A)
    near = decades <= most
    size = f"{10**decades:.0e}" if 3 < decades < 300 else f"{10 ** min(decades, 300):.3g}"
    asked.append(answered("scale", near, f"within a factor {size}" if near else
                          f"a factor {size} apart, so they are scaled"))
    if not near:
        return equilibrate(A), ("scale A with equilibrate(A) before",)
    exponents = np.full(len(A), np.frexp(np.max(np.abs(A)))[1])
    return (np.ldexp(A, -exponents), exponents, np.zeros_like(exponents)), ()


def _judged(system, solver, b, asked):
    """Return the advice for a solver, after the questions that come last."""
    S, n = system.S, len(system.S)
    if not leaves_digits(solver.kappa, n, S.dtype, asked):
        return refusal(asked, solver.kappa)
    if solver.method != "substitution":
        solver = _sparse(S, solver, system.c, asked)
    y = solver.solve(system.c)
    error = backward_error(S, y, system.c)
    remarks = solver.remarks + small_residual(error, 10 * n * unit_roundoff(S.dtype), asked,
                                              "10 n u")
    advice = Advice(solver.method, digits_left(solver.kappa, S.dtype), float(solver.kappa),
                    tuple(asked), (CALLS[solver.method], *remarks), error, system.unknowns(y, b))
    return in_given_units(advice, system, y, solver.separate)


def _sparse(S, solver, c, asked):
    """Return a solver that keeps zeros where there are many, and where it is one of lib's."""
    share, band = density(S)
    empty = len(S) >= MANY and share < SHARE
    asked.append(answered("sparse", empty, f"{100 * share:.1f} % of {len(S)} x {len(S)}, "
                          f"bandwidth {band}"))
    if not empty:
        return solver
    if solver.method != "cholesky":
        return replace(solver, remarks=(*solver.remarks, "scipy.sparse.linalg.splu keeps zeros"))
    found = cg(S, c, len(S) * unit_roundoff(S.dtype), preconditioner=incomplete_cholesky(S))
    if not found.converged:
        return replace(solver, remarks=(*solver.remarks, "a sparse Cholesky factor keeps zeros"))
    return replace(solver, method="cg", solve=lambda c: found.x)
