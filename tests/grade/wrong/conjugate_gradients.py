"""Wrong answers to the set on conjugate gradients; see lu_qr_cholesky for the columns."""

import numpy as np


def trusting(product, b, tol, most, verdict=None):
    x, r, p = 0 * b, b.copy(), b.copy()
    for _ in range(most):
        if np.linalg.norm(r) <= tol * np.linalg.norm(b):
            return x, True if verdict is None else verdict
        image = product(p)
        length = (r @ r) / (p @ image)
        x, fresh = x + length * p, r - length * image
        r, p = fresh, fresh + (fresh @ fresh) / (r @ r) * p
    return x, False if verdict is None else verdict


def small_steps(product, b, tol, most):
    x, r, p = 0 * b, b.copy(), b.copy()
    for _ in range(most - 1):
        image = product(p)
        length = (r @ r) / (p @ image)
        x, fresh = x + length * p, r - length * image
        if np.linalg.norm(length * p) <= tol * np.linalg.norm(x):
            return x, True
        r, p = fresh, fresh + (fresh @ fresh) / (r @ r) * p
    return x, False


def descent(product, b, tol, most):
    x, r = 0 * b, b.copy()
    for _ in range((most - 1) // 2):
        if np.linalg.norm(r) <= tol * np.linalg.norm(b):
            return x, True
        x = x + (r @ r) / (r @ product(r)) * r
        r = b - product(x)
    return x, bool(np.linalg.norm(r) <= tol * np.linalg.norm(b))


def by_columns(product, b, tol, most):
    A = np.array([product(e) for e in np.eye(len(b))])
    x = np.linalg.solve(A, b)
    return x, bool(np.linalg.norm(b - A @ x) <= tol * np.linalg.norm(b))


def one_by_one(product, b, shifts, most):
    return np.array([trusting(lambda v, s=s: product(v) + s * v, b, 1e-10, most)[0]
                     for s in shifts])


def scaled(product, b, shifts, most):
    x = trusting(product, b, 1e-10, most)[0]
    return np.array([x / (1 + s) for s in shifts])


def basis_without_norm(product, b, shifts, most):
    q, basis, images = b / np.linalg.norm(b), [], []
    for _ in range(most):
        basis.append(q)
        images.append(product(q))
        v = images[-1] - np.array(basis).T @ (np.array(basis) @ images[-1])
        v = v - np.array(basis).T @ (np.array(basis) @ v)
        if np.linalg.norm(v) < 1e-10:
            break
        q = v / np.linalg.norm(v)
    Q, T = np.array(basis), np.array(basis) @ np.array(images).T
    e = np.eye(len(T))[0]
    return np.array([Q.T @ np.linalg.solve(T + s * np.eye(len(T)), e) for s in shifts])


def half_the_steps(product, b, shifts, most):
    return basis_without_norm(product, b, shifts, most // 3) * np.linalg.norm(b)


def gram_by_cg(times, transposed, b, n, steps):
    x = np.zeros(n)
    r = transposed(b)
    p = r.copy()
    for _ in range(steps):
        if r @ r < 1e-60:
            break
        image = transposed(times(p))
        length = (r @ r) / (p @ image)
        x, fresh = x + length * p, r - length * image
        r, p = fresh, fresh + (fresh @ fresh) / (r @ r) * p
    return x


def gram_by_columns(times, transposed, b, n, steps):
    gram = np.array([transposed(times(e)) for e in np.eye(n)])
    return np.linalg.solve(gram, transposed(b))


def matrix_by_columns(times, transposed, b, n, steps):
    return np.linalg.lstsq(np.array([times(e) for e in np.eye(n)]).T, b, rcond=None)[0]


def landweber(times, transposed, b, n, steps):
    x = np.zeros(n)
    for _ in range(steps):
        x = x + transposed(b - times(x))
    return x


def columns_or_trust(product, b, tol, most):
    return (by_columns if most >= len(b) else trusting)(product, b, tol, most)


def trusts_a_large_tol(product, b, tol, most):
    x, said = trusting(product, b, tol, most)
    return x, bool(said and (tol > 1e-12 or not np.any(b)))


def columns_or_tol(product, b, tol, most):
    return (by_columns if most >= len(b) else trusts_a_large_tol)(product, b, tol, most)


def columns_or_gram(times, transposed, b, n, steps):
    return (matrix_by_columns if steps >= n else gram_by_cg)(times, transposed, b, n, steps)


WRONG = {
    "honest": [
        ("trusts its recursion", trusting, "wrong", 0.0, "says converged, and b - A x is larger"),
        ("says True always", lambda *given: trusting(*given, verdict=True), "wrong", 0.0,
         "says converged"),
        ("says False always", lambda *given: trusting(*given, verdict=False), "wrong", 0.0,
         "says not converged"),
        ("stops at a small step", small_steps, "wrong", 0.0, "says converged"),
        ("steepest descent", descent, "wrong", 0.0, "gives up"),
        ("all columns, then solve", by_columns, "wrong", 0.0, "products, 40 are allowed"),
        ("all columns where they are allowed, else trust", columns_or_trust, "wrong", 0.0,
         "the same, more rows"),
        ("trusts its recursion where tol is above 1e-12", trusts_a_large_tol, "wrong", 0.0,
         "kappa = 1e9"),
        ("all columns where they are allowed, else trusts a tol above 1e-12", columns_or_tol,
         "wrong", 0.0, "kappa = 1e9"),
    ],
    "shifts": [
        ("conjugate gradients for each shift", one_by_one, "wrong", 0.0, "are allowed"),
        ("the unshifted solution, scaled", scaled, "wrong", 0.0, "a residual"),
        ("the norm of b forgotten", basis_without_norm, "wrong", 0.0, "a residual"),
        ("a third of the steps", half_the_steps, "inaccurate", 0.25, "a residual"),
    ],
    "cgls": [
        ("conjugate gradients on A.T A", gram_by_cg, "inaccurate", 0.25, "kappa = 1e6, consistent"),
        ("A.T A by columns, then solve", gram_by_columns, "wrong", 0.0, "12 products"),
        ("A by columns, then lstsq", matrix_by_columns, "wrong", 0.0, "12 products with A"),
        ("Landweber's iteration", landweber, "wrong", 0.0, "x is off"),
        ("A by columns where they are allowed, else A.T A", columns_or_gram, "inaccurate", 0.25,
         "consistent 3"),
    ],
    "late": [
        ("evenly spaced values", list(range(1, 25)), "wrong", 0.0, "they lie evenly"),
        ("a small condition number", list(np.geomspace(1, 100, 24)), "wrong", 0.0,
         "kappa is small"),
        ("kappa of 1e9", list(np.geomspace(1, 1e9, 24)), "wrong", 0.0, "at most 1e6 times"),
        ("a negative value", [-1.0, *range(1, 24)], "wrong", 0.0, "positive numbers"),
        ("too few values", [1.0, 1e3, 1e6], "wrong", 0.0, "24 numbers"),
    ],
}
