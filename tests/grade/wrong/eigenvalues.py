"""Wrong answers to the set on eigenvalues; see lu_qr_cholesky for the columns."""

import numpy as np

from lib.grade.homework.eigenvalues import _power, _scaled_modes


def by_eig(K, M):
    values, V = np.linalg.eig(np.linalg.solve(M, K))
    order = np.argsort(values)
    V = V[:, order]
    return values[order], V / np.sqrt(np.abs([v @ M @ v for v in V.T]))


def descending(K, M):
    values, V = _scaled_modes(K, M, lambda v, M: v @ M @ v)
    return values[::-1], V[:, ::-1]


def newton(A):
    X, I3 = np.eye(len(A)) / np.sqrt(np.trace(A)), 3 * np.eye(len(A))
    for _ in range(60):
        X = X @ (I3 - A @ X @ X) / 2
    return X


def by_svd_of_inverse(A):
    left, values, _ = np.linalg.svd(np.linalg.inv(A))
    return left * values @ left.T


def tridiagonal(alphas, betas):
    return np.linalg.eigvalsh(np.diag(alphas) + np.diag(betas, 1) + np.diag(betas, -1))


def plain(product, start, steps):
    v, old, beta = start / np.sqrt(start @ start), 0 * start, 0.0
    alphas, betas = [], []
    for step in range(steps):
        w = product(v) - beta * old
        alphas.append(v @ w)
        w = w - alphas[-1] * v
        beta = np.sqrt(w @ w)
        if step + 1 < steps:
            betas.append(beta)
        old, v = v, w / beta if beta else w
    return tridiagonal(alphas, betas)


def without_repeats(product, start, steps):
    values = plain(product, start, steps)
    return values[np.append(True, np.diff(values) > 1e-8 * values[-1])]


def powers(product, start, steps):
    vectors = [start]
    for _ in range(steps):
        vectors.append(product(vectors[-1]))
    K = np.array(vectors).T
    Q, R = np.linalg.qr(K[:, :-1])
    T = np.linalg.lstsq(R.T, (Q.T @ K[:, 1:]).T, rcond=None)[0]
    return np.linalg.eigvalsh((T + T.T) / 2)


def whole(product, start, steps):
    n = len(start)
    return np.linalg.eigvalsh(np.array([product(e) for e in np.eye(n)]))[-steps:]


def dense(A, start, steps):
    basis = [start / np.linalg.norm(start)]
    while len(basis) < steps:
        v = A @ basis[-1]
        for q in (*basis, *basis):
            v = v - (q @ v) * q
        if np.linalg.norm(v) < 1e-9:
            break
        basis.append(v / np.linalg.norm(v))
    Q = np.array(basis)
    return np.linalg.eigvalsh(Q @ A @ Q.T)


def all_at_once(product, start, steps):
    return dense(product(np.eye(len(start))), start, steps)


def as_diagonal(product, start, steps):
    return dense(np.diag(product(np.ones(len(start)))), start, steps)


def never_stops(product, start, steps):
    basis = [start / np.sqrt(start @ start)]
    images = [product(basis[0])]
    while len(basis) < steps:
        v = images[-1].copy()
        for q in (*basis, *basis):
            v = v - (q @ v) * q
        basis.append(v / (np.sqrt(v @ v) + 1e-300))
        images.append(product(basis[-1]))
    return np.linalg.eigvalsh(np.array(basis) @ np.array(images).T)


def bidiagonal(n, above, apart=1.0):
    return np.diag(1 + apart * np.arange(n)) + above * np.eye(n, k=1)


WRONG = {
    "modes": [
        ("M left out", lambda K, M: tuple(np.linalg.eigh(K)), "wrong", 0.0, "M was left out"),
        ("columns of length 1", lambda K, M: _scaled_modes(K, M, lambda v, M: v @ v), "wrong", 0.0,
         "v^T M v should be 1"),
        ("eigh of M^-1 K", lambda K, M: tuple(np.linalg.eigh(np.linalg.solve(M, K))), "wrong", 0.0,
         "eigh reads one half"),
        ("eig of M^-1 K, columns scaled", by_eig, "wrong", 0.0, "a value three times"),
        ("values descending", descending, "wrong", 0.0, "do not ascend"),
        ("values alone", lambda K, M: _scaled_modes(K, M, lambda v, M: v @ M @ v)[0], "wrong", 0.0,
         "expected 2 things"),
    ],
    "root": [
        ("the inverse", lambda A: np.linalg.inv(A), "wrong", 0.0, "not its square root"),
        ("the inverse of Cholesky's factor", lambda A: np.linalg.inv(np.linalg.cholesky(A)),
         "wrong", 0.0, "is not symmetric"),
        ("roots of the elements", lambda A: 1 / np.sqrt(np.abs(A)), "wrong", 0.0,
         "no root of the matrix"),
        ("the square root", lambda A: _power(A, 0.5), "wrong", 0.0, "not its inverse"),
        ("Newton's iteration, not stabilised", newton, "wrong", 0.0, "kappa = 1e+08"),
        ("singular values of the inverse", by_svd_of_inverse, "wrong", 0.0, "X A X is off I"),
    ],
    "lanczos": [
        ("no orthogonalisation", plain, "wrong", 0.0, "come back as ghosts"),
        ("the same, repeats struck out", without_repeats, "wrong", 0.0, "the space has"),
        ("QR of the powers", powers, "wrong", 0.0, "four far out"),
        ("all columns of A", whole, "wrong", 0.0, "are enough"),
        ("all columns in one product", all_at_once, "wrong", 0.0, "takes one vector of"),
        ("taken for a diagonal matrix", as_diagonal, "wrong", 0.0, "a value is off by"),
        ("a space that never ends", never_stops, "wrong", 0.0, "the space ends"),
    ],
    "moved": [
        ("a diagonal matrix", np.diag([1.0, 2.0, 4.0]), "wrong", 0.0, "is symmetric"),
        ("two rows", [[1.0, 10.0], [0.0, 2.0]], "wrong", 0.0, "two rows have too few paths"),
        ("values too near", bidiagonal(4, 10.0, 0.01), "wrong", 0.0, "at least 1 apart"),
        ("elements too large", bidiagonal(3, 1e6), "wrong", 0.0, "at most 10 in size"),
        ("small elements above", bidiagonal(5, 1.0), "wrong", 0.0, "does not break"),
    ],
}
