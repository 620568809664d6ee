"""Wrong answers to the set on LU, QR and Cholesky.

WRONG has, for each check, rows of: what was done, the answer, verdict and mark that it gets from
every seed, and words that its report has.
"""

import numpy as np

from lib import linear
from lib.grade.homework.lu_qr_cholesky import _rotated


def signed(method):
    def factor(A):
        Q, R = method(A)
        signs = np.where(np.diag(R) < 0, -1.0, 1.0)
        return Q * signs, R * signs[:, None]

    return factor


def by_gram(A):
    R = np.linalg.cholesky(A.T @ A).T
    return A @ np.linalg.inv(R), R


def by_squares(A):
    m, n = A.shape
    R, Q = A.copy(), np.eye(m)
    for j in range(n):
        for i in range(j + 1, m):
            length = np.sqrt(R[j, j] ** 2 + R[i, j] ** 2)
            c, s = R[j, j] / length, R[i, j] / length
            turn = np.array([[c, s], [-s, c]])
            R[[j, i]] = turn @ R[[j, i]]
            R[i, j] = 0.0
            Q[:, [j, i]] = Q[:, [j, i]] @ turn.T
    return signed(lambda A: (Q[:, :n], R[:n]))(A)


def in_float32(A):
    with np.errstate(all="ignore"):
        Q, R = np.linalg.qr((A / np.max(np.abs(A), axis=0)).astype(np.float32))
    return signed(lambda A: (Q.astype(float), R * np.max(np.abs(A), axis=0)))(A)


def by_product(sign):
    def change(L, v):
        return np.linalg.cholesky(L @ L.T + sign * np.outer(v, v))

    return change


def or_zeros(change):
    def careful(L, v):
        try:
            return np.nan_to_num(change(L, v)) if np.all(np.isfinite(change(L, v))) else 0 * L
        except np.linalg.LinAlgError:
            return 0 * L

    return careful


def by_eigenvalues(L, v):
    values, vectors = np.linalg.eigh(L @ L.T - np.outer(v, v))
    R = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0))).T)[1]
    return R.T * np.where(np.diag(R) < 0, -1.0, 1.0)


STABLE_BUT = "stable, but wrong in mild cases"
INACCURATE_AND = "inaccurate, and wrong in mild cases"

WRONG = {
    "givens": [
        ("classical Gram-Schmidt", linear.classical_gram_schmidt, "wrong", 0.0,
         "Q loses right angles by"),
        ("modified Gram-Schmidt", linear.modified_gram_schmidt, "inaccurate", 0.25,
         "Q loses right angles by"),
        ("Cholesky's method on A.T @ A", by_gram, "wrong", 0.0, "kappa = 1e12"),
        ("np.linalg.qr as it is", lambda A: tuple(np.linalg.qr(A)), "wrong", 0.0,
         "R has a negative number on its diagonal"),
        ("squares in place of hypot", by_squares, STABLE_BUT, 0.86, "squares overflow"),
        ("in float32", in_float32, "inaccurate", 0.25, "Q R is off A by"),
        ("R alone", lambda A: np.linalg.qr(A)[1], "wrong", 0.0, "expected 2 things, Q and R"),
    ],
    "update": [
        ("L L^T + v v^T factored", by_product(1), INACCURATE_AND, 0.25,
         "no more than kappa squared"),
        ("v v^T taken away", lambda L, v: _rotated(L, v, -1), "wrong", 0.0,
         "taken away, not added"),
        ("L + v v^T", lambda L, v: L + np.outer(v, v), "wrong", 0.0, "a product is no sum"),
        ("squares in place of hypot", lambda L, v: _rotated(L, v, 1), STABLE_BUT, 0.89,
         "v in other units"),
        ("QR without the sign", lambda L, v: np.linalg.qr(np.vstack([L.T, v]))[1].T, "wrong", 0.0,
         "the diagonal is not positive"),
    ],
    "downdate": [
        ("L L^T - v v^T factored", by_product(-1), "wrong", 0.0, "raised LinAlgError"),
        ("the same, zeros where it is refused", or_zeros(by_product(-1)), INACCURATE_AND, 0.25,
         "L^-1 L' is off by"),
        ("eigenvalues below 0 set to 0", by_eigenvalues, "wrong", 0.0, "where there is none"),
        ("an update", lambda L, v: _rotated(L, v, 1), "wrong", 0.0, "added, not taken away"),
        ("hyperbolic rotations, nan for none", lambda L, v: _rotated(L, v, -1), "wrong", 0.0,
         "a factor where there is none"),
    ],
    "thomas": [
        ("a system with a dominant diagonal", ([1.0, 1.0], [3.0, 4.0, 3.0], [1.0, 1.0]), "wrong",
         0.0, "the diagonal dominates"),
        ("two rows, nearly singular", ([1.0], [3.0, np.nextafter(1 / 3, 1)], [1.0]), "wrong", 0.0,
         "the matrix is to blame"),
        ("a pivot of exactly 0", ([1.0, 1.0], [3.0, 1 / 3, 1.0], [1.0, 1.0]), "wrong", 0.0,
         "no pivot of exactly 0"),
        ("a tiny element", ([1.0, 1.0], [1e-17, 1.0, 1.0], [1.0, 1.0]), "wrong", 0.0,
         "sizes from 1/10 to 10"),
        ("another first element", ([1.0, 1.0], [4.0, np.nextafter(0.25, 1), 1.0], [1.0, 1.0]),
         "wrong", 0.0, "a first diagonal element of 3.0"),
        ("one list", [3.0, 4.0, 3.0], "wrong", 0.0, "not admitted"),
    ],
}
