"""Wrong answers to the exercises on the singular value decomposition, three at least for each.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy

from lib import linear

RIGHT = {}


def late(A):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return Vt.T * np.where(s > 1e-10, 1 / s, 0) @ U.T


def inverse(A, cutoff):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return Vt.T * np.divide(1, s, out=np.zeros_like(s), where=s > cutoff) @ U.T


def muted(A):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    with np.errstate(all="ignore"):
        chosen = np.where(s > np.max(A.shape) * np.finfo(float).eps * s[0], 1 / s, 0)
    return Vt.T * chosen @ U.T


def at_least(A):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    kept = s >= np.max(A.shape) * np.finfo(float).eps * s[0]
    return Vt.T * np.divide(1, s, out=np.zeros_like(s), where=kept) @ U.T


def bounded(A):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return Vt.T / np.maximum(s, np.max(A.shape) * np.finfo(float).eps * s[0]) @ U.T


def by_difference(A, share):
    squares = np.linalg.svd(A)[1] ** 2
    total = np.sum(squares)
    k = 0
    while total and 1 - np.sum(squares[:k]) / total > share**2:
        k = k + 1
    return k


def counted(A, share, more=0, order=None):
    s = np.linalg.svd(A)[1]
    k = 0
    while np.linalg.norm(s[k:], order) > share * np.linalg.norm(s, order):
        k = k + 1
    return k + more


def kept_share(A, share):
    squares = np.linalg.svd(A)[1] ** 2
    kept = np.cumsum(squares) / np.sum(squares)
    return np.searchsorted(kept, 1 - share**2) + 1


def not_below(A, share):
    s = np.linalg.svd(A)[1]
    k = 0
    while np.any(s) and np.linalg.norm(s[k:]) >= share * np.linalg.norm(s):
        k = k + 1
    return k


def at_least_one(A, share):
    return max(counted(A, share), 1) if np.any(A) else 0


def by_sum(A, share):
    return counted(A, share, order=1)


def by_qr(A):
    Q = np.linalg.qr(A)[0]
    return Q @ Q.T


def by_diagonal(A):
    Q, R = np.linalg.qr(A)
    size = np.abs(np.diag(R))
    Q = Q[:, size > 1e-14 * np.max(size)]
    return Q @ Q.T


def first_of_qr(A):
    Q = np.linalg.qr(A)[0][:, :np.linalg.matrix_rank(A)]
    return Q @ Q.T


def without_copies(A):
    return by_qr(np.unique(A, axis=1))


def not_smaller(A):
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    U = U[:, s >= 1e-14 * s[0]]
    return U @ U.T


def by_fixed_cutoff(A, unit=1.0):
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    return U[:, s > 1e-10 * unit] @ U[:, s > 1e-10 * unit].T


def by_columns(A):
    return A @ np.linalg.pinv(A.T @ A) @ A.T


def iterated(A, power=-0.5, steps=60):
    forward, backward = linear.lu(A), linear.lu(A.T.copy())
    v = np.random.default_rng(14).standard_normal(len(A))
    for _ in range(steps):
        v = forward.solve(backward.solve(v / np.linalg.norm(v)))
    return np.linalg.norm(v) ** power


def alternating(A):
    solver = linear.lu(A)
    v = np.random.default_rng(14).standard_normal(len(A))
    for _ in range(60):
        v = solver.solve(v / np.linalg.norm(v))
    return 1 / np.linalg.norm(v)


def by_gram_matrix(A):
    solver = linear.lu(A.T @ A)
    v = np.random.default_rng(14).standard_normal(len(A))
    for _ in range(60):
        v = solver.solve(v / np.linalg.norm(v))
    return np.linalg.norm(v) ** -0.5


def in_their_units(A, b, cutoff):
    found = linear.truncated_least_squares(A, b, cutoff)
    return found.x, found.dropped


def by_gram(A, b, cutoff):
    lengths = np.linalg.norm(A, axis=0)
    B = A / lengths
    s = np.linalg.svd(B)[1]
    x = np.linalg.pinv(B.T @ B, rcond=cutoff) @ B.T @ b
    return x / lengths, np.count_nonzero(s <= cutoff * s[0])


def not_scaled_back(A, b, cutoff):
    found = linear.truncated_least_squares(A / np.linalg.norm(A, axis=0), b, cutoff)
    return found.x, found.dropped


def by_numpy(A, b, cutoff):
    lengths = np.linalg.norm(A, axis=0)
    x, _, rank, _ = np.linalg.lstsq(A / lengths, b, rcond=cutoff)
    return x / lengths, min(A.shape) - rank


def scaled(A, b, keep, sizes=None):
    lengths = np.linalg.norm(A, axis=0) if sizes is None else sizes(A)
    U, s, Vt = np.linalg.svd(A / lengths, full_matrices=False)
    kept = keep(s)
    x = Vt[kept].T @ ((U[:, kept].T @ b) / s[kept])
    return x / lengths, np.count_nonzero(~kept)


# By what the report has to say of each, somewhere.
WRONG = {
    "read": {
        "exchanged the two lines": (3, 2, 10, "no cure"),
        "'cure' is not right": (2, 3, 10, "cure"),
        "11 is too large": (2, 3, 11, "no cure"),
        "is no power of ten": (2, 3, 1e10, "no cure"),
    },
    "judge": {
        "'Ada' is not right": ("Ada", 100),
        "what the solver adds": ("Ben", 1.1e-11),
        "without the size of the errors": ("Ben", 1e5),
        "without dividing by the third": ("Ben", 1e-3),
        "without dividing by the third singular value": ("Ben", 1e-3 / 0.6),
    },
    "pinv": {
        "raised FloatingPointError": late,
        "the rank is 2 in any unit": lambda A: inverse(A, 1e-10),
        "the same matrix in another unit": lambda A: inverse(A, 1e-15 * np.max(A.shape)),
        "(the third singular value is rounding)": bounded,
        "another road": lambda A: np.linalg.pinv(A, rcond=1e-14),
        "(the rank is 3)": lambda A: inverse(A, 1e-10 * np.linalg.norm(A, 2)),
        "nobody may mute that": muted,
        "divide by zero": at_least,
        "rank 2  ": lambda A: inverse(A, 0.0),
        "of shape (), not": lambda A: inverse(A, 1e-13) if A.any() else 0.0,
    },
    "terms": {
        "one minus the part that was kept cancels": by_difference,
        "one too many": lambda A, share: counted(A, share, 1),
        "one too few": lambda A, share: counted(A, share, -1),
        "for the 2-norm": lambda A, share: counted(A, share, 0, np.inf),
        "share met       wrong": not_below,
        "share 1         wrong": at_least_one,
        "coins  ": by_sum,
        "the square of this share is below u": kept_share,
    },
    "projection": {
        "the trace is not the rank": by_qr,
        "in small units  ": by_fixed_cutoff,
        "κ = 1e12        wrong": lambda A: by_fixed_cutoff(A, np.linalg.norm(A, 2)),
        "6 of 7 cases stable": by_columns,
        "5 of 7 cases stable": by_diagonal,
        "(the rank is 2)": first_of_qr,
        "in large units  wrong": without_copies,
        "the rank is 0": not_smaller,
        "not symmetric": lambda A: A @ np.linalg.pinv(A),
        "calls scipy.linalg.orth": lambda A: by_qr(scipy.linalg.orth(A)),
        "P A is not A": lambda A: np.diag(1.0 * (np.arange(len(A)) < np.linalg.matrix_rank(A))),
    },
    "correlation": {
        "does not break": 0.9999,
        "QR keeps two digits": 1 - 1e-15,
        "a number between 0 and 1": 1.0,
        "the task asks for: a number": "0.99",
    },
    "smallest": {
        "this is its square": lambda A: iterated(A, -1.0),
        "this is its inverse": lambda A: iterated(A, 0.5),
        "Hilbert, n = 7": lambda A: np.linalg.eigvalsh(A.T @ A)[0] ** 0.5,
        "another road": lambda A: iterated(A) + 0 * np.linalg.svd(A)[1][0],
        "west0067": alternating,
        "Hilbert, n = 6": by_gram_matrix,
        "calls numpy.linalg.svd": lambda A: np.linalg.norm(A, -2),
    },
    "careful": {
        "degree 10": in_their_units,
        "κ = 1e8": by_gram,
        "x still of scaled columns": not_scaled_back,
        "as many dropped as without scaling": lambda A, b, cutoff: scaled(
            A, b, lambda s: s > cutoff * s[0], lambda A: np.ones(A.shape[1])),
        "another road": by_numpy,
        "not a tuple of x and a number": lambda A, b, cutoff: (np.zeros((A.shape[1], 1)), 0),
        "wrong": lambda A, b, cutoff: np.linalg.lstsq(A, b)[0],
        "dropped, off by": lambda A, b, cutoff: (np.linalg.lstsq(A, b)[0], 0),
        "the largest singular value is near √8": lambda A, b, cutoff: scaled(
            A, b, lambda s: s > cutoff),
        "at most 0 times the largest": lambda A, b, cutoff: scaled(
            A, b, lambda s: s >= cutoff * s[0]),
        "wide  ": lambda A, b, cutoff: scaled(
            A, b, lambda s: s > cutoff * s[0], lambda A: np.max(np.abs(A), axis=0)),
    },
}
