"""Solve systems of linear equations, square or with more equations than unknowns.

Every solution comes with an estimate of the condition number: where its reciprocal is below n u,
an `IllConditionedWarning` says so.
"""

import warnings

import numpy as np

from lib.linear.checks import (
    IllConditionedWarning,
    NotPositiveDefiniteError,
    SingularMatrixError,
    checked_finite,
    right_hand_side,
    square_matrix,
    tall_matrix,
    with_roots,
)
from lib.linear.elimination import LU, cholesky, lu
from lib.linear.estimate import (
    condition_estimate,
    gram_condition,
    triangle_condition,
    warn_if_ill_conditioned,
)
from lib.linear.orthogonal import (
    apply_reflections,
    inner,
    inner_length,
    triangularize,
    unit_columns,
)
from lib.linear.triangular import solve_lower, solve_upper
from lib.numbers import appendable, backward_error, residual, unit_roundoff, whole_number

# What is ill-conditioned, and what to do.
ILL = "A", "scale rows and columns, or ask a better posed question"
GROWN = ("the factors of A, whose elements grew over a thousandfold,",
         "A itself may be harmless, use lu_complete(A).solve(b)")


def solve(A, b):
    """Return the solution of A x = b, by elimination with partial pivoting.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    b : ndarray, shape (n,) or (n, k), of A's dtype

    Returns
    -------
    ndarray of b's shape and dtype
        With a backward error of at most 10 n u growth for each column, where growth is that of
        the elements in elimination (`lu`); for almost all matrices that is far below n. The error
        of x is as large as the condition number then allows. For many right-hand sides, one after
        the other, keep `lu(A)` and call its method `solve`.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite, or of the wrong shape.
    SingularMatrixError
        If A is singular up to rounding errors, that is, if a pivot is exactly zero.
    OverflowError
        If a number on the way is too large for the dtype.

    Warns
    -----
    IllConditionedWarning
        If the estimated reciprocal condition number, in the 1-norm, is below n u. Where growth is
        above 1000 it is said to be that of the factors, as A may be well-conditioned.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 9.4.

    Examples
    --------
    >>> solve(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 11.0]))
    array([1., 2.])
    """
    A = square_matrix(A)
    b = right_hand_side(b, A)
    factors = lu(A)
    x = factors.solve(b)
    if x.dtype != object:
        n = len(A)
        norm = np.max(np.sum(np.abs(A) / n, axis=0, dtype=float))  # divided first, as it may be inf
        kappa = n * condition_estimate(factors, norm)
        grown = not kappa * n * unit_roundoff(A.dtype) <= 1 and factors.growth > 1e3
        warn_if_ill_conditioned(kappa, n, A.dtype, *(GROWN if grown else ILL))
    return x

