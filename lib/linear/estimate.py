"""Estimate condition numbers from factors, and warn where they leave no correct digit."""

import warnings

import numpy as np

from lib.linear.checks import IllConditionedWarning
from lib.linear.elimination import LU
from lib.linear.triangular import BlockTriangle
from lib.numbers import real_number, unit_roundoff, whole_number

MOST_STEPS = 5  # as in LAPACK; two are usual


def condition_estimate(lu, norm_A, p=1):
    """Return an estimate of kappa = norm(A) norm(inverse of A), from the factors of A.

    Parameters
    ----------
    lu : LU
        The factors of A.
    norm_A : float
        The p-norm of A.
    p : {1, inf}

    Returns
    -------
    float
        A lower bound of kappa up to rounding, within a factor 3 of it for almost every matrix,
        though not for all; inf where it overflows. It takes about 10 triangular solves, 10 n**2
        operations, where the factors took 2/3 n**3.

    Raises
    ------
    TypeError
        If lu is not what `lu` or `lu_complete` return for floats.
    ValueError
        If p is neither 1 nor inf, or norm_A is no norm.

    References
    ----------
    Hager, SIAM J. Sci. Stat. Comput. 5 (1984); Higham, ACM Trans. Math. Softw. 14 (1988), algorithm
    4.1 (SONEST), which is LAPACK's xLACN2; where rounding decides a tie, the two may differ.

    Examples
    --------
    >>> from lib.linear.elimination import lu
    >>> A = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> round(condition_estimate(lu(A), norm_A=6.0), 12)
    21.0
    """
    return factors_condition(lu, norm_A, p, one_norm_estimate)


@np.errstate(all="ignore")
def factors_condition(lu, norm_A, p, norm_estimate):
    """Return what `condition_estimate` returns, by one of the two estimates of a norm."""
    if not np.isscalar(p) or p not in (1, np.inf):
        raise ValueError(f"condition_estimate knows p = 1 and p = inf, got {p}: use condition(A)")
    if not isinstance(lu, LU) or lu.packed.dtype == object:
        raise TypeError("lu must hold the factors of a matrix of floats: give lu(A)")
    # The two solvers stand here, and not beside, as they share the triangles and their inverses.
    L = BlockTriangle.of(lu.packed, lower=True, unit=True)
    U = BlockTriangle.of(lu.packed, lower=False)

    def solve(b):
        x = np.empty_like(b)
        x[lu.columns] = U.solve(L.solve(b[lu.rows]))
        return x

    def solve_transposed(b):
        x = np.empty_like(b)
        x[lu.rows] = L.T.solve(U.T.solve(b[lu.columns]))
        return x

    solvers = (solve, solve_transposed) if p == 1 else (solve_transposed, solve)
    kappa = _norm(norm_A) * norm_estimate(*solvers, len(lu.packed), lu.packed.dtype)
    return kappa if np.isfinite(kappa) else np.inf


def _norm(norm_A):
    """Return norm_A as a float, or refuse what is no norm."""
    norm_A = real_number(norm_A, "norm_A")
    if not 0 <= norm_A < np.inf:
        raise ValueError(f"norm_A = {norm_A}, but a norm is finite and not negative: scale A first")
    return norm_A


def one_norm_estimate(apply, apply_transposed, n, dtype=float):
    """Return an estimate from below of the 1-norm of a matrix known by its products with vectors.

    The norm is the largest value of a convex function at the unit vectors; a step goes from one of
    them to the one where the gradient promises most. The last vector guards against the matrices
    for which that stops too early.

    Parameters
    ----------
    apply, apply_transposed : callable
        The products of the matrix, and of its transpose, with an ndarray of shape (n,); `apply`
        also with one of shape (n, 2), column by column.
    n : int
    dtype : float32 or float64

    Returns
    -------
    float
    """
    if not (callable(apply) and callable(apply_transposed)):
        raise TypeError("apply and apply_transposed are products with vectors: give functions")
    n = whole_number(n, "n", 1)
    guard = np.where(np.arange(n) % 2, -1, 1) * np.linspace(1, 2, n) * (2 / (3 * n))
    # The first two products are known beforehand, so they are taken together.
    products = np.asarray(apply(np.stack([np.full(n, 1 / n), guard], axis=1).astype(dtype)))
    if products.shape != (n, 2):
        raise ValueError(f"apply made shape {products.shape} of two columns of {n}: it must return "
                         "the product with each")
    y, z = products.T
    estimate, signs, j = np.sum(np.abs(y)), np.copysign(1, y), None
    for _ in range(MOST_STEPS):
        gradient = np.abs(apply_transposed(signs))
        if j is not None and gradient[j] == np.max(gradient):
            break
        j = np.argmax(gradient)
        y = apply(np.eye(1, n, j, dtype)[0])
        previous, estimate = estimate, np.sum(np.abs(y))
        if estimate <= previous or np.array_equal(signs, np.copysign(1, y)):
            break
        signs = np.copysign(1, y)
    return float(max(estimate, np.sum(np.abs(z))))


