"""Answers to the exercises on QR: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib import linear


def by_gram(A, b):
    L = linear.cholesky(A.T @ A)
    return linear.back_substitution(L.T, linear.forward_substitution(L, A.T @ b))


def by_mirrors(A, b, sign=np.copysign):
    R, n = np.column_stack([A, b]), A.shape[1]
    for k in range(n):
        v = R[k:, k].copy()
        v[0] += sign(np.sqrt(np.sum(v * v)), v[0])
        R[k:, k:] -= np.outer(v, 2 / np.sum(v * v) * (v @ R[k:, k:]))
    return linear.back_substitution(np.triu(R[:n, :n]), R[:n, n])


def mirror(x, sign):
    v = x.copy()
    v[0] += sign(x[0]) * np.linalg.norm(x)
    return v


def basis(A, threshold):
    Q = np.zeros_like(A)
    for k in range(A.shape[1]):
        v = A[:, k] - Q[:, :k] @ (Q[:, :k].T @ A[:, k])
        if np.linalg.norm(v) > threshold(A):
            Q[:, k] = v / np.linalg.norm(v)
    return Q


def one_round(A):
    L = linear.cholesky(A.T @ A)
    return linear.forward_substitution(L, A.T.copy()).T


def projected(Q, R, b):
    components = np.zeros(len(R))
    for k in range(len(R)):
        components[k] = np.sum(Q[:, k] * b)
        b -= components[k] * Q[:, k]
    return linear.back_substitution(R, components)


PROMISED = float(-np.log10((3000 + 3000**2 / 2) * 2.0**-53))

RIGHT = {}

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
        "the sign of 0 is 0": lambda A, b: by_mirrors(A, b, lambda size, x: np.sign(x) * size),
        "is nan": lambda A, b: by_mirrors(A, b, lambda size, x: -np.copysign(size, x)),
        "nearly on the axis  unstable": lambda A, b: by_mirrors(
            A, b, lambda size, x: -np.copysign(size, x)),
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
        "this is kappa squared alone": ("Ada", 9.0),
        "0.6 is too small": ("Ada", 0.6),
        "none of these: Ada, Ben, Cleo": ("all", PROMISED),
        "6 is too small": ("Ada", 6),
        "a single one given, 2 wanted": "Ada",
    },
    "mirror": {
        "np.sign(0) is 0": lambda x: mirror(x, np.sign),
        "the sign that cancels": lambda x: mirror(x, lambda first: -np.copysign(1, first)),
        "with one sign for all": lambda x: mirror(x, lambda first: 1.0),
        "v is zero": lambda x: 0 * x,
        "v has shape": lambda x: np.append(x, 1.0),
        "changed its argument": lambda x: np.add(x, np.copysign(
            np.linalg.norm(x), x[0]) * np.eye(len(x))[0], out=x),
        "returned nan": lambda x: x * np.nan,
    },
    "threshold": {
        "your threshold has a unit": lambda A: basis(A, lambda A: 1e-10),
        "you compared with the whole matrix": lambda A: basis(
            A, lambda A: 1e-10 * np.max(np.linalg.norm(A, axis=0))),
        "without a threshold": lambda A: basis(A, lambda A: 0.0),
        "wrong zeros or angles: 1": lambda A: np.linalg.qr(A)[0],
        "columns of A left out": lambda A: np.eye(*A.shape),
        "of shape (4, 4)": lambda A: np.eye(A.shape[1]),
        "other units": lambda A: basis(
            A, lambda A: 1e-10 * np.linalg.norm(A)),
    },
    "units": {
        "wanted below 1": (1.0, 1.0),
        "does not break": (5e11, 1.0),
        "digits are right": (1.0, 1e11),
        "the task asks for: factors at most 1e12 apart": (1.0, 1e15),
        "the task asks for: two positive, finite factors": (-1.0, 5e11),
        "not admitted": (1.0, np.inf),
        "could not convert": ("m", "km"),
    },
    "survey": {
        "you took the components of the whole b": lambda Q, R, b: linear.back_substitution(
            R, Q.T @ b),
        "you solved with the transpose of R": lambda Q, R, b: linear.forward_substitution(
            R.T, Q.T @ b),
        "adjust: wrong": lambda Q, R, b: linear.back_substitution(R, b[: len(R)]),
        "calls numpy.linalg.lstsq": lambda Q, R, b: np.linalg.lstsq(Q @ R, b)[0],
        "calls lib.linear": lambda Q, R, b: linear.least_squares(Q @ R, b),
        "changed its argument": projected,
        "of shape (1033,), wanted (320,)": lambda Q, R, b: b,
    },
    "products": {
        "one round leaves": one_round,
        "the triangle was not transposed": lambda A: linear.back_substitution(
            linear.cholesky(A.T @ A).T, A.T.copy()).T,
        "not at right angles": lambda A: A / np.sqrt(np.sum(A * A, axis=0)),
        "calls numpy.linalg.qr": lambda A: np.linalg.qr(A)[0],
        "calls lib.linear.orthogonal": lambda A: linear.reorthogonalized_gram_schmidt(A)[0],
        "columns of A left out: 1": lambda A: np.eye(*A.shape),
        "of shape (320, 320)": lambda A: np.eye(A.shape[1]),
    },
}