def refine(A, b, x, factors=None, steps=10, history=None):
    """Return x corrected by solving for its residual, computed in twice the precision.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    b : ndarray, shape (n,), of A's dtype
    x : ndarray, shape (n,), of A's dtype
        An approximate solution.
    factors : LU, optional
        Those of A, or of a matrix near A; their dtype may be lower than that of A. `lu(A)` if none.
    steps : int
        The most corrections to make; a correction that does not halve the one before is the last.
    history : list, optional
        A copy of every x on the way, the first included, is appended.

    Returns
    -------
    ndarray, shape (n,), of A's dtype
        Where kappa times the unit roundoff of the factors is well below 1, each step gains about
        that factor, until the relative error, in the maximum norm, is of order u, free of kappa.
        Without the warning below the backward error is at most 10 n u, or, if steps is 1, half of
        what it was.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite, or of the wrong shape.
    SingularMatrixError
        If no factors are given, and A has none.
    OverflowError
        If the residual or a correction is too large for the dtype.

    Warns
    -----
    IllConditionedWarning
        If, after two steps or more, the next correction is above 10 n u of x, or the backward
        error above 10 n u: the steps were too few, A is too ill-conditioned for these factors, or
        they are those of another matrix.

    References
    ----------
    Wilkinson, Rounding Errors in Algebraic Processes (1963); Higham, Accuracy and Stability of
    Numerical Algorithms (2002), theorem 12.1; Carson & Higham, SIAM J. Sci. Comput. 40 (2018), for
    three precisions.

    Examples
    --------
    >>> A, b = np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-30]]), np.array([2.0, 2.0 + 2.0**-30])
    >>> refine(A, b, np.array([1.001, 0.999]))
    array([1., 1.])
    """
    A = square_matrix(A)
    b, x = right_hand_side(b, A), right_hand_side(x, A, "x").copy()
    if x.shape != b.shape or b.ndim != 1:
        raise ValueError(f"refine corrects one solution at a time, got x of shape {x.shape} for b "
                         f"of shape {b.shape}: call it for each column")
    factors = _factors_for(A, factors)
    history = appendable(history)
    history.append(x.copy())
    start, previous, size = x, np.inf, np.inf
    for _ in range(whole_number(steps, "steps", 0)):
        correction = _correction(_residual(A, x, b), factors, A.dtype)
        previous, size = size, np.max(np.abs(correction))
        if not 0 < size <= previous / 2:  # at the limit, or never near it
            break
        with np.errstate(over="ignore"):
            x = checked_finite(x + correction, "the refined solution")
        history.append(x.copy())
    else:  # the next correction would shrink as this one did
        size = size / previous * size if previous < np.inf else 0
    if steps:
        enough = backward_error(A, start, b) / 2 if steps == 1 else 0
        _warn_unless_refined(size, x, backward_error(A, x, b), enough)
    return x


def _factors_for(A, factors):
    """Return the factors of A, or refuse those that were given."""
    if factors is None:
        return lu(A)
    if not isinstance(factors, LU):
        raise TypeError(f"factors is a {type(factors).__name__}, not LU: give lu(A), or None")
    if factors.lower.shape != A.shape:
        raise ValueError(f"factors are of a matrix of shape {factors.lower.shape}, but A has shape "
                         f"{A.shape}: give lu(A), or None")
    return factors


def _residual(A, x, b):
    """Return b - A x from twice the precision, or raise OverflowError."""
    with np.errstate(all="ignore"):
        return checked_finite(residual(A, x, b), "the residual b - A x, in twice the precision,")


def _correction(r, factors, dtype):
    """Return the solution for the residual r in the factors' own precision, safe from underflow."""
    size = np.max(np.abs(r))
    if size == 0:
        return np.zeros_like(r, dtype)
    unscaled = factors.solve((r / size).astype(factors.lower.dtype))
    with np.errstate(all="ignore"):
        return checked_finite((unscaled * size).astype(dtype), "a correction of x")


def _warn_unless_refined(size, x, error, enough):
    """Warn the caller's caller if x, whose next correction has that size, is not yet refined.

    A backward error that is small enough passes, even above what all steps together promise.
    """
    limit, largest = 10 * len(x) * unit_roundoff(x.dtype), np.max(np.abs(x))
    if not (size <= limit * largest and error <= max(limit, enough)):
        warnings.warn(f"a correction of {size:.1g} for x up to {largest:.1g}, with a backward "
                      f"error of {error:.1g}: refinement does not converge, or not soon; give the "
                      "factors of A itself, in a higher precision, allow more steps, or ask a "
                      "better posed question", IllConditionedWarning, stacklevel=3)


