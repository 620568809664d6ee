"""Choose a solver for a sparse matrix that is too large to be stored in full: by products alone."""

from dataclasses import replace

import numpy as np

from lib.linear.checks import NotPositiveDefiniteError
from lib.linear.findings import (
    Advice,
    answered,
    digits_left,
    in_given_units,
    leaves_digits,
    refusal,
    small_residual,
)
from lib.linear.krylov import cg
from lib.linear.operators import stored_symmetric
from lib.linear.preconditioners import jacobi_preconditioner
from lib.linear.scaled import ScaledSystem, probe
from lib.numbers import unit_roundoff

STEPS = 2000  # of conjugate gradients, at most
SPLU = ("scipy.sparse.linalg.splu(A.tocsc()) factors it and keeps most zeros",
        "measure the backward error of what that returns")
CG = "cg(A, b, preconditioner=incomplete_cholesky(A)), or a sparse Cholesky factor"


def advise_by_products(A, b, questions):
    """Return the advice for a large sparse square matrix, after the questions asked so far.

    A symmetric one with a positive diagonal is tried by conjugate gradients, with the diagonal as
    preconditioner. For a vector without a pattern, whatever b is, their coefficients tell the
    condition number of the scaled matrix, from below.
    """
    n = A.shape[0]
    questions.append(answered("sparse", True, f"{100 * A.nnz / n**2:.2g} % of {n} x {n}"))
    try:
        A = stored_symmetric(A)
    except ValueError:
        questions.append(answered("symmetric", False, "it differs from its transpose"))
        return Advice("lu", None, None, tuple(questions), SPLU)
    questions.append(answered("symmetric", True, "equal to its transpose, up to rounding"))
    return _tried(ScaledSystem.of(_unit_diagonal(A), b), b, questions)


def _unit_diagonal(A):
    """Return A with a diagonal between 1/2 and 2, as `equilibrate` does."""
    exponents = np.frexp(np.abs(A.diagonal()))[1] // 2
    S, rows = A.tocsr(copy=True), np.repeat(exponents, np.diff(A.indptr))
    S.data = np.ldexp(S.data, -(rows + exponents[S.indices]))
    return S, exponents, exponents


def _tried(system, b, questions):
    """Return the advice for a symmetric matrix, after conjugate gradients were tried."""
    S, n = system.S, len(system.c)
    tol = n * unit_roundoff(S.dtype)
    try:
        precondition = jacobi_preconditioner(S)
        found = cg(S, probe(n, S.dtype), tol, STEPS, precondition)
        y = cg(S, system.c, tol, STEPS, precondition).x
    except NotPositiveDefiniteError:
        questions.append(answered("definite", False, "a direction has no positive curvature"))
        return Advice("lu", None, None, tuple(questions), SPLU)
    except OverflowError:
        questions.append(answered("condition", False, "conjugate gradients leave the range"))
        return refusal(questions, np.inf)
    questions.append(answered("definite", True, f"in all {found.steps} directions that were tried"))
    if not leaves_digits(found.condition, n, S.dtype, questions):
        return refusal(questions, found.condition)
    told = found.reason != "maxiter"  # or else smaller eigenvalues may be to come
    return _judged(system, b, y, found.condition, told, questions)


def _judged(system, b, y, kappa, told, questions):
    """Return the advice to use conjugate gradients, for the y that they found and for kappa."""
    S, c, n = system.S, system.c, len(y)
    size = np.max(abs(S) @ np.ones(n)) * np.max(np.abs(y)) + np.max(np.abs(c))
    error = float(np.max(np.abs(c - S @ y)) / size)
    remarks = small_residual(error, 10 * n * unit_roundoff(S.dtype), questions, "10 n u")
    advice = Advice("cg", digits_left(kappa, S.dtype), float(kappa), tuple(questions),
                    (CG, *remarks), error, system.unknowns(y, b))
    return replace(advice, digits=None) if remarks or not told else in_given_units(
        advice, system, y)
