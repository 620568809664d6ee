"""Choose how to solve a system with more equations than unknowns, or with fewer."""

import warnings

import numpy as np

from lib.linear.checks import IllConditionedWarning
from lib.linear.estimate import triangle_condition
from lib.linear.filters import default_cutoff, filtered_solution, truncation_filter
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
from lib.linear.jacobi import jacobi_svd
from lib.linear.orthogonal import pivoted_qr, unit_columns
from lib.linear.scaled import ScaledSystem, equilibrate
from lib.linear.structure import spread
from lib.linear.systems import least_squares
from lib.numbers import least_squares_backward_error, unit_roundoff

DECADES = 8  # by which the sizes of rows, or of columns, may differ


def advise_rectangular(A, b, questions):
    """Return the advice for a matrix that is not square, after the questions asked so far.

    The columns are scaled to one size, and count as independent if the last diagonal element of a
    column-pivoted QR factorisation is above `default_cutoff` times the first, and the condition
    number of R is at most 1 / (n u).
    """
    m, n = A.shape
    if m < n:
        return _shortest(A, b, questions)
    scaled, exponents = unit_columns(A)
    kappa = _condition(scaled)
    independent = kappa * n * unit_roundoff(A.dtype) <= 1
    questions.append(answered("independent", independent, "by QR with column pivoting" if
                              independent else "what QR leaves of the last is rounding, or zero"))
    if not independent:
        return _shortest(A, b, questions)
    leaves_digits(kappa, n, A.dtype, questions)
    return _fitted(ScaledSystem.of((scaled, np.zeros(m, int), exponents), b), kappa, b, questions)


def _condition(scaled):
    """Return the condition number of R, with its columns pivoted, or inf if the last is rounding.

    The estimate of a condition number may miss a singular value that the last pivot shows, and the
    last pivot one that the estimate shows, as for Kahan's matrix.
    """
    R = pivoted_qr(scaled)[1]
    sizes = np.abs(np.diag(R))
    if not sizes[-1] > default_cutoff(scaled.shape, scaled.dtype) * sizes[0]:
        return np.inf
    return triangle_condition(R)


def _fitted(system, kappa, b, questions):
    """Return the advice to fit, where a large residual makes the condition worse."""
    S, c, dtype = system.S, system.c, system.S.dtype
    with warnings.catch_warnings():  # of what the digits tell
        warnings.simplefilter("ignore", IllConditionedWarning)
        y = least_squares(S, c)
    error = least_squares_backward_error(S, y, c)
    allowed = 10 * np.sqrt(S.size) * unit_roundoff(dtype)
    remarks = small_residual(error, allowed, questions, "10 sqrt(m n) u")
    sizes = np.sqrt(np.sum(S * S, dtype=float) * np.sum(y * y, dtype=float))
    kappa *= 1 + kappa * np.sqrt(np.sum((c - S @ y) ** 2, dtype=float)) / sizes if sizes else 1
    return in_given_units(Advice(
        "least_squares", digits_left(kappa, dtype), float(kappa), tuple(questions),
        (CALLS["least_squares"], *remarks), float(error), system.unknowns(y, b)), system, y)


def _shortest(A, b, questions):
    """Return the advice to take the shortest solution, or to solve nothing if A is zero."""
    scaled, factors = _decomposed(A, questions)
    kept = _kept(factors.s, A)
    rank = int(np.count_nonzero(kept))
    questions.append(answered("condition", rank, f"rank {rank} of {A.shape[1]} unknowns"))
    if not rank:
        return refusal(questions, np.inf)
    system = ScaledSystem.of(scaled, b)
    y = filtered_solution(factors, system.c, kept)
    error, allowed = _gradient(system, y), 10 * np.sqrt(A.size) * unit_roundoff(A.dtype)
    remarks = small_residual(error, allowed, questions, "10 sqrt(m n) u")
    kappa = float(factors.s[0] / factors.s[rank - 1])
    return in_given_units(Advice(
        "truncated_least_squares", digits_left(kappa, A.dtype), kappa, tuple(questions),
        (CALLS["truncated_least_squares"], *remarks), error, system.unknowns(y, b)), system, y)


def _kept(s, A):
    """Return which singular values of A count.

    A tall matrix comes here because its columns are not independent, so the last one does not.
    """
    kept = truncation_filter(s, default_cutoff(A.shape, A.dtype))
    if len(A) >= A.shape[1]:
        kept[-1] = 0
    return kept


def _decomposed(A, questions):
    """Return A as `equilibrate`, scaled if sizes differ by more than 1e8, and its SVD."""
    lines = A[np.ix_(np.any(A, axis=1), np.any(A, axis=0))]
    decades = spread(lines) if lines.size else 0
    near = decades <= DECADES
    questions.append(answered("scale", near, f"within a factor {10**min(decades, 300):.0e}" if near
                              else f"a factor {10**min(decades, 300):.0e} apart, so they are "
                                   "scaled, and the shortest is so in scaled units"))
    top = int(np.frexp(np.max(np.abs(A)))[1])
    scaled = (np.ldexp(A, -top), np.full(len(A), top), np.zeros(A.shape[1], int))
    scaled = scaled if near else equilibrate(A)
    return scaled, jacobi_svd(scaled[0])


def _gradient(system, y):
    """Return how far y is from a least-squares solution, relative to the largest terms of that."""
    S, r = system.S, system.c - system.S @ y
    norm, size, b, left = (np.sqrt(np.sum(part.astype(float) ** 2))
                           for part in (S, y, system.c, r @ S))
    scale = norm * (norm * size + b)
    return float(left / scale) if scale else 0.0
