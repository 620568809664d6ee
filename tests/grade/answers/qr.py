"""Answers to the exercises on QR: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call; ALSO_RIGHT has
answers in another style than that of the chapter.
"""

import numpy as np
from scipy.linalg import solve_triangular

from lib import linear


def by_gram(A, b):
    L = linear.cholesky(A.T @ A)
    return linear.back_substitution(L.T, linear.forward_substitution(L, A.T @ b))


def unscaled(A, b, sign=np.copysign):
    R, n = np.column_stack([A, b]), A.shape[1]
    for k in range(n):
        v = R[k:, k].copy()
        v[0] += sign(np.sqrt(np.sum(v * v)), v[0])
        if np.any(v):
            R[k:, k:] -= np.outer(v, 2 / np.sum(v * v) * (v @ R[k:, k:]))
    return linear.back_substitution(np.triu(R[:n, :n]), R[:n, n])


def by_mirrors(A, b, sign=np.copysign):
    largest = np.max(np.abs(A), axis=0)
    return unscaled(A / largest, b, sign) / largest


def by_matrices(A, b):
    largest = 2.0 ** np.frexp(np.max(np.abs(A), axis=0))[1]
    R, c, (m, n) = A / largest, b.copy(), A.shape
    for k in range(n):
        v, H = R[k:, k].copy(), np.eye(m)
        v[0] += np.linalg.norm(v) if v[0] >= 0 else -np.linalg.norm(v)
        H[k:, k:] -= 2 * np.outer(v, v) / (v @ v)
        R, c = H @ R, H @ c
    return linear.back_substitution(np.triu(R[:n]), c[:n]) / largest


def by_the_other_mirrors(A, b):
    R, n = np.column_stack([A, b]), A.shape[1]
    for k in range(n):
        v = half_angle(R[k:, k]) if k + 1 < len(R) else np.zeros(1)
        R[k:, k:] -= 2 * np.outer(v, v @ R[k:, k:])
    return linear.back_substitution(np.triu(R[:n, :n]), R[:n, n])


def by_one_pass(A, b, modified=False):
    largest = np.max(np.abs(A), axis=0)
    Q, R = plain(A / largest, modified)
    return linear.back_substitution(R, Q.T @ b) / largest


def with_b_appended(A, b):
    largest, n = np.max(np.abs(A), axis=0), A.shape[1]
    R = plain(np.column_stack([A / largest, b]), modified=True)[1]
    return linear.back_substitution(R[:n, :n], R[:n, n]) / largest


def plain(A, modified):
    Q, R = np.zeros_like(A), np.zeros((A.shape[1], A.shape[1]))
    for k in range(A.shape[1]):
        v = A[:, k].copy()
        for j in range(k):
            R[j, k] = Q[:, j] @ (v if modified else A[:, k])
            v -= R[j, k] * Q[:, j]
        R[k, k] = np.linalg.norm(v)
        Q[:, k] = v / max(R[k, k], 1e-300)
    return Q, R


def by_rotations(A, b):
    largest, n = np.max(np.abs(A), axis=0), A.shape[1]
    R = np.column_stack([A / largest, b])
    for k in range(n):
        for i in range(k + 1, len(R)):
            if R[i, k]:
                c, s = R[[k, i], k] / np.hypot(*R[[k, i], k])
                R[[k, i]] = np.array([[c, s], [-s, c]]) @ R[[k, i]]
    return linear.back_substitution(np.triu(R[:n, :n]), R[:n, n]) / largest


def mirror(x, sign):
    v = x.copy()
    v[0] += sign(x[0]) * np.linalg.norm(x)
    return v


def half_angle(x):
    x = x / np.max(np.abs(x))
    height = np.linalg.norm(x[1:])
    if height == 0:
        return np.eye(len(x))[1 if x[0] > 0 else 0]
    half = np.arctan2(height, x[0]) / 2
    return np.concatenate([[-np.sin(half)], np.cos(half) * x[1:] / height])


def conjugate(x):
    v = x.copy()
    v[0] = x[0] - np.linalg.norm(x)
    if x[0] > 0:
        v[0] = -np.sum(x[1:] ** 2) / (x[0] + np.linalg.norm(x))
    return v


def or_first(x):
    v = conjugate(x)
    return v if np.any(v) else np.eye(len(x))[0]


def or_second(x):
    v = conjugate(x)
    return v if np.any(v) else np.eye(len(x))[1]


def basis(A, threshold):
    Q = np.zeros_like(A)
    for k in range(A.shape[1]):
        v = A[:, k] - Q[:, :k] @ (Q[:, :k].T @ A[:, k])
        if np.linalg.norm(v) > threshold(A, k):
            Q[:, k] = v / np.linalg.norm(v)
    return Q