def least_squares(A, b):
    """Return the x that makes norm(b - A x) smallest, by Householder's QR factorisation.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n and linearly independent columns.
    b : ndarray, shape (m,) or (m, k), of A's dtype

    Returns
    -------
    ndarray, shape (n,) or (n, k)
        Its backward error, with the columns of A scaled to norm 1, is at most 10 sqrt(m n) u. The
        units of the unknowns do not matter: scaling a column by a power of two scales its unknown,
        and changes no digit.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite, or of the wrong shape.
    SingularMatrixError
        If the columns of A are linearly dependent up to rounding, with an exact zero in R.
    OverflowError
        If x, or a number on the way to it, is too large for the dtype.

    Warns
    -----
    IllConditionedWarning
        If the estimated reciprocal condition number of A, its columns scaled, is below n u.

    References
    ----------
    Golub, Numer. Math. 7 (1965); Higham, Accuracy and Stability of Numerical Algorithms (2002),
    theorem 20.3.

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 2.0])
    >>> least_squares(np.column_stack([np.ones(3), t]), 1 + 2 * t).round(12)
    array([1., 2.])
    """
    A, b = _tall_system(A, b)
    scaled, exponents = unit_columns(A)
    reflections, R = triangularize(scaled)
    if not np.all(np.diag(R)):
        raise SingularMatrixError(_dependent(np.diag(R)))
    with np.errstate(all="ignore"):  # what overflows is found at the end
        y = apply_reflections(reflections, b)[: len(R)]
        solve_upper(R, y)
    if y.dtype != object:
        kappa = triangle_condition(R)
        warn_if_ill_conditioned(kappa, len(R), A.dtype, "A, its columns scaled,",
                                "drop columns that depend on others, or regularise")
    return _unscaled(y, exponents)


def normal_equations(A, b):
    """Return the x that makes norm(b - A x) smallest, from A^T A x = A^T b by Cholesky's method.

    Half the work of `least_squares`, and twice the digits lost: the Gram matrix A^T A has the
    square of the condition number of A.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n and linearly independent columns.
    b : ndarray, shape (m,) or (m, k), of A's dtype

    Returns
    -------
    ndarray, shape (n,) or (n, k)
        With a relative error, in the 2-norm and to first order in u, of at most
        kappa**2 n (s + 3 n + 1) u (1 + norm(b) / (norm(A) norm(x))), however small the residual is.
        The columns of A are scaled here, and x with them; s is what sums of m terms can lose: m,
        or 1024 + m / 1024 where that is less. All nan where the warning below is given: no noise.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `least_squares`.
    SingularMatrixError
        If a column of A is zero.

    Warns
    -----
    IllConditionedWarning
        If the Gram matrix, its diagonal scaled to ones, is numerically singular: Cholesky's method
        fails, or its estimated reciprocal condition number is below (n + s) u.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), section 20.4; the bound adds up
    its theorem 10.4 and equation (3.5).

    Examples
    --------
    >>> t = np.array([0.0, 1.0, 2.0])
    >>> normal_equations(np.column_stack([np.ones(3), t]), 1 + 2 * t).round(12)
    array([1., 2.])
    """
    A, b = _tall_system(A, b)
    scaled, exponents = unit_columns(A)
    with np.errstate(all="ignore"):  # what overflows is found at the end
        gram, y = inner(scaled, scaled), inner(scaled, b)
    if not np.all(np.diag(gram)):
        raise SingularMatrixError(_dependent(np.diag(gram)))
    # A Gram matrix that Cholesky's method refuses counts as one of infinite condition number.
    try:
        L = cholesky(gram)
        kappa = gram_condition(gram, L) if L.dtype != object else 1.0
    except NotPositiveDefiniteError:
        kappa = np.inf
    if warn_if_ill_conditioned(kappa, len(gram) + inner_length(len(A)), A.dtype,
                               "the Gram matrix A^T A", "it is given as nan, use least_squares",
                               "(n + s)"):
        return np.full_like(y, np.nan)
    with np.errstate(all="ignore"):
        solve_lower(L, y)
        solve_upper(L.T, y)
    return _unscaled(y, exponents)


def _tall_system(A, b):
    """Return A and b, both of objects if one is: powers of two scale floats only."""
    A = with_roots(tall_matrix(A))
    b = right_hand_side(b, A)
    return A.astype(b.dtype, copy=False), b


def _dependent(diagonal):
    """Say what a zero on the diagonal means for the columns of A."""
    k = int(np.argmax(diagonal == 0))
    return (f"column {k} of A is zero, or depends on the columns before it: its unknown is not "
            "determined; drop the column")


def _unscaled(y, exponents):
    """Return the unknowns of A from those of A with its columns scaled by powers of two."""
    if exponents is None:
        return y
    with np.errstate(all="ignore"):
        return checked_finite(np.ldexp(y.T, -exponents).T, "the solution, or a number on its way,")