def guarded_norm_estimate(apply, apply_transposed, n, dtype=float):
    """Return what `one_norm_estimate` returns, or more, from a third start without a pattern.

    Two columns that are nearly equal, among many that are not, make an inverse that is large for
    their difference alone. Equal elements hold nothing of it, and alternating signs may not either.
    The gradient at a vector without a pattern leads there. A matrix made for it hides from it, too.
    """
    estimate = one_norm_estimate(apply, apply_transposed, n, dtype)
    v = (np.arange(1, n + 1) * 0.6180339887498949 % 1 - 0.5).astype(dtype)
    y = apply(np.eye(1, n, np.argmax(np.abs(apply_transposed(v))), dtype)[0])
    return float(max(estimate, np.sum(np.abs(y))))


def warn_if_ill_conditioned(kappa, n, dtype, what, remedy, said="n"):
    """Warn the caller's caller if 1 / kappa is not at least n u; return whether it is not.

    The message calls n what is said.
    """
    limit = n * unit_roundoff(dtype)
    ill_conditioned = not kappa * limit <= 1
    if ill_conditioned:
        warnings.warn(f"the reciprocal condition number of {what} is about {1 / kappa:.1g}, below "
                      f"{said} u = {limit:.1g}: x may have no correct digit; {remedy}",
                      IllConditionedWarning, stacklevel=3)
    return ill_conditioned


@np.errstate(all="ignore")
def triangle_condition(R):
    """Return an estimate of the condition number of an upper triangular R, in the 1-norm."""
    triangle = BlockTriangle.of(R, lower=False)
    inverse = guarded_norm_estimate(triangle.solve, triangle.T.solve, len(R), R.dtype)
    return np.max(np.sum(np.abs(R), axis=0)) * inverse


@np.errstate(all="ignore")
def gram_condition(gram, L):
    """Return an estimate of the condition number of gram = L L^T, in the 1-norm."""
    triangle = BlockTriangle.of(L, lower=True)

    def solve(b):
        return triangle.T.solve(triangle.solve(b))

    norm = np.max(np.sum(np.abs(gram), axis=0))
    return norm * guarded_norm_estimate(solve, solve, len(L), L.dtype)


@np.errstate(all="ignore")
def skeel_condition(T, lower):
    """Return an estimate of the infinity norm of |inverse of T| |T|, of a triangle T.

    That is Skeel's condition number. Multiplying rows of T does not change it; for a diagonal
    matrix it is 1, whatever stands there. So it bounds what substitution can lose.

    References
    ----------
    Skeel, J. ACM 26 (1979); Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem
    8.5 and section 7.2.

    Examples
    --------
    >>> skeel_condition(np.diag([1.0, 1e-20]), lower=True)
    1.0
    """
    T = np.ldexp(T, -np.frexp(np.max(np.abs(T), axis=1, keepdims=True))[1])
    triangle, sizes = BlockTriangle.of(T, lower=lower), np.sum(np.abs(T), axis=1)

    def apply(b):  # the transpose of the inverse times diag(sizes), whose 1-norm this is
        return (sizes * triangle.T.solve(b).T).T

    return guarded_norm_estimate(apply, lambda b: triangle.solve(sizes * b), len(T), T.dtype)
