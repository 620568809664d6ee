"""Wrong answers to the set on conditioning; see lu_qr_cholesky for the columns."""

import numpy as np

from lib.grade.homework.conditioning import _by_coefficients, _root_condition, _shared


def shared_by_norms(A, x, b):
    residual = b - A @ x
    return np.outer(residual, x) / (x @ x), 0 * b


def only_A(A, x, b):
    residual = b - A @ x
    share = residual / (np.abs(A) @ np.abs(x))
    return share[:, None] * np.abs(A) * np.sign(x), 0 * b


def from_coefficients(roots, k):
    p = np.poly(roots)
    found = np.sort(np.real(np.roots(p)))
    return _root_condition(found, int(np.argsort(np.argsort(roots))[k]))


def by_bump(roots, k):
    p, step, worst = np.poly(roots), 1e-10, 0.0
    for i in range(1, len(p)):
        changed = p.copy()
        changed[i] *= 1 + step
        near = np.roots(changed)
        worst += np.min(np.abs(near - roots[k])) / roots[k] / step
    return worst


def power_of_2(sizes):
    return 2.0 ** -np.round(np.log2(sizes))


def lower(n):
    return np.eye(n) - np.tril(np.ones((n, n)), -1)


def upper(n, sign=-1.0):
    return np.eye(n) + sign * np.triu(np.ones((n, n)), 1)


WRONG = {
    "blame": [
        ("all blame on b", lambda A, x, b: (0 * A, A @ x - b), "wrong", 0.0, "on b"),
        ("all blame on A", only_A, "wrong", 0.0, "larger than need be"),
        ("shared by norms", shared_by_norms, "wrong", 0.0, "a zero of A or b was changed"),
        ("without the signs of x", lambda A, x, b: _shared(A, np.abs(x), b, A @ x), "wrong", 0.0,
         "E needs the signs of x"),
        ("with the other sign", lambda A, x, b: tuple(-part for part in _shared(A, x, b, A @ x)),
         "wrong", 0.0, "differ by a tenth"),
        ("half of each change", lambda A, x, b: tuple(part / 2 for part in _shared(A, x, b, A @ x)),
         "wrong", 0.0, "a row that holds exactly"),
    ],
    "roots": [
        ("the slope from coefficients", _by_coefficients, "wrong", 0.0, "where it cancels"),
        ("the leading coefficient counted", lambda roots, k: _root_condition(roots, k, True),
         "wrong", 0.0, "the leading coefficient is 1"),
        ("for an absolute change", lambda roots, k: _root_condition(roots, k) * roots[k], "wrong",
         0.0, "for an absolute change"),
        ("of roots found again by np.roots", from_coefficients, "wrong", 0.0, "Wilkinson's"),
        ("by changing each coefficient", by_bump, "wrong", 0.0, "Wilkinson's"),
    ],
    "scales": [
        ("none", lambda A: np.ones(len(A)), "wrong", 0.0, "nothing was scaled"),
        ("by the largest of each row", lambda A: power_of_2(np.max(np.abs(A), axis=1)), "wrong",
         0.0, "two short rows"),
        ("by columns", lambda A: power_of_2(np.sum(np.abs(A), axis=0)), "wrong", 0.0,
         "columns were scaled"),
        ("by the diagonal", lambda A: power_of_2(np.abs(np.diag(A))), "wrong", 0.0,
         "two short rows"),
        ("not powers of 2", lambda A: 1 / np.sum(np.abs(A), axis=1), "wrong", 0.0,
         "not a positive power of 2"),
        ("the reciprocals", lambda A: 1 / power_of_2(np.sum(np.abs(A), axis=1)), "wrong", 0.0,
         "these are the reciprocals"),
    ],
    "diagonal": [
        ("the identity", np.eye(8), "wrong", 0.0, "all signs agree"),
        ("all signs the same", upper(30, 1.0), "wrong", 0.0, "all signs agree"),
        ("too few columns", upper(12), "wrong", 0.0, "take more of them"),
        ("a small diagonal", np.diag([1.0, 1e-12]), "wrong", 0.0, "sizes from 0.9 to 1"),
        ("lower triangular", lower(30), "wrong", 0.0, "zeros below the diagonal"),
        ("elements of 1e9", np.array([[1.0, 1e9], [0.0, 1.0]]), "wrong", 0.0, "above 1 in size"),
    ],
}
