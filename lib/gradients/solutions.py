"""The derivatives of solutions of linear systems, inverses, determinants and Cholesky's factor.

Values are those of the functions of NumPy that were called. What the sweep back solves, it solves
by `lib.linear`, with one more factorisation and with its warnings: for 5, 50 and 500 unknowns the
gradient of a solution takes about 120, 60 and 5 times as long as `np.linalg.solve`. Cholesky's
factor has its derivative among symmetric matrices: it is symmetric, though the program reads only
one triangle.
"""

import numpy as np

from lib import linear
from lib.gradients.traced import RULES, apply, handles, plain, primitive


def _solver(solver):
    """Return a function that solves in the dtype of b, and makes nans of what is not finite."""
    def solve(A, b):
        if not np.isfinite(b).all():
            return np.full_like(b, np.nan)
        return solver(A.astype(b.dtype, copy=False), b)

    return solve


def _products(u, y):
    """Return u y^T for vectors, or for the columns of two matrices in pairs, added up."""
    return np.outer(u, y) if y.ndim == 1 else u @ y.T


def _linear_rule(adjoint, part):
    """Return the rule of y = A^-1 b, from one solution with A^T, and the part of A that is read."""
    def rule(y, A, b):
        known = [None, None]

        def solved(g):
            if known[0] is not g:
                known[:] = g, adjoint(A.T, g)
            return known[1]

        return lambda g: -part(_products(solved(g), y)), solved

    return rule


solve = primitive(_solver(linear.solve), _linear_rule(lambda A, g: solve(A, g), np.positive))
forward = primitive(_solver(linear.forward_substitution), _linear_rule(
    lambda U, g: backward(U, g), np.tril))
backward = primitive(_solver(linear.back_substitution), _linear_rule(
    lambda L, g: forward(L, g), np.triu))


def _inverse_transposed(A):
    """Return the transposed inverse of A."""
    return solve(A.T, np.eye(len(A), dtype=A.dtype))


def _cholesky(L, A):
    """Return the rule of L L^T = A (Murray, 2016)."""
    def share(g):
        P = np.tril(L.T @ np.tril(g))
        P = P - np.where(np.eye(len(L), dtype=bool), P, 0) / 2
        S = backward(L.T, backward(L.T, P).T)
        return (S + S.T) / 2

    return (share,)


log_determinant = primitive(lambda A: np.linalg.slogdet(A)[1], lambda y, A: (
    lambda g: g * _inverse_transposed(A),))
RULES.update({
    np.linalg.solve: _linear_rule(lambda A, g: solve(A, g), np.positive),
    np.linalg.inv: lambda y, A: (lambda g: -y.T @ g @ y.T,),
    np.linalg.det: lambda y, A: (lambda g: g * y * _inverse_transposed(A),),
    np.linalg.cholesky: _cholesky,
})


def one_matrix(a, what, symmetric=False):
    """Return a if it is one matrix, and symmetric up to rounding where that is asked for."""
    if np.ndim(a) != 2:
        raise ValueError(f"{what} of an array of shape {np.shape(a)} has no derivative here: take "
                         "one matrix after the other, and join what comes out by np.stack")
    A = plain(a)
    if symmetric and np.any(np.abs(A - A.T) > 10 * len(A) * np.finfo(A.dtype).eps
                            * np.max(np.abs(A))):
        raise ValueError(f"{what} reads one triangle, and this matrix is not symmetric: give it "
                         "(A + A.T) / 2")
    return a


@handles(np.linalg.solve)
def _solve(a, b):
    """Return the solution of a x = b."""
    return apply(np.linalg.solve, one_matrix(a, "np.linalg.solve"), b)


@handles(np.linalg.inv)
def _inv(a):
    """Return the inverse of a matrix."""
    return apply(np.linalg.inv, one_matrix(a, "np.linalg.inv"))


@handles(np.linalg.det)
def _det(a):
    """Return the determinant of a matrix, whose derivative here needs it to be regular."""
    return apply(np.linalg.det, one_matrix(a, "np.linalg.det"))


@handles(np.linalg.slogdet)
def _slogdet(a):
    """Return sign and logarithm of the determinant."""
    found = np.linalg.slogdet(plain(one_matrix(a, "np.linalg.slogdet")))
    return type(found)(found[0], log_determinant(a))


@handles(np.linalg.cholesky)
def _factor(a):
    """Return the lower triangular factor of a symmetric positive definite matrix."""
    return apply(np.linalg.cholesky, one_matrix(a, "np.linalg.cholesky", symmetric=True))