def by_numpy(A):
    Q, R = np.linalg.qr(A[:, : len(A)])
    kept = np.abs(np.diag(R)) > 1e-10 * np.linalg.norm(A[:, : len(A)], axis=0)
    return np.column_stack([Q * kept, np.zeros((len(A), A.shape[1] - Q.shape[1]))])


def relative(limit):
    return lambda A: basis(A, lambda A, k: limit * np.linalg.norm(A[:, k]))


def basis_in_two_passes(A):
    Q = A / np.maximum(np.linalg.norm(A, axis=0), 1e-300)
    for k in range(A.shape[1]):
        for j in [*range(k), *range(k)]:
            Q[:, k] -= Q[:, j] * (Q[:, j] @ Q[:, k])
        left = np.linalg.norm(Q[:, k])
        Q[:, k] = Q[:, k] / left if left > 1e-10 else 0
    return Q


def one_round(A):
    L = linear.cholesky(A.T @ A)
    return linear.forward_substitution(L, A.T.copy()).T


def by_scipy(A, rounds=2):
    for _ in range(rounds):
        L = np.linalg.cholesky(A.T @ A)
        A = solve_triangular(L, A.T, lower=True).T
    return A


def by_inverse(A):
    for _ in range(2):
        A = A @ np.linalg.inv(np.linalg.cholesky(A.T @ A)).T
    return A


def projected(Q, R, b, order=1):
    components = np.zeros(len(R))
    for k in range(len(R))[::order]:
        components[k] = np.sum(Q[:, k] * b)
        b -= components[k] * Q[:, k]
    return linear.back_substitution(R, components)


def in_two_passes(Q, R, b):
    components = Q.T @ b
    components = components + Q.T @ (b - Q @ components)
    return linear.back_substitution(R, components)


PROMISED = float(-np.log10((3000 + 3000**2 / 2) * 2.0**-53))

RIGHT = {}
ALSO_RIGHT = {
    "householder": (by_matrices, by_the_other_mirrors, by_rotations, with_b_appended),
    "mirror": (half_angle, or_second),
    "threshold": (basis_in_two_passes, relative(3e-10)),
    "units": ((2e-12, 1.0), [1, 1e12]),
    "survey": (in_two_passes,),
    "products": (by_scipy, lambda A: by_scipy(A, rounds=3)),
}

# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "line 4 only shows what another line has made": (4, 4, 9, "no cure"),
        "exchanged the two lines": (4, 3, 9, "no cure"),
        "'cure' is not right": (3, 4, 9, "cure"),
        "is no power of ten": (3, 4, 2e9, "no cure"),
        "line 2 is not it": (2, 4, 9, "no cure"),
        "16 is too large": (3, 4, 16, "no cure"),
        "3 given, 4 wanted": (3, 4, 9),
    },
    "householder": {
        "here np.sign(x[0]) is 0": lambda A, b: by_mirrors(A, b, lambda size, x: np.sign(x) * size),
        "near the axis       unstable": lambda A, b: by_mirrors(
            A, b, lambda size, x: -np.copysign(size, x)),
        "near its other end  unstable": lambda A, b: by_mirrors(A, b, lambda size, x: size),
        "here x[0] - norm(x) cancels": lambda A, b: by_mirrors(
            A, b, lambda size, x: -size),
        "here columns have no square": unscaled,
        "x belongs to columns divided by their largest elements": lambda A, b: unscaled(
            A / np.max(np.abs(A), axis=0), b),
        "nearly dependent    unstable  backward error": by_one_pass,
        "one pass of Gram-Schmidt loses its right angles": lambda A, b: by_one_pass(A, b, True),
        "b was not reflected": lambda A, b: linear.back_substitution(
            linear.householder_qr(A)[1], b[: A.shape[1]]),
        "Longley             unstable": by_gram,
        "calls numpy.linalg.qr": lambda A, b: linear.back_substitution(
            np.linalg.qr(A)[1], np.linalg.qr(A)[0].T @ b),
        "calls lib.linear.orthogonal": linear.least_squares,
        "of shape (4,), wanted (3,)": lambda A, b: np.append(by_mirrors(A, b), 0.0),
        "changed its argument": lambda A, b: by_mirrors(A, np.multiply(b, 2, out=b) / 2),
    },
    "judge": {
        "'Ben' is not right": ("Ben", PROMISED),
        "'Cleo' is not right": ("Cleo", PROMISED),
        "you left out the residual": ("Ada", 12.5),
        "you squared the ratio": ("Ada", 9.6),
        "this is kappa squared alone": ("Ada", 9.0),
        "0.6 is too small": ("Ada", 0.6),
        "none of these: Ada, Ben, Cleo": ("all", PROMISED),
        "6 is too small": ("Ada", 6),
        "a single one given, 2 wanted": "Ada",
    },
    "mirror": {
        "x[0] - norm(x) cancels": lambda x: mirror(x, lambda first: -1.0),
        "[0, 1]            wrong   x is sent to -norm(x)": lambda x: mirror(
            x, lambda first: np.copysign(1, first)),
        "x is sent to -norm(x), not to +norm(x)": lambda x: mirror(x, np.sign),
        "[1, 1e-09]        unstable  off +norm(x)": lambda x: mirror(
            x, lambda first: -1.0),
        "x[0] + norm(x) cancels": lambda x: np.array([-np.sum(x[1:] ** 2) / (
            x[0] + np.linalg.norm(x)), *x[1:]]),
        "[5, 0]            wrong   v is zero": conjugate,
        "[5, 0]            wrong   x is sent to -norm(x)": or_first,
        "v is zero": lambda x: 0 * x,
        "v has shape": lambda x: np.append(x, 1.0),
        "changed its argument": lambda x: np.add(x, np.copysign(
            np.linalg.norm(x), x[0]) * np.eye(len(x))[0], out=x),
        "returned nan": lambda x: x * np.nan,
    },
    "threshold": {
        "your threshold has a unit": lambda A: basis(A, lambda A, k: 1e-10),
        "you compared with the whole matrix": lambda A: basis(
            A, lambda A, k: 1e-10 * np.max(np.linalg.norm(A, axis=0))),
        "column 2 is not zero, and depends on those before it": relative(0.0),
        "column 2 is zero, and does not depend": relative(1e-5),
        "angle 1e-9, above 1e-10   wrong   column 2 is zero": relative(1e-8),
        "angle 1e-11, below 1e-10  wrong   column 2 is not zero": relative(1e-12),
        "column 1 is zero, and does not depend": lambda A: basis(
            A, lambda A, k: 1e-10 * np.linalg.norm(A[:, 0])),
        "columns of A left out": lambda A: np.eye(*A.shape),
        "here column 3 comes after one that depends": by_numpy,
        "of shape (4, 4)": lambda A: np.eye(A.shape[1]),
        "other units": lambda A: basis(
            A, lambda A, k: 1e-10 * np.linalg.norm(A)),
    },
    "units": {
        "wanted below 1": (1.0, 1.0),
        "the task asks for: units that drive the norms apart": (1e12, 1.0),
        "does not break": (1.0, 1e10),
        "digits are right": (1.0, 1e11),
        "the task asks for: factors at most 1e12 apart": (1.0, 1e15),
        "the task asks for: two positive, finite factors": (-1.0, 5e11),
        "not admitted": (1.0, np.inf),
        "could not convert": ("m", "km"),
    },
    "survey": {
        "you took the components of the whole b": lambda Q, R, b: linear.back_substitution(
            R, Q.T @ b),
        "well1033              wrong": lambda Q, R, b: linear.forward_substitution(
            R.T, Q.T @ b),
        "adjust: wrong": lambda Q, R, b: linear.back_substitution(R, b[: len(R)]),
        "calls numpy.linalg.qr": lambda Q, R, b: linear.back_substitution(
            np.linalg.qr(Q @ R)[1], np.linalg.qr(Q @ R)[0].T @ b),
        "calls lib.linear": lambda Q, R, b: linear.least_squares(Q @ R, b),
        "changed its argument": projected,
        "60 by 8, kappa = 1e7  unstable": lambda Q, R, b: projected(Q, R, b.copy(), order=-1),
        "of shape (1033,), wanted (320,)": lambda Q, R, b: b,
    },
    "products": {
        "one round leaves": one_round,
        "the triangle was not transposed": lambda A: linear.back_substitution(
            linear.cholesky(A.T @ A).T, A.T.copy()).T,
        "by_products: wrong, 0 of 3": lambda A: A / np.sqrt(np.sum(A * A, axis=0)),
        "calls numpy.linalg.qr": lambda A: np.linalg.qr(A)[0],
        "calls numpy.linalg.inv": by_inverse,
        "calls lib.linear.orthogonal": lambda A: linear.reorthogonalized_gram_schmidt(A)[0],
        "columns of A left out: 1": lambda A: np.eye(*A.shape),
        "of shape (320, 320)": lambda A: np.eye(A.shape[1]),
    },
}
